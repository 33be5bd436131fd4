"""A transaction on its way: waited for by sender and nonce, under every hash that was sent for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from indenture.chain.contract import ContractCall, Receipt
from indenture.chain.node_words import Meaning, meaning
from indenture.chain.reverts import decode_revert, refusal, revert_data
from indenture.chain.signing import Signed, sign
from indenture.errors import (
    ContractRevert,
    NodeRefused,
    NodeUnavailable,
    TransactionError,
    TransactionPending,
    TransactionReplaced,
)

if TYPE_CHECKING:
    from indenture.chain.sender import Sender

_POLL_FIRST = 0.01
_POLL_LAST = 1.0
# A node that does not know the transaction is told again, but not at every look.
_REBROADCAST_EVERY = 2.0
_REPLACE_AFTER = 30.0


class Pending:
    """A transaction that was sent and is not known to be mined.

    Attributes:
        sender: Who sent it.
        call: What it does.
        nonce: Its number; with the sender, what identifies it.
        receipt: The node's receipt, where it came back at once.
    """

    def __init__(self, sender: Sender, call: ContractCall, signed: Signed) -> None:
        self.sender = sender
        self.call = call
        self.nonce = signed.nonce
        self._attempts = [signed]
        self.receipt: dict[str, Any] | None = None

    @property
    def hashes(self) -> tuple[str, ...]:
        """Every hash sent for this sender and nonce, the oldest first."""
        return tuple(a.tx_hash for a in self._attempts)

    @property
    def tx_hash(self) -> str:
        """The hash sent last."""
        return self.latest.tx_hash

    @property
    def latest(self) -> Signed:
        """What was sent last."""
        return self._attempts[-1]

    def wait(
        self, timeout: float = 120.0, *, confirmations: int = 0, replace_after: float | None = _REPLACE_AFTER
    ) -> Receipt:
        """Waits until it is mined.

        While it waits, the same bytes are sent again if the node has lost them, and an offer that waits long
        is replaced at the same nonce by one that is an eighth higher.

        Args:
            timeout: Seconds.
            confirmations: Blocks that must follow its own; its receipt must still be there then.
            replace_after: Seconds until a waiting offer is raised, and between raises; None never raises it.

        Raises:
            ContractRevert: It was mined and failed.
            TransactionReplaced: Another transaction took its nonce.
            TransactionPending: Time is up; it may still be mined.
        """
        if self.receipt is not None and confirmations == 0:
            return self.conclude(self.receipt)
        now = time.monotonic()
        deadline, raise_at = now + timeout, now + (replace_after or timeout * 2)
        tell_at, pause = now + _REBROADCAST_EVERY / 4, _POLL_FIRST
        while True:
            state = self._look()
            if state is not None and self._deep(state, confirmations):
                return self.conclude(state)
            now = time.monotonic()
            if now >= deadline:
                raise TransactionPending(self.sender.address, self.nonce, self.hashes)
            if state is None and now >= tell_at:
                tell_at = now + _REBROADCAST_EVERY
                self.rebroadcast()
            if state is None and now >= raise_at:
                raise_at = now + (replace_after or timeout * 2)
                self.replace()
            time.sleep(min(pause, deadline - now))
            pause = min(pause * 1.5, _POLL_LAST)

    def rebroadcast(self) -> None:
        """Sends the same bytes again, unless the node has them."""
        rpc = self.sender.chain.rpc
        try:
            if rpc.request("eth_getTransactionByHash", [self.tx_hash]) is None:
                rpc.request("eth_sendRawTransaction", [self.latest.raw], resend=False)
        except (NodeRefused, NodeUnavailable):
            pass  # whatever it says, waiting for the hash decides

    def replace(self) -> bool:
        """Offers an eighth more at the same nonce; False if the node did not want it.

        Both hashes stay live: ``wait`` returns whichever is mined.
        """
        fees = self.latest.fees.raised(self.sender.current_fees())
        self.sender.check_fee_limit(fees)
        signed = sign(
            self.sender.account, self.sender.chain.chain_id, self.call, self.nonce, self.latest.gas, fees
        )
        # Noted before it is sent: an answer may be lost, and then its hash must be looked for too.
        self._attempts.append(signed)
        self.sender.nonces.sending({self.nonce: signed.raw})
        try:
            self.sender.chain.rpc.request("eth_sendRawTransaction", [signed.raw], resend=False)
        except NodeRefused as refused:
            if meaning(refused) is not Meaning.KNOWN:
                # The cheaper offer must be what a rebroadcast sends.
                self._attempts.insert(0, self._attempts.pop())
                return False
        except NodeUnavailable:
            return False
        return True

    def _look(self) -> dict[str, Any] | None:
        """The raw receipt, if any of the hashes has one."""
        questions: list[Any] = [("eth_getTransactionReceipt", (h,)) for h in self.hashes]
        questions.append(("eth_getTransactionCount", (self.sender.address, "latest")))
        try:
            *receipts, count = self.sender.chain.rpc.batch(questions)
        except NodeUnavailable:
            return None  # it is live all the same: keep waiting until time is up
        for receipt in receipts:
            if isinstance(receipt, dict):
                return receipt
        if isinstance(count, str) and int(count, 16) > self.nonce:
            self._check_replaced(questions[:-1])
        return None

    def _check_replaced(self, questions: list[Any]) -> None:
        """The nonce is used, by us?  Answers of one batch need not be of one moment, so ask once more."""
        answers = self.sender.chain.rpc.batch(questions)
        if not any(answers):
            self.sender.nonces.settled([self.nonce])
            raise TransactionReplaced(self.sender.address, self.nonce, self.hashes)

    def _deep(self, receipt: dict[str, Any], confirmations: int) -> bool:
        if confirmations == 0:
            return True
        head = int(self.sender.chain.rpc.request("eth_blockNumber"), 16)
        if head < int(receipt["blockNumber"], 16) + confirmations:
            return False
        again = self.sender.chain.rpc.request("eth_getTransactionReceipt", [receipt["transactionHash"]])
        return bool(again and again["blockHash"] == receipt["blockHash"])

    def conclude(self, raw: dict[str, Any], *, settle: bool = True) -> Receipt:
        """Reads the receipt; raises ``ContractRevert`` if the transaction failed."""
        if settle:
            self.sender.nonces.settled([self.nonce])
        receipt = Receipt.from_rpc(raw)
        if not receipt.ok:
            raise self._failure(receipt)
        return receipt

    def _failure(self, receipt: Receipt) -> TransactionError:
        """Why a mined transaction failed: its trace knows; calling again on the parent block, «probably»."""
        rpc = self.sender.chain.rpc
        try:
            trace = rpc.request("debug_traceTransaction", [receipt.tx_hash, {"tracer": "callTracer"}])
            output = bytes.fromhex(str(trace.get("output") or "0x")[2:])
            if output or receipt.gas_used < self.latest.gas:
                return decode_revert(output, call=self.call, tx_hash=receipt.tx_hash)
            return self._broke_off(receipt, str(trace.get("error") or "out of gas"))
        except (NodeRefused, NodeUnavailable, AttributeError, ValueError):
            pass
        from indenture.chain.client import call_object

        fields = call_object(self.call, self.sender.address) | {"gas": hex(self.latest.gas)}
        try:
            rpc.request("eth_call", [fields, hex(receipt.block_number - 1)])
        except NodeRefused as refused:
            if data := revert_data(refused):
                return decode_revert(data, call=self.call, tx_hash=receipt.tx_hash, probably=True)
            error = refusal(refused, self.call)
            return self._broke_off(receipt, error.message) if not isinstance(error, ContractRevert) else error
        except NodeUnavailable:
            pass
        return self._broke_off(receipt, "for a reason that this node does not tell")

    def _broke_off(self, receipt: Receipt, reason: str) -> ContractRevert:
        return ContractRevert(
            "Halt",
            {},
            message=f"{self.call.what} was mined and failed: {reason}",
            hint=f"It used {receipt.gas_used:,} of {self.latest.gas:,} gas; if that is all, allow more.",
            contract=self.call.to,
            tx_hash=receipt.tx_hash,
            what=self.call.what,
        )

    def __repr__(self) -> str:
        return f"Pending({self.call.what}, nonce {self.nonce}, {self.tx_hash})"
