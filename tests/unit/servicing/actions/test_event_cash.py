"""Events in cash that is not ours, and that misbehaves, wholly or towards one receiver."""

from datetime import date
from typing import Any

import pytest
from tests.evm.builders import NO_RIGHTS
from tests.evm.chain import Contract, refused
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    PAYS,
    SPRING,
    fund,
    opened,
    settle,
)
from tests.unit.servicing.stage import to

pytestmark = pytest.mark.unit

PLAIN, FEE, FALSE, NOTHING, LIES, REVERTS, REENTERS, BURNS_GAS, BOMB = range(9)
BLOCKED = [FALSE, REVERTS, BURNS_GAS, BOMB]


def make_scene(world: World, decimals: int = 6, face: int = 10_000) -> tuple[Contract, Contract, int]:
    """Holder and buyer put ten units each, in foreign cash; the pay day has come."""
    bond, cash = world.foreign_bond(decimals, faceValue=face, rights=NO_RIGHTS.but(puts=[SPRING]))
    number = opened(world, bond)
    for who in (world.holder, world.buyer):
        world.servicing.elect(bond, number, 10, sender=who)
    to(world, PAYS)
    return bond, cash, number


def settled(world: World, bond: Contract, number: int, **options: Any) -> Any:
    holders = [world.holder, world.buyer]
    return world.servicing.settleAction(bond, number, holders, sender=world.outsider, **options)


@pytest.mark.parametrize("decimals", [0, 2, 6, 18])
def test_put__cash_of_any_decimals__pays_the_same_value(world: World, decimals: int) -> None:
    bond, cash, number = make_scene(world, decimals, face=10_000 * 10**decimals)
    fund(world, bond, number)
    settled(world, bond, number)
    # ICMA, a year of 366 days; 132 of them have gone.
    assert (date(2020, 4, 15) - date(2019, 12, 5)).days == 132
    whole = 10 * 10_000 * 10**decimals
    assert cash.balanceOf(world.holder) == whole * 325 * 132 // 10_000 // 366 + whole * 101 // 100


@pytest.mark.parametrize("mode", [FEE, FALSE, LIES, REVERTS, BURNS_GAS, BOMB])
def test_fund__cash_that_does_not_come_whole__is_refused(world: World, mode: int) -> None:
    """What is short in an escrow would be missing to the last holder."""
    bond, cash, number = make_scene(world)
    cash.setMode(mode, sender=world.outsider)
    agent = world.paying_agent
    assert refused(lambda: world.servicing.fundAction(bond, number, sender=agent, gas=3_000_000))
    cash.setMode(PLAIN, sender=world.outsider)
    fund(world, bond, number)


@pytest.mark.parametrize("mode", BLOCKED, ids=["false", "reverts", "gas", "bomb"])
def test_settle__one_receiver_is_blocked__the_other_is_paid(world: World, mode: int) -> None:
    bond, cash, number = make_scene(world)
    fund(world, bond, number)
    cash.setModeTowards(world.holder, mode, sender=world.outsider)

    made = settled(world, bond, number, gas=30_000_000)

    due = cash.balanceOf(world.buyer)
    assert due > 10 * 10_000
    assert made.only("AmountKept").holder == world.holder
    assert world.servicing.keptFor(bond, world.holder) == due
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (90, 90)
    cash.setModeTowards(world.holder, PLAIN, sender=world.outsider)
    world.servicing.collect(bond, world.holder, sender=world.outsider)
    assert cash.balanceOf(world.holder) == due


def test_settle__cash_that_calls_back__finds_the_door_shut(world: World) -> None:
    bond, cash, number = make_scene(world)
    fund(world, bond, number)
    again = world.servicing.raw("settleAction", bond, number, [world.buyer])
    cash.setReentry(world.servicing, again, sender=world.outsider)
    cash.setModeTowards(world.holder, REENTERS, sender=world.outsider)

    settle(world, bond, number, world.holder)

    assert not cash.reentered()
    assert world.servicing.electedBy(bond, number, world.buyer) == 10
    settle(world, bond, number, world.buyer)
    assert cash.balanceOf(world.holder) == cash.balanceOf(world.buyer)


def test_fund__cash_that_calls_back__funds_once(world: World) -> None:
    bond, cash, number = make_scene(world)
    again = world.servicing.raw("settleAction", bond, number, [world.holder, world.buyer])
    cash.setReentry(world.servicing, again, sender=world.outsider)
    cash.setModeTowards(world.servicing, REENTERS, sender=world.outsider)
    fund(world, bond, number)
    assert not cash.reentered()
    assert bond.totalSupply() == 200
