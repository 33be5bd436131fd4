"""Payment and issue: winners, losers, and who cannot pay or hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.sdk.world import (
    CLOSES,
    DEPOSIT,
    INVESTORS,
    ISIN,
    REVEALS_BY,
    SETTLES_BY,
    SETTLES_FROM,
    UNITS,
    WEALTH,
    World,
    lei_of,
)

from indenture.errors import (
    MembershipRefused,
    OfferingRefused,
    PaymentRefused,
    UnitsRefused,
)
from indenture.models import Bid, BidStatus
from indenture.money import CNY
from indenture.primary import Pricing, Stage, clear, price_of
from indenture.results import Skipped
from indenture.roles import open_bids, place_bids
from indenture.sealing import Vault

pytestmark = pytest.mark.integration

RICH = CNY.money(WEALTH * 2)
AFTER = timedelta(seconds=1)


def cash_held(world: World) -> int:
    return world.suite.cash().balance_of(world.suite.offering.address)


@pytest.fixture
def result(world: World) -> int:
    """Five bids for 40 million units each at par, all filled; payment has begun."""
    number = world.open_book(world.rules(deposit=DEPOSIT.base))
    for i in range(INVESTORS):
        world.investor(i).bid(number, [Bid(100, 40_000_000)])
    world.clear(number)
    world.at(SETTLES_FROM)
    return number


# Winners


def test_settle__all_can_pay__money_and_units_change_hands(world: World, result: int) -> None:
    issuer = world.senders["issuer"].address

    settled = world.bookrunner.settle(result, batch=2)

    assert (settled.count, settled.units, settled.skipped) == (INVESTORS, UNITS, ())
    assert settled.proceeds == CNY.money(20_000_000_000)
    assert len(settled.transactions) == 3
    assert world.suite.cash().balance_of(issuer) == settled.proceeds.base
    assert world.bond.balances([world.account(i) for i in range(INVESTORS)]) == [40_000_000] * INVESTORS
    assert world.investor(0).cash_balance() == RICH - CNY.money(4_000_000_000)
    assert cash_held(world) == 0
    assert world.book(result).issued == UNITS
    allotment = world.investor(0).my_allotment(result)
    assert (allotment.won, allotment.settled, allotment.lapsed) == (40_000_000, True, False)
    assert world.investor(0).my_bids(result).status is BidStatus.FINISHED


def test_settle__again__has_no_winner_left(world: World, result: int) -> None:
    world.bookrunner.settle(result)

    with pytest.raises(OfferingRefused, match="has no winner left to settle"):
        world.bookrunner.settle(result)


def test_settle__before_and_after_its_time__refused(world: World) -> None:
    number = world.open_book()
    world.bid_all(number)
    world.clear(number)

    with pytest.raises(OfferingRefused) as early:
        world.bookrunner.settle(number)
    world.at(SETTLES_BY + AFTER)
    with pytest.raises(OfferingRefused) as late:
        world.bookrunner.settle(number)

    assert (early.value.name, late.value.name) == ("OfferingTooEarly", "OfferingTooLate")


def test_pay__by_the_winner_himself__from_deposit_then_account(world: World, result: int) -> None:
    investor = world.investor(0)
    investor.deposit_funds(5_000_000)

    paid = investor.pay(result)

    assert (paid.settled, paid.amount) == (True, CNY.money(4_000_000_000))
    assert investor.funds().balance == investor.funds().held == CNY.money(0)
    assert investor.cash_balance() == RICH - CNY.money(4_000_000_000)
    with pytest.raises(OfferingRefused, match="has paid already"):
        investor.pay(result)
    with pytest.raises(OfferingRefused, match="has no opened bids"):
        world.outsider.pay(result)


def test_settle__deposit_is_more_than_the_price__the_difference_stands_ready(world: World) -> None:
    number = world.open_book(world.rules(deposit=DEPOSIT.base))
    world.investor(0).bid(number, [Bid(100, 3)])
    world.clear(number)
    world.settle(number)

    assert world.investor(0).funds().balance == DEPOSIT - CNY.money(300)
    assert world.investor(0).withdraw_funds().amount == DEPOSIT - CNY.money(300)
    assert cash_held(world) == 0


def test_settle__by_bids_of_clients__each_gets_his_own(world: World) -> None:
    number = world.open_book()
    clients = [world.account(i) for i in (1, 2)]
    world.investor(0).bid(number, [Bid(100, 10), *(Bid(100, 20 + i, who) for i, who in enumerate(clients))])
    world.clear(number)

    world.settle(number)

    assert world.bond.balances([world.account(0), *clients]) == [10, 20, 21]
    assert world.investor(0).cash_balance() == RICH - CNY.money(5_100)
    assert world.investor(1).cash_balance() == RICH


@pytest.mark.parametrize("pricing", list(Pricing))
def test_settle__each_pays_what_the_pricing_says(world: World, vault: Vault, pricing: Pricing) -> None:
    band = 20 if pricing is Pricing.MIXED else 0
    number = world.open_book(world.tender_rules(pricing=pricing, band=band))
    for i in range(INVESTORS):
        world.investor(i).bid(number, [Bid(f"3.{i}1", 30_000_000), Bid(f"3.{i}2", 20_000_000)], vault)
    world.clear(number, vault)
    state = world.suite.offering.book(number)
    market, openings = world.bond.terms.market, world.suite.offering.openings(number)
    clearing = clear(state.rules, market, openings)

    settled = world.settle(number)

    due = 0
    for each in world.bookrunner.allotments(number):
        own = sum(
            units * price_of(bid.quote, state.rules, market, clearing)
            for bid, units in zip(each.bids, each.units, strict=True)
            if units
        )
        assert each.amount.base == own
        due += own
    assert settled.proceeds.base == due
    assert (due == UNITS * 100_00) is (pricing is Pricing.UNIFORM)


def test_settle__issuer_may_hold_no_money_now__proceeds_stand_ready(world: World, result: int) -> None:
    issuer = world.senders["issuer"].address
    world.depository.suspend_accounts([issuer])

    settled = world.bookrunner.settle(result)

    assert world.issuer.funds().balance == settled.proceeds
    world.depository.reinstate_accounts([issuer])
    assert world.issuer.withdraw_funds().amount == settled.proceeds
    assert world.suite.cash().balance_of(issuer) == settled.proceeds.base


# Who cannot pay, or may not hold


def test_settle__one_has_no_money__he_is_skipped_and_can_pay_later(world: World, result: int) -> None:
    poor = world.investor(2)
    poor.transfer_cash(world.account(3), poor.cash_balance())

    settled = world.bookrunner.settle(result)
    with pytest.raises(PaymentRefused, match=r"has CNY 0\.00, CNY 3,999,000,000\.00 is needed"):
        poor.pay(result)
    again = world.bookrunner.settle(result)

    assert settled.count == INVESTORS - 1
    assert settled.skipped == again.skipped == (Skipped(poor.account, "the money is not there"),)
    assert (again.count, again.transactions) == (0, ())
    world.investor(3).transfer_cash(poor.account, 4_000_000_000)
    assert poor.pay(result).settled


def test_settle__suspended_winner__is_skipped_and_named(world: World, result: int) -> None:
    world.depository.suspend_member(lei_of("investor 1"), "because")

    settled = world.bookrunner.settle(result)
    with pytest.raises(MembershipRefused, match="which is suspended"):
        world.investor(1).pay(result)

    assert settled.count == INVESTORS - 1
    (skipped,) = settled.skipped
    assert skipped == Skipped(world.account(1), f"{world.account(1)} may not hold the bond now")
    world.depository.reinstate_member(lei_of("investor 1"), "over")
    assert world.bookrunner.settle(result).units == 40_000_000


def test_lapse__suspended_winner__loses_his_units_and_keeps_his_deposit(world: World, result: int) -> None:
    world.depository.suspend_member(lei_of("investor 1"), "because")
    world.bookrunner.settle(result)
    with pytest.raises(OfferingRefused, match="unpaid units lapse after 2019-12-06 09:00:00"):
        world.bookrunner.lapse_all(result)
    world.at(SETTLES_BY + AFTER)

    lapsed = world.bookrunner.lapse_all(result)

    assert lapsed.count == 1
    assert world.investor(1).funds().balance == DEPOSIT
    assert world.investor(1).my_allotment(result).lapsed
    assert world.issuer.funds().balance == CNY.money(0)
    assert world.bookrunner.lapse_all(result).transactions == ()


def test_lapse__non_payer__loses_his_deposit_to_the_issuer(world: World, result: int) -> None:
    poor = world.investor(2)
    poor.transfer_cash(world.account(3), poor.cash_balance())
    world.bookrunner.settle(result)
    world.at(SETTLES_BY + AFTER)

    world.bookrunner.finish(result)

    assert poor.my_allotment(result).lapsed
    assert world.issuer.funds().balance == DEPOSIT
    assert poor.funds().balance == poor.funds().held == CNY.money(0)
    assert world.bond.balance_of(poor.account) == 0
    with pytest.raises(OfferingRefused, match="has lost its units, which were not paid in time"):
        poor.pay(result)


def test_lapse__client_may_not_hold__his_bidder_answers_for_it(world: World) -> None:
    number = world.open_book(world.rules(deposit=DEPOSIT.base))
    world.investor(0).bid(number, [Bid(100, 10), Bid(100, 20, world.account(1))])
    world.clear(number)
    world.depository.suspend_member(lei_of("investor 1"), "because")
    world.at(SETTLES_FROM)

    settled = world.bookrunner.settle(number)
    world.at(SETTLES_BY + AFTER)
    world.bookrunner.lapse_all(number)

    assert (settled.count, settled.skipped[0].bidder) == (0, world.account(0))
    assert settled.skipped[0].reason == f"{world.account(1)} may not hold the bond now"
    assert world.issuer.funds().balance == DEPOSIT


def test_settle__bond_is_paused__refused_for_all(world: World, result: int) -> None:
    world.depository.pause(ISIN)

    with pytest.raises(UnitsRefused) as refused:
        world.bookrunner.settle(result)

    assert refused.value.name == "BondPaused"
    assert cash_held(world) == DEPOSIT.base * INVESTORS


# Losers


def test_refund__loser__gets_his_deposit_back(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())
    world.investor(0).bid(number, [Bid("3.0", UNITS)], vault)
    world.investor(1).bid(number, [Bid("3.1", 1_000)], vault)
    with pytest.raises(OfferingRefused, match="has its book open"):
        world.investor(1).refund(number)
    world.clear(number, vault)

    refund = world.investor(1).refund(number)

    assert refund.amount == DEPOSIT
    assert world.investor(1).cash_balance() == RICH
    with pytest.raises(PaymentRefused, match=r"CNY 0\.00 stand ready"):
        world.investor(1).refund(number)
    with pytest.raises(OfferingRefused, match=r"won 200,000,000 units .* the deposit pays for them"):
        world.investor(0).refund(number)


def test_release_all__then_refund__takes_what_was_returned(world: World, vault: Vault) -> None:
    number = world.open_book(world.tender_rules())
    world.investor(0).bid(number, [Bid("3.0", UNITS)], vault)
    for i in (1, 2):
        world.investor(i).bid(number, [Bid("3.1", 1_000)], vault)
    world.clear(number, vault)

    released = world.bookrunner.release_all(number)

    assert released.count == 2
    assert world.bookrunner.release_all(number).transactions == ()
    world.investor(1).deposit_funds(70)
    assert world.investor(1).refund(number).amount == DEPOSIT
    assert world.investor(1).funds().balance == CNY.money(70)


# The end


def test_progress__is_told_from_nothing_to_all(world: World, vault: Vault) -> None:
    told: list[tuple[str, int, int]] = []
    number = world.open_book(world.tender_rules())
    wanted = [(world.senders[f"investor {i}"], [Bid("3.1", UNITS // 4)]) for i in range(INVESTORS)]

    def note(step: str, done: int, total: int) -> None:
        told.append((step, done, total))

    place_bids(world.suite, number, wanted, vault, progress=note)
    world.at(CLOSES)
    open_bids(world.suite, world.senders["outsider"], number, vault, progress=note)
    world.at(REVEALS_BY)
    world.bookrunner.clear(number, batch=3, progress=note)
    world.at(SETTLES_FROM)
    world.bookrunner.finish(number, progress=note)

    assert told[:4] == [("bid", 0, 5), ("bid", 5, 5), ("open bids", 0, 5), ("open bids", 5, 5)]
    assert told[4:6] == [("prove shares", 3, 5), ("prove shares", 5, 5)]
    assert ("settle winners", 1, 1) in told


def test_finish__again_and_again__does_what_is_left(world: World, result: int) -> None:
    first = world.bookrunner.finish(result)
    second = world.bookrunner.finish(result)

    assert first.settled is not None
    assert (first.settled.count, first.settled.units) == (INVESTORS, UNITS)
    assert second.settled is None
    assert second.released.count == second.forfeited.count == second.lapsed.count == 0


@pytest.mark.parametrize("act", ["settle", "take_up", "lapse_all", "release_all", "finish", "allotments"])
def test_acts_of_the_end__before_the_result__refused_in_words(world: World, act: str) -> None:
    number = world.open_book()
    do: Callable[[int], object] = getattr(world.bookrunner, act)

    with pytest.raises(OfferingRefused, match="has its book open"):
        do(number)

    assert world.book(number).stage is Stage.OPEN
