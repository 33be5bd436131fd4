"""VERSION-1, VERSION-2: new terms change what may change, of periods to come, and holders carry them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indenture.audit.checks.life.base import LifeCheck, Look, begun, rights_on, share_needed, today_of
from indenture.audit.checks.life.opening import end_of
from indenture.audit.checks.life.term import current
from indenture.audit.events import Event
from indenture.audit.findings import show
from indenture.audit.model import Terms, day_number, to_date, unfit
from indenture.audit.model.terms import INFLATION, RATE_BY_OFFERING, ZERO_COUPON
from indenture.audit.replay.life import RESOLUTION
from indenture.audit.replay.register import Register

_MAY_CHANGE = ("kind", "couponRate", "dayCount", "rounding", "termSheetHash", "schedule")
_BOUND = (ZERO_COUPON, INFLATION)
"""Kinds that no resolution changes: what they grow to is agreed from the start."""

_KEPT_PROVISIONS = ("taxAccount", "withholdings", "renewal", "inflation", "accretion")

Fault = tuple[str, object, object]


class VersionCheck(LifeCheck):
    """What is proposed, against the version in force; what is enacted, against what was proposed."""

    def _looks(self) -> dict[str, Look]:
        return {"TermsProposed": self._proposed, "TermsEnacted": self._enacted}

    # --- proposals

    def _proposed(self, event: Event, register: Register) -> None:
        action = self._action(event, register, "VERSION-1")
        if action is None:
            return
        if action.kind != RESOLUTION or action.proposed is not None:
            message = "no resolution, or one with terms already"
            self._differ(event, "VERSION-1", "action", "a fresh resolution", event["action"], message)
        self._equal(event, "VERSION-1", "source", action.raw.target, event["source"], "not what is voted on")
        amendment = event["amendment"]
        if not any(amendment.clause) or not any(amendment.resolution) or amendment.closesAt <= event.time:
            message = "it says what it changes, by which resolution, and holders have time"
            self._differ(event, "VERSION-1", "amendment", "clause, resolution", show(amendment), message)
        period = self._first(event, register, amendment.effectiveDay)
        self._equal(event, "VERSION-1", "from", period, action.raw.period, "not the first from the day")
        self._begins(event, register, period, "VERSION-1")
        now = current(register)
        terms = Terms.from_event(event["terms"], event["provisions"], event["rights"])
        for field in unfit(terms):
            message = "terms that cannot be kept, or contradict each other"
            self._differ(event, "VERSION-1", f"terms.{field}", "terms that fit together", field, message)
        faults = [*_terms_kept(register, now, terms, period), *_provisions_kept(register, now, terms, period)]
        for name, wanted, found in faults:
            self._differ(event, "VERSION-1", name, show(wanted), show(found), "what stays was changed")

    def _first(self, event: Event, register: Register, day: int) -> int:
        """The first period that begins on a day or later."""
        deal, on = begun(register, event.time), to_date(day)
        period = deal.period_on(on)
        return period + 1 if deal.due(period - 1) < on else period

    def _begins(self, event: Event, register: Register, period: int, kind: str) -> None:
        """A period to come: not begun, not recorded, not fixed, after those of the version before."""
        versions = register.life.versions
        earliest = max(2, register.fixed_periods + 1, register.records + 1)
        if versions:
            earliest = max(earliest, versions[-1].first + 1)
        begins = day_number(register.deal(event.time).due(period - 1)) if period > 1 else 0
        is_to_come = earliest <= period <= register.last and today_of(register, event.time) < begins
        if not is_to_come:
            message = "the period has begun, was recorded or fixed, or is none of the bond's"
            self._differ(event, kind, "from", f"{earliest} to {register.last}", period, message)

    # --- enactment

    def _enacted(self, event: Event, register: Register) -> None:
        action = self._action(event, register, "VERSION-2")
        if action is None:
            return
        self._not_due(event, register, "VERSION-2")
        if action.kind != RESOLUTION or action.proposed is None or action.decided:
            message = "no resolution, or carried before"
            self._differ(event, "VERSION-2", "action", "an open resolution", event["action"], message)
            return
        if event.time >= action.raw.closesAt:
            latest = f"< {action.raw.closesAt}"
            self._differ(event, "VERSION-2", "time", latest, event.time, "after the time for consent")
        number = len(register.life.versions) + 1
        wanted = {"version": number, "source": action.raw.target, "from": action.raw.period}
        for name, value in wanted.items():
            self._equal(event, "VERSION-2", name, value, event[name], "not what was carried")
        message = "it was put to the holders of another version"
        self._equal(event, "VERSION-2", "version", number - 1, action.raw.redemption, message)
        share = rights_on(register, today_of(register, event.time), event.time).amendmentShare
        needed = share_needed(register.supply.units, share)
        if not share or not action.elected or action.elected < needed:
            message = "holders of too few units consented"
            self._differ(event, "VERSION-2", "elected", f">= {needed}", action.elected, message)
        self._begins(event, register, action.raw.period, "VERSION-2")
        # What was right when it was proposed may have been overtaken: by a call, a renewal, another version.
        message = "the end of the term was moved since it was proposed"
        self._equal(event, "VERSION-2", "end", action.raw.most, end_of(register), message)
        for name, old, found in _provisions_kept(
            register, current(register), action.proposed, action.raw.period
        ):
            self._differ(event, "VERSION-2", name, show(old), show(found), "what stays was changed")


def _terms_kept(register: Register, now: Terms, new: Terms, first: int) -> Iterator[Fault]:
    for name in now.raw._fields:
        old, found = getattr(now.raw, name), getattr(new.raw, name)
        if name not in _MAY_CHANGE and old != found:
            yield f"terms.{name}", old, found
    end = ("periods", "maturityDay")
    for name in now.raw.schedule._fields:
        old, found = getattr(now.raw.schedule, name), getattr(new.raw.schedule, name)
        if name not in end and old != found:
            yield f"terms.schedule.{name}", old, found
    if new.kind != now.kind and {new.kind, now.kind} & set(_BOUND):
        yield "terms.kind", now.kind, new.kind
    if new.rate == RATE_BY_OFFERING:
        yield "terms.couponRate", "a rate", new.rate
    if not _end_fits(register, new, first):
        yield "terms.schedule.maturityDay", register.maturity, new.raw.schedule.maturityDay


def _end_fits(register: Register, new: Terms, first: int) -> bool:
    """The end as it is; else a regular day, not before the change, and not beyond a stub that was sealed."""
    schedule, sealed = new.schedule, register.terms.schedule
    if (schedule.periods, day_number(schedule.maturity)) == (register.last, register.maturity):
        return True
    is_open = sealed.maturity == sealed.regular(sealed.periods) or schedule.periods <= sealed.periods
    return schedule.maturity == schedule.regular(schedule.periods) and schedule.periods >= first and is_open


def _provisions_kept(register: Register, now: Terms, new: Terms, first: int) -> Iterator[Fault]:
    old, found = now.provisions, new.provisions
    for name in _KEPT_PROVISIONS:
        if getattr(old, name) != getattr(found, name):
            yield f"provisions.{name}", getattr(old, name), getattr(found, name)
    until = (old.capitalisedUntil, found.capitalisedUntil)
    if until[0] != until[1] and min(until) + 1 < first:
        yield "provisions.capitalisedUntil", *until
    if old.deferral.noticeDays and not found.deferral.noticeDays:
        yield "provisions.deferral", "a right to defer", "none"
    if _before(old, first) != _before(found, first):
        yield "provisions.instalments", _before(old, first), _before(found, first)
    bullet = not (found.instalments or found.capitalisedUntil or found.deferral.noticeDays)
    if register.life.calls and not bullet:
        yield "provisions", "none that change principal", "some, and a part was called"


def _before(provisions: Any, first: int) -> list[Any]:
    return [i for i in provisions.instalments if i.period < first]
