"""PAY-1 to PAY-5: every amount recomputed from terms and register."""

from __future__ import annotations

from collections import Counter

from indenture.audit.checks.base import Check
from indenture.audit.events import Event, Transaction
from indenture.audit.replay.register import Register


class ServicingCheck(Check):
    """Each event of the Servicing against the register as rebuilt so far."""

    def _look(self, event: Event) -> None:
        if event.kind != "Servicing":
            return
        register = self.world.bonds.get(event["bond"])
        if register is None:
            self._differ(
                event, "PAY-1", "bond", "a registered bond", event["bond"], "no such bond was registered"
            )
            return
        match event.name:
            case "PaymentFunded":
                self._funded(event, register)
            case "HoldersPaid":
                self._paid(self.tx, event, register)
            case "PaymentCompleted":
                self._completed(event)
            case "AmountCollected":
                self._collected(event, register)

    def _close(self) -> None:
        """PAY-4: complete when, and only when, all units are served; PAY-3: only a payment keeps."""
        for event in self.tx.named("Servicing", "HoldersPaid"):
            payment = self.world.servicing.payments.get((event["bond"], event["period"]))
            if payment is not None:
                all_served = payment.units_paid == payment.units
                self._equal(
                    event,
                    "PAY-4",
                    "completed",
                    all_served,
                    payment.residue is not None,
                    f"{payment.units_paid} of {payment.units} units are served",
                )
        paid = {(e["bond"], e["period"]) for e in self.tx.named("Servicing", "HoldersPaid")}
        for event in self.tx.named("Servicing", "AmountKept"):
            if (event["bond"], event["period"]) not in paid:
                self._differ(
                    event, "PAY-3", "period", "a payment", event["period"], "kept, but nothing was paid"
                )

    def _funded(self, event: Event, register: Register) -> None:
        period = event["period"]
        if (event["bond"], period) in self.world.servicing.payments:
            self._differ(event, "PAY-1", "period", "a new payment", period, "it was funded before")
        if not 1 <= period <= register.records:
            self._differ(
                event, "PAY-1", "period", f"1 to {register.records}", period, "its record date had not passed"
            )
            return
        units = register.supply.units_at(period)
        self._equal(event, "PAY-1", "units", units, event["units"], "not the units at the record date")
        terms = register.terms
        self._equal(
            event, "PAY-1", "interest", terms.interest(period, units), event["interest"], "not by the terms"
        )
        self._equal(
            event,
            "PAY-1",
            "principal",
            terms.principal(period, units),
            event["principal"],
            "not by the terms",
        )

    def _paid(self, tx: Transaction, event: Event, register: Register) -> None:
        period, bond = event["period"], event["bond"]
        if (bond, period) not in self.world.servicing.payments:
            self._differ(event, "PAY-1", "period", "a funded payment", period, "nobody had funded it")
        days = register.days.get(period)
        if days is None or event.time < days[3] or period > register.records:
            pay_time = days[3] if days else "an announced day"
            self._differ(event, "PAY-5", "time", f">= {pay_time}", event.time, "paid before the payment day")
        kept: Counter[str] = Counter()
        for kept_event in tx.named("Servicing", "AmountKept"):
            if (kept_event["bond"], kept_event["period"]) == (bond, period):
                kept[kept_event["holder"]] += kept_event["amount"]
        due = register.due(period, event["holders"])
        self._equal(
            event, "PAY-2", "units", sum(due.values()), event["units"], "not the units at the record date"
        )
        amount = sum(register.terms.amount(period, units) for units in due.values())
        self._equal(event, "PAY-2", "amount", amount, event["amount"], "not by the terms, holder by holder")
        for holder, units in due.items():
            self._kept(event, register, holder, units, kept[holder])

    def _kept(self, event: Event, register: Register, holder: str, units: int, kept: int) -> None:
        if register.terms.currency not in self.world.cash:
            return  # a strange token may have its own reasons not to be sent
        period, terms = event["period"], register.terms
        amount = terms.amount(period, units)
        frozen = min(register.entries[holder].frozen, units)
        sendable = terms.amount(period, units - frozen)
        members = self.world.members
        both = (holder, event.address)
        expected = amount - sendable if all(members.of(a).active(event.time) for a in both) else amount
        self._equal(event, "PAY-3", f"kept for {holder}", expected, kept, "not what could not be sent")

    def _completed(self, event: Event) -> None:
        payment = self.world.servicing.payments.get((event["bond"], event["period"]))
        if payment is None:
            self._differ(
                event, "PAY-4", "period", "a funded payment", event["period"], "nobody had funded it"
            )
            return
        if payment.residue is not None:
            self._differ(
                event, "PAY-4", "period", "an open payment", event["period"], "it was complete before"
            )
        self._equal(event, "PAY-4", "payer", payment.payer, event["payer"], "the residue is the payer's")
        self._equal(
            event, "PAY-4", "residue", payment.funded - payment.paid, event["residue"], "not funded less paid"
        )

    def _collected(self, event: Event, register: Register) -> None:
        kept = self.world.servicing.kept[event["bond"], event["holder"]]
        self._equal(event, "PAY-3", "amount", kept, event["amount"], "not what was kept")
        frozen = register.entries[event["holder"]].frozen
        self._equal(event, "PAY-3", "frozen", 0, frozen, "collected while units were frozen")

    def _equal(
        self, event: Event, kind: str, key: str, expected: object, found: object, message: str
    ) -> None:
        self.world.expect(event, kind, key, expected, found, message)

    def _differ(
        self, event: Event, kind: str, key: str, expected: object, found: object, message: str
    ) -> None:
        self.world.differ(event, kind, key, expected, found, message)
