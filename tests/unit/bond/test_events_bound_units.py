"""bindUnits, bindDrawn, releaseUnits, retire, boundUnits

bindUnits
├── caller is not the Servicing -> BondCallerRefused
├── paused, shut, closed -> BondPaused, BondBooksShut, BondBooksClosed
├── holder may not hold -> ERC7943CannotSend; has fewer free units -> ERC7943InsufficientUnfrozenBalance
└── else -> they stay his, count at record dates, and cannot move
bindDrawn -> the same, whatever stands against it: a lot decided
releaseUnits
├── shut -> BondBooksShut; more than are bound -> BondBelowBound
└── else -> they are free again, whoever he is by now
retire
├── closed, shut -> BondBooksClosed, BondBooksShut; more than are bound, or held -> BondBelowBound
└── else -> they are burned, and record dates keep what was held
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import COMPANY
from tests.evm.chain import Contract, Receipt, refused
from tests.evm.world import World

pytestmark = pytest.mark.unit

ACTS = ("bindUnits", "bindDrawn", "releaseUnits", "retire")
EVERYTHING = 2**256 - 1


def act(world: World, bond: Contract, name: str, units: int, holder: str | None = None) -> Receipt:
    made: Receipt = world.events_of(bond).do(name, holder or world.holder, units, sender=world.paying)
    return made


def bound(world: World, bond: Contract) -> int:
    total: int = world.events_of(bond).boundUnits()
    return total


@pytest.mark.parametrize("caller", ["issuer", "holder", "issuing", "settling", "statutory", "admin"])
@pytest.mark.parametrize("name", ACTS)
def test_bound__by_anybody_else__reverts(world: World, name: str, caller: str) -> None:
    bond, sender = world.lone_bond(), getattr(world, caller)

    with world.refuses("BondCallerRefused", sender):
        world.events_of(bond).do(name, world.holder, 1, sender=sender)


# --- bindUnits


def test_bind__free_units__stay_the_holders_and_cannot_move(world: World) -> None:
    bond = world.lone_bond({world.holder: 100, world.buyer: 5})

    made = act(world, bond, "bindUnits", 60)

    assert made.names == ["UnitsBound"]
    assert made.only("UnitsBound") == {"holder": world.holder, "bound": 60}
    assert (bond.balanceOf(world.holder), bond.totalSupply(), bond.entryOf(world.holder).pledged) == (
        100,
        105,
        60,
    )
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 41, 40):
        bond.transfer(world.buyer, 41, sender=world.holder)
    assert not bond.canTransfer(world.holder, world.buyer, 41)
    bond.transfer(world.buyer, 40, sender=world.holder)
    act(world, bond, "bindUnits", 45, world.buyer)
    assert bound(world, bond) == 105


def test_bind__twice__adds_up(world: World) -> None:
    bond = world.lone_bond()
    act(world, bond, "bindUnits", 60)

    assert act(world, bond, "bindUnits", 15).only("UnitsBound").bound == 75
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 26, 25):
        act(world, bond, "bindUnits", 26)


def test_bind__frozen_units__are_not_free(world: World) -> None:
    """Frozen units may not move, bound ones neither: both count."""
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 30)
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 71, 70):
        act(world, bond, "bindUnits", 71)
    act(world, bond, "bindUnits", 70)

    assert refused(lambda: bond.transfer(world.buyer, 1, sender=world.holder))
    world.freeze(bond, world.holder, 0)
    bond.transfer(world.buyer, 30, sender=world.holder)


@pytest.mark.parametrize("allowed", [1, 100, EVERYTHING])
def test_bind__by_no_path__can_bound_units_leave(world: World, allowed: int) -> None:
    bond = world.lone_bond()
    bond.approve(world.spender, allowed, sender=world.holder)
    act(world, bond, "bindUnits", 100)

    refusal = ("ERC7943InsufficientUnfrozenBalance", world.holder, 1, 0)
    with world.refuses(*refusal):
        bond.transfer(world.buyer, 1, sender=world.holder)
    with world.refuses(*refusal):
        bond.transferFrom(world.holder, world.buyer, 1, sender=world.spender)
    with world.refuses(*refusal):
        bond.bookTransfer(world.holder, world.buyer, 1, sender=world.settling)


def test_bind__while_paused_or_shut_or_closed__reverts(world: World) -> None:
    bond = world.lone_bond()
    with world.sandbox():
        world.pause(bond)
        with world.refuses("BondPaused"):
            act(world, bond, "bindUnits", 1)
    with world.sandbox():
        world.events_of(bond).setShut(True, sender=world.paying)
        with world.refuses("BondBooksShut"):
            act(world, bond, "bindUnits", 1)
    world.to_record(bond, 2)
    with world.refuses("BondBooksClosed"):
        act(world, bond, "bindUnits", 1)


def test_bind__of_who_may_not_hold__reverts(world: World) -> None:
    bond = world.lone_bond()
    world.suspend(world.holder)
    with world.refuses("ERC7943CannotSend", world.holder):
        act(world, bond, "bindUnits", 1)

    world.reinstate(world.holder)
    act(world, bond, "bindUnits", 1)
    world.registry.reclassifyMember(
        world.leis[world.holder], COMPANY, b"CN", [world.holder], sender=world.registrar
    )
    with world.refuses("ERC7943CannotSend", world.holder):
        act(world, bond, "bindUnits", 1)


def test_bind__notices_a_record_date_that_is_due(world: World) -> None:
    bond = world.lone_bond()
    with world.sandbox():
        record_time = world.to_record(bond, 1).recordTime
    world.evm.warp(record_time)

    assert act(world, bond, "bindUnits", 100).names == ["PaymentAnnounced", "RecordPassed", "UnitsBound"]


def test_bind__bound_units__count_at_record_dates(world: World) -> None:
    bond = world.lone_bond({world.holder: 100, world.buyer: 50})
    act(world, bond, "bindUnits", 100)
    world.to_record(bond, 1)

    due = bond.markPaid(1, [world.holder, world.buyer], sender=world.paying).value

    assert due == [100, 50], "and nothing of it is frozen"
    assert bond.unitsAt(world.holder, 1) == 100


# --- bindDrawn


def test_bind_drawn__frozen_units_of_a_suspended_holder__are_bound(world: World) -> None:
    """The lot falls on whoever holds; what is paid for frozen units is kept for him."""
    bond = world.lone_bond()
    world.freeze(bond, world.holder, EVERYTHING)
    world.suspend(world.holder)
    world.events_of(bond).setShut(True, sender=world.paying)

    made = act(world, bond, "bindDrawn", 10)

    assert made.only("UnitsBound") == {"holder": world.holder, "bound": 10}
    assert bound(world, bond) == 10


# --- releaseUnits


def test_release__bound_units__are_free_again(world: World) -> None:
    bond = world.lone_bond()
    act(world, bond, "bindUnits", 60)

    assert act(world, bond, "releaseUnits", 20).only("UnitsBound") == {"holder": world.holder, "bound": 40}
    bond.transfer(world.buyer, 60, sender=world.holder)
    act(world, bond, "releaseUnits", 40)

    bond.transfer(world.buyer, 40, sender=world.holder)
    assert bound(world, bond) == 0


def test_release__of_a_suspended_holder_while_paused__is_done(world: World) -> None:
    bond = world.lone_bond()
    act(world, bond, "bindUnits", 60)
    world.pause(bond)
    world.suspend(world.holder)

    assert act(world, bond, "releaseUnits", 60).only("UnitsBound").bound == 0


def test_release__more_than_are_bound__reverts(world: World) -> None:
    bond = world.lone_bond()
    act(world, bond, "bindUnits", 60)

    with world.refuses("BondBelowBound", world.holder, 60, 61):
        act(world, bond, "releaseUnits", 61)
    with world.refuses("BondBelowBound", world.buyer, 0, 1):
        act(world, bond, "releaseUnits", 1, world.buyer)


def test_release__while_shut__reverts(world: World) -> None:
    """A drawing counts what is not bound: it must not change under it."""
    bond = world.lone_bond()
    act(world, bond, "bindUnits", 60)
    world.events_of(bond).setShut(True, sender=world.paying)

    with world.refuses("BondBooksShut"):
        act(world, bond, "releaseUnits", 1)


# --- forced transfers


def test_forced_transfer__of_bound_units__needs_an_annulled_election(world: World) -> None:
    """What is bound is redeemed for its holder: a court has the election annulled first."""
    bond = world.lone_bond()
    act(world, bond, "bindUnits", 60)

    bond.forcedTransfer(world.holder, world.buyer, 40, sender=world.statutory)
    refusal = refused(lambda: bond.forcedTransfer(world.holder, world.buyer, 1, sender=world.statutory))

    assert refusal != ""
    act(world, bond, "releaseUnits", 60)
    bond.forcedTransfer(world.holder, world.buyer, 60, sender=world.statutory)


# --- retire


def test_retire__bound_units__are_burned(world: World) -> None:
    bond = world.lone_bond({world.holder: 100, world.buyer: 50})
    act(world, bond, "bindUnits", 60)

    made = act(world, bond, "retire", 45)

    assert made.names == ["UnitsBound", "Transfer"]
    assert made.only("UnitsBound") == {"holder": world.holder, "bound": 15}
    assert made.only("Transfer") == {"from": world.holder, "to": "0x" + "00" * 20, "value": 45}
    assert (bond.balanceOf(world.holder), bond.totalSupply(), bound(world, bond)) == (55, 105, 15)
    bond.transfer(world.buyer, 40, sender=world.holder)


def test_retire__more_than_are_bound__reverts(world: World) -> None:
    bond = world.lone_bond()
    act(world, bond, "bindUnits", 60)

    with world.refuses("BondBelowBound", world.holder, 60, 61):
        act(world, bond, "retire", 61)


def test_retire__below_the_minimum_denomination__is_done(world: World) -> None:
    """A redemption leaves what it leaves; he can send all of the rest."""
    bond = world.lone_bond({world.holder: 100, world.buyer: 50}, minimumUnits=50)
    act(world, bond, "bindUnits", 60)
    act(world, bond, "retire", 60)

    assert bond.balanceOf(world.holder) == 40
    bond.transfer(world.buyer, 40, sender=world.holder)


def test_retire__after_a_record_date__keeps_what_was_held(world: World) -> None:
    bond = world.lone_bond({world.holder: 100, world.buyer: 50}, periods=8, monthsPerPeriod=3)
    act(world, bond, "bindUnits", 100)
    world.to_record(bond, 2)

    act(world, bond, "retire", 30)
    world.to_record(bond, 3)
    act(world, bond, "retire", 70)
    world.to_record(bond, 4)

    assert [bond.unitsAt(world.holder, record) for record in (1, 2, 3, 4)] == [100, 100, 70, 0]
    assert [bond.supplyAt(record) for record in (1, 2, 3, 4)] == [150, 150, 120, 50]
    due = [bond.markPaid(record, [world.holder], sender=world.paying).value for record in (1, 2, 3, 4)]
    assert due == [[100], [100], [70], [0]]


def test_retire__the_last_unit__says_that_the_bond_is_redeemed(world: World) -> None:
    bond = world.lone_bond()
    world.to_record(bond, 1)
    act(world, bond, "bindUnits", 100)

    made = act(world, bond, "retire", 100)

    assert made.only("BondRedeemed") == {"period": 1}
    assert (bond.totalSupply(), bond.balanceOf(world.holder)) == (0, 0)
    world.issue(bond, {world.buyer: 5})
    assert bond.totalSupply() == 5, "a tap may follow"


def test_retire__shut_or_closed__reverts(world: World) -> None:
    bond = world.lone_bond()
    act(world, bond, "bindUnits", 60)
    with world.sandbox():
        world.events_of(bond).setShut(True, sender=world.paying)
        with world.refuses("BondBooksShut"):
            act(world, bond, "retire", 1)
    world.to_record(bond, 2)
    with world.refuses("BondBooksClosed"):
        act(world, bond, "retire", 1)


def test_retire__of_a_suspended_holder_while_paused__is_done(world: World) -> None:
    """He is paid, or it is kept for him."""
    bond = world.lone_bond()
    act(world, bond, "bindUnits", 60)
    world.pause(bond)
    world.suspend(world.holder)

    assert "Transfer" in act(world, bond, "retire", 60).names


# --- closed books


def test_closed_books__bound_units__are_redeemed_with_the_rest_and_released(world: World) -> None:
    """The last payment takes all units, bound or not."""
    bond = world.lone_bond()
    act(world, bond, "bindUnits", 60)
    world.to_record(bond, 2)

    assert bond.markPaid(2, [world.holder], sender=world.paying).value == [100]
    assert (bond.balanceOf(world.holder), bond.totalSupply()) == (0, 0)
    act(world, bond, "releaseUnits", 60)
    assert bound(world, bond) == 0


# --- all together

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("bindUnits", "bindDrawn", "releaseUnits", "retire", "transfer", "record")),
        st.sampled_from(("holder", "buyer")),
        st.integers(0, 60),
    ),
    max_size=14,
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_bound__any_order__sums_and_records_hold(world: World, steps: list[tuple[str, str, int]]) -> None:
    """Bound units are the sum of the entries, no holding is below them, records say what was held."""
    with world.sandbox():
        held, pledged = {"holder": 100, "buyer": 50}, {"holder": 0, "buyer": 0}
        bond = world.lone_bond(
            {getattr(world, name): units for name, units in held.items()}, periods=30, monthsPerPeriod=1
        )
        records: list[dict[str, int]] = []
        for name, who, units in steps:
            account, free = getattr(world, who), held[who] - pledged[who]
            other = "buyer" if who == "holder" else "holder"
            if name == "record":
                world.to_record(bond, len(records) + 1)
                records.append(dict(held))
                continue
            if name == "transfer":
                if 0 < units <= free:
                    bond.transfer(getattr(world, other), units, sender=account)
                    held[who] -= units
                    held[other] += units
                continue
            most = {"bindUnits": free, "bindDrawn": free}.get(name, pledged[who])
            if units > most:
                continue
            act(world, bond, name, units, account)
            pledged[who] += units if name.startswith("bind") else -units
            held[who] -= units if name == "retire" else 0

        assert bound(world, bond) == sum(pledged.values())
        assert bond.totalSupply() == sum(held.values())
        for who, units in held.items():
            entry = bond.entryOf(getattr(world, who))
            assert (entry.units, entry.pledged) == (units, pledged[who])
        for number, at_record in enumerate(records, 1):
            assert bond.supplyAt(number) == sum(at_record.values())
            for who, units in at_record.items():
                assert bond.unitsAt(getattr(world, who), number) == units
