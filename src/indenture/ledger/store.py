"""The ledger: every event of a deployment in one file, opened, read, and read on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import starmap
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import duckdb

from indenture.chain import BlockStamp, checksum
from indenture.ledger.opening import add_contract, meta, open_file, read_file
from indenture.ledger.spans import keep_to
from indenture.ledger.suite import DELEGATES, DeployedSuite, Suite, Target
from indenture.ledger.tables import KINDS

_BATCH = 20_000


class LogRow(NamedTuple):
    """A log as it was served, with the time of its block in unix seconds."""

    block: int
    time: int
    log_index: int
    tx_index: int
    tx_hash: str
    contract: str
    topics: list[str]
    data: str


class Anomaly(NamedTuple):
    """A log that is in no event table, or lies where no log may lie; see ``schema.sql``."""

    block: int
    log_index: int | None
    tx_hash: str | None
    contract: str | None
    kind: str
    key: str
    expected: str
    found: str
    message: str


class Ledger:
    """Every event of a deployment, in one DuckDB file or in memory.

    Attributes:
        con: The connection.  Whoever writes does so in transactions of whole spans (``spans.transaction``).
        suite: The contracts, with the bonds that were found; always the same object.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, scratch: tempfile.TemporaryDirectory[str] | None = None
    ) -> None:
        self.con = con
        self.suite = Suite()
        self._scratch = scratch
        self.reload()

    @classmethod
    def open(
        cls,
        path: Path | None,
        deployment: DeployedSuite,
        *,
        genesis: str | None = None,
        memory: str | None = None,
        threads: int | None = None,
    ) -> Ledger:
        """Opens the ledger of a deployment, to read on where it ended; makes it where there is none.

        A cash token that the deployment names and the file does not joins; what was read since its block is
        forgotten, for its logs are missing there.

        Args:
            path: The file; None keeps all in memory.
            deployment: The suite.
            genesis: Hash of block 0, which tells private chains with one chain id apart; None to take any.
            memory: What DuckDB may take, as in ``4GB``, before it goes to disk; None for DuckDB's own limit.
            threads: Threads of DuckDB; None for one a core.

        Raises:
            InputError: The file is no ledger, in use, or of another chain, deployment or version.
        """
        config: dict[str, Any] = {"memory_limit": memory, "threads": threads}
        scratch = None
        if path is None:
            scratch = tempfile.TemporaryDirectory(prefix="indenture-")
            config["temp_directory"] = scratch.name
        try:
            given = {key: value for key, value in config.items() if value is not None}
            ledger = cls(open_file(path, deployment, genesis, given), scratch)
        except BaseException:
            if scratch is not None:
                scratch.cleanup()
            raise
        ledger.suite.delegates |= {k: checksum(deployment.contracts[k].address) for k in DELEGATES}
        return ledger

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """Opens a ledger for queries; others may do so at the same time.

        Raises:
            InputError: There is no such file, it is no ledger, of another version, or somebody writes it.
        """
        return cls(read_file(path))

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Writes what is left to the file and lets go of it."""
        self.con.close()
        if self._scratch is not None:
            self._scratch.cleanup()

    @property
    def chain_id(self) -> int:
        """The chain."""
        return int(meta(self.con)["chain_id"])

    @property
    def first_block(self) -> int:
        """The block that reading begins with."""
        return int(meta(self.con)["first_block"])

    def head(self) -> BlockStamp | None:
        """The last block that was read; None before the first."""
        row = self.con.execute("SELECT max(last_block) FROM span").fetchone()
        return None if row is None or row[0] is None else self.stamp(row[0])

    def stamp(self, block: int) -> BlockStamp | None:
        """Stamp of a block with logs, or at the end of a span; None for others."""
        row = self.con.execute("SELECT number, hash, time FROM block WHERE number = ?", [block]).fetchone()
        return None if row is None else BlockStamp(*row)

    def contracts(self) -> list[tuple[Target, int]]:
        """The contracts, each with the block before which it says nothing, in the order of these blocks."""
        rows = self.con.execute(
            "SELECT kind, address, name, first_block FROM contract ORDER BY first_block, kind, name, address"
        ).fetchall()
        return [(Target(kind, checksum(address), name), block) for kind, address, name, block in rows]

    def add(self, kind: str, address: str, name: str, first_block: int) -> Target:
        """Takes a contract in that the chain told of: a bond, from the block of its registration."""
        add_contract(self.con, kind, address, name, first_block)
        return self.suite.add(kind, address, name)

    def reload(self) -> None:
        """Takes the suite from the file anew, after bonds were forgotten or a transaction was undone."""
        self.suite.targets.clear()
        self.suite.cash_codes.clear()
        for target, _ in sorted(self.contracts(), key=lambda pair: KINDS.index(pair[0].kind)):
            self.suite.targets[target.address] = target
            if target.kind == "CashToken":
                self.suite.cash_codes[target.address] = target.name.removeprefix("CashToken ")

    def keep_to(self, stamp: BlockStamp | None) -> None:
        """Forgets what was read after a block; after None, everything.  The caller holds the transaction."""
        keep_to(self.con, stamp)
        self.reload()

    def rows(self, first: int, last: int) -> Iterator[list[LogRow]]:
        """Logs of a closed range of blocks, in chain order.

        Yields:
            Lists of some 20,000 logs; more where a transaction has more, for none is split.
        """
        held: list[LogRow] = []
        with self.con.cursor() as cursor:
            stretches = cursor.execute(_STRETCHES, {"first": first, "last": last, "batch": _BATCH}).fetchall()
            for low, high in stretches:
                cursor.execute(_ROWS, {"first": low, "last": high})
                while found := cursor.fetchmany(_BATCH):
                    held += starmap(_row, found)
                    if len(held) >= _BATCH and (end := _last_transaction(held)):
                        yield held[:end]
                        held = held[end:]
        if held:
            yield held

    def anomalies(self) -> list[Anomaly]:
        """What was found wrong while reading, in chain order."""
        rows = self.con.execute(
            "SELECT block, log_index, tx_hash, contract, kind, key, expected, found, message FROM anomaly "
            "ORDER BY ALL"
        ).fetchall()
        return [Anomaly(*row) for row in rows]


_STRETCHES = """
SELECT min(block), max(block)
FROM (
    SELECT block, (sum(n) OVER (ORDER BY block) - n) // $batch AS part
    FROM (SELECT block, count(*) AS n FROM log WHERE block BETWEEN $first AND $last GROUP BY block)
)
GROUP BY part
ORDER BY part
"""
# Ranges of whole blocks with some 20,000 logs each: no more than that is ever sorted at once.

_ROWS = """
SELECT log.block, block.time, log_index, tx_index, tx_hash, contract, array_to_string(topics, ' '), data
FROM log JOIN block ON block.number = log.block
WHERE log.block BETWEEN $first AND $last
ORDER BY log.block, log_index, tx_index, tx_hash, contract
"""


def _row(
    block: int,
    time: int,
    log_index: int,
    tx_index: int,
    tx_hash: str,
    contract: str,
    topics: str | None,
    data: str,
) -> LogRow:
    """A row of the database; a list of texts takes DuckDB three times as long to hand out as one text."""
    split = topics.split(" ") if topics else []
    return LogRow(block, time, log_index, tx_index, tx_hash, contract, split, data)


def _last_transaction(rows: list[LogRow]) -> int:
    """Where the last transaction of some rows begins."""
    end = len(rows) - 1
    while end and rows[end - 1].tx_hash == rows[-1].tx_hash and rows[end - 1].block == rows[-1].block:
        end -= 1
    return end
