"""isBusinessDay, roll, businessDaysBefore

├── a day that is needed lies in a year that is not published -> CalendarYearNotPublished
└── else -> as a model says that walks over dates
"""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import (
    FOLLOWING,
    MARKET,
    MODIFIED_FOLLOWING,
    MODIFIED_PRECEDING,
    PRECEDING,
    UNADJUSTED,
    Market,
    china_calendar,
    date_of,
    day_of,
    year_bits,
)
from tests.evm.chain import reverts
from tests.evm.world import World

pytestmark = pytest.mark.unit

DAYS = st.dates(date(2019, 3, 1), date(2026, 10, 31))
MODEL = Market(china_calendar())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=DAYS, convention=st.integers(0, 4), count=st.integers(0, 10))
def test_roll_and_before__any_day__as_the_model_says(
    world: World, day: date, convention: int, count: int
) -> None:
    rolled = world.calendar.roll(MARKET, day_of(day), convention)

    assert world.calendar.isBusinessDay(MARKET, day_of(day)) == MODEL.is_open(day)
    assert date_of(rolled) == MODEL.roll(day, convention)
    before = world.calendar.businessDaysBefore(MARKET, day_of(day), count)
    assert date_of(before) == MODEL.before(day, count)


@pytest.mark.parametrize(
    ("day", "convention", "expected"),
    [
        ("2020-10-01", FOLLOWING, "2020-10-09"),  # National Day and Mid-Autumn
        ("2020-10-01", PRECEDING, "2020-09-30"),
        ("2020-10-01", MODIFIED_PRECEDING, "2020-10-09"),
        ("2020-01-31", FOLLOWING, "2020-02-03"),
        ("2020-01-31", MODIFIED_FOLLOWING, "2020-01-23"),
        ("2020-05-31", MODIFIED_FOLLOWING, "2020-05-29"),
        ("2020-05-31", UNADJUSTED, "2020-05-31"),
        ("2020-02-29", FOLLOWING, "2020-03-02"),
        ("2020-02-29", MODIFIED_FOLLOWING, "2020-02-28"),
        ("2019-09-29", FOLLOWING, "2019-09-29"),  # a Sunday on which people worked
    ],
)
def test_roll__known_days__as_the_market_had_them(
    world: World, day: str, convention: int, expected: str
) -> None:
    rolled = world.calendar.roll(MARKET, day_of(date.fromisoformat(day)), convention)

    assert date_of(rolled).isoformat() == expected


def test_is_business_day__last_days_of_a_leap_year__are_in_the_high_word(world: World) -> None:
    market = b"TEST\0\0\0\0"
    world.publish(2024, year_bits(2024), market)

    for day in (date(2024, 9, 12), date(2024, 9, 13), date(2024, 9, 14), date(2024, 12, 31)):
        assert world.calendar.isBusinessDay(market, day_of(day)) == (day.isoweekday() < 6)


def test_roll__unpublished_year__reverts(world: World) -> None:
    day = day_of(date(2027, 1, 4))

    with reverts("CalendarYearNotPublished", MARKET, 2027):
        world.calendar.isBusinessDay(MARKET, day)
    with reverts("CalendarYearNotPublished", MARKET, 2027):
        world.calendar.roll(MARKET, day, FOLLOWING)
    with reverts("CalendarYearNotPublished", b"NONE\0\0\0\0", 2020):
        world.calendar.isBusinessDay(b"NONE\0\0\0\0", day_of(date(2020, 1, 2)))
    assert world.calendar.roll(MARKET, day, UNADJUSTED) == day


def test_roll__over_the_end_of_what_is_published__reverts(world: World) -> None:
    """A date that cannot be known is not guessed."""
    market = b"TEST\0\0\0\0"
    world.publish(2027, year_bits(2027, closed=[date(2027, 12, 31)]), market)
    last = day_of(date(2027, 12, 31))

    with reverts("CalendarYearNotPublished", market, 2028):
        world.calendar.roll(market, last, FOLLOWING)
    assert date_of(world.calendar.roll(market, last, PRECEDING)) == date(2027, 12, 30)


def test_business_days_before__into_an_unpublished_year__reverts(world: World) -> None:
    with reverts("CalendarYearNotPublished", MARKET, 2018):
        world.calendar.businessDaysBefore(MARKET, day_of(date(2019, 1, 2)), 1)
    assert world.calendar.businessDaysBefore(MARKET, day_of(date(2019, 1, 2)), 0) == day_of(date(2019, 1, 2))
