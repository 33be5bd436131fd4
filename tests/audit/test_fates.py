"""Bonds that do not wait for maturity, on an untouched chain: nothing is found, and all is rebuilt."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.audit.lives import Lives
from tests.audit.telling import EVENTS, Logs, event_of, named, said

from indenture.audit import audit
from indenture.audit.replay.life import ACCELERATION, DRAWING, EXCHANGE, PUT, RESOLUTION, TENDER
from indenture.audit.replay.lifecycle import LIFE_EVENTS

pytestmark = pytest.mark.integration


def test_audit__life_events__finds_nothing(fated: Lives) -> None:
    result = audit(fated.story.chain, fated.story.deployment)

    assert result.findings == ()
    assert result.views > 10_000
    assert result.events > 1_000


def test_audit__every_earlier_block__finds_nothing(fated: Lives) -> None:
    last = fated.story.chain.block_stamp().number
    first = max(d.block for d in fated.story.deployment.contracts.values())
    for to in range(first, last, 241):
        assert audit(fated.story.chain, fated.story.deployment, to=to).findings == (), to


def test_story__holds_every_life_event(fated_logs: Logs) -> None:
    told = Counter(event_of(log).name for log in fated_logs)
    register = {"TermMoved", "UnitsBound", "BooksShut", "DefaultEntered", "PenaltyFunded", "DefaultNoticed"}

    assert set(LIFE_EVENTS) | register <= set(told)
    assert set(LIFE_EVENTS) <= {event.name for event in EVENTS.values()}
    kinds = {said(log)["action"].kind for log in named(fated_logs, "ActionOpened")}
    assert kinds == {PUT, TENDER, EXCHANGE, DRAWING, RESOLUTION, ACCELERATION}
    assert any(said(log)["penalty"] for log in named(fated_logs, "ActionFunded"))
    assert [bool(said(log)["principal"]) for log in named(fated_logs, "DefaultClosed")] == [True, False]


def test_report__early_ends__are_told(fated: Lives, tmp_path: Path) -> None:
    audit(fated.story.chain, fated.story.deployment, report=tmp_path)
    facts = json.loads((tmp_path / "audit.json").read_text("utf-8"))
    bonds: dict[str, Any] = {bond["symbol"].lower(): bond for bond in facts["bonds"]}

    assert {name: bond["status"] for name, bond in bonds.items()} == {
        "called": "redeemed",
        "zero": "redeemed",
        "parts": "outstanding",
        "put": "outstanding",
        "bought": "outstanding",
        "extended": "redeemed",
        "stated": "redeemed",
        "amended": "outstanding",
        "failing": "closed after default",
        "crossed": "outstanding",
        "overdue": "closed after default",
        "fresh": "outstanding",
    }
    assert (bonds["called"]["maturity_date"], bonds["called"]["periods"]) == ("2020-05-18", 2)
    assert (bonds["amended"]["maturity_date"], bonds["amended"]["versions"]) == ("2021-04-06", 2)
    kinds = [event["kind"] for event in bonds["put"]["events"]]
    assert kinds == ["put", "put", "acceleration"]
    late = bonds["put"]["events"][1]
    assert (late["elected"], late["settled"], late["status"]) == (80, 80, "settled")
    assert bonds["failing"]["claim"]["principal"] is not None
    for form in ("audit.html", "audit.json"):
        text = (tmp_path / form).read_text("utf-8")
        assert "acceleration" in text
