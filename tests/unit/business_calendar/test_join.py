"""join, partsOf, businessDaysBetween

join
├── caller is not the operator -> AccessManagedUnauthorized
├── code is empty, has days of its own, or is joint already -> CalendarMarketInvalid
├── not two to four parts, or one without a published year of its own -> CalendarPartsInvalid
└── else -> a market whose business days are those of all parts, for ever
businessDaysBetween
├── a year of the stretch is not published, in one of the parts -> CalendarYearNotPublished
└── else -> as a walk over the days counts
"""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import (
    BUS_252,
    MARKET,
    china_calendar,
    code,
    date_of,
    day_of,
    days_schedule,
    halves,
    schedule,
    year_bits,
)
from tests.evm.chain import Contract, reverts
from tests.evm.world import World

pytestmark = pytest.mark.unit

CHINA, JOINT = china_calendar(), code("JOINT")
YEARS = range(2019, 2027)
DATES = st.dates(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31))
HALVES = {"A": 0, "B": 1, "C": 2, "D": 3}


def open_days(name: str) -> set[date]:
    """Made-up markets: each has other days off, also at the ends of years and of words."""
    first, last = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
    days = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return {day for day in days if (day.toordinal() * 7 + day.month) % 11 != HALVES[name] and day.day != 13}


OPEN_DAYS = {name: open_days(name) for name in HALVES}
COMMON = OPEN_DAYS["A"] & OPEN_DAYS["B"]


def publish_all(world: World, *names: str) -> None:
    for name in names:
        found = OPEN_DAYS[name]
        for year in YEARS:
            start = date(year, 1, 1)
            bits = sum(1 << (day - start).days for day in found if day.year == year)
            world.publish(year, bits, code(name))


def join(world: World, market: bytes, *parts: bytes, sender: str | None = None) -> Any:
    return world.calendar.join(market, list(parts), sender=sender or world.operator)


# --- join


def test_join__two_markets__is_said(world: World) -> None:
    publish_all(world, "A", "B")

    made = join(world, JOINT, code("A"), code("B"))

    assert made.names == ["MarketsJoined"]
    assert made.only("MarketsJoined") == {
        "market": JOINT,
        "parts": [code("A"), code("B")],
        "actor": world.operator,
    }
    assert world.calendar.partsOf(JOINT) == [code("A"), code("B")]
    assert world.calendar.partsOf(code("A")) == world.calendar.partsOf(code("Z")) == []


@pytest.mark.parametrize("caller", ["admin", "statutory", "registrar", "issuer", "outsider", "cash_issuer"])
def test_join__by_anybody_else__reverts(world: World, caller: str) -> None:
    publish_all(world, "A", "B")
    sender = getattr(world, caller)

    with world.refuses("AccessManagedUnauthorized", sender):
        join(world, JOINT, code("A"), code("B"), sender=sender)


def test_join__code_that_means_something__reverts(world: World) -> None:
    publish_all(world, "A", "B", "C")
    join(world, JOINT, code("A"), code("B"))

    for market in (bytes(8), code("A"), code("C"), MARKET, JOINT):
        with world.refuses("CalendarMarketInvalid", market):
            join(world, market, code("A"), code("B"))


def test_join__for_ever__no_days_of_its_own(world: World) -> None:
    publish_all(world, "A", "B")
    join(world, JOINT, code("A"), code("B"))

    with world.refuses("CalendarMarketInvalid", JOINT):
        world.publish(2030, 1, JOINT)


@pytest.mark.parametrize(
    "parts",
    [
        [],
        ["A"],
        ["A", "B", "C", "D", "CN-IB"],
        ["A", "Z"],
        ["Z", "A"],
        ["A", ""],
        ["A", "B", ""],
        ["A", "JOINT"],
        ["A", "OTHER"],
    ],
)
def test_join__wrong_parts__reverts(world: World, parts: list[str]) -> None:
    """One that is joint itself, or was never published, is no part."""
    publish_all(world, "A", "B", "C", "D")
    join(world, code("OTHER"), code("A"), code("B"))

    with world.refuses("CalendarPartsInvalid", JOINT):
        join(world, JOINT, *map(code, parts))


@pytest.mark.parametrize("count", [2, 3, 4])
def test_joint__year__is_what_all_parts_have(world: World, count: int) -> None:
    names = list("ABCD")[:count]
    publish_all(world, *names)
    join(world, JOINT, *map(code, names))
    common = set.intersection(*map(open_days, names))

    for year in YEARS:
        start = date(year, 1, 1)
        bits = sum(1 << (day - start).days for day in common if day.year == year)
        low, high = halves(bits)
        assert world.calendar.yearOf(JOINT, year) == {"low": low, "high": high, "version": count}
    assert world.calendar.yearOf(JOINT, 2030).version == 0


def test_joint__a_part_without_the_year__is_not_published(world: World) -> None:
    publish_all(world, "A", "B")
    world.publish(2030, year_bits(2030), code("A"))
    join(world, JOINT, code("A"), code("B"))
    new_year = day_of(date(2030, 1, 1))

    assert world.calendar.yearOf(JOINT, 2030).version == 0
    with reverts("CalendarYearNotPublished", JOINT, 2030):
        world.calendar.isBusinessDay(JOINT, new_year)
    with reverts("CalendarYearNotPublished", JOINT, 2030):
        world.calendar.businessDaysBetween(JOINT, new_year, new_year + 1)
    world.publish(2030, year_bits(2030), code("B"))
    assert world.calendar.yearOf(JOINT, 2030).version == 2


def test_joint__a_change_of_a_part__is_one_of_it(world: World) -> None:
    publish_all(world, "A", "B")
    join(world, JOINT, code("A"), code("B"))
    common = sorted(open_days("A") & open_days("B") - {date(2026, 1, 1)})
    day = next(each for each in common if each > date(2026, 1, 1))
    start = date(2026, 1, 1)
    bits = sum(1 << (each - start).days for each in open_days("B") - {day} if each.year == 2026)

    world.publish(2026, bits, code("B"))

    assert not world.calendar.isBusinessDay(JOINT, day_of(day))
    assert world.calendar.yearOf(JOINT, 2026).version == 3


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    day=st.dates(date(2019, 3, 1), date(2026, 10, 31)), convention=st.integers(0, 4), count=st.integers(0, 9)
)
def test_joint__rolls_and_counts__as_a_walk(world: World, day: date, convention: int, count: int) -> None:
    with world.sandbox():
        publish_all(world, "A", "B")
        join(world, JOINT, code("A"), code("B"))
        common = COMMON

        assert world.calendar.isBusinessDay(JOINT, day_of(day)) == (day in common)
        before = day
        for _ in range(count):
            before -= timedelta(days=1)
            while before not in common:
                before -= timedelta(days=1)
        assert date_of(world.calendar.businessDaysBefore(JOINT, day_of(day), count)) == before
        rolled = date_of(world.calendar.roll(JOINT, day_of(day), convention))
        assert convention == 0 or rolled in common


# --- businessDaysBetween


@pytest.fixture
def counted(world: World) -> World:
    publish_all(world, "A")
    return world


def test_between__every_pair_around_the_borders__as_a_walk(counted: World) -> None:
    """Starts and ends around each border of a word, of a year and of a leap day."""
    found = open_days("A")
    edges: list[int] = []
    for year in (2019, 2020, 2021):
        start = day_of(date(year, 1, 1))
        edges += [start + offset for offset in (0, 1, 58, 59, 60, 254, 255, 256, 257, 363, 364)]
    running, total = {}, 0
    for day in range(edges[0], edges[-1] + 2):
        running[day] = total
        total += date_of(day) in found

    for start, end in combinations(sorted({*edges, *(edge + 1 for edge in edges)}), 2):
        counted_days = counted.calendar.businessDaysBetween(code("A"), start, end)
        assert counted_days == running[end] - running[start], (date_of(start), date_of(end))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    one=st.dates(date(2019, 1, 1), date(2026, 12, 31)), other=st.dates(date(2019, 1, 1), date(2026, 12, 31))
)
def test_between__any_days_of_china__as_a_walk(world: World, one: date, other: date) -> None:
    start, end = min(one, other), max(one, other)
    days = (start + timedelta(days=i) for i in range((end - start).days))
    expected = sum(CHINA[day.year] >> (day - date(day.year, 1, 1)).days & 1 for day in days)

    assert world.calendar.businessDaysBetween(MARKET, day_of(start), day_of(end)) == expected


@pytest.mark.parametrize("length", [1, 255, 256, 257, 365, 366])
def test_between__every_bit_set__counts_all(world: World, length: int) -> None:
    """A word of ones: sums of bytes do not run over."""
    for year in (2020, 2021, 2022):
        world.publish(year, (1 << (366 if year == 2020 else 365)) - 1, code("ALL"))
    for start in (date(2020, 1, 1), date(2020, 4, 20), date(2020, 9, 12), date(2021, 1, 1)):
        first = day_of(start)
        assert world.calendar.businessDaysBetween(code("ALL"), first, first + length) == length


def test_between__no_days_or_days_turned_round__is_nothing(world: World) -> None:
    day = day_of(date(2020, 5, 5))

    assert world.calendar.businessDaysBetween(MARKET, day, day) == 0
    assert world.calendar.businessDaysBetween(MARKET, day + 1, day) == 0
    assert world.calendar.businessDaysBetween(code("NONE"), day, day) == 0, "no year is asked for"


def test_between__a_year_in_the_middle_is_missing__reverts(world: World) -> None:
    for year in (2031, 2033):
        world.publish(year, year_bits(year), code("GAP"))

    with reverts("CalendarYearNotPublished", code("GAP"), 2032):
        world.calendar.businessDaysBetween(code("GAP"), day_of(date(2031, 12, 31)), day_of(date(2033, 1, 1)))
    assert world.calendar.businessDaysBetween(
        code("GAP"), day_of(date(2031, 12, 31)), day_of(date(2032, 1, 1))
    )


def test_between__vectors__exact(world: World, business_days: dict[str, Any]) -> None:
    """Counts of QuantLib for China, TARGET, and both together."""
    for name, years in business_days["bitmaps"].items():
        for year, bits in years.items():
            world.publish(int(year), int(bits, 16), code(f"V{name}"[:8]))
    for name, parts in business_days["parts"].items():
        join(world, code(f"V{name}"[:8]), *(code(f"V{part}"[:8]) for part in parts))

    for row in business_days["between"]:
        start, end = (day_of(date.fromisoformat(row[field])) for field in ("start", "end"))
        found = world.calendar.businessDaysBetween(code(f"V{row['market']}"[:8]), start, end)
        assert found == row["days"], row


# --- BUS/252 on the chain


@pytest.fixture
def harness(world: World) -> Contract:
    """The libraries, beside the calendar of Brazil as QuantLib has it."""
    market = ql.Brazil(ql.Brazil.Settlement)
    for year in range(2018, 2028):
        start = date(year, 1, 1)
        days = [start + timedelta(days=i) for i in range((date(year + 1, 1, 1) - start).days)]
        opened = [ql.Date(day.day, day.month, day.year) for day in days]
        world.publish(
            year, sum(1 << i for i, day in enumerate(opened) if market.isBusinessDay(day)), code("BR")
        )
    return world.deploy("LibraryHarness")


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    one=st.dates(date(2018, 1, 1), date(2027, 12, 31)), other=st.dates(date(2018, 1, 1), date(2027, 12, 31))
)
def test_fraction__bus_252__as_quantlib(world: World, harness: Contract, one: date, other: date) -> None:
    start, end = min(one, other), max(one, other)
    first, last = (ql.Date(day.day, day.month, day.year) for day in (start, end))
    market = ql.Brazil(ql.Brazil.Settlement)
    grid = schedule(day_of(start), 1, 12) if start.day < 15 else days_schedule(day_of(start), 1, 7)

    numerator, denominator = harness.fraction(
        BUS_252, grid, world.calendar, code("BR"), day_of(start), day_of(end)
    )

    days = market.businessDaysBetween(first, last) if start < end else 0
    assert (numerator, denominator) == ((days, 252) if start < end else (0, 1))
    assert abs(ql.Business252(market).yearFraction(first, last) - days / 252) < 1e-12
