"""Days, months and instants."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture import dates
from indenture.errors import InvalidDate

pytestmark = pytest.mark.unit

DAYS = st.dates(min_value=date(1970, 1, 1))
#: QuantLib counts from 1901 to 2199; fifty years on both sides stay inside.
QUANTLIB_DAYS = st.dates(date(1952, 1, 1), date(2148, 12, 31))


def test_day_number__vectors__as_the_gregorian_calendar_says(vectors: Any) -> None:
    for row in vectors("dates")["civil"]:
        assert dates.to_day_number(date.fromisoformat(row["date"])) == row["day"]
        assert dates.from_day_number(row["day"]).isoformat() == row["date"]


def test_add_months__vectors__as_quantlib(vectors: Any) -> None:
    for row in vectors("dates")["add_months"]:
        result = dates.add_months(date.fromisoformat(row["anchor"]), row["months"])

        assert result.isoformat() == row["result"]


def test_add_months__end_of_month_vectors__as_quantlib(vectors: Any) -> None:
    for row in vectors("dates")["add_months_to_month_ends"]:
        anchor = date.fromisoformat(row["anchor"])

        assert dates.add_months(anchor, row["months"], end_of_month=True).isoformat() == row["result"]


def test_is_end_of_month__vectors__as_the_gregorian_calendar_says(vectors: Any) -> None:
    for row in vectors("dates")["month_ends"]:
        assert dates.is_end_of_month(date.fromisoformat(row["date"])) == (row["date"] == row["end"])
        assert dates.is_end_of_month(date.fromisoformat(row["end"]))


@settings(max_examples=2000, deadline=None)
@given(QUANTLIB_DAYS, st.integers(-600, 600), st.booleans())
def test_add_months__any_anchor__as_quantlib(anchor: date, months: int, end_of_month: bool) -> None:
    expected = ql.Date(anchor.day, anchor.month, anchor.year) + ql.Period(months, ql.Months)
    if end_of_month:
        expected = ql.Date.endOfMonth(expected)

    result = dates.add_months(anchor, months, end_of_month=end_of_month)

    assert (result.year, result.month, result.day) == (
        expected.year(),
        expected.month(),
        expected.dayOfMonth(),
    )


@given(DAYS)
def test_day_number__any_day__goes_round(day: Any) -> None:
    assert dates.from_day_number(dates.to_day_number(day)) == day


@pytest.mark.parametrize("day", [date(1969, 12, 31), datetime(2020, 1, 1, tzinfo=UTC), "2020-01-01"])
def test_to_day_number__no_day_of_a_chain__refused(day: Any) -> None:
    with pytest.raises(InvalidDate):
        dates.to_day_number(day)


@pytest.mark.parametrize("number", [-1, 2_932_897, 10**30])
def test_from_day_number__outside_the_calendar__refused(number: int) -> None:
    with pytest.raises(InvalidDate):
        dates.from_day_number(number)


@given(st.integers(0, 253_402_300_799))
def test_timestamp__any_second__goes_round(seconds: int) -> None:
    assert dates.to_timestamp(dates.from_timestamp(seconds)) == seconds


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2020, 1, 1),  # noqa: DTZ001
        datetime(2020, 1, 1, microsecond=1, tzinfo=UTC),
        datetime(1969, 12, 31, tzinfo=UTC),
    ],
)
def test_to_timestamp__naive_fractional_or_too_early__refused(instant: Any) -> None:
    with pytest.raises(InvalidDate):
        dates.to_timestamp(instant)


@pytest.mark.parametrize("seconds", [-1, 10**12])
def test_from_timestamp__outside_the_calendar__refused(seconds: int) -> None:
    with pytest.raises(InvalidDate):
        dates.from_timestamp(seconds)


@pytest.mark.parametrize(("anchor", "months"), [(date(9999, 12, 1), 1), (date(1, 1, 31), -1)])
def test_add_months__outside_the_years_of_python__refused(anchor: date, months: int) -> None:
    with pytest.raises(InvalidDate):
        dates.add_months(anchor, months)


def test_instant__cut_off_in_china__is_nine_utc() -> None:
    instant = dates.instant(date(2020, 12, 4), 17 * 3600, 480)

    assert instant == datetime(2020, 12, 4, 9, tzinfo=UTC)
    assert instant == datetime(2020, 12, 4, 17, tzinfo=timezone(timedelta(hours=8)))


def test_instant__end_of_day__is_the_next_midnight() -> None:
    assert dates.instant(date(2020, 12, 4), 86_400, 0) == datetime(2020, 12, 5, tzinfo=UTC)


@given(DAYS, st.integers(0, 86_399), st.integers(-840, 840))
def test_civil_day__of_an_instant__is_the_day_it_came_from(day: Any, seconds: int, offset: int) -> None:
    if date(1970, 1, 2) <= day <= date(9999, 12, 29):
        assert dates.civil_day(dates.instant(day, seconds, offset), offset) == day


@pytest.mark.parametrize(("seconds", "offset"), [(-1, 0), (86_401, 0), (0, 841), (0, -841)])
def test_instant__out_of_range__refused(seconds: int, offset: int) -> None:
    with pytest.raises(InvalidDate):
        dates.instant(date(2020, 1, 1), seconds, offset)


def test_civil_day__naive__refused() -> None:
    with pytest.raises(InvalidDate):
        dates.civil_day(datetime(2020, 1, 1), 0)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "minutes"), [("+08:00", 480), ("-03:30", -210), ("+00:00", 0), ("+14:00", 840)]
)
def test_offset__text__goes_round(text: str, minutes: int) -> None:
    assert dates.parse_offset(text) == minutes
    assert dates.format_offset(minutes) == text


@pytest.mark.parametrize("text", ["08:00", "+8:00", "+08", "+08:60", "+15:00", "Asia/Shanghai", "+０8:00"])
def test_parse_offset__malformed__refused(text: str) -> None:
    with pytest.raises(InvalidDate):
        dates.parse_offset(text)


@pytest.mark.parametrize(("text", "seconds"), [("00:00", 0), ("17:00", 61_200), ("24:00", 86_400)])
def test_parse_clock__time_of_day__seconds(text: str, seconds: int) -> None:
    assert dates.parse_clock(text) == seconds


@pytest.mark.parametrize("text", ["17", "5:00", "17:60", "24:01", "17:00:00", ""])
def test_parse_clock__malformed__refused(text: str) -> None:
    with pytest.raises(InvalidDate):
        dates.parse_clock(text)
