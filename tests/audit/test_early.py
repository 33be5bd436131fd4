"""Bonds of every kind of coupon that end early or badly, on an untouched chain: nothing is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.audit import early
from tests.audit.lives import Lives
from tests.audit.stage import START

from indenture.audit import audit
from indenture.chain import AnvilNode

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def ended() -> Iterator[Lives]:
    """Bonds of every kind, on a node of their own."""
    with AnvilNode(timestamp=START) as node:
        yield early.play(node)


def test_audit__early_ends_of_every_kind__finds_nothing(ended: Lives) -> None:
    result = audit(ended.story.chain, ended.story.deployment)

    assert result.findings == ()
    assert result.views > 8_000


def test_audit__earlier_blocks__finds_nothing(ended: Lives) -> None:
    last = ended.story.chain.block_stamp().number
    first = max(d.block for d in ended.story.deployment.contracts.values())
    for to in range(first, last, 331):
        assert audit(ended.story.chain, ended.story.deployment, to=to).findings == (), to
