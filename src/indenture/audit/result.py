"""What an audit came to."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.audit.findings import Finding, Notice
from indenture.audit.prove import Proved


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
        to_hash: Its hash.
        views: How many answers of the chain were compared.
        compared_at: The blocks at which they were.
        skipped: Blocks at which the node, being no archive, could not answer.
        notices: What breaks no rule, and that a reader should know; they make no audit fail.
        proved: What was proved against block headers; None when that was not asked for.
    """

    blocks: int
    events: int
    differences: int
    findings: tuple[Finding, ...]
    report: str | None
    to_block: int
    to_hash: str
    views: int
    compared_at: tuple[int, ...]
    skipped: tuple[int, ...]
    notices: tuple[Notice, ...] = ()
    proved: Proved | None = None
