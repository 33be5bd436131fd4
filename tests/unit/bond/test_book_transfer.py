"""bookTransfer

├── caller is not the Settlement -> BondCallerRefused
└── else -> as a transfer by the seller, which every other check of transfer holds for
"""

import pytest
from tests.evm.world import World

pytestmark = pytest.mark.unit


def test_book_transfer__by_the_settlement__moves_units(world: World) -> None:
    bond = world.lone_bond()

    made = bond.bookTransfer(world.holder, world.buyer, 40, sender=world.settling)

    assert made.only("Transfer") == {"from": world.holder, "to": world.buyer, "value": 40}
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (60, 40)


@pytest.mark.parametrize("caller", ["holder", "buyer", "admin", "statutory", "issuing", "paying"])
def test_book_transfer__by_anybody_else__reverts(world: World, caller: str) -> None:
    bond, sender = world.lone_bond(), getattr(world, caller)

    with world.refuses("BondCallerRefused", sender):
        bond.bookTransfer(world.holder, world.buyer, 40, sender=sender)


def test_book_transfer__frozen_units__reverts(world: World) -> None:
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 70)

    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 31, 30):
        bond.bookTransfer(world.holder, world.buyer, 31, sender=world.settling)


def test_book_transfer__refused_as_a_transfer__reverts(world: World) -> None:
    bond = world.lone_bond()

    with world.refuses("BondSelfTransfer", world.holder):
        bond.bookTransfer(world.holder, world.holder, 1, sender=world.settling)
    with world.refuses("BondUnitsZero"):
        bond.bookTransfer(world.holder, world.buyer, 0, sender=world.settling)
    with world.refuses("ERC20InsufficientBalance", world.holder, 100, 2**256 - 1):
        bond.bookTransfer(world.holder, world.buyer, 2**256 - 1, sender=world.settling)
    with world.refuses("ERC7943CannotReceive", world.outsider):
        bond.bookTransfer(world.holder, world.outsider, 1, sender=world.settling)
    world.pause(bond)
    with world.refuses("BondPaused"):
        bond.bookTransfer(world.holder, world.buyer, 1, sender=world.settling)
