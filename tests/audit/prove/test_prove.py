"""The whole proof, of a depository's whole life."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.audit.stage import Story

from indenture.audit import AuditResult, audit
from indenture.audit.anchors import Anchors
from indenture.audit.prove import Proved
from indenture.chain import AnvilNode, Chain

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def halves(played: Story, tmp_path_factory: pytest.TempPathFactory) -> tuple[AuditResult, AuditResult]:
    """An audit that goes on from an earlier one's ledger, and one in one go."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.duckdb"
    middle = played.chain.block_stamp().number * 2 // 3
    audit(played.chain, played.deployment, to=middle, ledger=path, proving=True)
    stamp = played.chain.block_stamp()
    anchors = Anchors(pins={stamp.number: stamp.hash}, peers=(Chain.connect(played.node.url),))
    second = audit(played.chain, played.deployment, ledger=path, proving=True, anchors=anchors)
    return second, audit(played.chain, played.deployment, proving=True, anchors=anchors)


def proved(result: AuditResult) -> Proved:
    assert result.proved is not None
    return result.proved


def test_prove__depository__proved_without_findings(
    played: Story, halves: tuple[AuditResult, AuditResult]
) -> None:
    _, whole = halves
    found = proved(whole)

    assert whole.findings == ()
    assert found.blocks == whole.blocks
    assert found.receipts >= found.blocks - found.skipped_by_bloom > 0
    assert found.transactions == found.receipts
    assert found.accounts == found.code > 0
    assert found.slots > 0
    assert len(found.anchors) == 2
    assert not any("only this node" in sentence for sentence in found.trusted)


def test_prove__on_from_an_earlier_proof__same_as_in_one_go(
    halves: tuple[AuditResult, AuditResult],
) -> None:
    second, whole = halves

    assert second.findings == ()
    assert proved(second) == proved(whole)


def test_prove__for_machines_and_people__the_same_numbers(halves: tuple[AuditResult, AuditResult]) -> None:
    found = proved(halves[1])

    told = found.as_json()

    assert {"blocks", "receipts", "accounts", "code"} <= told.keys()
    assert [told[name] for name in ("blocks", "receipts", "transactions")] == [
        found.counts()[name] for name in ("block headers", "receipts", "transactions")
    ]
    assert told["trusted"] == list(found.trusted)


def test_prove__pins_and_peers_of_another_chain__findings(played: Story, tmp_path: Path) -> None:
    last = played.chain.block_stamp().number
    with AnvilNode(timestamp=1_700_000_000) as node:
        node.time.mine(last)
        anchors = Anchors(pins={last - 1: "0x" + "11" * 32}, peers=(Chain.connect(node.url),))
        result = audit(played.chain, played.deployment, proving=True, anchors=anchors)

    assert [(f.kind, f.block) for f in result.findings] == [
        ("PROVE-1", played.deployment.block),
        ("PROVE-1", last - 1),
    ]
    assert proved(result).anchors == ()
    assert "only this node says so" in proved(result).trusted[0]
