"""Cash flows and accrued interest of a term sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from .calendars import Calendar
from .errors import InvalidAmount
from .interest import (
    AS_SEALED,
    Fixing,
    Grid,
    Life,
    Market,
    accrued,
    interest_of,
    principal_of,
    unit_payments,
)
from .money import Money
from .provisions import CouponKind
from .termsheet import TermSheet

#: Places of accrued interest per 100 in the China interbank market.
ACCRUED_PLACES = 7

#: Kinds of coupon with a rate that a tender may be to fix.
_RATED = (CouponKind.FIXED, CouponKind.STEP)


@dataclass(frozen=True, slots=True)
class CashFlow:
    """What a holding gets for one period.

    Attributes:
        index: Number of the period, from 1.
        due: Due date, unadjusted.
        interest: Interest, rounded down once for the whole holding.
        principal: Principal, at its price; zero before the end but for instalments and calls in part.
    """

    index: int
    due: date
    interest: Money
    principal: Money

    @property
    def total(self) -> Money:
        """Interest and principal."""
        return self.interest + self.principal


def cash_flows(
    terms: TermSheet,
    units: int,
    *,
    calendar: Calendar | None = None,
    fixings: Sequence[Fixing] = (),
    life: Life = AS_SEALED,
) -> tuple[CashFlow, ...]:
    """Interest and principal of a holding that is kept to the end, to the last base unit.

    Args:
        terms: The bond's terms.
        units: Whole bonds held.
        calendar: The calendar that the terms name; only adjusted periods and BUS/252 need it.
        fixings: Of its periods, in their order; empty for a bond that needs none.
        life: What has moved the bond off its terms: calls, an extension, later terms.

    Raises:
        InvalidAmount: ``units`` is negative or more than the issue.
        InputError: A tender is to fix the rate, or the calendar is needed.
        PeriodNotFixed: A period is to be fixed, ``analytics`` can project it.
        CalendarYearMissing: The calendar is needed for a year that is not published.
    """
    if isinstance(units, bool) or not 0 <= units <= terms.units:
        raise InvalidAmount(f"{units!r} units is not between 0 and the {terms.units} of the issue")
    grid, money = _grid(terms, calendar, life), terms.currency.money_from_base
    return tuple(
        CashFlow(
            index=index,
            due=grid.due[index],
            interest=money(interest_of(each, units)),
            principal=money(principal_of(each, units)),
        )
        for index, each in enumerate(unit_payments(grid, fixings), 1)
    )


def accrued_interest(
    terms: TermSheet,
    on: date,
    *,
    calendar: Calendar | None = None,
    fixings: Sequence[Fixing] = (),
    market: Market | None = None,
    life: Life = AS_SEALED,
) -> Fraction:
    """Interest that one unit has accrued from the last due date to ``on``, in the currency, exact.

    A payment that is late for a holiday bears no interest unless periods are adjusted, and on a due date
    nothing is accrued yet. Zero before the issue and from maturity on. What record dates change is in
    ``interest.accrued``.

    Args:
        terms: The bond's terms.
        on: Value day.
        calendar: The calendar that the terms name; only adjusted periods and BUS/252 need it.
        fixings: Of its periods, in their order; empty for a bond that needs none.
        market: What is published: for the index ratio of the day, and the overnight rates so far.
        life: What has moved the bond off its terms.

    Raises:
        InputError: A tender is to fix the rate, or the calendar is needed.
        PeriodNotFixed: The period is to be fixed.
        ValueNotPublished: An index or an overnight rate of the day is not there.
        CalendarYearMissing: The calendar is needed for a year that is not published.
    """
    grid = _grid(terms, calendar, life)
    if on < grid.due[0] or grid.is_over(on):
        return Fraction(0)
    found = accrued(grid, on, fixings=fixings, market=market)
    base: int = 10**terms.currency.decimals
    return found.amount / base


def accrued_per_100(terms: TermSheet, on: date) -> Decimal:
    """Accrued interest per 100 of face, rounded half up to seven decimals (China interbank).

    For bonds that need neither calendar nor fixings; others take ``accrued_interest``.
    """
    return round_fraction(accrued_interest(terms, on) * 100 / Fraction(terms.face_value), ACCRUED_PLACES)


def round_fraction(value: Fraction, places: int) -> Decimal:
    """A non-negative fraction, rounded half up to some decimal places."""
    scaled = value * 10**places
    with localcontext(prec=78):
        return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(
            -places
        )


def _grid(terms: TermSheet, calendar: Calendar | None, life: Life) -> Grid:
    if terms.coupon.kind in _RATED:
        # For its error, which names the bond and says what to do.
        _ = terms.fixed_rate
    return Grid(terms.interest_terms, {} if calendar is None else {calendar.code: calendar}, life=life)
