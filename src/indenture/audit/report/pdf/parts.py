"""The sections of the PDF, the findings first."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table

from indenture.audit.report.page.outcome import mood, verdict
from indenture.audit.report.page.proof import PROVED, basis, check_outcome
from indenture.audit.report.pdf.fonts import BOLD, markup
from indenture.audit.report.pdf.pieces import BAD, LINE, MOODS, STYLES, WIDTH, pairs, table, text

Facts = dict[str, Any]

MOST_FINDINGS, MOST_MEMBERS, MOST_POWERS = 200, 200, 60


def number(value: object) -> str:
    """With separators; a dash for none."""
    return "–" if value is None else f"{Decimal(str(value)):,f}"


def moment(instant: str) -> str:
    """An instant as people read it."""
    return instant.replace("T", " ").replace("Z", " UTC")


def title_part(facts: Facts) -> Iterator[Flowable]:
    """The verdict, and of what."""
    style = STYLES["text"]
    large = ParagraphStyle("verdict", parent=style, fontName=BOLD, fontSize=38, leading=46, spaceAfter=6)
    lines = (
        f"Chain {facts['chain_id']}, blocks {number(facts['from_block'])} to "
        f"{number(facts['to_block'])}, as of {moment(facts['as_of'])}",
        f"Last block {facts['to_block_hash']}",
        basis(facts),
    )
    words = [
        _white(f"Audit of {facts['network']}", style, 10),
        _white(verdict(facts), large, 38),
        *(_white(line, style, 8.5) for line in lines),
    ]
    box = [
        ("BACKGROUND", (0, 0), (-1, -1), MOODS[mood(facts)]),
        *((f"{side}PADDING", (0, 0), (-1, -1), 12) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
    ]
    yield Table([[words]], colWidths=[WIDTH], style=box)
    yield Spacer(1, 8)
    cards = (
        ("differences", facts["differences"]),
        ("notices", len(facts["notices"])),
        ("blocks", facts["blocks"]),
        ("events", facts["events"]),
        ("answers compared", facts["views"]),
        ("bonds", len(facts["bonds"])),
        ("holders", sum(bond["register"]["holders"] for bond in facts["bonds"])),
        ("trades", sum(bond["trade_count"] for bond in facts["bonds"])),
    )
    row = [
        [Paragraph(f'<font name="{BOLD}" size="11">{number(n)}</font>', style), text(name, "quiet")]
        for name, n in cards
    ]
    yield Table(
        [row],
        colWidths=[WIDTH / len(cards)] * len(cards),
        style=[("BOX", (0, 0), (-1, -1), 0.6, LINE), ("INNERGRID", (0, 0), (-1, -1), 0.6, LINE)],
    )


def _white(words: str, style: ParagraphStyle, size: float) -> Paragraph:
    return Paragraph(f'<font color="white" size="{size}">{markup(words)}</font>', style)


def findings_part(facts: Facts) -> Iterator[Flowable]:
    """Every finding with all that is known of it."""
    yield text("Findings", "h1")
    if not facts["findings"]:
        yield text(
            "Every event follows from the ones before it, every amount could be recomputed, "
            "and the chain answers what its events add up to."
        )
    for index, finding in enumerate(facts["findings"][:MOST_FINDINGS], 1):
        yield _finding(index, finding)
    more = len(facts["findings"]) - MOST_FINDINGS
    if more > 0:
        yield text(f"and {more:,} more, in audit.json", "quiet")


def _finding(index: int, finding: Facts) -> Flowable:
    rows = (
        ("Block", number(finding["block"]), "cell"),
        ("Transaction", finding["tx_hash"] or "none", "code"),
        ("Contract", finding["contract"], "code"),
        ("Key", finding["key"], "code"),
        ("Expected", finding["expected"], "code"),
        ("Found", finding["found"], "code"),
    )
    lead = Paragraph(
        f'<font name="{BOLD}">{index} · {markup(finding["kind"])}</font> · {markup(finding["message"])}',
        STYLES["text"],
    )
    # A value may be longer than a page: what is cut here stands in the JSON.
    body = [[text(name, "head"), text(_cut(value), style)] for name, value, style in rows]
    told = Table(
        body,
        colWidths=[WIDTH * 0.12, WIDTH * 0.86],
        style=[
            ("LINEBEFORE", (0, 0), (0, -1), 2, BAD),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ],
    )
    return KeepTogether([lead, told, Spacer(1, 8)])


def _cut(value: str, most: int = 1_500) -> str:
    return value if len(value) <= most else f"{value[:most]}… ({len(value):,} characters, in audit.json)"


def notices_part(facts: Facts) -> Iterator[Flowable]:
    """What breaks no rule."""
    if not facts["notices"]:
        return
    yield text("Notices", "h1")
    yield text("No rule was broken by these, and somebody should know of them.")
    heads = (
        ("Block", "number", 6),
        ("Notice", "cell", 7),
        ("Contract", "code", 34),
        ("What it says", "cell", 53),
    )
    rows = ((number(n["block"]), n["kind"], n["contract"], n["message"]) for n in facts["notices"])
    yield from table(heads, rows, most=MOST_FINDINGS)


def proof_part(facts: Facts) -> Iterator[Flowable]:
    """What was proved, what is trusted."""
    yield text("Proved and trusted", "h1")
    proved = facts["proved"]
    if proved is None:
        yield text(
            "Nothing was proved. The events were replayed and recomputed, and the chain's answers "
            "compared with them; but both came from one node, and nothing ties them to block headers. "
            "A node that lies about everything, and consistently, would not be seen."
        )
    else:
        rows = ((says, number(proved[name])) for name, says in PROVED)
        yield from table((("Proved", "cell", 80), ("Number", "number", 20)), rows, most=len(PROVED))
    for title, sentences in (
        ("What vouches for the headers", facts["anchors"]),
        ("What is taken on trust", facts["trusted"]),
    ):
        if sentences:
            yield text(title, "h2")
            yield from (text(f"• {sentence}") for sentence in sentences)
    if facts["believed"]:
        yield text("Read from the chain, and taken as it is", "h2")
        heads = (("Contract", "code", 45), ("Argument", "cell", 20), ("Value", "code", 35))
        taken = ((b["contract"], b["name"], b["value"]) for b in facts["believed"])
        yield from table(heads, taken, most=MOST_POWERS)


def suite_part(facts: Facts) -> Iterator[Flowable]:
    """Cash, members, powers."""
    yield text("Cash", "h1")
    names = ("Issued", "Redeemed", "Outstanding", "Limit", "Holders")
    heads = (("Currency", "cell", 10), *((name, "number", 18) for name in names))
    rows = ((t["code"], *(number(t[name.lower()]) for name in names)) for t in facts["cash"])
    yield from table(heads, rows, most=MOST_MEMBERS)
    yield text(f"Members: {len(facts['members']):,}", "h1")
    heads = (
        ("LEI", "code", 16),
        ("Class", "cell", 12),
        ("From", "cell", 5),
        ("Standing", "cell", 12),
        ("Accounts", "code", 55),
    )
    yield from table(heads, map(_member, facts["members"]), most=MOST_MEMBERS)
    yield text("Powers used", "h1")
    rows = ((p["act"], number(p["times"])) for p in facts["powers_counted"])
    yield from table((("Power", "cell", 80), ("Times", "number", 20)), rows, most=MOST_POWERS)
    yield text("Powers in force", "h2")
    heads = (
        ("Role", "cell", 24),
        ("Account", "code", 38),
        ("Since", "cell", 24),
        ("Delay, seconds", "number", 14),
    )
    held = ((p["role"], p["account"], moment(p["since"]), number(p["delay"])) for p in facts["powers"])
    yield from table(heads, held, most=MOST_POWERS)


def _member(member: Facts) -> tuple[str, ...]:
    standing = "suspended" if member["suspended"] else "in good standing"
    accounts = " ".join(
        f"{a['address']} ({', '.join((*a['roles'], a['standing']))})" for a in member["accounts"]
    )
    return (member["lei"], member["class"], member["jurisdiction"], standing, accounts)


def scope_part(facts: Facts) -> Iterator[Flowable]:
    """Checks, blocks, contracts."""
    yield text("What was checked", "h1")
    rows = ((c["id"], c["says"], check_outcome(c)) for c in facts["checks"])
    heads = (("Check", "cell", 12), ("What must hold", "cell", 78), ("Findings", "number", 10))
    yield from table(heads, rows, most=len(facts["checks"]))
    yield text("Scope", "h1")
    yield pairs(
        [
            ("Chain", str(facts["chain_id"])),
            ("Genesis", facts["genesis"] or "–"),
            ("Blocks", f"{number(facts['from_block'])} to {number(facts['to_block'])}"),
            ("Last block", facts["to_block_hash"]),
            ("Blocks with events", number(facts["blocks_with_events"])),
            ("Transactions", number(facts["transactions"])),
            ("Compared at", f"{len(facts['compared_at']):,} blocks"),
            ("Not answered at", f"{len(facts['skipped']):,} blocks"),
        ]
    )
    contracts = ((c["name"], c["address"]) for c in facts["contracts"])
    yield from table((("Contract", "cell", 45), ("Address", "code", 55)), contracts, most=MOST_MEMBERS)
