"""Findings, notices and tender results as plain text: what one reads in a terminal, and mails."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from indenture._visible import visible
from indenture.audit.report.page.proof import basis

Facts = dict[str, Any]


def render_text(facts: Facts) -> str:
    """The text."""
    return "\n".join(map(visible, _lines(facts))) + "\n"


def _lines(facts: Facts) -> Iterator[str]:
    yield f"Audit of {facts['network']}, chain {facts['chain_id']}"
    yield f"blocks {facts['from_block']} to {facts['to_block']}, as of {facts['as_of']}"
    yield f"{facts['events']} events, {facts['views']} answers, {facts['differences']} differences"
    yield basis(facts)
    yield from _findings(facts["findings"])
    yield from _notices(facts["notices"])
    for bond in facts["bonds"]:
        for tender in bond["offerings"]:
            yield from _tender(bond, tender)


def _findings(findings: list[Facts]) -> Iterator[str]:
    for f in findings:
        yield ""
        yield f"{f['kind']} in block {f['block']}: {f['message']}"
        yield f"  {f['contract']}, {f['key']}"
        yield f"  expected {f['expected']}"
        yield f"  found    {f['found']}"


def _notices(notices: list[Facts]) -> Iterator[str]:
    if notices:
        yield ""
        yield "Notices"
        yield from (f"  {n['kind']} {n['message']}" for n in notices)


def _tender(bond: Facts, tender: Facts) -> Iterator[str]:
    unit = "%" if tender["basis"] == "rate" else tender["currency"]
    yield ""
    kind = f"{tender['pricing']} by {tender['basis']}"
    yield f"Offering {tender['id']} of {bond['isin']}: {kind}, {tender['stage']}"
    result = tender["result"]
    rows = [("on offer", _number(tender["offered"])), ("bid", _number(tender["bid"]))]
    if result is not None:
        rows += [
            ("allotted", _number(result["allotted"])),
            ("for the underwriters", _number(result["take_up"])),
            ("issue rate", f"{result['issue_rate_percent']} %"),
            ("issue price", f"{_number(result['issue_price'])} {tender['currency']}"),
            ("marginal quote", f"{result['marginal_quote']} {unit}"),
            ("average quote", f"{result['average_quote']} {unit}"),
            ("bid multiple", result["bid_multiple"]),
            ("marginal multiple", result["marginal_multiple"]),
            ("marginal ratio", f"{result['marginal_ratio_percent']} %"),
            ("proceeds", f"{_number(tender['proceeds'])} {tender['currency']}"),
        ]
    rows += [("deposit forfeited", f"{f['amount']} by {f['account']}") for f in tender["forfeited"]]
    yield from (f"  {name:<22}{value}" for name, value in rows)
    yield from _demand(tender, unit)


def _demand(tender: Facts, unit: str) -> Iterator[str]:
    """Units by quote, best first; a star marks the cut."""
    for row in tender["demand"]:
        mark = "*" if row["marginal"] else "void" if row["void"] else ""
        asked, given = _number(row["units"]), _number(row["allotted"])
        yield f"  {row['quote']:>16} {unit} {asked:>16} bid {given:>16} allotted {mark}".rstrip()


def _number(value: object) -> str:
    return f"{Decimal(str(value)):,f}"
