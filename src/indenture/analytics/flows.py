"""The payments of a bond, period by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from indenture.errors import CalendarYearMissing
from indenture.interest import exact_payment, factor_after, rate_of
from indenture.provisions import FACTOR_SCALE

from .projection import Projection

#: Billionths in a percent.
_PERCENT_PLACES = 7


@dataclass(frozen=True, slots=True)
class Flow:
    """What is paid for one period, per 100 of face, exact.

    Attributes:
        period: Number of the period.
        start: First day that bears interest.
        end: The day after the last such day.
        due: Due day, unadjusted.
        payment_day: The due day rolled, or as announced; None while its year is not published.
        rate: Percent a year.
        factor: Principal during the period, 1 = the face.
        fraction: Year fraction of the period.
        interest: Interest paid; 0 where it is added to the principal, or deferred.
        principal: Principal repaid.
        is_assumed: Whether its figures follow from an assumption.
    """

    period: int
    start: date
    end: date
    due: date
    payment_day: date | None
    rate: Decimal
    factor: Fraction
    fraction: Fraction
    interest: Fraction
    principal: Fraction
    is_assumed: bool

    @property
    def total(self) -> Fraction:
        """Interest and principal."""
        return self.interest + self.principal


def flows_of(projection: Projection) -> tuple[Flow, ...]:
    """The payments of all periods.

    Raises:
        CalendarYearMissing: Interest depends on business days of a year that is not published.
    """
    return tuple(_flow(projection, period) for period in range(1, projection.grid.periods + 1))


def _flow(projection: Projection, period: int) -> Flow:
    grid, fixings = projection.grid, projection.fixings
    each, hundred = exact_payment(grid, period, fixings), Fraction(100, grid.terms.face_value)
    return Flow(
        period=period,
        start=grid.bound(period - 1),
        end=grid.bound(period),
        due=grid.due[period],
        payment_day=_payment_day(projection, period),
        rate=Decimal(rate_of(grid, period, fixings)).scaleb(-_PERCENT_PLACES),
        factor=Fraction(factor_after(grid, period - 1, fixings), FACTOR_SCALE),
        fraction=grid.fraction(period),
        interest=each.interest * hundred,
        principal=each.principal * hundred,
        is_assumed=period > projection.known,
    )


def _payment_day(projection: Projection, period: int) -> date | None:
    grid = projection.grid
    if grid.calendar is None:
        return None
    try:
        return grid.payment_day(period)
    except CalendarYearMissing:
        return None
