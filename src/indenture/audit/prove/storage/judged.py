"""Words that are not known to the bit, only what they are worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from indenture.audit.prove.storage.cells import Cell


@dataclass(frozen=True, slots=True)
class Judged:
    """Slots whose words are asked for and proved one by one, then judged together.

    Attributes:
        cells: The slots; their words are one way to write what they are worth.
        fits: Whether the proved words, in that order, are worth the same.
        expected: What they are worth, in words.
    """

    cells: tuple[Cell, ...]
    fits: Callable[[tuple[int, ...]], bool]
    expected: str
