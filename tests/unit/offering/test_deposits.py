"""fundDeposit, withdrawDeposit, and what several offerings do to one standing deposit

├── nothing is moved -> OfferingCashMismatch, DepositInsufficient
├── more is withdrawn than stands there -> DepositInsufficient
└── else -> the standing deposit is the account's own; what bids hold is not in it
"""

import pytest
from tests.evm.chain import Contract, actor
from tests.evm.world import World

pytestmark = pytest.mark.unit

QUOTE = 10_000


def stands(world: World, account: str) -> int:
    return int(world.offering.depositOf(world.cash, account))


def test_fund_and_withdraw__by_the_account__move_its_money(world: World) -> None:
    bidder = world.investors[0]
    cash = world.cash.balanceOf(bidder)

    funded = world.offering.fundDeposit(world.cash, 300, sender=bidder)
    world.offering.fundDeposit(world.cash, 50, sender=bidder)
    withdrawn = world.offering.withdrawDeposit(world.cash, 120, sender=bidder)

    where = {"cash": world.cash.address, "account": bidder}
    assert funded.only("DepositFunded") == where | {"amount": 300, "balance": 300}
    assert withdrawn.only("DepositWithdrawn") == where | {"amount": 120, "balance": 230}
    assert stands(world, bidder) == world.cash.balanceOf(world.offering) == 230
    assert world.cash.balanceOf(bidder) == cash - 230


def test_withdraw__more_than_stands_there_or_nothing__reverts(world: World) -> None:
    bidder, other = world.investors[:2]
    world.offering.fundDeposit(world.cash, 300, sender=bidder)
    world.offering.fundDeposit(world.cash, 300, sender=other)

    for amount in (301, 600, 2**128 - 1, 0):
        with world.refuses("DepositInsufficient", bidder, 300, amount):
            world.offering.withdrawDeposit(world.cash, amount, sender=bidder)
    with world.refuses("DepositInsufficient", world.outsider, 0, 1):
        world.offering.withdrawDeposit(world.cash, 1, sender=world.outsider)


def test_fund__nothing__reverts(world: World) -> None:
    with world.refuses("OfferingCashMismatch", world.cash, 0, 0):
        world.offering.fundDeposit(world.cash, 0, sender=world.investors[0])


def test_fund__without_the_money_or_the_right_to_move_it__reverts(world: World) -> None:
    poor = actor("poor")
    world.admit(poor)
    with world.refuses("ERC20InsufficientBalance", poor, 0, 1):
        world.offering.fundDeposit(world.cash, 1, sender=poor)

    world.suspend(world.investors[0])
    with world.refuses("CashAccountRefused", world.investors[0]):
        world.offering.fundDeposit(world.cash, 1, sender=world.investors[0])


def test_withdraw__while_suspended__waits_until_the_reason_is_gone(world: World) -> None:
    """DESIGN promise 3: money owed survives a suspension."""
    bidder = world.investors[0]
    world.offering.fundDeposit(world.cash, 300, sender=bidder)
    world.suspend(bidder)
    with world.refuses("CashAccountRefused", bidder):
        world.offering.withdrawDeposit(world.cash, 300, sender=bidder)

    world.reinstate(bidder)
    world.offering.withdrawDeposit(world.cash, 300, sender=bidder)

    assert stands(world, bidder) == 0


def test_deposits__of_two_currencies__are_apart(world: World) -> None:
    bidder, other = world.investors[0], world.deploy("WeirdCash", 6)
    world.give_weird_cash(other, bidder, 1000)
    world.offering.fundDeposit(world.cash, 300, sender=bidder)

    world.offering.fundDeposit(other, 700, sender=bidder)

    assert (stands(world, bidder), world.offering.depositOf(other, bidder)) == (300, 700)
    with world.refuses("DepositInsufficient", bidder, 300, 700):
        world.offering.withdrawDeposit(world.cash, 700, sender=bidder)
    tender = world.open_tender(world.register(currency=other.address), deposit=10_000)
    with world.refuses("DepositTooSmall", bidder, 9_300):
        tender.bid(bidder, (QUOTE, 1))


def test_fund__no_token_at_all__reverts(world: World) -> None:
    for address in (str(world.outsider), world.registry.address):
        with world.refuses(""):
            world.offering.fundDeposit(address, 1, sender=world.investors[0])


def test_deposits__of_three_offerings_at_once__are_held_apart(world: World) -> None:
    """What one book holds, no other can spend; what comes back can be held again."""
    bidder = world.investors[0]
    first, second, third = (world.open_tender(deposit=deposit) for deposit in (5_000, 700, 90))
    world.offering.fundDeposit(world.cash, 5_100, sender=bidder)
    cash = world.cash.balanceOf(bidder)

    first.bid(bidder, (QUOTE, 1))
    assert (stands(world, bidder), cash - world.cash.balanceOf(bidder)) == (100, 0)
    with world.refuses("DepositInsufficient", bidder, 100, 101):
        world.offering.withdrawDeposit(world.cash, 101, sender=bidder)
    second.bid(bidder, (QUOTE, 1))
    assert (stands(world, bidder), cash - world.cash.balanceOf(bidder)) == (0, 600)
    first.withdraw(bidder)
    third.bid(bidder, (QUOTE, 1))
    assert (stands(world, bidder), cash - world.cash.balanceOf(bidder)) == (4_910, 600)
    world.offering.withdrawDeposit(world.cash, 4_910, sender=bidder)

    assert world.cash.balanceOf(world.offering) == 700 + 90
    second.withdraw(bidder)
    third.withdraw(bidder)
    world.offering.withdrawDeposit(world.cash, 790, sender=bidder)
    assert world.cash.balanceOf(world.offering) == 0


def test_deposits__of_a_bidder_who_underwrites_too__are_two(world: World) -> None:
    member = world.underwriters[0]
    tender = world.open_tender(syndicate={member: 0})

    tender.bid(member, (QUOTE, 10))

    assert world.cash.balanceOf(world.offering) == 10_000
    world.offering.cancel(tender.id, bytes(32), sender=world.issuer)
    tender.forfeit(member)
    assert stands(world, member) == 5_000
    tender.discharge(member)
    assert stands(world, member) == 10_000


def test_deposits__held_by_a_bid__do_not_pay_for_another_offering(world: World) -> None:
    """A winner pays with the deposit of his bid, with what stands ready, and from his account: no more."""
    winner = actor("winner of two")
    world.admit(winner)
    world.give_cash(winner, 10_000)
    first, second = (world.open_tender(deposit=5_000) for _ in range(2))
    for tender in (first, second):
        tender.bid(winner, (QUOTE, 1))
    for tender in (first, second):
        tender.close()
    for tender in (first, second):
        tender.open_all()
    first.clear()
    first.to("settlesFrom")

    with world.refuses("OfferingNothingToDo", first.id):
        first.settle(winner)
    world.give_cash(winner, 4_999)
    with world.refuses("OfferingNothingToDo", first.id):
        first.settle(winner)
    world.give_cash(winner, 1)
    made = first.settle(winner)

    assert made.only("WinnerSettled").taken == 5_000
    assert world.cash.balanceOf(winner) == 0
    assert world.cash.balanceOf(world.offering) == 5_000, "the other book's deposit is untouched"


@pytest.mark.parametrize("act", ["fundDeposit", "withdrawDeposit"])
def test_deposits__of_most_money_that_there_can_be__do_not_overflow(world: World, act: str) -> None:
    cash: Contract = world.deploy("WeirdCash", 0)
    bidder, most = world.investors[0], 2**128 - 1
    world.give_weird_cash(cash, bidder, 2**200)
    world.offering.fundDeposit(cash, most, sender=bidder)
    if act == "fundDeposit":
        with world.refuses("Panic", 0x11):
            world.offering.fundDeposit(cash, 1, sender=bidder)
    world.offering.withdrawDeposit(cash, most, sender=bidder)
    assert cash.balanceOf(bidder) == 2**200
