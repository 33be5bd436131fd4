"""checkTransfer, canTransfer, canSend, canReceive

They never revert (but checkTransfer, whose revert is the answer), never write, and say what would happen.
"""

import pytest
from tests.evm.builders import COMPANY
from tests.evm.chain import refused, reverts
from tests.evm.world import World

pytestmark = pytest.mark.unit

ZERO = "0x" + "00" * 20


def test_can_transfer__plain__is_true(world: World) -> None:
    bond = world.lone_bond()

    assert bond.canTransfer(world.holder, world.buyer, 100)
    bond.checkTransfer(world.holder, world.buyer, 100)


@pytest.mark.parametrize("units", [101, 2**64, 2**256 - 1])
def test_can_transfer__more_than_held__is_true(world: World, units: int) -> None:
    """ERC-7943: a plain lack of balance is no reason; the allowance is none either."""
    bond = world.lone_bond()

    assert bond.canTransfer(world.holder, world.buyer, units)
    assert bond.canTransfer(world.buyer, world.holder, units), "who holds nothing"
    with reverts("ERC20InsufficientBalance", world.holder, 100, units):
        bond.checkTransfer(world.holder, world.buyer, units)


def test_can_transfer__more_than_free__is_false(world: World) -> None:
    """ERC-7943: MUST check the unfrozen amount."""
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 60)

    assert bond.canTransfer(world.holder, world.buyer, 40)
    assert not bond.canTransfer(world.holder, world.buyer, 41)
    with reverts("ERC7943InsufficientUnfrozenBalance", world.holder, 41, 40):
        bond.checkTransfer(world.holder, world.buyer, 41)


def test_can_transfer__paused__is_false_and_can_send_is_not_asked(world: World) -> None:
    bond = world.lone_bond()
    world.pause(bond)

    assert not bond.canTransfer(world.holder, world.buyer, 1)
    assert bond.canSend(world.holder)
    assert bond.canReceive(world.holder)


def test_can_send__knows_no_amounts(world: World) -> None:
    """ERC-7943: canSend and canReceive MUST NOT encode amounts or balances."""
    bond = world.lone_bond()
    world.freeze(bond, world.holder, 2**256 - 1)

    assert bond.canSend(world.holder)
    assert bond.canSend(world.buyer)
    assert bond.canReceive(world.holder)


def test_can_send__by_standing_and_class__follows_the_registry(world: World) -> None:
    bond = world.lone_bond()
    for account in (world.outsider, world.issuer, ZERO, bond.address):
        assert not bond.canSend(account)
        assert not bond.canReceive(account)
        assert not bond.canTransfer(world.holder, account, 1)
        assert not bond.canTransfer(account, world.holder, 1)
    world.registry.reclassifyMember(
        world.leis[world.holder], COMPANY, b"CN", [world.holder], sender=world.registrar
    )
    assert not bond.canSend(world.holder)


def test_can_transfer__zero_or_to_oneself__is_false(world: World) -> None:
    bond = world.lone_bond()

    assert not bond.canTransfer(world.holder, world.buyer, 0)
    assert not bond.canTransfer(world.holder, world.holder, 1)


def test_can_transfer__below_the_denomination__is_false(world: World) -> None:
    bond = world.lone_bond(minimumUnits=10)

    assert not bond.canTransfer(world.holder, world.buyer, 9)
    assert not bond.canTransfer(world.holder, world.buyer, 91)
    assert bond.canTransfer(world.holder, world.buyer, 100)
    with reverts("BondBelowMinimumDenomination", world.holder, 9, 10):
        bond.checkTransfer(world.holder, world.buyer, 91)


def test_can_transfer__record_date_due_but_not_noticed__sees_it(world: World) -> None:
    """What is due is foreseen: the last record time closes the books before anyone says so."""
    bond = world.lone_bond()
    with world.sandbox():
        record_time = world.to_record(bond, 2).recordTime
    world.evm.warp(record_time - 1)
    assert bond.canTransfer(world.holder, world.buyer, 1)
    world.evm.warp(record_time)

    assert not bond.canTransfer(world.holder, world.buyer, 1)
    assert bond.book().records == 0, "nothing is written"
    with reverts("BondBooksClosed"):
        bond.checkTransfer(world.holder, world.buyer, 1)
    with world.refuses("BondBooksClosed"):
        bond.transfer(world.buyer, 1, sender=world.holder)


def test_can_transfer__calendar_not_published__is_false_and_does_not_revert(world: World) -> None:
    """ERC-7943: canTransfer MUST NOT revert."""
    bond = world.lone_bond(calendar=b"XX-XX\0\0\0")
    first = bond.terms().schedule.issueDay
    world.evm.warp((first + 366) * 86_400 - 9 * 86_400)

    assert not bond.canTransfer(world.holder, world.buyer, 1)
    with reverts("CalendarYearNotPublished", b"XX-XX\0\0\0", 2020):
        bond.checkTransfer(world.holder, world.buyer, 1)
    with world.refuses("CalendarYearNotPublished", b"XX-XX\0\0\0", 2020):
        bond.transfer(world.buyer, 1, sender=world.holder)


def test_can_transfer__on_the_bare_implementation__does_not_revert_the_chain(world: World) -> None:
    """PROPERTIES 27: the implementation holds nothing and lets nothing in."""
    bare = world.lone_implementation

    assert refused(lambda: bare.issue([world.holder], [1], sender=world.issuing))
    assert bare.totalSupply() == 0
    assert not world.factory.isBond(bare.address)
