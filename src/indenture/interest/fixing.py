"""Fixings: the rate of a period and what it leaves for the next, where more than the terms decides on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from indenture.calendars import Calendar
from indenture.errors import InputError
from indenture.provisions import FACTOR_SCALE, CouponKind
from indenture.rounding import RATE_SCALE

from .benchmark import Series
from .errors import (
    DeferralRefused,
    InterestError,
    PeriodNotBegun,
    PeriodNotFixed,
    PeriodOutOfOrder,
    ValueNotPublished,
)
from .floating import floating_rate
from .grid import Grid
from .inflation import index_ratio
from .kpi import kpi_rate
from .observation import Market, Observation, Source
from .rates import interest_down, needs_fixing, rate_of_terms, share_of
from .renewal import renewed_rate
from .terms import InterestTerms

#: Where interest that is added to the principal stops adding: 1,180 times the face.
MAX_FACTOR = 1 << 70


@dataclass(frozen=True, slots=True)
class Fixing:
    """What is settled of a period, once and for good.

    Attributes:
        period: Number of the period.
        rate: Billionths a year.
        source: Where the rate, or the index ratio, came from.
        is_deferred: Whether its interest is deferred.
        value: What was observed, billionths; 0 where nothing was.
        day: The day that the value is of; None where nothing was observed.
        index_ratio: Billionths; 0 where no price index is followed.
        factor: Principal after the period, 1e18 = the face; at the last period before what is left is repaid.
        arrears: Deferred interest after the period, 1e18 = the face.
        fixed_at: When it was fixed, Unix seconds; no part of what is compared.
    """

    period: int
    rate: int
    source: Source = Source.TERMS
    is_deferred: bool = False
    value: int = 0
    day: date | None = None
    index_ratio: int = 0
    factor: int = FACTOR_SCALE
    arrears: int = 0
    fixed_at: int = field(default=0, compare=False)


def fix(
    terms: InterestTerms,
    period: int,
    *,
    previous: Fixing | None,
    published: Mapping[str, Series],
    calendars: Mapping[str, Calendar],
    today: date,
    deferred: bool = False,
    extended: int = 0,
    announced: Mapping[int, date] | None = None,
) -> Fixing:
    """Fixes a period from what is published.

    Args:
        terms: What interest is computed from.
        period: Number of the period, the one after ``previous``.
        previous: Fixing of the period before; None for the first.
        published: Values that stand for good, by code of the benchmark.
        calendars: Calendars by code: the bond's, if its periods are adjusted, and those of the benchmarks.
        today: Civil day in the bond's zone.
        deferred: Whether the issuer has deferred the interest of this period.
        extended: Periods by which the bond was renewed.
        announced: Payment days that are announced, by period.

    Raises:
        PeriodOutOfOrder: The period before is not fixed, or this one is.
        PeriodNotBegun: It is too early.
        ValueNotPublished: A value is missing, and no fallback applies (yet).
        DeferralRefused: Its interest cannot be deferred.
        BenchmarkUnknown: No series of a benchmark of the terms was given.
        CalendarYearMissing: A year that is needed is not published.
        InputError: The bond needs no fixings, its coupon rate is open, or a calendar is missing.
    """
    if not needs_fixing(terms):
        raise InputError("the periods of this bond are not fixed one by one: its terms say all")
    grid = Grid(terms, calendars, extended=extended, announced=announced)
    return fix_on(grid, period, previous, Market(published, calendars, today), deferred=deferred)


def fix_on(
    grid: Grid, period: int, previous: Fixing | None, market: Market, *, deferred: bool = False
) -> Fixing:
    """``fix``, for many periods of one bond."""
    last = 0 if previous is None else previous.period
    if period != last + 1:
        raise PeriodOutOfOrder(period, last)
    grid.check(period)
    terms = grid.terms
    observed = _observe(grid, period, previous, market)
    ratio = 0
    if terms.kind is CouponKind.INFLATION:
        due = grid.due[period]
        wait = terms.provisions.fallback_days
        try:
            ratio, level, source = index_ratio(terms.provisions.inflation, due, market, fallback_days=wait)
            observed = Observation(observed.rate, source, level, due)
        except ValueNotPublished:
            if not market.has_reached(due, wait):
                raise
            # Not even a month of the year before: the ratio stays, so that no silence holds up a payment.
            ratio = RATE_SCALE if previous is None else previous.index_ratio
            observed = Observation(observed.rate, Source.PREVIOUS_RATE)
    return settled(grid, period, previous, observed, ratio, deferred=deferred)


def settled(
    grid: Grid, period: int, previous: Fixing | None, observed: Observation, ratio: int, *, deferred: bool
) -> Fixing:
    """The fixing of a period whose rate and index ratio are found: with factor and arrears after it.

    Args:
        grid: The bond's days.
        period: Number of the period.
        previous: Fixing of the period before; None for the first.
        observed: The rate, and what it was made from.
        ratio: Index ratio in billionths; 0 where no price index is followed.
        deferred: Whether the issuer has deferred its interest.

    Raises:
        DeferralRefused: It cannot be deferred.
        CalendarYearMissing: Its year fraction depends on a year that is not published.
    """
    terms = grid.terms
    factor, arrears = (FACTOR_SCALE, 0) if previous is None else (previous.factor, previous.arrears)
    is_capitalised = period <= terms.provisions.capitalised_until
    earned = 0
    if deferred:
        _check_deferral(grid, period, is_capitalised=is_capitalised)
    if deferred or is_capitalised:
        fraction = grid.fraction(period)
        earned = interest_down(factor, observed.rate, fraction)
        arrears = grown_arrears(terms, arrears, observed.rate, fraction)
    return Fixing(
        period=period,
        rate=observed.rate,
        source=observed.source,
        is_deferred=deferred,
        value=observed.value,
        day=observed.day,
        index_ratio=ratio,
        factor=min(factor + earned, MAX_FACTOR) if is_capitalised else factor - share_of(terms, period),
        arrears=arrears + earned if deferred else 0,
    )


def is_fixed_by(
    terms: InterestTerms,
    period: int,
    *,
    previous: Fixing | None,
    published: Mapping[str, Series],
    calendars: Mapping[str, Calendar],
    today: date,
    extended: int = 0,
    announced: Mapping[int, date] | None = None,
) -> InterestError | None:
    """What keeps a period from being fixed; None if nothing does, or if nothing needs to be fixed.

    Arguments are those of ``fix``.
    """
    if not needs_fixing(terms):
        return None
    try:
        fix(
            terms,
            period,
            previous=previous,
            published=published,
            calendars=calendars,
            today=today,
            extended=extended,
            announced=announced,
        )
    except InterestError as error:
        return error
    return None


def fixing_of(fixings: Sequence[Fixing], period: int) -> Fixing:
    """The fixing of a period, of fixings in the order of their periods.

    Raises:
        PeriodNotFixed: There is none.
    """
    if not 1 <= period <= len(fixings):
        raise PeriodNotFixed(period)
    return fixings[period - 1]


def grown_arrears(terms: InterestTerms, arrears: int, rate: int, fraction: Fraction) -> int:
    """Arrears with the interest that they bear themselves, if they do, rounded down; 1e18 = the face."""
    if not arrears or not terms.provisions.deferral.bears_interest:
        return arrears
    return arrears + interest_down(arrears, rate, fraction)


def _observe(grid: Grid, period: int, previous: Fixing | None, market: Market) -> Observation:
    terms = grid.terms
    if terms.kind is CouponKind.FLOATING:
        return floating_rate(grid, period, None if previous is None else previous.rate, market)
    before = rate_of_terms(terms, 1) if previous is None else previous.rate
    if period > terms.schedule.periods and grid.opens_cycle(period):
        return renewed_rate(grid, period, before, market)
    start = grid.bound(period - 1)
    if market.today < start:
        raise PeriodNotBegun(period, start)
    if terms.kind is CouponKind.KPI:
        return kpi_rate(grid, period, before, market)
    return Observation(before if period > terms.schedule.periods else rate_of_terms(terms, period))


def _check_deferral(grid: Grid, period: int, *, is_capitalised: bool) -> None:
    if not grid.terms.provisions.deferral.notice_days:
        raise DeferralRefused(period, "the terms do not provide for it")
    if is_capitalised:
        raise DeferralRefused(period, "it is added to the principal")
    if grid.is_last(period):
        raise DeferralRefused(period, "it is the last")
