"""A trie that is kept has, after any changes, the root of a trie that is made anew; and the old one stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.proof import EMPTY_ROOT, PersistentTrie, keccak, trie_root

pytestmark = pytest.mark.unit

SCATTERED = [keccak(bytes((n,))) for n in range(200)]
# Alike in all but their last nibbles, as hashes could be made to be: paths go on past many branches.
ALIKE = [bytes(31) + bytes((n,)) for n in range(100)]
VALUES = st.one_of(st.just(b""), st.binary(min_size=1, max_size=2), st.binary(min_size=30, max_size=33))
CHANGES = st.dictionaries(st.sampled_from([*SCATTERED, *ALIKE]), VALUES, max_size=120)


@settings(deadline=None, max_examples=40)
@given(st.lists(CHANGES, max_size=4))
def test_changed__any_number_of_times__has_the_root_of_a_trie_made_anew(
    steps: list[dict[bytes, bytes]],
) -> None:
    entries: dict[bytes, bytes] = {}
    tries = [(PersistentTrie({}), EMPTY_ROOT, 0)]
    for changes in steps:
        entries = {key: value for key, value in (entries | changes).items() if value}
        trie = tries[-1][0].changed(changes)
        assert trie.root == trie_root(entries) == PersistentTrie(entries).root
        assert all(trie.get(key) == entries.get(key) for key in changes)
        tries.append((trie, trie.root, len(entries)))
    assert [(trie.root, len(trie)) for trie, *_ in tries] == [(root, size) for _, root, size in tries]


@pytest.mark.parametrize("others", [[], SCATTERED])
def test_changed__keys_alike__has_the_root_of_a_trie_made_anew(others: list[bytes]) -> None:
    """A subtrie whose entries all go on by the same nibbles is no branch, but a path."""
    entries = dict.fromkeys([*others, *ALIKE[:60]], b"\x07")
    changes = dict.fromkeys(ALIKE[50:], b"\x08") | dict.fromkeys(ALIKE[:5], b"")

    trie = PersistentTrie(entries)
    changed = trie.changed(changes)

    assert trie.root == trie_root(entries)
    assert changed.root == trie_root({key: value for key, value in (entries | changes).items() if value})


def test_changed__emptied__is_the_empty_trie() -> None:
    entries = dict.fromkeys(SCATTERED, b"\x07")

    emptied = PersistentTrie(entries).changed(dict.fromkeys(entries, b""))

    assert (emptied.root, len(emptied), emptied.get(SCATTERED[0])) == (EMPTY_ROOT, 0, None)


def test_changed__little_of_much__hashes_little(monkeypatch: pytest.MonkeyPatch) -> None:
    trie = PersistentTrie({keccak(n.to_bytes(2, "big")): b"\x07" for n in range(5_000)})
    assert trie.root
    hashed: list[bytes] = []

    def counted(data: bytes) -> bytes:
        hashed.append(data)
        return keccak(data)

    monkeypatch.setattr("indenture.proof.trie.keccak", counted)
    monkeypatch.setattr("indenture.proof.persistent.keccak", counted)

    assert trie.changed({keccak(bytes(2)): b"\x08"}).root

    assert len(hashed) < 40


def test_trie__empty_value__is_refused() -> None:
    with pytest.raises(ValueError, match="no empty value"):
        PersistentTrie({SCATTERED[0]: b""})


def test_trie__key_that_is_no_hash__is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        PersistentTrie({}).changed({b"short": b"\x01"})
