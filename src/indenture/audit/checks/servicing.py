"""PAY-1 to PAY-5, TAX-1, CLAIM-2: every amount recomputed from terms, fixings, claims and register."""

from __future__ import annotations

from collections import Counter, defaultdict

from indenture.audit.checks.base import Check
from indenture.audit.checks.payouts import Payout, payout_of, settlement_of
from indenture.audit.events import Event
from indenture.audit.findings import IMPOSSIBLE
from indenture.audit.model import unit_payment
from indenture.audit.replay import World
from indenture.audit.replay.register import Register
from indenture.audit.replay.servicing import Place

_SERVING = ("HoldersPaid", "ClaimsPaid")


class ServicingCheck(Check):
    """Each event of the Servicing against the register as rebuilt so far."""

    KINDS = ("Servicing",)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._payouts: defaultdict[Place, list[Payout]] = defaultdict(list)

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
            case "HoldersPaid" | "ClaimsPaid":
                self._paid(event, register)
            case "ActionSettled":
                payout = settlement_of(self.world, self.tx, event)
                if payout is not None:
                    self._payouts[event["bond"], 0].append(payout)  # told of as period 0
            case "PaymentCompleted":
                self._completed(event)
            case "AmountCollected":
                self._collected(event, register)

    def _close(self) -> None:
        """PAY-4: complete when, and only when, all units are served; PAY-3, TAX-1: the whole transaction."""
        for event in self.tx.events:
            payment = None
            if event.kind == "Servicing" and event.name in _SERVING:
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
        for event in self.tx.named("Servicing", "PaymentCompleted"):
            payment = self.world.servicing.payments.get((event["bond"], event["period"]))
            if payment is not None:
                left = payment.funded - payment.paid
                self._equal(event, "PAY-4", "residue", left, event["residue"], "not funded less paid")
        self._kept()
        self._withheld()
        self._payouts.clear()

    # --- funding

    def _funded(self, event: Event, register: Register) -> None:
        period = event["period"]
        if (event["bond"], period) in self.world.servicing.payments:
            self._differ(event, "PAY-1", "period", "a new payment", period, "it was funded before")
        if register.life.due_period:
            message = "the bond was made due: what it owes is one claim"
            self._differ(event, "PAY-1", "bond", "a bond that goes on", "one that is due", message)
        if not 1 <= period <= register.records:
            self._differ(
                event, "PAY-1", "period", f"1 to {register.records}", period, "its record date had not passed"
            )
            return
        units = register.supply.units_at(period)
        self._equal(event, "PAY-1", "units", units, event["units"], "not the units at the record date")
        try:
            each = unit_payment(register.deal(event.time), period)
        except IMPOSSIBLE as fault:
            self._differ(event, "PAY-1", "period", "a period whose figures are known", period, str(fault))
            return
        if not each.interest and not each.principal:
            self._differ(event, "PAY-1", "period", "a period that pays", period, "nothing is paid for it")
        amounts = {"interest": each.interest_of(units), "principal": each.principal_of(units)}
        for name, amount in amounts.items():
            self._equal(event, "PAY-1", name, amount, event[name], "not by the terms")

    # --- payment

    def _paid(self, event: Event, register: Register) -> None:
        period, bond = event["period"], event["bond"]
        payment = self.world.servicing.payments.get((bond, period))
        if payment is None:
            self._differ(event, "PAY-1", "period", "a funded payment", period, "nobody had funded it")
        days = register.days.get(period)
        if days is None or event.time < days[3] or period > register.records:
            pay_time = days[3] if days else "an announced day"
            self._differ(event, "PAY-5", "time", f">= {pay_time}", event.time, "paid before the payment day")
        payout = payout_of(self.world, event)
        if payout is None:
            return
        self._payouts[bond, period].append(payout)
        kind = "PAY-2" if event.name == "HoldersPaid" else "CLAIM-2"
        self._equal(event, kind, "units", payout.units, event["units"], "not the units that are owed")
        self._equal(event, kind, "amount", payout.amount, event["amount"], "not by the terms, one by one")
        if not payout.units:
            self._differ(event, kind, "units", "somebody to pay", "nobody", "nobody was owed anything")

    def _kept(self) -> None:
        """PAY-3: what is kept, and for whom; only a payment keeps."""
        told: defaultdict[Place, dict[str, list[Event]]] = defaultdict(dict)
        for event in self.tx.named("Servicing", "AmountKept"):
            told[event["bond"], event["period"]].setdefault(event["holder"], []).append(event)
        for place in dict.fromkeys([*told, *self._payouts]):
            register = self.world.bonds.get(place[0])
            if not self._payouts[place]:
                for event in (e for events in told[place].values() for e in events):
                    message = "kept, but nothing was paid"
                    self._differ(event, "PAY-3", "period", "a payment", event["period"], message)
                continue
            if register is None or register.terms.currency not in self.world.cash:
                continue  # a strange token may have its own reasons not to be sent
            wanted: Counter[str] = Counter()
            for payout in self._payouts[place]:
                wanted += payout.kept
            for holder in dict.fromkeys([*told[place], *wanted]):
                events = told[place].get(holder, [])
                found = sum(event["amount"] for event in events)
                at = events[0] if events else self._serving(place)
                self._equal(
                    at, "PAY-3", f"kept for {holder}", wanted[holder], found, "not what could not be sent"
                )

    def _withheld(self) -> None:
        """TAX-1: from whom how much is withheld, in the order of the batch."""
        told: defaultdict[Place, list[Event]] = defaultdict(list)
        for event in self.tx.named("Servicing", "TaxWithheld"):
            told[event["bond"], event["period"]].append(event)
        for place in dict.fromkeys([*told, *self._payouts]):
            wanted = [tax for payout in self._payouts[place] for tax in payout.taxes]
            for event, tax in zip(told[place], wanted, strict=False):
                for name, value in zip(("holder", "gross", "tax", "net"), tax, strict=True):
                    self._equal(
                        event, "TAX-1", name, value, event[name], "not by terms and class of the holder"
                    )
            for event in told[place][len(wanted) :]:
                self._differ(
                    event, "TAX-1", "holder", "nobody", event["holder"], "nothing was to be withheld"
                )
            for holder, *_ in wanted[len(told[place]) :]:
                message = "tax was to be withheld, and is not told of"
                self._differ(self._serving(place), "TAX-1", "holder", holder, "nobody", message)

    def _serving(self, place: Place) -> Event:
        """The event that told of a payment."""
        return next(
            e
            for e in self.tx.events
            if e.kind == "Servicing"
            and e.name in (*_SERVING, "ActionSettled")
            and (e["bond"], e.args.get("period", 0)) == place
        )

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

    def _collected(self, event: Event, register: Register) -> None:
        kept = self.world.servicing.kept[event["bond"], event["holder"]]
        self._equal(event, "PAY-3", "amount", kept, event["amount"], "not what was kept")
        frozen = register.entries[event["holder"]].frozen
        self._equal(event, "PAY-3", "frozen", 0, frozen, "collected while units were frozen")
