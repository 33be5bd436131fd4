"""Bonds that are called on any day, against QuantLib's leg of the schedule that ends there."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.daycount import DayCount
from indenture.interest import (
    Grid,
    InterestTerms,
    Life,
    accrued,
    called,
    exact_payment,
    factor_after,
    rate_of,
    unit_payment,
    unit_payments,
)
from indenture.provisions import FACTOR_SCALE, PeriodUnit, Schedule
from indenture.rounding import RATE_SCALE
from indenture.schedule import due_day, is_regular, regular_day

from .builders import CALENDARS, exact, fixed_terms, from_ql, grid_of, ql_counter, regular, terms_of, to_ql

pytestmark = pytest.mark.unit

THOUSANDS = settings(max_examples=1500, deadline=None)
PRICES = st.sampled_from([RATE_SCALE, 1_020_000_000, 985_000_000, 1_012_345_678, 1, 10 * RATE_SCALE])


def called_grid(terms: InterestTerms, day: date, price: int = RATE_SCALE) -> Grid:
    return Grid(terms, CALENDARS, life=called(terms, Life(), day, price))


def day_within(terms: InterestTerms, offset: int) -> date:
    """A day after the issue and before maturity; the terms have one."""
    s = terms.schedule
    return s.issue_day + timedelta(days=1 + offset % ((s.maturity_day - s.issue_day).days - 1))


def ql_truncated(grid: Grid) -> ql.Schedule:
    """QuantLib's schedule of days up to the call, the last period a stub where it is one."""
    s = grid.terms.schedule
    return ql.Schedule(
        [to_ql(day) for day in grid.due],
        ql.NullCalendar(),
        ql.Unadjusted,
        ql.Unadjusted,
        ql.Period(s.step, ql.Months if s.unit is PeriodUnit.MONTH else ql.Days),
        ql.DateGeneration.Forward,
        s.end_of_month,
        [is_regular(s, k) for k in range(1, grid.periods + 1)],
    )


def is_other_icma(terms: InterestTerms, grid: Grid) -> bool:
    """Whether QuantLib takes other notional periods: see the last tests here."""
    s = grid.terms.schedule
    is_stub = not (is_regular(s, 1) and is_regular(s, s.periods))
    is_long_first = s.issue_day < regular_day(s, 0) and not is_regular(s, s.periods)
    is_icma = terms.day_count is DayCount.ACT_ACT_ICMA
    return is_icma and is_stub and (s.anchor_day.day > 28 or s.periods == 1 or is_long_first)


@THOUSANDS
@given(
    fixed_terms().filter(lambda t: t.schedule.maturity_day > t.schedule.issue_day + timedelta(1)),
    st.integers(0, 10**6),
    PRICES,
)
def test_called__any_terms_any_day__pays_as_quantlib_on_the_shorter_schedule(
    terms: InterestTerms, offset: int, price: int
) -> None:
    day = day_within(terms, offset)
    grid = called_grid(terms, day, price)
    if is_other_icma(terms, grid):
        terms = replace(terms, day_count=DayCount.ACT_ACT_ISDA)
        grid = called_grid(terms, day, price)
    schedule = ql_truncated(grid)
    numbers = range(1, grid.periods + 1)
    assert from_ql(schedule.endDate()) == grid.due[-1] == day
    counter = ql_counter(grid.terms, schedule)
    leg = ql.FixedRateLeg(
        schedule,
        counter,
        [terms.face_value * factor_after(grid, k - 1) / FACTOR_SCALE for k in numbers],
        [rate_of(grid, k) / RATE_SCALE for k in numbers],
    )

    for k, flow in zip(numbers, leg, strict=True):
        coupon = ql.as_fixed_rate_coupon(flow)
        notional = Fraction(terms.face_value * factor_after(grid, k - 1), FACTOR_SCALE)
        expected = notional * Fraction(rate_of(grid, k), RATE_SCALE) * exact(coupon.accrualPeriod())
        assert exact_payment(grid, k).interest == expected
    left = Fraction(terms.face_value * factor_after(grid, grid.periods - 1), FACTOR_SCALE)
    assert exact_payment(grid, grid.periods).principal == left * Fraction(price, RATE_SCALE)


@THOUSANDS
@given(
    fixed_terms().filter(lambda t: t.schedule.maturity_day > t.schedule.issue_day + timedelta(1)),
    st.integers(0, 10**6),
)
def test_called__any_terms__interest_of_the_last_period_is_what_has_accrued(
    terms: InterestTerms, offset: int
) -> None:
    """Who is called gets what a buyer would have paid him: by all day counts but one.

    30E/360 ISDA takes the end of February for the 30th, but not on the last day of the bond.
    """
    day = day_within(terms, offset)
    if terms.day_count is DayCount.THIRTY_E_360_ISDA:
        terms = replace(terms, day_count=DayCount.THIRTY_E_360)
    whole, short = grid_of(terms), called_grid(terms, day)
    last = short.periods

    if day == whole.due[last]:
        assert exact_payment(short, last).interest == exact_payment(whole, last).interest
    else:
        assert exact_payment(short, last).interest == accrued(whole, day).amount
    assert [unit_payment(short, k).interest for k in range(1, last)] == [
        unit_payment(whole, k).interest for k in range(1, last)
    ]


@settings(max_examples=500, deadline=None)
@given(fixed_terms(), st.integers(0, 10**6), PRICES)
def test_unit_payments__called__as_one_by_one(terms: InterestTerms, offset: int, price: int) -> None:
    if terms.schedule.maturity_day <= terms.schedule.issue_day + timedelta(1):
        return
    grid = called_grid(terms, day_within(terms, offset), price)

    assert unit_payments(grid) == tuple(unit_payment(grid, k) for k in range(1, grid.periods + 1))


@settings(max_examples=500, deadline=None)
@given(fixed_terms(), st.integers(0, 10**6))
def test_called__due_day__ends_with_its_period_and_no_other_day_does(
    terms: InterestTerms, number: int
) -> None:
    s = terms.schedule
    if s.periods == 1:
        return
    period = 1 + number % (s.periods - 1)

    life = called(terms, Life(), due_day(s, period), RATE_SCALE)

    assert (life.last, life.ends) == (period, None)
    after = due_day(s, period) + timedelta(days=1)
    if after < due_day(s, period + 1):
        life = called(terms, Life(), after, RATE_SCALE)
        assert (life.last, life.ends) == (period + 1, after)


# --- where QuantLib differs


def test_icma_call_in_the_first_period__quantlib_makes_one_notional_period_of_two() -> None:
    """Called two months after the issue: 61 of the 184 days to the first due day, by the bond's own grid.

    QuantLib goes back six months from the call, on six months from the issue, and divides by all 304 days.
    """
    terms = terms_of(regular(date(2021, 3, 15), 4, 6))
    grid = called_grid(terms, date(2021, 5, 15))
    schedule = ql_truncated(grid)
    counter = ql_counter(grid.terms, schedule)

    theirs = counter.yearFraction(to_ql(grid.due[0]), to_ql(grid.due[1]))

    assert grid.fraction(1) == Fraction(61, 184) / 2
    assert exact(theirs) == Fraction(61, 304)


def test_icma_stubs_at_both_ends__quantlib_loses_a_notional_period() -> None:
    """A long first period adds one to its list, and the last one then takes the place of a regular one.

    1 November to 1 January become one period of 61 days, for two months.
    """
    terms = terms_of(Schedule(date(2002, 10, 31), date(2003, 1, 1), date(2003, 1, 1), 2, 2, 1))
    grid = called_grid(terms, date(2002, 12, 2))
    schedule = ql_truncated(grid)
    counter = ql_counter(grid.terms, schedule)

    theirs = [counter.yearFraction(to_ql(a), to_ql(b)) for a, b in pairwise(grid.due)]

    assert [grid.fraction(k) * 12 for k in (1, 2)] == [1 + Fraction(1, 31), Fraction(1, 31)]
    assert [exact(each * 12) for each in theirs] == [Fraction(1, 31) + Fraction(60, 61), Fraction(2, 61)]


def test_icma_call_after_the_28th__quantlib_counts_from_a_clamped_day() -> None:
    """From 28 February QuantLib goes on to 28 August, where the bond's own period ends on the 31st."""
    terms = terms_of(Schedule(date(2020, 8, 31), date(2022, 8, 31), date(2020, 8, 31), 0, 4, 6))
    grid = called_grid(terms, date(2021, 5, 31))
    schedule = ql_truncated(grid)
    counter = ql_counter(grid.terms, schedule)

    theirs = counter.yearFraction(to_ql(grid.due[1]), to_ql(grid.due[2]))

    assert grid.fraction(2) == Fraction(92, 184) / 2
    assert exact(theirs) == Fraction(92, 181) / 2


def test_thirty_e_isda_call_at_the_end_of_february__is_its_28th() -> None:
    """The end of February counts as the 30th, but on the day on which the bond ends."""
    terms = terms_of(regular(date(2020, 8, 31), 4, 6), day_count=DayCount.THIRTY_E_360_ISDA)
    day = date(2021, 2, 27) + timedelta(days=1)

    assert grid_of(terms).fraction(1) == Fraction(180, 360)
    assert called_grid(terms, day).fraction(1) == Fraction(178, 360)
