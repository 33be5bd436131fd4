"""Day counts: the fraction of a year that a stretch of days stands for.

Fractions are exact. The order of ``DayCount`` is that of the contracts' enum, and ``DayCountLib`` is held to
the same vectors. Sources: ICMA Rule 251.1 for ACT/ACT ICMA; ISDA 2006 Definitions 4.16 (d) for ACT/365F, (e)
for ACT/360, (f) for 30/360 and (g) for 30E/360.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from fractions import Fraction

from .errors import InvalidDate


class DayCount(IntEnum):
    """Day-count convention; the value is the one on chain."""

    ACT_ACT_ICMA = 0
    ACT_360 = 1
    ACT_365F = 2
    THIRTY_360 = 3
    THIRTY_E_360 = 4

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
}


def year_fraction(
    convention: DayCount,
    start: date,
    end: date,
    *,
    months_per_period: int = 12,
    ref_start: date | None = None,
    ref_end: date | None = None,
) -> Fraction:
    """Fraction of a year from ``start`` (included) to ``end`` (excluded).

    Args:
        convention: How to count.
        start: First day.
        end: The day after the last day.
        months_per_period: Months of a coupon period, a divisor of 12; only ACT/ACT ICMA uses it.
        ref_start: First day of the regular period around both days, ``start`` if left out; as above.
        ref_end: Due day of that period, ``end`` if left out; as above.

    Raises:
        InvalidDate: The days are not in order or leave the reference period, or it does not divide a year.
    """
    if end < start:
        raise InvalidDate(f"a period cannot run from {start} back to {end}")
    if convention is DayCount.ACT_ACT_ICMA:
        return _act_act_icma(start, end, months_per_period, ref_start or start, ref_end or end)
    if convention is DayCount.ACT_360:
        return Fraction((end - start).days, 360)
    if convention is DayCount.ACT_365F:
        return Fraction((end - start).days, 365)
    return Fraction(_thirty_days(convention, start, end), 360)


def _act_act_icma(start: date, end: date, months_per_period: int, ref_start: date, ref_end: date) -> Fraction:
    if months_per_period not in (1, 2, 3, 4, 6, 12):
        raise InvalidDate(f"a period of {months_per_period} months does not divide a year")
    if not (ref_start <= start and end <= ref_end and ref_start < ref_end):
        raise InvalidDate(f"{start} to {end} is not within the period {ref_start} to {ref_end}")
    return Fraction((end - start).days, (ref_end - ref_start).days) * Fraction(months_per_period, 12)


def _thirty_days(convention: DayCount, start: date, end: date) -> int:
    """Days between, in months of thirty days.

    30/360 is the bond basis of ISDA 4.16 (f), QuantLib's ``Thirty360(BondBasis)``: a 31st counts as the 30th,
    at the end only if the start counts as a 30th. There is no rule for the end of February; QuantLib keeps
    that for its ``USA`` and ``NASD`` variants. 30E/360 clamps both ends.
    """
    start_day = min(start.day, 30)
    end_day = min(end.day, 30) if convention is DayCount.THIRTY_E_360 or start_day == 30 else end.day
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + end_day - start_day
