"""RECOVER-1, RECOVER-2: one claim for every unit, recoveries that lower it alike, and the last of them."""

from __future__ import annotations

from indenture.audit.checks.life.base import LifeCheck, Look, today_of
from indenture.audit.events import Event
from indenture.audit.findings import IMPOSSIBLE
from indenture.audit.replay.claims import claim_on, lowered, owed_in_all
from indenture.audit.replay.life import Claim
from indenture.audit.replay.register import Register


class RecoveryCheck(LifeCheck):
    """Each recovery, against the claim recomputed from what was not paid."""

    NAMES = ("PaymentAnnounced",)

    def _looks(self) -> dict[str, Look]:
        return {"ClaimSet": self._set, "RecoveryFunded": self._funded, "DefaultClosed": self._closed}

    def _look(self, event: Event) -> None:
        super()._look(event)
        register = self.world.bonds.get(event.address)
        if event.name == "PaymentAnnounced" and register is not None and register.in_default:
            told = [e for e in self.tx.named("Servicing", "RecoveryFunded") if e["bond"] == event.address]
            if event["period"] not in [e["record"] for e in told]:
                message = "in default a record date is that of a recovery"
                self._differ(event, "RECOVER-1", "period", "a recovery", event["period"], message)

    def _set(self, event: Event, register: Register) -> None:
        if register.life.claim.day:
            message = "it was set before"
            self._differ(event, "RECOVER-1", "day", "no claim yet", register.life.claim.day, message)
        claim = self._claim(event, register)
        if claim is not None:
            wanted = {"principal": claim.principal, "interest": claim.interest, "day": claim.day}
            for name, value in wanted.items():
                self._equal(event, "RECOVER-1", name, value, event[name], "not what is due by the terms")

    def _claim(self, event: Event, register: Register) -> Claim | None:
        """What a unit is owed today; None where figures are missing, which is reported."""
        if not register.life.due_period:
            self._differ(event, "RECOVER-1", "bond", "a bond that was made due", "none", "nothing is due")
            return None
        try:
            return claim_on(self.world, register, today_of(register, event.time), event.time)
        except IMPOSSIBLE as fault:
            self._differ(event, "RECOVER-1", "claim", "figures that are known", "none", f"{fault}")
            return None

    def _funded(self, event: Event, register: Register) -> None:
        units, amount = register.supply.units, event["amount"]
        record = register.records + 1
        self._equal(event, "RECOVER-1", "record", record, event["record"], "not the next record date")
        self._equal(event, "RECOVER-1", "units", units, event["units"], "not the units outstanding")
        if not register.life.claim.day:
            self._differ(event, "RECOVER-1", "ClaimSet", "an event", "none", "the claim was never set")
        if register.life.claim.closed:
            message = "the last recovery was announced before"
            self._differ(event, "RECOVER-2", "record", "no recovery", event["record"], message)
        claim = self._claim(event, register)
        if claim is None or not units:
            return
        most = owed_in_all(claim, units)
        if not 0 < amount <= most:
            self._differ(event, "RECOVER-1", "amount", f"1 to {most}", amount, "not what can be paid in")
        left = lowered(claim, amount, units)
        for name, value in (("principal", left.principal), ("interest", left.interest)):
            self._equal(event, "RECOVER-1", name, value, event[name], "not the claim less its part of it")
        told = [e for e in self.tx.named("Servicing", "DefaultClosed") if e["bond"] == event["bond"]]
        if amount == most and not told:
            self._differ(event, "RECOVER-2", "amount", "closed", "open", "it covers all: it is the last")

    def _closed(self, event: Event, register: Register) -> None:
        funded = [e for e in self.tx.named("Servicing", "RecoveryFunded") if e["bond"] == event["bond"]]
        if not funded or register.life.claim.closed:
            message = "no recovery closes it, or it was closed before"
            self._differ(event, "RECOVER-2", "record", "a last recovery", event["record"], message)
            return
        for name in ("record", "principal", "interest"):
            wanted, found = funded[-1][name], event[name]
            self._equal(event, "RECOVER-2", name, wanted, found, "not what the recovery left")
        payer = funded[-1]["payer"]
        self._equal(event, "RECOVER-2", "actor", payer, event["actor"], "another closed it than paid in")
