"""Day counts: shared vectors, MARKET's published values, and QuantLib on any dates."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given
from hypothesis import strategies as st

from indenture.dates import add_months
from indenture.daycount import DayCount, year_fraction
from indenture.errors import InvalidDate

pytestmark = pytest.mark.unit

#: QuantLib counts from 1901 to 2199.
DAYS = st.dates(date(1970, 1, 1), date(2150, 1, 1))
COUNTERS = {
    DayCount.ACT_360: ql.Actual360(),
    DayCount.ACT_365F: ql.Actual365Fixed(),
    DayCount.THIRTY_360: ql.Thirty360(ql.Thirty360.BondBasis),
    DayCount.THIRTY_E_360: ql.Thirty360(ql.Thirty360.EurobondBasis),
}
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
        )

        assert fraction == Fraction(row["numerator"], row["denominator"]), row


@pytest.mark.parametrize(
    ("convention", "start", "end", "value"),
    [
        (DayCount.ACT_360, date(2022, 2, 23), date(2023, 2, 23), 1.0138888889),
        (DayCount.ACT_365F, date(2022, 2, 23), date(2026, 2, 23), 4.002739726),
        (DayCount.THIRTY_360, date(2022, 8, 31), date(2023, 2, 28), 0.4944444444),
    ],
)
def test_year_fraction__published_values__as_published(
    convention: DayCount, start: date, end: date, value: Any
) -> None:
    assert float(year_fraction(convention, start, end)) == pytest.approx(value, abs=5e-10)


@given(st.sampled_from(sorted(COUNTERS)), DAYS, DAYS)
def test_year_fraction__any_dates__as_quantlib(convention: DayCount, one: date, other: date) -> None:
    start, end = sorted((one, other))

    expected = COUNTERS[convention].yearFraction(to_ql(start), to_ql(end))

    assert float(year_fraction(convention, start, end)) == pytest.approx(expected, abs=TOLERANCE)


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


@given(DAYS, DAYS, st.sampled_from(DayCount))
def test_year_fraction__any_dates__never_negative(one: date, other: date, convention: DayCount) -> None:
    start, end = sorted((one, other))

    if start < end:
        assert year_fraction(convention, start, end) >= 0


@pytest.mark.parametrize("convention", DayCount)
def test_year_fraction__end_before_start__refused(convention: DayCount) -> None:
    with pytest.raises(InvalidDate):
        year_fraction(convention, date(2020, 1, 2), date(2020, 1, 1))


@pytest.mark.parametrize("months", [0, 5, 7, 24, -12])
def test_year_fraction__icma_period_that_does_not_divide_a_year__refused(months: int) -> None:
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
