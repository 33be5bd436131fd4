"""Payments: what was funded, who was served, what is kept, whose payment was sold along."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction

from indenture.audit.events import Event
from indenture.audit.model import Each
from indenture.audit.replay.touched import Touched

Place = tuple[str, int]
"""A bond and a period."""


@dataclass(slots=True)
class Payment:
    """The escrow of one payment, or of an event of holders; ``residue`` is None until all units are served.

    Attributes:
        each: What one unit is paid, by the model when it was funded: a fact from then on.
        pay_time: Unix time from which it is paid.
    """

    funded: int
    interest: int
    principal: int
    units: int
    funded_at: int
    payer: str
    each: Each
    pay_time: int
    is_last: bool = False
    withholds: bool = False
    paid: int = 0
    units_paid: int = 0
    holders_paid: int = 0
    residue: int | None = None
    first_paid_at: int | None = None


class ServicingBook:
    """Payments by bond and period, and kept amounts by bond and holder.

    ``owed`` is what the escrow must hold for each bond: what was funded and not sent.

    Attributes:
        claimed: Units of a payment that was sold along, by buyer, until he is paid.
        transferred: The same by seller, for ever.
        has_claims: Payments of which units went to a buyer before their seller was paid.
        claims_paid: Units for which a buyer has the money, and so owes it to whom he sells them.
        actions: Escrows of events of holders, by bond and number.
    """

    def __init__(self, touched: Touched) -> None:
        self.payments: dict[Place, Payment] = {}
        self.actions: dict[Place, Payment] = {}
        self.kept: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.owed: defaultdict[str, int] = defaultdict(int)
        self.claimed: defaultdict[tuple[str, int, str], int] = defaultdict(int)
        self.transferred: defaultdict[tuple[str, int, str], int] = defaultdict(int)
        self.has_claims: set[Place] = set()
        self.claims_paid: defaultdict[tuple[str, int, str], int] = defaultdict(int)
        self._touched = touched

    def fund(self, event: Event, each: Each, pay_time: int, *, is_last: bool, withholds: bool) -> None:
        """Takes ``PaymentFunded`` in, with what the model makes of the terms then."""
        self.payments[event["bond"], event["period"]] = Payment(
            funded=event["interest"] + event["principal"],
            interest=event["interest"],
            principal=event["principal"],
            units=event["units"],
            funded_at=event.time,
            payer=event["payer"],
            each=each,
            pay_time=pay_time,
            is_last=is_last,
            withholds=withholds,
        )
        self.owed[event["bond"]] += event["interest"] + event["principal"]
        self._touched.add("payment", event["bond"], event["period"])

    def fund_action(self, event: Event, each: Each, pay_time: int) -> None:
        """Takes ``ActionFunded`` in, with what the model makes of the event then."""
        funded = event["interest"] + event["principal"] + event["penalty"]
        self.actions[event["bond"], event["action"]] = Payment(
            funded=funded,
            interest=event["interest"],
            principal=event["principal"],
            units=event["units"],
            funded_at=event.time,
            payer=event["payer"],
            each=each,
            pay_time=pay_time,
        )
        self.owed[event["bond"]] += funded
        self._touched.add("action payment", event["bond"], event["action"])

    def fund_recovery(self, event: Event, pay_time: int) -> None:
        """Takes ``RecoveryFunded`` in."""
        amount, units = event["amount"], event["units"]
        self.payments[event["bond"], event["record"]] = Payment(
            funded=amount,
            interest=0,
            principal=amount,
            units=units,
            funded_at=event.time,
            payer=event["payer"],
            each=Each(principal=Fraction(amount, units)),
            pay_time=pay_time,
        )
        self.owed[event["bond"]] += amount
        self._touched.add("payment", event["bond"], event["record"])

    def close(self, event: Event) -> None:
        """Takes ``DefaultClosed`` in: the recovery that was funded is the last."""
        payment = self.payments.get((event["bond"], event["record"]))
        if payment is not None:
            payment.is_last = True

    def apply(self, event: Event) -> None:
        """Takes one of the other events of the Servicing in."""
        bond = event["bond"]
        match event.name:
            case "AmountKept":
                self._keep(bond, event["holder"], event["amount"])
                self.owed[bond] += event["amount"]
            case "AmountCollected":
                self._keep(bond, event["holder"], -event["amount"])
                self.owed[bond] -= event["amount"]
            case "ActionSettled" | "ActionCompleted":
                self._change(self.actions.get((bond, event["action"])), bond, event)
                self._touched.add("action payment", bond, event["action"])
            case "HoldersPaid" | "ClaimsPaid" | "PaymentCompleted" | "PenaltyFunded":
                self._change(self.payments.get((bond, event["period"])), bond, event)
        if "period" in event.args:
            self._touched.add("payment", bond, event["period"])

    def _change(self, payment: Payment | None, bond: str, event: Event) -> None:
        if payment is None:
            return  # what nobody funded is reported
        if event.name == "PenaltyFunded":
            payment.funded += event["amount"]
            payment.each = replace(payment.each, penalty=event["rate"])
            self.owed[bond] += event["amount"]
        else:
            self._serve(payment, bond, event)

    def _serve(self, payment: Payment, bond: str, event: Event) -> None:
        if event.name in ("PaymentCompleted", "ActionCompleted"):
            payment.residue = event["residue"]
            if payment.residue:
                self._keep(bond, event["payer"], payment.residue)
            return
        payment.paid += event["amount"]
        self.owed[bond] -= event["amount"]
        payment.units_paid += event.args.get("units", event.args.get("taken", 0))
        payment.first_paid_at = payment.first_paid_at or event.time
        for buyer in event.args.get("buyers", ()):
            if units := self.claimed.pop((bond, event["period"], buyer), 0):
                self.claims_paid[bond, event["period"], buyer] += units
                payment.holders_paid += 1
                self._touch_claims(bond, event["period"], buyer)

    def serve(self, bond: str, period: int, holders: int) -> None:
        """So many holders were served."""
        if (bond, period) in self.payments:
            self.payments[bond, period].holders_paid += holders

    # --- claims

    def hand(self, event: Event) -> None:
        """Takes ``ClaimTransferred`` in: what the seller still claims goes on first, then what is his own."""
        bond, period = event["bond"], event["period"]
        seller, buyer, units = event["seller"], event["buyer"], event["units"]
        on = min(self.claimed[bond, period, seller], units)
        self.claimed[bond, period, seller] -= on
        self.claimed[bond, period, buyer] += units
        if units > on:
            self.transferred[bond, period, seller] += units - on
            self.has_claims.add((bond, period))
        self._touch_claims(bond, period, seller, buyer)

    def repay(self, event: Event) -> None:
        """Takes ``ClaimSettled`` in: the seller had the money, by a claim of his or as a holder."""
        bond, period = event["bond"], event["period"]
        seller, buyer, units = event["seller"], event["buyer"], event["units"]
        on = min(self.claims_paid[bond, period, seller], units)
        self.claims_paid[bond, period, seller] -= on
        self.claims_paid[bond, period, buyer] += units
        self.transferred[bond, period, seller] += units - on
        self._touch_claims(bond, period, seller, buyer)

    def _touch_claims(self, bond: str, period: int, *accounts: str) -> None:
        self._touched.add("payment", bond, period)
        for account in accounts:
            self._touched.add("claimed", bond, period, account)
            self._touched.add("transferred", bond, period, account)

    def _keep(self, bond: str, holder: str, change: int) -> None:
        self.kept[bond, holder] += change
        self._touched.add("kept", bond, holder)
