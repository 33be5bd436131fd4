"""Funding and payment of what bonds owe, and the figures that it follows from.

One address answers the whole of ``IServicing``; amounts are base units of the bond's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from typing import Any

from indenture.chain import Abi, BlockLike, ContractCall, load_artifact
from indenture.contracts.servicing_actions import ActionCalls
from indenture.contracts.servicing_default import DefaultCalls
from indenture.contracts.servicing_term import TermCalls
from indenture.dates import from_day_number, from_timestamp, to_day_number, to_timestamp
from indenture.interest import Fixing, Source, UnitPayment


@cache
def servicing_abi() -> Abi:
    """All that the deployed ``Servicing`` answers, itself or by its other parts; and its own getters."""
    everything, own = (load_artifact(name).raw["abi"] for name in ("IServicing", "Servicing"))
    known = {(entry["type"], entry.get("name")) for entry in everything}
    return Abi("Servicing", [*everything, *(e for e in own if (e["type"], e.get("name")) not in known)])


@dataclass(frozen=True, slots=True)
class EscrowState:
    """The escrow of one payment; money is in base units of the bond's currency.

    Attributes:
        funded: What the payer paid in.
        paid: What was sent to holders, withheld from them, or is kept for them by name.
        units: Units outstanding at the record date.
        units_paid: Units of the holders that were served.
        funded_at: Instant of the funding; None while it is not funded.
        pay_time: Instant from which it is paid; None while it is not funded.
        is_last: Whether it redeems the bond.
        withholds: Whether tax is withheld from it.
        has_claims: Whether units of it were sold before the record date and delivered after.
        payer: Who paid in, and gets the residue.
        penalty: Interest for being late, billionths of each amount.
        each: What one unit is paid; None while it is not funded.
    """

    funded: int
    paid: int
    units: int
    units_paid: int
    funded_at: datetime | None
    pay_time: datetime | None
    is_last: bool
    withholds: bool
    has_claims: bool
    payer: str
    penalty: int
    each: UnitPayment | None

    @classmethod
    def of(cls, raw: Any) -> EscrowState:
        """Reads the struct of the chain."""
        return cls(
            funded=raw.funded,
            paid=raw.paid,
            units=raw.units,
            units_paid=raw.unitsPaid,
            funded_at=from_timestamp(raw.fundedAt) if raw.fundedAt else None,
            pay_time=from_timestamp(raw.payTime) if raw.payTime else None,
            is_last=raw.isLast,
            withholds=raw.withholds,
            has_claims=raw.hasClaims,
            payer=raw.payer,
            penalty=raw.penalty,
            each=unit_payment_of(raw.each) if raw.fundedAt else None,
        )


class Servicing(TermCalls, ActionCalls, DefaultCalls):
    """Payments of all bonds, and what may happen to them before they are repaid."""

    NAME = "Servicing"

    @classmethod
    def interface(cls) -> Abi:
        """The ABI of all of its parts."""
        return servicing_abi()

    # Payments

    def payment(self, bond: str, period: int, *, block: BlockLike = None) -> EscrowState:
        """The escrow of a payment."""
        return EscrowState.of(self.read("payment", bond, period, block=block))

    def kept_for(self, bond: str, holder: str, *, block: BlockLike = None) -> int:
        """What is kept for a holder, in base units."""
        return int(self.read("keptFor", bond, holder, block=block))

    def claimed_by(
        self, bond: str, period: int, buyers: Sequence[str], *, block: BlockLike = None
    ) -> list[int]:
        """Units of each buyer whose payment was transferred to him and not paid yet."""
        return self.chain.call_many([self.call("claimedBy", bond, period, each) for each in buyers], block)

    def transferred_by(
        self, bond: str, period: int, sellers: Sequence[str], *, block: BlockLike = None
    ) -> list[int]:
        """Units of each seller whose payment was transferred to buyers."""
        return self.chain.call_many(
            [self.call("transferredBy", bond, period, each) for each in sellers], block
        )

    def claims_paid_to(
        self, bond: str, period: int, buyers: Sequence[str], *, block: BlockLike = None
    ) -> list[int]:
        """Units for which each buyer has the money, by claim or from his seller."""
        calls = [self.call("claimsPaidTo", bond, period, each) for each in buyers]
        return self.chain.call_many(calls, block)

    def action_payment(self, bond: str, action: int, *, block: BlockLike = None) -> EscrowState:
        """The escrow of an event of holders."""
        return EscrowState.of(self.read("actionPayment", bond, action, block=block))

    # Figures

    def action_terms(self, bond: str, action: int, *, block: BlockLike = None) -> tuple[UnitPayment, int]:
        """What a unit would be paid if an event were funded now, and most units that are taken."""
        raw = self.read("actionTerms", bond, action, block=block)
        return unit_payment_of(raw.each), raw.units

    def redemption_terms(self, bond: str, day: date, price: int, *, block: BlockLike = None) -> UnitPayment:
        """What a unit is paid that is redeemed early on a day, at billionths of the principal."""
        return unit_payment_of(self.read("redemptionTerms", bond, to_day_number(day), price, block=block))

    def last_period(self, bond: str, *, block: BlockLike = None) -> int:
        """The last period, as moved by renewals, extensions and calls; 65,535 of a bond made due."""
        return int(self.read("lastPeriod", bond, block=block))

    def unit_payment(self, bond: str, period: int, *, block: BlockLike = None) -> UnitPayment:
        """What one unit is paid for a period, rounded where the terms round per unit."""
        return unit_payment_of(self.read("unitPayment", bond, period, block=block))

    def amount_of(self, bond: str, period: int, units: int, *, block: BlockLike = None) -> tuple[int, int]:
        """Interest and principal of some units for a period, in base units."""
        raw = self.read("amountOf", bond, period, units, block=block)
        return raw.interest, raw.principal

    def accrued_per_unit(self, bond: str, day: date, records: int, *, block: BlockLike = None) -> Fraction:
        """What a buyer pays a seller for interest of one unit, exact; below zero where a coupon is ex.

        Args:
            bond: The bond.
            day: Value day, from the issue day to the day before maturity.
            records: Record dates that have passed when the trade is agreed.
            block: State to ask.
        """
        raw = self.read("accruedPerUnit", bond, to_day_number(day), records, block=block)
        return Fraction(raw.numerator, raw.denominator)

    def accrued_of(self, bond: str, units: int, day: date, *, block: BlockLike = None) -> int:
        """The same for a holding, on the record dates that the bond has noticed, rounded once."""
        return int(self.read("accruedOf", bond, units, to_day_number(day), block=block))

    def accrued_at(
        self, bond: str, units: int, traded_at: datetime, *, block: BlockLike = None
    ) -> tuple[int, int]:
        """What has accrued today for a trade agreed earlier, and the record dates that had passed then."""
        raw = self.read("accruedAt", bond, units, to_timestamp(traded_at), block=block)
        return raw.accrued, raw.records

    def pool_factor(self, bond: str, period: int, *, block: BlockLike = None) -> int:
        """Principal of a unit at the start of a period, 1e18 = the face."""
        return int(self.read("poolFactor", bond, period, block=block))

    def accreted_value(self, bond: str, day: date, *, block: BlockLike = None) -> int:
        """What a unit of a bond without coupon is worth on a day by its terms, base units times 1e18."""
        return int(self.read("accretedValue", bond, to_day_number(day), block=block))

    def tax_rates(
        self, bond: str, accounts: Sequence[str], *, block: BlockLike = None
    ) -> tuple[str, tuple[int, ...]]:
        """Who receives what is withheld, and billionths of the interest that each account loses."""
        raw = self.read("taxRatesOf", bond, list(accounts), block=block)
        return raw.taxAccount, tuple(raw.rates)

    # Fixings

    def fixed_periods(self, bond: str, *, block: BlockLike = None) -> int:
        """How many periods are fixed."""
        return int(self.read("fixedPeriods", bond, block=block))

    def fixing(self, bond: str, period: int, *, block: BlockLike = None) -> Fixing | None:
        """The figures of a period; None while they are not fixed."""
        return self.fixings(bond, [period], block=block)[0]

    def fixings(self, bond: str, periods: Sequence[int], *, block: BlockLike = None) -> list[Fixing | None]:
        """The figures of several periods, on the same state; None for those that are not fixed."""
        found = self.chain.call_many([self.call("fixing", bond, period) for period in periods], block)
        return [fixing_of(period, raw) for period, raw in zip(periods, found, strict=True)]

    def is_deferred(self, bond: str, period: int, *, block: BlockLike = None) -> bool:
        """Whether the issuer deferred the interest of a period, fixed or not."""
        return bool(self.read("fixing", bond, period, block=block).isDeferred)

    # Payment

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

    def pay_claims(self, bond: str, period: int, buyers: Sequence[str]) -> ContractCall:
        """Pays buyers to whom payments of units were transferred."""
        return self.call("payClaims", bond, period, buyers)

    def collect(self, bond: str, holder: str) -> ContractCall:
        """Sends a holder what was kept for him."""
        return self.call("collect", bond, holder)

    def fix(self, bond: str, period: int) -> ContractCall:
        """Fixes the figures of a period."""
        return self.call("fix", bond, period)

    def defer_interest(self, bond: str, period: int) -> ContractCall:
        """Defers the interest of a period."""
        return self.call("deferInterest", bond, period)


def fixing_of(period: int, raw: Any) -> Fixing | None:
    """Reads the struct of the chain; None while the period is not fixed."""
    if not raw.fixedAt:
        return None
    return Fixing(
        period=period,
        rate=raw.rate,
        source=Source(raw.source),
        is_deferred=raw.isDeferred,
        value=raw.value,
        day=from_day_number(raw.day) if raw.day else None,
        index_ratio=raw.indexRatio,
        factor=raw.factor,
        arrears=raw.arrears,
        fixed_at=raw.fixedAt,
    )


def unit_payment_of(raw: Any) -> UnitPayment:
    """Reads the struct of the chain."""
    return UnitPayment(
        interest_numerator=raw.interestNumerator,
        interest_denominator=raw.interestDenominator,
        principal_numerator=raw.principalNumerator,
        principal_denominator=raw.principalDenominator,
    )
