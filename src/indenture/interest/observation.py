"""What a fixing observes: the day, the published value, and what stands in for a missing one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from indenture.calendars import Calendar, Convention
from indenture.errors import InputError

from .benchmark import Series
from .errors import BenchmarkUnknown


class Source(IntEnum):
    """Where the rate of a period came from; the value is the one on chain."""

    TERMS = 0
    """The terms alone."""
    PUBLISHED = 1
    """The value published for the day observed."""
    LAST_VALUE = 2
    """The last value published before it."""
    PREVIOUS_RATE = 3
    """The rate of the period before."""
    FIXED_RATE = 4
    """The fallback rate of the terms."""
    NOT_PUBLISHED = 5
    """A test counts as missed, as its figure was not published in time."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The rate of a period, and what it was made from.

    Attributes:
        rate: Billionths a year.
        source: Where it came from.
        value: What was observed, billionths; 0 where nothing was.
        day: The day that the value is of; None where nothing was observed.
    """

    rate: int
    source: Source = Source.TERMS
    value: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Market:
    """What is known on a day.

    Attributes:
        published: Series by code of the benchmark.
        calendars: Calendars by code.
        today: The day, in the bond's zone.
    """

    published: Mapping[str, Series]
    calendars: Mapping[str, Calendar]
    today: date

    def series(self, code: str) -> Series:
        """The series of a benchmark.

        Raises:
            BenchmarkUnknown: None was given.
        """
        try:
            return self.published[code]
        except KeyError:
            raise BenchmarkUnknown(code) from None

    def calendar_of(self, series: Series) -> Calendar:
        """The calendar of a benchmark's market.

        Raises:
            InputError: It was not given.
        """
        benchmark = series.benchmark
        try:
            return self.calendars[benchmark.market]
        except KeyError:
            raise InputError(
                f"{benchmark.code} needs the calendar {benchmark.market!r}, which is not given",
                hint="Give the calendar of its market too.",
            ) from None

    def has_reached(self, day: date, days: int) -> bool:
        """Whether so many civil days after a day have come."""
        return self.today >= day + timedelta(days=days)


def observed_day(start: date, lag: int, calendar: Calendar) -> date:
    """The day whose rate counts for a period: business days before its start, or the start, rolled back.

    Raises:
        CalendarYearMissing: It depends on a year that is not published.
    """
    return calendar.add_business_days(start, -lag) if lag else calendar.roll(start, Convention.PRECEDING)
