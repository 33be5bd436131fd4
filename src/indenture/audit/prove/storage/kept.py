"""What a watch keeps of the storage that it has proved, so that the next proof costs what has changed.

Of each contract the trie of all its words is kept.  The words that events have changed since are worked out
anew and put into it; where its root is then the proved one, the contract holds just what events say, as if
all of it had been worked out.  Where it is not, or nothing is kept, the whole way is gone (``Storage``), and
what it comes to is kept.

A trie that is kept takes no word from the node that differs from what events say, but where that has been
told as a difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType

from indenture.audit.findings import IMPOSSIBLE
from indenture.audit.prove.storage.changes import Page, all_pages, page_of, pages, rows
from indenture.audit.prove.storage.compare import ZERO_LEAF, Storage, key_of, leaf_of
from indenture.audit.prove.storage.judged import Judged
from indenture.audit.replay import World
from indenture.audit.replay.touched import Key
from indenture.proof import PersistentTrie, ProofFault

Words = Callable[[Sequence[int]], Sequence[int | None]]


@dataclass(frozen=True, slots=True)
class Known:
    """A contract, as it was proved last.

    Attributes:
        root: The proved root of its storage.
        trie: Its words, and the zeros that the node keeps.
        slots: How many words there are, zeros not counted.
        is_whole: Whether it held what events say, and nothing else.
        strange: Slots of which a difference was told; what they hold is in the trie.
        pages: The slots of each page.
        judged: What the words are worth that were judged, by the first slot.
        texts: Name and symbol of a cash token.
    """

    root: bytes
    trie: PersistentTrie
    slots: int
    is_whole: bool
    strange: frozenset[int]
    pages: Mapping[Page, tuple[int, ...]]
    judged: Mapping[int, str]
    texts: tuple[str, str]


class Misfit(Exception):
    """What is kept cannot be carried on: the whole way has to be gone."""


@dataclass
class Kept:
    """All contracts that were proved, up to a block.

    Attributes:
        block: The block; -1 before the first.
        contracts: What is known of each.
        codes: Hash of the code that must be at each address, with how many contracts it was worked out of.
        wallets: Accounts that signed as contracts, and are proved to be some.
    """

    block: int = -1
    contracts: dict[str, Known] = field(default_factory=dict)
    codes: tuple[tuple[int, ...], Mapping[str, str]] = ((), MappingProxyType({}))
    wallets: frozenset[str] = frozenset()

    def copy(self) -> Kept:
        """The same, to be gone back to; tries are shared, as they never change."""
        return replace(self, contracts=dict(self.contracts))

    def learn(
        self, world: World, address: str, root: bytes, storage: Storage, texts: tuple[str, str]
    ) -> None:
        """Keeps what the whole way has come to.

        Args:
            world: The suite after the last event.
            address: The contract.
            root: The proved root of its storage.
            storage: Its storage, after it was compared under that root.
            texts: Name and symbol of a cash token.
        """
        slots = {
            page: tuple(cell.slot for cell in page_of(world, address, page, texts))
            for page in all_pages(world, address)
        }
        self.contracts[address] = Known(
            root,
            storage.trie,
            storage.slots,
            storage.is_whole,
            frozenset(storage.strange),
            slots,
            {each.cells[0].slot: each.expected for each in storage.judged},
            texts,
        )


class Advance:
    """One step from the last block that was proved to another one.

    What has changed is kept no more until it is proved again: a proof that fails leaves nothing behind.

    Args:
        kept: What was proved; it is carried on contract by contract.
        world: The suite after the last event.
        keys: All keys that have changed since.
        read: Slots of a contract that the transactions since have read: a node may keep zeros there.
        keeps_zeros: Whether the node keeps zeros at all.
    """

    def __init__(
        self,
        kept: Kept,
        world: World,
        keys: Iterable[Key],
        read: Callable[[str], Iterable[int]],
        *,
        keeps_zeros: bool,
    ) -> None:
        self._kept = kept
        self._world = world
        self._read = read
        self._keeps_zeros = keeps_zeros
        self._keys: defaultdict[str, list[Key]] = defaultdict(list)
        self._pages: defaultdict[str, dict[Page, None]] = defaultdict(dict)
        self._sort(keys)
        touched = self._keys.keys() | self._pages.keys()
        self._before = {a: known for a in touched if (known := kept.contracts.pop(a, None))}

    def _sort(self, keys: Iterable[Key]) -> None:
        """What the keys mean, by contract."""
        try:
            for key in keys:
                for address, _ in rows(self._world, key):
                    self._keys[address].append(key)
                for address, page in pages(self._world, key):
                    self._pages[address][page] = None
        except IMPOSSIBLE:
            self._kept.contracts.clear()  # falsified events: of what they are about nobody knows

    def proved(self, address: str, root: bytes, words_of: Words) -> Known | None:
        """The contract as it is proved by what is kept; None where the whole way has to be gone.

        Args:
            address: The contract.
            root: The proved root of its storage.
            words_of: Proved words of some of its slots.
        """
        known = self._kept.contracts.pop(address, None)
        if known is None or known.root != root:
            known = self._moved(known or self._before.get(address), address, root, words_of)
        if known is not None:
            self._kept.contracts[address] = known
        return known

    def _moved(self, known: Known | None, address: str, root: bytes, words_of: Words) -> Known | None:
        """What is kept, under another root or with other words; None where the two do not fit."""
        if known is None:
            return None
        try:
            known = self._with_zeros(self._carried_on(known, address, words_of), address, root)
        except (*IMPOSSIBLE, ProofFault, Misfit):
            return None
        return known and replace(known, root=root, is_whole=not known.strange)

    def _carried_on(self, known: Known, address: str, words_of: Words) -> Known:
        """What is kept, with every word that events have changed."""
        words: dict[int, int] = {}
        told = dict(known.pages)
        for page in self._pages[address]:
            now = {c.slot: c.word for c in page_of(self._world, address, page, known.texts)}
            words |= dict.fromkeys(told.get(page, ()), 0) | now
            told[page] = tuple(now)
        judged = dict(known.judged)
        found = (rows(self._world, key) for key in self._keys[address])
        for each in chain.from_iterable(row for at, row in chain.from_iterable(found) if at == address):
            if not isinstance(each, Judged):
                words[each.slot] = each.word
            elif judged.get(each.cells[0].slot) != each.expected:
                words |= _judge(each, words_of)
                judged[each.cells[0].slot] = each.expected
        trie, slots = self._put(known.trie, words)
        return replace(
            known,
            trie=trie,
            slots=known.slots + slots,
            strange=known.strange - words.keys(),
            pages=told,
            judged=judged,
        )

    def _put(self, trie: PersistentTrie, words: Mapping[int, int]) -> tuple[PersistentTrie, int]:
        """A trie with some words in it, and how many more there are of them now."""
        changes: dict[bytes, bytes] = {}
        more = 0
        for slot, word in words.items():
            key = key_of(slot)
            before = trie.get(key)
            if word:
                changes[key] = leaf_of(word)
            elif before is not None:
                changes[key] = ZERO_LEAF if self._keeps_zeros else b""
            more += bool(word) - (before not in (None, ZERO_LEAF))
        return trie.changed(changes), more

    def _with_zeros(self, known: Known, address: str, root: bytes) -> Known | None:
        """What is kept, with the zeros that the node keeps under a proved root; None under another one."""
        if known.trie.root == root:
            return known
        if not self._keeps_zeros:
            return None
        keys = [key_of(slot) for slot in self._read(address)]
        trie = known.trie.changed({key: ZERO_LEAF for key in keys if known.trie.get(key) is None})
        return replace(known, trie=trie) if trie.root == root else None


def _judge(judged: Judged, words_of: Words) -> dict[int, int]:
    """Words that are known only by their worth, as they are proved."""
    slots = [cell.slot for cell in judged.cells]
    found = tuple(word or 0 for word in words_of(slots))
    if not judged.fits(found):
        raise Misfit
    return dict(zip(slots, found, strict=True))
