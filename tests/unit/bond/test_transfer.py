"""transfer

├── books are closed -> BondBooksClosed
├── sender is receiver -> BondSelfTransfer
├── zero units -> BondUnitsZero
├── bond is paused -> BondPaused
├── sender may not hold -> ERC7943CannotSend
├── receiver may not hold -> ERC7943CannotReceive
├── more units than held -> ERC20InsufficientBalance
├── more units than free -> ERC7943InsufficientUnfrozenBalance
├── sender or receiver would be below the minimum denomination -> BondBelowMinimumDenomination
└── else -> both entries change, Transfer
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import BANK, COMPANY, HOLDER
from tests.evm.chain import actor, refused
from tests.evm.world import World

pytestmark = pytest.mark.unit

ZERO = "0x" + "00" * 20


def test_transfer__of_some_units__moves_them(world: World) -> None:
    bond = world.lone_bond({world.holder: 100, world.buyer: 5})

    made = bond.transfer(world.buyer, 30, sender=world.holder)

    assert made.value is True
    assert made.names == ["Transfer"]
    assert made.only("Transfer") == {"from": world.holder, "to": world.buyer, "value": 30}
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (70, 35)
    assert bond.totalSupply() == 105


def test_transfer__of_all_units_to_a_new_holder__leaves_nothing(world: World) -> None:
    bond = world.lone_bond()

    bond.transfer(world.buyer, 100, sender=world.holder)

    assert bond.entryOf(world.holder).units == 0
    assert bond.entryOf(world.buyer).units == 100


def test_transfer__to_oneself__reverts(world: World) -> None:
    """PROPERTIES 10: no movement from an account to itself, by any path."""
    bond = world.lone_bond()

    with world.refuses("BondSelfTransfer", world.holder):
        bond.transfer(world.holder, 10, sender=world.holder)


def test_transfer__of_nothing__reverts(world: World) -> None:
    bond = world.lone_bond()

    with world.refuses("BondUnitsZero"):
        bond.transfer(world.buyer, 0, sender=world.holder)


@pytest.mark.parametrize("units", [101, 2**64 - 1, 2**64, 2**64 + 1, 2**128, 2**256 - 1])
def test_transfer__more_than_held__reverts(world: World, units: int) -> None:
    """Amounts beyond 64 bits are not cut down to what fits."""
    bond = world.lone_bond()

    with world.refuses("ERC20InsufficientBalance", world.holder, 100, units):
        bond.transfer(world.buyer, units, sender=world.holder)


def test_transfer__more_than_free__reverts(world: World) -> None:
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 60)

    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 41, 40):
        bond.transfer(world.buyer, 41, sender=world.holder)

    bond.transfer(world.buyer, 40, sender=world.holder)
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 1, 0):
        bond.transfer(world.buyer, 1, sender=world.holder)


def test_transfer__more_than_held_and_frozen__says_what_is_held(world: World) -> None:
    """ERC-7943: the base error when the amount passes the balance."""
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 60)

    with world.refuses("ERC20InsufficientBalance", world.holder, 100, 101):
        bond.transfer(world.buyer, 101, sender=world.holder)


def test_transfer__frozen_beyond_the_balance__reverts(world: World) -> None:
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 1000)

    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 1, 0):
        bond.transfer(world.buyer, 1, sender=world.holder)


def test_transfer__to_zero__reverts(world: World) -> None:
    """PROPERTIES 14: nothing of a holder leaves by burning it himself."""
    bond = world.lone_bond()

    with world.refuses("ERC7943CannotReceive", ZERO):
        bond.transfer(ZERO, 1, sender=world.holder)


def test_transfer__by_a_stranger__reverts(world: World) -> None:
    bond = world.lone_bond()

    with world.refuses("ERC7943CannotSend", world.outsider):
        bond.transfer(world.buyer, 1, sender=world.outsider)


@pytest.mark.parametrize("system", ["offering", "servicing", "settlement", "cash"])
def test_transfer__to_a_contract_of_the_suite__reverts(world: World, system: str) -> None:
    """Units that a contract cannot give back are not taken."""
    bond = world.lone_bond()
    address = getattr(world, system).address

    with world.refuses("ERC7943CannotReceive", address):
        bond.transfer(address, 1, sender=world.holder)


def test_transfer__to_a_class_that_may_not_hold__reverts(world: World) -> None:
    bond = world.lone_bond()
    company = actor("company with the holder's role")
    world.admit(company, COMPANY, HOLDER)

    with world.refuses("ERC7943CannotReceive", company):
        bond.transfer(company, 1, sender=world.holder)


def test_transfer__another_bond_for_other_classes__takes_other_holders(world: World) -> None:
    """PROPERTIES 9: every parameter changes the outcome."""
    bond = world.lone_bond({world.holder: 10}, eligible=1 << BANK)

    with world.refuses("ERC7943CannotReceive", world.buyer):
        bond.transfer(world.buyer, 1, sender=world.holder)
    bond.transfer(world.spender, 1, sender=world.holder)


@pytest.mark.parametrize(
    ("units", "below"),
    [(1, "buyer"), (9, "buyer"), (10, ""), (90, ""), (91, "holder"), (99, "holder"), (100, "")],
)
def test_transfer__minimum_denomination_of_ten__no_side_is_left_below(
    world: World, units: int, below: str
) -> None:
    bond = world.lone_bond({world.holder: 100}, minimumUnits=10)

    if below == "buyer":
        with world.refuses("BondBelowMinimumDenomination", world.buyer, units, 10):
            bond.transfer(world.buyer, units, sender=world.holder)
    elif below == "holder":
        with world.refuses("BondBelowMinimumDenomination", world.holder, 100 - units, 10):
            bond.transfer(world.buyer, units, sender=world.holder)
    else:
        bond.transfer(world.buyer, units, sender=world.holder)
        assert bond.balanceOf(world.buyer) == units


def test_transfer__books_closed__reverts(world: World) -> None:
    """After the last record date who holds is who is redeemed."""
    bond = world.lone_bond()
    world.to_record(bond, 2)

    with world.refuses("BondBooksClosed"):
        bond.transfer(world.buyer, 1, sender=world.holder)


def test_transfer__a_second_before_and_at_the_last_record_time__stops_at_it(world: World) -> None:
    bond = world.lone_bond()
    world.to_record(bond, 1)
    world.evm.warp(bond.book().nextTime)
    bond.advance(sender=world.outsider)
    record_time = bond.paymentDays(2).recordTime

    world.evm.warp(record_time - 1)
    bond.transfer(world.buyer, 1, sender=world.holder)
    world.evm.warp(record_time)
    with world.refuses("BondBooksClosed"):
        bond.transfer(world.buyer, 1, sender=world.holder)

    bond.advance(sender=world.outsider)
    assert bond.unitsAt(world.buyer, 2) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.integers(1, 2**20),
    frozen=st.one_of(st.integers(0, 2**21), st.sampled_from([2**64 - 2, 2**64 - 1, 2**64, 2**256 - 1])),
    units=st.one_of(st.integers(0, 2**21), st.integers(0, 2**256 - 1)),
    minimum=st.integers(1, 50),
)
def test_transfer__any_amounts__just_as_can_transfer_says(
    world: World, held: int, frozen: int, units: int, minimum: int
) -> None:
    """PROPERTIES 12: what `canTransfer` says is what happens; frozen units stay, none is made or lost."""
    with world.sandbox():
        bond = world.lone_bond({world.holder: max(held, minimum)}, units=2**40, minimumUnits=minimum)
        held = bond.balanceOf(world.holder)
        world.freeze(bond, world.holder, frozen)
        foreseen = bond.canTransfer(world.holder, world.buyer, units)
        found = refused(lambda: bond.transfer(world.buyer, units, sender=world.holder))

        if found:
            assert not foreseen or found == "ERC20InsufficientBalance"
            assert bond.balanceOf(world.buyer) == 0
        else:
            assert foreseen
            assert units <= max(held - frozen, 0)
            assert bond.balanceOf(world.buyer) == units
        assert bond.balanceOf(world.holder) + bond.balanceOf(world.buyer) == held == bond.totalSupply()
