"""What settled trades came to."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.money import Money
from indenture.results.transactions import TxResult


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
