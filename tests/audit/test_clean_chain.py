"""A chain that nobody has touched: nothing is found, and all is rebuilt."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.audit.stage import FACE, Story

from indenture.audit import CHECKS, NOTICES, audit
from indenture.chain import AnvilNode, Chain
from indenture.errors import InputError, WrongChain
from indenture.ledger.suite import interface_of

pytestmark = pytest.mark.integration


def test_audit__clean_chain__finds_nothing(played: Story) -> None:
    steps: list[tuple[str, int, int]] = []
    result = audit(played.chain, played.deployment, progress=lambda *step: steps.append(step))

    assert result.findings == ()
    assert result.differences == 0
    assert result.blocks == result.to_block - played.deployment.block + 1
    assert result.events > 290
    assert result.views > 1_000
    assert len(result.compared_at) > 10
    assert result.skipped == ()
    assert {name for name, _, _ in steps} == {
        "reading events",
        "replaying events",
        "comparing with the chain",
    }


def test_audit__every_earlier_block__finds_nothing(played: Story) -> None:
    last = played.chain.block_stamp().number
    for to in range(max(d.block for d in played.deployment.contracts.values()), last, 9):
        assert audit(played.chain, played.deployment, to=to).findings == ()


def test_audit__before_the_deployment__is_refused(played: Story) -> None:
    with pytest.raises(InputError, match="before the deployment"):
        audit(played.chain, played.deployment, to=played.deployment.block - 1)


def test_audit__other_chain__is_refused(played: Story) -> None:
    with AnvilNode(chain_id=5) as other, pytest.raises(WrongChain):
        audit(other.connect(), played.deployment)


def test_report__clean_chain__says_the_same_in_both_forms(played: Story, tmp_path: Path) -> None:
    result = audit(played.chain, played.deployment, report=tmp_path / "report")
    page = (tmp_path / "report" / "audit.html").read_text("utf-8")
    facts = json.loads((tmp_path / "report" / "audit.json").read_text("utf-8"))

    assert result.report == str(tmp_path / "report" / "audit.html")
    assert facts["differences"] == 0
    assert facts["events"] == result.events
    assert {check["id"] for check in facts["checks"]} == set(CHECKS)
    bond, unused, mixed, never = facts["bonds"]
    assert unused["units_issued"] == 0
    assert bond["status"] == "redeemed"
    assert len(bond["trades"]) == 8
    assert bond["units_issued"] == sum(row["at_record"][1] for row in bond["register"]["rows"])
    assert bond["rate_percent"] == "3.1"
    assert bond["payments"][1]["principal"] == f"{bond['units_issued'] * FACE / 100:.2f}"
    assert [tender["stage"] for tender in mixed["offerings"]] == ["published"]
    assert (never["status"], never["units_issued"]) == ("registered", 0)
    assert "No difference found" in page
    assert f"{bond['units_issued']:,}" in page
    assert "<svg" in page


def test_report__tender__is_told_as_it_was_published(played: Story, tmp_path: Path) -> None:
    audit(played.chain, played.deployment, report=tmp_path)
    facts = json.loads((tmp_path / "audit.json").read_text("utf-8"))
    tender = next(t for t in facts["bonds"][0]["offerings"] if t["id"] == played.uniform)

    assert tender["result"] == {
        "issue_rate_percent": "3.1",
        "issue_price": "100.07",
        "marginal_quote": "3.1",
        "average_quote": "2.78",
        "bid_multiple": "1.2217",
        "marginal_multiple": "2.2871",
        "marginal_ratio_percent": "43.7226",
        "allotted": 45_000,
        "competitive": 42_000,
        "non_competitive": 3_000,
        "take_up": 0,
        "published": tender["result"]["published"],
    }
    cut = tender["demand"][-1]
    assert (cut["units"], cut["allotted"], cut["marginal"]) == (16_010, 7_000, True)
    assert sum(bid["allotted"] for bid in tender["bids"]) == 45_000
    assert {f["amount"] for f in tender["forfeited"]} == {"50.00"}
    states = {row["bidder"]: row["state"] for row in tender["bidder_states"]}
    assert [states[played.holders[i].address] for i in (0, 10, 11)] == ["settled", "not opened", "lapsed"]
    for form in ("audit.html", "audit.txt"):
        text = (tmp_path / form).read_text("utf-8")
        assert all(figure in text for figure in ("1.2217", "2.2871", "43.7226"))
    page = (tmp_path / "audit.html").read_text("utf-8")
    assert page.count('<svg class="chart demand"') == 5
    assert page.count("marginal: ") == 4


def test_notices__of_the_story__are_told_and_break_nothing(played: Story, tmp_path: Path) -> None:
    result = audit(played.chain, played.deployment, report=tmp_path)
    told = {(notice.kind, notice.about) for notice in result.notices}
    h = [holder.address for holder in played.holders]

    assert result.differences == 0
    assert {("NOTE-1", h[10]), ("NOTE-1", h[7])} <= told
    assert ("NOTE-2", h[1]) in told
    assert ("NOTE-3", played.bookrunner.address) in told
    assert {("NOTE-4", h[11]), ("NOTE-4", h[12])} <= told
    assert {("NOTE-5", h[1]), ("NOTE-5", h[0]), ("NOTE-5", h[3])} <= told
    assert ("NOTE-7", played.bond) in told
    for form in ("audit.html", "audit.txt", "audit.json"):
        text = (tmp_path / form).read_text("utf-8")
        assert all(notice.message in text for notice in result.notices)


def test_notices__while_a_step_is_overdue__say_so(played: Story) -> None:
    """Between the close and the act of closing, the first offering waits for anybody."""
    (block,) = {
        event["blockNumber"]
        for event in played.chain.rpc.request(
            "eth_getLogs",
            [{"fromBlock": "0x0", "address": played.at("Offering"), "topics": [_topic("BookClosed")]}],
        )[:1]
    }

    result = audit(played.chain, played.deployment, to=int(block, 16) - 1)

    assert result.differences == 0
    told = [(notice.kind, notice.message) for notice in result.notices if notice.kind != "NOTE-10"]
    assert told == [("NOTE-6", "offering 1: it can be closed")]


def test_notices__of_acts_through_a_wallet__name_it(played: Story) -> None:
    """It moved cash and units, in its own name: signatures for it were brought by others, directly."""
    told = [notice for notice in audit(played.chain, played.deployment).notices if notice.kind == "NOTE-10"]

    assert [notice.about for notice in told] == [played.wallet]
    assert "others acted" not in told[0].message


def test_report__page__needs_nothing_from_outside(played: Story, tmp_path: Path) -> None:
    audit(played.chain, played.deployment, report=tmp_path)
    page = (tmp_path / "audit.html").read_text("utf-8")

    assert not re.search(r"<script|<link|<img|@import|url\(|https?://", page)


def test_report__twice__is_the_same_to_the_last_byte(played: Story, tmp_path: Path) -> None:
    for folder in ("first", "second"):
        audit(played.chain, played.deployment, report=tmp_path / folder)

    for name in ("audit.html", "audit.json", "audit.txt"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_audit__chain_object__holds_no_key(played: Story) -> None:
    result = audit(Chain.connect(played.node.url), played.deployment)

    assert result.differences == 0


def test_docs__every_check__is_described() -> None:
    text = (Path(__file__).parents[2] / "docs" / "checks.md").read_text("utf-8")

    assert [kind for kind in (*CHECKS, *NOTICES) if f"`{kind}`" not in text] == []


def _topic(name: str) -> str:
    return next(t for t, event in interface_of("Offering").events.items() if event.name == name)
