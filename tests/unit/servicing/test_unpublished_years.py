"""Adjusted interest of a bond that outlives the published calendar: what is asked today needs no year to come

├── accrued interest, days and amounts near today -> from the years that are published
└── a day that itself needs a year to come -> CalendarYearNotPublished
"""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from tests.evm.builders import ACT_365F, WHOLE, Market, date_of, day_of, year_bits
from tests.evm.chain import Contract, fixed, reverts
from tests.evm.world import World

pytestmark = pytest.mark.unit

PLACE = fixed("XX-YY", 8)
ISSUE = date(2019, 12, 5)
DUE = [date(2019 + (11 + 3 * i) // 12, (11 + 3 * i) % 12 + 1, 5) for i in range(21)]
YEARS = {year: year_bits(year) for year in (2019, 2020)}
FACE, RATE = 10_000, 33_333_333


def five_years(world: World) -> Contract:
    """Twenty quarters, of whose market the first two calendar years are published."""
    for year, bits in YEARS.items():
        world.publish(year, bits, market=PLACE)
    return world.bond(
        periods=20, monthsPerPeriod=3, adjusted=True, dayCount=ACT_365F, calendar=PLACE, couponRate=RATE
    )


def paid_on(due: date) -> date:
    return ISSUE if due == ISSUE else Market(YEARS).roll(due, 1)


@pytest.mark.parametrize("days", [1, 60, 93, 94, 95, 170, 276, 277, 300, 364, 366, 368])
def test_accrued__today__needs_the_calendar_of_today(world: World, days: int) -> None:
    """The days around each payment, which lies on a Saturday twice, up to the last of the published years."""
    bond = five_years(world)
    day = ISSUE + timedelta(days=days)
    starts = [paid_on(due) for due in DUE[:5] if paid_on(due) <= day]
    records = len(starts) - 1

    accrued = Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), records))

    assert accrued == FACE * Fraction(RATE, WHOLE) * Fraction((day - starts[-1]).days, 365)
    assert world.servicing.periodOn(bond, day_of(day)) == len(starts)


def test_accrued__of_a_trade_today__is_priced(world: World) -> None:
    bond = five_years(world)
    world.to_record(bond, 3)
    world.evm.warp(world.evm.now + 20 * 86_400)
    today = date_of((world.evm.now + 8 * 3600) // 86_400)

    accrued, records = world.servicing.accruedAt(bond, 100, world.evm.now)

    assert records == 3
    assert accrued == int(100 * FACE * Fraction(RATE, WHOLE) * Fraction((today - date(2020, 9, 7)).days, 365))


def test_accrued__when_the_next_payment_lies_in_an_unpublished_year__runs_on(world: World) -> None:
    """The fifth quarter ends in March 2021: only its end needs that year."""
    bond = five_years(world)

    for day in (date(2020, 12, 8), date(2020, 12, 31)):
        accrued = Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), 4))
        assert accrued == FACE * Fraction(RATE, WHOLE) * Fraction((day - date(2020, 12, 7)).days, 365)
    with reverts("CalendarYearNotPublished", PLACE, 2021):
        world.servicing.amountOf(bond, 5, 1)
    assert world.servicing.amountOf(bond, 4, 1)[0] > 0
