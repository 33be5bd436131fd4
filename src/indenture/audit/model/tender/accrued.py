"""Interest by the day from which an issue is paid: added to the price, or deducted ex coupon."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import floor

from indenture.audit.model.coupon import Terms
from indenture.audit.model.dates import day_number, to_date
from indenture.audit.model.daycount import DAY_COUNTS, year_fraction

_RATE_ONE = 10**9
_DAY_SECONDS = 86_400


def accrual_day(terms: Terms, settles_from: int) -> int:
    """The day up to which interest accrues; 0 when none has by then.

    Args:
        terms: The bond.
        settles_from: Unix time of the first second of payment.
    """
    day = (settles_from + 60 * terms.utc_offset) // _DAY_SECONDS
    return day if day > terms.issue_day else 0


def charge(terms: Terms, day: int, records: int, units: int) -> int:
    """What is added to the price of some units for interest; below zero when the bond is ex coupon.

    That can be so without any accrued interest, where payment is so late that a record date has passed.

    Args:
        terms: The bond, with its coupon fixed.
        day: The day up to which interest accrues; 0 for none, which is the day from which it runs.
        records: Record dates that have passed when the units are issued.
        units: All units that are paid for in one act: rounded down once.
    """
    on = to_date(day or terms.issue_day)
    period = period_of(terms, on)
    nominal = units * terms.face_value * Fraction(terms.rate, _RATE_ONE)
    accrued = nominal * _fraction(terms, period, on)
    if records >= period:  # the coupon of this period goes to another
        return -floor(nominal * _fraction(terms, period, terms.due_date(period)) - accrued)
    # Coupons that are due and whose record date is still to come go to the buyer, too.
    due = sum(nominal * _fraction(terms, k, terms.due_date(k)) for k in range(records + 1, period))
    return floor(due + accrued)


def period_of(terms: Terms, on: date) -> int:
    """The interest period of a day, from 1; one more than there are for a day from maturity on."""
    return next((k for k in range(1, terms.periods + 1) if on < terms.due_date(k)), terms.periods + 1)


def _fraction(terms: Terms, period: int, until: date) -> Fraction:
    """Part of a year from the start of a period to a day in it."""
    start, end = terms.due_date(period - 1), terms.due_date(period)
    if DAY_COUNTS[terms.day_count] == "ACT/ACT ICMA":
        days = day_number(end) - day_number(start)
        return Fraction(terms.months, 12) * Fraction(day_number(until) - day_number(start), days)
    return year_fraction(terms.day_count, start, until, terms.months)
