"""Interest that is added to the principal or deferred, and bonds that their issuer renews."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.sdk.bonds import (
    DAY,
    HOUR,
    UNITS,
    administrator,
    define,
    figures,
    issue,
    pay,
    record_time,
    sheet_of,
)
from tests.sdk.world import ISIN, World

from indenture.errors import AccessRefused, FixingRefused, InputError, PaymentRefused, TermsRefused
from indenture.figures import FlowState
from indenture.interest import BenchmarkKind, Source
from indenture.money import CNY
from indenture.roles import Issuer

pytestmark = pytest.mark.integration

SEMI = "coupon: {rate: 8, frequency: semi-annual, day_count: 30E/360}"
PERPETUAL = "coupon: {rate: 4, frequency: annual, day_count: ACT/ACT ICMA}"
DEFERRABLE = "deferral: {notice_days: 31, bears_interest: true}"
RENEWABLE = (
    "renewal: {every: 1 years, notice_days: 45, benchmark: CGB1Y, lag: 1, spread: 1.2, step_up: 3}\n"
    "fallback_days: 5"
)


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)


# Payment in kind


def test_capitalisation__two_periods__raise_the_principal_then_pay_on_it(world: World) -> None:
    issue(world, sheet_of(SEMI, extra="capitalisation: {until: 2020-12-05}"))
    assert figures(world).pool_factor() == 1
    world.at(noon(2020, 12, 7))

    fixed = world.paying_agent.fix_due(ISIN)

    assert [each.factor for each in fixed.fixings] == [Decimal("1.04"), Decimal("1.0816"), Decimal("1.0816")]
    assert figures(world).pool_factor() == Decimal("1.0816")
    assert figures(world).pool_factor(date(2020, 6, 5)) == Decimal("1.04")
    paid = pay(world, 3)
    assert paid.amount == CNY.money("4326400.00")  # four percent of 1.0816
    world.at(noon(2021, 6, 7))
    world.paying_agent.fix_due(ISIN)
    assert pay(world, 4).amount == CNY.money("112486400.00")


def test_fund__a_capitalised_period__says_that_nothing_is_paid(world: World) -> None:
    issue(world, sheet_of(SEMI, extra="capitalisation: {until: 2020-12-05}"))
    world.at(record_time(world, 1) + HOUR)
    world.paying_agent.fix_due(ISIN)

    with pytest.raises(PaymentRefused, match="its interest is added to the principal") as refused:
        world.paying_agent.fund(ISIN, 1)

    assert refused.value.name == "PaymentNothingDue"


def test_cash_flows__of_a_growing_principal__are_open_until_it_is_fixed(world: World) -> None:
    issue(world, sheet_of(SEMI, extra="capitalisation: {until: 2020-12-05}"))
    world.paying_agent.fix_due(ISIN)

    flows = world.investor(0).cash_flows(ISIN)

    assert [flow.state for flow in flows] == [FlowState.FIXED, *[FlowState.OPEN] * 3]
    assert flows[0].net == CNY.money(0)
    assert flows[3].principal is None


# Deferral


def test_defer_interest__before_the_notice__is_owed_with_interest_on_it(world: World) -> None:
    issue(world, sheet_of(PERPETUAL, maturity="2022-12-05", extra=DEFERRABLE))

    result = world.issuer.defer_interest(ISIN, 1)
    world.at(noon(2020, 12, 7))
    first, second = world.paying_agent.fix_due(ISIN).fixings

    assert (result.period, result.arrears) == (1, None)
    assert (first.is_deferred, first.arrears) == (True, Decimal("0.04"))
    assert (second.is_deferred, second.arrears) == (False, Decimal(0))
    with pytest.raises(PaymentRefused, match="its interest is deferred"):
        world.paying_agent.fund(ISIN, 1)
    assert pay(world, 2).amount == CNY.money("8160000.00")  # 4 and 4 of the year before, at 4 % on it


def test_defer_interest__of_a_period_that_is_fixed__gives_the_arrears(world: World) -> None:
    issue(world, sheet_of(PERPETUAL, maturity="2022-12-05", extra=DEFERRABLE))
    world.paying_agent.fix(ISIN)

    result = world.issuer.defer_interest(ISIN, 1)

    assert result.arrears == Decimal("0.04")
    fixing = figures(world).fixing(1)
    assert fixing is not None
    assert (fixing.is_deferred, fixing.arrears) == (True, Decimal("0.04"))


@pytest.mark.parametrize(
    ("period", "words"),
    [(3, "it is paid with the last payment"), (2, "it can only be 1"), (1, "it is deferred already")],
)
def test_defer_interest__of_the_wrong_period__refused(world: World, period: int, words: str) -> None:
    issue(world, sheet_of(PERPETUAL, maturity="2022-12-05", extra=DEFERRABLE))
    if period == 1:
        world.issuer.defer_interest(ISIN, 1)

    with pytest.raises(TermsRefused, match=words) as refused:
        world.issuer.defer_interest(ISIN, period)

    assert refused.value.name == "DeferralRefused"


def test_defer_interest__too_late_without_right_or_by_another__refused(world: World) -> None:
    issue(world, sheet_of(PERPETUAL, maturity="2022-12-05", extra=DEFERRABLE))
    other = Issuer(world.suite, world.senders["bookrunner"])
    with pytest.raises(AccessRefused, match="did not register CND1000BOC15"):
        other.defer_interest(ISIN, 1)
    world.at(noon(2020, 11, 4) + DAY)

    with pytest.raises(TermsRefused, match="31 days before 2020-12-05") as late:
        world.issuer.defer_interest(ISIN, 1)
    with pytest.raises(TermsRefused, match="no right to renew") as none:
        world.issuer.renew(ISIN)
    with pytest.raises(InputError, match="has no period 9"):
        world.issuer.defer_interest(ISIN, 9)

    assert (late.value.name, none.value.name) == ("NoticeTooLate", "RenewalRefused")


def test_defer_interest__a_bond_without_the_right__refused(world: World) -> None:
    issue(world, sheet_of())

    with pytest.raises(TermsRefused, match="the terms give no such right"):
        world.issuer.defer_interest(ISIN, 1)


# Renewal


def perpetual(world: World) -> None:
    define(world, "CGB1Y", BenchmarkKind.RATE)
    issue(world, sheet_of(PERPETUAL, maturity="2020-12-05", extra=RENEWABLE))


def test_renew__in_time__goes_on_at_a_new_rate(world: World) -> None:
    perpetual(world)

    result = world.issuer.renew(ISIN)

    assert (result.last_period, result.maturity) == (2, date(2021, 12, 5))
    assert (world.bond.last_period(), world.bond.maturity_day()) == (2, date(2021, 12, 5))
    assert world.bond.book().last == 2
    world.paying_agent.fix(ISIN)
    assert pay(world, 1).amount == CNY.money(4_000_000)
    world.at(noon(2020, 12, 8))
    administrator(world).publish("CGB1Y", date(2020, 12, 4), "2.8")
    (fixing,) = world.paying_agent.fix(ISIN).fixings
    assert (fixing.rate, fixing.value, fixing.source) == (
        Decimal(7),
        Decimal("2.8"),
        Source.PUBLISHED,
    )
    assert pay(world, 2).amount == CNY.money(107_000_000)
    assert world.bond.total_supply() == 0


def test_renew__nothing_published__steps_up_the_rate_before(world: World) -> None:
    perpetual(world)
    world.issuer.renew(ISIN)
    world.at(noon(2020, 12, 12))

    fixings = world.paying_agent.fix_due(ISIN).fixings

    assert [(each.rate, each.source) for each in fixings] == [
        (Decimal(4), Source.TERMS),
        (Decimal(7), Source.PREVIOUS_RATE),
    ]


def test_renew__twice_in_one_cycle__refused_until_the_next_has_begun(world: World) -> None:
    perpetual(world)
    world.issuer.renew(ISIN)

    with pytest.raises(TermsRefused, match="that cycle has not begun") as early:
        world.issuer.renew(ISIN)
    world.at(noon(2020, 12, 6))
    result = world.issuer.renew(ISIN)

    assert early.value.name == "RenewalTooEarly"
    assert result.last_period == 3


def test_renew__a_bond_that_was_called__refused(world: World) -> None:
    define(world, "CGB1Y", BenchmarkKind.RATE)
    rights = "rights: {events: [{code: TAX, right: issuer, notice_days: 15, price: 100}]}"
    issue(world, sheet_of(PERPETUAL, maturity="2020-12-05", extra=f"{RENEWABLE}\n{rights}"))
    world.issuer.redeem_on_event(ISIN, "TAX", date(2020, 6, 5), b"opinion of counsel")

    with pytest.raises(TermsRefused, match="was called for 2020-06-05, and is not renewed") as refused:
        world.issuer.renew(ISIN)

    assert refused.value.name == "RenewalRefused"


def test_renew__after_the_notice__refused_and_the_bond_is_redeemed(world: World) -> None:
    perpetual(world)
    world.at(noon(2020, 10, 22))

    with pytest.raises(TermsRefused, match="45 days before 2020-12-05") as late:
        world.issuer.renew(ISIN)

    assert late.value.name == "NoticeTooLate"
    world.at(record_time(world, 1) + HOUR)
    with pytest.raises(FixingRefused, match="is not fixed: period 1 can be fixed now"):
        world.paying_agent.fund(ISIN, 1)
    world.paying_agent.fix(ISIN)
    assert pay(world, 1).amount == CNY.money(104 * UNITS)
    assert world.bond.total_supply() == 0
