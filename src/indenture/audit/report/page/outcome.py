"""What comes first on the page: the verdict, every finding, every notice."""

from __future__ import annotations

from collections import Counter
from typing import Any

from indenture.audit.report.page.pieces import (
    MOST_ROWS,
    code,
    contract,
    count,
    number,
    pairs,
    section,
    table,
    value,
)
from indenture.audit.report.words import escape

Facts = dict[str, Any]


def verdict(facts: Facts) -> str:
    """What the audit came to, in three words."""
    if not facts["differences"]:
        return "No difference found"
    return f"{count(facts['differences'], 'difference')} found"


def mood(facts: Facts) -> str:
    """How the verdict is coloured: ``bad``, ``good``, or ``open`` where it rests on the node's word."""
    if facts["differences"]:
        return "bad"
    return "open" if facts["proved"] is None else "good"


def findings_part(facts: Facts) -> str:
    """Every finding, in chain order; above them how many there are of each check."""
    findings = facts["findings"]
    if not findings:
        return section(
            "Findings",
            "<p>Every event follows from the ones before it, every amount could be recomputed, "
            "and the chain answers what its events add up to.</p>",
            anchor="findings",
        )
    must = {check["id"]: check["says"] for check in facts["checks"]}
    cards = [_card(i, f, must.get(f["kind"], "")) for i, f in enumerate(findings[:MOST_ROWS], 1)]
    if len(findings) > MOST_ROWS:
        cards.append(f'<p class="quiet">and {len(findings) - MOST_ROWS:,} more, in audit.json</p>')
    return section("Findings", _by_check(findings, must) + "".join(cards), anchor="findings", kind="bad")


def _by_check(findings: list[Facts], must: dict[str, str]) -> str:
    counts = Counter(f["kind"] for f in findings)
    if len(findings) == 1:
        return ""
    first = {f["kind"]: f["block"] for f in reversed(findings)}
    rows = (
        (f"<b>{escape(kind)}</b>", escape(must.get(kind, "")), number(n), number(first[kind]))
        for kind, n in counts.most_common()
    )
    return table(("Check", "What must hold", "Findings", "First in block"), rows, numbers={2, 3})


def _card(index: int, finding: Facts, must: str) -> str:
    anchor = f"finding-{index}"
    told = pairs(
        [
            ("Block", number(finding["block"])),
            (
                "Transaction",
                code(finding["tx_hash"]) if finding["tx_hash"] else "none",
            ),
            ("Contract", contract(finding["contract"]).replace("<br>", " ")),
            ("Key", code(finding["key"])),
        ]
    )
    return (
        f'<article class="finding" id="{anchor}"><h3><a href="#{anchor}">{index}</a> · '
        f"{escape(finding['kind'])} · {escape(finding['message'])}</h3>"
        f'<p class="must">{escape(must)}</p>{told}'
        f'<div class="both"><div class="right"><span>Expected</span>{value(finding["expected"])}</div>'
        f'<div class="wrong"><span>Found</span>{value(finding["found"])}</div></div></article>'
    )


def notices_part(facts: Facts) -> str:
    """What breaks no rule; nothing when there is nothing to tell."""
    if not facts["notices"]:
        return ""
    rows = (
        (
            number(n["block"]),
            f"<b>{escape(n['kind'])}</b>",
            contract(n["contract"]),
            code(n["about"]) if n["about"] not in n["contract"] else "–",
            escape(n["message"]),
        )
        for n in facts["notices"]
    )
    lead = "<p>No rule was broken by these, and somebody should know of them.</p>"
    told = table(("Block", "Notice", "Contract", "About", "What it says"), rows, numbers={0})
    return section("Notices", lead + told, anchor="notices", kind="warn", note=number(len(facts["notices"])))
