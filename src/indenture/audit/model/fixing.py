"""What a period is fixed at, from the terms and what is published by then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from indenture.audit.model.benchmarks import Benchmark
from indenture.audit.model.dates import add_months, day_number, month_length, to_date
from indenture.audit.model.deal import RATE_ONE, Deal, Fixing, NotKnown
from indenture.audit.model.terms import FLOATING, INFLATION, KPI, STEP, text
from indenture.audit.model.workdays import PRECEDING, Workdays

SOURCES = ("terms", "published", "last value", "previous rate", "fixed rate", "not published")
TERMS, PUBLISHED, LAST_VALUE, PREVIOUS_RATE, FIXED_RATE, NOT_PUBLISHED = range(len(SOURCES))
"""Where figures come from, in the order in which the contract numbers it."""

FALLBACKS = ("last value", "previous rate", "fixed rate")
_BY_LAST_VALUE, _, _BY_FIXED_RATE = range(len(FALLBACKS))

_DAYS_BACK = 31
_MONTHS_BACK = 12
_RATE_DIGITS = 7
_RATIO_DIGITS = 9
_MOST_RATE = 2**32 - 1


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found for a period."""

    rate: int
    source: int = TERMS
    value: int = 0
    day: int = 0
    ratio: int = 0


def fix(deal: Deal, period: int) -> Fixing:
    """The figures of a period, were it fixed at the moment of the deal.

    Raises:
        NotKnown: It is too early, or nothing is published and no fallback applies yet.
    """
    deal = deal.at(period)
    before = deal.before(period)
    seen = _look(deal, period, before.rate, before.index_ratio)
    deferred = deal.is_deferred(period)
    factor, arrears = deal.rolled(period, seen.rate, deferred=deferred)
    return Fixing(
        rate=seen.rate,
        source=seen.source,
        is_deferred=deferred,
        fixed_at=deal.time,
        value=seen.value,
        day=seen.day,
        index_ratio=seen.ratio,
        factor=factor,
        arrears=arrears,
    )


def _look(deal: Deal, period: int, previous: int, ratio: int) -> _Seen:
    kind = deal.terms.kind
    if kind == FLOATING:
        return (
            _compounded(deal, period, previous)
            if _floating(deal).compounded
            else _term(deal, period, previous)
        )
    renewal, beyond = deal.terms.provisions.renewal, period - 1 - deal.terms.periods
    if renewal.periods and beyond >= 0 and beyond % renewal.periods == 0:
        return _renewed(deal, period, previous)
    start = deal.ends(period - 1)
    _not_before(deal, start)
    if kind == INFLATION:
        late = _is_late(deal, deal.due(period))
        try:
            seen = price_index(deal, deal.due(period), late=late)
        except NotKnown:
            if not late:
                raise
            seen = _Seen(0, PREVIOUS_RATE, ratio=ratio if period > 1 else RATE_ONE)
        return replace(seen, rate=_begun(deal, period, previous))
    rate = deal.sealed_rate(period) if kind == STEP else _begun(deal, period, previous)
    return _tested(deal, period, rate, start) if kind == KPI else _Seen(rate)


def _begun(deal: Deal, period: int, previous: int) -> int:
    """The rate before, but where terms, or an extension, begin anew with theirs."""
    return deal.sealed_rate(period) if period in (deal.first, deal.extended[0]) else previous


def _floating(deal: Deal) -> Any:
    return deal.terms.provisions.floating


def _not_before(deal: Deal, day: date) -> None:
    if deal.today < day:
        raise NotKnown(f"nothing is fixed before {day}")


def _is_late(deal: Deal, day: date) -> bool:
    """Whether a fallback may stand in for what should be known of a day."""
    return deal.today >= day + timedelta(days=deal.terms.provisions.fallbackDays)


def _not_published(deal: Deal, benchmark: Benchmark, day: date, since: date) -> None:
    """Only what is late is given up, and only when no value lies there that can still be corrected."""
    if not _is_late(deal, since) or day_number(day) in benchmark.published:
        raise NotKnown(f"the value of {day} is not published, or can still be corrected")


def _benchmark(deal: Deal, code: bytes) -> tuple[Benchmark, Workdays]:
    if code not in deal.benchmarks:
        raise NotKnown(f"no benchmark {text(code)}")
    found = deal.benchmarks[code]
    return found, deal.workdays(found.market)


def _observed(workdays: Workdays, day: date, lag: int) -> date:
    return workdays.before(day, lag) if lag else workdays.roll(day, PRECEDING)


# --- rates


def _term(deal: Deal, period: int, previous: int) -> _Seen:
    floating = _floating(deal)
    benchmark, workdays = _benchmark(deal, floating.benchmark)
    day = _observed(workdays, deal.ends(period - 1), floating.lag)
    _not_before(deal, day)
    value = benchmark.on(day, deal.time)
    if value is not None:
        return _Seen(_all_in(deal, _rounded(deal, Fraction(value))), PUBLISHED, value, day_number(day))
    _not_published(deal, benchmark, day, day)
    last = benchmark.last(day, _DAYS_BACK, deal.time) if floating.fallbackRule == _BY_LAST_VALUE else None
    if last is None:
        return _fallback(deal, period, previous)
    return _Seen(_all_in(deal, _rounded(deal, Fraction(last[0]))), LAST_VALUE, last[0], day_number(last[1]))


def _compounded(deal: Deal, period: int, previous: int) -> _Seen:
    floating = _floating(deal)
    _, workdays = _benchmark(deal, floating.benchmark)
    first = _observed(workdays, deal.ends(period - 1), floating.lag)
    last = _observed(workdays, deal.ends(period), floating.lag)
    _not_before(deal, last)
    found = _between(deal, first, last)
    if found is None or not found[1]:
        if not _is_late(deal, last):
            raise NotKnown(f"{text(floating.benchmark)} up to {last} is not published")
        if found is None or floating.fallbackRule != _BY_LAST_VALUE:
            return _fallback(deal, period, previous)
    rate, complete = found
    return _Seen(_all_in(deal, rate), PUBLISHED if complete else LAST_VALUE, rate, day_number(last))


def compounded_so_far(deal: Deal, start: date, on: date) -> int:
    """The rate compounded from the start of a period to a day in it, all in."""
    floating = _floating(deal)
    _, workdays = _benchmark(deal, floating.benchmark)
    first, last = (_observed(workdays, day, floating.lag) for day in (start, on))
    found = _between(deal, first, last)
    if found is None or not found[1]:
        raise NotKnown(f"{text(floating.benchmark)} up to {last} is not published")
    return _all_in(deal, found[0])


def _between(deal: Deal, first: date, last: date) -> tuple[int, bool] | None:
    """The rate between two days by the index, rounded; whether each night has its own rate."""
    benchmark, workdays = _benchmark(deal, _floating(deal).benchmark)
    start, end = (benchmark.index(day, deal.time, workdays) for day in (first, last))
    if start is None or end is None:
        return None
    days = (last - first).days
    if days <= 0:
        return 0, end.complete
    growth = Fraction(end.value - start.value, start.value)
    return _rounded(deal, growth * benchmark.basis * RATE_ONE / days), end.complete


def _fallback(deal: Deal, period: int, previous: int) -> _Seen:
    """Rates of a fallback are all in: no spread, floor or cap."""
    floating = _floating(deal)
    by_terms = floating.fallbackRule == _BY_FIXED_RATE
    rate = floating.fallbackRate if by_terms or period == 1 else previous
    return _Seen(rate, FIXED_RATE if by_terms else PREVIOUS_RATE)


def _renewed(deal: Deal, period: int, previous: int) -> _Seen:
    renewal = deal.terms.provisions.renewal
    benchmark, workdays = _benchmark(deal, renewal.benchmark)
    day = _observed(workdays, deal.ends(period - 1), renewal.lag)
    _not_before(deal, day)
    value = benchmark.on(day, deal.time)
    if value is not None:
        rate = _bounded(value + renewal.spread + renewal.stepUp)
        return _Seen(rate, PUBLISHED, value, day_number(day))
    _not_published(deal, benchmark, day, day)
    return _Seen(_bounded(previous + renewal.stepUp), PREVIOUS_RATE)


def _tested(deal: Deal, period: int, rate: int, start: date) -> _Seen:
    """The rate after the tests of a period; of several, the last one is told."""
    seen = _Seen(rate)
    for test in deal.terms.provisions.tests:
        if test.period != period:
            continue
        benchmark, _ = _benchmark(deal, test.benchmark)
        value = benchmark.on(to_date(test.day), deal.time)
        if value is None:
            _not_published(deal, benchmark, to_date(test.day), start)
            seen, missed = _Seen(rate, NOT_PUBLISHED), True
        else:
            seen = _Seen(rate, PUBLISHED, value, test.day)
            missed = value > test.target if test.atMost else value < test.target
        rate += test.step if missed else 0
    return replace(seen, rate=_bounded(rate))


# --- price indices


def price_index(deal: Deal, on: date, *, late: bool) -> _Seen:
    """The reference index of a day, and its ratio to the base; the rate is left at zero."""
    inflation = deal.terms.provisions.inflation
    month = add_months(on.replace(day=1), -inflation.lagMonths)
    level, is_own = _level(deal, month, late=late)
    reference = Fraction(level)
    if inflation.interpolated and on.day > 1:
        following, is_too = _level(deal, add_months(month, 1), late=late)
        reference += Fraction((following - level) * (on.day - 1), month_length(on))
        is_own = is_own and is_too
    ratio = _half_up(reference / inflation.base * RATE_ONE, 10 ** (_RATIO_DIGITS - inflation.places))
    return _Seen(0, PUBLISHED if is_own else LAST_VALUE, floor(reference), day_number(on), ratio)


def _level(deal: Deal, month: date, *, late: bool) -> tuple[int, bool]:
    """The index of a month, and whether it is its own."""
    code = deal.terms.provisions.inflation.benchmark
    benchmark, _ = _benchmark(deal, code)
    value = benchmark.on(month, deal.time)
    if value is not None:
        return value, True
    last = benchmark.last(month, _MONTHS_BACK, deal.time) if late else None
    if last is None:
        raise NotKnown(f"{text(code)} of {month} is not published")
    return last[0], False


# --- rounding and bounds


def _rounded(deal: Deal, rate: Fraction) -> int:
    """A benchmark's rate, half up to the places of the terms."""
    return _half_up(rate, 10 ** (_RATE_DIGITS - _floating(deal).places))


def _half_up(value: Fraction, step: int) -> int:
    """The nearest multiple of a step, a half towards plus infinity."""
    return floor(value / step + Fraction(1, 2)) * step


def _all_in(deal: Deal, rate: int) -> int:
    floating = _floating(deal)
    return int(min(max(rate + floating.spread, floating.floor), floating.cap))


def _bounded(rate: int) -> int:
    return min(max(rate, 0), _MOST_RATE)
