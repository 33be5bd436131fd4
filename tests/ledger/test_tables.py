"""One table an event: its name, its columns, and where each log of a page goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import duckdb
import pytest
from tests.ledger.encoding import RawLog, write
from tests.ledger.staged import CONTRACT, TIME, drain, stage

from indenture.chain import load_abi
from indenture.ledger import EVENT_TABLES, EventTable, Ledger
from indenture.ledger.suite import interface_of
from indenture.ledger.tables import KINDS, insert_page

pytestmark = pytest.mark.unit

TABLES = {table.name: table for table in EVENT_TABLES}
PLACE = ["block", "log_index", "time", "contract"]
# What Spark reserves and DuckDB does not (Spark SQL, ANSI compliance: keywords).
SPARK = {
    "anti",
    "cross",
    "current_date",
    "current_user",
    "full",
    "inner",
    "join",
    "left",
    "natural",
    "right",
    "user",
}


@pytest.fixture
def con(ledger: Ledger) -> Iterator[duckdb.DuckDBPyConnection]:
    """The ledger's connection; anomalies go when the test ends."""
    yield ledger.con
    ledger.con.execute("DELETE FROM anomaly")


def transfer(table: EventTable, value: int = 5) -> RawLog:
    return write(table, ["0x" + "aa" * 20, "0x" + "bb" * 20, value])


def test_event_tables__of_the_suite__are_one_for_each_event_of_each_kind() -> None:
    declared = {(kind, topic) for kind in KINDS for topic in interface_of(kind).events}

    assert {(t.kind, t.event.topic) for t in EVENT_TABLES} == declared
    assert len(EVENT_TABLES) == len(TABLES) == len(declared)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("bond_transfer", "from_ VARCHAR, to_ VARCHAR, value DECIMAL(38,0), value_hex VARCHAR"),
        ("bond_eip712_domain_changed", ""),
        (
            "member_registry_member_admitted",
            "lei VARCHAR, class INTEGER, jurisdiction VARCHAR, actor VARCHAR",
        ),
        (
            "offering_documents_pinned",
            "offering_id DECIMAL(38,0), offering_id_hex VARCHAR, names VARCHAR[], hashes VARCHAR[]",
        ),
        (
            "benchmarks_value_published",
            "code VARCHAR, day INTEGER, value BIGINT, final_at BIGINT, "
            "index DECIMAL(38,0), index_hex VARCHAR, is_correction BOOLEAN",
        ),
        (
            "offering_allocation_proved",
            "offering_id DECIMAL(38,0), offering_id_hex VARCHAR, "
            "cuts STRUCT(marginal DECIMAL(38,0), marginal_hex VARCHAR, "
            "non_competitive DECIMAL(38,0), non_competitive_hex VARCHAR), actor VARCHAR",
        ),
    ],
)
def test_columns__of_an_event__follow_from_its_arguments(name: str, columns: str) -> None:
    assert ", ".join(f"{c.name} {c.sql_type}" for c in TABLES[name].columns) == columns


def test_columns__of_all_tables__are_unique_and_not_reserved(con: duckdb.DuckDBPyConnection) -> None:
    reserved = {
        word
        for (word,) in con.execute(
            "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
        ).fetchall()
    }
    for table in EVENT_TABLES:
        names = [*PLACE, *(c.name for c in table.columns)]
        assert len(set(names)) == len(names), table.name
        assert not set(names) & (reserved | SPARK), table.name


def test_tables__in_a_ledger__have_the_columns_that_they_say(con: duckdb.DuckDBPyConnection) -> None:
    for table in EVENT_TABLES:
        found = con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table.name})").fetchall()
        assert [n for n, _ in found] == [*PLACE, *(c.name for c in table.columns)]
        assert [t.replace('"', "") for _, t in found[len(PLACE) :]] == [c.sql_type for c in table.columns]


def test_insert_page__one_topic_of_two_kinds__goes_by_the_kind_of_the_contract(
    con: duckdb.DuckDBPyConnection,
) -> None:
    stage(con, "CashToken", [transfer(TABLES["bond_transfer"])])

    inserted = insert_page(con, "page")

    assert inserted == 1
    assert drain(con, TABLES["bond_transfer"]) == {}
    row = ("0x" + "aa" * 20, "0x" + "bb" * 20, Decimal(5), None)
    assert drain(con, TABLES["cash_token_transfer"]) == {0: row}


def test_insert_page__a_log__keeps_its_place_and_time(con: duckdb.DuckDBPyConnection) -> None:
    table = TABLES["bond_transfer"]
    stage(con, "Bond", [transfer(table)])

    insert_page(con, "page")

    place = con.execute("SELECT block, log_index, time, contract FROM bond_transfer").fetchall()
    drain(con, table)
    assert place == [(0, 0, datetime.fromisoformat("2023-11-14T22:13:20"), CONTRACT)]
    assert TIME == 1_700_000_000


@pytest.mark.parametrize("time", [-1, 253402300800, (1 << 63) - 1])
def test_insert_page__time_of_no_calendar__is_null(con: duckdb.DuckDBPyConnection, time: int) -> None:
    table = TABLES["bond_transfer"]
    stage(con, "Bond", [transfer(table)], time)

    insert_page(con, "page")

    times = con.execute("SELECT time FROM bond_transfer").fetchall()
    drain(con, table)
    assert times == [(None,)]


@pytest.mark.parametrize(
    "topics", [(), ("0x" + "12" * 32,), (TABLES["servicing_payment_funded"].event.topic,)]
)
def test_insert_page__event_that_the_kind_does_not_declare__is_an_anomaly(
    ledger: Ledger, con: duckdb.DuckDBPyConnection, topics: tuple[str, ...]
) -> None:
    """Anonymous, unknown, or of another contract."""
    stage(con, "Bond", [RawLog(topics, "0x")])

    inserted = insert_page(con, "page")

    assert inserted == 0
    (anomaly,) = ledger.anomalies()
    assert anomaly == (
        0,
        0,
        "0x0",
        CONTRACT,
        "LOG-1",
        "topic",
        "an event of the suite",
        topics[0] if topics else "no topic",
        "a contract of the suite logged something that it does not declare",
    )


def test_insert_page__log_that_does_not_fit__is_an_anomaly_and_others_go_in(
    ledger: Ledger, con: duckdb.DuckDBPyConnection
) -> None:
    table = TABLES["bond_transfer"]
    good = transfer(table)
    stage(con, "Bond", [good, RawLog(good.topics, good.data + "00"), good])

    inserted = insert_page(con, "page")

    assert inserted == 2
    assert list(drain(con, table)) == [0, 2]
    (anomaly,) = ledger.anomalies()
    assert anomaly[:7] == (1, 1, "0x1", CONTRACT, "LOG-2", "Transfer", "Transfer(address,address,uint256)")
    assert anomaly.found == f"3 topics, data {good.data}00"
    assert anomaly.message == "a log does not fit its event"


@pytest.mark.parametrize(
    ("topics", "data"),
    [
        ("NULL", "'0x'"),
        ("[NULL]", "'0x'"),
        (f"['{TABLES['bond_transfer'].event.topic}', NULL, NULL]", "NULL"),
    ],
)
def test_insert_page__log_with_parts_missing__is_an_anomaly(
    ledger: Ledger, con: duckdb.DuckDBPyConnection, topics: str, data: str
) -> None:
    stage(con, "Bond", [RawLog((), "")])
    con.execute(f"UPDATE page SET topics = {topics}, data = {data}")

    assert insert_page(con, "page") == 0
    assert len(ledger.anomalies()) == 1


def test_insert_page__log_of_a_stranger__is_passed_over(
    ledger: Ledger, con: duckdb.DuckDBPyConnection
) -> None:
    stage(con, None, [transfer(TABLES["bond_transfer"])])

    assert insert_page(con, "page") == 0
    assert ledger.anomalies() == []


@pytest.mark.parametrize("value", [10**38 - 1, 10**38, (1 << 256) - 1])
def test_insert_page__number_beyond_decimals__is_kept_whole_as_hex(
    con: duckdb.DuckDBPyConnection, value: int
) -> None:
    table = TABLES["bond_transfer"]
    stage(con, "Bond", [transfer(table, value)])

    insert_page(con, "page")

    expected = (Decimal(value), None) if value < 10**38 else (None, f"0x{value:064x}")
    assert drain(con, table)[0][2:] == expected


def test_terms__of_a_registered_bond__can_be_asked_for_by_name(con: duckdb.DuckDBPyConnection) -> None:
    """Nested dynamic structs are structs in SQL, with the field names of the contracts."""
    columns = {c.name: c.sql_type for c in TABLES["bond_factory_bond_registered"].columns}
    declared = next(e for e in load_abi("BondFactory").events.values() if e.name == "BondRegistered")

    found = con.execute(
        "SELECT terms.schedule.anchor_day, provisions.steps[1].rate, rights.calls[1].first_day, "
        "terms.face_value_hex FROM bond_factory_bond_registered"
    ).fetchall()

    assert found == []
    assert "terms" in declared.names
    assert columns["terms"].startswith("STRUCT(isin VARCHAR, issuer VARCHAR")
