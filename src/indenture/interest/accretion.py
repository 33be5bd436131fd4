"""Bonds without coupon: what a unit is worth on its way from the issue price to the face."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from indenture.dates import add_months
from indenture.provisions import FACTOR_SCALE
from indenture.rounding import RATE_SCALE
from indenture.schedule import fraction

from .grid import Grid

_MONTHS_PER_YEAR = 12


def accreted_value(grid: Grid, day: date) -> Fraction:
    """Value of one unit on a day, base units, rounded down to 1e-18, never above the face.

    A straight line by the bond's day count; or compound, by a growth factor in 1e18 that is rounded down at
    each step.

    Raises:
        CalendarYearMissing: The day count depends on a year that is not published.
    """
    # By the terms as sealed: where the bond ends early, it has grown no faster.
    terms = grid.sealed
    accretion, face = terms.provisions.accretion, terms.face_value * FACTOR_SCALE
    start, end = terms.schedule.issue_day, terms.schedule.maturity_day
    price = accretion.issue_price * FACTOR_SCALE
    if not start < day < end:
        return Fraction(price if day <= start else face, FACTOR_SCALE)
    if accretion.yield_rate:
        return Fraction(min(face, accretion.issue_price * growth(grid, day)), FACTOR_SCALE)
    passed = fraction(terms, start, day, grid.calendar) / fraction(terms, start, end, grid.calendar)
    earned = (face - price) * passed.numerator // passed.denominator
    return Fraction(price + earned, FACTOR_SCALE)


def growth(grid: Grid, day: date) -> int:
    """The compound growth from the issue day to a day, 1e18 = none: whole cells, then a simple rest."""
    accretion, issued = grid.terms.provisions.accretion, grid.due[0]
    months = accretion.months_per_compounding
    cells = max(0, ((day.year - issued.year) * 12 + day.month - issued.month) // months)
    if add_months(issued, cells * months) > day:
        cells -= 1
    start, end = add_months(issued, cells * months), add_months(issued, (cells + 1) * months)
    numerator, denominator = FACTOR_SCALE * accretion.yield_rate * months, _MONTHS_PER_YEAR * RATE_SCALE
    whole = _power(FACTOR_SCALE + numerator // denominator, cells)
    rest = numerator * (day - start).days // (denominator * (end - start).days)
    return whole * (FACTOR_SCALE + rest) // FACTOR_SCALE


def _power(base: int, exponent: int) -> int:
    """A power in 1e18, by squaring from the lowest bit, each product rounded down."""
    result = FACTOR_SCALE
    while exponent:
        if exponent & 1:
            result = result * base // FACTOR_SCALE
        exponent >>= 1
        if exponent:
            base = base * base // FACTOR_SCALE
    return result
