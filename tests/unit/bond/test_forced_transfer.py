"""forcedTransfer

├── caller has no statutory power -> AccessManagedUnauthorized
├── books are closed -> BondBooksClosed
├── sender is receiver -> BondSelfTransfer
├── zero units -> BondUnitsZero
├── receiver may not hold -> ERC7943CannotReceive
├── more units than held -> ERC20InsufficientBalance
├── frozen units are needed -> just so many are unfrozen, Frozen before Transfer; «all, for ever» stays
└── else -> units move, whatever pause, standing of the sender and minimum denomination
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.world import World

pytestmark = pytest.mark.unit


def test_forced_transfer__of_free_units__moves_them(world: World) -> None:
    bond = world.lone_bond()

    made = bond.forcedTransfer(world.holder, world.buyer, 30, sender=world.statutory)

    assert made.value is True
    assert made.names == ["Transfer", "ForcedTransfer", "StatutoryPowerUsed"]
    assert made.only("Transfer") == {"from": world.holder, "to": world.buyer, "value": 30}
    assert made.only("ForcedTransfer") == {"from": world.holder, "to": world.buyer, "amount": 30}
    used = made.only("StatutoryPowerUsed")
    assert used == {
        "power": bond.kind.functions["forcedTransfer"][0].selector,
        "account": world.holder,
        "units": 30,
        "actor": world.statutory,
    }
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (70, 30)


def test_forced_transfer__of_frozen_units__unfreezes_just_those_first(world: World) -> None:
    """ERC-7943: unfreeze first, `Frozen` before `Transfer`."""
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 80)

    made = bond.forcedTransfer(world.holder, world.buyer, 50, sender=world.statutory)

    assert made.names == ["Frozen", "Transfer", "ForcedTransfer", "StatutoryPowerUsed"]
    assert made.only("Frozen") == {"account": world.holder, "amount": 50}
    assert bond.getFrozenTokens(world.holder) == bond.balanceOf(world.holder) == 50
    assert bond.getFrozenTokens(world.buyer) == 0


def test_forced_transfer__within_the_free_units__leaves_the_freeze(world: World) -> None:
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 80)

    made = bond.forcedTransfer(world.holder, world.buyer, 20, sender=world.statutory)

    assert made.names == ["Transfer", "ForcedTransfer", "StatutoryPowerUsed"]
    assert bond.getFrozenTokens(world.holder) == bond.balanceOf(world.holder) == 80


def test_forced_transfer__all_frozen_for_ever__stays_so(world: World) -> None:
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 2**256 - 1)

    bond.forcedTransfer(world.holder, world.buyer, 50, sender=world.statutory)

    assert bond.getFrozenTokens(world.holder) == 2**256 - 1
    assert bond.balanceOf(world.buyer) == 50
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 1, 0):
        bond.transfer(world.buyer, 1, sender=world.holder)


def test_forced_transfer__to_the_same_account__reverts_and_leaves_the_freeze(world: World) -> None:
    """PROPERTIES 10: `forcedTransfer(x, x, n)` must not lower a freeze."""
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 100)

    with world.refuses("BondSelfTransfer", world.holder):
        bond.forcedTransfer(world.holder, world.holder, 50, sender=world.statutory)


def test_forced_transfer__more_than_held__reverts(world: World) -> None:
    bond = world.lone_bond()
    for units in (101, 2**64, 2**64 + 50, 2**256 - 1):
        with world.refuses("ERC20InsufficientBalance", world.holder, 100, units):
            bond.forcedTransfer(world.holder, world.buyer, units, sender=world.statutory)


def test_forced_transfer__receiver_may_not_hold__reverts(world: World) -> None:
    bond = world.lone_bond()
    for receiver in (world.outsider, world.issuer, "0x" + "00" * 20):
        with world.refuses("ERC7943CannotReceive", receiver):
            bond.forcedTransfer(world.holder, receiver, 1, sender=world.statutory)


def test_forced_transfer__zero__reverts(world: World) -> None:
    bond = world.lone_bond()
    with world.refuses("BondUnitsZero"):
        bond.forcedTransfer(world.holder, world.buyer, 0, sender=world.statutory)


@pytest.mark.parametrize("caller", ["holder", "buyer", "issuer", "operator", "admin", "issuing", "registrar"])
def test_forced_transfer__without_the_power__reverts(world: World, caller: str) -> None:
    """The administrator gives powers, and has none of them by himself."""
    bond, sender = world.lone_bond(), getattr(world, caller)

    with world.refuses("AccessManagedUnauthorized", sender):
        bond.forcedTransfer(world.holder, world.buyer, 1, sender=sender)


def test_forced_transfer__paused_suspended_and_below_the_denomination__moves(world: World) -> None:
    bond = world.lone_bond(minimumUnits=10)
    world.pause(bond)
    world.suspend(world.holder)

    bond.forcedTransfer(world.holder, world.buyer, 95, sender=world.statutory)

    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (5, 95)


def test_forced_transfer__after_a_record_date__keeps_what_was_owed(world: World) -> None:
    """PROPERTIES 11: a forced movement passes the same books as any other."""
    bond = world.lone_bond()
    world.evm.warp(world.to_record(bond, 1).recordTime)

    bond.forcedTransfer(world.holder, world.buyer, 100, sender=world.statutory)

    assert (bond.unitsAt(world.holder, 1), bond.unitsAt(world.buyer, 1)) == (100, 0)
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (0, 100)


def test_forced_transfer__record_date_due__is_noticed_first(world: World) -> None:
    bond = world.lone_bond()
    with world.sandbox():
        record_time = world.to_record(bond, 1).recordTime
    world.evm.warp(record_time)

    made = bond.forcedTransfer(world.holder, world.buyer, 60, sender=world.statutory)

    assert made.names[:2] == ["PaymentAnnounced", "RecordPassed"]
    assert (bond.unitsAt(world.holder, 1), bond.unitsAt(world.buyer, 1)) == (100, 0)


def test_forced_transfer__books_closed__reverts(world: World) -> None:
    bond = world.lone_bond()
    world.to_record(bond, 2)

    with world.refuses("BondBooksClosed"):
        bond.forcedTransfer(world.holder, world.buyer, 1, sender=world.statutory)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=st.integers(1, 1000), frozen=st.integers(0, 1500), units=st.integers(1, 1000))
def test_forced_transfer__any_amounts__frozen_falls_by_what_was_eaten(
    world: World, held: int, frozen: int, units: int
) -> None:
    with world.sandbox():
        bond = world.lone_bond({world.holder: held})
        world.freeze(bond, world.holder, frozen)
        if units > held:
            with world.refuses("ERC20InsufficientBalance", world.holder, held, units):
                bond.forcedTransfer(world.holder, world.buyer, units, sender=world.statutory)
            return

        bond.forcedTransfer(world.holder, world.buyer, units, sender=world.statutory)

        free = max(held - frozen, 0)
        assert bond.getFrozenTokens(world.holder) == frozen - max(units - free, 0)
        assert bond.balanceOf(world.holder) == held - units
        assert bond.balanceOf(world.buyer) == units
