"""What clients take and give: frozen values, with money as ``Money`` and time as aware datetimes."""

from indenture.models.actions import Action
from indenture.models.bonds import Holding, PaymentDays, RecordHolding
from indenture.models.lives import BondClaim, BondState, PartialCall, PaymentStanding, TermsVersion
from indenture.models.members import Account, AccountAdmission, Member, MemberAdmission, Standing
from indenture.models.offerings import Allotment, Bid, BidStatus, Funds, Invitation, OfferingBook, PlacedBids
from indenture.models.payments import Payment
from indenture.models.trades import CleanProposal, CleanTrade, SignedCleanTrade, SignedTrade, Trade

__all__ = [
    "Account",
    "AccountAdmission",
    "Action",
    "Allotment",
    "Bid",
    "BidStatus",
    "BondClaim",
    "BondState",
    "CleanProposal",
    "CleanTrade",
    "Funds",
    "Holding",
    "Invitation",
    "Member",
    "MemberAdmission",
    "OfferingBook",
    "PartialCall",
    "Payment",
    "PaymentDays",
    "PaymentStanding",
    "PlacedBids",
    "RecordHolding",
    "SignedCleanTrade",
    "SignedTrade",
    "Standing",
    "TermsVersion",
    "Trade",
]
