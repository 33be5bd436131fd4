"""Coupons and principal that an account takes itself, and what was kept for it."""

from __future__ import annotations

from indenture.contracts import Bond
from indenture.figures import PaymentClaim
from indenture.results import ClaimResult, MoneyResult, TxResult
from indenture.roles._claims import claims_of
from indenture.roles._paid import paid_result
from indenture.roles._party import PartyClient


class Payments(PartyClient):
    """An investor's claims on a bond's payments."""

    def my_claims(self) -> tuple[PaymentClaim, ...]:
        """Payments of units that the account bought before their record date and got after it, unpaid yet."""
        return claims_of(self.suite, self.account)

    def claim(self, bond: Bond | str, period: int) -> ClaimResult:
        """Takes what the account is owed of a payment.

        Raises:
            PaymentRefused: It was paid already, nothing is owed, or the payment is not funded or not due.
        """
        target = self.suite.bond(bond)
        receipt = self._party.transact(self.suite.servicing.claim(target.address, period))
        paid = paid_result(self.suite, target, [receipt])
        done, currency = TxResult.of(receipt), paid.amount.currency
        kept = currency.money_from_base(
            sum(each.amount.base for each in paid.kept if each.account == self.account)
        )
        return ClaimResult(done.tx_hash, done.block, done.gas_used, paid.amount, kept, paid.tax)

    def collect(self, bond: Bond | str) -> MoneyResult:
        """Takes what was kept for the account because it could not be sent.

        Raises:
            PaymentRefused: Nothing is kept, or units of the account are frozen.
        """
        target = self.suite.bond(bond)
        cash = target.terms.currency
        kept = self.suite.servicing.kept_for(target.address, self.account)
        receipt = self._party.transact(self.suite.servicing.collect(target.address, self.account))
        return MoneyResult.moved(receipt, self.suite.money(cash, kept))
