"""The chain against what others say of it: block hashes that were got elsewhere, and other nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from indenture.chain import BlockStamp, Chain
from indenture.errors import InputError, WrongChain
from indenture.ledger.patience import Patience
from indenture.proof import Header, ProofFault, header_of

HashOf = Callable[[int], str | None]

_ROUND = 200
# Nodes that follow one chain are a few blocks apart at most.
_BEHIND = 12


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A block of which somebody else gives another hash.

    Attributes:
        block: The block; the first one, of a node.
        expected: What the other says.
        found: What this chain has.
        message: The difference in a sentence.
    """

    block: int
    expected: str
    found: str
    message: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """Up to which block somebody else vouches for the chain, and in which words."""

    block: int
    text: str


def check_pin(
    chain: Chain, number: int, pinned: str, hash_of: HashOf, first: int, last: Header
) -> Vouched | Disagreement:
    """Holds the chain against the hash of one block that was got elsewhere.

    Args:
        chain: The node.
        number: Of the block; beyond the last one, the headers in between are read and chained.
        pinned: Its hash.
        hash_of: Hashes of blocks that are proved.
        first: First block of the proof.
        last: Header of its last block.

    Raises:
        InputError: The block lies before the first one, and so vouches for nothing, or is not there yet.
        ProofFault: The headers between the last block and the pinned one do not chain up.
    """
    if number < first:
        raise InputError(
            f"the pinned block {number} lies before the suite's first block {first}",
            hint="A hash vouches for the blocks up to its own: pin a later one, at best the last.",
        )
    if number > last.number:
        found = "0x" + _climb(chain, last, number).hash.hex()
    else:
        found = hash_of(number) or "not proved"
    if found != pinned.lower():
        message = f"block {number} has another hash than the one that was pinned"
        return Disagreement(number, pinned.lower(), found, message)
    return Vouched(number, f"block {number} is {found}, as pinned")


def check_peer(chain: Chain, peer: Chain, first: int, last: BlockStamp) -> Vouched | Disagreement:
    """Holds the chain against another node's.

    Args:
        chain: The node.
        peer: The other node.
        first: First block of the proof.
        last: Its last block.

    Raises:
        WrongChain: The other node is on another chain.
        NodeError: One of them does not answer.
    """
    if peer.chain_id != chain.chain_id:
        raise WrongChain(chain.chain_id, peer.chain_id)
    newest, own = peer.block_stamp().number, chain.block_stamp().number
    head = min(newest, last.number)
    theirs = _hash(peer, head)
    ours = last.hash if head == last.number else _hash(chain, head)
    if theirs == ours and newest > own + _BEHIND:
        message = f"{peer.url} knows later blocks: what happened there is out of sight"
        return Disagreement(own, f"{newest} blocks", f"{own} blocks", message)
    if theirs == ours:
        return Vouched(head, f"block {head} is {theirs}, as {peer.url} says")
    low, high = min(first, head) - 1, head  # they may agree on `low`, and do not on `high`
    while high - low > 1:
        middle = (low + high) // 2
        if _hash(peer, middle) == _hash(chain, middle):
            low = middle
        else:
            high = middle
    return Disagreement(
        high,
        _hash(peer, high),
        _hash(chain, high),
        f"{peer.url} has another block {high}; from there on it is on another chain",
    )


def _climb(chain: Chain, header: Header, number: int) -> Header:
    """Follows the chain up from a header to a later block."""
    patience = Patience(chain.rpc)
    while header.number < number:
        end = min(number, header.number + _ROUND)
        numbers = range(header.number + 1, end + 1)
        for raw in patience.batch([("eth_getBlockByNumber", (hex(n), False)) for n in numbers]):
            if raw is None:
                raise InputError(
                    f"the node has no block {number}, which was pinned",
                    hint="Wait for it, or pin an earlier block.",
                )
            above = header_of(raw)
            if above.parent_hash != header.hash:
                raise ProofFault(f"the parent of block {header.number + 1}", header.hash, above.parent_hash)
            header = above
    return header


def _hash(chain: Chain, number: int) -> str:
    return chain.block_stamp(number).hash.lower()
