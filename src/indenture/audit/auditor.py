"""The audit: read, replay, check, compare, report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from indenture.audit.calls import Calls
from indenture.audit.checks import Check, all_checks, to_prefetch
from indenture.audit.checks.life import DrawingCheck
from indenture.audit.code import compare_code
from indenture.audit.compare import Comparison, StateGone
from indenture.audit.events import Event, History, Transaction, read_history
from indenture.audit.findings import IMPOSSIBLE, Finding, Findings, Notice
from indenture.audit.notices import notices
from indenture.audit.replay import World
from indenture.audit.report import Scope, write_report
from indenture.chain import BlockStamp, Chain
from indenture.errors import InputError, NodeError, WrongChain
from indenture.ledger.suite import DELEGATES, SINGLE, DeployedSuite, Suite

Progress = Callable[[str, int, int], None]

_SPREAD = 8
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
_REPORTED_EVERY = 200


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What an audit came to.

    Attributes:
        blocks: How many blocks it covers.
        events: How many events it replayed.
        differences: How many findings there are.
        findings: Every finding, in chain order.
        report: The HTML report; None when none was asked for.
        to_block: The last block.
        views: How many answers of the chain were compared.
        compared_at: The blocks at which they were.
        skipped: Blocks at which the node, being no archive, could not answer.
        notices: What breaks no rule, and that a reader should know; they make no audit fail.
    """

    blocks: int
    events: int
    differences: int
    findings: tuple[Finding, ...]
    report: str | None
    to_block: int
    views: int
    compared_at: tuple[int, ...]
    skipped: tuple[int, ...]
    notices: tuple[Notice, ...] = ()


def audit(
    chain: Chain,
    deployment: DeployedSuite,
    *,
    to: int | None = None,
    report: Path | None = None,
    progress: Progress | None = None,
) -> AuditResult:
    """Audits a suite from its first block; holds no key and changes nothing.

    Args:
        chain: A node.
        deployment: Where the suite is.
        to: The last block; None for the latest.
        report: A folder for ``audit.json``, ``audit.html`` and ``audit.txt``; None writes nothing.
        progress: Called with a step, how much of it is done, and how much there is.

    Raises:
        WrongChain: The deployment is of another chain.
        InputError: The last block lies before the deployment.
        NodeError: The node is down or does not keep what was asked for.
    """
    if chain.chain_id != deployment.chain_id:
        raise WrongChain(deployment.chain_id, chain.chain_id)
    last = chain.block_stamp("latest" if to is None else to)
    complete = max(deployment.contracts[name].block for name in (*SINGLE, *DELEGATES))
    if last.number < complete:
        raise InputError(
            f"block {last.number} lies before the deployment, which was complete in block {complete}",
            hint="Take a later block, or check the deployment file.",
        )
    return _Audit(chain, deployment, last, progress or _silent).run(report)


class _Audit:
    """One run."""

    def __init__(self, chain: Chain, deployment: DeployedSuite, last: BlockStamp, progress: Progress) -> None:
        self._chain = chain
        self._deployment = deployment
        self._last = last
        self._progress = progress
        self._findings = Findings()
        self._suite = Suite.of(deployment, last.number)
        self._compared: list[int] = []
        self._skipped: list[int] = []

    def run(self, folder: Path | None) -> AuditResult:
        self._progress("reading events", 0, 1)
        history = read_history(self._chain, self._suite, self._deployment.block, self._last, self._findings)
        self._progress("reading events", 1, 1)
        calls = Calls(self._chain)
        calls.prefetch(to_prefetch(history))
        calls.prefetch_blocks(DrawingCheck.to_prefetch(history))
        world = World(self._suite, self._findings)
        comparison = Comparison(self._chain, world)
        self._replay(history, world, all_checks(world, calls, self._chain.chain_id), comparison)
        self._finish(world, comparison)
        findings = self._findings.in_chain_order()
        result = AuditResult(
            blocks=self._last.number - self._deployment.block + 1,
            events=sum(len(tx.events) for tx in history.transactions),
            differences=len(findings),
            findings=findings,
            report=None if folder is None else str(folder / "audit.html"),
            to_block=self._last.number,
            views=comparison.views,
            compared_at=tuple(self._compared),
            skipped=tuple(self._skipped),
            notices=self._notices(world),
        )
        if folder is not None:
            scope = Scope(
                chain_id=self._chain.chain_id,
                network=self._deployment.network,
                first=self._deployment.block,
                last=self._last,
                blocks=result.blocks,
                events=result.events,
                views=result.views,
                compared_at=result.compared_at,
                skipped=result.skipped,
                findings=findings,
                notices=result.notices,
            )
            write_report(folder, scope, world, history, self._decimals())
        return result

    def _replay(self, history: History, world: World, checks: list[Check], comparison: Comparison) -> None:
        stops = _stops(history, self._last.number)
        total = len(history.transactions)
        for number, tx in enumerate(history.transactions):
            self._compare_before(tx.block, stops, history, comparison)
            for event in tx.events:
                for check in checks:
                    _guarded(world, event, partial(check.event, tx, event))
                _guarded(world, event, partial(world.apply, event))
            for check in checks:
                _guarded(world, tx.events[-1], partial(check.end, tx))
            if number % _REPORTED_EVERY == 0:
                self._progress("replaying transactions", number, total)
        self._compare_before(self._last.number + 1, stops, history, comparison)
        self._progress("replaying transactions", total, total)

    def _compare_before(self, block: int, stops: list[int], history: History, comparison: Comparison) -> None:
        """All blocks up to the next are replayed: compares at those among them that were picked."""
        while stops and stops[0] < block:
            stop = stops.pop(0)
            try:
                comparison.changed(history.stamps[stop])
            except StateGone:
                self._skipped.append(stop)
            else:
                self._compared.append(stop)

    def _finish(self, world: World, comparison: Comparison) -> None:
        self._progress("comparing with the chain", 0, 1)
        try:
            comparison.everything(self._last)
        except StateGone as fault:
            raise NodeError(
                f"the node does not keep the state of block {self._last.number}: {fault}",
                hint="Audit up to the latest block, or ask an archive node.",
            ) from None
        compare_code(self._chain, self._deployment, world, self._last)
        self._chain.require_canonical(self._last)
        self._compared.append(self._last.number)
        self._progress("comparing with the chain", 1, 1)

    def _notices(self, world: World) -> tuple[Notice, ...]:
        """A falsified history can make no sense at all: then its findings have told so."""
        try:
            return notices(world, self._last.number, self._last.timestamp)
        except IMPOSSIBLE:
            return ()

    def _decimals(self) -> dict[str, int]:
        """No event says how many digits a token has; it is fixed in its code."""
        tokens = self._suite.all("CashToken")
        answers = self._chain.call_many([t.call("decimals") for t in tokens], self._last)
        return {token.address: digits for token, digits in zip(tokens, answers, strict=True)}


def _guarded(world: World, event: Event, act: Callable[[], None]) -> None:
    """An event that cannot follow must end in a finding, not in the end of the audit."""
    try:
        act()
    except IMPOSSIBLE as fault:
        world.differ(event, "LOG-4", "arguments", "an event that can follow", event.args, f"{fault!r}")


def _stops(history: History, last: int) -> list[int]:
    """Blocks at which to compare: after milestones of bonds, and some spread evenly."""
    blocks = list(dict.fromkeys(tx.block for tx in history.transactions))
    if not blocks:
        return []
    milestones = list(dict.fromkeys(_milestones(history.transactions)))
    step = max(1, len(milestones) // _MOST_MILESTONES)
    spread = blocks[:: max(1, len(blocks) // _SPREAD)]
    return sorted({*milestones[::step], *spread} - {last})


def _milestones(transactions: list[Transaction]) -> Iterator[int]:
    for tx in transactions:
        if any(event.name in _MILESTONES for event in tx.events):
            yield tx.block


def _silent(step: str, done: int, total: int) -> None:
    del step, done, total
