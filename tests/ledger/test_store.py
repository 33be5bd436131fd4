"""The ledger file: made whole, read on, refused where it is of something else, and streamed in order."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger import deployments

from indenture.chain import BlockStamp, checksum
from indenture.errors import InputError
from indenture.ledger import EVENT_TABLES, Ledger, store
from indenture.ledger.spans import transaction
from indenture.ledger.suite import DELEGATES, SINGLE, Suite

pytestmark = pytest.mark.unit

GENESIS = "0x" + "9e" * 32
BOND = deployments.address(0xB0).lower()
TRANSFER = "0x" + "dd" * 32


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "suite.duckdb"


@pytest.fixture
def empty() -> Iterator[Ledger]:
    """A ledger for one test."""
    with Ledger.open(None, deployments.suite(), threads=1) as opened:
        yield opened


def block_hash(number: int) -> str:
    return f"0x{number:064x}"


def stamp(number: int) -> BlockStamp:
    return BlockStamp(number, block_hash(number), 1_000 + number)


def put_span(ledger: Ledger, first: int, last: int) -> None:
    """A span that was read, with a log and an event in its first and its last block."""
    with transaction(ledger.con):
        ledger.con.execute("INSERT INTO span VALUES (?, ?, ?)", [first, last, block_hash(last)])
        for number in sorted({first, last}):
            put_block(ledger, number, [1])
            ledger.con.execute("INSERT INTO bond_books_shut VALUES (?, 0, NULL, ?, true)", [number, BOND])
            ledger.con.execute("INSERT INTO anomaly (block, kind) VALUES (?, 'LOG-3')", [number])
            ledger.con.execute("INSERT INTO proof VALUES (?, ?, 1, 1)", [number, block_hash(number)])


def put_block(ledger: Ledger, number: int, transactions: list[int]) -> None:
    """A block whose transactions have so many logs each."""
    found = stamp(number)
    ledger.con.execute("INSERT INTO block VALUES (?, ?, ?)", [number, found.hash, found.timestamp])
    places = [(i, tx) for tx, count in enumerate(transactions) for i in range(count)]
    rows = [
        (number, n, tx, f"0x{number:x}{tx:x}", BOND, [TRANSFER], "0x") for n, (_, tx) in enumerate(places)
    ]
    if rows:
        ledger.con.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def blocks_of(ledger: Ledger, table: str) -> list[int]:
    return [n for (n,) in ledger.con.execute(f"SELECT DISTINCT block FROM {table} ORDER BY block").fetchall()]


def refused(file: Path, **changes: object) -> InputError:
    options: dict[str, object] = {"deployment": deployments.suite(), "genesis": GENESIS, **changes}
    deployment = options.pop("deployment")
    with pytest.raises(InputError) as refusal:
        Ledger.open(file, deployment, **options).close()  # type: ignore[arg-type]
    return refusal.value


# --- opening


def test_open__new_file__holds_the_suite_and_every_table(file: Path) -> None:
    deployment = deployments.suite()

    with Ledger.open(file, deployment, genesis=GENESIS) as ledger:
        tables = {n for (n,) in ledger.con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}

        assert {t.name for t in EVENT_TABLES} < tables
        assert (ledger.chain_id, ledger.first_block, ledger.head()) == (31337, deployments.FIRST_BLOCK, None)
        assert ledger.suite == Suite.of(deployment, 100)
        assert list(ledger.suite.targets) == list(Suite.of(deployment, 100).targets)
        assert set(ledger.suite.delegates) == set(DELEGATES)


def test_open__existing_file__goes_on_where_it_ended(file: Path) -> None:
    with Ledger.open(file, deployments.suite(), genesis=GENESIS) as ledger:
        put_span(ledger, 5, 50)
        ledger.add("Bond", BOND, "Bond DE0001", 50)

    with Ledger.open(file, deployments.suite(), genesis=GENESIS) as ledger:
        assert ledger.head() == stamp(50)
        assert ledger.suite.targets[checksum(BOND)].name == "Bond DE0001"
        assert [len(rows) for rows in ledger.rows(0, 100)] == [2]


def test_open__without_genesis_at_first__takes_it_when_it_is_known(file: Path) -> None:
    Ledger.open(file, deployments.suite()).close()
    Ledger.open(file, deployments.suite(), genesis=GENESIS).close()

    assert GENESIS in refused(file, genesis="0x" + "11" * 32).message


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"deployment": deployments.suite(chain_id=1)}, "of another chain: 31337, not 1"),
        ({"deployment": deployments.suite(shift=256)}, "of another deployment: 0x"),
        ({"genesis": "0x" + "11" * 32}, f"of another chain, by its first block: {GENESIS}, not 0x1111"),
        ({"deployment": deployments.suite(cash={})}, "holds CashToken EUR 0x"),
        (
            {"deployment": deployments.suite(cash={"EUR": 41})},
            "of block 40, which the deployment does not name",
        ),
        ({"memory": "much"}, "cannot be opened"),
    ],
)
def test_open__file_of_something_else__is_refused_and_left_as_it_is(
    file: Path, changes: dict[str, object], reason: str
) -> None:
    with Ledger.open(file, deployments.suite(), genesis=GENESIS) as ledger:
        put_span(ledger, 5, 50)

    fault = refused(file, **changes)

    assert reason in fault.message
    assert fault.hint
    with Ledger.open(file, deployments.suite(), genesis=GENESIS) as ledger:
        assert ledger.head() == stamp(50)


def test_open__file_of_another_version__is_refused_with_both(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(file, deployments.suite()) as ledger:
        ledger.con.execute("UPDATE meta SET value = '0' WHERE key = 'schema'")

    assert "of another version: 0, not 1" in refused(file).message
    with pytest.raises(InputError, match="of another version"):
        Ledger.read(file)


@pytest.mark.parametrize("content", [b"", b"text", bytes(5000)])
def test_open__file_that_is_no_database__is_refused_and_left_as_it_is(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    assert str(file) in refused(file).message
    assert file.read_bytes() == content


def test_open__database_of_another_program__is_refused(file: Path) -> None:
    with duckdb.connect(str(file)) as con:
        con.execute("CREATE TABLE bond (isin VARCHAR)")

    assert "is not a ledger" in refused(file).message
    with pytest.raises(InputError, match="is not a ledger"):
        Ledger.read(file)


def test_open__folder_that_is_not_there__is_refused(tmp_path: Path) -> None:
    assert "there is no folder" in refused(tmp_path / "nowhere" / "suite.duckdb").message


def test_open__failure_while_making_it__leaves_no_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("indenture.ledger.opening.add_contract", fail)

    with pytest.raises(KeyboardInterrupt):
        Ledger.open(file, deployments.suite())

    assert list(file.parent.iterdir()) == []


def test_open__disk_full_while_making_it__says_so_and_leaves_no_file(file: Path) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, most))  # octets that a file may have
    try:
        with pytest.raises(InputError, match=r"suite\.duckdb cannot be made"):
            Ledger.open(file, deployments.suite())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    assert list(file.parent.iterdir()) == []


def test_open__file_in_use_by_another_process__is_refused(file: Path) -> None:
    Ledger.open(file, deployments.suite()).close()
    hold = f"import duckdb; c = duckdb.connect({str(file)!r}); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()

        message = refused(file).message
        with pytest.raises(InputError, match="in use by another process"):
            Ledger.read(file)
        other.communicate("\n")

    assert "in use by another process" in message


def test_open__limits__are_those_of_the_database() -> None:
    with Ledger.open(None, deployments.suite(), memory="300MB", threads=1) as ledger:
        names = ("threads", "memory_limit", "temp_directory")
        query = "SELECT current_setting(?), current_setting(?), current_setting(?)"
        ((threads, memory, scratch),) = ledger.con.execute(query, names).fetchall()

        assert threads == 1
        assert memory == "286.1 MiB"
        assert Path(scratch).is_dir()

    assert not Path(scratch).exists()
    assert not Path(".tmp").exists()


# --- reading


def test_read__ledger__answers_and_does_not_write(file: Path) -> None:
    with Ledger.open(file, deployments.suite()) as ledger:
        put_span(ledger, 5, 9)

    with Ledger.read(file) as reader, Ledger.read(file) as other:
        assert reader.head() == other.head() == stamp(9)
        assert len(reader.suite.targets) == len(SINGLE) + 1
        assert reader.suite.cash_codes == {checksum(deployments.address(0xCA5400)): "EUR"}
        with pytest.raises(duckdb.Error, match="read-only"):
            reader.con.execute("DELETE FROM log")


def test_read__no_file__is_refused(file: Path) -> None:
    with pytest.raises(InputError, match="there is no ledger"):
        Ledger.read(file)

    assert not file.exists()


def test_stamp__block_without_logs__is_unknown(empty: Ledger) -> None:
    put_span(empty, 5, 9)

    assert empty.stamp(9) == stamp(9)
    assert empty.stamp(7) is None


def test_contracts__of_a_ledger__come_by_first_block(empty: Ledger) -> None:
    empty.add("Bond", BOND, "Bond DE0001", 20)

    found = [(target.name, block) for target, block in empty.contracts()]

    assert found == [
        *((name, 5 + i) for i, name in enumerate(SINGLE)),
        ("Bond DE0001", 20),
        ("CashToken EUR", 40),
    ]


# --- forgetting


def test_keep_to__block_inside_a_span__ends_the_span_there(empty: Ledger) -> None:
    put_span(empty, 5, 10)
    put_span(empty, 11, 20)
    put_span(empty, 21, 30)
    empty.add("Bond", BOND, "Bond DE0001", 20)
    suite = empty.suite

    with transaction(empty.con):
        empty.keep_to(stamp(15))

    assert empty.con.execute("FROM span").fetchall() == [(5, 10, block_hash(10)), (11, 15, block_hash(15))]
    assert empty.head() == stamp(15)
    for table in ("log", "bond_books_shut", "anomaly", "proof"):
        assert blocks_of(empty, table) == [5, 10, 11]
    assert empty.suite is suite
    assert checksum(BOND) not in suite.targets


def test_keep_to__nothing__leaves_an_empty_ledger(empty: Ledger) -> None:
    put_span(empty, 5, 10)

    with transaction(empty.con):
        empty.keep_to(None)

    assert empty.head() is None
    assert list(empty.rows(0, 100)) == []
    assert len(empty.suite.targets) == len(SINGLE) + 1


@pytest.mark.parametrize(("block", "head"), [(51, 50), (31, 30), (30, 20), (25, 20), (6, None)])
def test_open__cash_token_that_joined__forgets_the_spans_that_reach_its_block(
    file: Path, block: int, head: int | None
) -> None:
    """Its logs were not asked for there."""
    with Ledger.open(file, deployments.suite()) as ledger:
        put_span(ledger, 5, 20)
        put_span(ledger, 21, 30)
        put_span(ledger, 31, 50)

    with Ledger.open(file, deployments.suite(cash={"EUR": 40, "USD": block})) as ledger:
        assert ledger.head() == (None if head is None else stamp(head))
        assert max(blocks_of(ledger, "log"), default=None) == head
        assert sorted(ledger.suite.cash_codes.values()) == ["EUR", "USD"]


def test_transaction__that_fails__leaves_nothing(empty: Ledger) -> None:
    def fail() -> None:
        with transaction(empty.con):
            empty.add("Bond", BOND, "Bond DE0001", 20)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    empty.reload()

    assert checksum(BOND) not in empty.suite.targets


# --- rows


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    blocks=st.lists(st.lists(st.integers(1, 9), max_size=5), max_size=8),
    batch=st.integers(1, 12),
    bounds=st.tuples(st.integers(0, 8), st.integers(0, 8)),
)
def test_rows__of_any_blocks__come_in_order_and_no_transaction_is_split(
    empty: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    blocks: list[list[int]],
    batch: int,
    bounds: tuple[int, int],
) -> None:
    monkeypatch.setattr(store, "_BATCH", batch)
    for table in ("log", "block"):
        empty.con.execute(f"DELETE FROM {table}")
    for number, transactions in reversed(list(enumerate(blocks))):
        put_block(empty, number, transactions)

    batches = list(empty.rows(*bounds))

    rows = [row for found in batches for row in found]
    places = [(n, i) for n, txs in enumerate(blocks) if bounds[0] <= n <= bounds[1] for i in range(sum(txs))]
    assert [(row.block, row.log_index) for row in rows] == places
    assert all(row.time == stamp(row.block).timestamp for row in rows)
    for before, after in pairwise(batches):
        assert (before[-1].block, before[-1].tx_index) != (after[0].block, after[0].tx_index)
    largest = max((n for txs in blocks for n in txs), default=0)
    assert all(0 < len(found) < 2 * batch + largest for found in batches)


def test_rows__logs_with_any_number_of_topics__keep_them(empty: Ledger) -> None:
    put_block(empty, 7, [1])
    many = [f"0x{number:064x}" for number in range(4)]
    for index, topics in enumerate(([], None, many), start=1):
        empty.con.execute("INSERT INTO log VALUES (7, ?, 1, '0x', ?, ?, '0x')", [index, BOND, topics])

    ((first, *others),) = empty.rows(0, 9)

    assert first.topics[0] == TRANSFER
    assert [row.topics for row in others] == [[], [], many]


def test_rows__while_another_query_runs__are_whole(empty: Ledger) -> None:
    """The reader of rows asks the ledger meanwhile."""
    put_span(empty, 5, 9)

    seen = [(len(rows), empty.head()) for rows in empty.rows(0, 100)]

    assert seen == [(2, stamp(9))]
