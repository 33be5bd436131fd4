"""A ledger as Parquet holds the same rows, and only what is new is written again."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from tests.ledger import deployments
from tests.ledger.sql.told import Told

from indenture.errors import InputError
from indenture.ledger import EVENT_TABLES, Ledger, parquet
from indenture.ledger.engines import DuckEngine, open_engine
from indenture.ledger.questions import question

pytestmark = pytest.mark.integration

_TABLES = ("block", "contract", "span", *(table.name for table in EVENT_TABLES))


@pytest.fixture
def story(all_told: dict[str, Told]) -> Told:
    return all_told["story"]


def test_export__every_table__has_the_rows_of_the_ledger(story: Told, tmp_path: Path) -> None:
    exported = parquet.export(story.ledger.con, tmp_path / "out", blocks=100)

    con = parquet.connect(exported.folder)
    for name in _TABLES:
        rows = f"SELECT * FROM {name} ORDER BY ALL"
        assert (
            con.execute(rows).fetchall()
            == story.ledger.con.execute(f"SELECT * FROM main.{name} ORDER BY ALL").fetchall()
        )
        assert con.table(name).types == story.ledger.con.table(f"main.{name}").types
    con.close()
    head = story.engine.head
    assert exported.ranges == exported.written == head // 100 + 1
    assert parquet.last_block(parquet.manifest_of(exported.folder)) == head
    assert exported.size == sum(path.stat().st_size for path in exported.folder.rglob("*.parquet"))


def test_export__files__hold_the_blocks_of_their_names_in_order(story: Told, tmp_path: Path) -> None:
    parquet.export(story.ledger.con, tmp_path / "out", blocks=50)

    files = sorted((tmp_path / "out" / "cash_token_transfer").iterdir())
    assert len(files) > 2
    for path in files:
        first, last = map(int, path.stem.split("-"))
        blocks = duckdb.execute(f"SELECT block FROM read_parquet('{path}')").fetchall()
        assert last == first + 49
        assert blocks == sorted(blocks)
        assert all(first <= block[0] <= last for block in blocks)


def test_export__again__writes_only_what_changed(story: Told, tmp_path: Path) -> None:
    whole = tmp_path / "whole.duckdb"
    shutil.copy(story.path, whole)
    folder = tmp_path / "out"
    with duckdb.connect(str(whole)) as con:
        early = "block > 120"
        con.execute("BEGIN")
        for table in EVENT_TABLES:
            con.execute(f"DELETE FROM {table.name} WHERE {early}")
        con.execute("DELETE FROM log WHERE block > 120")
        con.execute("DELETE FROM block WHERE number > 120")
        first = parquet.export(con, folder, blocks=50)
        con.execute("ROLLBACK")
        kept = {path: path.stat().st_mtime_ns for path in folder.rglob("000000000000-*.parquet")}
        second = parquet.export(con, folder, blocks=50)
        third = parquet.export(con, folder)

    assert first.ranges == first.written == 3
    assert second.written == second.ranges - 2  # the third was not whole, later ones are new
    assert third.written == 0
    assert kept == {path: path.stat().st_mtime_ns for path in kept}
    with open_engine(folder) as engine:
        outstanding = question("outstanding")
        answer = engine.run(outstanding.sql, outstanding.bind({}, engine.head))
    assert [dict(zip(answer.columns, row, strict=True)) for row in answer.rows] == story.ask("outstanding")


def test_export__other_hash__is_written_anew_and_nothing_is_left(story: Told, tmp_path: Path) -> None:
    """A reorganisation took the last blocks, and with them all that their range had of a table."""
    changed, folder = tmp_path / "changed.duckdb", tmp_path / "out"
    shutil.copy(story.path, changed)
    with duckdb.connect(str(changed)) as con:
        last = parquet.export(con, folder, blocks=50).ranges * 50 - 50
        assert list(folder.glob(f"bond_bond_redeemed/{last:012d}-*"))
        con.execute("DELETE FROM bond_bond_redeemed")
        con.execute("UPDATE block SET hash = '0xother' WHERE number = (SELECT max(number) FROM block)")
        again = parquet.export(con, folder)

    assert again.written == 1
    assert not list(folder.glob(f"bond_bond_redeemed/{last:012d}-*"))
    con = parquet.connect(folder)
    assert con.execute("SELECT count(*) FROM bond_bond_redeemed").fetchall() == [(0,)]
    con.close()


def test_export__other_ledger_or_width__is_refused(story: Told, tmp_path: Path) -> None:
    folder, other = tmp_path / "out", tmp_path / "other.duckdb"
    parquet.export(story.ledger.con, folder, blocks=1_000)
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "notes.txt").write_text("mine", "utf-8")
    shutil.copy(story.path, other)
    with duckdb.connect(str(other)) as con:
        con.execute("UPDATE meta SET value = '1' WHERE key = 'chain_id'")

    with pytest.raises(InputError, match="ranges of 1000 blocks, not 200"):
        parquet.export(story.ledger.con, folder, blocks=200)
    with duckdb.connect(str(other)) as con, pytest.raises(InputError, match="another chain or deployment"):
        parquet.export(con, folder)
    with pytest.raises(InputError, match="holds no exported ledger"):
        parquet.export(story.ledger.con, strange)


def test_questions__over_parquet__have_the_answers_of_the_ledger(story: Told, tmp_path: Path) -> None:
    parquet.export(story.ledger.con, tmp_path / "out", blocks=100)

    with open_engine(tmp_path / "out") as engine:
        for name in ("outstanding", "cash", "accounts", "cover", "residues"):
            asked = question(name)
            bound = asked.bind({}, engine.head)
            assert engine.run(asked.sql, bound) == story.engine.run(asked.sql, bound)


def test_export__interrupted__is_no_ledger_until_it_is_exported_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    with Ledger.open(None, deployments.suite(), threads=1) as ledger:
        with monkeypatch.context() as patched:
            patched.setattr(parquet, "_write_whole", _interrupt)
            with pytest.raises(KeyboardInterrupt):
                parquet.export(ledger.con, folder)
        with pytest.raises(InputError, match="was interrupted, and is not whole"):
            parquet.connect(folder)

        parquet.export(ledger.con, folder)
        parquet.connect(folder).close()


def test_export__folder_without_room__says_so_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        Ledger.open(None, deployments.suite(), threads=1) as ledger,
        pytest.raises(InputError, match=r"the export to .*file.out cannot go on: "),
    ):
        parquet.export(ledger.con, tmp_path / "file" / "out")


def _interrupt(*_: object) -> int:
    raise KeyboardInterrupt


def test_engine__as_of__is_the_same_over_file_and_parquet(story: Told, tmp_path: Path) -> None:
    parquet.export(story.ledger.con, tmp_path / "out", blocks=100)
    sql = "SELECT bond, holder, units FROM holdings WHERE to_block IS NULL ORDER BY ALL"

    with open_engine(tmp_path / "out", at=200) as of_parquet, open_engine(story.path, at=200) as of_file:
        assert (of_parquet.head, of_file.head) == (200, 200)
        assert of_parquet.run(sql).rows == of_file.run(sql).rows != story.rows(sql)


def test_engine__an_instant__is_the_last_block_until_then(story: Told) -> None:
    instant = datetime.fromtimestamp(story.half.timestamp, UTC)
    with open_engine(story.path, at=instant) as engine:
        later = story.rows(f"SELECT min(number) FROM block WHERE time > {story.half.timestamp}")

        assert story.half.number <= engine.head < later[0][0]


@pytest.mark.parametrize(
    ("at", "message"), [(10**9, "the ledger ends at block"), (-1, "the ledger ends at block")]
)
def test_engine__beyond_the_ledger__is_refused(story: Told, at: int, message: str) -> None:
    with pytest.raises(InputError, match=message), open_engine(story.path, at=at):
        pass


def test_engine__instant_after_its_end__is_refused_and_the_end_is_not(story: Told) -> None:
    """What was said between its end and the instant is not in it."""
    ((end,),) = story.rows("SELECT max(time) FROM block")
    with open_engine(story.path, at=datetime.fromtimestamp(end, UTC)) as engine:
        assert engine.head == story.engine.head
    after = datetime.fromtimestamp(end + 1, UTC)
    with pytest.raises(InputError, match="and knows of nothing later"), open_engine(story.path, at=after):
        pass


def test_engine__before_anything__is_refused(story: Told) -> None:
    early = datetime(1999, 1, 1, tzinfo=UTC)
    with pytest.raises(InputError, match="nothing had happened by 1999"), open_engine(story.path, at=early):
        pass


def test_engine__spark_over_a_file__is_refused(story: Told) -> None:
    with pytest.raises(InputError, match="Spark reads Parquet"), open_engine(story.path, spark="local[1]"):
        pass


def test_tables__of_a_ledger__are_those_that_are_exported(story: Told) -> None:
    with Ledger.read(story.path) as ledger:
        DuckEngine(ledger.con)
        found = {row[0] for row in ledger.con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}

    assert found - set(_TABLES) == {"meta", "log", "anomaly", "proof"}
