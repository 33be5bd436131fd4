"""Whether the interest of a term sheet agrees with its dates and its issue price."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from indenture.dates import add_months
from indenture.errors import InvalidDate
from indenture.provisions import CouponKind, PeriodUnit
from indenture.schedule import due_day, period_of
from indenture.termsheet.conversion import period_from
from indenture.termsheet.coupon import AccretionMethod, Observation

if TYPE_CHECKING:
    from indenture.provisions import Schedule
    from indenture.termsheet.coupon import AccretionTerms, FloatingTerms, InflationTerms, KpiTerms
    from indenture.termsheet.sheet import TermSheet

    from .amounts import Contradictions

_PAR = 100
_FLOOR = "Raise the cap, or lower the floor."
_MONTHS_PER_YEAR = 12
#: By how much of the face the yield of a bond without coupon may miss it at maturity: yields are quoted in
#: hundredths of a percent, and half of one over twenty years is that much.
_ACCRETION_TOLERANCE = Fraction(1, 1000)


def coupon_contradictions(terms: TermSheet) -> Contradictions:
    """Everything in which a coupon contradicts itself, the dates or the issue price."""
    coupon, grid = terms.coupon, terms.schedule
    problems = _of_starts("coupon.steps", grid, [step.start for step in coupon.steps])
    if coupon.kind is CouponKind.STEP and not coupon.steps:
        problems.append(("coupon.steps", "is empty", "Give a step, or leave kind and steps out."))
    if len({step.start for step in coupon.steps}) != len(coupon.steps):
        problems.append(("coupon.steps", "has two steps from one day", "Name each day once."))
    if coupon.floating is not None:
        problems += _of_floating(coupon.floating)
    if coupon.inflation is not None:
        problems += _of_inflation(coupon.inflation)
    problems += _of_kpi(coupon.kpi, grid, is_kpi=coupon.kind is CouponKind.KPI)
    if coupon.accretion is not None:
        problems += _of_accretion(terms, coupon.accretion)
    return problems


def _of_starts(field: str, grid: Schedule, starts: Iterable[date]) -> Contradictions:
    """Whether days are first days of periods after the first, in order."""
    problems: Contradictions = []
    before: date | None = None
    for position, start in enumerate(starts):
        name = f"{field}.{position}.from"
        try:
            period = period_from(grid, start)
        except InvalidDate as error:
            problems.append((name, error.message, _nearest_start(grid, start)))
            continue
        if period == 1:
            problems.append((name, f"{start} is the issue date", "Put it into the rate that begins there."))
        if before is not None and start < before:
            problems.append((name, f"{start} is before {before} of the one above", "Order them by date."))
        before = start
    return problems


def _nearest_start(grid: Schedule, day: date) -> str:
    """What the first days around a day are."""
    period = min(max(period_of(grid, day), 1), grid.periods)
    first = due_day(grid, period - 1)
    if period == grid.periods:
        return f"The last period begins on {first}."
    return f"Period {period} begins on {first}, the next on {due_day(grid, period)}."


def _of_floating(floating: FloatingTerms) -> Contradictions:
    problems: Contradictions = []
    if floating.cap is not None and floating.cap < floating.floor:
        problems.append(
            ("coupon.floating.cap", f"{floating.cap} % is below floor {floating.floor} %", _FLOOR)
        )
        return problems
    rate = floating.fallback_rate
    if rate < floating.floor or (floating.cap is not None and rate > floating.cap):
        reason = f"{rate} % is outside floor and cap"
        problems.append(("coupon.floating.fallback_rate", reason, "It is the rate of the coupon, all in."))
    if floating.observation is Observation.COMPOUNDED and floating.lag < 1:
        problems.append(
            (
                "coupon.floating.lag",
                "0: the rate of a compounded period is known only after its last overnight rate",
                "Name one business day or more.",
            )
        )
    return problems


def _of_inflation(inflation: InflationTerms) -> Contradictions:
    if inflation.interpolated and inflation.lag_months < 2:
        reason = (
            f"{inflation.lag_months}: interpolation needs the index of the month after, not yet published"
        )
        return [
            ("coupon.inflation.lag_months", reason, "Name two months or more, or leave interpolated out.")
        ]
    return []


def _of_kpi(tests: tuple[KpiTerms, ...], grid: Schedule, *, is_kpi: bool) -> Contradictions:
    problems = _of_starts("coupon.kpi", grid, [test.start for test in tests])
    if is_kpi and not tests:
        problems.append(("coupon.kpi", "is empty", "Give a figure, or leave kind and kpi out."))
    for position, test in enumerate(tests):
        if test.step == 0:
            problems.append(
                (
                    f"coupon.kpi.{position}.step",
                    "0 moves nothing",
                    "Give percent a year, or leave the figure out.",
                )
            )
        if test.day > test.start:
            reason = f"{test.day} is after {test.start}, when the rate moves"
            problems.append((f"coupon.kpi.{position}.day", reason, "Test an earlier day, or move it later."))
    seen = {(test.figure, test.day, test.start, test.at_most is None) for test in tests}
    if len(seen) != len(tests):
        problems.append(("coupon.kpi", "tests one figure twice for one period", "Name it once."))
    return problems


def _of_accretion(terms: TermSheet, accretion: AccretionTerms) -> Contradictions:
    problems: Contradictions = []
    if terms.issue_price >= _PAR:
        reason = f"{terms.issue_price} % leaves a bond without coupon nothing to grow by"
        problems.append(("issue_price", reason, "It is issued below 100."))
    is_compound = accretion.method is AccretionMethod.COMPOUND
    for name, value in (("yield", accretion.yield_rate), ("compounding", accretion.compounding)):
        if is_compound and value is None:
            problems.append((f"coupon.accretion.{name}", "is missing", "A compound accretion needs it."))
        if not is_compound and value is not None:
            reason = "has no meaning in a straight line"
            problems.append((f"coupon.accretion.{name}", reason, "Leave it out."))
    if problems or accretion.yield_rate is None or accretion.compounding is None:
        return problems
    cell = accretion.compounding
    if cell.unit is not PeriodUnit.MONTH or cell.step > _MONTHS_PER_YEAR:
        reason = f"{cell.label} is not a number of months up to a year"
        return [("coupon.accretion.compounding", reason, "Write annual, semi-annual or the like.")]
    return _of_yield(terms, accretion.yield_rate, cell.step)


def _of_yield(terms: TermSheet, percent: Decimal, months: int) -> Contradictions:
    """Whether the issue price grows to the face at the yield."""
    if percent == 0:
        return [("coupon.accretion.yield", "0 % grows nothing", "Give the yield at the issue price.")]
    s = terms.schedule
    cell_rate = Fraction(percent) * months / (_PAR * _MONTHS_PER_YEAR)
    grown, start, cells = Fraction(terms.issue_price), s.issue_day, 0
    while (end := add_months(s.issue_day, (cells + 1) * months)) <= s.maturity_day:
        start, cells = end, cells + 1
    # In floating point: a plausibility of a tenth of a percent, on powers that would be long as fractions.
    rest = float(cell_rate) * (s.maturity_day - start).days / (end - start).days
    grown_to = float(grown) * (1 + float(cell_rate)) ** cells * (1 + rest)
    if abs(grown_to - _PAR) <= _PAR * _ACCRETION_TOLERANCE:
        return []
    return [
        (
            "coupon.accretion.yield",
            f"{percent} % lets the issue price of {terms.issue_price} % grow to {grown_to:.4f} %, not 100 %",
            "Correct the yield, its compounding, or the issue price.",
        )
    ]
