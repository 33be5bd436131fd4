"""An error is two lines on stderr, and a code that a script can tell apart."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.cli.world import ISSUER_LEI, World

from indenture.chain import AnvilNode

pytestmark = pytest.mark.integration

NOBODY = "http://127.0.0.1:9"


def test_error__wrong_check_digit__is_a_usage_error(run: Run) -> None:
    outcome = run("member", "show", "54930053HGCFWVHYZX43")

    assert outcome.code == 2
    assert "the check digits are 43, expected 42" in outcome.err
    assert outcome.out == ""


def test_error__term_sheet_with_two_problems__names_fields_and_lines(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "bad.yaml"
    good = (Path(__file__).parents[2] / "terms" / "boc-2019-sme.yaml").read_text(encoding="utf-8")
    sheet.write_text(
        good.replace("isin: CND1000BOC15", "isin: CND1000BOC16").replace("rate: 3.25", "rate: x")
    )

    outcome = run("schedule", sheet)

    assert outcome.code == 2
    assert "isin: the check digit is 6, expected 5" in outcome.err
    assert "coupon.rate" in outcome.err
    assert outcome.out == ""


def test_error__no_node_named__says_how(run: Run) -> None:
    outcome = run("member", "list")

    assert outcome.code == 2
    assert outcome.lines == ["Error: no node was named", "Give --rpc URL, or put it into INDENTURE_RPC."]


def test_error__node_down__is_the_nodes(run: Run) -> None:
    outcome = run("member", "list", "--rpc", NOBODY)

    assert outcome.code == 4
    assert len(outcome.lines) == 2
    assert outcome.lines[0].startswith("Error: no answer from the node at http://127.0.0.1:9")


def test_error__deployment_missing__is_the_deployments(run: Run, node: AnvilNode) -> None:
    outcome = run("member", "list", "--rpc", node.url)

    assert outcome.code == 5
    assert "deployments/31337.json" in outcome.err


def test_error__deployment_of_another_chain__says_both(run: Run, world: World, tmp_path: Path) -> None:
    other = json.loads(world.file.read_text())
    other["chain_id"] = 1
    file = tmp_path / "1.json"
    file.write_text(json.dumps(other))

    outcome = run("member", "list", "--deployment", file)

    assert outcome.code == 5
    assert "chain 1" in outcome.err
    assert "31337" in outcome.err


def test_error__no_key__is_the_machines(run: Run, world: World) -> None:
    outcome = run("cash", "redeem", "1", "--yes")

    assert outcome.code == 3
    assert "no key was given" in outcome.err


def test_error__nobody_to_ask__sends_nothing(run: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INDENTURE_KEY", world.key("depository"))
    block = world.node.connect().block_stamp().number

    outcome = run(
        "member", "admit", ISSUER_LEI, world.address("issuer"), "--class", "bank", "--jurisdiction", "CN"
    )

    assert outcome.code == 2
    assert outcome.lines[-1] == "Add --yes when you mean it; nothing was sent."
    assert world.node.connect().block_stamp().number == block


@pytest.mark.parametrize(("answer", "code", "sent"), [("n\n", 1, 0), ("\n", 1, 0), ("", 1, 0), ("y\n", 0, 1)])
def test_question__answered__is_obeyed(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch, answer: str, code: int, sent: int
) -> None:
    monkeypatch.setenv("INDENTURE_KEY", world.key("depository"))
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    party = (ISSUER_LEI, world.address("issuer"), "--class", "bank", "--jurisdiction", "CN")
    block = world.node.connect().block_stamp().number

    outcome = run("member", "admit", *party, "--json")

    assert outcome.code == code
    assert "Send it? [y/N]: " in outcome.err
    assert f"Admit {ISSUER_LEI} (bank, CN)" in outcome.err
    assert world.node.connect().block_stamp().number == block + sent
    assert (outcome.json["lei"] if sent else outcome.out) == (ISSUER_LEI if sent else "")


class Terminal(io.StringIO):
    """Somebody who answers."""

    def isatty(self) -> bool:
        return True


def test_error__contract_refuses__has_its_own_code(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INDENTURE_KEY", world.key("outsider"))

    outcome = run("cash", "issue", world.address("outsider"), "1", "--yes")

    assert outcome.code == 7
    assert outcome.out == ""


def test_error__debug__shows_the_traceback(run: Run) -> None:
    for arguments in (("--debug", "member", "list"), ("member", "list", "--debug")):
        outcome = run(*arguments)
        assert "Traceback" in outcome.err
        assert outcome.lines[-2] == "Error: no node was named"


def test_error__anvil_missing__says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INDENTURE_ANVIL", "/nowhere/anvil")

    outcome = run("demo")

    assert outcome.code == 3
    assert "anvil" in outcome.lines[-2]
    assert "INDENTURE_ANVIL" in outcome.lines[-1]


def test_error__unknown_command__is_a_usage_error(run: Run) -> None:
    outcome = run("bonds")

    assert outcome.code == 2
    assert "No such command 'bonds'" in outcome.err
