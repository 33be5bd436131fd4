"""The standing deposit as its account sees it."""

from __future__ import annotations

from decimal import Decimal

from indenture.models import Funds
from indenture.money import Money
from indenture.results import MoneyResult
from indenture.roles._funds import deposit_funds, funds_of, withdraw_funds
from indenture.roles._party import PartyClient


class StandingDeposit(PartyClient):
    """Money that stands ready for bids and payments, and what bids hold."""

    def funds(self, currency: str | None = None) -> Funds:
        """What stands ready for the account, and what its bids hold.

        Args:
            currency: Code of the currency, or address of its token; None for the only one.
        """
        return funds_of(self.suite, self.account, currency)

    def deposit_funds(self, amount: Money | Decimal | int | str, currency: str | None = None) -> MoneyResult:
        """Adds money to the standing deposit; a first bid takes the deposit of its offering from there.

        Raises:
            PaymentRefused: The account has too little money.
        """
        return deposit_funds(self._party, amount, currency)

    def withdraw_funds(
        self, amount: Money | Decimal | int | str | None = None, currency: str | None = None
    ) -> MoneyResult:
        """Takes money out of the standing deposit; None for all of it.

        Raises:
            PaymentRefused: Not so much stands there.
        """
        return withdraw_funds(self._party, amount, currency)
