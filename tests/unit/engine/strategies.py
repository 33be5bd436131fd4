"""Random terms of every kind, as the factory takes them."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import gcd
from typing import Any

from hypothesis import strategies as st
from tests.unit.engine.twin import ABROAD, HOME, benchmark

from indenture.calendars import Convention
from indenture.dates import add_months
from indenture.daycount import DayCount
from indenture.interest import Benchmark, BenchmarkKind, InterestTerms
from indenture.provisions import (
    NO_CAP,
    Accretion,
    CouponKind,
    Deferral,
    Fallback,
    Floating,
    Inflation,
    Instalment,
    KpiTest,
    PeriodUnit,
    Provisions,
    Renewal,
    Rounding,
    Schedule,
    Step,
)
from indenture.rounding import RATE_SCALE
from indenture.schedule import due_day, regular_day

#: Decimals of the cash.
DECIMALS = (0, 2, 6, 18)
ZONES = (0, 8 * 60, -5 * 60, 14 * 60, -12 * 60)
ROLLS = tuple(Convention)


def rates(most: int = 150_000_000) -> st.SearchStrategy[int]:
    """Billionths a year, up to 15 %, with some of all digits."""
    return st.integers(1, most) | st.sampled_from([10_000_000, 32_500_000, 999_999_999, 2**32 - 2])


@st.composite
def faces(draw: st.DrawFn) -> int:
    """Face of a unit in base units of cash of 0, 2, 6 or 18 decimals; some are odd."""
    whole = draw(st.sampled_from([1, 100, 1000, 1_000_000, 7, 12_345]))
    return int(whole * 10 ** draw(st.sampled_from(DECIMALS)))


@st.composite
def schedules(
    draw: st.DrawFn,
    *,
    most: int = 16,
    stubs: bool = True,
    units: tuple[PeriodUnit, ...] = (PeriodUnit.MONTH, PeriodUnit.MONTH, PeriodUnit.DAY),
    steps: tuple[int, ...] = (1, 2, 3, 4, 6, 12, 24),
    latest: date = date(2035, 12, 31),
) -> Schedule:
    """Periods of months, some at the end of each, or of days; regular, or with stubs."""
    unit = draw(st.sampled_from(units))
    step = draw(st.sampled_from(steps if unit is PeriodUnit.MONTH else (7, 14, 28, 91, 182)))
    periods = draw(st.integers(1, min(most, 30 * 12 // step) if unit is PeriodUnit.MONTH else most))
    anchor = draw(st.dates(date(2020, 2, 1), latest))
    end_of_month = unit is PeriodUnit.MONTH and draw(st.booleans())
    if end_of_month or draw(st.booleans()):
        anchor = add_months(anchor, 0, end_of_month=True)
    at_end = stubs and draw(st.booleans())
    s = Schedule(anchor, anchor, anchor, 0, periods, step, unit, end_of_month)
    if at_end:
        # Counted back from maturity, or from a day in the middle.
        number = draw(st.integers(1, periods))
        anchor = regular_day(s, number)
        s = replace(s, anchor_day=anchor, anchor_period=number)
    issued, matures = regular_day(s, 0), regular_day(s, periods)
    if stubs and s.anchor_period > 0 and draw(st.booleans()):
        first = regular_day(s, 1)
        issued = first - timedelta(days=draw(st.integers(1, (first - regular_day(s, -1)).days)))
    if stubs and s.anchor_period < periods and draw(st.booleans()):
        before = regular_day(s, periods - 1) if periods > 1 else issued
        matures = before + timedelta(days=draw(st.integers(1, (regular_day(s, periods + 1) - before).days)))
    if issued < date(2020, 1, 15):
        issued = regular_day(s, 0)
    return replace(s, issue_day=issued, maturity_day=matures)


@st.composite
def step_lists(draw: st.DrawFn, periods: int) -> tuple[Step, ...]:
    numbers = sorted(draw(st.sets(st.integers(2, periods), min_size=1, max_size=5)))
    return tuple(Step(number, draw(st.just(0) | rates())) for number in numbers)


@st.composite
def instalment_lists(draw: st.DrawFn, periods: int, face: int) -> tuple[Instalment, ...]:
    """Shares that are whole base units of a unit, up to seven."""
    least = RATE_SCALE // gcd(face, RATE_SCALE)
    parts = RATE_SCALE // least
    numbers = sorted({*draw(st.sets(st.integers(1, periods), max_size=6)), periods})[-min(parts, 7) :]
    count = len(numbers) - 1
    cuts = (
        sorted(draw(st.sets(st.integers(1, max(1, parts - 1)), min_size=count, max_size=count)))
        if count
        else []
    )
    bounds = [0, *cuts, parts]
    return tuple(
        Instalment(number, (b - a) * least)
        for number, a, b in zip(numbers, bounds[:-1], bounds[1:], strict=True)
    )


def day_counts(schedule: Schedule, *, adjusted: bool) -> st.SearchStrategy[DayCount]:
    """All but ACT/ACT ICMA where it does not fit."""
    fits = schedule.unit is PeriodUnit.MONTH and not adjusted
    return st.sampled_from(list(DayCount) if fits else list(DayCount)[1:])


def changes(draw: st.DrawFn, schedule: Schedule, *, may_adjust: bool = True) -> dict[str, Any]:
    """What bonds of all kinds have."""
    # Not with periods that lie within one closure of the market: two of them would end on the same day.
    due = [due_day(schedule, k) for k in range(schedule.periods + 1)]
    is_short = min((b - a).days for a, b in pairwise(due)) < 12
    adjusted = may_adjust and not is_short and draw(st.booleans())
    rolls = [roll for roll in ROLLS if roll is not Convention.UNADJUSTED] if adjusted else list(ROLLS)
    return {
        "day_count": draw(day_counts(schedule, adjusted=adjusted)),
        "rounding": draw(st.sampled_from(list(Rounding))),
        "roll": draw(st.sampled_from(rolls)),
        "adjusted": adjusted,
        "calendar": HOME,
        "utc_offset": draw(st.sampled_from(ZONES)),
    }


@st.composite
def fixed_terms(draw: st.DrawFn) -> InterestTerms:
    """Fixed and step coupons, bullet and in instalments: nothing is to be fixed later."""
    schedule = draw(schedules())
    is_step = schedule.periods > 1 and draw(st.booleans())
    face = draw(faces())
    return InterestTerms(
        face_value=face,
        schedule=schedule,
        kind=CouponKind.STEP if is_step else CouponKind.FIXED,
        coupon_rate=draw(rates()),
        provisions=Provisions(
            steps=draw(step_lists(schedule.periods)) if is_step else (),
            instalments=draw(instalment_lists(schedule.periods, face)) if draw(st.booleans()) else (),
        ),
        **changes(draw, schedule),
    )


# --- bonds whose figures are fixed period by period

#: A year of short periods, so that a life is lived in few steps.
LIVES: dict[str, Any] = {"most": 5, "steps": (1, 3, 6, 12), "latest": date(2026, 12, 31)}

Case = tuple[InterestTerms, list[Benchmark]]


def _correctable(draw: st.DrawFn) -> int:
    return draw(st.sampled_from([0, 3600, 86_400, 604_800]))


@st.composite
def floating_cases(draw: st.DrawFn, *, compounded: bool) -> Case:
    """Term rates fixed in advance, or overnight rates compounded in arrears; with further rights."""
    schedule = draw(schedules(**LIVES))
    floor = draw(st.sampled_from([0, 0, 5_000_000, 20_000_000]))
    spread = draw(st.sampled_from([0, 6_000_000, -4_000_000, -60_000_000, 2**31 - 1]))
    kind = BenchmarkKind.OVERNIGHT if compounded else BenchmarkKind.RATE
    wait = _correctable(draw)
    # A night that could be corrected for a day or longer would hold up the next one.
    wait = min(wait, 86_399) if kind is BenchmarkKind.OVERNIGHT else wait
    found = benchmark("RATE", kind, draw(st.sampled_from([HOME, ABROAD])), wait)
    face = draw(faces())
    right = draw(st.sampled_from(["plain", "plain", "instalments", "deferral", "capitalised"]))
    if right == "capitalised" and schedule.periods == 1:
        right = "plain"
    provisions = Provisions(
        floating=Floating(
            found.code,
            compounded,
            draw(st.integers(1 if compounded else 0, 5)),
            spread,
            floor,
            draw(st.sampled_from([NO_CAP, floor + 30_000_000])),
            draw(st.integers(0, 7)),
            draw(st.sampled_from(list(Fallback))),
            draw(st.integers(0, 90_000_000)),
        ),
        fallback_days=draw(st.sampled_from([1, 5, 30])),
        **_rights(draw, right, schedule, face),
    )
    plain = right in ("plain", "instalments")
    return (
        InterestTerms(
            face_value=face,
            schedule=schedule,
            kind=CouponKind.FLOATING,
            coupon_rate=0,
            provisions=provisions,
            **changes(draw, schedule, may_adjust=plain),
        ),
        [found],
    )


def _rights(draw: st.DrawFn, right: str, schedule: Schedule, face: int) -> dict[str, Any]:
    if right == "instalments":
        return {"instalments": draw(instalment_lists(schedule.periods, face))}
    if right == "deferral":
        return {"deferral": Deferral(draw(st.sampled_from([31, 45])), draw(st.booleans()))}
    if right == "capitalised":
        return {"capitalised_until": draw(st.integers(1, schedule.periods - 1))}
    return {}


@st.composite
def fixed_right_cases(draw: st.DrawFn) -> Case:
    """Fixed and step coupons that are capitalised or may be deferred, and bonds that may be renewed."""
    schedule = draw(schedules(**LIVES).filter(lambda s: s.periods > 1))
    right = draw(st.sampled_from(["deferral", "capitalised", "renewal", "renewal and deferral"]))
    is_step = "renewal" not in right and draw(st.booleans())
    face = draw(faces())
    rights = _rights(draw, "deferral" if "deferral" in right else right, schedule, face)
    found = benchmark("CGB1Y", BenchmarkKind.RATE, draw(st.sampled_from([HOME, ABROAD])), _correctable(draw))
    if "renewal" in right:
        schedule = replace(schedule, maturity_day=regular_day(schedule, schedule.periods))
        rights["renewal"] = Renewal(
            draw(st.integers(1, 3)),
            draw(st.sampled_from([31, 60])),
            found.code,
            draw(st.integers(0, 3)),
            draw(st.sampled_from([0, 12_000_000, -40_000_000])),
            draw(st.sampled_from([0, 30_000_000, -5_000_000])),
        )
    return (
        InterestTerms(
            face_value=face,
            schedule=schedule,
            kind=CouponKind.STEP if is_step else CouponKind.FIXED,
            coupon_rate=draw(rates()),
            provisions=Provisions(
                steps=draw(step_lists(schedule.periods)) if is_step else (),
                fallback_days=draw(st.sampled_from([1, 5, 30])),
                **rights,
            ),
            **changes(draw, schedule, may_adjust=right == "renewal"),
        ),
        [found],
    )


@st.composite
def inflation_cases(draw: st.DrawFn) -> Case:
    """Linkers, Canadian or in steps of a month, floored or not, bullet or in instalments."""
    schedule = draw(schedules(**LIVES))
    face = draw(faces())
    found = benchmark("CPI", BenchmarkKind.LEVEL, HOME, _correctable(draw))
    right = draw(st.sampled_from(["plain", "instalments"]))
    inflation = Inflation(
        found.code,
        draw(st.integers(1, 4)),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.integers(0, 9)),
        draw(st.sampled_from([100 * RATE_SCALE, 103_217_000_001, 97_000_000_000])),
    )
    return (
        InterestTerms(
            face_value=face,
            schedule=schedule,
            kind=CouponKind.INFLATION,
            coupon_rate=draw(rates()),
            provisions=Provisions(
                inflation=inflation,
                fallback_days=draw(st.sampled_from([1, 5, 30])),
                **_rights(draw, right, schedule, face),
            ),
            **changes(draw, schedule),
        ),
        [found],
    )


@st.composite
def kpi_cases(draw: st.DrawFn) -> Case:
    """Up to four tests of two figures, several of one period, up and down."""
    schedule = draw(schedules(**LIVES).filter(lambda s: s.periods > 1))
    face = draw(faces())
    figures = [benchmark(name, BenchmarkKind.FIGURE, HOME, _correctable(draw)) for name in ("CO2", "WATER")]
    tests = []
    for period in sorted(draw(st.lists(st.integers(2, schedule.periods), min_size=1, max_size=4))):
        latest = due_day(schedule, period - 1)
        day = draw(
            st.dates(max(schedule.issue_day - timedelta(days=9), latest - timedelta(days=200)), latest)
        )
        step = draw(st.sampled_from([2_500_000, 10_000_000, -3_000_000, -(2**31), 2**31 - 1]))
        figure = draw(st.sampled_from(figures)).code
        target = draw(st.integers(100, 130)) * RATE_SCALE
        tests.append(KpiTest(figure, day, period, draw(st.booleans()), target, step))
    right = draw(st.sampled_from(["plain", "instalments", "deferral", "capitalised"]))
    return (
        InterestTerms(
            face_value=face,
            schedule=schedule,
            kind=CouponKind.KPI,
            coupon_rate=draw(st.integers(0, 150_000_000)),
            provisions=Provisions(
                tests=tuple(tests),
                fallback_days=draw(st.sampled_from([1, 5, 30])),
                **_rights(draw, right, schedule, face),
            ),
            **changes(draw, schedule, may_adjust=right in ("plain", "instalments")),
        ),
        figures,
    )


@st.composite
def zero_terms(draw: st.DrawFn) -> InterestTerms:
    """Bonds without coupon, in a straight line or compounding, of up to thirty years."""
    months = draw(st.integers(1, 360))
    issued = draw(st.dates(date(2020, 2, 1), date(2033, 12, 31)))
    matures = add_months(issued, months)
    face = draw(faces().filter(lambda each: each > 1))
    is_straight = draw(st.booleans())
    accretion = Accretion(
        draw(st.integers(1, face - 1) | st.just(face - 1)),
        0 if is_straight else draw(st.integers(1, 120_000_000)),
        0 if is_straight else draw(st.sampled_from([1, 3, 6, 12, 5])),
    )
    schedule = Schedule(issued, matures, issued, 0, 1, months)
    return InterestTerms(
        face_value=face,
        schedule=schedule,
        kind=CouponKind.ZERO,
        coupon_rate=0,
        provisions=Provisions(accretion=accretion),
        **changes(draw, schedule),
    )
