"""The primary market: one address answers the whole of ``IOffering``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from indenture.chain import Abi, BlockLike, BlockStamp, ContractCall, load_artifact
from indenture.contracts._base import SuiteContract, topic_of
from indenture.contracts.book_state import BookState
from indenture.contracts.offering_state import (
    AllotmentState,
    BidBook,
    MandateState,
    ProofState,
    Seal,
    UnderwriterState,
    bids_of,
    class_rules_of,
    conditions_of,
    rules_of,
)
from indenture.errors import InputError
from indenture.primary import ClassRule, Rules, TickBid

#: A bidder with his opened bids.
Opening = tuple[str, Sequence[TickBid]]

_NO_KEY = bytes(32)


@cache
def offering_abi() -> Abi:
    """All that the deployed ``Offering`` answers, itself or by its other parts; and its own getters."""
    everything, own = (load_artifact(name).raw["abi"] for name in ("IOffering", "Offering"))
    known = {(entry["type"], entry.get("name")) for entry in everything}
    return Abi("Offering", [*everything, *(e for e in own if (e["type"], e.get("name")) not in known)])


class Offering(SuiteContract):
    """Offerings of all bonds."""

    NAME = "Offering"

    @classmethod
    def interface(cls) -> Abi:
        """The ABI of all of its parts."""
        return offering_abi()

    # Views

    def book(self, offering_id: int, *, block: BlockLike = None) -> BookState:
        """An offering; stage ``NONE`` when there is none with this number."""
        return BookState.of(self.read("bookOf", offering_id, block=block))

    def classes(self, offering_id: int, *, block: BlockLike = None) -> tuple[ClassRule, ...]:
        """What each class of bidders must and may do."""
        return class_rules_of(self.read("classesOf", offering_id, block=block))

    def syndicate(self, offering_id: int, *, block: BlockLike = None) -> tuple[str, ...]:
        """Invited accounts, in their order."""
        return tuple(self.read("syndicateOf", offering_id, block=block))

    def underwriter(self, offering_id: int, account: str, *, block: BlockLike = None) -> UnderwriterState:
        """A member of the syndicate; class 0 when the account was not invited."""
        return self.underwriters(offering_id, [account], block=block)[0]

    def underwriters(
        self, offering_id: int, accounts: Sequence[str], *, block: BlockLike = None
    ) -> list[UnderwriterState]:
        """Members of the syndicate, on the same state."""
        return [UnderwriterState.of(raw) for raw in self._many("underwriterOf", offering_id, accounts, block)]

    def take_up_parts(
        self, offering_id: int, accounts: Sequence[str], *, block: BlockLike = None
    ) -> list[tuple[int, int]]:
        """Units of each underwriter's part up to ``settles_by``, and after it (zero until then)."""
        return [(raw[0], raw[1]) for raw in self._many("takeUpOf", offering_id, accounts, block)]

    def bid_hash(self, offering_id: int, bidder: str, *, block: BlockLike = None) -> bytes:
        """What the book holds of a bidder: the hash of a seal or of opened bids; zeros for nothing (more)."""
        return self.bid_hashes(offering_id, [bidder], block=block)[0]

    def bid_hashes(self, offering_id: int, bidders: Sequence[str], *, block: BlockLike = None) -> list[bytes]:
        """As ``bid_hash`` for many, on the same state."""
        return self._many("bidOf", offering_id, bidders, block)

    def units_at(self, offering_id: int, levels: Sequence[int], *, block: BlockLike = None) -> list[int]:
        """Units with a quote of these levels in the opened bids."""
        return self._many("unitsAt", offering_id, levels, block)

    def additional_of(
        self, offering_id: int, bidders: Sequence[str], *, block: BlockLike = None
    ) -> list[int]:
        """Units that bidders underwrote after the result."""
        return self._many("additionalOf", offering_id, bidders, block)

    def deposit_of(self, cash: str, account: str, *, block: BlockLike = None) -> int:
        """What stands ready for an account in a currency, base units; what bids hold is not in it."""
        return self.deposits_of(cash, [account], block=block)[0]

    def deposits_of(self, cash: str, accounts: Sequence[str], *, block: BlockLike = None) -> list[int]:
        """As ``deposit_of`` for many, on the same state."""
        return self.chain.call_many([self.call("depositOf", cash, each) for each in accounts], block)

    def proof_of(self, offering_id: int, prover: str, *, block: BlockLike = None) -> ProofState:
        """How far a prover has come."""
        return ProofState.of(self.read("proofOf", offering_id, prover, block=block))

    def allotment_of(
        self, offering_id: int, bidder: str, bids: Sequence[TickBid], *, block: BlockLike = None
    ) -> AllotmentState:
        """What opened bids won, once the result is published."""
        return self.allotments(offering_id, [(bidder, bids)], block=block)[0]

    def allotments(
        self, offering_id: int, openings: Sequence[Opening], *, block: BlockLike = None
    ) -> list[AllotmentState]:
        """As ``allotment_of`` for many, on the same state."""
        calls = [self.call("allotmentOf", offering_id, _opening(each)) for each in openings]
        return [AllotmentState(tuple(raw.units), raw.amount) for raw in self.chain.call_many(calls, block)]

    def commitment_of(self, offering_id: int, bidder: str, bids: Sequence[TickBid], salt: bytes) -> bytes:
        """What a bidder commits to, as the contract hashes it."""
        return bytes(self.read("commitmentOf", offering_id, bidder, _bids(bids), salt))

    def offering_of(self, bond: str, *, block: BlockLike = None) -> int | None:
        """The latest offering of a bond; None when there was none."""
        return int(self.read("offeringOf", bond, block=block)) or None

    def count(self, *, block: BlockLike = None) -> int:
        """How many offerings there were; they are numbered from 1."""
        return int(self.read("offeringCount", block=block))

    # What events have told

    def mandate_of(self, offering_id: int) -> MandateState:
        """What the issuer laid down.

        Raises:
            InputError: There is no offering with this number.
        """
        for event in self.events("OfferingMandated", indexed=[topic_of(offering_id)]):
            return MandateState(
                bond=event["bond"],
                issuer_account=event["issuerAccount"],
                cash=event["cash"],
                bookrunner=event["conditions"].bookrunner,
                rules=rules_of(event["conditions"]),
                classes=class_rules_of(event["classes"]),
            )
        raise InputError(f"there is no offering {offering_id}", hint="Check the number.")

    def bids(self, offering_id: int, *, to: BlockStamp | int | None = None) -> BidBook:
        """The latest bids of every bidder; who withdrew has none."""
        openings: dict[str, tuple[TickBid, ...]] = {}
        seals: dict[str, Seal] = {}
        ciphertexts: dict[str, bytes] = {}
        names = ("BidEncrypted", "BidSealed", "BidsOpened", "BidWithdrawn")
        for event in self.events(*names, indexed=[topic_of(offering_id)], to=to):
            bidder = event["bidder"]
            if event.name == "BidEncrypted":  # BidSealed follows
                ciphertexts[bidder] = event["ciphertext"]
            elif event.name == "BidSealed":
                seals[bidder] = Seal(
                    bidder,
                    event["commitment"],
                    event["ciphertextHash"],
                    ciphertexts.pop(bidder, b""),
                    event.block_number,
                )
            else:
                seals.pop(bidder, None)
                openings.pop(bidder, None)
                if event.name == "BidsOpened":
                    openings[bidder] = bids_of(event["bids"])
        return BidBook(openings, seals)

    def openings(
        self, offering_id: int, *, to: BlockStamp | int | None = None
    ) -> dict[str, tuple[TickBid, ...]]:
        """The latest bids in the clear, by bidder."""
        return self.bids(offering_id, to=to).openings

    def seals(self, offering_id: int, *, to: BlockStamp | int | None = None) -> dict[str, Seal]:
        """The latest seals that are not open, by bidder."""
        return self.bids(offering_id, to=to).seals

    # Deposits

    def fund_deposit(self, cash: str, amount: int) -> ContractCall:
        """Adds money to the caller's standing deposit."""
        return self.call("fundDeposit", cash, amount)

    def withdraw_deposit(self, cash: str, amount: int) -> ContractCall:
        """Takes money out of the caller's standing deposit."""
        return self.call("withdrawDeposit", cash, amount)

    # Mandate and syndicate

    def mandate(self, bond: str, bookrunner: str, rules: Rules, classes: Sequence[ClassRule]) -> ContractCall:
        """Lays down the conditions of an offering."""
        rows = [(each.minimum, each.maximum, each.additional) for each in classes]
        return self.call("mandate", conditions_of(bond, bookrunner, rules), rows)

    def accept_mandate(self, offering_id: int, encryption_key: bytes = _NO_KEY) -> ContractCall:
        """Accepts the mandate, with the book's key in form ENCRYPTED."""
        return self.call("acceptMandate", offering_id, encryption_key)

    def invite(self, offering_id: int, underwriter: str, bidder_class: int, commitment: int) -> ContractCall:
        """Invites to the syndicate, or changes an invitation that is not accepted."""
        return self.call("invite", offering_id, underwriter, bidder_class, commitment)

    def join_syndicate(self, offering_id: int, bidder_class: int, commitment: int) -> ContractCall:
        """Accepts the caller's invitation, as he saw it."""
        return self.call("joinSyndicate", offering_id, bidder_class, commitment)

    # Bids

    def open_book(self, offering_id: int) -> ContractCall:
        """Opens the book for its hours."""
        return self.call("openBook", offering_id)

    def seal_bid(self, offering_id: int, commitment: bytes) -> ContractCall:
        """Seals the caller's bids in a SEALED book, or replaces them."""
        return self.call("sealBid", offering_id, commitment)

    def encrypt_bid(self, offering_id: int, commitment: bytes, ciphertext: bytes) -> ContractCall:
        """Seals the caller's bids in an ENCRYPTED book, or replaces them."""
        return self.call("encryptBid", offering_id, commitment, ciphertext)

    def place_bid(
        self, offering_id: int, bids: Sequence[TickBid], previous: Sequence[TickBid] = ()
    ) -> ContractCall:
        """Places the caller's bids in an OPEN book; ``previous`` are those that they replace."""
        return self.call("placeBid", offering_id, _bids(bids), _bids(previous))

    def withdraw_bid(self, offering_id: int, previous: Sequence[TickBid] = ()) -> ContractCall:
        """Withdraws the caller's bids; ``previous`` are those of an OPEN book."""
        return self.call("withdrawBid", offering_id, _bids(previous))

    def open_bid(
        self, offering_id: int, bidder: str, bids: Sequence[TickBid], salt: bytes, ciphertext_hash: bytes
    ) -> ContractCall:
        """Opens sealed bids."""
        return self.call("openBid", offering_id, bidder, _bids(bids), salt, ciphertext_hash)

    # Stages

    def cancel(self, offering_id: int, reason: bytes) -> ContractCall:
        """Cancels the offering before the close."""
        return self.call("cancel", offering_id, reason)

    def close_book(self, offering_id: int) -> ContractCall:
        """Closes the book once its time has come."""
        return self.call("closeBook", offering_id)

    def declare_over_allotment(self, offering_id: int, units: int) -> ContractCall:
        """Declares the over-allotment; 0 declines it."""
        return self.call("declareOverAllotment", offering_id, units)

    def clear(self, offering_id: int) -> ContractCall:
        """Clears the book."""
        return self.call("clear", offering_id)

    def allocate(
        self, offering_id: int, marginal_cut: int, non_competitive_cut: int, openings: Sequence[Opening]
    ) -> ContractCall:
        """Proves shares of levels that are not filled; bidders ascend by address."""
        cuts = (marginal_cut, non_competitive_cut)
        return self.call("allocate", offering_id, cuts, _openings(openings))

    def fail(self, offering_id: int) -> ContractCall:
        """Fails an offering that was not opened or not cleared in time."""
        return self.call("fail", offering_id)

    def underwrite_more(self, offering_id: int, bids: Sequence[TickBid], units: int) -> ContractCall:
        """Underwrites more units after the result; ``bids`` are the caller's."""
        return self.call("underwriteMore", offering_id, _bids(bids), units)

    # Payment and issue

    def settle(self, offering_id: int, openings: Sequence[Opening]) -> ContractCall:
        """Winners pay and get their units."""
        return self.call("settle", offering_id, _openings(openings))

    def take_up(self, offering_id: int, underwriters: Sequence[str]) -> ContractCall:
        """Underwriters pay for their part of the rest and get it."""
        return self.call("takeUp", offering_id, list(underwriters))

    def release(self, offering_id: int, openings: Sequence[Opening]) -> ContractCall:
        """Returns deposits of bidders who won nothing, or of an offering that came to nothing."""
        return self.call("release", offering_id, _openings(openings))

    def lapse(self, offering_id: int, openings: Sequence[Opening]) -> ContractCall:
        """Winners who did not pay in time lose units and deposit."""
        return self.call("lapse", offering_id, _openings(openings))

    def forfeit(self, offering_id: int, seals: Sequence[Seal]) -> ContractCall:
        """Bids that nobody opened lose their deposit."""
        rows = [(seal.bidder, seal.commitment, seal.ciphertext_hash) for seal in seals]
        return self.call("forfeit", offering_id, rows)

    def discharge(self, offering_id: int, underwriters: Sequence[str]) -> ContractCall:
        """Returns the deposits of underwriters who did their part; the others lose theirs."""
        return self.call("discharge", offering_id, list(underwriters))

    def _many(
        self, function: str, offering_id: int, keys: Iterable[str | int], block: BlockLike
    ) -> list[Any]:
        return self.chain.call_many([self.call(function, offering_id, key) for key in keys], block)


def _bids(bids: Sequence[TickBid]) -> list[tuple[int, int, str]]:
    return [(bid.quote, bid.units, bid.account) for bid in bids]


def _opening(opening: Opening) -> tuple[str, list[tuple[int, int, str]]]:
    bidder, bids = opening
    return bidder, _bids(bids)


def _openings(openings: Sequence[Opening]) -> list[tuple[str, list[tuple[int, int, str]]]]:
    return [_opening(each) for each in openings]
