"""What a bond pays: for one unit as fractions, for a holding in whole base units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from indenture.errors import InvalidAmount
from indenture.provisions import FACTOR_SCALE, CouponKind, Rounding
from indenture.rounding import RATE_SCALE

from .accretion import accreted_value
from .fixing import Fixing, fixing_before, fixing_of, grown_arrears, is_added
from .grid import Grid
from .rates import half_up, needs_fixing, rate_of_terms, scheduled_factor, sealed_rate, share_of
from .terms import InterestTerms


@dataclass(frozen=True, slots=True)
class UnitPayment:
    """What one unit is paid, in base units of the currency.

    Attributes:
        interest_numerator: Interest, times its denominator.
        interest_denominator: Above zero.
        principal_numerator: Principal, times its denominator.
        principal_denominator: Above zero.
    """

    interest_numerator: int
    interest_denominator: int
    principal_numerator: int
    principal_denominator: int

    @property
    def interest(self) -> Fraction:
        """Interest of one unit."""
        return Fraction(self.interest_numerator, self.interest_denominator)

    @property
    def principal(self) -> Fraction:
        """Principal of one unit."""
        return Fraction(self.principal_numerator, self.principal_denominator)


@dataclass(frozen=True, slots=True)
class PeriodState:
    """What the interest of a period is made from.

    Attributes:
        rate: Billionths a year.
        factor: Principal during the period, 1e18 = the face.
        arrears: Deferred interest of periods before, 1e18 = the face.
        index_ratio: At its end, billionths; 0 where no price index is followed.
        pays: Whether its interest is paid; else it is added to the principal, or deferred.
    """

    rate: int
    factor: int
    arrears: int = 0
    index_ratio: int = 0
    pays: bool = True


# --- Of a period --------------------------------------------------------------------------------------------


def rate_of(grid: Grid, period: int, fixings: Sequence[Fixing] = ()) -> int:
    """The rate of a period, billionths a year.

    Raises:
        PeriodUnknown: There is no such period.
        PeriodNotFixed: It is to be fixed.
        InputError: An offering is to fix the coupon rate.
    """
    grid.check(period)
    grid = grid.at(period)
    if needs_fixing(grid.terms):
        return fixing_of(fixings, period).rate
    return 0 if grid.terms.kind is CouponKind.ZERO else sealed_rate(grid, period)


def factor_after(grid: Grid, period: int, fixings: Sequence[Fixing] = ()) -> int:
    """The principal after instalments and calls in part of a period, 1e18 = the face; the face for 0.

    At the last period what this leaves is repaid as well.

    Raises:
        PeriodUnknown: There is no such period.
        PeriodNotFixed: Interest is added to the principal, and the period is not fixed.
    """
    if not period:
        return FACTOR_SCALE
    grid.check(period)
    grid = grid.at(period)
    if grid.terms.provisions.capitalised_until:
        return fixing_of(fixings, period).factor
    return scheduled_factor(grid.terms, period, grid.life.calls)


def state_of(grid: Grid, period: int, fixings: Sequence[Fixing] = ()) -> PeriodState:
    """What the interest of a period is made from.

    Raises:
        PeriodUnknown: There is no such period.
        PeriodNotFixed: It is to be fixed.
        InputError: An offering is to fix the coupon rate.
    """
    rate = rate_of(grid, period, fixings)
    factor = factor_after(grid, period - 1, fixings)
    grid = grid.at(period)
    if not needs_fixing(grid.terms):
        return PeriodState(rate, factor)
    fixing, before = fixing_of(fixings, period), fixing_before(grid, period, fixings)
    arrears = 0 if before is None else before.arrears
    # What was deferred is paid with the last payment, whenever that comes.
    is_deferred = fixing.is_deferred and not grid.is_last(period)
    pays = not is_added(grid, period) and not is_deferred
    return PeriodState(rate, factor, arrears, fixing.index_ratio, pays)


def interest_over(grid: Grid, state: PeriodState, fraction: Fraction) -> tuple[int, int]:
    """Interest of one unit for a part of a period, arrears included, as numerator and denominator."""
    notional, scale = _notional(grid, state)
    n, d = fraction.numerator, fraction.denominator
    numerator = notional * state.rate * n
    if state.arrears:
        owed = grown_arrears(grid.terms, state.arrears, state.rate, fraction)
        numerator *= FACTOR_SCALE // scale
        numerator += grid.terms.face_value * owed * RATE_SCALE * d
        scale = FACTOR_SCALE
    return numerator, scale * RATE_SCALE * d


# --- Of a unit ----------------------------------------------------------------------------------------------


def exact_payment(grid: Grid, period: int, fixings: Sequence[Fixing] = ()) -> UnitPayment:
    """What one unit is paid for a period, before any rounding.

    Args:
        grid: The bond's days.
        period: Number of the period.
        fixings: Of its periods, in their order; empty for a bond that needs none.

    Raises:
        PeriodUnknown: There is no such period.
        PeriodNotFixed: It is to be fixed.
        CalendarYearMissing: It depends on a year that is not published.
        InputError: An offering is to fix the coupon rate.
    """
    state = state_of(grid, period, fixings)
    grid = grid.at(period)
    interest = (0, 1)
    if state.pays and grid.terms.kind is not CouponKind.ZERO:
        interest = interest_over(grid, state, grid.fraction(period))
    return UnitPayment(*interest, *principal_due(grid, period, state))


def principal_due(grid: Grid, period: int, state: PeriodState) -> tuple[int, int]:
    """Principal of one unit that is repaid with a period, as numerator and denominator.

    Instalments, calls in part with their premium, and at the last period all that is left, at its price.

    Args:
        grid: The bond's days.
        period: Number of the period.
        state: Of it; only its factor and index ratio matter.

    Raises:
        CalendarYearMissing: The growth of a bond without coupon depends on a year that is not published.
    """
    grid = grid.at(period)
    terms, life = grid.terms, grid.life
    is_last = grid.is_last(period)
    repaid = state.factor if is_last else share_of(terms, period, life.calls)
    if not repaid:
        return 0, 1
    if is_last and life.price:
        return priced(grid, repaid, state.index_ratio, grid.due[period], life.price)
    premium = 0 if is_last else _premium(grid, period)
    if premium:
        return terms.face_value * repaid + premium, FACTOR_SCALE
    if terms.kind is CouponKind.INFLATION:
        ratio = floored_ratio(terms, state.index_ratio)
        return terms.face_value * repaid * ratio, FACTOR_SCALE * RATE_SCALE
    return (terms.face_value, 1) if repaid == FACTOR_SCALE else (terms.face_value * repaid, FACTOR_SCALE)


def unit_payment(grid: Grid, period: int, fixings: Sequence[Fixing] = ()) -> UnitPayment:
    """``exact_payment``, rounded to base units where the terms round per unit: what is funded."""
    each = exact_payment(grid, period, fixings)
    return rounded_per_unit(each, grid.at(period).terms.rounding)


def unit_payments(grid: Grid, fixings: Sequence[Fixing] = ()) -> tuple[UnitPayment, ...]:
    """``unit_payment`` of all periods; equal periods share one value.

    Raises:
        PeriodNotFixed: A period is to be fixed.
        CalendarYearMissing: One depends on a year that is not published.
        InputError: An offering is to fix the coupon rate.
    """
    provisions = grid.terms.provisions
    is_plain = grid.terms.kind is CouponKind.FIXED and not provisions.instalments
    is_plain = is_plain and not (grid.life.calls or grid.life.price or grid.life.extended_from)
    if not is_plain or grid.life.versions or needs_fixing(grid.terms):
        return tuple(unit_payment(grid, k, fixings) for k in range(1, grid.periods + 1))
    face, rounding = grid.terms.face_value, grid.terms.rounding
    earned = face * rate_of_terms(grid.terms, 1)
    made: dict[int, UnitPayment] = {}
    payments = []
    for fraction in grid.fractions():
        payment = made.get(id(fraction))
        if payment is None:
            exact = UnitPayment(earned * fraction.numerator, RATE_SCALE * fraction.denominator, 0, 1)
            payment = made[id(fraction)] = rounded_per_unit(exact, rounding)
        payments.append(payment)
    last = payments[-1]
    payments[-1] = UnitPayment(last.interest_numerator, last.interest_denominator, face, 1)
    return tuple(payments)


def rounded_per_unit(each: UnitPayment, rounding: Rounding) -> UnitPayment:
    """Interest of one unit rounded to a base unit and its principal down, if the terms round per unit."""
    if rounding is Rounding.HOLDING_DOWN:
        return each
    numerator, denominator = each.interest_numerator, each.interest_denominator
    interest = numerator // denominator if rounding is Rounding.UNIT_DOWN else half_up(numerator, denominator)
    return UnitPayment(interest, 1, each.principal_numerator // each.principal_denominator, 1)


# --- Of a holding -------------------------------------------------------------------------------------------


def interest_of(each: UnitPayment, units: int) -> int:
    """Interest of a holding, base units, rounded down once.

    Raises:
        InvalidAmount: ``units`` is negative.
    """
    _check_units(units)
    return units * each.interest_numerator // each.interest_denominator


def principal_of(each: UnitPayment, units: int) -> int:
    """Principal of a holding, base units, rounded down once.

    Raises:
        InvalidAmount: ``units`` is negative.
    """
    _check_units(units)
    return units * each.principal_numerator // each.principal_denominator


def amount_of(each: UnitPayment, units: int) -> int:
    """Interest and principal of a holding, base units; for all units: what is to be funded.

    Raises:
        InvalidAmount: ``units`` is negative.
    """
    return interest_of(each, units) + principal_of(each, units)


def _notional(grid: Grid, state: PeriodState) -> tuple[int, int]:
    """What one unit earns interest on, base units times a scale, and the scale."""
    face = grid.terms.face_value
    if grid.terms.kind is CouponKind.INFLATION:
        return face * state.factor * state.index_ratio // RATE_SCALE, FACTOR_SCALE
    return (face, 1) if state.factor == FACTOR_SCALE else (face * state.factor, FACTOR_SCALE)


def priced(grid: Grid, factor: int, index_ratio: int, day: date, price: int) -> tuple[int, int]:
    """Principal of a unit that is redeemed early, as numerator and denominator.

    Args:
        grid: The bond's days.
        factor: Of the principal, 1e18 = the face.
        index_ratio: Of a price index on the day, billionths; only an inflation-linked bond uses it.
        day: Day of the redemption.
        price: Billionths of the principal; of a bond without coupon, of what it has grown to.

    Raises:
        CalendarYearMissing: The growth of a bond without coupon depends on a year that is not published.
    """
    terms = grid.terms
    amount, scale = terms.face_value * factor, FACTOR_SCALE * RATE_SCALE
    if terms.kind is CouponKind.ZERO:
        grown = accreted_value(grid, day) * FACTOR_SCALE
        amount = grown.numerator // grown.denominator
    if terms.kind is CouponKind.INFLATION:
        amount *= floored_ratio(terms, index_ratio)
        scale *= RATE_SCALE
    return amount * price, scale


def floored_ratio(terms: InterestTerms, ratio: int) -> int:
    """The index ratio of the principal, billionths: not below the face where the terms say so."""
    return max(ratio, RATE_SCALE if terms.provisions.inflation.floored else 0)


def _premium(grid: Grid, period: int) -> int:
    """What calls in part pay above par, base units times 1e18; below zero for a discount."""
    face = grid.terms.face_value
    return sum(
        face * each.share // RATE_SCALE * (each.price - RATE_SCALE) * (FACTOR_SCALE // RATE_SCALE)
        for each in grid.life.calls
        if each.period == period
    )


def _check_units(units: int) -> None:
    if units < 0:
        raise InvalidAmount(f"{units} units is negative")
