"""Cash: balances, supply, limit, approvals and trusted systems of one token."""

from __future__ import annotations

from collections import defaultdict

from indenture.audit.events import Event
from indenture.audit.replay.approvals import Approvals
from indenture.audit.replay.touched import Touched

ZERO = "0x" + "0" * 40


class CashBook:
    """One cash token."""

    def __init__(self, address: str, touched: Touched) -> None:
        self.address = address
        self.balances: defaultdict[str, int] = defaultdict(int)
        self.supply = 0
        self.limit = 0
        self.limit_is_set = False
        self.trusted: dict[str, bool] = {}
        self.gifts: defaultdict[str, int] = defaultdict(int)
        self.approvals = Approvals(address, touched)
        self._touched = touched

    def apply(self, event: Event) -> None:
        """Takes one event of the token in."""
        match event.name:
            case "Transfer":
                self._move(event["from"], event["to"], event["value"])
            case "Approval" | "PermitUsed":
                self.approvals.apply(event)
            case "SupplyLimitSet":
                self.limit, self.limit_is_set = event["newLimit"], True
                self._touched.add("limit", self.address)
            case "TrustedSystemSet":
                self.trusted[event["system"]] = event["trusted"]
                self._touched.add("trusted", self.address, event["system"])

    def _move(self, sender: str, receiver: str, amount: int) -> None:
        self.supply += amount * ((sender == ZERO) - (receiver == ZERO))
        if ZERO in (sender, receiver):
            self._touched.add("cash supply", self.address)
        for account, change in ((sender, -amount), (receiver, amount)):
            if account != ZERO:
                self.balances[account] += change
                self._touched.add("cash", self.address, account)
