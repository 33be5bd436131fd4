"""Values that are published and can still be corrected: no fallback overtakes them

A value counts when it is final, up to a week after it was published; a fallback may come after five days.
Who would like the fallback better cannot have it in between.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.evm import builders
from tests.evm.builders import (
    DAY,
    FIGURE,
    FIXED_RATE,
    FROM_FIXED_RATE,
    FROM_PUBLISHED,
    KPI,
    OVERNIGHT,
    PERCENT,
    WHOLE,
    code,
    day_of,
    kpi_test,
)
from tests.evm.chain import Contract, fixed
from tests.evm.world import World
from tests.unit.servicing.stage import DUE, NIGHT, SHIBOR, floater, provided, quarterly, to

pytestmark = pytest.mark.unit

WEEK = 604_800
OBSERVED = date(2019, 12, 3)  # two business days before 5 December


def refuse_until_final(world: World, bond: Contract, period: int, *arguments: Any) -> None:
    """From the first second of the fallback day to the last in which the value can be corrected."""
    final = world.evm.now + WEEK
    fallback_day = builders.date_of(arguments[-1])
    to(world, fallback_day)
    assert world.evm.now < final, "the fallback day comes first"
    for time in (world.evm.now, final - 1):
        world.evm.warp(time)
        with world.refuses("FixingNotPublished", bond, period, *arguments):
            world.servicing.fix(bond, period, sender=world.outsider)
    world.evm.warp(final)


def test_fix__value_that_can_be_corrected_on_the_fallback_day__blocks_it_and_is_used(world: World) -> None:
    world.benchmark(SHIBOR, correctable=WEEK)
    bond = floater(world, fallbackRule=FIXED_RATE, fallbackRate=1_000_000)
    day = day_of(OBSERVED)
    world.publish_value(SHIBOR, day, 9 * PERCENT)

    refuse_until_final(world, bond, 1, code(SHIBOR), day, day + 5)
    found = world.fix(bond, 1)

    assert (found.rate, found.source, found.value) == (96_000_000, FROM_PUBLISHED, 9 * PERCENT)


def test_fix__value_of_another_day_that_can_be_corrected__blocks_nothing(world: World) -> None:
    """Only the day that is observed counts: else an administrator could put a fixing off for ever."""
    world.benchmark(SHIBOR, correctable=WEEK)
    bond = floater(world, fallbackRule=FIXED_RATE, fallbackRate=1_000_000)
    to(world, OBSERVED + timedelta(days=5))
    for day in (OBSERVED - timedelta(days=1), OBSERVED + timedelta(days=1)):
        world.publish_value(SHIBOR, day_of(day), 9 * PERCENT)

    found = world.fix(bond, 1)

    assert (found.rate, found.source) == (1_000_000, FROM_FIXED_RATE)


def test_fix__figure_that_can_be_corrected_on_the_fallback_day__is_not_missed(world: World) -> None:
    world.benchmark("CO2", FIGURE, correctable=WEEK)
    day = day_of(date(2020, 2, 28))
    bond = quarterly(world, provided(tests=[kpi_test(day=day)]), kind=KPI)
    to(world, DUE[1])
    world.fix(bond, 1)
    world.publish_value("CO2", day, 119 * WHOLE)

    refuse_until_final(world, bond, 2, code("CO2"), day, day_of(DUE[1]) + 5)
    found = world.fix(bond, 2)

    assert (found.rate, found.source, found.value) == (32_500_000, FROM_PUBLISHED, 119 * WHOLE)


def test_fix__rate_of_a_renewal_that_can_be_corrected__blocks_the_step_up_of_the_one_before(
    world: World,
) -> None:
    world.benchmark("CGB1Y", correctable=WEEK)
    bond = quarterly(world, provided(renewal=builders.renewal(4)))
    to(world, DUE[0])
    world.servicing.renew(bond, sender=world.issuer)
    observed = date(2020, 12, 4)
    to(world, observed)
    for period in (1, 2, 3, 4):
        world.fix(bond, period)
    day = day_of(observed)
    world.publish_value("CGB1Y", day, 2 * PERCENT)

    refuse_until_final(world, bond, 5, code("CGB1Y"), day, day + 5)
    found = world.fix(bond, 5)

    assert (found.rate, found.source) == (62_000_000, FROM_PUBLISHED)


# --- a night


@pytest.mark.parametrize("correctable", [DAY, WEEK])
def test_register__night_correctable_for_a_day__reverts(world: World, correctable: int) -> None:
    """The next night waits until the last one counts: what could be corrected for a day would fall behind."""
    with world.refuses("BenchmarkInvalid", code(NIGHT), fixed("correctableFor", 32)):
        world.benchmark(NIGHT, OVERNIGHT, correctable=correctable)
    world.benchmark(NIGHT, OVERNIGHT, correctable=DAY - 1)

    assert world.benchmarks.benchmarkOf(code(NIGHT)).correctableFor == DAY - 1
