"""QuoteLib: levels, averages, and what a rate is worth as a price."""

from fractions import Fraction
from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evm.builders import PRICE, RATE

pytestmark = pytest.mark.unit

HALF = Fraction(1, 2)
MOST_RATE = 2**32 - 2


@pytest.mark.parametrize(
    ("basis", "level", "quote"),
    [
        (RATE, 0, 30_000_000),
        (RATE, 60, 36_000_000),
        (PRICE, 0, 36_000_000),
        (PRICE, 60, 30_000_000),
        (PRICE, 59, 30_100_000),
    ],
)
def test_quote_of__level_zero__is_the_best_for_the_issuer(
    primary: Any, basis: int, level: int, quote: int
) -> None:
    assert primary.quoteOf(basis, 30_000_000, 100_000, 61, level) == quote


def test_quote_of__last_level_of_the_widest_range__fits(primary: Any) -> None:
    lowest = 2**64 - 1 - 4095 * 2**40

    assert primary.quoteOf(RATE, lowest, 2**40, 4096, 4095) == 2**64 - 1
    assert primary.quoteOf(PRICE, lowest, 2**40, 4096, 0) == 2**64 - 1


@given(
    st.sampled_from([RATE, PRICE]),
    st.lists(st.tuples(st.integers(0, 4095), st.integers(1, 2**50)), min_size=1, max_size=20),
)
def test_average_level__any_bids__is_the_quote_rounded_half_up(
    primary: Any, basis: int, bids: list[tuple[int, int]]
) -> None:
    units = sum(each for _, each in bids)
    weighted = sum(level * each for level, each in bids)
    steps = Fraction(weighted, units) if basis == RATE else 4095 - Fraction(weighted, units)
    rounded = floor(steps + HALF)

    level = primary.averageLevel(basis, weighted, units)

    assert level == (rounded if basis == RATE else 4095 - rounded)


@pytest.mark.parametrize(("basis", "level"), [(RATE, 1), (PRICE, 0)])
def test_average_level__just_between_two_ticks__goes_to_the_higher_quote(
    primary: Any, basis: int, level: int
) -> None:
    """Half a tick is half up in the quote: a higher rate is a worse level, a higher price a better one."""
    assert primary.averageLevel(basis, 5, 10) == level


def exact_price(face: int, coupon: int, rate: int, periods: int, per_year: int) -> Fraction:
    """Each payment discounted on its own."""
    growth = 1 + Fraction(rate, per_year * 10**9)
    payment = face * Fraction(coupon, per_year * 10**9)
    if growth == 1:
        return face + periods * payment
    annuity = (1 - growth**-periods) / (growth - 1)
    return face * growth**-periods + payment * annuity


@settings(max_examples=300, deadline=None)
@given(
    face=st.integers(1, 10**12),
    coupon=st.integers(0, 500_000_000),
    rate=st.one_of(st.just(0), st.integers(0, 500_000_000)),
    periods=st.integers(1, 120),
    per_year=st.sampled_from([1, 2, 4, 12]),
)
def test_price_at__bonds_as_there_are__to_the_base_unit(
    primary: Any, face: int, coupon: int, rate: int, periods: int, per_year: int
) -> None:
    exact = exact_price(face, coupon, rate, periods, per_year)

    price = primary.priceAt(face, coupon, rate, periods, per_year)

    is_near_a_tie = abs(exact - floor(exact) - HALF) < Fraction(1, 10**9)
    assert is_near_a_tie or price == floor(exact + HALF)


@settings(max_examples=100, deadline=None)
@given(
    face=st.integers(1, 2**119),
    coupon=st.integers(0, MOST_RATE),
    rate=st.integers(0, MOST_RATE),
    periods=st.integers(1, 1200),
    per_year=st.sampled_from([1, 2, 3, 4, 6, 12]),
)
def test_price_at__any_bond_that_can_be_registered__within_1e_23_of_the_exact(
    primary: Any, face: int, coupon: int, rate: int, periods: int, per_year: int
) -> None:
    exact = exact_price(face, coupon, rate, periods, per_year)

    price = primary.priceAt(face, coupon, rate, periods, per_year)

    assert abs(price - exact) <= HALF + max(exact, face * Fraction(coupon or 1, rate or 1)) / 10**23


@given(
    st.integers(1, 2**119), st.integers(0, MOST_RATE), st.integers(1, 1200), st.sampled_from([1, 2, 4, 12])
)
def test_price_at__the_coupon_itself__is_par(
    primary: Any, face: int, coupon: int, periods: int, per_year: int
) -> None:
    assert primary.priceAt(face, coupon, coupon, periods, per_year) == face


@settings(max_examples=100)
@given(st.integers(1, 10**6), st.integers(0, 200_000_000), st.integers(1, 30), st.integers(0, 200_000_000))
def test_price_at__a_worse_rate__never_pays_more(
    primary: Any, face: int, coupon: int, periods: int, rate: int
) -> None:
    prices = [primary.priceAt(face, coupon, rate + step, periods, 1) for step in (0, 1, 100_000, 10_000_000)]

    assert prices == sorted(prices, reverse=True)


@pytest.mark.parametrize(
    ("coupon", "rate", "periods", "per_year", "price"),
    [
        # 100 / 1.0370 and 102.32 / 1.0242: one-year bonds, by hand.
        (0, 37_000_000, 1, 1, 96_432_015),
        (23_200_000, 24_200_000, 1, 1, 99_902_363),
        # Two years at 3.25 %, quoted 3.30 %: 3.25/1.033 + 103.25/1.033**2.
        (32_500_000, 33_000_000, 2, 1, 99_904_741),
        # Half-yearly, 3.27 % for ten years at 3.00 %; at zero it is 100 + 32.70.
        (32_700_000, 30_000_000, 20, 2, 102_317_766),
        (32_700_000, 0, 20, 2, 132_700_000),
        (0, 0, 20, 2, 100_000_000),
    ],
)
def test_price_at__known_bonds__known_prices(
    primary: Any, coupon: int, rate: int, periods: int, per_year: int, price: int
) -> None:
    """Face 100.000000; each figure was worked out apart, to the sixth decimal."""
    assert primary.priceAt(100_000_000, coupon, rate, periods, per_year) == price
