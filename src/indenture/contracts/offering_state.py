"""What the primary market stores of people, and what its events tell; typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indenture.contracts._base import NOBODY
from indenture.dates import from_timestamp, to_timestamp
from indenture.primary import Basis, ClassRule, Form, Pricing, Rules, TickBid
from indenture.primary.conditions import TIMES


@dataclass(frozen=True, slots=True)
class UnderwriterState:
    """A member of the syndicate; class 0 stands for nobody invited.

    Attributes:
        bidder_class: His class.
        joined: Whether he accepted the invitation.
        deposit: Whether he holds a deposit there.
        took_up: Whether he took up his part up to ``settles_by``.
        took_up_later: Whether he took up his part after it.
        commitment: Units that he takes up at most.
        before: Commitments of those before him who joined.
    """

    bidder_class: int
    joined: bool
    deposit: bool
    took_up: bool
    took_up_later: bool
    commitment: int
    before: int

    @classmethod
    def of(cls, raw: Any) -> UnderwriterState:
        """Reads the struct of the chain."""
        return cls(
            bidder_class=raw.class_,
            joined=raw.joined,
            deposit=raw.deposit,
            took_up=raw.tookUp,
            took_up_later=raw.tookUpLater,
            commitment=raw.commitment,
            before=raw.before,
        )


@dataclass(frozen=True, slots=True)
class ProofState:
    """How far a prover has come with its pass over the openings.

    Attributes:
        last: Highest bidder proved; None when no pass is under way.
        marginal_cut: Cut that the pass was begun with, at the margin.
        non_competitive_cut: Among bids without a quote.
        marginal_bid: Units at the marginal level passed so far.
        marginal_share: Units of them allotted.
        non_competitive_bid: Units without a quote passed so far.
        non_competitive_share: Units of them allotted.
    """

    last: str | None
    marginal_cut: int
    non_competitive_cut: int
    marginal_bid: int
    marginal_share: int
    non_competitive_bid: int
    non_competitive_share: int

    @classmethod
    def of(cls, raw: Any) -> ProofState:
        """Reads the struct of the chain."""
        return cls(
            last=None if raw.last == NOBODY else raw.last,
            marginal_cut=raw.cuts.marginal,
            non_competitive_cut=raw.cuts.nonCompetitive,
            marginal_bid=raw.marginalBid,
            marginal_share=raw.marginalShare,
            non_competitive_bid=raw.nonCompetitiveBid,
            non_competitive_share=raw.nonCompetitiveShare,
        )


@dataclass(frozen=True, slots=True)
class AllotmentState:
    """What opened bids won.

    Attributes:
        units: Units of each bid, in their order.
        amount: Base units that the bidder pays, for additional units and accrued interest too.
    """

    units: tuple[int, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed bid, as ``BidSealed`` told it.

    Attributes:
        bidder: Whose it is.
        commitment: What he committed to.
        ciphertext_hash: Keccak-256 of the ciphertext; zeros in form SEALED.
        ciphertext: The opening, encrypted to the book's key (``BidEncrypted``); empty in form SEALED.
        block: Block of the transaction.
    """

    bidder: str
    commitment: bytes
    ciphertext_hash: bytes
    ciphertext: bytes
    block: int


@dataclass(frozen=True, slots=True)
class BidBook:
    """All bids of an offering as the events have them, by bidder in the order of their first bid.

    Attributes:
        openings: Bids in the clear: placed in an OPEN book, or opened.
        seals: Sealed bids that are not open.
    """

    openings: dict[str, tuple[TickBid, ...]]
    seals: dict[str, Seal]


@dataclass(frozen=True, slots=True)
class MandateState:
    """What the issuer laid down, as ``OfferingMandated`` told it.

    Attributes:
        bond: Address of the bond.
        issuer_account: Who did, and gets the proceeds.
        cash: Address of the token that is paid.
        bookrunner: Who is to keep the book.
        rules: The rules.
        classes: What each class of bidders must and may do; class 0 is everybody outside the syndicate.
    """

    bond: str
    issuer_account: str
    cash: str
    bookrunner: str
    rules: Rules
    classes: tuple[ClassRule, ...]


def conditions_of(bond: str, bookrunner: str, rules: Rules) -> dict[str, Any]:
    """Rules as the struct ``Conditions`` of the chain."""
    times = {_camel(name): to_timestamp(getattr(rules, name)) for name in TIMES}
    return {
        "bond": bond,
        "bookrunner": bookrunner,
        "form": int(rules.form),
        "basis": int(rules.basis),
        "pricing": int(rules.pricing),
        "offered": rules.offered,
        "overAllotment": rules.over_allotment,
        "minimumVolume": rules.minimum_volume,
        "nonCompetitive": rules.non_competitive,
        "minimumBid": rules.minimum_bid,
        "maximumBid": rules.maximum_bid,
        "lowest": rules.lowest,
        "highest": rules.highest,
        "tick": rules.tick,
        "deposit": rules.deposit,
        "farOff": rules.far_off,
        "band": rules.band,
        "additionalSeconds": rules.additional_seconds,
        **times,
    }


def rules_of(raw: Any) -> Rules:
    """The struct ``Conditions`` of the chain as rules."""
    times = {name: from_timestamp(getattr(raw, _camel(name))) for name in TIMES}
    return Rules(
        form=Form(raw.form),
        basis=Basis(raw.basis),
        pricing=Pricing(raw.pricing),
        offered=raw.offered,
        over_allotment=raw.overAllotment,
        minimum_volume=raw.minimumVolume,
        non_competitive=raw.nonCompetitive,
        minimum_bid=raw.minimumBid,
        maximum_bid=raw.maximumBid,
        lowest=raw.lowest,
        highest=raw.highest,
        tick=raw.tick,
        deposit=raw.deposit,
        far_off=raw.farOff,
        band=raw.band,
        additional_seconds=raw.additionalSeconds,
        **times,
    )


def class_rules_of(raw: Sequence[Any]) -> tuple[ClassRule, ...]:
    """The structs ``ClassRule`` of the chain."""
    return tuple(ClassRule(each.minimum, each.maximum, each.additional) for each in raw)


def bids_of(raw: Sequence[Any]) -> tuple[TickBid, ...]:
    """The structs ``TickBid`` of the chain."""
    return tuple(TickBid(each.quote, each.units, each.account) for each in raw)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
