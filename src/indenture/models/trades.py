"""Deliveries against payment, as both sides sign them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from indenture.money import Money


@dataclass(frozen=True, slots=True)
class Trade:
    """A delivery against payment, as both sides sign it.

    Attributes:
        bond: Address of the bond.
        cash: Address of the token that is paid.
        seller: Delivers the units.
        buyer: Pays the amount.
        units: Whole units.
        amount: What is paid; zero for a delivery free of payment.
        valid_from: First instant at which it may settle.
        deadline: Last instant at which it may settle.
        seller_nonce: A number that the seller uses once.
        buyer_nonce: A number that the buyer uses once.
    """

    bond: str
    cash: str
    seller: str
    buyer: str
    units: int
    amount: Money
    valid_from: datetime
    deadline: datetime
    seller_nonce: int
    buyer_nonce: int


@dataclass(frozen=True, slots=True)
class SignedTrade:
    """A trade with the signatures of both sides."""

    trade: Trade
    seller_signature: bytes = field(repr=False)
    buyer_signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CleanTrade:
    """A delivery against payment at a clean price, as both sides sign it.

    What has accrued is added when it settles, and a payment whose record date passed since it was agreed goes
    to the buyer.

    Attributes:
        bond: Address of the bond.
        cash: Address of the token that is paid, the bond's currency.
        seller: Delivers the units.
        buyer: Pays for them.
        units: Whole units.
        clean: Amount for all units, without accrued interest.
        most_accrued: Most by which accrued interest, and payments that the seller had already, may move the
            amount either way; beyond it the trade does not settle.
        traded_at: Instant at which it was agreed.
        valid_from: First instant at which it may settle.
        deadline: Last instant at which it may settle.
        seller_nonce: A number that the seller uses once.
        buyer_nonce: A number that the buyer uses once.
    """

    bond: str
    cash: str
    seller: str
    buyer: str
    units: int
    clean: Money
    most_accrued: Money
    traded_at: datetime
    valid_from: datetime
    deadline: datetime
    seller_nonce: int
    buyer_nonce: int


@dataclass(frozen=True, slots=True)
class CleanProposal:
    """A trade at a clean price with the signature of the side that proposes it."""

    trade: CleanTrade
    proposer: str
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedCleanTrade:
    """A trade at a clean price with the signatures of both sides."""

    trade: CleanTrade
    seller_signature: bytes = field(repr=False)
    buyer_signature: bytes = field(repr=False)
