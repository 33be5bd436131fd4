"""What stands behind the page: what was proved, what is trusted, what was checked, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indenture.audit.report.facts.proof import PROOFS
from indenture.audit.report.page.pieces import code, contract, number, pairs, section, table
from indenture.audit.report.words import escape

Facts = dict[str, Any]

PROVED = (
    ("blocks", "Headers that hash to their block's hash and chain up"),
    ("receipts", "Receipts that rebuild the root in their header"),
    ("skipped_by_bloom", "Blocks whose header rules out events of the suite"),
    ("transactions", "Transactions that rebuild the root in their header, signed by their callers"),
    ("accounts", "Contracts proved against the state root of the last block"),
    ("whole", "Contracts that hold what events explain, and nothing else"),
    ("slots", "Words of storage that hold what was rebuilt"),
    ("code", "Codes that are those of the release"),
)
"""Each figure of ``proved``, and what it counts."""


def basis(facts: Facts) -> str:
    """One line under the verdict: on what it rests."""
    proved = facts["proved"]
    if proved is None:
        return "Nothing was proved against block headers: the node's word stands behind this."
    if any(finding["kind"].startswith(PROOFS) for finding in facts["findings"]):
        return "The proof against block headers failed: the node's word stands against them."
    depth = "from receipts to storage" if proved["accounts"] else "the events only: no state was proved"
    return f"Proved against {proved['blocks']:,} block headers, {depth}."


def proof_part(facts: Facts) -> str:
    """Figures of the proofs beside what is left to trust."""
    proved = facts["proved"]
    if proved is None:
        left = (
            "<p>Nothing. The events were replayed and recomputed, and the chain's answers "
            "compared with them; but both came from one node, and nothing ties them to block headers. "
            "A node that lies about everything, and consistently, would not be seen. "
            "Run the audit with <code>--prove</code>, and pin a block hash that others vouch for.</p>"
        )
    else:
        left = table(
            ("Proved", "Number"), ((escape(says), number(proved[name])) for name, says in PROVED), numbers={1}
        )
    anchors = "<h3>What vouches for the headers</h3>" + _list(facts["anchors"]) if facts["anchors"] else ""
    body = (
        f'<div class="two"><div><h3>What was proved</h3>{left}{anchors}</div>'
        f"<div><h3>What is taken on trust</h3>{_list(facts['trusted'])}</div></div>{_believed(facts)}"
    )
    return section("Proved and trusted", body, anchor="proof", kind="" if proved else "warn")


def _believed(facts: Facts) -> str:
    rows = ((contract(b["contract"]), escape(b["name"]), code(b["value"])) for b in facts["believed"])
    told = table(("Contract", "Argument", "Value"), rows)
    lead = "<h3>Read from the chain, and taken as it is</h3>"
    return lead + told if facts["believed"] else ""


def _list(sentences: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(sentence)}</li>' for sentence in sentences)}</ul>"


def checks_part(facts: Facts) -> str:
    """Every check, with how often it failed."""
    rows = ((f"<b>{escape(c['id'])}</b>", escape(c["says"]), check_outcome(c)) for c in facts["checks"])
    told = table(("Check", "What must hold", "Findings"), rows, numbers={2}, most=len(facts["checks"]))
    made = sum(1 for check in facts["checks"] if check["made"])
    return section("What was checked", told, anchor="checks", note=number(made))


def check_outcome(check: Facts) -> str:
    """How often a check failed; that it did not, or was not made."""
    if not check["made"]:
        return "not made"
    return f"{check['findings']:,}" if check["findings"] else "–"


def scope_part(facts: Facts) -> str:
    """Blocks, hashes, contracts."""
    compared = ", ".join(number(b) for b in facts["compared_at"])
    text = (
        f"<p>State was rebuilt at every block and compared with the chain's answers at blocks {compared}.</p>"
    )
    if facts["skipped"]:
        skipped = ", ".join(number(b) for b in facts["skipped"])
        text += f"<p>The node, being no archive, could not answer at blocks {skipped}.</p>"
    told = pairs(
        [
            ("Chain", str(facts["chain_id"])),
            ("Genesis", code(facts["genesis"])),
            ("Blocks", f"{number(facts['from_block'])} to {number(facts['to_block'])}"),
            ("Last block", code(facts["to_block_hash"])),
            ("Blocks with events", number(facts["blocks_with_events"])),
            ("Transactions", number(facts["transactions"])),
        ]
    )
    rows = ((escape(c["name"]), code(c["address"])) for c in facts["contracts"])
    return section("Scope", text + told + table(("Contract", "Address"), rows), anchor="scope")
