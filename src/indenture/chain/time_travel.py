"""Powers that only a test chain gives: its clock, its miner, its memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from indenture.chain.rpc import Rpc
from indenture.errors import InvalidDate, NodeRefused


class TimeTravel:
    """Time control of an Anvil."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc

    def set_next_timestamp(self, instant: int | datetime) -> None:
        """The next block will carry this instant.

        Raises:
            InvalidDate: It is not after the last block, or it is naive.
        """
        seconds = seconds_of(instant)
        last = int(self._rpc.request("eth_getBlockByNumber", ["latest", False])["timestamp"], 16)
        if seconds <= last:
            raise InvalidDate(
                f"the next block cannot be at {seconds}: the last one is at {last}",
                hint="Time on a chain only goes forward.",
            )
        self._rpc.request("evm_setNextBlockTimestamp", [seconds], resend=False)

    def mine(self, blocks: int = 1, *, at: int | datetime | None = None) -> None:
        """Mines blocks; the first of them at the instant given."""
        if at is not None:
            self.set_next_timestamp(at)
        self._rpc.request("anvil_mine", [hex(blocks)], resend=False)

    def set_automine(self, on: bool) -> None:  # noqa: FBT001 (reads as it is)
        """Whether each transaction is mined at once."""
        self._rpc.request("evm_setAutomine", [on], resend=False)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Inside, transactions wait; at the end those that fit are mined into one block."""
        self.set_automine(False)
        try:
            yield
            self.mine()
        finally:
            self.set_automine(True)

    def snapshot(self) -> str:
        """Remembers the whole state; good for one ``revert``."""
        return str(self._rpc.request("evm_snapshot", resend=False))

    def revert(self, snapshot: str) -> None:
        """Goes back to a snapshot; what waits to be mined is dropped.

        Anvil lets go of a transaction a moment after its receipt is there: one that is undone in between
        would be part of the pending state again, and of the next block.
        """
        self._rpc.request("anvil_dropAllTransactions", resend=False)
        if not self._rpc.request("evm_revert", [snapshot], resend=False):
            raise NodeRefused("evm_revert", 0, f"there is no snapshot {snapshot}")

    def set_next_base_fee(self, wei: int) -> None:
        """Base fee of the next block."""
        self._rpc.request("anvil_setNextBlockBaseFeePerGas", [hex(wei)], resend=False)

    def set_balances(self, balances: Mapping[str, int]) -> None:
        """Gives accounts wei out of nothing, many in one post."""
        calls = [("anvil_setBalance", (account, hex(wei))) for account, wei in balances.items()]
        for answer in self._rpc.batch(calls, resend=False):
            if isinstance(answer, NodeRefused):
                raise answer

    def drop(self, tx_hash: str) -> None:
        """Throws a waiting transaction out of the pool."""
        self._rpc.request("anvil_dropTransaction", [tx_hash], resend=False)

    def reorganise(self, depth: int) -> None:
        """Replaces the last blocks by empty ones."""
        self._rpc.request("anvil_reorg", [depth, []], resend=False)


def seconds_of(instant: int | datetime) -> int:
    """Seconds since 1970 of an aware instant."""
    if isinstance(instant, datetime):
        if instant.tzinfo is None:
            raise InvalidDate(
                f"{instant} has no time zone", hint="Use an aware datetime, for instance with tz=UTC."
            )
        return int(instant.timestamp())
    return instant
