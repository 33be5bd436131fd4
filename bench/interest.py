"""Interest of every kind: registered, published, fixed, computed, paid less tax, traded clean.

One bond of each kind, with face, dates and holders of the plain one, so that what differs is the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bench.stage import TRADES_FROM, TRADES_UNTIL, Stage, as_offering, key_of
from indenture.calendars import load_calendar
from indenture.contracts import Bond
from indenture.dates import to_day_number
from indenture.daycount import DayCount
from indenture.interest import Benchmark, BenchmarkKind
from indenture.models import CleanTrade, SignedCleanTrade
from indenture.money import CNY
from indenture.provisions import (
    Accretion,
    CouponKind,
    Deferral,
    Fallback,
    Floating,
    Inflation,
    Instalment,
    KpiTest,
    Provisions,
    Renewal,
    Step,
    Withholding,
)
from indenture.roles import sign_trade

Gas = dict[str, int]

BATCH, UNITS = 100, 1_000
#: The first coupon: its record date has passed on the first of these, it is due on the second.
RECORDED_ON = datetime(2020, 12, 5, 1, tzinfo=UTC)
PAID_ON = datetime(2020, 12, 7, 1, tzinfo=UTC)
_ALL_CLASSES = 2**24 - 1
_NO_CAP = 2**32 - 1
_RATE, _NIGHTS, _PRICES, _FIGURE = "SHIBOR3M", "FDR001", "CPI-CN", "CO2"
_LAG = 2
_SERIES = (
    Benchmark(_RATE, BenchmarkKind.RATE, "CN-IB"),
    Benchmark(_NIGHTS, BenchmarkKind.OVERNIGHT, "CN-IB", basis=360),
    Benchmark(_PRICES, BenchmarkKind.LEVEL, "CN-IB"),
    Benchmark(_FIGURE, BenchmarkKind.FIGURE, "CN-IB"),
)
#: Kinds of which each period is fixed.
FIXED_EACH_PERIOD = (CouponKind.FLOATING, CouponKind.INFLATION, CouponKind.KPI)
PLAIN, TAXED = "a fixed coupon", "tax withheld"


def measure(stage: Stage) -> Gas:
    """All of it, in the order of the bonds' lives."""
    gas: Gas = {}
    with stage.undone():
        bonds = {
            name: _registered(stage, name, number, gas)
            for number, name in enumerate(kinds(_issue_day(stage)))
        }
        for name in (PLAIN, TAXED):
            _issue(stage, bonds[name])
        gas |= published(stage)
        for name, bond in bonds.items():
            gas |= computed(stage, name, bond)
        for name in (PLAIN, TAXED):
            with stage.undone():
                gas |= paid(stage, name, bonds[name])
    with stage.undone():
        gas |= traded(stage)
    return gas


def kinds(issue_day: date) -> Mapping[str, tuple[CouponKind, Provisions]]:
    """A bond of three yearly periods of each kind, by what it is called in the table."""
    due = issue_day.replace(year=issue_day.year + 1)
    floating = Floating(
        benchmark=_RATE,
        lag=_LAG,
        spread=6_000_000,
        cap=60_000_000,
        places=5,
        fallback=Fallback.LAST_VALUE,
        fallback_rate=25_000_000,
    )
    tax = Provisions(
        tax_account=key_of("bookrunner").address, withholdings=(Withholding(_ALL_CLASSES, 100_000_000),)
    )
    test = KpiTest(
        benchmark=_FIGURE,
        day=due - timedelta(days=30),
        period=2,
        at_most=True,
        target=10**11,
        step=2_500_000,
    )
    thirds = tuple(
        Instalment(k, share) for k, share in ((1, 300_000_000), (2, 300_000_000), (3, 400_000_000))
    )
    return {
        PLAIN: (CouponKind.FIXED, Provisions()),
        "a coupon that steps up": (
            CouponKind.STEP,
            Provisions(steps=(Step(2, 35_000_000), Step(3, 40_000_000))),
        ),
        "instalments": (CouponKind.FIXED, Provisions(instalments=thirds)),
        "a term rate": (CouponKind.FLOATING, Provisions(floating=floating, fallback_days=5)),
        "a compounded rate": (
            CouponKind.FLOATING,
            Provisions(floating=replace(floating, benchmark=_NIGHTS, compounded=True), fallback_days=5),
        ),
        "a price index": (
            CouponKind.INFLATION,
            Provisions(
                inflation=Inflation(
                    _PRICES, lag_months=3, interpolated=True, floored=True, places=5, base=10**11
                ),
                fallback_days=5,
            ),
        ),
        "a figure that is tested": (
            CouponKind.KPI,
            Provisions(tests=(test,), fallback_days=5),
        ),
        "capitalised interest": (CouponKind.FIXED, Provisions(capitalised_until=1)),
        "deferral and renewal": (
            CouponKind.FIXED,
            Provisions(
                deferral=Deferral(31, bears_interest=True),
                renewal=Renewal(3, 31, _RATE, lag=1, spread=12_000_000, step_up=30_000_000),
                fallback_days=5,
            ),
        ),
        "no coupon": (
            CouponKind.ZERO,
            Provisions(accretion=Accretion(9_500, yield_rate=17_000_000, months_per_compounding=6)),
        ),
        TAXED: (CouponKind.FIXED, tax),
    }


# Registration and issue


def _issue_day(stage: Stage) -> date:
    return stage.terms(1).schedule.issue_day


def _registered(stage: Stage, name: str, number: int, gas: Gas) -> Bond:
    kind, provisions = kinds(_issue_day(stage))[name]
    terms = stage.terms(20 + number, periods=1 if kind is CouponKind.ZERO else 3)
    rate = 0 if kind is CouponKind.ZERO else terms.coupon_rate
    count = DayCount.ACT_360 if kind is CouponKind.FLOATING else terms.day_count
    terms = replace(terms, kind=kind, coupon_rate=rate, day_count=count, provisions=provisions)
    gas[f"register: a bond with {name}"] = stage.gas("issuer", stage.suite.factory.register(terms))
    return stage.suite.bond(terms.isin)


def _issue(stage: Stage, bond: Bond) -> None:
    """To more holders than a batch pays, so that no batch is the last."""
    buyers = [buyer.address for buyer in stage.holders()]
    as_offering(stage, bond.call("issue", buyers, [UNITS] * len(buyers)))


# Published values


def published(stage: Stage) -> Gas:
    """Benchmarks, defined, and published from before the issue up to the first coupon."""
    benchmarks, publisher = stage.suite.benchmarks, stage.paying_agent.sender.address
    gas: Gas = {}
    for each in _SERIES:
        used = stage.gas("depository", benchmarks.register(each, publisher))
        gas.setdefault("benchmark: defined", used)
    first, calendar = _issue_day(stage), load_calendar("CN-IB")
    stage.at(PAID_ON)
    days = [first + timedelta(days=n) for n in range(-10, (PAID_ON.date() - first).days)]
    for number, day in enumerate(day for day in days if calendar.is_business_day(day)):
        night = stage.gas(
            "paying agent", benchmarks.publish(_NIGHTS, day, 20_000_000 + 1_000 * (number % 50))
        )
        words = "the first" if number == 0 else "a later" if number == 1 else None
        if words:
            gas[f"publish: {words} overnight rate"] = night
    months = [date(2019, 12, 1), *(date(2020, month, 1) for month in range(1, 12))]
    for number, month in enumerate(months):
        call = benchmarks.publish(_PRICES, month, 10**11 + number * 10**8)
        gas["publish: a price index"] = stage.gas("paying agent", call)
    for day in (date(2019, 12, 2), date(2019, 12, 3), date(2019, 12, 4)):
        gas["publish: a term rate"] = stage.gas("paying agent", benchmarks.publish(_RATE, day, 30_123_456))
    figure_day = first.replace(year=first.year + 1) - timedelta(days=30)
    gas["publish: a figure"] = stage.gas("paying agent", benchmarks.publish(_FIGURE, figure_day, 12 * 10**10))
    return gas


# Fixing and computing


def computed(stage: Stage, name: str, bond: Bond) -> Gas:
    """What it takes to fix the first period, and to compute it on chain: views, sent as transactions."""
    service, gas = stage.suite.servicing, Gas()
    kind, provisions = kinds(_issue_day(stage))[name]
    if kind in FIXED_EACH_PERIOD or provisions.capitalised_until or provisions.deferral.notice_days:
        gas[f"fix: {name}"] = stage.gas("depository", service.fix(bond.address, 1))
    if kind is CouponKind.KPI:
        gas[f"fix: {name}"] = stage.gas("depository", service.fix(bond.address, 2))
    gas[f"view: unit payment, {name}"] = stage.gas("depository", service.call("unitPayment", bond.address, 1))
    day = to_day_number(_issue_day(stage) + timedelta(days=100))
    gas[f"view: accrued interest, {name}"] = stage.gas(
        "depository", service.call("accruedOf", bond.address, UNITS, day)
    )
    return gas


def paid(stage: Stage, name: str, bond: Bond) -> Gas:
    """A first coupon, funded and paid to a batch of holders; and once more, where some of it was sold on."""
    service, holders = stage.suite.servicing, stage.holders(BATCH)
    batch = [holder.address for holder in holders]
    gas = {f"fund: {name}": stage.gas("paying agent", service.fund(bond.address, 1))}
    gas[f"pay: {name}, to {BATCH} holders"] = stage.gas("paying agent", service.pay(bond.address, 1, batch))
    return gas


# Trades at a clean price


def traded(stage: Stage) -> Gas:
    """Trades at a clean price: between record dates, and with one in between that makes a claim."""
    bond = _registered(stage, PLAIN, 15, {})
    _issue(stage, bond)
    gas: Gas = {}
    for nonce, words in enumerate(("first trade of both sides", "nonce words used before")):
        used = _settle_clean(stage, bond, nonce, stage.chain.block_stamp().time)
        gas[f"trade: at a clean price, existing holders, {words}"] = used
    stage.at(RECORDED_ON - timedelta(days=2))
    agreed = stage.chain.block_stamp().time
    stage.at(RECORDED_ON)
    gas["trade: at a clean price, a record date in between"] = _settle_clean(stage, bond, 2, agreed)
    stage.at(PAID_ON)
    service, holders = stage.suite.servicing, stage.holders(BATCH)
    stage.gas("paying agent", service.fund(bond.address, 1))
    pay = service.pay(bond.address, 1, [holder.address for holder in holders])
    gas[f"pay: a coupon to {BATCH} holders, one of whom sold it"] = stage.gas("paying agent", pay)
    claims = service.pay_claims(bond.address, 1, [holders[1].address])
    gas["pay: the claim of a buyer"] = stage.gas("paying agent", claims)
    return gas


def _settle_clean(stage: Stage, bond: Bond, nonce: int, agreed: datetime) -> int:
    seller, buyer = stage.holders(2)
    trade = CleanTrade(
        bond=bond.address,
        cash=bond.terms.currency,
        seller=seller.address,
        buyer=buyer.address,
        units=100,
        clean=CNY.money(10_050),
        most_accrued=CNY.money(1_000),
        traded_at=agreed,
        valid_from=TRADES_FROM,
        deadline=TRADES_UNTIL,
        seller_nonce=nonce,
        buyer_nonce=nonce,
    )
    signed = SignedCleanTrade(
        trade, *(sign_trade(side.account, trade, stage.suite) for side in (seller, buyer))
    )
    return stage.gas("depository", stage.suite.settlement.settle_clean(signed))
