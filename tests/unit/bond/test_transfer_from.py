"""transferFrom

├── allowance is below the units -> ERC20InsufficientAllowance
├── transfer by the owner would be refused -> the same error, and the allowance stays
└── else -> units move; the allowance falls, unless it is without end
"""

import pytest
from tests.evm.world import World

pytestmark = pytest.mark.unit


def test_transfer_from__within_the_allowance__moves_and_lowers_it(world: World) -> None:
    bond = world.lone_bond()
    bond.approve(world.spender, 50, sender=world.holder)

    made = bond.transferFrom(world.holder, world.buyer, 30, sender=world.spender)

    assert made.value is True
    assert made.only("Transfer") == {"from": world.holder, "to": world.buyer, "value": 30}
    assert bond.allowance(world.holder, world.spender) == 20
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (70, 30)


def test_transfer_from__part_of_an_allowance__tells_what_is_left(world: World) -> None:
    """EVENT-1: allowances can be rebuilt from events."""
    bond = world.lone_bond()
    bond.approve(world.spender, 50, sender=world.holder)

    made = bond.transferFrom(world.holder, world.buyer, 30, sender=world.spender)

    assert made.names == ["Approval", "Transfer"]
    assert made.only("Approval") == {"owner": world.holder, "spender": world.spender, "value": 20}


def test_transfer_from__allowance_without_end__stays(world: World) -> None:
    bond = world.lone_bond()
    bond.approve(world.spender, 2**256 - 1, sender=world.holder)

    bond.transferFrom(world.holder, world.buyer, 30, sender=world.spender)

    assert bond.allowance(world.holder, world.spender) == 2**256 - 1


def test_transfer_from__more_than_allowed__reverts(world: World) -> None:
    bond = world.lone_bond()
    bond.approve(world.spender, 50, sender=world.holder)

    with world.refuses("ERC20InsufficientAllowance", world.spender, 50, 51):
        bond.transferFrom(world.holder, world.buyer, 51, sender=world.spender)


def test_transfer_from__the_owner_himself_without_allowance__reverts(world: World) -> None:
    bond = world.lone_bond()

    with world.refuses("ERC20InsufficientAllowance", world.holder, 0, 1):
        bond.transferFrom(world.holder, world.buyer, 1, sender=world.holder)


def test_transfer_from__another_spender__reverts(world: World) -> None:
    bond = world.lone_bond()
    bond.approve(world.spender, 50, sender=world.holder)

    with world.refuses("ERC20InsufficientAllowance", world.buyer, 0, 1):
        bond.transferFrom(world.holder, world.buyer, 1, sender=world.buyer)


def test_transfer_from__more_than_held__reverts_and_keeps_the_allowance(world: World) -> None:
    bond = world.lone_bond()
    bond.approve(world.spender, 500, sender=world.holder)

    with world.refuses("ERC20InsufficientBalance", world.holder, 100, 101):
        bond.transferFrom(world.holder, world.buyer, 101, sender=world.spender)

    assert bond.allowance(world.holder, world.spender) == 500


def test_transfer_from__frozen_since_the_approval__reverts(world: World) -> None:
    """PROPERTIES 14: an approval given before is no way out of a freeze."""
    bond = world.lone_bond()
    bond.approve(world.spender, 100, sender=world.holder)
    world.freeze(bond, world.holder, 2**256 - 1)

    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 1, 0):
        bond.transferFrom(world.holder, world.buyer, 1, sender=world.spender)


def test_transfer_from__to_the_owner__reverts(world: World) -> None:
    bond = world.lone_bond()
    bond.approve(world.spender, 100, sender=world.holder)

    with world.refuses("BondSelfTransfer", world.holder):
        bond.transferFrom(world.holder, world.holder, 1, sender=world.spender)


def test_transfer_from__nothing__reverts(world: World) -> None:
    bond = world.lone_bond()

    with world.refuses("BondUnitsZero"):
        bond.transferFrom(world.holder, world.buyer, 0, sender=world.spender)


def test_transfer_from__after_the_approval_was_taken_back__reverts(world: World) -> None:
    bond = world.lone_bond()
    bond.approve(world.spender, 50, sender=world.holder)
    bond.approve(world.spender, 0, sender=world.holder)

    with world.refuses("ERC20InsufficientAllowance", world.spender, 0, 1):
        bond.transferFrom(world.holder, world.buyer, 1, sender=world.spender)
