"""Whether the rights of issuer and holders in a sheet can be used, and mean one thing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from indenture.calendars import Convention, load_calendar
from indenture.errors import InputError, InvalidDate
from indenture.provisions import CouponKind
from indenture.schedule import LONGEST_CLOSURE, regular_day
from indenture.termsheet.coupon import kind_label
from indenture.termsheet.timetable import LAST_MATURITY

if TYPE_CHECKING:
    from datetime import date

    from indenture.termsheet.rights import (
        CallTerms,
        DefaultBlock,
        EventTerms,
        ExtensionTerms,
        PutTerms,
        RightsTerms,
        SinkingTerms,
    )
    from indenture.termsheet.sheet import TermSheet

    from .amounts import Contradictions

_MAX_FACE_BITS = 80
_HALF = Decimal(50)
_BEFORE_END = "On its last day the bond is repaid anyway: give an earlier one."
_LISTS = ("calls", "puts", "events", "sinking")


def right_contradictions(terms: TermSheet) -> Contradictions:
    """Everything in which a right contradicts the dates, the coupon, the principal or another right."""
    rights = terms.rights_terms
    if rights is None:
        return []
    problems: Contradictions = []
    if terms.face_value_base >= 1 << _MAX_FACE_BITS:
        reason = f"{terms.face_value} is more than {_MAX_FACE_BITS} bits of base units, too much for rights"
        problems.append(("face_value", reason, "Give the bond a smaller face value."))
    return [
        *problems,
        *_of_emptiness(rights),
        *_of_calls(terms, rights.calls),
        *_of_puts(terms, rights.puts),
        *_of_events(rights.events),
        *_of_sinking(terms, rights.sinking),
        *([] if rights.extension is None else _of_extension(terms, rights.extension)),
        *([] if rights.defaults is None else _of_defaults(rights.defaults)),
        *_of_amendment(rights.amendment_share),
    ]


def _of_emptiness(rights: RightsTerms) -> Contradictions:
    """A list or a block that gives nothing."""
    if not rights.model_fields_set:
        return [("rights", "gives no right", "Leave it out.")]
    return [
        (f"rights.{name}", "is empty", "Leave it out.")
        for name in _LISTS
        if name in rights.model_fields_set and not getattr(rights, name)
    ]


def _end(terms: TermSheet) -> date:
    """What early redemption must come before; a bond that can be renewed has no end that is known."""
    return terms.maturity_date if terms.renewal is None else LAST_MATURITY


def _after_end(terms: TermSheet, day: date) -> str:
    name = "maturity_date" if terms.renewal is None else "the last day that can be registered,"
    return f"{day} is not before {name} {_end(terms)}"


def _of_calls(terms: TermSheet, calls: tuple[CallTerms, ...]) -> Contradictions:
    problems: Contradictions = []
    before: date | None = None
    for position, call in enumerate(calls):
        field = f"rights.calls.{position}"
        if call.last < call.start:
            reason = f"{call.last} is before {call.start}, from which the bond can be called"
            problems.append((f"{field}.to", reason, "Leave it out for a single date."))
        if call.start <= terms.issue_date:
            reason = f"{call.start} is not after issue_date {terms.issue_date}"
            problems.append((f"{field}.from", reason, "Correct one of the two dates."))
        elif call.last - timedelta(days=call.notice_days) < terms.issue_date:
            reason = f"{call.notice_days} days before {call.last} the bond is not issued yet"
            problems.append((f"{field}.notice_days", reason, "Such a notice could never be given."))
        if call.last >= _end(terms):
            name = "from" if call.end is None else "to"
            problems.append((f"{field}.{name}", _after_end(terms, call.last), _BEFORE_END))
        if before is not None and call.start <= before:
            reason = f"{call.start} is not after {before}, until which the call above lasts"
            problems.append((f"{field}.from", reason, "One day, one call: order them, without overlap."))
        before = call.last
        if call.in_part:
            problems += _of_part(terms, f"{field}.in_part", "a call in part")
    return problems


def _of_part(terms: TermSheet, field: str, what: str) -> Contradictions:
    """What redeems a part needs a principal that is neither repaid nor grown nor indexed by other rules."""
    provisions = terms.provisions
    for name, is_there in (
        ("instalments", bool(provisions.instalments)),
        ("capitalisation", provisions.capitalised_until > 0),
        ("deferral", provisions.deferral.notice_days > 0),
    ):
        if is_there:
            reason = (
                f"{what} contradicts {name}: the principal, or what is owed on it, is not the same for long"
            )
            return [(field, reason, "Leave one of the two out.")]
    if what == "a call in part" and terms.coupon.kind in (CouponKind.ZERO, CouponKind.INFLATION):
        reason = f"{what} contradicts a coupon of kind {kind_label(terms.coupon.kind)}"
        return [(field, reason, "Such a bond can be called as a whole.")]
    return []


def _of_puts(terms: TermSheet, puts: tuple[PutTerms, ...]) -> Contradictions:
    problems: Contradictions = []
    for position, put in enumerate(puts):
        field = f"rights.puts.{position}"
        if put.opens < terms.issue_date:
            reason = f"{put.opens} is before issue_date {terms.issue_date}"
            problems.append((f"{field}.opens", reason, "Correct one of the two dates."))
        if put.closes < put.opens:
            reason = f"{put.closes} is before {put.opens}, when the window opens"
            problems.append((f"{field}.closes", reason, "Give the later one second."))
        if put.pay_day <= put.closes:
            reason = f"{put.pay_day} is not after {put.closes}, when the window closes"
            problems.append((f"{field}.pay_day", reason, "Holders must know what they hold by then."))
        elif put.pay_day >= _end(terms):
            problems.append((f"{field}.pay_day", _after_end(terms, put.pay_day), _BEFORE_END))
        elif put.pay_day + LONGEST_CLOSURE > _end(terms):
            reason = f"{put.pay_day} is less than {LONGEST_CLOSURE.days} days before {_end(terms)}"
            hint = "The books may be closed by the time it is paid."
            problems.append((f"{field}.pay_day", reason, hint))
        elif (rolled := _rolled_back(terms, put.pay_day)) is not None and rolled <= put.closes:
            reason = f"{put.pay_day} is rolled back to {rolled}, not after {put.closes}"
            problems.append((f"{field}.pay_day", reason, "Close the window earlier."))
        if any(put.pay_day == other.pay_day for other in puts[:position]):
            reason = f"{put.pay_day} is the day of another put already"
            problems.append((f"{field}.pay_day", reason, "Give both windows in one."))
    return problems


def _rolled_back(terms: TermSheet, day: date) -> date | None:
    """Where a day is paid that can be rolled back; None where it cannot, or its year is not known."""
    days = terms.business_days
    if days.roll in (Convention.UNADJUSTED, Convention.FOLLOWING):
        return None
    try:
        return load_calendar(days.calendar).roll(day, days.roll)
    except InputError:
        return None


def _of_events(events: tuple[EventTerms, ...]) -> Contradictions:
    problems: Contradictions = []
    seen: set[tuple[str, bool]] = set()
    for position, event in enumerate(events):
        key = (event.code, event.by_holders)
        if key in seen:
            whose = "holders" if event.by_holders else "the issuer"
            reason = f"{event.code} gives {whose} a right already"
            problems.append((f"rights.events.{position}.code", reason, "Name each event once for each."))
        seen.add(key)
    return problems


def _of_sinking(terms: TermSheet, sinking: tuple[SinkingTerms, ...]) -> Contradictions:
    problems: Contradictions = []
    field, last, total = "rights.sinking", 0, 0
    for position, each in enumerate(sinking):
        name = f"{field}.{position}.period"
        if each.period <= last:
            reason = f"{each.period} is not after {last} of the one above"
            problems.append((name, reason, "Order them by period."))
        if each.period >= terms.period_count:
            reason = f"{each.period} is not before the last payment, number {terms.period_count}"
            problems.append((name, reason, "At maturity all that is left is redeemed anyway."))
        last, total = each.period, total + each.units
    if total > terms.units:
        reason = f"redeems {total:,} units of an issue of {terms.units:,}"
        problems.append((field, reason, "Leave some to be redeemed at maturity."))
    return [*problems, *(_of_part(terms, field, "a sinking fund by lot") if sinking else [])]


def _of_extension(terms: TermSheet, extension: ExtensionTerms) -> Contradictions:
    field, kind, grid = "rights.extension", terms.coupon.kind, terms.schedule
    if kind in (CouponKind.ZERO, CouponKind.INFLATION):
        reason = f"has no meaning for a coupon of kind {kind_label(kind)}"
        return [(field, reason, "Leave it out.")]
    if terms.renewal is not None:
        return [(field, "contradicts renewal, which says it already", "Leave one of the two out.")]
    problems = _of_part(terms, field, "an extension")
    if kind is CouponKind.FLOATING and extension.rate is not None:
        reason = f"{extension.rate} % contradicts a rate that floats on"
        problems.append((f"{field}.rate", reason, "Leave it out."))
    if kind is not CouponKind.FLOATING and extension.rate is None:
        problems.append((f"{field}.rate", "is missing", "Say at which rate the bond goes on."))
    if regular_day(grid, grid.periods) != grid.maturity_day:
        reason = f"a bond whose last period is a stub, to {grid.maturity_day}, cannot go on"
        problems.append((field, reason, "Let the last period be regular."))
    elif not _can_reach(terms, grid.periods + extension.periods):
        reason = f"{extension.periods} periods more end after {LAST_MATURITY}, the last day of any bond"
        problems.append((f"{field}.periods", reason, "Give fewer periods."))
    notice = terms.maturity_date - timedelta(days=extension.notice_days)
    if notice < terms.issue_date:
        reason = f"{extension.notice_days} days before maturity the bond is not issued yet"
        problems.append((f"{field}.notice_days", reason, "Such a notice could never be given."))
    return problems


def _can_reach(terms: TermSheet, period: int) -> bool:
    try:
        return regular_day(terms.schedule, period) <= LAST_MATURITY
    except InvalidDate:
        return False


def _of_defaults(defaults: DefaultBlock) -> Contradictions:
    if not defaults.model_fields_set:
        return [("rights.defaults", "says nothing", "Leave it out.")]
    if defaults.cross_default and not defaults.acceleration_share:
        reason = (
            "true: another bond's default has no effect where no share of the holders can make this one due"
        )
        return [("rights.defaults.cross_default", reason, "Give acceleration_share.")]
    return []


def _of_amendment(share: Decimal | None) -> Contradictions:
    if share is None or share > _HALF:
        return []
    reason = f"{share} %: a minority could change what is owed to the others"
    return [("rights.amendment_share", reason, "Write more than 50.")]
