"""setTerm, maturityDay

├── caller is not the Servicing -> BondCallerRefused
├── the books are closed -> BondBooksClosed; the bond is in default -> BondDefaulted
├── a last period whose record date has passed, or would have passed -> BondTermTooLate
├── the payment to come is not the one whose days move -> the end moves, nothing else
└── it is -> its days are fixed anew, at once where that is due
"""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.artefacts import Record
from tests.evm.builders import DAY, FOLLOWING, IN_DEFAULT, Market, china_calendar, date_of, day_of, schedule
from tests.evm.chain import Contract
from tests.evm.world import World

pytestmark = pytest.mark.unit

MARKET = Market(china_calendar())
LEAD = 30 * DAY
MAY = date(2020, 5, 14)


def midnight(day: date) -> int:
    """Unix time at which a day begins in China."""
    return day_of(day) * DAY - 8 * 3600


def days_for(due: date) -> Record:
    """What is announced for a due day: paid on the next business day, recorded the one before, at 17:00."""
    pays = MARKET.roll(due, FOLLOWING)
    record = MARKET.before(pays, 1)
    return Record(
        recordDay=day_of(record),
        payDay=day_of(pays),
        recordTime=midnight(record) + 17 * 3600,
        payTime=midnight(pays),
    )


def set_term(world: World, bond: Contract, last: int, day: date | None = None) -> Record:
    made: Record = world.events_of(bond).setTerm(last, day_of(day) if day else 0, sender=world.paying)
    return made


def quarters(world: World) -> Contract:
    """Eight quarters from 5 December 2019, of which the holder has a hundred units."""
    return world.lone_bond(periods=8, monthsPerPeriod=3)


@pytest.mark.parametrize("caller", ["issuer", "issuing", "settling", "statutory", "admin", "outsider"])
def test_set_term__by_anybody_else__reverts(world: World, caller: str) -> None:
    sender = getattr(world, caller)
    for bond in (world.lone_bond(), world.bond()):
        with world.refuses("BondCallerRefused", sender):
            world.events_of(bond).setTerm(4, 0, sender=sender)


def test_set_term__later__adds_periods_by_rule(world: World) -> None:
    bond = world.lone_bond()

    made = set_term(world, bond, 6)

    assert made.names == ["TermMoved"]
    assert made.only("TermMoved") == {"last": 6, "maturityDay": 0}
    assert (bond.book().last, bond.book().maturityDay) == (6, 0)
    assert bond.maturityDay() == day_of(date(2025, 12, 5))
    assert bond.terms().schedule.periods == 2, "what was sealed stays"
    world.to_record(bond, 2)
    assert not bond.book().closed
    world.to_record(bond, 6)
    assert bond.book().closed
    assert bond.paymentDays(6) == days_for(date(2025, 12, 5))


def test_set_term__earlier_on_a_due_day__closes_the_books_there(world: World) -> None:
    bond = quarters(world)

    set_term(world, bond, 3)

    assert bond.maturityDay() == day_of(date(2020, 9, 5))
    world.to_record(bond, 3)
    assert bond.book().closed
    assert bond.paymentDays(3) == days_for(date(2020, 9, 5))
    assert bond.paymentDays(4).payDay == 0


def test_set_term__earlier_between_due_days__has_days_of_its_own(world: World) -> None:
    bond = quarters(world)

    set_term(world, bond, 2, MAY)

    assert (bond.book().last, bond.book().maturityDay) == (2, day_of(MAY))
    assert bond.maturityDay() == day_of(MAY)
    world.to_record(bond, 1)
    assert bond.paymentDays(1) == days_for(date(2020, 3, 5))
    assert bond.book().nextTime == midnight(MAY) - LEAD
    world.to_record(bond, 2)
    assert bond.paymentDays(2) == days_for(MAY)
    assert bond.book().closed
    assert bond.book().nextTime == 2**40 - 1


def test_set_term__before_the_first_issue__is_kept_for_it(world: World) -> None:
    bond = world.register(lone=True, periods=8, monthsPerPeriod=3)

    assert set_term(world, bond, 1, date(2020, 2, 20)).names == ["TermMoved"]

    assert bond.book().nextTime == midnight(date(2020, 2, 20)) - LEAD
    world.issue(bond, {world.holder: 1})
    world.to_record(bond, 1)
    assert bond.book().closed
    assert bond.paymentDays(1) == days_for(date(2020, 2, 20))


def test_set_term__payment_to_come_moves__is_announced_anew_when_it_is_due(world: World) -> None:
    """Announced for 5 March; the term now ends on 20 February, and that is announced at once."""
    bond = quarters(world)
    world.evm.warp(midnight(date(2020, 2, 5)))
    assert "PaymentAnnounced" in bond.advance(sender=world.outsider).names
    assert bond.paymentDays(1) == days_for(date(2020, 3, 5))

    made = set_term(world, bond, 1, date(2020, 2, 20))

    assert made.names == ["TermMoved", "PaymentAnnounced"]
    said = {"period": 1, "dueDay": day_of(date(2020, 2, 20))}
    assert made.only("PaymentAnnounced") == said | days_for(date(2020, 2, 20))
    assert bond.paymentDays(1) == days_for(date(2020, 2, 20))
    assert bond.book().nextTime == bond.paymentDays(1).recordTime


def test_set_term__payment_to_come_moves__waits_until_it_can_be_announced(world: World) -> None:
    bond = quarters(world)
    bond.advance(sender=world.outsider)
    set_term(world, bond, 1, date(2020, 2, 20))

    assert not bond.book().announced
    assert bond.book().nextTime == midnight(date(2020, 2, 20)) - LEAD


def test_set_term__last_payment_becomes_one_among_others__keeps_its_day(world: World) -> None:
    """A renewal in the days of the announcement: the same days again, and the books stay open."""
    bond = world.lone_bond()
    world.to_record(bond, 1)
    world.evm.warp(midnight(date(2021, 12, 5)) - LEAD)
    bond.advance(sender=world.outsider)
    before = bond.paymentDays(2)

    made = set_term(world, bond, 4)

    assert made.names == ["TermMoved", "PaymentAnnounced"]
    assert bond.paymentDays(2) == before
    world.to_record(bond, 2)
    assert not bond.book().closed


def test_set_term__another_payment_is_to_come__stays_announced(world: World) -> None:
    bond = quarters(world)
    world.evm.warp(midnight(date(2020, 3, 5)) - LEAD)
    bond.advance(sender=world.outsider)

    made = set_term(world, bond, 2, MAY)

    assert made.names == ["TermMoved"]
    assert bond.book().announced
    assert bond.paymentDays(1) == days_for(date(2020, 3, 5))


@pytest.mark.parametrize("last", [0, 1])
def test_set_term__record_date_has_passed__reverts(world: World, last: int) -> None:
    bond = quarters(world)
    world.to_record(bond, 1)

    with world.refuses("BondTermTooLate", last, 0, 1):
        world.events_of(bond).setTerm(last, 0, sender=world.paying)


def test_set_term__record_date_that_nobody_noticed__is_noticed_first(world: World) -> None:
    bond = quarters(world)
    world.evm.warp(days_for(date(2020, 3, 5)).recordTime)

    with world.refuses("BondTermTooLate", 1, day_of(date(2020, 3, 20)), 1):
        world.events_of(bond).setTerm(1, day_of(date(2020, 3, 20)), sender=world.paying)


def test_set_term__record_time_of_the_new_end__to_its_very_second(world: World) -> None:
    bond = quarters(world)
    record_time = days_for(date(2020, 2, 20)).recordTime
    world.evm.warp(record_time - 1)
    with world.sandbox():
        assert set_term(world, bond, 1, date(2020, 2, 20)).names[-1] == "PaymentAnnounced"
    world.evm.warp(record_time)

    with world.refuses("BondTermTooLate", 1, day_of(date(2020, 2, 20)), 0):
        world.events_of(bond).setTerm(1, day_of(date(2020, 2, 20)), sender=world.paying)


def test_set_term__closed_books__reverts(world: World) -> None:
    """Whether somebody has noticed, or not."""
    bond = world.lone_bond()
    world.to_record(bond, 1)
    with world.sandbox():
        world.to_record(bond, 2)
        with world.refuses("BondBooksClosed"):
            set_term(world, bond, 3)
    world.evm.warp(days_for(date(2021, 12, 5)).recordTime)

    with world.refuses("BondBooksClosed"):
        set_term(world, bond, 3)


def test_set_term__in_default__reverts(world: World) -> None:
    bond = world.lone_bond()
    world.events_of(bond).enterDefault(sender=world.paying)
    assert bond.book().last == IN_DEFAULT

    with world.refuses("BondDefaulted", True):
        set_term(world, bond, 3)


def test_set_term__holders_of_record__are_those_of_the_new_days(world: World) -> None:
    bond = quarters(world)
    set_term(world, bond, 2, MAY)
    world.to_record(bond, 1)
    world.evm.warp(days_for(MAY).recordTime - 1)
    bond.transfer(world.buyer, 30, sender=world.holder)
    world.evm.warp(days_for(MAY).recordTime)

    with world.refuses("BondBooksClosed"):
        bond.transfer(world.buyer, 1, sender=world.holder)

    bond.advance(sender=world.outsider)
    assert [bond.unitsAt(each, 2) for each in (world.holder, world.buyer)] == [70, 30]
    assert [bond.unitsAt(each, 1) for each in (world.holder, world.buyer)] == [100, 0]
    assert bond.supplyAt(2) == 100


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(offset=st.integers(1, 700), months=st.sampled_from([1, 3, 6]))
def test_set_term__any_day__is_announced_and_recorded_by_rule(world: World, offset: int, months: int) -> None:
    """A stub, or a whole period, that ends on the day: the payment before it has its own days."""
    with world.sandbox():
        bond = world.lone_bond(periods=24 // months, monthsPerPeriod=months)
        issue = date(2019, 12, 5)
        end = issue + timedelta(days=offset)
        grid = schedule(day_of(issue), 24 // months, months)
        due = [date_of(bond.terms().schedule.issueDay)]
        while due[-1] < end:
            due.append(date_of(schedule(day_of(issue), len(due), months).maturityDay))
        last = len(due) - 1
        assert grid.periods >= last

        set_term(world, bond, last, None if due[-1] == end else end)
        world.to_record(bond, last)

        assert bond.book().closed
        assert bond.paymentDays(last) == days_for(end)
        for period in range(1, last):
            assert bond.paymentDays(period) == days_for(due[period])


def test_set_term__record_time_that_nobody_noticed__views_of_a_transfer_see_it(world: World) -> None:
    """What `checkTransfer` says is what happens, before anybody calls `advance`."""
    bond = quarters(world)
    set_term(world, bond, 2, MAY)
    record_time = days_for(MAY).recordTime
    world.evm.warp(record_time - 1)
    assert bond.canTransfer(world.holder, world.buyer, 1)
    world.evm.warp(record_time)

    assert not bond.canTransfer(world.holder, world.buyer, 1)
    with world.refuses("BondBooksClosed"):
        bond.checkTransfer(world.holder, world.buyer, 1)


def test_set_term__days_of_a_payment_not_announced_any_more__are_gone(world: World) -> None:
    """Announced for 20 February, then moved to maturity again: zeros, until it can be announced."""
    bond = quarters(world)
    world.evm.warp(midnight(date(2020, 1, 25)))
    set_term(world, bond, 1, date(2020, 2, 20))
    assert bond.paymentDays(1) == days_for(date(2020, 2, 20))

    made = set_term(world, bond, 8)

    assert made.names == ["TermMoved"]
    assert bond.paymentDays(1) == {"recordDay": 0, "payDay": 0, "recordTime": 0, "payTime": 0}
    world.to_record(bond, 1)
    assert bond.paymentDays(1) == days_for(date(2020, 3, 5))
