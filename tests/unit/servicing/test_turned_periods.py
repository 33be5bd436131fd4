"""Adjusted periods that a late closure turns round: they have no days, and pay no interest

Weekly, due on Wednesdays, rolled back. The payment of 20 May is announced; then the market closes from 18 to
27 May, and the payment of 27 May is announced for 15 May: the third period ends before it begins.
"""

from datetime import date
from typing import Any

import pytest
from tests.evm.builders import ACT_360, HOUR, PRECEDING, china_calendar, date_of, day_of, days_schedule
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.stage import to

pytestmark = pytest.mark.unit

CLOSED = [date(2020, 5, day) for day in (18, 19, 20, 21, 22, 25, 26, 27)]
RATE = 360_000_000  # ten base units a day of a unit of ten thousand


def turned(world: World, periods: int) -> Contract:
    """A weekly bond of 6 May whose third period is turned round; all is announced up to it."""
    weeks = days_schedule(day_of(date(2020, 5, 6)), periods, 7)
    terms: dict[str, Any] = {"adjusted": True, "roll": PRECEDING, "dayCount": ACT_360, "couponRate": RATE}
    bond = world.bond(schedule=weeks, **terms)
    to(world, date(2020, 5, 12), 18 * HOUR)
    bond.advance(sender=world.outsider)
    assert date_of(bond.paymentDays(2).payDay) == date(2020, 5, 20), "announced as it then was"
    closed = sum(1 << (day - date(2020, 1, 1)).days for day in CLOSED)
    world.publish(2020, china_calendar()[2020] & ~closed)
    world.to_record(bond, 3)
    days = [date_of(bond.paymentDays(period).payDay) for period in (1, 2, 3)]
    assert days == [date(2020, 5, 13), date(2020, 5, 20), date(2020, 5, 15)]
    return bond


def test_amount_of__period_turned_round__is_no_interest(world: World) -> None:
    bond = turned(world, 6)

    found = [world.servicing.amountOf(bond, period, 100) for period in (1, 2, 3)]

    assert found == [(7_000, 0), (7_000, 0), (0, 0)]


def test_fund__period_turned_round__has_nothing_due_and_stops_no_other(world: World) -> None:
    bond = turned(world, 6)
    world.to_payment(bond, 2)

    with world.refuses("PaymentNothingDue", bond, 3):
        world.servicing.fund(bond, 3, sender=world.paying_agent)
    for period in (2, 4, 5):
        world.ready(bond, period)
        made = world.servicing.pay(bond, period, [world.holder], sender=world.outsider)
        assert "PaymentCompleted" in made.names


def test_redeem__last_period_turned_round__repays_the_principal_alone(world: World) -> None:
    """No closure may lock the principal."""
    bond = turned(world, 3)
    before = world.cash.balanceOf(world.holder)
    world.ready(bond, 3)

    made = world.servicing.redeem(bond, [world.holder], sender=world.outsider)

    assert "BondRedeemed" in made.names
    assert made.only("HoldersPaid").amount == 100 * 10_000
    assert world.cash.balanceOf(world.holder) - before == 100 * 10_000
