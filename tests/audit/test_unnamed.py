"""Events that name nobody: who caused them is looked up, and must have had the right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.audit import stage
from tests.audit.stage import Story

from indenture.audit import audit
from indenture.audit.calls import Calls, DirectCall
from indenture.audit.checks.unnamed import UnnamedCheck
from indenture.chain import AnvilNode

pytestmark = pytest.mark.integration

STRANGER = stage.key(60).address
DAY = 86_400


def test_unnamed__sent_by_a_stranger__is_found(played: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same transactions, as if a stranger had sent them."""
    honest = Calls.get

    def get(self: Calls, tx_hash: str) -> DirectCall | None:
        call = honest(self, tx_hash)
        return replace(call, sender=STRANGER) if call else None

    monkeypatch.setattr(Calls, "get", get)

    findings = audit(played.chain, played.deployment).findings

    found = {f.key.partition(".")[0] for f in findings if f.kind == "AUTH-1" and f.found == STRANGER}
    assert found >= {
        "BondRegistered",
        "DocumentRemoved",
        "DocumentUpdated",
        "OperationCanceled",
        "OperationExecuted",
        "RoleGrantDelayChanged",
        "RoleGranted",
        "RoleLabel",
        "TargetAdminDelayUpdated",
        "TargetFunctionRoleUpdated",
    }
    assert found <= set(UnnamedCheck.NAMES)
    callers = {f.key for f in findings if f.kind == "AUTH-2" and f.expected == STRANGER}
    assert {"NoncesCancelled.actor", "OperationScheduled.actor"} <= callers


def test_unnamed__administrator_with_a_delay__breaks_no_rule() -> None:
    """What he has scheduled he may do: through the Authority, or by calling it."""
    with AnvilNode(timestamp=stage.START) as node:
        story = stage.begin(node)
        authority = story.at("Authority")
        story.do(story.operator, "Authority", "grantRole", 0, story.outsider.address, DAY)
        acts = [story.call("Authority", "grantRole", 77, story.holders[i].address, 0) for i in (0, 1)]
        for act in acts:
            story.do(story.outsider, "Authority", "schedule", authority, act.data, 0)
        node.time.mine(at=story.chain.block_stamp().timestamp + DAY)
        story.do(story.outsider, "Authority", "execute", authority, acts[0].data)
        story.outsider.transact(acts[1])
        story.do(story.operator, "Authority", "setRoleAdmin", 77, 78)
        story.do(story.operator, "Authority", "grantRole", 78, story.issuer.address, 0)
        story.do(story.issuer, "Authority", "revokeRole", 77, story.holders[0].address)
        story.do(story.holders[1], "Authority", "renounceRole", 77, story.holders[1].address)
        story.do(story.operator, "Authority", "setTargetClosed", story.at("Benchmarks"), True)

        result = audit(story.chain, story.deployment)

    assert result.findings == ()
