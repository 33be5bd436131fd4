"""advance, paymentDays, book

├── nothing is due -> nothing happens
├── thirty days before an unadjusted due day -> the days of the payment are fixed, PaymentAnnounced
│   └── its calendar year is not published -> CalendarYearNotPublished
├── the record time of an announced payment -> RecordPassed, the next payment is looked for
└── the last record time -> books are closed
"""

from datetime import date
from itertools import pairwise

import pytest
from tests.evm.builders import (
    DAY,
    FOLLOWING,
    MODIFIED_FOLLOWING,
    MODIFIED_PRECEDING,
    PRECEDING,
    UNADJUSTED,
    Market,
    at,
    china_calendar,
    day_of,
    expected_days,
)
from tests.evm.chain import Contract
from tests.evm.world import World

pytestmark = pytest.mark.unit

MARKET = Market(china_calendar())


def announced_from(bond: Contract, period: int) -> int:
    with_terms = bond.terms()
    due = expected_days(with_terms.but(roll=UNADJUSTED), period, MARKET)
    return int(due.payTime) - 30 * DAY


def test_advance__nothing_due__changes_nothing(world: World) -> None:
    bond = world.lone_bond()
    before = bond.book()

    made = bond.advance(sender=world.outsider)

    assert made.names == []
    assert bond.book() == before.but(nextTime=announced_from(bond, 1))


def test_advance__before_the_first_issue__does_nothing(world: World) -> None:
    """EVENT-1: a bond without units has nothing to notice, and so nothing to tell."""
    bond = world.register(lone=True)
    world.evm.warp(announced_from(bond, 1))

    made = bond.advance(sender=world.outsider)

    assert made.names == []
    assert bond.book().nextTime == 0


def test_advance__thirty_days_before__fixes_the_days_once(world: World) -> None:
    bond = world.lone_bond()
    world.evm.warp(announced_from(bond, 1) - 1)
    assert bond.advance(sender=world.outsider).names == []
    world.evm.warp(announced_from(bond, 1))

    made = bond.advance(sender=world.outsider)

    days = expected_days(bond.terms(), 1, MARKET)
    assert made.names == ["PaymentAnnounced"]
    assert made.only("PaymentAnnounced") == {"period": 1, "dueDay": day_of(date(2020, 12, 5))} | days
    assert date(2020, 12, 5).isoweekday() == 6, "a Saturday, paid on Monday"
    assert days.payDay == day_of(date(2020, 12, 7))
    assert (days.recordDay, days.recordTime) == (day_of(date(2020, 12, 4)), at("2020-12-04T09:00:00"))
    assert bond.paymentDays(1) == days
    assert bond.book().announced
    assert bond.book().nextTime == days.recordTime
    assert bond.advance(sender=world.outsider).names == []


def test_advance__at_the_record_time__passes_it(world: World) -> None:
    bond = world.lone_bond()
    days = expected_days(bond.terms(), 1, MARKET)
    world.evm.warp(days.recordTime - 1)
    assert bond.advance(sender=world.outsider).names == ["PaymentAnnounced"]
    assert bond.book().records == 0
    world.evm.warp(days.recordTime)

    made = bond.advance(sender=world.outsider)

    assert made.names == ["RecordPassed"]
    assert made.only("RecordPassed") == {"period": 1, "recordTime": days.recordTime, "supply": 100}
    assert (bond.book().records, bond.book().announced) == (1, False)
    assert bond.book().nextTime == announced_from(bond, 2)


def test_advance__two_years_late__notices_all_in_order(world: World) -> None:
    bond = world.lone_bond()
    world.evm.warp(at("2022-06-01T00:00:00"))

    made = bond.advance(sender=world.outsider)

    assert made.names == ["PaymentAnnounced", "RecordPassed"] * 2
    assert bond.book().nextTime == 2**40 - 1
    assert bond.book().records == 2
    for period in (1, 2):
        assert bond.paymentDays(period) == expected_days(bond.terms(), period, MARKET)
    assert bond.advance(sender=world.outsider).names == []


def test_advance__by_a_transfer__is_the_same(world: World) -> None:
    bond = world.lone_bond()
    world.evm.warp(at("2021-01-05T00:00:00"))

    made = bond.transfer(world.buyer, 1, sender=world.holder)

    assert made.names == ["PaymentAnnounced", "RecordPassed", "Transfer"]
    assert bond.book().records == 1
    assert (bond.unitsAt(world.holder, 1), bond.unitsAt(world.buyer, 1)) == (100, 0)


def test_advance__calendar_year_not_published__reverts_until_it_is(world: World) -> None:
    """A calendar that is not published stops the bond, and only then, and only until it is."""
    market = b"TEST\0\0\0\0"
    bond = world.lone_bond(calendar=market)
    world.evm.warp(announced_from(bond, 1) - 1)
    bond.transfer(world.buyer, 1, sender=world.holder)
    world.evm.warp(announced_from(bond, 1))

    with world.refuses("CalendarYearNotPublished", market, 2020):
        bond.advance(sender=world.outsider)
    with world.refuses("CalendarYearNotPublished", market, 2020):
        bond.transfer(world.buyer, 1, sender=world.holder)
    with world.refuses("CalendarYearNotPublished", market, 2020):
        bond.forcedTransfer(world.holder, world.buyer, 1, sender=world.statutory)
    with world.refuses("CalendarYearNotPublished", market, 2020):
        bond.issue([world.buyer], [1], sender=world.issuing)
    assert bond.balanceOf(world.holder) == 99

    world.publish(2020, china_calendar()[2020], market)
    bond.transfer(world.buyer, 1, sender=world.holder)
    assert bond.paymentDays(1).payDay == day_of(date(2020, 12, 7))


def test_advance__calendar_changed_before_the_announcement__takes_the_new_days(world: World) -> None:
    bond = world.lone_bond()
    monday = date(2020, 12, 7)
    bits = china_calendar()[2020] & ~(1 << (monday - date(2020, 1, 1)).days)
    world.publish(2020, bits)
    world.evm.warp(announced_from(bond, 1))

    bond.advance(sender=world.outsider)

    assert bond.paymentDays(1).payDay == day_of(date(2020, 12, 8))


def test_advance__calendar_changed_after_the_announcement__keeps_the_days(world: World) -> None:
    """What was announced stays: holders have traded on it."""
    bond = world.lone_bond()
    world.evm.warp(announced_from(bond, 1))
    bond.advance(sender=world.outsider)
    days = bond.paymentDays(1)
    monday = date(2020, 12, 7)
    world.publish(2020, china_calendar()[2020] & ~(1 << (monday - date(2020, 1, 1)).days))

    world.evm.warp(days.recordTime)
    bond.advance(sender=world.outsider)

    assert bond.paymentDays(1) == days


@pytest.mark.parametrize("roll", [UNADJUSTED, FOLLOWING, MODIFIED_FOLLOWING, PRECEDING, MODIFIED_PRECEDING])
@pytest.mark.parametrize(
    ("record_days", "cut_off", "offset"), [(0, 86_400, 840), (1, 0, 480), (3, 61_200, -720), (10, 43_200, 0)]
)
def test_advance__monthly_from_the_31st__each_day_as_computed_by_hand(
    world: World, roll: int, record_days: int, cut_off: int, offset: int
) -> None:
    """PEERS, «month ends, adjusted against unadjusted dates»: five years, holidays, a leap day."""
    bond = world.lone_bond(
        issueDay=day_of(date(2019, 12, 31)),
        periods=60,
        monthsPerPeriod=1,
        roll=roll,
        recordBusinessDays=record_days,
        cutOff=cut_off,
        utcOffset=offset,
    )
    world.evm.warp(at("2025-02-28T00:00:00"))

    bond.advance(sender=world.outsider)

    found = [bond.paymentDays(period) for period in range(1, 61)]
    assert found == [expected_days(bond.terms(), period, MARKET) for period in range(1, 61)]
    assert all(early.recordTime < late.recordTime for early, late in pairwise(found))
    leads = [days.recordTime - announced_from(bond, period) for period, days in enumerate(found, 1)]
    assert min(leads) > 0, "a record time is known before it comes"


def test_advance__issued_late__records_before_the_issue_are_of_nothing(world: World) -> None:
    bond = world.register(lone=True)
    world.evm.warp(at("2021-01-05T00:00:00"))

    world.issue(bond, {world.holder: 100})

    assert bond.book().records == 1
    assert bond.supplyAt(1) == bond.unitsAt(world.holder, 1) == 0
    world.to_record(bond, 2)
    assert bond.supplyAt(2) == bond.unitsAt(world.holder, 2) == 100
