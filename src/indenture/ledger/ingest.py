"""From a node's pages to the ledger's tables: in chain order, each span of blocks in one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from indenture.chain import BlockStamp, Chain
from indenture.errors import ChainReorganised, InputError
from indenture.ledger.reading import SPAN_EVENTS, Manner, Progress, Reading
from indenture.ledger.reorg import rewind
from indenture.ledger.staging import SpoiledPage
from indenture.ledger.store import Ledger

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Ingested:
    """What was read.

    Attributes:
        first_block: First block that was read.
        last_block: Last block that the ledger holds now; before ``first_block`` when nothing was read.
        events: Logs that were put in.
        seconds: How long it took.
        rewound_to: Last block of the ledger that was still on the chain; None when nothing was lost.
    """

    first_block: int
    last_block: int
    events: int
    seconds: float
    rewound_to: int | None


def ingest(
    ledger: Ledger,
    chain: Chain,
    *,
    to: BlockStamp,
    progress: Progress | None = None,
    workers: int = 4,
    headers: bool = False,
    decode: bool = True,
    span_events: int = SPAN_EVENTS,
) -> Ingested:
    """Reads every log of the suite that the ledger does not hold yet.

    What is on the chain no more is forgotten first.  Whenever the program is stopped, the ledger holds whole
    spans of blocks and can be read on.

    Args:
        ledger: The ledger.
        chain: A node of its chain.
        to: The last block; when it is replaced while reading, the block that takes its place.
        progress: Called with blocks done and blocks in all.
        workers: Requests in flight.
        headers: Whether to ask for the header of each block with logs, so that its hash and time are not just
            what the logs say.
        decode: Whether to fill the event tables as well; without, only the raw logs are kept, which is less
            work where there are few events of many kinds and nobody will ask the tables.
        span_events: Events that are kept in one transaction at least, unless they take long to come.

    Raises:
        InputError: The ledger was read without decoding before, and now should be with.
        NodeError: The node is down, or does not give the logs of a block.
        ChainReorganised: The chain moved again and again.
    """
    start = time.monotonic()
    _keep_apart(ledger.con, decode=decode)
    manner = Manner(progress, workers, headers, decode, span_events)
    rewound: list[int] = []
    base = _end(ledger)
    for attempt in range(1, _TRIES + 1):
        if (shared := rewind(ledger, chain)) is not None:
            rewound.append(shared)
            base = min(base, shared)
        # A node that contradicts itself each time is not moving: what it says is told then.
        strict = attempt < _TRIES
        reading = Reading(ledger, chain, to, manner, strict=strict)
        try:
            with _one_thread(ledger.con):
                reading.read()
        except (ChainReorganised, SpoiledPage):
            if not strict:
                raise
            to = _replaced(chain, to)
        else:
            break
    (events,) = ledger.con.execute("SELECT count(*) FROM log WHERE block > ?", [base]).fetchall()[0]
    seconds = time.monotonic() - start
    return Ingested(base + 1, _end(ledger), events, seconds, min(rewound, default=None))


def _keep_apart(con: duckdb.DuckDBPyConnection, *, decode: bool) -> None:
    """A ledger whose event tables have gaps is never taken for one that has them whole."""
    is_raw = con.execute("SELECT count(*) FROM meta WHERE key = 'raw'").fetchall() == [(1,)]
    if decode and is_raw:
        raise InputError(
            "the ledger holds raw logs only, so its event tables would lack what was read before",
            hint="Read into another ledger.",
        )
    if not decode and not is_raw:
        con.execute("INSERT INTO meta VALUES ('raw', 'true')")


@contextmanager
def _one_thread(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """With several, DuckDB mixes up the order of files; and pages are too small to be shared out."""
    (threads,) = con.execute("SELECT current_setting('threads')").fetchall()[0]
    con.execute("SET threads = 1")
    try:
        yield
    finally:
        con.execute(f"SET threads = {threads}")


def _end(ledger: Ledger) -> int:
    head = ledger.head()
    return ledger.first_block - 1 if head is None else head.number


def _replaced(chain: Chain, to: BlockStamp) -> BlockStamp:
    """The block that has the place of another now, or the last one of a chain that has become shorter."""
    latest = chain.block_stamp()
    return latest if latest.number <= to.number else chain.block_stamp(to.number)
