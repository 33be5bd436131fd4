"""Reading events by the clock: the ledger beside a plain loop on web3.py, and beside only taking the bytes.

``python -m bench.ingest`` makes a private chain of Transfer events and reads it into a fresh file, decoded
and committed; the node runs on the same machine and takes its share of it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from rich.console import Console
from rich.table import Table
from web3 import HTTPProvider, Web3

from bench.emitter import CASH, TRANSFER, emit, paper_suite
from indenture.chain import AnvilNode, Chain, load_artifact
from indenture.ledger import Ledger, ingest

#: Blocks at a time, in the loops that are not the ledger's: all of them answer best in about such ranges.
RANGE = 1_000
#: web3.py takes minutes for all of it.
PART = 10
_CHUNK = 1 << 18
_SECONDS = 120.0
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Speed:
    """Events per second of one way to read.

    Attributes:
        way: How.
        events: How many were read.
        seconds: In how long.
    """

    way: str
    events: int
    seconds: float

    @property
    def rate(self) -> float:
        """Events per second."""
        return self.events / self.seconds


@contextmanager
def told(events: int, blocks: int) -> Iterator[Chain]:
    """A chain of so many events in so many blocks."""
    with AnvilNode(history=False, gas_limit=1_000_000_000) as node:
        chain = node.connect()
        emit(node, chain, CASH, events=events, blocks=blocks)
        yield chain


def by_ledger(chain: Chain, events: int, *, times: int = 3) -> Speed:
    """Into a fresh file; the best of some."""
    return min((_one_ledger(chain, events) for _ in range(times)), key=lambda speed: speed.seconds)


def _one_ledger(chain: Chain, events: int) -> Speed:
    with tempfile.TemporaryDirectory() as folder:
        with Ledger.open(Path(folder) / "ledger.duckdb", paper_suite()) as ledger:
            opened = time.perf_counter()
            done = ingest(ledger, chain, to=chain.block_stamp())
            read = time.perf_counter() - opened
            held = ledger.con.execute("SELECT count(*), sum(value) FROM cash_token_transfer").fetchall()
        if held != [(events, events * (events - 1) // 2)] or done.events != events:
            raise RuntimeError(f"the ledger holds {held}, {events} events were emitted")
        return Speed("ledger", events, read)


def by_web3(chain: Chain, events: int, blocks: int) -> Speed:
    """What a script does: get_logs range by range, each log decoded by the contract's ABI; of a part."""
    w3 = Web3(HTTPProvider(chain.rpc.full_url))
    abi = load_artifact("CashToken").raw["abi"]
    contract = w3.eth.contract(address=Web3.to_checksum_address(CASH), abi=abi)
    part = blocks // PART
    start, total, count = time.perf_counter(), 0, 0
    for first in range(1, part + 1, RANGE):
        last = min(first + RANGE - 1, part)
        for log in w3.eth.get_logs({"address": contract.address, "fromBlock": first, "toBlock": last}):
            total += contract.events.Transfer().process_log(log)["args"]["value"]
            count += 1
    seconds = time.perf_counter() - start
    if count != events // PART:
        raise RuntimeError(f"web3.py read {count} events, {events // PART} were emitted")
    return Speed(f"web3.py, get_logs (1/{PART} of it)", count, seconds)


def by_stream(chain: Chain, events: int, blocks: int) -> Speed:
    """All bytes in one answer, thrown away: what curl does."""
    return _timed("bytes, one stream", events, lambda: _drain(chain.rpc.full_url, 1, blocks))


def by_streams(chain: Chain, events: int, blocks: int, *, streams: int = 4) -> Speed:
    """All bytes in ranges, several at a time, thrown away: what the node can serve."""

    def drain(first: int) -> int:
        return _drain(chain.rpc.full_url, first, min(first + RANGE - 1, blocks))

    def all_of_it() -> None:
        with ThreadPoolExecutor(streams) as pool:
            list(pool.map(drain, range(1, blocks + 1, RANGE)))

    return _timed(f"bytes, {streams} streams", events, all_of_it)


def _drain(url: str, first: int, last: int) -> int:
    query = {"address": CASH, "fromBlock": hex(first), "toBlock": hex(last), "topics": [TRANSFER]}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [query]})
    response = urllib3.request("POST", url, body=body, headers=_JSON, timeout=_SECONDS, preload_content=False)
    size = 0
    while chunk := response.read1(_CHUNK):
        size += len(chunk)
    response.release_conn()
    return size


def _timed(way: str, events: int, act: Callable[[], Any]) -> Speed:
    start = time.perf_counter()
    act()
    return Speed(way, events, time.perf_counter() - start)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.ingest", description="Measure the reading of events.")
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--blocks", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=3, help="how often the ledger reads; the best counts")
    options = parser.parse_args()
    events, blocks = options.events, options.blocks
    with told(events, blocks) as chain:
        ledger = by_ledger(chain, events, times=options.times)
        others = [by(chain, events, blocks) for by in (by_stream, by_streams, by_web3)]
    title = f"{events:,} events in {blocks:,} blocks"
    table = Table("way", "events", "seconds", "events/s", "ledger is", title=title)
    for speed in (ledger, *others):
        ratio = f"{ledger.rate / speed.rate:.2f} x"
        table.add_row(speed.way, f"{speed.events:,}", f"{speed.seconds:.2f}", f"{speed.rate:,.0f}", ratio)
    Console().print(table)


if __name__ == "__main__":
    main()
