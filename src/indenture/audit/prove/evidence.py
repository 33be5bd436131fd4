"""What one block's own bytes prove: its header, its receipts with the suite's logs, its transactions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from indenture.audit.prove.transactions import check_sender
from indenture.ledger import LogRow
from indenture.proof import (
    Header,
    ProofFault,
    Receipt,
    Transaction,
    bloom_of,
    header_of,
    list_root,
    receipt_of,
    transaction_of,
)
from indenture.proof.fault import octets, sequence


@dataclass(slots=True)
class Evidence:
    """What a node shows of a block, and what of it holds.

    Attributes:
        number: Height.
        header: The header; None when it does not hash to its hash.
        logs: Logs of the suite that the receipts prove; None when the receipts prove nothing.
        receipts: How many receipts rebuilt the root; None when none were needed.
        transactions: How many transactions rebuilt the root.
        signed: Transactions of those logs as the node gave them, by hash: their fields and sender are proved.
        faults: What does not hold, by the id of the check.
    """

    number: int
    header: Header | None = None
    logs: list[LogRow] | None = field(default_factory=list)
    receipts: int | None = None
    transactions: int = 0
    signed: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[tuple[str, ProofFault]] = field(default_factory=list)


class Watched:
    """The contracts whose logs count, each from its first block on."""

    def __init__(self, first_blocks: Mapping[str, int]) -> None:
        self._first = {address.lower(): block for address, block in first_blocks.items()}
        self._bits = {address: bloom_of(octets(address, "an address", 20)) for address in self._first}

    def may_log(self, header: Header) -> bool:
        """Whether a block may hold logs of them: a bloom filter errs on one side only."""
        number, bloom = header.number, header.logs_bloom
        return any(bits & bloom == bits and self._first[a] <= number for a, bits in self._bits.items())

    def check_bloom(self, header: Header, address: str) -> None:
        """Raises ``ProofFault`` where a filter lacks the address of its log: such a chain hides logs."""
        if self._bits[address] & header.logs_bloom != self._bits[address]:
            raise ProofFault(f"the bloom filter of block {header.number}", f"{address} in it", "not in it")

    def counts(self, address: str, block: int) -> bool:
        """Whether a log of an address counts in a block."""
        first = self._first.get(address)
        return first is not None and first <= block


def begin(number: int, raw: Any) -> Evidence:
    """Examines the header of a block."""
    block = Evidence(number)
    try:
        if raw is None:
            raise ProofFault(f"block {number}", "a block", "none")
        header = header_of(raw)
        if header.number != number:
            raise ProofFault("the number of a block", number, header.number)
    except ProofFault as fault:
        block.faults.append(("PROVE-1", fault))
    else:
        block.header = header
    return block


def complete(block: Evidence, receipts: Any, transactions: Any, watched: Watched) -> None:
    """Examines the receipts of a block whose header holds, and its transactions.

    Args:
        block: What ``begin`` made of its header.
        receipts: As the node gave them.
        transactions: As the node gave them; None where they were not asked for.
        watched: Whose logs count.
    """
    header, signed = block.header, list[Transaction]()
    if header is None:
        return
    if transactions is not None:
        with _noting(block, "PROVE-4"):
            signed = _transactions(header, transactions)
            block.transactions = len(signed)
    block.logs, hashes = None, ["0x" + tx.hash.hex() for tx in signed]
    with _noting(block, "PROVE-2"):
        proved = _receipts(header, receipts)
        block.receipts = len(proved)
        hashes = hashes or _claimed(receipts)
        block.logs = _logs(header, proved, hashes, watched)
    if signed and block.logs:
        with _noting(block, "PROVE-4"):
            for place in sorted({row.tx_index for row in block.logs}):
                check_sender(signed[place], transactions[place])
                block.signed[hashes[place]] = transactions[place]


@contextmanager
def _noting(block: Evidence, check: str) -> Iterator[None]:
    try:
        yield
    except ProofFault as fault:
        block.faults.append((check, fault))


def _transactions(header: Header, raws: Any) -> list[Transaction]:
    what = f"the transactions of block {header.number}"
    transactions = [transaction_of(raw) for raw in sequence(raws, what)]
    root = list_root([tx.encoded for tx in transactions])
    if root != header.transactions_root:
        raise ProofFault(f"the transactions root of block {header.number}", header.transactions_root, root)
    return transactions


def _receipts(header: Header, raws: Any) -> list[Receipt]:
    receipts = [receipt_of(raw) for raw in sequence(raws, f"the receipts of block {header.number}")]
    root = list_root([receipt.encoded for receipt in receipts])
    if root != header.receipts_root:
        raise ProofFault(f"the receipts root of block {header.number}", header.receipts_root, root)
    bloom = 0
    for receipt in receipts:
        bloom |= receipt.bloom
    if bloom != header.logs_bloom:
        raise ProofFault(f"the bloom filter of block {header.number}", hex(header.logs_bloom), hex(bloom))
    return receipts


def _logs(
    header: Header, receipts: Sequence[Receipt], hashes: Sequence[str], watched: Watched
) -> list[LogRow]:
    """The suite's logs; places and indices are counted, not taken from the node."""
    if len(hashes) != len(receipts):
        raise ProofFault(f"transactions of block {header.number}", len(receipts), len(hashes))
    rows, index, number, time = [], 0, header.number, header.time
    for place, receipt in enumerate(receipts):
        for log in receipt.logs:
            if watched.counts(log.address, number):
                watched.check_bloom(header, log.address)
                rows.append(
                    LogRow(number, time, index, place, hashes[place], log.address, log.topics, log.data)
                )
            index += 1
    return rows


def _claimed(receipts: Any) -> list[str]:
    """Hashes that receipts carry and that no root holds: good for naming what is missing from the ledger."""
    return [str(receipt.get("transactionHash")).lower() for receipt in receipts]
