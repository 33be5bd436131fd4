"""One call of many on its way through a pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from indenture.chain.contract import ContractCall, Receipt
from indenture.chain.pending import Pending
from indenture.errors import ContractRevert, IndentureError, TransactionError, TransactionRefused

if TYPE_CHECKING:
    from indenture.chain.sender import Sender


class State(Enum):
    """How far a call has come."""

    NEW = "not signed"
    SIGNED = "has a number, not sent"
    SENT = "sent, answer unknown"
    ACCEPTED = "the node has it"
    REFUSED = "the node does not have it; its number is free"
    NONCE_LOST = "the node does not have it; its number is used by another"


@dataclass(slots=True)
class Item:
    """A call, who sends it, and what has become of it."""

    sender: Sender
    call: ContractCall
    gas: int | None
    state: State = State.NEW
    pending: Pending | None = None
    error: IndentureError | None = None
    receipt: Receipt | None = None

    @property
    def sent(self) -> Pending:
        """The signed transaction."""
        if self.pending is None:
            raise RuntimeError(f"{self.call.what} is not signed")
        return self.pending

    def conclude(self, timeout: float | None = None) -> None:
        """Reads the receipt that is there; with a timeout, waits for it."""
        self.error = None
        try:
            if timeout is None and self.sent.receipt is not None:
                self.receipt = self.sent.conclude(self.sent.receipt, settle=False)
            else:
                self.receipt = self.sent.wait(max(timeout or 0.0, 0.0))
            self.state = State.ACCEPTED
        except TransactionError as failed:
            self.error = failed
            if isinstance(failed, ContractRevert):
                self.state = State.ACCEPTED

    @property
    def mined(self) -> bool:
        """Whether it is in a block, successful or not."""
        return self.receipt is not None or (
            self.state is State.ACCEPTED and isinstance(self.error, ContractRevert)
        )

    def outcome(self, index: int, total: int) -> Receipt | IndentureError:
        """The receipt, or the error that says which of many it was."""
        if self.receipt is not None:
            return self.receipt
        error = self.error or TransactionRefused(
            self.call.what, "it was not sent, because a call before it failed"
        )
        if isinstance(error, TransactionError) and total > 1:
            error.name_place(index, total)
        return error


def rounds_of(window: Sequence[Item]) -> list[list[Item]]:
    """Splits a window so that each part holds at most one call of each sender, in order."""
    rounds: list[list[Item]] = []
    seen: dict[str, int] = {}
    for item in window:
        place = seen.get(item.sender.address, 0)
        seen[item.sender.address] = place + 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(item)
    return rounds
