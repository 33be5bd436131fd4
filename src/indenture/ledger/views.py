"""Views over the event tables: what follows from what was said, in SQL that DuckDB and Spark both speak."""

from __future__ import annotations

import re
from importlib import resources

import duckdb

from indenture.ledger.tables import EVENT_TABLES

VIEWS = (
    "bonds",
    "unit_movements",
    "unit_changes",
    "holdings",
    "freezes",
    "positions",
    "cash_movements",
    "cash_balances",
    "members",
    "admissions",
    "accounts",
    "record_dates",
    "record_holdings",
    "payments",
    "payout_batches",
    "payout_lines",
    "payouts",
    "kept_amounts",
    "claims",
    "trades",
    "offerings",
    "bids",
    "allotments",
    "grants",
    "power_functions",
    "powers_used",
    "fixings",
    "actions",
    "elections",
    "term_changes",
    "defaults",
    "documents",
    "published_values",
    "bond_states",
    "claims_held",
    "book_entries",
    "syndicates",
    "standing_deposits",
    "cash_tokens",
    "trusted_systems",
    "allowances",
    "calendars",
    "joint_markets",
    "benchmarks",
    "scheduled_calls",
)
"""Names of the views; each uses event tables and views before it."""

RAW = {"contract": "first_block", "block": "number", "span": "first_block"}
"""Tables beside those of events that views and questions use, and the column that tells their block."""

_MACROS = (
    # Names that Spark has for what DuckDB calls otherwise.
    "explode(list) AS unnest(list)",
    "element_at(list, place) AS list[place]",
    "sequence(first, last) AS range(first, last + 1)",
    "cardinality(list) AS len(list)",
    # What both need.
    "nobody() AS '0x0000000000000000000000000000000000000000'",
    "amount(value, hex) AS CASE WHEN hex IS NOT NULL THEN CAST(error('too large for a decimal: ' || hex) AS "
    "DECIMAL(38,0)) ELSE value END",
    "quotient(a, b) AS CAST(CAST(a AS HUGEINT) // CAST(b AS HUGEINT) AS DECIMAL(38,0))",
    "ratio(a, b) AS CAST(quotient(a, b) AS DECIMAL(32,6)) + "
    "CAST(quotient((a - quotient(a, b) * b) * 1000000, b) AS DECIMAL(7,0)) * CAST(0.000001 AS DECIMAL(7,6))",
    "instant(seconds) AS TIMESTAMP '1970-01-01 00:00:00' + INTERVAL '1' SECOND * seconds",
    "whole_days(since, until) AS date_sub('day', since, until)",
    "civil_day(days) AS DATE '1970-01-01' + days",
    "ascii_of(hex) AS rtrim(decode(unhex(substr(hex, 3))), chr(0))",
)


def about(name: str) -> str:
    """What a view holds, in the words of its file."""
    return comment_of(text_of("views", name))


def comment_of(text: str) -> str:
    """The comment that a file begins with, without its marks."""
    lines = re.match(r"(?:--.*\n)*", text)
    return "\n".join(line[2:].strip() for line in (lines.group() if lines else "").splitlines())


def text_of(folder: str, name: str) -> str:
    """A file of SQL, as it stands."""
    return (resources.files("indenture.ledger") / folder / f"{name}.sql").read_text("utf-8")


def files(folder: str) -> list[str]:
    """Names of the files of SQL in a folder, in order."""
    found = (resources.files("indenture.ledger") / folder).iterdir()
    return sorted(f.name.removesuffix(".sql") for f in found if f.name.endswith(".sql"))


def tables_as_of(block: int) -> list[tuple[str, str]]:
    """Names of all tables that views use, and the condition that leaves out what came after a block."""
    raw = [(name, f"{column} <= {int(block)}") for name, column in RAW.items()]
    return [*((table.name, f"block <= {int(block)}") for table in EVENT_TABLES), *raw]


def install(con: duckdb.DuckDBPyConnection, *, until: int | None = None) -> None:
    """Makes the views on a connection, for as long as it lives; the file itself stays as it is.

    Args:
        con: Of a ledger; read-only is enough.
        until: Leaves out all that was said after this block: every table and view is as it was then.
    """
    con.execute(f"CREATE OR REPLACE TEMP MACRO {'; CREATE OR REPLACE TEMP MACRO '.join(_MACROS)}")
    if until is not None:
        # A view of the same name stands before the table, and so has to say which of them it means.
        file = con.execute("SELECT current_database()").fetchall()[0][0].replace('"', '""')
        for name, condition in tables_as_of(until):
            table = f'"{file}".main.{name}'
            con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {table} WHERE {condition}")
    for name in VIEWS:
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS\n{text_of('views', name)}")
