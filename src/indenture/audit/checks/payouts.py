"""What a batch of a payment has to bring about: who is sent, withheld from, or kept how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from indenture.audit.events import Event
from indenture.audit.model import tax_rate
from indenture.audit.replay import World
from indenture.audit.replay.register import Register
from indenture.audit.replay.servicing import Payment


@dataclass(slots=True)
class Payout:
    """One batch, as the model has it.

    Attributes:
        redeemed: Units that are burned, by holder.
        units: Units that are served.
        amount: What is due on them.
        taxes: Holder, interest, tax and what is left of the interest, in the order of the batch.
        sent: Movements of cash, by receiver.
        kept: What is kept, by name.
    """

    redeemed: dict[str, int] = field(default_factory=dict)
    units: int = 0
    amount: int = 0
    taxes: list[tuple[str, int, int, int]] = field(default_factory=list)
    sent: list[tuple[str, int]] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)


def payout_of(world: World, event: Event) -> Payout | None:
    """What ``HoldersPaid`` or ``ClaimsPaid`` has to bring about; the world is as it was before.

    None for a bond that is not registered, or a payment that nobody funded.
    """
    bond, period = event["bond"], event["period"]
    register, payment = world.bonds.get(bond), world.servicing.payments.get((bond, period))
    if register is None or payment is None:
        return None
    if event.name == "ClaimsPaid":
        buyers = dict.fromkeys(event["buyers"])
        claimed = {b: world.servicing.claimed[bond, period, b] for b in buyers}
        return _Batch(world, register, payment, event).out(
            {b: units for b, units in claimed.items() if units}
        )
    due = register.due(period, event["holders"])
    payout = _Batch(world, register, payment, event).out(_own(world, event, due))
    payout.redeemed = due if period == register.last and register.closed else {}
    return payout


def _own(world: World, event: Event, due: Mapping[str, int]) -> dict[str, int]:
    """Without the units whose payment was sold along."""
    bond, period = event["bond"], event["period"]
    if (bond, period) not in world.servicing.has_claims:
        return dict(due)
    return {h: units - world.servicing.transferred[bond, period, h] for h, units in due.items()}


class _Batch:
    """Works one batch out, holder by holder."""

    def __init__(self, world: World, register: Register, payment: Payment, event: Event) -> None:
        self._world = world
        self._register = register
        self._payment = payment
        self._event = event

    def out(self, units: Mapping[str, int]) -> Payout:
        """The whole batch."""
        payout, provisions = Payout(), self._register.terms.provisions
        for holder, own in units.items():
            if own > 0:
                self._serve(payout, holder, own)
        taxed = sum(tax for _, _, tax, _ in payout.taxes)
        self._send(payout, provisions.taxAccount, taxed)
        return payout

    def _serve(self, payout: Payout, holder: str, units: int) -> None:
        each, entry = self._payment.each, self._register.entries.get(holder)
        rate = self._rate(holder)
        net = each.net_of(units, rate)
        payout.units += units
        payout.amount += each.amount_of(units)
        if rate:
            gross, tax = each.interest_of(units), each.tax_of(units, rate)
            payout.taxes.append((holder, gross, tax, gross - tax))
        frozen = min(entry.frozen, units) if entry else 0
        free = each.net_of(units - frozen, rate)
        payout.kept[holder] += net - free
        self._send(payout, holder, free)

    def _rate(self, holder: str) -> int:
        if not self._payment.withholds:
            return 0
        verdicts = self._world.members.of(holder).verdicts
        return tax_rate(self._register.terms.provisions.withholdings, verdicts)

    def _send(self, payout: Payout, receiver: str, amount: int) -> None:
        """Cash moves between active members; what cannot be sent is kept."""
        if not amount:
            return
        of, time = self._world.members.of, self._event.time
        here = self._event.address
        if receiver != here and of(receiver).active(time) and of(here).active(time):
            payout.sent.append((receiver, amount))
        else:
            payout.kept[receiver] += amount
