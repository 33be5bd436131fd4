"""What a proof came to, and what it leaves to trust."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proved:
    """What was proved of a ledger and of the state at its last block.

    Attributes:
        blocks: Headers that hash to their block hashes and chain up.
        receipts: Receipts that rebuilt the roots of their blocks.
        transactions: Transactions that rebuilt the roots of theirs.
        accounts: Accounts proved under the last block's state root.
        slots: Slots of their storage that were.
        code: Accounts whose code was.
        whole: Accounts that hold what events explain, and nothing else: their whole storage was rebuilt.
        skipped_by_bloom: Blocks whose header says that they hold no log of the suite: no receipts were read.
        trusted: What is taken on trust all the same, in sentences.
        anchors: Who else vouches for the chain, in sentences.
    """

    blocks: int
    receipts: int
    transactions: int
    accounts: int
    slots: int
    code: int
    skipped_by_bloom: int
    whole: int = 0
    trusted: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()

    def counts(self) -> dict[str, object]:
        """The numbers, by what they count, for people."""
        return {
            "block headers": self.blocks,
            "blocks without logs, by their bloom filter": self.skipped_by_bloom,
            "receipts": self.receipts,
            "transactions": self.transactions,
            "accounts": self.accounts,
            "accounts, with their whole storage": self.whole,
            "storage slots": self.slots,
            "codes": self.code,
        }

    def as_json(self) -> dict[str, object]:
        """All of it, for machines."""
        return {
            "blocks": self.blocks,
            "skipped_by_bloom": self.skipped_by_bloom,
            "receipts": self.receipts,
            "transactions": self.transactions,
            "accounts": self.accounts,
            "whole": self.whole,
            "slots": self.slots,
            "code": self.code,
            "trusted": list(self.trusted),
            "anchors": list(self.anchors),
        }


def what_is_trusted(
    first: int, last: int, last_hash: str, genesis: str, vouched: int, *, complete: bool
) -> tuple[str, ...]:
    """What the proof of a chain leaves to trust.

    Args:
        first: The first block.
        last: The last block.
        last_hash: Its hash.
        genesis: Hash of block 0, by which reports know the chain.
        vouched: The last block for which a pin or another node vouches; below the first where none does.
        complete: Whether every block was looked at.
    """
    trusted = []
    if vouched < first:
        trusted.append(
            f"That block {last} with hash {last_hash} is on the chain: only this node says so. "
            "Pin a hash that you have from elsewhere, or name other nodes."
        )
    elif vouched < last:
        trusted.append(f"That blocks {vouched + 1} to {last} are on the chain: only this node says so.")
    if not complete:
        trusted.append(
            "All that follows the blocks in which differences were found: the proof ended after too many."
        )
    trusted += [
        "That the chain's validators ran its transactions by the rules: headers prove what they agreed on, "
        "receipts, state and bloom filters, not that it was computed right.",
        f"That the suite said nothing before block {first}, the first one of the deployment file, "
        f"and that the chain begins with block 0 of hash {genesis}.",
        "That Keccak-256 and secp256k1 hold, and that program and ledger file are the auditor's own.",
    ]
    return tuple(trusted)
