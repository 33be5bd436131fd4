"""The escrow of a payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from indenture.money import Money


@dataclass(frozen=True, slots=True)
class Payment:
    """The escrow of one payment.

    Attributes:
        bond: Address of the bond.
        period: Interest period.
        funded: What the payer paid in.
        paid: What was sent to holders, withheld from them, or is kept for them by name.
        units: Units outstanding at the record date.
        units_paid: Units of the holders that were served.
        funded_at: Instant of the funding; None while it is not funded.
        payer: Who paid in, and gets the residue.
        is_last: Whether it redeems the bond; False while it is not funded.
        withholds: Whether tax is withheld from it; False while it is not funded.
        has_claims: Whether units of it were sold before the record date and delivered after it.
        penalty: Interest for being late, percent of each amount.
    """

    bond: str
    period: int
    funded: Money
    paid: Money
    units: int
    units_paid: int
    funded_at: datetime | None
    payer: str
    is_last: bool = False
    withholds: bool = False
    has_claims: bool = False
    penalty: Decimal = Decimal(0)

    @property
    def complete(self) -> bool:
        """Whether every holder of record is served."""
        return self.funded_at is not None and self.units_paid == self.units
