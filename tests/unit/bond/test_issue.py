"""issue

├── caller is not the Offering -> BondCallerRefused
├── bond is paused -> BondPaused
├── books are closed -> BondBooksClosed
├── a holder may not hold -> ERC7943CannotReceive
├── zero units -> BondUnitsZero
├── a holding would be below the minimum denomination -> BondBelowMinimumDenomination
├── supply would pass the authorised units -> BondUnitsExceedAuthorised
└── else -> each holding and the supply grow, Transfer from zero
"""

import pytest
from tests.evm.world import World

pytestmark = pytest.mark.unit

ZERO = "0x" + "00" * 20


def test_issue__to_several__credits_each(world: World) -> None:
    bond = world.register(lone=True)

    made = bond.issue([world.holder, world.buyer], [100, 50], sender=world.issuing)

    assert [event.arguments for event in made.named("Transfer")] == [
        {"from": ZERO, "to": world.holder, "value": 100},
        {"from": ZERO, "to": world.buyer, "value": 50},
    ]
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (100, 50)
    assert bond.totalSupply() == bond.book().supply == 150


def test_issue__to_one_holder_twice_in_a_batch__adds_up(world: World) -> None:
    bond = world.register(lone=True)

    bond.issue([world.holder, world.holder], [100, 50], sender=world.issuing)

    assert bond.balanceOf(world.holder) == bond.totalSupply() == 150


@pytest.mark.parametrize("caller", ["holder", "issuer", "admin", "statutory", "settling", "outsider"])
def test_issue__by_anybody_else__reverts(world: World, caller: str) -> None:
    """PROPERTIES 9: the issuer cannot mint."""
    bond, sender = world.register(lone=True), getattr(world, caller)

    with world.refuses("BondCallerRefused", sender):
        bond.issue([world.holder], [100], sender=sender)


def test_issue__by_the_servicing__adds_as_by_the_offering(world: World) -> None:
    """New units of an exchange come in the act that burns the old ones."""
    bond = world.lone_bond()

    bond.issue([world.holder, world.buyer], [7, 5], sender=world.paying)

    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (107, 5)
    assert bond.totalSupply() == 112


def test_issue__while_paused__reverts(world: World) -> None:
    """PROPERTIES 12: no mint while paused."""
    bond = world.register(lone=True)
    world.pause(bond)

    with world.refuses("BondPaused"):
        bond.issue([world.holder], [100], sender=world.issuing)


def test_issue__books_closed__reverts(world: World) -> None:
    bond = world.lone_bond()
    world.to_record(bond, 2)

    with world.refuses("BondBooksClosed"):
        bond.issue([world.holder], [100], sender=world.issuing)


@pytest.mark.parametrize("place", [0, 1])
def test_issue__one_may_not_hold__none_is_issued(world: World, place: int) -> None:
    bond = world.register(lone=True)
    holders = [world.holder, world.buyer]
    holders[place] = world.issuer

    with world.refuses("ERC7943CannotReceive", world.issuer):
        bond.issue(holders, [100, 50], sender=world.issuing)


def test_issue__of_nothing__reverts(world: World) -> None:
    bond = world.register(lone=True)

    with world.refuses("BondUnitsZero"):
        bond.issue([world.holder], [0], sender=world.issuing)


def test_issue__below_the_minimum_denomination__reverts(world: World) -> None:
    bond = world.register(lone=True, minimumUnits=10)

    with world.refuses("BondBelowMinimumDenomination", world.holder, 9, 10):
        bond.issue([world.holder], [9], sender=world.issuing)
    bond.issue([world.holder], [10], sender=world.issuing)
    bond.issue([world.holder], [1], sender=world.issuing)
    assert bond.balanceOf(world.holder) == 11


def test_issue__up_to_the_authorised_units__one_more_is_refused(world: World) -> None:
    """PROPERTIES 9: supply never passes what is authorised."""
    bond = world.lone_bond({world.holder: 600}, units=1000)
    bond.issue([world.buyer], [400], sender=world.issuing)

    with world.refuses("BondUnitsExceedAuthorised", 1001, 1000):
        bond.issue([world.buyer], [1], sender=world.issuing)
    with world.refuses("BondUnitsExceedAuthorised", 1002, 1000):
        bond.issue([world.buyer, world.holder], [1, 1], sender=world.issuing)


def test_issue__the_most_that_a_bond_can_have__fits(world: World) -> None:
    most = 2**64 - 1
    bond = world.register(lone=True, units=most, faceValue=1)

    bond.issue([world.holder], [most - 1], sender=world.issuing)
    bond.issue([world.buyer], [1], sender=world.issuing)

    assert (bond.totalSupply(), bond.balanceOf(world.holder)) == (most, most - 1)
    with world.refuses("BondUnitsExceedAuthorised", most + 1, most):
        bond.issue([world.spender], [1], sender=world.issuing)
    bond.transfer(world.holder, 1, sender=world.buyer)
    assert bond.balanceOf(world.holder) == most


def test_issue__two_amounts_that_overflow_64_bits__reverts(world: World) -> None:
    most = 2**64 - 1
    bond = world.register(lone=True, units=most, faceValue=1)

    with world.refuses("BondUnitsExceedAuthorised", 2 * most, most):
        bond.issue([world.holder, world.buyer], [most, most], sender=world.issuing)


def test_issue__after_a_record_date__gives_no_claim_on_it(world: World) -> None:
    """An issue in mid-period harms nobody: what was owed at the record date stays as it was."""
    bond = world.lone_bond({world.holder: 100})
    world.to_record(bond, 1)

    bond.issue([world.buyer, world.holder], [900, 50], sender=world.issuing)

    assert bond.supplyAt(1) == bond.unitsAt(world.holder, 1) == 100
    assert bond.unitsAt(world.buyer, 1) == 0
    assert (bond.totalSupply(), bond.balanceOf(world.holder)) == (1050, 150)


def test_issue__to_a_frozen_holder__is_received(world: World) -> None:
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 2**256 - 1)

    bond.issue([world.holder], [5], sender=world.issuing)

    assert bond.balanceOf(world.holder) == 105
    assert bond.getFrozenTokens(world.holder) == 2**256 - 1
