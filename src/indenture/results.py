"""What clients give back when something was done: transactions, and what they came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indenture.identifiers import Isin
from indenture.money import Money

if TYPE_CHECKING:
    from indenture.chain import Receipt


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
        count: How many things were done: members admitted, orders placed.
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
class OrderResult(TxResult):
    """An order that was placed, replaced or withdrawn.

    Attributes:
        units: Its units now.
        deposit: Money held for it now.
    """

    units: int
    deposit: Money


@dataclass(frozen=True, slots=True)
class CloseResult(TxResult):
    """A book that was closed.

    Attributes:
        ordered: Units ordered.
        failed: Whether too little was ordered, so that everybody gets his money back.
    """

    ordered: int
    failed: bool


@dataclass(frozen=True, slots=True)
class AllocationResult(BatchResult):
    """An allocation that was proved; ``count`` is the number of orders.

    Attributes:
        ordered: Units ordered.
        allotted: Units given.
        allotments: Units of each order, by account.
    """

    ordered: int
    allotted: int
    allotments: dict[str, int] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SettlementResult(BatchResult):
    """Orders that were paid for and issued; ``count`` is their number.

    Attributes:
        units: Units issued.
        proceeds: What the issuer got.
        skipped: Accounts that may not hold the bond now; their money stays theirs.
    """

    units: int
    proceeds: Money
    skipped: tuple[str, ...]


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
        amount: What was due.
        kept: What of it could not be sent, and is kept by name: the part on frozen units.
    """

    amount: Money
    kept: Money


@dataclass(frozen=True, slots=True)
class TradeResult(TxResult):
    """A trade that was settled.

    Attributes:
        trade_id: The EIP-712 hash that both sides signed, hex.
    """

    trade_id: str


@dataclass(frozen=True, slots=True)
class FundResult(TxResult):
    """A payment that was escrowed.

    Attributes:
        interest: Interest of all units.
        principal: Principal of all units; zero before maturity.
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
        amount: What is due to them, sent or kept.
        kept: What of it is kept by name.
        completed: Whether all holders of record are served now.
        residue: What was left over by rounding, kept for the payer; None until completed.
    """

    amount: Money
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
