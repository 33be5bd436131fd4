"""Index ratios and indexed payments against QuantLib's CPI flows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.daycount import DayCount
from indenture.interest import (
    Benchmark,
    BenchmarkKind,
    Fixing,
    Grid,
    InterestTerms,
    Market,
    Series,
    Source,
    ValueNotPublished,
    accrued,
    fix_on,
    index_ratio,
    interest_of,
    principal_of,
    unit_payment,
)
from indenture.interest.benchmark import month_of
from indenture.provisions import CouponKind, Inflation, Provisions
from indenture.rounding import RATE_SCALE

from .builders import COUNTERS, exact, faces, from_ql, market_on, ql_schedule, regular, terms_of, to_ql

pytestmark = pytest.mark.unit

CODE = "CPI"
FIRST = date(2015, 1, 1)
MONTHS = 240
LEVELS = {month_of(FIRST, -i): (100_000 + 137 * i + i * 7919 % 900 - 450) * 1_000_000 for i in range(MONTHS)}
PRICES = Series(Benchmark(CODE, BenchmarkKind.LEVEL, "X"), LEVELS)
LATER = date(2036, 1, 1)


@pytest.fixture(scope="module")
def index() -> Iterator[Any]:
    ql.Settings.instance().evaluationDate = to_ql(LATER)
    made = ql.ZeroInflationIndex(
        "CPI", ql.CustomRegion("X", "X"), False, ql.Monthly, ql.Period(1, ql.Months), ql.EURCurrency()
    )
    for month, level in LEVELS.items():
        made.addFixing(to_ql(month), level / RATE_SCALE)
    yield made
    ql.IndexManager.instance().clearHistories()
    ql.Settings.instance().evaluationDate = ql.Date()


@st.composite
def linkers(draw: st.DrawFn) -> InterestTerms:
    issued = draw(st.dates(date(2016, 3, 1), date(2024, 12, 31)))
    inflation = Inflation(
        benchmark=CODE,
        lag_months=draw(st.integers(1, 8)),
        interpolated=draw(st.booleans()),
        floored=draw(st.booleans()),
        places=draw(st.sampled_from([9, 6, 5, 3])),
        base=draw(st.integers(80_000_000_000, 140_000_000_000)),
    )
    return terms_of(
        regular(issued, draw(st.integers(1, 8)), draw(st.sampled_from([3, 6, 12]))),
        face_value=draw(faces()),
        kind=CouponKind.INFLATION,
        coupon_rate=draw(st.integers(1, 60_000_000)),
        day_count=draw(st.sampled_from([DayCount.ACT_360, DayCount.ACT_365F, DayCount.THIRTY_360])),
        provisions=Provisions(inflation=inflation),
    )


def rounded(value: Fraction, places: int) -> Fraction:
    steps = value * 10**places + Fraction(1, 2)
    return Fraction(steps.numerator // steps.denominator, 10**places)


def allowed_ratios(index: Any, day: date, inflation: Inflation) -> set[Fraction]:
    """QuantLib's ratio, rounded; a value in the middle may go either way, as its double is not exact."""
    kind = ql.CPI.Linear if inflation.interpolated else ql.CPI.Flat
    theirs = ql.CPI.laggedFixing(index, to_ql(day), ql.Period(inflation.lag_months, ql.Months), kind)
    ratio = Fraction(theirs) * RATE_SCALE / inflation.base
    return {rounded(ratio + e, inflation.places) for e in (Fraction(-1, 10**13), 0, Fraction(1, 10**13))}


@settings(max_examples=2000, deadline=None)
@given(linkers(), st.integers(1, 10**6))
def test_fix__inflation__as_quantlibs_cpi_flows(index: Any, terms: InterestTerms, units: int) -> None:
    inflation = terms.provisions.inflation
    grid, market = Grid(terms), market_on(LATER, PRICES)
    theirs = ql.CPILeg(
        [1.0],
        ql_schedule(terms.schedule),
        index,
        inflation.base / RATE_SCALE,
        ql.Period(inflation.lag_months, ql.Months),
        COUNTERS[terms.day_count],
        ql.Unadjusted,
        [(terms.coupon_rate or 0) / RATE_SCALE],
        growthOnly=False,
        observationInterpolation=ql.CPI.Linear if inflation.interpolated else ql.CPI.Flat,
    )
    fixings: list[Fixing] = []
    for k in range(1, grid.periods + 1):
        fixings.append(fix_on(grid, k, fixings[-1] if fixings else None, market))
        ratio = Fraction(fixings[-1].index_ratio, RATE_SCALE)
        coupon = ql.as_coupon(theirs[k - 1])
        fraction = exact(coupon.accrualPeriod())
        each = unit_payment(grid, k, fixings)

        assert ratio in allowed_ratios(index, grid.due[k], inflation)
        assert coupon.amount() == pytest.approx(
            float(ratio * fraction) * coupon_rate(terms), rel=10.0**-inflation.places
        )
        due = units * terms.face_value * ratio * Fraction(terms.coupon_rate or 0, RATE_SCALE) * fraction
        # The indexed face is rounded down to 1e-18 of a base unit before it bears interest.
        assert 0 <= due - interest_of(each, units) < 1 + Fraction(units, 10**18)
        if k == grid.periods:
            assert from_ql(theirs[k].date()) == grid.due[k]
            assert theirs[k].amount() == pytest.approx(float(ratio), rel=10.0**-inflation.places)
            repaid = max(ratio, Fraction(1)) if inflation.floored else ratio
            assert 0 <= units * terms.face_value * repaid - principal_of(each, units) < 1


def coupon_rate(terms: InterestTerms) -> float:
    return (terms.coupon_rate or 0) / RATE_SCALE


# --- by hand


def linker(**changes: Any) -> InterestTerms:
    """Two years, 1.5 %, from 15 March 2021, three months' lag."""
    inflation = Inflation(CODE, 3, interpolated=True, floored=True, places=5, base=100_000_000_000)
    return terms_of(
        kind=CouponKind.INFLATION,
        coupon_rate=15_000_000,
        day_count=DayCount.THIRTY_360,
        provisions=Provisions(inflation=replace(inflation, **changes), fallback_days=5),
    )


def levels(**months: int) -> Series:
    """Levels by month, written ``m202112=103_000`` for 103."""
    values = {date(int(name[1:5]), int(name[5:]), 1): level * 1_000_000 for name, level in months.items()}
    return Series(PRICES.benchmark, values)


def test_index_ratio__interpolated__days_of_the_month_of_the_day() -> None:
    series = levels(m202112=103_000, m202201=103_500)
    terms = linker()

    found = index_ratio(
        terms.provisions.inflation, date(2022, 3, 15), market_on(LATER, series), fallback_days=5
    )

    # 103 + 0.5 * 14/31 = 103.2258064..., of 100, to five decimals
    assert found == (1_032_260_000, 103_225_806_451, Source.PUBLISHED)


def test_index_ratio__first_of_the_month__needs_one_level_only() -> None:
    found = index_ratio(
        linker().provisions.inflation,
        date(2022, 3, 1),
        market_on(LATER, levels(m202112=103_000)),
        fallback_days=None,
    )

    assert found[0] == 1_030_000_000


def test_index_ratio__half__is_rounded_up() -> None:
    terms = linker(interpolated=False, places=3)

    ratios = [
        index_ratio(
            terms.provisions.inflation, date(2022, 3, 15), market_on(LATER, series), fallback_days=None
        )[0]
        for series in (levels(m202112=100_050), levels(m202112=100_049))
    ]

    assert ratios == [1_001_000_000, 1_000_000_000]


def test_fix__deflation__principal_is_floored_interest_is_not() -> None:
    terms = linker(interpolated=False)
    grid, market = Grid(terms), market_on(LATER, levels(m202112=98_000, m202212=97_000))
    first = fix_on(grid, 1, None, market)
    fixings = (first, fix_on(grid, 2, first, market))

    each = unit_payment(grid, 2, fixings)

    assert [fixing.index_ratio for fixing in fixings] == [980_000_000, 970_000_000]
    assert interest_of(each, 1000) == 145_500  # 10,000,000 * 0.97 * 1.5 %
    assert principal_of(each, 1000) == 10_000_000
    unfloored = Grid(linker(interpolated=False, floored=False))
    assert principal_of(unit_payment(unfloored, 2, fixings), 1000) == 9_700_000


def test_fix__level_missing__waits_and_then_takes_the_last_month() -> None:
    grid, series = Grid(linker()), levels(m202111=102_000)
    due = date(2022, 3, 15)

    with pytest.raises(ValueNotPublished) as caught:
        fix_on(grid, 1, None, market_on(date(2022, 3, 19), series))
    fixing = fix_on(grid, 1, None, market_on(date(2022, 3, 20), series))

    assert (caught.value.day, caught.value.fallback_from) == (date(2021, 12, 1), date(2022, 3, 20))
    assert (fixing.index_ratio, fixing.source) == (1_020_000_000, Source.LAST_VALUE)
    assert (fixing.value, fixing.day) == (102_000_000_000, due)


def test_fix__no_level_in_twelve_months__the_ratio_stays() -> None:
    grid, series = Grid(linker()), levels(m202011=100_000)
    previous = fix_on(grid, 1, None, market_on(date(2022, 3, 20), levels(m202111=102_000)))

    first = fix_on(grid, 1, None, market_on(LATER, series))
    second = fix_on(grid, 2, previous, market_on(LATER, series))

    assert (first.index_ratio, first.source, first.value, first.day) == (
        RATE_SCALE,
        Source.PREVIOUS_RATE,
        0,
        None,
    )
    assert (second.index_ratio, second.source) == (1_020_000_000, Source.PREVIOUS_RATE)


def test_accrued__inflation__takes_the_ratio_of_the_day() -> None:
    grid = Grid(linker(interpolated=False))
    market = market_on(date(2021, 9, 15), levels(m202106=101_000))

    found = accrued(grid, date(2021, 9, 15), market=market)

    assert found.amount == Fraction(10_000) * Fraction("1.01") * Fraction("0.015") / 2


def test_accrued__inflation_without_values__refused() -> None:
    grid, day = Grid(linker()), date(2021, 9, 15)

    with pytest.raises(ValueNotPublished):
        accrued(grid, day, market=Market({CODE: levels()}, {}, LATER))
