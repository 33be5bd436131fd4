"""Year fractions of whole regular periods, exact."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

DAY_COUNTS = ("ACT/ACT ICMA", "ACT/360", "ACT/365F", "30/360", "30E/360")
"""Names in the order in which the terms number them."""


def year_fraction(day_count: int, start: date, end: date, months: int) -> Fraction:
    """The year fraction of the regular period from ``start`` to ``end``, which is ``months`` long."""
    actual = (end - start).days
    match DAY_COUNTS[day_count]:
        case "ACT/ACT ICMA":
            return Fraction(months, 12)
        case "ACT/360":
            return Fraction(actual, 360)
        case "ACT/365F":
            return Fraction(actual, 365)
        case "30/360":
            return Fraction(_thirty(start, end, european=False), 360)
        case _:
            return Fraction(_thirty(start, end, european=True), 360)


def _thirty(start: date, end: date, *, european: bool) -> int:
    """Days between in months of thirty days; the bond basis looks at the start before it shortens the end."""
    first = min(start.day, 30)
    last = min(end.day, 30) if european or first == 30 else end.day
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first
