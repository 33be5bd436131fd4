"""approve

├── spender is zero -> ERC20InvalidSpender
├── value is zero -> taken back, whatever the state
├── bond is paused -> BondPaused
├── owner may not hold -> ERC7943CannotSend
├── all units of the owner are frozen -> BondHolderFrozen
└── else -> the allowance is replaced, Approval
"""

import pytest
from tests.evm.world import World

pytestmark = pytest.mark.unit

ZERO = "0x" + "00" * 20


def test_approve__by_a_holder__replaces_the_allowance(world: World) -> None:
    bond = world.lone_bond()
    bond.approve(world.spender, 7, sender=world.holder)

    made = bond.approve(world.spender, 2**256 - 1, sender=world.holder)

    assert made.value is True
    assert made.names == ["Approval"]
    assert made.only("Approval") == {"owner": world.holder, "spender": world.spender, "value": 2**256 - 1}
    assert bond.allowance(world.holder, world.spender) == 2**256 - 1
    assert bond.allowance(world.spender, world.holder) == 0


def test_approve__by_an_eligible_member_without_units__is_given(world: World) -> None:
    bond = world.lone_bond()

    bond.approve(world.spender, 5, sender=world.buyer)

    assert bond.allowance(world.buyer, world.spender) == 5


def test_approve__zero_spender__reverts(world: World) -> None:
    bond = world.lone_bond()

    with world.refuses("ERC20InvalidSpender", ZERO):
        bond.approve(ZERO, 5, sender=world.holder)


def test_approve__by_a_stranger__reverts(world: World) -> None:
    bond = world.lone_bond()

    with world.refuses("ERC7943CannotSend", world.outsider):
        bond.approve(world.spender, 5, sender=world.outsider)


def test_approve__while_paused__reverts(world: World) -> None:
    """PROPERTIES 12: approve while paused."""
    bond = world.lone_bond()
    world.pause(bond)

    with world.refuses("BondPaused"):
        bond.approve(world.spender, 5, sender=world.holder)


@pytest.mark.parametrize("frozen", [100, 101, 2**64 - 1, 2**256 - 1])
def test_approve__all_units_frozen__reverts(world: World, frozen: int) -> None:
    bond = world.lone_bond()
    world.freeze(bond, world.holder, frozen)

    with world.refuses("BondHolderFrozen", world.holder):
        bond.approve(world.spender, 5, sender=world.holder)


def test_approve__part_of_the_units_frozen__is_given(world: World) -> None:
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 99)

    bond.approve(world.spender, 5, sender=world.holder)

    assert bond.allowance(world.holder, world.spender) == 5


def test_approve__taken_back_while_frozen_paused_and_suspended__is_taken_back(world: World) -> None:
    bond = world.lone_bond()
    bond.approve(world.spender, 5, sender=world.holder)
    world.freeze(bond, world.holder, 2**256 - 1)
    world.pause(bond)
    world.suspend(world.holder)

    bond.approve(world.spender, 0, sender=world.holder)

    assert bond.allowance(world.holder, world.spender) == 0
