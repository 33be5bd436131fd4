"""Gas does not grow with the number of holders, but in batches whose size the caller picks.

PROPERTIES 8, DESIGN promise 6.
"""

import pytest
from tests.evm.chain import Contract, actor
from tests.evm.world import World

pytestmark = pytest.mark.integration

FEW, MANY = 10, 400
SLACK = 600  # zero bytes of calldata and of numbers cost less than others


def bond_of(world: World, holders: int) -> tuple[Contract, list[str]]:
    people: list[str] = [actor(f"of {holders} holders {i}") for i in range(holders)]
    world.registry.admitMembers([world.admission(account) for account in people], sender=world.registrar)
    return world.bond(dict.fromkeys(people, 10)), people


def gas_of_acts(world: World, holders: int) -> dict[str, int]:
    """Gas of each act that concerns all holders, or one of them."""
    bond, people = bond_of(world, holders)
    used = {"transfer": bond.transfer(people[1], 1, sender=people[0]).gas}
    with world.sandbox():
        record_time = world.to_record(bond).recordTime
    world.evm.warp(record_time)
    used["notice a record date"] = bond.advance(sender=world.outsider).gas
    used["first transfer after it"] = bond.transfer(people[1], 1, sender=people[0]).gas
    world.to_payment(bond)
    world.give_cash(world.paying_agent)
    used["fund"] = world.servicing.fund(bond, 1, sender=world.paying_agent).gas
    used["pay one"] = world.servicing.pay(bond, 1, people[2:3], sender=world.outsider).gas
    used["claim"] = world.servicing.claim(bond, 1, sender=people[3]).gas
    used["freeze"] = world.freeze(bond, people[4], 5).gas
    world.ready(bond, 2)
    used["redeem one"] = world.servicing.redeem(bond, people[5:6], sender=world.outsider).gas
    return used


def test_gas__of_few_and_many_holders__is_the_same(world: World) -> None:
    with world.sandbox():
        few = gas_of_acts(world, FEW)
    with world.sandbox():
        many = gas_of_acts(world, MANY)

    for act, gas in few.items():
        assert abs(many[act] - gas) < SLACK, f"{act}: {gas} gas with {FEW} holders, {many[act]} with {MANY}"


def test_gas__of_a_holding_at_an_old_record__grows_with_changes_not_with_time(world: World) -> None:
    """Forty months without a movement are one step for who asks."""
    quiet = world.lone_bond({world.holder: 10, world.buyer: 10}, periods=40, monthsPerPeriod=1)
    world.to_record(quiet, 40)

    world.evm.send(world.outsider, quiet.address, quiet.raw("unitsAt", world.holder, 1))
    old = world.evm.receipt(None).gas
    world.evm.send(world.outsider, quiet.address, quiet.raw("unitsAt", world.holder, 40))

    assert abs(world.evm.receipt(None).gas - old) < SLACK
