"""Funding and payment of what bonds owe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from indenture.chain import BlockLike, ContractCall
from indenture.contracts._base import SuiteContract
from indenture.dates import from_timestamp


@dataclass(frozen=True, slots=True)
class EscrowState:
    """The escrow of one payment; money is in base units of the bond's currency."""

    funded: int
    paid: int
    units: int
    units_paid: int
    funded_at: datetime | None
    payer: str


class Servicing(SuiteContract):
    """Payments of all bonds."""

    NAME = "Servicing"

    def payment(self, bond: str, period: int, *, block: BlockLike = None) -> EscrowState:
        """The escrow of a payment."""
        raw = self.read("payment", bond, period, block=block)
        return EscrowState(
            funded=raw.funded,
            paid=raw.paid,
            units=raw.units,
            units_paid=raw.unitsPaid,
            funded_at=from_timestamp(raw.fundedAt) if raw.fundedAt else None,
            payer=raw.payer,
        )

    def kept_for(self, bond: str, holder: str, *, block: BlockLike = None) -> int:
        """What is kept for a holder, in base units."""
        return int(self.read("keptFor", bond, holder, block=block))

    def amount_of(self, bond: str, period: int, units: int, *, block: BlockLike = None) -> tuple[int, int]:
        """Interest and principal of some units for a period, in base units."""
        raw = self.read("amountOf", bond, period, units, block=block)
        return raw.interest, raw.principal

    def fund(self, bond: str, period: int) -> ContractCall:
        """Escrows a payment."""
        return self.call("fund", bond, period)

    def pay(self, bond: str, period: int, holders: Sequence[str]) -> ContractCall:
        """Pays a coupon to holders."""
        return self.call("pay", bond, period, holders)

    def redeem(self, bond: str, holders: Sequence[str]) -> ContractCall:
        """Pays the last coupon and the principal to holders, and burns their units."""
        return self.call("redeem", bond, holders)

    def claim(self, bond: str, period: int) -> ContractCall:
        """Pays the caller what he is owed of a payment."""
        return self.call("claim", bond, period)

    def collect(self, bond: str, holder: str) -> ContractCall:
        """Sends a holder what was kept for him."""
        return self.call("collect", bond, holder)
