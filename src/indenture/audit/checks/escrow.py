"""ESCROW-1 and ESCROW-2: escrows hold what they owe, and what strangers gave them."""

from __future__ import annotations

from indenture.audit.checks.base import Check
from indenture.audit.events import Transaction


class EscrowCheck(Check):
    """After each transaction that touches an escrow, its cash against its debts."""

    def _close(self) -> None:
        if any(event.kind in ("Offering", "Servicing", "CashToken") for event in self.tx.events):
            self._compare(self.tx)

    def _compare(self, tx: Transaction) -> None:
        world = self.world
        offering, servicing = world.suite.one("Offering").address, world.suite.one("Servicing").address
        for token, cash in world.cash.items():
            owed = sum(
                amount
                for bond, amount in world.servicing.owed.items()
                if bond in world.bonds and world.bonds[bond].terms.currency == token
            )
            for kind, escrow, debt in (
                ("ESCROW-1", offering, world.offerings.held(token)),
                ("ESCROW-2", servicing, owed),
            ):
                expected = debt + cash.gifts.get(escrow, 0)
                found = cash.balances.get(escrow, 0)
                if expected != found:
                    world.differ(
                        tx.events[-1],
                        kind,
                        f"balanceOf({escrow})",
                        expected,
                        found,
                        "the escrow does not hold what it owes",
                    )
