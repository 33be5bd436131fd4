"""UNITS-3 to UNITS-5, RECORD-2 to RECORD-4: each movement of units against the rules at that moment."""

from __future__ import annotations

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.register import Register

# What burns units that are bound, in the act that pays for them.
_RETIRING = ("ActionSettled", "UnitsCancelled")


class RegisterCheck(Check):
    """What a bond allows, from the rebuilt words, entries and terms."""

    NAMES = ("Transfer",)

    def _look(self, event: Event) -> None:
        register = self.world.bonds.get(event.address)
        if register is None or event.name != "Transfer":
            return
        if register.shut:
            self._differ(event, "UNITS-4", "value", "no movement", event["value"], "the books are shut")
        if event["to"] == ZERO:
            self._redemption(event, register)
            return
        self._timing(event, register)
        forced = any(
            (e["from"], e["to"], e["amount"]) == (event["from"], event["to"], event["value"])
            for e in self.tx.named("Bond", "ForcedTransfer")
            if e.address == event.address
        )
        self._eligible(event, register, "to")
        if event["from"] == ZERO:
            self._issue(event, register)
        else:
            self._sender(event, register, forced=forced)
        after = register.units_of(event["to"]) + event["value"]
        if register.paused and not forced:
            self._differ(event, "UNITS-4", "value", "no movement", event["value"], "the bond is paused")
        if after < register.terms.minimum_units and not forced:
            self._differ(
                event,
                "UNITS-4",
                "to",
                f">= {register.terms.minimum_units}",
                after,
                "the holding is below the minimum denomination",
            )

    def _close(self) -> None:
        """RECORD-4: redeemed when the last unit is."""
        touched = {
            e.address: e
            for e in self.tx.events
            if e.kind == "Bond" and e.name in ("Transfer", "BondRedeemed")
        }
        for address, last in touched.items():
            register = self.world.bonds.get(address)
            if register is None or not register.issued:
                continue
            said = [e for e in self.tx.named("Bond", "BondRedeemed") if e.address == address]
            empty = register.supply.units == 0
            if empty != bool(said):
                self._differ(
                    last,
                    "RECORD-4",
                    "supply",
                    "redeemed" if empty else "not redeemed",
                    "redeemed" if said else "not redeemed",
                    f"{register.supply.units} units are outstanding",
                )
            for event in said:
                if event["period"] != register.records:
                    self._differ(
                        event,
                        "RECORD-4",
                        "period",
                        register.records,
                        event["period"],
                        "not the last record date so far",
                    )

    def _timing(self, event: Event, register: Register) -> None:
        if register.closed:
            self._differ(event, "UNITS-4", "value", "no movement", event["value"], "the books are closed")
            return
        due = register.next_time or register.announceable_from(1)
        if event.time >= due:
            self._differ(
                event,
                "RECORD-3",
                "time",
                f"< {due}",
                event.time,
                "units moved while an announcement or a record date was due",
            )

    def _issue(self, event: Event, register: Register) -> None:
        supply = register.supply.units + event["value"]
        if supply > register.terms.units:
            self._differ(
                event,
                "UNITS-5",
                "value",
                f"<= {register.terms.units - register.supply.units}",
                event["value"],
                "more was issued than authorised",
            )

    def _sender(self, event: Event, register: Register, *, forced: bool) -> None:
        sender, units = event["from"], event["value"]
        held = register.units_of(sender)
        pledged = register.entries[sender].pledged
        free = max(0, held - pledged) if forced else register.free_of(sender)
        if units > free or units == 0:
            self._differ(
                event, "UNITS-4", "value", f"1 to {free}", units, f"{sender} had not that many free units"
            )
        if forced:
            return
        self._eligible(event, register, "from")
        left = held - units
        if 0 < left < register.terms.minimum_units:
            self._differ(
                event,
                "UNITS-4",
                "from",
                f"0 or >= {register.terms.minimum_units}",
                left,
                "what is left is below the minimum denomination",
            )

    def _eligible(self, event: Event, register: Register, side: str) -> None:
        account = event[side]
        if not self.world.members.of(account).eligible(event.time, register.terms.eligible):
            self._differ(
                event,
                "UNITS-3",
                side,
                "an eligible holder",
                account,
                f"{account} might not hold the bond then",
            )

    def _redemption(self, event: Event, register: Register) -> None:
        held = register.units_of(event["from"])
        if register.closed:
            if event["value"] != held:
                message = "not all units were redeemed at once"
                self._differ(event, "UNITS-4", "value", held, event["value"], message)
            return
        if not any(
            e["bond"] == event.address for name in _RETIRING for e in self.tx.named("Servicing", name)
        ):
            message = "units were burned before the last record date, and no event of holders took them"
            self._differ(event, "RECORD-2", "records", register.last, register.records, message)
        if event["value"] > held:
            self._differ(event, "UNITS-4", "value", f"<= {held}", event["value"], "more than was held")
