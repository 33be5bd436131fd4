"""TERM-1, CALL-1, EXTEND-1, CANCEL-1: what ends a term earlier or later, and who may."""

from __future__ import annotations

from typing import Any

from indenture.audit.checks.life.base import LifeCheck, Look, rights_on
from indenture.audit.events import Event
from indenture.audit.model import Terms, day_number, to_date
from indenture.audit.model.deal import RATE_ONE
from indenture.audit.replay import World
from indenture.audit.replay.register import Register
from indenture.audit.replay.rights import rights_now


class TermCheck(LifeCheck):
    """Each right of the issuer, by the terms of that moment; and that the bond moved its term for it."""

    NAMES = ("TermMoved",)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._moves: list[tuple[Event, int, int]] = []

    def _looks(self) -> dict[str, Look]:
        return {
            "BondRenewed": lambda event, _: self._expect(event, event["lastPeriod"], 0),
            "BondCalled": self._called,
            "BondCalledInPart": self._called_in_part,
            "MaturityExtended": self._extended,
            "UnitsCancelled": self._cancelled,
            "TermsEnacted": self._enacted,
        }

    def _look(self, event: Event) -> None:
        register = self.world.bonds.get(event.address)
        if event.name == "TermMoved" and register is not None:
            self._moved(event, register)
        super()._look(event)

    def _close(self) -> None:
        for event, last, maturity in self._moves:
            message = "the bond did not move its term"
            self._differ(event, "TERM-1", "TermMoved", (last, maturity), "nothing", message)
        self._moves.clear()

    # --- the bond's own term

    def _expect(self, event: Event, last: int, maturity: int) -> None:
        self._moves.append((event, last, maturity))

    def _moved(self, event: Event, register: Register) -> None:
        mine = [move for move in self._moves if move[0]["bond"] == event.address]
        if not mine:
            self._differ(event, "TERM-1", "last", "no change", event["last"], "no right moved the term")
            return
        self._moves.remove(mine[0])
        _, last, maturity = mine[0]
        self._equal(event, "TERM-1", "last", last, event["last"], "not the last period of the right")
        self._equal(event, "TERM-1", "maturityDay", maturity, event["maturityDay"], "not the right's day")
        if event["last"] <= register.records:
            wanted = f"> {register.records}"
            self._differ(event, "TERM-1", "last", wanted, event["last"], "its record date has passed")

    def _enacted(self, event: Event, register: Register) -> None:
        action = register.life.actions.get(event["action"])
        if action is None or action.proposed is None:
            return  # VERSION-2 reports it
        schedule = action.proposed.schedule
        wanted = (schedule.periods, day_number(schedule.maturity))
        if wanted == (register.last, register.maturity):
            return
        self._expect(event, *wanted)
        if register.life.price or register.life.extended[0]:
            message = "a bond that was called or extended has its end from there"
            self._differ(event, "TERM-1", "maturityDay", register.maturity, wanted[1], message)

    # --- the issuer's rights

    def _called(self, event: Event, register: Register) -> None:
        day, deal = event["day"], register.deal(event.time)
        self._by_issuer(event, register, "CALL-1")
        self._not_due(event, register, "CALL-1")
        self._once(event, register)
        on, schedule = to_date(day), deal.schedule
        if not schedule.issue < on < schedule.maturity:
            wanted = f"between {schedule.issue} and {schedule.maturity}"
            self._differ(event, "CALL-1", "day", wanted, on, "not within the term")
            return
        last = schedule.period_of(on)
        if last > 1 and schedule.due(last - 1) == on:
            last -= 1
        self._equal(event, "CALL-1", "last", last, event["last"], "not the period that ends on the day")
        off = 0 if schedule.due(last) == on else day
        self._expect(event, event["last"], off)
        if any(event["document"]) and not any(event["code"]):
            self._differ(event, "CALL-1", "document", "none", event["document"], "a call rests on none")
        right = self._right(event, register)
        if right is None:
            found = event["code"] if any(event["code"]) else day
            self._differ(event, "CALL-1", "day", "a right of the terms", found, "there is no such right")
            return
        self._equal(event, "CALL-1", "price", right.price, event["price"], "not the price of the right")
        self._in_time(event, register, "CALL-1", day, right.noticeDays)

    def _right(self, event: Event, register: Register) -> Any:
        """The call of the terms for the day, or the stated event of the terms of today."""
        if any(event["code"]):
            events = rights_now(register, event.time).events
            return next((r for r in events if r.code == event["code"] and not r.byHolders), None)
        return call_on(register, event["day"], event.time, in_part=False)

    def _called_in_part(self, event: Event, register: Register) -> None:
        period, share, life = event["period"], event["share"], register.life
        self._by_issuer(event, register, "CALL-1")
        self._not_due(event, register, "CALL-1")
        self._once(event, register)
        if not register.records < period < register.last:
            wanted = f"{register.records + 1} to {register.last - 1}"
            self._differ(event, "CALL-1", "period", wanted, period, "not a payment to come, or the last")
            return
        day = day_number(register.terms.due_date(period))
        right = call_on(register, day, event.time, in_part=True)
        if right is None:
            self._differ(event, "CALL-1", "period", "a right of the terms", period, "none lies on its day")
        else:
            self._equal(event, "CALL-1", "price", right.price, event["price"], "not the price of the right")
            self._in_time(event, register, "CALL-1", day, right.noticeDays)
        latest = current(register).provisions
        if latest.instalments or latest.capitalisedUntil or latest.deferral.noticeDays:
            message = "the principal changes otherwise by the terms"
            self._differ(event, "CALL-1", "share", "a bond repaid at once", share, message)
        whole = register.terms.face_value * share % RATE_ONE == 0
        left = RATE_ONE - sum(call.share for call in life.calls) - share
        if not share or not whole or left <= 0:
            wanted = "whole base units of a unit, and something left"
            self._differ(event, "CALL-1", "share", wanted, share, "a part that cannot be called")
        if life.calls and life.calls[-1].period >= period:
            wanted = f"> {life.calls[-1].period}"
            self._differ(event, "CALL-1", "period", wanted, period, "called out of turn")

    def _once(self, event: Event, register: Register) -> None:
        if register.life.price:
            message = "its end is set by an earlier call"
            self._differ(event, "CALL-1", "bond", "a bond not called", "one that was", message)

    def _extended(self, event: Event, register: Register) -> None:
        last, life = register.last, register.life
        self._by_issuer(event, register, "EXTEND-1")
        self._not_due(event, register, "EXTEND-1")
        right, sealed = register.deal(event.time).at(last).terms.rights.extension, register.terms.schedule
        is_open = sealed.maturity == sealed.regular(sealed.periods)
        if not right.periods or life.extended[0] or life.price or not is_open:
            message = "the terms give no such right, or its end is set"
            self._differ(event, "EXTEND-1", "bond", "a right to extend", "none", message)
        wanted = last + right.periods
        self._equal(event, "EXTEND-1", "last", wanted, event["last"], "not the periods of the terms")
        self._equal(event, "EXTEND-1", "rate", right.rate, event["rate"], "not the rate of the terms")
        due = day_number(register.terms.due_date(last))
        self._in_time(event, register, "EXTEND-1", due, right.noticeDays)
        self._expect(event, event["last"], 0)

    def _cancelled(self, event: Event, register: Register) -> None:
        self._by_issuer(event, register, "CANCEL-1", "holder")
        self._not_due(event, register, "CANCEL-1")
        credit = register.life.credit + event["units"]
        self._equal(event, "CANCEL-1", "credit", credit, event["credit"], "not what was cancelled so far")
        if not event["units"]:
            self._differ(event, "CANCEL-1", "units", "some", 0, "nothing was cancelled")


def current(register: Register) -> Terms:
    """The terms that were sealed or enacted last."""
    return register.life.versions[-1].terms if register.life.versions else register.terms


def call_on(register: Register, day: int, time: int, *, in_part: bool) -> Any:
    """The call that the terms give for a day; None for none."""
    calls = rights_on(register, day, time).calls
    fitting = (c for c in calls if c.firstDay <= day <= c.lastDay and (c.inPart or not in_part))
    return next(fitting, None)
