"""Whether the terms of a bond fit together: each amount can be worked out, and comes to what was promised.

A second reading of docs/interest.md and docs/rights.md: the factory refuses what does not fit, and an auditor
who takes its word would find every payment right of a bond that repays nine tenths of its face.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from indenture.audit.model.dates import day_number, month_end
from indenture.audit.model.schedule import MONTHS, Schedule
from indenture.audit.model.terms import FIXED, FLOATING, INFLATION, KPI, STEP, ZERO_COUPON, Terms

_WHOLE = 10**9
_LAST_DAY = date(2300, 1, 1)
_NOTICE = range(31, 367)
_ACT_ACT_ICMA = 0
_UNADJUSTED = 0
_ALL_CLASSES = 2**24 - 1
_MOST_PRICE = 10 * _WHOLE

Rule = tuple[str, bool]
"""A term, and whether it keeps a rule."""


def unfit(terms: Terms) -> list[str]:
    """The terms that contradict others or promise what cannot be, each once; none where all fit."""
    try:
        broken = [name for name, keeps in _rules(terms) if not keeps]
    except (OverflowError, ValueError):  # a schedule that leads out of the calendar
        broken = ["schedule"]
    return list(dict.fromkeys(broken))


def _rules(terms: Terms) -> Iterator[Rule]:
    yield from _core(terms)
    yield from _schedule(terms)
    yield from _coupon(terms)
    yield from _principal(terms)
    yield from _options(terms)
    yield from _taxes(terms.provisions)
    yield from _rights(terms)


def _core(terms: Terms) -> Iterator[Rule]:
    is_plain = terms.kind == FIXED and _is_empty(terms.provisions)
    yield "faceValue", 0 < terms.face_value < (1 << 120 if is_plain and _is_empty(terms.rights) else 1 << 80)
    yield "units", 0 < terms.units * max(terms.face_value, 1) < 1 << 120
    yield "minimumUnits", 0 < terms.minimum_units <= terms.units
    yield "eligible", terms.eligible != 0
    yield "calendar", terms.market != ""
    yield "recordBusinessDays", terms.record_days <= 10
    yield "cutOff", terms.cut_off <= 86_400
    yield "utcOffset", -12 * 60 <= terms.utc_offset <= 14 * 60
    yield "termSheetHash", any(terms.term_sheet_hash)
    yield "name", 0 < len(terms.name.encode()) <= 64
    yield "symbol", 0 < len(terms.symbol.encode()) <= 35
    yield "couponRate", is_plain or not terms.is_rate_open


def _schedule(terms: Terms) -> Iterator[Rule]:
    s = terms.schedule
    yield "issueDay", terms.raw.schedule.issueDay != 0 and s.issue < _LAST_DAY
    yield "maturityDay", s.issue < s.maturity <= _LAST_DAY
    yield "periods", 0 < s.periods <= 1_200
    yield "step", 0 < s.step <= 12_000
    yield "anchorDay", _is_anchored(s)
    yield "endOfMonth", not s.end_of_month or (s.unit == MONTHS and s.anchor == month_end(s.anchor))
    # Stubs are shorter than two regular periods, and no period is empty.
    yield "issueDay", s.regular(-1) <= s.issue < s.due(1)
    yield "maturityDay", s.due(s.periods - 1) < s.maturity <= s.regular(s.periods + 1)
    yield "dayCount", terms.day_count != _ACT_ACT_ICMA or (s.unit == MONTHS and not terms.adjusted)
    yield "adjusted", not terms.adjusted or terms.roll != _UNADJUSTED


def _is_anchored(s: Schedule) -> bool:
    if s.anchor_period == 0:
        return s.anchor == s.issue
    ends = s.anchor_period != s.periods or s.anchor == s.maturity
    return s.anchor_period <= s.periods and s.anchor > s.issue and ends


def _coupon(terms: Terms) -> Iterator[Rule]:
    p, kind, periods = terms.provisions, terms.kind, terms.periods
    steps = [step.period for step in p.steps]
    yield "steps", (kind == STEP) == bool(steps) and _rises(steps, 1, periods)
    yield "steps", all(step.rate != 2**32 - 1 for step in p.steps)
    f = p.floating
    yield "floating", (kind == FLOATING) == any(f.benchmark)
    yield "floating", f.floor <= f.cap and f.places <= 7 and f.lag <= 10 and not (f.compounded and not f.lag)
    i = p.inflation
    yield "inflation", (kind == INFLATION) == any(i.benchmark) and i.places <= 9 and i.lagMonths <= 24
    yield "inflation", kind != INFLATION or (i.base >= _WHOLE and i.lagMonths != 0)
    yield "tests", (kind == KPI) == bool(p.tests) and all(any(test.benchmark) for test in p.tests)
    yield "tests", _rises([test.period for test in p.tests], 1, periods, strictly=False)
    yield "tests", all(test.day <= day_number(terms.due_date(test.period - 1)) for test in p.tests)
    a = p.accretion
    if kind != ZERO_COUPON:
        yield "accretion", not a.issuePrice and not a.yieldRate
        return
    yield "couponRate", terms.rate == 0
    yield "periods", periods == 1
    yield "accretion", 0 < a.issuePrice < terms.face_value
    yield "accretion", (a.yieldRate == 0) == (a.monthsPerCompounding == 0)


def _principal(terms: Terms) -> Iterator[Rule]:
    """What is repaid comes to the face, neither more nor less, and ends at maturity."""
    parts, until = terms.provisions.instalments, terms.provisions.capitalisedUntil
    if parts:
        periods = [part.period for part in parts]
        yield "instalments", _rises(periods, 0, terms.periods) and periods[-1] == terms.periods
        yield "instalments", sum(part.share for part in parts) == _WHOLE
        yield "instalments", all(part.share and terms.face_value * part.share % _WHOLE == 0 for part in parts)
        yield "instalments", terms.kind != ZERO_COUPON
    yield "capitalisedUntil", until < terms.periods and not (until and (parts or not _is_flat(terms)))


def _options(terms: Terms) -> Iterator[Rule]:
    """Deferral and renewal."""
    p, s = terms.provisions, terms.schedule
    is_whole = not p.instalments and not p.capitalisedUntil
    yield "adjusted", not (terms.adjusted and (p.capitalisedUntil or p.deferral.noticeDays))
    if p.renewal.periods:
        r = p.renewal
        yield "renewal", terms.kind == FIXED and is_whole and any(r.benchmark)
        yield "renewal", r.noticeDays in _NOTICE and r.periods <= 1_200 and r.lag <= 10
        yield "renewal", s.maturity == s.regular(s.periods)
    if p.deferral.noticeDays:
        yield "deferral", p.deferral.noticeDays in _NOTICE and _is_flat(terms) and is_whole
    codes = (p.floating.benchmark, p.inflation.benchmark, p.renewal.benchmark)
    observes = bool(p.tests) or any(map(any, codes))
    # On the day itself, a fallback would forestall what is published that day.
    yield "fallbackDays", (1 if observes else 0) <= p.fallbackDays <= 366


def _taxes(provisions: Any) -> Iterator[Rule]:
    """Nobody is left without a rate."""
    rates = provisions.withholdings
    yield "taxAccount", bool(rates) == (int(provisions.taxAccount, 16) != 0)
    yield "withholdings", all(entry.rate <= _WHOLE for entry in rates)
    yield "withholdings", not rates or rates[-1].classes == _ALL_CLASSES


def _rights(terms: Terms) -> Iterator[Rule]:
    r, p, schedule = terms.rights, terms.provisions, terms.raw.schedule
    is_whole = not (p.instalments or p.capitalisedUntil or p.deferral.noticeDays)
    end = day_number(_LAST_DAY) if p.renewal.periods else schedule.maturityDay
    windows = [schedule.issueDay, *(day for call in r.calls for day in (call.firstDay, call.lastDay))]
    yield (
        "calls",
        all(_follows(place, *pair) for place, pair in enumerate(pairwise(windows))),
    )
    yield "calls", not r.calls or windows[-1] < end
    yield (
        "calls",
        all(_is_offer(call) and not (call.inPart and not (is_whole and _is_flat(terms))) for call in r.calls),
    )
    for put in r.puts:
        yield "puts", schedule.issueDay <= put.opensDay <= put.closesDay < put.payDay <= end - 31
        yield "puts", 0 < put.price <= _MOST_PRICE
    yield "events", all(any(event.code) and _is_offer(event) for event in r.events)
    yield "events", len({(event.code, event.byHolders) for event in r.events}) == len(r.events)
    sinking = [fund.period for fund in r.sinking]
    yield "sinking", _rises(sinking, 0, terms.periods - 1) and all(fund.units for fund in r.sinking)
    yield "sinking", sum(fund.units for fund in r.sinking) <= terms.units and (is_whole or not sinking)
    yield from _extension(terms, is_whole=is_whole)
    yield "graceDays", r.defaults.graceDays <= 366
    yield "penaltyRate", r.defaults.penaltyRate <= _WHOLE
    yield "accelerationShare", r.defaults.accelerationShare <= _WHOLE
    # A minority must not change what is owed to the others.
    yield "amendmentShare", r.amendmentShare == 0 or _WHOLE < 2 * r.amendmentShare <= 2 * _WHOLE


def _extension(terms: Terms, *, is_whole: bool) -> Iterator[Rule]:
    more, s = terms.rights.extension, terms.schedule
    if not more.periods:
        return
    yield "extension", _is_flat(terms) and is_whole and not terms.provisions.renewal.periods
    yield "extension", more.rate == 0 if terms.kind == FLOATING else more.rate != 2**32 - 1
    yield "extension", more.noticeDays in _NOTICE and more.periods <= 1_200
    yield "extension", s.maturity == s.regular(s.periods) and s.regular(s.periods + more.periods) <= _LAST_DAY


def _follows(place: int, before: int, after: int) -> bool:
    """Windows do not touch; each ends on the day on which it begins, or later."""
    return before <= after if place % 2 else before < after


def _is_offer(right: Any) -> bool:
    return bool(0 < right.noticeDays <= _NOTICE[-1] and 0 < right.price <= _MOST_PRICE)


def _is_flat(terms: Terms) -> bool:
    """Whether a unit is worth its face, and interest is a rate of it."""
    return terms.kind not in (INFLATION, ZERO_COUPON)


def _rises(periods: list[int], above: int, last: int, *, strictly: bool = True) -> bool:
    """Whether periods are in order, above one and up to another."""
    pairs = zip([above, *periods], periods, strict=False)
    in_order = all(a < b or (a == b and not strictly and place) for place, (a, b) in enumerate(pairs))
    return in_order and (not periods or periods[-1] <= last)


def _is_empty(value: Any) -> bool:
    """Whether all of a struct is what Solidity starts with."""
    if isinstance(value, str):
        return int(value, 16) == 0
    if isinstance(value, tuple | list):
        return all(map(_is_empty, value))
    return not any(value) if isinstance(value, bytes) else not value
