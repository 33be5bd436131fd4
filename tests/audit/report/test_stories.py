"""Reports of whole stories: every fact in them is in all forms, and its keys are the documented ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.audit.lives import Lives
from tests.audit.report import paper, sample
from tests.audit.report.test_keys import keys_of
from tests.audit.stage import Story

from indenture.audit import audit
from indenture.audit.compare import Comparison
from indenture.audit.diff import diff
from indenture.audit.report import write_facts
from indenture.audit.report.files import read_report

pytestmark = pytest.mark.integration

Facts = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def unasked() -> Iterator[None]:
    """No views are asked for: a report tells what was rebuilt, and that takes no answers."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("changed", "everything"):
            patch.setattr(Comparison, name, lambda *_: None)
        yield


@pytest.fixture(scope="module")
def told(unasked: None, played: Story, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the story, and of its middle."""
    folder = tmp_path_factory.mktemp("told")
    last = audit(played.chain, played.deployment, report=folder / "late", proving=True).to_block
    audit(played.chain, played.deployment, to=last * 2 // 3, report=folder / "early")
    return folder


def test_report__of_the_story__has_the_documented_keys(told: Path) -> None:
    everything = sample.report(findings=[sample.finding()], proved=sample.proved())

    assert set(keys_of(read_report(told / "late"))) <= set(keys_of(everything))


def test_report__of_the_story__adds_up(told: Path, played: Story) -> None:
    facts = read_report(told / "late")
    bond = facts["bonds"][0]
    cash = facts["cash"][0]

    assert facts["proved"]["blocks"] == facts["blocks"]
    assert all(check["made"] for check in facts["checks"])
    assert facts["trusted"]
    assert facts["genesis"] is not None
    assert facts["block_hashes"][-1] == {"block": facts["to_block"], "hash": facts["to_block_hash"]}
    assert bond["outstanding"][-1]["outstanding"] == bond["units_outstanding"] == 0
    assert bond["units_issued"] == sum(day["redeemed"] for day in bond["outstanding"])
    assert (bond["trade_count"], bond["traded_units"]) == (8, sum(t["units"] for t in bond["trades"]))
    assert len(cash["balances"]) == cash["holders"]
    assert {use["act"] for use in bond["powers"]} >= {"units frozen", "forced transfer"}
    (forced, *_) = [use for use in bond["powers"] if use["act"] == "forced transfer"]
    assert forced["function"] == "forcedTransfer"
    assert forced["actor"] == played.operator.address
    assert " units to 0x" in forced["detail"]


def test_report__of_the_story__is_on_paper_too(told: Path, tmp_path: Path) -> None:
    facts = read_report(told / "late")
    write_facts(tmp_path, facts, pdf=True)
    pdf = (tmp_path / "audit.pdf").read_bytes()
    shown = paper.text(pdf)

    assert "No difference found" in shown
    assert all(bond["isin"] in shown for bond in facts["bonds"])
    assert paper.pages(pdf) > len(facts["bonds"])
    for name in ("audit.json", "audit.html", "audit.txt", "holders.csv"):
        assert (tmp_path / name).read_bytes() == (told / "late" / name).read_bytes()


def test_diff__of_the_story_and_its_middle__is_a_continuation(told: Path) -> None:
    found = diff(told / "early", told / "late")

    assert read_report(told / "early")["proved"] is None

    assert found.continuity.verdict in ("prefix", "shared")
    assert found.of("findings") == ()
    assert found.of("contracts") != () or found.of("bonds") != ()
    assert {change.section for change in found.changes} >= {
        "audit",
        "bonds",
        "holders",
        "payments",
        "balances",
    }
    assert found.as_text()


def test_report__of_lives__tells_fixings_and_tax(lived: Lives, tmp_path: Path) -> None:
    facts = _report(lived, tmp_path)
    payments = [payment for bond in facts["bonds"] for payment in bond["payments"]]

    assert any(bond["fixings"] for bond in facts["bonds"])
    assert any(payment["tax"] not in (None, "0.00") for payment in payments)
    assert {flow["kind"] for bond in facts["bonds"] for flow in bond["cash_flows"]} >= {
        "interest",
        "principal",
    }


def test_report__of_fates__tells_events_default_and_powers(fated: Lives, tmp_path: Path) -> None:
    facts = _report(fated, tmp_path)
    bonds = {bond["symbol"].lower(): bond for bond in facts["bonds"]}
    acts = {count["act"]: count["times"] for count in facts["powers_counted"]}
    flows = {flow["kind"] for flow in bonds["put"]["cash_flows"]}
    shown = paper.text((tmp_path / "audit.pdf").read_bytes())

    missed = [
        payment for bond in bonds.values() for payment in bond["payments"] if payment["status"] == "missed"
    ]
    told = [notice for notice in facts["notices"] if notice["message"].startswith("payment ")]

    assert len(missed) == len(told) > 0
    assert "event" in flows
    assert bonds["failing"]["claim"]["closed"]
    assert bonds["failing"]["recoveries"]
    assert acts["stated event declared"] >= 1
    assert acts["default closed with a loss"] == 1
    assert all(use["reason"] for use in facts["powers_used"] if use["act"] == "election annulled")
    assert "Default, CNY" in shown
    assert "acceleration" in shown


def _report(told: Lives, folder: Path) -> Facts:
    result = audit(told.story.chain, told.story.deployment, report=folder)
    facts = read_report(folder)
    write_facts(folder, facts, pdf=True)
    everything = sample.report(findings=[sample.finding()], proved=sample.proved())
    assert result.findings == ()
    assert set(keys_of(facts)) <= set(keys_of(everything))
    return facts
