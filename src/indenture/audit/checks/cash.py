"""CASH-1, CASH-3 and CASH-4: whom a token trusts, members only, nothing below zero, within the limit."""

from __future__ import annotations

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.replay.cash import ZERO

_TRUSTED = ("Offering", "Servicing", "Settlement")
"""What moves money on a holder's own word, without an allowance: each has rules that are checked."""


class CashCheck(Check):
    """Each movement of cash on its own."""

    KINDS = ("CashToken",)

    def _look(self, event: Event) -> None:
        if event.kind != "CashToken":
            return
        book = self.world.cash[event.address]
        if event.name == "Transfer":
            self._movement(event)
        elif event.name == "SupplyLimitSet":
            self.world.expect(
                event,
                "CASH-4",
                "oldLimit",
                book.limit,
                event["oldLimit"],
                "not the limit that was set before",
            )
        elif event.name == "TrustedSystemSet" and event["trusted"]:
            self._trusted(event)

    def _trusted(self, event: Event) -> None:
        if event["system"] not in self.world.suite.addresses(_TRUSTED):
            wanted, message = " or ".join(_TRUSTED), "it may move anybody's money, and no allowance is needed"
            self._differ(event, "CASH-1", "system", wanted, event["system"], message)

    def _movement(self, event: Event) -> None:
        book = self.world.cash[event.address]
        sender, receiver, amount = event["from"], event["to"], event["value"]
        if sender != ZERO and amount > book.balances.get(sender, 0):
            self.world.differ(
                event,
                "CASH-4",
                "value",
                f"<= {book.balances.get(sender, 0)}",
                amount,
                f"{sender} spent more than it had",
            )
        if sender == ZERO and book.supply + amount > book.limit:
            self.world.differ(
                event,
                "CASH-4",
                "value",
                f"<= {book.limit - book.supply}",
                amount,
                "an issue passed the limit",
            )
        for side, account in (("from", sender), ("to", receiver)):
            burned = receiver == ZERO
            if account != ZERO and not burned and not self.world.members.of(account).active(event.time):
                self.world.differ(
                    event, "CASH-3", side, "an active member", account, f"{account} was no active member then"
                )
