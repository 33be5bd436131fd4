"""The days of a bond's periods, and their fractions of a year."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from indenture.calendars import Calendar
from indenture.daycount import DayCount
from indenture.errors import InputError
from indenture.provisions import PeriodUnit, Schedule
from indenture.schedule import accrual_day, fraction, regular_day

from .errors import AccrualRefused, PeriodUnknown
from .terms import InterestTerms

_MONTHS_PER_YEAR = 12
#: Day counts that are nothing but days by a number.
_BASES = {DayCount.ACT_360: 360, DayCount.ACT_365F: 365}
_THIRTIES = (
    DayCount.THIRTY_360,
    DayCount.THIRTY_E_360,
    DayCount.THIRTY_360_US,
    DayCount.THIRTY_E_360_ISDA,
)
#: A day that every month has.
_EVERY_MONTH = 28


class Grid:
    """Due days, accrual bounds and year fractions of a bond, each found once.

    Args:
        terms: What interest is computed from.
        calendars: Calendars by code; the bond's own only where periods are adjusted or BUS/252 counts.
        extended: Periods by which the bond was renewed.
        announced: Payment days that are announced, by period: adjusted periods end on them for good.
    """

    __slots__ = (
        "_announced",
        "_bounds",
        "_fractions",
        "_is_icma",
        "_stubs",
        "_whole",
        "calendar",
        "calendars",
        "due",
        "periods",
        "terms",
    )

    def __init__(
        self,
        terms: InterestTerms,
        calendars: Mapping[str, Calendar] | None = None,
        *,
        extended: int = 0,
        announced: Mapping[int, date] | None = None,
    ) -> None:
        s = terms.schedule
        self.terms = terms
        self.calendars: Mapping[str, Calendar] = calendars or {}
        self.calendar = self.calendars.get(terms.calendar)
        #: Number of periods, with those of renewals.
        self.periods = s.periods + extended
        #: Due days, unadjusted; the issue day is number 0.
        self.due, self._stubs = _days_of(s, self.periods)
        self._announced = announced or {}
        self._bounds: dict[int, date] = {}
        self._fractions: dict[int, Fraction] = {}
        self._whole = _whole_of(terms)
        self._is_icma = self._whole is not None and terms.day_count is DayCount.ACT_ACT_ICMA

    def bound(self, k: int) -> date:
        """The day on which interest period ``k`` ends and the next begins; the issue day for 0.

        Raises:
            PeriodUnknown: There is no such period.
            CalendarYearMissing: Periods are adjusted and the year is not published.
        """
        if not 0 <= k <= self.periods:
            raise PeriodUnknown(k, self.periods)
        if not self.terms.adjusted:
            return self.due[k]
        day = self._bounds.get(k)
        if day is None:
            day = self._announced.get(k) if k else None
            # A first day that was rolled back before the issue makes a period of no days.
            day = max(day or accrual_day(self.terms, k, self.calendar), self.due[0])
            self._bounds[k] = day
        return day

    def payment_day(self, k: int) -> date:
        """The day on which period ``k`` is paid: as announced, or the due day rolled.

        Raises:
            PeriodUnknown: There is no such period.
            CalendarYearMissing: The year is not published.
            InputError: The bond's calendar is not given.
        """
        self.check(k)
        return self._announced.get(k) or self._own_calendar().roll(self.due[k], self.terms.roll)

    def payment_days(self) -> tuple[date, ...]:
        """``payment_day`` of all periods.

        Raises:
            CalendarYearMissing: A year is not published.
            InputError: The bond's calendar is not given.
        """
        announced, roll, convention = self._announced, self._own_calendar().roll, self.terms.roll
        return tuple(announced.get(k) or roll(self.due[k], convention) for k in range(1, self.periods + 1))

    def fraction(self, k: int) -> Fraction:
        """Year fraction of the whole period ``k``, exact.

        Raises:
            PeriodUnknown: There is no such period.
            CalendarYearMissing: It depends on a year that is not published.
        """
        found = self._fractions.get(k)
        if found is None:
            self.check(k)
            found = self._fractions[k] = self._fraction(k)
        return found

    def fractions(self) -> tuple[Fraction, ...]:
        """Year fractions of all periods; equal ones are mostly one and the same object.

        Raises:
            CalendarYearMissing: One depends on a year that is not published.
        """
        basis = _BASES.get(self.terms.day_count)
        if basis and not self.terms.adjusted:
            return tuple(_ratio((end - start).days, basis) for start, end in pairwise(self.due))
        if self._whole is None:
            return tuple(self.fraction(k) for k in range(1, self.periods + 1))
        found = [self._whole] * self.periods
        for k in self._stubs:
            found[k - 1] = self.fraction(k)
        return tuple(found)

    def fraction_to(self, k: int, day: date) -> Fraction:
        """Year fraction from the start of period ``k`` to a day, exact."""
        if self._is_icma and k not in self._stubs and self.due[k - 1] <= day <= self.due[k]:
            start, end = self.due[k - 1], self.due[k]
            step = self.terms.schedule.step
            return Fraction((day - start).days * step, (end - start).days * _MONTHS_PER_YEAR)
        return fraction(self.terms, self.bound(k - 1), day, self.calendar)

    def period_of(self, day: date) -> int:
        """Number of the interest period that bears the interest of a day, by its accrual bounds.

        Raises:
            AccrualRefused: The day is before the issue or not before the end of the last period.
        """
        period = bisect_right(self.due, day)
        if self.terms.adjusted:
            if period > 1 and day < self.bound(min(period, self.periods + 1) - 1):
                period -= 1
            elif 1 <= period <= self.periods and day >= self.bound(period):
                period += 1
        if not 1 <= period <= self.periods:
            raise AccrualRefused(
                day, f"the bond bears interest from {self.due[0]} to the day before it ends, {self.due[-1]}"
            )
        return period

    def is_last(self, k: int) -> bool:
        """Whether what is left of the principal is repaid with period ``k``."""
        return k == self.periods

    def cycle(self, k: int) -> int:
        """How often the bond was renewed before period ``k``."""
        beyond = k - 1 - self.terms.schedule.periods
        return 0 if beyond < 0 else 1 + beyond // self.terms.provisions.renewal.periods

    def opens_cycle(self, k: int) -> bool:
        """Whether period ``k`` is the first after a renewal."""
        beyond = k - 1 - self.terms.schedule.periods
        return beyond >= 0 and beyond % self.terms.provisions.renewal.periods == 0

    def check(self, k: int) -> None:
        """Refuses a number that no period has.

        Raises:
            PeriodUnknown: There is no such period.
        """
        if not 1 <= k <= self.periods:
            raise PeriodUnknown(k, self.periods)

    def _own_calendar(self) -> Calendar:
        if self.calendar is None:
            raise InputError(
                f"payment days need the calendar {self.terms.calendar!r}", hint="Give it among the calendars."
            )
        return self.calendar

    def _fraction(self, k: int) -> Fraction:
        if self._whole is not None and k not in self._stubs:
            return self._whole
        start, end = self.bound(k - 1), self.bound(k)
        if end < start:  # a closure declared between two announcements turned an adjusted period round
            return Fraction(0)
        basis = _BASES.get(self.terms.day_count)
        return _ratio((end - start).days, basis) if basis else fraction(self.terms, start, end, self.calendar)


_ratio = lru_cache(maxsize=1024)(Fraction)


def _whole_of(terms: InterestTerms) -> Fraction | None:
    """The fraction that every regular period has, if it is one: its months by those of a year.

    By ICMA's rule; and by those of 30/360, where no day is a 31st or can be the end of February.
    """
    s = terms.schedule
    if s.unit is not PeriodUnit.MONTH or terms.adjusted:
        return None
    is_thirty = terms.day_count in _THIRTIES and s.anchor_day.day < _EVERY_MONTH and not s.end_of_month
    if is_thirty or terms.day_count is DayCount.ACT_ACT_ICMA:
        return _ratio(s.step, _MONTHS_PER_YEAR)
    return None


def _days_of(s: Schedule, periods: int) -> tuple[tuple[date, ...], tuple[int, ...]]:
    """``due_day`` of all periods at once, and the numbers of the periods that are stubs."""
    days = _regular_days(s, periods)
    stubs = [1] if days[0] != s.issue_day else []
    if days[s.periods] != s.maturity_day and s.periods not in stubs:
        stubs.append(s.periods)
    days[0], days[s.periods] = s.issue_day, s.maturity_day
    return tuple(days), tuple(stubs)


def _regular_days(s: Schedule, periods: int) -> list[date]:
    """``regular_day`` from 0 to the last period."""
    if s.unit is PeriodUnit.DAY or s.end_of_month or s.anchor_day.day > _EVERY_MONTH:
        return [regular_day(s, k) for k in range(periods + 1)]
    day, step = s.anchor_day.day, s.step
    first = s.anchor_day.year * _MONTHS_PER_YEAR + s.anchor_day.month - 1 - s.anchor_period * step
    months = range(first, first + (periods + 1) * step, step)
    return [date(month // 12, month % 12 + 1, day) for month in months]
