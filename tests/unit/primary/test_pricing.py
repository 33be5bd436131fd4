"""Prices: QuantLib on regular bonds, and each kind of pricing."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import QuantLib as ql
from hypothesis import given
from hypothesis import strategies as st

from indenture.errors import InputError
from indenture.primary import (
    NON_COMPETITIVE,
    Basis,
    Market,
    Pricing,
    clear,
    exact_price_at,
    price_at,
    price_of,
)

from .builders import books_of, market_of, rules_of
from .reference import present_value

pytestmark = pytest.mark.unit

FACE = 10**9
PERIODS = {12: ql.Annual, 6: ql.Semiannual, 3: ql.Quarterly, 1: ql.Monthly}

rates = st.integers(0, 300_000_000)
markets = st.builds(
    Market,
    lot=st.just(1),
    face_value=st.just(FACE),
    months_per_period=st.sampled_from(list(PERIODS)),
    periods=st.integers(1, 60),
)


def clean_price(rate: int, coupon: int, market: Market) -> float:
    """QuantLib's price on the day of issue, of a bond that pays on the first of the month, 30/360."""
    issued, frequency = ql.Date(1, 1, 2020), PERIODS[market.months_per_period]
    maturity = issued + ql.Period(market.periods * market.months_per_period, ql.Months)
    schedule = ql.Schedule(
        issued,
        maturity,
        ql.Period(frequency),
        ql.NullCalendar(),
        ql.Unadjusted,
        ql.Unadjusted,
        ql.DateGeneration.Forward,
        False,  # not the end of the month
    )
    day_count = ql.Thirty360(ql.Thirty360.BondBasis)
    bond = ql.FixedRateBond(0, 100.0, schedule, [coupon / 1e9], day_count)
    compounding = ql.InterestRate(rate / 1e9, day_count, ql.Compounded, frequency)
    return float(ql.BondFunctions.cleanPrice(bond, compounding, issued))


@given(rates, rates, markets)
def test_price_at__any_regular_bond__quantlib_s_within_a_base_unit(
    rate: int, coupon: int, market: Market
) -> None:
    assert math.isclose(
        price_at(rate, coupon, market),
        clean_price(rate, coupon, market) * FACE / 100,
        abs_tol=1.01,
        rel_tol=1e-12,
    )


@given(rates, rates, markets)
def test_price_at__any_regular_bond__the_sum_of_its_discounted_payments(
    rate: int, coupon: int, market: Market
) -> None:
    assert price_at(rate, coupon, market) == present_value(rate, coupon, market)


@given(rates, markets)
def test_price_at__yield_is_the_coupon__par(rate: int, market: Market) -> None:
    assert exact_price_at(rate, rate, market) == FACE


def test_price_at__golden__boc_2019() -> None:
    """2 years, 3.25 % yearly, at 3.20 %: 3.25 / 1.032 + 103.25 / 1.032**2 = 100.0954."""
    market = Market(lot=1, face_value=10_000, months_per_period=12, periods=2)

    assert exact_price_at(32_000_000, 32_500_000, market) == (
        Fraction(325) / Fraction("1.032") + Fraction(10_325) / Fraction("1.032") ** 2
    )
    assert price_at(32_000_000, 32_500_000, market) == 10_010
    assert price_at(33_000_000, 32_500_000, market) == 9_990


def test_price_at__rate_of_zero__all_payments_in_full() -> None:
    market = Market(lot=1, face_value=10_000, months_per_period=6, periods=3)

    assert price_at(0, 40_000_000, market) == 10_600


def test_price_at__tie__half_up() -> None:
    """One year: (1 + 0.5) / (1 + 0) halves exactly; one base unit of face at 50 % without discount is 1.5."""
    market = Market(lot=1, face_value=1, months_per_period=12, periods=1)

    assert exact_price_at(0, 500_000_000, market) == Fraction(3, 2)
    assert price_at(0, 500_000_000, market) == 2


def test_price_at__negative_rate__refused() -> None:
    with pytest.raises(InputError, match="rate -1 or coupon 0 is negative"):
        price_at(-1, 0, Market(lot=1, face_value=1, months_per_period=12, periods=1))


def prices(pricing: Pricing, basis: Basis) -> list[int]:
    """What the bids at 3.00 %, 3.01 % and 3.02 % pay, best first; as prices they are 302.0 to 300.0."""
    rules = rules_of(
        pricing=pricing,
        basis=basis,
        offered=300,
        lowest=300_000,
        highest=360_000,
        tick=1_000,
        band=2 if pricing is Pricing.MIXED else 0,
    )
    if basis is Basis.RATE:
        rules = rules_of(
            pricing=pricing, offered=300, band=2 if pricing is Pricing.MIXED else 0, non_competitive=0
        )
    market = market_of(rules)
    best = [rules.quote_of(level) for level in range(3)]
    clearing = clear(rules, market, books_of(*((k, quote, 100) for k, quote in enumerate(best, 1))))
    return [price_of(quote, rules, market, clearing) for quote in (*best, NON_COMPETITIVE)]


@pytest.mark.parametrize(
    ("pricing", "basis", "expected"),
    [
        (Pricing.UNIFORM, Basis.RATE, [10_000, 10_000, 10_000, 10_000]),
        # The coupon is 3.01 %; a rate 0.01 % away over two years is about 0.0191 a hundred.
        (Pricing.MULTIPLE, Basis.RATE, [10_002, 10_000, 9_998, 10_000]),
        (Pricing.MIXED, Basis.RATE, [10_000, 10_000, 9_998, 10_000]),
        (Pricing.UNIFORM, Basis.PRICE, [358_000, 358_000, 358_000, 358_000]),
        (Pricing.MULTIPLE, Basis.PRICE, [360_000, 359_000, 358_000, 359_000]),
        (Pricing.MIXED, Basis.PRICE, [359_000, 359_000, 358_000, 359_000]),
    ],
)
def test_price_of__each_pricing__what_a_winner_pays(
    pricing: Pricing, basis: Basis, expected: list[int]
) -> None:
    assert prices(pricing, basis) == expected


def test_price_of__loser__refused() -> None:
    rules = rules_of(offered=100)
    market = market_of(rules)
    clearing = clear(rules, market, books_of((1, 30_000_000, 100), (2, 30_100_000, 100)))

    with pytest.raises(InputError, match=r"a bid with quote 3\.01 % won nothing"):
        price_of(30_100_000, rules, market, clearing)


def test_price_of__failed_issue__refused() -> None:
    rules = rules_of()
    market = market_of(rules)

    with pytest.raises(InputError, match="the issue failed: no bid with a quote won"):
        price_of(NON_COMPETITIVE, rules, market, clear(rules, market, {}))
