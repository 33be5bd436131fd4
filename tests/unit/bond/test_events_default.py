"""enterDefault, setRecordDate

enterDefault
├── caller is not the Servicing -> BondCallerRefused
├── in default already -> BondDefaulted(true)
└── else -> the schedule ends, closed books are open again, nothing is announced
setRecordDate
├── caller is not the Servicing -> BondCallerRefused
├── not in default, or after the final one -> BondDefaulted(false)
├── one is announced already -> BondRecordPending
└── else -> it is the next record date; at the final one the books close for good
"""

from datetime import date

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import DAY, IN_DEFAULT, day_of
from tests.evm.chain import Contract, Receipt
from tests.evm.world import World

pytestmark = pytest.mark.unit

NEVER = 2**40 - 1


def enter_default(world: World, bond: Contract) -> Receipt:
    made: Receipt = world.events_of(bond).enterDefault(sender=world.paying)
    return made


def record_date(world: World, bond: Contract, *, final: bool = False, ahead: int = 2) -> Record:
    """Announces a record date so many days from now, paid the day after."""
    day = world.evm.now // DAY + ahead
    days = Record(
        recordDay=day, payDay=day + 1, recordTime=day * DAY + 9 * 3600, payTime=(day + 1) * DAY - 8 * 3600
    )
    world.events_of(bond).setRecordDate(days, final, sender=world.paying)
    return days


def in_default(world: World, records: int = 1) -> Contract:
    bond = world.lone_bond({world.holder: 100, world.buyer: 50})
    if records:
        world.to_record(bond, records)
    enter_default(world, bond)
    return bond


@pytest.mark.parametrize("caller", ["issuer", "issuing", "settling", "statutory", "admin"])
def test_default__by_anybody_else__reverts(world: World, caller: str) -> None:
    bond, sender = world.lone_bond(), getattr(world, caller)
    days = Record(recordDay=1, payDay=2, recordTime=3, payTime=4)

    with world.refuses("BondCallerRefused", sender):
        world.events_of(bond).enterDefault(sender=sender)
    with world.refuses("BondCallerRefused", sender):
        world.events_of(bond).setRecordDate(days, True, sender=sender)


# --- enterDefault


def test_enter_default__open_books__ends_the_schedule(world: World) -> None:
    bond = world.lone_bond()
    world.to_record(bond, 1)

    made = enter_default(world, bond)

    assert made.names == ["DefaultEntered"]
    assert made.only("DefaultEntered") == {"records": 1}
    book = bond.book()
    assert (book.last, book.nextTime, book.announced, book.closed) == (IN_DEFAULT, NEVER, False, False)
    assert bond.maturityDay() == day_of(date(2021, 12, 5)), "as it was sealed"
    world.evm.warp(world.evm.now + 4000 * DAY)
    assert bond.advance(sender=world.outsider).names == []
    bond.transfer(world.buyer, 30, sender=world.holder)


def test_enter_default__closed_books__are_open_again(world: World) -> None:
    """The last payment was missed: units are not burned, and trade."""
    bond = world.lone_bond()
    world.to_record(bond, 2)
    with world.refuses("BondBooksClosed"):
        bond.transfer(world.buyer, 30, sender=world.holder)

    enter_default(world, bond)

    bond.transfer(world.buyer, 30, sender=world.holder)
    assert [bond.unitsAt(each, 2) for each in (world.holder, world.buyer)] == [100, 0]


def test_enter_default__announced_payment__is_none_any_more(world: World) -> None:
    bond = world.lone_bond()
    with world.sandbox():
        record_time = world.to_record(bond, 1).recordTime
    world.evm.warp(record_time - 1)
    bond.advance(sender=world.outsider)
    assert bond.book().announced

    enter_default(world, bond)

    world.evm.warp(record_time)
    assert bond.advance(sender=world.outsider).names == []
    assert bond.book().records == 0


def test_enter_default__record_date_that_nobody_noticed__counts(world: World) -> None:
    bond = world.lone_bond()
    with world.sandbox():
        record_time = world.to_record(bond, 1).recordTime
    world.evm.warp(record_time)

    made = enter_default(world, bond)

    assert made.names == ["PaymentAnnounced", "RecordPassed", "DefaultEntered"]
    assert made.only("DefaultEntered") == {"records": 1}


def test_enter_default__moved_and_shut__is_neither(world: World) -> None:
    bond = world.lone_bond()
    world.events_of(bond).setTerm(1, day_of(date(2020, 6, 5)), sender=world.paying)
    world.events_of(bond).setShut(True, sender=world.paying)

    enter_default(world, bond)

    assert (bond.book().maturityDay, bond.book().shut) == (0, False)
    bond.transfer(world.buyer, 1, sender=world.holder)


def test_enter_default__again__reverts(world: World) -> None:
    bond = in_default(world)

    with world.refuses("BondDefaulted", True):
        enter_default(world, bond)


def test_enter_default__no_new_units__are_issued(world: World) -> None:
    bond = in_default(world)

    for issuer in (world.issuing, world.paying):
        with world.refuses("BondDefaulted", True):
            bond.issue([world.holder], [1], sender=issuer)


def test_enter_default__freezes_pauses_and_standing__hold_as_before(world: World) -> None:
    bond = in_default(world)
    world.freeze(bond, world.holder, 90)
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 11, 10):
        bond.transfer(world.buyer, 11, sender=world.holder)
    world.pause(bond)
    with world.refuses("BondPaused"):
        bond.transfer(world.buyer, 1, sender=world.holder)


def test_enter_default__elections__can_be_released_and_retired(world: World) -> None:
    """A put that was paid in before still takes its units."""
    bond = world.lone_bond()
    events = world.events_of(bond)
    events.bindUnits(world.holder, 60, sender=world.paying)
    enter_default(world, bond)

    events.retire(world.holder, 10, sender=world.paying)
    events.releaseUnits(world.holder, 50, sender=world.paying)

    assert (bond.balanceOf(world.holder), bond.totalSupply(), events.boundUnits()) == (90, 90, 0)


# --- setRecordDate


@pytest.mark.parametrize("records", [0, 1, 2])
def test_set_record_date__is_the_next_one(world: World, records: int) -> None:
    bond = in_default(world, records)
    days = Record(recordDay=19_000, payDay=19_001, recordTime=19_000 * DAY, payTime=19_001 * DAY)

    made = world.events_of(bond).setRecordDate(days, False, sender=world.paying)

    assert made.value == records + 1
    said = {"period": records + 1, "dueDay": 19_000}
    assert made.only("PaymentAnnounced") == said | days
    assert bond.paymentDays(records + 1) == days
    assert (bond.book().announced, bond.book().nextTime) == (True, 19_000 * DAY)


def test_set_record_date__passes__and_the_books_stay_open(world: World) -> None:
    bond = in_default(world)
    days = record_date(world, bond)
    world.evm.warp(days.recordTime - 1)
    bond.transfer(world.buyer, 10, sender=world.holder)
    world.evm.warp(days.recordTime)

    made = bond.transfer(world.buyer, 20, sender=world.holder)

    assert made.names == ["RecordPassed", "Transfer"]
    assert [bond.unitsAt(each, 2) for each in (world.holder, world.buyer)] == [90, 60]
    assert bond.markPaid(2, [world.holder, world.buyer], sender=world.paying).value == [90, 60]
    assert (bond.book().last, bond.book().nextTime) == (IN_DEFAULT, NEVER)
    assert bond.totalSupply() == 150, "nothing is burned"


def test_set_record_date__one_at_a_time(world: World) -> None:
    bond = in_default(world)
    days = record_date(world, bond)
    with world.refuses("BondRecordPending", 2, 1):
        record_date(world, bond)

    world.evm.warp(days.recordTime)
    record_date(world, bond)
    assert bond.paymentDays(3).recordDay > days.recordDay


def test_set_record_date__of_a_living_bond__reverts(world: World) -> None:
    bond = world.lone_bond()

    with world.refuses("BondDefaulted", False):
        record_date(world, bond)


def test_set_record_date__final__closes_the_books_and_burns(world: World) -> None:
    bond = in_default(world)
    days = record_date(world, bond, final=True)
    assert bond.book().last == IN_DEFAULT, "until it has passed"
    bond.transfer(world.buyer, 30, sender=world.holder)
    world.evm.warp(days.recordTime)

    with world.refuses("BondBooksClosed"):
        bond.transfer(world.buyer, 1, sender=world.holder)

    made = bond.advance(sender=world.outsider)
    assert made.only("RecordPassed") == {"period": 2, "recordTime": days.recordTime, "supply": 150}
    assert (bond.book().last, bond.book().closed, bond.book().maturityDay) == (2, True, 0)
    paid = bond.markPaid(2, [world.holder, world.buyer], sender=world.paying)
    assert paid.value == [70, 80]
    assert paid.only("BondRedeemed") == {"period": 2}
    assert (bond.totalSupply(), bond.balanceOf(world.holder)) == (0, 0)


def test_set_record_date__after_the_final_one__reverts(world: World) -> None:
    bond = in_default(world)
    days = record_date(world, bond, final=True)
    with world.refuses("BondRecordPending", 2, 1):
        record_date(world, bond)
    world.evm.warp(days.recordTime)

    with world.refuses("BondDefaulted", False):
        record_date(world, bond)


def test_set_record_date__pending__nothing_is_retired_but_all_else_moves(world: World) -> None:
    """The recovery is counted on the supply that is held then."""
    bond = world.lone_bond({world.holder: 100, world.buyer: 50})
    events = world.events_of(bond)
    events.bindUnits(world.holder, 60, sender=world.paying)
    enter_default(world, bond)
    days = record_date(world, bond)
    with world.refuses("BondDefaulted", True):
        events.retire(world.holder, 10, sender=world.paying)

    events.releaseUnits(world.holder, 10, sender=world.paying)
    world.evm.warp(days.recordTime)
    events.retire(world.holder, 10, sender=world.paying)
    assert bond.supplyAt(1) == 150
    assert bond.totalSupply() == 140


def test_set_record_date__that_nobody_noticed__views_of_a_transfer_see_it(world: World) -> None:
    """What `checkTransfer` says is what happens, before anybody calls `advance`."""
    bond = in_default(world)
    days = record_date(world, bond)
    world.evm.warp(days.recordTime)
    assert bond.canTransfer(world.holder, world.buyer, 1)
    bond.advance(sender=world.outsider)
    days = record_date(world, bond, final=True)
    world.evm.warp(days.recordTime - 1)
    assert bond.canTransfer(world.holder, world.buyer, 1)
    world.evm.warp(days.recordTime)

    assert not bond.canTransfer(world.holder, world.buyer, 1)
    with world.refuses("BondBooksClosed"):
        bond.checkTransfer(world.holder, world.buyer, 1)
    with world.refuses("BondBooksClosed"):
        bond.transfer(world.buyer, 1, sender=world.holder)
