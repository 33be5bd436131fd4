"""What a transaction offers for gas."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indenture.chain.rpc import RpcCall
from indenture.errors import NodeRefused

# The base fee grows by at most an eighth a block: doubled, an offer outlasts five full blocks.
_BASE_FEE_ROOM = 2
_FALLBACK_TIP = 10**9
_SECONDS_FRESH = 3.0


@dataclass(frozen=True, slots=True)
class Fees:
    """An offer per gas, in wei.

    Attributes:
        cap: The most that is paid in all.
        tip: Of it, the most that the block's producer gets.
        legacy: Whether the chain knows only one gas price (``cap``).
    """

    cap: int
    tip: int
    legacy: bool = False

    def fields(self) -> dict[str, int]:
        """As fields of a transaction."""
        if self.legacy:
            return {"gasPrice": self.cap}
        return {"type": 2, "maxFeePerGas": self.cap, "maxPriorityFeePerGas": self.tip}

    def raised(self, floor: Fees) -> Fees:
        """An eighth more, rounded up, and never less than what the chain asks for now.

        Nodes replace a waiting transaction from a tenth more on.
        """
        return Fees(
            cap=max(self.cap + -(-self.cap // 8), floor.cap),
            tip=max(self.tip + -(-self.tip // 8), floor.tip),
            legacy=self.legacy,
        )


class FeeOracle:
    """Reads the chain's fees, and remembers them for a few seconds."""

    def __init__(self) -> None:
        self._fees: Fees | None = None
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def fresh(self) -> Fees | None:
        """The fees, if they were read a moment ago."""
        with self._lock:
            return self._fees if time.monotonic() - self._read_at < _SECONDS_FRESH else None

    @staticmethod
    def questions() -> list[RpcCall]:
        """The calls whose answers ``learn`` needs; they fit into any batch."""
        return [
            ("eth_getBlockByNumber", ("latest", False)),
            ("eth_maxPriorityFeePerGas", ()),
            ("eth_gasPrice", ()),
        ]

    def learn(self, answers: Sequence[Any]) -> Fees:
        """Works the fees out of the answers to ``questions``."""
        block, tip, price = answers
        for answer in (block, price):
            if isinstance(answer, NodeRefused):
                raise answer
        base = block.get("baseFeePerGas")
        if base is None:
            fees = Fees(int(price, 16), 0, legacy=True)
        else:
            offered = _FALLBACK_TIP if isinstance(tip, NodeRefused) else int(tip, 16)
            fees = Fees(int(base, 16) * _BASE_FEE_ROOM + offered, offered)
        with self._lock:
            self._fees, self._read_at = fees, time.monotonic()
        return fees

    def forget(self) -> None:
        """Drops what is remembered: the chain has become dearer."""
        with self._lock:
            self._read_at = float("-inf")
