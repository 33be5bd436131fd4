"""Accounts and slots against tries of the ``trie`` package."""

from __future__ import annotations

from typing import Any

import pytest
import rlp  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from trie import HexaryTrie  # type: ignore[import-untyped]

from indenture.proof import (
    EMPTY_ROOT,
    NO_ACCOUNT,
    Account,
    ProofFault,
    check_claims,
    keccak,
    storage_root,
    verify_account,
    verify_slot,
)

pytestmark = pytest.mark.unit

ADDRESS = "0x" + "ab" * 20
ACCOUNT = Account(nonce=3, balance=10**30, storage_root=keccak(b"storage"), code_hash=keccak(b"code"))
WORDS = st.dictionaries(st.integers(0, 40) | st.integers(0, (1 << 256) - 1), st.integers(0, (1 << 256) - 1))


def proof(trie: HexaryTrie, key: bytes) -> list[str]:
    """A path as a node of the chain gives it."""
    return ["0x" + rlp.encode(node).hex() for node in trie.get_proof(keccak(key))]


def state(value: Any, *, neighbours: int = 40) -> HexaryTrie:
    """A trie of accounts of which one has some value."""
    trie = HexaryTrie({})
    for n in range(neighbours):
        trie[keccak(bytes([n]) * 20)] = rlp.encode([n, n, keccak(b""), keccak(b"")])
    trie[keccak(bytes.fromhex(ADDRESS[2:]))] = value
    return trie


def test_verify_account__proved__its_fields() -> None:
    fields = [ACCOUNT.nonce, ACCOUNT.balance, ACCOUNT.storage_root, ACCOUNT.code_hash]
    trie = state(rlp.encode(fields))

    assert verify_account(trie.root_hash, ADDRESS, proof(trie, bytes.fromhex(ADDRESS[2:]))) == ACCOUNT


def test_verify_account__absent__no_account() -> None:
    trie = state(rlp.encode([0, 0, EMPTY_ROOT, keccak(b"")]))
    other = "0x" + "cd" * 20

    assert verify_account(trie.root_hash, other, proof(trie, bytes.fromhex(other[2:]))) == NO_ACCOUNT


def test_verify_account__path_of_another__fault() -> None:
    trie = state(rlp.encode([0, 0, EMPTY_ROOT, keccak(b"")]))

    with pytest.raises(ProofFault):
        verify_account(trie.root_hash, ADDRESS, proof(trie, b"\1" * 20))


@pytest.mark.parametrize(
    "fields",
    [
        [3, 5, keccak(b"")],
        [3, 5, keccak(b""), keccak(b""), b""],
        [1 << 64, 5, keccak(b""), keccak(b"")],
        [b"\0\1", 5, keccak(b""), keccak(b"")],
        [3, b"\0", keccak(b""), keccak(b"")],
        [3, 5, b"short", keccak(b"")],
        [3, 5, keccak(b""), [keccak(b"")]],
        [[], 5, keccak(b""), keccak(b"")],
        b"an account of bytes, long enough",
    ],
)
def test_verify_account__malformed__fault(fields: Any) -> None:
    trie = state(rlp.encode(fields))

    with pytest.raises(ProofFault):
        verify_account(trie.root_hash, ADDRESS, proof(trie, bytes.fromhex(ADDRESS[2:])))


@pytest.mark.parametrize(
    "bad", [None, {}, "0x", [None], [1], ["80"], ["0xzz"], ["0x8"], ["0x 80"], ["0x80 "]]
)
def test_verify_account__not_a_proof__fault(bad: Any) -> None:
    with pytest.raises(ProofFault):
        verify_account(keccak(b"root"), ADDRESS, bad)


CLAIMS = {
    "nonce": "0x3",
    "balance": hex(10**30),
    "storageHash": "0x" + ACCOUNT.storage_root.hex(),
    "codeHash": "0x" + ACCOUNT.code_hash.hex(),
}


@pytest.mark.parametrize("raw", [CLAIMS, {}, {"nonce": "0x3"}])
def test_check_claims__same_or_nothing_said__passes(raw: dict[str, str]) -> None:
    check_claims(ACCOUNT, raw)
    check_claims(NO_ACCOUNT, {"codeHash": "0x" + "00" * 32})


@pytest.mark.parametrize("name", CLAIMS)
@pytest.mark.parametrize("said", ["0x4", "0x" + "11" * 32, "0x", 5])
def test_check_claims__something_else__fault(name: str, said: Any) -> None:
    with pytest.raises(ProofFault):
        check_claims(ACCOUNT, CLAIMS | {name: said})


@settings(deadline=None, max_examples=60)
@given(WORDS, st.lists(st.integers(0, 60), max_size=4))
def test_verify_slot__any_storage__its_words_and_zeros(words: dict[int, int], others: list[int]) -> None:
    trie = HexaryTrie({})
    for slot, word in words.items():
        if word:
            trie[keccak(slot.to_bytes(32, "big"))] = rlp.encode(word)

    assert storage_root(words) == trie.root_hash
    for slot in [*words, *others]:
        found = verify_slot(trie.root_hash, slot, proof(trie, slot.to_bytes(32, "big")))
        assert found == words.get(slot, 0)


def test_verify_slot__stored_zero__zero() -> None:
    trie = HexaryTrie({})
    trie[keccak(bytes(32))] = b"\x80"

    assert verify_slot(trie.root_hash, 0, proof(trie, bytes(32))) == 0


@pytest.mark.parametrize("stored", [b"\0", b"\xc0", b"\x81\x05", b"\xa1" + b"\1" * 33, b"\x05\x05"])
def test_verify_slot__not_a_word__fault(stored: bytes) -> None:
    trie = HexaryTrie({})
    trie[keccak(bytes(32))] = stored
    trie[keccak(bytes(31) + b"\1")] = b"\5"

    with pytest.raises(ProofFault):
        verify_slot(trie.root_hash, 0, proof(trie, bytes(32)))
