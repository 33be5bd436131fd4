"""Rates that follow a benchmark: of a term, in advance; or compounded from overnight rates, in arrears."""

from __future__ import annotations

from datetime import date, timedelta

from indenture.calendars import Calendar
from indenture.provisions import Fallback, Floating
from indenture.rounding import RATE_SCALE

from .benchmark import Series
from .errors import PeriodNotBegun, ValueNotPublished
from .grid import Grid
from .observation import Market, Observation, Source, observed_day
from .rates import rounded, with_spread


def floating_rate(grid: Grid, period: int, previous_rate: int | None, market: Market) -> Observation:
    """The rate of a floating period, with its fallback.

    Args:
        grid: The bond's days.
        period: Number of the period.
        previous_rate: Rate of the period before; None for the first.
        market: What is published.

    Raises:
        PeriodNotBegun: The day to observe has not come.
        ValueNotPublished: Its value is not there, and it is too early for the fallback.
        CalendarYearMissing: A year that is needed is not published.
    """
    floating = grid.terms.provisions.floating
    series = market.series(floating.benchmark)
    calendar = market.calendar_of(series)
    day = observed_day(grid.bound(period if floating.compounded else period - 1), floating.lag, calendar)
    if market.today < day:
        raise PeriodNotBegun(period, day)
    start = observed_day(grid.bound(period - 1), floating.lag, calendar) if floating.compounded else day
    value = _published(series, floating, start, day, calendar)
    if value is not None:
        return _all_in(value, floating, Source.PUBLISHED, day)
    days = grid.terms.provisions.fallback_days
    is_awaited = not floating.compounded and series.is_awaited(day)
    if is_awaited or not market.has_reached(day, days):
        raise ValueNotPublished(floating.benchmark, day, day + timedelta(days=days))
    return _fallback(series, floating, start, day, previous_rate)


def rate_to(grid: Grid, period: int, day: date, market: Market) -> int:
    """The rate that a compounded period has earned up to a day, before it can be fixed.

    Raises:
        ValueNotPublished: The index of a day that counts is not there.
        CalendarYearMissing: A year that is needed is not published.
    """
    floating = grid.terms.provisions.floating
    series = market.series(floating.benchmark)
    calendar = market.calendar_of(series)
    start, end = (observed_day(each, floating.lag, calendar) for each in (grid.bound(period - 1), day))
    rate = compounded_rate(series, floating.places, start, end, calendar)
    if rate is None:
        raise ValueNotPublished(floating.benchmark, end)
    return with_spread(rate, floating)


def compounded_rate(
    series: Series, places: int, start: date, end: date, calendar: Calendar | None
) -> int | None:
    """The yearly rate that overnight rates compound to between two days; None if it is not there.

    Args:
        series: The overnight rates.
        places: Decimal places of a percent to which it is rounded.
        start: First day observed.
        end: Last day observed.
        calendar: Of their market; None: the index is carried on at the last rate where its days are missing.
    """
    first, last = (
        series.carried_index(day) if calendar is None else series.index(day, calendar) for day in (start, end)
    )
    if first is None or last is None:
        return None
    if end <= start:
        return 0
    grown = (last - first) * series.benchmark.basis * RATE_SCALE
    return rounded(grown, first * (end - start).days, places)


def _published(series: Series, floating: Floating, start: date, day: date, calendar: Calendar) -> int | None:
    if floating.compounded:
        return compounded_rate(series, floating.places, start, day, calendar)
    return series.value(day)


def _fallback(
    series: Series, floating: Floating, start: date, day: date, previous_rate: int | None
) -> Observation:
    if floating.fallback is Fallback.LAST_VALUE:
        found: date | None = day
        value: int | None
        if floating.compounded:
            value = compounded_rate(series, floating.places, start, day, None)
        else:
            found = series.last_before(day)
            value = None if found is None else series.value(found)
        if found is not None and value is not None:
            return _all_in(value, floating, Source.LAST_VALUE, found)
    if floating.fallback is Fallback.FIXED_RATE:
        return Observation(floating.fallback_rate, Source.FIXED_RATE)
    rate = floating.fallback_rate if previous_rate is None else previous_rate
    return Observation(rate, Source.PREVIOUS_RATE)


def _all_in(value: int, floating: Floating, source: Source, day: date) -> Observation:
    """With rounding, spread, floor and cap; a compounded value is rounded already, which changes nothing."""
    return Observation(with_spread(rounded(value, 1, floating.places), floating), source, value, day)
