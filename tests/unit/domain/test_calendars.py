"""Working days: the package's data against QuantLib, bitmaps, and rolling."""

from datetime import date, timedelta
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.calendars import Calendar, Convention, available_calendars, join, joint_code, load_calendar
from indenture.errors import CalendarYearMissing, InputError, InvalidDate

pytestmark = pytest.mark.unit

CHINA = load_calendar("CN-IB")
EUROPE = load_calendar("T2")
MARKET = ql.China(ql.China.IB)
#: Far enough inside the published years that no roll leaves them.
INNER_DAYS = st.dates(date(2019, 3, 1), date(2026, 11, 1))
ROLLS = {
    Convention.UNADJUSTED: ql.Unadjusted,
    Convention.FOLLOWING: ql.Following,
    Convention.MODIFIED_FOLLOWING: ql.ModifiedFollowing,
    Convention.PRECEDING: ql.Preceding,
    Convention.MODIFIED_PRECEDING: ql.ModifiedPreceding,
}


def test_load_calendar__china_interbank__has_its_published_years() -> None:
    assert available_calendars() == ("CN-IB", "T2")
    assert CHINA.code == "CN-IB"
    assert sorted(CHINA.years) == list(range(2019, 2027))
    assert "QuantLib" in CHINA.source


def test_load_calendar__unknown__says_which_are_known() -> None:
    with pytest.raises(InputError) as caught:
        load_calendar("XX")

    assert "CN-IB" in caught.value.hint


def test_load_calendar__t2__is_quantlibs_target(to_quantlib: Any) -> None:
    day = date(2019, 1, 1)
    while day.year < 2029:
        assert EUROPE.is_business_day(day) == ql.TARGET().isBusinessDay(to_quantlib(day)), day
        day += timedelta(days=1)

    assert sorted(EUROPE.years) == list(range(2019, 2029))


def test_is_business_day__every_published_day__as_quantlib(to_quantlib: Any) -> None:
    day = date(2019, 1, 1)
    while day.year < 2027:
        assert CHINA.is_business_day(day) == MARKET.isBusinessDay(to_quantlib(day)), day
        day += timedelta(days=1)


def test_is_business_day__sunday_worked_for_a_holiday__is_one() -> None:
    """A coupon due on 2 January 2026 is paid on Sunday the 4th."""
    assert date(2026, 1, 4).isoweekday() == 7
    assert CHINA.is_business_day(date(2026, 1, 4))
    assert CHINA.roll(date(2026, 1, 2), Convention.FOLLOWING) == date(2026, 1, 4)


@pytest.mark.parametrize("year", [2018, 2027])
def test_any_question__year_not_published__refused_with_the_year(year: int) -> None:
    for ask in (
        lambda: CHINA.bitmap(year),
        lambda: CHINA.is_business_day(date(year, 6, 1)),
        lambda: CHINA.roll(date(year, 6, 1), Convention.FOLLOWING),
    ):
        with pytest.raises(CalendarYearMissing) as caught:
            ask()
        assert (caught.value.calendar, caught.value.year) == ("CN-IB", year)


def test_bitmap__day_of_year__is_its_bit() -> None:
    bitmap = CHINA.bitmap(2020)

    assert bitmap.bit_length() <= 366
    for index in range(366):
        assert bool(bitmap >> index & 1) == CHINA.is_business_day(date(2020, 1, 1) + timedelta(days=index))


def test_from_bitmaps__of_a_calendar__is_the_same_calendar() -> None:
    copy = Calendar.from_bitmaps(
        "CN-IB", {year: CHINA.bitmap(year) for year in CHINA.years}, source=CHINA.source
    )

    assert copy == CHINA


@pytest.mark.parametrize(("year", "bitmap"), [(2021, 1 << 365), (2020, 1 << 366), (2020, -1)])
def test_from_bitmaps__bit_outside_the_year__refused(year: int, bitmap: int) -> None:
    with pytest.raises(InvalidDate):
        Calendar.from_bitmaps("X", {year: bitmap})


@pytest.mark.parametrize("code", ["", "TOO-LONG-9", "ÇN"])
def test_from_bitmaps__code_does_not_fit_eight_bytes__refused(code: str) -> None:
    with pytest.raises(InputError):
        Calendar.from_bitmaps(code, {})


@given(INNER_DAYS, st.sampled_from(Convention))
def test_roll__any_day__as_quantlib(day: date, convention: Convention) -> None:
    expected = MARKET.adjust(ql.Date(day.day, day.month, day.year), ROLLS[convention])

    assert CHINA.roll(day, convention) == date(expected.year(), expected.month(), expected.dayOfMonth())


@given(INNER_DAYS, st.integers(-20, 20).filter(bool))
def test_add_business_days__any_day__as_quantlib(day: date, n: int) -> None:
    expected = MARKET.advance(ql.Date(day.day, day.month, day.year), n, ql.Days)

    assert CHINA.add_business_days(day, n) == date(expected.year(), expected.month(), expected.dayOfMonth())


def test_add_business_days__zero__is_the_day_itself() -> None:
    assert CHINA.add_business_days(date(2020, 1, 1), 0) == date(2020, 1, 1)


def test_roll__month_ends_the_published_years__modified_does_not_ask_beyond() -> None:
    """The answer lies in December, whatever January will be."""
    december = Calendar.from_bitmaps("X", {2026: 1 << 360})

    assert december.roll(date(2026, 12, 31), Convention.MODIFIED_FOLLOWING) == date(2026, 12, 27)
    with pytest.raises(CalendarYearMissing):
        december.roll(date(2026, 12, 31), Convention.FOLLOWING)


# --- Counting business days


def test_business_days_between__vectors__as_quantlib(vectors: Any) -> None:
    data = vectors("business_days")
    markets = {
        code: Calendar.from_bitmaps(code, {int(year): int(bits, 16) for year, bits in years.items()})
        for code, years in data["bitmaps"].items()
    }
    for code, parts in data["parts"].items():
        markets[code] = join(code, [markets[part] for part in parts])
    for row in data["between"]:
        start, end = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])

        assert markets[row["market"]].business_days_between(start, end) == row["days"], row


@settings(max_examples=1000, deadline=None)
@given(st.dates(date(2019, 1, 1), date(2026, 12, 31)), st.dates(date(2019, 1, 1), date(2026, 12, 31)))
def test_business_days_between__any_days__as_quantlib(one: date, other: date) -> None:
    start, end = sorted((one, other))

    expected = MARKET.businessDaysBetween(
        ql.Date(start.day, start.month, start.year), ql.Date(end.day, end.month, end.year)
    )

    assert CHINA.business_days_between(start, end) == expected


def test_business_days_between__to_the_first_day_of_a_year_not_published__counts() -> None:
    assert CHINA.business_days_between(date(2026, 12, 31), date(2027, 1, 1)) == 1
    assert CHINA.business_days_between(date(2027, 1, 1), date(2027, 1, 1)) == 0


def test_business_days_between__into_a_year_not_published__refused() -> None:
    with pytest.raises(CalendarYearMissing):
        CHINA.business_days_between(date(2026, 12, 31), date(2027, 1, 2))


def test_business_days_between__end_before_start__refused() -> None:
    with pytest.raises(InvalidDate):
        CHINA.business_days_between(date(2026, 1, 2), date(2026, 1, 1))


# --- Joint calendars


def test_join__two_markets__business_days_are_those_of_both() -> None:
    joint = join("BOTH", [CHINA, EUROPE])
    market = ql.JointCalendar(ql.China(ql.China.IB), ql.TARGET(), ql.JoinHolidays)

    day = date(2019, 1, 1)
    while day.year < 2027:
        assert joint.is_business_day(day) == market.isBusinessDay(ql.Date(day.day, day.month, day.year)), day
        day += timedelta(days=1)
    assert (joint.code, joint.parts) == ("BOTH", ("CN-IB", "T2"))


def test_join__years__are_those_published_by_all() -> None:
    joint = join("BOTH", [CHINA, EUROPE])

    assert sorted(joint.years) == list(range(2019, 2027))
    with pytest.raises(CalendarYearMissing) as caught:
        joint.is_business_day(date(2027, 1, 4))
    assert (caught.value.calendar, caught.value.year) == ("BOTH", 2027)


def test_join__version__moves_with_every_part() -> None:
    older, newer = (Calendar.from_bitmaps("X", {2026: 1}, version=version) for version in (1, 4))

    assert join("J", [older, Calendar.from_bitmaps("Y", {}, version=2)]).version == 3
    assert join("J", [newer, Calendar.from_bitmaps("Y", {}, version=2)]).version == 6


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([], "0 calendars cannot be joined"),
        ([CHINA], "1 calendars cannot be joined"),
        ([CHINA, CHINA], "calendars CN-IB, CN-IB name one twice"),
        ([Calendar.from_bitmaps(code, {}) for code in "ABCDE"], "5 calendars cannot be joined"),
        ([CHINA, join("BOTH", [CHINA, EUROPE])], "calendar BOTH is itself the joint one of CN-IB, T2"),
    ],
)
def test_join__no_such_parts__refused(parts: list[Calendar], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        join("J", parts)


def test_joint_code__short_names__are_in_it() -> None:
    assert joint_code(["T2", "CN-IB"]) == joint_code(["CN-IB", "T2"]) == "CN-IB+T2"


def test_joint_code__long_names__are_hashed() -> None:
    code = joint_code(["CN-IB", "JP-TKY"])

    assert code == joint_code(["JP-TKY", "CN-IB"])
    assert len(code) == 8
    assert code.startswith("+")
    assert code != joint_code(["CN-IB", "JP-OSA"])


def test_load_calendar__joint_code__is_the_joint_calendar() -> None:
    assert load_calendar("CN-IB+T2") == join("CN-IB+T2", [CHINA, EUROPE])


@pytest.mark.parametrize("convention", Convention)
def test_convention__label__goes_round(convention: Convention) -> None:
    assert Convention.from_label(convention.label) is convention
