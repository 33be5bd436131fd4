"""What each contract keeps, as the auditor reads it, is where the compiler puts it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from eth_utils.crypto import keccak

from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.declarations import Layout
from indenture.audit.prove.storage.layout import LAYOUTS
from indenture.audit.prove.storage.solidity import List, Struct, Table, Text, Type, Value

pytestmark = pytest.mark.unit

SNAPSHOT = json.loads((Path(__file__).parents[3] / "snapshots" / "storage_layout.json").read_text())
_OWN_TYPES = {"AccountWord": "uint256", "Time.Delay": "uint112"}


def described(layout: Layout, kind: Type) -> str:
    """A type in the words of the compiler."""
    if isinstance(kind, Table):
        return f"mapping({kind.key.name} => {described(layout, kind.value)})"
    if isinstance(kind, List):
        return f"{described(layout, kind.element)}[]"
    if isinstance(kind, Struct):
        return next(name for name, struct in layout.structs.items() if struct is kind)
    return "string" if isinstance(kind, Text) else kind.name


def compiled(declared: str) -> str:
    """The compiler's words, without what a word of storage does not show: enums, contracts, own types."""
    declared = re.sub(r"enum [\w.]+", "uint8", declared)
    declared = re.sub(r"contract \w+", "address", declared)
    declared = re.sub(r"struct (\w+\.)?(\w+)", r"\2", declared)
    for own, kind in _OWN_TYPES.items():
        declared = declared.replace(own, kind)
    return declared


def places(layout: Layout, struct: Struct) -> list[tuple[str, str, int, int]]:
    return [(m.name, described(layout, m.type), m.slot, m.offset) for m in struct.members.values()]


def compiled_places(fields: list[dict[str, Any]]) -> list[tuple[str, str, int, int]]:
    return [(f["label"], compiled(f["type"]), f["slot"], f["offset"]) for f in fields]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.contract)
def test_layout__of_a_contract__is_the_compilers(layout: Layout) -> None:
    storage = SNAPSHOT[layout.contract]["storage"]
    structs = {compiled(name): fields for name, fields in storage.get("structs", {}).items()}

    assert places(layout, layout.variables) == compiled_places(storage["slots"])
    assert layout.structs.keys() == structs.keys()
    for name, struct in layout.structs.items():
        assert places(layout, struct) == compiled_places(structs[name]), name


def test_layouts__are_of_every_contract_that_keeps_something() -> None:
    parts = {"BondEvents", "BondExtension", "OwnerWallet", "SettlementClean"}
    parts |= {name for name in SNAPSHOT if re.fullmatch(r"(Offering|Servicing)\w+", name)}

    assert LAYOUTS.keys() == SNAPSHOT.keys() - parts


SAMPLE = Layout(
    "Sample",
    """
    struct Pair { uint64 low; int64 signed; address who; bytes8 code; bool on; }
    struct Named { uint32 number; string text; }

    uint256 whole;
    mapping(address => mapping(uint256 => Pair)) pairs;
    mapping(bytes32 => Named) named;
    Pair[] list;
    bytes32[] words;
    """,
)


def words(cells: Any) -> dict[int, int]:
    return {cell.slot: cell.word for cell in cells}


def at(*parts: bytes) -> int:
    return int.from_bytes(keccak(b"".join(parts)), "big")


def test_struct__of_values__packs_from_the_low_bits_up() -> None:
    who = "0x" + "ab" * 20
    inner = at(int(who, 16).to_bytes(32, "big"), (1).to_bytes(32, "big"))
    first = at((7).to_bytes(32, "big"), inner.to_bytes(32, "big"))

    found = words(SAMPLE.cells("pairs", who, 7, value=(5, -2, who, b"CN-IB\0\0\0", True)))

    assert found == {
        first: 5 | (2**64 - 2) << 64,
        first + 1: int(who, 16) | int.from_bytes(b"CN-IB\0\0\0", "big") << 160 | 1 << 224,
    }


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 64, 100])
def test_string__of_any_length__lies_as_solidity_lays_it(length: int) -> None:
    key, text = b"name".ljust(32, b"\0"), "x" * length
    slot = at(key, (2).to_bytes(32, "big")) + 1

    found = words(SAMPLE.cells("named", key, "text", value=text))

    if length < 32:
        assert found == {slot: int.from_bytes(text.encode().ljust(31, b"\0"), "big") << 8 | 2 * length}
        return
    data = b"".join(
        found[at(slot.to_bytes(32, "big")) + i].to_bytes(32, "big") for i in range(len(found) - 1)
    )
    assert found[slot] == 2 * length + 1
    assert (data[:length], data[length:].strip(b"\0")) == (text.encode(), b"")


def test_array__of_structs_and_of_words__has_length_and_elements() -> None:
    pair = (1, 0, "0x" + "00" * 20, bytes(8), False)
    start = at((3).to_bytes(32, "big"))

    structs = words(SAMPLE.cells("list", value=[pair, (2, *pair[1:])]))
    values = words(SAMPLE.cells("words", value=[b"\1" * 32]))

    assert structs == {3: 2, start: 1, start + 1: 0, start + 2: 2, start + 3: 0}
    assert values == {4: 1, at((4).to_bytes(32, "big")): int.from_bytes(b"\1" * 32, "big")}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Value("uint64", 8), 2**64),
        (Value("uint64", 8), -1),
        (Value("int64", 8), -(2**63) - 1),
        (Value("bytes8", 8), b"short"),
        (Value("bool", 1), 256),
    ],
)
def test_value__that_has_no_place_in_its_type__is_refused(kind: Value, value: Any) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        kind.bits(value)


def test_cell__with_another_word__names_fields_and_values() -> None:
    who = "0x" + "00" * 19 + "01"
    low, high = SAMPLE.cells("pairs", who, 7, value=(5, -2, who, b"CN-IB\0\0\0", True))

    assert list(low.differences(low.word)) == []
    assert list(low.differences(low.word ^ 1 | 1 << 65)) == [(f"pairs[{who}][7].low", "5", "4")]
    assert list(low.differences(low.word - (1 << 64))) == [(f"pairs[{who}][7].signed", "-2", "-3")]
    assert list(high.differences(high.word ^ 1 << 224)) == [(f"pairs[{who}][7].on", "True", "False")]
    assert [key for key, _, _ in high.differences(high.word | 1 << 255)] == [
        f"pairs[{who}][7], bits of no field"
    ]


def test_cell__of_a_single_value__is_named_by_its_path() -> None:
    (cell,) = SAMPLE.cells("whole", value=3)

    assert isinstance(cell, Cell)
    assert list(cell.differences(4)) == [("whole", "3", "4")]
