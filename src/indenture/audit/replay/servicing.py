"""Payments: what was funded, who was served, what is kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from indenture.audit.events import Event
from indenture.audit.replay.touched import Touched


@dataclass(slots=True)
class Payment:
    """The escrow of one payment; ``residue`` is None until all units are served."""

    funded: int
    interest: int
    principal: int
    units: int
    funded_at: int
    payer: str
    paid: int = 0
    units_paid: int = 0
    holders_paid: int = 0
    residue: int | None = None
    first_paid_at: int | None = None


class ServicingBook:
    """Payments by bond and period, and kept amounts by bond and holder.

    ``owed`` is what the escrow must hold for each bond: what was funded and not sent.
    """

    def __init__(self, touched: Touched) -> None:
        self.payments: dict[tuple[str, int], Payment] = {}
        self.kept: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.owed: defaultdict[str, int] = defaultdict(int)
        self._touched = touched

    def apply(self, event: Event) -> None:
        """Takes one event of the Servicing in."""
        bond = event["bond"]
        match event.name:
            case "PaymentFunded":
                self.payments[bond, event["period"]] = Payment(
                    funded=event["interest"] + event["principal"],
                    interest=event["interest"],
                    principal=event["principal"],
                    units=event["units"],
                    funded_at=event.time,
                    payer=event["payer"],
                )
                self.owed[bond] += event["interest"] + event["principal"]
            case "AmountKept":
                self._keep(bond, event["holder"], event["amount"])
                self.owed[bond] += event["amount"]
            case "AmountCollected":
                self._keep(bond, event["holder"], -event["amount"])
                self.owed[bond] -= event["amount"]
            case "HoldersPaid" | "PaymentCompleted":
                payment = self.payments.get((bond, event["period"]))
                if payment is not None:
                    self._serve(payment, bond, event)
        if "period" in event.args:
            self._touched.add("payment", bond, event["period"])

    def _serve(self, payment: Payment, bond: str, event: Event) -> None:
        if event.name == "PaymentCompleted":
            payment.residue = event["residue"]
            if payment.residue:
                self._keep(bond, event["payer"], payment.residue)
            return
        payment.paid += event["amount"]
        self.owed[bond] -= event["amount"]
        payment.units_paid += event["units"]
        payment.first_paid_at = payment.first_paid_at or event.time

    def serve(self, bond: str, period: int, holders: int) -> None:
        """So many holders were served."""
        if (bond, period) in self.payments:
            self.payments[bond, period].holders_paid += holders

    def _keep(self, bond: str, holder: str, change: int) -> None:
        self.kept[bond, holder] += change
        self._touched.add("kept", bond, holder)
