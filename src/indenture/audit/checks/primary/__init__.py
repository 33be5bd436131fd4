"""The checks of the primary market: each event of the Offering against the book as rebuilt so far."""

from indenture.audit.checks.primary.batches import BatchCheck
from indenture.audit.checks.primary.bids import BidCheck
from indenture.audit.checks.primary.clearing import ClearingCheck
from indenture.audit.checks.primary.deposits import DepositCheck, is_internal
from indenture.audit.checks.primary.mandate import MandateCheck
from indenture.audit.checks.primary.payment import PaymentCheck
from indenture.audit.checks.primary.proof import ProofCheck
from indenture.audit.checks.primary.roles import RoleCheck
from indenture.audit.checks.primary.stages import StageCheck
from indenture.audit.checks.primary.syndicate import SyndicateCheck

__all__ = [
    "BatchCheck",
    "BidCheck",
    "ClearingCheck",
    "DepositCheck",
    "MandateCheck",
    "PaymentCheck",
    "ProofCheck",
    "RoleCheck",
    "StageCheck",
    "SyndicateCheck",
    "is_internal",
]
