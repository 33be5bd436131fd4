"""The blocks that are proved already, kept in the ledger's file: the next proof goes on from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from indenture.audit.prove.evidence import Evidence
from indenture.ledger import Ledger

# Whoever rewinds the ledger forgets the proof of what was undone.  Where a proof ended in another chain than
# the ledger's, it holds up to the last block of the ledger that it agrees with: its hash holds the rest.
_FORGET = """
WITH common AS (
    SELECT block.number AS number, block.hash = proof.hash AS same
    FROM proof JOIN block ON block.number = proof.block
)
DELETE FROM proof
WHERE EXISTS (SELECT 1 FROM common WHERE NOT same)
    AND block > (SELECT coalesce(max(number), -1) FROM common
                 WHERE number < (SELECT min(number) FROM common WHERE NOT same))
"""


class Totals(NamedTuple):
    """How much is proved."""

    blocks: int
    receipts: int
    transactions: int
    skipped_by_bloom: int


class Prefix:
    """Proved blocks from the first one on, without a gap."""

    def __init__(self, ledger: Ledger) -> None:
        self._con = ledger.con
        self._first = ledger.first_block
        self._con.execute(_FORGET)

    def end(self) -> int:
        """The last proved block; the one before the first where there is none."""
        found = self._con.execute("SELECT max(block) FROM proof").fetchone()
        return self._first - 1 if found is None or found[0] is None else int(found[0])

    def hash_of(self, block: int) -> str | None:
        """The hash of a proved block, as 0x hex."""
        found = self._con.execute("SELECT hash FROM proof WHERE block = ?", [block]).fetchone()
        return None if found is None else str(found[0])

    def extend(self, blocks: Sequence[Evidence]) -> None:
        """Takes in blocks that follow the last one and have no fault."""
        columns: list[list[object]] = [
            [block.number for block in blocks],
            ["0x" + block.header.hash.hex() if block.header else None for block in blocks],
            [block.receipts for block in blocks],
            [block.transactions for block in blocks],
        ]
        if blocks:
            self._con.execute("INSERT INTO proof SELECT unnest(?), unnest(?), unnest(?), unnest(?)", columns)

    def totals(self, last: int) -> Totals:
        """How much is proved up to a block."""
        found = self._con.execute(
            """
            SELECT count(*), coalesce(sum(receipts), 0)::BIGINT, coalesce(sum(transactions), 0)::BIGINT,
                count(*) - count(receipts)
            FROM proof WHERE block <= ?
            """,
            [last],
        ).fetchone()
        return Totals(*map(int, found or (0, 0, 0, 0)))
