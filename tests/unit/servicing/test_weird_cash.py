"""pay, claim, redeem and collect in cash tokens that misbehave, wholly or towards one receiver."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.evm.chain import Contract, refused
from tests.evm.world import World

pytestmark = pytest.mark.unit

PLAIN, FEE, FALSE, NOTHING, LIES, REVERTS, REENTERS, BURNS_GAS, BOMB = range(9)


@pytest.fixture
def scene(world: World) -> tuple[Contract, Contract]:
    """A bond in foreign cash of which two holders have 100 units each, its first payment funded."""
    return make_scene(world, 6)


def make_scene(world: World, decimals: int, face: int = 10_000) -> tuple[Contract, Contract]:
    bond, cash = world.foreign_bond(decimals, faceValue=face)
    world.to_payment(bond)
    world.servicing.fund(bond, 1, sender=world.paying_agent)
    return bond, cash


def pay(world: World, bond: Contract, **options: Any) -> Any:
    return world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider, **options)


@pytest.mark.parametrize("decimals", [0, 2, 6, 18])
def test_pay__cash_of_any_decimals__pays_the_same_value(world: World, decimals: int) -> None:
    """PROPERTIES 4: the same result for 0, 2, 6, 18 decimals."""
    bond, cash = make_scene(world, decimals, face=100 * 10**decimals)

    pay(world, bond)

    assert cash.balanceOf(world.holder) == 325 * 10**decimals
    assert cash.balanceOf(world.servicing) == 0


@pytest.mark.parametrize("mode", [FALSE, REVERTS, BURNS_GAS, BOMB], ids=["false", "reverts", "gas", "bomb"])
def test_pay__one_receiver_is_blocked__the_other_is_paid(
    world: World, scene: tuple[Contract, Contract], mode: int
) -> None:
    """PROPERTIES 5: one reverting, blocked or greedy payee never delays another."""
    bond, cash = scene
    cash.setModeTowards(world.holder, mode, sender=world.outsider)

    made = pay(world, bond, gas=30_000_000)

    assert cash.balanceOf(world.buyer) == 32_500
    assert made.only("AmountKept").holder == world.holder
    assert world.servicing.keptFor(bond, world.holder) == cash.balanceOf(world.servicing) == 32_500
    cash.setModeTowards(world.holder, PLAIN, sender=world.outsider)
    world.servicing.collect(bond, world.holder, sender=world.outsider)
    assert cash.balanceOf(world.holder) == 32_500


@pytest.mark.parametrize("mode", [FALSE, REVERTS])
def test_pay__all_are_blocked__all_is_kept(world: World, scene: tuple[Contract, Contract], mode: int) -> None:
    bond, cash = scene
    cash.setMode(mode, sender=world.outsider)

    pay(world, bond)

    assert world.servicing.keptFor(bond, world.holder) == world.servicing.keptFor(bond, world.buyer) == 32_500
    assert refused(lambda: world.servicing.collect(bond, world.holder, sender=world.outsider))
    assert world.servicing.keptFor(bond, world.holder) == 32_500, "a refused collection loses nothing"


def test_pay__cash_returns_nothing__pays(world: World, scene: tuple[Contract, Contract]) -> None:
    bond, cash = scene
    cash.setMode(NOTHING, sender=world.outsider)

    pay(world, bond)

    assert (cash.balanceOf(world.holder), cash.balanceOf(world.buyer)) == (32_500, 32_500)


def test_pay__cash_lies__reverts_whole(world: World, scene: tuple[Contract, Contract]) -> None:
    bond, cash = scene
    cash.setMode(LIES, sender=world.outsider)

    with world.refuses("PaymentCashMismatch", cash, 32_500, 0):
        pay(world, bond)

    assert not bond.isPaid(world.holder, 1)


def test_collect__cash_lies__reverts(world: World, scene: tuple[Contract, Contract]) -> None:
    bond, cash = scene
    cash.setMode(REVERTS, sender=world.outsider)
    pay(world, bond)
    cash.setMode(LIES, sender=world.outsider)

    with world.refuses("PaymentCashMismatch", cash, 32_500, 0):
        world.servicing.collect(bond, world.holder, sender=world.outsider)


def test_pay__fee_switched_on_after_the_funding__books_no_more_than_came(
    world: World, scene: tuple[Contract, Contract]
) -> None:
    """PROPERTIES 29: the measured difference is what is booked, or the payment is refused.

    Servicing promises that another amount reverts the whole call, in and out.
    """
    bond, cash = scene
    cash.setMode(FEE, sender=world.outsider)

    found = refused(lambda: pay(world, bond))

    assert found == "PaymentCashMismatch", f"booked 32500, holder has {cash.balanceOf(world.holder)}"


def test_collect__fee_switched_on_after_the_funding__reverts(
    world: World, scene: tuple[Contract, Contract]
) -> None:
    bond, cash = scene
    cash.setMode(REVERTS, sender=world.outsider)
    pay(world, bond)
    cash.setMode(FEE, sender=world.outsider)

    found = refused(lambda: world.servicing.collect(bond, world.holder, sender=world.outsider))

    assert found == "PaymentCashMismatch", f"booked 32500, holder has {cash.balanceOf(world.holder)}"


REENTRIES: dict[str, Callable[[World, Contract], bytes]] = {
    "pay": lambda world, bond: world.servicing.raw("pay", bond, 1, [world.holder, world.buyer]),
    "claim": lambda world, bond: world.servicing.raw("claim", bond, 1),
    "redeem": lambda world, bond: world.servicing.raw("redeem", bond, [world.holder]),
    "collect": lambda world, bond: world.servicing.raw("collect", bond, world.holder),
    "fund": lambda world, bond: world.servicing.raw("fund", bond, 2),
}


@pytest.mark.parametrize("what", REENTRIES)
def test_pay__cash_re_enters__is_refused_inside(
    world: World, scene: tuple[Contract, Contract], what: str
) -> None:
    bond, cash = scene
    cash.setMode(REENTERS, sender=world.outsider)
    cash.setReentry(world.servicing, REENTRIES[what](world, bond), sender=world.outsider)

    pay(world, bond)

    assert not cash.reentered()
    assert cash.answer() == bytes.fromhex("3ee5aeb5"), "ReentrancyGuardReentrantCall"
    assert (cash.balanceOf(world.holder), cash.balanceOf(world.buyer)) == (32_500, 32_500)
    assert cash.balanceOf(world.servicing) == 0


def test_pay__cash_says_more_bits_than_it_moved__reverts(
    world: World, scene: tuple[Contract, Contract]
) -> None:
    bond, cash = scene
    cash.setBatches(True, 0b11, sender=world.outsider)
    cash.setModeTowards(world.holder, LIES, sender=world.outsider)

    with world.refuses("PaymentCashMismatch", cash, 65_000, 32_500):
        pay(world, bond)


def test_pay__cash_says_fewer_bits_than_it_moved__reverts(
    world: World, scene: tuple[Contract, Contract]
) -> None:
    """Else a holder would be paid, and his amount kept besides."""
    bond, cash = scene
    cash.setBatches(True, 0b01, sender=world.outsider)

    with world.refuses("PaymentCashMismatch", cash, 32_500, 65_000):
        pay(world, bond)


def test_pay__cash_in_a_batch__pays_those_whose_bit_is_set(
    world: World, scene: tuple[Contract, Contract]
) -> None:
    bond, cash = scene
    cash.setBatches(True, 0b10, sender=world.outsider)
    cash.setModeTowards(world.holder, LIES, sender=world.outsider)

    pay(world, bond)

    assert cash.balanceOf(world.buyer) == 32_500
    assert world.servicing.keptFor(bond, world.holder) == 32_500


@pytest.mark.parametrize("gas", [150_000, 200_000, 250_000, 300_000, 400_000, 600_000])
def test_pay__caller_gives_little_gas__pays_or_keeps_and_loses_nothing(
    world: World, scene: tuple[Contract, Contract], gas: int
) -> None:
    """A caller who starves the transfers can delay, not take: what was not sent is kept."""
    bond, cash = scene
    try:
        pay(world, bond, gas=gas)
    except Exception:  # noqa: BLE001
        assert not bond.isPaid(world.holder, 1)
        return
    for holder in (world.holder, world.buyer):
        assert cash.balanceOf(holder) + world.servicing.keptFor(bond, holder) == 32_500
