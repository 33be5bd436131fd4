"""Schedules: due days, interest periods, year fractions, payment days and record instants.

Due days are unadjusted and always counted from the schedule's anchor. Only payment and record days, the
ends of adjusted interest periods and BUS/252 depend on a calendar; where its year is not published a payment
day is None, never a guess.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from .calendars import Calendar
from .dates import add_months, instant
from .daycount import DayCount, year_fraction
from .errors import CalendarYearMissing, InputError, InvalidDate
from .provisions import PeriodUnit, Schedule

if TYPE_CHECKING:
    from .interest.life import Life
    from .interest.terms import InterestTerms
    from .termsheet import TermSheet

_MONTHS_PER_YEAR = 12
#: By more than so many days no payment day is moved.
LONGEST_CLOSURE = timedelta(days=31)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Period:
    """One interest period.

    Attributes:
        index: Number of the period, from 1.
        start: First day that bears interest, unadjusted.
        end: The day after the last such day, unadjusted: the due date.
        payment_day: The due date rolled to a business day; None while its year is not published.
        record_day: Day of record; None while its year is not published.
        record_time: Instant of record, UTC: who holds immediately before it is paid; None with
            ``record_day``.
    """

    index: int
    start: date
    end: date
    payment_day: date | None
    record_day: date | None
    record_time: datetime | None


# --- The grid of due days -----------------------------------------------------------------------------------


def regular_day(s: Schedule, j: int) -> date:
    """The ``j``-th day of the regular grid, which goes on beyond both ends of the schedule.

    Raises:
        InvalidDate: It is outside the years 1 to 9999.
    """
    steps = (j - s.anchor_period) * s.step
    if s.unit is PeriodUnit.MONTH:
        return add_months(s.anchor_day, steps, end_of_month=s.end_of_month)
    try:
        return s.anchor_day + timedelta(days=steps)
    except OverflowError:
        raise InvalidDate(f"{s.anchor_day} plus {steps} days is outside the years 1 to 9999") from None


def due_day(s: Schedule, k: int) -> date:
    """Due day, unadjusted, of payment ``k``; the issue day for 0.

    Payments after the last of the schedule are those of a bond that was renewed.

    Raises:
        InvalidDate: ``k`` is negative, or the day outside the years 1 to 9999.
    """
    if k < 0:
        raise InvalidDate(f"there is no payment {k}")
    if k == 0:
        return s.issue_day
    return s.maturity_day if k == s.periods else regular_day(s, k)


def period_of(s: Schedule, day: date, *, periods: int | None = None) -> int:
    """Number of the period that a day lies in, from its first day to the one before its due day.

    Args:
        s: The schedule.
        day: Any day; 0 is given before the issue day, and one more than all periods from the end on.
        periods: Number of periods of a bond that was renewed; the schedule's if left out.
    """
    ends = range((s.periods if periods is None else periods) + 1)
    return bisect_right(ends, day, key=lambda k: due_day(s, k))


def cell_of(s: Schedule, day: date) -> int:
    """The ``j`` whose cell of the grid, from regular day ``j`` to the one before ``j + 1``, a day lies in."""
    if s.unit is PeriodUnit.DAY:
        return s.anchor_period + (day - s.anchor_day).days // s.step
    months = (day.year - s.anchor_day.year) * 12 + day.month - s.anchor_day.month
    cell = s.anchor_period + months // s.step
    return cell if regular_day(s, cell) <= day else cell - 1


def is_regular(s: Schedule, k: int) -> bool:
    """Whether period ``k`` is a whole step of the grid; else it is a short or long stub."""
    return due_day(s, k - 1) == regular_day(s, k - 1) and due_day(s, k) == regular_day(s, k)


def months_of_regular(s: Schedule) -> int:
    """Months of a period where all are regular and divide a year; 0 where they are not or do not."""
    divides = s.unit is PeriodUnit.MONTH and _MONTHS_PER_YEAR % s.step == 0
    regular = s.issue_day == regular_day(s, 0) and s.maturity_day == regular_day(s, s.periods)
    return s.step if divides and regular else 0


def accrual_day(terms: InterestTerms, k: int, calendar: Calendar | None) -> date:
    """The day on which interest period ``k`` ends and the next begins; the issue day for 0.

    Args:
        terms: What interest is computed from.
        k: Number of the period.
        calendar: The market that the terms name; only adjusted periods need it.

    Raises:
        InputError: Periods are adjusted and no calendar is given, or another one.
        CalendarYearMissing: Periods are adjusted and the year is not published.
    """
    if not terms.adjusted or k == 0:
        return due_day(terms.schedule, k)
    return monotone(terms.schedule, k, lambda j: rolled_due_day(terms, j, calendar))


def rolled_due_day(terms: InterestTerms, k: int, calendar: Calendar | None) -> date:
    """The due day of period ``k`` on a business day, for interest that is adjusted.

    Raises:
        InputError: No calendar is given, or another one.
        CalendarYearMissing: The year is not published.
    """
    day = due_day(terms.schedule, k)
    if calendar is None:
        raise InputError(
            f"period {k} ends on the business day of {day}, and no calendar is given",
            hint=f"Give the calendar {terms.calendar}.",
        )
    return _named(calendar, terms.calendar).roll(day, terms.roll)


def monotone(s: Schedule, k: int, rolled: Callable[[int], date]) -> date:
    """The end of an adjusted period: its rolled day, but never before that of an earlier period of days.

    A first day that is rolled back before the issue makes a period of no days, and so does a closure that is
    declared between two announcements and turns a short period round.

    Args:
        s: The schedule.
        k: Number of the period, from 1.
        rolled: The payment day of a period.
    """
    day, due = max(rolled(k), s.issue_day), due_day(s, k)
    if s.unit is PeriodUnit.MONTH:
        return day
    for earlier in range(k - 1, 0, -1):
        if due_day(s, earlier) + LONGEST_CLOSURE <= due:
            break
        day = max(day, rolled(earlier))
    return day


def fraction(terms: InterestTerms, start: date, end: date, calendar: Calendar | None = None) -> Fraction:
    """Year fraction of any stretch of days by a bond's day count, exact.

    Args:
        terms: What interest is computed from.
        start: First day.
        end: The day after the last day.
        calendar: The market that the terms name; only BUS/252 needs it.

    Raises:
        InvalidDate: The days are not in order, or ACT/ACT ICMA meets periods that are not of months.
        InputError: BUS/252 without the calendar that the terms name.
        CalendarYearMissing: BUS/252 in a year that is not published.
    """
    s = terms.schedule
    if terms.day_count is DayCount.ACT_ACT_ICMA:
        return _icma(s, start, end)
    if terms.day_count is DayCount.BUS_252 and calendar is not None:
        _named(calendar, terms.calendar)
    return year_fraction(terms.day_count, start, end, termination=s.maturity_day, calendar=calendar)


def _icma(s: Schedule, start: date, end: date) -> Fraction:
    """ICMA Rule 251.1: in each regular period the days that the stretch has of it, by all its days."""
    if s.unit is not PeriodUnit.MONTH:
        raise InvalidDate(
            f"ACT/ACT ICMA counts by periods of months, not of {s.step} days",
            hint="Take another day count, such as ACT/365F.",
        )
    if end < start:
        raise InvalidDate(f"a period cannot run from {start} back to {end}")
    total = Fraction(0)
    cell = cell_of(s, start)
    while start < end:
        first, last = regular_day(s, cell), regular_day(s, cell + 1)
        total += year_fraction(
            DayCount.ACT_ACT_ICMA,
            start,
            min(end, last),
            months_per_period=s.step,
            ref_start=first,
            ref_end=last,
        )
        start, cell = last, cell + 1
    return total


def _named(calendar: Calendar, code: str) -> Calendar:
    if calendar.code != code:
        raise InputError(f"the terms name calendar {code}, not {calendar.code}")
    return calendar


# --- Term sheets --------------------------------------------------------------------------------------------


def build_schedule(
    terms: TermSheet, calendar: Calendar, *, allow_unpublished: bool = False, life: Life | None = None
) -> tuple[Period, ...]:
    """All periods of a bond.

    Args:
        terms: The bond's terms.
        calendar: The calendar that the terms name.
        allow_unpublished: Leave days of unpublished years None instead of refusing.
        life: What has moved the bond off its terms; None for nothing.

    Raises:
        CalendarYearMissing: A payment or record day falls in a year that is not published.
        InputError: The calendar is not the one that the terms name.
    """
    _named(calendar, terms.business_days.calendar)
    s = terms.schedule if life is None else life.schedule_of(terms.schedule)
    return tuple(
        _period(terms, s, calendar, index, allow_unpublished=allow_unpublished)
        for index in range(1, s.periods + 1)
    )


def period_bounds(terms: TermSheet, index: int) -> tuple[date, date]:
    """First day and due date, unadjusted, of the period with this number (from 1)."""
    return due_day(terms.schedule, index - 1), due_day(terms.schedule, index)


def coupon_fraction(terms: TermSheet, index: int, calendar: Calendar | None = None) -> Fraction:
    """Year fraction of the whole period with this number (from 1), exact.

    Args:
        terms: The bond's terms.
        index: Number of the period.
        calendar: The calendar that the terms name; only adjusted periods and BUS/252 need it.

    Raises:
        InputError: The calendar is needed and not given, or is another one.
        CalendarYearMissing: A year that is needed is not published.
    """
    interest = terms.interest_terms
    start, end = accrual_day(interest, index - 1, calendar), accrual_day(interest, index, calendar)
    return fraction(interest, start, end, calendar)


def _period(
    terms: TermSheet, s: Schedule, calendar: Calendar, index: int, *, allow_unpublished: bool
) -> Period:
    start, end = due_day(s, index - 1), due_day(s, index)

    def published(find: Callable[[], T]) -> T | None:
        try:
            return find()
        except CalendarYearMissing:
            if allow_unpublished:
                return None
            raise

    record = terms.record
    record_time: datetime | None = None
    payment_day = published(lambda: calendar.roll(end, terms.business_days.roll))
    record_day = payment_day and published(
        lambda: calendar.add_business_days(payment_day, -record.business_days_before)
    )
    if record_day:
        record_time = instant(record_day, record.cut_off, record.time_zone_offset)
    return Period(
        index=index,
        start=start,
        end=end,
        payment_day=payment_day,
        record_day=record_day,
        record_time=record_time,
    )
