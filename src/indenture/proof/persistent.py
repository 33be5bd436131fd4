"""A Merkle-Patricia trie that is kept: what changes makes a new one, which shares all else with the old one.

Both stay what they are, so that one can go back.  Keys are hashes of 32 bytes, as those of every storage.
Up to ``_FULL`` neighbours lie in a bucket, sorted, and have one remembered hash together; more of them in
sixteen subtries by their next nibble.  A change is hashed with its bucket and the branches above it, and
nothing else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from indenture.proof.hashing import keccak
from indenture.proof.rlp import encode_list
from indenture.proof.trie import EMPTY_ROOT, encoded_node, reference

_KEY = 32
_NOTHING = b"\x80"
_NIBBLES = 16
# More make a trie smaller, by what a bucket costs, and a change dearer.
_FULL: Final = 16


class PersistentTrie:
    """A mapping of 32 bytes to bytes, with its root.

    Args:
        entries: Keys and their values, none of them empty.

    Raises:
        ValueError: A key is no hash, or a value is empty.
    """

    __slots__ = ("_top",)

    def __init__(self, entries: Mapping[bytes, bytes]) -> None:
        if not all(entries.values()):
            raise ValueError("a trie keeps no empty value")
        self._top = _grown(_joined(entries), 0)

    def __len__(self) -> int:
        return 0 if self._top is None else self._top.size

    @property
    def root(self) -> bytes:
        """The root of the trie; what was hashed before is not hashed again."""
        return EMPTY_ROOT if self._top is None else keccak(self._top.encoded(0))

    def get(self, key: bytes) -> bytes | None:
        """The value of a key; None where there is none."""
        node, depth = self._top, 0
        while isinstance(node, _Branch):
            node, depth = node.children[_nibble(key, depth)], depth + 1
        entries = () if node is None else node.entries
        place = bisect_left(entries, key)
        found = entries[place] if place < len(entries) else b""
        return found[_KEY:] if found.startswith(key) else None

    def changed(self, changes: Mapping[bytes, bytes]) -> PersistentTrie:
        """The trie with some values set, and those removed that are empty here.

        Raises:
            ValueError: A key is no hash.
        """
        trie = PersistentTrie({})
        trie._top = _changed(self._top, _joined(changes), 0)
        return trie


class _Bucket:
    """A few entries: each a key with its value behind it, in order."""

    __slots__ = ("_reference", "entries")

    def __init__(self, entries: Sequence[bytes]) -> None:
        self.entries = tuple(entries)
        self._reference = b""

    @property
    def size(self) -> int:
        return len(self.entries)

    def encoded(self, depth: int) -> bytes:
        return _flat(self.entries, depth)

    def reference(self, depth: int) -> bytes:
        if not self._reference:
            self._reference = reference(self.encoded(depth))
        return self._reference


class _Branch:
    """Entries by the nibble at its depth."""

    __slots__ = ("_reference", "children", "size")

    def __init__(self, children: Sequence[_Node | None]) -> None:
        self.children = tuple(children)
        self.size: int = sum(child.size for child in children if child is not None)
        self._reference = b""

    def encoded(self, depth: int) -> bytes:
        if sum(child is not None for child in self.children) == 1:  # the path goes on: a node of another kind
            return _flat(list(_entries(self)), depth)
        under = (_NOTHING if child is None else child.reference(depth + 1) for child in self.children)
        return encode_list((*under, _NOTHING))

    def reference(self, depth: int) -> bytes:
        if not self._reference:
            self._reference = reference(self.encoded(depth))
        return self._reference


_Node = _Bucket | _Branch


def _joined(entries: Mapping[bytes, bytes]) -> list[bytes]:
    if any(len(key) != _KEY for key in entries):
        raise ValueError(f"a key has {_KEY} bytes")
    return sorted(key + value for key, value in entries.items())


def _flat(entries: Sequence[bytes], depth: int) -> bytes:
    keys = [entry[:_KEY].hex() for entry in entries]
    return encoded_node(keys, [entry[_KEY:] for entry in entries], 0, len(keys), depth)


def _grown(entries: Sequence[bytes], depth: int) -> _Node | None:
    """The subtrie of sorted entries that share their first nibbles."""
    if len(entries) > _FULL:
        return _Branch([_grown(part, depth + 1) for part in _by_nibble(entries, depth)])
    return _Bucket(entries) if entries else None


def _changed(node: _Node | None, changes: Sequence[bytes], depth: int) -> _Node | None:
    if not changes:
        return node
    if isinstance(node, _Branch):
        parts = zip(node.children, _by_nibble(changes, depth), strict=True)
        branch = _Branch([_changed(child, part, depth + 1) for child, part in parts])
        # Not at once when it could be a bucket again: entries that come and go would build it anew each time.
        return branch if branch.size > _FULL // 2 else _grown(list(_entries(branch)), depth)
    kept = {entry[:_KEY]: entry for entry in (node.entries if node else ())}
    kept |= {change[:_KEY]: change for change in changes}
    return _grown(sorted(entry for entry in kept.values() if len(entry) > _KEY), depth)


def _by_nibble(entries: Sequence[bytes], depth: int) -> Iterator[Sequence[bytes]]:
    """Sorted entries that share their first nibbles, cut into sixteen by the next one."""
    whole, odd = divmod(depth, 2)
    shared, high = entries[0][:whole], entries[0][whole] & 0xF0
    start = 0
    for nibble in range(1, _NIBBLES):
        bound = shared + bytes((high | nibble if odd else nibble << 4,))
        end = bisect_left(entries, bound, start)
        yield entries[start:end]
        start = end
    yield entries[start:]


def _entries(node: _Node | None) -> Iterator[bytes]:
    if isinstance(node, _Branch):
        for child in node.children:
            yield from _entries(child)
    elif node is not None:
        yield from node.entries


def _nibble(key: bytes, depth: int) -> int:
    whole, odd = divmod(depth, 2)
    return key[whole] & 0xF if odd else key[whole] >> 4
