"""The chain against hashes from elsewhere and other nodes; and what is left to trust then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.audit.lying import Lies, LyingNode
from tests.audit.prove.bare import EMPTY, LAST, LOUD, Bare

from indenture.audit.prove.anchors import Disagreement, Vouched, check_peer, check_pin
from indenture.audit.prove.proved import what_is_trusted
from indenture.chain import AnvilNode, Chain
from indenture.errors import InputError, WrongChain
from indenture.proof import Header, ProofFault, header_of

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def other() -> Iterator[Bare]:
    """A chain like the first, but from another time: no block is the same."""
    with AnvilNode(timestamp=1_700_000_000) as node:
        yield Bare.on(node)


def header(bare: Bare, number: int) -> Header:
    return header_of(bare.chain.rpc.request("eth_getBlockByNumber", [hex(number), False]))


def pin(bare: Bare, number: int, pinned: str, *, last: int = LOUD) -> Vouched | Disagreement:
    hashes = {n: bare.chain.block_stamp(n).hash for n in range(1, last + 1)}
    return check_pin(bare.chain, number, pinned, hashes.get, 1, header(bare, last))


@pytest.mark.parametrize("number", [1, LOUD, LAST])
def test_pin__right_hash__vouched(bare: Bare, number: int) -> None:
    pinned = bare.chain.block_stamp(number).hash

    found = pin(bare, number, pinned.upper().replace("0X", "0x"))

    assert found == Vouched(number, f"block {number} is {pinned}, as pinned")


@pytest.mark.parametrize("number", [1, LOUD, LAST])
def test_pin__another_hash__disagreement(bare: Bare, number: int) -> None:
    found = pin(bare, number, "0x" + "11" * 32)

    assert isinstance(found, Disagreement)
    assert (found.block, found.expected) == (number, "0x" + "11" * 32)
    assert found.found == bare.chain.block_stamp(number).hash


def test_pin__before_the_first_block__refused(bare: Bare) -> None:
    with pytest.raises(InputError, match="block 0 lies before"):
        pin(bare, 0, bare.chain.block_stamp(0).hash)


def test_pin__block_to_come__refused(bare: Bare) -> None:
    with pytest.raises(InputError, match="no block 50"):
        pin(bare, 50, "0x" + "11" * 32)


def test_pin__later_block_of_another_chain__fault(bare: Bare, bare_liar: LyingNode, other: Bare) -> None:
    forged = other.chain.rpc.request("eth_getBlockByNumber", [hex(LAST), False])
    bare_liar.lie = Lies(
        {"eth_getBlockByNumber": lambda params, result: forged if int(params[0], 16) == LAST else result}
    )

    with pytest.raises(ProofFault, match=f"the parent of block {LAST}"):
        check_pin(Chain.connect(bare_liar.url), LAST, forged["hash"], lambda _: None, 1, header(bare, LOUD))


def test_peer__same_chain__vouched(bare: Bare, bare_liar: LyingNode) -> None:
    peer = Chain.connect(bare_liar.url)
    last = bare.chain.block_stamp()

    found = check_peer(bare.chain, peer, 1, last)

    assert found == Vouched(LAST, f"block {LAST} is {last.hash}, as {peer.url} says")


def test_peer__behind__vouched_so_far(bare: Bare, bare_liar: LyingNode) -> None:
    early = bare.chain.rpc.request("eth_getBlockByNumber", [hex(LOUD), False])
    bare_liar.lie = Lies(
        {"eth_getBlockByNumber": lambda params, result: early if params[0] == "latest" else result}
    )

    found = check_peer(bare.chain, Chain.connect(bare_liar.url), 1, bare.chain.block_stamp())

    assert isinstance(found, Vouched)
    assert found.block == LOUD


@pytest.mark.parametrize("first_other", range(1, LAST + 1))
def test_peer__parts_at_some_block__that_block_is_named(
    bare: Bare, bare_liar: LyingNode, first_other: int
) -> None:
    def told(params: list[Any], result: Any) -> Any:
        return result | {"hash": "0x" + "22" * 32} if int(result["number"], 16) >= first_other else result

    bare_liar.lie = Lies({"eth_getBlockByNumber": told})

    found = check_peer(bare.chain, Chain.connect(bare_liar.url), 1, bare.chain.block_stamp())

    assert isinstance(found, Disagreement)
    assert (found.block, found.expected) == (first_other, "0x" + "22" * 32)
    assert found.found == bare.chain.block_stamp(first_other).hash


def test_peer__another_chain__refused(bare: Bare) -> None:
    with AnvilNode(chain_id=5) as node, pytest.raises(WrongChain):
        check_peer(bare.chain, Chain.connect(node.url), 1, bare.chain.block_stamp())


@pytest.mark.parametrize(
    ("vouched", "says"),
    [
        (-1, "That block 7 with hash 0xab is on the chain: only this node says so."),
        (EMPTY, "That blocks 4 to 7 are on the chain: only this node says so."),
        (LAST, "That the chain's validators ran its transactions by the rules"),
    ],
)
def test_trust__by_who_vouches__said(vouched: int, says: str) -> None:
    assert what_is_trusted(1, LAST, "0xab", "0xcd", vouched, complete=True)[0].startswith(says)


def test_trust__walk_that_was_ended__said() -> None:
    assert "too many" in what_is_trusted(1, LAST, "0xab", "0xcd", LAST, complete=False)[0]
