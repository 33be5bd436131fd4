"""What a batch of a payment has to bring about: who is sent, withheld from, or kept how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from indenture.audit.events import Event, Transaction
from indenture.audit.model import tax_rate
from indenture.audit.replay import World
from indenture.audit.replay.amounts import settled_each
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.life import EXCHANGE, Action
from indenture.audit.replay.register import Register
from indenture.audit.replay.servicing import Payment


@dataclass(slots=True)
class Payout:
    """One batch, as the model has it.

    Attributes:
        redeemed: Units that are burned, by holder.
        issued: Units of the bond that they are exchanged for, by holder.
        units: Units that are served.
        amount: What is due on them.
        taxes: Holder, interest, tax and what is left of the interest, in the order of the batch.
        sent: Movements of cash, by receiver.
        kept: What is kept, by name.
    """

    redeemed: dict[str, int] = field(default_factory=dict)
    issued: dict[str, int] = field(default_factory=dict)
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
    due = register.owed(period, event["holders"])
    payout = _Batch(world, register, payment, event).out(_own(world, event, due))
    payout.redeemed = due if period == register.records and register.closed else {}
    return payout


def settlement_of(world: World, tx: Transaction, event: Event) -> Payout | None:
    """What ``ActionSettled`` has to bring about; elections are as before, units have moved already.

    None for a bond that is not registered, or an event that nobody funded.
    """
    bond, number = event["bond"], event["action"]
    register, payment = world.bonds.get(bond), world.servicing.actions.get((bond, number))
    action = register.life.actions.get(number) if register else None
    if register is None or action is None or payment is None:
        return None
    taken: dict[str, int] = {}
    issued: dict[str, int] = {}
    # In default, who was recorded for anything since the funding keeps his unit, and its claim.
    gone = register.life.due_period and register.records != action.raw.redemption
    supply = _Receiving(world, tx, event, action) if action.kind == EXCHANGE else None
    for holder in dict.fromkeys(event["holders"]):
        units = 0 if gone else action.elections.get(holder, 0)
        if units and supply is None:
            taken[holder] = action.taken(units)
        elif units and supply is not None and supply.may_receive(holder, action.exchanged(units)):
            # Who may not hold the new bond keeps the old one.
            taken[holder], issued[holder] = units, action.exchanged(units)
    each = settled_each(register, action, payment.each, payment.units, event.time)
    payout = _Batch(world, register, replace(payment, each=each), event).out(taken)
    payout.redeemed, payout.issued = {h: units for h, units in taken.items() if units}, issued
    return payout


class _Receiving:
    """Whether units of another bond can be issued, holder by holder; those of this act are out already."""

    def __init__(self, world: World, tx: Transaction, event: Event, action: Action) -> None:
        self._world = world
        self._event = event
        self._target = world.bonds.get(action.raw.target)
        moved = [e for e in tx.named("Bond", "Transfer") if e.address == action.raw.target]
        self._issued = {e["to"]: e["value"] for e in moved if e["from"] == ZERO}
        out = sum(self._issued.values())
        self._supply = self._target.supply.units - out if self._target else 0

    def may_receive(self, holder: str, units: int) -> bool:
        """Eligible, enough for the minimum, and the bond takes units still."""
        target = self._target
        if target is None or target.is_over(self._event.time) or target.life.due_period:
            return False
        had = target.units_of(holder) - self._issued.get(holder, 0)
        fits = (
            self._world.members.of(holder).eligible(self._event.time, target.terms.eligible)
            and had + units >= target.terms.minimum_units
            and self._supply + units <= target.terms.units
        )
        self._supply += units if fits else 0
        return fits


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
        self._is_action = event.name == "ActionSettled"

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
            gross, tax = each.taxable_of(units), each.tax_of(units, rate)
            if tax or not self._is_action:
                payout.taxes.append((holder, gross, tax, gross - tax))
        frozen = min(entry.frozen, units) if entry else 0
        if frozen and self._is_action:
            frozen = units  # nothing that is due to somebody who is frozen leaves his name
        free = each.net_of(units - frozen, rate)
        payout.kept[holder] += net - free
        self._send(payout, holder, free)

    def _rate(self, holder: str) -> int:
        if not self._payment.withholds and not self._is_action:
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
