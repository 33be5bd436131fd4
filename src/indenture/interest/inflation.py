"""Index ratios of bonds that follow prices."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from indenture.provisions import Inflation
from indenture.rounding import RATE_SCALE

from .benchmark import Series, month_of
from .errors import ValueNotPublished
from .observation import Market, Source
from .rates import half_up

#: Months whose level stands in for one that is not published.
LAST_MONTHS = 12
_RATIO_PLACES = 9


def index_ratio(
    inflation: Inflation, day: date, market: Market, *, fallback_days: int | None
) -> tuple[int, int, Source]:
    """The index ratio of a day, what the index was, and where it came from.

    Args:
        inflation: The bond's terms.
        day: A due day, unadjusted, or any day that interest has accrued to.
        market: What is published.
        fallback_days: Civil days after the day from which the last published month counts; None for never.

    Returns:
        Ratio in billionths, rounded as the terms say; reference index of the day in billionths, rounded down.

    Raises:
        ValueNotPublished: A month is missing, and there is no fallback (yet).
    """
    series = market.series(inflation.benchmark)
    first = month_of(day, inflation.lag_months)
    level, source = _level(series, first, day, market, fallback_days)
    numerator, denominator = level, 1
    if inflation.interpolated and day.day > 1:
        following, other = _level(series, month_of(first, -1), day, market, fallback_days)
        source = max(source, other)
        denominator = calendar.monthrange(day.year, day.month)[1]
        numerator = level * denominator + (following - level) * (day.day - 1)
    unit: int = 10 ** (_RATIO_PLACES - inflation.places)
    ratio = half_up(numerator * RATE_SCALE, denominator * inflation.base * unit) * unit
    return ratio, numerator // denominator, source


def _level(
    series: Series, month: date, day: date, market: Market, fallback_days: int | None
) -> tuple[int, Source]:
    level = series.value(month)
    if level is not None:
        return level, Source.PUBLISHED
    if fallback_days is None or not market.has_reached(day, fallback_days):
        until = None if fallback_days is None else day + timedelta(days=fallback_days)
        raise ValueNotPublished(series.benchmark.code, month, until)
    for months in range(1, LAST_MONTHS + 1):
        level = series.value(month_of(month, months))
        if level is not None:
            return level, Source.LAST_VALUE
    raise ValueNotPublished(series.benchmark.code, month)
