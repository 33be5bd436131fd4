"""The words of EntryLib and BookLib lie where solc lays the structs."""

import json
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[3]
LIBRARIES = ROOT / "contracts" / "bond" / "libraries"
LAYOUT = json.loads((ROOT / "snapshots" / "storage_layout.json").read_text())["Bond"]["storage"]["structs"]

# Getters, by the struct's field.
ENTRY = ("units", "frozen", "pledged", "cursor", "checkpoint", "number")
BOOK = {"nextTime": "nextTime", "records": "records"}
FLAGS = {"paused": "PAUSED", "closed": "CLOSED", "shut": "SHUT"}


def offsets(struct: str) -> dict[str, int]:
    fields = LAYOUT[f"struct {struct}"]
    assert {field["slot"] for field in fields} == {0}
    return {field["label"]: 8 * field["offset"] for field in fields}


def shift_of(source: str, getter: str) -> int:
    body = re.search(rf"function {getter}\(\w+Word word\)[^{{]*{{([^}}]*)}}", source)
    assert body, getter
    shift = re.search(r">> (\d+)", body.group(1))
    return int(shift.group(1)) if shift else 0


@pytest.mark.parametrize("field", ENTRY)
def test_entry_word__field__lies_as_in_the_struct(field: str) -> None:
    source = (LIBRARIES / "EntryLib.sol").read_text()

    assert shift_of(source, field) == offsets("Entry")[field]


@pytest.mark.parametrize("field", BOOK)
def test_book_word__field__lies_as_in_the_struct(field: str) -> None:
    source = (LIBRARIES / "BookLib.sol").read_text()

    assert shift_of(source, BOOK[field]) == offsets("Book")[field]


@pytest.mark.parametrize("field", FLAGS)
def test_book_word__flag__lies_as_in_the_struct(field: str) -> None:
    source = (LIBRARIES / "BookLib.sol").read_text()

    assert f"{FLAGS[field]} = 1 << {offsets('Book')[field]};" in source


def test_entry__all_fields__fill_one_slot() -> None:
    fields = LAYOUT["struct Entry"]

    assert sum(field["bytes"] for field in fields) == 32
    assert {field["label"] for field in fields} == set(ENTRY)
