"""What a bond pays: for one unit as fractions, for a holding in whole base units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from indenture.errors import InvalidAmount
from indenture.provisions import FACTOR_SCALE, CouponKind, Rounding
from indenture.rounding import RATE_SCALE

from .fixing import Fixing, fixing_of, grown_arrears
from .grid import Grid
from .rates import half_up, needs_fixing, rate_of_terms, scheduled_factor, share_of


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
    if needs_fixing(grid.terms):
        return fixing_of(fixings, period).rate
    return 0 if grid.terms.kind is CouponKind.ZERO else rate_of_terms(grid.terms, period)


def factor_after(grid: Grid, period: int, fixings: Sequence[Fixing] = ()) -> int:
    """The principal after the instalment of a period, 1e18 = the face; the face for 0.

    At the last period what this leaves is repaid as well.

    Raises:
        PeriodUnknown: There is no such period.
        PeriodNotFixed: Interest is added to the principal, and the period is not fixed.
    """
    if not period:
        return FACTOR_SCALE
    grid.check(period)
    if grid.terms.provisions.capitalised_until:
        return fixing_of(fixings, period).factor
    return scheduled_factor(grid.terms, period)


def state_of(grid: Grid, period: int, fixings: Sequence[Fixing] = ()) -> PeriodState:
    """What the interest of a period is made from.

    Raises:
        PeriodUnknown: There is no such period.
        PeriodNotFixed: It is to be fixed.
        InputError: An offering is to fix the coupon rate.
    """
    rate = rate_of(grid, period, fixings)
    factor = factor_after(grid, period - 1, fixings)
    if not needs_fixing(grid.terms):
        return PeriodState(rate, factor)
    fixing = fixing_of(fixings, period)
    arrears = fixing_of(fixings, period - 1).arrears if period > 1 else 0
    pays = period > grid.terms.provisions.capitalised_until and not fixing.is_deferred
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
    interest = (0, 1)
    if state.pays and grid.terms.kind is not CouponKind.ZERO:
        interest = interest_over(grid, state, grid.fraction(period))
    return UnitPayment(*interest, *_principal(grid, period, state))


def unit_payment(grid: Grid, period: int, fixings: Sequence[Fixing] = ()) -> UnitPayment:
    """``exact_payment``, rounded to base units where the terms round per unit: what is funded."""
    return rounded_per_unit(exact_payment(grid, period, fixings), grid.terms.rounding)


def unit_payments(grid: Grid, fixings: Sequence[Fixing] = ()) -> tuple[UnitPayment, ...]:
    """``unit_payment`` of all periods; equal periods share one value.

    Raises:
        PeriodNotFixed: A period is to be fixed.
        CalendarYearMissing: One depends on a year that is not published.
        InputError: An offering is to fix the coupon rate.
    """
    provisions = grid.terms.provisions
    is_plain = grid.terms.kind is CouponKind.FIXED and not provisions.instalments
    if not is_plain or needs_fixing(grid.terms):
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


def _principal(grid: Grid, period: int, state: PeriodState) -> tuple[int, int]:
    terms = grid.terms
    repaid = state.factor if grid.is_last(period) else share_of(terms, period)
    if not repaid:
        return 0, 1
    if terms.kind is CouponKind.INFLATION:
        floor = RATE_SCALE if terms.provisions.inflation.floored else 0
        ratio = max(state.index_ratio, floor)
        return terms.face_value * repaid * ratio, FACTOR_SCALE * RATE_SCALE
    return (terms.face_value, 1) if repaid == FACTOR_SCALE else (terms.face_value * repaid, FACTOR_SCALE)


def _check_units(units: int) -> None:
    if units < 0:
        raise InvalidAmount(f"{units} units is negative")
