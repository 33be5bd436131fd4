"""Values as the words of slots, and a word that differs told field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indenture.audit.prove.storage.solidity import UINT256, WORD, List, Struct, Text, Type, Value, data_slot

Path = tuple[Any, ...]
"""Where a value is: a variable, then keys of mappings, places in arrays and names of fields."""

_SLOTS = 1 << 256


@dataclass(frozen=True, slots=True)
class Cell:
    """One slot, and what it should hold.

    Attributes:
        slot: Its number.
        word: What should be there.
        path: Where that is.
        fields: What lies in it: name, offset in bits, and type.
    """

    slot: int
    word: int
    path: Path
    fields: tuple[tuple[str, int, Value], ...]

    @property
    def name(self) -> str:
        """As Solidity would write it: ``_entries[0x12…]``."""
        return "".join(map(_shown, self.path)).removeprefix(".")

    def differences(self, found: int) -> Iterator[tuple[str, str, str]]:
        """Name, expected and found value of each field that differs; the whole word where no field does."""
        if found == self.word:
            return
        named = False
        for name, offset, kind in self.fields:
            mask = (1 << (8 * kind.size)) - 1
            want, got = self.word >> offset & mask, found >> offset & mask
            if want != got:
                named = True
                yield ".".join(filter(None, (self.name, name))), kind.show(want), kind.show(got)
        if not named:
            yield f"{self.name or 'slot'}, bits of no field", f"{self.word:#066x}", f"{found:#066x}"


def cells_of(kind: Type, slot: int, path: Path, value: Any) -> Iterator[Cell]:
    """The slots of a value of a type that begins at a slot.

    Raises:
        ValueError: A value has no place in its type.
    """
    if isinstance(kind, Value):
        yield Cell(slot, kind.bits(value), path, (("", 0, kind),))
    elif isinstance(kind, Struct):
        yield from _fields(kind, slot, path, value)
    elif isinstance(kind, Text):
        yield from _text(slot, path, value.encode("utf-8", "surrogateescape"))
    elif isinstance(kind, List):
        yield from _elements(kind.element, slot, path, value)


def _fields(kind: Struct, slot: int, path: Path, value: Any) -> Iterator[Cell]:
    """The slots of a struct, given by name or in order; of one given by name in part, only those."""
    values = value
    if not isinstance(value, Mapping):
        values = dict(zip([member.name for member in kind.stored], value, strict=True))
    shared: dict[int, tuple[int, list[tuple[str, int, Value]]]] = {}
    for member in kind.stored:
        if member.name not in values:
            continue
        at = (slot + member.slot) % _SLOTS
        if not isinstance(member.type, Value):
            yield from cells_of(member.type, at, (*path, member.name), values[member.name])
            continue
        word, fields = shared.get(at, (0, []))
        offset = 8 * member.offset
        fields.append((member.name, offset, member.type))
        shared[at] = (word | member.type.bits(values[member.name]) << offset, fields)
    for at, (word, fields) in shared.items():
        yield Cell(at, word, path, tuple(fields))


def _elements(kind: Type, slot: int, path: Path, value: Sequence[Any]) -> Iterator[Cell]:
    yield Cell(slot, len(value), (*path, "length"), (("", 0, UINT256),))
    size = kind.size if isinstance(kind, Struct) else 1
    for number, element in enumerate(value):
        yield from cells_of(kind, (data_slot(slot) + number * size) % _SLOTS, (*path, number), element)


def _text(slot: int, path: Path, data: bytes) -> Iterator[Cell]:
    """A string of up to 31 bytes lies beside twice its length; of a longer one, an odd number says so."""
    fields = (("", 0, UINT256),)
    if len(data) < WORD:
        word = int.from_bytes(data.ljust(WORD, b"\0"), "big") | 2 * len(data)
        yield Cell(slot, word, path, fields)
        return
    yield Cell(slot, 2 * len(data) + 1, path, fields)
    for number in range(0, len(data), WORD):
        part = data[number : number + WORD].ljust(WORD, b"\0")
        yield Cell((data_slot(slot) + number // WORD) % _SLOTS, int.from_bytes(part, "big"), path, fields)


def _shown(step: Any) -> str:
    """Names of variables and fields come after a point, all else in brackets."""
    if isinstance(step, str) and not step.startswith("0x"):
        return f".{step}"
    return f"[0x{step.hex()}]" if isinstance(step, bytes) else f"[{step}]"
