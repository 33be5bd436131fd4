"""The audit: read, replay, check, compare, prove, report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from indenture.audit.anchors import Anchors
from indenture.audit.code import compare_code
from indenture.audit.compare import StateGone
from indenture.audit.events import History
from indenture.audit.findings import IMPOSSIBLE, Notice
from indenture.audit.notices import notices
from indenture.audit.prove import Proved, prove
from indenture.audit.prove.ends import End
from indenture.audit.prove.storage.kept import Kept
from indenture.audit.release import Release, compare_release
from indenture.audit.replay.touched import Key
from indenture.audit.replaying import Replay
from indenture.audit.report import Scope, write_report
from indenture.audit.result import AuditResult
from indenture.chain import BlockStamp, Chain
from indenture.errors import ChainReorganised, InputError, NodeError, WrongChain
from indenture.ledger import Ledger, ingest
from indenture.ledger.suite import DELEGATES, SINGLE, DeployedSuite, Suite

Progress = Callable[[str, int, int], None]

_TRIES = 3


def audit(
    chain: Chain,
    deployment: DeployedSuite,
    *,
    to: End = None,
    confirmations: int = 0,
    ledger: Path | None = None,
    proving: bool = False,
    anchors: Anchors | None = None,
    report: Path | None = None,
    pdf: bool = False,
    progress: Progress | None = None,
) -> AuditResult:
    """Audits a suite from its first block; holds no key and changes nothing.

    Args:
        chain: A node.
        deployment: Where the suite is.
        to: The last block, ``finalized`` or ``safe``, or an instant, for the last block until then; None for
            the latest.
        confirmations: How many blocks must lie above the last one; with a tag or None.
        ledger: A DuckDB file that keeps the events, so that the next audit reads only what is new; None
            keeps them in memory.
        proving: Whether to prove what was read against block headers, and the state against the last one.
        anchors: Block hashes and nodes to hold the chain against; they are used when proving.
        report: A folder for ``audit.json``, ``audit.html``, ``audit.txt`` and ``holders.csv``; None writes
            nothing.
        pdf: Whether ``audit.pdf`` is written too.
        progress: Called with a step, how much of it is done, and how much there is.

    Raises:
        WrongChain: The deployment is of another chain.
        InputError: The last block lies before the deployment, or the ledger is of something else.
        NodeError: The node is down or does not keep what was asked for.
    """
    check_chain(chain, deployment)
    last = last_block(chain, deployment, to, confirmations)
    with Ledger.open(ledger, deployment, genesis=chain.genesis_hash) as kept:
        run = Audit(
            chain,
            deployment,
            kept,
            last,
            decode=ledger is not None or report is not None,
            proving=proving,
            anchors=anchors,
            asked=to,
            progress=progress,
        )
        for attempt in range(_TRIES):
            try:
                run.advance(last, spread=True)
                return run.conclude(last, report=report, pdf=pdf)
            except ChainReorganised:
                if attempt == _TRIES - 1 or isinstance(to, int):
                    raise
                last = last_block(chain, deployment, to, confirmations)
    raise AssertionError("unreachable")


def check_chain(chain: Chain, deployment: DeployedSuite) -> None:
    """Raises ``WrongChain`` unless a node is on the chain of a deployment."""
    if chain.chain_id != deployment.chain_id:
        raise WrongChain(deployment.chain_id, chain.chain_id)


def last_block(chain: Chain, deployment: DeployedSuite, to: End, confirmations: int = 0) -> BlockStamp:
    """The block up to which to audit; arguments as ``audit``.

    Raises:
        InputError: It lies before the deployment.
    """
    last = (
        chain.block_at(to) if isinstance(to, datetime) else chain.block_stamp("latest" if to is None else to)
    )
    if confirmations and isinstance(to, str | None):
        last = chain.block_stamp(max(0, last.number - confirmations))
    complete = max(deployment.contracts[name].block for name in (*SINGLE, *DELEGATES))
    if last.number < complete:
        raise InputError(
            f"block {last.number} lies before the deployment, which was complete in block {complete}",
            hint="Take a later block, wait for more confirmations, or check the deployment file.",
        )
    return last


class Audit:
    """One audit, of which the steps can be taken one by one; see ``Following`` for one that goes on.

    Args:
        chain: A node.
        deployment: Where the suite is.
        ledger: Where events are kept.
        decode: Whether the ledger's event tables are filled too, for whoever asks them: reports do.
        first: The first block that will be reached; cash tokens that came later are no part of the audit.
        proving: Whether to prove what was read against block headers.
        anchors: Block hashes and nodes to hold the chain against when proving.
        asked: What the last block stands for: an instant, or a tag.
        progress: Called with a step, how much of it is done, and how much there is.
    """

    def __init__(
        self,
        chain: Chain,
        deployment: DeployedSuite,
        ledger: Ledger,
        first: BlockStamp,
        *,
        decode: bool = True,
        proving: bool = False,
        anchors: Anchors | None = None,
        asked: End = None,
        progress: Progress | None = None,
    ) -> None:
        self._chain = chain
        self._deployment = deployment
        self._ledger = ledger
        self._progress = progress or _silent
        self._first = first
        self._decode = decode
        self._proving = proving
        self._anchors = anchors or Anchors()
        self._asked = asked
        self.replay = self._fresh()

    def advance(self, last: BlockStamp, *, spread: bool = False) -> int | None:
        """Reads, replays and checks up to a block.

        Args:
            last: The block.
            spread: Whether to compare the chain's views on the way too: after milestones, and evenly.

        Returns:
            The common ancestor, where the chain was reorganised and what had been replayed was undone.
        """
        read = ingest(
            self._ledger,
            self._chain,
            to=last,
            progress=self._progress,
            headers=not self._proving,
            decode=self._decode,
        )
        if last.number >= self.replay.block and self._ledger.stamp(last.number) != last:
            raise ChainReorganised(last.number, last.hash, None)
        undone = read.rewound_to is not None and read.rewound_to < self.replay.block
        if read.rewound_to is not None and undone:
            self._go_back(read.rewound_to)
        self.replay.advance(last, spread=spread)
        return read.rewound_to if undone else None

    def conclude(self, last: BlockStamp, *, report: Path | None = None, pdf: bool = False) -> AuditResult:
        """Compares everything at the last block, proves it if so wished, and reports.

        Raises:
            ChainReorganised: The block is no longer on the chain.
            NodeError: The node does not keep its state.
        """
        release, gone = Release({}, (), ()), ""
        try:
            release = self._compare(last)
        except StateGone as fault:
            gone = str(fault)
        # A node that says another chain than it keeps is found out by what it says: the proof comes first.
        proved = self._prove(last, release) if self._proving else None
        if gone and not self.replay.world.findings:
            raise NodeError(
                f"the node does not keep the state of block {last.number}: {gone}",
                hint="Audit up to the latest block, or ask an archive node.",
            )
        self._chain.require_canonical(last)
        result = self._result(last, release, proved)
        if report is None:
            return result
        self._write(report, result, release, last, pdf=pdf)
        return replace(result, report=str(report / "audit.html"))

    def _go_back(self, ancestor: int) -> None:
        """What was replayed after a block is on the chain no more."""
        del ancestor
        self.replay = self._fresh()

    def _fresh(self) -> Replay:
        suite = Suite.of(self._deployment, self._first.number)
        return Replay(self._chain, suite, self._ledger, self._progress)

    def _compare(self, last: BlockStamp) -> Release:
        with self._step("comparing with the chain"):
            self.replay.comparison.everything(last)
            compare_code(self._chain, self._deployment, self.replay.world, last)
            self.replay.compared.append(last.number)
            return compare_release(self._chain, self._deployment, self.replay.world, last)

    def _prove(
        self, last: BlockStamp, release: Release, kept: Kept | None = None, changed: Iterable[Key] = ()
    ) -> Proved:
        return prove(
            self._chain,
            self._deployment,
            self._ledger,
            self.replay.world,
            self.replay.calls,
            last,
            release=release,
            pins=self._anchors.pins,
            peers=self._anchors.peers,
            asked=self._asked,
            kept=kept,
            changed=changed,
            progress=self._progress,
        )

    def _result(self, last: BlockStamp, release: Release, proved: Proved | None) -> AuditResult:
        findings = self.replay.world.findings.in_chain_order()
        return AuditResult(
            blocks=last.number - self._deployment.block + 1,
            events=self.replay.events,
            differences=len(findings),
            findings=findings,
            report=None,
            to_block=last.number,
            to_hash=last.hash,
            views=self.replay.comparison.views,
            compared_at=tuple(self.replay.compared),
            skipped=tuple(self.replay.skipped),
            notices=(*self._notices(last), *release.notices),
            proved=proved,
        )

    def _write(
        self, folder: Path, result: AuditResult, release: Release, last: BlockStamp, *, pdf: bool
    ) -> None:
        scope = Scope(
            chain_id=self._chain.chain_id,
            network=self._deployment.network,
            first=self._deployment.block,
            last=last,
            blocks=result.blocks,
            events=result.events,
            views=result.views,
            compared_at=result.compared_at,
            skipped=result.skipped,
            findings=result.findings,
            notices=result.notices,
            proved=result.proved,
            believed=release.believed,
        )
        world = self.replay.world
        history = History(self._ledger, world.suite, last)
        with self._step("writing the report"):
            write_report(folder, scope, world, history, self._decimals(last, release), pdf=pdf)

    def _notices(self, last: BlockStamp) -> tuple[Notice, ...]:
        """A falsified history can make no sense at all: then its findings have told so."""
        try:
            return notices(self.replay.world, last.number, last.timestamp)
        except IMPOSSIBLE:
            return ()

    def _decimals(self, last: BlockStamp, release: Release) -> dict[str, int]:
        """No event says how many digits a token has: its code does, or it is asked where that is another."""
        tokens = self.replay.world.suite.all("CashToken")
        strange = [token for token in tokens if token.address.lower() not in release.digits]
        answers = self._chain.call_many([token.call("decimals") for token in strange], last)
        asked = {token.address: digits for token, digits in zip(strange, answers, strict=True)}
        return {t.address: release.digits.get(t.address.lower(), asked.get(t.address, 0)) for t in tokens}

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        self._progress(what, 0, 1)
        yield
        self._progress(what, 1, 1)


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total
