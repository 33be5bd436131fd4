"""Many transactions at once: tried in one post, signed while the last window travels, sent in one post.

The allocators of all senders are held from the first number taken to the last answer read, so whatever is
refused can give its number back; where a later one of the same sender was taken already, an empty transfer
fills the gap.

Anvil needs care: it works on the entries of a batch in any order, and with automatic mining a transaction
that arrives while the one before it is being mined can be queued for ever.  There, the next transaction of
a sender leaves only when the one before it is mined; a post holds at most one of each sender.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from indenture.chain.contract import ContractCall, Receipt
from indenture.chain.fees import FeeOracle, Fees
from indenture.chain.node_words import HINTS, Meaning, meaning
from indenture.chain.nonces import Nonces
from indenture.chain.pending import Pending
from indenture.chain.pipeline_item import Item, State, rounds_of
from indenture.chain.pipeline_trial import read_trial, trial
from indenture.chain.rpc import RpcCall
from indenture.chain.signing import Signed, sign
from indenture.errors import (
    IndentureError,
    InputError,
    NodeRefused,
    NodeUnavailable,
    TransactionPending,
    TransactionRefused,
)

if TYPE_CHECKING:
    from indenture.chain.sender import Sender

_FILLER_GAS = 21_000
_NONCE_TRIES = 5
_STALLED_AFTER = 1.0
_POLL_FIRST = 0.004
_POLL_LAST = 0.25
_PACE_SECONDS = 2.0
_PACE_PAUSE = 0.0005


class Pipeline:
    """One run of calls; ``send`` once, then ``single`` or ``collect``."""

    def __init__(
        self,
        items: Sequence[tuple[Sender, ContractCall]],
        *,
        gas: int | None,
        preflight: bool,
        window: int,
        stop: bool = True,
    ) -> None:
        self._items = [Item(s, c, c.gas if c.gas is not None else gas) for s, c in items]
        self._preflight = preflight
        self._stop = stop
        self._halted = False
        self._windows = [self._items[i : i + window] for i in range(0, len(items), window)]
        self._nonces: dict[str, Nonces] = {s.address: s.nonces for s, _ in items}
        if not items:
            return
        self._chain = items[0][0].chain
        if any(s.chain.rpc is not self._chain.rpc for s, _ in items):
            raise InputError("the senders use different connections", hint="Give all of them one Chain.")
        if not preflight and any(item.gas is None for item in self._items):
            raise InputError("a call that is not tried first needs a gas limit", hint="Give gas=.")
        self._fees: Fees | None = None
        self._counts: dict[str, tuple[int, int]] = {}
        self._paced = False
        self._travelling: tuple[list[Item], Future[list[Any]]] | None = None

    def send(self) -> None:
        """Tries, signs and sends; errors are kept for ``single`` and ``collect``."""
        if not self._items:
            return
        self._try(self._windows[0])
        if self._chain.client.startswith("anvil"):
            self._paced = bool(self._chain.rpc.request("anvil_getAutomine"))
        with ExitStack() as stack:
            for address in sorted(self._nonces):  # one order for all threads, so that none waits in a circle
                stack.enter_context(self._nonces[address].hold())
            self._sync()
            executor: ThreadPoolExecutor | None = None
            # Paced, the node is asked so often that a thread busy with signing would hold the answers up.
            if len(self._windows) > 1 and not self._paced:
                executor = stack.enter_context(ThreadPoolExecutor(1))
            try:
                self._run(executor)
            finally:
                self._close_gaps()

    def single(self) -> Pending:
        """The only transaction, on its way."""
        (item,) = self._items
        if item.error is not None:
            raise item.error
        return item.sent

    def collect(self, timeout: float) -> list[Receipt | IndentureError]:
        """Waits for all that was sent: a receipt or an error for each call, in order."""
        deadline = time.monotonic() + timeout
        waiting = [i for i in self._items if i.state in (State.SENT, State.ACCEPTED)]
        pause, progress = _POLL_FIRST, time.monotonic()
        while waiting:
            left = self._peek([i for i in waiting if i.sent.receipt is None])
            for item in waiting:
                if item.sent.receipt is not None:
                    item.conclude()
            now = time.monotonic()
            if len(left) < len(waiting):
                pause, progress = _POLL_FIRST, now
            elif now - progress > _STALLED_AFTER or now > deadline:
                left[0].conclude(deadline - now)  # what it unblocks follows
                left, progress = left[1:], time.monotonic()
            else:
                time.sleep(pause)
                pause = min(pause * 2, _POLL_LAST)
            waiting = left
        for address, nonces in self._nonces.items():
            if mined := [i.sent.nonce for i in self._items if i.mined and i.sender.address == address]:
                nonces.settled(mined)
        return [item.outcome(index, len(self._items)) for index, item in enumerate(self._items)]

    # Trying

    def _try(self, window: Sequence[Item]) -> None:
        """One post: each call or its gas estimate and, the first time, nonces and fees."""
        trials = [trial(item) for item in window] if self._preflight else []
        askers = [] if self._counts else list(self._nonces)
        generations = [self._nonces[address].generation for address in askers]
        fees = self._chain.fees.fresh()
        answers = self._chain.rpc.batch(
            [
                *trials,
                *(("eth_getTransactionCount", (address, "pending")) for address in askers),
                *(FeeOracle.questions() if fees is None else []),
            ]
        )
        tried, counted = len(trials), len(trials) + len(askers)
        for item, answer in zip(window, answers[:tried], strict=False):
            read_trial(item, answer, self._chain.rpc)
            if item.error is not None and self._stop:
                self._halted = True
                break
        for address, count, generation in zip(askers, answers[tried:counted], generations, strict=True):
            if isinstance(count, NodeRefused):
                raise count
            self._counts[address] = (int(count, 16), generation)
        self._fees = fees or self._chain.fees.learn(answers[counted:])
        for item in window:
            item.sender.check_fee_limit(self._fees)

    # Sending

    def _sync(self) -> None:
        """Trusts the node's count where nobody of this process has sent since it was asked."""
        for address, nonces in self._nonces.items():
            count, generation = self._counts[address]
            if nonces.generation != generation:
                if nonces.certain:
                    continue
                count = self._chain.nonce(address, "pending")
            lost = nonces.sync(count)
            for sent, raw in enumerate(lost, start=1):
                try:
                    self._chain.rpc.request("eth_sendRawTransaction", [raw], resend=False)
                except (NodeRefused, NodeUnavailable):
                    break  # whoever waits for it will find out
                deadline = time.monotonic() + _PACE_SECONDS
                while self._paced and self._chain.nonce(address) < count + sent:
                    if time.monotonic() > deadline:
                        break
                    time.sleep(_PACE_PAUSE)

    def _run(self, executor: ThreadPoolExecutor | None) -> None:
        for number, window in enumerate(self._windows):
            if number and self._preflight:
                self._arrive()  # what the next window is tried against
                if not self._halted:
                    self._try(window)
            if number and self._halted:
                break
            ready = list(self._sign(window))
            self._arrive()
            if number and self._halted:
                break
            self._note(ready)
            if executor is None:
                self._read(ready, self._post(ready))
            else:
                self._travelling = ready, executor.submit(self._post, ready)
            if self._halted:
                break
        self._arrive()

    def _sign(self, window: Sequence[Item]) -> Iterator[Item]:
        for item in window:
            if item.error is not None:
                if self._stop:
                    return
                continue
            self._attempt(item, item.sender.nonces.take())
            item.state = State.SIGNED
            yield item

    def _attempt(self, item: Item, nonce: int) -> None:
        signed = self._signed(item.sender, item.call, nonce, item.gas or _FILLER_GAS)
        item.pending = Pending(item.sender, item.call, signed)

    def _signed(self, sender: Sender, call: ContractCall, nonce: int, gas: int) -> Signed:
        fees = self._fees or sender.current_fees()
        return sign(sender.account, self._chain.chain_id, call, nonce, gas, fees)

    def _note(self, window: Sequence[Item]) -> None:
        raws: dict[str, dict[int, str]] = {}
        for item in window:
            raws.setdefault(item.sender.address, {})[item.sent.nonce] = item.sent.latest.raw
        for address, by_nonce in raws.items():
            self._nonces[address].sending(by_nonce)

    def _post(self, window: Sequence[Item]) -> list[Any]:
        """One answer for each: a hash, or the error."""
        for item in window:
            item.state = State.SENT
        if not self._paced:
            return self._post_once(window)
        answers: dict[int, Any] = {}
        for each in rounds_of(window):
            for item, answer in zip(each, self._post_once(each), strict=True):
                answers[id(item)] = answer
            mined = [i for i in each if answers[id(i)] == i.sent.tx_hash]
            deadline, pause = time.monotonic() + _PACE_SECONDS, _PACE_PAUSE
            while self._paced and (mined := self._peek(mined)) and time.monotonic() < deadline:
                time.sleep(pause)
                pause *= 2
            if mined or len(each) > sum(answers[id(i)] == i.sent.tx_hash for i in each):
                self._paced = False  # what follows a refused one is mined only after its gap is filled
        return [answers[id(item)] for item in window]

    def _post_once(self, window: Sequence[Item]) -> list[Any]:
        posts: list[RpcCall] = [("eth_sendRawTransaction", (i.sent.latest.raw,)) for i in window]
        try:
            return self._chain.rpc.batch(posts, resend=False) if posts else []
        except NodeUnavailable as lost:
            return [lost] * len(window)

    def _peek(self, window: Sequence[Item]) -> list[Item]:
        """Keeps the receipts that are there; returns whose are not."""
        questions: list[RpcCall] = [("eth_getTransactionReceipt", (i.sent.tx_hash,)) for i in window]
        try:
            answers = self._chain.rpc.batch(questions)
        except NodeUnavailable:
            return list(window)
        for item, answer in zip(window, answers, strict=True):
            item.sent.receipt = answer if isinstance(answer, dict) else None
        return [i for i in window if i.sent.receipt is None]

    def _arrive(self) -> None:
        """Waits for the window that is on its way, if there is one, and reads its answers."""
        if self._travelling is not None:
            window, future = self._travelling
            self._travelling = None
            self._read(window, future.result())

    def _read(self, window: Sequence[Item], answers: Sequence[Any], tries: int = 1) -> None:
        """Sorts the answers; sends again what a changed fee or number can cure."""
        self._look_up(
            [
                (item, answer)
                for item, answer in zip(window, answers, strict=True)
                if not self._accept(item, answer)
            ]
        )
        again = [i for i in window if i.error is not None and self._cured(i, tries)]
        if again:
            self._note(again)
            self._read(again, self._post(again), tries + 1)
        if self._stop and any(i.error is not None for i in window):
            self._halted = True

    def _accept(self, item: Item, answer: Any) -> bool:
        """Whether the answer alone says that the node has the transaction."""
        known = isinstance(answer, NodeRefused) and meaning(answer) is Meaning.KNOWN
        if not known and answer != item.sent.tx_hash:
            return False
        item.state, item.error = State.ACCEPTED, None
        return True

    def _look_up(self, doubtful: Sequence[tuple[Item, Any]]) -> None:
        """Refused, or no answer at all: the hash tells whether the node has it."""
        if not doubtful:
            return
        lost = [a for _, a in doubtful if isinstance(a, NodeUnavailable)]
        if lost and not lost[0].maybe_sent:
            for item, answer in doubtful:
                item.state, item.error = State.REFUSED, answer
            self._halted = True
            return
        questions: list[RpcCall] = [("eth_getTransactionByHash", (i.sent.tx_hash,)) for i, _ in doubtful]
        try:
            found = self._chain.rpc.batch(questions, timeout=self._chain.rpc.timeout / 2)
        except NodeUnavailable:
            found = [None] * len(doubtful)
            doubtful = [(i, None if isinstance(a, NodeUnavailable) else a) for i, a in doubtful]
        for (item, answer), known in zip(doubtful, found, strict=True):
            if isinstance(known, dict):
                item.state, item.error = State.ACCEPTED, None
            elif isinstance(answer, NodeRefused):
                why = meaning(answer)
                taken = why in (Meaning.NONCE_USED, Meaning.REPLACEMENT_CHEAP)
                item.state = State.NONCE_LOST if taken else State.REFUSED
                item.error = TransactionRefused(item.call.what, answer.reason, hint=HINTS.get(why, ""))
                item.error.__cause__ = answer
            elif isinstance(answer, NodeUnavailable):
                self._tell_again(item)
            else:
                self._in_doubt(item)

    def _tell_again(self, item: Item) -> None:
        """The answer was lost and the node does not know the hash: the same bytes, once more."""
        try:
            self._chain.rpc.request("eth_sendRawTransaction", [item.sent.latest.raw], resend=False)
        except NodeRefused as refused:
            if meaning(refused) is not Meaning.KNOWN:
                self._in_doubt(item)
                return
        except NodeUnavailable:
            self._in_doubt(item)
            return
        item.state, item.error = State.ACCEPTED, None

    def _in_doubt(self, item: Item) -> None:
        self._halted = True
        item.error = TransactionPending(item.sender.address, item.sent.nonce, item.sent.hashes)

    def _cured(self, item: Item, tries: int) -> bool:
        """Signs anew what only a changed fee or a number taken by another program kept out."""
        refused = item.error.__cause__ if item.error is not None else None
        if not isinstance(refused, NodeRefused):
            return False
        nonces = item.sender.nonces
        if item.state is State.NONCE_LOST and len(self._items) == 1 and tries < _NONCE_TRIES:
            nonces.give_back(item.sent.nonce)
            nonces.sync(self._chain.nonce(item.sender.address, "pending"))
            self._attempt(item, nonces.take())
        elif item.state is State.REFUSED and meaning(refused) is Meaning.FEE_LOW and tries == 1:
            self._chain.fees.forget()
            self._fees = item.sender.current_fees()
            self._attempt(item, item.sent.nonce)
        else:
            return False
        item.error = None
        return True

    def _close_gaps(self) -> None:
        """Gives free numbers back, or fills them where a later transaction is under way."""
        by_sender: dict[str, list[Item]] = {}
        for item in self._items:
            if item.pending is not None and item.state is not State.NEW:
                by_sender.setdefault(item.sender.address, []).append(item)
        for address, items in by_sender.items():
            nonces = self._nonces[address]
            items.sort(key=lambda i: i.sent.nonce)
            while items and items[-1].state in (State.SIGNED, State.REFUSED, State.NONCE_LOST):
                last = items.pop()
                if last.state is State.NONCE_LOST:
                    nonces.forget()
                else:
                    nonces.give_back(last.sent.nonce)
            for item in items:
                if item.state in (State.SIGNED, State.REFUSED):
                    self._fill(item)

    def _fill(self, item: Item) -> None:
        """An empty transfer to oneself at a number that was refused, so that the later ones are not stuck."""
        sender = item.sender
        signed = self._signed(sender, ContractCall(sender.address), item.sent.nonce, _FILLER_GAS)
        try:
            self._chain.rpc.request("eth_sendRawTransaction", [signed.raw], resend=False)
        except (NodeRefused, NodeUnavailable):
            sender.nonces.forget()
