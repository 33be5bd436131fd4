"""What clients give back when something was done: transactions, and what they came to."""

from indenture.results.bonds import DeferralResult, IssuedBond, RenewalResult
from indenture.results.cash import IssueResult
from indenture.results.fixings import FixResult, PublicationResult
from indenture.results.members import StandingResult
from indenture.results.offerings import (
    BadSeal,
    BidResult,
    ClearResult,
    CloseResult,
    FinishResult,
    JoinResult,
    MandateResult,
    OpenBidResult,
    OpeningResult,
    SettlementResult,
    Skipped,
    TakeUpResult,
)
from indenture.results.payments import ClaimResult, FundResult, KeptAmount, PayResult
from indenture.results.trades import CleanTradeResult, TradeResult
from indenture.results.transactions import BatchResult, MoneyResult, TxResult

__all__ = [
    "BadSeal",
    "BatchResult",
    "BidResult",
    "ClaimResult",
    "CleanTradeResult",
    "ClearResult",
    "CloseResult",
    "DeferralResult",
    "FinishResult",
    "FixResult",
    "FundResult",
    "IssueResult",
    "IssuedBond",
    "JoinResult",
    "KeptAmount",
    "MandateResult",
    "MoneyResult",
    "OpenBidResult",
    "OpeningResult",
    "PayResult",
    "PublicationResult",
    "RenewalResult",
    "SettlementResult",
    "Skipped",
    "StandingResult",
    "TakeUpResult",
    "TradeResult",
    "TxResult",
]
