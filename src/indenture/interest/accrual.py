"""Accrued interest: what a buyer pays a seller for the interest of the period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from indenture.provisions import CouponKind

from .accretion import accreted_value
from .amounts import PeriodState, factor_after, interest_over, state_of, unit_payment
from .errors import AccrualRefused, PeriodNotFixed
from .fixing import Fixing, fixing_before, fixing_of, is_added
from .floating import rate_to
from .grid import Grid
from .inflation import index_ratio
from .observation import Market
from .rates import needs_fixing, rate_of_terms


@dataclass(frozen=True, slots=True)
class Accrued:
    """Interest that one unit has accrued, exact.

    Attributes:
        amount: Base units of the currency; below zero where the seller keeps a payment not earned yet.
        period: Number of the period of the day.
        is_ex: Whether the payment of the period goes to the seller.
        is_pending: Whether the payment of the period before goes to the buyer.
    """

    amount: Fraction
    period: int
    is_ex: bool = False
    is_pending: bool = False


def accrued(
    grid: Grid,
    day: date,
    *,
    records: int | None = None,
    fixings: Sequence[Fixing] = (),
    market: Market | None = None,
) -> Accrued:
    """Interest that one unit has accrued on a day.

    From the start of the period to the day; less the payment of the period, and of later ones, where their
    record dates have passed; plus the payment of the period before, where its record date is still to come.
    After the end of the bond it is the last payment, while its record date is still to come. A bond that was
    made due trades flat.

    Args:
        grid: The bond's days.
        day: Value day; before the issue nothing has accrued.
        records: Record dates that have passed; None: those of the periods that have ended.
        fixings: Of its periods, in their order; empty for a bond that needs none.
        market: What is published: for the index ratio of the day, and the overnight rates so far.

    Raises:
        PeriodNotFixed: A rate that is needed is not fixed.
        ValueNotPublished: An index or an overnight rate of the day is not there.
        CalendarYearMissing: It depends on a year that is not published.
        AccrualRefused: The bond has ended, or the record dates do not fit the day.
        InputError: An offering is to fix the coupon rate.
    """
    day = max(day, grid.due[0])
    is_over = grid.is_over(day)
    period = grid.periods if is_over else grid.period_of(day)
    passed = (period if is_over else period - 1) if records is None else records
    if grid.life.is_due:
        return Accrued(Fraction(0), period)
    if is_over and passed >= period:
        reason = f"the bond ended on {grid.bound(period)}, and its last record date is over"
        raise AccrualRefused(day, reason, hint="Ask for a day before it.")
    if grid.terms.kind is CouponKind.ZERO:
        value = accreted_value(grid, day) - grid.terms.provisions.accretion.issue_price
        return Accrued(value, period)
    if passed + 2 < period:
        raise AccrualRefused(
            day,
            f"it lies in period {period}, and only {passed} record dates have passed",
            hint="A buyer can still get the payment of one period before, not of two.",
        )
    if is_over:
        amount = _coupon(grid, period, fixings)
    else:
        there = grid.at(period)
        state = _state(there, period, day, fixings, market)
        amount = Fraction(*interest_over(there, state, there.fraction_to(period, day)))
    is_pending = passed + 1 < period
    if is_pending:
        amount += _coupon(grid, period - 1, fixings)
    amount -= sum(_coupon(grid, k, fixings) for k in range(period, passed + 1))
    return Accrued(amount, period, passed >= period and _pays(grid, period, fixings), is_pending)


def dirty_price(clean: int, accrued: Accrued, units: int) -> int:
    """What a buyer pays for units, base units: the clean amount with accrued interest, rounded down once.

    Args:
        clean: Clean amount for all the units, base units.
        accrued: Of one unit.
        units: Units bought.

    Returns:
        Zero where what the seller keeps is more than the clean amount.
    """
    part = abs(accrued.amount) * units
    interest = part.numerator // part.denominator
    return clean + interest if accrued.amount >= 0 else max(0, clean - interest)


def clean_price(dirty: int, accrued: Accrued, units: int) -> int:
    """The clean amount in what a buyer paid: the inverse of ``dirty_price``."""
    part = abs(accrued.amount) * units
    interest = part.numerator // part.denominator
    return dirty - interest if accrued.amount >= 0 else dirty + interest


def _coupon(grid: Grid, period: int, fixings: Sequence[Fixing]) -> Fraction:
    """What one unit is paid as interest, as funded; nothing where it is added to the principal."""
    if is_added(grid.at(period), period):
        return Fraction(0)
    return unit_payment(grid, period, fixings).interest


def _pays(grid: Grid, period: int, fixings: Sequence[Fixing]) -> bool:
    grid = grid.at(period)
    if is_added(grid, period):
        return False
    return not needs_fixing(grid.terms) or state_of(grid, period, fixings).pays


def _state(
    grid: Grid, period: int, day: date, fixings: Sequence[Fixing], market: Market | None
) -> PeriodState:
    """The state of a period that need not be over, with the index ratio or overnight rates of the day."""
    terms = grid.terms
    if terms.kind is CouponKind.INFLATION:
        if market is None:
            raise PeriodNotFixed(period)
        ratio, _, _ = index_ratio(terms.provisions.inflation, day, market, fallback_days=None)
        factor = factor_after(grid, period - 1, fixings)
        return PeriodState(rate_of_terms(terms, period), factor, index_ratio=ratio)
    is_open = terms.kind is CouponKind.FLOATING and terms.provisions.floating.compounded
    if is_open and not _is_fixed(fixings, period) and market is not None:
        rate = rate_to(grid, period, day, market)
        before = fixing_before(grid, period, fixings) if terms.provisions.deferral.notice_days else None
        arrears = 0 if before is None else before.arrears
        return PeriodState(rate, factor_after(grid, period - 1, fixings), arrears)
    return state_of(grid, period, fixings)


def _is_fixed(fixings: Sequence[Fixing], period: int) -> bool:
    try:
        fixing_of(fixings, period)
    except PeriodNotFixed:
        return False
    return True
