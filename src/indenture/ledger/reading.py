"""One reading: from the end of a ledger to a block, pages into spans, each span in one transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from indenture.chain import BlockStamp, Chain
from indenture.errors import ChainReorganised
from indenture.ledger.headers import headers
from indenture.ledger.pages import Page, PageReader, closing_all
from indenture.ledger.patience import Patience
from indenture.ledger.spans import transaction
from indenture.ledger.staging import Contract, Stage
from indenture.ledger.store import Ledger

Progress = Callable[[str, int, int], None]
"""A step, how much of it is done, and how much there is."""

SPAN_EVENTS = 131_072
"""A span of more events than a row group is written to the file once, not to a journal first."""

_SPAN_SECONDS = 10.0
_STEP = "reading events"


@dataclass(frozen=True, slots=True)
class Manner:
    """How to read; see ``ingest``."""

    progress: Progress | None = None
    workers: int = 4
    headers: bool = False
    decode: bool = True
    span_events: int = SPAN_EVENTS


class Reading:
    """One reading, from the end of the ledger to a block."""

    def __init__(self, ledger: Ledger, chain: Chain, to: BlockStamp, manner: Manner, *, strict: bool) -> None:
        self._ledger = ledger
        self._rpc = chain.rpc
        self._to = to
        self._manner = manner
        self._strict = strict
        self._end = ledger.head()
        self._first = ledger.first_block if self._end is None else self._end.number + 1
        self._ends: list[BlockStamp] = []
        rows = ledger.con.execute("SELECT address, kind, first_block FROM contract ORDER BY rowid").fetchall()
        self._contracts = [Contract(*row) for row in rows]
        addresses = [contract.address for contract in self._contracts]
        self._reader = PageReader(chain, addresses, self._first, to.number, workers=manner.workers)
        self._stage = Stage(
            ledger.con,
            self._reader.patience,
            strict=strict,
            headers=manner.headers,
            decode=manner.decode,
        )

    def read(self) -> None:
        """Reads it, span by span."""
        begun = self._end
        self._stage.ask_for(self._contracts)
        with self._reader:
            groups = iter(self._reader)
            while self._span(groups):
                pass
        self._hold_still(begun)

    def _span(self, groups: Iterator[list[Page]]) -> bool:
        """Puts pages into one transaction until they are enough; False when there are no more."""
        events, more = 0, True
        begun, deadline = self._end, time.monotonic() + _SPAN_SECONDS
        try:
            with transaction(self._ledger.con):
                while more and events < self._manner.span_events and time.monotonic() < deadline:
                    pages = next(groups, [])
                    more = bool(pages)
                    with closing_all(pages):
                        events += self._take(pages)
                if self._end is not None and self._end != begun:
                    self._seal(self._first if begun is None else begun.number + 1, self._end)
        except BaseException:
            self._ledger.reload()
            raise
        return more

    def _take(self, pages: Sequence[Page]) -> int:
        """Takes pages in, with the logs of bonds that they register."""
        if not pages:
            return 0
        for page in pages:
            self._follow(page)
        events = self._stage.take(pages)
        if events and (found := self._registered()):
            self._contracts += found
            self._reader.addresses += [contract.address for contract in found]
            self._stage.ask_for(self._contracts)
        if unasked := self._contracts[pages[0].high :]:
            for part in self._reader.missing(pages, min(contract.since for contract in unasked)):
                with closing_all([part]):
                    events += self._stage.take([part])
        if self._manner.progress is not None:
            done = pages[-1].last - self._first + 1
            self._manner.progress(_STEP, done, self._to.number - self._first + 1)
        return events

    def _follow(self, page: Page) -> None:
        """A page begins where the one before it ended, or the chain has moved in between."""
        before, self._end = self._end, page.end
        if before is None or page.parent == before.hash:
            return
        if self._strict:
            raise ChainReorganised(before.number, before.hash, page.parent)
        self._ledger.con.execute(
            "INSERT INTO anomaly VALUES (?, NULL, NULL, NULL, 'LOG-3', 'parent hash', ?, ?, ?)",
            [page.first, before.hash, page.parent, "a block does not follow the one before it"],
        )

    def _registered(self) -> list[Contract]:
        """Bonds that the pages register and that nobody knew of."""
        known = {contract.address for contract in self._contracts}
        found = [new for new in self._stage.registrations() if new.bond not in known]
        for new in found:
            self._ledger.add("Bond", new.bond, f"Bond {new.isin}", new.block)
        return [Contract(new.bond, "Bond", new.block) for new in found]

    def _seal(self, first: int, end: BlockStamp) -> None:
        con = self._ledger.con
        con.execute("INSERT INTO span VALUES (?, ?, ?)", [first, end.number, end.hash])
        con.execute(
            "INSERT INTO block SELECT $number, $hash, $time "
            "WHERE NOT EXISTS (FROM block WHERE number = $number)",
            {"number": end.number, "hash": end.hash, "time": end.timestamp},
        )
        self._ends.append(end)

    def _hold_still(self, begun: BlockStamp | None) -> None:
        """What was read is on the chain as it is now: also where it went to another one and came back."""
        pinned = [*self._ends, self._to]
        now = headers(Patience(self._rpc), [stamp.number for stamp in pinned])
        good = begun
        for stamp, header in zip(pinned, now, strict=True):
            if stamp.hash != header.stamp.hash:
                with transaction(self._ledger.con):
                    self._ledger.keep_to(good)
                raise ChainReorganised(stamp.number, stamp.hash, header.stamp.hash)
            good = stamp
