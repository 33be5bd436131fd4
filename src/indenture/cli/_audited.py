"""What an audit came to, as its command prints it: the verdict first, then what is wrong, then the proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from indenture.cli._output import Facts, Grid, View
from indenture.errors import AuditError

if TYPE_CHECKING:
    from indenture.audit import AuditResult


def audit_view(found: AuditResult) -> View:
    """The outcome of an audit; the exit code says whether anything differs."""
    from indenture.audit.report.facts import finding_facts

    findings = [finding_facts(finding) for finding in found.findings]
    summary = {
        "blocks": found.blocks,
        "events": found.events,
        "last block": f"{found.to_block} {found.to_hash}",
        "differences": found.differences,
        "report": found.report,
    }
    blocks: list[Facts | Grid] = [Facts(_verdict(found), summary)]
    if findings:
        blocks.append(_first_difference(findings))
    if found.proved is not None:
        others = "; ".join(found.proved.anchors) or "nobody: only this node says so (--pin, --peer)"
        blocks.append(
            Facts("Proved against block headers", {**found.proved.counts(), "who else says so": others})
        )
    notices = [
        {"kind": notice.kind, "block": notice.block, "about": notice.about, "message": notice.message}
        for notice in found.notices
    ]
    if notices:
        blocks.append(Grid("Notices", notices))
    code = AuditError.exit_code if findings or found.differences else 0
    data = {
        "blocks": found.blocks,
        "events": found.events,
        "differences": found.differences,
        "to_block": found.to_block,
        "to_hash": found.to_hash,
        "proved": None if found.proved is None else found.proved.as_json(),
        "findings": findings,
        "notices": notices,
        "report": found.report,
    }
    return View(data, blocks, code)


def _verdict(found: AuditResult) -> str:
    """Whether the books are right, in one line, and on whose word."""
    if found.differences:
        return f"The books are not right: {found.differences:,} difference{'s' * (found.differences > 1)}"
    if found.proved is None:
        return "The books are right, if the node tells the truth: nothing was proved"
    return f"The books are right: proved against {found.proved.blocks:,} block headers"


def _first_difference(findings: Sequence[Mapping[str, object]]) -> Facts:
    """What differs first, with the check that told, and where the others are."""
    from indenture.audit.findings import CHECKS

    first = findings[0]
    shown = ("block", "tx_hash", "contract", "key", "expected", "found", "message")
    facts = {"check": first["kind"], "must": CHECKS.get(str(first["kind"]))}
    more = {"and": f"{len(findings) - 1:,} more: --report DIR or --json shows them"} if findings[1:] else {}
    return Facts("The first difference", {**facts, **{name: first[name] for name in shown}, **more})
