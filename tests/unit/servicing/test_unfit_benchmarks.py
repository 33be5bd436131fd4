"""fix: a benchmark of another kind than the terms need, or one that nobody defined

The factory does not know what a code stands for: a slip in eight letters must not hold up a payment.
"""

from datetime import date, timedelta

import pytest
from tests.evm import builders
from tests.evm.builders import (
    FIGURE,
    FIXED_RATE,
    FLOATING,
    FROM_FIXED_RATE,
    FROM_PREVIOUS_RATE,
    LAST_VALUE,
    PERCENT,
    PREVIOUS_RATE,
    TERM_RATE,
    code,
    day_of,
)
from tests.evm.chain import Contract, reverts
from tests.evm.world import World
from tests.unit.servicing.stage import DUE, provided, quarterly, to

pytestmark = pytest.mark.unit

OBSERVED, SECOND = date(2019, 12, 3), date(2020, 3, 3)  # two business days before each end of the period
MISTAKEN = "MISTAKEN"
OTHERWISE = 77_000_000


def mistaken(world: World, issued: date = DUE[0], **changes: object) -> Contract:
    """A floater that reads MISTAKEN."""
    floating = builders.floating(MISTAKEN, fallbackRate=OTHERWISE, **changes)
    return quarterly(world, provided(floating=floating), kind=FLOATING, issueDay=day_of(issued))


# --- of another kind


@pytest.mark.parametrize(
    ("rule", "source"),
    [(LAST_VALUE, FROM_PREVIOUS_RATE), (PREVIOUS_RATE, FROM_PREVIOUS_RATE), (FIXED_RATE, FROM_FIXED_RATE)],
)
@pytest.mark.parametrize("kind", [TERM_RATE, FIGURE])
def test_fix__compounded_rate_without_an_index__falls_back(
    world: World, kind: int, rule: int, source: int
) -> None:
    """Both days have a value, but only an overnight rate has an index."""
    world.benchmark(MISTAKEN, kind)
    bond = mistaken(world, compounded=True, fallbackRule=rule)
    to(world, SECOND)
    for day in (OBSERVED, SECOND):
        world.publish_value(MISTAKEN, day_of(day), 2 * PERCENT)
    to(world, SECOND + timedelta(days=4), 86_399)
    observed = day_of(SECOND)
    with world.refuses("FixingNotPublished", bond, 1, code(MISTAKEN), observed, observed + 5):
        world.servicing.fix(bond, 1, sender=world.outsider)
    to(world, SECOND + timedelta(days=5))

    found = world.fix(bond, 1)

    assert (found.rate, found.source, found.value, found.day) == (OTHERWISE, source, 0, 0)
    interest = 100 * 10_000 * OTHERWISE * 91 // (10**9 * 360)
    assert world.servicing.amountOf(bond, 1, 100) == (interest, 0)


def test_accrued__compounded_rate_without_an_index__is_refused_by_name(world: World) -> None:
    world.benchmark(MISTAKEN, TERM_RATE)
    bond = mistaken(world, compounded=True)
    to(world, date(2020, 1, 9))
    for day in (OBSERVED, date(2020, 1, 7)):
        world.publish_value(MISTAKEN, day_of(day), 2 * PERCENT)
    observed = day_of(date(2020, 1, 7))

    with reverts("FixingNotPublished", bond, 1, code(MISTAKEN), observed, observed + 5):
        world.servicing.accruedPerUnit(bond, day_of(date(2020, 1, 9)), 0)


# --- that nobody defined


@pytest.mark.parametrize(
    ("compounded", "observed"), [(False, date(2020, 1, 23)), (True, date(2020, 4, 29))], ids=str
)
def test_fix__benchmark_that_is_not_registered__falls_back_by_the_days_of_the_bond(
    world: World, compounded: bool, observed: date
) -> None:
    """From 4 February to 4 May: before both days the market of the bond has long holidays."""
    bond = mistaken(world, date(2020, 2, 4), compounded=compounded, fallbackRule=FIXED_RATE)
    day = day_of(observed)
    to(world, observed - timedelta(days=1), 86_399)
    with world.refuses("FixingTooEarly", bond, 1, day, day - 1):
        world.servicing.fix(bond, 1, sender=world.outsider)
    to(world, observed + timedelta(days=4), 86_399)
    with world.refuses("FixingNotPublished", bond, 1, code(MISTAKEN), day, day + 5):
        world.servicing.fix(bond, 1, sender=world.outsider)
    to(world, observed + timedelta(days=5))

    found = world.fix(bond, 1)

    assert (found.rate, found.source) == (OTHERWISE, FROM_FIXED_RATE)


def test_fix__renewal_by_a_benchmark_that_is_not_registered__steps_up_the_rate_before(world: World) -> None:
    """It would come up years after the issue."""
    bond = quarterly(world, provided(renewal=builders.renewal(4, MISTAKEN)))
    to(world, DUE[0])
    world.servicing.renew(bond, sender=world.issuer)
    observed = date(2020, 12, 4)
    to(world, observed + timedelta(days=4), 86_399)
    for period in (1, 2, 3, 4):
        world.fix(bond, period)
    day = day_of(observed)
    with world.refuses("FixingNotPublished", bond, 5, code(MISTAKEN), day, day + 5):
        world.servicing.fix(bond, 5, sender=world.outsider)
    to(world, observed + timedelta(days=5))

    found = world.fix(bond, 5)

    assert (found.rate, found.source) == (32_500_000 + 30_000_000, FROM_PREVIOUS_RATE)
