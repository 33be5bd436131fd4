"""OFFER-6: each batch of a proof carries its prover just as far as its orders reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from indenture.audit.calls import Calls
from indenture.audit.checks.base import Check
from indenture.audit.events import Event, History
from indenture.audit.model import by_cut
from indenture.audit.replay import World
from indenture.audit.replay.offering import Offering, Proof


class AllocationCheck(Check):
    """Repeats the pass of a prover over the orders, batch by batch.

    The accounts of a batch are in the call only.  Through another contract they are not in sight: then a pass
    must go on from where it was, and the view tells the rest.
    """

    def __init__(self, world: World, calls: Calls) -> None:
        super().__init__(world)
        self._calls = calls

    @staticmethod
    def to_prefetch(history: History) -> Iterator[str]:
        """Every transaction that took a proof further."""
        for tx in history.transactions:
            if any(e.name in ("AllocationContinued", "AllocationProved") for e in tx.events):
                yield tx.tx_hash

    def _look(self, event: Event) -> None:
        if event.name not in ("AllocationContinued", "AllocationProved"):
            return
        offering = self.world.offerings.offerings.get(event["offeringId"])
        if offering is None:
            return  # reported by OFFER-1
        ends = event.name == "AllocationProved"
        prover = event["actor" if ends else "prover"]
        proof = _started(offering, prover, event)
        call = self._calls.get(self.tx.tx_hash)
        name, args = (call.decode(event.kind) if call and call.to == event.address else None) or ("", None)
        if name == "allocate":
            proof = self._repeated(event, offering, proof, args)
            if ends:
                self._expect(event, "units", offering.ordered, proof.units, "the pass left orders out")
                return
            found = Proof(
                event["last"], event["units"], event["allotted"], proof.cut_remainder, proof.cut_account
            )
            self._expect(event, "proof", proof, found, "not how far the batch reaches")
        elif not ends:
            self._onwards(event, proof)

    def _repeated(self, event: Event, offering: Offering, proof: Proof, args: Any) -> Proof:
        """The proof after the batch of a call."""
        asked = (args.offeringId, args.cutRemainder, args.cutAccount)
        said = (event["offeringId"], event["cutRemainder"], event["cutAccount"])
        self._expect(event, "cut", asked, said, "the transaction asked for something else")
        orders = offering.living_orders()
        given = by_cut(
            orders, offering.conditions.offered, offering.lot, event["cutRemainder"], event["cutAccount"]
        )
        for account in args.accounts:
            if account not in orders or _number(account) <= _number(proof.last):
                self._expect(event, "accounts", "living orders, upwards", account, "it has no place here")
                continue
            proof = replace(
                proof,
                last=account,
                units=proof.units + orders[account],
                allotted=proof.allotted + given[account],
            )
        return proof

    def _onwards(self, event: Event, proof: Proof) -> None:
        if _number(event["last"]) < _number(proof.last) or event["units"] < proof.units:
            found = (event["last"], event["units"])
            self._expect(event, "last", f"from {proof.last} on", found, "the pass went back")

    def _expect(self, event: Event, key: str, expected: object, found: object, message: str) -> None:
        self.world.expect(event, "OFFER-6", key, expected, found, message)


def _started(offering: Offering, prover: str, event: Event) -> Proof:
    """Where the prover's pass was; with another cut it starts anew."""
    cut = (event["cutRemainder"], event["cutAccount"])
    proof = offering.proofs.get(prover) or Proof()
    if (proof.cut_remainder, proof.cut_account) == cut:
        return proof
    return Proof(cut_remainder=cut[0], cut_account=cut[1])


def _number(account: str) -> int:
    return int(account, 16)
