"""A chain that nobody has touched: nothing is found, and all is rebuilt."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.audit.stage import FACE, Story

from indenture.audit import CHECKS, audit
from indenture.chain import AnvilNode, Chain
from indenture.errors import InputError, WrongChain

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
        "replaying transactions",
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
    bond, unused = facts["bonds"]
    assert unused["units_issued"] == 0
    assert bond["status"] == "redeemed"
    assert len(bond["trades"]) == 8
    assert bond["units_issued"] == sum(row["at_record"][1] for row in bond["register"]["rows"])
    assert bond["payments"][1]["principal"] == f"{bond['units_issued'] * FACE / 100:.2f}"
    assert "No difference found" in page
    assert f"{bond['units_issued']:,}" in page
    assert "<svg" in page


def test_report__page__needs_nothing_from_outside(played: Story, tmp_path: Path) -> None:
    audit(played.chain, played.deployment, report=tmp_path)
    page = (tmp_path / "audit.html").read_text("utf-8")

    assert not re.search(r"<script|<link|<img|@import|url\(|https?://", page)


def test_report__twice__is_the_same_to_the_last_byte(played: Story, tmp_path: Path) -> None:
    for folder in ("first", "second"):
        audit(played.chain, played.deployment, report=tmp_path / folder)

    for name in ("audit.html", "audit.json"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_audit__chain_object__holds_no_key(played: Story) -> None:
    result = audit(Chain.connect(played.node.url), played.deployment)

    assert result.differences == 0


def test_docs__every_check__is_described() -> None:
    text = (Path(__file__).parents[2] / "docs" / "audit.md").read_text("utf-8")

    assert [kind for kind in CHECKS if f"`{kind}`" not in text] == []
