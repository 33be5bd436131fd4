"""The auditor's commands, as an auditor types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.cli.world import ISSUER_LEI, World

pytestmark = pytest.mark.integration


@pytest.fixture
def lived_in(run: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A suite with one member and some money."""
    monkeypatch.setenv("INDENTURE_KEY", world.key("depository"))
    party = (ISSUER_LEI, world.address("issuer"), "--class", "bank", "--jurisdiction", "CN")
    assert run("member", "admit", *party, "--yes").code == 0
    assert run("cash", "issue", world.address("issuer"), "5", "--yes").code == 0
    return world


def head_of(world: World) -> tuple[int, str]:
    head = world.node.connect().block_stamp()
    return head.number, head.hash


def test_audit__prove__says_what_was_proved(run: Run, lived_in: World) -> None:
    number, block_hash = head_of(lived_in)

    told = run("audit", "--prove", "--pin", f"{number}={block_hash}", "--json")

    assert told.code == 0
    assert told.json["differences"] == 0
    assert {"blocks", "receipts", "accounts", "code"} <= set(told.json["proved"])
    assert told.json["proved"]["blocks"] == told.json["blocks"]
    assert not [line for line in told.json["proved"]["trusted"] if "only this node says so" in line]


def test_audit__pin_of_another_chain__is_a_finding(run: Run, lived_in: World) -> None:
    number, _ = head_of(lived_in)

    told = run("audit", "--prove", "--pin", f"{number}=0x{'11' * 32}", "--json")

    assert told.code == 8
    assert told.json["findings"][0]["kind"] == "PROVE-1"


def test_audit__for_people__says_in_one_line_whether_the_books_are_right(run: Run, lived_in: World) -> None:
    number, _ = head_of(lived_in)

    trusting = run("audit")
    proved = run("audit", "--prove")
    pinned = run("audit", "--prove", "--pin", f"{number}=0x{'11' * 32}")

    assert (
        trusting.out.splitlines()[0] == "The books are right, if the node tells the truth: nothing was proved"
    )
    assert proved.out.splitlines()[0] == f"The books are right: proved against {number} block headers"
    assert "nobody: only this node says so" in proved.out
    assert pinned.out.splitlines()[0] == "The books are not right: 1 difference"
    assert pinned.out.index("PROVE-1") < pinned.out.index("Proved against block headers")


def test_audit__peer_that_is_the_node_itself__vouches_for_nothing(run: Run, lived_in: World) -> None:
    alike = lived_in.node.url.replace("://", "://someone:secret@") + "/"

    told = run("audit", "--prove", "--peer", alike)

    assert told.code == 2
    assert f"--peer {lived_in.node.url} names the node that is audited" in told.err
    assert "secret" not in told.err


def test_audit__ledger_kept__reads_on(run: Run, lived_in: World, tmp_path: Path) -> None:
    file = tmp_path / "events.duckdb"
    first = run("audit", "--ledger", file, "--json")
    assert run("cash", "issue", lived_in.address("issuer"), "6", "--yes").code == 0

    second = run("audit", "--ledger", file, "--prove", "--json")

    assert (first.code, second.code) == (0, 0)
    assert second.json["events"] == first.json["events"] + 2


def test_audit__instant__is_the_last_block_until_then(run: Run, lived_in: World) -> None:
    head = lived_in.node.connect().block_stamp()

    told = run("audit", "--to", head.time.isoformat(), "--json")

    assert (told.code, told.json["to_block"]) == (0, head.number)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--pin", "5=0x12"), "is not a block and its hash"),
        (("--to", "yesterday"), "is not a block: give a number"),
        (("--to", "2019-12-03T09:00"), "has no time zone"),
        (("--to", "30", "--confirmations", "2"), "--confirmations does nothing where --to names the block"),
        (("--prove", "--pin", f"999999=0x{'11' * 32}"), "block 999999 is pinned, and the node's last one is"),
        (("--report", "/dev/null/report"), "the report cannot be written to /dev/null/report"),
        (("--peer", "http://127.0.0.1:1"), "--pin or --peer does nothing without --prove"),
        (("--push", "told.jsonl"), "--push does nothing without --watch"),
        (("--sign",), "--sign does nothing without --report DIR"),
        (("--pdf",), "--pdf does nothing without --report DIR"),
        (("--watch", "--report", "told"), "a watch has no last block and no report"),
        (("--prove", "--pin", f"5=0x{'11' * 32}", "--pin", f"5=0x{'22' * 32}"), "block 5 is pinned to"),
    ],
)
def test_audit__wrong_options__say_what_is_wrong(
    run: Run, lived_in: World, arguments: tuple[str, ...], words: str
) -> None:
    told = run("audit", *arguments)

    assert told.code == 2
    assert words in told.err


def test_audit__report_signed__verifies_until_a_byte_changes(
    run: Run, lived_in: World, tmp_path: Path
) -> None:
    folder = tmp_path / "report"
    assert run("audit", "--prove", "--report", folder, "--pdf", "--sign", "--json").code == 0
    assert (folder / "audit.pdf").read_bytes().startswith(b"%PDF")

    verified = run("audit", "verify", folder, "--json")
    assert verified.code == 0
    assert verified.json["address"] == lived_in.address("depository")
    assert run("audit", "verify", folder, "--signer", lived_in.address("issuer")).code == 8

    page = folder / "audit.html"
    page.write_text(page.read_text("utf-8").replace("5.00", "6.00"), "utf-8")
    changed = run("audit", "verify", folder)
    assert changed.code == 8
    assert "audit.html" in changed.err


def test_diff__two_blocks__shows_what_moved(run: Run, lived_in: World, tmp_path: Path) -> None:
    earlier, later = tmp_path / "earlier", tmp_path / "later"
    assert run("audit", "--report", earlier, "--json").code == 0
    assert run("cash", "issue", lived_in.address("issuer"), "6", "--yes").code == 0
    assert run("audit", "--report", later, "--json").code == 0

    told = run("audit", "diff", earlier, later, "--json")

    assert told.code == 0
    assert "6.00" not in json.dumps(told.json["changes"].get("findings", []))
    assert "11.00" in json.dumps(told.json["changes"])
    assert run("audit", "diff", earlier, later).code == 0


def test_diff__no_report__says_so(run: Run, tmp_path: Path) -> None:
    told = run("audit", "diff", tmp_path, tmp_path)

    assert told.code == 2
    assert "audit.json" in told.err
