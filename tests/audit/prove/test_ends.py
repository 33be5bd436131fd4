"""Which block stands for an instant is the node's word: it is held against the block after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from tests.audit.lying import Lies, LyingNode
from tests.audit.prove.bare import LAST, LOUD, Bare
from tests.audit.prove.test_anchors import header
from tests.audit.stage import Story

from indenture.audit import audit
from indenture.audit.prove.ends import End, check_end
from indenture.chain import Chain
from indenture.proof import Header, ProofFault, header_of

pytestmark = pytest.mark.integration


def time_of(bare: Bare, number: int) -> datetime:
    return bare.chain.block_stamp(number).time


@pytest.fixture
def alone(played: Story) -> Header:
    """A block of the story after which time went on: a private chain has many in one second."""
    chain = played.chain
    stamps = chain.block_stamps(range(chain.block_stamp().number + 1))
    number = next(early.number for early, late in pairwise(stamps) if early.time < late.time)
    return header_of(chain.rpc.request("eth_getBlockByNumber", [hex(number), False]))


def test_end__instant_before_the_next_block__one_sentence(played: Story, alone: Header) -> None:
    instant = datetime.fromtimestamp(alone.time, UTC)

    (said,) = check_end(played.chain, instant, alone, ())

    assert said == (
        f"That no block came between block {alone.number} and {instant.isoformat()}: only this node says so."
    )


def test_end__instant_and_a_peer_that_knows_the_next_block__nothing_left(
    played: Story, alone: Header
) -> None:
    peer = Chain.connect(played.node.url)

    assert check_end(played.chain, datetime.fromtimestamp(alone.time, UTC), alone, [peer]) == ()


@pytest.mark.parametrize("beyond", [timedelta(0), timedelta(days=1)])
def test_end__instant_after_the_next_block__fault(bare: Bare, beyond: timedelta) -> None:
    with pytest.raises(ProofFault, match=f"block {LOUD + 1}, "):
        check_end(bare.chain, time_of(bare, LOUD + 1) + beyond, header(bare, LOUD), ())


def test_end__instant_before_the_last_block__fault(bare: Bare) -> None:
    with pytest.raises(ProofFault, match="an earlier one"):
        check_end(bare.chain, time_of(bare, LOUD) - timedelta(seconds=1), header(bare, LOUD), ())


def test_end__instant_after_the_newest_block__one_sentence(bare: Bare) -> None:
    (said,) = check_end(bare.chain, time_of(bare, LAST) + timedelta(days=1), header(bare, LAST), ())

    assert said.startswith(f"That no block came between block {LAST} and ")


def test_end__next_block_of_another_chain__fault(bare: Bare, bare_liar: LyingNode) -> None:
    bare_liar.lie = Lies(
        {"eth_getBlockByNumber": lambda *_: bare.chain.rpc.request("eth_getBlockByNumber", ["0x1", False])}
    )

    with pytest.raises(ProofFault, match=f"the parent of block {LAST}"):
        check_end(Chain.connect(bare_liar.url), time_of(bare, LOUD), header(bare, LAST - 1), ())


@pytest.mark.parametrize(
    ("asked", "sentences"), [(None, 0), (LOUD, 0), ("latest", 0), ("safe", 1), ("finalized", 1)]
)
def test_end__block_or_tag__a_tag_is_the_nodes_word(bare: Bare, asked: End, sentences: int) -> None:
    assert len(check_end(bare.chain, asked, header(bare, LOUD), ())) == sentences


def test_audit__instant_that_the_node_bends__is_found(played: Story) -> None:
    """Until logs are read, all blocks from some on are of the year 2100; then they are not."""
    head = played.chain.block_stamp()
    early = head.number - 40
    reads: list[Any] = []

    def bend(_: list[Any], block: Any) -> Any:
        is_late = bool(block) and int(block["number"], 16) > early
        return block | {"timestamp": hex(4_102_444_800)} if is_late and not reads else block

    def note(params: list[Any], logs: Any) -> Any:
        reads.append(params)
        return logs

    with LyingNode(played.node.url) as liar:
        liar.lie = Lies({"eth_getBlockByNumber": bend, "eth_getLogs": note})
        found = audit(
            Chain.connect(liar.url),
            played.deployment,
            to=datetime.fromtimestamp(head.timestamp, UTC) + timedelta(days=1),
            proving=True,
        )

    assert found.to_block == early
    assert {finding.kind for finding in found.findings} == {"PROVE-1"}
