"""ACTION-1, SINK-1: an event of holders is what the terms, or the issuer's offer, make it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from indenture.audit.checks.life.base import DAY_SECONDS, LifeCheck, Look, rights_on, today_of
from indenture.audit.checks.life.term import call_on
from indenture.audit.events import Event
from indenture.audit.findings import show
from indenture.audit.model import day_number, to_date
from indenture.audit.model.deal import RATE_ONE
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.life import ACCELERATION, DRAWING, EXCHANGE, KINDS, PUT, RESOLUTION, TENDER
from indenture.audit.replay.register import Register
from indenture.audit.replay.rights import put_number, rights_now

_DRAWN_BEFORE = 10 * DAY_SECONDS
_ANNOUNCED_BEFORE = 60 * DAY_SECONDS
_OPENED_BEFORE = 30 * DAY_SECONDS
_NOTICE_PERIOD = 90 * DAY_SECONDS
_LONGEST_WAIT = 60 * DAY_SECONDS
_SETTLEMENT_DAYS = 7

_CHOSEN = {
    TENDER: ("most", "amount", "opensAt", "closesAt", "document"),
    EXCHANGE: ("amount", "newUnits", "oldUnits", "target", "opensAt", "closesAt", "document"),
}
"""What the issuer picks in an offer."""

Fields = dict[str, Any]


class OpeningCheck(LifeCheck):
    """Each event as it opens, field by field."""

    def _looks(self) -> dict[str, Look]:
        return {"ActionOpened": self._opened, "SinkingSatisfied": self._satisfied}

    def _opened(self, event: Event, register: Register) -> None:
        action, number = event["action"], len(register.life.actions) + 1
        self._equal(event, "ACTION-1", "number", number, event["number"], "opened out of turn")
        self._not_due(event, register, "ACTION-1")
        if action.kind >= len(KINDS):
            self._differ(event, "ACTION-1", "kind", "a kind of event", action.kind, "there is no such kind")
            return
        makers: dict[int, Callable[[Event, Register], Fields]] = {
            PUT: self._put,
            TENDER: self._offer,
            EXCHANGE: self._offer,
            DRAWING: self._drawing,
            RESOLUTION: self._resolution,
            ACCELERATION: self._acceleration,
        }
        wanted = _nothing(action) | {"kind": action.kind} | makers[action.kind](event, register)
        kind = "SINK-1" if action.kind == DRAWING and action.period else "ACTION-1"
        for name, value in wanted.items():
            found = getattr(action, name)
            if value != found:
                message = f"not what makes this {KINDS[action.kind]}"
                self._differ(event, kind, name, show(value), show(found), message)
        if action.kind in (PUT, TENDER, EXCHANGE):
            self._window(event, action)

    def _window(self, event: Event, action: Any) -> None:
        if not max(action.opensAt, event.time) < action.closesAt <= action.payTime or not action.opensAt:
            found = (action.opensAt, action.closesAt, action.payTime)
            message = "its times do not follow each other"
            self._differ(event, "ACTION-1", "closesAt", "open, close, pay", show(found), message)

        if action.kind != PUT and action.payTime > action.closesAt + _LONGEST_WAIT:
            wanted = f"<= {action.closesAt + _LONGEST_WAIT}"
            self._differ(event, "ACTION-1", "payTime", wanted, action.payTime, "units are bound for long")

    # --- puts

    def _put(self, event: Event, register: Register) -> Fields:
        if any(event["code"]):
            return self._stated(event, register)
        number = put_number(register, event)
        if number is None:
            message = "no put of the terms that was not opened before has this window and price"
            self._differ(event, "ACTION-1", "right", "a put of the terms", "none", message)
            return {}
        put, terms = rights_now(register, event.time).puts[number], register.terms
        opens = terms.seconds(to_date(put.opensDay), 0)
        closes = terms.seconds(to_date(put.closesDay + 1), 0)
        if event.time + _OPENED_BEFORE < opens:
            wanted = f">= {opens - _OPENED_BEFORE}"
            self._differ(event, "ACTION-1", "time", wanted, event.time, "opened long before its window")
        times = {"opensAt": opens, "closesAt": closes}
        figures = {"withdrawable": put.withdrawable, "price": put.price}
        return times | figures | self._promised(register, put.payDay, closes)

    def _stated(self, event: Event, register: Register) -> Fields:
        code, terms = event["code"], register.terms
        right = next(
            (r for r in rights_now(register, event.time).events if r.code == code and r.byHolders), None
        )
        if right is None:
            message = "the terms state no such event"
            self._differ(event, "ACTION-1", "code", "an event of the terms", show(code), message)
            return {}
        ends = today_of(register, event.time) + right.noticeDays
        closes = terms.seconds(to_date(ends + 1), 0)
        figures = {"withdrawable": True, "price": right.price, "document": event["action"].document}
        times = {"opensAt": event.time, "closesAt": closes}
        return times | figures | self._promised(register, ends + _SETTLEMENT_DAYS, closes)

    def _promised(self, register: Register, day: int, not_before: int = 0) -> Fields:
        """Paid on a business day; with interest up to it only where all of the bond's is adjusted."""
        rolled = self._roll(register, day, not_before)
        pay_day = rolled if register.terms.adjusted else day
        return {"payDay": pay_day, "payTime": register.terms.seconds(to_date(rolled), 0)}

    # --- offers

    def _offer(self, event: Event, register: Register) -> Fields:
        action = event["action"]
        self._by_issuer(event, register, "ACTION-1")
        pay = self._roll(register, action.payDay, action.closesAt)
        fields = {name: getattr(action, name) for name in _CHOSEN[action.kind]}
        fields |= {"withdrawable": True, "payDay": pay}
        fields["payTime"] = register.terms.seconds(to_date(pay), 0)
        if action.kind == TENDER and not action.amount:
            self._differ(event, "ACTION-1", "amount", "a price", 0, "an offer for nothing")
        if action.kind == EXCHANGE:
            self._target(event, register, action)
        return fields

    def _target(self, event: Event, register: Register, action: Any) -> None:
        target = self.world.bonds.get(action.target)
        mine = (register.terms.issuer_account, register.terms.currency)
        fits = (
            target is not None
            and target is not register
            and (target.terms.issuer_account, target.terms.currency) == mine
            and not target.terms.is_rate_open
        )
        if not fits or not action.newUnits or not action.oldUnits:
            message = "no units of another bond of the issuer in this currency"
            self._differ(event, "ACTION-1", "target", "another bond of the issuer", action.target, message)

    # --- drawings

    def _drawing(self, event: Event, register: Register) -> Fields:
        action = event["action"]
        return self._sinking(event, register) if action.period else self._lot(event, register)

    def _lot(self, event: Event, register: Register) -> Fields:
        """A call by lot: its day stands in the call only, unless the bond's interest is not adjusted."""
        action = event["action"]
        self._by_issuer(event, register, "ACTION-1")
        day = self._called_for(register, event, action)
        if day is None:
            message = "no call in part of the terms lies on its day"
            self._differ(event, "ACTION-1", "payDay", "a day of a call", action.payDay, message)
            return {}
        right = call_on(register, day, event.time, in_part=True)
        self._in_time(event, register, "ACTION-1", day, right.noticeDays)
        if not 0 < action.most < register.supply.units or register.life.price:
            wanted = f"1 to {register.supply.units - 1}"
            self._differ(event, "ACTION-1", "most", wanted, action.most, "not a part, or the bond is called")
        return self._drawn(register, day) | {"most": action.most, "price": right.price}

    def _called_for(self, register: Register, event: Event, action: Any) -> int | None:
        """The last day of a call in part that is paid on the day of the event."""
        latest = action.payDay if not register.terms.adjusted else action.payDay + _SETTLEMENT_DAYS
        for day in range(latest, action.payDay - 31 if register.terms.adjusted else latest - 1, -1):
            paid = self._roll(register, day) if register.terms.adjusted else day
            right = call_on(register, day, event.time, in_part=True)
            if paid == action.payDay and right is not None and right.price == action.price:
                return day
        return None

    def _sinking(self, event: Event, register: Register) -> Fields:
        period = event["action"].period
        wanted = self._wanted(event, register, period)
        day = day_number(register.terms.due_date(period))
        most = wanted - register.life.credit
        if most <= 0:
            message = "what was cancelled covers it: nothing is to be drawn"
            self._differ(event, "SINK-1", "most", "no drawing", event["action"].most, message)
        return self._drawn(register, day) | {"most": most, "price": RATE_ONE, "period": period}

    def _drawn(self, register: Register, day: int) -> Fields:
        fields = self._promised(register, day)
        pay_time = fields["payTime"]
        return {**fields, "opensAt": pay_time - _DRAWN_BEFORE, "closesAt": pay_time}

    def _wanted(self, event: Event, register: Register, period: int) -> int:
        """SINK-1: what the terms want drawn with a payment, and that it is time to."""
        rights = register.deal(event.time).at(period).terms.rights
        wanted = next((s.units for s in rights.sinking if s.period == period), 0)
        earliest = register.terms.seconds(register.terms.due_date(period), 0) - _ANNOUNCED_BEFORE
        fits = wanted and period < register.last and not register.life.is_open(("sinking", period))
        if not fits or event.time < earliest:
            message = "no sinking fund, drawn before, or not time for it"
            self._differ(event, "SINK-1", "period", "a sinking fund to draw", period, message)
        return int(wanted)

    def _satisfied(self, event: Event, register: Register) -> None:
        wanted = self._wanted(event, register, event["period"])
        self._not_due(event, register, "SINK-1")
        self._equal(event, "SINK-1", "units", wanted, event["units"], "not what the terms want drawn")
        if register.life.credit < wanted:
            message = "less was cancelled than the fund needs"
            self._differ(event, "SINK-1", "credit", f">= {wanted}", register.life.credit, message)

    # --- resolutions and notices

    def _resolution(self, event: Event, register: Register) -> Fields:
        self._by_issuer(event, register, "ACTION-1")
        told = self._beside(event, "TermsProposed")
        fields = {
            "withdrawable": True,
            "opensAt": event.time,
            "redemption": len(register.life.versions),
            "period": event["action"].period,  # VERSION-1 looks at it
            "most": end_of(register),
        }
        if told is None:
            return fields
        amendment = told["amendment"]
        return {
            **fields,
            "closesAt": amendment.closesAt,
            "payDay": amendment.effectiveDay,
            "document": amendment.resolution,
            "target": told["source"],
        }

    def _acceleration(self, event: Event, register: Register) -> Fields:
        told = self._beside(event, "DefaultNoticed")
        fields = {"withdrawable": True, "opensAt": event.time, "closesAt": event.time + _NOTICE_PERIOD}
        if told is None:
            return fields
        cause = {"period": told["period"], "redemption": told["redemption"], "target": told["cause"]}
        if not rights_on(register, today_of(register, event.time), event.time).defaults.accelerationShare:
            message = "the terms give holders no such right"
            self._differ(event, "ACTION-1", "bond", "a right to accelerate", "none", message)
        return fields | cause

    def _beside(self, event: Event, name: str) -> Event | None:
        """The event of the same transaction that says what this one is for."""
        found = (e for e in self.tx.named("Servicing", name) if e["bond"] == event["bond"])
        told = next((e for e in found if e["action"] == event["number"]), None)
        if told is None:
            message = "opened, and not told what for"
            self._differ(event, "ACTION-1", name, "an event", "none", message)
        return told


def end_of(register: Register) -> int:
    """The end of the term, as a resolution keeps it: last period and day in one number."""
    return register.last << 24 | register.maturity


def _nothing(action: Any) -> dict[str, Any]:
    """A struct in which nothing is set."""
    empty: dict[type, Any] = {bool: False, int: 0, bytes: bytes(32), str: ZERO}
    return {name: empty[type(getattr(action, name))] for name in action._fields}
