"""Approvals and permits of one token: who may still spend how much for whom, and whose permits were used."""

from __future__ import annotations

from collections import defaultdict

from indenture.audit.events import Event
from indenture.audit.replay.touched import Touched

ENDLESS = 2**256 - 1
"""An allowance that no spending lessens."""


class Approvals:
    """Allowances by owner and spender, and the next permit's nonce by owner.

    ``Approval`` says what is left, after spending too; ``PermitUsed`` comes before the approval of a permit.
    """

    def __init__(self, token: str, touched: Touched) -> None:
        self.allowances: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.nonces: defaultdict[str, int] = defaultdict(int)
        self._token = token
        self._touched = touched

    def apply(self, event: Event) -> None:
        """Takes an ``Approval`` or a ``PermitUsed`` in."""
        if event.name == "PermitUsed":
            self.nonces[event["owner"]] = event["nonce"] + 1
            self._touched.add("permits", self._token, event["owner"])
        else:
            self.allowances[event["owner"], event["spender"]] = event["value"]
            self._touched.add("allowance", self._token, event["owner"], event["spender"])
