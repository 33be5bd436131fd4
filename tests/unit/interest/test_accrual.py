"""Accrued interest around record dates, and accretion."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.calendars import Convention
from indenture.dates import add_months
from indenture.daycount import DayCount
from indenture.interest import (
    AccrualRefused,
    Accrued,
    Benchmark,
    BenchmarkKind,
    Grid,
    InterestTerms,
    Market,
    PeriodNotFixed,
    Series,
    ValueNotPublished,
    accreted_value,
    accrued,
    clean_price,
    dirty_price,
    fix_on,
    growth,
    unit_payment,
)
from indenture.provisions import (
    NO_CAP,
    Accretion,
    CouponKind,
    Deferral,
    Floating,
    Provisions,
    Rounding,
)

from .builders import CALENDAR, CALENDARS, MARKET, fixed_terms, grid_of, market_on, regular, terms_of

pytestmark = pytest.mark.unit

LATER = date(2060, 1, 1)

# --- records

#: 3.25 % half-yearly from 15 June 2023: 162.50 a period on a unit of 10,000.
HALF_YEARLY = terms_of(regular(date(2023, 6, 15), 4, 6))
DAY = date(2023, 9, 15)
EARNED = Fraction(92, 183) * Fraction("162.5")


@pytest.mark.parametrize(
    ("day", "records", "amount", "ex", "pending"),
    [
        (DAY, 0, EARNED, False, False),
        (DAY, None, EARNED, False, False),
        (DAY, 1, EARNED - Fraction("162.5"), True, False),
        (DAY, 2, EARNED - Fraction("325"), True, False),
        (date(2023, 12, 15), 0, Fraction("162.5"), False, True),
        (date(2023, 12, 15), 1, Fraction(0), False, False),
        (date(2023, 12, 15), None, Fraction(0), False, False),
    ],
)
def test_accrued__records_passed__ex_or_pending(
    day: date, records: int | None, amount: Fraction, ex: bool, pending: bool
) -> None:
    found = accrued(Grid(HALF_YEARLY), day, records=records)

    assert found == Accrued(amount, 1 if day == DAY else 2, ex, pending)


def test_accrued__ex_where_units_are_rounded__takes_off_what_is_really_paid() -> None:
    found = accrued(Grid(replace(HALF_YEARLY, rounding=Rounding.UNIT_DOWN)), DAY, records=1)

    assert found.amount == EARNED - 162


def test_accrued__before_the_issue__nothing() -> None:
    assert accrued(Grid(HALF_YEARLY), date(2023, 6, 14)) == Accrued(Fraction(0), 1)


@pytest.mark.parametrize("records", [None, 4])
def test_accrued__after_the_end__refused(records: int | None) -> None:
    day = date(2025, 6, 15)

    with pytest.raises(AccrualRefused) as caught:
        accrued(Grid(HALF_YEARLY), day, records=records)

    assert caught.value.day == day


@pytest.mark.parametrize("day", [date(2025, 6, 15), date(2025, 7, 1)])
def test_accrued__after_the_end_and_before_the_last_record__is_the_last_payment(day: date) -> None:
    assert accrued(Grid(HALF_YEARLY), day, records=3) == Accrued(Fraction("162.5"), 4)


def test_accrued__two_payments_pending__refused() -> None:
    with pytest.raises(AccrualRefused, match="only 0 record dates"):
        accrued(Grid(HALF_YEARLY), date(2024, 7, 1), records=0)


def test_accrued__adjusted__period_ends_on_the_rolled_day() -> None:
    """15 June 2024 is a Saturday: paid, and earned until, Monday the 17th."""
    terms = replace(HALF_YEARLY, adjusted=True, roll=Convention.FOLLOWING, day_count=DayCount.ACT_360)
    grid = grid_of(terms)

    assert grid.bound(2) == date(2024, 6, 17)
    assert grid.period_of(date(2024, 6, 16)) == 2
    assert grid.period_of(date(2024, 6, 17)) == 3
    assert accrued(grid, date(2024, 6, 16)).amount == Fraction(325 * 184, 360)
    assert accrued(grid, date(2024, 6, 18)).amount == Fraction(325, 360)


def test_accrued__adjusted_backwards__next_period_begins_before_the_due_day() -> None:
    terms = replace(HALF_YEARLY, adjusted=True, roll=Convention.PRECEDING, day_count=DayCount.ACT_360)
    grid = grid_of(terms)

    assert grid.bound(2) == date(2024, 6, 14)
    assert grid.period_of(date(2024, 6, 14)) == 3
    assert grid.period_of(date(2024, 6, 13)) == 2


def test_accrued__last_period_rolled_forward__earns_until_it_is_paid() -> None:
    """15 June 2025 is a Sunday."""
    terms = replace(HALF_YEARLY, adjusted=True, roll=Convention.FOLLOWING, day_count=DayCount.ACT_360)

    assert accrued(grid_of(terms), date(2025, 6, 15)).period == 4
    with pytest.raises(AccrualRefused):
        accrued(grid_of(terms), date(2025, 6, 16))


@settings(max_examples=500, deadline=None)
@given(fixed_terms(), st.integers(0, 10**6))
def test_accrued__any_bond__grows_to_the_coupon(terms: InterestTerms, offset: int) -> None:
    grid = grid_of(replace(terms, rounding=Rounding.HOLDING_DOWN))
    day = grid.due[0] + timedelta(days=offset % (grid.due[-1] - grid.due[0]).days)
    period = grid.period_of(day)

    now = accrued(grid, day)
    ex = accrued(grid, day, records=period)
    coupon = unit_payment(grid, period).interest

    assert ex.amount == now.amount - coupon
    if terms.day_count is not DayCount.THIRTY_360 and terms.day_count is not DayCount.THIRTY_360_US:
        assert 0 <= now.amount <= coupon


# --- fixings


def test_accrued__capitalised__never_ex_and_on_the_grown_principal() -> None:
    terms = terms_of(
        regular(date(2022, 6, 1), 4), coupon_rate=80_000_000, provisions=Provisions(capitalised_until=2)
    )
    grid, market = Grid(terms), market_on(LATER)
    first = fix_on(grid, 1, None, market)
    fixings = (first, fix_on(grid, 2, first, market))

    found = accrued(grid, date(2023, 12, 1), records=2, fixings=fixings)

    assert found == Accrued(Fraction(864 * 183, 366), 2)


def test_accrued__pending_after_a_deferral__nothing_is_added_but_arrears_count() -> None:
    terms = terms_of(
        regular(date(2022, 6, 1), 4),
        coupon_rate=50_000_000,
        provisions=Provisions(deferral=Deferral(31, True)),
    )
    grid, market = Grid(terms), market_on(LATER)
    first = fix_on(grid, 1, None, market, deferred=True)
    fixings = (first, fix_on(grid, 2, first, market))
    day = date(2023, 12, 1)
    half = Fraction(183, 366)

    found = accrued(grid, day, fixings=fixings)

    assert found.amount == 500 * (1 + half / 20) + 500 * half
    assert accrued(grid, date(2023, 6, 1), records=0, fixings=fixings).amount == 500
    assert accrued(grid, date(2022, 12, 1), records=1, fixings=(first,)) == Accrued(
        Fraction(500 * 183, 365), 1
    )
    ex = accrued(grid, day, records=2, fixings=fixings)
    assert (ex.is_ex, ex.amount) == (True, found.amount - 1025)


def test_accrued__not_fixed__refused() -> None:
    terms = terms_of(provisions=Provisions(deferral=Deferral(31)))

    with pytest.raises(PeriodNotFixed):
        accrued(Grid(terms), date(2021, 9, 15))


# --- overnight rates so far

NIGHT = Benchmark("ESTR", BenchmarkKind.OVERNIGHT, MARKET, 360)
SINCE = date(2022, 3, 14)


def overnight() -> tuple[Grid, Market]:
    floating = Floating(NIGHT.code, compounded=True, lag=2, spread=5_000_000, cap=NO_CAP, places=7)
    terms = terms_of(
        regular(SINCE, 4, 3),
        kind=CouponKind.FLOATING,
        coupon_rate=0,
        day_count=DayCount.ACT_360,
        provisions=Provisions(floating=floating, fallback_days=5),
    )
    values, day = {}, date(2022, 3, 1)
    while day < date(2022, 6, 30):
        values[day] = 20_000_000 + day.toordinal() % 7 * 1_000_000
        day = CALENDAR.add_business_days(day, 1)
    series = Series(NIGHT, values)
    return Grid(terms, CALENDARS), Market({NIGHT.code: series}, CALENDARS, LATER)


def test_accrued__compounded__index_growth_so_far_and_spread() -> None:
    grid, market = overnight()
    series, day = market.series(NIGHT.code), date(2022, 4, 20)
    first, last = (CALENDAR.add_business_days(each, -2) for each in (SINCE, day))
    start, end = (series.index(each, CALENDAR) for each in (first, last))
    assert start is not None
    assert end is not None
    rate = Fraction(end - start, start) * 360 / (last - first).days + Fraction(5, 1000)

    found = accrued(grid, day, market=market)

    assert float(found.amount) == pytest.approx(float(10_000 * rate * (day - SINCE).days / 360), abs=1e-5)


def test_accrued__compounded_to_the_end__is_the_coupon() -> None:
    grid, market = overnight()
    fixing = fix_on(grid, 1, None, market)
    last_day = grid.due[1] - timedelta(days=1)

    before = accrued(grid, last_day, market=market).amount
    coupon = unit_payment(grid, 1, (fixing,)).interest

    assert coupon - before == pytest.approx(coupon / 92, rel=0.1)
    assert accrued(grid, last_day, fixings=(fixing,)).amount == coupon * Fraction(91, 92)


def test_accrued__compounded_before_the_first_night__spread_alone() -> None:
    grid, market = overnight()
    sunday = replace(grid.terms, schedule=regular(date(2022, 3, 12), 4, 3))

    found = accrued(Grid(sunday, CALENDARS), date(2022, 3, 13), market=market)

    assert found.amount == Fraction(10_000 * 5, 1000 * 360)


@pytest.mark.parametrize("market", [None, "empty"])
def test_accrued__compounded_without_values__refused(market: Any) -> None:
    grid, known = overnight()
    given = Market({NIGHT.code: Series(NIGHT, {})}, CALENDARS, known.today) if market else None

    with pytest.raises(ValueNotPublished if market else PeriodNotFixed):
        accrued(grid, date(2022, 4, 20), market=given)


# --- prices


@settings(deadline=None)
@given(st.integers(0, 10**12), st.integers(0, 10**6), st.fractions(0, 1000))
def test_dirty_price__any_accrued__goes_round(clean: int, units: int, amount: Fraction) -> None:
    found = Accrued(amount, 1)

    dirty = dirty_price(clean, found, units)

    assert 0 <= amount * units - (dirty - clean) < 1
    assert clean_price(dirty, found, units) == clean


def test_dirty_price__ex__less_the_rest_of_the_coupon_and_never_below_zero() -> None:
    ex = Accrued(Fraction(-5, 2), 1, is_ex=True)

    assert dirty_price(100, ex, 3) == 93
    assert clean_price(93, ex, 3) == 100
    assert dirty_price(5, ex, 3) == 0


# --- accretion


def zero(price: int, rate: int = 0, months: int = 0, years: int = 5, **changes: Any) -> InterestTerms:
    """A bond without coupon of one period, issued on 31 January 2022."""
    return terms_of(
        regular(date(2022, 1, 31), 1, 12 * years),
        kind=CouponKind.ZERO,
        coupon_rate=0,
        provisions=Provisions(accretion=Accretion(price, rate, months)),
        **changes,
    )


def test_accreted_value__straight__by_the_days() -> None:
    grid = Grid(zero(9000, day_count=DayCount.ACT_365F))
    days = (grid.due[1] - grid.due[0]).days

    assert accreted_value(grid, date(2022, 1, 31)) == 9000
    assert accreted_value(grid, date(2022, 2, 10)) == Fraction(
        9000 * 10**18 + 1000 * 10**18 * 10 // days, 10**18
    )
    assert accreted_value(grid, date(2027, 1, 31)) == 10_000
    assert accrued(grid, date(2022, 2, 10)).amount == accreted_value(grid, date(2022, 2, 10)) - 9000


def test_accreted_value__compound__cells_keep_the_day_of_issue() -> None:
    grid = Grid(zero(8600, 31_000_000, 6))
    cell = 10**18 + 15_500_000 * 10**9

    assert growth(grid, date(2022, 7, 31)) == cell
    assert growth(grid, date(2023, 1, 31)) == cell * cell // 10**18
    rest = 10**18 * 31_000_000 * 6 * 28 // (12 * 10**9 * 181)
    assert growth(grid, date(2023, 2, 28)) == (cell * cell // 10**18) * (10**18 + rest) // 10**18


@settings(max_examples=500, deadline=None)
@given(
    st.integers(1, 150_000_000), st.sampled_from([1, 3, 6, 12]), st.integers(1, 30), st.integers(0, 12_000)
)
def test_accreted_value__compound__reaches_the_face_and_never_more(
    rate: int, months: int, years: int, offset: int
) -> None:
    """From the price that the yield gives, rounded down, to less than a unit and a half below the face."""
    exact = (1 + Fraction(rate * months, 12 * 10**9)) ** (12 * years // months)
    face = 10**12
    price = (face / exact).numerator // (face / exact).denominator
    grid = Grid(zero(price, rate, months, years, face_value=face))
    day = grid.due[0] + timedelta(days=offset % (grid.due[1] - grid.due[0]).days)

    before, after = accreted_value(grid, day), accreted_value(grid, day + timedelta(days=1))
    full = growth(grid, grid.due[1])

    assert price <= before <= after <= face
    assert 0 <= face - Fraction(price * full, 10**18) <= exact * 2
    assert accreted_value(grid, grid.due[1]) == face


@settings(max_examples=1000, deadline=None)
@given(st.integers(1, 150_000_000), st.sampled_from([1, 3, 6, 12]), st.integers(0, 60))
def test_growth__whole_cells__as_quantlib_compounds(rate: int, months: int, cells: int) -> None:
    grid = Grid(zero(8600, rate, months, 60))
    frequency = {1: ql.Monthly, 3: ql.Quarterly, 6: ql.Semiannual, 12: ql.Annual}[months]
    yields = ql.InterestRate(rate / 1e9, ql.Thirty360(ql.Thirty360.BondBasis), ql.Compounded, frequency)

    ours = growth(grid, add_months(grid.due[0], cells * months))

    assert ours / 1e18 == pytest.approx(yields.compoundFactor(cells * months / 12), rel=1e-12)


def test_unit_payment__no_coupon__the_face_at_the_end() -> None:
    each = unit_payment(Grid(zero(9000)), 1)

    assert each.interest == 0
    assert each.principal == 10_000
