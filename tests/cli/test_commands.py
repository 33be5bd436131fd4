"""A bond's life by the command line alone, each command as its actor."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.cli.desk import LEIS, Desk, admit_all
from tests.cli.world import ISIN, ISSUER_LEI, World, china, small_sheet, small_terms

pytestmark = pytest.mark.integration


def test_life__by_commands__from_admission_to_redemption(
    run: Run, world: World, desk: Desk, tmp_path: Path
) -> None:
    address = world.address

    # Members
    admit_all(desk)
    assert len(desk("depository", "member", "list")) == 8
    shown = desk("depository", "member", "show", LEIS["investor"])
    assert (shown["class"], shown["accounts"][0]["roles"]) == ("fund", "holder")
    assert shown["accounts"][0]["until"] == "2029-12-31T16:00:00Z"

    # Money
    for actor in ("investor", "other_investor", "underwriter"):
        desk("depository", "cash", "issue", address(actor), "150000.00")
    balance = desk("depository", "cash", "balance", address("investor"))
    assert (balance["amount"], balance["currency"]) == ("150000.00", "CNY")

    # Issue
    terms, sheet = small_terms(tmp_path), small_sheet(tmp_path)
    issued = desk("issuer", "issue", "register", terms)
    assert issued["isin"] == ISIN
    assert desk("issuer", "issue", "show", ISIN)["coupon"] == "by tender"
    assert desk("outsider", "schedule", ISIN)["payments"][0]["interest"] is None
    checked = desk("issuer", "offer", "check", sheet, "--terms", terms)
    assert checked["syndicate"] == [{"member": "lead-bank", "class": "lead", "commitment": 200}]
    desk.at("2019-12-02T10:00")
    mandate = ("--bond", ISIN, "--sheet", sheet, "--bookrunner", address("bookrunner"))
    assert desk("issuer", "offer", "mandate", *mandate)["offering"] == 1

    # Syndicate
    assert desk.acts(ISIN) == ["offer accept", "offer cancel"]
    desk("bookrunner", "offer", "accept", ISIN)
    assert desk.acts(ISIN) == ["syndicate invite", "syndicate join", "offer open", "offer cancel"]
    lead = f"lead-bank={address('underwriter')}"
    desk("bookrunner", "syndicate", "invite", ISIN, "--sheet", sheet, "--account", lead)
    assert desk("underwriter", "syndicate", "join", ISIN)["commitment"] == 200
    (member,) = desk("outsider", "syndicate", "show", ISIN)
    assert (member["class"], member["joined"], member["deposit_held"]) == (1, True, True)
    desk("bookrunner", "offer", "open", ISIN)

    # Bids
    desk.at("2019-12-03T10:00")
    assert desk.acts(ISIN) == ["bid place", "offer cancel"]
    assert desk("investor", "deposit", "fund", "500.00")["ready"] == "500.00"
    placed = desk("investor", "bid", "place", ISIN, "--bid", "3.20%:300", "--bid", "3.25%:300")
    assert (placed["bids"], placed["taken_from_the_account"]) == (2, "0.00")
    client = f"3.25%:200:{address('client')}"
    desk("other_investor", "bid", "place", ISIN, "--bid", "3.30%:200")
    desk("other_investor", "bid", "withdraw", ISIN)
    desk("other_investor", "bid", "place", ISIN, "--bid", "3.30%:200")
    desk("other_investor", "bid", "replace", ISIN, "--bid", client, "--bid", "noncompetitive:50")
    shown = desk("other_investor", "bid", "show", ISIN)
    assert (shown["in_the_book"], shown["missing"]) == ("sealed bids", False)
    assert [row["quote"] for row in shown["bids"]] == ["3.25 %", "non-competitive"]
    desk("underwriter", "bid", "place", ISIN, "--bid", "3.20%:100")

    # Opened, over-allotted, cleared
    desk.at("2019-12-03T16:00")
    assert desk("outsider", "offer", "close", ISIN)["bidders_sealed"] == 3
    assert desk.acts(ISIN) == ["bid open"]
    for actor in ("investor", "other_investor", "underwriter"):
        desk(actor, "bid", "open", ISIN)
    desk.at("2019-12-03T17:00")
    assert desk.acts(ISIN) == ["offer over-allot"]
    preview = desk("outsider", "offer", "preview", ISIN, "--over-allotted", 30)
    assert desk("issuer", "offer", "over-allot", ISIN, 30)["offered_now"] == 830
    assert desk.acts(ISIN) == ["offer clear"]
    tender = desk("outsider", "offer", "clear", ISIN)["tender"]
    assert tender == preview["tender"]
    assert (tender["issue_rate_percent"], tender["marginal_multiple"]) == ("3.2500", "1.31")
    assert tender["marginal_ratio_percent"] == "76.0000"
    told = desk("outsider", "offer", "result", ISIN, "--allotments")
    assert told["tender"] == tender
    assert sorted(row["won"] for row in told["allotments"]) == [100, 200, 530]
    assert [row["cumulative"] for row in told["demand"]] == [50, 450, 950]
    (listed,) = desk("outsider", "offer", "list")
    assert (listed["stage"], listed["bidders"]) == ("published", 3)

    # Paid and issued
    desk("underwriter", "syndicate", "underwrite-more", ISIN, 10)
    desk.at("2019-12-05T09:00")
    assert desk.acts(ISIN) == ["offer settle"]
    assert desk("investor", "bid", "pay", ISIN)["amount"] == "53000.00"
    settled = desk("bookrunner", "offer", "settle", ISIN)
    assert (settled["count"], settled["units"], settled["proceeds"]) == (2, 310, "31000.00")
    won = desk("other_investor", "bid", "show", ISIN)
    assert (won["won"], won["settled"], [row["won"] for row in won["bids"]]) == (200, True, [150, 50])
    assert desk("issuer", "issue", "show", ISIN)["units_outstanding"] == 840
    assert desk("issuer", "issue", "show", ISIN)["coupon"] == "3.2500 %"
    assert desk("outsider", "deposit", "show", address("investor"))["held_by_bids"] == "0.00"

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
    assert sorted(row["units"] for row in register["holdings"]) == [110, 150, 150, 430]

    # Coupon
    desk("issuer", "cash", "transfer", address("paying_agent"), "2730")
    desk.at("2020-12-04T18:00")
    funded = desk("paying_agent", "coupon", "fund", ISIN, 1)
    assert (funded["total"], funded["currency"]) == ("2730.00", "CNY")
    early = run("coupon", "pay", ISIN, 1, "--yes")
    assert early.code == 7
    desk.at("2020-12-07T09:00")
    assert desk("investor", "coupon", "claim", ISIN, 1)["amount"] == "1397.50"
    assert desk("paying_agent", "coupon", "pay", ISIN, 1)["holders"] == 3
    first, last = desk("outsider", "coupon", "show", ISIN)
    assert (first["pay_day"], first["paid"], last["funded"]) == ("2020-12-07", "2730.00", "0.00")

    # Redemption
    assert desk.acts(ISIN) == ["offer discharge"]
    assert desk("outsider", "offer", "discharge", ISIN)["underwriters"] == 1
    assert desk.acts(ISIN) == []
    desk("depository", "cash", "issue", address("paying_agent"), "86730")
    desk.at("2021-12-03T18:00")
    assert desk("paying_agent", "coupon", "fund", ISIN, 2)["principal"] == "84000.00"
    desk.at("2021-12-06T09:00")
    redeemed = desk("paying_agent", "redeem", ISIN)
    assert (redeemed["amount"], redeemed["completed"], redeemed["units_outstanding"]) == (
        "86730.00",
        True,
        0,
    )
    flows = desk("outsider", "schedule", ISIN)
    assert [row["total"] for row in flows["payments"]] == ["3250.00", "103250.00"]

    # Audit
    report = tmp_path / "report"
    audited = desk("outsider", "audit", "--report", report)
    assert sorted(audited) == [
        "blocks",
        "differences",
        "events",
        "findings",
        "notices",
        "proved",
        "report",
        "to_block",
        "to_hash",
    ]
    assert (audited["differences"], audited["findings"]) == (0, [])
    assert Path(audited["report"]).is_file()
    assert json.loads((report / "audit.json").read_text())


def test_suspend__then_reinstate__with_a_document(world: World, desk: Desk, tmp_path: Path) -> None:
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


def test_deploy__a_second_time__keeps_what_is_there(world: World, desk: Desk) -> None:
    before = world.file.read_text()

    deployed = desk("depository", "deploy", world.file.parent / "demo.yaml", "--deployment", world.file)

    assert world.file.read_text() == before
    there = json.loads(before)
    assert len(deployed["contracts"]) == len(there["contracts"]) + len(there["cash"])


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


def test_register__sheet_that_looks_like_a_slip__is_said_before_it_is_sent(
    run: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INDENTURE_KEY", world.key("issuer"))
    terms = small_terms(tmp_path, {"rate: tender ": "rate: 0.0325 "})

    asked = run("issue", "register", terms)

    assert asked.code == 2
    assert (
        "  look twice: coupon.rate: 0.0325 % a year; if 3.25 % is meant, write 3.25" in asked.err.splitlines()
    )
    assert "nothing was sent" in asked.err
