"""Which transaction created a contract, found without being told: an address follows from its creator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from eth_utils.crypto import keccak

from indenture.chain import Chain, checksum, octets, quantity
from indenture.chain.answers import nonsense
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
    """What the transactions of some blocks created directly: creation code with its arguments, by address.

    Raises:
        NodeError: A block, or a transaction of it, is nothing of the kind.
    """
    created: dict[str, bytes] = {}
    for block in blocks:
        for raw in _transactions(block):
            if not raw.get("to"):
                created[_address(raw)] = octets(raw.get("input"), "input of a transaction")
    return created


def _transactions(block: Any) -> list[dict[str, Any]]:
    """None of a block that is not there; a list of hashes is no list of transactions."""
    found = {} if block is None else block
    listed = found.get("transactions", []) if isinstance(found, dict) else None
    if not isinstance(listed, list) or not all(isinstance(raw, dict) for raw in listed):
        raise nonsense(block, "a block with its transactions")
    return listed


def _address(raw: Mapping[str, Any]) -> str:
    """The end of the hash of the RLP of sender and nonce."""
    nonce = quantity(raw.get("nonce"), "nonce of a transaction")
    number = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    if len(number) != 1 or nonce > 0x7F:
        number = bytes([0x80 + len(number)]) + number
    sender = octets(raw.get("from"), "sender of a transaction")
    if len(sender) != 20 or nonce >> 64:
        raise nonsense(raw, "a transaction")
    body = b"\x94" + sender + number
    return checksum("0x" + keccak(bytes([0xC0 + len(body)]) + body)[12:].hex())
