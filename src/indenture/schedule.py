"""Schedules: interest periods, payment days, record instants, cash flows and accrued interest.

Periods are regular and unadjusted: period ``k`` ends ``k`` times the period's months after the issue date,
clamped to the month's length and always counted from the issue date. Only payment and record days depend on a
calendar; where its year is not published they are None, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TypeVar

from .calendars import Calendar
from .dates import add_months, instant
from .daycount import year_fraction
from .errors import CalendarYearMissing, InputError, InvalidAmount
from .money import Money
from .rounding import RATE_SCALE, coupon_down
from .termsheet import TermSheet

#: Places of accrued interest per 100 in the China interbank market.
ACCRUED_PLACES = 7

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Period:
    """One interest period.

    Attributes:
        index: Number of the period, from 1.
        start: First day that bears interest, unadjusted.
        end: The day after the last such day, unadjusted: the due date.
        payment_day: The due date rolled to a business day; None while its year is not published.
        record_day: Day of record; None while its year is not published.
        record_time: Instant of record, UTC: who holds immediately before it is paid; None with
            ``record_day``.
    """

    index: int
    start: date
    end: date
    payment_day: date | None
    record_day: date | None
    record_time: datetime | None


@dataclass(frozen=True, slots=True)
class CashFlow:
    """What a holding gets for one period.

    Attributes:
        index: Number of the period, from 1.
        due: Due date, unadjusted.
        interest: Interest, rounded down once for the whole holding.
        principal: Principal; zero before maturity.
    """

    index: int
    due: date
    interest: Money
    principal: Money

    @property
    def total(self) -> Money:
        """Interest and principal."""
        return self.interest + self.principal


def build_schedule(
    terms: TermSheet, calendar: Calendar, *, allow_unpublished: bool = False
) -> tuple[Period, ...]:
    """All periods of a bond.

    Args:
        terms: The bond's terms.
        calendar: The calendar that the terms name.
        allow_unpublished: Leave days of unpublished years None instead of refusing.

    Raises:
        CalendarYearMissing: A payment or record day falls in a year that is not published.
        InputError: The calendar is not the one that the terms name.
    """
    if calendar.code != terms.business_days.calendar:
        raise InputError(f"the terms name calendar {terms.business_days.calendar}, not {calendar.code}")
    return tuple(
        _period(terms, calendar, index, allow_unpublished=allow_unpublished)
        for index in range(1, terms.period_count + 1)
    )


def period_bounds(terms: TermSheet, index: int) -> tuple[date, date]:
    """First day and due date, unadjusted, of the period with this number (from 1)."""
    months = terms.months_per_period
    return add_months(terms.issue_date, (index - 1) * months), add_months(terms.issue_date, index * months)


def coupon_fraction(terms: TermSheet, index: int) -> Fraction:
    """Year fraction of the whole period with this number (from 1), exact."""
    start, end = period_bounds(terms, index)
    return year_fraction(
        terms.coupon.day_count,
        start,
        end,
        months_per_period=terms.months_per_period,
        ref_start=start,
        ref_end=end,
    )


def cash_flows(terms: TermSheet, units: int) -> tuple[CashFlow, ...]:
    """Interest and principal of a holding that is kept to maturity, to the last base unit.

    Args:
        terms: The bond's terms.
        units: Whole bonds held.

    Raises:
        InvalidAmount: ``units`` is negative or more than the issue.
        InputError: A tender is to fix the rate.
    """
    if isinstance(units, bool) or not 0 <= units <= terms.units:
        raise InvalidAmount(f"{units!r} units is not between 0 and the {terms.units} of the issue")
    face, rate, money = terms.face_value_base, terms.fixed_rate, terms.currency.money_from_base
    return tuple(
        CashFlow(
            index=index,
            due=period_bounds(terms, index)[1],
            interest=money(coupon_down(units, face, rate, coupon_fraction(terms, index))),
            principal=money(units * face if index == terms.period_count else 0),
        )
        for index in range(1, terms.period_count + 1)
    )


def accrued_interest(terms: TermSheet, on: date) -> Fraction:
    """Interest that one unit has accrued from the last due date to ``on``, in the currency, exact.

    It depends on no calendar: periods are unadjusted, so a payment that is late for a holiday bears no
    interest, and on a due date nothing is accrued yet. Zero before the issue and from maturity on.

    Raises:
        InputError: A tender is to fix the rate.
    """
    if not terms.issue_date <= on < terms.maturity_date:
        return Fraction(0)
    index = 1
    while period_bounds(terms, index)[1] <= on:
        index += 1
    start, end = period_bounds(terms, index)
    fraction = year_fraction(
        terms.coupon.day_count,
        start,
        on,
        months_per_period=terms.months_per_period,
        ref_start=start,
        ref_end=end,
    )
    return Fraction(terms.face_value) * Fraction(terms.fixed_rate, RATE_SCALE) * fraction


def accrued_per_100(terms: TermSheet, on: date) -> Decimal:
    """Accrued interest per 100 of face, rounded half up to seven decimals (China interbank)."""
    return round_fraction(accrued_interest(terms, on) * 100 / Fraction(terms.face_value), ACCRUED_PLACES)


def round_fraction(value: Fraction, places: int) -> Decimal:
    """A non-negative fraction, rounded half up to some decimal places."""
    scaled = value * 10**places
    with localcontext(prec=78):
        return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(
            -places
        )


def _period(terms: TermSheet, calendar: Calendar, index: int, *, allow_unpublished: bool) -> Period:
    start, end = period_bounds(terms, index)

    def published(find: Callable[[], T]) -> T | None:
        try:
            return find()
        except CalendarYearMissing:
            if allow_unpublished:
                return None
            raise

    record = terms.record
    record_time: datetime | None = None
    payment_day = published(lambda: calendar.roll(end, terms.business_days.roll))
    record_day = payment_day and published(
        lambda: calendar.add_business_days(payment_day, -record.business_days_before)
    )
    if record_day:
        record_time = instant(record_day, record.cut_off, record.time_zone_offset)
    return Period(
        index=index,
        start=start,
        end=end,
        payment_day=payment_day,
        record_day=record_day,
        record_time=record_time,
    )
