"""Declarations of state variables, as they stand in a contract's source, read into places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from indenture.audit.prove.storage.cells import Cell, cells_of
from indenture.audit.prove.storage.solidity import (
    UINT256,
    WORD,
    List,
    Member,
    Struct,
    Table,
    Text,
    Type,
    Value,
    entry_slot,
)

_STRUCT = re.compile(r"struct (\w+) \{([^}]*)\}")
_MAPPING = re.compile(r"mapping\((\w+) => (.+)\)")
_SIZED = re.compile(r"(uint|int|bytes)(\d+)")
_BITS_A_BYTE = {"uint": 8, "int": 8, "bytes": 1}


class Layout:
    """All that a contract keeps.

    Args:
        contract: Its name.
        source: Its structs, each before it is used, and its state variables in their order.

    Attributes:
        structs: Its structs by their names.
        variables: Its state variables, as one struct.
    """

    def __init__(self, contract: str, source: str) -> None:
        self.contract = contract
        self.structs: dict[str, Struct] = {}
        for name, body in _STRUCT.findall(source):
            self.structs[name] = self._struct(body)
        self.variables = self._struct(_STRUCT.sub("", source))

    def cells(self, *path: Any, value: Any) -> Iterator[Cell]:
        """The slots of a value.

        Args:
            path: A variable, then keys of mappings and names of fields; none for all variables at once.
            value: A value, a text, a sequence, or the fields of a struct in their order or by name.

        Raises:
            ValueError: A value has no place in its type.
        """
        kind: Type = self.variables
        slot = 0
        for step in path:
            if isinstance(kind, Table):
                slot, kind = entry_slot(kind.key.key(step), slot), kind.value
            elif isinstance(kind, Struct):
                member = kind.members[step]
                slot, kind = slot + member.slot, member.type
        return cells_of(kind, slot, path, value)

    def _struct(self, body: str) -> Struct:
        members: dict[str, Member] = {}
        slot = used = 0
        for declaration in filter(None, map(str.strip, body.split(";"))):
            declared, _, name = declaration.rpartition(" ")
            kind = self._type(declared)
            size = kind.size if isinstance(kind, Value) else WORD
            if used + size > WORD:
                slot, used = slot + 1, 0
            members[name] = Member(name, kind, slot, used)
            used += size
            if isinstance(kind, Struct):  # what follows one begins a slot
                slot, used = slot + kind.size, 0
        return Struct(members, slot + (used > 0))

    def _type(self, declared: str) -> Type:
        if found := _MAPPING.fullmatch(declared):
            return Table(_value(found[1]), self._type(found[2]))
        if declared.endswith("[]"):
            return List(self._type(declared[:-2]))
        if declared == "string":
            return Text()
        return self.structs.get(declared) or _value(declared)


def _value(declared: str) -> Value:
    if declared in ("address", "bool"):
        return Value(declared, 20 if declared == "address" else 1)
    found = _SIZED.fullmatch(declared)
    if found is None:
        raise LookupError(f"no type is called {declared}")
    value = Value(declared, int(found[2]) // _BITS_A_BYTE[found[1]])
    return UINT256 if value == UINT256 else value
