"""The keys of ``audit.json`` are those that docs/report.md describes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.audit.report import sample

pytestmark = pytest.mark.unit

_PAGE = Path(__file__).parents[3] / "docs" / "report.md"
_OPEN = {"calendars[].years"}
"""Objects whose keys are data."""


def described() -> set[str]:
    """Every key that the page describes, with its place."""
    found, place = set(), None
    for line in _PAGE.read_text("utf-8").splitlines():
        if heading := re.fullmatch(r"### `(.*)`", line):
            place = "" if heading[1] == "." else heading[1] + "."
        elif place is not None and (row := re.match(r"\| `([^`]+)` \|", line)):
            found.add(place + row[1])
    return found


def keys_of(value: Any, place: str = "") -> Iterator[str]:
    """Every key of a report, with its place."""
    if isinstance(value, list):
        for part in value:
            yield from keys_of(part, place + "[]")
    elif isinstance(value, dict) and place not in _OPEN:
        for key, part in value.items():
            inner = f"{place}.{key}" if place else key
            yield inner
            yield from keys_of(part, inner)


def test_docs__every_key__is_described() -> None:
    told = sample.report(findings=[sample.finding()], proved=sample.proved())
    powers = {key for key in keys_of(told) if key.startswith("bonds[].powers[].")}

    assert set(keys_of(told)) - powers == described()
    assert {key.removeprefix("bonds[].powers[].") for key in powers} == set(sample.use())
