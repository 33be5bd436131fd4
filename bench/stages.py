"""Where the processor's time goes while events are read: the node's, and the reader's step by step.

``python -m bench.stages [--events 200000] [--blocks 20000] [--times 3]`` reads a private chain of Transfer
events into a fresh file, as ``bench.ingest`` does, and prints seconds of the processor.  Where others work on
the machine too they tell more than the clock: no two cores can read in less than half of them.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
from rich.table import Table

from bench.emitter import CASH, emit, paper_suite
from bench.report import console
from indenture.chain import AnvilNode, Chain
from indenture.ledger import Ledger, ingest, pages, reading, staging
from indenture.ledger.spans import transaction

_TOLD = {"stage": "JSON into a table", "keep logs": "raw logs", "keep blocks": "raw logs"}
_ALL = "all, in seconds of the processor"

Spent = dict[str, float]
"""Seconds of the processor by step."""


class Watch:
    """Adds up what the calls of each step take of the processor, in whatever thread they are made."""

    def __init__(self) -> None:
        self.spent: Spent = defaultdict(float)

    def of(self, step: Callable[..., str], act: Callable[..., Any]) -> Callable[..., Any]:
        """A function that does the same and is timed; its step follows from its arguments."""

        def timed(*args: Any, **options: Any) -> Any:
            begun = time.thread_time()
            try:
                return act(*args, **options)
            finally:
                self.spent[step(*args)] += time.thread_time() - begun

        return timed

    @contextmanager
    def transaction(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """A transaction whose end is timed."""
        with ExitStack() as stack:
            stack.enter_context(transaction(con))
            yield
            self.of(lambda: "commit", stack.close)()

    @contextmanager
    def on(self) -> Iterator[None]:
        """Times the steps of every reading meanwhile."""
        with ExitStack() as stack:
            for owner, name, step in (
                (pages, "fetch_logs", lambda *_: "sockets and files"),
                (pages, "headers", lambda *_: "headers of pages"),
                (staging.Stage, "_run", lambda _, statement: _TOLD.get(statement, "places and blocks")),
                (staging, "insert_page", lambda *_: "decoded into event tables"),
            ):
                stack.enter_context(patch.object(owner, name, self.of(step, getattr(owner, name))))
            stack.enter_context(patch.object(reading, "transaction", self.transaction))
            yield


def measure(node: AnvilNode, chain: Chain) -> tuple[float, Spent]:
    """Seconds on the clock that one reading takes, and what it takes of the processor."""
    watch = Watch()
    with (
        tempfile.TemporaryDirectory() as folder,
        Ledger.open(Path(folder) / "ledger.duckdb", paper_suite()) as ledger,
        watch.on(),
    ):
        begun, own, foreign = time.perf_counter(), _of_this(), _of(node)
        ingest(ledger, chain, to=chain.block_stamp())
        clock, own, foreign = time.perf_counter() - begun, _of_this() - own, _of(node) - foreign
    spent = {"the node": foreign, **watch.spent}
    spent["the rest of the reader"] = own + foreign - sum(spent.values())
    return clock, spent | {_ALL: own + foreign}


def _of_this() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _of(node: AnvilNode) -> float:
    """From /proc: user and system are fields 14 and 15, and the name before them may hold blanks."""
    fields = Path(f"/proc/{node.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measures and prints the reading that took least."""
    parser = argparse.ArgumentParser(prog="bench.stages", description="Measure the steps of a reading.")
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--blocks", type=int, default=20_000)
    parser.add_argument(
        "--times", type=int, default=3, help="how often to read; the one that took least counts"
    )
    options = parser.parse_args()
    with AnvilNode(history=False, gas_limit=1_000_000_000) as node:
        chain = node.connect()
        emit(node, chain, CASH, events=options.events, blocks=options.blocks)
        readings = [measure(node, chain) for _ in range(options.times)]
    clock, spent = min(readings, key=lambda found: found[1][_ALL])
    table = Table("step", "seconds", "of all", title=f"{options.events:,} events, {clock:.2f} s on the clock")
    for step, seconds in spent.items():
        table.add_row(step, f"{seconds:.2f}", f"{seconds / spent[_ALL]:.0%}")
    console().print(table)


if __name__ == "__main__":
    main()
