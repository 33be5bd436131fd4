"""Rates that verified figures of the issuer move."""

from __future__ import annotations

from datetime import timedelta

from indenture.provisions import KpiTest

from .errors import ValueNotPublished
from .grid import Grid
from .observation import Market, Observation, Source
from .rates import limited


def kpi_rate(grid: Grid, period: int, previous_rate: int, market: Market) -> Observation:
    """The rate of the period before, moved by each test of this period that is missed.

    Args:
        grid: The bond's days.
        period: Number of the period, which has begun.
        previous_rate: Rate of the period before; the coupon rate for the first.
        market: What is published.

    Raises:
        ValueNotPublished: A figure is not there, and it is too early to count its test as missed.
    """
    rate, source, value, day = previous_rate, Source.TERMS, 0, None
    for test in grid.terms.provisions.tests:
        if test.period != period:
            continue
        series = market.series(test.benchmark)
        figure = series.value(test.day)
        if figure is None:
            start, days = grid.bound(period - 1), grid.terms.provisions.fallback_days
            if series.is_awaited(test.day) or not market.has_reached(start, days):
                raise ValueNotPublished(test.benchmark, test.day, start + timedelta(days=days))
            source, value, day = Source.NOT_PUBLISHED, 0, None
        else:
            source, value, day = Source.PUBLISHED, figure, test.day
        if figure is None or is_missed(test, figure):
            rate += test.step
    return Observation(limited(rate), source, value, day)


def is_missed(test: KpiTest, figure: int) -> bool:
    """Whether a figure is above a target it must not be above, or below one it must reach."""
    return figure > test.target if test.at_most else figure < test.target
