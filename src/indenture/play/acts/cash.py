"""Tokenised money: issued by the cash issuer, sent between members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from indenture.errors import InvalidAmount
from indenture.play.acts.base import Accounts, Act, One, Rehearsal
from indenture.play.fields import Amount, Selector, Text, counted

if TYPE_CHECKING:
    from indenture.play.stage import Stage


class IssueCash(Act):
    """Issues money to members.

    Attributes:
        currency: Code of the currency.
        to: How much each account gets, by member, group or account.
    """

    word: ClassVar[str] = "issue_cash"
    currency: Text
    to: Annotated[dict[Selector, Amount], Field(min_length=1)]

    def title(self) -> str:
        """What is about to happen."""
        return "Issue cash"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the currency, the receivers and the amounts are possible."""
        currency = next((cash.currency for cash in scene.case.cash if cash.code == self.currency), None)
        if currency is None:
            yield "currency", f"the case has no cash {self.currency!r}", ""
            return
        for selector, amount in self.to.items():
            for reason, hint in Accounts().check(selector, scene):
                yield f"to.{selector}", reason, hint
            try:
                currency.to_base(amount)
            except InvalidAmount as error:
                yield f"to.{selector}", error.message, error.hint

    def perform(self, stage: Stage) -> str:
        """Issues to all of them in batches."""
        wanted = [(a, amount) for selector, amount in self.to.items() for a in stage.case.accounts(selector)]
        stage.cash_issuer(self.currency).issue(
            [(stage.address(account), amount) for account, amount in wanted]
        )
        total = sum(amount for _, amount in wanted)
        return f"{stage.currency(self.currency).money(total)} to {counted(len(wanted), 'account')}"


class TransferCash(Act):
    """Sends money from one account to another.

    Attributes:
        currency: Code of the currency.
        by: Who sends.
        to: Who receives.
        amount: How much.
    """

    word: ClassVar[str] = "transfer_cash"
    currency: Text
    by: One
    to: One
    amount: Amount

    def title(self) -> str:
        """What is about to happen."""
        return "Transfer cash"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the currency exists."""
        if self.currency not in {cash.code for cash in scene.case.cash}:
            yield "currency", f"the case has no cash {self.currency!r}", ""

    def perform(self, stage: Stage) -> str:
        """Sends it."""
        stage.investor(stage.one(self.by)).transfer_cash(
            stage.address(stage.one(self.to)), self.amount, self.currency
        )
        return f"{stage.currency(self.currency).money(self.amount)} to {self.to}"
