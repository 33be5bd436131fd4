"""setFrozenTokens, getFrozenTokens

├── caller has no statutory power -> AccessManagedUnauthorized
└── else -> the amount replaces the one before; it may pass the balance; the largest means «all, for ever»
"""

import pytest
from tests.evm.world import World

pytestmark = pytest.mark.unit


def test_set_frozen_tokens__of_a_holder__overwrites(world: World) -> None:
    """ERC-7943: overwrites, emits `Frozen`, may pass the balance."""
    bond = world.lone_bond()

    for amount in (60, 10, 100, 101, 2**63, 2**64 - 2, 0):
        made = bond.setFrozenTokens(world.holder, amount, sender=world.statutory)
        assert made.value is True
        assert made.names == ["Frozen", "StatutoryPowerUsed"]
        assert made.only("Frozen") == {"account": world.holder, "amount": amount}
        assert made.only("StatutoryPowerUsed") == {
            "power": bond.kind.functions["setFrozenTokens"][0].selector,
            "account": world.holder,
            "units": amount,
            "actor": world.statutory,
        }
        assert bond.getFrozenTokens(world.holder) == amount
        assert bond.balanceOf(world.holder) == 100


@pytest.mark.parametrize("amount", [2**64 - 1, 2**64, 2**128, 2**256 - 1])
def test_set_frozen_tokens__more_than_any_balance__means_all_for_ever(world: World, amount: int) -> None:
    bond = world.lone_bond()

    made = bond.setFrozenTokens(world.holder, amount, sender=world.statutory)

    assert made.only("Frozen").amount == bond.getFrozenTokens(world.holder) == 2**256 - 1


def test_set_frozen_tokens__of_a_stranger_or_a_suspended_holder__is_set(world: World) -> None:
    bond = world.lone_bond()
    world.suspend(world.holder)

    for account in (world.outsider, world.holder):
        world.freeze(bond, account, 5)
        assert bond.getFrozenTokens(account) == 5


def test_set_frozen_tokens__in_one_bond__leaves_the_others(world: World) -> None:
    bond, other = world.lone_bond(), world.lone_bond()

    world.freeze(bond, world.holder, 5)

    assert other.getFrozenTokens(world.holder) == 0


@pytest.mark.parametrize("caller", ["holder", "issuer", "operator", "admin", "registrar", "outsider"])
def test_set_frozen_tokens__without_the_power__reverts(world: World, caller: str) -> None:
    bond, sender = world.lone_bond(), getattr(world, caller)

    with world.refuses("AccessManagedUnauthorized", sender):
        bond.setFrozenTokens(world.holder, 1, sender=sender)


def test_set_frozen_tokens__power_taken_away__reverts(world: World) -> None:
    """PROPERTIES 13: each role can do what the documents say; one setting serves all bonds."""
    bond = world.lone_bond()
    world.authority.revokeRole(2, world.statutory, sender=world.admin)

    with world.refuses("AccessManagedUnauthorized", world.statutory):
        world.freeze(bond, world.holder, 1)


def test_set_frozen_tokens__target_closed__reverts(world: World) -> None:
    bond = world.lone_bond()
    world.authority.setTargetClosed(world.lone_implementation, True, sender=world.admin)

    with world.refuses("AccessManagedUnauthorized", world.statutory):
        world.freeze(bond, world.holder, 1)
