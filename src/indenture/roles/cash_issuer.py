"""The cash issuer: a central bank or settlement bank."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from indenture.chain import Sender
from indenture.contracts import Suite
from indenture.contracts._base import checksum_address
from indenture.errors import PaymentRefused
from indenture.money import Money
from indenture.results import BatchResult, IssueResult, MoneyResult, TxResult
from indenture.roles._checks import batch_size, money_in, require_cash, require_members
from indenture.roles._client import Client

_ISSUES = 100


class CashIssuer(Client):
    """A client of the account that issues one currency.

    Args:
        suite: The contracts.
        sender: The cash issuer's account.
        currency: Code of the currency; None for the only one.
    """

    def __init__(self, suite: Suite, sender: Sender, currency: str | None = None) -> None:
        super().__init__(suite, sender)
        self.token = suite.cash(currency)
        self.currency = suite.currency_at(self.token.address)

    def issue(
        self, payments: Sequence[tuple[str, Money | Decimal | int | str]], *, batch: int = _ISSUES
    ) -> IssueResult:
        """Issues money to members' accounts.

        Everything is checked before the first transaction is sent; a batch is issued as a whole or not at
        all.

        Raises:
            MembershipRefused: A receiver is not an active member.
            PaymentRefused: More would be outstanding than the limit allows.
        """
        rows = [
            (checksum_address(account), money_in(self.currency, amount).base) for account, amount in payments
        ]
        total = sum(amount for _, amount in rows)
        require_members(self.suite, [account for account, _ in rows])
        self._require_limit(total)
        size = batch_size(batch, 200)
        calls = [
            self.token.mint_batch([a for a, _ in part], [amount for _, amount in part])
            for part in (rows[start : start + size] for start in range(0, len(rows), size))
        ]
        done = BatchResult.of(len(rows), self.sender.send_many(calls))
        return IssueResult(done.count, done.transactions, self.currency.money_from_base(total))

    def redeem(self, amount: Money | Decimal | int | str) -> MoneyResult:
        """Takes money that the issuer itself holds out of circulation."""
        money = money_in(self.currency, amount)
        require_cash(self.suite, self.token.address, self.sender.address, money)
        return MoneyResult.moved(self.sender.transact(self.token.burn(money.base)), money)

    def set_limit(self, limit: Money | Decimal | int | str) -> TxResult:
        """Sets the most that may be outstanding; the operator's account is needed for it.

        A limit below what is outstanding takes nothing back; it stops further issues.
        """
        base = money_in(self.currency, limit).base
        return TxResult.of(self.sender.transact(self.token.set_supply_limit(base)))

    def outstanding(self) -> Money:
        """What is outstanding."""
        return self.currency.money_from_base(self.token.total_supply())

    def limit(self) -> Money:
        """The most that may be outstanding."""
        return self.currency.money_from_base(self.token.supply_limit())

    def _require_limit(self, more: int) -> None:
        supply, limit = self.token.total_supply() + more, self.token.supply_limit()
        if supply > limit:
            money = self.currency.money_from_base
            raise PaymentRefused(
                "CashSupplyLimitExceeded",
                {"supply": supply, "limit": limit},
                message=f"{money(supply)} would be outstanding, the limit is {money(limit)}",
                hint="Issue less, or have the operator raise the limit.",
                contract=self.token.address,
            )
