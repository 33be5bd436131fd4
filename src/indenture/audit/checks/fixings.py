"""FIX-1, FIX-2, DEFER-1, RENEW-1: figures of periods recomputed; what an issuer may choose, in time."""

from __future__ import annotations

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.model import SOURCES, NotKnown, UnpublishedYear, fix
from indenture.audit.model.deal import NOT_FIXED
from indenture.audit.replay.register import Register

_FIGURES = {
    "source": "source",
    "day": "day",
    "value": "value",
    "indexRatio": "index_ratio",
    "rate": "rate",
    "factor": "factor",
    "arrears": "arrears",
}
"""Fields of ``PeriodFixed``, in the order in which one follows from the other, and of the model."""


class FixingCheck(Check):
    """What is fixed, deferred and renewed, against terms and publications of that moment."""

    KINDS = ("Servicing",)

    def _look(self, event: Event) -> None:
        register = self.world.bonds.get(event["bond"]) if event.kind == "Servicing" else None
        if register is None:
            return  # PAY-1 reports an unknown bond
        match event.name:
            case "PeriodFixed":
                self._fixed(event, register)
            case "InterestDeferred":
                self._deferred(event, register)
            case "BondRenewed":
                self._renewed(event, register)

    def _fixed(self, event: Event, register: Register) -> None:
        deal = register.deal(event.time)
        following = _following(register)
        if not deal.at(event["period"]).terms.needs_fixing:
            self._differ(event, "FIX-1", "period", "none", event["period"], "the terms leave nothing to fix")
        if event["period"] != following or following > deal.last:
            self._differ(event, "FIX-1", "period", following, event["period"], "fixed out of turn, or twice")
            return
        try:
            wanted = fix(register.deal(event.time), event["period"])
        except (NotKnown, UnpublishedYear) as missing:
            self._differ(
                event, "FIX-1", "time", "a later time", event.time, f"it could not be fixed: {missing}"
            )
            return
        for name, field in _FIGURES.items():
            expected, found = getattr(wanted, field), event[name]
            if name == "source":
                expected, found = SOURCES[expected], SOURCES[found]
            self._equal(event, "FIX-2", name, expected, found, "not by the terms and what was published then")

    def _deferred(self, event: Event, register: Register) -> None:
        period, latest = event["period"], _following(register) - 1
        deal = register.deal(event.time)
        right, known = deal.at(period).terms.provisions.deferral, register.fixings.get(period, NOT_FIXED)
        self._by_issuer(event, register, "DEFER-1")
        if not right.noticeDays:
            self._differ(event, "DEFER-1", "bond", "a right to defer", "none", "the terms give no such right")
        if period not in (latest, latest + 1) or not 0 < period < deal.last:
            wanted = f"{latest} or {latest + 1}, not the last"
            self._differ(event, "DEFER-1", "period", wanted, period, "neither the last fixed nor the next")
        if known.is_deferred:
            self._differ(
                event, "DEFER-1", "period", "a payment not deferred", period, "it was deferred before"
            )
        self._in_time(event, register, "DEFER-1", period, right.noticeDays)
        arrears = 0
        if known.fixed_at:
            _, arrears = deal.at(period).rolled(period, known.rate, deferred=True)
        self._equal(event, "DEFER-1", "arrears", arrears, event["arrears"], "not what the terms make of it")

    def _renewed(self, event: Event, register: Register) -> None:
        right = register.terms.provisions.renewal
        self._by_issuer(event, register, "RENEW-1")
        if not right.periods:
            self._differ(event, "RENEW-1", "bond", "a right to renew", "none", "the terms give no such right")
        self._in_time(event, register, "RENEW-1", register.last, right.noticeDays)
        begun = 0 if register.last == register.terms.periods else register.last - right.periods
        start = register.terms.seconds(register.terms.due_date(begun), 0)
        if event.time < start:
            self._differ(event, "RENEW-1", "time", f">= {start}", event.time, "the last cycle had not begun")
        last = register.last + right.periods
        self._equal(event, "RENEW-1", "lastPeriod", last, event["lastPeriod"], "not a cycle of the terms")
        if register.life.price or register.life.due_period:
            self._differ(event, "RENEW-1", "bond", "a bond that goes on", "called, or due", "its end is set")

    def _by_issuer(self, event: Event, register: Register, kind: str) -> None:
        issuer = register.terms.issuer_account
        self._equal(event, kind, "actor", issuer, event["actor"], "this right is the issuer's")

    def _in_time(self, event: Event, register: Register, kind: str, period: int, notice_days: int) -> None:
        until = register.terms.notice_until(register.terms.due_date(period), notice_days)
        if event.time > until:
            self._differ(event, kind, "time", f"<= {until}", event.time, "after the notice date")


def _following(register: Register) -> int:
    """The period that is fixed next: the first that the terms leave open, after the last that was fixed."""
    following = register.fixed_periods + 1
    begun = [version.first for version in register.life.versions if version.first > following]
    deal = register.deal(0)
    if begun and not deal.at(following).terms.needs_fixing:
        following = next((first for first in begun if deal.at(first).terms.needs_fixing), following)
    return following
