"""Every holder's balance at every block, rebuilt from millions of transfers: time, memory and growth.

    python -m bench.balances                       1, 5 and 20 million transfers
    python -m bench.balances --transfers 20000000 --memory 4GB

DuckDB makes the transfers itself, so that nothing but the rebuild is measured: bonds of 500 holders each, to
whom units are issued and who then move them among themselves, ten movements a block.  The rebuild is the view
``holdings`` as it is shipped, written to a table.  Each size runs in a process of its own, whose peak memory
is told by the system; what does not fit into DuckDB's limit is spilled to disk.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from indenture.ledger import EVENT_TABLES, views

SIZES = (1_000_000, 5_000_000, 20_000_000)
MEMORY = "5GB"
THREADS = 2

HOLDERS = 50_000
PER_BOND = 500
ISSUED = 1_000_000
LARGEST = 1_000
PER_BLOCK = 10
TRANSFERS_PER_BOND = 10_000

_TRANSFERS = """
CREATE TEMP TABLE account AS
SELECT i AS number, '0x' || md5(i::VARCHAR) || left(md5('more' || i), 8) AS address
FROM range($holders) AS r(i);
CREATE TEMP TABLE bond AS
SELECT i AS number, '0x' || md5('bond' || i) || left(md5('more bond' || i), 8) AS address
FROM range($bonds) AS r(i);
INSERT INTO bond_transfer
SELECT
    m.i // $per_block, m.i % $per_block, TIMESTAMP '2026-01-01' + INTERVAL 1 SECOND * (m.i // $per_block),
    b.address, coalesce(s.address, '0x' || repeat('0', 40)), r.address, m.units, NULL
FROM (
    SELECT
        i,
        CASE WHEN i < $issues THEN i // $per_bond ELSE hash(i) % $bonds END AS bond,
        CASE WHEN i >= $issues THEN hash(i + 1_000_000_007) % $per_bond END AS sender,
        CASE
            WHEN i < $issues THEN i % $per_bond
            ELSE (hash(i + 1_000_000_007) + 1 + hash(i + 2_000_000_011) % ($per_bond - 1)) % $per_bond
        END AS receiver,
        CASE WHEN i < $issues THEN $issued ELSE 1 + hash(i + 3_000_000_019) % $largest END AS units
    FROM range($transfers) AS r(i)
) AS m
JOIN bond AS b ON b.number = m.bond
LEFT JOIN account AS s ON s.number = (m.bond * 7919 + m.sender * 104729) % $holders
JOIN account AS r ON r.number = (m.bond * 7919 + m.receiver * 104729) % $holders
ORDER BY m.i
"""


def main() -> int:
    """Measures each size, and prints a table, or JSON."""
    options = _parse()
    if options.child:
        sys.stdout.write(json.dumps(measure(options.transfers[0], options.memory)) + "\n")
        return 0
    table = Table(
        "transfers",
        "rows",
        "seconds",
        "CPU seconds",
        "transfers/s",
        "peak MB",
        "spilled MB",
        title="Balances",
    )
    found = []
    for transfers in options.transfers:
        facts = _in_a_process(transfers, options.memory)
        found.append(facts)
        table.add_row(
            f"{facts['transfers']:,}",
            f"{facts['rows']:,}",
            f"{facts['seconds']:.1f}",
            f"{facts['cpu_seconds']:.1f}",
            f"{facts['transfers'] / facts['seconds']:,.0f}",
            f"{facts['peak_mb']:,}",
            f"{facts['spilled_mb']:,}",
        )
    if options.json:
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
    else:
        Console(width=110).print(table)
    return 0


def measure(transfers: int, memory: str) -> dict[str, Any]:
    """Makes transfers, rebuilds the balances, and checks that no unit was lost."""
    with tempfile.TemporaryDirectory(prefix="indenture-balances-") as folder:
        file = Path(folder) / "events.duckdb"
        issues = _make(file, transfers, memory)
        with _connect(file, memory) as con:
            views.install(con)
            profile = Path(folder) / "profile.json"
            con.execute(f"PRAGMA enable_profiling = 'json'; SET profiling_output = '{profile}'")
            start, before = time.monotonic(), time.process_time()
            con.execute("CREATE TABLE balances AS SELECT * FROM holdings")
            seconds, work = time.monotonic() - start, time.process_time() - before
            con.execute("PRAGMA disable_profiling")
            spilled = json.loads(profile.read_text("utf-8"))["system"]["peak_temp_dir_size"]
            rows, least, held = con.execute(
                "SELECT count(*), min(units), sum(units) FILTER (WHERE to_block IS NULL) FROM balances"
            ).fetchall()[0]
        if least < 0 or held != issues * ISSUED:
            raise AssertionError(
                f"{held} units are held of {issues * ISSUED}, and {least} is the least balance"
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "transfers": transfers,
        "rows": rows,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(work, 2),
        "peak_mb": peak,
        "spilled_mb": spilled // 1_000_000,
    }


def _make(file: Path, transfers: int, memory: str) -> int:
    """Fills the ledger; gives how many of the transfers are issues."""
    bonds = max(2, transfers // TRANSFERS_PER_BOND)
    numbers = {
        "transfers": transfers,
        "bonds": bonds,
        "issues": bonds * PER_BOND,
        "per_bond": PER_BOND,
        "per_block": PER_BLOCK,
        "holders": HOLDERS,
        "issued": ISSUED,
        "largest": LARGEST,
    }
    text = _TRANSFERS
    for name in sorted(numbers, key=len, reverse=True):
        text = text.replace(f"${name}", str(numbers[name]))
    with _connect(file, memory) as con:
        con.execute((resources.files("indenture.ledger") / "schema.sql").read_text("utf-8"))
        for table in EVENT_TABLES:
            con.execute(table.create)
        con.execute(text)
    return numbers["issues"]


def _connect(file: Path, memory: str) -> duckdb.DuckDBPyConnection:
    config: dict[str, Any] = {
        "threads": THREADS,
        "memory_limit": memory,
        "temp_directory": str(file.parent / "spill"),
        "preserve_insertion_order": False,
    }
    return duckdb.connect(str(file), config=config)


def _in_a_process(transfers: int, memory: str) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "bench.balances",
        "--child",
        "--memory",
        memory,
        "--transfers",
        str(transfers),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Every holder's balance at every block.")
    parser.add_argument(
        "--transfers", type=int, nargs="+", default=SIZES, help="how many, one size or several"
    )
    parser.add_argument("--memory", default=MEMORY, help=f"DuckDB's limit; {MEMORY} unless given")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
