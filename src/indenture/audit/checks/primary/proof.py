"""ALLOT-1 and ALLOT-2: the shares of unfilled levels, and how far each batch carries its prover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from indenture.audit.calls import Calls
from indenture.audit.checks.primary.base import Act, PrimaryCheck
from indenture.audit.events import Event, Transaction
from indenture.audit.model.tender import NON_COMPETITIVE, Entry, entry_share
from indenture.audit.replay import World
from indenture.audit.replay.offering import Offering, Proof, opened_word


class ProofCheck(PrimaryCheck):
    """Repeats the pass of a prover over the openings, batch by batch.

    The openings of a batch are in the call only.  Through another contract they are not in sight: then a pass
    must go on from where it was, and the view tells the rest.
    """

    def __init__(self, world: World, calls: Calls) -> None:
        super().__init__(world)
        self._calls = calls

    @staticmethod
    def to_prefetch(transactions: Sequence[Transaction]) -> Iterator[str]:
        """Every transaction that took a proof further."""
        for tx in transactions:
            if any(e.name in ("AllocationContinued", "AllocationProved") for e in tx.events):
                yield tx.tx_hash

    def acts(self) -> dict[str, Act]:
        """What looks at which event."""
        return {"AllocationContinued": self._continued, "AllocationProved": self._proved}

    def _proved(self, event: Event, offering: Offering) -> None:
        """Cuts that give others the same would be as good: what counts are the shares."""
        for bid, wanted in offering.outcome.allotments.items():
            found = _by_cut(offering, bid.bidder, bid, event["cuts"])
            key = f"{bid.bidder} for {bid.account} at {bid.quote}"
            self._equal(event, "ALLOT-1", key, wanted, found, "not pro rata by largest remainder")
        proof = self._after(event, offering, event["actor"])
        clearing = offering.outcome.clearing
        if proof is None:
            return
        for key, asked, share, proved in (
            ("marginalBid", clearing.marginal_bid, clearing.marginal_share, proof.marginal_bid),
            (
                "nonCompetitiveBid",
                clearing.non_competitive_bid,
                clearing.non_competitive_share,
                proof.non_competitive_bid,
            ),
        ):
            if asked != share:
                self._equal(event, "ALLOT-2", key, asked, proved, "the pass left bids out")

    def _continued(self, event: Event, offering: Offering) -> None:
        proof = self._after(event, offering, event["prover"])
        found = Proof(
            event["last"],
            tuple(event["cuts"]),
            event["marginalBid"],
            event["marginalShare"],
            event["nonCompetitiveBid"],
            event["nonCompetitiveShare"],
        )
        if proof is not None:
            self._equal(event, "ALLOT-2", "proof", proof, found, "not how far the batch reaches")
            return
        before = _started(offering, event["prover"], event["cuts"])
        if _number(found.last) < _number(before.last):
            self._differ(event, "ALLOT-2", "last", f"from {before.last} on", found.last, "the pass went back")

    def _after(self, event: Event, offering: Offering, prover: str) -> Proof | None:
        """The proof after the batch of a call; None when the call is not in sight."""
        args = self._calls.arguments(event, "allocate")
        if args is None:
            return None
        proof = _started(offering, prover, event["cuts"])
        for opening in args.openings:
            bidder = opening.bidder
            if offering.words.get(bidder) != opened_word(opening.bids) or _number(bidder) <= _number(
                proof.last
            ):
                self._differ(
                    event, "ALLOT-2", "openings", "living bids, upwards", bidder, "it has no place here"
                )
                continue
            proof = _onwards(offering, replace(proof, last=bidder), opening.bids, event["cuts"])
        return proof


def _onwards(offering: Offering, proof: Proof, bids: tuple[Any, ...], cuts: Any) -> Proof:
    """The proof after one bidder's bids at unfilled levels."""
    tender, clearing = offering.outcome.tender, offering.outcome.clearing
    for bid in bids:
        units = _by_cut(offering, proof.last, bid, cuts)
        if bid.quote == NON_COMPETITIVE:
            proof = replace(
                proof,
                non_competitive_bid=proof.non_competitive_bid + bid.units,
                non_competitive_share=proof.non_competitive_share + units,
            )
        elif tender.level(bid.quote) == clearing.marginal_level:
            proof = replace(
                proof,
                marginal_bid=proof.marginal_bid + bid.units,
                marginal_share=proof.marginal_share + units,
            )
    return proof


def _by_cut(offering: Offering, bidder: str, bid: Any, cuts: Any) -> int:
    """Units of a bid under cuts that somebody claims; bids at other levels need none."""
    outcome = offering.outcome
    tender, clearing = outcome.tender, outcome.clearing
    entry = Entry(bidder, bid.account, bid.units)
    if bid.quote == NON_COMPETITIVE:
        return entry_share(
            tender,
            entry,
            clearing.non_competitive_share,
            clearing.non_competitive_bid,
            cuts.nonCompetitive,
        )
    level = tender.level(bid.quote)
    if level == clearing.marginal_level:
        return entry_share(tender, entry, clearing.marginal_share, clearing.marginal_bid, cuts.marginal)
    wins = clearing.first_level <= level < clearing.marginal_level
    return entry.units if wins else 0


def _started(offering: Offering, prover: str, cuts: Any) -> Proof:
    """Where the prover's pass was; with other cuts it starts anew."""
    proof = offering.proofs.get(prover) or Proof()
    return proof if proof.cuts == tuple(cuts) else Proof(cuts=(cuts.marginal, cuts.nonCompetitive))


def _number(account: str) -> int:
    return int(account, 16)
