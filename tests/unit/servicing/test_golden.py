"""Bonds of life, through the contracts: amounts and days that others have published."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
import QuantLib as ql
from tests.evm.builders import (
    ACT_360,
    ACT_365F,
    ACT_ACT_ICMA,
    ACT_ACT_ISDA,
    DAY,
    NL_365,
    THIRTY_360,
    THIRTY_E_360,
    code,
    date_of,
    day_of,
    schedule,
)
from tests.evm.chain import Contract
from tests.evm.world import World

pytestmark = pytest.mark.unit

# Half-yearly from 15 June 2023 to 15 June 2025, 3.25 % of 1,000,000.
LEAP_YEAR = {
    ACT_ACT_ICMA: ["16250.0000"] * 4,
    ACT_ACT_ISDA: ["16294.5205", "16254.1358", "16250.0000", "16201.3437"],
    ACT_360: ["16520.8333", "16520.8333", "16520.8333", "16430.5556"],
    ACT_365F: ["16294.5205", "16294.5205", "16294.5205", "16205.4795"],
    THIRTY_360: ["16250.0000"] * 4,
    THIRTY_E_360: ["16250.0000"] * 4,
    NL_365: ["16294.5205", "16205.4795", "16294.5205", "16205.4795"],
}


def leap_bond(world: World, day_count: int) -> Contract:
    return world.register(
        faceValue=1_000_000, dayCount=day_count, schedule=schedule(day_of(date(2023, 6, 15)), 4, 6)
    )


@pytest.mark.parametrize("day_count", LEAP_YEAR)
def test_leap_year_bond__coupons__as_published(world: World, day_count: int) -> None:
    bond = leap_bond(world, day_count)

    found = []
    for period in range(1, 5):
        each = world.servicing.unitPayment(bond, period)
        found.append(f"{float(Fraction(each.interestNumerator, each.interestDenominator)):.4f}")

    assert found == LEAP_YEAR[day_count]


@pytest.mark.parametrize(("day_count", "amount"), [(ACT_ACT_ICMA, "6748.6339"), (THIRTY_360, "6680.5556")])
def test_leap_year_bond__accrued_to_the_leap_day__as_published(
    world: World, day_count: int, amount: str
) -> None:
    bond = leap_bond(world, day_count)

    earned = Fraction(*world.servicing.accruedPerUnit(bond, day_of(date(2024, 2, 29)), 1))

    assert f"{float(earned):.4f}" == amount


def test_interbank_bond__coupon_of_2_january_2026__is_paid_on_sunday_the_4th(world: World) -> None:
    """A Sunday on which people worked: not the Monday; the amount takes no notice."""
    bond = world.lone_bond(
        {world.holder: 100}, schedule=schedule(day_of(date(2025, 1, 2)), 2, 12), faceValue=100 * 10**7
    )
    days = world.to_record(bond, 1)

    assert date_of(days.payDay) == date(2026, 1, 4)
    assert date_of(days.recordDay) == date(2025, 12, 31)
    assert world.servicing.amountOf(bond, 1, 1) == (32_500_000, 0)
    assert world.servicing.amountOf(bond, 2, 1) == (32_500_000, 10**9)
    accrued = Fraction(*world.servicing.accruedPerUnit(bond, day_of(date(2025, 7, 2)), 0))
    assert f"{float(accrued / 10**7):.10f}" == "1.6116438356"


def test_treasury_0619__record_due_and_payment_day__as_they_were(world: World) -> None:
    """Record date Friday 13 November 2015, due on Sunday, paid and ex on Monday; 1.635 for 100."""
    market = ql.China(ql.China.IB)
    for year in range(2006, 2023):
        first = date(year, 1, 1)
        days = [first + timedelta(days=i) for i in range((date(year + 1, 1, 1) - first).days)]
        opened = [market.isBusinessDay(ql.Date(day.day, day.month, day.year)) for day in days]
        world.publish(year, sum(1 << i for i, is_open in enumerate(opened) if is_open), code("CN-QL"))
    bond = world.lone_bond(
        {world.holder: 100},
        schedule=schedule(day_of(date(2006, 11, 15)), 30, 6),
        couponRate=32_700_000,
        calendar=code("CN-QL"),
    )

    days_of_18 = bond.paymentDays(18)

    assert date_of(days_of_18.recordDay) == date(2015, 11, 13)
    assert date_of(days_of_18.payDay) == date(2015, 11, 16)
    assert days_of_18.payTime == day_of(date(2015, 11, 16)) * DAY - 8 * 3600
    each = world.servicing.unitPayment(bond, 18)
    assert Fraction(each.interestNumerator, each.interestDenominator) == Fraction("163.5")
    ex = Fraction(*world.servicing.accruedPerUnit(bond, day_of(date(2015, 11, 14)), 18))
    assert ex == Fraction("-163.5") / 184, "one day is still to be earned, and is not the buyer's"


def test_boc_2019__a_year_and_the_end__as_in_the_press(world: World) -> None:
    """20,000,000,000 yuan in units of 100: 650,000,000 a year, at last 103.25 for 100."""
    bond = world.register(units=200_000_000, faceValue=10_000)

    assert world.servicing.amountOf(bond, 1, 200_000_000) == (65_000_000_000, 0)
    assert sum(world.servicing.amountOf(bond, 2, 1)) == 10_325
