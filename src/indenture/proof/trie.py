"""Merkle-Patricia tries: the root of a mapping or a list, and what a path of nodes proves under a root.

Source: Ethereum Yellow Paper, appendix D.  A node is a leaf ``[path, value]``, an extension ``[path, child]``
or a branch of sixteen children and a value.  A child is the hash of its encoding, or the node itself where it
is shorter than a hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from indenture.proof.fault import ProofFault
from indenture.proof.hashing import keccak
from indenture.proof.rlp import Item, decode, encode, encode_bytes, encode_int, encode_list

EMPTY_ROOT = keccak(b"\x80")
"""The root of a trie that holds nothing."""

_HASH = 32
_BRANCH = 17
_NOTHING = b"\x80"
# A path has a node a nibble at most, and no key here is longer than a hash.
_MOST_NODES = 2 * _HASH + 1


def trie_root(entries: Mapping[bytes, bytes]) -> bytes:
    """The root of a mapping; values must not be empty.

    Raises:
        ValueError: A value is empty: a trie keeps none.
    """
    if not entries:
        return EMPTY_ROOT
    if not all(entries.values()):
        raise ValueError("a trie keeps no empty value")
    pairs = sorted((key.hex(), value) for key, value in entries.items())
    return keccak(encoded_node([key for key, _ in pairs], [value for _, value in pairs], 0, len(pairs), 0))


def list_root(values: Sequence[bytes]) -> bytes:
    """The root of a list, whose keys are its encoded places: transactions and receipts of a block."""
    return trie_root({encode_int(place): value for place, value in enumerate(values)})


def verify_path(root: bytes, key: bytes, nodes: Iterable[bytes]) -> bytes | None:
    """What a trie holds under a key.

    Args:
        root: The root of the trie.
        key: The whole key, as the trie has it (hashed, where the trie hashes its keys).
        nodes: Encoded nodes from the root to the key, or to where the path parts from it.  Others do no harm.

    Returns:
        The value; None when the nodes prove that there is none.

    Raises:
        ProofFault: The nodes prove neither.
    """
    known = _by_hash(nodes)
    path, node = key.hex(), _fetch(root, known)
    # Every step either ends or takes a nibble of the key: no chain of nodes is longer than the key.
    while node:
        if len(node) == _BRANCH:
            if not path:
                return _bytes(node[16], "the value of a branch") or None
            node, path = _child(node[int(path[0], 16)], known), path[1:]
            continue
        shared, is_leaf = _read_path(node[0])
        if is_leaf:
            return _value(node[1]) if shared == path else None
        if not path.startswith(shared):
            return None
        path = path[len(shared) :]
        node = _child(node[1], known)
        if len(node) != _BRANCH:
            raise ProofFault("the child of an extension", "a branch", f"{len(node)} items")
    return None


def _by_hash(nodes: Iterable[bytes]) -> dict[bytes, bytes]:
    known: dict[bytes, bytes] = {}
    for node in nodes:
        known[keccak(node)] = node
        if len(known) > _MOST_NODES:
            raise ProofFault("a proof", f"at most {_MOST_NODES} nodes", "more")
    return known


def _fetch(digest: bytes, known: Mapping[bytes, bytes]) -> list[Item]:
    """The node of a hash; an empty list for the empty trie."""
    if digest == EMPTY_ROOT:
        return []
    encoded = known.get(digest)
    if encoded is None:
        raise ProofFault("a proof", f"the node {'0x' + digest.hex()}", "none of that hash")
    return _check(decode(encoded))


def _child(item: Item, known: Mapping[bytes, bytes]) -> list[Item]:
    """The node that a parent names; an empty list where it names none."""
    if isinstance(item, list):
        if len(encode(item)) >= _HASH:
            raise ProofFault("a node within a node", f"fewer than {_HASH} bytes", "more")
        return _check(item)
    if not item:
        return []
    if len(item) != _HASH:
        raise ProofFault("a reference to a node", f"{_HASH} bytes", item)
    return _fetch(item, known)


def _check(node: Item) -> list[Item]:
    if isinstance(node, bytes) or len(node) not in (2, _BRANCH):
        found = "bytes" if isinstance(node, bytes) else f"{len(node)} items"
        raise ProofFault("a node of a trie", f"2 or {_BRANCH} items", found)
    return node


def _read_path(item: Item) -> tuple[str, bool]:
    """The nibbles of a leaf's or an extension's path, and whether it is a leaf's."""
    digits = _bytes(item, "the path of a node").hex()
    flag = digits[:1]
    odd, is_leaf = flag in ("1", "3"), flag in ("2", "3")
    if flag not in ("0", "1", "2", "3") or (not odd and digits[1] != "0"):
        raise ProofFault("the path of a node", "a prefix of 0 to 3 and whole bytes", item)
    path = digits[1:] if odd else digits[2:]
    if not path and not is_leaf:
        raise ProofFault("the path of an extension", "a nibble at least", "none")
    return path, is_leaf


def _value(item: Item) -> bytes:
    value = _bytes(item, "the value of a leaf")
    if not value:
        raise ProofFault("the value of a leaf", "a byte at least", "none")
    return value


def _bytes(item: Item, what: str) -> bytes:
    if isinstance(item, bytes):
        return item
    raise ProofFault(what, "bytes", "a list")


def encoded_node(keys: list[str], values: list[bytes], low: int, high: int, depth: int) -> bytes:
    """The encoded node of sorted keys, as nibbles, that agree in their first ones.

    Args:
        keys: The keys, in order.
        values: Their values.
        low: Place of the first of them that counts.
        high: Place after the last.
        depth: How many nibbles lie on the way to the node.
    """
    if high - low == 1:
        return encode_list((encode_bytes(_path(keys[low][depth:], leaf=True)), encode_bytes(values[low])))
    # Of sorted keys, what the first and the last share, all share.
    shared = _agreement(keys[low], keys[high - 1], depth)
    branch = _branch(keys, values, low, high, shared)
    if shared == depth:
        return branch
    return encode_list((encode_bytes(_path(keys[low][depth:shared], leaf=False)), reference(branch)))


def _branch(keys: list[str], values: list[bytes], low: int, high: int, depth: int) -> bytes:
    own = _NOTHING
    if len(keys[low]) == depth:
        own = encode_bytes(values[low])
        low += 1
    children = [_NOTHING] * 16
    while low < high:
        nibble, end = keys[low][depth], low + 1
        while end < high and keys[end][depth] == nibble:
            end += 1
        children[int(nibble, 16)] = reference(encoded_node(keys, values, low, end, depth + 1))
        low = end
    return encode_list((*children, own))


def _agreement(first: str, second: str, at: int) -> int:
    """How many nibbles two keys share that share some already."""
    end = min(len(first), len(second))
    while at < end and first[at] == second[at]:
        at += 1
    return at


def reference(node: bytes) -> bytes:
    """How a parent names an encoded node: by its hash, or the node itself where it is shorter."""
    return node if len(node) < _HASH else b"\xa0" + keccak(node)


def _path(nibbles: str, *, leaf: bool) -> bytes:
    """Nibbles in whole bytes, with what tells a leaf from an extension, and odd from even."""
    flag = 2 * leaf + len(nibbles) % 2
    return bytes.fromhex(f"{flag}{'' if flag % 2 else '0'}{nibbles}")
