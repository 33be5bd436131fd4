"""Receipts: their encoding and logs, and the root of those of a block.

Source: Ethereum Yellow Paper, section 4.4.1; EIP-658 (status in the place of a root), EIP-2718 (types).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indenture.proof.fault import ProofFault, field, maybe, octets, quantity, sequence
from indenture.proof.headers import BLOOM_BYTES
from indenture.proof.rlp import encode_bytes, encode_int, encode_list
from indenture.proof.transactions import kind_of
from indenture.proof.trie import list_root

_LAST_TYPE = 4
_MOST_TOPICS = 4


class ReceiptLog(NamedTuple):
    """One log; all lower-case hex."""

    address: str
    topics: list[str]
    data: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a transaction, as the block's root takes it.

    Attributes:
        encoded: As the root takes it.
        bloom: Its own bloom filter, as a number.
        logs: Its logs, in order.
    """

    encoded: bytes
    bloom: int
    logs: tuple[ReceiptLog, ...]


def receipt_of(raw: object) -> Receipt:
    """A receipt as ``eth_getBlockReceipts`` gives it.

    Raises:
        ProofFault: It is of an unknown type, or a field is missing or malformed.
    """
    kind = kind_of(raw, "receipt")
    if kind > _LAST_TYPE:
        raise ProofFault("the type of a receipt", f"0 to {_LAST_TYPE}", f"{kind} (0x{kind:x})")
    bloom = octets(field(raw, "logsBloom"), "logsBloom", BLOOM_BYTES)
    encoded_logs, logs = [], []
    for entry in sequence(field(raw, "logs"), "logs"):
        encoded, log = _log(entry)
        encoded_logs.append(encoded)
        logs.append(log)
    encoded = encode_list(
        (
            _outcome(raw),
            encode_int(quantity(field(raw, "cumulativeGasUsed"), "cumulativeGasUsed")),
            encode_bytes(bloom),
            encode_list(encoded_logs),
        )
    )
    prefix = bytes((kind,)) if kind else b""
    return Receipt(prefix + encoded, int.from_bytes(bloom, "big"), tuple(logs))


def receipts_root(raws: Sequence[object]) -> bytes:
    """The root of a block's receipts, in the order given.

    Raises:
        ProofFault: See ``receipt_of``.
    """
    return list_root([receipt_of(raw).encoded for raw in raws])


def _outcome(raw: object) -> bytes:
    """Success or failure; before Byzantium, the state's root."""
    status = maybe(raw, "status")
    if status is None:
        return encode_bytes(octets(field(raw, "root"), "root", 32))
    success = quantity(status, "status")
    if success > 1:
        raise ProofFault("status", "0 or 1", success)
    return encode_int(success)


def _log(raw: object) -> tuple[bytes, ReceiptLog]:
    address, data, topics = field(raw, "address"), field(raw, "data"), field(raw, "topics")
    if len(sequence(topics, "topics")) > _MOST_TOPICS:
        raise ProofFault("the topics of a log", f"at most {_MOST_TOPICS}", len(topics))
    encoded = encode_list(
        (
            encode_bytes(octets(address, "the address of a log", 20)),
            encode_list([encode_bytes(octets(topic, "a topic", 32)) for topic in topics]),
            encode_bytes(octets(data, "the data of a log")),
        )
    )
    return encoded, ReceiptLog(address.lower(), [topic.lower() for topic in topics], data.lower())
