"""One thin typed wrapper per contract: reads return values, writes return calls to be sent."""

from indenture.contracts.authority import Authority
from indenture.contracts.benchmarks import Benchmarks, BenchmarkState, PublicationState
from indenture.contracts.bond import Bond
from indenture.contracts.bond_state import BondBook, BondDocument, BondEntry
from indenture.contracts.bond_terms import BondTerms
from indenture.contracts.book_state import BookState
from indenture.contracts.calendar import BusinessCalendar, PublishedYear
from indenture.contracts.cash import CashToken
from indenture.contracts.factory import BondFactory, RegisteredBond
from indenture.contracts.offering import Offering, Opening, offering_abi
from indenture.contracts.offering_state import (
    AllotmentState,
    BidBook,
    MandateState,
    ProofState,
    Seal,
    UnderwriterState,
)
from indenture.contracts.registry import MemberRegistry
from indenture.contracts.servicing import EscrowState, Servicing, servicing_abi
from indenture.contracts.servicing_state import (
    ActionState,
    ClaimState,
    DrawingState,
    PartialCallState,
    TermState,
    VersionState,
)
from indenture.contracts.settlement import Settlement
from indenture.contracts.suite import Suite
from indenture.contracts.wallet import OwnerWallet

__all__ = [
    "ActionState",
    "AllotmentState",
    "Authority",
    "BenchmarkState",
    "Benchmarks",
    "BidBook",
    "Bond",
    "BondBook",
    "BondDocument",
    "BondEntry",
    "BondFactory",
    "BondTerms",
    "BookState",
    "BusinessCalendar",
    "CashToken",
    "ClaimState",
    "DrawingState",
    "EscrowState",
    "MandateState",
    "MemberRegistry",
    "Offering",
    "Opening",
    "OwnerWallet",
    "PartialCallState",
    "ProofState",
    "PublicationState",
    "PublishedYear",
    "RegisteredBond",
    "Seal",
    "Servicing",
    "Settlement",
    "Suite",
    "TermState",
    "UnderwriterState",
    "VersionState",
    "offering_abi",
    "servicing_abi",
]
