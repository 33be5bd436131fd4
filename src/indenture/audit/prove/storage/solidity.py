"""The types of what a contract keeps, and where Solidity puts their values.

Source: Solidity documentation, «Layout of State Variables in Storage».  Values that fit share a slot, from
the low bits up; what has no fixed size lies at the hash of its slot, a mapping's value at the hash of its key
and the mapping's slot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indenture.chain import checksum
from indenture.proof import keccak

WORD = 32
"""Bytes of a slot."""


@dataclass(frozen=True, slots=True)
class Value:
    """A type that lies within one slot; ``size`` in bytes."""

    name: str
    size: int

    def bits(self, value: Any) -> int:
        """A value as a number of its size: text is hex, as an address is.

        Raises:
            ValueError: It has no place there, and so cannot be what is stored.
        """
        if isinstance(value, str):
            number = int(value, 16)
        elif isinstance(value, bytes):
            number = int.from_bytes(value, "big") if len(value) == self.size else -1
        else:
            number = int(value)
            if number < 0 and self.name.startswith("int") and -number <= 1 << (8 * self.size - 1):
                number += 1 << (8 * self.size)
        if not 0 <= number < 1 << (8 * self.size):
            raise ValueError(f"{value} does not fit {self.name}")
        return number

    def key(self, value: Any) -> bytes:
        """A value as the key of a mapping: a word, with bytes at its left end and all else at its right."""
        if isinstance(value, bytes):
            return value.ljust(WORD, b"\0")
        return self.bits(value).to_bytes(WORD, "big")

    def show(self, bits: int) -> str:
        """What some bits say, as a report prints it."""
        if self.name == "address":
            return checksum(f"0x{bits:040x}")
        if self.name.startswith("bytes"):
            return f"0x{bits:0{2 * self.size}x}"
        if self.name == "bool" and bits < 2:
            return str(bool(bits))
        if self.name.startswith("int") and bits >> (8 * self.size - 1):
            bits -= 1 << (8 * self.size)
        return str(bits)


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping."""

    key: Value
    value: Type


@dataclass(frozen=True, slots=True)
class List:
    """An array without a fixed length, of which each element begins a slot."""

    element: Type


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""


@dataclass(frozen=True, slots=True)
class Member:
    """A field of a struct: ``slot`` counts from the struct's first, ``offset`` in bytes from the low end."""

    name: str
    type: Type
    slot: int
    offset: int


class Struct:
    """Fields that lie together; all that a contract keeps is one, from slot 0 on.

    Attributes:
        members: Every field by its name.
        stored: Those that have bits of their own: all but mappings.
        size: How many slots it takes.
    """

    def __init__(self, members: Mapping[str, Member], size: int) -> None:
        self.members = members
        self.stored = tuple(m for m in members.values() if not isinstance(m.type, Table))
        self.size = size


Type = Value | Table | List | Text | Struct

UINT256 = Value("uint256", WORD)


def entry_slot(key: bytes, slot: int) -> int:
    """The slot of a mapping's value, by its key as a word and the mapping's slot."""
    return int.from_bytes(keccak(key + slot.to_bytes(WORD, "big")), "big")


def data_slot(slot: int) -> int:
    """The slot at which the elements of an array, or a string that does not fit its own, begin."""
    return int.from_bytes(keccak(slot.to_bytes(WORD, "big")), "big")
