"""Whether the dates of a term sheet make a grid, and its day count can count on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indenture.calendars import Convention
from indenture.daycount import DayCount
from indenture.provisions import PeriodUnit
from indenture.termsheet.timetable import Misfit

if TYPE_CHECKING:
    from indenture.termsheet.sheet import TermSheet

    from .amounts import Contradictions


def date_contradictions(terms: TermSheet) -> Contradictions:
    """Whether periods are whole or named stubs, and count by the calendar where they say so."""
    try:
        grid = terms.schedule
    except Misfit as misfit:
        return [(misfit.field, misfit.reason, misfit.hint)]
    problems: Contradictions = []
    is_icma = terms.coupon.day_count is DayCount.ACT_ACT_ICMA
    if is_icma and grid.unit is not PeriodUnit.MONTH:
        reason = f"ACT/ACT ICMA counts by periods of months, not of {grid.step} days"
        problems.append(("coupon.day_count", reason, "Take another day count, such as ACT/365F."))
    if terms.business_days.adjusted:
        problems += _of_adjusted(terms, is_icma=is_icma)
    return problems


def _of_adjusted(terms: TermSheet, *, is_icma: bool) -> Contradictions:
    if terms.business_days.roll is Convention.UNADJUSTED:
        reason = "true: interest periods cannot move with payment days that do not"
        return [("business_days.adjusted", reason, "Name a roll, or set it to false.")]
    if is_icma:
        reason = "true: ACT/ACT ICMA counts by regular periods, which do not move"
        return [("business_days.adjusted", reason, "Set it to false, or take another day count.")]
    return []
