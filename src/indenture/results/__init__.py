"""What clients give back when something was done: transactions, and what they came to."""

from indenture.results.bonds import DeferralResult, IssuedBond, RenewalResult
from indenture.results.cash import IssueResult
from indenture.results.events import (
    ActionFundResult,
    ActionResult,
    CallResult,
    CancelResult,
    DrawResult,
    ElectionResult,
    EnactResult,
    ExtensionResult,
    MadeDueResult,
    PartialCallResult,
    RecoveryResult,
    SettleResult,
)
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
    "ActionFundResult",
    "ActionResult",
    "BadSeal",
    "BatchResult",
    "BidResult",
    "CallResult",
    "CancelResult",
    "ClaimResult",
    "CleanTradeResult",
    "ClearResult",
    "CloseResult",
    "DeferralResult",
    "DrawResult",
    "ElectionResult",
    "EnactResult",
    "ExtensionResult",
    "FinishResult",
    "FixResult",
    "FundResult",
    "IssueResult",
    "IssuedBond",
    "JoinResult",
    "KeptAmount",
    "MadeDueResult",
    "MandateResult",
    "MoneyResult",
    "OpenBidResult",
    "OpeningResult",
    "PartialCallResult",
    "PayResult",
    "PublicationResult",
    "RecoveryResult",
    "RenewalResult",
    "SettleResult",
    "SettlementResult",
    "Skipped",
    "StandingResult",
    "TakeUpResult",
    "TradeResult",
    "TxResult",
]
