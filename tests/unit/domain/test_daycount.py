"""Day counts: shared vectors, MARKET's published values, and QuantLib on any dates."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.calendars import load_calendar
from indenture.dates import add_months
from indenture.daycount import DayCount, year_fraction
from indenture.errors import CalendarYearMissing, InputError, InvalidDate

pytestmark = pytest.mark.unit

#: QuantLib counts from 1901 to 2199.
DAYS = st.dates(date(1970, 1, 1), date(2150, 1, 1))
COUNTERS = {
    DayCount.ACT_360: ql.Actual360(),
    DayCount.ACT_365F: ql.Actual365Fixed(),
    DayCount.THIRTY_360: ql.Thirty360(ql.Thirty360.BondBasis),
    DayCount.THIRTY_E_360: ql.Thirty360(ql.Thirty360.EurobondBasis),
    DayCount.ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
    DayCount.NL_365: ql.Actual365Fixed(ql.Actual365Fixed.NoLeap),
    DayCount.THIRTY_360_US: ql.Thirty360(ql.Thirty360.USA),
}
#: Conventions that need no grid and no calendar.
PLAIN = [*COUNTERS, DayCount.THIRTY_E_360_ISDA]
CHINA = load_calendar("CN-IB")
#: Floating QuantLib against exact fractions.
TOLERANCE = 1e-12


def to_ql(day: date) -> ql.Date:
    return ql.Date(day.day, day.month, day.year)


def test_year_fraction__vectors__exact(vectors: Any) -> None:
    for row in vectors("day_counts")["fractions"]:
        fraction = year_fraction(
            DayCount[row["convention"]],
            date.fromisoformat(row["start"]),
            date.fromisoformat(row["end"]),
            months_per_period=row["months_per_period"],
            ref_start=date.fromisoformat(row["ref_start"]),
            ref_end=date.fromisoformat(row["ref_end"]),
            termination=date.fromisoformat(row["maturity"]),
        )

        assert fraction == Fraction(row["numerator"], row["denominator"]), row


@pytest.mark.parametrize(
    ("convention", "start", "end", "value"),
    [
        (DayCount.ACT_360, date(2022, 2, 23), date(2023, 2, 23), 1.0138888889),
        (DayCount.ACT_365F, date(2022, 2, 23), date(2026, 2, 23), 4.002739726),
        (DayCount.THIRTY_360, date(2022, 8, 31), date(2023, 2, 28), 0.4944444444),
        (DayCount.THIRTY_E_360_ISDA, date(2022, 8, 31), date(2023, 2, 28), 0.5),
    ],
)
def test_year_fraction__published_values__as_published(
    convention: DayCount, start: date, end: date, value: Any
) -> None:
    assert float(year_fraction(convention, start, end)) == pytest.approx(value, abs=5e-10)


@settings(max_examples=2000, deadline=None)
@given(st.sampled_from(sorted(COUNTERS)), DAYS, DAYS)
def test_year_fraction__any_dates__as_quantlib(convention: DayCount, one: date, other: date) -> None:
    start, end = sorted((one, other))

    expected = COUNTERS[convention].yearFraction(to_ql(start), to_ql(end))

    assert float(year_fraction(convention, start, end)) == pytest.approx(expected, abs=TOLERANCE)


@st.composite
def near_month_ends(draw: st.DrawFn) -> date:
    """Days where the thirty-day conventions differ: around the ends of months, of February above all."""
    year = draw(st.integers(1970, 2150))
    month = draw(st.sampled_from([1, 2, 2, 2, 3, 4, 8, 12]))
    first = date(year + month // 12, month % 12 + 1, 1)
    return first + timedelta(days=draw(st.integers(-4, 1)))


@settings(max_examples=2000, deadline=None)
@given(st.sampled_from(sorted(COUNTERS)), near_month_ends(), near_month_ends())
def test_year_fraction__ends_of_months__as_quantlib(convention: DayCount, one: date, other: date) -> None:
    start, end = sorted((one, other))

    expected = COUNTERS[convention].yearFraction(to_ql(start), to_ql(end))

    assert float(year_fraction(convention, start, end)) == pytest.approx(expected, abs=TOLERANCE)


@settings(max_examples=2000, deadline=None)
@given(near_month_ends(), near_month_ends(), st.one_of(st.none(), near_month_ends()))
def test_year_fraction__thirty_e_360_isda__as_quantlib(one: date, other: date, maturity: date | None) -> None:
    """At the end of a stretch, ``maturity`` None; else anywhere."""
    start, end = sorted((one, other))
    termination = maturity or end
    counter = ql.Thirty360(ql.Thirty360.ISDA, to_ql(termination))

    fraction = year_fraction(DayCount.THIRTY_E_360_ISDA, start, end, termination=termination)

    if start == end:
        # QuantLib counts two days back from the end of February, a 30th, to the same day as maturity, a 28th.
        assert fraction == 0
    else:
        assert float(fraction) == pytest.approx(counter.yearFraction(to_ql(start), to_ql(end)), abs=TOLERANCE)


def test_year_fraction__thirty_e_360_isda_at_the_end_of_february__only_maturity_is_no_30th() -> None:
    february, august = date(2023, 2, 28), date(2022, 8, 31)

    def count(termination: date | None) -> Fraction:
        return year_fraction(DayCount.THIRTY_E_360_ISDA, august, february, termination=termination)

    assert (count(None), count(date(2030, 1, 1)), count(february)) == (
        Fraction(1, 2),
        Fraction(1, 2),
        Fraction(178, 360),
    )
    start = year_fraction(DayCount.THIRTY_E_360_ISDA, february, date(2023, 3, 31), termination=february)
    assert start == Fraction(30, 360)


@settings(max_examples=1000, deadline=None)
@given(st.dates(date(2019, 1, 1), date(2026, 12, 31)), st.dates(date(2019, 1, 1), date(2026, 12, 31)))
def test_year_fraction__bus_252__as_quantlib(one: date, other: date) -> None:
    start, end = sorted((one, other))
    counter = ql.Business252(ql.China(ql.China.IB))

    fraction = year_fraction(DayCount.BUS_252, start, end, calendar=CHINA)

    assert fraction.denominator in {d for d in range(1, 253) if 252 % d == 0}
    assert float(fraction) == pytest.approx(counter.yearFraction(to_ql(start), to_ql(end)), abs=TOLERANCE)


def test_year_fraction__bus_252_without_a_calendar__refused() -> None:
    with pytest.raises(InputError, match="BUS/252 counts business days of a calendar"):
        year_fraction(DayCount.BUS_252, date(2024, 1, 1), date(2024, 2, 1))


def test_year_fraction__bus_252_in_a_year_not_published__refused() -> None:
    with pytest.raises(CalendarYearMissing):
        year_fraction(DayCount.BUS_252, date(2026, 12, 1), date(2027, 2, 1), calendar=CHINA)


@given(DAYS, DAYS, DAYS)
def test_year_fraction__conventions_of_real_days__add_up(one: date, two: date, three: date) -> None:
    start, middle, end = sorted((one, two, three))

    for convention in (DayCount.ACT_360, DayCount.ACT_365F, DayCount.ACT_ACT_ISDA, DayCount.NL_365):
        parts = year_fraction(convention, start, middle) + year_fraction(convention, middle, end)
        assert parts == year_fraction(convention, start, end)


@given(st.integers(1970, 2150), st.integers(1, 30))
def test_year_fraction__whole_calendar_years__are_whole(year: int, years: int) -> None:
    start, end = date(year, 1, 1), date(year + years, 1, 1)

    for convention in (DayCount.ACT_ACT_ISDA, DayCount.NL_365, DayCount.THIRTY_360_US):
        assert year_fraction(convention, start, end) == years


@given(DAYS, st.sampled_from([1, 2, 3, 4, 6, 12]), st.integers(0, 366))
def test_year_fraction__icma_within_a_period__as_quantlib(start: date, months: int, days: int) -> None:
    end = add_months(start, months)
    on = min(date.fromordinal(start.toordinal() + days), end)
    icma = ql.ActualActual(ql.ActualActual.ISMA)

    fraction = year_fraction(
        DayCount.ACT_ACT_ICMA, start, on, months_per_period=months, ref_start=start, ref_end=end
    )

    # QuantLib has no months given: it estimates them from the days of the reference period.
    expected = icma.yearFraction(to_ql(start), to_ql(on), to_ql(start), to_ql(end))
    assert float(fraction) == pytest.approx(expected, abs=TOLERANCE)


@given(DAYS, st.sampled_from([1, 2, 3, 4, 6, 12]))
def test_year_fraction__icma_whole_period__is_its_share_of_the_year(start: date, months: int) -> None:
    end = add_months(start, months)

    assert year_fraction(DayCount.ACT_ACT_ICMA, start, end, months_per_period=months) == Fraction(months, 12)


@given(DAYS, DAYS, st.sampled_from(PLAIN))
def test_year_fraction__any_dates__never_negative(one: date, other: date, convention: DayCount) -> None:
    start, end = sorted((one, other))

    if start < end:
        assert year_fraction(convention, start, end) >= 0


@pytest.mark.parametrize("convention", DayCount)
def test_year_fraction__end_before_start__refused(convention: DayCount) -> None:
    with pytest.raises(InvalidDate):
        year_fraction(convention, date(2020, 1, 2), date(2020, 1, 1))


@pytest.mark.parametrize("convention", PLAIN)
def test_year_fraction__empty_stretch__is_none_of_a_year(convention: DayCount) -> None:
    for day in (date(2023, 2, 28), date(2024, 2, 29), date(2024, 1, 31)):
        assert year_fraction(convention, day, day, termination=day) == 0


@pytest.mark.parametrize("months", [0, -12])
def test_year_fraction__icma_period_of_no_months__refused(months: int) -> None:
    with pytest.raises(InvalidDate):
        year_fraction(DayCount.ACT_ACT_ICMA, date(2020, 1, 1), date(2021, 1, 1), months_per_period=months)


@pytest.mark.parametrize(
    ("start", "end"), [(date(2019, 12, 31), date(2020, 6, 1)), (date(2020, 6, 1), date(2021, 1, 2))]
)
def test_year_fraction__icma_outside_the_reference_period__refused(start: date, end: date) -> None:
    with pytest.raises(InvalidDate):
        year_fraction(DayCount.ACT_ACT_ICMA, start, end, ref_start=date(2020, 1, 1), ref_end=date(2021, 1, 1))


@pytest.mark.parametrize("convention", DayCount)
def test_day_count__label__goes_round(convention: DayCount) -> None:
    assert DayCount.from_label(convention.label) is convention
