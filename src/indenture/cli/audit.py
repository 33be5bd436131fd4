"""The auditor: holds no key, believes nobody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, View
from indenture.cli._progress import progress_of
from indenture.cli._session import Session, reads
from indenture.errors import AuditError

if TYPE_CHECKING:
    from indenture.audit import AuditResult


@click.command(
    epilog=examples(
        "indenture audit --rpc http://127.0.0.1:8545 --deployment deployments/31337.json",
        "indenture audit --to 1200 --report build/audit --json",
    )
)
@reads
@click.option(
    "--to", "to_block", type=int, metavar="BLOCK", help="Last block to audit; the newest unless given."
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder for the report, as JSON and as a page for a browser.",
)
def audit(session: Session, to_block: int | None, report: Path | None) -> View:
    """Replay the whole history, and compare it with the chain.

    Members, terms, registers, offerings, payments and cash are rebuilt from the events alone; coupons and
    allocations are computed again. No key is needed. The exit code is 0 only when nothing differs, else
    8, and the first difference is shown: block, contract, key, expected, found.
    """
    from indenture.audit import audit as run_audit

    with progress_of("Audit") as progress:
        found = run_audit(session.chain, session.deployment, to=to_block, report=report, progress=progress)
    return audit_view(found)


def audit_view(found: AuditResult) -> View:
    """The outcome of an audit; the exit code says whether anything differs."""
    findings = [
        {
            "block": finding.block,
            "contract": finding.contract,
            "key": finding.key,
            "expected": finding.expected,
            "found": finding.found,
            "kind": finding.kind,
            "tx_hash": finding.tx_hash,
            "message": finding.message,
        }
        for finding in found.findings
    ]
    summary = {
        "blocks": found.blocks,
        "events": found.events,
        "differences": found.differences,
        "report": found.report,
    }
    blocks: list[Facts | Grid] = [Facts("Audit", summary)]
    if findings:
        shown = ("block", "contract", "key", "expected", "found", "message")
        blocks.append(Facts("The first difference", {name: str(findings[0][name]) for name in shown}))
    notices = [
        {"kind": notice.kind, "block": notice.block, "about": notice.about, "message": notice.message}
        for notice in found.notices
    ]
    if notices:
        blocks.append(Grid("Notices", notices))
    data = {name: summary[name] for name in ("blocks", "events", "differences")}
    code = AuditError.exit_code if findings or found.differences else 0
    return View({**data, "findings": findings, "notices": notices, "report": found.report}, blocks, code)
