"""Which transaction created a contract, found without being told: an address follows from its creator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from eth_utils.crypto import keccak

from indenture.chain import Chain, checksum
from indenture.errors import NodeRefused


def blocks_whole(chain: Chain, numbers: Iterable[int]) -> dict[int, Any]:
    """Blocks with their transactions, as the node gives them; None where it has none.

    Raises:
        NodeRefused: The node does not keep a block.
    """
    wanted = list(numbers)
    answers = chain.rpc.batch([("eth_getBlockByNumber", (hex(number), True)) for number in wanted])
    for answer in answers:
        if isinstance(answer, NodeRefused):
            raise answer
    return dict(zip(wanted, answers, strict=True))


def creations(blocks: Iterable[Any]) -> dict[str, bytes]:
    """What the transactions of some blocks created directly: creation code with its arguments, by address."""
    created: dict[str, bytes] = {}
    for block in blocks:
        for raw in (block or {}).get("transactions", ()):
            if not raw.get("to"):
                created[_address(raw)] = bytes.fromhex(raw["input"][2:])
    return created


def _address(raw: Mapping[str, Any]) -> str:
    """The end of the hash of the RLP of sender and nonce."""
    nonce = int(raw["nonce"], 16)
    number = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    if len(number) != 1 or nonce > 0x7F:
        number = bytes([0x80 + len(number)]) + number
    body = b"\x94" + bytes.fromhex(raw["from"][2:]) + number
    return checksum("0x" + keccak(bytes([0xC0 + len(body)]) + body)[12:].hex())
