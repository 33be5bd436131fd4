"""How fast DuckDB decodes staged pages of transfers, and what they take up in the file.

``python -m bench.decoding [--events 200000] [--pages 5] [--threads 1]`` prints what each step of a page took,
in seconds on the clock and, in brackets, of the processor; the raw logs read back; and bytes an event.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from bench.emitter import paper_suite
from bench.report import console
from indenture.ledger import EVENT_TABLES, Ledger
from indenture.ledger.spans import transaction
from indenture.ledger.tables import insert_page

_out = console()

_TRANSFER = next(t for t in EVENT_TABLES if t.name == "bond_transfer")
# Ten logs a block, of 50 bonds and 10,000 holders.
_STAGE = f"""
CREATE OR REPLACE TEMP TABLE page AS
SELECT
    i // 10 AS block,
    CAST(i % 10 AS INTEGER) AS log_index,
    CAST(i % 10 AS INTEGER) AS tx_index,
    '0x' || sha256(CAST(i AS VARCHAR)) AS tx_hash,
    '0x' || left(sha256('bond' || hash(i) % 50), 40) AS contract,
    [
        '{_TRANSFER.event.topic}',
        '0x' || repeat('0', 24) || left(sha256('holder' || hash(i, 1) % 10000), 40),
        '0x' || repeat('0', 24) || left(sha256('holder' || hash(i, 2) % 10000), 40)
    ] AS topics,
    '0x' || printf('%064x', hash(i, 3) % 1000000 * 1000) AS data,
    1700000000 + 12 * (i // 10) AS time,
    'Bond' AS kind
FROM range($first, $last) AS logs(i)
"""  # noqa: S608
_KEEP = "INSERT INTO log SELECT block, log_index, tx_index, tx_hash, contract, topics, data FROM page"
_BLOCKS = (
    "INSERT INTO block SELECT DISTINCT block, '0x' || sha256('block' || block), time FROM page ORDER BY block"
)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=200_000, help="of a page")
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "suite.duckdb"
        with Ledger.open(file, paper_suite(), threads=options.threads) as ledger:
            for page in range(options.pages):
                _take(ledger, page * options.events, options.events)
            begun = _mark()
            count = sum(len(rows) for rows in ledger.rows(0, options.pages * options.events))
            _out.print(f"{count:,} logs read back: {_between(begun, _mark())}")
        _out.print(f"{file.stat().st_size / count:.0f} bytes an event in the file")


def _take(ledger: Ledger, first: int, count: int) -> None:
    ledger.con.execute(_STAGE, {"first": first, "last": first + count})
    marks = [_mark()]
    with transaction(ledger.con):
        insert_page(ledger.con, "page")
        marks.append(_mark())
        ledger.con.execute(_KEEP)
        ledger.con.execute(_BLOCKS)
        marks.append(_mark())
    marks.append(_mark())
    steps = zip(("decode and insert", "keep as served", "commit"), pairwise(marks), strict=True)
    _out.print(", ".join(f"{step} {_between(*pair)}" for step, pair in steps))


def _mark() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _between(begun: tuple[float, float], ended: tuple[float, float]) -> str:
    return f"{ended[0] - begun[0]:.2f} s ({ended[1] - begun[1]:.2f})"


if __name__ == "__main__":
    main()
