"""Fixings: order, time, fallbacks, figures and renewals."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from indenture.calendars import Convention
from indenture.daycount import DayCount
from indenture.errors import CalendarYearMissing, InputError
from indenture.interest import (
    Benchmark,
    BenchmarkKind,
    BenchmarkUnknown,
    Fixing,
    InterestTerms,
    PeriodNotBegun,
    PeriodOutOfOrder,
    PeriodUnknown,
    Series,
    Source,
    ValueNotPublished,
    fix,
    is_fixed_by,
)
from indenture.provisions import (
    NO_CAP,
    CouponKind,
    Fallback,
    Floating,
    KpiTest,
    Provisions,
    Renewal,
)

from .builders import CALENDAR, CALENDARS, MARKET, regular, terms_of

pytestmark = pytest.mark.unit

RATE = Benchmark("TERM6M", BenchmarkKind.RATE, MARKET)
NIGHT = Benchmark("ESTR", BenchmarkKind.OVERNIGHT, MARKET, 360)
CO2 = Benchmark("CO2", BenchmarkKind.FIGURE, MARKET)
#: A Monday; two business days before it is the Thursday.
ISSUED, OBSERVED = date(2022, 3, 14), date(2022, 3, 10)


def floater(fallback: Fallback = Fallback.LAST_VALUE, **changes: Any) -> InterestTerms:
    floating = Floating(
        benchmark=RATE.code,
        lag=2,
        spread=5_000_000,
        floor=0,
        cap=NO_CAP,
        places=5,
        fallback=fallback,
        fallback_rate=31_000_000,
    )
    return terms_of(
        regular(ISSUED, 4, 6),
        kind=CouponKind.FLOATING,
        coupon_rate=0,
        day_count=DayCount.ACT_360,
        provisions=Provisions(floating=replace(floating, **changes), fallback_days=5),
    )


def fixed(terms: InterestTerms, period: int, values: dict[date, int], today: date, **more: Any) -> Fixing:
    more.setdefault("previous", None)
    benchmark = {CouponKind.KPI: CO2, CouponKind.FIXED: RATE}.get(terms.kind, RATE)
    if terms.provisions.floating.compounded:
        benchmark = NIGHT
    series = {benchmark.code: Series(benchmark, values)}
    return fix(terms, period, published=series, calendars=CALENDARS, today=today, **more)


def before(period: int, rate: int = 20_000_000, **more: Any) -> Fixing:
    return Fixing(period, rate, **more)


# --- order and time


def test_fix__plain_bond__refused() -> None:
    with pytest.raises(InputError, match="its terms say all"):
        fixed(terms_of(), 1, {}, ISSUED)


@pytest.mark.parametrize(("period", "previous"), [(2, None), (1, before(1)), (3, before(1)), (0, None)])
def test_fix__out_of_order__refused(period: int, previous: Fixing | None) -> None:
    with pytest.raises(PeriodOutOfOrder):
        fixed(floater(), period, {}, date(2025, 1, 1), previous=previous)


def test_fix__after_the_last__refused() -> None:
    with pytest.raises(PeriodUnknown) as caught:
        fixed(floater(), 5, {}, date(2025, 1, 1), previous=before(4))

    assert (caught.value.period, caught.value.periods) == (5, 4)


def test_fix__term_rate__from_the_observed_day_on() -> None:
    with pytest.raises(PeriodNotBegun) as caught:
        fixed(floater(), 1, {OBSERVED: 10_000_000}, OBSERVED - timedelta(days=1))
    fixing = fixed(floater(), 1, {OBSERVED: 10_000_000}, OBSERVED)

    assert caught.value.begins == OBSERVED
    assert fixing == Fixing(1, 15_000_000, Source.PUBLISHED, value=10_000_000, day=OBSERVED)


def test_fix__no_lag__rolls_back_to_a_business_day() -> None:
    saturday = date(2022, 3, 12)
    terms = replace(floater(lag=0), schedule=regular(saturday, 2, 6))

    fixing = fixed(terms, 1, {date(2022, 3, 11): 10_000_000}, saturday)

    assert fixing.day == date(2022, 3, 11)


def test_fix__adjusted__observes_before_the_announced_day() -> None:
    terms = replace(floater(), adjusted=True, roll=Convention.FOLLOWING)
    announced = {1: date(2022, 9, 20)}

    fixing = fixed(
        terms, 2, {date(2022, 9, 16): 10_000_000}, date(2022, 9, 16), previous=before(1), announced=announced
    )

    assert fixing.day == date(2022, 9, 16)


def test_fix__unknown_benchmark__refused() -> None:
    with pytest.raises(BenchmarkUnknown) as caught:
        fix(floater(), 1, previous=None, published={}, calendars=CALENDARS, today=ISSUED)

    assert caught.value.benchmark == "TERM6M"


def test_fix__calendar_of_the_benchmark_missing__refused() -> None:
    with pytest.raises(InputError, match="TERM6M needs the calendar 'X-TARGET'"):
        fix(
            floater(),
            1,
            previous=None,
            published={RATE.code: Series(RATE, {})},
            calendars={},
            today=ISSUED,
        )


def test_fix__year_not_published__refused() -> None:
    terms = replace(floater(), schedule=regular(date(2090, 1, 1), 2, 6))

    with pytest.raises(CalendarYearMissing):
        fixed(terms, 1, {}, date(2091, 1, 1))


def test_is_fixed_by__tells_what_is_missing() -> None:
    series = {RATE.code: Series(RATE, {})}
    missing = is_fixed_by(floater(), 1, previous=None, published=series, calendars=CALENDARS, today=OBSERVED)
    late = is_fixed_by(
        floater(), 1, previous=None, published=series, calendars=CALENDARS, today=date(2022, 3, 15)
    )
    plain = is_fixed_by(terms_of(), 1, previous=None, published={}, calendars={}, today=date(2022, 3, 15))

    assert isinstance(missing, ValueNotPublished)
    assert (missing.benchmark, missing.day, missing.fallback_from) == (
        "TERM6M",
        OBSERVED,
        date(2022, 3, 15),
    )
    assert late is None
    assert plain is None


# --- rounding, spread, floor and cap


@pytest.mark.parametrize(
    ("value", "places", "rate"),
    [
        (10_000_050, 5, 15_000_100),
        (10_000_049, 5, 15_000_000),
        (-10_000_050, 5, 0),
        (14_999_999, 2, 20_000_000),
        (10_000_001, 7, 15_000_001),
    ],
)
def test_fix__places__half_up_before_the_spread(value: int, places: int, rate: int) -> None:
    assert fixed(floater(places=places), 1, {OBSERVED: value}, ISSUED).rate == rate


def test_fix__value_below_zero__half_is_rounded_towards_plus_infinity() -> None:
    rate = fixed(floater(places=4, spread=30_000_000), 1, {OBSERVED: -10_000_500}, ISSUED).rate

    assert rate == 20_000_000


@pytest.mark.parametrize(
    ("value", "rate"), [(0, 12_000_000), (9_000_000, 14_000_000), (30_000_000, 18_000_000)]
)
def test_fix__floor_and_cap__after_the_spread(value: int, rate: int) -> None:
    terms = floater(floor=12_000_000, cap=18_000_000)

    assert fixed(terms, 1, {OBSERVED: value}, ISSUED).rate == rate


# --- fallbacks of a term rate

LATE = OBSERVED + timedelta(days=5)


def test_fix__value_missing__waits_for_the_days_of_the_terms() -> None:
    with pytest.raises(ValueNotPublished) as caught:
        fixed(floater(), 1, {date(2022, 3, 9): 10_000_000}, LATE - timedelta(days=1))

    assert caught.value.fallback_from == LATE


def test_fix__value_published_late__still_counts() -> None:
    assert fixed(floater(), 1, {OBSERVED: 10_000_000}, date(2022, 5, 1)).source is Source.PUBLISHED


def test_fix__last_value__latest_of_the_days_before() -> None:
    values = {date(2022, 3, 7): 9_000_000, date(2022, 3, 9): 10_000_049, date(2022, 3, 11): 99_000_000}

    fixing = fixed(floater(), 1, values, LATE)

    assert fixing == Fixing(1, 15_000_000, Source.LAST_VALUE, value=10_000_049, day=date(2022, 3, 9))


def test_fix__last_value_too_old__previous_rate_and_first_of_all_the_stated_one() -> None:
    stale = {OBSERVED - timedelta(days=32): 10_000_000}

    first = fixed(floater(), 1, stale, LATE)
    second = fixed(floater(), 2, stale, date(2022, 12, 1), previous=before(1))

    assert first == Fixing(1, 31_000_000, Source.PREVIOUS_RATE)
    assert second == Fixing(2, 20_000_000, Source.PREVIOUS_RATE)


def test_fix__previous_rate__all_in_without_spread_floor_or_rounding() -> None:
    terms = floater(Fallback.PREVIOUS_RATE, floor=25_000_000)

    assert fixed(terms, 2, {}, date(2022, 12, 1), previous=before(1)).rate == 20_000_000


def test_fix__fixed_rate__as_stated() -> None:
    fixing = fixed(floater(Fallback.FIXED_RATE), 2, {}, date(2022, 12, 1), previous=before(1))

    assert fixing == Fixing(2, 31_000_000, Source.FIXED_RATE)


# --- compounded


def nights(until: date, since: date = date(2022, 3, 1)) -> dict[date, int]:
    days, day = {}, since
    while day <= until:
        days[day] = 20_000_000
        day = CALENDAR.add_business_days(day, 1)
    return days


def compounded(**changes: Any) -> InterestTerms:
    terms = floater(benchmark=NIGHT.code, compounded=True, spread=0, **changes)
    return replace(terms, schedule=regular(ISSUED, 4, 1))


#: Of the first month: from Thursday 10 March to Tuesday 12 April.
END = date(2022, 4, 12)


def test_fix__compounded__from_the_last_observed_day_on() -> None:
    before_end = CALENDAR.add_business_days(END, -1)
    with pytest.raises(PeriodNotBegun):
        fixed(compounded(), 1, nights(before_end), before_end)

    fixing = fixed(compounded(), 1, nights(before_end), END)

    growth = Fraction(1)
    days = sorted(day for day in nights(END) if OBSERVED <= day <= END)
    for one, other in pairwise(days):
        growth *= 1 + Fraction(2, 100) * (other - one).days / 360
    assert (growth - 1) * 360 / 33 == pytest.approx(Fraction("0.0200173"), abs=5e-8)
    assert (fixing.rate, fixing.value, fixing.day) == (20_017_300, 20_017_300, END)


def test_fix__compounded_and_the_last_night_missing__carried_on_after_the_wait() -> None:
    values = nights(date(2022, 4, 8))
    with pytest.raises(ValueNotPublished):
        fixed(compounded(), 1, values, END)

    fixing = fixed(compounded(), 1, values, END + timedelta(days=5))

    # The last four days at one rate without compounding: a little less
    assert (fixing.source, fixing.day) == (Source.LAST_VALUE, END)
    assert 20_016_000 <= fixing.rate < 20_017_300


def test_fix__compounded_and_nothing_for_a_month__previous_rate() -> None:
    values = nights(date(2022, 3, 9))

    fixing = fixed(compounded(), 1, values, END + timedelta(days=5))

    assert fixing == Fixing(1, 31_000_000, Source.PREVIOUS_RATE)


def test_fix__compounded_series_begins_late__previous_rate() -> None:
    values = nights(END, since=date(2022, 3, 15))

    fixing = fixed(compounded(), 1, values, END + timedelta(days=5))

    assert fixing.source is Source.PREVIOUS_RATE


# --- figures


def linked(*tests: KpiTest) -> InterestTerms:
    return terms_of(
        regular(date(2023, 6, 1), 4),
        kind=CouponKind.KPI,
        coupon_rate=31_000_000,
        provisions=Provisions(tests=tests, fallback_days=30),
    )


MEASURED = date(2024, 12, 31)
AT_MOST = KpiTest("CO2", MEASURED, 3, True, 120_000_000_000, 2_500_000)
BEGUN = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("figure", "rate"), [(120_000_000_000, 31_000_000), (120_000_000_001, 33_500_000), (0, 31_000_000)]
)
def test_fix__figure_at_most__missed_above_the_target(figure: int, rate: int) -> None:
    fixing = fixed(linked(AT_MOST), 3, {MEASURED: figure}, BEGUN, previous=before(2, 31_000_000))

    assert fixing == Fixing(3, rate, Source.PUBLISHED, value=figure, day=MEASURED)


@pytest.mark.parametrize(("figure", "rate"), [(120_000_000_000, 31_000_000), (119_999_999_999, 33_500_000)])
def test_fix__figure_at_least__missed_below_the_target(figure: int, rate: int) -> None:
    terms = linked(replace(AT_MOST, at_most=False))

    assert fixed(terms, 3, {MEASURED: figure}, BEGUN, previous=before(2, 31_000_000)).rate == rate


def test_fix__figure_not_published__missed_after_the_wait() -> None:
    previous = before(2, 31_000_000)
    with pytest.raises(ValueNotPublished) as caught:
        fixed(linked(AT_MOST), 3, {}, date(2025, 6, 30), previous=previous)
    fixing = fixed(linked(AT_MOST), 3, {}, date(2025, 7, 1), previous=previous)

    assert caught.value.fallback_from == date(2025, 7, 1)
    assert fixing == Fixing(3, 33_500_000, Source.NOT_PUBLISHED)


def test_fix__period_without_test__keeps_the_rate() -> None:
    with pytest.raises(PeriodNotBegun):
        fixed(linked(AT_MOST), 1, {}, date(2023, 5, 31))

    assert fixed(linked(AT_MOST), 1, {}, date(2023, 6, 1)) == Fixing(1, 31_000_000)
    later = fixed(linked(AT_MOST), 4, {}, date(2026, 6, 1), previous=before(3, 33_500_000))
    assert later == Fixing(4, 33_500_000)


def test_fix__two_tests_of_a_period__both_count_and_the_rate_is_never_below_zero() -> None:
    down = replace(AT_MOST, day=date(2024, 12, 30), step=-40_000_000)

    fixing = fixed(
        linked(down, AT_MOST),
        3,
        {MEASURED: 121_000_000_000, date(2024, 12, 30): 121_000_000_000},
        BEGUN,
        previous=before(2, 31_000_000),
    )

    assert fixing.rate == 0
    assert fixed(linked(AT_MOST), 4, {}, date(2026, 6, 1), previous=replace(fixing)).rate == 0


# --- renewals


def perpetual() -> InterestTerms:
    """Three years, 4 %; renewed every three at the benchmark's rate with 1.2 % and 3 %."""
    renewal = Renewal(3, 30, RATE.code, 1, 12_000_000, 30_000_000)
    return terms_of(
        regular(date(2022, 3, 15), 3),
        coupon_rate=40_000_000,
        provisions=Provisions(renewal=renewal, fallback_days=5),
    )


def test_fix__first_cycle__at_the_coupon_rate() -> None:
    assert fixed(perpetual(), 2, {}, date(2023, 3, 15), previous=before(1, 40_000_000)).rate == 40_000_000


def test_fix__after_a_renewal__benchmark_with_spread_and_step_up_then_the_same() -> None:
    observed = date(2025, 3, 14)
    fourth = fixed(
        perpetual(), 4, {observed: 18_000_000}, observed, previous=before(3, 40_000_000), extended=3
    )
    fifth = fixed(perpetual(), 5, {}, date(2026, 3, 15), previous=fourth, extended=3)

    assert fourth == Fixing(4, 60_000_000, Source.PUBLISHED, value=18_000_000, day=observed)
    assert fifth == Fixing(5, 60_000_000)


def test_fix__second_renewal__step_up_does_not_add_up() -> None:
    observed = date(2028, 3, 14)

    fixing = fixed(
        perpetual(), 7, {observed: 18_000_000}, observed, previous=before(6, 60_000_000), extended=6
    )

    assert fixing.rate == 60_000_000


def test_fix__renewed_without_a_value__previous_rate_and_step_up() -> None:
    previous = before(3, 40_000_000)
    with pytest.raises(PeriodNotBegun):
        fixed(perpetual(), 4, {}, date(2025, 3, 13), previous=previous, extended=3)
    with pytest.raises(ValueNotPublished):
        fixed(perpetual(), 4, {}, date(2025, 3, 18), previous=previous, extended=3)

    fixing = fixed(perpetual(), 4, {}, date(2025, 3, 19), previous=previous, extended=3)

    assert fixing == Fixing(4, 70_000_000, Source.PREVIOUS_RATE)


def test_fix__not_renewed__there_is_no_next_period() -> None:
    with pytest.raises(PeriodUnknown):
        fixed(perpetual(), 4, {}, date(2025, 4, 1), previous=before(3))
