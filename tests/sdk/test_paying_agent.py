"""Coupons, claims, redemption."""

from __future__ import annotations

from typing import Any

import pytest
from tests.sdk.world import INVESTORS, ISIN, PAY_DAYS, RECORDS, World, lei_of

from indenture.errors import IndentureError, InputError, MembershipRefused, PaymentRefused, TermsRefused
from indenture.money import CNY
from indenture.roles import Investor, PayingAgent

pytestmark = pytest.mark.integration


@pytest.fixture
def issued(world: World) -> World:
    world.issue()
    return world


# Funding


def test_fund__after_the_record_date__takes_the_interest(issued: World) -> None:
    issued.at(RECORDS[1])

    result = issued.paying_agent.fund(ISIN, 1)

    assert (result.interest, result.principal) == (CNY.money(650_000_000), CNY.money(0))
    assert (result.units, result.total) == (200_000_000, CNY.money(650_000_000))
    payment = issued.paying_agent.payment(ISIN, 1)
    assert (payment.funded, payment.paid, payment.complete) == (result.total, CNY.money(0), False)
    assert payment.funded_at == issued.chain.block_stamp(result.block).time
    assert payment.payer == issued.senders["paying agent"].address


def test_fund__before_the_record_date__refused(issued: World) -> None:
    with pytest.raises(PaymentRefused) as refused:
        issued.paying_agent.fund(ISIN, 1)

    assert refused.value.name == "PaymentRecordPending"


def test_fund__too_little_money__says_how_much_and_takes_nothing(issued: World) -> None:
    poor = PayingAgent(issued.suite, issued.senders["bookrunner"])
    issued.cash_issuer.issue([(issued.senders["bookrunner"].address, 600_000_000)])
    issued.at(RECORDS[1])

    with pytest.raises(PaymentRefused) as refused:
        poor.fund(ISIN, 1)

    assert "needs CNY 650,000,000.00" in refused.value.message
    assert "has CNY 600,000,000.00" in refused.value.message
    assert "CNY 50,000,000.00 more" in refused.value.hint
    assert issued.suite.cash().balance_of(poor.sender.address) == 600_000_000_00
    assert issued.paying_agent.payment(ISIN, 1).funded_at is None


def test_fund__twice__refused(issued: World) -> None:
    issued.fund(1)

    with pytest.raises(PaymentRefused) as refused:
        issued.paying_agent.fund(ISIN, 1)

    assert refused.value.name == "PaymentAlreadyFunded"


@pytest.mark.parametrize("period", [0, 3, -1, True, "1"])
def test_fund__no_such_period__refused(issued: World, period: Any) -> None:
    with pytest.raises(InputError, match="has no payment"):
        issued.paying_agent.fund(ISIN, period)


def test_holders_of_record__after_later_trades__are_those_of_the_record_date(issued: World) -> None:
    issued.fund(1)
    before = {each.account: each.units for each in issued.paying_agent.holders_of_record(ISIN, 1)}

    issued.investor(0).transfer(ISIN, issued.account(1), 1_000)

    after = {each.account: each.units for each in issued.paying_agent.holders_of_record(ISIN, 1)}
    assert after == before
    assert sum(after.values()) == 200_000_000


def test_holders_of_record__before_it__refused(issued: World) -> None:
    with pytest.raises(TermsRefused, match="has not passed, or has not been noticed yet"):
        issued.paying_agent.holders_of_record(ISIN, 1)


def test_holders_of_record__noticed_by_advance(issued: World) -> None:
    issued.at(RECORDS[1])

    issued.paying_agent.advance(ISIN)

    assert len(issued.paying_agent.holders_of_record(ISIN, 1)) == INVESTORS


# Coupons


def test_pay__all_holders__in_batches_to_the_last_fen(issued: World) -> None:
    issued.fund(1)
    issued.at(PAY_DAYS[1])
    steps: list[tuple[str, int, int]] = []
    before = issued.suite.cash().balances([issued.account(i) for i in range(INVESTORS)])

    result = issued.paying_agent.pay(ISIN, 1, batch=2, progress=lambda *step: steps.append(step))

    assert (result.count, len(result.transactions), result.completed) == (INVESTORS, 3, True)
    assert result.residue is not None
    assert result.amount + result.residue == CNY.money(650_000_000)
    assert result.kept == ()
    after = issued.suite.cash().balances([issued.account(i) for i in range(INVESTORS)])
    assert sum(after) - sum(before) == result.amount.base
    assert steps[0] == ("pay holders", 0, INVESTORS)
    assert steps[-1] == ("pay holders", INVESTORS, INVESTORS)


def test_pay__again__every_holder_has_been_paid(issued: World) -> None:
    issued.fund(1)
    issued.at(PAY_DAYS[1])
    issued.paying_agent.pay(ISIN, 1)

    with pytest.raises(PaymentRefused, match="every holder has been paid"):
        issued.paying_agent.pay(ISIN, 1)


def test_pay__some_holders_first__the_rest_follows(issued: World) -> None:
    issued.fund(1)
    issued.at(PAY_DAYS[1])

    some = issued.paying_agent.pay(ISIN, 1, [issued.account(0), issued.account(1)])
    rest = issued.paying_agent.pay(ISIN, 1)

    assert (some.count, some.completed, some.residue) == (2, False, None)
    assert (rest.count, rest.completed) == (INVESTORS - 2, True)


def test_pay__a_suspended_holder__is_kept_for_him_until_he_is_back(issued: World) -> None:
    issued.fund(1)
    issued.depository.suspend_member(lei_of("investor 0"), "because")
    issued.at(PAY_DAYS[1])
    before = issued.investor(0).cash_balance()

    result = issued.paying_agent.pay(ISIN, 1)

    (kept,) = result.kept
    assert kept.account == issued.account(0)
    assert (result.count, result.completed) == (INVESTORS, True)
    issued.depository.reinstate_member(lei_of("investor 0"), "over")
    assert issued.investor(0).collect(ISIN).amount == kept.amount
    assert issued.investor(0).cash_balance() == before + kept.amount
    with pytest.raises(PaymentRefused) as refused:
        issued.investor(0).collect(ISIN)
    assert refused.value.name == "KeptAmountNone"


def test_pay__not_funded_or_not_due__says_so(issued: World) -> None:
    issued.at(RECORDS[1])
    with pytest.raises(PaymentRefused, match="is due on 2020-12-05; its days are not fixed yet"):
        issued.paying_agent.pay(ISIN, 1)
    issued.paying_agent.advance(ISIN)
    with pytest.raises(PaymentRefused, match="is made from 2020-12-06 16:00 UTC on"):
        issued.paying_agent.pay(ISIN, 1)
    issued.at(PAY_DAYS[1])
    with pytest.raises(PaymentRefused, match="nobody has funded payment 1") as refused:
        issued.paying_agent.pay(ISIN, 1)
    assert refused.value.name == "PaymentNotFunded"


def test_pay__the_last_period__is_a_redemption(issued: World) -> None:
    with pytest.raises(PaymentRefused, match="is its last, with the principal"):
        issued.paying_agent.pay(ISIN, 2)


@pytest.mark.parametrize("batch", [0, 257, True])
def test_pay__impossible_batch__refused(issued: World, batch: int) -> None:
    with pytest.raises(InputError, match="is not between 1 and 256"):
        issued.paying_agent.pay(ISIN, 1, batch=batch)


@pytest.mark.parametrize(("holders", "words"), [(["0x12"], "is not an address"), (None, "is named twice")])
def test_pay__bad_holders__refused(issued: World, holders: list[str] | None, words: str) -> None:
    issued.fund(1)
    issued.at(PAY_DAYS[1])

    with pytest.raises(InputError, match=words):
        issued.paying_agent.pay(ISIN, 1, holders or [issued.account(0)] * 2)


# Claims


def test_claim__by_a_holder__then_he_is_passed_over(issued: World) -> None:
    issued.fund(1)
    issued.at(PAY_DAYS[1])

    claimed = issued.investor(0).claim(ISIN, 1)
    paid = issued.paying_agent.pay(ISIN, 1)

    assert (claimed.amount, claimed.kept) == (CNY.money("129999996.75"), CNY.money(0))
    assert paid.count == INVESTORS - 1


@pytest.mark.parametrize(
    ("when", "name"),
    [("not funded", "PaymentNotFunded"), ("not due", "PaymentNotDue"), ("twice", "PaymentAlreadyMade")],
)
def test_claim__too_early_or_twice__refused(issued: World, when: str, name: str) -> None:
    if when != "not funded":
        issued.fund(1)
    if when == "twice":
        issued.at(PAY_DAYS[1])
        issued.investor(0).claim(ISIN, 1)

    with pytest.raises(PaymentRefused) as refused:
        issued.investor(0).claim(ISIN, 1)

    assert refused.value.name == name


def test_claim__by_who_held_nothing__refused(issued: World) -> None:
    issued.fund(1)
    issued.at(PAY_DAYS[1])

    with pytest.raises(PaymentRefused) as refused:
        Investor(issued.suite, issued.senders["paying agent"]).claim(ISIN, 1)

    assert refused.value.name == "PaymentNothingDue"


def test_claim__with_frozen_units__their_part_is_kept(issued: World) -> None:
    issued.depository.freeze(ISIN, issued.account(0))
    issued.fund(1)
    issued.at(PAY_DAYS[1])

    claimed = issued.investor(0).claim(ISIN, 1)

    assert claimed.kept == claimed.amount
    with pytest.raises(IndentureError) as refused:
        issued.investor(0).collect(ISIN)
    assert refused.value.name == "KeptAmountFrozen"  # type: ignore[attr-defined]
    issued.depository.unfreeze(ISIN, issued.account(0))
    assert issued.investor(0).collect(ISIN).amount == claimed.amount


# Redemption


def test_redeem__whole_life__nothing_is_left(issued: World) -> None:
    for period in (1, 2):
        issued.fund(period)
        issued.at(PAY_DAYS[period])
        if period == 1:
            issued.paying_agent.pay(ISIN, 1)

    result = issued.paying_agent.redeem(ISIN, batch=2)

    assert result.completed
    assert result.residue is not None
    assert result.amount + result.residue == CNY.money(20_650_000_000)
    assert issued.bond.total_supply() == 0
    assert issued.bond.book().closed
    assert issued.investor(0).holdings() == ()
    with pytest.raises(PaymentRefused, match="every holder has been paid"):
        issued.paying_agent.redeem(ISIN)


def test_redeem__before_maturity__says_when(issued: World) -> None:
    with pytest.raises(PaymentRefused, match="the redemption of CND1000BOC15 is due on 2021-12-05") as early:
        issued.paying_agent.redeem(ISIN)

    assert early.value.name == "PaymentNotDue"


def test_transfer__after_the_books_closed__refused(issued: World) -> None:
    issued.fund(1)
    issued.fund(2)

    with pytest.raises(TermsRefused) as refused:
        issued.investor(0).transfer(ISIN, issued.account(1), 1)

    assert refused.value.name == "BondBooksClosed"


def test_pay__by_an_outsider__is_fine_but_funding_needs_a_member(issued: World) -> None:
    anyone = PayingAgent(issued.suite, issued.senders["outsider"])
    issued.at(RECORDS[1])
    with pytest.raises((PaymentRefused, MembershipRefused)):
        anyone.fund(ISIN, 1)
    issued.paying_agent.fund(ISIN, 1)
    issued.at(PAY_DAYS[1])

    assert anyone.pay(ISIN, 1).completed
