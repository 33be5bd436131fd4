"""Published values of benchmarks, and the compounded index of overnight rates.

The arithmetic of the index is that of the contract: it starts at 1e18 on the first day, and each business day
multiplies it by one plus the rate of the day before it, rounded down.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from indenture.calendars import Calendar
from indenture.dates import SECONDS_PER_DAY, to_day_number
from indenture.rounding import RATE_SCALE

from .errors import PublicationRefused

#: The compounded index on the first day of a series.
INDEX_SCALE = 10**18
#: Seconds by which UTC+14, where a day begins first, is ahead of UTC.
_EARLIEST_ZONE = 14 * 3600
#: Civil days in which a value is still taken for the last one.
STALE_DAYS = 31


class BenchmarkKind(IntEnum):
    """What the values of a benchmark are; the value is the one on chain."""

    RATE = 0
    """Yearly rate of a term, billionths."""
    OVERNIGHT = 1
    """Yearly rate of one business day to the next, billionths, compounded in an index."""
    LEVEL = 2
    """Level of a price index, billionths, published for the first day of each month."""
    FIGURE = 3
    """Verified figure of the issuer, billionths."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What is defined of a benchmark.

    Attributes:
        code: Its code, at most eight ASCII characters.
        kind: What its values are.
        market: Code of the calendar of its business days.
        basis: Days of a year that an overnight rate counts by, 360 or 365; 0 for other kinds.
        correctable_for: Seconds in which a published value may still be corrected.
    """

    code: str
    kind: BenchmarkKind
    market: str = ""
    basis: int = 0
    correctable_for: int = 0


class Series:
    """The values of a benchmark that stand for good at one moment.

    Args:
        benchmark: What they are values of.
        values: Billionths, by day; for the kind OVERNIGHT every business day from the first to the last.
        correctable: Days that are published and can still be corrected: they do not count yet, and no
            fallback stands in for them.
    """

    __slots__ = ("_correctable", "_days", "_indices", "benchmark", "values")

    def __init__(
        self, benchmark: Benchmark, values: Mapping[date, int], correctable: Collection[date] = ()
    ) -> None:
        self.benchmark = benchmark
        self._correctable = frozenset(correctable)
        self.values: Mapping[date, int] = values
        self._days = sorted(values)
        self._indices = self._compounded() if benchmark.kind is BenchmarkKind.OVERNIGHT else []

    def value(self, day: date) -> int | None:
        """Billionths, as published for exactly this day; None if nothing is."""
        return self.values.get(day)

    def is_awaited(self, day: date) -> bool:
        """Whether a value of the day lies there that can still be corrected."""
        return day in self._correctable

    def last_before(self, day: date, days: int = STALE_DAYS) -> date | None:
        """The latest published of so many civil days before a day; None if none of them is."""
        position = bisect_left(self._days, day)
        if not position:
            return None
        last = self._days[position - 1]
        return last if (day - last).days <= days else None

    def index(self, day: date, calendar: Calendar) -> int | None:
        """The compounded index of a day, 1e18 at the first; None until the business day before is published.

        Args:
            day: A business day of the market.
            calendar: The market's.
        """
        if day in self.values:
            return self._indices[bisect_left(self._days, day)]
        last = self.last_before(day)
        if last is None or calendar.add_business_days(day, -1) > last:
            return None
        return self._carried(last, day)

    def carried_index(self, day: date) -> int | None:
        """The index of a day, carried on at the last rate of the 31 days before; None without one."""
        if day in self.values:
            return self._indices[bisect_left(self._days, day)]
        last = self.last_before(day)
        return None if last is None else self._carried(last, day)

    def _carried(self, last: date, day: date) -> int:
        index = self._indices[bisect_left(self._days, last)]
        return _grown(index, self.values[last], (day - last).days, self.benchmark.basis)

    def _compounded(self) -> list[int]:
        indices: list[int] = []
        for position, day in enumerate(self._days):
            if not position:
                indices.append(INDEX_SCALE)
                continue
            before = self._days[position - 1]
            indices.append(
                _grown(indices[-1], self.values[before], (day - before).days, self.benchmark.basis)
            )
        return indices


class Publications:
    """What the administrator of a benchmark has published, by the rules of the contract.

    Args:
        benchmark: What was defined.
        calendar: Calendar of its market; only the kind OVERNIGHT needs it.
    """

    def __init__(self, benchmark: Benchmark, calendar: Calendar | None = None) -> None:
        self.benchmark = benchmark
        self._calendar = calendar
        self._values: dict[date, int] = {}
        self._final_at: dict[date, int] = {}
        self._last: date | None = None

    def publish(self, day: date, value: int, at: int) -> None:
        """Takes a value, or the correction of one.

        Args:
            day: The day it is for.
            value: Billionths.
            at: Time of the publication, Unix seconds.

        Raises:
            PublicationRefused: The day has begun nowhere, the value stands for good, or it is out of order.
        """
        code = self.benchmark.code
        if to_day_number(day) > (at + _EARLIEST_ZONE) // SECONDS_PER_DAY:
            raise PublicationRefused(code, day, "the day has begun nowhere")
        if day in self._values:
            if at >= self._final_at[day]:
                raise PublicationRefused(code, day, f"{self._values[day]} stands for good")
        else:
            self._check_order(day, at)
            self._final_at[day] = at + self.benchmark.correctable_for
            self._last = day
        self._values[day] = value

    def as_of(self, at: int) -> Series:
        """The values that stand for good at a moment, Unix seconds."""
        values = {day: value for day, value in self._values.items() if at >= self._final_at[day]}
        return Series(self.benchmark, values, self._values.keys() - values.keys())

    def _check_order(self, day: date, at: int) -> None:
        code, last = self.benchmark.code, self._last
        if last is not None and day <= last:
            raise PublicationRefused(
                code, day, f"{last} is published already", hint="Days are published in order."
            )
        if self.benchmark.kind is BenchmarkKind.LEVEL and day.day != 1:
            raise PublicationRefused(code, day, "a level is for the first day of a month")
        if self.benchmark.kind is BenchmarkKind.OVERNIGHT and self._calendar is not None:
            self._check_night(day, at, self._calendar)

    def _check_night(self, day: date, at: int, calendar: Calendar) -> None:
        code, last = self.benchmark.code, self._last
        if not calendar.is_business_day(day):
            raise PublicationRefused(code, day, "it is no business day")
        if last is None:
            return
        expected = calendar.add_business_days(last, 1)
        if day != expected:
            raise PublicationRefused(code, day, f"the next business day is {expected}")
        if at < self._final_at[last]:
            raise PublicationRefused(
                code, day, f"the rate of {last} can still be corrected", hint="Wait until it stands for good."
            )


def month_of(day: date, months_before: int = 0) -> date:
    """The first day of the month so many months before a day's: the day that the month's level is for."""
    year, month = divmod(day.year * 12 + day.month - 1 - months_before, 12)
    return date(year, month + 1, 1)


def _grown(index: int, rate: int, days: int, basis: int) -> int:
    year = RATE_SCALE * basis
    return index * (year + rate * days) // year
