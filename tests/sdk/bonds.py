"""Bonds of every kind: small ones of the example issuer, out since 5 December 2019."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.sdk.world import INVESTORS, ISIN, TERMS, World

from indenture.contracts import Bond
from indenture.interest import BenchmarkKind
from indenture.membership import MemberClass
from indenture.models import Bid
from indenture.results import PayResult
from indenture.roles import BenchmarkAdministrator, BondFigures, place_bids
from indenture.termsheet import TermSheet, parse_term_sheet

UNITS = 1_000_000
#: What each of the five investors holds at first.
EACH = UNITS // INVESTORS
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
#: 3.25 % a year for two years; the coupon that other kinds replace.
PLAIN = "coupon: {rate: 3.25, frequency: annual, day_count: ACT/ACT ICMA}"

_COUPON = """coupon:
  rate: 3.25                     # [P] fixed, percent a year
  frequency: annual              # [A] the press gives no frequency
  day_count: ACT/ACT ICMA        # [S]
"""


def sheet_of(
    coupon: str = PLAIN,
    *,
    maturity: str = "2021-12-05",
    issue_price: str = "100",
    calendar: str = "CN-IB",
    adjusted: bool = False,
    extra: str = "",
) -> TermSheet:
    """The example sheet with another coupon, and more blocks."""
    text = TERMS.read_text()
    for old, new in (
        (_COUPON, f"{coupon}\n{extra}\n"),
        ("amount: 20_000_000_000", f"amount: {UNITS * 100}"),
        ("units: 200_000_000", f"units: {UNITS}"),
        ("maturity_date: 2021-12-05", f"maturity_date: {maturity}"),
        ("issue_price: 100 ", f"issue_price: {issue_price} "),
        ("calendar: CN-IB ", f"calendar: {calendar} "),
        ("adjusted: false ", f"adjusted: {str(adjusted).lower()} "),
        ("  - official", "  - official\n  - natural-person"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    return parse_term_sheet(text)


def issue(world: World, sheet: TermSheet, *, tax_account: str | None = None) -> Bond:
    """From the registration to five holders of equal units, an hour into the day of issue."""
    world.issuer.register(sheet, tax_account=tax_account)
    price = sheet.issue_price_base
    number = world.open_book(world.rules(offered=sheet.units, lowest=price, highest=price))
    bids = [
        (world.senders[f"investor {i}"], [Bid(Decimal(price) / 100, sheet.units // INVESTORS)])
        for i in range(INVESTORS)
    ]
    place_bids(world.suite, number, bids)
    world.clear(number)
    world.settle(number)
    return world.bond


def figures(world: World) -> BondFigures:
    return BondFigures(world.suite, ISIN)


def administrator(world: World) -> BenchmarkAdministrator:
    """Publishes what ``define`` defined."""
    return BenchmarkAdministrator(world.suite, world.senders["paying agent"])


def define(
    world: World,
    code: str,
    kind: BenchmarkKind,
    values: Mapping[date, Decimal | int | str] | None = None,
    *,
    basis: int = 0,
    correctable_for: timedelta = timedelta(0),
) -> None:
    """Registers a benchmark of the China interbank market, and publishes what is there of it."""
    world.depository.register_benchmark(
        code,
        kind,
        administrator(world).sender.address,
        market="CN-IB",
        basis=basis,
        correctable_for=correctable_for,
    )
    if values:
        administrator(world).publish_many(code, values)


def business_days(world: World, start: date, end: date) -> list[date]:
    """Of the China interbank market, both included."""
    days = [start + timedelta(days=i) for i in range((end - start).days + 1)]
    return [day for day in days if world.suite.calendar.is_business_day("CN-IB", day)]


def record_time(world: World, period: int) -> datetime:
    days = figures(world).payment_days(period)
    assert days is not None
    return days.record_time


def pay_time(world: World, period: int) -> datetime:
    days = figures(world).payment_days(period)
    assert days is not None
    return days.pay_time


def fund(world: World, period: int) -> None:
    """An hour after the books closed."""
    world.at(record_time(world, period) + HOUR)
    world.paying_agent.fund(ISIN, period)


def pay(world: World, period: int) -> PayResult:
    """Funds and pays everybody, an hour into the payment day."""
    fund(world, period)
    world.at(pay_time(world, period) + HOUR)
    if period == figures(world).last_period:
        return world.paying_agent.redeem(ISIN)
    return world.paying_agent.pay(ISIN, period)


def make_person(world: World, number: int) -> None:
    """Turns an investor into a natural person."""
    account = world.suite.registry.accounts([world.account(number)])[0]
    assert account is not None
    world.depository.reclassify_member(account.lei, MemberClass.NATURAL_PERSON, "CN")
