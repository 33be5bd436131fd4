"""Floating rates against QuantLib: term rates with floor and cap, and compounded overnight rates."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.calendars import Convention
from indenture.daycount import DayCount
from indenture.interest import (
    Benchmark,
    BenchmarkKind,
    Fixing,
    Grid,
    InterestTerms,
    Market,
    Series,
    fix_on,
    interest_of,
    unit_payment,
)
from indenture.provisions import NO_CAP, CouponKind, Fallback, Floating, Provisions, Rounding
from indenture.rounding import RATE_SCALE

from .builders import (
    CALENDAR,
    CALENDARS,
    COUNTERS,
    MARKET,
    TARGET,
    exact,
    faces,
    from_ql,
    ql_schedule,
    regular,
    terms_of,
    to_ql,
)

pytestmark = pytest.mark.unit

COUNTS = (DayCount.ACT_360, DayCount.ACT_365F, DayCount.THIRTY_360, DayCount.THIRTY_E_360)
TERM = Benchmark("TERM3M", BenchmarkKind.RATE, MARKET)
NIGHTS = {basis: Benchmark(f"ON{basis}", BenchmarkKind.OVERNIGHT, MARKET, basis) for basis in (360, 365)}
FIRST, LAST = date(2018, 1, 2), date(2034, 12, 31)


@pytest.fixture(autouse=True)
def _quantlib_forgets() -> Iterator[None]:
    ql.Settings.instance().evaluationDate = to_ql(date(2035, 1, 2))
    yield
    ql.IndexManager.instance().clearHistories()
    ql.Settings.instance().evaluationDate = ql.Date()


def wave(day: date, seed: int) -> int:
    """A rate of a day between -1 % and 6 %, in hundredths of a basis point."""
    return (hash((day.toordinal(), seed)) % 70_000 - 10_000) * 1000


def business_days() -> list[date]:
    days = (FIRST + timedelta(days=i) for i in range((LAST - FIRST).days))
    return [day for day in days if CALENDAR.is_business_day(day)]


DAYS = business_days()
WAVES = {seed: {day: wave(day, seed) for day in DAYS} for seed in range(4)}
TERMS = {seed: Series(TERM, values) for seed, values in WAVES.items()}
NIGHTLY = {(seed, basis): Series(NIGHTS[basis], values) for seed, values in WAVES.items() for basis in NIGHTS}


def fixed_through(terms: InterestTerms, series: Series) -> tuple[Grid, tuple[Fixing, ...]]:
    grid = Grid(terms, CALENDARS)
    market = Market({series.benchmark.code: series}, CALENDARS, date(2035, 1, 2))
    fixings: list[Fixing] = []
    for k in range(1, grid.periods + 1):
        fixings.append(fix_on(grid, k, fixings[-1] if fixings else None, market))
    return grid, tuple(fixings)


@st.composite
def floaters(draw: st.DrawFn, *, compounded: bool) -> InterestTerms:
    step = draw(st.sampled_from([1, 3, 6, 12]))
    issued = draw(st.dates(date(2018, 3, 1), date(2024, 1, 31)))
    floor = draw(st.integers(0, 30_000_000))
    lag = draw(st.integers(1 if compounded else 0, 5))
    floating = Floating(
        benchmark="ON" if compounded else TERM.code,
        compounded=compounded,
        lag=lag,
        spread=draw(st.integers(-10_000_000, 30_000_000)),
        floor=floor,
        cap=draw(st.one_of(st.just(NO_CAP), st.integers(floor, 60_000_000))),
        places=draw(st.sampled_from([7, 5, 4, 2])),
        fallback=Fallback.PREVIOUS_RATE,
    )
    return terms_of(
        regular(issued, draw(st.integers(1, 8)), step),
        face_value=draw(faces()),
        kind=CouponKind.FLOATING,
        coupon_rate=0,
        day_count=draw(st.sampled_from(COUNTS)),
        roll=Convention.FOLLOWING,
        provisions=Provisions(floating=floating),
        rounding=draw(st.sampled_from(Rounding)),
    )


def rounded(value: Fraction, places: int) -> Fraction:
    """Half up to decimals of a percent, independently of the code under test."""
    unit = Fraction(1, 10 ** (places + 2))
    steps = value / unit + Fraction(1, 2)
    return (steps.numerator // steps.denominator) * unit


def check_amounts(grid: Grid, fixings: tuple[Fixing, ...], period: int, rate: Fraction, units: int) -> None:
    """What a holding is paid is less than a base unit from QuantLib's exact figure."""
    terms = grid.terms
    count = COUNTERS[terms.day_count].yearFraction(*(to_ql(grid.due[k]) for k in (period - 1, period)))
    due = terms.face_value * rate * exact(count)
    ours = interest_of(unit_payment(grid, period, fixings), units)
    if terms.rounding is Rounding.HOLDING_DOWN:
        assert abs(units * due - ours) < 1
    else:
        assert abs(due - Fraction(ours, units)) < 1


@settings(max_examples=2000, deadline=None)
@given(floaters(compounded=False), st.sampled_from(sorted(TERMS)), st.integers(1, 10**6))
def test_fix__term_rate__as_quantlibs_capped_and_floored_coupon(
    terms: InterestTerms, seed: int, units: int
) -> None:
    """QuantLib does not round, so that it is given rounded values; spread, cap and floor are its own."""
    series, floating = TERMS[seed], terms.provisions.floating
    grid, fixings = fixed_through(terms, series)
    index = term_index(terms.schedule.step)
    for fixing in fixings:
        assert fixing.day is not None
        value = rounded(Fraction(series.values[fixing.day], RATE_SCALE), floating.places)
        index.addFixing(to_ql(fixing.day), float(value), True)

    leg = ql.IborLeg(
        [1e6],
        ql_schedule(terms.schedule),
        index,
        COUNTERS[terms.day_count],
        ql.Unadjusted,
        [floating.lag],
        [1.0],
        [floating.spread / RATE_SCALE],
        [] if floating.cap == NO_CAP else [floating.cap / RATE_SCALE],
        [floating.floor / RATE_SCALE],
    )
    pricer = ql.BlackIborCouponPricer(ql.OptionletVolatilityStructureHandle())
    ql.setCouponPricer(leg, pricer)

    for fixing, flow in zip(fixings, leg, strict=True):
        coupon = ql.as_floating_rate_coupon(flow)
        assert fixing.day == from_ql(coupon.fixingDate())
        assert fixing.rate / RATE_SCALE == pytest.approx(coupon.rate(), abs=1e-14)
        check_amounts(grid, fixings, fixing.period, exact_rate(coupon.rate()), units)


@settings(max_examples=1500, deadline=None)
@given(
    floaters(compounded=True),
    st.sampled_from(sorted(TERMS)),
    st.sampled_from(sorted(NIGHTS)),
    st.integers(1, 10**6),
)
def test_fix__compounded__as_quantlibs_coupon_with_lookback_and_observation_shift(
    terms: InterestTerms, seed: int, basis: int, units: int
) -> None:
    """QuantLib rolls bounds back to a business day before it counts the lag; it is given business days.

    The lag before a holiday ends on the same day as the lag before the business day after it.
    """
    series, floating = NIGHTLY[seed, basis], terms.provisions.floating
    terms = with_benchmark(terms, series.benchmark.code)
    grid, fixings = fixed_through(terms, series)
    index = overnight_index(basis, seed)

    for fixing in fixings:
        bounds = (to_ql(grid.due[k]) for k in (fixing.period - 1, fixing.period))
        start, end = (TARGET.adjust(day, ql.Following) for day in bounds)
        coupon = ql.OvernightIndexedCoupon(
            end,
            1e6,
            start,
            end,
            index,
            1.0,
            0.0,
            ql.Date(),
            ql.Date(),
            COUNTERS[terms.day_count],
            False,
            ql.RateAveraging.Compound,
            floating.lag,
            0,
            True,
        )
        theirs = coupon.rate()
        # Its double is good to about 1e-13, so that a value in the middle may go either way.
        candidates = {rounded(Fraction(theirs + e), floating.places) for e in (-1e-12, 0.0, 1e-12)}
        allowed = {clamp(each + Fraction(floating.spread, RATE_SCALE), floating) for each in candidates}

        rate = Fraction(fixing.rate, RATE_SCALE)
        assert rate in allowed
        assert fixing.day == from_ql(coupon.valueDates()[-1])
        check_amounts(grid, fixings, fixing.period, rate, units)


def clamp(rate: Fraction, floating: Floating) -> Fraction:
    floor, cap = Fraction(floating.floor, RATE_SCALE), Fraction(floating.cap, RATE_SCALE)
    return min(max(rate, floor), cap)


def exact_rate(rate: float) -> Fraction:
    """The billionths behind a rate."""
    return Fraction(round(rate * RATE_SCALE), RATE_SCALE)


def with_benchmark(terms: InterestTerms, code: str) -> InterestTerms:
    floating = replace(terms.provisions.floating, benchmark=code)
    return replace(terms, provisions=replace(terms.provisions, floating=floating))


def term_index(step: int) -> Any:
    period = ql.Period(step, ql.Months)
    return ql.IborIndex(
        "TERM", period, 2, ql.EURCurrency(), TARGET, ql.ModifiedFollowing, False, ql.Actual360()
    )


def overnight_index(basis: int, seed: int) -> Any:
    counter = ql.Actual360() if basis == 360 else ql.Actual365Fixed()
    index = ql.OvernightIndex(f"ON{basis}S{seed}", 0, ql.EURCurrency(), TARGET, counter)
    if not index.hasHistoricalFixing(to_ql(DAYS[0])):
        values = WAVES[seed]
        index.addFixings([to_ql(day) for day in DAYS], [values[day] / RATE_SCALE for day in DAYS])
    return index
