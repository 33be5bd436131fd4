"""What a ledger holds, to be compared: the tables that follow from the chain alone, however it was read."""

from __future__ import annotations

from typing import Any

from tests.ledger.chains import ToldChain

from indenture.ledger import EVENT_TABLES, Ledger

Contents = dict[str, list[tuple[Any, ...]]]

_PLAIN = ("log", "anomaly", "contract")


def contents(ledger: Ledger) -> Contents:
    """Rows of each table that has any, in an order that does not depend on how they came."""
    names = (*_PLAIN, *(table.name for table in EVENT_TABLES))
    counted = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) AS rows FROM {name}" for name in names)
    filled = ledger.con.execute(f"SELECT name FROM ({counted}) WHERE rows > 0").fetchall()
    found = {name: ledger.con.table(name).order("ALL").fetchall() for (name,) in filled}
    blocks = "SELECT * FROM block WHERE number IN (SELECT block FROM log) ORDER BY ALL"
    return found | {"block": ledger.con.execute(blocks).fetchall()}


def places(ledger: Ledger) -> list[tuple[int, int]]:
    """Where its logs lie."""
    return ledger.con.execute("SELECT block, log_index FROM log ORDER BY ALL").fetchall()


def places_on(chain: ToldChain) -> list[tuple[int, int]]:
    """Where the logs of a chain lie."""
    return [(int(log["blockNumber"], 16), int(log["logIndex"], 16)) for log in chain.logs]


def spans(ledger: Ledger) -> list[tuple[int, int]]:
    """The ranges that it has read."""
    return ledger.con.execute("SELECT first_block, last_block FROM span ORDER BY first_block").fetchall()
