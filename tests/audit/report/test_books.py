"""Sums, counts and series that a report takes from a ledger's tables."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import date
from importlib import resources

import duckdb
import pytest
from tests.audit.report.sample import account, block_hash

from indenture.audit.report.facts.books import ZERO, Books
from indenture.audit.report.facts.powers import powers_counted
from indenture.ledger.tables import EVENT_TABLES

pytestmark = pytest.mark.unit

BOND, CASH, ALICE, BOB = (account(n) for n in (1, 5, 101, 102))
MILLION = 1_000_000


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A ledger's tables without a log."""
    with duckdb.connect() as con:
        con.execute((resources.files("indenture.ledger") / "schema.sql").read_text("utf-8"))
        for table in EVENT_TABLES:
            con.execute(table.create)
        yield con


def move(con: duckdb.DuckDBPyConnection, block: int, time: str | None, *move: object) -> None:
    """A Transfer of the bond: from, to, units."""
    giver, taker, units = (part.lower() if isinstance(part, str) else part for part in move)
    con.execute(
        "INSERT INTO bond_transfer (block, log_index, time, contract, from_, to_, value) "
        "VALUES (?, 0, ?, ?, ?, ?, ?)",
        [block, time, BOND.lower(), giver, taker, units],
    )


def test_supply__days_of_the_bond__add_up_to_the_last_block(con: duckdb.DuckDBPyConnection) -> None:
    move(con, 1, "2020-01-06 15:59:59", ZERO, ALICE, 1_000)
    move(con, 2, "2020-01-06 16:00:00", ZERO, BOB, 10)  # the next day in China
    move(con, 3, "2020-01-07 01:00:00", ALICE, BOB, 40)
    move(con, 4, "2020-04-07 01:00:00", BOB, ZERO, 50)
    move(con, 5, "2020-04-08 01:00:00", ZERO, ALICE, 7)
    books = Books(con, 4)

    assert books.supply("bond_transfer", BOND, 8 * 60) == [
        (date(2020, 1, 6), 1_000, 0),
        (date(2020, 1, 7), 10, 0),
        (date(2020, 4, 7), 0, 50),
    ]
    assert books.moved("bond_transfer", BOND) == (4, 40)
    assert Books(con, 0).supply("bond_transfer", BOND) == []
    assert Books(con, 0).moved("bond_transfer", BOND) == (0, 0)


def test_supply__time_that_no_calendar_has__is_passed_over(con: duckdb.DuckDBPyConnection) -> None:
    move(con, 1, None, ZERO, ALICE, 1_000)

    assert Books(con, 1).supply("bond_transfer", BOND) == []


def test_sums__of_the_largest_amounts__are_exact(con: duckdb.DuckDBPyConnection) -> None:
    large = 10**36 + 1
    for block in range(1, 4):
        con.execute(
            "INSERT INTO cash_token_cash_issued (block, log_index, contract, amount) VALUES (?, 0, ?, ?)",
            [block, CASH.lower(), large],
        )

    assert Books(con, 3).total("cash_token_cash_issued", CASH) == 3 * large
    assert Books(con, 0).total("cash_token_cash_issued", CASH) == 0


def test_sums__of_a_million_transfers__make_no_objects(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        f"""
        INSERT INTO bond_transfer (block, log_index, time, contract, from_, to_, value)
        SELECT i // 1000, i % 1000, TIMESTAMP '2020-01-06' + to_seconds(i), '{BOND.lower()}',
               '{ALICE.lower()}', '{BOB.lower()}', 3
        FROM range({MILLION}) t(i)
        """
    )
    books = Books(con, MILLION)
    tracemalloc.start()
    try:
        moved = books.moved("bond_transfer", BOND)
        supply = books.supply("bond_transfer", BOND)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (moved, supply) == ((MILLION, 3 * MILLION), [])
    assert peak < 1_000_000


def test_hashes__of_two_heads__share_blocks(con: duckdb.DuckDBPyConnection) -> None:
    con.executemany(
        "INSERT INTO block VALUES (?, ?, ?)", [(n, block_hash(n), n) for n in range(3, 2_000, 2) if n % 10]
    )
    con.executemany(
        "INSERT INTO block VALUES (?, ?, ?)", [(n, block_hash(n), n) for n in range(16, 2_000, 16)]
    )
    early, late = Books(con, 500).hashes(20), Books(con, 1_999).hashes(20)

    assert min(early) == min(late) == 3
    assert max(len(early), len(late)) <= 21
    assert len(early.keys() & late.keys()) > 3
    assert all(found == block_hash(n) for n, found in {**early, **late}.items())
    assert set(early) <= set(Books(con, 500).hashes(10_000))


def test_trades__more_than_are_listed__are_the_latest_in_chain_order(con: duckdb.DuckDBPyConnection) -> None:
    for block in range(1, 6):
        con.execute("INSERT INTO log VALUES (?, 7, 0, ?, '', NULL, NULL)", [block, block_hash(block)])
        con.execute(
            """
            INSERT INTO settlement_trade_settled
                (block, log_index, time, contract, seller, buyer, bond, cash, units, amount)
            VALUES (?, 7, TIMESTAMP '2020-03-04 01:00:00', '0x', ?, ?, ?, ?, 10, 1007)
            """,
            [block, *(who.lower() for who in (ALICE, BOB, BOND, CASH))],
        )
    books = Books(con, 4)
    trades = books.trades(BOND, 2)

    assert [trade.block for trade in trades] == [3, 4]
    assert (trades[0].seller, trades[0].buyer, trades[0].cash) == (ALICE, BOB, CASH)
    assert trades[0].tx_hash == block_hash(3)
    assert books.traded(BOND) == (4, 40)


def test_powers__each_use__is_counted_once(con: duckdb.DuckDBPyConnection) -> None:
    for block, table in ((1, "bond_frozen"), (2, "bond_forced_transfer")):
        act = f"INSERT INTO {table} (block, log_index, contract) VALUES (?, 3, ?)"
        con.execute(act, [block, BOND.lower()])
        con.execute(
            """
            INSERT INTO bond_statutory_power_used (block, log_index, contract, account, units)
            VALUES (?, 4, ?, ?, 10)
            """,
            [block, BOND.lower(), ALICE.lower()],
        )
    con.execute("INSERT INTO bond_pause_set (block, log_index, contract, paused) VALUES (3, 0, '0x', true)")

    assert powers_counted(Books(con, 2)) == [
        {"act": "forced transfer", "times": 1},
        {"act": "units frozen", "times": 1},
    ]
    assert {"act": "paused", "times": 1} in powers_counted(Books(con, 3))
