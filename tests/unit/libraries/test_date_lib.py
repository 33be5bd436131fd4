"""DateLib: shared vectors, and the Python calendar on any day."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture import dates

pytestmark = pytest.mark.unit

LAST_DAY = dates.to_day_number(date.max)
LAST_UINT24 = 2**24 - 1
DAYS = st.integers(0, LAST_DAY)


def test_civil_dates__vectors__both_ways(libraries: Any, vectors: Any) -> None:
    for row in vectors("dates")["civil"]:
        day = date.fromisoformat(row["date"])

        assert libraries.toCivil(row["day"]) == (day.year, day.month, day.day)
        assert libraries.toDay(day.year, day.month, day.day) == row["day"]
        assert libraries.yearAndDayOfYear(row["day"]) == (day.year, row["day_of_year"])
        assert libraries.monthOf(row["day"]) == day.month


def test_add_months__vectors__clamped_to_the_month(libraries: Any, vectors: Any) -> None:
    for row in vectors("dates")["add_months"]:
        anchor, result = (dates.to_day_number(date.fromisoformat(row[name])) for name in ("anchor", "result"))

        assert libraries.addMonths(anchor, row["months"]) == result


def test_add_months__vectors_of_month_ends__last_days(libraries: Any, vectors: Any) -> None:
    for row in vectors("dates")["add_months_to_month_ends"]:
        anchor, result = (dates.to_day_number(date.fromisoformat(row[name])) for name in ("anchor", "result"))

        assert libraries.monthEnd(libraries.addMonths(anchor, row["months"])) == result


def test_month_end__vectors__last_day(libraries: Any, vectors: Any) -> None:
    for row in vectors("dates")["month_ends"]:
        day, end = (dates.to_day_number(date.fromisoformat(row[name])) for name in ("date", "end"))

        assert libraries.monthEnd(day) == end


def test_to_day__not_a_date__reverts(libraries: Any, vectors: Any, reverted: Any) -> None:
    for parts in vectors("dates")["not_dates"]:
        with pytest.raises(reverted) as caught:
            libraries.toDay(*parts)

        assert (caught.value.name, caught.value.arguments) == ("DateInvalid", tuple(parts))


@given(DAYS)
def test_to_civil__any_day__as_python(libraries: Any, day: int) -> None:
    expected = dates.from_day_number(day)

    assert libraries.toCivil(day) == (expected.year, expected.month, expected.day)
    assert libraries.toDay(expected.year, expected.month, expected.day) == day
    assert libraries.yearAndDayOfYear(day) == (expected.year, expected.timetuple().tm_yday - 1)


@given(DAYS, st.integers(-2400, 2400))
def test_add_months__any_anchor__as_python(libraries: Any, day: int, months: int) -> None:
    anchor = dates.from_day_number(day)

    if 1970 * 12 < anchor.year * 12 + anchor.month + months <= 9999 * 12:
        assert libraries.addMonths(day, months) == dates.to_day_number(dates.add_months(anchor, months))


@pytest.mark.parametrize(("anchor", "months"), [(date(1970, 1, 31), -1), (date(2020, 5, 5), -605)])
def test_add_months__before_1970__reverts(libraries: Any, reverted: Any, anchor: date, months: int) -> None:
    with pytest.raises(reverted) as caught:
        libraries.addMonths(dates.to_day_number(anchor), months)

    assert caught.value.name == "DateYearOutOfRange"


@given(DAYS, st.integers(-4000, 4000))
def test_add_days__any_day__as_numbers(libraries: Any, day: int, count: int) -> None:
    if 0 <= day + count <= LAST_DAY:
        assert libraries.addDays(day, count) == day + count


@pytest.mark.parametrize(("day", "count"), [(0, -1), (LAST_DAY, 1), (5, -(2**200)), (5, 2**200)])
def test_add_days__outside_the_calendar__reverts(libraries: Any, reverted: Any, day: int, count: int) -> None:
    with pytest.raises(reverted) as caught:
        libraries.addDays(day, count)

    assert caught.value.name == "DateYearOutOfRange"


@pytest.mark.parametrize(
    ("anchor", "months", "year"), [(date(9999, 12, 1), 1, 10_000), (date(2020, 1, 31), 12 * 8000, 10_020)]
)
def test_add_months__past_year_9999__reverts(
    libraries: Any, reverted: Any, anchor: date, months: int, year: int
) -> None:
    with pytest.raises(reverted) as caught:
        libraries.addMonths(dates.to_day_number(anchor), months)

    assert (caught.value.name, caught.value.arguments) == ("DateYearOutOfRange", (year,))


def test_add_months__absurd_number__reverts(libraries: Any, reverted: Any) -> None:
    with pytest.raises(reverted) as caught:
        libraries.addMonths(0, 2**255 - 1)

    assert (caught.value.name, caught.value.arguments) == ("Panic", ("overflow",))


def test_to_civil__last_uint24__does_not_overflow(libraries: Any) -> None:
    assert libraries.toCivil(LAST_UINT24) == (47904, 6, 16)
    assert libraries.yearAndDayOfYear(LAST_UINT24) == (47904, 167)


@pytest.mark.parametrize("year", [1970, 2000, 2024, 2026, 2100, 9999])
def test_year_start__and_lengths__as_python(libraries: Any, year: int) -> None:
    days = (date(year, 12, 31) - date(year, 1, 1)).days + 1

    assert libraries.yearStart(year) == dates.to_day_number(date(year, 1, 1))
    assert libraries.isLeapYear(year) == (days == 366)
    assert sum(libraries.daysInMonth(year, month) for month in range(1, 13)) == days


@pytest.mark.parametrize("year", [0, 1969, 10_000, 2**256 - 1])
def test_year_start__outside_the_calendar__reverts(libraries: Any, reverted: Any, year: int) -> None:
    with pytest.raises(reverted) as caught:
        libraries.yearStart(year)

    assert (caught.value.name, caught.value.arguments) == ("DateInvalid", (year, 1, 1))
