"""One contract's storage against a proved root, without a node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.compare import Storage
from indenture.audit.prove.storage.judged import Judged
from indenture.audit.prove.storage.solidity import UINT256
from indenture.proof import EMPTY_ROOT, keccak, storage_root, trie_root
from indenture.proof.rlp import encode_int

pytestmark = pytest.mark.unit

STORED = {1: 10, 2: 20, 3**100: 30}


def cell(slot: int, word: int) -> Cell:
    return Cell(slot, word, (f"_{slot}",), (("", 0, UINT256),))


class Contract:
    """A contract whose every slot is known here; it remembers which it was asked for."""

    def __init__(self, words: dict[int, int], zeros: Sequence[int] = ()) -> None:
        self.words = words | dict.fromkeys(zeros, 0)
        self.asked: list[int] = []

    def words_of(self, slots: Sequence[int]) -> list[int | None]:
        self.asked += slots
        return [self.words.get(slot) for slot in slots]

    @property
    def root(self) -> bytes:
        return trie_root({keccak(s.to_bytes(32, "big")): encode_int(w) for s, w in self.words.items()})

    def storage(
        self,
        expected: dict[int, int],
        *,
        judged: Sequence[Judged] = (),
        suspects: Sequence[int] = (),
        hints: dict[int, int] | None = None,
    ) -> Storage:
        def cells() -> Iterator[Cell | Judged]:
            yield from (cell(slot, word) for slot, word in expected.items())
            yield from judged

        return Storage(
            cells, lambda: (cell(slot, 0) for slot in suspects), self.words_of, lambda: hints or {}
        )


def test_storage__as_expected__is_whole_and_asks_for_nothing() -> None:
    contract = Contract(STORED)
    storage = contract.storage(STORED | {9: 0})

    assert contract.root == storage_root(STORED)
    assert storage.differences(contract.root) == []
    assert (storage.slots, storage.is_whole, contract.asked) == (3, True, [])


def test_storage__empty__is_whole() -> None:
    storage = Contract({}).storage({1: 0})

    assert storage.differences(EMPTY_ROOT) == []
    assert (storage.slots, storage.is_whole) == (0, True)


@pytest.mark.parametrize("found", [{1: 11}, {2: 0}, {1: 20, 2: 10}])
def test_storage__with_another_word__is_named_and_nothing_else(found: dict[int, int]) -> None:
    words = {slot: word for slot, word in (STORED | found).items() if word}
    contract = Contract(words)
    storage = contract.storage(STORED)

    differences = storage.differences(contract.root)

    told = [(d.key, d.expected, d.found) for d in differences]
    assert told == [(f"_{slot}", str(STORED[slot]), str(word)) for slot, word in found.items()]
    assert not storage.is_whole


def test_storage__with_a_slot_more__is_found() -> None:
    contract = Contract(STORED | {77: 1})
    storage = contract.storage(STORED)

    (difference,) = storage.differences(contract.root)

    assert (difference.key, difference.found) == ("storage root", "0x" + contract.root.hex())
    assert difference.expected == "0x" + storage_root(STORED).hex()
    assert difference.message == "it holds something in a slot that no event explains"
    assert not storage.is_whole


@pytest.mark.parametrize("known", [{"suspects": [77]}, {"hints": {77: 0}}, {"hints": {77: 5}}])
def test_storage__with_a_slot_more_where_one_may_look__names_it(known: dict[str, object]) -> None:
    contract = Contract(STORED | {77: 1})

    (difference,) = contract.storage(STORED, **known).differences(contract.root)  # type: ignore[arg-type]

    assert difference.key in ("_77", "slot 0x4d")
    assert (difference.expected, difference.found) == ("0", "1")


def test_storage__with_another_word_and_a_slot_more__tells_both() -> None:
    contract = Contract(STORED | {1: 11, 77: 1})

    differences = contract.storage(STORED).differences(contract.root)

    assert [d.key for d in differences] == ["_1", "storage root"]


def test_storage__with_zeros_that_the_node_keeps__is_whole() -> None:
    contract = Contract(STORED, zeros=[5, 6])
    storage = contract.storage(STORED | {5: 0}, hints={**STORED, 5: 0, 6: 0})

    assert contract.root != storage_root(STORED)
    assert storage.differences(contract.root) == []
    assert (storage.is_whole, contract.asked) == (True, [])


def test_storage__with_zeros_of_an_earlier_state__is_whole_when_each_is_asked_for() -> None:
    """What the node keeps now is more than it kept then: only proofs tell the two apart."""
    contract = Contract(STORED, zeros=[6])
    storage = contract.storage(STORED, hints={**STORED, 5: 0, 6: 0, 8: 99})

    assert storage.differences(contract.root) == []
    assert storage.is_whole
    assert {5, 6, 8} <= set(contract.asked)


def test_storage__with_zeros_that_nobody_names__is_not_whole() -> None:
    contract = Contract(STORED, zeros=[6])

    (difference,) = contract.storage(STORED).differences(contract.root)

    assert difference.key == "storage root"


def test_storage__with_words_to_be_judged__asks_for_these_alone() -> None:
    contract = Contract(STORED | {40: 6, 41: 4})
    half = Judged((cell(40, 0), cell(41, 0)), lambda words: words[0] * 2 == words[1] * 3, "3/2")
    storage = contract.storage(STORED, judged=[half])

    assert storage.differences(contract.root) == []
    assert (storage.slots, storage.is_whole, contract.asked) == (5, True, [40, 41])


def test_storage__with_words_of_another_worth__says_what_they_should_be_worth() -> None:
    contract = Contract(STORED | {40: 7, 41: 4})
    half = Judged((cell(40, 0), cell(41, 0)), lambda words: words[0] * 2 == words[1] * 3, "3/2")
    storage = contract.storage(STORED, judged=[half])

    (difference,) = storage.differences(contract.root)

    assert (difference.key, difference.expected, difference.found) == ("_40", "3/2", "(7, 4)")
    assert not storage.is_whole
