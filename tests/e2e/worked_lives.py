"""What each life must come to, worked out from its term sheet by hand; days are QuantLib's.

Interest and principal are base units (fen, cents) for one unit, exact; nothing here is from the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

import QuantLib as ql

CHINA = ql.China(ql.China.IB)
EUROPE = ql.TARGET()
BOTH = ql.JointCalendar(CHINA, EUROPE, ql.JoinHolidays)

HUNDRED = 10_000
"""A face of 100 in base units."""
THOUSAND = 100_000
"""A face of 1,000 in base units."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A payment of one unit.

    Attributes:
        period: Number of the period.
        day: The day on which it is made.
        interest: Base units.
        principal: Base units.
    """

    period: int
    day: date
    interest: Fraction
    principal: Fraction = Fraction(0)


def working_day(calendar: ql.Calendar, day: date, convention: int = ql.Following) -> date:
    """A day moved to a working day, as QuantLib does it."""
    moved = calendar.adjust(ql.Date(day.day, day.month, day.year), convention)
    return date(moved.year(), moved.month(), moved.dayOfMonth())


def working_days_between(calendar: ql.Calendar, start: date, end: date) -> int:
    """Working days from the first day to the day before the last."""
    first, last = (ql.Date(day.day, day.month, day.year) for day in (start, end))
    return int(calendar.businessDaysBetween(first, last, True, False))


def _paid(
    calendar: ql.Calendar,
    days: list[date],
    interest: list[Fraction | int],
    principal: dict[int, Fraction | int],
    *,
    first: int = 1,
    unpaid: tuple[int, ...] = (),
) -> list[Worked]:
    """Payments from due days, what each period bears, and what it repays."""
    numbers = range(first, first + len(days))
    return [
        Worked(number, working_day(calendar, day), Fraction(each), Fraction(principal.get(number, 0)))
        for number, day, each in zip(numbers, days, interest, strict=True)
        if number not in unpaid
    ]


def _every(months: int, first: date, count: int) -> list[date]:
    """Days of the same number, so many months apart."""
    start = first.year * 12 + first.month - 1
    at = [start + months * number for number in range(count)]
    return [date(month // 12, month % 12 + 1, first.day) for month in at]


# --- Known without any day being counted --------------------------------------------------------------------

# 3.27 % in two halves: 1.635 for each 100.
_TREASURY = _paid(CHINA, _every(6, date(2007, 5, 15), 30), [Fraction(327, 2)] * 30, {30: HUNDRED})

_STEP = _paid(CHINA, _every(12, date(2022, 6, 1), 5), [300, 300, 350, 350, 425], {5: HUNDRED})

_ZERO = _paid(CHINA, [date(2026, 3, 15)], [0], {1: HUNDRED})
_BILL = _paid(CHINA, [date(2025, 9, 8)], [0], {1: HUNDRED})

# 3.10 % twice; then emissions of 118.4 are not above 120, but 34.9 % of green power are below 35.5 %: + 0.10.
_KPI = _paid(CHINA, _every(12, date(2024, 6, 1), 3), [310, 310, 320], {3: HUNDRED})

# 4.65 % of what is left: 100, 100, 100, 80, 60, 40, 20 %.
_AMORTISING = _paid(
    CHINA,
    _every(12, date(2020, 4, 22), 7),
    [465, 465, 465, 372, 279, 186, 93],
    dict.fromkeys(range(3, 8), 2_000),
)

# 1.95 % a half-year of 100, then of 90, 80 and 70 %.
_SINKING = _paid(
    CHINA,
    _every(6, date(2021, 9, 1), 10),
    [195] * 4 + [Fraction(351, 2)] * 2 + [156] * 2 + [Fraction(273, 2)] * 2,
    {4: 1_000, 6: 1_000, 8: 1_000, 10: 7_000},
)

# 4.25 % a half-year, four times added: 1.0425 ** 4 = 1.1811478250390625.
_GROWN = Fraction(11_811_478_250_390_625, 10**16)
_PIK = _paid(
    EUROPE,
    _every(6, date(2023, 12, 1), 10),
    [0] * 4 + [THOUSAND * _GROWN * Fraction(425, 10_000)] * 6,
    {10: THOUSAND * _GROWN},
    unpaid=(1, 2, 3, 4),
)

# 4.05; the second is deferred, and comes with 4.05 % on it: 4.05 + 4.05 * 1.0405 = 8.264025; then 2.42 + 1.20
# + 3.00 = 6.62.
_PERPETUAL = _paid(
    CHINA,
    _every(12, date(2020, 10, 29), 6),
    [405, 0, Fraction(8_264_025, 10_000), 662, 662, 662],
    {6: HUNDRED},
    unpaid=(2,),
)

# 1.315, rounded half up for each unit.
_WITHHOLDING = _paid(CHINA, _every(6, date(2024, 10, 10), 4), [132] * 4, {4: HUNDRED})

_CLEAN = _paid(CHINA, _every(12, date(2020, 12, 5), 2), [325, 325], {2: HUNDRED})

# --- Days are counted ---------------------------------------------------------------------------------------

# Rate in percent, as published or bound, with 0.60; and days of the quarter.
COLLAR = [
    (Fraction("2.258"), 91),
    (Fraction("2.90"), 90),  # 2.3950 + 0.60: the cap
    (Fraction("2.847"), 92),
    (Fraction("2.74"), 92),
    (Fraction("2.8365"), 91),
    (Fraction("2.883"), 91),  # the value of 15 December, as none of the 19th was published
    (Fraction("2.769"), 92),
    (Fraction("2.20"), 92),  # 1.5900 + 0.60: the floor
]
_COLLAR = _paid(
    CHINA,
    _every(3, date(2022, 12, 20), 8),
    [rate * 100 * days / 360 for rate, days in COLLAR],
    {8: HUNDRED},
)

_EVERY_28_DAYS = [
    Worked(
        number,
        working_day(EUROPE, date.fromordinal(date(2024, 2, 1).toordinal() + 28 * number)),
        Fraction(364 * 28, 360),
        Fraction(HUNDRED if number == 26 else 0),
    )
    for number in range(1, 27)
]

# The long first period: 80 of the 183 days from 31 March to 30 September 2021, and a whole half-year.
# The short last one: 45 of the 183 days from 31 March to 30 September 2026.
_STUBS = _paid(
    CHINA,
    [
        *(date(year, month, day) for year in range(2022, 2026) for month, day in ((3, 31), (9, 30))),
        date(2026, 3, 31),
        date(2026, 5, 15),
    ],
    [
        335 * (Fraction(80, 183) / 2 + Fraction(1, 2)),
        *[Fraction(335, 2)] * 8,
        335 * Fraction(45, 183) / 2,
    ],
    {10: HUNDRED},
)

# Ends of the periods: the first of the month, or the next day on which both markets work.
JOINT_DAYS = [
    date(2024, 2, 1),
    date(2024, 5, 6),  # 1 May, and what China takes with it
    date(2024, 8, 1),
    date(2024, 11, 1),
    date(2025, 2, 5),  # the Spring Festival until 4 February
    date(2025, 5, 6),
    date(2025, 8, 1),
    date(2025, 11, 3),  # a Saturday before
    date(2026, 2, 2),  # a Sunday before
]
_JOINT = [
    Worked(
        number,
        JOINT_DAYS[number],
        THOUSAND * Fraction(295, 10_000) * (JOINT_DAYS[number] - JOINT_DAYS[number - 1]).days / 360,
        Fraction(THOUSAND if number == 8 else 0),
    )
    for number in range(1, 9)
]

# 2.52 % / 252: one fen for each working day.
_BUSINESS_DAYS = [date(2024, 1, 15), *_every(6, date(2024, 7, 15), 4)]
_BUSINESS = _paid(
    CHINA,
    _BUSINESS_DAYS[1:],
    [working_days_between(CHINA, start, end) for start, end in pairwise(_BUSINESS_DAYS)],
    {4: HUNDRED},
)

# --- Prices -------------------------------------------------------------------------------------------------

# April and May of each year, 24/31 of the way on 25 July, against 114.91806, to five places.
LEVELS = {
    2023: ("121.60", "121.74", "1.05909"),  # 121.708387... / 114.91806 = 1.059088...
    2024: ("124.31", "124.55", "1.08334"),  # 124.495806..., 1.083344...
    2025: ("126.90", "126.85", "1.10393"),  # 126.861290..., 1.103928...
    2026: ("120.10", "119.83", "1.04327"),  # 119.890967..., 1.043273...
    2027: ("116.02", "115.60", "1.00676"),  # 115.694838..., 1.006759...
    2028: ("113.90", "113.55", "0.98878"),  # 113.629032..., 0.988783...
}
RATIOS = [Fraction(ratio) for _, _, ratio in LEVELS.values()]
_LINKED = _paid(
    EUROPE,
    _every(12, date(2023, 7, 25), 6),
    [THOUSAND * ratio * Fraction(75, 10_000) for ratio in RATIOS],
    {6: THOUSAND},  # times 1, not 0.98878
)

# --- Overnight rates ----------------------------------------------------------------------------------------

# Five working days before 31 January, 30 April and 31 July 2024.
NIGHTS = (date(2024, 1, 24), date(2024, 4, 23), date(2024, 7, 24))


def compounded_percent(values: dict[date, Fraction], start: date, end: date) -> Fraction:
    """Percent a year that nights compound to, to five places, with the spread of 0.45."""
    grown, day = Fraction(1), start
    while day < end:
        following = working_day(EUROPE, date.fromordinal(day.toordinal() + 1))
        grown *= 1 + values[day] / 100 * (following - day).days / 360
        day = following
    percent = (grown - 1) * 100 * 360 / (end - start).days
    return Fraction((percent * 10**5 + Fraction(1, 2)).__floor__(), 10**5) + Fraction("0.45")


def overnight(values: dict[date, Fraction]) -> list[Worked]:
    """The two payments of the compounded note, of EUR 100,000 each unit."""
    face = 100 * HUNDRED * 10
    ends = (date(2024, 1, 31), date(2024, 4, 30), date(2024, 7, 31))
    return [
        Worked(
            number,
            ends[number],
            face
            * compounded_percent(values, NIGHTS[number - 1], NIGHTS[number])
            / 100
            * (ends[number] - ends[number - 1]).days
            / 360,
            Fraction(face if number == 2 else 0),
        )
        for number in (1, 2)
    ]


WORKED: dict[str, list[Worked]] = {
    "fixed-half-yearly": _TREASURY,
    "step": _STEP,
    "zero-compound": _ZERO,
    "discount-bill": _BILL,
    "floating-collar": _COLLAR,
    "inflation-linked": _LINKED,
    "kpi-step": _KPI,
    "amortising": _AMORTISING,
    "sinking": _SINKING,
    "pik-then-cash": _PIK,
    "perpetual": _PERPETUAL,
    "every-28-days": _EVERY_28_DAYS,
    "stubs": _STUBS,
    "joint-calendars": _JOINT,
    "business-252": _BUSINESS,
    "withholding": _WITHHOLDING,
    "clean-trades": _CLEAN,
}


def worked(label: str, published: dict[date, Fraction]) -> list[Worked]:
    """What a life must come to; of the compounded note, from the overnight rates that its file lists."""
    return overnight(published) if label == "compounded" else WORKED[label]
