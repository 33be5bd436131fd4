"""AccrualLib: the interest that a unit has earned inside a period, against dates and fractions of Python."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evm.builders import (
    ACT_360,
    ACT_365F,
    ACT_ACT_ICMA,
    THIRTY_360,
    THIRTY_E_360,
    day_of,
    months_after,
    year_fraction,
)

pytestmark = pytest.mark.unit

DAY_COUNTS = (ACT_ACT_ICMA, ACT_360, ACT_365F, THIRTY_360, THIRTY_E_360)
MONTHS = (1, 2, 3, 4, 6, 12)
FACE, RATE = 1_000_000, 32_500_000
ISSUE_DAYS = st.dates(date(2016, 1, 1), date(2031, 12, 31))


def due(issue: date, months: int, period: int) -> date:
    return months_after(issue, months * period)


@settings(deadline=None)
@given(ISSUE_DAYS, st.sampled_from(MONTHS), st.integers(1, 60), st.data())
def test_period_of__any_day__is_the_one_that_it_lies_in(
    primary: Any, issue: date, months: int, period: int, data: st.DataObject
) -> None:
    start, end = due(issue, months, period - 1), due(issue, months, period)
    day = data.draw(
        st.sampled_from([start, end - timedelta(days=1)]) | st.dates(start, end - timedelta(days=1))
    )

    assert primary.periodOf(day_of(issue), months, day_of(day)) == period


@pytest.mark.parametrize(
    "issue", [date(2019, 8, 31), date(2020, 2, 29), date(2019, 11, 30), date(2019, 12, 5)]
)
@pytest.mark.parametrize("months", MONTHS)
def test_period_of__every_day_of_two_years__counts_up_on_due_days_only(
    primary: Any, issue: date, months: int
) -> None:
    """Bonds issued at the end of a month: due days are clamped, and no day falls between two periods."""
    day, period = issue, 1
    for _ in range(732):
        period += day == due(issue, months, period)
        assert primary.periodOf(day_of(issue), months, day_of(day)) == period, day
        day += timedelta(days=1)


def fraction_of(primary: Any, issue: date, months: int, convention: int, day: date, records: int) -> Any:
    numerator, denominator, is_ex = primary.accrued(
        day_of(issue), months, convention, FACE, RATE, day_of(day), records
    )
    return Fraction(numerator, denominator), is_ex


@settings(max_examples=300, deadline=None)
@given(ISSUE_DAYS, st.sampled_from(MONTHS), st.sampled_from(DAY_COUNTS), st.integers(1, 40), st.data())
def test_accrued__any_day__what_was_earned_or_what_is_still_to_be(
    primary: Any, issue: date, months: int, convention: int, period: int, data: st.DataObject
) -> None:
    start, end = due(issue, months, period - 1), due(issue, months, period)
    day = data.draw(st.dates(start, end - timedelta(days=1)))
    interest = FACE * Fraction(RATE, 10**9)
    earned = interest * year_fraction(convention, start, day, months, (start, end))
    whole = interest * year_fraction(convention, start, end, months, (start, end))

    assert fraction_of(primary, issue, months, convention, day, period - 1) == (earned, False)
    assert fraction_of(primary, issue, months, convention, day, period) == (whole - earned, True)
    assert 0 <= earned <= whole


@pytest.mark.parametrize("convention", DAY_COUNTS)
@pytest.mark.parametrize("months", [1, 6, 12])
@pytest.mark.parametrize("issue", [date(2019, 8, 31), date(2019, 1, 29)])
def test_accrued__every_day_of_a_year__never_above_the_coupon(
    primary: Any, issue: date, months: int, convention: int
) -> None:
    """Months of thirty days meet months of 28 and 31: what is still to be earned never falls below zero."""
    for offset in range(366):
        day = issue + timedelta(days=offset)
        period = primary.periodOf(day_of(issue), months, day_of(day))
        earned, _ = fraction_of(primary, issue, months, convention, day, period - 1)
        rest, _ = fraction_of(primary, issue, months, convention, day, period)
        whole, _ = fraction_of(primary, issue, months, convention, due(issue, months, period - 1), period)
        assert earned + rest == whole, day


def test_accrued__known_day__known_amount(primary: Any) -> None:
    """3.25 % yearly from 2 January 2025, on 2 July: 1.6116438356 for 100."""
    earned, is_ex = fraction_of(primary, date(2025, 1, 2), 12, ACT_ACT_ICMA, date(2025, 7, 2), 0)

    assert (round(earned, 6), is_ex) == (Fraction("16116.438356"), False)


def test_accrued__leap_day_of_a_half_yearly_bond__as_published(primary: Any) -> None:
    issue, day = date(2023, 6, 15), date(2024, 2, 29)

    assert round(fraction_of(primary, issue, 6, ACT_ACT_ICMA, day, 1)[0], 4) == Fraction("6748.6339")
    assert round(fraction_of(primary, issue, 6, THIRTY_360, day, 1)[0], 4) == Fraction("6680.5556")


def test_accrued__largest_bond__does_not_overflow(primary: Any) -> None:
    numerator, denominator, _ = primary.accrued(18_000, 12, ACT_365F, 2**119, 2**32 - 2, 18_100, 0)

    assert Fraction(numerator, denominator) == 2**119 * Fraction(2**32 - 2, 10**9) * Fraction(100, 365)
    assert primary.accrued(18_000, 12, ACT_365F, 2**119, 2**32 - 2, 18_100, 1)[2]


def test_accrued__coupon_that_is_due_but_not_recorded__is_paid_for(primary: Any) -> None:
    """The record day is the payment day: who buys until then gets the coupon, and pays for it."""
    issue = date(2019, 12, 5)
    day = date(2020, 12, 7)  # a Monday; the coupon was due on Saturday, and its record time is this evening
    a_year = FACE * Fraction(RATE, 10**9)

    earned, is_ex = fraction_of(primary, issue, 12, ACT_365F, day, 0)

    assert (earned, is_ex) == (a_year * Fraction(366, 365) + a_year * Fraction(2, 365), False)
