"""Accounts and their storage, proved against the state root of a block (EIP-1186)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indenture.proof.fault import ProofFault, maybe, octets, quantity, sequence
from indenture.proof.hashing import keccak
from indenture.proof.rlp import decode, decode_list, encode_int, number_of
from indenture.proof.trie import EMPTY_ROOT, trie_root, verify_path

EMPTY_CODE = keccak(b"")
"""The code hash of an account without code."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the state holds of an account.

    Attributes:
        nonce: Transactions sent, or contracts created.
        balance: Wei.
        storage_root: Root of its storage.
        code_hash: Keccak-256 of its code.
    """

    nonce: int
    balance: int
    storage_root: bytes
    code_hash: bytes


NO_ACCOUNT = Account(0, 0, EMPTY_ROOT, EMPTY_CODE)
"""What an address holds that nobody has used."""


def verify_account(state_root: bytes, address: str, proof: object) -> Account:
    """The account at an address.

    Args:
        state_root: Of the block's header.
        address: 0x-prefixed hex.
        proof: ``accountProof`` as the node gave it.

    Returns:
        The account; ``NO_ACCOUNT`` when the proof shows that there is none.

    Raises:
        ProofFault: The proof shows neither.
    """
    key = keccak(octets(address, "an address", 20))
    value = verify_path(state_root, key, _nodes(proof))
    if value is None:
        return NO_ACCOUNT
    items = decode_list(value)
    if len(items) != 4:
        raise ProofFault(f"the account {address}", "4 fields", len(items))
    nonce, balance = number_of(items[0], "a nonce", size=8), number_of(items[1], "a balance")
    storage_root, code_hash = items[2], items[3]
    if not isinstance(storage_root, bytes) or not isinstance(code_hash, bytes):
        raise ProofFault(f"the account {address}", "two hashes", "a list")
    if len(storage_root) != 32 or len(code_hash) != 32:
        raise ProofFault(f"the account {address}", "two hashes", storage_root + code_hash)
    return Account(nonce, balance, storage_root, code_hash)


def verify_slot(storage_root: bytes, slot: int, proof: object) -> int:
    """The word in a slot of an account's storage; zero where it holds none.

    Args:
        storage_root: Of the account.
        slot: Number of the slot.
        proof: ``proof`` of an entry of ``storageProof``, as the node gave it.

    Raises:
        ProofFault: The proof shows neither a word nor that there is none.
    """
    value = verify_path(storage_root, keccak(slot.to_bytes(32, "big")), _nodes(proof))
    # Clients take a zero out of the trie; Anvil leaves it there.
    return 0 if value is None else number_of(decode(value), f"slot {slot:#x}")


def check_claims(account: Account, raw: object) -> None:
    """Holds what a node says beside its proof, as far as it says it, against what the proof shows.

    Args:
        account: As it was proved.
        raw: The answer to ``eth_getProof``.

    Raises:
        ProofFault: It says something else of the account.
    """
    if account == NO_ACCOUNT:
        return  # clients word it differently: zeros, or the hashes of nothing
    numbers = {"nonce": account.nonce, "balance": account.balance}
    hashes = {"storageHash": account.storage_root, "codeHash": account.code_hash}
    for name, proved in {**numbers, **hashes}.items():
        said = maybe(raw, name)
        if said is None:
            continue
        found = quantity(said, name) if name in numbers else octets(said, name, 32)
        if found != proved:
            raise ProofFault(f"{name} beside the proof", proved, found)


def storage_root(words: Mapping[int, int]) -> bytes:
    """The root of a storage that holds these words and no others; zeros count as none."""
    return trie_root(
        {keccak(slot.to_bytes(32, "big")): encode_int(word) for slot, word in words.items() if word}
    )


def _nodes(proof: object) -> list[bytes]:
    return [octets(node, "a node of a proof") for node in sequence(proof, "a proof")]
