"""A ledger by the command line: read, asked, exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.audit import stage, story
from tests.cli.conftest import Run

from indenture.chain import AnvilNode
from indenture.cli.main import main

pytestmark = pytest.mark.integration

ISIN = "CND1000BOC15"


@dataclass(frozen=True)
class Node:
    """Where a story was played, and the options that name it."""

    head: int
    options: tuple[str, ...]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The auditor's story."""
    with AnvilNode(timestamp=stage.START) as anvil:
        told = story.play(anvil)
        file = tmp_path_factory.mktemp("deployment") / "31337.json"
        told.deployment.save(file)
        yield Node(told.chain.block_stamp().number, ("--rpc", anvil.url, "--deployment", str(file)))


@pytest.fixture(scope="module")
def ledger(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story, read into a file."""
    file = tmp_path_factory.mktemp("ledger") / "events.duckdb"
    assert main(["ledger", "read", str(file), *node.options]) == 0
    return file


def _json(run: Run, *arguments: object) -> Any:
    outcome = run(*arguments, "--json")
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def test_read__in_two_goes__reads_on_where_it_was(run: Run, node: Node, ledger: Path, tmp_path: Path) -> None:
    read = ("ledger", "read", tmp_path / "other.duckdb", *node.options)
    first = _json(run, *read, "--to", 150)
    second = _json(run, *read)
    third = _json(run, *read)

    assert (first["last_block"], second["first_block_read"], second["last_block"]) == (150, 151, node.head)
    assert (third["events_read"], third["first_block_read"]) == (0, None)
    assert (
        first["events_read"] + second["events_read"]
        == _json(run, "ledger", "query", ledger, "SELECT count(*) AS n FROM log")[0]["n"]
    )
    assert (first["anomalies"], second["rewound_to"]) == (0, None)


def test_ask__without_a_ledger__lists_the_questions(run: Run) -> None:
    shown = run("ledger", "ask")
    listed = _json(run, "ledger", "ask")

    assert shown.code == 0
    assert "Who held a bond" in shown.out
    assert len(listed) == 20
    assert listed[0]["parameters"][0] == {
        "name": "isin",
        "kind": "text",
        "is_optional": False,
        "about": "ISIN of the bond",
    }


def test_ask__by_number_or_name__gives_exact_amounts(run: Run, ledger: Path) -> None:
    by_name = _json(run, "ledger", "ask", ledger, "cash")

    assert by_name == _json(run, "ledger", "ask", ledger, 7)
    assert (by_name[0]["issued"], by_name[0]["redeemed"]) == ("15000000005000", "2000")
    assert "15,000,000,003,000" in run("ledger", "ask", ledger, "cash").out


def test_holders__at_a_block_or_an_instant__are_those_of_then(run: Run, ledger: Path) -> None:
    assert _json(run, "ledger", "holders", ledger, ISIN) == []  # it was redeemed
    held = _json(run, "ledger", "holders", ledger, ISIN, "--at", 200)

    assert sum(int(row["units"]) for row in held) == 44_200
    assert held == _json(run, "ledger", "ask", ledger, "holders", f"isin={ISIN}", "block=200")
    instant = _json(run, "ledger", "holders", ledger, ISIN, "--at", "2020-12-31T17:00+08:00")
    assert sum(int(row["units"]) for row in instant) == 54_200


def test_state__as_of_a_block__has_every_part(run: Run, ledger: Path) -> None:
    found = _json(run, "ledger", "state", ledger, "--at", 200)
    shown = run("ledger", "state", ledger, "--at", 200)

    assert (found["block"], found["time"][-1]) == (200, "Z")
    held = found["parts"]["positions"]
    assert sum(int(row["units"]) for row in held if row["isin"] == ISIN) == 44_200
    assert not {"to_block", "to_time"} & set(held[0])
    assert all(name in shown.out for name in found["parts"])
    assert held == _json(run, "ledger", "state", ledger, "positions", "--at", 200)
    assert found["parts"] != _json(run, "ledger", "state", ledger)["parts"]


def test_answer__narrow_terminal__keeps_what_was_asked_for(
    run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    holders = run("ledger", "holders", ledger, ISIN, "--at", 200).out
    positions = run("ledger", "state", ledger, "positions", "--at", 200).out

    assert max(map(len, (holders + positions).splitlines())) <= 80
    assert "holder units frozen bound free" in " ".join(holders.split())
    assert "isin holder units frozen bound" in " ".join(positions.split())


def test_query__with_parameters__shows_rows_and_times(run: Run, ledger: Path) -> None:
    sql = "SELECT time, kind, units FROM unit_movements WHERE isin = $isin ORDER BY block, log_index LIMIT 1"
    rows = _json(run, "ledger", "query", ledger, sql, f"isin={ISIN}")

    assert rows == [{"time": rows[0]["time"], "kind": "issue", "units": rows[0]["units"]}]
    assert rows[0]["time"].startswith("2019-12-03T")
    assert rows[0]["time"].endswith("Z")
    assert "2019-12-03" in run("ledger", "query", ledger, sql, f"isin={ISIN}").out


def test_tables__of_a_ledger__have_rows_and_columns(run: Run, ledger: Path) -> None:
    listed = {row["name"]: row for row in _json(run, "ledger", "tables", ledger)}
    columns = _json(run, "ledger", "tables", ledger, "payouts")

    assert listed["trades"]["rows"] == listed["settlement_trade_settled"]["rows"] == 8
    assert listed["holdings"]["about"].startswith("Units of each holder")
    assert listed["servicing_bond_called"] == {"name": "servicing_bond_called", "rows": 0, "about": ""}
    assert {"column": "due", "type": "DECIMAL(38,0)"} in columns
    assert "servicing_bond_called" not in run("ledger", "tables", ledger).out


def test_export__then_ask__answers_from_the_folder(run: Run, ledger: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parquet"
    exported = _json(run, "ledger", "export", ledger, folder, "--blocks", 100)

    assert exported["ranges"] == exported["ranges_written"] > 2
    assert _json(run, "ledger", "export", ledger, folder)["ranges_written"] == 0
    question = ("outstanding", "--at", 250)
    assert _json(run, "ledger", "ask", folder, *question) == _json(run, "ledger", "ask", ledger, *question)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ask", "{ledger}"), "no question was asked"),
        (("ask", "{ledger}", "wealth"), "there is no question 'wealth'"),
        (("ask", "{ledger}", "holders"), "question 1 needs isin"),
        (("ask", "{ledger}", "holders", "X"), "'X' is no parameter"),
        (("ask", "{ledger}", "trades", "day=soon"), "'soon' is not a day"),
        (("ask", "{ledger}", "cash", "--at", 999_999), "the ledger ends at block"),
        (("ask", "{ledger}", "cash", "--at", "latest"), "a ledger knows no latest block"),
        (("ask", "{ledger}", "cash", "--spark", "local[1]"), "Spark reads Parquet"),
        (("ask", "{ledger}", "allotments", "offering=99"), "the ledger knows no offering 99"),
        (("holders", "{ledger}", "CND100000099"), "the ledger knows no bond CND100000099"),
        (("holders", "{ledger}", ISIN, "--at", 9), "up to block 9 the ledger knows no bond"),
        (("holders", "{ledger}", ISIN, "--at", "2199-01-01T00:00Z"), "and knows of nothing later"),
        (("state", "{ledger}", "wealth"), "the state has no part 'wealth'"),
        (("state", "{ledger}", "--at", 999_999), "the ledger ends at block"),
        (("query", "{ledger}", "SELECT * FROM wealth"), "wealth"),
        (("tables", "{ledger}", "wealth"), "there is no table wealth"),
        (("holders", "nowhere.duckdb", "X"), "there is no ledger nowhere.duckdb"),
        (("holders", "{folder}", "X"), "holds no exported ledger"),
    ],
)
def test_ledger__what_is_wrong__is_said_with_what_to_do(
    run: Run, ledger: Path, tmp_path: Path, arguments: tuple[object, ...], message: str
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    outcome = run("ledger", *(str(a).format(ledger=ledger, folder=folder) for a in arguments))

    assert outcome.code == 2
    assert message in outcome.err
    assert outcome.out == ""
    assert len(outcome.err.strip().splitlines()) >= 2  # what happened, and what to do
