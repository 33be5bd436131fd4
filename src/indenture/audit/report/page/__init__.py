"""The report as one HTML page that needs nothing else: no script, no font, no picture from outside."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from string import Template
from typing import Any

from indenture.audit.report.page.bond import anchor_of, bond_part, bonds_part
from indenture.audit.report.page.outcome import findings_part, mood, notices_part, verdict
from indenture.audit.report.page.pieces import number, time
from indenture.audit.report.page.proof import basis, checks_part, proof_part, scope_part
from indenture.audit.report.page.suite import cash_part, members_part, powers_part
from indenture.audit.report.words import escape

Facts = dict[str, Any]


def render(facts: Facts) -> str:
    """The whole page."""
    folder = resources.files("indenture.audit.report.page")
    running = f"Audit of {facts['network']}, chain {facts['chain_id']}, block {facts['to_block']}"
    style = Template((folder / "style.css").read_text("utf-8"))
    sections = [
        findings_part(facts),
        notices_part(facts),
        proof_part(facts),
        bonds_part(facts),
        *(bond_part(bond, facts["as_of"]) for bond in facts["bonds"]),
        cash_part(facts),
        members_part(facts["members"]),
        powers_part(facts),
        checks_part(facts),
        scope_part(facts),
    ]
    return Template((folder / "page.html").read_text("utf-8")).substitute(
        title=f"Audit of {escape(facts['network'])}",
        style=style.substitute(running=_css_text(running)),
        mood=mood(facts),
        verdict=escape(verdict(facts)),
        subtitle=(
            f"Chain {facts['chain_id']}, blocks {number(facts['from_block'])} to "
            f"{number(facts['to_block'])}, as of {time(facts['as_of'])}"
        ),
        basis=escape(basis(facts)),
        links="".join(_links(facts)),
        figures=_figures(facts),
        sections="\n".join(filter(None, sections)),
    )


def _links(facts: Facts) -> Iterator[str]:
    def link(anchor: str, words: str, kind: str = "", note: str = "") -> str:
        small = f"<small>{escape(note)}</small>" if note else ""
        return f'<li class="{kind}"><a href="#{escape(anchor)}">{escape(words)}{small}</a></li>'

    yield link("findings", f"Findings · {facts['differences']:,}")
    if facts["notices"]:
        yield link("notices", f"Notices · {len(facts['notices']):,}")
    yield link("proof", "Proved and trusted")
    yield link("bonds", f"Bonds · {len(facts['bonds']):,}")
    for bond in facts["bonds"]:
        yield link(anchor_of(bond), bond["isin"], "sub", bond["symbol"])
    yield link("cash", "Cash")
    yield link("members", f"Members · {len(facts['members']):,}")
    yield link("powers", "Powers")
    yield link("checks", "What was checked")
    yield link("scope", "Scope")


def _figures(facts: Facts) -> str:
    cards = (
        ("differences", facts["differences"]),
        ("notices", len(facts["notices"])),
        ("blocks replayed", facts["blocks"]),
        ("events replayed", facts["events"]),
        ("answers compared", facts["views"]),
        ("bonds", len(facts["bonds"])),
        ("holders", sum(bond["register"]["holders"] for bond in facts["bonds"])),
        ("trades", sum(bond["trade_count"] for bond in facts["bonds"])),
    )
    return "".join(f"<div><b>{number(value)}</b><span>{label}</span></div>" for label, value in cards)


def _css_text(words: str) -> str:
    """Text that can stand in a string of a style sheet, and end neither it nor the style."""
    return "".join(
        letter if letter.isalnum() or letter in " ,.-:" else f"\\{ord(letter):x} " for letter in words
    )
