"""publish, yearOf

├── caller is not the operator -> AccessManagedUnauthorized
├── market is empty -> CalendarMarketInvalid
├── year is out of 1970 to 2400 -> CalendarYearInvalid
├── a bit beyond the last day, or no business day -> CalendarYearInvalid
├── a change of a day that has begun somewhere on earth -> CalendarDayPast
└── else -> the year is replaced, its version is one more
"""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import DAY, EPOCH, MARKET, at, china_calendar, day_of, halves, year_bits
from tests.evm.chain import refused
from tests.evm.world import World

pytestmark = pytest.mark.unit

NEW = b"TEST\0\0\0\0"


def test_publish__first_time__is_version_one(world: World) -> None:
    bits = year_bits(2030)
    low, high = halves(bits)

    made = world.publish(2030, bits, NEW)

    assert made.names == ["YearPublished"]
    assert made.only("YearPublished") == {
        "market": NEW,
        "year": 2030,
        "low": low,
        "high": high,
        "version": 1,
        "actor": world.operator,
    }
    assert world.calendar.yearOf(NEW, 2030) == {"low": low, "high": high, "version": 1}
    assert world.calendar.yearOf(NEW, 2031).version == 0


@pytest.mark.parametrize("caller", ["admin", "statutory", "registrar", "issuer", "outsider", "cash_issuer"])
def test_publish__by_anybody_else__reverts(world: World, caller: str) -> None:
    sender = getattr(world, caller)

    with world.refuses("AccessManagedUnauthorized", sender):
        world.calendar.publish(NEW, 2030, 1, 0, sender=sender)


def test_publish__no_market__reverts(world: World) -> None:
    with world.refuses("CalendarMarketInvalid", b"\0" * 8):
        world.publish(2030, 1, b"\0" * 8)


@pytest.mark.parametrize(("year", "valid"), [(0, 0), (1969, 0), (1970, 1), (2400, 1), (2401, 0), (65535, 0)])
def test_publish__years__from_1970_to_2400(world: World, year: int, valid: int) -> None:
    if valid:
        world.publish(year, 1, NEW)
    else:
        with world.refuses("CalendarYearInvalid", year):
            world.publish(year, 1, NEW)


@pytest.mark.parametrize(
    ("year", "days"),
    [(2019, 365), (2020, 366), (2100, 365), (2000, 366), (2200, 365), (2400, 366)],
)
def test_publish__last_day_of_a_year__is_the_last_bit(world: World, year: int, days: int) -> None:
    """Leap years, and the centuries that are none."""
    world.publish(year, 1 << (days - 1), NEW)

    with world.refuses("CalendarYearInvalid", year):
        world.publish(year, 1 << days, NEW + b"" if NEW else NEW)
    assert world.calendar.isBusinessDay(NEW, day_of(date(year, 12, 31)))
    assert not world.calendar.isBusinessDay(NEW, day_of(date(year, 12, 30)))


def test_publish__no_business_day__reverts(world: World) -> None:
    with world.refuses("CalendarYearInvalid", 2030):
        world.publish(2030, 0, NEW)


def test_publish__top_bit_of_the_high_word__reverts(world: World) -> None:
    with world.refuses("CalendarYearInvalid", 2030):
        world.calendar.publish(NEW, 2030, 1, 1 << 111, sender=world.operator)


def test_publish__a_past_year_for_the_first_time__is_taken(world: World) -> None:
    world.publish(1999, year_bits(1999), NEW)

    assert world.calendar.isBusinessDay(NEW, day_of(date(1999, 1, 1)))


@pytest.mark.parametrize("day", [1, 100, 255, 256, 257, 300, 364, 365])
def test_publish__a_change_of_one_day__only_when_it_is_still_to_come(world: World, day: int) -> None:
    """Bit by bit: yesterday, today and tomorrow of a leap year, also around the word's end."""
    bits = china_calendar()[2020]
    start = at("2020-01-01T00:00:00")
    # The first moment at which the day has begun in UTC+14.
    begins = start + day * DAY - 14 * 3600
    world.evm.warp(begins - 1)
    world.publish(2020, bits ^ 1 << day)
    world.publish(2020, bits)
    world.evm.warp(begins)

    with world.refuses("CalendarDayPast", MARKET, day_of(date(2020, 1, 1)) + day):
        world.publish(2020, bits ^ 1 << day)
    with world.refuses("CalendarDayPast", MARKET, day_of(date(2020, 1, 1)) + day):
        world.publish(2020, bits ^ 1 << (day - 1))
    with world.refuses("CalendarDayPast", MARKET, day_of(date(2020, 1, 1)) + day):
        world.publish(2020, bits ^ 1)
    if day < 365:
        world.publish(2020, bits ^ 1 << (day + 1))
        assert world.calendar.yearOf(MARKET, 2020).version == 4


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    year=st.integers(2019, 2026),
    seconds=st.integers(0, 8 * 366 * DAY),
    flips=st.sets(st.integers(0, 364), max_size=4),
)
def test_publish__any_change_at_any_time__refused_just_if_a_day_has_begun(
    world: World, year: int, seconds: int, flips: set[int]
) -> None:
    """Against a model that looks at one day after the other."""
    bits = china_calendar()[year]
    changed = bits
    for flip in flips:
        changed ^= 1 << flip

    with world.sandbox():
        world.evm.warp(world.evm.now + seconds)
        today = EPOCH + timedelta(seconds=world.evm.now + 14 * 3600)
        begun = any(date(year, 1, 1) + timedelta(days=flip) <= today for flip in flips)
        found = refused(lambda: world.publish(year, changed))
        assert found == ("CalendarDayPast" if begun else "")


def test_publish__the_same_again__raises_the_version(world: World) -> None:
    world.evm.warp(at("2026-12-31T23:00:00"))

    made = world.publish(2019, china_calendar()[2019])

    assert made.only("YearPublished").version == 2


def test_publish__the_end_of_the_year_has_passed__nothing_can_change(world: World) -> None:
    world.evm.warp(at("2022-01-01T00:00:00"))
    for day in (0, 255, 256, 364):
        found = refused(lambda day=day: world.publish(2020, china_calendar()[2020] ^ 1 << day))  # type: ignore[misc]
        assert found == "CalendarDayPast"
