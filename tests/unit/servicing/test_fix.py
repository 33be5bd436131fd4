"""fix, fixing, fixedPeriods

fix
├── not a bond of this depository -> ServicingBondUnknown
├── the terms leave nothing open -> FixingNotNeeded
├── not the next period, or after the last -> FixingOutOfOrder
├── before the day that is observed, or the start of the period -> FixingTooEarly
├── nothing published, or it can still be corrected
│   ├── before the fallback day -> FixingNotPublished
│   └── else -> by the rule of the terms
└── else -> fixed once for ever, PeriodFixed
"""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from tests.evm import builders
from tests.evm.builders import (
    FIGURE,
    FIXED_RATE,
    FOLLOWING,
    FROM_FIXED_RATE,
    FROM_LAST_VALUE,
    FROM_NOTHING,
    FROM_PREVIOUS_RATE,
    FROM_PUBLISHED,
    HOUR,
    INFLATION,
    KPI,
    LAST_VALUE,
    LEVEL,
    PERCENT,
    PREVIOUS_RATE,
    WHOLE,
    code,
    day_of,
    kpi_test,
)
from tests.evm.chain import Contract, reverts
from tests.evm.world import World
from tests.unit.servicing.stage import (
    DUE,
    NIGHT,
    SHIBOR,
    compounder,
    floater,
    provided,
    publish_nights,
    quarterly,
    to,
)

pytestmark = pytest.mark.unit

OBSERVED = date(2019, 12, 3)  # two business days before 5 December
SECOND = date(2020, 3, 3)


@pytest.fixture
def bond(world: World) -> Contract:
    world.benchmark(SHIBOR)
    return floater(world)


# --- a term rate


def test_fix__published__is_said_and_kept(world: World, bond: Contract) -> None:
    world.publish_value(SHIBOR, day_of(OBSERVED), 30_254_321)

    made = world.servicing.fix(bond, 1, sender=world.outsider)

    expected = {
        "rate": 30_254_300 + 6_000_000,
        "source": FROM_PUBLISHED,
        "value": 30_254_321,
        "day": day_of(OBSERVED),
        "indexRatio": 0,
        "factor": 10**18,
        "arrears": 0,
    }
    assert made.names == ["PeriodFixed"]
    said = {"bond": bond.address, "period": 1, "actor": world.outsider}
    assert made.only("PeriodFixed") == expected | said
    kept = {"isDeferred": False, "fixedAt": world.evm.now}
    assert world.servicing.fixing(bond, 1) == expected | kept
    assert world.servicing.fixedPeriods(bond) == 1
    interest = 100 * 10_000 * Fraction(36_254_300, WHOLE) * Fraction(91, 360)
    assert world.servicing.amountOf(bond, 1, 100) == (int(interest), 0)


def test_fix__out_of_order__reverts(world: World, bond: Contract) -> None:
    world.publish_value(SHIBOR, day_of(OBSERVED), PERCENT)

    for period in (0, 2, 4, 5, 2**16 - 1):
        with world.refuses("FixingOutOfOrder", bond, period, 1):
            world.servicing.fix(bond, period, sender=world.outsider)
    world.fix(bond, 1)
    for period in (0, 1, 3):
        with world.refuses("FixingOutOfOrder", bond, period, 2):
            world.servicing.fix(bond, period, sender=world.outsider)


def test_fix__after_the_last_period__reverts(world: World, bond: Contract) -> None:
    for period, due in enumerate(DUE[:-1], start=1):
        day = builders.date_of(world.calendar.businessDaysBefore(builders.MARKET, day_of(due), 2))
        to(world, day)
        world.publish_value(SHIBOR, day_of(day), period * PERCENT)
        world.fix(bond, period)

    with world.refuses("FixingOutOfOrder", bond, 5, 5):
        world.servicing.fix(bond, 5, sender=world.outsider)
    rates = [world.servicing.fixing(bond, number).rate for number in range(1, 6)]
    assert rates == [16_000_000, 26_000_000, 36_000_000, 46_000_000, 0]


def test_fix__not_the_day_yet__reverts(world: World, bond: Contract) -> None:
    """The day of the bond's zone: a second before midnight in China it is still yesterday."""
    world.publish_value(SHIBOR, day_of(OBSERVED), PERCENT)
    world.fix(bond, 1)
    to(world, SECOND - timedelta(days=1), 86_399)

    with world.refuses("FixingTooEarly", bond, 2, day_of(SECOND), day_of(SECOND) - 1):
        world.servicing.fix(bond, 2, sender=world.outsider)
    to(world, SECOND)
    with world.refuses("FixingNotPublished", bond, 2, code(SHIBOR), day_of(SECOND), day_of(SECOND) + 5):
        world.servicing.fix(bond, 2, sender=world.outsider)
    world.publish_value(SHIBOR, day_of(SECOND), PERCENT)
    assert world.fix(bond, 2).rate == 16_000_000


def test_fix__plain_bond__reverts(world: World) -> None:
    bond = world.bond()

    for period in (0, 1, 2):
        with world.refuses("FixingNotNeeded", bond):
            world.servicing.fix(bond, period, sender=world.outsider)


@pytest.mark.parametrize("what", ["cash", "outsider", "registry"])
def test_fix__no_bond__reverts(world: World, what: str) -> None:
    stranger = getattr(world, what)

    for act in ("fix", "deferInterest"):
        with world.refuses("ServicingBondUnknown", stranger):
            world.servicing.do(act, stranger, 1, sender=world.issuer)
    with world.refuses("ServicingBondUnknown", stranger):
        world.servicing.renew(stranger, sender=world.issuer)


def test_fix__value_that_can_be_corrected__does_not_count(world: World) -> None:
    world.benchmark(SHIBOR, correctable=HOUR)
    bond = floater(world)
    world.publish_value(SHIBOR, day_of(OBSERVED), PERCENT)
    final = world.evm.now + HOUR
    world.evm.warp(final - 1)
    day = day_of(OBSERVED)

    with world.refuses("FixingNotPublished", bond, 1, code(SHIBOR), day, day + 5):
        world.servicing.fix(bond, 1, sender=world.outsider)
    world.evm.warp(final)
    assert world.fix(bond, 1).rate == 16_000_000


@pytest.mark.parametrize(
    ("rule", "last", "rate", "source"),
    [
        (LAST_VALUE, 10, 26_000_000, FROM_LAST_VALUE),
        (LAST_VALUE, 31, 26_000_000, FROM_LAST_VALUE),
        (LAST_VALUE, 32, 77_000_000, FROM_PREVIOUS_RATE),
        (PREVIOUS_RATE, 10, 77_000_000, FROM_PREVIOUS_RATE),
        (FIXED_RATE, 10, 77_000_000, FROM_FIXED_RATE),
    ],
)
def test_fix__nothing_published__falls_back_on_its_very_day(
    world: World, rule: int, last: int, rate: int, source: int
) -> None:
    """Of the first period the rate before is the one that the terms name."""
    world.benchmark(SHIBOR)
    bond = floater(world, fallbackRule=rule, fallbackRate=77_000_000, floor=PERCENT)
    day = day_of(OBSERVED)
    world.publish_value(SHIBOR, day - last, 2 * PERCENT)
    to(world, OBSERVED + timedelta(days=4), 86_399)

    with world.refuses("FixingNotPublished", bond, 1, code(SHIBOR), day, day + 5):
        world.servicing.fix(bond, 1, sender=world.outsider)
    to(world, OBSERVED + timedelta(days=5))
    found = world.fix(bond, 1)

    assert (found.rate, found.source) == (rate, source)
    assert (found.value, found.day) == ((2 * PERCENT, day - last) if source == FROM_LAST_VALUE else (0, 0))


def test_fix__previous_rate__is_that_of_the_period_before(world: World) -> None:
    world.benchmark(SHIBOR)
    bond = floater(world, fallbackRule=PREVIOUS_RATE, fallbackRate=77_000_000)
    world.publish_value(SHIBOR, day_of(OBSERVED), 3 * PERCENT)
    world.fix(bond, 1)
    to(world, SECOND + timedelta(days=5))

    found = world.fix(bond, 2)

    assert (found.rate, found.source) == (36_000_000, FROM_PREVIOUS_RATE)


def test_fix__published_late_but_in_time__is_used(world: World) -> None:
    """A fallback is for silence: what comes before somebody fixes is taken."""
    world.benchmark(SHIBOR)
    bond = floater(world, fallbackRule=FIXED_RATE, fallbackRate=1)
    to(world, OBSERVED + timedelta(days=30))
    world.publish_value(SHIBOR, day_of(OBSERVED), 3 * PERCENT)

    assert world.fix(bond, 1).rate == 36_000_000


@pytest.mark.parametrize(
    ("value", "changes", "rate"),
    [
        (24_999_949, {"places": 5}, 24_999_900),
        (24_999_950, {"places": 5}, 25_000_000),
        (24_999_950, {"places": 7}, 24_999_950),
        (24_999_950, {"places": 0}, 2 * PERCENT),
        (25_000_000, {"places": 0}, 3 * PERCENT),
        (-25_000_000, {"places": 0, "spread": 100_000_000}, 80_000_000),
        (-25_000_001, {"places": 0, "spread": 100_000_000}, 70_000_000),
        (-PERCENT, {"floor": 0}, 0),
        (-PERCENT, {"floor": 5_000_000}, 5_000_000),
        (9 * PERCENT, {"cap": 60_000_000}, 60_000_000),
        (10**9, {"spread": 2**31 - 1}, 10**9 + 2**31 - 1),
        (5 * PERCENT, {"spread": -(2**31)}, 0),
    ],
)
def test_fix__rounding_spread_floor_cap__in_this_order(
    world: World, value: int, changes: dict[str, Any], rate: int
) -> None:
    world.benchmark(SHIBOR)
    bond = floater(world, **({"spread": 0} | changes))
    world.publish_value(SHIBOR, day_of(OBSERVED), value)

    assert world.fix(bond, 1).rate == rate


def test_fix__no_lag__looks_at_the_start_or_before(world: World) -> None:
    """The third quarter begins on a Saturday: the Friday before is observed."""
    world.benchmark(SHIBOR)
    bond = floater(world, lag=0, spread=0)
    for period, day in enumerate((DUE[0], DUE[1], DUE[2], date(2020, 9, 4)), start=1):
        to(world, day)
        world.publish_value(SHIBOR, day_of(day), period * PERCENT)
        assert world.fix(bond, period).day == day_of(day)


# --- compounded in arrears


def test_fix__compounded__as_by_hand(world: World) -> None:
    """From 3 December to 3 March, at 3.6 %: 0.01 % a night, and more over weekends and New Year."""
    bond = compounder(world, spread=0, places=7)
    publish_nights(world, OBSERVED, SECOND, 36_000_000)

    found = world.fix(bond, 1)

    first, last = (world.benchmarks.indexOn(code(NIGHT), day_of(day))[2] for day in (OBSERVED, SECOND))
    exact = Fraction(last - first, first) * 360 * WHOLE / (SECOND - OBSERVED).days
    assert found.rate == found.value == int(exact + Fraction(1, 2))
    assert 36_000_000 < found.rate < 36_200_000, "interest on interest"
    assert (found.source, found.day) == (FROM_PUBLISHED, day_of(SECOND))


def test_fix__compounded__needs_the_last_night_but_not_the_day_itself(world: World) -> None:
    bond = compounder(world)
    publish_nights(world, OBSERVED, SECOND - timedelta(days=2), 36_000_000)
    to(world, SECOND - timedelta(days=1), 86_399)
    with world.refuses("FixingTooEarly", bond, 1, day_of(SECOND), day_of(SECOND) - 1):
        world.servicing.fix(bond, 1, sender=world.outsider)
    to(world, SECOND)
    day = day_of(SECOND)

    with world.refuses("FixingNotPublished", bond, 1, code(NIGHT), day, day + 5):
        world.servicing.fix(bond, 1, sender=world.outsider)
    world.publish_value(NIGHT, day - 1, 36_000_000)
    assert world.fix(bond, 1).source == FROM_PUBLISHED


@pytest.mark.parametrize(
    ("rule", "source"),
    [(LAST_VALUE, FROM_LAST_VALUE), (PREVIOUS_RATE, FROM_PREVIOUS_RATE), (FIXED_RATE, FROM_FIXED_RATE)],
)
def test_fix__nights_cease__falls_back(world: World, rule: int, source: int) -> None:
    bond = compounder(world, fallbackRule=rule, fallbackRate=77_000_000, spread=0)
    publish_nights(world, OBSERVED, date(2020, 2, 14), 36_000_000)
    to(world, SECOND + timedelta(days=4), 86_399)
    day = day_of(SECOND)
    with world.refuses("FixingNotPublished", bond, 1, code(NIGHT), day, day + 5):
        world.servicing.fix(bond, 1, sender=world.outsider)
    to(world, SECOND + timedelta(days=5))

    found = world.fix(bond, 1)

    assert found.source == source
    assert (found.rate == 77_000_000) == (source != FROM_LAST_VALUE)


def test_fix__nights_ceased_long_ago__not_carried_on(world: World) -> None:
    """An index is carried on for 31 days; after that the rate before applies."""
    bond = compounder(world, fallbackRate=77_000_000)
    publish_nights(world, OBSERVED, date(2020, 1, 22), 36_000_000)
    to(world, SECOND + timedelta(days=5))

    assert world.fix(bond, 1).source == FROM_PREVIOUS_RATE


# --- price indices


def linker(world: World, **changes: Any) -> Contract:
    world.benchmark("CPI", LEVEL)
    return quarterly(world, provided(inflation=builders.inflation(**changes)), kind=INFLATION)


def levels(world: World, *values: int, first: date = date(2019, 12, 1)) -> None:
    month = first
    for value in values:
        world.publish_value("CPI", day_of(month), value)
        month = builders.months_after(month, 1)


def test_fix__price_index__is_interpolated(world: World) -> None:
    """Of 5 March: 4/31 of the way from December to January, three months ago."""
    bond = linker(world)
    to(world, DUE[0])
    levels(world, 102 * WHOLE)
    with world.refuses("FixingNotPublished", bond, 1, code("CPI"), day_of(DUE[1]), day_of(DUE[1]) + 5):
        world.servicing.fix(bond, 1, sender=world.outsider)
    to(world, date(2020, 1, 1))
    levels(world, 105_100_000_000, first=date(2020, 1, 1))

    found = world.fix(bond, 1)

    reference = Fraction(102) + Fraction(31, 10) * Fraction(4, 31)
    assert found.indexRatio == round(reference / 100 * 10**5) * 10**4 == 1_024_000_000
    assert (found.value, found.day) == (int(reference * WHOLE), day_of(DUE[1]))
    assert found.rate == 32_500_000
    notional = 100 * 10_000 * Fraction(1_024_000_000, WHOLE)
    assert world.servicing.amountOf(bond, 1, 100)[0] == int(
        notional * Fraction(325, 10_000) * Fraction(91, 360)
    )


def test_fix__price_index_by_month__takes_the_month_alone(world: World) -> None:
    bond = linker(world, interpolated=False, places=9, base=96_700_000_001)
    to(world, DUE[0])
    levels(world, 102 * WHOLE)

    assert world.fix(bond, 1).indexRatio == round(Fraction(102 * WHOLE * WHOLE, 96_700_000_001))


def test_fix__price_index_before_the_period__reverts(world: World) -> None:
    bond = linker(world)
    to(world, DUE[0] - timedelta(days=1), 86_399)

    with world.refuses("FixingTooEarly", bond, 1, day_of(DUE[0]), day_of(DUE[0]) - 1):
        world.servicing.fix(bond, 1, sender=world.outsider)


def test_fix__price_index_is_silent__last_month_of_a_year(world: World) -> None:
    bond = linker(world)
    levels(world, 101 * WHOLE, first=date(2018, 12, 1))
    to(world, DUE[1] + timedelta(days=4), 86_399)
    due = day_of(DUE[1])
    with world.refuses("FixingNotPublished", bond, 1, code("CPI"), due, due + 5):
        world.servicing.fix(bond, 1, sender=world.outsider)
    to(world, DUE[1] + timedelta(days=5))

    levels(world, 103 * WHOLE, first=date(2019, 2, 1))
    found = world.fix(bond, 1)

    assert (found.source, found.indexRatio) == (FROM_LAST_VALUE, 1_030_000_000)


def test_fix__price_index_is_silent_for_a_year__the_ratio_stays(world: World) -> None:
    """December 2018 is the twelfth month before December 2019, and the thirteenth before January 2020."""
    bond = linker(world)
    levels(world, 101 * WHOLE, first=date(2018, 12, 1))
    to(world, DUE[1] + timedelta(days=5))

    found = world.fix(bond, 1)

    assert (found.source, found.value, found.day) == (FROM_PREVIOUS_RATE, 0, 0)
    assert found.indexRatio == WHOLE


# --- figures


def linked(world: World, *tests: Any, **terms: Any) -> Contract:
    for name in ("CO2", "WATER"):
        world.benchmark(name, FIGURE)
    return quarterly(world, provided(tests=list(tests)), kind=KPI, **terms)


FIGURE_DAY = date(2020, 2, 28)


@pytest.mark.parametrize(
    ("at_most", "figure", "is_missed"),
    [(True, 120, False), (True, 121, True), (False, 120, False), (False, 119, True), (True, -5, False)],
)
def test_fix__figure__moves_the_rate_when_it_is_missed(
    world: World, at_most: bool, figure: int, is_missed: bool
) -> None:
    bond = linked(world, kpi_test(day=day_of(FIGURE_DAY), atMost=at_most))
    to(world, DUE[1])
    world.publish_value("CO2", day_of(FIGURE_DAY), figure * WHOLE)

    first, second = world.fix(bond, 1), world.fix(bond, 2)

    assert (first.rate, first.source, first.day) == (32_500_000, 0, 0)
    assert second.rate == (35_000_000 if is_missed else 32_500_000)
    assert (second.value, second.day, second.source) == (figure * WHOLE, day_of(FIGURE_DAY), FROM_PUBLISHED)
    to(world, DUE[2])
    assert world.fix(bond, 3).rate == second.rate, "it stays moved"


def test_fix__figure_that_never_comes__is_missed_on_its_very_day(world: World) -> None:
    bond = linked(world, kpi_test(day=day_of(FIGURE_DAY)))
    to(world, DUE[1] + timedelta(days=4), 86_399)
    world.fix(bond, 1)
    day, late = day_of(FIGURE_DAY), day_of(DUE[1]) + 5
    with world.refuses("FixingNotPublished", bond, 2, code("CO2"), day, late):
        world.servicing.fix(bond, 2, sender=world.outsider)
    to(world, DUE[1] + timedelta(days=5))

    found = world.fix(bond, 2)

    assert (found.rate, found.source, found.value, found.day) == (35_000_000, FROM_NOTHING, 0, 0)


def test_fix__several_tests_of_a_period__add_up_and_end_at_zero(world: World) -> None:
    day = day_of(FIGURE_DAY)
    bond = linked(
        world,
        kpi_test(day=day),
        kpi_test("WATER", day=day, step=-40_000_000),
        kpi_test("WATER", day=day, period=3, step=1),
        couponRate=30_000_000,
    )
    to(world, DUE[2])
    world.publish_value("CO2", day, 200 * WHOLE)
    world.publish_value("WATER", day, 200 * WHOLE)

    rates = [world.fix(bond, period).rate for period in (1, 2, 3)]

    assert rates == [30_000_000, 0, 1], "below zero once, and up from zero"


# --- what is asked before it is fixed


def test_amounts__not_fixed__reverts(world: World, bond: Contract) -> None:
    for period in (1, 4):
        with reverts("PeriodNotFixed", bond, period):
            world.servicing.unitPayment(bond, period)
        with reverts("PeriodNotFixed", bond, period):
            world.servicing.amountOf(bond, period, 1)
    world.to_record(bond, 1)
    world.give_cash(world.paying_agent)
    with world.refuses("PeriodNotFixed", bond, 1):
        world.servicing.fund(bond, 1, sender=world.paying_agent)


def test_fix__of_an_adjusted_bond__period_ends_on_the_day_paid(world: World) -> None:
    """The third quarter ends on Monday, 7 September, as the fourth then begins."""
    world.benchmark(SHIBOR)
    terms: dict[str, Any] = {"kind": builders.FLOATING, "adjusted": True, "roll": FOLLOWING}
    bond = quarterly(world, provided(floating=builders.floating(spread=0)), **terms)
    found = []
    for period in range(1, 5):
        start = DUE[period - 1] if period < 4 else date(2020, 9, 7)
        day = world.calendar.businessDaysBefore(builders.MARKET, day_of(start), 2)
        to(world, builders.date_of(day))
        world.publish_value(SHIBOR, day, 36_000_000)
        assert world.fix(bond, period).day == day
        found.append(world.servicing.amountOf(bond, period, 100)[0])

    ends = [DUE[0], DUE[1], DUE[2], date(2020, 9, 7), date(2020, 12, 7)]
    days = [(b - a).days for a, b in pairwise(ends)]
    assert found == [100 * each for each in days], "100 base units a day for 100 units"
