"""What an issuer's acts on a bond came to: its registration, and rights of its terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indenture.identifiers import Isin
from indenture.results.transactions import TxResult


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


@dataclass(frozen=True, slots=True)
class DeferralResult(TxResult):
    """Interest that was deferred.

    Attributes:
        period: Number of the period.
        arrears: Deferred interest of a unit after it, 1 = the face; None while the period is not fixed.
    """

    period: int
    arrears: Decimal | None


@dataclass(frozen=True, slots=True)
class RenewalResult(TxResult):
    """A bond that was renewed.

    Attributes:
        last_period: Its last period now.
        maturity: Day, unadjusted, on which that period ends.
    """

    last_period: int
    maturity: date
