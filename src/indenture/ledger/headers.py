"""Headers of blocks, in batches: what pins a page to the chain, and gives a time where logs have none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from indenture.chain import BlockStamp
from indenture.chain.rpc import RpcCall
from indenture.errors import ChainReorganised
from indenture.ledger.patience import Patience

_POST = 250


class Header(NamedTuple):
    """What a header says of its place in the chain."""

    stamp: BlockStamp
    parent: str


def headers(patience: Patience, numbers: Sequence[int]) -> list[Header]:
    """Headers of blocks, in the order given.

    Raises:
        ChainReorganised: The chain has no such block any more.
    """
    found: list[Header] = []
    for start in range(0, len(numbers), _POST):
        part = numbers[start : start + _POST]
        calls: list[RpcCall] = [("eth_getBlockByNumber", (hex(number), False)) for number in part]
        found += map(_header, part, patience.batch(calls))
    return found


def _header(number: int, raw: object) -> Header:
    if not isinstance(raw, dict):
        raise ChainReorganised(number, "there", None)
    stamp = BlockStamp(int(raw["number"], 16), raw["hash"].lower(), int(raw["timestamp"], 16))
    return Header(stamp, raw["parentHash"].lower())
