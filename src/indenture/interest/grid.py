"""The days of a bond's periods, and their fractions of a year."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from indenture.calendars import Calendar
from indenture.daycount import DayCount
from indenture.errors import InputError
from indenture.provisions import PeriodUnit, Schedule
from indenture.schedule import LONGEST_CLOSURE, fraction, monotone, regular_day, rolled_due_day

from .errors import AccrualRefused, PeriodUnknown
from .life import AS_SEALED, Life
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
        terms: What interest is computed from, as sealed.
        calendars: Calendars by code; the bond's own only where periods are adjusted or BUS/252 counts.
        extended: Periods by which the bond is renewed beyond its life.
        announced: Payment days that are announced, by period: adjusted periods end on them for good.
        life: What has moved the bond off its terms: calls, extension, later terms, default.
        start: First period of the version that the terms are; 0 for those that were sealed.
    """

    __slots__ = (
        "_announced",
        "_bounds",
        "_fractions",
        "_is_icma",
        "_rolled",
        "_stubs",
        "_versions",
        "_whole",
        "calendar",
        "calendars",
        "due",
        "life",
        "periods",
        "sealed",
        "start",
        "terms",
    )

    def __init__(
        self,
        terms: InterestTerms,
        calendars: Mapping[str, Calendar] | None = None,
        *,
        extended: int = 0,
        announced: Mapping[int, date] | None = None,
        life: Life = AS_SEALED,
        start: int = 0,
    ) -> None:
        #: The terms of this version, as sealed.
        self.sealed = terms
        s = life.schedule_of(terms.schedule, extended)
        #: The same with the end of the term where it was moved.
        self.terms = terms = terms if s is terms.schedule else replace(terms, schedule=s)
        self.life, self.start = life, start
        self.calendars: Mapping[str, Calendar] = calendars or {}
        self.calendar = self.calendars.get(terms.calendar)
        #: Number of periods, as moved.
        self.periods = s.periods
        #: Due days, unadjusted; the issue day is number 0.
        self.due, self._stubs = _days_of(s)
        self._announced = announced or {}
        self._versions = tuple(
            Grid(
                each.terms,
                self.calendars,
                extended=extended,
                announced=announced,
                life=replace(life, versions=()),
                start=each.start,
            )
            for each in life.versions
        )
        self._rolled: dict[int, date] = {}
        self._bounds: dict[int, date] = {}
        self._fractions: dict[int, Fraction] = {}
        self._whole = _whole_of(terms)
        self._is_icma = self._whole is not None and terms.day_count is DayCount.ACT_ACT_ICMA

    def at(self, k: int) -> Grid:
        """The days by the version of the terms that is in force at the start of a period."""
        found = self
        for version in self._versions:
            if version.start > k:
                break
            found = version
        return found

    def bound(self, k: int) -> date:
        """The day on which interest period ``k`` ends and the next begins; the issue day for 0.

        No period ends before one that comes earlier: one that a late closure turned round has no days.

        Raises:
            PeriodUnknown: There is no such period.
            CalendarYearMissing: Periods are adjusted and the year is not published.
        """
        if not 0 <= k <= self.periods:
            raise PeriodUnknown(k, self.periods)
        if not self.terms.adjusted or k == 0 or (self.life.is_due and k == self.periods):
            return self.due[k]
        day = self._bounds.get(k)
        if day is None:
            day = self._bounds[k] = monotone(self.terms.schedule, k, self._rolled_day)
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
            CalendarYearMissing: Periods are adjusted, and the year of the day is not published.
        """
        period = bisect_right(self.due, day)
        if self.terms.adjusted and period:
            # Two due days can lie in one closure of the market: by more than one period. No day is rolled
            # that is far off: its year may not be published.
            while period > 1 and day < self._latest(period - 1) and day < self.bound(period - 1):
                period -= 1
            while period <= self.periods and day >= self._earliest(period) and day >= self.bound(period):
                period += 1
        if not 1 <= period <= self.periods:
            raise AccrualRefused(
                day, f"the bond bears interest from {self.due[0]} to the day before it ends, {self.due[-1]}"
            )
        return period

    def is_over(self, day: date) -> bool:
        """Whether a day lies at or after the end of the last period."""
        if not self.terms.adjusted:
            return day >= self.due[-1]
        return day >= self._earliest(self.periods) and day >= self.bound(self.periods)

    def is_last(self, k: int) -> bool:
        """Whether what is left of the principal is repaid with period ``k``."""
        return k == self.periods

    def cycle(self, k: int) -> int:
        """How often the bond was renewed before period ``k``."""
        beyond, periods = k - 1 - self.sealed.schedule.periods, self.terms.provisions.renewal.periods
        return 0 if beyond < 0 or not periods else 1 + beyond // periods

    def opens_cycle(self, k: int) -> bool:
        """Whether period ``k`` is the first after a renewal."""
        beyond, periods = k - 1 - self.sealed.schedule.periods, self.terms.provisions.renewal.periods
        return beyond >= 0 and periods > 0 and beyond % periods == 0

    def check(self, k: int) -> None:
        """Refuses a number that no period has.

        Raises:
            PeriodUnknown: There is no such period.
        """
        if not 1 <= k <= self.periods:
            raise PeriodUnknown(k, self.periods)

    def _latest(self, k: int) -> date:
        """A day that the end of period ``k`` is before, wherever it is rolled."""
        return self.due[k] + LONGEST_CLOSURE

    def _earliest(self, k: int) -> date:
        """A day that the end of period ``k`` is not before."""
        return self.due[k] - LONGEST_CLOSURE

    def _rolled_day(self, k: int) -> date:
        """The day on which period ``k`` is paid, for the end of its interest."""
        day = self._rolled.get(k)
        if day is None:
            day = self._announced.get(k) or rolled_due_day(self.terms, k, self.calendar)
            self._rolled[k] = day
        return day

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
        # None of its days: turned round by a closure declared between two announcements, or made due at once.
        if end <= start:
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


def _days_of(s: Schedule) -> tuple[tuple[date, ...], tuple[int, ...]]:
    """``due_day`` of all periods at once, and the numbers of the periods that are stubs."""
    days = _regular_days(s, s.periods)
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
