"""Rates of bonds that their issuer may renew: a new one for each cycle."""

from __future__ import annotations

from datetime import timedelta

from .errors import PeriodNotBegun, ValueNotPublished
from .grid import Grid
from .observation import Market, Observation, Source, observed_day
from .rates import limited


def renewed_rate(grid: Grid, period: int, previous_rate: int, market: Market) -> Observation:
    """The rate of a period after a renewal.

    Args:
        grid: The bond's days.
        period: Number of the period, beyond those of the first cycle.
        previous_rate: Rate of the period before.
        market: What is published.

    Raises:
        PeriodNotBegun: The day to observe has not come.
        ValueNotPublished: Its value is not there, and it is too early for the fallback.
        CalendarYearMissing: A year that is needed is not published.
    """
    if not grid.opens_cycle(period):
        return Observation(previous_rate)
    renewal = grid.terms.provisions.renewal
    series = market.series(renewal.benchmark)
    day = observed_day(grid.bound(period - 1), renewal.lag, market.calendar_of(series))
    if market.today < day:
        raise PeriodNotBegun(period, day)
    value = series.value(day)
    if value is not None:
        return Observation(limited(value + renewal.spread + renewal.step_up), Source.PUBLISHED, value, day)
    days = grid.terms.provisions.fallback_days
    if series.is_awaited(day) or not market.has_reached(day, days):
        raise ValueNotPublished(renewal.benchmark, day, day + timedelta(days=days))
    return Observation(limited(previous_rate + renewal.step_up), Source.PREVIOUS_RATE)
