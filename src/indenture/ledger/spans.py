"""What was read, in spans of blocks: all of a span is in the file, or nothing; what is true no more goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from indenture.chain import BlockStamp
from indenture.ledger.tables import EVENT_TABLES


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of what is done in it, or nothing."""
    con.execute("BEGIN")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def end_before(con: duckdb.DuckDBPyConnection, block: int) -> BlockStamp | None:
    """The end of the last span that lies before a block as a whole."""
    row = con.execute(
        "SELECT number, hash, time FROM span JOIN block ON number = last_block WHERE last_block < ? "
        "ORDER BY number DESC LIMIT 1",
        [block],
    ).fetchone()
    return None if row is None else BlockStamp(*row)


def keep_to(con: duckdb.DuckDBPyConnection, stamp: BlockStamp | None) -> None:
    """Forgets all that was read after a block, bonds that were found there too; after None, everything."""
    last = -1 if stamp is None else stamp.number
    for table in ("log", "anomaly", "proof", *(t.name for t in EVENT_TABLES)):
        con.execute(f"DELETE FROM {table} WHERE block > ?", [last])
    con.execute("DELETE FROM block WHERE number > ?", [last])
    con.execute("DELETE FROM contract WHERE kind = 'Bond' AND first_block > ?", [last])
    con.execute("DELETE FROM span WHERE first_block > ?", [last])
    if stamp is not None:
        _end_with(con, stamp)


def _end_with(con: duckdb.DuckDBPyConnection, stamp: BlockStamp) -> None:
    """Ends the span that reaches beyond a block with that block."""
    values = {"number": stamp.number, "hash": stamp.hash, "time": stamp.timestamp}
    con.execute(
        "UPDATE span SET last_block = $number, last_hash = $hash WHERE last_block > $number",
        {"number": stamp.number, "hash": stamp.hash},
    )
    con.execute(
        "INSERT INTO block SELECT $number, $hash, $time WHERE NOT EXISTS (FROM block WHERE number = $number)",
        values,
    )
