"""What answers questions: a ledger's file or its Parquet, by DuckDB or by Spark, as of any block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import duckdb

from indenture.errors import InputError
from indenture.ledger import parquet, views
from indenture.ledger.questions import Answer, Value, run
from indenture.ledger.store import Ledger


class Engine(Protocol):
    """Runs SQL over the tables and views of a ledger.

    Attributes:
        head: The last block that counts.
    """

    head: int

    def run(self, sql: str, parameters: Mapping[str, Value] | None = None) -> Answer:
        """Runs a query; ``$name`` stands for a parameter."""


class DuckEngine:
    """A connection with the views in it."""

    def __init__(self, con: duckdb.DuckDBPyConnection, *, until: int | None = None) -> None:
        self.con = con
        self.head = _last(con) if until is None else until
        views.install(con, until=until)

    def run(self, sql: str, parameters: Mapping[str, Value] | None = None) -> Answer:
        """Runs a query; ``$name`` stands for a parameter."""
        return run(self.con, sql, parameters)


@contextmanager
def open_engine(
    place: Path, *, at: int | datetime | None = None, spark: str | None = None
) -> Iterator[Engine]:
    """Opens a ledger for questions.

    Args:
        place: A ledger's file, or a folder that one was exported to.
        at: A block, or an instant, which stands for the last block until then; all is as it was after it.
        spark: Spark's master, such as ``local[2]``; only over an exported folder.

    Raises:
        InputError: There is no ledger, or it ends before the block.
        SetupError: Spark is not installed, or does not start.
    """
    if spark is not None and not place.is_dir():
        raise InputError(
            f"Spark reads Parquet, and {place} is a file",
            hint="Export it first: indenture ledger export FILE FOLDER.",
        )
    con = parquet.connect(place) if place.is_dir() else Ledger.read(place).con
    try:
        until = _block_at(con, at)
        if spark is None:
            yield DuckEngine(con, until=until)
            return
        from indenture.ledger.spark import SparkLedger, connect

        session = connect(spark)
        try:
            yield SparkLedger(session, place, until=until)
        finally:
            session.stop()
    finally:
        con.close()


def _last(con: duckdb.DuckDBPyConnection) -> int:
    found: int | None = con.execute("SELECT max(last_block) FROM span").fetchall()[0][0]
    return -1 if found is None else found


def _block_at(con: duckdb.DuckDBPyConnection, at: int | datetime | None) -> int | None:
    if isinstance(at, datetime):
        return _block_by(con, at)
    last = _last(con)
    if at is not None and not 0 <= at <= last:
        raise InputError(
            f"the ledger ends at block {last}", hint="Give an earlier block, or read the ledger on."
        )
    return at


def _block_by(con: duckdb.DuckDBPyConnection, at: datetime) -> int:
    """The last block until an instant that the ledger knows: between it and the next one nothing was said."""
    seconds = int(at.astimezone(UTC).timestamp())
    query = "SELECT max(CASE WHEN time <= ? THEN number END), max(number), max(time) FROM block"
    ((found, last, end),) = con.execute(query, [seconds]).fetchall()
    if end is not None and seconds > end:
        ended = datetime.fromtimestamp(end, UTC)
        raise InputError(
            f"the ledger ends at block {last}, at {ended:%Y-%m-%dT%H:%M:%SZ}, and knows of nothing later",
            hint="Read the ledger on, give an earlier instant, or none for its end.",
        )
    if found is None:
        raise InputError(f"nothing had happened by {at.isoformat()}", hint="Give a later instant.")
    return int(found)
