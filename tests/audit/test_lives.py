"""Bonds of every kind on a chain that nobody has touched: nothing is found, and all is rebuilt."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.audit.lives import Lives
from tests.audit.telling import Logs, event_of, named, said

from indenture.audit import audit
from indenture.audit.model import SOURCES

pytestmark = pytest.mark.integration


def test_audit__bonds_of_every_kind__finds_nothing(lived: Lives) -> None:
    result = audit(lived.story.chain, lived.story.deployment)

    assert result.findings == ()
    assert result.views > 10_000
    assert result.events > 800


def test_audit__every_earlier_block__finds_nothing(lived: Lives) -> None:
    last = lived.story.chain.block_stamp().number
    first = max(d.block for d in lived.story.deployment.contracts.values())
    for to in range(first, last, 97):
        assert audit(lived.story.chain, lived.story.deployment, to=to).findings == (), to


def test_story__holds_all_that_an_auditor_has_to_understand(lived_logs: Logs) -> None:
    told = Counter(event_of(log).name for log in lived_logs)
    sources = {SOURCES[said(log)["source"]] for log in named(lived_logs, "PeriodFixed")}
    trades = [said(log) for log in named(lived_logs, "TradePriced")]

    assert sources == {"terms", "published", "last value", "previous rate", "not published"}
    assert told["ClaimTransferred"] == 2
    assert told["ClaimSettled"] == 2
    assert {"ClaimsPaid", "TermMoved", "BondRenewed", "MarketsJoined", "AdministratorSet"} <= set(told)
    assert [said(log)["arrears"] > 0 for log in named(lived_logs, "InterestDeferred")] == [False, True]
    assert any(said(log)["isCorrection"] for log in named(lived_logs, "ValuePublished"))
    assert any(trade["cleanAmount"] + trade["accrued"] < 0 for trade in trades)
    taxes = [said(log) for log in named(lived_logs, "TaxWithheld")]
    assert all(told["tax"] in (told["gross"] * 3 // 100, told["gross"] // 10) for told in taxes)
    assert any(told["tax"] == told["gross"] // 10 > 0 for told in taxes)


def test_report__fixings__are_told_with_their_source(lived: Lives, tmp_path: Path) -> None:
    audit(lived.story.chain, lived.story.deployment, report=tmp_path)
    facts = json.loads((tmp_path / "audit.json").read_text("utf-8"))
    bonds: dict[str, Any] = {bond["symbol"].lower(): bond for bond in facts["bonds"]}

    assert [f["source"] for f in bonds["term"]["fixings"]] == [
        "published",
        "published",
        "last value",
        "previous rate",
    ]
    assert [f["deferred"] for f in bonds["figures"]["fixings"]] == [False, True, True, False]
    assert bonds["renewed"]["periods"] == 4
    assert bonds["nights"]["period_length"] == "28 days"
    assert {bond["kind"] for bond in facts["bonds"]} == {
        "fixed",
        "step",
        "zero",
        "floating",
        "inflation",
        "kpi",
    }
    assert bonds["parts"]["payments"][0]["principal"] == "25000.00"
