"""The storage of one contract: as proved, against what its events add up to.

All words that the events call for make a trie of their own.  Where its root is the proved one, the contract
holds these words and no others: no slot need be asked for.  Where it is not, every place that is known is
asked for, and what differs is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indenture.audit.prove.proofs import MOST_SLOTS
from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.judged import Judged
from indenture.audit.prove.storage.suspects import unnamed
from indenture.proof import PersistentTrie, keccak
from indenture.proof.rlp import encode_int

ZERO_LEAF = encode_int(0)
"""What no trie of a chain holds, and Anvil's do: see ``Hints``."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that holds something else: where, what should be there, what is, and that in a sentence."""

    key: str
    expected: str
    found: str
    message: str


class Storage:
    """The storage of one contract.

    Args:
        expected: What it must hold, told anew at each call.
        suspects: Places beyond that, which hold nothing: asked for when all others do not explain the root.
        words_of: Proved words of some slots, at most ``MOST_SLOTS`` at a time; None where the trie has none.
        hints: Slots that the node says it keeps, with their words: see ``Hints``.

    Attributes:
        slots: How many words were held against what is proved, zeros not counted.
        is_whole: Whether it is proved that it holds what was expected, and nothing else.
        trie: All that it holds, as far as it is known, with the zeros that the node keeps.
        strange: Slots that hold something else than they should.
        judged: What is known only by its worth.
    """

    def __init__(
        self,
        expected: Callable[[], Iterator[Cell | Judged]],
        suspects: Callable[[], Iterator[Cell]],
        words_of: Callable[[Sequence[int]], Sequence[int | None]],
        hints: Callable[[], Mapping[int, int]],
    ) -> None:
        self._expected = expected
        self._suspects = suspects
        self._words_of = words_of
        self._hints = hints
        self._zeros: set[int] = set()
        self.slots = 0
        self.is_whole = False
        self.trie = PersistentTrie({})
        self.strange: set[int] = set()
        self.judged: list[Judged] = []

    def differences(self, root: bytes) -> list[Difference]:
        """What differs under a proved storage root.

        Raises:
            ProofFault: The proof of a slot shows nothing.
            ValueError: The events add up to what no slot can hold; ``IMPOSSIBLE`` has what else they can do.
        """
        words: dict[int, int] = {}
        for each in self._expected():
            if isinstance(each, Judged):
                self.judged.append(each)
            else:
                words[each.slot] = each.word
        differences = list(self._judge(self.judged, words))
        if root != self._root(words) and root != self._root(words, self._hinted_zeros()):
            differences += self._name(self._known(), words)
            if root != self._root(words, self._zeros):
                differences += self._name((c for c in self._suspects() if c.slot not in words), words)
            if root != (computed := self._root(words, self._zeros)):
                message = "it holds something in a slot that no event explains"
                differences.append(Difference("storage root", _hex(computed), _hex(root), message))
        self.slots = sum(map(bool, words.values()))
        self.is_whole = not differences
        return differences

    def _judge(self, judged: Sequence[Judged], words: dict[int, int]) -> Iterator[Difference]:
        """Fills in the words that are known only by their worth, and says where that is something else."""
        proved = self._ask([cell.slot for each in judged for cell in each.cells])
        for each in judged:
            found = tuple(next(proved)[1] for _ in each.cells)
            words |= {cell.slot: word for cell, word in zip(each.cells, found, strict=True)}
            if not each.fits(found):
                self.strange.add(each.cells[0].slot)
                raw = f"({', '.join(map(str, found))})"
                message = "what a unit is paid is not what follows from the terms"
                yield Difference(each.cells[0].name, each.expected, raw, message)

    def _known(self) -> Iterator[Cell]:
        """Every place of which an event tells, or the node."""
        told = dict(self._hints())
        for each in self._expected():
            for cell in each.cells if isinstance(each, Judged) else (each,):
                told.pop(cell.slot, None)
            if isinstance(each, Cell):
                yield each
        names = {cell.slot: cell for cell in self._suspects()} if any(told.values()) else {}
        yield from (names.get(slot) or unnamed(slot) for slot in told)

    def _name(self, cells: Iterable[Cell], words: dict[int, int]) -> Iterator[Difference]:
        """Asks for some places, fills in what is found there, and says where that is something else."""
        by_slot = {cell.slot: cell for cell in cells}
        for slot, found in self._ask(list(by_slot)):
            words[slot] = found
            message = f"slot {slot:#x} holds something else than its events add up to"
            for key, want, got in by_slot[slot].differences(found):
                self.strange.add(slot)
                yield Difference(key, want, got, message)

    def _hinted_zeros(self) -> list[int]:
        return [slot for slot, word in self._hints().items() if not word]

    def _ask(self, slots: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Proved words of slots; remembers where a zero is kept."""
        for start in range(0, len(slots), MOST_SLOTS):
            part = slots[start : start + MOST_SLOTS]
            for slot, word in zip(part, self._words_of(part), strict=True):
                if word == 0:
                    self._zeros.add(slot)
                yield slot, word or 0

    def _root(self, words: Mapping[int, int], zeros: Iterable[int] = ()) -> bytes:
        """The root of a storage that holds these words, and zeros where a node keeps them."""
        leaves = {key_of(slot): ZERO_LEAF for slot in zeros}
        leaves |= {key_of(slot): leaf_of(word) for slot, word in words.items() if word}
        self.trie = PersistentTrie(leaves)
        return self.trie.root


def key_of(slot: int) -> bytes:
    """Where a slot lies in the trie of a storage."""
    return keccak(slot.to_bytes(32, "big"))


def leaf_of(word: int) -> bytes:
    """How a word lies there."""
    return encode_int(word)


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
