"""Sending: tried first, signed here, sent once, followed until it is mined."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eth_account.signers.local import LocalAccount

from indenture.chain.client import Chain
from indenture.chain.contract import ContractCall, Receipt
from indenture.chain.fees import FeeOracle, Fees
from indenture.chain.nonces import Nonces
from indenture.chain.pending import Pending
from indenture.chain.pipeline import Pipeline
from indenture.errors import TransactionError, TransactionRefused

DEFAULT_WINDOW = 64
DEFAULT_TIMEOUT = 120.0


class Sender:
    """An account that sends to one chain.

    Args:
        chain: Where to.
        account: The key; it never leaves this process.
        journal: A folder for what was sent and is not yet mined, for programs that must survive a crash or
            that share a key with another process on this machine.
        max_fee: The most wei per gas that may be offered.
    """

    def __init__(
        self, chain: Chain, account: LocalAccount, *, journal: Path | None = None, max_fee: int | None = None
    ) -> None:
        self.chain = chain
        self.account = account
        self.address: str = account.address
        self.max_fee = max_fee
        self.nonces = Nonces.of(chain, self.address, journal)

    def send(self, call: ContractCall, *, gas: int | None = None, preflight: bool = True) -> Pending:
        """Tries a call and, if the contract agrees, sends it; does not wait.

        Args:
            call: What to send.
            gas: Gas limit; estimated where neither this nor ``call.gas`` is given.
            preflight: False sends without trying first; a gas limit must be given then.

        Raises:
            ContractRevert: The contract refuses; nothing was sent.
            TransactionRefused: The node does not take it; nothing was sent.
            TransactionPending: The answer was lost and the node is silent: it may have been taken.
            NodeUnavailable: The node is not there; nothing was sent.
        """
        pipeline = Pipeline([(self, call)], gas=gas, preflight=preflight, window=1)
        pipeline.send()
        return pipeline.single()

    def transact(
        self,
        call: ContractCall,
        *,
        gas: int | None = None,
        preflight: bool = True,
        timeout: float = DEFAULT_TIMEOUT,
        confirmations: int = 0,
    ) -> Receipt:
        """Sends a call and waits until it is mined: ``send`` and ``Pending.wait`` in one."""
        return self.send(call, gas=gas, preflight=preflight).wait(timeout, confirmations=confirmations)

    def send_many(
        self,
        calls: Sequence[ContractCall],
        *,
        window: int = DEFAULT_WINDOW,
        gas: int | None = None,
        preflight: bool = True,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> list[Receipt]:
        """Sends many calls in order and returns their receipts; see ``send_all``."""
        items = [(self, call) for call in calls]
        return send_all(items, window=window, gas=gas, preflight=preflight, timeout=timeout)

    def current_fees(self) -> Fees:
        """What the chain asks for now."""
        oracle = self.chain.fees
        fees = oracle.fresh() or oracle.learn(self.chain.rpc.batch(FeeOracle.questions()))
        self.check_fee_limit(fees)
        return fees

    def check_fee_limit(self, fees: Fees) -> None:
        """Raises ``TransactionRefused`` when an offer would exceed ``max_fee``."""
        if self.max_fee is not None and fees.cap > self.max_fee:
            raise TransactionRefused(
                "the transaction",
                f"the chain asks for up to {fees.cap:,} wei per gas, the limit is {self.max_fee:,}",
                hint="Wait until the chain is cheaper, or raise the limit.",
            )

    def __repr__(self) -> str:
        return f"Sender({self.address}, {self.chain!r})"


def send_all(
    items: Sequence[tuple[Sender, ContractCall]],
    *,
    window: int = DEFAULT_WINDOW,
    gas: int | None = None,
    preflight: bool = True,
    timeout: float = DEFAULT_TIMEOUT,
) -> list[Receipt]:
    """Sends many calls of many senders, pipelined, and waits for all of them.

    Calls of one sender are mined in their order; between senders there is no order.  Within a window, calls
    are tried against the state before the window: where one depends on another of the same window, give
    ``preflight=False`` and a gas limit.

    Args:
        items: Sender and call, all on one chain.
        window: How many go out in one post.
        gas: Gas limit for calls that have none of their own.
        preflight: Whether each call is tried first; False needs a gas limit for each.
        timeout: Seconds to wait for the receipts, in all.

    Raises:
        TransactionError: The first call that failed, which its ``index`` and message name.  Calls before it
            are mined; calls after it, in windows already sent, may be.
    """
    results = send_each(items, window=window, gas=gas, preflight=preflight, timeout=timeout, stop=True)
    receipts: list[Receipt] = []
    for result in results:
        if isinstance(result, Exception):
            raise result
        receipts.append(result)
    return receipts


def send_each(
    items: Sequence[tuple[Sender, ContractCall]],
    *,
    window: int = DEFAULT_WINDOW,
    gas: int | None = None,
    preflight: bool = True,
    timeout: float = DEFAULT_TIMEOUT,
    stop: bool = False,
) -> list[Receipt | TransactionError]:
    """As ``send_all``, but a failed call leaves its error in its place and stops others only if asked."""
    pipeline = Pipeline(list(items), gas=gas, preflight=preflight, window=window, stop=stop)
    pipeline.send()
    results: list[Any] = pipeline.collect(timeout)
    return results
