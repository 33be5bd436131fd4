"""The primary market of the auditor's story: mandates, bids, openings, proofs, by bare contract calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_abi.abi import encode
from eth_utils.crypto import keccak
from tests.audit.stage import Story, instant

from indenture.chain import Sender

NO_QUOTE = 2**64 - 1
OPEN, SEALED, ENCRYPTED = range(3)
RATE, PRICE = range(2)
UNIFORM, MULTIPLE, MIXED = range(3)
BASIS_POINT = 100_000

Tick = tuple[int, int, str]
"""Quote, units, account."""


class Market:
    """One offering: what is bid is remembered, as bidders remember it."""

    def __init__(
        self, story: Story, conditions: dict[str, Any], classes: Sequence[tuple[int, int, int]]
    ) -> None:
        self.story = story
        self.number = story.read("Offering", "offeringCount") + 1
        self.conditions = conditions
        self.bids: dict[str, list[Tick]] = {}
        self.salts: dict[str, bytes] = {}
        self.ciphertexts: dict[str, bytes] = {}
        self.do(story.issuer, "mandate", conditions, classes)
        key = b"\x17" * 32 if conditions["form"] == ENCRYPTED else bytes(32)
        self.do(story.bookrunner, "acceptMandate", self.number, key)

    def do(self, who: Sender, function: str, *args: Any) -> None:
        self.story.do(who, "Offering", function, *args)

    def read(self, function: str, *args: Any) -> Any:
        return self.story.read("Offering", function, self.number, *args)

    def open_book(self) -> None:
        """Opens the book in time, and lets its hours begin."""
        self.do(self.story.bookrunner, "openBook", self.number)
        self.story.node.time.mine(at=self.conditions["opensAt"])

    def join(self, underwriter: Sender, class_: int, commitment: int) -> None:
        self.do(self.story.bookrunner, "invite", self.number, underwriter.address, class_, commitment)
        self.do(underwriter, "joinSyndicate", self.number, class_, commitment)

    def place(self, bidder: Sender, *ticks: tuple[int, int]) -> None:
        """In an open book; what was placed before is replaced."""
        bids = _bids(bidder, ticks)
        self.do(bidder, "placeBid", self.number, bids, self.bids.get(bidder.address, []))
        self.bids[bidder.address] = bids

    def seal(self, bidder: Sender, *ticks: Any) -> None:
        """In a sealed or encrypted book; a tick may name an account for whom it is."""
        bids, salt = _bids(bidder, ticks), keccak(text=f"{bidder.address} {self.number} {ticks}")
        commitment = self.read("commitmentOf", bidder.address, bids, salt)
        self.bids[bidder.address], self.salts[bidder.address] = bids, salt
        if self.conditions["form"] == ENCRYPTED:
            self.ciphertexts[bidder.address] = keccak(commitment) * 3  # whatever: the chain cannot read it
            self.do(bidder, "encryptBid", self.number, commitment, self.ciphertexts[bidder.address])
        else:
            self.do(bidder, "sealBid", self.number, commitment)

    def opening(self, bidder: str) -> tuple[str, list[Tick]]:
        return bidder, self.bids[bidder]

    def openings(self, bidders: Sequence[Sender]) -> list[tuple[str, list[Tick]]]:
        return [self.opening(bidder.address) for bidder in bidders]

    def unseal(self, who: Sender, bidder: Sender) -> None:
        account = bidder.address
        self.do(
            who,
            "openBid",
            self.number,
            account,
            self.bids[account],
            self.salts[account],
            self.hash_of(account),
        )

    def hash_of(self, bidder: str) -> bytes:
        return keccak(self.ciphertexts[bidder]) if bidder in self.ciphertexts else bytes(32)

    def unopened(self, bidder: Sender) -> tuple[str, bytes, bytes]:
        """A seal as `BidSealed` told it."""
        account = bidder.address
        commitment = self.read("commitmentOf", account, self.bids[account], self.salts[account])
        return account, commitment, self.hash_of(account)

    def forget(self, *bidders: Sender) -> None:
        """Bids that were withdrawn or never opened."""
        for bidder in bidders:
            del self.bids[bidder.address]

    def at_cut_levels(self) -> tuple[tuple[int, int], list[tuple[str, list[Tick]]]]:
        """The cuts, and the openings of a proof, upwards."""
        book = self.read("bookOf")
        lowest, tick = self.conditions["lowest"], self.conditions["tick"]
        step = book.marginalLevel if book.basis == RATE else book.levels - 1 - book.marginalLevel
        marginal = lowest + step * tick
        cuts = (
            self._cut(marginal, book.marginalShare, book.lot),
            self._cut(NO_QUOTE, book.nonCompetitiveShare, book.lot),
        )
        in_turn = sorted(self.bids, key=lambda bidder: int(bidder, 16))
        wanted = [b for b in in_turn if any(quote in (marginal, NO_QUOTE) for quote, _, _ in self.bids[b])]
        return cuts, [self.opening(bidder) for bidder in wanted]

    def _cut(self, quote: int, share: int, lot: int) -> int:
        """The lowest score that gets one of the lots that rounding down left."""
        entries = [
            (b, units // lot, to) for b, ticks in self.bids.items() for q, units, to in ticks if q == quote
        ]
        total, lots = sum(units for _, units, _ in entries), share // lot
        if total in (0, lots):
            return 2**256 - 1
        scores = [
            (units * lots % total) << 192 | int.from_bytes(_key(self.number, bidder, to), "big") % 2**192
            for bidder, units, to in entries
        ]
        left = lots - sum(units * lots // total for _, units, _ in entries)
        return sorted(scores, reverse=True)[left - 1] if left else 2**256 - 1


def _bids(bidder: Sender, ticks: Sequence[Any]) -> list[Tick]:
    bids = [(tick[0], tick[1], tick[2] if len(tick) > 2 else bidder.address) for tick in ticks]
    return sorted(bids, key=lambda bid: (bid[0], int(bid[2], 16)))


def _key(number: int, bidder: str, account: str) -> bytes:
    return keccak(encode(("uint256", "address", "address"), (number, bidder, account)))


def conditions(story: Story, bond: str, times: Sequence[str], **changes: Any) -> dict[str, Any]:
    """Conditions of an offering by rate.

    Args:
        story: The story.
        bond: The bond on offer.
        times: Opens, closes, reveals by, over-allots by, clears by, settles from, settles by, takes up by.
        changes: What is not as below.
    """
    names = (
        "opensAt",
        "closesAt",
        "revealsBy",
        "overAllotsBy",
        "clearsBy",
        "settlesFrom",
        "settlesBy",
        "takesUpBy",
    )
    values: dict[str, Any] = {
        "bond": bond,
        "bookrunner": story.bookrunner.address,
        "form": SEALED,
        "basis": RATE,
        "pricing": UNIFORM,
        "offered": 40_000,
        "overAllotment": 0,
        "minimumVolume": 1_000,
        "nonCompetitive": 0,
        "minimumBid": 100,
        "maximumBid": 20_000,
        "lowest": 200 * BASIS_POINT,
        "highest": 400 * BASIS_POINT,
        "tick": BASIS_POINT,
        "deposit": 5_000,
        "farOff": 0,
        "band": 0,
        "additionalSeconds": 0,
        **{name: instant(time) for name, time in zip(names, times, strict=True)},
    }
    return {**values, **changes}
