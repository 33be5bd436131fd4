"""Mined transactions, one or several, and money that moved with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
class MoneyResult(TxResult):
    """Money that moved.

    Attributes:
        amount: How much.
    """

    amount: Money

    @classmethod
    def moved(cls, receipt: Receipt, amount: Money) -> MoneyResult:
        """Shortens the receipt of a transaction that moved an amount."""
        done = TxResult.of(receipt)
        return MoneyResult(done.tx_hash, done.block, done.gas_used, amount)
