"""Crooked contracts as sources: copies of the release's under other names, with faults planted in them.

Faults of one contract that do not meet in a story are planted together: compiling costs seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from tests.audit.faults.plants import Change, Fault

ROOT = Path(__file__).resolve().parents[3]

_IMPORT = re.compile(r'(from ")(\.{1,2}/[^"]+)(";)')


@dataclass(frozen=True, slots=True)
class Variant:
    """A contract with faults.

    Attributes:
        name: A short name.
        source: Its file below ``contracts``.
        changes: What is other in it, or in what it is made of.
    """

    name: str
    source: str
    changes: tuple[Change, ...]

    @property
    def contract(self) -> str:
        """Name of the contract that it is swapped for."""
        return PurePosixPath(self.source).stem

    def sources(self) -> dict[str, str]:
        """The sources that it needs beside the release's: copies under names of their own, changed.

        A file between the contract and what is changed is copied too, for its imports to lead there.

        Raises:
            ValueError: A change does not match just once, or the contract is not made of what it changes.
        """
        changed = self._changed()
        copies = _on_the_way(f"contracts/{self.source}", set(changed))
        if missed := set(changed) - copies:
            raise ValueError(f"{self.name}: {self.source} is not made of {', '.join(sorted(missed))}")
        texts = {file: changed.get(file) or (ROOT / file).read_text(encoding="utf-8") for file in copies}
        return {
            self.renamed(file): _IMPORT.sub(partial(self._led, file, copies), text)
            for file, text in texts.items()
        }

    @property
    def place(self) -> str:
        """Its source unit."""
        return self.renamed(f"contracts/{self.source}")

    def renamed(self, file: str) -> str:
        """A source under the name of this variant."""
        return f"{file.removesuffix('.sol')}.{self.name}.sol"

    def _changed(self) -> dict[str, str]:
        texts: dict[str, str] = {}
        for change in self.changes:
            file = f"contracts/{change.file or self.source}"
            text = texts.get(file) or (ROOT / file).read_text(encoding="utf-8")
            if (count := text.count(change.old)) != 1:
                raise ValueError(f"{self.name}: {file} has {count} times, not once:\n{change.old}")
            texts[file] = text.replace(change.old, change.new)
        return texts

    def _led(self, file: str, copies: set[str], found: re.Match[str]) -> str:
        target = _resolved(file, found[2])
        return f"{found[1]}{self.renamed(found[2])}{found[3]}" if target in copies else found[0]


def variants(faults: Iterable[Fault]) -> Mapping[str, Variant]:
    """The variant in which each fault is planted, by the name of the fault."""
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.source, fault.name if fault.alone else ""), []).append(fault)
    return {
        fault.name: Variant(
            group[0].name, source, tuple(change for planted in group for change in planted.changes)
        )
        for (source, _), group in groups.items()
        for fault in group
    }


def _on_the_way(source: str, changed: set[str]) -> set[str]:
    """Files from which an import, or an import of an import, leads to a changed one; and those."""
    below = _below(source)
    found = changed & set(below)
    while more := {file for file, imports in below.items() if file not in found and found & imports}:
        found |= more
    return found


def _below(source: str) -> dict[str, set[str]]:
    """All that a source is made of, each with what it imports itself."""
    below: dict[str, set[str]] = {}
    waiting = [source]
    while waiting:
        file = waiting.pop()
        if file not in below:
            text = (ROOT / file).read_text(encoding="utf-8")
            below[file] = {_resolved(file, found[2]) for found in _IMPORT.finditer(text)}
            waiting += below[file]
    return below


def _resolved(file: str, target: str) -> str:
    return (ROOT / file).parent.joinpath(target).resolve().relative_to(ROOT).as_posix()
