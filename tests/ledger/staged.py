"""Pages of logs, staged as reading stages them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
from tests.ledger.encoding import RawLog

from indenture.ledger.tables import EventTable

CONTRACT = "0x" + "c0" * 20
TIME = 1_700_000_000
_COLUMNS = (
    "block BIGINT, log_index INTEGER, tx_index INTEGER, tx_hash VARCHAR, contract VARCHAR, topics VARCHAR[], "
    "data VARCHAR, time BIGINT, kind VARCHAR"
)


def stage(con: duckdb.DuckDBPyConnection, kind: str | None, logs: Sequence[RawLog], time: int = TIME) -> None:
    """Makes ``page``: one log a block, from block 0 on."""
    con.execute(f"CREATE TEMP TABLE IF NOT EXISTS page ({_COLUMNS})")
    con.execute("DELETE FROM page")
    con.execute(
        "INSERT INTO page SELECT n, n, 0, '0x' || n, $contract, topics, data, $time, $kind "
        "FROM (SELECT unnest($numbers) AS n, unnest($topics) AS topics, unnest($data) AS data)",
        {
            "contract": CONTRACT,
            "time": time,
            "kind": kind,
            "numbers": list(range(len(logs))),
            "topics": [list(log.topics) for log in logs],
            "data": [log.data for log in logs],
        },
    )


def drain(con: duckdb.DuckDBPyConnection, table: EventTable) -> dict[int, tuple[Any, ...]]:
    """Takes the rows out of an event table: arguments by block."""
    rows = con.execute(f"SELECT * FROM {table.name}").fetchall()
    con.execute(f"DELETE FROM {table.name}")
    return {row[0]: row[4:] for row in rows}
