"""Bonds of every kind, lived through: benchmarks, fixings, deferral, renewal, instalments, tax, claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.audit.market import OPEN, PRICE, Market, conditions
from tests.audit.sheets import (
    ALL_CLASSES,
    DAYS,
    FIXED,
    FLOATING,
    INFLATION,
    KPI,
    STEP,
    ZERO_COUPON,
    code,
    day,
    floating,
    provisions,
    regular,
    rights,
)
from tests.audit.stage import BANK, FOREVER, FUND, Story, begin, lei

from indenture.chain import AnvilNode, Receipt, Sender, load_abi

ISSUE, END = date(2020, 1, 6), date(2021, 1, 6)
UNITS = 1_000
FACE = 10_007
RATE, OVERNIGHT, LEVEL, FIGURE = range(4)
MARKET, SECOND, JOINT = code("CN-IB"), code("TEST"), code("CN+TEST")
TERM_RATE, NIGHT_RATE, PRICES, CARBON, TREASURY = (
    code(name) for name in ("SHIBOR3M", "FR001", "CPI-CN", "CO2", "CGB3Y")
)
_LAG = 2
_DAY = timedelta(days=1)


@dataclass
class Lives:
    """The story, and its bonds by name."""

    story: Story
    bonds: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.bonds[name]

    def do(self, who: Sender, contract: str, function: str, *args: Any) -> Receipt:
        return self.story.do(who, contract, function, *args)

    def of(self, name: str, who: Sender, function: str, *args: Any) -> Receipt:
        """A function of one bond."""
        self.story.bond = self.bonds[name]
        return self.story.do(who, "Bond", function, *args)

    def read(self, name: str, function: str, *args: Any) -> Any:
        self.story.bond = self.bonds[name]
        return self.story.read("Bond", function, *args)

    def fix(self, name: str, period: int) -> None:
        self.do(self.story.outsider, "Servicing", "fix", self.bonds[name], period)

    def publish(self, benchmark: bytes, on: date, value: int) -> None:
        self.do(self.story.payer, "Benchmarks", "publish", benchmark, day(on), value)


def play(node: AnvilNode) -> Lives:
    """The whole story, from December 2019 to January 2021."""
    lives = Lives(begin(node))
    define(lives)
    for number, (name, (terms, more)) in enumerate((SOLD | UNSOLD).items()):
        register(lives, number, name, terms, more)
    sell(lives, SOLD)
    first_quarter(lives)
    second_quarter(lives)
    last_quarters(lives)
    return lives


# --- what there is


def define(lives: Lives) -> None:
    """Members of two classes, money, a second market joined to the first, benchmarks."""
    story, h = lives.story, lives.story.holders
    receivers = [*(holder.address for holder in h), story.payer.address]
    story.do(story.operator, "CashToken", "mintBatch", receivers, [10**12] * len(receivers))
    story.do(story.operator, "MemberRegistry", "reclassifyMember", lei(14), FUND, b"CN", [h[4].address])
    for year in (2019, 2020, 2021, 2022):
        low, high = weekdays(year, without=date(2020, 4, 7))
        story.do(story.operator, "BusinessCalendar", "publish", SECOND, year, low, high)
    story.do(story.operator, "BusinessCalendar", "join", JOINT, [MARKET, SECOND])
    who = story.payer.address
    for name, kind, basis, correctable in (
        (TERM_RATE, RATE, 0, 3_600),
        (NIGHT_RATE, OVERNIGHT, 360, 0),
        (PRICES, LEVEL, 0, 60),
        (CARBON, FIGURE, 0, 60),
    ):
        story.do(story.operator, "Benchmarks", "register", name, kind, who, MARKET, basis, correctable)
    given = (TREASURY, RATE, story.issuer.address, MARKET, 0, 60)
    story.do(story.operator, "Benchmarks", "register", *given)
    story.do(story.operator, "Benchmarks", "setAdministrator", TREASURY, who)


def weekdays(year: int, without: date) -> tuple[int, int]:
    """Bits of a year of which every weekday but one is a working day."""
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    days = [first + i * _DAY for i in range(length)]
    bits = sum(1 << i for i, on in enumerate(days) if on.weekday() < 5 and on != without)
    return bits & (2**256 - 1), bits >> 256


QUARTERLY = regular(ISSUE, END, 4, 3)
TAXES = [{"classes": 1 << FUND, "rate": 100_000_000}, {"classes": ALL_CLASSES, "rate": 30_000_000}]

# Terms and provisions by name; the issue price of what is sold is its face, but for the zero.
SOLD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "term": (
        {"kind": FLOATING, "dayCount": 1, "rounding": 2, "adjusted": True, "calendar": JOINT},
        {
            "floating": floating(
                TERM_RATE, lag=1, spread=5_000_000, places=3, floor=0, fallbackRate=21_000_000
            ),
            "fallbackDays": 3,
        },
    ),
    "nights": (
        {
            "kind": FLOATING,
            "dayCount": 1,
            "schedule": regular(ISSUE, date(2020, 3, 30), 3, 28, unit=DAYS),
        },
        {
            "floating": floating(NIGHT_RATE, compounded=True, lag=_LAG, spread=-1_000_000, places=5),
            "fallbackDays": 2,
        },
    ),
    "prices": (
        {"kind": INFLATION, "couponRate": 15_000_000, "schedule": regular(ISSUE, END, 2, 6), "dayCount": 0},
        {
            "inflation": {
                "benchmark": PRICES,
                "lagMonths": 3,
                "interpolated": True,
                "floored": True,
                "places": 5,
                "base": 103_200_000_000,
            },
            "fallbackDays": 5,
        },
    ),
    "figures": (
        {"kind": KPI, "couponRate": 31_000_000, "dayCount": 2, "rounding": 1},
        {
            "tests": [
                {
                    "benchmark": CARBON,
                    "day": day(date(2020, 3, 31)),
                    "period": 3,
                    "atMost": True,
                    "target": 120 * 10**9,
                    "step": 2_500_000,
                },
                {
                    "benchmark": CARBON,
                    "day": day(date(2020, 6, 30)),
                    "period": 4,
                    "atMost": True,
                    "target": 110 * 10**9,
                    "step": 5_000_000,
                },
            ],
            "deferral": {"noticeDays": 31, "bearsInterest": True},
            "fallbackDays": 2,
        },
    ),
    "kind": (
        {"kind": STEP, "couponRate": 40_000_000, "dayCount": 5},
        {
            "steps": [{"period": 2, "rate": 45_000_000}, {"period": 4, "rate": 50_000_000}],
            "capitalisedUntil": 2,
        },
    ),
    "parts": (
        {"kind": FIXED, "couponRate": 37_000_000, "faceValue": 10_000, "dayCount": 3},
        {
            "instalments": [{"period": k, "share": 250_000_000} for k in (1, 2, 3, 4)],
            "withholdings": TAXES,
        },
    ),
    "renewed": (
        {"kind": FIXED, "couponRate": 33_000_000, "schedule": regular(ISSUE, date(2020, 7, 6), 2, 3)},
        {
            "renewal": {
                "periods": 2,
                "noticeDays": 40,
                "benchmark": TREASURY,
                "lag": 1,
                "spread": 12_000_000,
                "stepUp": 30_000_000,
            },
            "fallbackDays": 3,
        },
    ),
    "zero": (
        {"kind": ZERO_COUPON, "couponRate": 0, "schedule": regular(ISSUE, END, 1, 12)},
        {"accretion": {"issuePrice": 9_700, "yieldRate": 31_000_000, "monthsPerCompounding": 6}},
    ),
}

_STUB = regular(date(2019, 12, 20), date(2021, 3, 31), 3, 6, anchorDay=day(date(2020, 2, 29)), anchorPeriod=1)
# Never sold: their prices are compared all the same.
UNSOLD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "front": ({"schedule": _STUB}, {}),
    "ends": ({"schedule": {**_STUB, "endOfMonth": True}, "dayCount": 6, "rounding": 1}, {}),
    "american": ({"schedule": {**_STUB, "endOfMonth": True}, "dayCount": 7, "rounding": 2}, {}),
    "european": ({"schedule": {**_STUB, "endOfMonth": True}, "dayCount": 8}, {}),
    "eurobond": ({"schedule": _STUB, "dayCount": 4}, {}),
    "working": ({"schedule": QUARTERLY, "dayCount": 9, "calendar": JOINT, "adjusted": True}, {}),
    "straight": (
        {"kind": ZERO_COUPON, "couponRate": 0, "schedule": regular(ISSUE, END, 1, 12), "dayCount": 2},
        {"accretion": {"issuePrice": 9_500, "yieldRate": 0, "monthsPerCompounding": 0}},
    ),
}


def isin(number: int) -> bytes:
    """A valid ISIN."""
    body = f"CND2000{number:04d}"
    digits = "".join(str(int(letter, 36)) for letter in body)
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits))]
    return f"{body}{-sum(d // 10 + d % 10 for d in doubled) % 10}".encode()


def register(
    lives: Lives,
    number: int,
    name: str,
    terms: dict[str, Any],
    more: dict[str, Any],
    given: dict[str, Any] | None = None,
) -> None:
    story = lives.story
    values = {
        "isin": isin(number),
        "issuer": lei(1),
        "issuerAccount": story.issuer.address,
        "currency": story.at("CashToken"),
        "faceValue": FACE,
        "units": 2 * UNITS,
        "minimumUnits": 1,
        "eligible": 1 << BANK | 1 << FUND,
        "schedule": QUARTERLY,
        "kind": FIXED,
        "couponRate": 30_000_000,
        "dayCount": 2,
        "rounding": 0,
        "roll": 1,
        "adjusted": False,
        "calendar": MARKET,
        "recordBusinessDays": 1,
        "cutOff": 17 * 3600,
        "utcOffset": 480,
        "prescriptionYears": 3,
        "termSheetHash": b"\x22" * 32,
        "name": f"A bond: {name}",
        "symbol": name.upper(),
    } | terms
    if "withholdings" in more:
        more = {**more, "taxAccount": story.holders[12].address}
    story.do(story.issuer, "BondFactory", "register", values, provisions(**more), rights(**given or {}))
    lives.bonds[name] = story.read("BondFactory", "bondOf", isin(number))


def sell(lives: Lives, sold: Mapping[str, tuple[dict[str, Any], ...]]) -> None:
    """One price each, five holders each, paid for on the day from which interest runs."""
    story, h = lives.story, lives.story.holders
    times = [f"2020-01-03T{hour}:00:00" for hour in ("10", "12", "12", "12", "13")]
    times += ["2020-01-06T09:00:00", "2020-01-06T12:00:00", "2020-01-06T12:00:00"]
    markets = []
    for name, (terms, more, *_) in sold.items():
        price = more.get("accretion", {}).get("issuePrice", terms.get("faceValue", FACE))
        rules: dict[str, Any] = {
            "form": OPEN,
            "basis": PRICE,
            "lowest": price,
            "highest": price,
            "tick": 1,
            "offered": UNITS,
            "minimumVolume": UNITS,
            "minimumBid": 1,
            "maximumBid": UNITS,
            "deposit": 0,
        }
        market = Market(story, conditions(story, lives[name], times, **rules), [(0, UNITS, 0)])
        market.do(story.bookrunner, "openBook", market.number)
        markets.append((market, price))
    story.travel("2020-01-03T10:00:00")
    if "term" in sold:
        publish_term_rate(lives)
    for market, price in markets:
        for i, units in enumerate((300, 250, 200, 150, 100)):
            market.place(h[i], (price, units))
    story.travel("2020-01-03T12:00:00")
    for market, _ in markets:
        market.do(story.outsider, "closeBook", market.number)
        market.do(story.outsider, "clear", market.number)
    story.travel("2020-01-06T09:00:00")
    for market, _ in markets:
        market.do(story.outsider, "settle", market.number, market.openings(h[:5]))


def publish_term_rate(lives: Lives) -> None:
    """A value, and its correction while it can be."""
    lives.publish(TERM_RATE, date(2020, 1, 2), 30_123_000)
    lives.publish(TERM_RATE, date(2020, 1, 3), 31_111_111)
    lives.publish(TERM_RATE, date(2020, 1, 3), 29_872_500)


# --- how it goes on


def travel(lives: Lives, on: date, hour: str = "09:00:00") -> None:
    """To an hour of a day in China, unless it is later already."""
    wanted = datetime.fromisoformat(f"{on.isoformat()}T{hour}+08:00").timestamp()
    if wanted > now(lives):
        lives.story.node.time.mine(at=int(wanted))


def now(lives: Lives) -> int:
    return int(lives.story.chain.block_stamp().timestamp)


def nights(lives: Lives, first: date, last: date) -> None:
    """An overnight rate for each working day."""
    on = first
    while on <= last:
        if lives.story.read("BusinessCalendar", "isBusinessDay", MARKET, day(on)):
            lives.publish(NIGHT_RATE, on, 21_000_000 - 70_000 * (on.toordinal() % 37))
        on += _DAY


def month(lives: Lives, year: int, number: int, level: int) -> None:
    lives.publish(PRICES, date(year, number, 1), level * 10**6)


def record(lives: Lives, due: date, names: Sequence[str]) -> None:
    """Announces a payment, and lets its record date pass."""
    travel(lives, due - 10 * _DAY)
    for name in names:
        lives.of(name, lives.story.outsider, "advance")
    latest = 0
    for name in names:
        latest = max(latest, lives.read(name, "book").nextTime)
    if now(lives) < latest < FOREVER:
        lives.story.node.time.mine(at=latest)
    for name in names:
        lives.of(name, lives.story.outsider, "advance")


def fund(lives: Lives, payments: dict[str, int]) -> None:
    """Escrows payments, and waits until they are due."""
    latest = now(lives)
    for name, period in payments.items():
        lives.do(lives.story.payer, "Servicing", "fund", lives[name], period)
        latest = max(latest, lives.read(name, "paymentDays", period).payTime)
    if latest > now(lives):
        lives.story.node.time.mine(at=latest)


def pay(lives: Lives, payments: dict[str, int]) -> None:
    """Pays everybody who held something, in two batches."""
    story = lives.story
    for name, period in payments.items():
        held = [a.address for a in story.holders if lives.read(name, "unitsAt", a.address, period)]
        last = story.read("Servicing", "lastPeriod", lives[name])
        for batch in (held[:3], held[3:]):
            if period == last:
                lives.do(story.payer, "Servicing", "redeem", lives[name], batch)
            else:
                lives.do(story.payer, "Servicing", "pay", lives[name], period, batch)


def first_quarter(lives: Lives) -> None:
    """Terms are fixed in advance, nights in arrears; the last nights are never published."""
    for name in ("term", "figures", "kind", "renewed"):
        lives.fix(name, 1)
    for number, level in ((10, 102_900), (11, 103_050), (12, 103_300)):
        month(lives, 2019, number, level)
    periods = ((1, date(2020, 2, 3)), (2, date(2020, 3, 2)), (3, date(2020, 3, 30)))
    begun = date(2020, 1, 2)
    for period, due in periods:
        record(lives, due, ["nights"])
        until = min(due - 4 * _DAY, date(2020, 3, 20))
        nights(lives, begun, until)
        begun = until + _DAY
        if period == 3:
            travel(lives, date(2020, 3, 28))
        lives.fix("nights", period)
        fund(lives, {"nights": period})
        pay(lives, {"nights": period})
        month(lives, 2020, period, 103_300 + 200 * period)


QUARTER = ("term", "parts", "figures", "kind", "renewed")


def second_quarter(lives: Lives) -> None:
    """Trades across a record date; a deferral before the fixing; a renewal; tax that cannot be sent."""
    story, h = lives.story, lives.story.holders
    travel(lives, date(2020, 4, 1))
    lives.publish(CARBON, date(2020, 3, 31), 121 * 10**9)
    travel(lives, date(2020, 4, 3), "12:00:00")
    agreed = now(lives)
    record(lives, date(2020, 4, 6), QUARTER)
    trade_clean(lives, "parts", h[0], h[5], 40, 400_100, agreed - 60)
    trade_clean(lives, "parts", h[5], h[6], 25, 250_000, agreed - 50)
    due = {"term": 1, "parts": 1, "figures": 1, "renewed": 1}
    story.do(story.operator, "MemberRegistry", "suspendAccounts", [h[2].address, h[12].address])
    lives.of("parts", story.operator, "setFrozenTokens", h[3].address, 60)
    fund(lives, due)
    pay(lives, due)
    lives.do(story.outsider, "Servicing", "payClaims", lives["parts"], 1, [h[5].address, h[6].address])
    story.do(story.operator, "MemberRegistry", "reinstateAccounts", [h[2].address, h[12].address])
    lives.of("parts", story.operator, "setFrozenTokens", h[3].address, 0)
    for i in (2, 3, 12):
        lives.do(story.outsider, "Servicing", "collect", lives["parts"], h[i].address)
    trade_clean(lives, "parts", h[6], h[7], 20, 200_000, agreed - 40)
    trade_clean(lives, "parts", h[1], h[5], 20, 199_900, agreed - 30)
    lives.publish(TERM_RATE, date(2020, 4, 7), 27_455_000)
    lives.do(story.issuer, "Servicing", "deferInterest", lives["figures"], 2)
    travel(lives, date(2020, 4, 9))
    for name in ("term", "figures", "kind", "renewed"):
        lives.fix(name, 2)
    travel(lives, date(2020, 5, 18))
    trade_clean(lives, "term", h[0], h[1], 10, 100_500, now(lives))
    lives.do(story.issuer, "Servicing", "renew", lives["renewed"])
    for number, level in ((4, 104_250), (5, 104_100)):
        travel(lives, date(2020, number + 1, 19))
        month(lives, 2020, number, level)
    travel(lives, date(2020, 6, 20))
    lives.fix("prices", 1)


def last_quarters(lives: Lives) -> None:
    """Fallbacks, a deferral after the fixing, an ex-coupon trade, redemptions."""
    story, h = lives.story, lives.story.holders
    travel(lives, date(2020, 6, 30))
    lives.publish(TERM_RATE, date(2020, 6, 29), 24_500_000)
    record(lives, date(2020, 7, 6), [*QUARTER, "prices"])
    trade_clean(lives, "parts", h[2], h[3], 10, 0, now(lives))
    due = {"term": 2, "parts": 2, "prices": 1, "renewed": 2}
    fund(lives, due)
    pay(lives, due)
    lives.publish(TREASURY, date(2020, 7, 3), 25_600_000)
    travel(lives, date(2020, 7, 8))
    for name in ("term", "figures", "kind", "renewed"):
        lives.fix(name, 3)
    lives.do(story.issuer, "Servicing", "deferInterest", lives["figures"], 3)
    for number, level in ((6, 103_900), (7, 104_000), (8, 104_400), (9, 104_500), (10, 104_650)):
        travel(lives, date(2020, number + 1, 19) if number < 9 else date(2020, 9, 20))
        if number < 9:
            month(lives, 2020, number, level)
    record(lives, date(2020, 10, 6), QUARTER)
    due = {"term": 3, "parts": 3, "kind": 3, "renewed": 3}
    fund(lives, due)
    pay(lives, due)
    travel(lives, date(2020, 11, 19))
    for number, level in ((9, 104_500), (10, 104_650)):
        month(lives, 2020, number, level)
    for name in ("term", "figures", "kind", "renewed"):
        lives.fix(name, 4)
    record(lives, END, [*QUARTER, "prices", "zero"])
    travel(lives, date(2021, 1, 11))
    lives.fix("prices", 2)
    due = {"term": 4, "parts": 4, "figures": 4, "kind": 4, "renewed": 4, "zero": 1}
    fund(lives, {**due, "prices": 2})
    pay(lives, due)
    lives.do(h[0], "Servicing", "claim", lives["prices"], 2)


def trade_clean(
    lives: Lives, name: str, seller: Sender, buyer: Sender, units: int, clean: int, traded_at: int
) -> Receipt:
    """A trade at a clean price, settled now."""
    story = lives.story
    story.bond = lives[name]
    nonces = [story.next_nonce(side.address) for side in (seller, buyer)]
    values = {
        "bond": story.bond,
        "cash": story.at("CashToken"),
        "seller": seller.address,
        "buyer": buyer.address,
        "units": units,
        "cleanAmount": clean,
        "mostAccrued": 10**9,
        "tradedAt": traded_at,
        "validFrom": 0,
        "deadline": FOREVER,
        "sellerNonce": nonces[0],
        "buyerNonce": nonces[1],
    }
    signatures = [story.sign(side, values, "settleClean") for side in (seller, buyer)]
    (argument, *_) = load_abi("Settlement").function("settleClean").inputs
    fields = [part["name"] for part in argument["components"]]
    given = {key: values[key] for key in fields}
    return story.do(story.outsider, "Settlement", "settleClean", given, *signatures)
