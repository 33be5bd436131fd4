"""Year fractions of any stretch of days, exact, day by day or from the wording of each convention."""

from __future__ import annotations

import calendar
from datetime import date
from fractions import Fraction

from indenture.audit.model.dates import is_month_end
from indenture.audit.model.schedule import Schedule
from indenture.audit.model.workdays import Workdays

DAY_COUNTS = (
    "ACT/ACT ICMA",
    "ACT/360",
    "ACT/365F",
    "30/360",
    "30E/360",
    "ACT/ACT ISDA",
    "NL/365",
    "30/360 US",
    "30E/360 ISDA",
    "BUS/252",
)
"""Names in the order in which the terms number them."""


def year_fraction(day_count: int, start: date, end: date, schedule: Schedule, workdays: Workdays) -> Fraction:
    """The year fraction from ``start`` (included) to ``end`` (excluded); nothing is nothing."""
    if start >= end:  # a closure declared late can turn an adjusted period round: it has no days
        return Fraction(0)
    actual = (end - start).days
    match DAY_COUNTS[day_count]:
        case "ACT/ACT ICMA":
            parts = sum(Fraction(*piece) for piece in schedule.pieces(start, end))
            return parts * Fraction(*schedule.year_part)
        case "ACT/360":
            return Fraction(actual, 360)
        case "ACT/365F":
            return Fraction(actual, 365)
        case "ACT/ACT ISDA":
            return _by_year(start, end)
        case "NL/365":
            return Fraction(actual - _leap_days(start, end), 365)
        case "BUS/252":
            return Fraction(workdays.between(start, end), 252)
        case thirty:
            return Fraction(_thirty(thirty, start, end, schedule.maturity), 360)


def _by_year(start: date, end: date) -> Fraction:
    """Days in leap years over 366, the others over 365."""
    total = Fraction(0)
    for year in range(start.year, end.year + 1):
        first, after = max(start, date(year, 1, 1)), min(end, date(year + 1, 1, 1))
        total += Fraction((after - first).days, 366 if calendar.isleap(year) else 365)
    return total


def _leap_days(start: date, end: date) -> int:
    """29 Februaries after ``start`` and up to ``end``."""
    years = (y for y in range(start.year, end.year + 1) if calendar.isleap(y))
    return sum(start < date(year, 2, 29) <= end for year in years)


def _thirty(name: str, start: date, end: date, maturity: date) -> int:
    """Days between in months of thirty days; never below zero."""
    first, last = start.day, end.day
    if name == "30E/360 ISDA":
        first = 30 if is_month_end(start) else first
        is_last = end == maturity and end.month == 2  # the last February counts as it is
        last = 30 if is_month_end(end) and not is_last else last
    else:
        if name == "30/360 US" and start.month == 2 and is_month_end(start):
            last = 30 if end.month == 2 and is_month_end(end) else last
            first = 30
        first = min(first, 30)
        last = min(last, 30) if first == 30 or name == "30E/360" else last
    return max(0, 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first)
