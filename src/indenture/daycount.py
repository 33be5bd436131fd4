"""Day counts: the fraction of a year that a stretch of days stands for.

Fractions are exact. The order of ``DayCount`` is that of the contracts' enum, and ``DayCountLib`` is held to
the same vectors. Sources: ICMA Rule 251.1 for ACT/ACT ICMA; ISDA 2006 Definitions 4.16 (b) for ACT/ACT ISDA,
(d) for ACT/365F, (e) for ACT/360, (f) for 30/360, (g) for 30E/360 and (h) for 30E/360 ISDA; the SIA's rules
of February for 30/360 US; the Brazilian market's practice for BUS/252.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from .dates import is_end_of_month
from .errors import InputError, InvalidDate

if TYPE_CHECKING:
    from .calendars import Calendar


class DayCount(IntEnum):
    """Day-count convention; the value is the one on chain."""

    ACT_ACT_ICMA = 0
    ACT_360 = 1
    ACT_365F = 2
    THIRTY_360 = 3
    THIRTY_E_360 = 4
    ACT_ACT_ISDA = 5
    NL_365 = 6
    THIRTY_360_US = 7
    THIRTY_E_360_ISDA = 8
    BUS_252 = 9

    @property
    def label(self) -> str:
        """The name as term sheets write it."""
        return _LABELS[self]

    @classmethod
    def from_label(cls, label: str) -> DayCount:
        """Reads a name as term sheets write it.

        Raises:
            KeyError: No convention has this name.
        """
        return {name: convention for convention, name in _LABELS.items()}[label]


_LABELS = {
    DayCount.ACT_ACT_ICMA: "ACT/ACT ICMA",
    DayCount.ACT_360: "ACT/360",
    DayCount.ACT_365F: "ACT/365F",
    DayCount.THIRTY_360: "30/360",
    DayCount.THIRTY_E_360: "30E/360",
    DayCount.ACT_ACT_ISDA: "ACT/ACT ISDA",
    DayCount.NL_365: "NL/365",
    DayCount.THIRTY_360_US: "30/360 US",
    DayCount.THIRTY_E_360_ISDA: "30E/360 ISDA",
    DayCount.BUS_252: "BUS/252",
}


def year_fraction(
    convention: DayCount,
    start: date,
    end: date,
    *,
    months_per_period: int = 12,
    ref_start: date | None = None,
    ref_end: date | None = None,
    termination: date | None = None,
    calendar: Calendar | None = None,
) -> Fraction:
    """Fraction of a year from ``start`` (included) to ``end`` (excluded); an empty stretch is none of it.

    ACT/ACT ICMA is counted here within one regular period; ``schedule.fraction`` adds up several of a bond's.

    Args:
        convention: How to count.
        start: First day.
        end: The day after the last day.
        months_per_period: Months of a regular period; only ACT/ACT ICMA uses it.
        ref_start: First day of the regular period around both days, ``start`` if left out; as above.
        ref_end: Due day of that period, ``end`` if left out; as above.
        termination: The bond's maturity, whose end of February 30E/360 ISDA does not take for a 30th.
        calendar: The market whose business days BUS/252 counts.

    Raises:
        InvalidDate: The days are not in order or leave the reference period, or it has no months.
        InputError: BUS/252 without a calendar.
        CalendarYearMissing: BUS/252 in a year that is not published.
    """
    if end < start:
        raise InvalidDate(f"a period cannot run from {start} back to {end}")
    match convention:
        case DayCount.ACT_ACT_ICMA:
            return _act_act_icma(start, end, months_per_period, ref_start or start, ref_end or end)
        case DayCount.ACT_360:
            return Fraction((end - start).days, 360)
        case DayCount.ACT_365F:
            return Fraction((end - start).days, 365)
        case DayCount.ACT_ACT_ISDA:
            return _act_act_isda(start, end)
        case DayCount.NL_365:
            return Fraction((end - start).days - _leap_days_to(end) + _leap_days_to(start), 365)
        case DayCount.BUS_252:
            return _bus_252(start, end, calendar)
        case _:
            return Fraction(_thirty_days(convention, start, end, termination), 360)


def _act_act_icma(start: date, end: date, months_per_period: int, ref_start: date, ref_end: date) -> Fraction:
    if months_per_period < 1:
        raise InvalidDate(f"a period of {months_per_period} months is none")
    if not (ref_start <= start and end <= ref_end and ref_start < ref_end):
        raise InvalidDate(f"{start} to {end} is not within the period {ref_start} to {ref_end}")
    return Fraction((end - start).days, (ref_end - ref_start).days) * Fraction(months_per_period, 12)


def _act_act_isda(start: date, end: date) -> Fraction:
    """Days in leap years by 366, all others by 365; whole years between count one each."""
    if start.year == end.year:
        return Fraction((end - start).days, _days_in(start.year))
    first = Fraction((date(start.year + 1, 1, 1) - start).days, _days_in(start.year))
    last = Fraction((end - date(end.year, 1, 1)).days, _days_in(end.year))
    return first + (end.year - start.year - 1) + last


def _bus_252(start: date, end: date, calendar: Calendar | None) -> Fraction:
    if calendar is None:
        raise InputError(
            "BUS/252 counts business days of a calendar, and none is given",
            hint="Give the calendar that the terms name.",
        )
    return Fraction(calendar.business_days_between(start, end), 252)


def _days_in(year: int) -> int:
    return 366 if _is_leap(year) else 365


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _leap_days_to(day: date) -> int:
    """How many 29 Februaries there were up to a day, itself included, since the year 1."""
    before = day.year - 1
    reached = _is_leap(day.year) and (day.month, day.day) >= (2, 29)
    return before // 4 - before // 100 + before // 400 + reached


def _thirty_days(convention: DayCount, start: date, end: date, termination: date | None) -> int:
    """Days between, in months of thirty days.

    30/360 is the bond basis of ISDA 4.16 (f), QuantLib's ``Thirty360(BondBasis)``: a 31st counts as the 30th,
    at the end only if the start counts as a 30th. It has no rule for the end of February, which 30/360 US
    takes for a 30th at the start, and at the end if the start was one. 30E/360 clamps both ends; 30E/360 ISDA
    takes the end of February for a 30th too, but not at the termination.
    """
    if start == end:
        return 0
    first, last = min(start.day, 30), end.day
    if convention is DayCount.THIRTY_E_360_ISDA:
        first = 30 if _is_end_of_february(start) else first
        last = 30 if _is_end_of_february(end) and end != termination else last
    if convention is DayCount.THIRTY_360_US and _is_end_of_february(start):
        first, last = 30, 30 if _is_end_of_february(end) else last
    if convention in (DayCount.THIRTY_E_360, DayCount.THIRTY_E_360_ISDA) or first == 30:
        last = min(last, 30)
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _is_end_of_february(day: date) -> bool:
    return day.month == 2 and is_end_of_month(day)
