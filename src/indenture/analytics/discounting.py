"""The present value of payments at a yield, fast: what ``Analysis.dirty_price`` gives, for many bonds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from indenture.interest import Grid, UnitPayment
from indenture.provisions import CouponKind, PeriodUnit

_MONTHS_PER_YEAR = 12


def present_value(grid: Grid, payments: Sequence[UnitPayment], yield_: float, settlement: date) -> float:
    """What one unit is worth at a yield, base units, with accrued interest.

    Compounded as ``compoundings`` says; on unadjusted due days, by the bond's day count.

    Args:
        grid: The bond's days; its interest periods unadjusted.
        payments: Of all periods, in their order.
        yield_: As a fraction: 0.03 is 3 %.
        settlement: The day of payment, from the issue day to the day before the last due day.

    Raises:
        InputError: The bond bears no interest on that day.
        CalendarYearMissing: The day count depends on a year that is not published.
    """
    first, frequency = grid.period_of(settlement), compoundings(grid)
    fractions, base = grid.fractions(), 1 + yield_ / frequency
    # Equal payments, and equal fractions, are mostly one object each.
    amounts: dict[int, float] = {}
    discounts: dict[int, float] = {}
    worth = 0.0
    for k in range(grid.periods - 1, first - 1, -1):
        each, years = payments[k], fractions[k]
        amount, discount = amounts.get(id(each)), discounts.get(id(years))
        if amount is None:
            amount = amounts[id(each)] = _amount(each)
        if discount is None:
            discount = discounts[id(years)] = base ** (-frequency * years.numerator / years.denominator)
        worth = (worth + amount) * discount
    rest = fractions[first - 1] - grid.fraction_to(first, settlement)
    worth += _amount(payments[first - 1])
    return worth * float(base ** (-frequency * rest.numerator / rest.denominator))


def _amount(each: UnitPayment) -> float:
    interest = each.interest_numerator / each.interest_denominator
    return interest + each.principal_numerator / each.principal_denominator


def compoundings(grid: Grid) -> int:
    """How often a year a yield is compounded.

    As often as interest is paid; of a bond without coupon as often as it accretes; else once a year.
    """
    s, months = grid.terms.schedule, grid.terms.provisions.accretion.months_per_compounding
    if grid.terms.kind is not CouponKind.ZERO:
        months = s.step if s.unit is PeriodUnit.MONTH else 0
    return _MONTHS_PER_YEAR // months if months and _MONTHS_PER_YEAR % months == 0 else 1
