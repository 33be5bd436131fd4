"""What an account holds, and moves free of payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from indenture.contracts import Bond, Suite
from indenture.contracts._base import checksum_address
from indenture.contracts.bond_state import ALL_FROZEN
from indenture.errors import InputError
from indenture.figures import AccruedInterest, HoldingFlow
from indenture.models import Holding
from indenture.money import Money
from indenture.results import MoneyResult, TxResult
from indenture.roles._checks import money_in, require_cash, require_members, require_units, whole_units
from indenture.roles._party import PartyClient
from indenture.roles.bond_figures import BondFigures


class Holdings(PartyClient):
    """An investor's bonds and money."""

    def holding(self, bond: Bond | str) -> Holding:
        """What the account holds of a bond."""
        return _holding(self.suite, self.suite.bond(bond), self.account)

    def holdings(self) -> tuple[Holding, ...]:
        """Every bond of which the account holds units."""
        bonds = self.suite.bonds()
        calls = [bond.call("balanceOf", self.account) for bond in bonds]
        held = self.suite.chain.call_many(calls)
        return tuple(
            _holding(self.suite, bond, self.account) for bond, units in zip(bonds, held, strict=True) if units
        )

    def accrued(self, bond: Bond | str, on: date | None = None) -> AccruedInterest:
        """Interest that the units of the account have accrued on a day; None for today.

        Raises:
            FixingRefused: The rate of the period is not known yet.
            TermsRefused: The books are closed by then.
            InputError: The account holds no units.
        """
        figures = BondFigures(self.suite, bond)
        units = figures.bond.balance_of(self.account)
        if not units:
            raise InputError(f"{self.account} holds no units of {figures.bond.isin}")
        return figures.accrued(units, on)

    def cash_flows(self, bond: Bond | str) -> tuple[HoldingFlow, ...]:
        """What the account gets, or got, with every payment of a bond: what is known, and what is open."""
        return BondFigures(self.suite, bond).cash_flows(self.account)

    def cash_balance(self, currency: str | None = None) -> Money:
        """What the account has of a currency; None for the only one."""
        token = self.suite.cash(currency)
        return self.suite.money(token.address, token.balance_of(self.account))

    def transfer(self, bond: Bond | str, to: str, units: int) -> TxResult:
        """Moves units to another account, free of payment.

        Raises:
            InputError: Sender and receiver are one.
            MembershipRefused: One of the two may not hold the bond.
            UnitsRefused: Too few units, or too few that may move.
        """
        target, receiver = self.suite.bond(bond), checksum_address(to, "receiver")
        whole_units(units)
        if receiver == self.account:
            raise InputError(f"{receiver} is sender and receiver at once", hint="Name another receiver.")
        require_members(self.suite, [self.account, receiver], eligible=target.terms.eligible)
        entry, held = target.entry(self.account), target.balance_of(self.account)
        free = max(0, held - entry.frozen - entry.pledged)
        require_units(target.address, self.account, held, free, units)
        return TxResult.of(self._party.transact(target.transfer(receiver, units)))

    def transfer_cash(
        self, to: str, amount: Money | Decimal | int | str, currency: str | None = None
    ) -> MoneyResult:
        """Sends money to another member's account."""
        token, receiver = self.suite.cash(currency), checksum_address(to, "receiver")
        money = money_in(self.suite.currency_at(token.address), amount)
        require_members(self.suite, [self.account, receiver])
        require_cash(self.suite, token.address, self.account, money)
        return MoneyResult.moved(self._party.transact(token.transfer(receiver, money.base)), money)


def _holding(suite: Suite, bond: Bond, account: str) -> Holding:
    entry, units = bond.entry(account), bond.balance_of(account)
    terms = bond.terms
    return Holding(
        bond=bond.address,
        isin=terms.isin,
        account=account,
        units=units,
        frozen=entry.frozen if entry.frozen != ALL_FROZEN else units,
        pledged=entry.pledged,
        face=suite.money(terms.currency, units * terms.face_value),
    )
