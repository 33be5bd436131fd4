"""From the ledger to the rebuilt world: every transaction is checked, and taken in, once and in order."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable

from indenture.audit.calls import Calls
from indenture.audit.checks import all_checks, to_prefetch
from indenture.audit.checks.board import Board
from indenture.audit.checks.life import DrawingCheck
from indenture.audit.compare import Comparison, StateGone
from indenture.audit.events import OUT_OF_PLACE, History, finding_of
from indenture.audit.findings import Findings
from indenture.audit.replay import World
from indenture.audit.replay.touched import Key
from indenture.chain import BlockStamp, Chain
from indenture.ledger import Ledger, Suite

_SPREAD = 8
# Nodes are slow with old states of large chains: of more events, only so many keys are compared on the way.
# At the last block all are.
_FEW_EVENTS, _KEYS_ON_THE_WAY = 50_000, 100
_STEP = "replaying events"
_MOST_MILESTONES = 40
_MILESTONES = {
    "BookOpened",
    "BookClosed",
    "BookCleared",
    "AllocationContinued",
    "ResultPublished",
    "OfferingFailed",
    "ProceedsPaid",
    "DepositForfeited",
    "RecordPassed",
    "PeriodFixed",
    "InterestDeferred",
    "TermMoved",
    "BondCalledInPart",
    "ActionOpened",
    "UnitsElected",
    "DrawingBegun",
    "DrawingCompleted",
    "ActionFunded",
    "ActionSettled",
    "BondMadeDue",
    "RecoveryFunded",
    "TermsEnacted",
    "TradePriced",
    "PaymentFunded",
    "HoldersPaid",
    "ClaimsPaid",
    "PaymentCompleted",
    "BondRedeemed",
}


class Replay:
    """A world that grows with the ledger.

    Attributes:
        world: State after the blocks that were replayed.
        calls: Transactions that checks have read from the node.
        comparison: The rebuilt state against the chain's views.
        block: The last block that was replayed; -1 before the first.
        events: How many events were replayed.
        compared: Blocks at which views were compared.
        skipped: Blocks at which they could not be: the node is no archive.
    """

    def __init__(
        self, chain: Chain, suite: Suite, ledger: Ledger, progress: Callable[[str, int, int], None]
    ) -> None:
        self._chain = chain
        self._ledger = ledger
        self._progress = progress
        self.calls = Calls(chain)
        self.world = World(suite, Findings())
        self.comparison = Comparison(chain, self.world)
        self._board = Board(self.world, all_checks(self.world, self.calls, chain.chain_id))
        self.block = -1
        self.events = 0
        self.compared: list[int] = []
        self.skipped: list[int] = []

    def advance(self, last: BlockStamp, *, spread: bool) -> None:
        """Replays what lies between the block that was reached and another one.

        Args:
            last: The block to reach.
            spread: Whether to compare views on the way: after milestones of bonds, and evenly.
        """
        for anomaly in self._ledger.anomalies():
            if anomaly.kind == OUT_OF_PLACE and self.block < anomaly.block <= last.number:
                self.world.findings.add(finding_of(anomaly, self.world.suite))
        self._join_bonds(last)
        history = History(self._ledger, self.world.suite, last, self.world.findings.add)
        stops, count = self._stops(history) if spread else [], history.log_count
        most = None if count <= _FEW_EVENTS else _KEYS_ON_THE_WAY
        self._progress(_STEP, self.events, count)
        for batch in history.batches(self.block + 1):
            self.calls.prefetch(to_prefetch(batch))
            self.calls.prefetch_blocks(DrawingCheck.to_prefetch(batch))
            for tx in batch:
                while stops and stops[0] < tx.block:
                    self._compare_at(stops.pop(0), most)
                self._board.take(tx)
                self.events += len(tx.events)
            self._progress(_STEP, self.events, count)
        for stop in stops:
            self._compare_at(stop, most)
        self.block = max(self.block, last.number)

    def fork(self) -> Replay:
        """A copy that goes its own way; ledger and node are shared."""
        shared = (self._ledger, self._chain, self._progress)
        return copy.deepcopy(self, {id(thing): thing for thing in shared})

    def compare(self, stamp: BlockStamp, keys: Iterable[Key]) -> None:
        """Compares keys that changed with the views at a block."""
        try:
            self.comparison.changed(stamp, keys)
        except StateGone:
            self.skipped.append(stamp.number)
        else:
            self.compared.append(stamp.number)

    def _join_bonds(self, last: BlockStamp) -> None:
        suite = self.world.suite
        for contract, first_block in self._ledger.contracts():
            is_new = contract.kind == "Bond" and contract.address not in suite.targets
            if is_new and first_block <= last.number:
                suite.add(contract.kind, contract.address, contract.name)

    def _compare_at(self, block: int, most: int | None) -> None:
        stamp = self._ledger.stamp(block)
        if stamp is not None:
            self.compare(stamp, self.world.touched.take()[:most])

    def _stops(self, history: History) -> list[int]:
        """Blocks at which to compare: after milestones of bonds, and some spread evenly."""
        blocks = [block for block in history.blocks() if block > self.block]
        milestones = [block for block in history.blocks_with(_MILESTONES) if block > self.block]
        step = max(1, len(milestones) // _MOST_MILESTONES)
        spread = blocks[:: max(1, len(blocks) // _SPREAD)]
        return sorted({*milestones[::step], *spread} - {history.last.number})
