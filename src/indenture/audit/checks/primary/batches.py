"""SETTLE-3: a batch deals with everybody it was given, as far as there is something to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from indenture.audit.calls import Calls
from indenture.audit.checks.base import Check
from indenture.audit.events import Event, Transaction
from indenture.audit.replay import World
from indenture.audit.replay.offering import Member, Offering, Stage, payer_of

_ENDS = ("ProceedsPaid", "WinnerLapsed", "BidEnded", "UnderwriterDischarged")


_NAMING = (
    "WinnerSettled",
    "WinnerSkipped",
    "RestTakenUp",
    "WinnerLapsed",
    "BidEnded",
    "UnderwriterDischarged",
)


class BatchCheck(Check):
    """Reads the call behind a batch: who was in it, and still waits after it, was passed over."""

    def __init__(self, world: World, calls: Calls) -> None:
        super().__init__(world)
        self._calls = calls

    @staticmethod
    def to_prefetch(transactions: Sequence[Transaction]) -> Iterator[str]:
        """Every transaction that ended something."""
        for tx in transactions:
            if any(e.kind == "Offering" and e.name in _ENDS for e in tx.events):
                yield tx.tx_hash

    def _close(self) -> None:
        own = [e for e in self.tx.events if e.kind == "Offering"]
        if not any(e.name in _ENDS for e in own):
            return
        call = self._calls.get(self.tx.tx_hash)
        decoded = call.decode("Offering") if call and call.to == own[0].address else None
        if decoded is None:
            return
        name, args = decoded
        offering = self.world.offerings.offerings.get(getattr(args, "offeringId", 0))
        if offering is None:
            return
        skipped = {e["bidder"] for e in own if e.name == "WinnerSkipped"}
        for account in self._waiting(name, args, offering, own[-1].time):
            if account not in skipped:
                self.world.differ(
                    own[-1], "SETTLE-3", account, "dealt with", "nothing", f"{name} passed it over in silence"
                )
        self._beside(own, name, args)

    def _waiting(self, name: str, args: Any, offering: Offering, time: int) -> Iterator[str]:
        """Who of a batch has still to be dealt with after it."""
        if name in ("settle", "lapse", "release"):
            for opening in args.openings:
                if opening.bidder in offering.words and self._is_for(name, opening.bidder, offering):
                    yield opening.bidder
        elif name == "forfeit":
            yield from (each.bidder for each in args.unopened if each.bidder in offering.words)
        elif name == "discharge":
            members = offering.syndicate
            yield from (a for a in args.underwriters if a in members and members[a].deposit)
        elif name == "takeUp":
            later = time > offering.conditions.settlesBy
            yield from (a for a in args.underwriters if self._may_take_up(a, offering, time, later=later))

    def _may_take_up(self, account: str, offering: Offering, time: int, *, later: bool) -> bool:
        member = offering.syndicate.get(account) or Member(0, 0)
        done = member.took_up_later if later else member.took_up
        return not done and offering.parts(account, time)[1 if later else 0] > 0

    def _is_for(self, name: str, bidder: str, offering: Offering) -> bool:
        """Whether an act is one for winners, and the bidder is one; release is for the others."""
        if offering.stage != Stage.PUBLISHED:
            return name == "release"
        return bool(offering.outcome.won[bidder]) == (name != "release")

    def _beside(self, own: list[Event], name: str, args: Any) -> None:
        """Nobody is dealt with that the call does not name."""
        listed = getattr(args, "openings", None) or getattr(args, "unopened", None) or ()
        named = {each.bidder for each in listed} | set(getattr(args, "underwriters", ()))
        for event in own:
            if event.name in _NAMING:
                account = payer_of(event)
                if account not in named:
                    self.world.differ(
                        event, "SETTLE-3", "bidder", "one of the batch", account, f"{name} did not name it"
                    )
