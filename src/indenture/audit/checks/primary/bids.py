"""BID-1 and BID-2: bids keep the rules of the book, and what is opened is what was sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eth_utils.crypto import keccak

from indenture.audit.calls import Calls
from indenture.audit.checks.primary.base import Act, PrimaryCheck
from indenture.audit.events import Event, Transaction
from indenture.audit.model.tender import Bid, faults
from indenture.audit.replay import World
from indenture.audit.replay.offering import (
    NO_WORD,
    Form,
    Offering,
    commitment_of,
    opened_word,
    sealed_word,
)


class BidCheck(PrimaryCheck):
    """Each seal, each opening and each withdrawal.

    The salt of a seal stands in the call that opens it, and nowhere else: through another contract it is not
    in sight, and the view of the book's word tells the rest.
    """

    def __init__(self, world: World, calls: Calls, chain_id: int) -> None:
        super().__init__(world)
        self._calls = calls
        self._chain_id = chain_id

    @staticmethod
    def to_prefetch(transactions: Sequence[Transaction]) -> Iterator[str]:
        """Every transaction that opened, placed or withdrew bids."""
        for tx in transactions:
            if any(e.name in ("BidsOpened", "BidWithdrawn") for e in tx.events):
                yield tx.tx_hash

    def acts(self) -> dict[str, Act]:
        """What looks at which event."""
        return {
            "BidSealed": self._sealed,
            "BidEncrypted": self._encrypted,
            "BidsOpened": self._opened,
            "BidWithdrawn": self._withdrawn,
        }

    def _sealed(self, event: Event, offering: Offering) -> None:
        form = offering.conditions.form
        told = [
            keccak(e["ciphertext"])
            for e in self.tx.named("Offering", "BidEncrypted")
            if e.index < event.index and _who(e) == _who(event)
        ]
        self._equal(
            event,
            "BID-1",
            "ciphertextHash",
            (told or [NO_WORD])[-1],
            event["ciphertextHash"],
            "not the hash of what was encrypted",
        )
        found = (event["ciphertextHash"] != NO_WORD) + Form.SEALED
        self._equal(event, "BID-1", "form", Form(form).name, Form(found).name, "not the form of this book")

    def _encrypted(self, event: Event, _: Offering) -> None:
        sealed = [e for e in self.tx.named("Offering", "BidSealed") if _who(e) == _who(event)]
        if not any(e.index > event.index for e in sealed):
            self._differ(event, "BID-1", "bidder", "a seal", "none", "something was encrypted for no seal")

    def _opened(self, event: Event, offering: Offering) -> None:
        bidder = event["bidder"]
        bids = [Bid(bidder, bid.account, bid.quote, bid.units) for bid in event["bids"]]
        rule = offering.rule_of(bidder)
        for fault in faults(offering.tender, bids, rule.minimum, rule.maximum):
            self._differ(
                event, "BID-1", fault.key, fault.expected, fault.found, "these bids break a rule of the book"
            )
        if offering.conditions.form == Form.OPEN:
            self._replaced(event, offering)
        else:
            self._unsealed(event, offering)

    def _unsealed(self, event: Event, offering: Offering) -> None:
        bidder = event["bidder"]
        seal = offering.seals.get(bidder)
        if seal is None:
            self._differ(event, "BID-2", "bidder", "a sealed bid", bidder, "nothing was sealed by it")
            return
        word = sealed_word(seal.commitment, seal.ciphertext_hash)
        if offering.words.get(bidder) != word:
            self._differ(event, "BID-2", "bidder", "bids still sealed", bidder, "they were opened before")
        args = self._calls.arguments(event, "openBid")
        if args is not None:
            committed = commitment_of(
                self._chain_id, event.address, offering.number, bidder, event["bids"], args.salt
            )
            self._equal(
                event, "BID-2", "commitment", seal.commitment, committed, "not the bids that were sealed"
            )
            self._equal(
                event,
                "BID-2",
                "ciphertextHash",
                seal.ciphertext_hash,
                args.ciphertextHash,
                "not the ciphertext that was sealed",
            )

    def _replaced(self, event: Event, offering: Offering) -> None:
        """An open book's bids are replaced by who shows the ones before."""
        self._shown(event, offering, "placeBid")

    def _withdrawn(self, event: Event, offering: Offering) -> None:
        bidder = event["bidder"]
        if bidder not in offering.words:
            self._differ(event, "BID-2", "bidder", "a bid", bidder, "it had none in this book")
        if offering.conditions.form == Form.OPEN:
            self._shown(event, offering, "withdrawBid")

    def _shown(self, event: Event, offering: Offering, function: str) -> None:
        args = self._calls.arguments(event, function)
        if args is not None:
            before = offering.bids.get(event["bidder"], ())
            self._equal(
                event,
                "BID-2",
                "previous",
                opened_word(before),
                opened_word(args.previous),
                "not those before",
            )


def _who(event: Event) -> tuple[int, str]:
    """Whose bid an event is about."""
    return event["offeringId"], event["bidder"]
