"""What a bond's payments come to, for some units or for a holder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from indenture.contracts import EscrowState
from indenture.contracts._base import NOBODY, checksum_address
from indenture.contracts.servicing import unit_payment_of
from indenture.dates import from_day_number
from indenture.errors import CalendarRefused, ContractRevert, FixingRefused
from indenture.figures import FlowState, HoldingFlow, TaxedPayment
from indenture.interest import UnitPayment, interest_of, principal_of
from indenture.interest.rates import scheduled_factor
from indenture.money import Money
from indenture.provisions import FACTOR_SCALE, CouponKind
from indenture.roles._checks import whole_units
from indenture.roles.bond_figures.days import BondDays
from indenture.rounding import RATE_SCALE


class BondPayments(BondDays):
    """A reader of a bond's payments."""

    def payment(self, period: int, units: int, account: str | None = None) -> TaxedPayment:
        """What a payment comes to for some units, with the tax that an account would lose today.

        Args:
            period: Number of the payment.
            units: Units held.
            account: Whose class decides on the tax; None for no tax.

        Raises:
            FixingRefused: The period is not fixed.
        """
        self._check_period(period)
        each = self._each(period)
        rate, tax_account = self._tax(account)
        interest = interest_of(each, whole_units(units))
        return TaxedPayment(
            bond=self.bond.address,
            period=period,
            units=units,
            interest=self.money(interest),
            principal=self.money(principal_of(each, units)),
            tax=self.money(interest * rate // RATE_SCALE),
            tax_account=tax_account,
        )

    def cash_flows(self, account: str) -> tuple[HoldingFlow, ...]:
        """What an account gets, or got, with every payment of the bond: what is known, and what is open."""
        holder = checksum_address(account, "holder")
        address, last = self.bond.address, self.last_period
        numbers = range(1, last + 1)
        servicing, chain = self.suite.servicing, self.suite.chain
        units = self._units(holder, last)
        escrows = [
            EscrowState.of(raw)
            for raw in chain.call_many([servicing.call("payment", address, k) for k in numbers])
        ]
        computed = chain.call_many([servicing.call("unitPayment", address, k) for k in numbers], errors=True)
        announced = chain.call_many([self.bond.call("paymentDays", k) for k in numbers])
        paid = chain.call_many([self.bond.call("isPaid", holder, k) for k in numbers])
        rate, _ = self._tax(holder)
        flows = []
        for k, escrow, raw, days, is_paid in zip(numbers, escrows, computed, announced, paid, strict=True):
            if not units[k - 1]:
                continue
            each = escrow.each or _known(raw)
            state = FlowState.PAID if is_paid else FlowState.FUNDED if escrow.each else FlowState.FIXED
            pay_day = from_day_number(days.payDay) if days.payTime else None
            flows.append(self._flow(k, pay_day, units[k - 1], each, state, rate))
        return tuple(flows)

    def _each(self, period: int) -> UnitPayment:
        escrow = self.suite.servicing.payment(self.bond.address, period)
        return escrow.each or self.suite.servicing.unit_payment(self.bond.address, period)

    def _tax(self, account: str | None) -> tuple[int, str | None]:
        if account is None or not self.bond.terms.provisions.withholdings:
            return 0, None
        tax_account, (rate,) = self.suite.servicing.tax_rates(self.bond.address, [account])
        return rate, tax_account if tax_account != NOBODY else None

    def _units(self, holder: str, last: int) -> list[int]:
        """Units by payment: at its record date, less those whose payment was sold; now if it is to come."""
        records = self.bond.book().records
        passed: Sequence[int] = range(1, records + 1)
        chain, servicing, address = self.suite.chain, self.suite.servicing, self.bond.address
        held = chain.call_many([self.bond.call("unitsAt", holder, k) for k in passed])
        sold = chain.call_many([servicing.call("transferredBy", address, k, holder) for k in passed])
        kept = [units - given for units, given in zip(held, sold, strict=True)]
        return [*kept, *[self.bond.balance_of(holder)] * (last - records)]

    def _flow(
        self,
        period: int,
        pay_day: date | None,
        units: int,
        each: UnitPayment | None,
        state: FlowState,
        rate: int,
    ) -> HoldingFlow:
        due = self.bond.terms.due_day(period)
        if each is None:
            principal = self._sealed_principal(period, units)
            return HoldingFlow(period, due, pay_day, units, None, principal, None, FlowState.OPEN)
        interest = interest_of(each, units)
        return HoldingFlow(
            period=period,
            due=due,
            pay_day=pay_day,
            units=units,
            interest=self.money(interest),
            principal=self.money(principal_of(each, units)),
            tax=self.money(interest * rate // RATE_SCALE),
            state=state,
        )

    def _sealed_principal(self, period: int, units: int) -> Money | None:
        """Principal of a period that is not fixed, where the terms alone say it."""
        terms = self.bond.terms
        if terms.kind is CouponKind.INFLATION or terms.provisions.capitalised_until:
            return None
        sealed = terms.interest_terms
        repaid = scheduled_factor(sealed, period - 1)
        if period < self.last_period:
            repaid -= scheduled_factor(sealed, period)
        elif terms.provisions.renewal.periods:
            return None  # it may be renewed
        return self.money(units * terms.face_value * repaid // FACTOR_SCALE)


def _known(raw: Any) -> UnitPayment | None:
    """A unit payment, or None where the chain refused to compute it."""
    if isinstance(raw, ContractRevert):
        if isinstance(raw, FixingRefused | CalendarRefused):
            return None
        raise raw
    return unit_payment_of(raw)
