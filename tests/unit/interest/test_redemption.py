"""What is paid for units that are put, drawn, tendered or exchanged between payments."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.errors import InvalidAmount
from indenture.interest import (
    Benchmark,
    BenchmarkKind,
    Grid,
    InterestTerms,
    Life,
    PartialCall,
    PeriodNotFixed,
    Series,
    accreted_value,
    accrued,
    called,
    exact_payment,
    fix_on,
    interest_of,
    offer_terms,
    principal_of,
    rebate_of,
    redemption_terms,
)
from indenture.provisions import (
    FACTOR_SCALE,
    Accretion,
    CouponKind,
    Inflation,
    Instalment,
    Provisions,
    Rounding,
    Schedule,
)
from indenture.rounding import RATE_SCALE

from .builders import CALENDARS, FACE, ISSUED, fixed_terms, grid_of, market_on, regular, terms_of

pytestmark = pytest.mark.unit

PAR = RATE_SCALE
HALVES = regular(ISSUED, 6, 6)
COUPON = FACE * Fraction(325, 20_000)


def test_redemption__inside_a_period__price_and_accrued_interest() -> None:
    each = redemption_terms(grid_of(terms_of(HALVES)), date(2022, 5, 15), 1_015_000_000, records=2)

    assert each.interest == COUPON * Fraction(61, 184)
    assert each.principal == Fraction(FACE * 1015, 1000)


def test_redemption__on_a_due_day_after_its_record__the_coupon_is_apart() -> None:
    """The put of financial-street-2021: the coupon goes by the record date, the put by par."""
    each = redemption_terms(grid_of(terms_of(HALVES)), date(2022, 3, 15), PAR, records=2)

    assert not each.interest
    assert each.principal == FACE


def test_redemption__coupon_recorded_but_not_earned__is_taken_off_the_principal() -> None:
    """Nine days before the due day: 162.5 is recorded, 153.55 is earned, so 9 base units come off."""
    day = date(2022, 3, 5)
    earned = accrued(grid_of(terms_of(HALVES)), day, records=2).amount
    each = redemption_terms(grid_of(terms_of(HALVES)), day, PAR, records=2)

    assert earned == COUPON * Fraction(171, 181) - COUPON
    assert rebate_of(earned) == 9
    assert not each.interest
    assert each.principal == FACE - 9


def test_redemption__instalment_recorded__is_had_from_there() -> None:
    parts = Provisions(instalments=(Instalment(2, 400_000_000), Instalment(6, 600_000_000)))
    grid = grid_of(terms_of(HALVES, provisions=parts))

    before = redemption_terms(grid, date(2022, 3, 10), PAR, records=1)
    after = redemption_terms(grid, date(2022, 3, 10), PAR, records=2)

    assert before.principal == FACE
    assert after.principal == Fraction(6 * FACE, 10) - rebate_of(
        accrued(grid, date(2022, 3, 10), records=2).amount
    )


def test_redemption__called_in_part_before__is_of_what_is_left() -> None:
    terms = terms_of(HALVES)
    grid = Grid(terms, CALENDARS, life=Life(calls=(PartialCall(2, 250_000_000),)))

    assert redemption_terms(grid, date(2022, 5, 15), PAR, records=2).principal == Fraction(3 * FACE, 4)


def test_redemption__zero_coupon__what_it_has_grown_to_and_no_interest() -> None:
    s = Schedule(date(2022, 9, 15), date(2025, 9, 15), date(2022, 9, 15), 0, 1, 36)
    provisions = Provisions(accretion=Accretion(9_118, 31_000_000, 6))
    grid = grid_of(terms_of(s, kind=CouponKind.ZERO, coupon_rate=0, provisions=provisions))
    day = date(2024, 3, 15)

    each = redemption_terms(grid, day, 1_010_000_000, records=0)

    assert each.interest == 0
    assert each.principal == accreted_value(grid, day) * Fraction(101, 100)


def test_redemption__inflation__at_the_ratio_of_the_day() -> None:
    inflation = Inflation("CPI", 3, base=100 * RATE_SCALE, places=5)
    terms = terms_of(
        HALVES, kind=CouponKind.INFLATION, provisions=Provisions(inflation=inflation, fallback_days=5)
    )
    levels = {date(2021, month, 1): (99 + month) * RATE_SCALE for month in range(1, 13)}
    market = market_on(date(2021, 7, 20), Series(Benchmark("CPI", BenchmarkKind.LEVEL), levels))
    grid = grid_of(terms)

    each = redemption_terms(grid, date(2021, 7, 20), PAR, records=0, market=market)

    assert each.principal == FACE * Fraction(103, 100)
    with pytest.raises(PeriodNotFixed):
        redemption_terms(grid, date(2021, 7, 20), PAR, records=0)


def test_redemption__capitalised__is_of_what_was_added() -> None:
    terms = terms_of(HALVES, provisions=Provisions(capitalised_until=4))
    grid = grid_of(terms)
    first = fix_on(grid, 1, None, market_on(date(2030, 1, 1)))
    second = fix_on(grid, 2, first, market_on(date(2030, 1, 1)))

    each = redemption_terms(grid, date(2021, 12, 15), PAR, records=1, fixings=[first, second])

    assert each.principal == Fraction(FACE * first.factor, FACTOR_SCALE)
    assert each.interest == each.principal * Fraction(325, 20_000) * Fraction(91, 181)


@pytest.mark.parametrize(
    ("rounding", "interest", "principal"),
    [
        (Rounding.HOLDING_DOWN, Fraction(COUPON * 61, 184), Fraction(10_000_333, 1000)),
        (Rounding.UNIT_DOWN, 53, 10_000),
        (Rounding.UNIT_HALF_UP, 54, 10_000),
    ],
)
def test_redemption__rounding_of_the_terms__counts(
    rounding: Rounding, interest: Fraction, principal: Fraction
) -> None:
    each = redemption_terms(
        grid_of(terms_of(HALVES, rounding=rounding)), date(2022, 5, 15), 1_000_033_300, records=2
    )

    assert (each.interest, each.principal) == (interest, principal)


# --- offers


def test_offer__amount_and_accrued_interest() -> None:
    each = offer_terms(grid_of(terms_of(HALVES)), date(2022, 5, 15), 9_950, records=2)

    assert each.interest == COUPON * Fraction(61, 184)
    assert each.principal == 9_950


def test_offer__coupon_recorded__is_taken_off_or_refused() -> None:
    grid, day = grid_of(terms_of(HALVES)), date(2022, 3, 5)

    assert offer_terms(grid, day, 9_950, records=2).principal == 9_941
    assert offer_terms(grid, day, 9, records=2).principal == 0
    with pytest.raises(InvalidAmount, match="8 base units are less than 9"):
        offer_terms(grid, day, 8, records=2)


# --- any terms


@settings(max_examples=600, deadline=None)
@given(fixed_terms(), st.integers(0, 10**6), st.sampled_from([PAR, 1_020_000_000, 970_000_000]))
def test_redemption__any_terms_and_day__as_a_call_for_that_day(
    terms: InterestTerms, offset: int, price: int
) -> None:
    """Who puts gets what he would get were the bond called for the day: between record dates."""
    terms = replace(terms, rounding=Rounding.HOLDING_DOWN)
    grid = grid_of(terms)
    length = (grid.due[-1] - grid.due[0]).days
    day = grid.due[0] + timedelta(days=offset % length)
    period = grid.period_of(day)
    if day == grid.due[period - 1] or terms.day_count.label == "30E/360 ISDA":
        return
    short = Grid(terms, CALENDARS, life=called(terms, Life(), day, price))

    each = redemption_terms(grid, day, price, records=period - 1)

    assert each.interest == exact_payment(short, period).interest
    assert each.principal == exact_payment(short, period).principal


@settings(max_examples=300, deadline=None)
@given(fixed_terms(), st.integers(0, 10**6), st.lists(st.integers(1, 10**9), min_size=1, max_size=9))
def test_redemption__coupon_recorded__with_it_never_more_than_is_earned(
    terms: InterestTerms, offset: int, holdings: list[int]
) -> None:
    """The rebate is against the holder by less than a base unit a unit, and never for him."""
    grid = grid_of(terms)
    day = grid.due[0] + timedelta(days=offset % (grid.due[-1] - grid.due[0]).days)
    period = grid.period_of(day)
    if grid.is_last(period):
        return  # the books are closed then
    coupon = exact_payment(grid, period)

    plain = redemption_terms(grid, day, PAR, records=period - 1)
    ex = redemption_terms(grid, day, PAR, records=period)

    for units in holdings:
        with_coupon = interest_of(ex, units) + principal_of(ex, units) + interest_of(coupon, units)
        if ex.principal or ex.interest:
            fair = interest_of(plain, units) + principal_of(plain, units) - principal_of(coupon, units)
            assert with_coupon <= fair + units + 2
