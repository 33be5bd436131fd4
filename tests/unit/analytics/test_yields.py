"""Prices, yields and risk against QuantLib's own bonds."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import QuantLib as ql
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.unit.interest.builders import (
    CALENDARS,
    fixed_terms,
    grid_of,
    is_stub_of,
    ql_counter,
    ql_schedule,
    regular,
    terms_of,
    to_ql,
)

from indenture.analytics import Analysis, Assumptions, Compounding, Curve, present_value
from indenture.calendars import Convention
from indenture.daycount import DayCount
from indenture.errors import InputError
from indenture.interest import InterestTerms, factor_after, rate_of, unit_payments
from indenture.provisions import FACTOR_SCALE, Rounding
from indenture.rounding import RATE_SCALE
from indenture.termsheet import load_term_sheet

pytestmark = pytest.mark.unit

SETTLED = date(2025, 7, 1)
TERMS = Path(__file__).resolve().parents[3] / "terms"
#: 2 years, 3.25 %, China interbank.
TWO_YEARS = terms_of(regular(date(2025, 1, 2), 2), calendar="CN-IB", roll=Convention.FOLLOWING)


# --- golden


def test_measures__two_years__as_published() -> None:
    found = Analysis(TWO_YEARS).measures(SETTLED, clean=100.40)

    assert found.yield_to_maturity == pytest.approx(0.029664778905, abs=5e-13)
    assert found.assumed == ()


def test_accrued__two_years__as_published() -> None:
    assert round(float(Analysis(TWO_YEARS).accrued(date(2025, 7, 2))), 10) == 1.6116438356


def test_flows__two_years__paid_on_a_working_sunday_and_not_known_beyond_the_calendar() -> None:
    first, last = Analysis(TWO_YEARS).flows

    assert (first.due, first.payment_day) == (date(2026, 1, 2), date(2026, 1, 4))
    assert (last.due, last.payment_day) == (date(2027, 1, 2), None)
    assert [str(flow.rate.normalize()) for flow in (first, last)] == ["3.25", "3.25"]
    assert [float(flow.total) for flow in (first, last)] == [3.25, 103.25]
    assert not last.is_assumed


def test_yield__payment_rolled_past_the_schedule__is_that_of_the_unadjusted_twin() -> None:
    """QuantLib's own bond throws here: see the tests of ``interest``."""
    unrolled = Analysis(replace(TWO_YEARS, roll=Convention.UNADJUSTED))
    rolled = Analysis(replace(TWO_YEARS, schedule=regular(date(2024, 1, 2), 2)))

    assert rolled.flows[-1].payment_day == date(2026, 1, 4)
    assert rolled.yield_to_maturity(100.4, SETTLED) > 0
    assert Analysis(TWO_YEARS).yield_to_maturity(100.4, SETTLED) == unrolled.yield_to_maturity(100.4, SETTLED)


# --- any bond


def quantlib_bond(terms: InterestTerms) -> tuple[ql.Bond, ql.DayCounter]:
    grid, schedule = grid_of(terms), ql_schedule(terms.schedule)
    counter = ql_counter(terms, schedule)
    numbers = range(1, grid.periods + 1)
    bond = ql.AmortizingFixedRateBond(
        0,
        [100.0 * factor_after(grid, k - 1) / FACTOR_SCALE for k in numbers],
        schedule,
        [rate_of(grid, k) / RATE_SCALE for k in numbers],
        counter,
        ql.Unadjusted,
    )
    return bond, counter


@settings(max_examples=600, deadline=None)
@given(fixed_terms(), st.integers(0, 10**6), st.floats(-0.01, 0.15), st.sampled_from(Compounding))
def test_measures__any_fixed_bond__as_quantlibs(
    terms: InterestTerms, offset: int, yield_: float, compounding: Compounding
) -> None:
    s = terms.schedule
    is_other = is_stub_of(s) and (s.anchor_day.day > 28 or s.periods == 1)
    if terms.day_count is DayCount.ACT_ACT_ICMA and is_other:
        terms = replace(terms, day_count=DayCount.ACT_365F)
    # QuantLib's own bond throws: to the redemption on a 29 February it counts a day less than none.
    assume(terms.day_count is not DayCount.THIRTY_E_360_ISDA or not is_end_of_february(s.maturity_day))
    day = s.issue_day + timedelta(days=offset % (s.maturity_day - s.issue_day).days)
    analysis = Analysis(terms, calendars=CALENDARS, compounding=compounding)
    # A stretch that counts no days leaves a yield without meaning.
    assume(float(analysis.flows[-1].fraction) > 0)
    bond, counter = quantlib_bond(terms)
    frequency = analysis_frequency(terms)
    rate = ql.InterestRate(yield_, counter, compounding.value, frequency)

    found = analysis.measures(day, yield_=yield_)

    dirty = bond.dirtyPrice(yield_, counter, compounding.value, frequency, to_ql(day))
    assert found.dirty == pytest.approx(dirty, rel=1e-11)
    assert found.accrued == pytest.approx(bond.accruedAmount(to_ql(day)), rel=1e-11, abs=1e-12)
    modified = ql.BondFunctions.duration(bond, rate, ql.Duration.Modified, to_ql(day))
    assert found.modified == pytest.approx(modified, rel=1e-10)
    assert found.convexity == pytest.approx(
        ql.BondFunctions.convexity(bond, rate, to_ql(day)), rel=1e-9, abs=1e-12
    )
    assert found.dv01 == pytest.approx(modified * dirty / 10_000, rel=1e-9)
    if compounding is Compounding.COMPOUNDED:
        macaulay = ql.BondFunctions.duration(bond, rate, ql.Duration.Macaulay, to_ql(day))
        assert found.macaulay == pytest.approx(macaulay, rel=1e-10)
    else:
        assert found.macaulay is None


@settings(max_examples=300, deadline=None)
@given(fixed_terms(stubs=False), st.integers(0, 10**6), st.floats(0.001, 0.12))
def test_yield__of_the_price_of_a_yield__is_that_yield(
    terms: InterestTerms, offset: int, yield_: float
) -> None:
    s = terms.schedule
    day = s.issue_day + timedelta(days=offset % max(1, (s.maturity_day - s.issue_day).days - 10))
    analysis = Analysis(terms, calendars=CALENDARS)
    dv01 = analysis.dv01(yield_, day)
    assume(dv01 > 1e-5)

    clean = analysis.clean_price(yield_, day)

    assert analysis.yield_to_maturity(clean, day) == pytest.approx(yield_, abs=1e-13 / dv01)


def is_end_of_february(day: date) -> bool:
    return day.month == 2 and (day + timedelta(days=1)).month == 3


def analysis_frequency(terms: InterestTerms) -> int:
    from indenture.analytics.discounting import compoundings

    return compoundings(grid_of(terms))


# --- spreads


def test_z_spread__flat_curve_and_unrolled_payments__difference_of_the_yields() -> None:
    terms = replace(TWO_YEARS, roll=Convention.UNADJUSTED, day_count=DayCount.ACT_365F)
    analysis = Analysis(terms)
    found = analysis.yield_to_maturity(100.4, SETTLED)

    spread = analysis.z_spread(100.4, SETTLED, Curve.flat(0.02, date(2028, 1, 1)))

    assert spread == pytest.approx(found - 0.02, abs=1e-10)


def test_z_spread__sloping_curve__prices_the_bond() -> None:
    analysis = Analysis(TWO_YEARS)
    curve = Curve(((date(2026, 1, 1), 0.015), (date(2026, 7, 1), 0.02), (date(2028, 1, 1), 0.025)))

    spread = analysis.z_spread(100.4, SETTLED, curve)

    worth = 0.0
    for flow in analysis.flows:
        day = flow.payment_day or flow.due
        years = (day - SETTLED).days / 365
        worth += float(flow.total) * (1 + curve.rate_on(day) + spread) ** -years
    assert worth == pytest.approx(100.4 + float(analysis.accrued(SETTLED)), abs=1e-9)


def test_curve__between_before_and_after__linear_and_flat() -> None:
    curve = Curve(((date(2026, 1, 1), 0.01), (date(2026, 1, 11), 0.02)))

    days = [date(2025, 1, 1), date(2026, 1, 1), date(2026, 1, 4), date(2026, 1, 11)]
    assert [curve.rate_on(day) for day in days] == pytest.approx(
        [0.01, 0.01, 1.01**0.7 * 1.02**0.3 - 1, 0.02]
    )
    assert curve.rate_on(date(2027, 1, 1)) == 0.02


def test_z_spread__curve_too_short__refused() -> None:
    with pytest.raises(InputError, match="ends on 2026-01-01, before the last payment on 2027-01-02"):
        Analysis(TWO_YEARS).z_spread(100, SETTLED, Curve.flat(0.02, date(2026, 1, 1)))


@pytest.mark.parametrize("points", [(), ((date(2026, 1, 1), 0.01), (date(2026, 1, 1), 0.02))])
def test_curve__dates_out_of_order__refused(points: tuple[tuple[date, float], ...]) -> None:
    with pytest.raises(InputError, match="dates in their order"):
        Curve(points)


def test_z_spread__payment_due_but_not_paid_yet__is_the_sellers() -> None:
    """Due on Friday 2 January 2026, paid on Sunday the 4th."""
    terms = replace(TWO_YEARS, schedule=regular(date(2025, 1, 2), 2))
    between, after = (
        Analysis(terms).z_spread(100, date(2026, 1, day), Curve.flat(0.02, date(2028, 1, 1)))
        for day in (3, 5)
    )

    assert between == pytest.approx(after, abs=1e-4)


# --- what is refused


@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2027, 1, 2)])
def test_measures__no_settlement_day__refused(day: date) -> None:
    with pytest.raises(InputError, match="no settlement day"):
        Analysis(TWO_YEARS).measures(day, clean=100)


def test_measures__price_and_yield__refused() -> None:
    analysis = Analysis(TWO_YEARS)

    for clean, yield_ in ((None, None), (100.0, 0.03)):
        with pytest.raises(InputError, match="a clean price or a yield"):
            analysis.measures(SETTLED, clean=clean, yield_=yield_)


def test_yield__price_that_none_makes__refused() -> None:
    with pytest.raises(InputError, match="no yield makes the price"):
        Analysis(TWO_YEARS).yield_to_maturity(-5, SETTLED)


def test_macaulay_duration__simple_yield__refused() -> None:
    with pytest.raises(InputError, match="compounded yield"):
        Analysis(TWO_YEARS, compounding=Compounding.SIMPLE).macaulay_duration(0.03, SETTLED)


def test_bus_252__without_a_calendar__refused() -> None:
    with pytest.raises(InputError, match="calendar"):
        Analysis(replace(TWO_YEARS, day_count=DayCount.BUS_252), calendars={})


# --- many bonds


@settings(max_examples=600, deadline=None)
@given(fixed_terms(), st.integers(0, 10**6), st.floats(-0.01, 0.15))
def test_present_value__any_fixed_bond__as_the_analysis(
    terms: InterestTerms, offset: int, yield_: float
) -> None:
    s = terms.schedule
    is_other = is_stub_of(s) and (s.anchor_day.day > 28 or s.periods == 1)
    if terms.day_count is DayCount.ACT_ACT_ICMA and is_other:
        terms = replace(terms, day_count=DayCount.ACT_365F)
    terms = replace(terms, rounding=Rounding.HOLDING_DOWN)
    day = s.issue_day + timedelta(days=offset % (s.maturity_day - s.issue_day).days)
    analysis, grid = Analysis(terms, calendars=CALENDARS), grid_of(terms)

    worth = present_value(grid, unit_payments(grid), yield_, day)

    price = analysis.dirty_price(yield_, day) * float(analysis.outstanding(day))
    assert worth * 100 / terms.face_value == pytest.approx(price, rel=1e-11)


# --- ex-coupon


def test_measures__after_the_record_date__the_coupon_is_not_the_buyers() -> None:
    """A week before the first coupon of 3.25 he pays for the rest only: 103.25 a year later, by hand."""
    settled, due, maturity = date(2025, 12, 26), date(2026, 1, 2), date(2027, 1, 2)
    analysis = Analysis(TWO_YEARS)

    found = analysis.measures(settled, yield_=0.03, records=1)

    to_due = (due - settled).days / 365
    assert found.dirty == pytest.approx(103.25 / 1.03 ** (1 + to_due), abs=1e-9)
    assert found.accrued == pytest.approx(-3.25 * to_due, abs=1e-12)
    assert analysis.yield_to_maturity(found.clean, settled, records=1) == pytest.approx(0.03, abs=1e-12)
    cum = analysis.measures(settled, yield_=0.03)
    assert cum.dirty - found.dirty == pytest.approx(3.25 / 1.03**to_due, abs=1e-9)
    assert found.macaulay == pytest.approx(1 + to_due, abs=1e-9)
    curve = Curve(((due, 0.03), (maturity, 0.03)))
    assert analysis.z_spread(found.clean, settled, curve, records=1) == pytest.approx(0.0, abs=1e-4)


def test_measures__once_the_last_record_date_is_over__nothing_is_left_to_buy() -> None:
    with pytest.raises(InputError, match="nothing is left to buy on 2027-01-01"):
        Analysis(TWO_YEARS).measures(date(2027, 1, 1), clean=100, records=2)


def test_measures__coupon_due_and_its_record_date_to_come__is_paid_at_once() -> None:
    """With its record day on the payment day a coupon that is due is still the buyer's, for a day or two."""
    settled, analysis = date(2026, 1, 3), Analysis(TWO_YEARS)
    curve = Curve.flat(0.02, date(2028, 1, 1))

    found = analysis.measures(settled, clean=100, records=0)

    without = analysis.measures(settled, clean=100, records=1)
    assert found.accrued == pytest.approx(3.25 + without.accrued, abs=1e-12)
    assert found.yield_to_maturity == pytest.approx(without.yield_to_maturity, abs=1e-12)
    assert found.dirty == pytest.approx(3.25 + without.dirty, abs=1e-12)
    assert found.dv01 == pytest.approx(without.dv01, abs=1e-12), "what is paid at once has no duration"
    assert analysis.z_spread(100, settled, curve, records=0) == pytest.approx(
        analysis.z_spread(100, settled, curve, records=1), abs=1e-5
    )


def test_z_spread__coupon_paid_already_and_its_record_date_to_come__is_paid_at_once() -> None:
    settled, curve = date(2026, 1, 3), Curve.flat(0.02, date(2028, 1, 1))
    analysis = Analysis(replace(TWO_YEARS, roll=Convention.UNADJUSTED))

    found = [analysis.z_spread(100, settled, curve, records=records) for records in (0, 1)]

    assert found[0] == pytest.approx(found[1], abs=1e-12)


def test_measures__adjusted_period_that_ends_after_its_due_day__pays_what_is_due_at_once() -> None:
    """Due on Saturday 1 June 2024; the period ends on Monday the 3rd, when it is paid."""
    schedule, settled = regular(date(2023, 6, 1), 2), date(2024, 6, 2)
    terms = replace(TWO_YEARS, schedule=schedule, day_count=DayCount.ACT_365F, adjusted=True)
    analysis = Analysis(terms)

    found = analysis.measures(settled, clean=100)

    assert found.accrued == pytest.approx(3.25 * 367 / 365, abs=1e-12)
    coupon, last = (float(flow.total) for flow in analysis.flows)
    years = (schedule.maturity_day - settled).days / 365
    assert found.yield_to_maturity == pytest.approx(
        (last / (100 + found.accrued - coupon)) ** (1 / years) - 1, abs=1e-12
    )


@pytest.mark.parametrize(
    ("settled", "records", "outstanding"),
    [
        (date(2022, 4, 18), 2, 1.0),
        (date(2022, 4, 18), 3, 0.8),
        (date(2022, 4, 22), 2, 1.0),
        (date(2022, 4, 22), 3, 0.8),
    ],
)
def test_measures__instalment_around_its_record_date__price_is_of_what_the_buyer_is_owed(
    settled: date, records: int, outstanding: float
) -> None:
    """20 % are due on 22 April 2022 with the third coupon of 4.65; to yield 4.65 costs about par, by hand."""
    terms = load_term_sheet(TERMS / "pr-jingchengtou.yaml")
    analysis, due = Analysis(terms, assumptions=Assumptions(weekdays=True)), date(2022, 4, 22)

    found = analysis.measures(settled, yield_=0.0465, records=records)

    assert float(analysis.outstanding(settled, records=records)) == pytest.approx(outstanding)
    is_cum = records < 3
    worth = (80 + (24.65 if is_cum else 0)) / 1.0465 ** ((due - settled).days / 365)
    assert found.dirty == pytest.approx(worth / outstanding, abs=1e-9)
    assert found.clean == pytest.approx(100, abs=0.02)
    assert analysis.yield_to_maturity(found.clean, settled, records=records) == pytest.approx(0.0465)


# --- without coupon


def test_yield__of_a_bond_that_accretes_half_yearly__is_the_yield_of_its_terms() -> None:
    terms = load_term_sheet(TERMS / "zero-compound.yaml")

    found = Analysis(terms).yield_to_maturity(91.18, terms.issue_date)

    # 91.18 is rounded to the fen: half of one over three years.
    assert found == pytest.approx(0.031, abs=2e-5)


def test_yield__of_a_discount_bill__is_compounded_once_a_year_whatever_its_days() -> None:
    terms = load_term_sheet(TERMS / "discount-bill.yaml")
    years = 182 / 365

    compounded = Analysis(terms).yield_to_maturity(99.25, terms.issue_date)
    simple = Analysis(terms, compounding=Compounding.SIMPLE).yield_to_maturity(99.25, terms.issue_date)

    assert compounded == pytest.approx((100 / 99.25) ** (1 / years) - 1, abs=1e-12)
    assert simple == pytest.approx((100 / 99.25 - 1) / years, abs=1e-12)
