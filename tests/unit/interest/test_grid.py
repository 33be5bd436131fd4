"""The days and fractions of a bond: the quick ways give what the plain ones do."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.calendars import Convention
from indenture.daycount import DayCount
from indenture.errors import CalendarYearMissing, InputError
from indenture.interest import Grid, InterestTerms, PeriodUnknown, unit_payment
from indenture.provisions import PeriodUnit, Provisions, Renewal
from indenture.schedule import due_day, fraction

from .builders import CALENDAR, fixed_terms, grid_of, regular, terms_of

pytestmark = pytest.mark.unit


@settings(max_examples=1000, deadline=None)
@given(fixed_terms(), st.integers(0, 10**6))
def test_grid__any_terms__as_the_schedule(terms: InterestTerms, offset: int) -> None:
    s, grid = terms.schedule, grid_of(terms)
    numbers = range(1, s.periods + 1)

    assert list(grid.due) == [due_day(s, k) for k in range(s.periods + 1)]
    expected = [fraction(terms, due_day(s, k - 1), due_day(s, k), CALENDAR) for k in numbers]
    assert list(grid.fractions()) == expected
    assert [grid_of(terms).fraction(k) for k in numbers] == expected
    day = s.issue_day + timedelta(days=offset % (s.maturity_day - s.issue_day).days)
    k = grid.period_of(day)
    assert grid.due[k - 1] <= day < grid.due[k]
    assert grid.fraction_to(k, day) == fraction(terms, due_day(s, k - 1), day, CALENDAR)


@settings(deadline=None)
@given(fixed_terms(), st.sampled_from(Convention))
def test_payment_days__any_terms__rolled_or_announced(terms: InterestTerms, roll: Convention) -> None:
    announced = {1: date(2031, 7, 1)}
    grid = grid_of(replace(terms, roll=roll), announced=announced)

    days = grid.payment_days()

    assert days == tuple(grid.payment_day(k) for k in range(1, grid.periods + 1))
    assert days[0] == announced[1]
    assert list(days[1:]) == [CALENDAR.roll(day, roll) for day in grid.due[2:]]


def test_due__extended__goes_on_along_the_grid() -> None:
    terms = terms_of(regular(date(2022, 3, 15), 3), provisions=Provisions(renewal=Renewal(2, 30, "CGB3Y", 1)))
    grid = Grid(terms, extended=4)

    assert grid.periods == 7
    assert grid.due[3:] == tuple(date(2025 + i, 3, 15) for i in range(5))
    assert [grid.cycle(k) for k in range(1, 8)] == [0, 0, 0, 1, 1, 2, 2]
    assert [k for k in range(1, 8) if grid.opens_cycle(k)] == [4, 6]
    assert [k for k in range(1, 8) if grid.is_last(k)] == [7]


@pytest.mark.parametrize("k", [-1, 4])
def test_bound__no_such_period__refused(k: int) -> None:
    with pytest.raises(PeriodUnknown):
        Grid(terms_of(regular(date(2022, 3, 15), 3))).bound(k)


@pytest.mark.parametrize("k", [0, 4])
def test_fraction__no_such_period__refused(k: int) -> None:
    with pytest.raises(PeriodUnknown):
        Grid(terms_of(regular(date(2022, 3, 15), 3))).fraction(k)


def test_bound__adjusted__announced_first_then_the_calendar() -> None:
    terms = terms_of(
        regular(date(2025, 2, 15), 2, 6), day_count=DayCount.ACT_360, adjusted=True, roll=Convention.FOLLOWING
    )

    assert grid_of(terms).bound(2) == date(2026, 2, 16)
    assert grid_of(terms, announced={2: date(2026, 2, 17)}).bound(2) == date(2026, 2, 17)
    assert grid_of(terms).bound(0) == date(2025, 2, 15)


def test_bound__adjusted_and_rolled_back_before_the_issue__a_period_of_no_days() -> None:
    """Issued on Saturday 1 February 2020, due on the Sunday: both are rolled back to the Friday."""
    terms = terms_of(
        replace(regular(date(2020, 2, 1), 1, 7, PeriodUnit.DAY), maturity_day=date(2020, 2, 2)),
        day_count=DayCount.ACT_360,
        adjusted=True,
        roll=Convention.PRECEDING,
    )
    grid = grid_of(terms)

    assert grid.bound(1) == date(2020, 2, 1)
    assert list(grid.fractions()) == [Fraction(0)]
    assert unit_payment(grid, 1).interest == 0
    assert unit_payment(grid, 1).principal == 10_000


def test_payment_day__no_calendar_or_year__refused() -> None:
    late = terms_of(regular(date(2090, 2, 15), 2), roll=Convention.FOLLOWING)

    with pytest.raises(InputError, match="payment days need the calendar 'X-TARGET'"):
        Grid(late).payment_day(1)
    with pytest.raises(CalendarYearMissing):
        grid_of(late).payment_days()
