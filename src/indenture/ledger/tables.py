"""Event tables: one for each event of each kind of contract, filled from pages of logs by SQL alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb

from indenture.chain import load_artifact
from indenture.chain.abi import AbiEvent
from indenture.ledger.decoding import Param, fields_of, fits_of, layout, struct
from indenture.ledger.names import column_name, snake
from indenture.ledger.suite import SINGLE, interface_of
from indenture.ledger.words import WORD, Field, Frame, word_fields

KINDS = (*SINGLE, "CashToken", "Bond")
"""Kinds of contracts that a ledger reads."""

_PLACE = (
    "block BIGINT NOT NULL",
    "log_index INTEGER NOT NULL",
    "time TIMESTAMP",
    "contract VARCHAR NOT NULL",
)
_DATA = Frame("data", 2)
_LAST_TIME = 253402300799  # the year 9999: a later time has no timestamp, and no block has a later time


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an event table.

    Attributes:
        name: In SQL.
        sql_type: DuckDB's type.
        argument: The event's argument that it holds, as the ABI names it.
    """

    name: str
    sql_type: str
    argument: str


@dataclass(frozen=True)
class EventTable:
    """The table of one event of one kind of contract.

    Attributes:
        kind: Kind of the contracts that say it.
        event: The event.
        inputs: Its arguments, as in the JSON of the ABI.
    """

    kind: str
    event: AbiEvent
    inputs: tuple[Param, ...]

    @property
    def name(self) -> str:
        """``bond_transfer``."""
        return f"{snake(self.kind)}_{snake(self.event.name)}"

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """A column for each argument; two where it may be too large for a decimal."""
        return tuple(
            Column(member.name, member.sql_type, str(param["name"]))
            for param, members in self._arguments
            for member in members
        )

    @cached_property
    def create(self) -> str:
        """Statement that makes the table."""
        columns = (*_PLACE, *(f"{c.name} {c.sql_type}" for c in self.columns))
        return f"CREATE TABLE {self.name} ({', '.join(columns)})"

    def insert_from(self, page: str) -> str:
        """Statement that takes this event's logs out of a page; those that do not fit are left out."""
        time = f'CASE WHEN "time" BETWEEN 0 AND {_LAST_TIME} THEN make_timestamp("time" * 1000000) END'
        values = "".join(f", decoded.{c.name}" for c in self.columns)
        # Materialized: DuckDB would decode once for the condition and once more for the columns.
        return (
            f"INSERT INTO {self.name} WITH read AS MATERIALIZED "
            f"({self._decoded(page, 'block, log_index, time, contract')}) "
            f"SELECT block, log_index, {time}, contract{values} FROM read WHERE decoded IS NOT NULL"
        )

    def misfits_from(self, page: str) -> str:
        """Statement that makes anomalies of this event's logs that do not fit."""
        found = "concat(coalesce(len(topics), 0), ' topics, data ', coalesce(left(data, 2050), 'none'))"
        return (
            f"INSERT INTO anomaly SELECT block, log_index, tx_hash, contract, 'LOG-2', '{self.event.name}', "
            f"'{self.event.signature}', {found}, 'a log does not fit its event' "
            f"FROM ({self._decoded(page, '*')}) WHERE decoded IS NULL"
        )

    def _decoded(self, page: str, columns: str) -> str:
        return (
            f"SELECT {columns}, {self._value} AS decoded FROM {page} "
            f"WHERE kind = '{self.kind}' AND topics[1] = '{self.event.topic}'"
        )

    @cached_property
    def _arguments(self) -> list[tuple[Param, list[Field]]]:
        """Arguments in the order of the ABI, each with its fields."""
        topics = iter(self._topics)
        plain = iter(fields_of(self._plain, _DATA))
        return [
            (
                param,
                word_fields(column_name(param["name"]), param["type"], Frame(next(topics), 2))
                if param.get("indexed")
                else next(plain),
            )
            for param in self.inputs
        ]

    @property
    def _plain(self) -> list[Param]:
        return [p for p in self.inputs if not p.get("indexed")]

    @property
    def _topics(self) -> list[str]:
        """Expressions of the topics that hold indexed arguments."""
        return [f"topics[{place}]" for place in range(2, 2 + len(self.inputs) - len(self._plain))]

    @cached_property
    def _value(self) -> str:
        """A struct of all arguments, NULL where the log does not fit."""
        pointers, size = layout(self._plain, _DATA)
        members = [field for _, found in self._arguments for field in found]
        fits = [
            f"len(topics) = {1 + len(self._topics)}",
            *(_is_hex(topic, str(WORD)) for topic in self._topics),
            _is_hex("data", size),
            *pointers,
            *fits_of(members),
        ]
        value = struct(members) if members else "true"
        return f"TRY(CASE WHEN {' AND '.join(fits)} THEN {value} END)"


def _is_hex(text: str, size: str) -> str:
    """Condition that a text is 0x and so many hex digits; ``unhex`` raises at any other character."""
    digits = f"2 * octet_length(unhex(substring({text}, 3)))"
    return f"starts_with({text}, '0x') AND strlen({text}) = 2 + {size} AND {digits} = {size}"


def _events_of(kind: str) -> list[dict[str, Any]]:
    entries = load_artifact(interface_of(kind).contract).raw["abi"]
    return [entry for entry in entries if entry["type"] == "event"]


EVENT_TABLES = tuple(
    EventTable(kind, AbiEvent(entry), tuple(entry["inputs"])) for kind in KINDS for entry in _events_of(kind)
)
"""Every event table, by kind and in the order of the ABI."""

_BY_TOPIC = {(table.kind, table.event.topic): table for table in EVENT_TABLES}


def insert_page(con: duckdb.DuckDBPyConnection, page: str) -> int:
    """Puts each log of a page into its event table, or into ``anomaly``.

    Args:
        con: The ledger's connection, in a transaction.
        page: A table of logs: block, log_index, tx_hash, contract, topics and data as in ``log``, with
            hex in lower case; time (BIGINT, unix seconds) of the block and kind (VARCHAR) of the contract.
            Logs without a kind are passed over.

    Returns:
        Logs that are in an event table now.
    """
    groups = con.execute(
        f"SELECT kind, topics[1], count(*) FROM {page} WHERE kind IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    inserted = 0
    for kind, topic, count in groups:
        table = _BY_TOPIC.get((kind, topic))
        if table is None:
            _report_unknown(con, page, kind, topic)
            continue
        fitting = _changed(con.execute(table.insert_from(page)))
        inserted += fitting
        if fitting < count:
            con.execute(table.misfits_from(page))
    return inserted


def _changed(result: duckdb.DuckDBPyConnection) -> int:
    row: Any = result.fetchone()
    return int(row[0])


def _report_unknown(con: duckdb.DuckDBPyConnection, page: str, kind: str, topic: str | None) -> None:
    con.execute(
        "INSERT INTO anomaly SELECT block, log_index, tx_hash, contract, 'LOG-1', 'topic', "
        "'an event of the suite', coalesce(topics[1], 'no topic'), "
        "'a contract of the suite logged something that it does not declare' "
        f"FROM {page} WHERE kind = $kind AND topics[1] IS NOT DISTINCT FROM $topic",
        {"kind": kind, "topic": topic},
    )
