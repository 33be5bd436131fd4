"""An audit that goes on: each block costs what has changed in it.

From block to block it carries the replay, the storage that is proved, and what is still to be looked at; and
keeps copies of all three, to go back to when the chain is reorganised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from indenture.audit.auditor import Audit
from indenture.audit.carried import Carried
from indenture.audit.compare import StateGone
from indenture.audit.findings import Finding
from indenture.audit.prove import Proved
from indenture.audit.release import Release, compare_release
from indenture.audit.replay.touched import Key
from indenture.audit.replaying import Replay
from indenture.chain import BlockStamp
from indenture.errors import NodeError

# A copy every so many blocks, and more rarely the larger the world: it takes about 15 µs for each key of it.
_COPY_EVERY, _KEYS_A_BLOCK, _COPIES = 64, 1_000, 2


class Following(Audit):
    """An audit of a chain that grows; takes what ``Audit`` takes.

    Attributes:
        proved: What is proved up to the last block; None where nothing is.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.proved: Proved | None = None
        self._carried = Carried()
        self._copies: list[tuple[Replay, Carried]] = []
        self._release: tuple[tuple[object, ...], Release] | None = None

    def begin(self, last: BlockStamp) -> tuple[Finding, ...]:
        """Compares and proves all there is, at a block that was reached.

        Returns:
            All findings that stand, in chain order.

        Raises:
            ChainReorganised: The block is no longer on the chain.
            NodeError: The node does not keep its state.
        """
        findings = self.conclude(last).findings
        self._copy(last)
        return findings

    def follow(self, last: BlockStamp) -> tuple[Finding, ...]:
        """Compares what has changed since the last time, at a block that was reached, and proves the block.

        Returns:
            All findings that stand, in chain order.

        Raises:
            ChainReorganised: The block is no longer on the chain.
            NodeError: The node is down, or refuses what is asked.
        """
        self._carried.take_in(self.replay.world.touched.take(), proving=self._proving)
        due = self._carried.next_due()
        self._look_at(due, last)
        self._carried.compared(due)
        if self._proving:
            self._go_on_proving(last)
        self._chain.require_canonical(last)
        self._copy(last)
        return self.replay.world.findings.in_chain_order()

    def _look_at(self, keys: Sequence[Key], last: BlockStamp) -> None:
        """A node that refuses is asked again: what it does not answer for is not taken for seen."""
        try:
            self.replay.comparison.changed(last, keys)
        except StateGone as fault:
            raise NodeError(
                f"the node does not keep the state of block {last.number}: {fault}",
                hint="Watch with fewer confirmations, or an archive node.",
            ) from None
        self.replay.compared.append(last.number)

    def _go_on_proving(self, last: BlockStamp) -> None:
        of, release = self._released(last)
        self._prove(last, release)
        # The blocks in which contracts were created are proved for good, as long as the chain stays.
        self._release = of, replace(release, blocks={})

    def _released(self, last: BlockStamp) -> tuple[tuple[object, ...], Release]:
        """The comparison with the release: anew where there is a contract or an implementation more."""
        world, deployment = self.replay.world, self._deployment
        deployed = (*deployment.contracts.values(), *deployment.cash.values())
        known = sum(each.block <= last.number for each in deployed)
        of = (known, len(world.bonds), world.factory.implementation)
        if self._release is None or self._release[0] != of:
            self._release = of, compare_release(self._chain, deployment, world, last)
        return self._release

    def _prove(self, last: BlockStamp, release: Release, *_: Any) -> Proved:
        """From what is kept; what comes of it counts only when all of it has succeeded."""
        kept = self._carried.kept.copy()
        self.proved = super()._prove(last, release, kept, self._carried.changed)
        self._carried.proved(kept)
        return self.proved

    def _copy(self, last: BlockStamp) -> None:
        """Keeps a copy, when it is time."""
        every = max(_COPY_EVERY, len(self.replay.world.touched.seen) // _KEYS_A_BLOCK)
        if not self._copies or last.number >= self._copies[-1][0].block + every:
            self._copies = [*self._copies[-(_COPIES - 1) :], (self.replay.fork(), self._carried.copy())]

    def _go_back(self, ancestor: int) -> None:
        """To the newest copy from before what was undone, else to the start."""
        self._copies = [(replay, carried) for replay, carried in self._copies if replay.block <= ancestor]
        self._release = None
        if self._copies:
            replay, carried = self._copies[-1]
            self.replay, self._carried = replay.fork(), carried.copy()
        else:
            self.replay, self._carried = self._fresh(), Carried()
