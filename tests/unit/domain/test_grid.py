"""Grids of due days of every shape, and year fractions on them: vectors, QuantLib, what must hold anyway."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.calendars import Convention, join, load_calendar
from indenture.daycount import DayCount, year_fraction
from indenture.errors import CalendarYearMissing, InputError, InvalidDate
from indenture.interest.terms import InterestTerms
from indenture.provisions import CouponKind, PeriodUnit, Schedule
from indenture.schedule import (
    accrual_day,
    cell_of,
    due_day,
    fraction,
    is_regular,
    months_of_regular,
    period_of,
    regular_day,
)
from indenture.termsheet import Stub

from .shapes import MONTHS, Shape, shapes

pytestmark = pytest.mark.unit

CHINA = load_calendar("CN-IB")
EUROPE = load_calendar("T2")
UNITS = {PeriodUnit.DAY: ql.Days, PeriodUnit.MONTH: ql.Months}
TOLERANCE = 1e-12


def to_ql(day: date) -> ql.Date:
    return ql.Date(day.day, day.month, day.year)


def from_ql(day: ql.Date) -> date:
    return date(day.year(), day.month(), day.dayOfMonth())


def due_days(s: Schedule) -> list[date]:
    return [due_day(s, k) for k in range(s.periods + 1)]


def terms_of(s: Schedule, day_count: DayCount = DayCount.ACT_ACT_ICMA, **changes: Any) -> InterestTerms:
    return InterestTerms(
        face_value=10_000,
        schedule=s,
        kind=CouponKind.FIXED,
        coupon_rate=32_500_000,
        day_count=day_count,
        calendar="CN-IB",
        **changes,
    )


def schedule_of(row: Any) -> Schedule:
    return Schedule(
        issue_day=date.fromisoformat(row["issue_day"]),
        maturity_day=date.fromisoformat(row["maturity_day"]),
        anchor_day=date.fromisoformat(row["anchor_day"]),
        anchor_period=row["anchor_period"],
        periods=row["periods"],
        step=row["step"],
        unit=PeriodUnit[row["unit"]],
        end_of_month=row["end_of_month"],
    )


# --- Vectors


def test_due_day__vectors__as_quantlib(vectors: Any) -> None:
    for row in vectors("schedules")["schedules"]:
        s = schedule_of(row)

        assert [day.isoformat() for day in due_days(s)] == row["due"], row["name"]
        for point in row["regular"]:
            assert regular_day(s, point["number"]).isoformat() == point["day"], row["name"]


def test_fraction__icma_vectors__as_quantlib(vectors: Any) -> None:
    for row in vectors("schedules")["schedules"]:
        terms = terms_of(schedule_of(row))
        for piece in row.get("icma", []):
            found = fraction(terms, date.fromisoformat(piece["start"]), date.fromisoformat(piece["end"]))

            assert found == Fraction(piece["numerator"], piece["denominator"]), (row["name"], piece)


# --- Due days


def quantlib_schedule(shape: Shape, s: Schedule) -> list[date]:
    """The same dates by QuantLib's own generation."""
    backward = shape.anchor == shape.maturity and shape.first_coupon is None
    first = to_ql(due_day(s, 1)) if shape.first_coupon or shape.stub is Stub.LONG_FRONT else ql.Date()
    long_back = shape.has_back and shape.stub is Stub.LONG_BACK
    next_to_last = to_ql(due_day(s, s.periods - 1)) if long_back and s.periods > 1 else ql.Date()
    rule = ql.DateGeneration.Backward if backward else ql.DateGeneration.Forward
    step = ql.Period(s.step, UNITS[s.unit])
    # A first date that is the last one, or the reverse, is no date to QuantLib.
    first = ql.Date() if first == to_ql(shape.maturity) else first
    free = (ql.NullCalendar(), ql.Unadjusted, ql.Unadjusted)
    made = ql.Schedule(
        to_ql(shape.issue), to_ql(shape.maturity), step, *free, rule, s.end_of_month, first, next_to_last
    )
    return [from_ql(day) for day in made]


@settings(max_examples=3000, deadline=None)
@given(shapes())
def test_due_day__any_shape__as_quantlib(shape: Shape) -> None:
    s = shape.schedule

    ours = due_days(s)

    assert (ours[0], ours[-1]) == (shape.issue, shape.maturity)
    # One period, long at both ends: QuantLib cannot be told that nothing is due in between.
    if s.periods > 1:
        theirs = quantlib_schedule(shape, s)
        if shape.end_of_month:
            # QuantLib moves the first date to its month's end as well, though nothing is due on it; and has
            # the end of a month twice where it comes upon a 30th first and upon the 31st as a given date.
            theirs = [*dict.fromkeys([shape.issue, *theirs[1:-1], shape.maturity])]
        assert ours == theirs


@settings(max_examples=2000, deadline=None)
@given(shapes())
def test_due_day__any_shape__in_order_and_stubs_within_two_regular_periods(shape: Shape) -> None:
    s = shape.schedule
    ours = due_days(s)

    assert all(before < after for before, after in pairwise(ours))
    assert regular_day(s, s.anchor_period) == s.anchor_day
    assert all(is_regular(s, k) for k in range(2, s.periods))
    assert regular_day(s, -1) <= s.issue_day < ours[1]
    assert ours[-2] < s.maturity_day <= regular_day(s, s.periods + 1)
    regular = is_regular(s, 1) and is_regular(s, s.periods)
    divides = s.unit is PeriodUnit.MONTH and s.step in MONTHS
    assert months_of_regular(s) == (s.step if regular and divides else 0)


@given(shapes())
def test_regular_day__any_shape__is_what_quantlib_counts_from_the_anchor(shape: Shape) -> None:
    s = shape.schedule

    for j in range(-3, s.periods + 4):
        step = ql.Period((j - s.anchor_period) * s.step, UNITS[s.unit])
        expected = to_ql(s.anchor_day) + step
        if s.end_of_month:
            expected = ql.Date.endOfMonth(expected)
        assert regular_day(s, j) == from_ql(expected)


def test_regular_day__from_a_31st__never_loses_the_month_end() -> None:
    s = Schedule(date(2024, 1, 31), date(2025, 1, 31), date(2024, 1, 31), 0, 12, 1)

    assert [regular_day(s, j).day for j in range(-2, 5)] == [30, 31, 31, 29, 31, 30, 31]


@pytest.mark.parametrize("unit", PeriodUnit)
def test_regular_day__outside_the_years_of_python__refused(unit: PeriodUnit) -> None:
    s = Schedule(date(2024, 1, 31), date(2025, 1, 31), date(2024, 1, 31), 0, 12, 1, unit)

    with pytest.raises(InvalidDate):
        regular_day(s, 10**7)


def test_due_day__negative__refused() -> None:
    with pytest.raises(InvalidDate, match="there is no payment -1"):
        due_day(Schedule(date(2024, 1, 31), date(2025, 1, 31), date(2024, 1, 31), 0, 12, 1), -1)


def test_due_day__of_a_renewed_bond__goes_on_along_the_grid() -> None:
    s = Schedule(date(2019, 10, 29), date(2022, 10, 29), date(2019, 10, 29), 0, 3, 12)

    assert [due_day(s, k).year for k in range(3, 7)] == [2022, 2023, 2024, 2025]


# --- Periods and cells


@settings(max_examples=1000, deadline=None)
@given(shapes(), st.integers(-400, 8000))
def test_period_of__any_day__is_the_one_around_it(shape: Shape, offset: int) -> None:
    s = shape.schedule
    day = s.issue_day + timedelta(days=offset)

    period = period_of(s, day)

    assert 0 <= period <= s.periods + 1
    if period > 0:
        assert due_day(s, period - 1) <= day
    if period <= s.periods:
        assert day < due_day(s, period)


def test_period_of__renewed_bond__counts_its_new_periods() -> None:
    s = Schedule(date(2019, 10, 29), date(2022, 10, 29), date(2019, 10, 29), 0, 3, 12)

    assert [period_of(s, date(year, 10, 29)) for year in (2019, 2021, 2022, 2030)] == [1, 3, 4, 4]
    assert [period_of(s, date(year, 10, 29), periods=6) for year in (2022, 2024, 2025)] == [4, 6, 7]


@settings(max_examples=1000, deadline=None)
@given(shapes(), st.integers(-4000, 8000))
def test_cell_of__any_day__is_the_one_around_it(shape: Shape, offset: int) -> None:
    s = shape.schedule
    day = s.issue_day + timedelta(days=offset)

    cell = cell_of(s, day)

    assert regular_day(s, cell) <= day < regular_day(s, cell + 1)


# --- ACT/ACT ICMA on the grid


def quantlib_counter(s: Schedule) -> ql.DayCounter:
    """QuantLib's ISMA on our due days, told which periods are regular; it finds notional ones itself."""
    days, regular = ql.DateVector(), ql.BoolVector()
    for day in due_days(s):
        days.push_back(to_ql(day))
    for k in range(1, s.periods + 1):
        regular.push_back(is_regular(s, k))
    step = ql.Period(s.step, ql.Months)
    free = (ql.NullCalendar(), ql.Unadjusted, ql.Unadjusted)
    made = ql.Schedule(days, *free, step, ql.DateGeneration.Forward, s.end_of_month, regular)
    return ql.ActualActual(ql.ActualActual.ISMA, made)


def quantlib_errs(shape: Shape, s: Schedule) -> bool:
    """Where QuantLib's notional periods are not those of the rule.

    - It counts them from the due day next to the stub, not from the anchor: of a bond that pays on a 31st,
      one notional period before 30 April it takes 30 October, for 31 October.
    - Before a long first period it inserts a second notional period, and then puts the notional end of a
      short or long last period one place too early, so that neither of the last two is right.
    - Of one period it makes two stubs, one from each end.
    """
    clamped = not s.end_of_month and s.anchor_day.day > 28
    return clamped or (shape.long_front and shape.has_back) or s.periods == 1


@settings(max_examples=3000, deadline=None)
@given(shapes(months=MONTHS, days=False), st.data())
def test_fraction__icma_of_any_stretch__as_quantlib(shape: Shape, data: st.DataObject) -> None:
    s = shape.schedule
    life = (s.maturity_day - s.issue_day).days
    # QuantLib refuses an empty stretch.
    first = data.draw(st.integers(0, life - 1))
    last = data.draw(st.integers(first + 1, life))
    start, end = s.issue_day + timedelta(days=first), s.issue_day + timedelta(days=last)

    found = fraction(terms_of(s), start, end)

    assert found == by_cells(s, start, end)
    if not quantlib_errs(shape, s):
        expected = quantlib_counter(s).yearFraction(to_ql(start), to_ql(end))
        assert float(found) == pytest.approx(expected, abs=TOLERANCE)


def by_cells(s: Schedule, start: date, end: date) -> Fraction:
    """Day by day: each is its part of its cell."""
    total, cell = Fraction(0), -3
    while regular_day(s, cell) < end:
        low, high = regular_day(s, cell), regular_day(s, cell + 1)
        days = (min(high, end) - max(low, start)).days
        total += Fraction(max(days, 0), (high - low).days) * Fraction(s.step, 12)
        cell += 1
    return total


@settings(max_examples=1000, deadline=None)
@given(shapes(days=False))
def test_fraction__icma_of_a_regular_period__is_its_months(shape: Shape) -> None:
    s = shape.schedule
    terms = terms_of(s)

    for k in range(1, s.periods + 1):
        if is_regular(s, k):
            assert fraction(terms, due_day(s, k - 1), due_day(s, k)) == Fraction(s.step, 12)


def test_fraction__icma_rule_251_1__long_and_short_first_coupons() -> None:
    """ICMA Rule 251.1: a long first period is a whole notional one and the days of the one before it."""
    long = Schedule(date(2024, 2, 10), date(2026, 6, 15), date(2025, 6, 15), 1, 2, 12)
    short = Schedule(date(2024, 8, 10), date(2026, 6, 15), date(2025, 6, 15), 1, 2, 12)

    assert fraction(terms_of(long), date(2024, 2, 10), date(2025, 6, 15)) == 1 + Fraction(126, 366)
    assert fraction(terms_of(short), date(2024, 8, 10), date(2025, 6, 15)) == Fraction(309, 365)


def test_fraction__icma_where_quantlib_misplaces_the_last_notional_period__as_the_rule_says() -> None:
    """A long first and a short last period: QuantLib counts the last by 182.5 days, the cell has 182."""
    s = Schedule(date(2021, 7, 12), date(2022, 11, 15), date(2022, 3, 31), 1, 3, 6, end_of_month=True)
    start, end = date(2022, 9, 30), date(2022, 11, 15)

    assert fraction(terms_of(s), start, end) == Fraction(46, 182) / 2
    assert quantlib_counter(s).yearFraction(to_ql(start), to_ql(end)) == pytest.approx(46 / 182.5 / 2)


def test_fraction__icma_where_quantlib_counts_from_a_clamped_day__as_the_rule_says() -> None:
    """Counted back from 31 August 2024: the notional period of the stub begins on the 31st, not the 29th."""
    s = Schedule(date(2023, 12, 15), date(2024, 8, 31), date(2024, 8, 31), 2, 2, 6)
    start, end = date(2023, 12, 15), date(2024, 2, 29)

    assert (regular_day(s, 0), due_day(s, 1)) == (date(2023, 8, 31), end)
    assert fraction(terms_of(s), start, end) == Fraction(76, 182) / 2
    assert quantlib_counter(s).yearFraction(to_ql(start), to_ql(end)) == pytest.approx(76 / 184 / 2)


def test_fraction__icma_with_steps_of_days__refused() -> None:
    s = Schedule(date(2024, 2, 1), date(2024, 2, 29), date(2024, 2, 1), 0, 1, 28, PeriodUnit.DAY)

    with pytest.raises(InvalidDate, match="periods of months, not of 28 days"):
        fraction(terms_of(s), date(2024, 2, 1), date(2024, 2, 2))


@pytest.mark.parametrize("day_count", DayCount)
def test_fraction__end_before_start__refused(day_count: DayCount) -> None:
    s = Schedule(date(2024, 2, 1), date(2025, 2, 1), date(2024, 2, 1), 0, 1, 12)

    with pytest.raises(InvalidDate):
        fraction(terms_of(s, day_count), date(2024, 2, 2), date(2024, 2, 1), CHINA)


# --- Other day counts


@given(shapes(), st.sampled_from([count for count in DayCount if count not in (0, 9)]))
def test_fraction__conventions_without_a_grid__are_those_of_the_days(
    shape: Shape, day_count: DayCount
) -> None:
    s = shape.schedule

    for start, end in pairwise(due_days(s)):
        expected = year_fraction(day_count, start, end, termination=s.maturity_day)
        assert fraction(terms_of(s, day_count), start, end) == expected


def test_fraction__thirty_e_360_isda__knows_the_maturity() -> None:
    s = Schedule(date(2022, 8, 31), date(2023, 2, 28), date(2022, 8, 31), 0, 1, 6)
    longer = replace(s, maturity_day=date(2023, 8, 31), periods=2)
    stretch = (date(2022, 8, 31), date(2023, 2, 28))

    assert fraction(terms_of(s, DayCount.THIRTY_E_360_ISDA), *stretch) == Fraction(178, 360)
    assert fraction(terms_of(longer, DayCount.THIRTY_E_360_ISDA), *stretch) == Fraction(1, 2)


def test_fraction__bus_252__counts_the_calendar_of_the_terms() -> None:
    s = Schedule(date(2024, 1, 2), date(2026, 1, 2), date(2024, 1, 2), 0, 2, 12)
    terms = terms_of(s, DayCount.BUS_252)
    expected = ql.China(ql.China.IB).businessDaysBetween(ql.Date(2, 1, 2024), ql.Date(2, 1, 2025))

    assert fraction(terms, date(2024, 1, 2), date(2025, 1, 2), CHINA) == Fraction(expected, 252)
    with pytest.raises(InputError, match="none is given"):
        fraction(terms, date(2024, 1, 2), date(2025, 1, 2))
    with pytest.raises(InputError, match="the terms name calendar CN-IB, not T2"):
        fraction(terms, date(2024, 1, 2), date(2025, 1, 2), EUROPE)


# --- Adjusted periods


@settings(max_examples=500, deadline=None)
@given(
    start=st.dates(date(2019, 3, 1), date(2023, 1, 1)),
    months=st.sampled_from(MONTHS),
    periods=st.integers(1, 3),
    roll=st.sampled_from([Convention.FOLLOWING, Convention.MODIFIED_FOLLOWING, Convention.PRECEDING]),
    joint=st.booleans(),
)
def test_accrual_day__any_regular_bond__as_quantlib(
    start: date, months: int, periods: int, roll: Convention, joint: bool
) -> None:
    market = ql.JointCalendar(ql.China(ql.China.IB), ql.TARGET()) if joint else ql.China(ql.China.IB)
    calendar = join("CN-IB+T2", [CHINA, EUROPE]) if joint else CHINA
    # QuantLib rolls the first date too, on which nothing is paid: take a business day.
    start = calendar.roll(start, Convention.FOLLOWING)
    s = Schedule(
        start, due_day(Schedule(start, date.max, start, 0, 99, months), periods), start, 0, periods, months
    )
    terms = replace(terms_of(s, DayCount.ACT_360, roll=roll, adjusted=True), calendar=calendar.code)
    rolls = {
        Convention.FOLLOWING: ql.Following,
        Convention.MODIFIED_FOLLOWING: ql.ModifiedFollowing,
        Convention.PRECEDING: ql.Preceding,
    }
    made = ql.Schedule(
        to_ql(s.issue_day),
        to_ql(s.maturity_day),
        ql.Period(months, ql.Months),
        market,
        rolls[roll],
        rolls[roll],
        ql.DateGeneration.Forward,
        False,
    )
    bond = ql.FixedRateBond(0, 100.0, made, [0.05], ql.Actual360(), rolls[roll])
    coupons = [found for flow in bond.cashflows() if (found := ql.as_fixed_rate_coupon(flow))]

    ours = [accrual_day(terms, k, calendar) for k in range(periods + 1)]

    assert ours == [from_ql(day) for day in made]
    for (first, last), coupon in zip(pairwise(ours), coupons, strict=True):
        assert float(fraction(terms, first, last)) == pytest.approx(coupon.accrualPeriod(), abs=TOLERANCE)


def test_accrual_day__unadjusted__needs_no_calendar() -> None:
    s = Schedule(date(2019, 12, 5), date(2021, 12, 5), date(2019, 12, 5), 0, 2, 12)

    assert accrual_day(terms_of(s), 1, None) == date(2020, 12, 5)


def test_accrual_day__adjusted__rolls_all_but_the_issue_day() -> None:
    s = Schedule(date(2019, 12, 7), date(2021, 12, 7), date(2019, 12, 7), 0, 2, 12)
    terms = terms_of(
        replace(s, maturity_day=date(2021, 12, 5), issue_day=date(2019, 12, 5), anchor_day=date(2019, 12, 5)),
        DayCount.ACT_360,
        roll=Convention.FOLLOWING,
        adjusted=True,
    )

    assert accrual_day(terms, 1, CHINA) == date(2020, 12, 7)
    assert accrual_day(terms, 2, CHINA) == date(2021, 12, 6)
    assert accrual_day(replace(terms, schedule=s), 0, None) == date(2019, 12, 7)
    assert date(2019, 12, 7).isoweekday() == 6
    with pytest.raises(InputError, match="period 1 ends on the business day of 2020-12-05"):
        accrual_day(terms, 1, None)
    with pytest.raises(InputError, match="the terms name calendar CN-IB, not T2"):
        accrual_day(terms, 1, EUROPE)


def test_accrual_day__adjusted_in_a_year_not_published__refused() -> None:
    s = Schedule(date(2026, 1, 5), date(2028, 1, 5), date(2026, 1, 5), 0, 2, 12)

    with pytest.raises(CalendarYearMissing):
        accrual_day(terms_of(s, DayCount.ACT_360, roll=Convention.FOLLOWING, adjusted=True), 1, CHINA)
