"""The payments of a bond as they stand: what its terms say, what is fixed, what is projected, what is open.

Nothing is guessed: a figure that follows from what is not published yet is open, unless a projection was
asked for by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from indenture.calendars import Calendar
from indenture.dates import instant
from indenture.errors import CalendarYearMissing, InputError
from indenture.interest import (
    Fixing,
    Grid,
    InterestError,
    Market,
    PeriodState,
    Source,
    UnitPayment,
    exact_payment,
    factor_after,
    fix_on,
    fixing_of,
    interest_of,
    next_to_fix,
    principal_due,
    principal_of,
    rate_of,
    rounded_per_unit,
    sealed_rate,
)
from indenture.money import Money
from indenture.provisions import CouponKind
from indenture.termsheet import TermSheet

T = TypeVar("T")

#: Later than any fixing: what the terms alone decide can be fixed at any time.
_AT_LAST = date(9990, 1, 1)


class Standing(Enum):
    """Where the figures of a payment come from."""

    TERMS = "terms"
    """The sealed terms alone."""
    FIXED = "fixed"
    """Fixed on the chain."""
    PUBLISHED = "published"
    """Published values, though nobody has fixed the period yet."""
    PROJECTED = "projected"
    """An assumption that was asked for."""
    OPEN = "open"
    """Not known yet."""

    @property
    def label(self) -> str:
        """The word for it."""
        return self.value


@dataclass(frozen=True, slots=True)
class Flow:
    """A payment of a holding.

    Attributes:
        period: Number of the period.
        start: First day that bears interest; None while it depends on a year that is not published.
        end: The day after the last such day; as above.
        due: Due day, unadjusted.
        fraction: Year fraction of the period; as above.
        payment_day: Day of payment; as above.
        record_day: Day of record; as above.
        record_time: Instant of record; as above.
        rate: Billionths a year; None while it is open, and where there is none.
        factor: Principal of a unit at the start, 1e18 = the face; None while it is open.
        interest: Of the holding; None while it is open.
        principal: Of the holding; None while it is open.
        standing: Where they come from.
        has_rate: Whether its period has a rate at all.
    """

    period: int
    start: date | None
    end: date | None
    due: date
    fraction: Fraction | None
    payment_day: date | None
    record_day: date | None
    record_time: datetime | None
    rate: int | None
    factor: int | None
    interest: Money | None
    principal: Money | None
    standing: Standing
    has_rate: bool = True

    @property
    def days(self) -> int | None:
        """Civil days of the period."""
        return None if self.start is None or self.end is None else (self.end - self.start).days

    @property
    def total(self) -> Money | None:
        """Interest and principal."""
        return None if self.interest is None or self.principal is None else self.interest + self.principal

    @property
    def day(self) -> date:
        """The best that is known of the day of payment."""
        return self.payment_day or self.due


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a payment that are announced, or follow from the calendar."""

    payment_day: date | None
    record_day: date | None
    record_time: datetime | None


def fixed_by_terms(grid: Grid, fixings: Sequence[Fixing] = ()) -> list[Fixing]:
    """Fixings with those that follow from the terms alone, up to the first for which a value is needed."""
    found = [each for each in fixings if each.period <= grid.periods]
    market = Market({}, grid.calendars, _AT_LAST)
    while (period := next_to_fix(grid, found[-1].period if found else 0)) <= grid.periods:
        try:
            found.append(fix_on(grid, period, found[-1] if found else None, market))
        except (InterestError, CalendarYearMissing):
            break
    return found


def calendar_days(sheet: TermSheet, calendar: Calendar, due: date) -> Days:
    """The days of a payment by a calendar; those of years that are not published are None."""
    record = sheet.record
    payment_day = known(lambda: calendar.roll(due, sheet.business_days.roll))
    record_day = payment_day and known(
        lambda: calendar.add_business_days(payment_day, -record.business_days_before)
    )
    time = instant(record_day, record.cut_off, record.time_zone_offset) if record_day else None
    return Days(payment_day, record_day, time)


def flows_of(
    sheet: TermSheet,
    grid: Grid,
    units: int,
    *,
    days: Callable[[int], Days],
    fixings: Sequence[Fixing] = (),
    fixed: int = 0,
    projected_from: int | None = None,
) -> tuple[Flow, ...]:
    """The payments of a holding.

    Args:
        sheet: The bond's terms.
        grid: Its days.
        units: Whole bonds held.
        days: The days of a payment by its number.
        fixings: What is fixed, follows from the terms, or is projected, in this order.
        fixed: The last period that is fixed on the chain; 0 for none.
        projected_from: First period that is projected; None for none.
    """
    return tuple(
        _flow(sheet, grid, units, period, days(period), fixings, fixed, projected_from)
        for period in range(1, grid.periods + 1)
    )


def _flow(
    sheet: TermSheet,
    grid: Grid,
    units: int,
    period: int,
    days: Days,
    fixings: Sequence[Fixing],
    fixed: int,
    projected_from: int | None,
) -> Flow:
    money = sheet.currency.money_from_base
    start, end = _bound(grid, period - 1), _bound(grid, period)
    has_rate = sheet.coupon.kind is not CouponKind.ZERO
    interest, principal = _amounts(sheet, grid, period, fixings, units)
    standing = _standing(period, fixings, fixed, projected_from)
    return Flow(
        period=period,
        start=start,
        end=end,
        due=grid.due[period],
        fraction=known(lambda: grid.fraction(period)),
        payment_day=days.payment_day,
        record_day=days.record_day,
        record_time=days.record_time,
        rate=known(lambda: _rate(grid, period, fixings)) if has_rate else None,
        factor=known(lambda: factor_after(grid, period - 1, fixings)),
        interest=None if interest is None else money(interest),
        principal=None if principal is None else money(principal),
        standing=Standing.OPEN if interest is None or principal is None else standing,
        has_rate=has_rate,
    )


def _standing(period: int, fixings: Sequence[Fixing], fixed: int, projected_from: int | None) -> Standing:
    """Where the figures of a period come from, if it has any."""
    if projected_from is not None and period >= projected_from:
        return Standing.PROJECTED
    fixing = known(lambda: fixing_of(fixings, period))
    if fixing is not None and period <= fixed:
        return Standing.FIXED
    has_value = fixing is not None and fixing.source is not Source.TERMS
    return Standing.PUBLISHED if has_value else Standing.TERMS


def _amounts(
    sheet: TermSheet, grid: Grid, period: int, fixings: Sequence[Fixing], units: int
) -> tuple[int | None, int | None]:
    """Interest and principal of a holding, base units, each None while it is open."""
    each = known(lambda: exact_payment(grid, period, fixings))
    if each is not None:
        paid = rounded_per_unit(each, sheet.rounding)
        return interest_of(paid, units), principal_of(paid, units)
    before = known(lambda: factor_after(grid, period - 1, fixings))
    if before is None:
        return None, None
    repaid = known(lambda: principal_due(grid, period, PeriodState(0, before)))
    if repaid is None or (repaid[0] and sheet.coupon.kind is CouponKind.INFLATION):
        return None, None
    return None, principal_of(rounded_per_unit(UnitPayment(0, 1, *repaid), sheet.rounding), units)


def _rate(grid: Grid, period: int, fixings: Sequence[Fixing]) -> int:
    """The rate of a period; of an indexed bond its terms say it, whatever the index will be."""
    is_indexed = grid.terms.kind is CouponKind.INFLATION
    return sealed_rate(grid.at(period), period) if is_indexed else rate_of(grid, period, fixings)


def _bound(grid: Grid, period: int) -> date | None:
    return known(lambda: grid.bound(period))


def known(find: Callable[[], T]) -> T | None:
    """What can be told, or None where a year is not published, a period not fixed, a coupon not found."""
    try:
        return find()
    except InputError:
        return None
