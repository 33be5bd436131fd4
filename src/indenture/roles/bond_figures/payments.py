"""What a bond's payments come to, for some units or for a holder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from indenture.contracts import EscrowState, TermState
from indenture.contracts._base import NOBODY, checksum_address
from indenture.contracts.servicing import unit_payment_of
from indenture.dates import from_day_number
from indenture.errors import CalendarRefused, ContractRevert, FixingRefused
from indenture.figures import FlowState, HoldingFlow, TaxedPayment
from indenture.interest import (
    UnitPayment,
    amount_of,
    interest_of,
    late_amount_of,
    principal_of,
    taxable_of,
)
from indenture.interest.rates import scheduled_factor
from indenture.money import Money
from indenture.provisions import FACTOR_SCALE, CouponKind
from indenture.roles._checks import whole_units
from indenture.roles.bond_figures.lives import BondLives
from indenture.rounding import RATE_SCALE


class BondPayments(BondLives):
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
        escrow = self.suite.servicing.payment(self.bond.address, period)
        each = escrow.each or self.suite.servicing.unit_payment(self.bond.address, period)
        rate, tax_account = self._tax(account)
        interest = interest_of(each, whole_units(units))
        return TaxedPayment(
            bond=self.bond.address,
            period=period,
            units=units,
            interest=self.money(interest),
            principal=self.money(principal_of(each, units)),
            tax=self.money(taxable_of(each, units, escrow.penalty) * rate // RATE_SCALE),
            tax_account=tax_account,
            penalty=self.money(_late(each, units, escrow.penalty)) if escrow.penalty else None,
        )

    def cash_flows(self, account: str) -> tuple[HoldingFlow, ...]:
        """What an account gets, or got, with every payment of the bond: what is known, and what is open."""
        holder = checksum_address(account, "holder")
        address, last = self.bond.address, self._last_number()
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
        state, (final, _) = servicing.state_of(address), self._term()
        due_days, is_merged = self._due_days(last), state.due_period != 0
        flows = []
        for k, escrow, raw, days, is_paid in zip(numbers, escrows, computed, announced, paid, strict=True):
            if not units[k - 1] or (is_merged and escrow.each is None):
                continue
            each, held = escrow.each or _known(raw), units[k - 1]
            pay_day = from_day_number(days.payDay) if days.payTime else None
            due = due_days[k - 1] or pay_day
            if due is None:
                continue
            if each is None:
                principal = self._sealed_principal(k, held, state, final)
                flows.append(HoldingFlow(k, due, pay_day, held, None, principal, None, FlowState.OPEN))
                continue
            stands = FlowState.PAID if is_paid else FlowState.FUNDED if escrow.each else FlowState.FIXED
            flows.append(self._flow(k, due, pay_day, held, each, stands, rate, escrow.penalty))
        return tuple(flows)

    def _due_days(self, last: int) -> list[date | None]:
        """Due days by payment; recoveries have none."""
        state = self._state_of_default(self.bond.book())
        scheduled = state.records_at_due if state else last
        final, end = self._term()
        days = [end if k == final else self.bond.terms.due_day(k) for k in range(1, min(scheduled, last) + 1)]
        return [*days, *[None] * (last - len(days))]

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
        due: date,
        pay_day: date | None,
        units: int,
        each: UnitPayment,
        state: FlowState,
        rate: int,
        penalty: int,
    ) -> HoldingFlow:
        return HoldingFlow(
            period=period,
            due=due,
            pay_day=pay_day,
            units=units,
            interest=self.money(interest_of(each, units)),
            principal=self.money(principal_of(each, units)),
            tax=self.money(taxable_of(each, units, penalty) * rate // RATE_SCALE),
            state=state,
            penalty=self.money(_late(each, units, penalty)) if penalty else None,
        )

    def _sealed_principal(self, period: int, units: int, state: TermState, last: int) -> Money | None:
        """Principal of a period that is not fixed, where the terms alone say it."""
        terms = self.terms_of(period) if state.versions else self.bond.terms
        if terms.kind is CouponKind.INFLATION or terms.provisions.capitalised_until:
            return None
        if state.price or state.calls:
            return None  # a price beside par, or a factor that is not sealed
        sealed = terms.interest_terms
        repaid = scheduled_factor(sealed, period - 1)
        if period < last:
            repaid -= scheduled_factor(sealed, period)
        elif terms.provisions.renewal.periods:
            return None  # it may be renewed
        return self.money(units * terms.face_value * repaid // FACTOR_SCALE)


def _late(each: UnitPayment, units: int, penalty: int) -> int:
    """Interest for being late."""
    return late_amount_of(each, units, penalty) - amount_of(each, units)


def _known(raw: Any) -> UnitPayment | None:
    """A unit payment, or None where the chain refused to compute it."""
    if isinstance(raw, ContractRevert):
        if isinstance(raw, FixingRefused | CalendarRefused):
            return None
        raise raw
    return unit_payment_of(raw)
