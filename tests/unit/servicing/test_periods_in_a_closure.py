"""accruedPerUnit: the period of a day, where one closure holds several due days

Every five days from 20 January 2020. The market is closed from 24 January to 2 February: the first two
periods, due on the 25th and the 30th, end on one day. Each period has a rate of its own, which tells it.
"""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import ACT_360, FOLLOWING, NO_PROVISIONS, PRECEDING, STEP, day_of, days_schedule
from tests.evm.chain import Contract
from tests.evm.world import World

pytestmark = pytest.mark.unit

ISSUED = date(2020, 1, 20)
BEFORE = date(2020, 1, 23)  # the last business day
RATES = {1: 36_000_000, 2: 72_000_000, 3: 144_000_000, 4: 288_000_000}


def short_periods(world: World, roll: int) -> Contract:
    """Earns 1, 2, 4, 8 base units a day in its four periods."""
    steps = [Record(period=period, rate=RATES[period]) for period in (2, 3, 4)]
    return world.register(
        kind=STEP,
        schedule=days_schedule(day_of(ISSUED), 4, 5),
        adjusted=True,
        roll=roll,
        dayCount=ACT_360,
        couponRate=RATES[1],
        provisions=NO_PROVISIONS.but(steps=steps),
    )


def earned(world: World, bond: Contract, day: date, records: int) -> Fraction:
    return Fraction(*world.servicing.accruedPerUnit(bond, day_of(day), records))


@pytest.mark.parametrize("offset", [0, 4, 9, 10, 13])
def test_accrued__two_due_days_rolled_forward__the_first_period_goes_on(world: World, offset: int) -> None:
    """To the last day of the closure."""
    bond, day = short_periods(world, FOLLOWING), ISSUED + timedelta(days=offset)

    assert earned(world, bond, day, 0) == (day - ISSUED).days


@pytest.mark.parametrize("offset", [0, 1, 2, 11])
def test_accrued__two_due_days_rolled_back__the_third_period_has_begun(world: World, offset: int) -> None:
    """Both are paid on the 23rd: from then on the third earns."""
    bond, day = short_periods(world, PRECEDING), BEFORE + timedelta(days=offset)

    assert earned(world, bond, day, 2) == 4 * (day - BEFORE).days
