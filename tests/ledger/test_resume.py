"""Killed at any moment, a ledger holds whole spans, and reading on gives what reading in one go gives."""

from __future__ import annotations

import shutil
import time
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from bench.emitter import paper_suite
from tests.ledger.chains import FEW, ToldChain, told_chain
from tests.ledger.contents import Contents, contents, places, places_on, spans
from tests.ledger.nodes import Refused, range_of, serving
from tests.ledger.resuming import Readers

from indenture.errors import NodeUnavailable
from indenture.ledger import Ledger, ingest, pages

pytestmark = pytest.mark.integration

SUITE = paper_suite()
BLOCKS, RANGE = 60, 6
KILLS = 100


@pytest.fixture(scope="module")
def chain() -> ToldChain:
    transfers = [table for table in FEW if table.name.endswith("_transfer")]
    return told_chain(SUITE, BLOCKS, seed=6, bonds=0.02, tables=transfers)


def test_ingest__killed_a_hundred_times__equals_one_go(tmp_path: Path, chain: ToldChain) -> None:
    """Bigger only in how often than what an operator's impatience does to a long reading."""
    random, kills, finished = Random(7), 0, 0
    whole, empty, path = (tmp_path / f"{name}.duckdb" for name in ("whole", "empty", "0"))
    Ledger.open(empty, SUITE, threads=1).close()
    with serving(chain) as node, Readers(node.url) as readers:
        node.before = short_ranges
        seconds = seconds_of_one(readers, Path(shutil.copy(empty, whole)))
        expected = held(whole)
        while kills < KILLS:
            readers.start(path)
            time.sleep(random.uniform(0, seconds))
            killed = readers.kill()
            kills += killed
            # The machine may be busier at one time than at another: come earlier after coming too late.
            seconds *= 1.1 if killed else 0.6
            if whole_spans(path, chain) == BLOCKS:
                assert held(path) == expected
                finished += 1
                path = Path(shutil.copy(empty, tmp_path / f"{finished}.duckdb"))
    assert finished > 0


def test_ingest__node_gone_halfway__keeps_what_it_has_and_reads_on(
    tmp_path: Path, chain: ToldChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.duckdb"
    monkeypatch.setattr(pages, "GATHER_PAGES", 1)
    monkeypatch.setattr("indenture.ledger.patience.FIRST_WAIT", 0.001)

    def gone(method: str, params: list[Any]) -> None:
        if method == "eth_getLogs":
            short_ranges(method, params)
            if range_of(params)[0] > BLOCKS // 2:
                raise Refused(-32005, "daily request count exceeded, request rate limited")

    with serving(chain) as node:
        node.before = gone
        with Ledger.open(path, SUITE, threads=1) as ledger, pytest.raises(NodeUnavailable):
            ingest(ledger, node.connect(), to=chain.last.stamp, span_events=1)
        assert BLOCKS // 2 - RANGE <= whole_spans(path, chain) <= BLOCKS // 2 + RANGE

        node.before = short_ranges
        with Ledger.open(path, SUITE, threads=1) as ledger:
            ingest(ledger, node.connect(), to=chain.last.stamp)
            assert places(ledger) == places_on(chain)


def short_ranges(method: str, params: list[Any]) -> None:
    """A node that takes few blocks at once: many pages, many spans."""
    if method == "eth_getLogs" and range_of(params)[1] - range_of(params)[0] >= RANGE:
        raise Refused(-32602, f"block range is limited to {RANGE} blocks")


def seconds_of_one(readers: Readers, path: Path) -> float:
    """How long it takes to read all."""
    start = time.monotonic()
    readers.start(path)
    readers.wait()
    return time.monotonic() - start


def held(path: Path) -> Contents:
    with Ledger.open(path, SUITE, threads=1) as ledger:
        return contents(ledger)


def whole_spans(path: Path, chain: ToldChain) -> int:
    """The last block of a ledger that was left behind; all logs up to it are there, and no others."""
    with Ledger.open(path, SUITE, threads=1) as ledger:
        head = ledger.head()
        last = 0 if head is None else head.number
        assert places(ledger) == [place for place in places_on(chain) if place[0] <= last]
        ranges = spans(ledger)
        assert all(before[1] + 1 == after[0] for before, after in pairwise(ranges))
        return last
