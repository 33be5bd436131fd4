"""The calls that checks relied on: each transaction held against its own hash and signature.

A log's transaction is proved by its place in the block.  What a check then read by that hash proves itself:
the fields must hash to it, and the signature must be the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from indenture.audit.calls import Calls, read_call
from indenture.chain import Chain
from indenture.ledger.patience import Patience
from indenture.proof import ProofFault, Transaction, header_of, transaction_of, transactions_root

_ROUND = 1_000


def prove_calls(chain: Chain, calls: Calls) -> Iterator[tuple[str, ProofFault]]:
    """What does not hold of the transactions that were read and not proved yet, by their hash."""
    patience, hashes = Patience(chain.rpc), sorted(calls.unproved())
    for start in range(0, len(hashes), _ROUND):
        part = hashes[start : start + _ROUND]
        answers = patience.batch([("eth_getTransactionByHash", (tx_hash,)) for tx_hash in part])
        for tx_hash, raw in zip(part, answers, strict=True):
            try:
                _prove(calls, tx_hash, raw)
            except ProofFault as fault:
                yield tx_hash, fault


def prove_blocks(
    blocks: Mapping[int, Any], hash_of: Callable[[int], str | None]
) -> Iterator[tuple[int, ProofFault]]:
    """What does not hold of blocks that were read whole, by their number.

    Args:
        blocks: Blocks with their transactions, as a node gave them.
        hash_of: The proved hash of a block; None where it is not proved.
    """
    for number, raw in blocks.items():
        try:
            _prove_block(number, raw, hash_of(number))
        except ProofFault as fault:
            yield number, fault


def _prove_block(number: int, raw: Any, proved: str | None) -> None:
    header = header_of(raw)
    found = "0x" + header.hash.hex()
    if proved is not None and found != proved:
        raise ProofFault(f"the hash of block {number} as read", proved, found)
    transactions = raw.get("transactions")
    if not isinstance(transactions, list):
        raise ProofFault(f"the transactions of block {number}", "a list", transactions)
    root = transactions_root(transactions)
    if root != header.transactions_root:
        raise ProofFault(f"the transactions root of block {number} as read", header.transactions_root, root)
    for transaction in transactions:
        if not transaction.get("to"):
            check_sender(transaction_of(transaction), transaction)


def compare_call(calls: Calls, tx_hash: str, raw: dict[str, Any]) -> None:
    """Holds what the checks read of a transaction against the proved one.

    Args:
        calls: What was read.
        tx_hash: Hash of the transaction.
        raw: Its fields and ``from``, proved.

    Raises:
        ProofFault: They read something else.
    """
    proved, used = read_call(raw), calls.get(tx_hash)
    if proved != used:
        raise ProofFault(f"what was read of transaction {tx_hash}", proved, used)
    calls.proved(tx_hash)


def _prove(calls: Calls, tx_hash: str, raw: Any) -> None:
    if raw is None:
        raise ProofFault(f"transaction {tx_hash}", "a transaction", "none")
    transaction = transaction_of(raw)
    if "0x" + transaction.hash.hex() != tx_hash:
        raise ProofFault(f"transaction {tx_hash}", tx_hash, transaction.hash)
    check_sender(transaction, raw)
    compare_call(calls, tx_hash, raw)


def check_sender(transaction: Transaction, raw: Mapping[str, Any]) -> None:
    """Raises ``ProofFault`` unless a transaction was signed by who is said to have sent it."""
    signer, claimed = transaction.sender(), raw.get("from")
    if signer != str(claimed).lower():
        raise ProofFault(f"the sender of transaction 0x{transaction.hash.hex()}", signer, claimed)
