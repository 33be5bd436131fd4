"""Blocks as a node shows them: fetched ahead in threads, hashed as they come, handed on in order.

Of a block the header is always read; its transactions where the ledger has logs of it; its receipts there and
where the header's bloom filter holds an address of the suite.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from indenture.audit.prove.evidence import Evidence, Watched, begin, complete
from indenture.chain import Chain
from indenture.chain.rpc import RpcCall
from indenture.errors import NodeRefused, NodeUnavailable
from indenture.ledger import Ledger
from indenture.ledger.patience import Patience

_WORKERS = 2
_AHEAD = 4
# What one round of posts may bring, so that neither the node nor this side holds much at a time.
_BLOCKS, _LOGS, _TRANSACTIONS = 250, 5_000, 2_000
_FIRST_BLOCKS = 32
_NO_SUCH_METHOD = -32601


def walk(chain: Chain, ledger: Ledger, watched: Watched, first: int, last: int) -> Iterator[list[Evidence]]:
    """What a node shows of a closed range of blocks, in order, some at a time.

    Raises:
        NodeError: The node is down, or refuses what is asked.
    """
    source = _Source(chain, watched)
    pending: deque[Future[list[Evidence]]] = deque()
    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="proof") as pool:
        try:
            for logs in _rounds(ledger, source, first, last):
                pending.append(pool.submit(source.round, logs))
                while len(pending) > _AHEAD:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _rounds(ledger: Ledger, source: _Source, first: int, last: int) -> Iterator[dict[int, int]]:
    """Cuts a range of blocks into rounds: how many logs the ledger has of each block."""
    while first <= last:
        end = min(last, first + source.blocks - 1)
        counts = dict(
            ledger.con.execute(
                "SELECT block, count(*) FROM log WHERE block BETWEEN ? AND ? GROUP BY block", [first, end]
            ).fetchall()
        )
        chosen: dict[int, int] = {}
        logs = 0
        for number in range(first, end + 1):
            logs += counts.get(number, 0)
            if chosen and logs > _LOGS:
                break
            chosen[number] = counts.get(number, 0)
        yield chosen
        first += len(chosen)


class _Source:
    """Asks one node; knows what its blocks weigh, and what it does not answer."""

    def __init__(self, chain: Chain, watched: Watched) -> None:
        self._chain = chain
        self._watched = watched
        self._patience = Patience(chain.rpc)
        self._whole_blocks = True
        self.blocks = _FIRST_BLOCKS

    def round(self, logs: dict[int, int]) -> list[Evidence]:
        """Reads and examines some blocks, each with how many logs of it are known."""
        answers = self._ask([("eth_getBlockByNumber", (hex(n), count > 0)) for n, count in logs.items()])
        blocks = [begin(number, raw) for number, raw in zip(logs, answers, strict=True)]
        wanted = [
            (block, raw)
            for block, raw in zip(blocks, answers, strict=True)
            if block.header is not None and (logs[block.number] or self._watched.may_log(block.header))
        ]
        for (block, raw), receipts in zip(wanted, self._receipts([raw for _, raw in wanted]), strict=True):
            complete(block, receipts, _transactions(raw) if logs[block.number] else None, self._watched)
        self._weigh(answers)
        return blocks

    def _weigh(self, answers: Sequence[Any]) -> None:
        weight = sum(len(_transactions(raw)) for raw in answers) / len(answers)
        self.blocks = int(max(1, min(_BLOCKS, _TRANSACTIONS / max(1.0, weight))))

    def _receipts(self, raws: Sequence[Any]) -> list[Any]:
        """The receipts of each block, in order: a list, or whatever else the node says."""
        if self._whole_blocks:
            try:
                return self._ask([("eth_getBlockReceipts", (raw["number"],)) for raw in raws])
            except NodeRefused as refused:
                if refused.code != _NO_SUCH_METHOD:
                    raise
                self._whole_blocks = False
        hashes = [[_hash(entry) for entry in _transactions(raw)] for raw in raws]
        answers = iter(self._ask([("eth_getTransactionReceipt", (h,)) for block in hashes for h in block]))
        return [[next(answers) for _ in block] for block in hashes]

    def _ask(self, calls: Sequence[RpcCall]) -> list[Any]:
        """Answers in order; a post that is too much for the node is halved, and a busy node is waited for.

        Raises:
            NodeRefused: It refuses a call that is asked alone.
            NodeUnavailable: It does not answer one.
        """
        try:
            answers = self._chain.rpc.batch(calls)
        except NodeUnavailable as fault:
            busy = fault.reason.startswith("HTTP")
            if len(calls) == 1 or busy or not fault.maybe_sent:
                return self._patience.batch(list(calls))
            middle = len(calls) // 2
            return self._ask(calls[:middle]) + self._ask(calls[middle:])
        for place, answer in enumerate(answers):
            if isinstance(answer, NodeRefused):
                if answer.code == _NO_SUCH_METHOD:
                    raise answer
                (answers[place],) = self._patience.batch([calls[place]])
        return answers


def _transactions(raw: Any) -> list[Any]:
    found = raw.get("transactions") if isinstance(raw, dict) else None
    return found if isinstance(found, list) else []


def _hash(entry: Any) -> Any:
    return entry.get("hash") if isinstance(entry, dict) else entry
