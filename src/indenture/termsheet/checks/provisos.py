"""Whether principal, capitalisation, renewal, deferral and withholding of a sheet agree with the rest."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from indenture.errors import InvalidDate
from indenture.provisions import CouponKind, Provisions
from indenture.schedule import due_day, months_of_regular, period_of, regular_day
from indenture.termsheet.conversion import period_to
from indenture.termsheet.coupon import kind_label
from indenture.termsheet.timetable import MAX_PERIODS

if TYPE_CHECKING:
    from datetime import date

    from indenture.provisions import Schedule
    from indenture.termsheet.provisos import PrincipalTerms, RenewalTerms, WithholdingTerms
    from indenture.termsheet.sheet import TermSheet

    from .amounts import Contradictions

_ALL = Decimal(100)
_MAX_FACE_BITS = 80
_FOLLOWS = frozenset({CouponKind.FLOATING, CouponKind.INFLATION, CouponKind.KPI})
_EXCLUSIVE = (
    ("capitalisation", "principal", "instalments are parts of the face as issued"),
    ("renewal", "principal", "instalments end at maturity"),
    ("renewal", "capitalisation", "what is added to the principal would never be repaid"),
    ("deferral", "principal", "instalments are not deferred"),
    ("deferral", "capitalisation", "what is capitalised is not paid anyway"),
)
_NOBODY = "0x" + "0" * 40


def proviso_contradictions(terms: TermSheet) -> Contradictions:
    """Everything in which a provision contradicts the coupon, the dates or itself."""
    problems = [*_of_zero(terms), *_of_pairs(terms)]
    if problems:
        return problems
    if terms.principal is not None:
        problems += _of_instalments(terms, terms.principal)
    if terms.capitalisation is not None:
        problems += _of_capitalisation(terms.schedule, terms.capitalisation.until)
    if terms.renewal is not None:
        problems += _of_renewal(terms, terms.renewal)
    if terms.withholding is not None:
        problems += _of_withholding(terms.withholding)
    return [*problems, *_of_fallback(terms)]


def _of_zero(terms: TermSheet) -> Contradictions:
    if terms.coupon.kind is not CouponKind.ZERO:
        return []
    names = ("principal", "capitalisation", "renewal", "deferral", "withholding")
    return [
        (name, "has no meaning for a bond without coupon, which pays once", "Leave it out.")
        for name in names
        if getattr(terms, name) is not None
    ]


def _of_pairs(terms: TermSheet) -> Contradictions:
    """Provisions that exclude each other."""
    problems: Contradictions = []
    for name, other, reason in _EXCLUSIVE:
        if getattr(terms, name) is not None and getattr(terms, other) is not None:
            problems.append((name, f"contradicts {other}: {reason}", "Leave one of the two out."))
    for name in ("capitalisation", "deferral"):
        if getattr(terms, name) is None:
            continue
        if terms.coupon.kind is CouponKind.INFLATION:
            reason = "contradicts a principal that follows an index"
            problems.append((name, reason, "Let the coupon be of another kind."))
        if terms.business_days.adjusted:
            reason = (
                f"true: with {name}, interest is added when a period begins, and its end must be known then"
            )
            problems.append(("business_days.adjusted", reason, "Set it to false."))
    return problems


def plainness_contradictions(terms: TermSheet) -> Contradictions:
    """What only a fixed coupon without provisions can have; asked once provisions are otherwise right."""
    grid, is_fixed = terms.schedule, terms.coupon.kind is CouponKind.FIXED
    is_plain = is_fixed and terms.provisions == Provisions()
    problems: Contradictions = []
    if not is_plain and terms.face_value_base >= 1 << _MAX_FACE_BITS:
        reason = (
            f"{terms.face_value} is more than {_MAX_FACE_BITS} bits of base units, too much for provisions"
        )
        problems.append(("face_value", reason, "Give the bond a smaller face value."))
    if terms.coupon.rate is None and not is_plain:
        reason = "tender: only the rate of a fixed coupon without further provisions can be left to one"
        problems.append(("coupon.rate", reason, "Write the rate."))
    elif terms.coupon.rate is None and not months_of_regular(grid):
        reason = "tender: a rate becomes a price only where all periods are regular and divide a year"
        problems.append(("coupon.rate", reason, "Write the rate, or make the periods regular."))
    return problems


def _of_instalments(terms: TermSheet, principal: PrincipalTerms) -> Contradictions:
    grid, field, parts = terms.schedule, "principal.instalments", principal.instalments
    if not parts:
        return [(field, "is empty", "Leave principal out for a bond that is repaid at maturity.")]
    problems: Contradictions = []
    for position, part in enumerate(parts):
        problems += _of_due_date(f"{field}.{position}.on", grid, part.on)
        if position and part.on <= parts[position - 1].on:
            reason = f"{part.on} is not after {parts[position - 1].on} of the one above"
            problems.append((f"{field}.{position}.on", reason, "Order them by date."))
        amount = Fraction(part.percent) * terms.face_value_base / 100
        if amount.denominator != 1:
            reason = f"{part.percent} % of {terms.face_value} is not a whole number of base units"
            hint = (
                f"{terms.currency.code} has {terms.currency.decimals} decimals; what is rounded off is lost."
            )
            problems.append((f"{field}.{position}.percent", reason, hint))
    if parts[-1].on != grid.maturity_day:
        reason = f"the last, on {parts[-1].on}, is not at maturity_date {grid.maturity_day}"
        problems.append((field, reason, "What is left is repaid at maturity: give that instalment too."))
    total = sum((part.percent for part in parts), Decimal(0))
    if total != _ALL:
        problems.append((field, f"come to {total} %, not to 100 %", "Percents are of the face as issued."))
    return problems


def _of_due_date(field: str, grid: Schedule, day: date) -> Contradictions:
    try:
        period_to(grid, day)
    except InvalidDate as error:
        period = min(max(period_of(grid, day), 1), grid.periods)
        before = "" if period == 1 else f"{due_day(grid, period - 1)} and "
        verb = "are" if before else "is"
        return [(field, error.message, f"{before}{due_day(grid, period)} {verb}.")]
    return []


def _of_capitalisation(grid: Schedule, until: date) -> Contradictions:
    field = "capitalisation.until"
    if until >= grid.maturity_day:
        reason = f"{until} is not before maturity_date {grid.maturity_day}"
        return [(field, reason, "The interest of the last period is paid with the principal.")]
    return _of_due_date(field, grid, until)


def _of_renewal(terms: TermSheet, renewal: RenewalTerms) -> Contradictions:
    grid, problems = terms.schedule, []
    if terms.coupon.kind is not CouponKind.FIXED:
        kind = kind_label(terms.coupon.kind)
        reason = f"makes a new rate each cycle, which contradicts a coupon of kind {kind}"
        problems.append(("renewal", reason, "Let kind be fixed: the rate of the first cycle."))
    if regular_day(grid, grid.periods) != grid.maturity_day:
        reason = f"a cycle that ends in a stub, on {grid.maturity_day}, cannot go on"
        problems.append(("renewal", reason, "Let the last period of the first cycle be regular."))
    every = renewal.every
    if every.unit is not grid.unit or every.step % grid.step:
        reason = f"{every.span_label} is not a whole number of interest periods"
        problems.append(("renewal.every", reason, "Let a cycle end where a period ends."))
    elif (periods := every.step // grid.step) > MAX_PERIODS:
        reason = f"{every.span_label} is {periods} interest periods, at most {MAX_PERIODS} are a cycle"
        problems.append(("renewal.every", reason, "Give a shorter cycle."))
    return problems


def _of_withholding(withholding: WithholdingTerms) -> Contradictions:
    field, rates = "withholding.rates", withholding.rates
    problems: Contradictions = []
    if withholding.account == _NOBODY:
        problems.append(("withholding.account", "is the zero address", "Name who receives the tax."))
    if not rates or not rates[-1].for_all:
        reason = "does not end with a rate for all classes"
        return [*problems, (field, reason, "End it with {classes: all, percent: 0}, or another rate.")]
    if all(each.percent == 0 for each in rates):
        problems.append((field, "withholds nothing", "Leave withholding out."))
    seen: set[int] = set()
    for position, each in enumerate(rates[:-1]):
        name = f"{field}.{position}.classes"
        if not each.classes:
            problems.append((name, "is empty", "Name a class, or leave the rate out."))
        if each.for_all:
            problems.append((name, "is for all: no rate below it would ever apply", "Put it last."))
        elif twice := seen & set(each.classes):
            label = min(member.label for member in each.classes if member in twice)
            problems.append((name, f"{label} has a rate above already", "Name each class once."))
        seen |= set(each.classes)
    return problems


def _of_fallback(terms: TermSheet) -> Contradictions:
    needed = terms.coupon.kind in _FOLLOWS or terms.renewal is not None
    if needed and terms.fallback_days is None:
        reason = "is missing: the rate follows published values, and one may not be published"
        return [("fallback_days", reason, "Say after how many days the fallback applies.")]
    if not needed and terms.fallback_days is not None:
        reason = "has no meaning for a bond that follows no published value"
        return [("fallback_days", reason, "Leave it out.")]
    return []
