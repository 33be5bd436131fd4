"""markPaid, isPaid, paidWord

├── caller is not the Servicing -> BondCallerRefused
├── period is 0, or its record date has not passed -> BondRecordPending
├── holder was paid, or held nothing at the record date -> 0 units, nothing changes
├── a payment before the last -> the bit is set, units stay
└── the last payment -> the bit is set, units are burned; with the last unit BondRedeemed
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.chain import Contract, Receipt, actor
from tests.evm.world import World

pytestmark = pytest.mark.unit

ZERO = "0x" + "00" * 20


def paid(made: Receipt) -> list[int]:
    """Units that were marked, of each holder of a batch."""
    return [word & (2**64 - 1) for word in made.value]


def held(made: Receipt) -> list[int]:
    """How many of them are frozen."""
    return [word >> 64 for word in made.value]


def test_mark_paid__coupon__sets_the_bit_once(world: World) -> None:
    bond = world.lone_bond({world.holder: 100, world.buyer: 50})
    world.to_record(bond, 1)

    first = bond.markPaid(1, [world.holder, world.outsider, world.holder], sender=world.paying)
    second = bond.markPaid(1, [world.buyer, world.holder], sender=world.paying)

    assert (paid(first), held(first)) == ([100, 0, 0], [0, 0, 0])
    assert (paid(second), held(second)) == ([50, 0], [0, 0])
    assert first.names == second.names == []
    assert bond.isPaid(world.holder, 1)
    assert not bond.isPaid(world.holder, 2)
    assert not bond.isPaid(world.outsider, 1)
    assert bond.totalSupply() == 150


@pytest.mark.parametrize("caller", ["holder", "admin", "statutory", "issuing", "settling", "paying_agent"])
def test_mark_paid__by_anybody_else__reverts(world: World, caller: str) -> None:
    bond, sender = world.lone_bond(), getattr(world, caller)
    world.to_record(bond, 1)

    with world.refuses("BondCallerRefused", sender):
        bond.markPaid(1, [world.holder], sender=sender)


@pytest.mark.parametrize("period", [0, 2, 3, 2**16 - 1])
def test_mark_paid__record_not_passed__reverts(world: World, period: int) -> None:
    bond = world.lone_bond()
    world.to_record(bond, 1)

    with world.refuses("BondRecordPending", period, 1):
        bond.markPaid(period, [world.holder], sender=world.paying)


@pytest.mark.parametrize(("frozen", "kept"), [(0, 0), (60, 60), (100, 100), (500, 100), (2**256 - 1, 100)])
def test_mark_paid__frozen_units__are_told(world: World, frozen: int, kept: int) -> None:
    bond = world.lone_bond()
    world.to_record(bond, 1)
    world.freeze(bond, world.holder, frozen)

    made = bond.markPaid(1, [world.holder], sender=world.paying)

    assert (paid(made), held(made)) == ([100], [kept])
    assert bond.getFrozenTokens(world.holder) == frozen


def test_mark_paid__last__burns_what_was_held(world: World) -> None:
    bond = world.lone_bond({world.holder: 100, world.buyer: 50})
    world.to_record(bond, 2)

    made = bond.markPaid(2, [world.holder], sender=world.paying)

    assert (paid(made), held(made)) == ([100], [0])
    assert made.names == ["Transfer"]
    assert made.only("Transfer") == {"from": world.holder, "to": ZERO, "value": 100}
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer), bond.totalSupply()) == (0, 50, 50)
    assert bond.unitsAt(world.holder, 2) == 100
    assert bond.supplyAt(2) == 150


def test_mark_paid__last_unit__says_redeemed(world: World) -> None:
    bond = world.lone_bond({world.holder: 100, world.buyer: 50})
    world.to_record(bond, 2)

    bond.markPaid(2, [world.holder], sender=world.paying)
    made = bond.markPaid(2, [world.buyer], sender=world.paying)

    assert made.names == ["Transfer", "BondRedeemed"]
    assert made.only("BondRedeemed") == {"period": 2}
    assert bond.totalSupply() == 0
    assert (bond.supplyAt(2), bond.unitsAt(world.buyer, 2)) == (150, 50)


def test_mark_paid__last_twice__burns_once(world: World) -> None:
    bond = world.lone_bond({world.holder: 100, world.buyer: 50})
    world.to_record(bond, 2)

    made = bond.markPaid(2, [world.holder, world.holder], sender=world.paying)
    again = bond.markPaid(2, [world.holder], sender=world.paying)

    assert (paid(made), held(made)) == ([100, 0], [0, 0])
    assert (paid(again), held(again)) == ([0], [0])
    assert bond.totalSupply() == 50


def test_mark_paid__last_before_a_coupon__each_is_still_owed(world: World) -> None:
    """Payments are independent: a coupon that was not claimed outlives the bond."""
    bond = world.lone_bond()
    world.to_record(bond, 2)
    bond.markPaid(2, [world.holder], sender=world.paying)

    made = bond.markPaid(1, [world.holder], sender=world.paying)

    assert (paid(made), held(made)) == ([100], [0])
    assert bond.balanceOf(world.holder) == bond.totalSupply() == 0


def test_mark_paid__redeemed_holder__neither_moves_nor_is_moved(world: World) -> None:
    bond = world.lone_bond()
    world.to_record(bond, 2)
    bond.markPaid(2, [world.holder], sender=world.paying)

    with world.refuses("BondBooksClosed"):
        bond.transfer(world.buyer, 1, sender=world.holder)
    with world.refuses("BondBooksClosed"):
        bond.forcedTransfer(world.holder, world.buyer, 1, sender=world.statutory)


def test_mark_paid__forty_nine_payments__each_has_its_own_bit(world: World) -> None:
    bond = world.lone_bond({world.holder: 100, world.buyer: 50}, periods=49, monthsPerPeriod=1)
    world.to_record(bond, 49)

    for period in (31, 32, 33, 48, 1, 49):
        assert not bond.isPaid(world.holder, period)
        assert paid(bond.markPaid(period, [world.holder], sender=world.paying)) == [100]
        assert bond.isPaid(world.holder, period)
        assert not bond.isPaid(world.buyer, period)
        assert paid(bond.markPaid(period, [world.holder], sender=world.paying)) == [0]

    marked = [period for period in range(1, 50) if bond.isPaid(world.holder, period)]
    assert marked == [1, 31, 32, 33, 48, 49]
    assert (bond.balanceOf(world.holder), bond.totalSupply()) == (0, 50)


@pytest.mark.parametrize("periods", [31, 32, 33])
def test_mark_paid__last_payment_around_the_word_bound__burns(world: World, periods: int) -> None:
    bond = world.lone_bond({world.holder: 100, world.buyer: 50}, periods=periods, monthsPerPeriod=1)
    world.to_record(bond, periods)

    for period in range(1, periods + 1):
        assert bond.balanceOf(world.holder) == 100
        bond.markPaid(period, [world.holder], sender=world.paying)

    assert (bond.balanceOf(world.holder), bond.totalSupply()) == (0, 50)
    assert paid(bond.markPaid(periods, [world.buyer, world.holder], sender=world.paying)) == [50, 0]
    assert bond.totalSupply() == 0


@pytest.fixture
def crowd(world: World) -> tuple[World, Contract, list[str]]:
    """A bond with 600 holders, the last 100 of whom bought and were not subscribers."""
    people: list[str] = [actor(f"member of the crowd {i}") for i in range(600)]
    world.registry.admitMembers([world.admission(account) for account in people], sender=world.registrar)
    bond = world.lone_bond(dict.fromkeys(people[:500], 2), periods=3)
    for i, account in enumerate(people[500:]):
        bond.transfer(account, 1, sender=people[i])
    world.to_record(bond, 2)
    return world, bond, people


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.tuples(st.integers(1, 2), st.lists(st.integers(0, 599), max_size=40)), min_size=1, max_size=5
    )
)
def test_mark_paid__any_batches_of_a_crowd__each_holder_once(
    crowd: tuple[World, Contract, list[str]], batches: list[tuple[int, list[int]]]
) -> None:
    """Marks of 256 neighbours share a slot: no batch, in any order, may lose or set another's mark."""
    world, bond, people = crowd
    served: set[tuple[int, int]] = set()
    with world.sandbox():
        for period, places in batches:
            found = paid(bond.markPaid(period, [people[i] for i in places], sender=world.paying))
            for place, units in zip(places, found, strict=True):
                due = 1 if place < 100 or place >= 500 else 2
                assert units == (0 if (period, place) in served else due)
                served.add((period, place))
        for period in (1, 2):
            marked = {i for i, account in enumerate(people) if bond.isPaid(account, period)}
            assert marked == {place for each, place in served if each == period}
            words = [bond.paidWord(period, word) for word in range(4)]
            numbers = [bond.entryOf(people[place]).number for place in marked]
            assert sum(word << 256 * i for i, word in enumerate(words)) == sum(1 << each for each in numbers)


def test_mark_paid__of_many__counts_each(world: World) -> None:
    holders = [actor(f"small holder {i}") for i in range(40)]
    for account in holders:
        world.admit(account)
    bond = world.lone_bond({account: i + 1 for i, account in enumerate(holders)})
    world.to_record(bond, 1)

    assert paid(bond.markPaid(1, holders, sender=world.paying)) == list(range(1, 41))
