"""What a unit is paid that is redeemed between payments: put, drawn by lot, tendered or exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from indenture.errors import InvalidAmount
from indenture.provisions import CouponKind
from indenture.rounding import RATE_SCALE

from .accrual import accrued
from .amounts import UnitPayment, factor_after, priced, rounded_per_unit
from .errors import PeriodNotFixed
from .fixing import Fixing
from .grid import Grid
from .inflation import index_ratio
from .observation import Market
from .rates import scheduled_factor


def redemption_terms(
    grid: Grid,
    day: date,
    price: int,
    *,
    records: int,
    fixings: Sequence[Fixing] = (),
    market: Market | None = None,
) -> UnitPayment:
    """What one unit is paid that is redeemed on a day, at a price of the principal, with accrued interest.

    The principal is what is outstanding after the record dates that have passed. Where a coupon was recorded
    that is not earned yet, it stays with whom it was recorded for, and what it is too much is taken off the
    principal, rounded up to whole base units. Of a bond without coupon the price is of what it has grown to,
    which holds all interest.

    Args:
        grid: The bond's days.
        day: Day to which interest accrues.
        price: Billionths of the principal.
        records: Record dates that have passed.
        fixings: Of its periods, in their order; empty for a bond that needs none.
        market: What is published: for the index ratio of the day, and the overnight rates so far.

    Raises:
        PeriodNotFixed: A rate that is needed is not fixed.
        ValueNotPublished: An index or an overnight rate of the day is not there.
        CalendarYearMissing: It depends on a year that is not published.
        AccrualRefused: The bond has ended, or the record dates do not fit the day.
        InputError: An offering is to fix the coupon rate.
    """
    period = grid.period_of(max(day, grid.due[0]))
    there = grid.at(period)
    terms = there.terms
    factor = scheduled_factor(grid.at(records + 1).terms, records, grid.life.calls)
    if terms.provisions.capitalised_until:
        factor = factor_after(there, period - 1, fixings)
    principal = priced(there, factor, _ratio_on(there, period, day, market), day, price)
    each = UnitPayment(0, 1, *principal)
    if terms.kind is not CouponKind.ZERO:
        earned = accrued(grid, day, records=records, fixings=fixings, market=market).amount
        each = _with_accrued(each, earned)
    return rounded_per_unit(each, terms.rounding)


def offer_terms(
    grid: Grid,
    day: date,
    amount: int,
    *,
    records: int,
    fixings: Sequence[Fixing] = (),
    market: Market | None = None,
) -> UnitPayment:
    """What one unit is paid that the issuer buys back or exchanges, for an amount and accrued interest.

    Args:
        grid: The bond's days.
        day: Day to which interest accrues.
        amount: Price without accrued interest, or what is paid beside new units; base units.
        records: Record dates that have passed.
        fixings: Of its periods, in their order; empty for a bond that needs none.
        market: What is published.

    Raises:
        InvalidAmount: It is less than what a recorded coupon is too much.
        PeriodNotFixed: As ``redemption_terms``, and so the others.
    """
    earned = accrued(grid, day, records=records, fixings=fixings, market=market).amount
    rebate = rebate_of(earned)
    if rebate > amount:
        raise InvalidAmount(
            f"{amount} base units are less than {rebate}, by which a recorded coupon is not earned yet",
            hint="Offer more, or pay after the next payment.",
        )
    each = UnitPayment(max(earned.numerator, 0), earned.denominator, amount - rebate, 1)
    return rounded_per_unit(each, grid.sealed.rounding)


def rebate_of(earned: Fraction) -> int:
    """Base units of a unit, rounded up, by which a recorded coupon is more than what has accrued."""
    return -(earned.numerator // earned.denominator) if earned < 0 else 0


def _with_accrued(each: UnitPayment, earned: Fraction) -> UnitPayment:
    if earned >= 0:
        return UnitPayment(
            earned.numerator, earned.denominator, each.principal_numerator, each.principal_denominator
        )
    left = each.principal_numerator - rebate_of(earned) * each.principal_denominator
    return UnitPayment(0, 1, max(left, 0), each.principal_denominator)


def _ratio_on(grid: Grid, period: int, day: date, market: Market | None) -> int:
    if grid.terms.kind is not CouponKind.INFLATION:
        return RATE_SCALE
    if market is None:
        raise PeriodNotFixed(period)
    ratio, _, _ = index_ratio(grid.terms.provisions.inflation, day, market, fallback_days=None)
    return ratio
