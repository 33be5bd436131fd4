"""Fixings: the rate of a period and what it leaves for the next, where more than the terms decides on it."""

from __future__ import annotations

from bisect import bisect_left
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
from .life import AS_SEALED, Life
from .observation import Market, Observation, Source
from .rates import interest_down, needs_fixing, scheduled_factor, sealed_rate
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
    life: Life = AS_SEALED,
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
        life: What has moved the bond off its terms.

    Raises:
        PeriodOutOfOrder: The period before is not fixed, or this one is.
        PeriodNotBegun: It is too early.
        ValueNotPublished: A value is missing, and no fallback applies (yet).
        DeferralRefused: Its interest cannot be deferred.
        BenchmarkUnknown: No series of a benchmark of the terms was given.
        CalendarYearMissing: A year that is needed is not published.
        InputError: The bond needs no fixings, its coupon rate is open, or a calendar is missing.
    """
    grid = Grid(terms, calendars, extended=extended, announced=announced, life=life)
    if not needs_fixing(grid.at(period).terms):
        raise InputError("the periods of this bond are not fixed one by one: its terms say all")
    return fix_on(grid, period, previous, Market(published, calendars, today), deferred=deferred)


def fix_on(
    grid: Grid, period: int, previous: Fixing | None, market: Market, *, deferred: bool = False
) -> Fixing:
    """``fix``, for many periods of one bond."""
    last = 0 if previous is None else previous.period
    if period != next_to_fix(grid, last):
        raise PeriodOutOfOrder(period, next_to_fix(grid, last) - 1)
    grid.check(period)
    previous = previous if last == period - 1 else None
    before = (
        sealed_rate(grid.at(max(period - 1, 1)), max(period - 1, 1)) if previous is None else previous.rate
    )
    grid = grid.at(period)
    terms = grid.terms
    observed = _observe(grid, period, before, market)
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
    terms, calls = grid.terms, grid.life.calls
    # Where none was fixed, as before a version that leaves figures open, what the terms began with.
    factor, arrears = scheduled_factor(terms, period - 1, calls), 0
    if previous is not None:
        factor, arrears = previous.factor, previous.arrears
    is_capitalised = is_added(grid, period)
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
        factor=_factor_after(grid, period, factor, earned if is_capitalised else 0),
        arrears=arrears + earned if deferred else 0,
    )


def next_to_fix(grid: Grid, last: int) -> int:
    """The period that is fixed next, beyond all periods when none is.

    Where the terms before a version leave nothing open, that is its first one.

    Args:
        grid: The bond's days.
        last: The last one that is fixed; 0 for none.
    """
    for period in range(last + 1, grid.periods + 1):
        if needs_fixing(grid.at(period).terms):
            return period
    return grid.periods + 1


def is_added(grid: Grid, period: int) -> bool:
    """Whether interest of a period is added to the principal; that of the last one is paid, even if early."""
    return period <= grid.terms.provisions.capitalised_until and not grid.is_last(period)


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
    life: Life = AS_SEALED,
) -> InterestError | None:
    """What keeps a period from being fixed; None if nothing does, or if nothing needs to be fixed.

    Arguments are those of ``fix``.
    """
    if not needs_fixing(Grid(terms, life=life).at(period).terms):
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
            life=life,
        )
    except InterestError as error:
        return error
    return None


def fixing_of(fixings: Sequence[Fixing], period: int) -> Fixing:
    """The fixing of a period, of fixings in the order of their periods.

    Raises:
        PeriodNotFixed: There is none.
    """
    # Mostly the first is of period 1; before a version that leaves figures open none may be.
    position = period - 1
    if not 0 <= position < len(fixings) or fixings[position].period != period:
        position = bisect_left(fixings, period, key=lambda each: each.period)
    if position == len(fixings) or fixings[position].period != period:
        raise PeriodNotFixed(period)
    return fixings[position]


def fixing_before(grid: Grid, period: int, fixings: Sequence[Fixing]) -> Fixing | None:
    """The fixing of the period before; None where a version begins that leaves open what was not before.

    Raises:
        PeriodNotFixed: There is none, and there should be.
    """
    if period == 1:
        return None
    try:
        return fixing_of(fixings, period - 1)
    except PeriodNotFixed:
        if period == grid.start:
            return None
        raise


def grown_arrears(terms: InterestTerms, arrears: int, rate: int, fraction: Fraction) -> int:
    """Arrears with the interest that they bear themselves, if they do, rounded down; 1e18 = the face."""
    if not arrears or not terms.provisions.deferral.bears_interest:
        return arrears
    return arrears + interest_down(arrears, rate, fraction)


def _factor_after(grid: Grid, period: int, before: int, added: int) -> int:
    """The factor that is fixed: calls in part are not in it, but in that of the schedule."""
    if grid.terms.provisions.instalments:
        return scheduled_factor(grid.terms, period, grid.life.calls)
    return min(before + added, MAX_FACTOR) if added else before


def _observe(grid: Grid, period: int, before: int, market: Market) -> Observation:
    """The rate of a period.

    Args:
        grid: The bond's days, by the terms in force.
        period: Number of the period.
        before: Rate of the period before, fixed or as its terms said; of the first, the coupon rate.
        market: What is published.
    """
    terms = grid.terms
    if terms.kind is CouponKind.FLOATING:
        return floating_rate(grid, period, None if period == 1 else before, market)
    if grid.opens_cycle(period):
        return renewed_rate(grid, period, before, market)
    start = grid.bound(period - 1)
    if market.today < start:
        raise PeriodNotBegun(period, start)
    is_stated = terms.kind is CouponKind.STEP or period in (1, grid.start, grid.life.extended_from)
    rate = sealed_rate(grid, period) if is_stated else before
    return kpi_rate(grid, period, rate, market) if terms.kind is CouponKind.KPI else Observation(rate)


def _check_deferral(grid: Grid, period: int, *, is_capitalised: bool) -> None:
    if not grid.terms.provisions.deferral.notice_days:
        raise DeferralRefused(period, "the terms do not provide for it")
    if is_capitalised:
        raise DeferralRefused(period, "it is added to the principal")
    if grid.is_last(period):
        raise DeferralRefused(period, "it is the last")
