"""What a falsification is: what is told, where, and which checks may name it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.audit.lies.facts import Facts
from tests.audit.lying import Change, Lies, whole

T = TypeVar("T")
Spoil = Callable[[str, bytes], bytes]


@dataclass(frozen=True)
class Told:
    """One falsification.

    Attributes:
        words: What is told, for whoever reads a failure.
        lies: By method.
        block: The block that a finding must name; None where it may be any.
        contract: What the finding's contract must hold; "" for any.
        spoil: What happens to the bytes of an answer.
        pins: Block hashes that the auditor got elsewhere.
        peer: Whether the auditor asks the honest node too, and holds the liar's chain against its.
        to: The last block that the auditor asks for; None for the newest.
        asked: What the liar makes of a question; see ``Lies``.
        elsewhere: Which methods are answered from the chain that went on otherwise; see ``Lies``.
    """

    words: str
    lies: Mapping[str, Change] = field(default_factory=dict)
    block: int | None = None
    contract: str = ""
    spoil: Spoil = whole
    pins: Mapping[int, str] = field(default_factory=dict)
    peer: bool = False
    to: int | None = None
    asked: Callable[[str, list[Any]], list[Any]] | None = None
    elsewhere: Callable[[str], bool] | None = None

    def as_lie(self) -> Lies:
        lies = Lies(self.lies)
        lies.asked, lies.elsewhere = self.asked, self.elsewhere
        return lies


class Dice(random.Random):
    """Chance of one case of a kind, and its number among them."""

    def __init__(self, kind: str, number: int) -> None:
        super().__init__(f"{kind} {number}")
        self.number = number

    def turn(self, things: Sequence[T]) -> T:
        """Each thing in its turn, from case to case."""
        return things[self.number % len(things)]


Make = Callable[[Facts, Dice], Told]


@dataclass(frozen=True)
class Kind:
    """A kind of falsification.

    Attributes:
        group: What is lied about.
        words: How.
        make: Makes one case.
        cases: How many are tried.
        by: Checks of which one must name it.
        refused: Whether an error of the node will do: the answer is none.
    """

    group: str
    words: str
    make: Make
    cases: int
    by: tuple[str, ...]
    refused: bool

    @property
    def name(self) -> str:
        return f"{self.group}: {self.words}"

    def told(self, facts: Facts, number: int) -> Told:
        """One of its cases; the same one for the same number."""
        return self.make(facts, Dice(self.name, number))


KINDS: list[Kind] = []
"""Every kind, in the order in which the table shows them."""


def kind(
    group: str, words: str, *, cases: int, by: Sequence[str], refused: bool = False
) -> Callable[[Make], Make]:
    """Adds what makes cases of a kind."""

    def add(make: Make) -> Make:
        KINDS.append(Kind(group, words, make, cases, tuple(by), refused))
        return make

    return add
