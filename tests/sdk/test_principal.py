"""Principal in parts, tax on interest, interest by the unit, bonds without coupon; what a holding gets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.sdk.bonds import (
    EACH,
    HOUR,
    PLAIN,
    UNITS,
    figures,
    fund,
    issue,
    make_person,
    pay,
    pay_time,
    record_time,
    sheet_of,
)
from tests.sdk.world import INVESTORS, ISIN, World

from indenture.errors import InputError, PaymentRefused, TermSheetError, TermsRefused
from indenture.figures import FlowState
from indenture.money import CNY

pytestmark = pytest.mark.integration

SINKING = "principal: {instalments: [{on: 2020-12-05, percent: 40}, {on: 2021-12-05, percent: 60}]}"
TAXED = "withholding: {rates: [{classes: [natural-person], percent: 20}, {classes: all, percent: 0}]}"
#: 1.315 yuan a unit, where each unit is rounded on its own.
RETAIL = "coupon: {rate: 2.63, frequency: semi-annual, day_count: ACT/ACT ICMA}"


# Instalments


def test_instalments__are_repaid_with_the_interest_on_what_is_left(world: World) -> None:
    issue(world, sheet_of(extra=SINKING))
    assert figures(world).pool_factor() == 1

    first = pay(world, 1)

    assert first.amount == CNY.money(43_250_000)
    assert figures(world).pool_factor() == Decimal("0.6")
    assert figures(world).pool_factor(date(2020, 12, 4)) == 1
    last = pay(world, 2)
    assert last.amount == CNY.money(61_950_000)
    assert world.bond.total_supply() == 0


def test_cash_flows__paid_funded_and_to_come(world: World) -> None:
    issue(world, sheet_of(extra=SINKING))
    fund(world, 1)

    funded, to_come = world.investor(0).cash_flows(ISIN)
    world.at(pay_time(world, 1) + HOUR)
    world.paying_agent.pay(ISIN, 1)
    world.investor(0).transfer(ISIN, world.account(1), EACH // 2)
    paid, less = world.investor(0).cash_flows(ISIN)

    assert (funded.state, funded.interest, funded.principal) == (
        FlowState.FUNDED,
        CNY.money(650_000),
        CNY.money(8_000_000),
    )
    assert (funded.due, funded.pay_day) == (date(2020, 12, 5), date(2020, 12, 7))
    assert (to_come.state, to_come.net, to_come.pay_day) == (FlowState.FIXED, CNY.money(12_390_000), None)
    assert (paid.state, paid.units, paid.net) == (FlowState.PAID, EACH, CNY.money(8_650_000))
    assert (less.units, less.net) == (EACH // 2, CNY.money(6_195_000))
    assert world.outsider.cash_flows(ISIN) == ()


# Tax


def test_withholding__of_a_person__goes_to_the_tax_account(world: World) -> None:
    office = world.senders["bookrunner"].address
    make_person(world, 1)
    issue(world, sheet_of(extra=TAXED), tax_account=office)
    assert world.bond.terms.provisions.tax_account == office
    due = figures(world).payment(1, EACH, world.account(1))
    bank = figures(world).payment(1, EACH, world.account(0))
    before = world.investor(1).cash_balance()

    paid = pay(world, 1)

    assert (due.interest, due.tax, due.net, due.tax_account) == (
        CNY.money(650_000),
        CNY.money(130_000),
        CNY.money(520_000),
        office,
    )
    assert (bank.tax, bank.net) == (CNY.money(0), CNY.money(650_000))
    assert (paid.count, paid.amount, paid.tax) == (INVESTORS, CNY.money(3_250_000), CNY.money(130_000))
    assert world.investor(1).cash_balance() == before + CNY.money(520_000)
    assert world.suite.cash().balance_of(office) == 130_000_00
    assert world.paying_agent.payment(ISIN, 1).withholds


def test_withholding__taken_by_a_claim__is_said(world: World) -> None:
    make_person(world, 1)
    issue(world, sheet_of(extra=TAXED), tax_account=world.senders["bookrunner"].address)
    fund(world, 1)
    world.at(pay_time(world, 1) + HOUR)

    claimed = world.investor(1).claim(ISIN, 1)

    assert (claimed.amount, claimed.tax, claimed.kept) == (
        CNY.money(650_000),
        CNY.money(130_000),
        CNY.money(0),
    )


def test_register__tax_without_an_account_or_an_account_without_tax__refused(world: World) -> None:
    office = world.senders["bookrunner"].address
    written = TAXED.replace("{rates", f'{{account: "{office}", rates')

    with pytest.raises(InputError, match="no account is to receive it"):
        world.issuer.register(sheet_of(extra=TAXED))
    with pytest.raises(InputError, match="withholds no tax"):
        world.issuer.register(sheet_of(), tax_account=office)
    with pytest.raises(InputError, match="the term sheet has tax go to"):
        world.issuer.register(sheet_of(extra=written), tax_account=world.account(0))
    world.issuer.register(sheet_of(extra=written))

    assert world.bond.terms.provisions.tax_account == office


# Rounding


@pytest.mark.parametrize(
    ("rounding", "each"), [("holding-down", "1.315"), ("unit-down", "1.31"), ("unit-half-up", "1.32")]
)
def test_rounding__by_the_unit_or_the_holding(world: World, rounding: str, each: str) -> None:
    issue(world, sheet_of(RETAIL, extra=f"rounding: {rounding}"))

    paid = pay(world, 1)

    assert paid.amount == CNY.money(Decimal(each) * UNITS)
    assert paid.residue == CNY.money(0)


# No coupon


def test_zero__grows_in_a_straight_line_and_is_repaid_at_its_face(world: World) -> None:
    sheet = sheet_of(
        "coupon: {kind: zero, day_count: ACT/365F, accretion: {method: straight}}",
        maturity="2020-12-04",
        issue_price="96.35",
    )
    issue(world, sheet)

    value = figures(world).accreted_value(date(2020, 2, 13))  # 70 days of 365
    accrued = world.investor(0).accrued(ISIN, date(2020, 2, 13))

    assert value == Decimal("97.05")
    assert (accrued.per_100, accrued.amount) == (Decimal("0.7000000"), CNY.money(140_000))
    assert (accrued.is_ex, accrued.is_pending) == (False, False)
    assert figures(world).accreted_value(date(2030, 1, 1)) == 100
    (flow,) = world.investor(0).cash_flows(ISIN)
    assert (flow.interest, flow.principal) == (CNY.money(0), CNY.money(20_000_000))
    assert pay(world, 1).amount == CNY.money(100_000_000)


# Accrued interest of a holding


def test_accrued__before_and_after_the_record_date__is_cum_then_ex(world: World) -> None:
    issue(world, sheet_of())
    start = world.investor(0).accrued(ISIN)
    cum = world.investor(0).accrued(ISIN, date(2020, 12, 3))
    world.at(record_time(world, 1) + HOUR)
    # On the day itself: the books closed at five, and it has 18:00 now.
    ex = world.investor(0).accrued(ISIN)

    assert (start.amount, start.period, start.is_ex) == (CNY.money(0), 1, False)
    assert (cum.is_ex, cum.amount) == (False, CNY.money("646448.08"))  # 364 of 366 days of 650,000
    assert (ex.day, ex.is_ex) == (date(2020, 12, 4), True)
    assert ex.amount == CNY.money("-1775.95")
    assert ex.per_100 == Decimal("-0.0088798")


def test_accrued__of_adjusted_periods__runs_on_to_the_payment_day(world: World) -> None:
    """The fifth is a Saturday, so that the year ends on Monday."""
    issue(world, sheet_of("coupon: {rate: 3.6, frequency: annual, day_count: ACT/360}", adjusted=True))

    sunday = world.investor(0).accrued(ISIN, date(2020, 12, 6))
    monday = world.investor(0).accrued(ISIN, date(2020, 12, 7))

    assert (sunday.period, sunday.is_ex, sunday.amount) == (1, True, CNY.money(-2_000))  # a day is 2,000
    assert (monday.period, monday.is_ex, monday.amount) == (2, False, CNY.money(0))
    assert figures(world).payment(1, EACH).interest == CNY.money(736_000)
    assert pay(world, 1).amount == CNY.money(5 * 736_000)


def test_accrued__of_nothing_or_outside_its_life(world: World) -> None:
    issue(world, sheet_of())

    with pytest.raises(InputError, match="holds no units"):
        world.outsider.accrued(ISIN)
    before = world.investor(0).accrued(ISIN, date(2019, 12, 4))
    assert (before.amount, before.period, before.is_ex) == (CNY.money(0), 1, False)
    with pytest.raises(TermsRefused) as closed:
        world.investor(0).accrued(ISIN, date(2021, 12, 6))
    assert closed.value.name == "AccrualDayInvalid"
    for day in (date(2019, 12, 4), date(2021, 12, 5)):
        with pytest.raises(InputError, match="bears no interest on"):
            figures(world).pool_factor(day)


def test_payment__no_such_period_or_units__refused(world: World) -> None:
    issue(world, sheet_of(PLAIN))

    with pytest.raises(InputError, match="has no payment 3"):
        figures(world).payment(3, 1)
    with pytest.raises(InputError, match="is not above zero"):
        figures(world).payment(1, 0)
    with pytest.raises(PaymentRefused, match="its last, with the principal"):
        world.paying_agent.pay(ISIN, 2)
    with pytest.raises(TermSheetError):
        sheet_of(extra=SINKING.replace("60", "50"))
    assert figures(world).payment_days(1) is not None
    assert figures(world).records_at(datetime(2021, 1, 1, tzinfo=UTC)) == 1
