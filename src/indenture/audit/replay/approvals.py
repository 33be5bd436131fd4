"""Approvals and permits of one token.

No event says how much of an approval was spent, nor whether an approval came by permit.  What was called
directly is read from the transaction; what went through a stranger's contract leaves only bounds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from indenture.audit.replay.touched import Touched

ENDLESS = 2**256 - 1


@dataclass(slots=True)
class Bounds:
    """A number known exactly, or only to lie between two."""

    low: int = 0
    high: int = 0

    def holds(self, value: int) -> bool:
        """Whether a value is possible."""
        return self.low <= value <= self.high

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low} to {self.high}"


class Approvals:
    """Who may spend how much for whom, and how many permits each owner has used."""

    def __init__(self, token: str, touched: Touched) -> None:
        self.allowances: defaultdict[tuple[str, str], Bounds] = defaultdict(Bounds)
        self.permits: defaultdict[str, Bounds] = defaultdict(Bounds)
        self._token = token
        self._touched = touched

    def approve(self, owner: str, spender: str, value: int) -> None:
        """An approval replaces what was left of the one before."""
        self.allowances[owner, spender] = Bounds(value, value)
        self._touched.add("allowance", self._token, owner, spender)

    def permit(self, owner: str, *, certain: bool) -> None:
        """An approval came by permit, or may have."""
        self.permits[owner].high += 1
        self.permits[owner].low += certain
        self._touched.add("permits", self._token, owner)

    def spend(self, owner: str, spender: str, value: int) -> None:
        """A spender moved units or money of an owner."""
        left = self.allowances[owner, spender]
        if left.low != ENDLESS:
            left.high -= value
            left.low = max(0, left.low - value)
        self._touched.add("allowance", self._token, owner, spender)

    def may_spend(self, owner: str, value: int) -> None:
        """Somebody's contract moved units or money of an owner: perhaps by approval, perhaps not."""
        for (who, spender), left in self.allowances.items():
            if who == owner and left.high != ENDLESS:
                left.low = max(0, left.low - value)
                self._touched.add("allowance", self._token, owner, spender)
