"""What underwriters take up in both rounds, and what entitled winners add after the result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.sdk.world import (
    DEPOSIT,
    SETTLES_BY,
    SETTLES_FROM,
    TAKES_UP_BY,
    World,
    lei_of,
)

from indenture.errors import (
    InvalidAmount,
    MembershipRefused,
    OfferingRefused,
    PaymentRefused,
)
from indenture.models import Bid
from indenture.money import CNY
from indenture.primary import ClassRule
from indenture.results import Skipped

pytestmark = pytest.mark.integration

AFTER = timedelta(seconds=1)
CLASSES = (ClassRule(0, 100_000_000), ClassRule(0, 100_000_000, 5_000))


# The rest


def rest(world: World, *, bid: int, commitments: tuple[int, int]) -> int:
    """Investors 3 and 4 underwrite; investor 0 bids; payment has begun."""
    seats = [(3, 1, commitments[0]), (4, 1, commitments[1])]
    rules = world.rules(
        offered=100_000_000, deposit=DEPOSIT.base, additional_seconds=900, settles_from=SETTLES_FROM
    )
    number = world.open_book(rules, classes=CLASSES, syndicate=seats)
    if bid:
        world.investor(0).bid(number, [Bid(100, bid)])
    world.clear(number)
    world.at(SETTLES_FROM)
    return number


def test_take_up__bids_leave_a_rest__by_commitments(world: World) -> None:
    number = rest(world, bid=40_000_001, commitments=(60_000_000, 30_000_000))
    assert world.bookrunner.result(number).take_up == 59_999_999
    assert [world.underwriter(i).part(number) for i in (3, 4)] == [(39_999_999, 0), (20_000_000, 0)]

    taken = world.bookrunner.take_up(number)

    assert (taken.count, taken.units, taken.later, taken.skipped) == (2, 59_999_999, False, ())
    assert taken.proceeds == CNY.money(5_999_999_900)
    assert world.bond.balances([world.account(3), world.account(4)]) == [39_999_999, 20_000_000]
    assert world.bookrunner.take_up(number).transactions == ()
    world.bookrunner.settle(number)
    world.at(TAKES_UP_BY + AFTER)
    assert world.bookrunner.discharge_all(number).count == 2
    assert world.underwriter(3).funds().balance == DEPOSIT
    assert world.book(number).issued == 100_000_000


def test_take_up__no_bid_at_all__underwriters_take_a_fixed_price_issue(world: World) -> None:
    number = rest(world, bid=0, commitments=(60_000_000, 40_000_000))

    assert world.underwriter(3).take_up(number).units == 60_000_000
    assert world.bookrunner.take_up(number).units == 40_000_000
    with pytest.raises(OfferingRefused, match="nothing falls to"):
        world.underwriter(3).take_up(number)


def test_take_up__winner_did_not_pay__second_round(world: World) -> None:
    number = rest(world, bid=100_000_000, commitments=(60_000_000, 20_000_000))
    assert world.underwriter(3).part(number) == (0, 0)
    with pytest.raises(OfferingRefused, match="nothing falls to"):
        world.underwriter(3).take_up(number)
    world.at(SETTLES_BY + AFTER)

    done = world.bookrunner.finish(number)

    assert done.lapsed.count == 1
    assert done.taken_up is not None
    assert (done.taken_up.units, done.taken_up.later) == (80_000_000, True)
    assert [world.underwriter(i).part(number) for i in (3, 4)] == [(0, 60_000_000), (0, 20_000_000)]
    assert (world.book(number).issued, world.book(number).issued_later) == (0, 80_000_000)
    assert done.settled is None


def test_take_up__without_the_money_or_the_right__reported_and_forfeited(world: World) -> None:
    number = rest(world, bid=40_000_000, commitments=(60_000_000, 30_000_000))
    poor = world.investor(3)
    poor.transfer_cash(world.account(2), poor.cash_balance())
    world.depository.suspend_member(lei_of("investor 4"), "because")

    taken = world.bookrunner.take_up(number)
    with pytest.raises(PaymentRefused, match=r"CNY 4,000,000,000\.00 is needed"):
        world.underwriter(3).take_up(number)
    with pytest.raises(MembershipRefused, match="which is suspended"):
        world.underwriter(4).take_up(number)
    world.at(SETTLES_BY)
    with pytest.raises(OfferingRefused, match="underwriters are discharged after"):
        world.bookrunner.discharge_all(number)
    world.at(TAKES_UP_BY + AFTER)
    world.bookrunner.finish(number)

    assert taken.skipped == (
        Skipped(world.account(3), "the money is not there"),
        Skipped(world.account(4), f"{world.account(4)} may not hold the bond now"),
    )
    assert world.underwriter(3).funds().balance == CNY.money(0)
    assert world.underwriter(4).funds().balance == DEPOSIT
    # The deposits of the underwriter, and of the bidder who has never paid.
    assert world.issuer.funds().balance == CNY.money(2_000_000)


def test_discharge__by_the_underwriter_himself(world: World) -> None:
    number = rest(world, bid=100_000_000, commitments=(0, 0))
    world.bookrunner.settle(number)
    with pytest.raises(OfferingRefused) as early:
        world.underwriter(3).discharge(number)
    world.at(TAKES_UP_BY + AFTER)

    world.underwriter(3).discharge(number)

    assert early.value.name == "OfferingTooEarly"
    assert world.underwriter(3).withdraw_funds().amount == DEPOSIT
    with pytest.raises(OfferingRefused) as again:
        world.underwriter(3).discharge(number)
    assert again.value.name == "OfferingNothingToDo"


# Underwriting after the result


@pytest.fixture
def entitled(world: World) -> int:
    """Investor 3, of a class that may add half of what it wins, won 40 million units; the result is new."""
    rules = world.rules(offered=100_000_000, deposit=DEPOSIT.base, additional_seconds=900)
    number = world.open_book(rules, classes=CLASSES, syndicate=[(3, 1, 0)])
    world.investor(0).bid(number, [Bid(100, 60_000_000)])
    world.investor(3).bid(number, [Bid(100, 40_000_000)])
    world.clear(number)
    return number


def test_underwrite_more__within_the_limit__is_paid_with_the_rest(world: World, entitled: int) -> None:
    client = world.underwriter(3)
    assert client.additional_limit(entitled) == 20_000_000
    client.underwrite_more(entitled, 20_000_000)
    client.underwrite_more(entitled, 15_000_000)

    world.settle(entitled)

    allotment = world.investor(3).my_allotment(entitled)
    assert (allotment.won, allotment.additional) == (40_000_000, 15_000_000)
    assert allotment.amount == CNY.money(5_500_000_000)
    assert world.bond.balance_of(world.account(3)) == 55_000_000
    assert world.bond.total_supply() == 115_000_000
    assert (world.book(entitled).issued, world.book(entitled).additional) == (100_000_000, 15_000_000)


@pytest.mark.parametrize("units", [-1, 20_000_001, True, 1.0])
def test_underwrite_more__bad_units__refused(world: World, entitled: int, units: Any) -> None:
    with pytest.raises(InvalidAmount, match="up to 20,000,000"):
        world.underwriter(3).underwrite_more(entitled, units)


def test_underwrite_more__not_entitled_or_too_late__refused(world: World, entitled: int) -> None:
    assert world.underwriter(0).additional_limit(entitled) == 0
    with pytest.raises(InvalidAmount, match="up to 0"):
        world.underwriter(0).underwrite_more(entitled, 1)
    with pytest.raises(OfferingRefused, match="has no opened bids"):
        world.underwriter(1).underwrite_more(entitled, 1)
    world.at(world.chain.block_stamp().time + timedelta(seconds=901))

    with pytest.raises(OfferingRefused) as late:
        world.underwriter(3).underwrite_more(entitled, 1)

    assert late.value.name == "OfferingTooLate"
