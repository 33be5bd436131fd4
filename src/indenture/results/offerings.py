"""What acts of the primary market came to: mandate, bids, clearing, payment and issue."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indenture.money import Money
from indenture.results.transactions import BatchResult, TxResult

if TYPE_CHECKING:
    from indenture.primary import TenderResult, TickBid


@dataclass(frozen=True, slots=True)
class MandateResult(TxResult):
    """A mandate that was accepted.

    Attributes:
        encryption_key: X25519 public key of an ENCRYPTED book; None for other forms.
    """

    encryption_key: bytes | None


@dataclass(frozen=True, slots=True)
class JoinResult(TxResult):
    """An underwriter who joined the syndicate.

    Attributes:
        bidder_class: His class.
        commitment: Units that he takes up at most.
        deposit: What his place holds.
        taken: What of it was taken from his account; the rest stood ready.
    """

    bidder_class: int
    commitment: int
    deposit: Money
    taken: Money


@dataclass(frozen=True, slots=True)
class BidResult(TxResult):
    """Bids that were sealed, placed, or replaced.

    Attributes:
        bidder: Who bids, and pays.
        bids: All his bids now, in the order of the book.
        commitment: What he committed to; None in an OPEN book.
        deposit: What the bids hold.
        taken: What of it was taken from his account just now; the rest stood ready, or was held before.
    """

    bidder: str
    bids: tuple[TickBid, ...] = field(repr=False)  # secret while they are sealed
    commitment: bytes | None
    deposit: Money
    taken: Money


@dataclass(frozen=True, slots=True)
class OpenBidResult(TxResult):
    """Sealed bids that were opened.

    Attributes:
        bidder: Whose they are.
        bids: The bids.
    """

    bidder: str
    bids: tuple[TickBid, ...]


@dataclass(frozen=True, slots=True)
class BadSeal:
    """A sealed bid that could not be opened.

    Attributes:
        bidder: Whose it is; he can still open it himself, until ``reveals_by``, if it keeps the rules.
        reason: Why not.
    """

    bidder: str
    reason: str


@dataclass(frozen=True, slots=True)
class OpeningResult(BatchResult):
    """Sealed bids that were opened; ``count`` is the number of bidders.

    Attributes:
        opened: Whose were.
        bad: Whose were not, and why.
    """

    opened: tuple[str, ...]
    bad: tuple[BadSeal, ...]


@dataclass(frozen=True, slots=True)
class CloseResult(TxResult):
    """A book that was closed.

    Attributes:
        bidders: Bidders whose bids are in the clear.
        sealed: Bidders whose bids are to be opened.
    """

    bidders: int
    sealed: int


@dataclass(frozen=True, slots=True)
class ClearResult(BatchResult):
    """A book that was cleared; ``count`` is the number of bidders whose shares were proved.

    Attributes:
        result: What the market is told.
    """

    result: TenderResult


@dataclass(frozen=True, slots=True)
class Skipped:
    """A winner or underwriter who was not settled, and can be later in time.

    Attributes:
        bidder: Who.
        reason: Why.
    """

    bidder: str
    reason: str


@dataclass(frozen=True, slots=True)
class SettlementResult(BatchResult):
    """Winners who paid and were issued to; ``count`` is their number.

    Attributes:
        units: Units issued.
        proceeds: What the issuer got.
        skipped: Who could not be settled now, and why.
    """

    units: int
    proceeds: Money
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class TakeUpResult(SettlementResult):
    """Underwriters who took up their part of the rest; ``count`` is their number.

    Attributes:
        later: Whether it was after ``settles_by``: their part of what was not paid.
    """

    later: bool


@dataclass(frozen=True, slots=True)
class FinishResult:
    """What could be done for an offering after its result; a part is empty where there was nothing to do.

    Attributes:
        settled: Winners who paid and were issued to; None outside the time for it.
        taken_up: Underwriters who took up their part; None outside the time for it.
        lapsed: Winners who did not pay in time.
        forfeited: Sealed bids that nobody opened.
        released: Bidders who won nothing.
        discharged: Underwriters whose deposit was returned or lost.
    """

    settled: SettlementResult | None
    taken_up: TakeUpResult | None
    lapsed: BatchResult
    forfeited: BatchResult
    released: BatchResult
    discharged: BatchResult
