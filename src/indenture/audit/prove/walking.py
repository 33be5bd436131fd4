"""The walk from block to block: each must follow the one before, and the ledger must have just its logs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indenture.audit.calls import Calls
from indenture.audit.findings import Finding
from indenture.audit.prove.blocks import walk
from indenture.audit.prove.evidence import Evidence, Watched
from indenture.audit.prove.logs import Difference, differences
from indenture.audit.prove.prefix import Prefix
from indenture.audit.prove.transactions import compare_call
from indenture.audit.replay import World
from indenture.chain import BlockStamp, Chain, checksum
from indenture.ledger import Ledger, LogRow
from indenture.proof import ProofFault

STEP = "proving blocks"

# A node that lies about everything need not be listened to until the end.
_MOST_FAULTS = 100

_MESSAGES = {
    "PROVE-1": "the header does not prove the block, or the chain of headers breaks here",
    "PROVE-2": "the receipts that the node gives are not those of the block",
    "PROVE-4": "the transactions that the node gives are not those that were signed",
}


def fault_finding(
    kind: str, block: int, fault: ProofFault, *, tx_hash: str | None = None, message: str = ""
) -> Finding:
    """What does not hold of a block, as a finding."""
    return Finding(
        block=block,
        contract="the chain",
        key=fault.what,
        expected=fault.expected,
        found=fault.found,
        kind=kind,
        tx_hash=tx_hash,
        message=message or _MESSAGES[kind],
    )


class Walk:
    """A walk over all blocks that are not proved yet.

    Attributes:
        complete: Whether it came to its last block.
    """

    def __init__(
        self,
        chain: Chain,
        ledger: Ledger,
        world: World,
        calls: Calls,
        prefix: Prefix,
        progress: Callable[[str, int, int], None],
    ) -> None:
        self._chain = chain
        self._ledger = ledger
        self._world = world
        self._calls = calls
        self._prefix = prefix
        self._progress = progress
        self._hashes: dict[int, str] = {}
        self._parent: str | None = None
        self._faults = 0
        self.complete = True

    def to(self, last: BlockStamp) -> None:
        """Proves every block up to the last one."""
        done = min(self._prefix.end(), last.number)
        self._parent = self._prefix.hash_of(done)
        first, total = self._ledger.first_block, last.number - self._ledger.first_block + 1
        pending = self._calls.unproved()
        for blocks in walk(self._chain, self._ledger, self._watched(), done + 1, last.number):
            self._take(blocks, pending)
            self._progress(STEP, blocks[-1].number - first + 1, total)
            if self._faults >= _MOST_FAULTS:
                self.complete = False
                return
        if self.hash_of(last.number) not in (None, last.hash):
            fault = ProofFault(f"the hash of block {last.number}", last.hash, self.hash_of(last.number))
            self._fault("PROVE-1", last.number, fault)

    def hash_of(self, block: int) -> str | None:
        """The hash of a block whose header holds."""
        return self._hashes.get(block) or self._prefix.hash_of(block)

    def _watched(self) -> Watched:
        found = self._ledger.con.execute("SELECT address, min(first_block) FROM contract GROUP BY address")
        return Watched(dict(found.fetchall()))

    def _take(self, blocks: Sequence[Evidence], pending: set[str]) -> None:
        """Compares some blocks with the ledger; those before the first fault of all are proved for good."""
        first, last = blocks[0].number, blocks[-1].number
        rows: dict[int, list[LogRow]] = {}
        for part in self._ledger.rows(first, last):
            for row in part:
                rows.setdefault(row.block, []).append(row)
        stamps = dict(
            self._ledger.con.execute(
                "SELECT number, hash FROM block WHERE number BETWEEN ? AND ?", [first, last]
            ).fetchall()
        )
        proved = []
        for block in blocks:
            self._check_block(block, rows.get(block.number, []), stamps.get(block.number))
            self._check_calls(block, pending)
            if self._faults == 0:
                proved.append(block)
            elif block.header is not None:  # the table of proved blocks ends before it
                self._hashes[block.number] = "0x" + block.header.hash.hex()
        self._prefix.extend(proved)

    def _check_block(self, block: Evidence, rows: Sequence[LogRow], stamp: str | None) -> None:
        for kind, fault in block.faults:
            self._fault(kind, block.number, fault)
        if block.header is None:
            self._parent = None
            return
        parent, own = "0x" + block.header.parent_hash.hex(), "0x" + block.header.hash.hex()
        if self._parent is not None and parent != self._parent:
            fault = ProofFault(f"the parent of block {block.number}", self._parent, parent)
            self._fault("PROVE-1", block.number, fault)
        self._parent = own
        if stamp is not None and stamp != own:
            fault = ProofFault(f"the hash of block {block.number} in its logs", own, stamp)
            self._fault("PROVE-1", block.number, fault)
        if block.logs is not None:
            for difference in differences(block.logs, rows):
                self._differ(difference)

    def _check_calls(self, block: Evidence, pending: set[str]) -> None:
        for tx_hash in block.signed.keys() & pending:
            try:
                compare_call(self._calls, tx_hash, block.signed[tx_hash])
            except ProofFault as fault:
                self._fault("PROVE-4", block.number, fault, tx_hash)

    def _fault(self, kind: str, block: int, fault: ProofFault, tx_hash: str | None = None) -> None:
        self._faults += 1
        self._world.findings.add(fault_finding(kind, block, fault, tx_hash=tx_hash))

    def _differ(self, difference: Difference) -> None:
        self._faults += 1
        row = difference.row
        self._world.findings.add(
            Finding(
                block=row.block,
                contract=self._world.suite.label(checksum(row.contract)),
                key=difference.key,
                expected=difference.expected,
                found=difference.found,
                kind="PROVE-3",
                tx_hash=row.tx_hash,
                message=difference.message,
                position=row.log_index,
            )
        )
