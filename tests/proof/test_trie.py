"""Tries against the ``trie`` package: roots, paths, absence; and nodes that somebody has bent."""

from __future__ import annotations

import pytest
import rlp  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from hypothesis import strategies as st
from trie import HexaryTrie  # type: ignore[import-untyped]

from indenture.proof import EMPTY_ROOT, ProofFault, keccak, list_root, trie_root, verify_path
from indenture.proof.rlp import encode

pytestmark = pytest.mark.unit

# Short keys share nibbles and end within each other; short values make nodes that lie within their parents.
KEYS = st.binary(min_size=1, max_size=3) | st.sampled_from(
    [b"\0", b"\0\0", b"\0\1", b"\x10", b"\x10\0", b"\x1f"]
)
VALUES = st.binary(min_size=1, max_size=40)
ENTRIES = st.dictionaries(KEYS, VALUES, max_size=25)


def built(entries: dict[bytes, bytes]) -> HexaryTrie:
    """The package's trie of some entries."""
    trie = HexaryTrie({})
    for key, value in entries.items():
        trie[key] = value
    return trie


def path(trie: HexaryTrie, key: bytes) -> list[bytes]:
    """Encoded nodes from the root towards a key."""
    return [rlp.encode(node) for node in trie.get_proof(key)]


@settings(deadline=None, max_examples=150)
@given(ENTRIES)
@example({})
@example({b"\1": b"a", b"\1\2": b"b"})
def test_trie_root__any_mapping__as_the_package_has_it(entries: dict[bytes, bytes]) -> None:
    assert trie_root(entries) == built(entries).root_hash


@pytest.mark.parametrize("size", [0, 1, 2, 15, 16, 17, 127, 128, 129, 256, 300])
def test_list_root__any_length__as_the_package_has_it(size: int) -> None:
    values = [bytes([n % 251 + 1]) * (1 + 37 * n % 90) for n in range(size)]

    expected = built({rlp.encode(place): value for place, value in enumerate(values)})

    assert list_root(values) == expected.root_hash


def test_trie_root__empty_value__refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        trie_root({b"a": b""})


@settings(deadline=None, max_examples=150)
@given(ENTRIES, st.lists(KEYS, max_size=6))
def test_verify_path__any_key__its_value_or_none(entries: dict[bytes, bytes], others: list[bytes]) -> None:
    trie = built(entries)

    for key in [*entries, *others]:
        nodes = path(trie, key)
        assert verify_path(trie.root_hash, key, nodes) == entries.get(key)
        assert verify_path(trie.root_hash, key, [*reversed(nodes), b"\x80", b"more"]) == entries.get(key)


@settings(deadline=None, max_examples=100)
@given(ENTRIES.filter(bool), st.data())
def test_verify_path__a_node_left_out_or_bent__fault(
    entries: dict[bytes, bytes], data: st.DataObject
) -> None:
    trie = built(entries)
    key = data.draw(st.sampled_from(sorted(entries)))
    nodes = path(trie, key)
    place = data.draw(st.integers(0, len(nodes) - 1))
    byte = data.draw(st.integers(0, len(nodes[place]) - 1))
    bent = bytearray(nodes[place])
    bent[byte] ^= data.draw(st.integers(1, 255))
    needed = len(nodes[place]) >= 32 or place == 0  # a shorter node lies within its parent too

    for changed in (
        [*nodes[:place], *nodes[place + 1 :]],
        [*nodes[:place], bytes(bent), *nodes[place + 1 :]],
    ):
        if needed:
            with pytest.raises(ProofFault):
                verify_path(trie.root_hash, key, changed)
        else:
            assert verify_path(trie.root_hash, key, changed) == entries[key]


def test_verify_path__empty_trie__none() -> None:
    assert verify_path(EMPTY_ROOT, b"key", []) is None
    assert verify_path(EMPTY_ROOT, b"key", [b"\x80"]) is None


LONG = b"v" * 40
# Each is a node that hashes to the root which it is shown for, so that nothing but its form can refuse it.
FORMS = {
    "bytes": b"node",
    "no items": [],
    "three items": [b"\x20", b"a", b"b"],
    "a path that is a list": [[b"\x20"], LONG],
    "a path without a prefix": [b"", LONG],
    "a prefix of four": [b"\x40", LONG],
    "a padding that is not zero": [b"\x21", LONG],
    "an extension without a path": [b"\0", keccak(LONG)],
    "an extension to nothing": [b"\0\x61", b""],
    "an extension to a leaf within it": [b"\x16", [b"\x31", b"x"]],
    "an extension to an unknown node": [b"\x16", keccak(LONG)],
    "a reference of another length": [b""] * 6 + [b"short"] + [b""] * 10,
    "a node within it that is no node": [b""] * 6 + [[b"a", b"b", b"c"]] + [b""] * 10,
    "a node within it that is too long": [b""] * 6 + [[b"\x31", LONG]] + [b""] * 10,
    "a leaf without a value": [b"\x20a", b""],
    "a leaf whose value is a list": [b"\x20a", [LONG]],
    "an endless node within nodes": [b""] * 6
    + [[b"\x11", [b"\x11", [b"\x11", [b"\x11", b"x"]]]]]
    + [b""] * 10,
}


@pytest.mark.parametrize("form", FORMS)
def test_verify_path__malformed_node__fault(form: str) -> None:
    node = encode(FORMS[form])  # type: ignore[arg-type]

    with pytest.raises(ProofFault):
        verify_path(keccak(node), b"a", [node])


def test_verify_path__value_of_a_branch_is_a_list__fault() -> None:
    node = encode([[b""], *[b""] * 15, [b"x"]])

    with pytest.raises(ProofFault, match="branch"):
        verify_path(keccak(node), b"", [node])


def test_verify_path__too_many_nodes__fault() -> None:
    with pytest.raises(ProofFault, match="at most"):
        verify_path(keccak(b"root"), b"a", (bytes([n]) for n in range(200)))
