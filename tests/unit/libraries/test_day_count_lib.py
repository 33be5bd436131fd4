"""DayCountLib: shared vectors, and the Python module on any days."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture.dates import add_months, from_day_number, to_day_number
from indenture.daycount import DayCount, year_fraction

pytestmark = pytest.mark.unit

DAYS = st.integers(0, to_day_number(date(2400, 12, 31)))


def day(text: str) -> int:
    return to_day_number(date.fromisoformat(text))


def test_year_fraction__vectors__exact(libraries: Any, vectors: Any) -> None:
    for row in vectors("day_counts")["fractions"]:
        numerator, denominator = libraries.yearFraction(
            DayCount[row["convention"]],
            day(row["start"]),
            day(row["end"]),
            row["months_per_period"],
            day(row["ref_start"]),
            day(row["ref_end"]),
        )

        assert Fraction(numerator, denominator) == Fraction(row["numerator"], row["denominator"]), row


@given(st.sampled_from([value for value in DayCount if value]), DAYS, DAYS)
def test_year_fraction__any_days__as_python(
    libraries: Any, convention: DayCount, one: int, other: int
) -> None:
    start, end = sorted((one, other))

    fraction = Fraction(*libraries.yearFraction(convention, start, end, 12, start, end))

    assert fraction == year_fraction(convention, from_day_number(start), from_day_number(end))


@given(DAYS, st.sampled_from([1, 2, 3, 4, 6, 12]), st.integers(0, 366))
def test_year_fraction__icma_within_a_period__as_python(
    libraries: Any, start: int, months: int, days: int
) -> None:
    first = from_day_number(start)
    last = add_months(first, months)
    on = min(start + days, to_day_number(last))

    numerator, denominator = libraries.yearFraction(
        DayCount.ACT_ACT_ICMA, start, on, months, start, to_day_number(last)
    )

    assert Fraction(numerator, denominator) == year_fraction(
        DayCount.ACT_ACT_ICMA,
        first,
        from_day_number(on),
        months_per_period=months,
        ref_start=first,
        ref_end=last,
    )


@given(DAYS, st.sampled_from([1, 2, 3, 4, 6, 12]))
def test_period_fraction__icma__is_one_over_the_periods_of_a_year(
    libraries: Any, start: int, months: int
) -> None:
    end = to_day_number(add_months(from_day_number(start), months))

    assert libraries.periodFraction(DayCount.ACT_ACT_ICMA, start, end, months) == (1, 12 // months)


@pytest.mark.parametrize("convention", DayCount)
def test_year_fraction__end_before_start__reverts(
    libraries: Any, reverted: Any, convention: DayCount
) -> None:
    with pytest.raises(reverted) as caught:
        libraries.yearFraction(convention, 101, 100, 12, 0, 366)

    assert (caught.value.name, caught.value.arguments) == ("DayCountRangeInvalid", (101, 100, 0, 366))


@pytest.mark.parametrize("months", [0, 5, 7, 24])
def test_year_fraction__icma_period_that_does_not_divide_a_year__reverts(
    libraries: Any, reverted: Any, months: int
) -> None:
    with pytest.raises(reverted) as caught:
        libraries.yearFraction(DayCount.ACT_ACT_ICMA, 0, 10, months, 0, 10)

    assert (caught.value.name, caught.value.arguments) == ("DayCountPeriodInvalid", (months,))


@pytest.mark.parametrize(
    ("start", "end", "ref_start", "ref_end"), [(9, 20, 10, 30), (10, 31, 10, 30), (10, 10, 10, 10)]
)
def test_year_fraction__icma_outside_the_reference_period__reverts(
    libraries: Any, reverted: Any, start: int, end: int, ref_start: int, ref_end: int
) -> None:
    with pytest.raises(reverted) as caught:
        libraries.yearFraction(DayCount.ACT_ACT_ICMA, start, end, 12, ref_start, ref_end)

    assert caught.value.name == "DayCountRangeInvalid"
    assert caught.value.arguments == (start, end, ref_start, ref_end)
