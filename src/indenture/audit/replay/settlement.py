"""Trades, and the nonces that are used up."""

from __future__ import annotations

from collections import defaultdict

from indenture.audit.events import Event
from indenture.audit.replay.touched import Touched


class SettlementBook:
    """Every settled trade, and the used nonces as words of 256 bits."""

    def __init__(self, touched: Touched) -> None:
        self.nonces: defaultdict[tuple[str, int], int] = defaultdict(int)
        self.trades: list[Event] = []
        self._touched = touched

    def is_used(self, account: str, nonce: int) -> bool:
        """Whether a nonce was used or withdrawn."""
        return bool(self.nonces[account, nonce >> 8] >> (nonce & 255) & 1)

    def apply(self, event: Event) -> None:
        """Takes one event of the Settlement in."""
        if event.name == "TradeSettled":
            self.trades.append(event)
            for side in ("seller", "buyer"):
                nonce = event[f"{side}Nonce"]
                self._use(event[side], nonce >> 8, 1 << (nonce & 255))
        elif event.name == "NoncesCancelled":
            self._use(event["account"], event["word"], event["mask"])

    def _use(self, account: str, word: int, mask: int) -> None:
        self.nonces[account, word] |= mask
        self._touched.add("nonces", account, word)
