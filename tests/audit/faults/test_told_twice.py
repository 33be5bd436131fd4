"""A node that is asked twice for who created a contract, and tells another constructor the first time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.audit import lying, stage
from tests.audit.faults.conftest import Swap
from tests.audit.lying import Lies, LyingNode

from indenture.audit import audit
from indenture.chain import AnvilNode, Chain, load_artifact
from indenture.chain.artifacts import Artifact

pytestmark = pytest.mark.integration


def straightened(crooked: Artifact, block: int) -> Lies:
    """The first answer about a block has the release's constructor in it; all others are true."""
    told: list[int] = []

    def tell(params: list[Any], truth: Any) -> Any:
        if told or params != [hex(block), True]:
            return truth
        told.append(block)
        for raw in truth["transactions"]:
            arguments = raw["input"].removeprefix("0x" + crooked.bytecode.hex())
            if arguments != raw["input"]:
                raw["input"] = "0x" + load_artifact(crooked.name).bytecode.hex() + arguments
        return truth

    return Lies({"eth_getBlockByNumber": tell})


def test_creation__told_straight_the_first_time__is_found_with_proofs(
    planted: Mapping[str, Artifact], swap: Swap
) -> None:
    crooked = planted["first_balance"]
    with AnvilNode(timestamp=stage.START) as node, LyingNode(node.url) as liar:
        with swap(crooked):
            story = stage.begin(node)
        block = story.deployment.cash["CNY"].block
        chain = Chain.connect(liar.url)
        liar.lie = straightened(crooked, block)
        believed = audit(chain, story.deployment)
        assert liar.told
        liar.lie = straightened(crooked, block)
        proved = audit(chain, story.deployment, proving=True)
        liar.lie = lying.truth

    assert believed.findings == ()
    assert {(finding.kind, finding.block) for finding in proved.findings} >= {("PROVE-4", block)}
    assert {finding.kind for finding in proved.findings} == {"PROVE-4", "PROVE-5"}
