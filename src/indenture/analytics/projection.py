"""The fixings of a bond to its end: those that are there, those that can be made, and assumed ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from indenture.calendars import Calendar
from indenture.errors import CalendarYearMissing
from indenture.interest import (
    AS_SEALED,
    Benchmark,
    BenchmarkKind,
    BenchmarkUnknown,
    Fixing,
    Grid,
    InterestTerms,
    Life,
    Market,
    Observation,
    PeriodNotBegun,
    Series,
    ValueNotPublished,
    fix_on,
    index_ratio,
    next_to_fix,
    sealed_rate,
    settled,
)
from indenture.interest.benchmark import month_of
from indenture.interest.kpi import is_missed
from indenture.interest.rates import limited, rounded, with_spread
from indenture.provisions import CouponKind, KpiTest

from .assumptions import AssumptionMissing, Assumptions

_MONTHS_PER_YEAR = 12
_WEEKDAYS = 5
#: The longest closure of a market that a payment is rolled over.
_ROLLED_AT_MOST = timedelta(days=14)
#: Billionths in a percent.
_PERCENT = 10_000_000


@dataclass(frozen=True, slots=True)
class Projection:
    """A bond with the figures of all its periods.

    Attributes:
        grid: Its days, with assumed renewals.
        fixings: Of all periods, in their order; empty for a bond that needs none.
        known: Periods whose figures are not assumed.
        market: Published values, and assumed levels of a price index.
        assumed: What was assumed, in words.
    """

    grid: Grid
    fixings: tuple[Fixing, ...]
    known: int
    market: Market
    assumed: tuple[str, ...]


def project(
    terms: InterestTerms,
    assumptions: Assumptions,
    *,
    calendars: Mapping[str, Calendar],
    market: Market | None = None,
    fixings: Sequence[Fixing] = (),
    extended: int = 0,
    announced: Mapping[int, date] | None = None,
    life: Life = AS_SEALED,
) -> Projection:
    """Fixes all periods: from what is fixed, then from what is published, then from what is assumed.

    Args:
        terms: What interest is computed from.
        assumptions: For all that is not known.
        calendars: Calendars by code.
        market: What is published; nothing if left out.
        fixings: Of the first periods, in their order.
        extended: Periods by which the bond was renewed.
        announced: Payment days that are announced, by period.
        life: What has moved the bond off its terms; a bond that was called is not renewed.

    Raises:
        AssumptionMissing: Something is neither known nor assumed.
        CalendarYearMissing: Interest depends on business days of a year that is not published.
    """
    notes: list[str] = []
    if not life.price:
        extended += _renewals(terms, assumptions, notes)
    grid = Grid(terms, calendars, extended=extended, announced=announced, life=life)
    if assumptions.weekdays:
        calendars = _extended(calendars, grid, notes)
        grid = Grid(terms, calendars, extended=extended, announced=announced, life=life)
    known = market or Market({}, calendars, date.min)
    if next_to_fix(grid, 0) > grid.periods:
        return Projection(grid, (), grid.periods, known, tuple(notes))
    deferred = _deferred(terms, assumptions, notes)
    # A call may have taken back the index of a period that ends earlier now.
    found = [each for each in fixings if each.period <= grid.periods]
    _fix_published(grid, found, known, deferred)
    first = _next(grid, found)
    known = _with_levels(grid, assumptions, known, notes)
    while (period := _next(grid, found)) <= grid.periods:
        previous = found[-1] if found and found[-1].period == period - 1 else None
        there = grid.at(period)
        observed, ratio = _assumed(there, period, previous, assumptions, known)
        found.append(settled(there, period, previous, observed, ratio, deferred=period in deferred))
    if first <= grid.periods:
        notes += _words(grid, assumptions, first)
    return Projection(grid, tuple(found), min(first - 1, grid.periods), known, tuple(notes))


def _next(grid: Grid, found: Sequence[Fixing]) -> int:
    return next_to_fix(grid, found[-1].period if found else 0)


def _fix_published(grid: Grid, found: list[Fixing], market: Market, deferred: tuple[int, ...]) -> None:
    """Adds the fixings that could be made today."""
    missing = (PeriodNotBegun, ValueNotPublished, BenchmarkUnknown, CalendarYearMissing)
    while (period := _next(grid, found)) <= grid.periods:
        try:
            fixing = fix_on(grid, period, found[-1] if found else None, market, deferred=period in deferred)
        except missing:
            return
        found.append(fixing)


def _assumed(
    grid: Grid, period: int, previous: Fixing | None, assumptions: Assumptions, market: Market
) -> tuple[Observation, int]:
    """The rate of a period that is not known, and its index ratio."""
    terms, provisions = grid.terms, grid.terms.provisions
    before = sealed_rate(grid, period) if previous is None else previous.rate
    if terms.kind is CouponKind.FLOATING:
        value = _forward(provisions.floating.benchmark, assumptions)
        rate = with_spread(rounded(value, 1, provisions.floating.places), provisions.floating)
        return Observation(rate, value=value), 0
    if terms.kind is CouponKind.KPI:
        moves = (
            test.step
            for test in provisions.tests
            if test.period == period and _missed(test, assumptions, market)
        )
        stated = sealed_rate(grid, period) if _is_stated(grid, period) else before
        return Observation(limited(stated + sum(moves))), 0
    if terms.kind is CouponKind.INFLATION:
        due = grid.due[period]
        ratio, level, _ = index_ratio(provisions.inflation, due, market, fallback_days=None)
        return Observation(sealed_rate(grid, period), value=level, day=due), ratio
    if not grid.opens_cycle(period):
        is_stated = terms.kind is CouponKind.STEP or _is_stated(grid, period)
        return Observation(sealed_rate(grid, period) if is_stated else before), 0
    value = _forward(provisions.renewal.benchmark, assumptions)
    return Observation(
        limited(value + provisions.renewal.spread + provisions.renewal.step_up), value=value
    ), 0


def _is_stated(grid: Grid, period: int) -> bool:
    """Whether the terms say the rate anew: at the issue, at a version of the terms, after an extension."""
    return period in (1, grid.start, grid.life.extended_from)


def _forward(benchmark: str, assumptions: Assumptions) -> int:
    if assumptions.forward_rate is None:
        raise AssumptionMissing("forward_rate", f"payments depend on what {benchmark} will be")
    return int(assumptions.forward_rate * _PERCENT)


def _missed(test: KpiTest, assumptions: Assumptions, market: Market) -> bool:
    series = market.published.get(test.benchmark)
    figure = None if series is None else series.value(test.day)
    if figure is not None:
        return is_missed(test, figure)
    if assumptions.kpi_met is None:
        raise AssumptionMissing("kpi_met", f"the rate depends on {test.benchmark} of {test.day}")
    return not assumptions.kpi_met


def _renewals(terms: InterestTerms, assumptions: Assumptions, notes: list[str]) -> int:
    cycle = terms.provisions.renewal.periods
    if not cycle:
        return 0
    if assumptions.renewals is None:
        raise AssumptionMissing("renewals", "the issuer may renew the bond")
    times = "time" if assumptions.renewals == 1 else "times"
    notes.append(f"the issuer renews the bond {assumptions.renewals} more {times}")
    return cycle * assumptions.renewals


def _deferred(terms: InterestTerms, assumptions: Assumptions, notes: list[str]) -> tuple[int, ...]:
    if not terms.provisions.deferral.notice_days:
        return ()
    if assumptions.deferred is None:
        raise AssumptionMissing("deferred", "the issuer may defer interest")
    which = ", ".join(str(period) for period in assumptions.deferred)
    notes.append(
        f"the issuer defers the interest of periods {which}" if which else "the issuer defers no interest"
    )
    return assumptions.deferred


def _with_levels(grid: Grid, assumptions: Assumptions, market: Market, notes: list[str]) -> Market:
    """The market with levels of the price index to the end; without any published, from the bond's base."""
    if grid.terms.kind is not CouponKind.INFLATION:
        return market
    inflation = grid.terms.provisions.inflation
    series = market.published.get(inflation.benchmark)
    levels = dict(series.values) if series else {}
    start = max(levels) if levels else month_of(grid.due[0], inflation.lag_months)
    level = levels.setdefault(start, inflation.base)
    months = _months_to(start, month_of(grid.due[-1], inflation.lag_months - 1))
    if months <= 0:
        return market
    if assumptions.inflation is None:
        raise AssumptionMissing("inflation", f"payments depend on {inflation.benchmark} after {start}")
    growth = 1 + float(assumptions.inflation) / 100
    for month in range(1, months + 1):
        levels[month_of(start, -month)] = round(level * growth ** (month / _MONTHS_PER_YEAR))
    notes.append(f"{inflation.benchmark} grows by {assumptions.inflation} % a year from {start} on")
    benchmark = series.benchmark if series else Benchmark(inflation.benchmark, BenchmarkKind.LEVEL)
    published = {**market.published, inflation.benchmark: Series(benchmark, levels)}
    return Market(published, market.calendars, market.today)


def _months_to(start: date, end: date) -> int:
    return (end.year - start.year) * _MONTHS_PER_YEAR + end.month - start.month


def _words(grid: Grid, assumptions: Assumptions, first: int) -> list[str]:
    provisions = grid.terms.provisions
    notes = []
    if grid.terms.kind is CouponKind.FLOATING:
        notes.append(
            f"{provisions.floating.benchmark} is {assumptions.forward_rate} % from period {first} on"
        )
    if provisions.renewal.periods and grid.periods > max(first - 1, grid.sealed.schedule.periods):
        notes.append(f"{provisions.renewal.benchmark} is {assumptions.forward_rate} % at each renewal")
    if any(test.period >= first for test in provisions.tests) and assumptions.kpi_met is not None:
        notes.append(
            f"figures that are not published {'meet' if assumptions.kpi_met else 'miss'} their targets"
        )
    return notes


def _extended(calendars: Mapping[str, Calendar], grid: Grid, notes: list[str]) -> dict[str, Calendar]:
    """The calendars with Mondays to Fridays in the bond's years that are not published."""
    years = range(grid.due[0].year, (grid.due[-1] + _ROLLED_AT_MOST).year + 1)
    found = {}
    for code, calendar in calendars.items():
        missing = [year for year in years if year not in calendar.years]
        bitmaps = {**calendar.years, **{year: _weekdays(year) for year in missing}}
        found[code] = Calendar.from_bitmaps(code, bitmaps, version=calendar.version, source=calendar.source)
        if missing and code == grid.terms.calendar:
            notes.append(f"Monday to Friday are business days of {code} in {_years_in_words(missing)}")
    return found


def _years_in_words(years: Sequence[int]) -> str:
    """``2027 to 2029``, or each of them where some between are published."""
    if len(years) > 1 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]} to {years[-1]}"
    return ", ".join(str(year) for year in years)


def _weekdays(year: int) -> int:
    first = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - first).days
    return sum(1 << i for i in range(days) if (first + timedelta(days=i)).weekday() < _WEEKDAYS)
