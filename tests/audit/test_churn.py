"""The chain of many movements that figures are taken on is a lawful one: an audit of it finds nothing."""

from __future__ import annotations

from collections import Counter

import pytest
from bench.churn import FROZEN_EACH, Size, churned

from indenture.audit import audit

pytestmark = pytest.mark.integration

EVENTS = 20_000


def test_audit__of_the_churned_chain__finds_nothing() -> None:
    size = Size.of(EVENTS)

    with churned(size) as stage:
        found = audit(stage.chain, stage.suite.deployment, proving=True)
        bond = stage.suite.bond(stage.terms().isin)
        names = Counter(len(log.topics) for log in stage.chain.get_logs([bond.address], 0, found.to_block))

    assert found.findings == ()
    assert found.events > EVENTS
    assert found.proved is not None
    assert found.proved.blocks == found.blocks
    assert sum(names.values()) > EVENTS // 2 + size.wallets // FROZEN_EACH
