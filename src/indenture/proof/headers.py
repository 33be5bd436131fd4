"""Block headers: the fields that a node gives, held against the block's hash.

Source: Ethereum Yellow Paper, 4.3; EIP-1559 (London), EIP-4895 (Shanghai), EIP-4844 and EIP-4788 (Cancun),
EIP-7685 (Prague).  A fork only ever added fields at the end, so those that are there tell the fork.
"""

from __future__ import annotations

from dataclasses import dataclass

from indenture.proof.fault import ProofFault, field, maybe, octets, quantity
from indenture.proof.hashing import keccak
from indenture.proof.rlp import encode_bytes, encode_int, encode_list

BLOOM_BYTES = 256

# Name in JSON-RPC, and how many bytes it has: None for a number, 0 for any length.
_FIELDS: tuple[tuple[str, int | None], ...] = (
    ("parentHash", 32),
    ("sha3Uncles", 32),
    ("miner", 20),
    ("stateRoot", 32),
    ("transactionsRoot", 32),
    ("receiptsRoot", 32),
    ("logsBloom", BLOOM_BYTES),
    ("difficulty", None),
    ("number", None),
    ("gasLimit", None),
    ("gasUsed", None),
    ("timestamp", None),
    ("extraData", 0),
    ("mixHash", 32),
    ("nonce", 8),
)
_LATER_FIELDS: tuple[tuple[str, int | None], ...] = (
    ("baseFeePerGas", None),
    ("withdrawalsRoot", 32),
    ("blobGasUsed", None),
    ("excessBlobGas", None),
    ("parentBeaconBlockRoot", 32),
    ("requestsHash", 32),
)


@dataclass(frozen=True, slots=True)
class Header:
    """What the hash of a block vouches for.

    Attributes:
        number: Height.
        hash: Keccak-256 of the header, recomputed.
        parent_hash: Of the block before.
        state_root: Root of all accounts after the block.
        transactions_root: Root of its transactions, in order.
        receipts_root: Root of their receipts, in order.
        logs_bloom: Bloom filter of the addresses and topics of its logs, as a number.
        time: Unix seconds.
    """

    number: int
    hash: bytes
    parent_hash: bytes
    state_root: bytes
    transactions_root: bytes
    receipts_root: bytes
    logs_bloom: int
    time: int


def header_of(raw: object) -> Header:
    """The header of a block as ``eth_getBlockByNumber`` gives it.

    Raises:
        ProofFault: A field is missing or malformed, or the header does not hash to the hash that is given.
    """
    fields = [(name, size, field(raw, name)) for name, size in _FIELDS]
    later = ((name, size, maybe(raw, name)) for name, size in _LATER_FIELDS)
    fields += [(name, size, value) for name, size, value in later if value is not None]
    digest = keccak(encode_list([_encode(name, size, value) for name, size, value in fields]))
    given = octets(field(raw, "hash"), "hash", 32)
    number = quantity(field(raw, "number"), "number")
    if digest != given:
        raise ProofFault(f"the hash of header {number}", digest, given)
    value = {name: value for name, _, value in fields}
    return Header(
        number=number,
        hash=digest,
        parent_hash=bytes.fromhex(value["parentHash"][2:]),
        state_root=bytes.fromhex(value["stateRoot"][2:]),
        transactions_root=bytes.fromhex(value["transactionsRoot"][2:]),
        receipts_root=bytes.fromhex(value["receiptsRoot"][2:]),
        logs_bloom=int(value["logsBloom"], 16),
        time=int(value["timestamp"], 16),
    )


def bloom_of(data: bytes) -> int:
    """The three bits that an address or a topic sets in a bloom filter."""
    digest = keccak(data)
    bits = 0
    for at in (0, 2, 4):
        bits |= 1 << (int.from_bytes(digest[at : at + 2], "big") & 2047)
    return bits


def _encode(name: str, size: int | None, value: object) -> bytes:
    if size is None:
        return encode_int(quantity(value, name))
    return encode_bytes(octets(value, name, size or None))
