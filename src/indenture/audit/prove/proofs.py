"""Proofs of accounts and slots: asked of a node, and verified under the state root of a block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indenture.chain import Chain
from indenture.errors import NodeRefused
from indenture.proof import Account, ProofFault, check_claims, keccak, verify_account, verify_path
from indenture.proof.fault import field, maybe, octets, quantity, sequence
from indenture.proof.headers import Header
from indenture.proof.rlp import decode, number_of

MOST_SLOTS = 1_000
"""Slots that one request may ask for: nodes cap them (geth: 1,024)."""

_SECONDS = 60.0


class NoProofs(Exception):
    """The node does not prove what accounts hold at a block; its message is the node's own."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account, and at most ``MOST_SLOTS`` of its slots."""

    address: str
    slots: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Proven:
    """What is proved of an account.

    Attributes:
        account: What it holds.
        words: The words in the slots that were asked for, in their order.  One that the trie does not have is
            None, and worth zero: see ``Hints`` for who keeps zeros.
        claim: What the node says beside its proofs, where they show something else.
    """

    account: Account
    words: tuple[int | None, ...]
    claim: ProofFault | None


def ask_proofs(chain: Chain, header: Header, wanted: Sequence[Wanted]) -> list[Proven | ProofFault]:
    """What is proved of some accounts under the state root of a block, one entry each, in their order.

    Where a proof shows nothing, its fault stands in its place.

    Raises:
        NoProofs: The node refuses: it keeps no such state, or does not know the question.
        NodeUnavailable: The node is down.
    """
    at = {"blockHash": "0x" + header.hash.hex()}
    calls = [("eth_getProof", (each.address, [_word(slot) for slot in each.slots], at)) for each in wanted]
    answers = chain.rpc.batch(calls, timeout=_SECONDS)
    return [_proven(header, each, answer) for each, answer in zip(wanted, answers, strict=True)]


def _word(slot: int) -> str:
    return f"{slot:#066x}"


def _proven(header: Header, wanted: Wanted, answer: Any) -> Proven | ProofFault:
    if isinstance(answer, NodeRefused):
        raise NoProofs(answer.reason)
    try:
        account = verify_account(header.state_root, wanted.address, field(answer, "accountProof"))
        proofs = sequence(field(answer, "storageProof"), "storageProof")
        if len(proofs) != len(wanted.slots):
            raise ProofFault("storageProof", f"{len(wanted.slots)} slots", len(proofs))
        words = tuple(
            _verify_slot(account.storage_root, slot, field(proof, "proof"))
            for slot, proof in zip(wanted.slots, proofs, strict=True)
        )
    except ProofFault as fault:
        return fault
    return Proven(account, words, _false_claim(account, wanted, words, answer))


def _false_claim(
    account: Account, wanted: Wanted, words: Sequence[int | None], answer: Any
) -> ProofFault | None:
    """What the node says beside its proofs, as far as it says it, where they show something else."""
    try:
        check_claims(account, answer)
        _check_number(maybe(answer, "address"), int(wanted.address, 16), "address")
        for slot, word, proof in zip(wanted.slots, words, answer["storageProof"], strict=True):
            _check_number(maybe(proof, "key"), slot, f"key of slot {slot:#x}")
            _check_number(maybe(proof, "value"), word or 0, f"slot {slot:#x}")
    except ProofFault as fault:
        return fault
    return None


def _check_number(said: Any, shown: int, what: str) -> None:
    if said is not None and quantity(said, what) != shown:
        raise ProofFault(f"{what} beside the proof", hex(shown), said)


def _verify_slot(root: bytes, slot: int, proof: Any) -> int | None:
    """The word in a slot; None where the trie has none."""
    nodes = [octets(node, "a node of a proof") for node in sequence(proof, "a proof")]
    value = verify_path(root, keccak(slot.to_bytes(32, "big")), nodes)
    return None if value is None else number_of(decode(value), f"slot {slot:#x}")
