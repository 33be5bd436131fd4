"""What lives with options, events of holders, default and new terms must come to, worked out by hand.

Base units (fen, cents) for one unit, exact; days are QuantLib's, nothing here is from the package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from tests.e2e.worked_lives import CHINA, EUROPE, HUNDRED, THOUSAND, working_day

Held = Mapping[str, int]


@dataclass(frozen=True)
class Paid:
    """A payment, or an event that is paid.

    Attributes:
        number: Of the payment, or of the event.
        day: When it is made.
        held: Units that are paid, by holder.
        interest: Of one unit.
        principal: Of one unit, with what is above or below par.
        late: Share of the amount that is added for being late.
        most: Units that are funded, where they are more than are taken.
        is_event: Whether it is a put, an offer or a drawing.
    """

    number: int
    day: date
    held: Held
    interest: Fraction
    principal: Fraction = Fraction(0)
    late: Fraction = Fraction(0)
    most: int = 0
    is_event: bool = False

    @property
    def units(self) -> int:
        """Units that are funded."""
        return self.most or sum(self.held.values())

    @property
    def funded(self) -> tuple[int, int, int]:
        """Interest, principal and what is added for being late, each rounded down once."""
        interest, principal = int(self.interest * self.units), int(self.principal * self.units)
        return interest, principal, int((interest + principal) * self.late)

    @cached_property
    def amounts(self) -> dict[str, int]:
        """What each is paid: interest, principal and the addition rounded down apart."""
        whole = {name: int(self.interest * n) + int(self.principal * n) for name, n in self.held.items()}
        return {name: amount + int(amount * self.late) for name, amount in whole.items()}

    @property
    def residue(self) -> int:
        """What goes back."""
        return sum(self.funded) - sum(self.amounts.values())


@dataclass(frozen=True)
class Recovery:
    """A recovery, after the bond was made due.

    Attributes:
        number: Its number as a payment.
        day: When it is paid.
        held: Units by holder at its record date.
        amount: Base units in all.
    """

    number: int
    day: date
    held: Held
    amount: int

    @property
    def amounts(self) -> dict[str, int]:
        """What each is paid, rounded down."""
        return {name: self.amount * n // sum(self.held.values()) for name, n in self.held.items()}

    @property
    def residue(self) -> int:
        """What goes back."""
        return self.amount - sum(self.amounts.values())


@dataclass(frozen=True)
class Told:
    """A whole life.

    Attributes:
        paid: Payments and events, in order of time.
        recoveries: After it was made due.
        trades: Seller, buyer and amount of trades.
    """

    paid: Sequence[Paid]
    recoveries: Sequence[Recovery] = ()
    trades: Sequence[tuple[str, str, int]] = field(default=())


ISSUED = {"bank": 5_001, "fund": 3_333, "insurer": 1_666}
SMALL = {"bank": 501, "fund": 333, "insurer": 166}


def _coupons(
    calendar: object, days: Sequence[date], held: Sequence[Held], interest: Sequence[Fraction | int]
) -> list[Paid]:
    """Payments from due days, from the first one on."""
    return [
        Paid(number, working_day(calendar, day), who, Fraction(each))
        for number, (day, who, each) in enumerate(zip(days, held, interest, strict=True), start=1)
    ]


def _repaid(payments: list[Paid], principal: Fraction | int) -> list[Paid]:
    """The last one with the principal."""
    *before, last = payments
    return [*before, Paid(last.number, last.day, last.held, last.interest, Fraction(principal))]


# --- The term ends earlier or later -------------------------------------------------------------------------

_C1, _C2 = {"bank": 400, "fund": 434, "insurer": 166}, {"bank": 400, "fund": 400, "insurer": 200}
# 2.875 % a half-year; then 5.75 % for 108 days of 30E/360, from 20 March to 8 July.
_CALLED = _repaid(
    _coupons(
        EUROPE,
        [date(2023, 9, 20), date(2024, 3, 20), date(2024, 9, 20), date(2025, 3, 20), date(2025, 7, 8)],
        [SMALL, SMALL, _C1, _C1, _C2],
        [2_875] * 4 + [THOUSAND * Fraction(575, 10_000) * 108 / 360],
    ),
    Fraction(102_875),
)

_P1 = {"bank": 4_000, "fund": 4_334, "insurer": 1_666}
_IN_PART = _coupons(
    CHINA,
    [date(2021 + (month + 3) // 12, (month + 3) % 12 + 1, 15) for month in range(6, 66, 6)],
    [ISSUED] * 4 + [_P1] * 6,
    [230] * 4 + [184] * 2 + [Fraction(253, 2)] * 4,  # of 100, 80 and 55 %
)
_REDEEMED = {4: Fraction(2_000 * 102, 100), 6: Fraction(2_500 * 101, 100), 10: Fraction(5_500)}
_CALLED_IN_PART = [
    Paid(each.number, each.day, each.held, each.interest, _REDEEMED.get(each.number, Fraction(0)))
    for each in _IN_PART
]

_X1 = {"bank": 4_667, "fund": 3_333, "insurer": 2_000}
_EXTENDED = _repaid(
    _coupons(
        CHINA,
        [date(year, 5, 20) for year in range(2023, 2027)],
        [ISSUED, _X1, _X1, _X1],
        [360, 360, 435, 435],
    ),
    HUNDRED,
)

# --- Holders take part with some units ----------------------------------------------------------------------

# 99.5, and 60 days of 30E/360 from 15 June to 15 August.
_PUT_UNITS = {"bank": 150, "fund": 333}
_PUT = [
    *_coupons(EUROPE, [date(2022, 6, 15), date(2023, 6, 15)], [SMALL, SMALL], [4_100, 4_100]),
    Paid(
        1,
        date(2023, 8, 15),
        _PUT_UNITS,
        THOUSAND * Fraction(41, 1_000) * 60 / 360,
        Fraction(99_500),
        is_event=True,
    ),
    Paid(3, date(2024, 6, 17), {"insurer": 166 + 351}, Fraction(4_100), Fraction(THOUSAND)),
]

# 4,001 units for 2,000: each gets 2,000/4,001 of his, rounded down; 189 days from 15 March to 20 September.
_TENDERED = {"bank": 3_000, "insurer": 1_000, "fund": 1}
_BOUGHT = {name: units * 2_000 // 4_001 for name, units in _TENDERED.items()}
_AFTER_TENDER = {name: units - _BOUGHT[name] for name, units in ISSUED.items()}
_TENDER = [
    Paid(
        1,
        date(2022, 9, 20),
        _BOUGHT,
        Fraction(390 * 189, 365),
        Fraction(9_875),
        most=2_000,
        is_event=True,
    ),
    *_repaid(
        _coupons(
            CHINA,
            [date(2023, 3, 15), date(2024, 3, 15)],
            [_AFTER_TENDER] * 2,
            [390, Fraction(390 * 366, 365)],
        ),
        HUNDRED,
    ),
]

# 0.50 for each old unit, and 69 days from 10 May to 18 July.
_AFTER_EXCHANGE = {"bank": 3_001, "fund": 3_333, "insurer": 1_166}
_EXCHANGED = [
    *_coupons(CHINA, [date(2023, 5, 10)], [ISSUED], [300]),
    Paid(
        1,
        date(2023, 7, 18),
        {"bank": 2_000, "insurer": 500},
        Fraction(300 * 69, 365),
        Fraction(50),
        is_event=True,
    ),
    Paid(2, date(2024, 5, 10), _AFTER_EXCHANGE, Fraction(300 * 366, 365), Fraction(HUNDRED)),
]
# 1,001 + 1,800 - 500, 333 + 500, 666 + 450.
_LONGER = {"bank": 2_301, "fund": 833, "insurer": 1_116}
_INTO = _repaid(
    _coupons(CHINA, [date(2024, 6, 1), date(2025, 6, 1), date(2026, 6, 1)], [_LONGER] * 3, [360] * 3), HUNDRED
)

# 101, and 147 days of 30E/360 from 10 October to 7 March; then 80 days from 10 April to 30 June.
_LEFT = {"bank": 501, "fund": 233, "insurer": 166}
_EVENT_COUPONS = _coupons(
    EUROPE,
    [
        date(2023, 4, 10),
        date(2023, 10, 10),
        date(2024, 4, 10),
        date(2024, 10, 10),
        date(2025, 4, 10),
        date(2025, 6, 30),
    ],
    [SMALL, SMALL, *[_LEFT] * 4],
    [3_125] * 5 + [THOUSAND * Fraction(625, 10_000) * 80 / 360],
)
_STATED = [
    *_EVENT_COUPONS[:2],
    Paid(
        1,
        date(2024, 3, 7),
        {"fund": 100},
        THOUSAND * Fraction(625, 10_000) * 147 / 360,
        Fraction(101_000),
        is_event=True,
    ),
    *_repaid(_EVENT_COUPONS, THOUSAND)[2:],
]


def _by_lot(drawn: Sequence[Held]) -> Told:
    """A sinking fund by lot, from what was drawn of whom."""
    held = [{**ISSUED, "bank": ISSUED["bank"] - 700}]
    for each in drawn:
        held.append({name: units - each.get(name, 0) for name, units in held[-1].items()})
    paid = [
        Paid(1, date(2022, 9, 1), held[0], Fraction(420)),
        Paid(1, date(2022, 9, 1), drawn[0], Fraction(0), Fraction(HUNDRED), is_event=True),
        Paid(2, date(2023, 9, 1), held[1], Fraction(420)),
        Paid(2, date(2023, 9, 1), drawn[1], Fraction(0), Fraction(HUNDRED), is_event=True),
        # 153 of 366 days, from 1 September to 1 February
        Paid(3, date(2024, 2, 1), drawn[2], Fraction(420 * 153, 366), Fraction(10_050), is_event=True),
        Paid(3, date(2024, 9, 2), held[3], Fraction(420), Fraction(HUNDRED)),
    ]
    # 99, and 181 of 365 days from 1 September to 1 March, for each of 700 units.
    bought = 700 * 9_900 + int(Fraction(420 * 181, 365) * 700)
    return Told(paid, trades=[("bank", "by-lot-issuer", bought)])


# --- Default ------------------------------------------------------------------------------------------------

# 24 days late, 0.025 % a day.
_LATE = Fraction(24 * 25, 100_000)
_CURED_COUPONS = _repaid(
    _coupons(
        CHINA,
        [date(2023, 9, 1), date(2024, 3, 1), date(2024, 9, 1), date(2025, 3, 1)],
        [ISSUED] * 4,
        [260] * 4,
    ),
    HUNDRED,
)
_CURED = [
    Paid(2, date(2024, 3, 25), ISSUED, Fraction(260), late=_LATE) if each.number == 2 else each
    for each in _CURED_COUPONS
]

# 12 of 184 days and the face, and 0.02 % a day for 14 days on both: 10,044.35 a unit. A claim is kept to the
# 1e-18 of a base unit, each part rounded down, so that all units together are owed a fen less.
_SCALE = 10**18
_OWED = HUNDRED * _SCALE + 250 * 12 * _SCALE // 184
CROSS_CLAIM = (_OWED + _OWED * 14 * 2 // 10_000) * 10_000 // _SCALE
_CROSS = Told(
    _coupons(CHINA, [date(2023, 9, 6), date(2024, 3, 6)], [ISSUED] * 2, [250] * 2),
    [Recovery(3, date(2024, 4, 9), ISSUED, CROSS_CLAIM)],
)

_R1, _R2 = {"bank": 4_000, "fund": 3_333, "insurer": 2_667}, {"bank": 4_000, "fund": 3_000, "insurer": 3_000}
_DEFAULT = Told(
    _coupons(CHINA, [date(2023, 8, 10)], [ISSUED], [340]),
    [
        Recovery(3, date(2024, 4, 16), _R1, 400_000_00),
        Recovery(4, date(2024, 6, 11), _R2, 250_000_00),
        Recovery(5, date(2024, 9, 10), _R2, 123_400_00),
    ],
    [("fund", "insurer", 333 * 3_500)],
)


# 365 and the face, and 0.02 % a day for the 16 days from 16 January on.
_OVERDUE = Told(
    [],
    [
        Recovery(
            2,
            date(2024, 2, 6),
            {"bank": 5_001, "fund": 4_000, "insurer": 999},
            int(10_365 * (1 + Fraction(16 * 2, 10_000)) * 10_000),
        )
    ],
)


def default_lost() -> tuple[Fraction, Fraction]:
    """Principal and interest of one unit that are lost in the end, base units.

    The coupon of 340 is owed from 18 February, 24 of 182 days of the next one and the face from 5 March;
    0.021 percent a day of what is owed, and each recovery pays interest first.
    """
    daily = Fraction(21, 100_000)
    accelerated = Fraction(340 * 24, 182) + HUNDRED
    principal = 340 + accelerated
    # on 10 April: 52 days, and 36
    interest = daily * (340 * 52 + accelerated * 36)
    for recovered, days in ((4_000, 54), (2_500, 91), (1_234, 0)):  # to 3 June, and to 2 September
        principal -= recovered - interest
        interest = principal * daily * days
    return principal, interest


# --- New terms ----------------------------------------------------------------------------------------------

_NEW_TERMS = _repaid(
    _coupons(
        CHINA,
        [date(2022 + (9 + 6 * n) // 12, (9 + 6 * n) % 12 + 1, 20) for n in range(6)],
        [ISSUED] * 6,
        [300, 300, 200, 200, 200, 200],
    ),
    HUNDRED,
)

EVENTS: dict[str, Told] = {
    "called": Told(_CALLED),
    "put": Told(_PUT),
    "called-in-part": Told(_CALLED_IN_PART),
    "tender": Told(_TENDER),
    "exchanged": Told(_EXCHANGED),
    "exchanged-into": Told(_INTO),
    "extended": Told(_EXTENDED),
    "stated-events": Told(_STATED),
    "cured": Told(_CURED),
    "cross-default": _CROSS,
    "default": _DEFAULT,
    "overdue": _OVERDUE,
    "new-terms": Told(_NEW_TERMS),
}
BY_LOT = "by-lot"


def told(label: str, drawn: Sequence[Held]) -> Told:
    """What a life must come to; of the one that is drawn by lot, from what was drawn."""
    return _by_lot(drawn) if label == BY_LOT else EVENTS[label]
