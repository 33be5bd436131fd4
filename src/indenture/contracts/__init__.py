"""One thin typed wrapper per contract: reads return values, writes return calls to be sent."""

from indenture.contracts.authority import Authority
from indenture.contracts.bond import Bond, BondBook, BondDocument, BondEntry, BondTerms
from indenture.contracts.calendar import BusinessCalendar, PublishedYear
from indenture.contracts.cash import CashToken
from indenture.contracts.factory import BondFactory, RegisteredBond
from indenture.contracts.offering import BookState, Cut, Offering, OrderState
from indenture.contracts.registry import MemberRegistry
from indenture.contracts.servicing import EscrowState, Servicing
from indenture.contracts.settlement import Settlement
from indenture.contracts.suite import Suite
from indenture.contracts.wallet import OwnerWallet

__all__ = [
    "Authority",
    "Bond",
    "BondBook",
    "BondDocument",
    "BondEntry",
    "BondFactory",
    "BondTerms",
    "BookState",
    "BusinessCalendar",
    "CashToken",
    "Cut",
    "EscrowState",
    "MemberRegistry",
    "Offering",
    "OrderState",
    "OwnerWallet",
    "PublishedYear",
    "RegisteredBond",
    "Servicing",
    "Settlement",
    "Suite",
]
