"""Headers of blocks, in batches: what pins a page to the chain, and gives a time where logs have none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from indenture.chain import BlockStamp
from indenture.chain.rpc import RpcCall
from indenture.errors import ChainReorganised, NodeError
from indenture.ledger.patience import Patience

_POST = 250
_BEYOND_TIME = 1 << 63


class Header(NamedTuple):
    """What a header says of its place in the chain."""

    stamp: BlockStamp
    parent: str


def headers(patience: Patience, numbers: Sequence[int]) -> list[Header]:
    """Headers of blocks, in the order given.

    Raises:
        ChainReorganised: The chain has no such block any more.
        NodeError: What the node gave is no header of that block.
    """
    found: list[Header] = []
    for start in range(0, len(numbers), _POST):
        part = numbers[start : start + _POST]
        calls: list[RpcCall] = [("eth_getBlockByNumber", (hex(number), False)) for number in part]
        for number, raw in zip(part, patience.batch(calls), strict=True):
            if raw is None:
                raise ChainReorganised(number, "there", None)
            if (header := _header(raw)) is None or header.stamp.number != number:
                node = patience.rpc.url
                raise NodeError(
                    f"what the node at {node} gave as block {number} is not its header: {raw!r:.200}",
                    hint="Use another node: this one does not answer in the form of eth_getBlockByNumber.",
                )
            found.append(header)
    return found


def _header(raw: Any) -> Header | None:
    """A header of what a node gave; None where that has not the form of one."""
    try:
        stamp = BlockStamp(int(raw["number"], 16), raw["hash"].lower(), int(raw["timestamp"], 16))
        parent = raw["parentHash"].lower()
    except (TypeError, KeyError, ValueError, AttributeError):
        return None
    return Header(stamp, parent) if 0 <= stamp.timestamp < _BEYOND_TIME else None
