"""Fixed and step coupons, stubs and instalments, against QuantLib's fixed-rate leg."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.calendars import Convention
from indenture.daycount import DayCount
from indenture.interest import (
    Grid,
    InterestTerms,
    accrued,
    exact_payment,
    factor_after,
    interest_of,
    principal_of,
    rate_of,
    unit_payment,
    unit_payments,
)
from indenture.provisions import FACTOR_SCALE, Rounding, Schedule
from indenture.rounding import RATE_SCALE

from .builders import (
    TARGET,
    exact,
    fixed_terms,
    from_ql,
    grid_of,
    is_stub_of,
    ql_counter,
    ql_schedule,
    regular,
    schedules,
    terms_of,
    to_ql,
)

pytestmark = pytest.mark.unit

THOUSANDS = settings(max_examples=2000, deadline=None)


def leg_of(terms: InterestTerms, grid: Grid, schedule: ql.Schedule) -> list[ql.FixedRateCoupon]:
    numbers = range(1, grid.periods + 1)
    leg = ql.FixedRateLeg(
        schedule,
        ql_counter(terms, schedule),
        [terms.face_value * factor_after(grid, k - 1) / FACTOR_SCALE for k in numbers],
        [rate_of(grid, k) / RATE_SCALE for k in numbers],
    )
    return [ql.as_fixed_rate_coupon(flow) for flow in leg]


def is_other_icma(terms: InterestTerms) -> bool:
    """Whether QuantLib takes other notional periods: see the last tests here."""
    s = terms.schedule
    is_moved = s.anchor_day.day > 28 or s.periods == 1
    return terms.day_count is DayCount.ACT_ACT_ICMA and is_moved and is_stub_of(s)


@THOUSANDS
@given(fixed_terms(), st.integers(1, 10**9))
def test_unit_payment__any_fixed_terms__as_quantlib(terms: InterestTerms, units: int) -> None:
    """QuantLib's exact figure, from the fraction behind its year fraction, is less than a base unit off."""
    if is_other_icma(terms):
        terms = replace(terms, day_count=DayCount.ACT_ACT_ISDA)
    grid = grid_of(terms)
    schedule = ql_schedule(terms.schedule)
    assert [from_ql(day) for day in schedule] == list(grid.due)

    for k, coupon in enumerate(leg_of(terms, grid, schedule), 1):
        fraction = exact(coupon.accrualPeriod())
        due = Fraction(terms.face_value * factor_after(grid, k - 1), FACTOR_SCALE)
        expected = due * Fraction(rate_of(grid, k), RATE_SCALE) * fraction

        assert exact_payment(grid, k).interest == expected
        # QuantLib takes the interest as a growth factor less one, and so loses digits of the nominal.
        assert float(expected) == pytest.approx(coupon.amount(), rel=1e-12, abs=1e-15 * coupon.nominal())
        ours = interest_of(unit_payment(grid, k), units)
        if terms.rounding is Rounding.HOLDING_DOWN:
            assert 0 <= units * expected - ours < 1
        elif terms.rounding is Rounding.UNIT_DOWN:
            assert 0 <= expected - Fraction(ours, units) < 1
        else:
            assert abs(expected - Fraction(ours, units)) <= Fraction(1, 2)


@settings(max_examples=500, deadline=None)
@given(fixed_terms(stubs=False))
def test_unit_payment__any_instalments__repay_the_face(terms: InterestTerms) -> None:
    grid = grid_of(terms)

    assert sum(exact_payment(grid, k).principal for k in range(1, grid.periods + 1)) == terms.face_value


@settings(deadline=None)
@given(fixed_terms())
def test_unit_payments__all_at_once__as_one_by_one(terms: InterestTerms) -> None:
    grid = grid_of(terms)

    assert unit_payments(grid) == tuple(unit_payment(grid_of(terms), k) for k in range(1, grid.periods + 1))


@settings(max_examples=1000, deadline=None)
@given(
    schedules(),
    st.sampled_from([Convention.FOLLOWING, Convention.MODIFIED_FOLLOWING, Convention.PRECEDING]),
    st.sampled_from([day_count for day_count in DayCount if day_count is not DayCount.ACT_ACT_ICMA]),
)
def test_unit_payment__adjusted_periods__as_quantlib(
    schedule: Schedule, roll: Convention, day_count: DayCount
) -> None:
    """QuantLib rolls the first day of a schedule too; here it is a business day, as the issue day stays."""
    issued = next(
        day for day in ql.TARGET().businessDayList(to_ql(schedule.issue_day), to_ql(schedule.issue_day) + 9)
    )
    if from_ql(issued) != schedule.issue_day:
        schedule = regular(from_ql(issued), schedule.periods, schedule.step, schedule.unit)
    terms = terms_of(schedule, day_count=day_count, roll=roll, adjusted=True)
    grid = grid_of(terms)
    rolls = {
        Convention.FOLLOWING: ql.Following,
        Convention.MODIFIED_FOLLOWING: ql.ModifiedFollowing,
        Convention.PRECEDING: ql.Preceding,
    }
    theirs = ql.Schedule([to_ql(day) for day in grid.due], TARGET, rolls[roll])
    days = [TARGET.adjust(day, rolls[roll]) for day in theirs]
    counter = ql_counter(terms, theirs)

    for k in range(1, grid.periods + 1):
        assert grid.bound(k) == from_ql(days[k])
        assert grid.fraction(k) == exact(counter.yearFraction(days[k - 1], days[k]))


@THOUSANDS
@given(fixed_terms(), st.integers(0, 10**6))
def test_accrued__any_day__as_quantlib(terms: InterestTerms, offset: int) -> None:
    if is_other_icma(terms):
        terms = replace(terms, day_count=DayCount.ACT_365F)
    grid = grid_of(terms)
    day = date.fromordinal(grid.due[0].toordinal() + offset % (grid.due[-1] - grid.due[0]).days)
    schedule = ql_schedule(terms.schedule)
    period = grid.period_of(day)
    coupon = leg_of(terms, grid, schedule)[period - 1]
    fraction = exact(ql_counter(terms, schedule).yearFraction(coupon.accrualStartDate(), to_ql(day)))
    face = Fraction(terms.face_value * factor_after(grid, period - 1), FACTOR_SCALE)

    found = accrued(grid, day)

    assert found.amount == face * Fraction(rate_of(grid, period), RATE_SCALE) * fraction
    assert float(found.amount) == pytest.approx(
        coupon.accruedAmount(to_ql(day)), rel=1e-9, abs=1e-14 * coupon.nominal()
    )


@settings(max_examples=1000, deadline=None)
@given(fixed_terms(), st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
def test_amounts__any_rounding__holders_and_residue_are_what_is_funded(
    terms: InterestTerms, holdings: list[int]
) -> None:
    grid = grid_of(terms)
    for each in unit_payments(grid):
        interest = [interest_of(each, units) for units in holdings]
        principal = [principal_of(each, units) for units in holdings]
        residue = (
            interest_of(each, sum(holdings))
            + principal_of(each, sum(holdings))
            - sum(interest)
            - sum(principal)
        )

        assert 0 <= residue < 2 * len(holdings)
        if terms.rounding is not Rounding.HOLDING_DOWN:
            assert residue == 0


# --- where QuantLib differs


def test_icma_stub_on_the_31st__quantlib_counts_from_a_clamped_day() -> None:
    """QuantLib goes six months back from 28 February, and gives the stub three days more to divide by.

    All days count from the 31st here, so that the notional period begins on 31 August.
    """
    schedule = Schedule(date(2020, 11, 30), date(2021, 8, 31), date(2021, 8, 31), 2, 2, 6)
    terms = terms_of(schedule)
    grid = Grid(terms)
    theirs = ql_schedule(schedule)
    assert [from_ql(day) for day in theirs] == list(grid.due)

    coupon = leg_of(terms, grid, theirs)[0]

    assert grid.fraction(1) == Fraction(90, 181) / 2
    assert exact(coupon.accrualPeriod()) == Fraction(90, 184) / 2


def test_yield_of_a_rolled_last_payment__quantlib_throws() -> None:
    """Its ISMA count knows no day after the last of the schedule; analytics price an unadjusted twin."""
    schedule = ql_schedule(regular(date(2025, 1, 2), 2))
    counter = ql.ActualActual(ql.ActualActual.ISMA, schedule)
    bond = ql.FixedRateBond(
        0, 100.0, schedule, [0.0325], counter, ql.Following, 100.0, ql.Date(), ql.China(ql.China.IB)
    )
    price = ql.BondPrice(100.4, ql.BondPrice.Clean)

    with pytest.raises(RuntimeError, match="Dates out of range"):
        bond.bondYield(price, counter, ql.Compounded, ql.Annual, ql.Date(1, 7, 2025))
