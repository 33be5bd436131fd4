"""What calls, extension, later terms and default do to the payments of a bond."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.calendars import Calendar, Convention
from indenture.daycount import DayCount
from indenture.interest import (
    AccrualRefused,
    Benchmark,
    BenchmarkKind,
    EarlyRedemptionRefused,
    Fixing,
    Grid,
    InterestTerms,
    Life,
    PartialCall,
    PeriodNotFixed,
    PeriodOutOfOrder,
    Series,
    Source,
    Version,
    accreted_value,
    accrued,
    called,
    called_in_part,
    exact_payment,
    extended_by,
    factor_after,
    fix_on,
    interest_of,
    made_due,
    next_to_fix,
    principal_of,
    rate_of,
    unit_payment,
    unit_payments,
)
from indenture.provisions import (
    FACTOR_SCALE,
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
    Rounding,
    Schedule,
    Step,
)
from indenture.rights import Extension
from indenture.rounding import RATE_SCALE

from .builders import CALENDARS, FACE, ISSUED, fixed_terms, grid_of, market_on, regular, terms_of

pytestmark = pytest.mark.unit

PAR = RATE_SCALE
#: Three years from 15 March 2021, half-yearly.
HALVES = regular(ISSUED, 6, 6)
SHARE = FACTOR_SCALE // RATE_SCALE


def grid_with(terms: InterestTerms, life: Life) -> Grid:
    return Grid(terms, CALENDARS, life=life)


# --- called as a whole


def test_called__inside_a_period__a_stub_and_the_price() -> None:
    """61 of 184 days of half a year's 3.25 %; 101.5 % of the face."""
    terms = terms_of(HALVES)
    grid = grid_with(terms, called(terms, Life(), date(2022, 5, 15), 1_015_000_000))

    last = exact_payment(grid, 3)

    assert grid.due == (ISSUED, date(2021, 9, 15), date(2022, 3, 15), date(2022, 5, 15))
    assert last.interest == Fraction(FACE * 325, 10_000) / 2 * Fraction(61, 184)
    assert last.principal == Fraction(FACE * 1015, 1000)
    assert (interest_of(last, 1000), principal_of(last, 1000)) == (53_872, 10_150_000)
    assert exact_payment(grid, 2) == exact_payment(grid_of(terms), 2)


def test_called__on_a_due_day__the_whole_coupon() -> None:
    terms = terms_of(HALVES)
    grid = grid_with(terms, called(terms, Life(), date(2022, 3, 15), 1_020_000_000))

    assert (grid.periods, grid.due[-1]) == (2, date(2022, 3, 15))
    assert exact_payment(grid, 2).interest == exact_payment(grid_of(terms), 2).interest
    assert exact_payment(grid, 2).principal == Fraction(FACE * 102, 100)


def test_called__principal_repaid_in_part__the_price_is_of_what_is_left() -> None:
    provisions = Provisions(instalments=(Instalment(2, 200_000_000), Instalment(6, 800_000_000)))
    terms = terms_of(HALVES, provisions=provisions)
    grid = grid_with(terms, called(terms, Life(), date(2022, 9, 15), 1_010_000_000))

    assert exact_payment(grid, 2).principal == FACE // 5
    assert exact_payment(grid, 3).principal == Fraction(8 * FACE, 10) * Fraction(101, 100)


def test_called__price_that_leaves_a_fraction__is_rounded_once_for_a_holding_or_each_unit() -> None:
    terms = terms_of(HALVES)
    life = called(terms, Life(), date(2022, 3, 15), 1_000_050_000)
    holding = unit_payment(grid_with(terms, life), 2)
    unit = unit_payment(grid_with(replace(terms, rounding=Rounding.UNIT_DOWN), life), 2)

    assert [principal_of(holding, units) for units in (1, 2, 3)] == [10_000, 20_001, 30_001]
    assert [principal_of(unit, units) for units in (1, 2, 3)] == [10_000, 20_000, 30_000]


@pytest.mark.parametrize("day", [ISSUED, date(2024, 3, 15), date(2024, 3, 16)])
def test_called__day_outside_the_term__refused(day: date) -> None:
    with pytest.raises(EarlyRedemptionRefused, match="not between"):
        called(terms_of(HALVES), Life(), day, PAR)


def test_called__again_or_when_due__refused() -> None:
    terms = terms_of(HALVES)
    once = called(terms, Life(), date(2022, 3, 15), PAR)

    for life in (once, made_due(Life(), 2, date(2022, 1, 1))):
        with pytest.raises(EarlyRedemptionRefused, match="called, or made due, before"):
            called(terms, life, date(2022, 1, 15), PAR)


def test_called__zero_coupon__at_a_price_of_what_it_has_grown_to() -> None:
    """By the terms as sealed: a call lets it grow no faster."""
    accretion = Accretion(9_118, 31_000_000, 6)
    terms = terms_of(
        Schedule(date(2022, 9, 15), date(2025, 9, 15), date(2022, 9, 15), 0, 1, 36),
        kind=CouponKind.ZERO,
        coupon_rate=0,
        provisions=Provisions(accretion=accretion),
    )
    grid = grid_with(terms, called(terms, Life(), date(2023, 9, 15), 1_020_000_000))

    last = exact_payment(grid, 1)

    value = accreted_value(grid_of(terms), date(2023, 9, 15))
    assert last.interest == 0
    assert last.principal == value * Fraction(102, 100)
    assert accreted_value(grid, date(2023, 9, 15)) == value
    assert accreted_value(grid, date(2024, 3, 1)) == accreted_value(grid_of(terms), date(2024, 3, 1))


def test_called__capitalised_period__its_interest_is_paid() -> None:
    terms = terms_of(HALVES, provisions=Provisions(capitalised_until=4))
    whole = grid_of(terms)
    market = market_on(date(2030, 1, 1))
    fixings: list[Fixing] = []
    for k in (1, 2, 3):
        fixings.append(fix_on(whole, k, fixings[-1] if fixings else None, market))
    grid = grid_with(terms, called(terms, Life(), date(2022, 9, 15), PAR))

    assert exact_payment(whole, 3, fixings).interest == 0
    last = exact_payment(grid, 3, fixings)
    factor = Fraction(fixings[1].factor, FACTOR_SCALE)
    assert last.interest == factor * FACE * Fraction(325, 20_000)
    assert last.principal == factor * FACE


def test_called__deferred_interest__is_paid_at_the_end() -> None:
    terms = terms_of(HALVES, provisions=Provisions(deferral=Deferral(31)))
    whole, market = grid_of(terms), market_on(date(2030, 1, 1))
    first = fix_on(whole, 1, None, market, deferred=True)
    second = fix_on(whole, 2, first, market, deferred=True)
    grid = grid_with(terms, called(terms, Life(), date(2022, 3, 15), PAR))

    assert exact_payment(whole, 2, [first, second]).interest == 0
    assert exact_payment(grid, 2, [first, second]).interest == Fraction(FACE * 325, 10_000)


def test_called__inflation__principal_is_indexed_then_priced() -> None:
    inflation = Inflation("CPI", 3, base=100 * RATE_SCALE, places=5, floored=True)
    terms = terms_of(
        HALVES, kind=CouponKind.INFLATION, provisions=Provisions(inflation=inflation, fallback_days=5)
    )
    levels = {date(2021, month, 1): (99 + month) * RATE_SCALE for month in range(1, 13)}
    series = Series(Benchmark("CPI", BenchmarkKind.LEVEL), levels)
    grid = grid_with(terms, called(terms, Life(), date(2021, 7, 20), 1_010_000_000))

    fixing = fix_on(grid, 1, None, market_on(date(2021, 7, 20), series))
    last = exact_payment(grid, 1, [fixing])

    assert fixing.index_ratio == 1_030_000_000  # April: 103
    assert last.principal == FACE * Fraction(103, 100) * Fraction(101, 100)
    assert last.interest == FACE * Fraction(103, 100) * Fraction(325, 10_000) * Fraction(127, 184) / 2


# --- called in part


def test_called_in_part__factor_and_later_interest_fall() -> None:
    terms = terms_of(HALVES)
    life = called_in_part(terms, Life(), PartialCall(2, 250_000_000, 1_020_000_000))
    life = called_in_part(terms, life, PartialCall(4, 500_000_000, 1_010_000_000))
    grid = grid_with(terms, life)

    assert [factor_after(grid, k) * 4 // FACTOR_SCALE for k in range(6)] == [4, 4, 3, 3, 1, 1]
    assert exact_payment(grid, 2).principal == Fraction(FACE, 4) * Fraction(102, 100)
    assert exact_payment(grid, 4).principal == Fraction(FACE, 2) * Fraction(101, 100)
    assert exact_payment(grid, 6).principal == Fraction(FACE, 4)
    coupons = [exact_payment(grid, k).interest / (FACE * Fraction(325, 20_000)) for k in range(1, 7)]
    assert coupons == [1, 1, Fraction(3, 4), Fraction(3, 4), Fraction(1, 4), Fraction(1, 4)]
    assert unit_payments(grid) == tuple(unit_payment(grid, k) for k in range(1, 7))


def test_called_in_part_then_whole__on_the_day_of_the_part__all_at_the_price_of_the_whole() -> None:
    terms = terms_of(HALVES)
    life = called_in_part(terms, Life(), PartialCall(4, 250_000_000, 1_020_000_000))
    grid = grid_with(terms, called(terms, life, date(2023, 3, 15), 1_005_000_000))

    assert grid.periods == 4
    assert exact_payment(grid, 4).principal == Fraction(FACE * 1005, 1000)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (PartialCall(2, 100_000_000), "payment 2 is not between 2 and 6"),
        (PartialCall(6, 100_000_000), "payment 6 is not between 2 and 6"),
        (PartialCall(3, 0), "is not a part in whole base units"),
        (PartialCall(3, 600_000_000), "is not a part in whole base units"),
        (PartialCall(3, 100_010_000), "is not a part in whole base units"),
    ],
)
def test_called_in_part__no_part__refused(call: PartialCall, reason: str) -> None:
    terms = terms_of(HALVES)
    life = called_in_part(terms, Life(), PartialCall(2, 400_000_000))

    with pytest.raises(EarlyRedemptionRefused, match=reason):
        called_in_part(terms, life, call)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(1, 250), min_size=1, max_size=3), st.sampled_from([PAR, 1_030_000_000]))
def test_called_in_part__any_parts__repay_the_face_once(parts: list[int], price: int) -> None:
    terms = terms_of(HALVES)
    life = Life()
    for period, part in enumerate(parts, 2):
        life = called_in_part(terms, life, PartialCall(period, part * RATE_SCALE // 1000, price))
    grid = grid_with(terms, life)

    paid = sum(exact_payment(grid, k).principal for k in range(1, 7))

    premium = Fraction(sum(parts), 1000) * Fraction(price - PAR, PAR)
    assert paid == FACE * (1 + premium)


# --- extended


def test_extended__goes_on_at_its_own_rate() -> None:
    terms = terms_of(HALVES)
    life = extended_by(terms, Life(), Extension(2, 45, 50_000_000))
    grid = grid_with(terms, life)

    assert (grid.periods, grid.due[-1]) == (8, date(2025, 3, 15))
    assert [rate_of(grid, k) for k in range(1, 9)] == [32_500_000] * 6 + [50_000_000] * 2
    assert [exact_payment(grid, k).principal for k in (6, 8)] == [0, FACE]
    assert exact_payment(grid, 7).interest == FACE * Fraction(5, 200)
    assert unit_payments(grid) == tuple(unit_payment(grid, k) for k in range(1, 9))


def test_extended_then_called__ends_in_the_extension() -> None:
    terms = terms_of(HALVES)
    life = extended_by(terms, Life(), Extension(2, 45, 50_000_000))
    grid = grid_with(terms, called(terms, life, date(2024, 6, 15), PAR))

    assert (grid.periods, grid.due[-1]) == (7, date(2024, 6, 15))
    assert exact_payment(grid, 7).interest == FACE * Fraction(5, 200) * Fraction(92, 184)


def test_extended__kpi_bond__its_rate_begins_anew() -> None:
    """What was missed before counts no longer: the extension has a rate of its own."""
    test = KpiTest("CO2", date(2021, 12, 31), 3, at_most=True, target=100 * RATE_SCALE, step=2_500_000)
    terms = terms_of(
        regular(ISSUED, 3, 12), kind=CouponKind.KPI, provisions=Provisions(tests=(test,), fallback_days=5)
    )
    grid = grid_with(terms, extended_by(terms, Life(), Extension(2, 45, 40_000_000)))
    series = Series(Benchmark("CO2", BenchmarkKind.FIGURE), {date(2021, 12, 31): 101 * RATE_SCALE})
    market = market_on(date(2030, 1, 1), series)
    fixings: list[Fixing] = []
    for k in range(1, 6):
        fixings.append(fix_on(grid, k, fixings[-1] if fixings else None, market))

    assert [each.rate for each in fixings] == [32_500_000, 32_500_000, 35_000_000, 40_000_000, 40_000_000]


# --- later terms


def changed(terms: InterestTerms, start: int, **changes: object) -> Life:
    return Life(versions=(Version(replace(terms, **changes), start),))  # type: ignore[arg-type]


def test_version__each_period_by_the_terms_at_its_start() -> None:
    terms = terms_of(HALVES)
    grid = grid_with(terms, changed(terms, 4, coupon_rate=20_000_000, day_count=DayCount.ACT_365F))

    assert [rate_of(grid, k) for k in range(1, 7)] == [32_500_000] * 3 + [20_000_000] * 3
    assert exact_payment(grid, 3).interest == FACE * Fraction(325, 20_000)
    assert exact_payment(grid, 4).interest == FACE * Fraction(2, 100) * Fraction(181, 365)
    found = accrued(grid, date(2022, 9, 25))
    assert (found.period, found.amount) == (4, FACE * Fraction(2, 100) * Fraction(10, 365))
    assert accrued(grid, date(2022, 9, 14)).amount == FACE * Fraction(325, 20_000) * Fraction(183, 184)


def test_version__maturity_moved__ends_there() -> None:
    terms = terms_of(HALVES)
    longer = replace(HALVES, periods=8, maturity_day=date(2025, 3, 15))
    life = replace(changed(terms, 5, schedule=longer), last=8, ends=date(2025, 3, 15))
    grid = grid_with(terms, life)

    assert grid.periods == 8
    assert [exact_payment(grid, k).principal for k in (6, 7, 8)] == [0, 0, FACE]


def test_version__instalments_from_then_on__repay_what_is_left() -> None:
    terms = terms_of(HALVES)
    parts = Provisions(instalments=(Instalment(4, 300_000_000), Instalment(6, 700_000_000)))
    grid = grid_with(terms, changed(terms, 3, provisions=parts))

    assert [exact_payment(grid, k).principal * 10 / FACE for k in range(1, 7)] == [0, 0, 0, 3, 0, 7]
    assert exact_payment(grid, 5).interest == FACE * Fraction(7, 10) * Fraction(325, 20_000)


FLOATS = Provisions(
    floating=Floating("SHIBOR6M", lag=0, cap=2**32 - 1, places=4, fallback_rate=25_000_000), fallback_days=5
)


def test_version__a_rate_that_floats_from_then_on__is_fixed_from_its_first_period() -> None:
    terms = terms_of(HALVES, day_count=DayCount.ACT_360)
    life = changed(terms, 3, kind=CouponKind.FLOATING, coupon_rate=0, provisions=FLOATS)
    grid = grid_with(terms, life)
    rates = {date(2022, 3, 15): 21_000_000, date(2022, 9, 15): 19_000_000}
    market = market_on(
        date(2022, 9, 20), Series(Benchmark("SHIBOR6M", BenchmarkKind.RATE, "X-TARGET"), rates)
    )

    assert (next_to_fix(grid, 0), next_to_fix(grid, 3), next_to_fix(grid, 6)) == (3, 4, 7)
    with pytest.raises(PeriodOutOfOrder):
        fix_on(grid, 1, None, market)
    third = fix_on(grid, 3, None, market)
    fourth = fix_on(grid, 4, third, market)

    assert [third.rate, fourth.rate] == [21_000_000, 19_000_000]
    fixings = [third, fourth]
    assert exact_payment(grid, 2, fixings).interest == FACE * Fraction(325, 10_000) * Fraction(181, 360)
    assert exact_payment(grid, 4, fixings).interest == FACE * Fraction(19, 1000) * Fraction(181, 360)
    with pytest.raises(PeriodNotFixed):
        exact_payment(grid, 5, fixings)


def test_version__two_that_leave_open_with_a_fixed_one_between__are_fixed_in_order() -> None:
    terms = terms_of(HALVES, day_count=DayCount.ACT_360)
    floats = replace(terms, kind=CouponKind.FLOATING, coupon_rate=0, provisions=FLOATS)
    plain = replace(terms, coupon_rate=30_000_000)
    grid = grid_with(terms, Life(versions=(Version(floats, 2), Version(plain, 3), Version(floats, 5))))

    assert [next_to_fix(grid, last) for last in (0, 2, 5, 6)] == [2, 5, 6, 7]


# --- made due


def test_made_due__trades_flat_and_ends_on_the_day() -> None:
    terms = terms_of(HALVES)
    grid = grid_with(terms, made_due(Life(), 3, date(2022, 5, 15)))

    assert accrued(grid, date(2022, 5, 1)).amount == 0
    assert (grid.periods, grid.due[-1]) == (3, date(2022, 5, 15))
    last = exact_payment(grid, 3)
    assert last.interest == FACE * Fraction(325, 20_000) * Fraction(61, 184)
    assert last.principal == FACE


def test_made_due__called_before__the_claim_is_for_par_unless_the_last_payment_was_missed() -> None:
    terms = terms_of(HALVES)
    life = called(terms, Life(), date(2022, 5, 15), 1_020_000_000)

    by_holders = grid_with(terms, made_due(life, 2, date(2022, 2, 1)))
    overdue = grid_with(terms, made_due(life, 3, date(2022, 5, 15), at_maturity=True))

    assert exact_payment(by_holders, 2).principal == FACE
    assert exact_payment(overdue, 3).principal == FACE * Fraction(102, 100)


def test_made_due__at_the_start_of_a_period__has_no_days() -> None:
    terms = terms_of(HALVES, day_count=DayCount.THIRTY_E_360_ISDA)
    grid = grid_with(terms, made_due(Life(), 3, date(2022, 3, 15)))

    assert exact_payment(grid, 3).interest == 0
    assert exact_payment(grid, 3).principal == FACE


def test_made_due__adjusted__ends_on_the_day_itself() -> None:
    terms = terms_of(HALVES, adjusted=True, roll=Convention.FOLLOWING, day_count=DayCount.ACT_360)
    sunday = date(2022, 5, 15)

    assert grid_with(terms, made_due(Life(), 3, sunday)).bound(3) == sunday
    assert grid_with(terms, called(terms, Life(), sunday, PAR)).bound(3) == date(2022, 5, 16)


# --- days: several due days in one closure


def closed_from(first: date, last: date) -> Calendar:
    """2020 and 2021 with all days as business days but a closure."""
    bitmaps = {}
    for year in (2020, 2021):
        start = date(year, 1, 1)
        days = [start + timedelta(days=i) for i in range((date(year + 1, 1, 1) - start).days)]
        bitmaps[year] = sum(1 << i for i, day in enumerate(days) if not first <= day <= last)
    return Calendar.from_bitmaps("X-TARGET", bitmaps)


#: Closed from 24 January to 2 February 2020.
CLOSURE = {"X-TARGET": closed_from(date(2020, 1, 24), date(2020, 2, 2))}


def short_periods(roll: Convention) -> Grid:
    """Every five days from 20 January 2020: the first two due days lie in the closure."""
    terms = terms_of(
        regular(date(2020, 1, 20), 4, 5, PeriodUnit.DAY),
        adjusted=True,
        roll=roll,
        day_count=DayCount.ACT_360,
        kind=CouponKind.STEP,
        coupon_rate=36_000_000,
        provisions=Provisions(steps=(Step(2, 72_000_000), Step(3, 144_000_000), Step(4, 288_000_000))),
    )
    return Grid(terms, CLOSURE)


@pytest.mark.parametrize("offset", [0, 4, 9, 10, 13])
def test_period_of__two_due_days_rolled_forward__the_first_goes_on(offset: int) -> None:
    """As the contracts: tests/unit/servicing/test_periods_in_a_closure.py."""
    grid, day = short_periods(Convention.FOLLOWING), date(2020, 1, 20) + timedelta(days=offset)

    assert grid.period_of(day) == 1
    assert accrued(grid, day, records=0).amount == offset


@pytest.mark.parametrize("offset", [0, 1, 2, 11])
def test_period_of__two_due_days_rolled_back__the_third_has_begun(offset: int) -> None:
    grid, start = short_periods(Convention.PRECEDING), date(2020, 1, 23)

    assert grid.period_of(start + timedelta(days=offset)) == 3
    assert accrued(grid, start + timedelta(days=offset), records=2).amount == 4 * offset


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 12),
    st.integers(1, 40),
    st.dates(date(2020, 1, 2), date(2020, 3, 1)),
    st.integers(0, 20),
    st.sampled_from([Convention.FOLLOWING, Convention.PRECEDING, Convention.MODIFIED_FOLLOWING]),
    st.dictionaries(st.integers(1, 12), st.integers(-9, 9), max_size=3),
)
def test_periods__any_closure__follow_each_other_and_hold_every_day(
    step: int, periods: int, first: date, length: int, roll: Convention, late: dict[int, int]
) -> None:
    """Bounds never go back, whatever was announced; each day lies in the one period that has it."""
    schedule = regular(date(2020, 1, 10), periods, step, PeriodUnit.DAY)
    terms = terms_of(schedule, adjusted=True, roll=roll, day_count=DayCount.ACT_360)
    calendars = {"X-TARGET": closed_from(first, first + timedelta(days=length))}
    announced = {
        k: schedule.issue_day + timedelta(days=max(0, k * step + moved))
        for k, moved in late.items()
        if k <= periods
    }
    grid = Grid(terms, calendars, announced=announced)

    bounds = [grid.bound(k) for k in range(periods + 1)]

    assert bounds == sorted(bounds)
    for offset in range((bounds[-1] - bounds[0]).days):
        day = bounds[0] + timedelta(days=offset)
        k = grid.period_of(day)
        assert bounds[k - 1] <= day < bounds[k]
    assert sum(grid.fraction(k) for k in range(1, periods + 1)) == Fraction(
        (bounds[-1] - bounds[0]).days, 360
    )
    with pytest.raises(AccrualRefused):
        grid.period_of(bounds[-1])


def test_accrued__adjusted_and_only_this_year_published__is_told() -> None:
    """Four years, of which the market knows one: far-off days are not rolled."""
    terms = terms_of(
        regular(date(2020, 3, 15), 8, 6), adjusted=True, roll=Convention.FOLLOWING, day_count=DayCount.ACT_360
    )
    grid = Grid(terms, CLOSURE)

    assert not grid.is_over(date(2020, 10, 15))
    assert accrued(grid, date(2020, 10, 15)).amount == FACE * Fraction(325, 10_000) * Fraction(30, 360)


# --- all of it


@settings(max_examples=500, deadline=None)
@given(fixed_terms(), st.integers(0, 10**6))
def test_made_due__any_terms__claims_what_has_accrued_and_the_principal(
    terms: InterestTerms, offset: int
) -> None:
    if terms.day_count is DayCount.THIRTY_E_360_ISDA:
        terms = replace(terms, day_count=DayCount.THIRTY_E_360)
    whole = grid_of(terms)
    day = whole.due[0] + timedelta(days=offset % (whole.due[-1] - whole.due[0]).days)
    period = whole.period_of(day)
    grid = grid_with(terms, made_due(Life(), period, day))

    last = exact_payment(grid, period)

    assert last.interest == accrued(whole, day).amount
    assert last.principal == Fraction(terms.face_value * factor_after(whole, period - 1), FACTOR_SCALE)


def test_version__a_rate_that_floats_and_is_not_published__falls_back_on_that_of_the_terms_before() -> None:
    terms = terms_of(HALVES, day_count=DayCount.ACT_360)
    provisions = replace(FLOATS, floating=replace(FLOATS.floating, fallback=Fallback.PREVIOUS_RATE))
    life = changed(terms, 3, kind=CouponKind.FLOATING, coupon_rate=0, provisions=provisions)
    nothing = Series(Benchmark("SHIBOR6M", BenchmarkKind.RATE, "X-TARGET"), {})

    third = fix_on(grid_with(terms, life), 3, None, market_on(date(2022, 3, 20), nothing))

    assert (third.rate, third.source) == (32_500_000, Source.PREVIOUS_RATE)
