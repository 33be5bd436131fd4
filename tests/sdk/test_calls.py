"""The issuer's rights over the end of a bond: calls in whole and in part, stated events, extension."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.sdk.bonds import DAY, EACH, UNITS, figures, fund, issue, pay, sheet_of
from tests.sdk.world import ISIN, World

from indenture.errors import AccessRefused, InputError, InvalidAmount, PaymentRefused, TermsRefused
from indenture.figures import FlowState
from indenture.models import PartialCall
from indenture.money import CNY
from indenture.roles import Issuer

pytestmark = pytest.mark.integration

CALLS = (
    "rights: {calls: [{from: 2020-12-05, to: 2021-11-05, notice_days: 30, price: 101, in_part: true}], "
    "events: [{code: TAX, right: issuer, notice_days: 15, price: 100}]}"
)
EXTENDABLE = "rights: {extension: {periods: 1, notice_days: 60, rate: 4}}"
DOCUMENT = b"opinion of counsel"


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)


# The whole bond


def test_call__inside_a_period__ends_the_term_on_the_day_at_the_price(world: World) -> None:
    issue(world, sheet_of(extra=CALLS))

    result = world.issuer.call(ISIN, date(2021, 3, 5))

    assert (result.last_period, result.day, result.price) == (2, date(2021, 3, 5), Decimal(101))
    state = figures(world).bond_state()
    assert (state.is_called, state.price) == (True, Decimal(101))
    assert (state.last_period, state.maturity_day) == (2, date(2021, 3, 5))
    assert pay(world, 1).amount == CNY.money(3_250_000)
    paid = pay(world, 2)
    assert paid.completed
    # 90 of the 365 days of the period, and 101 for 100.
    assert paid.amount + (paid.residue or CNY.money(0)) == CNY.money("101801369.86")
    assert world.bond.total_supply() == 0


def test_call__on_a_due_day__ends_with_the_regular_period(world: World) -> None:
    issue(world, sheet_of(extra=CALLS))

    result = world.issuer.call(ISIN, date(2020, 12, 5))

    assert (result.last_period, world.bond.maturity_day()) == (1, date(2020, 12, 5))
    (flow,) = world.investor(0).cash_flows(ISIN)
    assert (flow.interest, flow.principal) == (CNY.money(650_000), CNY.money(20_200_000))
    assert pay(world, 1).amount == CNY.money(104_250_000)


def test_cash_flows__of_a_called_bond__end_on_the_day(world: World) -> None:
    issue(world, sheet_of(extra=CALLS))
    world.issuer.call(ISIN, date(2021, 3, 5))

    first, last = world.investor(0).cash_flows(ISIN)

    assert (first.due, last.due) == (date(2020, 12, 5), date(2021, 3, 5))
    assert (last.state, last.principal) == (FlowState.FIXED, CNY.money(101 * EACH))
    with pytest.raises(InputError, match="bears no interest on 2021-03-05"):
        figures(world).period_of(date(2021, 3, 5))


@pytest.mark.parametrize(
    ("day", "name", "words"),
    [
        (date(2020, 12, 4), "CallRefused", "no right of its terms lies on that day"),
        (date(2021, 11, 6), "CallRefused", "no right of its terms lies on that day"),
    ],
)
def test_call__a_day_without_right__refused(world: World, day: date, name: str, words: str) -> None:
    issue(world, sheet_of(extra=CALLS))

    with pytest.raises(TermsRefused, match=words) as refused:
        world.issuer.call(ISIN, day)

    assert refused.value.name == name
    assert "2020-12-05 to 2021-11-05" in refused.value.hint


def test_call__without_notice__refused(world: World) -> None:
    issue(world, sheet_of(extra=CALLS))
    world.at(noon(2021, 2, 4))

    with pytest.raises(TermsRefused, match="30 days before 2021-03-05") as refused:
        world.issuer.call(ISIN, date(2021, 3, 5))

    assert refused.value.name == "NoticeTooLate"


def test_call__twice_or_by_another__refused(world: World) -> None:
    issue(world, sheet_of(extra=CALLS))
    with pytest.raises(AccessRefused, match="did not register CND1000BOC15"):
        Issuer(world.suite, world.senders["bookrunner"]).call(ISIN, date(2021, 3, 5))
    world.issuer.call(ISIN, date(2021, 3, 5))

    with pytest.raises(TermsRefused, match="was called already, for 2021-03-05") as refused:
        world.issuer.call(ISIN, date(2021, 4, 5))

    assert refused.value.name == "CallRefused"


def test_call__a_bond_without_rights__says_so(world: World) -> None:
    issue(world, sheet_of())

    with pytest.raises(TermsRefused) as refused:
        world.issuer.call(ISIN, date(2021, 3, 5))

    assert refused.value.hint == "The terms give no such right."


# In part


def test_call_in_part__with_a_payment__lowers_what_bears_interest(world: World) -> None:
    issue(world, sheet_of(extra=CALLS))

    result = world.issuer.call_in_part(ISIN, 1, 20)

    assert (result.period, result.share, result.price) == (1, Decimal(20), Decimal(101))
    assert figures(world).bond_state().partial_calls == (PartialCall(1, Decimal(20), Decimal(101)),)
    assert pay(world, 1).amount == CNY.money(3_250_000 + 20_200_000)
    assert figures(world).pool_factor(date(2021, 1, 5)) == Decimal("0.8")
    assert pay(world, 2).amount == CNY.money(2_600_000 + 80_000_000)


@pytest.mark.parametrize(
    ("share", "words"),
    [("0.005", "is not whole base units of one unit"), (0, "is no part"), (100, "is no part"), (-1, "is no")],
)
def test_call_in_part__no_share_of_the_face__refused(world: World, share: int | str, words: str) -> None:
    issue(world, sheet_of(extra=CALLS))

    with pytest.raises(InvalidAmount, match=words):
        world.issuer.call_in_part(ISIN, 1, share)


def test_call_in_part__wrong_payment__refused_with_the_reason(world: World) -> None:
    issue(world, sheet_of(extra=CALLS))
    with pytest.raises(TermsRefused, match="it is the last one"):
        world.issuer.call_in_part(ISIN, 2, 20)
    with pytest.raises(InputError, match="has no payment 3"):
        world.issuer.call_in_part(ISIN, 3, 20)
    world.issuer.call_in_part(ISIN, 1, 20)

    with pytest.raises(TermsRefused, match="a part was called with payment 1 already") as refused:
        world.issuer.call_in_part(ISIN, 1, 20)

    assert refused.value.name == "PartialCallRefused"


def test_call_in_part__recorded_or_all_of_it__refused(world: World) -> None:
    calls = CALLS.replace("2020-12-05", "2020-06-05")
    semi = "coupon: {rate: 3.25, frequency: semi-annual, day_count: ACT/ACT ICMA}"
    issue(world, sheet_of(semi, extra=calls))
    world.issuer.call_in_part(ISIN, 2, 60)
    with pytest.raises(TermsRefused, match="60 % of the face were called before"):
        world.issuer.call_in_part(ISIN, 3, 40)
    fund(world, 1)

    with pytest.raises(TermsRefused, match="1 record dates have passed") as refused:
        world.issuer.call_in_part(ISIN, 1, 20)

    assert refused.value.name == "PartialCallRefused"


def test_call_in_part__by_a_right_for_the_whole__refused(world: World) -> None:
    issue(world, sheet_of(extra=CALLS.replace(", in_part: true", "")))

    with pytest.raises(TermsRefused, match="cannot be called in part for 2020-12-05"):
        world.issuer.call_in_part(ISIN, 1, 20)


# Stated events


def test_redeem_on_event__that_is_stated__ends_the_term(world: World) -> None:
    issue(world, sheet_of(extra=CALLS))

    result = world.issuer.redeem_on_event(ISIN, "TAX", date(2020, 6, 5), DOCUMENT)

    assert (result.last_period, result.day, result.price) == (1, date(2020, 6, 5), Decimal(100))
    assert pay(world, 1).completed


def test_redeem_on_event__not_stated_late_or_without_document__refused(world: World) -> None:
    issue(world, sheet_of(extra=CALLS))
    with pytest.raises(TermsRefused, match="state no event RATING that lets the issuer redeem") as unknown:
        world.issuer.redeem_on_event(ISIN, "RATING", date(2020, 6, 5), DOCUMENT)
    with pytest.raises(InputError, match="a document is needed"):
        world.issuer.redeem_on_event(ISIN, "TAX", date(2020, 6, 5), b"")
    with pytest.raises(InputError, match=r"no-such-file\.pdf cannot be read"):
        world.issuer.redeem_on_event(ISIN, "TAX", date(2020, 6, 5), "no-such-file.pdf")
    with pytest.raises(InputError, match="64 hexadecimal digits follow 0x"):
        world.issuer.redeem_on_event(ISIN, "TAX", date(2020, 6, 5), "0x" + "zz" * 32)
    with pytest.raises(TermsRefused, match="runs from 2019-12-05 to 2021-12-05"):
        world.issuer.redeem_on_event(ISIN, "TAX", date(2021, 12, 5), DOCUMENT)

    with pytest.raises(TermsRefused, match="15 days before 2019-12-20") as late:
        world.issuer.redeem_on_event(ISIN, "TAX", date(2019, 12, 20), DOCUMENT)

    assert (unknown.value.name, late.value.name) == ("EventNotStated", "NoticeTooLate")
    assert unknown.value.hint == "They state: TAX (issuer)."


# Extension


def test_extend_maturity__in_time__goes_on_at_its_rate(world: World) -> None:
    issue(world, sheet_of(extra=EXTENDABLE))

    result = world.issuer.extend_maturity(ISIN)

    assert (result.last_period, result.maturity, result.rate) == (3, date(2022, 12, 5), Decimal(4))
    state = figures(world).bond_state()
    assert (state.extended_from, state.extended_rate, state.last_period) == (3, Decimal(4), 3)
    flows = world.investor(0).cash_flows(ISIN)
    assert [flow.due for flow in flows] == [date(2020 + k, 12, 5) for k in range(3)]
    assert [flow.interest for flow in flows] == [CNY.money(n) for n in (650_000, 650_000, 800_000)]
    assert flows[-1].principal == CNY.money(100 * EACH)
    with pytest.raises(TermsRefused, match="it was extended already, from period 3 on"):
        world.issuer.extend_maturity(ISIN)


def test_extend_maturity__late_or_without_right__refused(world: World) -> None:
    issue(world, sheet_of(extra=EXTENDABLE))
    world.at(noon(2021, 10, 6) + DAY)

    with pytest.raises(TermsRefused, match="60 days before 2021-12-05") as late:
        world.issuer.extend_maturity(ISIN)

    assert late.value.name == "NoticeTooLate"


def test_extend_maturity__of_a_called_bond__refused(world: World) -> None:
    both = EXTENDABLE.replace("rights: {", "rights: {calls: [{from: 2020-12-05, notice_days: 30}], ")
    issue(world, sheet_of(extra=both))
    world.issuer.call(ISIN, date(2020, 12, 5))

    with pytest.raises(TermsRefused, match="the bond was called for 2020-12-05") as refused:
        world.issuer.extend_maturity(ISIN)

    assert refused.value.name == "ExtensionRefused"


def test_extend_maturity__terms_without_it__refused(world: World) -> None:
    issue(world, sheet_of(extra=CALLS))

    with pytest.raises(TermsRefused, match="the terms give no such right") as refused:
        world.issuer.extend_maturity(ISIN)

    assert refused.value.name == "ExtensionRefused"


# Funding twice


def test_fund__twice__refused(world: World) -> None:
    issue(world, sheet_of(extra=CALLS))
    fund(world, 1)

    with pytest.raises(PaymentRefused) as refused:
        world.paying_agent.fund(ISIN, 1)

    assert refused.value.name == "PaymentAlreadyFunded"
    assert world.bond.total_supply() == UNITS
