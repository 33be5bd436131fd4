"""Single 32-byte words of the ABI: the short way where nothing else stands in a log, a call or an answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from eth_utils.address import is_checksum_address, to_checksum_address

WORD = 32

checksum: Callable[[str], str] = lru_cache(maxsize=1 << 14)(to_checksum_address)

Reader = Callable[[bytes], Any]
"""Takes 32 bytes; raises ``ValueError`` where they are no value of the type."""


Writer = Callable[[Any], bytes]
"""Gives 32 bytes; raises ``ValueError`` where a value is not plainly one of the type."""


@cache
def word_reader(kind: str) -> Reader | None:
    """What reads a type of one word; None for types that take more than one, or are rare."""
    if kind == "address":
        return _address
    if kind == "bool":
        return _bool
    if kind.startswith("uint") and kind[4:].isdigit():
        return _uint(int(kind[4:]))
    if kind.startswith("bytes") and kind[5:].isdigit():
        return _bytes(int(kind[5:]))
    return None


@lru_cache(maxsize=1 << 16)
def _address(word: bytes) -> str:
    if any(word[:12]):
        raise ValueError("not an address")
    return checksum("0x" + word[12:].hex())


def _bool(word: bytes) -> bool:
    value = int.from_bytes(word, "big")
    if value > 1:
        raise ValueError("not a bool")
    return bool(value)


def _uint(bits: int) -> Reader:
    def read(word: bytes) -> int:
        value = int.from_bytes(word, "big")
        if value >> bits:
            raise ValueError(f"not a uint{bits}")
        return value

    return read


def _bytes(size: int) -> Reader:
    def read(word: bytes) -> bytes:
        if any(word[size:]):
            raise ValueError(f"not a bytes{size}")
        return word[:size]

    return read


@cache
def word_writer(kind: str) -> Writer | None:
    """What writes a type of one word; None for types that take more than one, or are rare."""
    if kind == "address":
        return _address_word
    if kind.startswith("uint") and kind[4:].isdigit():
        return _uint_word(int(kind[4:]))
    if kind.startswith("bytes") and kind[5:].isdigit():
        return _bytes_word(int(kind[5:]))
    return None


@lru_cache(maxsize=1 << 14)
def _checked(address: str) -> bytes:
    if not is_checksum_address(address):
        raise ValueError("not a checksummed address")
    return bytes(12) + bytes.fromhex(address[2:])


def _address_word(value: Any) -> bytes:
    if type(value) is not str:
        raise ValueError("not a text")
    return _checked(value)


def _uint_word(bits: int) -> Writer:
    def write(value: Any) -> bytes:
        if type(value) is not int or value < 0 or value >> bits:
            raise ValueError(f"not a uint{bits}")
        return value.to_bytes(WORD, "big")

    return write


def _bytes_word(size: int) -> Writer:
    def write(value: Any) -> bytes:
        if type(value) is not bytes or len(value) != size:
            raise ValueError(f"not a bytes{size}")
        return value.ljust(WORD, b"\0")

    return write
