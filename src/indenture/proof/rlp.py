"""Recursive length prefix: Ethereum's encoding of bytes and of lists of them.

Source: Ethereum Yellow Paper, appendix B.  Encoding is canonical, and decoding takes nothing else: each value
has one encoding, so that a hash names one value.
"""

from __future__ import annotations

from collections.abc import Iterable

from indenture.proof.fault import ProofFault

Item = bytes | list["Item"]
"""What an encoding says: bytes, or a list."""

# Access lists are three deep; nodes of a trie hold lists within lists only where these are below 32 bytes.
_DEEPEST = 40


def encode_bytes(data: bytes) -> bytes:
    """The encoding of bytes."""
    size = len(data)
    if size == 1 and data[0] < 0x80:
        return data
    if size < 56:
        return bytes((0x80 + size,)) + data
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0xB7 + len(length),)) + length + data


def encode_int(number: int) -> bytes:
    """The encoding of a number: its big-endian bytes, none leading that is zero."""
    return encode_bytes(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def encode_list(encoded: Iterable[bytes]) -> bytes:
    """The encoding of a list whose items are encoded already."""
    payload = b"".join(encoded)
    size = len(payload)
    if size < 56:
        return bytes((0xC0 + size,)) + payload
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0xF7 + len(length),)) + length + payload


def encode(item: Item) -> bytes:
    """The encoding of bytes, or of a list of whatever depth."""
    if isinstance(item, bytes):
        return encode_bytes(item)
    return encode_list([encode(part) for part in item])


def decode(data: bytes) -> Item:
    """What an encoding says.

    Raises:
        ProofFault: It is not the one encoding of anything: cut short, too long, or not canonical.
    """
    item, end = _decode(data, 0, len(data), 0)
    if end != len(data):
        raise ProofFault("an RLP encoding", f"{end} bytes", f"{len(data)} bytes")
    return item


def decode_list(data: bytes) -> list[Item]:
    """What the encoding of a list says.

    Raises:
        ProofFault: It is none.
    """
    item = decode(data)
    if isinstance(item, bytes):
        raise ProofFault("an RLP encoding", "a list", item)
    return item


def number_of(item: Item, what: str, *, size: int = 32) -> int:
    """The number that an item encodes.

    Args:
        item: Decoded bytes.
        what: What it is, for the message.
        size: How many bytes it may have.

    Raises:
        ProofFault: It is a list, longer than that, or has a leading zero byte.
    """
    if not isinstance(item, bytes) or len(item) > size or item[:1] == b"\0":
        raise ProofFault(what, f"a number of at most {size} bytes", item)
    return int.from_bytes(item, "big")


def _decode(data: bytes, at: int, limit: int, depth: int) -> tuple[Item, int]:
    start, end, is_list = _extent(data, at, limit)
    if not is_list:
        if end - start == 1 and start > at and data[start] < 0x80:
            raise ProofFault("an RLP encoding", "a small byte for itself", data[at:end])
        return data[start:end], end
    if depth == _DEEPEST:
        raise ProofFault("an RLP encoding", f"lists at most {_DEEPEST} deep", "a deeper one")
    items: list[Item] = []
    while start < end:
        item, start = _decode(data, start, end, depth + 1)
        items.append(item)
    return items, end


def _extent(data: bytes, at: int, limit: int) -> tuple[int, int, bool]:
    """Where the payload of the item at a place starts and ends, and whether it is a list."""
    if at >= limit:
        raise ProofFault("an RLP encoding", "an item", "the end")
    first = data[at]
    if first < 0x80:
        return at, at + 1, False
    is_list = first >= 0xC0
    short = first - (0xC0 if is_list else 0x80)
    start = at + 1
    if short < 56:
        size = short
    else:
        start += short - 55
        prefix = data[at + 1 : start]
        size = int.from_bytes(prefix, "big")
        if start > limit or prefix[0] == 0 or size < 56:
            raise ProofFault("an RLP encoding", "the shortest length prefix", data[at : at + 9])
    if start + size > limit:
        raise ProofFault("an RLP encoding", f"{size} bytes", f"{limit - start} bytes")
    return start, start + size, is_list
