"""DEFAULT-1, DEFAULT-2: default by time alone, and when holders, or the end, make a bond due."""

from __future__ import annotations

from indenture.audit.checks.life.base import LifeCheck, Look, begun, rights_on, share_needed, today_of
from indenture.audit.events import Event
from indenture.audit.findings import IMPOSSIBLE
from indenture.audit.model import day_number
from indenture.audit.replay.life import ACCELERATION, Action
from indenture.audit.replay.register import Register
from indenture.audit.replay.status import MISSED, is_missed, status_of


class DefaultCheck(LifeCheck):
    """Was a payment missed? Did enough holders give notice?"""

    NAMES = ("DefaultEntered",)

    def _looks(self) -> dict[str, Look]:
        return {"ActionOpened": self._opened, "DefaultNoticed": self._noticed, "BondMadeDue": self._made_due}

    def _look(self, event: Event) -> None:
        super()._look(event)
        if event.name != "DefaultEntered" or event.kind != "Bond":
            return
        register = self.world.bonds.get(event.address)
        told = [e for e in self.tx.named("Servicing", "BondMadeDue") if e["bond"] == event.address]
        if not told:
            self._differ(event, "DEFAULT-2", "records", "no default", "one", "nobody made the bond due")
        if register is not None:
            message = "not the record dates that have passed"
            self._equal(event, "DEFAULT-2", "records", register.records, event["records"], message)

    def _close(self) -> None:
        """The register of a bond that was made due is in default."""
        entered = [e.address for e in self.tx.named("Bond", "DefaultEntered")]
        for event in self.tx.named("Servicing", "BondMadeDue"):
            if event["bond"] in self.world.bonds and event["bond"] not in entered:
                message = "the bond did not enter default"
                self._differ(event, "DEFAULT-2", "DefaultEntered", "an event", "none", message)

    # --- notices

    def _opened(self, event: Event, register: Register) -> None:
        """One event gathers notices at a time, as long as it can still carry."""
        number = register.life.opened.get(("acceleration",))
        if event["action"].kind != ACCELERATION or number is None:
            return
        before = register.life.actions[number]
        if event.time < before.raw.closesAt and self._is_missed_of(before, event):
            message = f"event {number} gathers notices still"
            self._differ(event, "DEFAULT-1", "number", "no other event", event["number"], message)

    def _noticed(self, event: Event, register: Register) -> None:
        self._not_due(event, register, "DEFAULT-1")
        cause = self.world.bonds.get(event["cause"])
        terms = rights_on(register, today_of(register, event.time), event.time).defaults
        fits = cause is register or (
            cause is not None and terms.crossDefault and cause.terms.issuer == register.terms.issuer
        )
        if cause is None or not fits:
            message = "no default of that bond is one of this bond"
            self._differ(event, "DEFAULT-1", "cause", "a bond that counts", event["cause"], message)
        elif not self._is_missed(cause, event["period"], event["redemption"], event):
            found = (event["period"], event["redemption"])
            message = "nothing was missed: funded, in its days of grace, or nothing due"
            self._differ(event, "DEFAULT-1", "period", "a missed payment", found, message)

    def _is_missed_of(self, action: Action, event: Event) -> bool:
        cause = self.world.bonds.get(action.raw.target)
        raw = action.raw
        return cause is not None and self._is_missed(cause, raw.period, raw.redemption, event)

    def _is_missed(self, cause: Register, period: int, redemption: int, event: Event) -> bool:
        try:
            return is_missed(self.world, cause, period, redemption, event.time)
        except IMPOSSIBLE:
            return False

    # --- making due

    def _made_due(self, event: Event, register: Register) -> None:
        self._not_due(event, register, "DEFAULT-2")
        if event["action"]:
            self._accelerated(event, register)
        else:
            self._overdue(event, register)

    def _accelerated(self, event: Event, register: Register) -> None:
        action = self._action(event, register, "DEFAULT-2")
        if action is None:
            return
        if action.kind != ACCELERATION or event.time >= action.raw.closesAt or register.closed:
            message = "no notices, too late, or the books are closed"
            self._differ(event, "DEFAULT-2", "action", "notices to carry", event["action"], message)
        if not self._is_missed_of(action, event):
            message = "nothing is missed any more: it was cured"
            self._differ(event, "DEFAULT-2", "action", "a default", event["action"], message)
        today = today_of(register, event.time)
        share = rights_on(register, today, event.time).defaults.accelerationShare
        needed = share_needed(register.supply.units, share)
        if not share or not action.elected or action.elected < needed:
            message = "holders of too few units gave notice"
            self._differ(event, "DEFAULT-2", "elected", f">= {needed}", action.elected, message)
        # What is recorded for a payment has it as its own, or missed it: the claim goes on from there.
        deal = begun(register, event.time)
        period = max(deal.period_on(deal.today), register.records + 1)
        start = day_number(deal.at(period - 1).ends(period - 1))
        self._equal(event, "DEFAULT-2", "period", period, event["period"], "not the period of the day")
        self._equal(event, "DEFAULT-2", "day", max(today, start), event["day"], "not the day it was made due")

    def _overdue(self, event: Event, register: Register) -> None:
        last = register.last
        status, _ = status_of(self.world, register, last, event.time)
        if status != MISSED or not register.closed:
            message = "the last payment was not missed"
            self._differ(event, "DEFAULT-2", "period", "a missed last payment", event["period"], message)
        self._equal(event, "DEFAULT-2", "period", last, event["period"], "not the last payment")
        ends = day_number(register.deal(event.time).at(last).ends(last))
        self._equal(event, "DEFAULT-2", "day", ends, event["day"], "not the end of the term")
