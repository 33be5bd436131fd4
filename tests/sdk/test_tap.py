"""More of a bond that is out already, with accrued interest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.sdk.world import (
    CLOSES,
    DEPOSIT,
    ISIN,
    RECORDS,
    SETTLES_BY,
    SETTLES_FROM,
    TAKES_UP_BY,
    World,
)

from indenture.cashflows import accrued_interest, cash_flows
from indenture.dates import civil_day
from indenture.errors import (
    InputError,
)
from indenture.models import Bid

pytestmark = pytest.mark.integration

AFTER = timedelta(seconds=1)


# A tap


def tapped(world: World, settles_from: datetime, units: int = 1_000_000) -> int:
    """Half of the bond is out since December 2019; more is offered at 101."""
    first = world.open_book(world.rules(offered=100_000_000))
    world.investor(0).bid(first, [Bid(100, 100_000_000)])
    world.clear(first)
    world.settle(first)
    day = settles_from - timedelta(days=1)
    world.at(day)
    number = world.issuer.tap(
        ISIN,
        units,
        101,
        world.senders["bookrunner"].address,
        opens_at=day + timedelta(hours=1),
        closes_at=day + timedelta(hours=6),
        settles_from=settles_from,
        settles_by=settles_from + timedelta(hours=8),
        deposit=DEPOSIT,
    )
    world.bookrunner.accept_mandate(number)
    world.bookrunner.open_book(number)
    world.at(day + timedelta(hours=1))
    world.investor(1).bid(number, [Bid(101, units)])
    world.clear(number)
    world.at(settles_from)
    return number


def test_tap__accrued_interest_is_paid_on_top(world: World) -> None:
    settles_from = datetime(2020, 3, 5, 1, 0, tzinfo=UTC)
    number = tapped(world, settles_from)

    world.bookrunner.settle(number)

    accrued = accrued_interest(world.sheet, civil_day(settles_from, 480)) * 1_000_000 * 100
    allotment = world.investor(1).my_allotment(number)
    assert world.book(number).accrual_day == civil_day(settles_from, 480)
    assert allotment.amount.base == 1_000_000 * 101_00 + int(accrued)
    assert accrued > 0
    assert world.bond.balance_of(world.account(1)) == 1_000_000


def test_tap__after_the_record_date__interest_that_the_buyer_does_not_get_is_deducted(world: World) -> None:
    """Ex coupon: the books of the period closed at 17:00; its last day goes to who held then."""
    settles_from = RECORDS[1] + timedelta(hours=1)
    number = tapped(world, settles_from)

    world.bookrunner.settle(number)

    earned = accrued_interest(world.sheet, civil_day(settles_from, 480)) * 1_000_000 * 100
    a_day = int(cash_flows(world.sheet, 1_000_000)[0].total.base - earned)
    assert world.investor(1).my_allotment(number).amount.base == 1_000_000 * 101_00 - a_day
    assert a_day == 1_000_000 * 325 // 366
    world.paying_agent.fund(ISIN, 1)
    owed = world.paying_agent.holders_of_record(ISIN, 1)
    assert [each.account for each in owed] == [world.account(0)]


def test_tap__of_a_bond_by_tender_before_its_result__refused(world: World) -> None:
    world.mandate(world.tender_rules())

    with pytest.raises(InputError, match="basis"):
        world.issuer.tap(
            ISIN,
            1_000,
            101,
            world.senders["bookrunner"].address,
            opens_at=CLOSES,
            closes_at=CLOSES + timedelta(hours=1),
            settles_from=SETTLES_FROM,
            settles_by=SETTLES_BY,
        )


def test_tap__more_than_is_authorised__refused(world: World) -> None:
    world.issue()
    day = SETTLES_BY + timedelta(days=30)
    world.at(TAKES_UP_BY + AFTER)

    with pytest.raises(InputError, match=r"1,000 units, 0 more .* 200,000,000 that are out exceed"):
        world.issuer.tap(
            ISIN,
            1_000,
            101,
            world.senders["bookrunner"].address,
            opens_at=day,
            closes_at=day + timedelta(hours=1),
            settles_from=day + timedelta(days=1),
            settles_by=day + timedelta(days=2),
        )
