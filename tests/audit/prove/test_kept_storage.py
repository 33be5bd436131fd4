"""The storage that a watch keeps: word for word what events say, without working all of it out again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from unittest.mock import ANY

import pytest
from tests.audit.lives import Lives
from tests.audit.stage import Story

from indenture.audit.events import History, Transaction
from indenture.audit.findings import Findings
from indenture.audit.prove.storage import kept as kept_module
from indenture.audit.prove.storage.cash import cash_storage
from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.compare import Storage, key_of, leaf_of
from indenture.audit.prove.storage.expected import expected_storage
from indenture.audit.prove.storage.judged import Judged
from indenture.audit.prove.storage.kept import Advance, Kept, Known
from indenture.audit.replay import World
from indenture.audit.replay.cash import CashBook
from indenture.audit.replay.touched import Touched
from indenture.ledger import Ledger, ingest
from indenture.ledger.suite import DELEGATES, SINGLE, Target
from indenture.proof import storage_root

TEXTS = ("", "")
STEP = 10
"""Transactions between two looks at a story."""


# --- whole stories: what is kept is what events say


class Told:
    """A story, taken in step by step."""

    def __init__(self, story: Story) -> None:
        self.complete = max(story.deployment.contracts[name].block for name in (*SINGLE, *DELEGATES))
        last = story.chain.block_stamp()
        with Ledger.open(None, story.deployment, genesis=story.chain.genesis_hash) as ledger:
            ingest(ledger, story.chain, to=last, decode=False)
            self.world = World(ledger.suite, Findings())
            self._left = [tx for batch in History(ledger, ledger.suite, last).batches(0) for tx in batch]

    def begin(self) -> None:
        """Up to the end of the deployment."""
        while self._left[0].block <= self.complete:
            self._take(self._left.pop(0))

    def steps(self) -> Iterator[None]:
        """All that follows, some transactions at a time."""
        while self._left:
            for tx in self._left[:STEP]:
                self._take(tx)
            del self._left[:STEP]
            yield

    @property
    def contracts(self) -> list[str]:
        bonds = self.world.bonds
        return [*bonds, *(a for a, t in self.world.suite.targets.items() if t.kind != "Bond")]

    def learn(self, kept: Kept, address: str) -> None:
        storage = Storage(
            lambda: expected_storage(self.world, address, TEXTS), lambda: iter(()), _nothing, dict
        )
        storage.differences(ANY)
        kept.learn(self.world, address, b"", storage, TEXTS)

    def words(self, address: str) -> dict[int, int]:
        """What events say now, worked out whole; what is judged by its worth is no word."""
        cells = (e for e in expected_storage(self.world, address, TEXTS) if isinstance(e, Cell))
        return {cell.slot: cell.word for cell in cells if cell.word}

    def _take(self, tx: Transaction) -> None:
        for event in tx.events:
            self.world.apply(event)


def _nothing(slots: Sequence[int]) -> list[int]:
    return [0] * len(slots)


@pytest.fixture(params=["played", "lived", "fated"])
def told(request: pytest.FixtureRequest) -> Told:
    found: Story | Lives = request.getfixturevalue(request.param)
    return Told(found if isinstance(found, Story) else found.story)


@pytest.mark.integration
def test_advance__whole_stories_step_by_step__every_word_is_what_events_say(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So every event notes all that it changes: a word that is left behind would differ."""
    monkeypatch.setattr(kept_module, "_judge", _judged_as_nothing)
    told.begin()
    kept = Kept()
    for address in told.contracts:
        told.learn(kept, address)
    told.world.touched.take()

    for _ in told.steps():
        advance = Advance(kept, told.world, told.world.touched.take(), lambda _: (), keeps_zeros=False)
        for address in told.contracts:
            known = advance.proved(address, ANY, _nothing)
            if known is None:
                told.learn(kept, address)  # a bond that is new
                continue
            words = told.words(address)
            assert (known.slots, len(known.trie)) == (len(words), len(words)), told.world.suite.label(address)
            assert all(known.trie.get(key_of(slot)) == leaf_of(word) for slot, word in words.items())
    assert set(kept.contracts) == set(told.contracts)


def _judged_as_nothing(judged: Judged, words_of: object) -> dict[int, int]:
    del words_of
    return dict.fromkeys((cell.slot for cell in judged.cells), 0)


# --- one token, on a node of a chain, which keeps no zeros


class Token:
    """A cash token in a world of its own, and what the chain holds of it."""

    ADDRESS = "0x" + "11" * 20
    HOLDERS = tuple(f"0x{number:040x}" for number in range(1, 40))

    def __init__(self) -> None:
        self.book = CashBook(self.ADDRESS, Touched())
        target = Target("CashToken", self.ADDRESS, "CashToken CNY")
        self.world = SimpleNamespace(
            bonds={},
            cash={self.ADDRESS: self.book},
            suite=SimpleNamespace(targets={self.ADDRESS: target}),
            authority=SimpleNamespace(of={self.ADDRESS: "0x" + "22" * 20}),
        )
        self.hidden: dict[int, int] = {}
        self.kept = Kept()
        for holder in self.HOLDERS[:30]:
            self.book.balances[holder] = 100
        self.whole()

    @property
    def words(self) -> dict[int, int]:
        cells = cash_storage(self.world, self.book, TEXTS)  # type: ignore[arg-type]
        return {cell.slot: cell.word for cell in cells}

    @property
    def root(self) -> bytes:
        return storage_root(self.words | self.hidden)

    def whole(self) -> list[str]:
        """Goes the whole way, and keeps what it comes to."""
        here = self.words | self.hidden
        cells = lambda: cash_storage(self.world, self.book, TEXTS)  # type: ignore[arg-type] # noqa: E731
        storage = Storage(
            cells, lambda: iter(()), lambda slots: [here.get(slot) or None for slot in slots], dict
        )
        differences = storage.differences(self.root)
        self.kept.learn(self.world, self.ADDRESS, self.root, storage, TEXTS)  # type: ignore[arg-type]
        return [difference.key for difference in differences]

    def move(self, holder: int, balance: int) -> tuple[str, str, str]:
        self.book.balances[self.HOLDERS[holder]] = balance
        return "cash", self.ADDRESS, self.HOLDERS[holder]

    def proved(self, *keys: tuple[str, ...]) -> Known | None:
        advance = Advance(self.kept, self.world, keys, self._read, keeps_zeros=False)  # type: ignore[arg-type]
        return advance.proved(self.ADDRESS, self.root, _nothing)

    def _read(self, address: str) -> list[int]:
        raise AssertionError(f"{address}: no chain keeps zeros")


@pytest.mark.unit
def test_advance__moved__is_proved_and_counted() -> None:
    token = Token()
    before = token.kept.contracts[token.ADDRESS]

    known = token.proved(token.move(0, 0), token.move(1, 200), token.move(35, 7), token.move(36, 8))

    assert known is not None
    assert known.is_whole
    assert (before.slots, known.slots) == (31, 32)  # one holder less, two more
    assert (before.trie.root, known.trie.root) == (before.root, token.root)


@pytest.mark.unit
def test_advance__nothing_told_and_another_root__goes_the_whole_way() -> None:
    token = Token()
    token.hidden = {12345: 1}

    assert token.proved() is None
    assert token.whole() == ["storage root"]
    stays = token.proved()
    assert stays is not None
    assert not stays.is_whole


@pytest.mark.unit
def test_advance__told_and_not_done__goes_the_whole_way() -> None:
    """A root that is the old one proves nothing of a contract of which events tell a change."""
    token = Token()
    old = token.root
    advance = Advance(
        token.kept,
        token.world,  # type: ignore[arg-type]
        [token.move(3, 101)],
        lambda _: (),
        keeps_zeros=False,
    )

    assert advance.proved(token.ADDRESS, old, _nothing) is None
    assert token.ADDRESS not in token.kept.contracts


@pytest.mark.unit
def test_advance__proof_that_failed__leaves_nothing_to_go_on_from() -> None:
    token = Token()

    Advance(token.kept, token.world, [token.move(3, 101)], lambda _: (), keeps_zeros=False)  # type: ignore[arg-type]

    assert token.proved() is None


@pytest.mark.unit
def test_advance__after_a_difference_was_told__goes_on_with_what_is_there() -> None:
    token = Token()
    balance = next(s for s, word in token.words.items() if word == 100)
    token.hidden = {balance: 101}
    assert token.proved() is None
    assert token.whole() == [f"_balances[{token.HOLDERS[0]}]"]

    moved = token.proved(token.move(5, 50))
    assert moved is not None
    assert not moved.is_whole
    token.hidden = {}
    healed = token.proved(token.move(0, 300))
    assert healed is not None
    assert healed.is_whole


@pytest.mark.unit
def test_kept__copied__goes_back() -> None:
    token = Token()
    copy = token.kept.copy()
    root = token.root
    assert token.proved(token.move(0, 0), token.move(35, 7)) is not None

    token.kept = copy
    token.move(35, 0)
    known = token.proved(token.move(0, 100))

    assert known is not None
    assert known.trie.root == token.root == root
