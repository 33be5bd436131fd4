"""settle: who may not hold the bond now is skipped with all that he won, and can be settled later."""

from collections.abc import Callable

import pytest
from tests.evm.builders import FOREVER
from tests.evm.chain import Actor, actor
from tests.evm.tender import Tender
from tests.evm.world import World

pytestmark = pytest.mark.unit

PAR = 10_000


@pytest.fixture
def tender(sold: Tender) -> Tender:
    return sold


def without_role(world: World, account: Actor) -> None:
    world.registry.setRoles(account, 0, FOREVER, sender=world.registrar)


def suspended(world: World, account: Actor) -> None:
    world.suspend(account)


def of_a_suspended_member(world: World, account: Actor) -> None:
    world.suspend_member(account)


@pytest.mark.parametrize("change", [without_role, suspended, of_a_suspended_member])
def test_settle__winner_who_may_not_hold__is_skipped_and_can_be_settled_later(
    world: World, tender: Tender, change: Callable[[World, Actor], None]
) -> None:
    first, second, _ = world.investors[:3]
    change(world, second)

    made = tender.settle(first, second)

    assert made.only("WinnerSkipped") == {"offeringId": tender.id, "bidder": second, "account": second}
    assert (tender.bond.balanceOf(first), tender.bond.balanceOf(second)) == (300, 0)
    if change is suspended:
        world.reinstate(second)
        tender.settle(second)
        assert tender.bond.balanceOf(second) == 367


def test_settle__all_who_may_not_hold__reverts(world: World, tender: Tender) -> None:
    world.suspend(*world.investors[:3])

    with world.refuses("OfferingNothingToDo", tender.id):
        tender.settle(*world.investors[:3])


def clients_of(world: World, count: int) -> list[Actor]:
    found = [actor(f"client {number}") for number in range(count)]
    for account in found:
        world.admit(account)
    return found


def test_settle__clients__get_the_units_and_the_bidder_pays(world: World) -> None:
    tender, bidder = world.open_tender(), world.investors[0]
    one, two = clients_of(world, 2)
    tender.bid(bidder, (PAR, 10, one), (9_990, 20, one), (9_990, 5, two), (9_980, 7))
    tender.finish()

    made = tender.settle(bidder)

    assert [tender.bond.balanceOf(each) for each in (one, two, bidder)] == [30, 5, 7]
    assert made.only("WinnerSettled") | {"offeringId": 0} == {
        "offeringId": 0,
        "bidder": bidder,
        "units": 42,
        "amount": 42 * 9_980,
        "taken": 42 * 9_980 - 5_000,
        "balance": 0,
    }
    assert world.cash.balanceOf(one) == 0


def test_settle__client_of_two_bidders_of_whom_one_cannot_pay__gets_what_was_paid_for(world: World) -> None:
    """What is skipped leaves nothing behind in the batch, though both name the same account."""
    tender, (payer, defaulter) = world.open_tender(), world.investors[:2]
    (client,) = clients_of(world, 1)
    tender.bid(payer, (PAR, 10, client))
    tender.bid(defaulter, (PAR, 500, client))
    tender.finish()
    world.cash.transfer(world.holder, world.cash.balanceOf(defaulter), sender=defaulter)

    made = tender.settle(payer, defaulter)

    assert made.only("ProceedsPaid").units == 10
    assert (tender.bond.balanceOf(client), tender.bond.totalSupply(), tender.book.issued) == (10, 10, 10)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_settle__one_client_who_may_not_hold__holds_up_his_bidder_alone(world: World, which: int) -> None:
    """All of a bidder or nothing: he cannot keep what suits him."""
    tender, (bidder, other) = world.open_tender(), world.investors[:2]
    clients = clients_of(world, 3)
    tender.bid(bidder, *((PAR, 10, client) for client in clients))
    tender.bid(other, (PAR, 50))
    tender.finish()
    world.suspend(clients[which])

    made = tender.settle(bidder, other)

    assert made.only("WinnerSkipped") == {
        "offeringId": tender.id,
        "bidder": bidder,
        "account": clients[which],
    }
    assert [tender.bond.balanceOf(each) for each in (*clients, other)] == [0, 0, 0, 50]
    assert tender.book.issued == 50
    world.reinstate(clients[which])
    tender.settle(bidder)
    assert [tender.bond.balanceOf(each) for each in clients] == [10, 10, 10]


def test_settle__client_who_won_nothing_and_may_not_hold__is_of_no_matter(world: World) -> None:
    tender, bidder = world.open_tender(offered=100), world.investors[0]
    one, two = clients_of(world, 2)
    tender.bid(bidder, (PAR, 90, one), (9_990, 5, one))
    tender.bid(world.investors[1], (10_010, 10), (9_980, 90, two))
    tender.finish()
    world.suspend(two)

    made = tender.settle(world.investors[1])

    assert made.names.count("WinnerSkipped") == 0
    assert tender.bond.balanceOf(world.investors[1]) == 10


@pytest.mark.parametrize("change", [without_role, suspended, of_a_suspended_member])
def test_settle__bidder_who_may_not_hold__does_not_pay_for_his_clients_either(
    world: World, change: Callable[[World, Actor], None]
) -> None:
    """PROPERTIES 14: the money of a blocked account leaves by no path, though it stands ready here."""
    tender, bidder = world.open_tender(), world.investors[0]
    (client,) = clients_of(world, 1)
    tender.bid(bidder, (PAR, 3, client))
    tender.bid(world.investors[1], (PAR, 50))
    tender.finish()
    world.offering.fundDeposit(world.cash, 100_000, sender=bidder)
    change(world, bidder)

    made = tender.settle(bidder, world.investors[1])

    assert made.only("WinnerSkipped") == {"offeringId": tender.id, "bidder": bidder, "account": bidder}
    assert (tender.bond.balanceOf(client), world.offering.depositOf(world.cash, bidder)) == (0, 100_000)


def test_settle__winner_who_is_frozen__gets_his_units(world: World, tender: Tender) -> None:
    first = world.investors[0]
    world.freeze(tender.bond, first, 2**256 - 1)

    tender.settle(first)

    assert tender.bond.balanceOf(first) == 300
