"""What a fault is: exact changes of a contract's sources, and what happens where it is planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from tests.audit.stage import Story

from indenture.chain import AnvilNode

Play = Callable[[AnvilNode], Story]
"""What happens on a chain: as little as shows a fault."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a source: text that is there once, and what takes its place.

    Attributes:
        old: The text.
        new: What takes its place.
        file: The source below ``contracts``; empty for that of the contract itself.
    """

    old: str
    new: str
    file: str = ""


def without(text: str, file: str = "") -> Change:
    """Text that is left out."""
    return Change(text, "", file)


def before(text: str, *lines: str, file: str = "") -> Change:
    """Lines that are put before some text."""
    return Change(text, "\n".join((*lines, text)), file)


def after(text: str, *lines: str, file: str = "") -> Change:
    """Lines that are put after some text."""
    return Change(text, "\n".join((text, *lines)), file)


@dataclass(frozen=True, slots=True)
class Fault:
    """A crooked contract.

    Attributes:
        name: A short name; the key of everything.
        source: The file of the contract that is swapped, below ``contracts``.
        changes: What is other in it, or in what it is made of.
        play: What happens where it is planted; on the release it is refused, or breaks no rule.
        title: What it does, for a reader.
        gain: What the operator gets by it.
        found_by: The check that finds it first where those of the code are set aside; empty if none does.
        also: Other checks that find it.
        alone: Whether it would show in the stories of others, and is planted apart from them.
    """

    name: str
    source: str
    changes: tuple[Change, ...]
    play: Play
    title: str
    gain: str
    found_by: str = ""
    also: tuple[str, ...] = ()
    alone: bool = False

    @property
    def contract(self) -> str:
        """Name of the swapped contract."""
        return PurePosixPath(self.source).stem
