"""An audit that goes on: each new block is read, replayed, checked and compared, and what is found is told.

A reorganisation is followed: the ledger goes back to the common ancestor, the rebuilt world to a copy taken
before it, and findings that no longer stand are withdrawn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from indenture.audit.anchors import Anchors
from indenture.audit.auditor import check_chain, last_block
from indenture.audit.findings import Finding
from indenture.audit.following import Following
from indenture.audit.prove import Proved
from indenture.chain import BlockStamp, Chain
from indenture.errors import ChainReorganised, NodeError
from indenture.ledger import Ledger
from indenture.ledger.suite import DeployedSuite

# Between looks at the head: a block of most consortium chains takes one to five seconds.
_POLL_SECONDS = 0.5
# A node that is gone is asked again, ever more rarely.
_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one look at the head brought.

    Attributes:
        block: The last block that is audited now.
        events: How many events were replayed so far.
        findings: What was found since the last look.
        withdrawn: What was found before and no longer stands, as its block is no longer on the chain.
        undone_to: The common ancestor, when the chain was reorganised since the last look.
        trouble: Why the node could not be asked; the audit goes on when it can.
        proved: What is proved up to the block; None where nothing is.
        recovered: Whether the node answers again, after it could not be asked.
    """

    block: BlockStamp
    events: int
    findings: tuple[Finding, ...] = ()
    withdrawn: tuple[Finding, ...] = ()
    undone_to: int | None = None
    trouble: str = ""
    proved: Proved | None = None
    recovered: bool = False


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """How to follow a head.

    Attributes:
        to: ``latest``, ``safe`` or ``finalized``.
        confirmations: How many blocks must lie above the one that is audited.
        proving: Whether each new block is proved against its header.
        anchors: Block hashes and nodes to hold the chain against.
        poll: Seconds between looks.
    """

    to: str = "latest"
    confirmations: int = 0
    proving: bool = False
    anchors: Anchors = field(default_factory=Anchors)
    poll: float = _POLL_SECONDS


def watch(
    chain: Chain,
    deployment: DeployedSuite,
    *,
    ledger: Path | None = None,
    options: WatchOptions | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Sighting]:
    """Audits all there is, then every new block, for ever.

    Args:
        chain: A node.
        deployment: Where the suite is.
        ledger: A DuckDB file that keeps the events; None keeps them in memory.
        options: How to follow.
        progress: Told of the first audit, which can take long.
        sleep: Waits for so many seconds.

    Yields:
        A sighting for the first audit, for every new head, and for each trouble with the node.

    Raises:
        WrongChain: The deployment is of another chain.
        InputError: The last block lies before the deployment, or the ledger is of something else.
        NodeError: The node fails before the first audit is done; later it is waited for.
    """
    how = options or WatchOptions()
    check_chain(chain, deployment)
    with Ledger.open(ledger, deployment, genesis=chain.genesis_hash) as kept:
        first = last_block(chain, deployment, how.to, how.confirmations)
        audit = Following(
            chain,
            deployment,
            kept,
            first,
            decode=ledger is not None,
            proving=how.proving,
            anchors=how.anchors,
            progress=progress,
        )
        yield from _Watch(chain, deployment, audit, how, sleep).run()


class _Watch:
    """One watch."""

    def __init__(
        self,
        chain: Chain,
        deployment: DeployedSuite,
        audit: Following,
        how: WatchOptions,
        sleep: Callable[[float], None],
    ) -> None:
        self._chain = chain
        self._deployment = deployment
        self._how = how
        self._sleep = sleep
        self._audit = audit
        self._told: set[Finding] = set()
        self._head: BlockStamp | None = None
        self._trouble = ""
        self._undone_to: int | None = None

    def run(self) -> Iterator[Sighting]:
        pause = self._how.poll
        while True:
            try:
                seen = self._look()
            except ChainReorganised:
                pass  # while it was read: the next look starts from the common ancestor
            except NodeError as fault:
                if self._head is None:
                    raise  # nothing is audited yet: a silent watch would look like one that finds nothing
                pause = min(pause * 2, _PATIENCE_SECONDS)
                if str(fault) != self._trouble:
                    yield Sighting(self._head, self._audit.replay.events, trouble=str(fault))
                self._trouble = str(fault)
            else:
                if self._trouble and self._head is not None:
                    seen = replace(seen or self._nothing_new(self._head), recovered=True)
                pause, self._trouble = self._how.poll, ""
                if seen is not None:
                    yield seen
            self._sleep(pause)

    def _look(self) -> Sighting | None:
        head = last_block(self._chain, self._deployment, self._how.to, self._how.confirmations)
        if self._head is not None and self._is_known(head, self._head):
            return None
        first = self._head is None
        undone_to = self._audit.advance(head, spread=first)
        if undone_to is not None:  # kept, should the look fail further on
            self._undone_to = undone_to if self._undone_to is None else min(undone_to, self._undone_to)
        findings = self._audit.begin(head) if first else self._audit.follow(head)
        self._head = head
        return self._sighting(head, findings)

    def _nothing_new(self, head: BlockStamp) -> Sighting:
        return Sighting(head, self._audit.replay.events, proved=self._audit.proved)

    def _is_known(self, head: BlockStamp, watched: BlockStamp) -> bool:
        """Whether nothing is new: also where the head went back, and the later blocks are still there."""
        if head.number > watched.number:
            return False
        raw = self._chain.rpc.request("eth_getBlockByNumber", [hex(watched.number), False])
        return isinstance(raw, dict) and str(raw.get("hash")).lower() == watched.hash

    def _sighting(self, head: BlockStamp, findings: tuple[Finding, ...]) -> Sighting:
        standing = set(findings)
        fresh = tuple(f for f in findings if f not in self._told)
        withdrawn = tuple(sorted(self._told - standing, key=lambda f: (f.block, f.position)))
        self._told, undone_to, self._undone_to = standing, self._undone_to, None
        proved = self._audit.proved
        return Sighting(head, self._audit.replay.events, fresh, withdrawn, undone_to, proved=proved)
