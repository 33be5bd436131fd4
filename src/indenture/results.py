"""What clients give back when something was done: transactions, and what they came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from indenture.identifiers import Isin
from indenture.money import Money

if TYPE_CHECKING:
    from indenture.chain import Receipt
    from indenture.figures import OpenPeriod, PeriodFixing, PublishedValue
    from indenture.primary import TenderResult, TickBid


@dataclass(frozen=True, slots=True)
class TxResult:
    """A mined transaction.

    Attributes:
        tx_hash: Its hash.
        block: Number of its block.
        gas_used: What it cost.
    """

    tx_hash: str
    block: int
    gas_used: int

    @classmethod
    def of(cls, receipt: Receipt) -> TxResult:
        """Shortens a receipt."""
        return TxResult(receipt.tx_hash, receipt.block_number, receipt.gas_used)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Several mined transactions of one act.

    Attributes:
        count: How many things were done: members admitted, bids placed.
        transactions: In the order in which they were sent; empty when there was nothing to do.
    """

    count: int
    transactions: tuple[TxResult, ...]

    @property
    def gas_used(self) -> int:
        """What all of them cost."""
        return sum(tx.gas_used for tx in self.transactions)

    @classmethod
    def of(cls, count: int, receipts: Sequence[Receipt]) -> BatchResult:
        """Shortens receipts."""
        return BatchResult(count, tuple(TxResult.of(receipt) for receipt in receipts))


@dataclass(frozen=True, slots=True)
class StandingResult(TxResult):
    """A member that was suspended, reinstated or reclassified, with all its accounts.

    Attributes:
        accounts: How many accounts followed.
        further: Transactions after the first, for members with many accounts.
    """

    accounts: int
    further: tuple[TxResult, ...]


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


@dataclass(frozen=True, slots=True)
class MoneyResult(TxResult):
    """Money that moved.

    Attributes:
        amount: How much.
    """

    amount: Money


@dataclass(frozen=True, slots=True)
class IssueResult(BatchResult):
    """Money that was issued; ``count`` is the number of receivers.

    Attributes:
        amount: The sum.
    """

    amount: Money


@dataclass(frozen=True, slots=True)
class ClaimResult(TxResult):
    """A payment that its holder took.

    Attributes:
        amount: What was due, before tax.
        kept: What of it could not be sent, and is kept by name: the part on frozen units.
        tax: What of it was withheld.
    """

    amount: Money
    kept: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class TradeResult(TxResult):
    """A trade that was settled.

    Attributes:
        trade_id: The EIP-712 hash that both sides signed, hex.
    """

    trade_id: str


@dataclass(frozen=True, slots=True)
class CleanTradeResult(TradeResult):
    """A trade at a clean price that was settled.

    Attributes:
        clean: Amount without accrued interest.
        accrued: Accrued interest; below zero where the next coupon stays with the seller.
        received: What the seller had received already of payments that are the buyer's.
        claims: Numbers of payments that the buyer gets although he was not in the books at their record date.
    """

    clean: Money
    accrued: Money
    received: Money
    claims: tuple[int, ...]

    @property
    def amount(self) -> Money:
        """What the buyer paid; below zero where the seller paid him."""
        return self.clean + self.accrued - self.received


@dataclass(frozen=True, slots=True)
class PublicationResult(BatchResult):
    """Values that were published; ``count`` is their number.

    Attributes:
        values: As the chain has them now.
        there: Days that had the same value before, and were passed over.
    """

    values: tuple[PublishedValue, ...]
    there: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class FixResult(BatchResult):
    """Periods that were fixed; ``count`` is their number.

    Attributes:
        fixings: Their figures, in the order in which they were fixed.
        waiting: For each bond that still has a period to fix, what it waits for.
    """

    fixings: tuple[PeriodFixing, ...]
    waiting: tuple[OpenPeriod, ...]


@dataclass(frozen=True, slots=True)
class DeferralResult(TxResult):
    """Interest that was deferred.

    Attributes:
        period: Number of the period.
        arrears: Deferred interest of a unit after it, 1 = the face; None while the period is not fixed.
    """

    period: int
    arrears: Decimal | None


@dataclass(frozen=True, slots=True)
class RenewalResult(TxResult):
    """A bond that was renewed.

    Attributes:
        last_period: Its last period now.
        maturity: Day, unadjusted, on which that period ends.
    """

    last_period: int
    maturity: date


@dataclass(frozen=True, slots=True)
class FundResult(TxResult):
    """A payment that was escrowed.

    Attributes:
        interest: Interest of all units.
        principal: Principal of all units: an instalment, or what is left at the end.
        units: Units outstanding at the record date.
    """

    interest: Money
    principal: Money
    units: int

    @property
    def total(self) -> Money:
        """What was taken from the payer."""
        return self.interest + self.principal


@dataclass(frozen=True, slots=True)
class KeptAmount:
    """Money that could not be sent, and is kept in the holder's name."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PayResult(BatchResult):
    """Holders that were served; ``count`` is their number.

    Attributes:
        amount: What is due to them: sent, withheld or kept.
        tax: What of it was withheld.
        kept: What of it is kept by name.
        completed: Whether all holders of record are served now.
        residue: What was left over by rounding, kept for the payer; None until completed.
    """

    amount: Money
    tax: Money
    kept: tuple[KeptAmount, ...]
    completed: bool
    residue: Money | None


@dataclass(frozen=True, slots=True)
class IssuedBond:
    """A bond that was registered.

    Attributes:
        isin: Its ISIN.
        address: Its address.
        transactions: The registration, then one for each document.
    """

    isin: Isin
    address: str
    transactions: tuple[TxResult, ...]
