"""Late payments, and the claim of a bond that was made due."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.errors import InvalidAmount
from indenture.interest import (
    CLAIM_SCALE,
    Claim,
    Grid,
    InterestError,
    Life,
    UnitPayment,
    claim_of,
    grown_claim,
    interest_of,
    late_amount_of,
    made_due,
    net_of,
    penalty_of,
    principal_of,
    recovered,
    reduced_claim,
    taxable_of,
)
from indenture.rounding import RATE_SCALE

from .builders import CALENDARS, FACE, ISSUED, grid_of, regular, terms_of

pytestmark = pytest.mark.unit

RATE = 76_650_000  # 0.021 % a day
HALVES = regular(ISSUED, 6, 6)
DAYS = {k: grid_of(terms_of(HALVES)).due[k] for k in range(1, 7)}


@pytest.mark.parametrize(
    ("rate", "days", "penalty"),
    [
        (RATE, 0, 0),
        (RATE, -3, 0),
        (RATE, 1, 210_000),
        (RATE, 7, 1_470_000),
        (10_000_000, 1, 27_397),  # 27,397.26
        (RATE_SCALE, 365, RATE_SCALE),
        (RATE_SCALE, 365 * 200, 100 * RATE_SCALE),
    ],
)
def test_penalty__days_by_365__rounded_down(rate: int, days: int, penalty: int) -> None:
    assert penalty_of(rate, date(2022, 3, 15), date(2022, 3, 15) + timedelta(days=days)) == penalty


def test_late_amount__interest_on_both_parts__rounded_apart() -> None:
    each = UnitPayment(325, 2, FACE, 1)

    assert late_amount_of(each, 3, 0) == 30_487
    assert late_amount_of(each, 3, 1_470_000) == 30_487 + 44  # 44.8
    assert taxable_of(each, 3, 1_470_000) == 487 + 44
    assert net_of(each, 3, 200_000_000, 1_470_000) == 30_531 - 106
    assert net_of(each, 3, 200_000_000) == 30_487 - 97


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.integers(1, 2**40), min_size=1, max_size=9),
    st.integers(0, 10**12),
    st.integers(1, 10**6),
    st.integers(0, 100 * RATE_SCALE),
    st.integers(0, RATE_SCALE),
)
def test_late_amount__any_holdings__what_is_funded_suffices(
    holdings: list[int], numerator: int, denominator: int, penalty: int, tax: int
) -> None:
    each = UnitPayment(numerator, denominator, FACE, 1)

    paid = sum(late_amount_of(each, units, penalty) for units in holdings)

    assert (
        0 <= late_amount_of(each, sum(holdings), penalty) - paid < (2 + penalty // RATE_SCALE) * len(holdings)
    )
    for units in holdings:
        net = net_of(each, units, tax, penalty)
        assert principal_of(each, units) <= net <= late_amount_of(each, units, penalty)


# --- claims


def due_grid(period: int, day: date) -> Grid:
    return Grid(terms_of(HALVES), CALENDARS, life=made_due(Life(), period, day))


def test_claim__one_missed_coupon_and_the_rest__with_interest_from_each_day() -> None:
    """Period 2 missed on 15 March 2022; made due on 15 May; the first recovery on 14 June."""
    grid = due_grid(3, date(2022, 5, 15))

    claim = claim_of(grid, date(2022, 6, 14), penalty_rates=RATE, records=2, payment_days=DAYS, funded={1})

    coupon = 162_500_000_000_000_000_000
    last = FACE * CLAIM_SCALE + int(Fraction(325, 2) * Fraction(61, 184) * CLAIM_SCALE)
    assert claim.principal == coupon + last
    assert claim.interest == coupon * (210_000 * 91) // RATE_SCALE + last * (210_000 * 30) // RATE_SCALE
    assert claim.of(1000) == claim.total * 1000 // CLAIM_SCALE


def test_claim__rates_of_versions__each_period_by_its_own() -> None:
    grid = due_grid(3, date(2022, 5, 15))
    rates = {1: 0, 2: 365_000_000, 3: 0}

    claim = claim_of(grid, date(2022, 3, 25), penalty_rates=rates, records=2, payment_days=DAYS, funded={1})

    assert claim.interest == 162_500_000_000_000_000_000 // 100


def test_claim__last_payment_missed__all_of_it_is_recorded() -> None:
    life = made_due(Life(), 6, DAYS[6], at_maturity=True)
    grid = Grid(terms_of(HALVES), CALENDARS, life=life)

    claim = claim_of(grid, DAYS[6], penalty_rates=RATE, records=6, payment_days=DAYS, funded={1, 2, 3, 4, 5})

    assert (claim.principal, claim.interest) == (FACE * CLAIM_SCALE + 162_500_000_000_000_000_000, 0)


def test_claim__bond_that_lives__has_none() -> None:
    with pytest.raises(InterestError, match="was not made due"):
        claim_of(grid_of(terms_of(HALVES)), ISSUED, penalty_rates=0, records=0, payment_days={})


def test_grown__on_the_principal_alone_and_never_backwards() -> None:
    claim = Claim(100 * CLAIM_SCALE, 7 * CLAIM_SCALE, date(2022, 6, 14))

    later = grown_claim(claim, date(2022, 6, 24), 365_000_000)

    assert (later.principal, later.interest) == (100 * CLAIM_SCALE, 8 * CLAIM_SCALE)
    assert later.day == date(2022, 6, 24)
    assert grown_claim(claim, date(2022, 6, 1), 365_000_000) == claim


def test_reduced__interest_first() -> None:
    claim = Claim(100 * CLAIM_SCALE, 7 * CLAIM_SCALE, date(2022, 6, 14))

    once = reduced_claim(claim, 50, 10)
    twice = reduced_claim(once, 50, 10)

    assert (once.principal, once.interest) == (100 * CLAIM_SCALE, 2 * CLAIM_SCALE)
    assert (twice.principal, twice.interest) == (97 * CLAIM_SCALE, 0)
    assert reduced_claim(twice, 970, 10) == Claim(0, 0, date(2022, 6, 14))


@pytest.mark.parametrize("amount", [0, -1, 1071])
def test_reduced__nothing_or_too_much__refused(amount: int) -> None:
    claim = Claim(100 * CLAIM_SCALE, 7 * CLAIM_SCALE, date(2022, 6, 14))

    with pytest.raises(InvalidAmount, match="not between 1 and 1070"):
        reduced_claim(claim, amount, 10)


@settings(max_examples=500, deadline=None)
@given(
    st.integers(1, 10**24),
    st.integers(0, 10**24),
    st.lists(st.integers(1, 10**7), min_size=1, max_size=8),
    st.lists(st.integers(1, 10**9), max_size=6),
)
def test_reduced__any_recoveries__nobody_gets_more_than_his_claim(
    principal: int, interest: int, holdings: list[int], amounts: list[int]
) -> None:
    claim = whole = Claim(principal, interest, ISSUED)
    units = sum(holdings)
    paid = [0] * len(holdings)
    for amount in [*amounts, None]:
        left = claim.of(units)
        if not left:
            break
        amount = left if amount is None else min(amount, left)
        claim = reduced_claim(claim, amount, units)
        shares = [recovered(amount, units, held) for held in holdings]
        assert sum(shares) <= amount
        paid = [before + share for before, share in zip(paid, shares, strict=True)]

    assert claim.of(units) == 0
    for held, got in zip(holdings, paid, strict=True):
        assert got <= whole.of(held) + 1
    assert whole.of(units) - sum(paid) < (len(amounts) + 1) * len(holdings) + 1
    assert interest_of(UnitPayment(0, 1, 0, 1), units) == 0
