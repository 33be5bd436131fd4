"""A bond's life by the command line alone, each command as its actor."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run
from tests.cli.world import ISSUER_LEI, World, small_terms

from indenture.identifiers import lei_from_prefix

pytestmark = pytest.mark.integration

ISIN = "CND1000BOC15"
LEIS = {
    "bookrunner": lei_from_prefix("DEMO00BOOKRUNNER00"),
    "investor": lei_from_prefix("DEMO00FUND00000001"),
    "other_investor": lei_from_prefix("DEMO00FUND00000002"),
    "paying_agent": lei_from_prefix("DEMO00PAYINGAGENT0"),
}


def china(text: str) -> datetime:
    """An instant of the story, written in China's time."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=8)


class Desk:
    """Runs a command as an actor, and reads its JSON."""

    def __init__(self, run: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self._run = run
        self._world = world
        self._environment = monkeypatch

    def __call__(self, actor: str, *arguments: object) -> Any:
        self._environment.setenv("INDENTURE_KEY", self._world.key(actor))
        outcome = self._run(*arguments, "--json", *([] if _reads(arguments) else ["--yes"]))
        assert outcome.code == 0, outcome.err
        return outcome.json


def _reads(arguments: tuple[object, ...]) -> bool:
    return (
        arguments[0] in ("holdings", "schedule", "audit")
        or arguments[1] in ("show", "list", "balance")
        or arguments[:2] in (("trade", "propose"), ("trade", "sign"))
    )


def test_life__by_commands__from_admission_to_redemption(
    run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(run, world, monkeypatch)
    address = world.address

    # Members
    admit = ("depository", "member", "admit")
    desk(*admit, ISSUER_LEI, address("issuer"), "--class", "bank", "--jurisdiction", "CN", "--role", "issuer")
    for actor, role in (("bookrunner", "bookrunner"), ("paying_agent", "paying-agent")):
        party = (LEIS[actor], address(actor), "--class", "bank", "--jurisdiction", "CN", "--role", role)
        desk(*admit, *party)
    for actor in ("investor", "other_investor"):
        party = (LEIS[actor], address(actor), "--class", "fund", "--jurisdiction", "HK", "--role", "holder")
        desk(*admit, *party, "--until", "2030-01-01T00:00+08:00")
    assert len(desk("depository", "member", "list")) == 6
    shown = desk("depository", "member", "show", LEIS["investor"])
    assert (shown["class"], shown["accounts"][0]["roles"]) == ("fund", "holder")
    assert shown["accounts"][0]["until"] == "2029-12-31T16:00:00Z"

    # Money
    for actor in ("investor", "other_investor"):
        desk("depository", "cash", "issue", address(actor), "150000.00")
    balance = desk("depository", "cash", "balance", address("investor"))
    assert (balance["amount"], balance["currency"]) == ("150000.00", "CNY")

    # Issue
    terms = small_terms(tmp_path)
    issued = desk("issuer", "issue", "register", terms)
    assert issued["isin"] == ISIN
    world.node.time.mine(at=china("2019-12-02T10:00"))
    times = ("--opens", "2019-12-03T09:00+08:00", "--closes", "2019-12-03T17:00+08:00")
    desk(
        "issuer", "offer", "open", ISIN, *times, "--settles-by", "2019-12-06T17:00+08:00",
        "--bookrunner", address("bookrunner"),
    )  # fmt: skip
    world.node.time.mine(at=china("2019-12-03T10:00"))
    assert desk("investor", "order", "place", ISIN, 900)["deposit"] == "90000.00"
    desk("other_investor", "order", "place", ISIN, 700)
    desk("other_investor", "order", "withdraw", ISIN)
    desk("other_investor", "order", "place", ISIN, 600)
    world.node.time.mine(at=china("2019-12-03T17:00"))
    assert desk("bookrunner", "offer", "close", ISIN)["ordered"] == 1500
    allotted = desk("bookrunner", "offer", "allocate", ISIN)
    assert sorted(row["units"] for row in allotted["allotments"]) == [400, 600]
    assert desk("bookrunner", "offer", "settle", ISIN)["proceeds"] == "100000.00"
    assert desk("investor", "order", "refund", ISIN)["amount"] == "30000.00"
    order = desk("investor", "order", "show", ISIN, address("investor"))
    assert (order["allotted"], order["settled"], order["refundable"]) == (600, True, "0.00")
    assert desk("issuer", "offer", "show", ISIN)["stage"] == "allocated"
    assert desk("issuer", "issue", "show", ISIN)["units_outstanding"] == 1000

    # A trade: one side proposes, the other signs, a third submits.
    file = tmp_path / "trade.json"
    sale = ("--isin", ISIN, "--units", 100, "--amount", "10010.50", "--sell-to", address("other_investor"))
    desk("investor", "trade", "propose", file, *sale)
    assert desk("outsider", "trade", "show", file)["signed_by"] == ["seller"]
    unsigned = run("trade", "submit", file, "--yes")
    assert (unsigned.code, unsigned.lines[0]) == (2, "Error: the buyer has not signed")
    desk("other_investor", "trade", "sign", file)
    (settled,) = desk("bookrunner", "trade", "submit", file)
    assert settled["trade"] == desk("outsider", "trade", "show", file)["trade"]
    again = run("trade", "submit", file, "--yes")
    assert again.code == 7
    # A second one is withdrawn before it settles.
    second = tmp_path / "second.json"
    desk("investor", "trade", "propose", second, *sale)
    desk("other_investor", "trade", "sign", second)
    desk("investor", "trade", "cancel", second)
    assert run("trade", "submit", second, "--yes").code == 7
    register = desk("outsider", "holdings", ISIN)
    assert [row["units"] for row in register["holdings"]] == [500, 500]

    # Coupon
    desk("issuer", "cash", "transfer", address("paying_agent"), "3250")
    world.node.time.mine(at=china("2020-12-04T18:00"))
    funded = desk("paying_agent", "coupon", "fund", ISIN, 1)
    assert (funded["total"], funded["currency"]) == ("3250.00", "CNY")
    early = run("coupon", "pay", ISIN, 1, "--yes")
    assert early.code == 7
    world.node.time.mine(at=china("2020-12-07T09:00"))
    assert desk("investor", "coupon", "claim", ISIN, 1)["amount"] == "1625.00"
    assert desk("paying_agent", "coupon", "pay", ISIN, 1)["holders"] == 1
    first, last = desk("outsider", "coupon", "show", ISIN)
    assert (first["pay_day"], first["paid"], last["funded"]) == ("2020-12-07", "3250.00", "0.00")

    # Redemption
    desk("depository", "cash", "issue", address("paying_agent"), "103250")
    world.node.time.mine(at=china("2021-12-03T18:00"))
    assert desk("paying_agent", "coupon", "fund", ISIN, 2)["principal"] == "100000.00"
    world.node.time.mine(at=china("2021-12-06T09:00"))
    redeemed = desk("paying_agent", "redeem", ISIN)
    assert (redeemed["amount"], redeemed["completed"], redeemed["units_outstanding"]) == (
        "103250.00",
        True,
        0,
    )
    flows = desk("outsider", "schedule", ISIN)
    assert [row["total"] for row in flows["payments"]] == ["3250.00", "103250.00"]

    # Audit
    report = tmp_path / "report"
    audited = desk("outsider", "audit", "--report", report)
    assert sorted(audited) == ["blocks", "differences", "events", "findings", "report"]
    assert (audited["differences"], audited["findings"]) == (0, [])
    assert Path(audited["report"]).is_file()
    assert json.loads((report / "audit.json").read_text())


def test_suspend__then_reinstate__with_a_document(
    run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(run, world, monkeypatch)
    order = tmp_path / "order.pdf"
    order.write_bytes(b"by order of the court")
    party = (
        ISSUER_LEI,
        world.address("issuer"),
        "--class",
        "bank",
        "--jurisdiction",
        "CN",
        "--role",
        "issuer",
    )
    desk("depository", "member", "admit", *party)

    desk("depository", "member", "suspend", ISSUER_LEI, "--reason", order)
    suspended = desk("depository", "member", "show", ISSUER_LEI)
    desk("depository", "member", "reinstate", ISSUER_LEI, "--reason", order)
    desk("depository", "member", "accounts", ISSUER_LEI, world.address("outsider"), "--role", "holder")
    desk("depository", "member", "roles", world.address("outsider"), "--role", "holder", "--role", "dealer")
    shown = desk("depository", "member", "show", ISSUER_LEI)

    assert suspended["suspended"] is True
    assert shown["suspended"] is False
    assert [account["roles"] for account in shown["accounts"]] == ["issuer", "holder, dealer"]


def test_deploy__a_second_time__keeps_what_is_there(
    run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(run, world, monkeypatch)
    before = world.file.read_text()

    deployed = desk("depository", "deploy", world.file.parent / "demo.yaml", "--deployment", world.file)

    assert world.file.read_text() == before
    assert len(deployed["contracts"]) == 9


def test_key__new__opens_with_its_passphrase_only(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "issuer.keystore.json"
    monkeypatch.setenv("INDENTURE_PASSPHRASE", "correct horse")
    made = run("key", "new", file, "--json")
    read = run("key", "address", file, "--json")
    monkeypatch.setenv("INDENTURE_PASSPHRASE", "wrong")
    refused = run("key", "address", file)
    again = run("key", "new", file)

    assert (made.code, read.code) == (0, 0)
    assert made.json["address"] == read.json["address"]
    assert file.stat().st_mode & 0o077 == 0
    assert (refused.code, again.code) == (3, 3)
    assert "exists already" in again.err


def test_schedule__of_a_term_sheet__needs_no_node(run: Run) -> None:
    terms = Path(__file__).parents[2] / "terms" / "boc-2019-sme.yaml"

    shown = run("schedule", terms, "--json").json
    table = run("schedule", terms, "--units", 1)

    assert [row["paid"] for row in shown["payments"]] == ["2020-12-07", "2021-12-06"]
    assert [row["total"] for row in shown["payments"]] == ["650000000.00", "20650000000.00"]
    assert shown["payments"][0]["record"] == "2020-12-04T09:00:00Z"
    assert "3.25" in table.out
    assert table.err == ""


def test_options__before_or_after_the_command__do_the_same(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INDENTURE_RPC")
    monkeypatch.delenv("INDENTURE_DEPLOYMENT")
    options = ("--rpc", world.node.url, "--deployment", world.file, "--json")

    before = run(*options, "member", "list")
    after = run("member", "list", *options)

    assert before.code == after.code == 0
    assert before.out == after.out


def test_demo__on_a_suite_that_is_there__is_played_with_the_depositorys_key(
    run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INDENTURE_KEY", world.key("depository"))
    there = ("--rpc", world.node.url, "--deployment", world.file)

    outcome = run("demo", *there, "--report", tmp_path / "report", "--json")

    assert outcome.code == 0, outcome.err
    assert outcome.json["audit"]["differences"] == 0
    assert world.node.connect().block_stamp().time > datetime(2021, 12, 6, tzinfo=UTC)


def test_demo__node_past_the_case__is_refused_before_anything_is_sent(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.node.time.mine(at=china("2020-01-01T00:00"))
    block = world.node.connect().block_stamp().number

    outcome = run("demo", "--rpc", world.node.url)

    assert outcome.code == 2
    assert "the node's clock is at 2019-12-31 16:00 UTC" in outcome.err
    assert "start the node with --timestamp 1574643600" in outcome.err
    assert world.node.connect().block_stamp().number == block


def test_play__list__names_every_case(run: Run) -> None:
    listed = run("play", "--list", "--json").json

    assert "boc-2019" in [case["case"] for case in listed]


def test_audit__difference__fails_and_shows_the_first(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Money out of nothing, of which no event told: the balance is written into the node's memory."""
    monkeypatch.setenv("INDENTURE_KEY", world.key("depository"))
    party = (ISSUER_LEI, world.address("issuer"), "--class", "bank", "--jurisdiction", "CN")
    assert run("member", "admit", *party, "--yes").code == 0
    assert run("cash", "issue", world.address("issuer"), "5", "--yes").code == 0
    chain = world.node.connect()
    token = json.loads(world.file.read_text())["cash"]["CNY"]["address"]
    slot = balance_slot(world.address("issuer"))
    chain.rpc.request("anvil_setStorageAt", [token, slot, f"0x{700:064x}"], resend=False)

    found = run("audit", "--json")
    told = run("audit")

    assert (found.code, told.code) == (8, 8)
    assert found.json["differences"] == len(found.json["findings"]) > 0
    first = found.json["findings"][0]
    assert {"block", "contract", "key", "expected", "found"} <= set(first)
    assert "The first difference" in told.out
    assert "700" in told.out


def balance_slot(account: str) -> str:
    """Where an ERC-20 of OpenZeppelin keeps a balance: its first mapping."""
    from eth_utils.crypto import keccak

    return "0x" + keccak(bytes.fromhex(account[2:]).rjust(32, b"\0") + bytes(32)).hex()
