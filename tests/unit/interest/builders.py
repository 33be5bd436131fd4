"""Random terms, and QuantLib's view of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import QuantLib as ql
from hypothesis import strategies as st

from indenture.calendars import Calendar
from indenture.dates import add_months
from indenture.daycount import DayCount
from indenture.interest import Grid, InterestTerms, Market, Series
from indenture.provisions import (
    CouponKind,
    Instalment,
    PeriodUnit,
    Provisions,
    Rounding,
    Schedule,
    Step,
)
from indenture.rounding import RATE_SCALE
from indenture.schedule import regular_day

#: Decimals of the currencies of the tests: yen, yuan, a stable coin, ether.
DECIMALS = (0, 2, 6, 18)
MARKET = "X-TARGET"
#: One unit of 100 yuan.
FACE = 10_000
ISSUED = date(2021, 3, 15)


# --- QuantLib


def to_ql(day: date) -> ql.Date:
    return ql.Date(day.day, day.month, day.year)


def from_ql(day: ql.Date) -> date:
    return date(day.year(), day.month(), day.dayOfMonth())


def ql_calendar(code: str, market: ql.Calendar, years: Iterable[int]) -> Calendar:
    """A calendar of ours with QuantLib's business days."""
    return Calendar.from_bitmaps(
        code,
        {
            year: sum(1 << i for i, day in enumerate(_days(year)) if market.isBusinessDay(to_ql(day)))
            for year in years
        },
    )


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=i) for i in range((date(year + 1, 1, 1) - first).days)]


TARGET = ql.TARGET()
CALENDAR = ql_calendar(MARKET, TARGET, range(1975, 2081))
CALENDARS = {MARKET: CALENDAR}

#: Day counts that need neither reference periods nor the maturity.
COUNTERS = {
    DayCount.ACT_360: ql.Actual360(),
    DayCount.ACT_365F: ql.Actual365Fixed(),
    DayCount.THIRTY_360: ql.Thirty360(ql.Thirty360.BondBasis),
    DayCount.THIRTY_E_360: ql.Thirty360(ql.Thirty360.EurobondBasis),
    DayCount.ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
    DayCount.NL_365: ql.Actual365Fixed(ql.Actual365Fixed.NoLeap),
    DayCount.THIRTY_360_US: ql.Thirty360(ql.Thirty360.USA),
    DayCount.BUS_252: ql.Business252(TARGET),
}


def ql_counter(terms: InterestTerms, schedule: ql.Schedule) -> ql.DayCounter:
    if terms.day_count is DayCount.ACT_ACT_ICMA:
        return ql.ActualActual(ql.ActualActual.ISMA, schedule)
    if terms.day_count is DayCount.THIRTY_E_360_ISDA:
        return ql.Thirty360(ql.Thirty360.ISDA, to_ql(terms.schedule.maturity_day))
    return COUNTERS[terms.day_count]


def ql_schedule(s: Schedule, *, convention: int = ql.Unadjusted, calendar: Any = None) -> ql.Schedule:
    """QuantLib's own schedule from the same issue, maturity and step."""
    backward = s.anchor_period > 0
    is_stub = is_stub_of(s)
    tenor = ql.Period(s.step, ql.Months if s.unit is PeriodUnit.MONTH else ql.Days)
    first = last = ql.Date()
    if is_stub and s.periods == 1:
        days = [to_ql(s.issue_day), to_ql(s.maturity_day)]
        rule = ql.DateGeneration.Backward
        return ql.Schedule(
            days, ql.NullCalendar(), ql.Unadjusted, ql.Unadjusted, tenor, rule, s.end_of_month, [False]
        )
    if backward and is_stub:
        first = to_ql(regular_day(s, 1))
    if not backward and is_stub:
        last = to_ql(regular_day(s, s.periods - 1))
    return ql.Schedule(
        to_ql(s.issue_day),
        to_ql(s.maturity_day),
        tenor,
        calendar or ql.NullCalendar(),
        convention,
        convention,
        ql.DateGeneration.Backward if backward else ql.DateGeneration.Forward,
        s.end_of_month,
        first,
        last,
    )


def is_stub_of(s: Schedule) -> bool:
    return regular_day(s, 0) != s.issue_day or regular_day(s, s.periods) != s.maturity_day


def exact(value: float) -> Fraction:
    """The fraction behind a year fraction of QuantLib's: its denominators are far below a million."""
    return Fraction(value).limit_denominator(4_000_000)


# --- terms


def terms_of(schedule: Schedule | None = None, **changes: Any) -> InterestTerms:
    """Two years, 3.25 % annual, ACT/ACT ICMA, a unit of 100 yuan, unless told otherwise."""
    base = InterestTerms(
        face_value=FACE,
        schedule=schedule or regular(ISSUED, 2),
        kind=CouponKind.FIXED,
        coupon_rate=32_500_000,
        day_count=DayCount.ACT_ACT_ICMA,
        calendar=MARKET,
    )
    return replace(base, **changes)


def regular(issued: date, periods: int, step: int = 12, unit: PeriodUnit = PeriodUnit.MONTH) -> Schedule:
    if unit is PeriodUnit.DAY:
        maturity = issued + timedelta(days=periods * step)
    else:
        maturity = add_months(issued, periods * step)
    return Schedule(issued, maturity, issued, 0, periods, step, unit)


def grid_of(terms: InterestTerms, **changes: Any) -> Grid:
    return Grid(terms, CALENDARS, **changes)


def market_on(today: date, *series: Series) -> Market:
    return Market({each.benchmark.code: each for each in series}, CALENDARS, today)


@st.composite
def schedules(draw: st.DrawFn, *, stubs: bool = True, most: int = 24) -> Schedule:
    """Periods of months, some at the end of each, or of days; regular, or with a stub at either end.

    Args:
        draw: Hypothesis.
        stubs: Whether there are stubs.
        most: Most periods.
    """
    unit = draw(st.sampled_from([PeriodUnit.MONTH, PeriodUnit.MONTH, PeriodUnit.DAY]))
    step = draw(st.sampled_from([1, 2, 3, 4, 6, 12] if unit is PeriodUnit.MONTH else [7, 14, 28, 91]))
    periods = draw(st.integers(1, most))
    anchor = draw(st.dates(date(2003, 1, 1), date(2030, 12, 31)))
    end_of_month = unit is PeriodUnit.MONTH and draw(st.booleans())
    if end_of_month:
        anchor = add_months(anchor, 0, end_of_month=True)
    kind = draw(st.sampled_from(["regular", "front", "back"])) if stubs else "regular"
    is_front = kind == "front"
    grid = Schedule(anchor, anchor, anchor, periods if is_front else 0, periods, step, unit, end_of_month)
    issued, matures = regular_day(grid, 0), regular_day(grid, periods)
    if is_front:
        first = regular_day(grid, 1)
        issued = first - timedelta(days=draw(st.integers(1, (first - regular_day(grid, -1)).days)))
    elif kind == "back":
        last = regular_day(grid, periods - 1)
        matures = last + timedelta(days=draw(st.integers(1, (regular_day(grid, periods + 1) - last).days)))
    return replace(grid, issue_day=issued, maturity_day=matures)


def rates(least: int = 1, most: int = 150_000_000) -> st.SearchStrategy[int]:
    """Billionths a year, from almost nothing to 15 %."""
    return st.integers(least, most)


@st.composite
def faces(draw: st.DrawFn) -> int:
    """Face of a unit in base units of a currency of 0, 2, 6 or 18 decimals."""
    decimals = draw(st.sampled_from(DECIMALS))
    return draw(st.sampled_from([1, 100, 1000, 1_000_000])) * 10**decimals


@st.composite
def steps(draw: st.DrawFn, periods: int) -> tuple[Step, ...]:
    numbers = sorted(draw(st.sets(st.integers(1, periods), max_size=5)))
    return tuple(Step(number, draw(rates())) for number in numbers)


@st.composite
def instalments(draw: st.DrawFn, periods: int) -> tuple[Instalment, ...]:
    numbers = sorted({*draw(st.sets(st.integers(1, periods), max_size=6)), periods})
    cuts = sorted(
        draw(st.lists(st.integers(1, 999), min_size=len(numbers) - 1, max_size=len(numbers) - 1, unique=True))
    )
    shares = [(b - a) * (RATE_SCALE // 1000) for a, b in zip([0, *cuts], [*cuts, 1000], strict=True)]
    return tuple(Instalment(number, share) for number, share in zip(numbers, shares, strict=True))


@st.composite
def fixed_terms(draw: st.DrawFn, *, stubs: bool = True) -> InterestTerms:
    """Fixed or step coupons, bullet or in instalments, any day count that fits."""
    schedule = draw(schedules(stubs=stubs))
    counts = list(DayCount) if schedule.unit is PeriodUnit.MONTH else list(DayCount)[1:]
    is_step = draw(st.booleans())
    provisions = Provisions(
        steps=draw(steps(schedule.periods)) if is_step else (),
        instalments=draw(instalments(schedule.periods)) if draw(st.booleans()) else (),
    )
    return terms_of(
        schedule,
        face_value=draw(faces()),
        kind=CouponKind.STEP if is_step else CouponKind.FIXED,
        coupon_rate=draw(rates()),
        day_count=draw(st.sampled_from(counts)),
        rounding=draw(st.sampled_from(Rounding)),
        provisions=provisions,
    )
