"""Pages of logs: fetched several at a time, as large as the node likes them, handed out in chain order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from types import TracebackType

from indenture.chain import BlockStamp, Chain
from indenture.errors import NodeError
from indenture.ledger.headers import headers
from indenture.ledger.pace import TARGET_BYTES, Pace
from indenture.ledger.patience import Patience
from indenture.ledger.refusals import Less, Never, Slow
from indenture.ledger.wire import Body, fetch_logs

_LARGEST_BODY = 8 * TARGET_BYTES
# Pages that are handed out together: so many at most, and longer waited for while they are small.
GATHER_PAGES, GATHER_BYTES, GATHER_SECONDS = 64, 1 << 20, 1.0


@dataclass(frozen=True, slots=True)
class Page:
    """All logs of some contracts in a closed range of blocks, as the node served them.

    Attributes:
        first: First block.
        last: Last block.
        low: Number of the first of the reader's addresses that it was asked for.
        high: Number after that of the last of them.
        bodies: The logs, in files.
        parent: Hash of the block before the first, as the first one names it.
        end: Stamp of the last block, taken after the logs were read.
    """

    first: int
    last: int
    low: int
    high: int
    bodies: Sequence[Body]
    parent: str
    end: BlockStamp

    @property
    def size(self) -> int:
        """Bytes of its logs."""
        return sum(body.size for body in self.bodies)

    def close(self) -> None:
        """Lets go of the files."""
        _close(self.bodies)


@contextmanager
def closing_all(pages: Iterable[Page]) -> Iterator[None]:
    """Lets go of the files of pages at the end, however it comes."""
    try:
        yield
    finally:
        for page in pages:
            page.close()


@dataclass(frozen=True, slots=True)
class _Slot:
    last: int
    high: int
    page: Future[Page]

    def goes_with(self, pages: Sequence[Page], deadline: float) -> bool:
        """Whether it may be taken with others: it has come, without a fault, and is of the same addresses.

        Small pages are worth waiting for: each time costs as much for a few logs as for thousands.
        """
        if self.high != pages[0].high or len(pages) == GATHER_PAGES:
            return False
        small = sum(page.size for page in pages) < GATHER_BYTES
        try:
            return self.page.exception(max(0.0, deadline - time.monotonic()) if small else 0) is None
        except TimeoutError:
            return False


class PageReader:
    """Reads ahead a bounded number of pages; use it as a context manager, and iterate over it once.

    Args:
        chain: The node.
        addresses: Contracts whose logs to read.
        first: First block.
        last: Last block.
        workers: Requests in flight.
        pace: How many blocks to begin with.

    Attributes:
        addresses: Contracts; more may be added at the end while reading, for the pages asked for later.
        patience: How the node is asked.
    """

    def __init__(
        self,
        chain: Chain,
        addresses: Sequence[str],
        first: int,
        last: int,
        *,
        workers: int = 4,
        pace: Pace | None = None,
    ) -> None:
        self.addresses = list(addresses)
        self._stop = Event()
        self.patience = Patience(chain.rpc, self._stop)
        self._next, self._last = first, last
        self._ahead = 2 * workers
        self._pace = pace or Pace()
        self._slots: deque[_Slot] = deque()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="pages")

    def __iter__(self) -> Iterator[list[Page]]:
        """The pages in chain order, without gaps, each time all that are there.

        Pages that come together were asked for the same addresses.  Whoever takes them closes them.

        Raises:
            NodeError: The node does not give the logs of a range, however small.
            ChainReorganised: The chain has become shorter meanwhile.
        """
        self._fill()
        while self._slots:
            pages, deadline = [self._taken()], time.monotonic() + GATHER_SECONDS
            while self._slots and self._slots[0].goes_with(pages, deadline):
                pages.append(self._taken())
            yield pages

    def missing(self, pages: Sequence[Page], since: int) -> Iterator[Page]:
        """Pages of what has been added to the addresses since others were asked for.

        Args:
            pages: The others, which follow each other.
            since: First block to look at; their own first block if that is later.
        """
        first, last = max(pages[0].first, since), pages[-1].last
        low, high = pages[0].high, len(self.addresses)
        while first <= last and low < high:
            found = self._fetch(first, last, low, high)
            first = found.last + 1
            yield found

    def __enter__(self) -> PageReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._pool.shutdown(cancel_futures=True)
        for slot in self._slots:
            if not slot.page.cancelled() and slot.page.exception() is None:
                slot.page.result().close()

    def _taken(self) -> Page:
        slot = self._slots.popleft()
        page = slot.page.result()
        self._slots.extendleft(reversed(self._rest(page.last + 1, slot.last)))
        self._fill()
        return page

    def _fill(self) -> None:
        while self._next <= self._last and len(self._slots) < self._ahead:
            last = min(self._next + self._pace.blocks - 1, self._last)
            self._slots.append(self._submit(self._next, last))
            self._next = last + 1

    def _rest(self, first: int, last: int) -> list[_Slot]:
        """What is left of a range that was too large; the last slot may be cut again."""
        step = self._pace.blocks
        starts = range(first, last + 1, step)[: self._ahead]
        ends = [*(start - 1 for start in starts[1:]), last]
        return [self._submit(start, end) for start, end in zip(starts, ends, strict=False)]

    def _submit(self, first: int, last: int) -> _Slot:
        high = len(self.addresses)
        return _Slot(last, high, self._pool.submit(self._fetch, first, last, 0, high))

    def _fetch(self, first: int, last: int, low: int, high: int) -> Page:
        """A page of addresses ``low`` to ``high``; it ends early where the node wants shorter ranges."""
        last = min(last, first + self._pace.blocks - 1)
        request = _Request(self.patience, self._pace, self.addresses[low:high], first, last)
        bodies = self.patience.ask(request.bodies)
        try:
            begin, end = headers(self.patience, [first, request.last])
        except BaseException:
            _close(bodies)
            raise
        return Page(first, request.last, low, high, bodies, begin.parent, end.stamp)


class _Request:
    """A page to be asked for, of fewer blocks each time that the node wants fewer.

    A single block that the node finds too large is asked for of fewer addresses at a time, down to one.
    """

    def __init__(
        self, patience: Patience, pace: Pace, addresses: Sequence[str], first: int, last: int
    ) -> None:
        self.first, self.last = first, last
        self._patience = patience
        self._pace = pace
        self._addresses = addresses
        self._together = max(1, len(addresses))

    def bodies(self) -> list[Body]:
        """Asks until the range is small enough."""
        while True:
            start = time.monotonic()
            try:
                bodies = self._ask()
            except Slow as slow:
                if self.last > self.first:
                    self._shorten(slow)
                raise
            except Less as less:
                self._shorten(less)
            except Never as never:
                raise NodeError(
                    f"the node at {self._patience.rpc.url} does not give logs: {never.reason}",
                    hint="Use a node that answers eth_getLogs.",
                ) from None
            else:
                self._pace.went(self._blocks, sum(body.size for body in bodies), time.monotonic() - start)
                return bodies

    @property
    def _blocks(self) -> int:
        return self.last - self.first + 1

    @property
    def _step(self) -> int:
        """How many addresses to name at once."""
        return min(self._pace.addresses, self._together)

    def _ask(self) -> list[Body]:
        bodies: list[Body] = []
        step = self._step
        try:
            for start in range(0, len(self._addresses), step):
                query = {
                    "fromBlock": hex(self.first),
                    "toBlock": hex(self.last),
                    "address": self._addresses[start : start + step],
                }
                rpc, stopped = self._patience.rpc, self._patience.stop.is_set
                bodies.append(fetch_logs(rpc, query, self._blocks, largest=_LARGEST_BODY, stopped=stopped))
        except BaseException:
            _close(bodies)
            raise
        return bodies

    def _shorten(self, less: Less) -> None:
        if less.addresses and self._pace.crowded():
            return
        if self._blocks > 1:
            self.last = self.first + self._pace.failed(self._blocks, most=less.most, here=less.here) - 1
        elif self._step > 1:
            self._together = self._step // 2
        else:
            node = self._patience.rpc.url
            raise NodeError(
                f"the node at {node} does not give the logs of block {self.first}: {less.reason}",
                hint="Each contract was asked for alone: use a node that has a higher limit or keeps more.",
            ) from None


def _close(bodies: Iterable[Body]) -> None:
    for body in bodies:
        body.file.close()
