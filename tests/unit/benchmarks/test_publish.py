"""publish, publicationOf, valueOn, lastValue, indexOn

publish
├── no such benchmark -> BenchmarkUnknown
├── caller is not its administrator -> BenchmarkCallerRefused
├── the day has begun nowhere -> BenchmarkDayAhead
├── value out of range of its kind -> BenchmarkValueInvalid
├── the day has a value
│   ├── that cannot be corrected any more -> BenchmarkPublished
│   └── else -> corrected: the first time counts for when it is final, the index stays
├── the day is not after the latest; no first of a month; not the next business day -> BenchmarkDayRefused
└── else -> published; it counts when it cannot be corrected any more
"""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import (
    DAY,
    FIGURE,
    HOUR,
    LEVEL,
    MARKET,
    OVERNIGHT,
    TERM_RATE,
    Market,
    at,
    china_calendar,
    code,
    day_of,
)
from tests.evm.world import World

pytestmark = pytest.mark.unit

RATE, NIGHT, CPI, CO2 = "SHIBOR3M", "FDR001", "CPI-CN", "CO2"
WEEKDAYS = Market(china_calendar())
TODAY = day_of(date(2019, 12, 3))  # a Tuesday, nine o'clock in China


def test_publish__a_value__is_said_and_kept(world: World) -> None:
    world.benchmark(RATE, correctable=HOUR)

    made = world.publish_value(RATE, TODAY, 30_250_000)

    final = world.evm.now + HOUR
    assert made.names == ["ValuePublished"]
    assert made.only("ValuePublished") == {
        "code": code(RATE),
        "day": TODAY,
        "value": 30_250_000,
        "finalAt": final,
        "index": 0,
        "isCorrection": False,
    }
    assert world.benchmarks.publicationOf(code(RATE), TODAY) == {
        "value": 30_250_000,
        "finalAt": final,
        "index": 0,
    }
    assert world.benchmarks.benchmarkOf(code(RATE)).lastDay == TODAY


@pytest.mark.parametrize("caller", ["operator", "admin", "issuer", "outsider", "cash_issuer"])
def test_publish__by_anybody_else__reverts(world: World, caller: str) -> None:
    world.benchmark(RATE)
    sender = getattr(world, caller)

    with world.refuses("BenchmarkCallerRefused", code(RATE), sender, world.administrator):
        world.benchmarks.publish(code(RATE), TODAY, 1, sender=sender)


def test_publish__of_no_benchmark__reverts(world: World) -> None:
    with world.refuses("BenchmarkUnknown", code(RATE)):
        world.publish_value(RATE, TODAY, 1)


@pytest.mark.parametrize("kind", [TERM_RATE, FIGURE])
def test_publish__a_day_ahead__from_its_first_second_on_earth(world: World, kind: int) -> None:
    """UTC+14 is where a day begins first."""
    world.benchmark(RATE, kind)
    begins = at("2019-12-05T00:00:00") - 14 * HOUR
    day = day_of(date(2019, 12, 5))

    world.evm.warp(begins - 1)
    with world.refuses("BenchmarkDayAhead", code(RATE), day):
        world.publish_value(RATE, day, 1)
    world.evm.warp(begins)
    world.publish_value(RATE, day, 1)
    with world.refuses("BenchmarkDayAhead", code(RATE), 2**24 - 1):
        world.publish_value(RATE, 2**24 - 1, 1)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (TERM_RATE, (-999_999_999, 0, 10**9), (-(10**9), 10**9 + 1, 2**63 - 1, -(2**63))),
        (OVERNIGHT, (-999_999_999, 0, 10**9), (-(10**9), 10**9 + 1, 2**63 - 1, -(2**63))),
        (LEVEL, (1, 2**63 - 1), (0, -1, -(2**63))),
        (FIGURE, (0, -(2**63), 2**63 - 1), ()),
    ],
)
def test_publish__value_out_of_range__reverts(
    world: World, kind: int, good: tuple[int, ...], bad: tuple[int, ...]
) -> None:
    world.benchmark(RATE, kind)
    day = day_of(date(2019, 11, 1))

    for value in bad:
        with world.refuses("BenchmarkValueInvalid", code(RATE), value):
            world.publish_value(RATE, day, value)
    for value in good:
        with world.sandbox():
            world.publish_value(RATE, day, value)


# --- corrections


def test_publish__again_in_time__corrects(world: World) -> None:
    world.benchmark(RATE, correctable=HOUR)
    world.publish_value(RATE, TODAY, 1)
    final = world.evm.now + HOUR
    world.evm.warp(final - 1)

    made = world.publish_value(RATE, TODAY, 2)

    assert (made.only("ValuePublished").isCorrection, made.only("ValuePublished").finalAt) == (True, final)
    world.evm.warp(final)
    with world.refuses("BenchmarkPublished", code(RATE), TODAY):
        world.publish_value(RATE, TODAY, 3)
    assert world.benchmarks.valueOn(code(RATE), TODAY) == (True, 2)


def test_publish__not_correctable__counts_at_once_and_for_good(world: World) -> None:
    world.benchmark(RATE)
    world.publish_value(RATE, TODAY, 1)

    with world.refuses("BenchmarkPublished", code(RATE), TODAY):
        world.publish_value(RATE, TODAY, 1)
    assert world.benchmarks.valueOn(code(RATE), TODAY) == (True, 1)


def test_publish__correction_of_an_earlier_day__while_it_can_be(world: World) -> None:
    world.benchmark(RATE, correctable=HOUR)
    world.publish_value(RATE, TODAY - 1, 1)
    world.publish_value(RATE, TODAY, 2)

    assert world.publish_value(RATE, TODAY - 1, 3).only("ValuePublished").isCorrection
    assert world.benchmarks.benchmarkOf(code(RATE)).lastDay == TODAY


def test_value_on__while_it_can_be_corrected__does_not_count(world: World) -> None:
    world.benchmark(RATE, correctable=HOUR)
    world.publish_value(RATE, TODAY, 7)
    final = world.evm.now + HOUR

    for time, found in ((world.evm.now, (False, 0)), (final - 1, (False, 0)), (final, (True, 7))):
        world.evm.warp(time)
        assert world.benchmarks.valueOn(code(RATE), TODAY) == found
        last = (found[0], found[1], TODAY if found[0] else 0)
        assert world.benchmarks.lastValue(code(RATE), TODAY, 31) == last


# --- order


@pytest.mark.parametrize("kind", [TERM_RATE, FIGURE, LEVEL])
def test_publish__out_of_order__reverts(world: World, kind: int) -> None:
    """No value can be slipped in later, between two that others have seen."""
    world.benchmark(RATE, kind)
    first, second = day_of(date(2019, 10, 1)), day_of(date(2019, 11, 1))
    world.publish_value(RATE, second, 5)

    with world.refuses("BenchmarkDayRefused", code(RATE), first, second):
        world.publish_value(RATE, first, 5)


def test_publish__level_of_another_day__reverts(world: World) -> None:
    world.benchmark(CPI, LEVEL)
    for day in (date(2019, 10, 2), date(2019, 10, 31)):
        with world.refuses("BenchmarkDayRefused", code(CPI), day_of(day), 0):
            world.publish_value(CPI, day_of(day), 100)
    world.publish_value(CPI, day_of(date(2019, 10, 1)), 100)
    world.publish_value(CPI, day_of(date(2019, 12, 1)), 101)


def test_publish__day_zero__reverts(world: World) -> None:
    world.benchmark(RATE)

    with world.refuses("BenchmarkDayRefused", code(RATE), 0, 0):
        world.publish_value(RATE, 0, 1)


# --- nights


def nights(world: World, *rates: int, first: date = date(2019, 9, 26)) -> list[date]:
    """Publishes overnight rates of consecutive business days, from before the October holidays on."""
    days = []
    day = first
    for rate in rates:
        while not WEEKDAYS.is_open(day):
            day += timedelta(days=1)
        world.publish_value(NIGHT, day_of(day), rate)
        days.append(day)
        day += timedelta(days=1)
    return days


def test_publish__nights__compound_by_hand(world: World) -> None:
    """2.5 % for a night, then for the seven of a holiday, on 360 days."""
    world.benchmark(NIGHT, OVERNIGHT)
    days = nights(world, 25_000_000, 25_000_000, 25_000_000, 25_000_000, 30_000_000)
    assert days[3:] == [date(2019, 9, 30), date(2019, 10, 8)], "eight nights between them"

    found = [world.benchmarks.publicationOf(code(NIGHT), day_of(day)).index for day in days]

    one = 10**18
    expected = [one]
    for gap in (1, 2, 1, 8):
        expected.append(expected[-1] * (360 * 10**9 + 25_000_000 * gap) // (360 * 10**9))
    assert found == expected
    assert round(Fraction(found[1], one), 12) == Fraction("1.000069444444")


@pytest.mark.parametrize("basis", [360, 365])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rates=st.lists(st.integers(-999_999_999, 10**9), min_size=2, max_size=30))
def test_publish__any_nights__index_is_the_product_rounded_down(
    world: World, rates: list[int], basis: int
) -> None:
    with world.sandbox():
        world.benchmark(NIGHT, OVERNIGHT, basis=basis)
        world.evm.warp(at("2020-01-10T00:00:00"))
        days = nights(world, *rates)
        index = 10**18
        for here, there, rate in zip(days, days[1:], rates, strict=False):
            assert world.benchmarks.publicationOf(code(NIGHT), day_of(here)).index == index
            index = index * (basis * 10**9 + rate * (there - here).days) // (basis * 10**9)
            found = world.benchmarks.indexOn(code(NIGHT), day_of(there))
            assert found == (True, True, index)


def test_publish__a_night_left_out__reverts(world: World) -> None:
    world.benchmark(NIGHT, OVERNIGHT)
    nights(world, 1, first=date(2019, 11, 25))
    last, following = day_of(date(2019, 11, 25)), day_of(date(2019, 11, 27))

    with world.refuses("BenchmarkDayRefused", code(NIGHT), following, last):
        world.publish_value(NIGHT, following, 1)
    world.publish_value(NIGHT, last + 1, 1)


@pytest.mark.parametrize("first", [True, False])
def test_publish__a_night_of_no_business_day__reverts(world: World, first: bool) -> None:
    world.benchmark(NIGHT, OVERNIGHT)
    friday, saturday = day_of(date(2019, 11, 29)), day_of(date(2019, 11, 30))
    if not first:
        world.publish_value(NIGHT, friday, 1)

    with world.refuses("BenchmarkDayRefused", code(NIGHT), saturday, 0 if first else friday):
        world.publish_value(NIGHT, saturday, 1)


def test_publish__a_night_after_one_that_can_be_corrected__reverts(world: World) -> None:
    """A later correction would not reach the index that was compounded with the old rate."""
    world.benchmark(NIGHT, OVERNIGHT, correctable=HOUR)
    monday = day_of(date(2019, 12, 2))
    world.publish_value(NIGHT, monday, 10_000_000)
    world.evm.warp(world.evm.now + HOUR - 1)
    world.publish_value(NIGHT, monday, 36_000_000)

    with world.refuses("BenchmarkDayRefused", code(NIGHT), TODAY, monday):
        world.publish_value(NIGHT, TODAY, 1)
    world.evm.warp(world.evm.now + 1)
    made = world.publish_value(NIGHT, TODAY, 1)

    assert made.only("ValuePublished").index == 10**18 + 10**14, "0.01 % of the corrected 3.6 %"


def test_publish__correction_of_a_night__keeps_its_own_index(world: World) -> None:
    world.benchmark(NIGHT, OVERNIGHT, correctable=HOUR)
    world.publish_value(NIGHT, TODAY - 1, 36_000_000)
    world.evm.warp(world.evm.now + HOUR)
    before = world.publish_value(NIGHT, TODAY, 1).only("ValuePublished").index

    after = world.publish_value(NIGHT, TODAY, 999).only("ValuePublished").index

    assert before == after == 10**18 + 10**14


def test_publish__a_night_of_an_unpublished_year__reverts(world: World) -> None:
    world.benchmark(NIGHT, OVERNIGHT, market=code("EMPTY"))

    with world.refuses("CalendarYearNotPublished", code("EMPTY"), 2019):
        world.publish_value(NIGHT, TODAY, 1)


def test_index_on__between_and_after__is_carried_on(world: World) -> None:
    """At the last rate; complete up to and with the next business day, and 31 days at most."""
    world.benchmark(NIGHT, OVERNIGHT)
    nights(world, 36_000_000, first=date(2019, 11, 29))
    world.evm.warp(world.evm.now + 60 * DAY)
    friday = day_of(date(2019, 11, 29))
    step = 10**14

    expected = {
        0: (True, True, 10**18),
        1: (True, True, 10**18 + step),
        2: (True, True, 10**18 + 2 * step),
        3: (True, True, 10**18 + 3 * step),  # Monday's index needs no rate of Monday
        4: (True, False, 10**18 + 4 * step),
        31: (True, False, 10**18 + 31 * step),
        32: (False, False, 0),
        -1: (False, False, 0),
    }
    found = {nights: world.benchmarks.indexOn(code(NIGHT), friday + nights) for nights in expected}

    assert found == expected


def test_index_on__last_night_can_still_be_corrected__is_not_complete(world: World) -> None:
    world.benchmark(NIGHT, OVERNIGHT, correctable=HOUR)
    monday = TODAY - 1
    world.publish_value(NIGHT, monday, 36_000_000)
    world.evm.warp(world.evm.now + HOUR)
    world.publish_value(NIGHT, TODAY, 72_000_000)

    assert world.benchmarks.indexOn(code(NIGHT), TODAY) == (True, True, 10**18 + 10**14)
    assert world.benchmarks.indexOn(code(NIGHT), TODAY + 1) == (True, False, 10**18 + 2 * 10**14)
    world.evm.warp(world.evm.now + HOUR)
    grown = (10**18 + 10**14) * 5001 // 5000
    assert world.benchmarks.indexOn(code(NIGHT), TODAY + 1) == (True, True, grown)


# --- the last value


def test_last_value__days_back__as_many_as_asked(world: World) -> None:
    world.benchmark(RATE)
    day = TODAY - 40
    world.publish_value(RATE, day, 5)

    for back, most, found in ((0, 0, True), (31, 31, True), (32, 31, False), (3, 2, False), (-1, 40, False)):
        expected = (True, 5, day) if found else (False, 0, 0)
        assert world.benchmarks.lastValue(code(RATE), day + back, most) == expected


def test_last_value__of_a_price_index__months_back(world: World) -> None:
    world.benchmark(CPI, LEVEL)
    january = day_of(date(2019, 1, 1))
    world.publish_value(CPI, january, 100)

    for month, most, found in ((1, 0, True), (12, 11, True), (12, 10, False)):
        expected = (True, 100, january) if found else (False, 0, 0)
        assert world.benchmarks.lastValue(code(CPI), day_of(date(2019, month, 1)), most) == expected


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(days=st.sets(st.integers(0, 60), max_size=12), asked=st.integers(0, 90), most=st.integers(0, 40))
def test_last_value__any_days__the_latest_within_reach(
    world: World, days: set[int], asked: int, most: int
) -> None:
    with world.sandbox():
        world.benchmark(RATE)
        for day in sorted(days):
            world.publish_value(RATE, TODAY - 100 + day, day)
        within = [day for day in days if asked - most <= day <= asked]
        expected = (True, max(within), TODAY - 100 + max(within)) if within else (False, 0, 0)

        assert world.benchmarks.lastValue(code(RATE), TODAY - 100 + asked, most) == expected


def test_views__of_no_benchmark__are_empty(world: World) -> None:
    assert world.benchmarks.valueOn(code("NONE"), TODAY) == (False, 0)
    assert world.benchmarks.lastValue(code("NONE"), TODAY, 31) == (False, 0, 0)
    assert world.benchmarks.indexOn(code("NONE"), TODAY) == (False, False, 0)
    assert world.benchmarks.publicationOf(code("NONE"), TODAY).finalAt == 0
    assert world.benchmarks.benchmarkOf(code("NONE")).market == bytes(8) != MARKET
