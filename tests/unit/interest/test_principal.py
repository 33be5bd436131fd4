"""Instalments, capitalisation, deferral, rounding and withholding."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.daycount import DayCount
from indenture.errors import InputError, InvalidAmount
from indenture.interest import (
    DeferralRefused,
    Fixing,
    Grid,
    InterestTerms,
    PeriodNotFixed,
    PeriodUnknown,
    UnitPayment,
    amount_of,
    exact_payment,
    factor_after,
    fix_on,
    interest_of,
    principal_of,
    rate_of,
    rounded_per_unit,
    unit_payment,
    withhold,
    withholding_rate,
)
from indenture.membership import MemberClass, class_mask
from indenture.provisions import (
    ALL_CLASSES,
    FACTOR_SCALE,
    CouponKind,
    Deferral,
    Instalment,
    Provisions,
    Rounding,
    Step,
    Withholding,
)

from .builders import market_on, rates, regular, terms_of

pytestmark = pytest.mark.unit

LATER = date(2060, 1, 1)


def fixed_through(terms: InterestTerms, deferred: tuple[int, ...] = ()) -> tuple[Grid, tuple[Fixing, ...]]:
    grid, market = Grid(terms), market_on(LATER)
    fixings: list[Fixing] = []
    for k in range(1, grid.periods + 1):
        previous = fixings[-1] if fixings else None
        fixings.append(fix_on(grid, k, previous, market, deferred=k in deferred))
    return grid, tuple(fixings)


# --- instalments

#: PR Jingchengtou: a fifth of the principal a year, in years 3 to 7.
FIFTHS = terms_of(
    regular(date(2013, 3, 1), 7),
    coupon_rate=60_000_000,
    provisions=Provisions(instalments=tuple(Instalment(k, 200_000_000) for k in range(3, 8))),
)


def test_unit_payment__a_fifth_a_year__interest_on_what_is_left() -> None:
    grid = Grid(FIFTHS)

    paid = [
        (interest_of(each, 10), principal_of(each, 10))
        for each in (unit_payment(grid, k) for k in range(1, 8))
    ]

    assert paid == [
        (6000, 0),
        (6000, 0),
        (6000, 20_000),
        (4800, 20_000),
        (3600, 20_000),
        (2400, 20_000),
        (1200, 20_000),
    ]
    assert [factor_after(grid, k) for k in (0, 2, 3, 6, 7)] == [10**18, 10**18, 8 * 10**17, 2 * 10**17, 0]


def test_rate_of__steps__from_their_period_on() -> None:
    terms = terms_of(
        regular(date(2021, 6, 1), 4),
        kind=CouponKind.STEP,
        coupon_rate=30_000_000,
        provisions=Provisions(steps=(Step(2, 35_000_000), Step(4, 50_000_000))),
    )

    assert [rate_of(Grid(terms), k) for k in range(1, 5)] == [30_000_000, 35_000_000, 35_000_000, 50_000_000]


def test_rate_of__open_coupon__refused() -> None:
    with pytest.raises(InputError, match="not fixed yet"):
        rate_of(Grid(terms_of(coupon_rate=None)), 1)


@pytest.mark.parametrize("period", [0, 3, -1])
def test_unit_payment__no_such_period__refused(period: int) -> None:
    with pytest.raises(PeriodUnknown):
        unit_payment(Grid(terms_of()), period)


# --- capitalisation


def pik(rate: int = 80_000_000, until: int = 2, periods: int = 4, **changes: Any) -> InterestTerms:
    return terms_of(
        regular(date(2022, 6, 1), periods),
        coupon_rate=rate,
        provisions=Provisions(capitalised_until=until, **changes),
    )


def test_unit_payment__capitalised__pays_nothing_and_then_interest_on_more() -> None:
    grid, fixings = fixed_through(pik())

    payments = [unit_payment(grid, k, fixings) for k in range(1, 5)]

    assert [fixing.factor for fixing in fixings] == [
        1_080_000_000_000_000_000,
        1_166_400_000_000_000_000,
        1_166_400_000_000_000_000,
        1_166_400_000_000_000_000,
    ]
    assert [each.interest for each in payments] == [0, 0, Fraction("933.12"), Fraction("933.12")]
    assert [each.principal for each in payments] == [0, 0, 0, 11_664]


def test_fix__capitalised_step_coupon__each_period_at_its_own_rate() -> None:
    terms = replace(pik(10_000_000, steps=(Step(2, 20_000_000), Step(3, 50_000_000))), kind=CouponKind.STEP)
    grid, fixings = fixed_through(terms)

    assert [fixing.rate for fixing in fixings] == [10_000_000, 20_000_000, 50_000_000, 50_000_000]
    assert fixings[1].factor == 1_030_200_000_000_000_000
    assert unit_payment(grid, 3, fixings).interest == Fraction("515.1")


@settings(max_examples=300, deadline=None)
@given(rates(), st.integers(1, 12), st.sampled_from([1, 3, 6]))
def test_fix__capitalised__less_than_a_unit_a_period_below_compound_interest(
    rate: int, until: int, step: int
) -> None:
    terms = replace(
        pik(rate, until, until + 1),
        schedule=regular(date(2022, 6, 1), until + 1, step),
        day_count=DayCount.ACT_365F,
    )
    grid, fixings = fixed_through(terms)
    growth = Fraction(1)
    for k in range(1, until + 1):
        growth *= 1 + Fraction(rate, 10**9) * grid.fraction(k)

    assert 0 <= growth * FACTOR_SCALE - fixings[-1].factor < until * growth


def test_factor_after__capitalised_and_not_fixed__refused() -> None:
    grid = Grid(pik())

    with pytest.raises(PeriodNotFixed) as caught:
        unit_payment(grid, 2, fixed_through(pik())[1][:1])

    assert caught.value.period == 2
    assert factor_after(grid, 0) == FACTOR_SCALE


# --- deferral


def perpetual(*, bears_interest: bool) -> InterestTerms:
    return terms_of(
        regular(date(2022, 6, 1), 4),
        coupon_rate=50_000_000,
        provisions=Provisions(deferral=Deferral(31, bears_interest)),
    )


@pytest.mark.parametrize(
    ("bears_interest", "arrears", "paid"),
    [
        (False, [5 * 10**16, 10**17, 0, 0], [0, 0, 1500, 500]),
        (True, [5 * 10**16, 1025 * 10**14, 0, 0], [0, 0, Fraction("1576.25"), 500]),
    ],
)
def test_unit_payment__two_deferred__paid_with_the_next(
    bears_interest: bool, arrears: list[int], paid: list[Any]
) -> None:
    grid, fixings = fixed_through(perpetual(bears_interest=bears_interest), deferred=(1, 2))

    payments = [unit_payment(grid, k, fixings) for k in range(1, 5)]

    assert [fixing.arrears for fixing in fixings] == arrears
    assert [fixing.is_deferred for fixing in fixings] == [True, True, False, False]
    assert [each.interest for each in payments] == paid
    assert [each.principal for each in payments] == [0, 0, 0, 10_000]


@settings(max_examples=300, deadline=None)
@given(rates(), st.sets(st.integers(1, 7)), st.booleans())
def test_unit_payment__any_deferral__nothing_is_lost(rate: int, deferred: set[int], bears: bool) -> None:
    """Without interest on arrears all coupons are paid; with it what a savings account would pay."""
    terms = terms_of(
        regular(date(2022, 6, 1), 8),
        coupon_rate=rate,
        provisions=Provisions(deferral=Deferral(31, bears)),
    )
    grid, fixings = fixed_through(terms, tuple(deferred))
    owed = total = Fraction(0)
    for k in range(1, 9):
        interest = Fraction(rate, 10**9) * terms.face_value
        owed = owed * (1 + Fraction(rate, 10**9) if bears else 1) + interest
        if k not in deferred:
            total, owed = total + owed, Fraction(0)

    paid = sum(exact_payment(grid, k, fixings).interest for k in range(1, 9))

    assert 0 <= total - paid < Fraction(1000 * terms.face_value, FACTOR_SCALE)


def test_fix__deferral_refused__where_it_cannot_be() -> None:
    market = market_on(LATER)
    last = Fixing(3, 50_000_000)
    cases = [
        (perpetual(bears_interest=True), 4, last, "it is the last"),
        (pik(), 1, None, "the terms do not provide for it"),
        (pik(deferral=Deferral(31)), 1, None, "added to the principal"),
    ]
    for terms, period, previous, reason in cases:
        with pytest.raises(DeferralRefused, match=reason) as caught:
            fix_on(Grid(terms), period, previous, market, deferred=True)
        assert caught.value.period == period


# --- rounding

THIRD = UnitPayment(1000, 3, 2000, 3)
HALF = UnitPayment(5, 2, 0, 1)


@pytest.mark.parametrize(
    ("rounding", "interest", "principal"),
    [
        (Rounding.HOLDING_DOWN, 2333, 4666),
        (Rounding.UNIT_DOWN, 7 * 333, 7 * 666),
        (Rounding.UNIT_HALF_UP, 7 * 333, 7 * 666),
    ],
)
def test_amounts__a_third__by_the_rule(rounding: Rounding, interest: int, principal: int) -> None:
    each = rounded_per_unit(THIRD, rounding)

    assert (interest_of(each, 7), principal_of(each, 7)) == (interest, principal)
    assert amount_of(each, 7) == interest + principal


@pytest.mark.parametrize(
    ("rounding", "interest"),
    [(Rounding.HOLDING_DOWN, 7), (Rounding.UNIT_DOWN, 6), (Rounding.UNIT_HALF_UP, 9)],
)
def test_amounts__a_half__by_the_rule(rounding: Rounding, interest: int) -> None:
    assert interest_of(rounded_per_unit(HALF, rounding), 3) == interest


@pytest.mark.parametrize("ask", [interest_of, principal_of, amount_of])
def test_amounts__negative_units__refused(ask: Any) -> None:
    with pytest.raises(InvalidAmount):
        ask(THIRD, -1)


# --- withholding

TAXED = Provisions(
    tax_account="0x0000000000000000000000000000000000000001",
    withholdings=(
        Withholding(class_mask([MemberClass.BANK, MemberClass.OFFICIAL]), 0),
        Withholding(class_mask([MemberClass.NATURAL_PERSON]), 200_000_000),
        Withholding(ALL_CLASSES, 100_000_000),
    ),
)


@pytest.mark.parametrize(
    ("classes", "rate"),
    [
        (class_mask([MemberClass.BANK]), 0),
        (class_mask([MemberClass.NATURAL_PERSON]), 200_000_000),
        (class_mask([MemberClass.FUND]), 100_000_000),
        (class_mask([MemberClass.BANK, MemberClass.NATURAL_PERSON]), 0),
        (0, 100_000_000),
    ],
)
def test_withholding_rate__first_entry_of_a_class(classes: int, rate: int) -> None:
    assert withholding_rate(TAXED, classes) == rate


def test_withholding_rate__no_tax__zero() -> None:
    assert withholding_rate(Provisions(), 2) == 0


@settings(deadline=None)
@given(st.integers(0, 10**30), st.integers(0, 10**9))
def test_withhold__any_interest__tax_rounded_down_and_nothing_lost(interest: int, rate: int) -> None:
    withheld = withhold(interest, rate)

    assert withheld.gross == interest
    assert 0 <= Fraction(interest * rate, 10**9) - withheld.tax < 1


@pytest.mark.parametrize(("interest", "rate"), [(-1, 0), (1, -1), (1, 10**9 + 1)])
def test_withhold__out_of_range__refused(interest: int, rate: int) -> None:
    with pytest.raises(InvalidAmount):
        withhold(interest, rate)
