"""The report as one HTML page that needs nothing else: no script, no font, no picture from outside."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from importlib import resources
from string import Template
from typing import Any

from indenture.audit.report.chart import cash_flow_chart
from indenture.audit.report.life_page import life_part
from indenture.audit.report.pieces import (
    amount,
    code,
    contract,
    folded,
    number,
    pairs,
    section,
    table,
    time,
    tx_hash,
    value,
)
from indenture.audit.report.tender_page import tender_part

Facts = dict[str, Any]


def render(facts: Facts) -> str:
    """The whole page."""
    template = Template((resources.files("indenture.audit.report") / "page.html").read_text("utf-8"))
    sections = [
        _findings(facts),
        _notices(facts),
        *(_bond(bond) for bond in facts["bonds"]),
        _cash(facts["cash"]),
        _members(facts["members"]),
        _checks(facts),
        _scope(facts),
    ]
    return template.substitute(
        title=f"Audit of {escape(facts['network'])}",
        subtitle=escape(
            f"Chain {facts['chain_id']}, blocks {number(facts['from_block'])} to "
            f"{number(facts['to_block'])}, as of {time(facts['as_of'])}"
        ),
        verdict=_verdict(facts),
        figures=_figures(facts),
        sections="\n".join(sections),
    )


def _verdict(facts: Facts) -> str:
    if facts["differences"]:
        return f'<p class="verdict bad">{number(facts["differences"])} differences found</p>'
    return '<p class="verdict good">No difference found</p>'


def _figures(facts: Facts) -> str:
    holders = sum(sum(1 for row in bond["register"]["rows"]) for bond in facts["bonds"])
    trades = sum(len(bond["trades"]) for bond in facts["bonds"])
    cards = (
        ("blocks replayed", facts["blocks"]),
        ("events replayed", facts["events"]),
        ("answers compared", facts["views"]),
        ("bonds", len(facts["bonds"])),
        ("holders", holders),
        ("trades", trades),
        ("notices", len(facts["notices"])),
        ("differences", facts["differences"]),
    )
    return "".join(f"<div><b>{number(value)}</b><span>{label}</span></div>" for label, value in cards)


def _findings(facts: Facts) -> str:
    if not facts["findings"]:
        return section(
            "Findings",
            "<p>Every event follows from the ones before it, every amount could be recomputed, "
            "and the chain answers what its events add up to.</p>",
        )
    rows = (
        (
            number(f["block"]),
            f"<b>{escape(f['kind'])}</b>",
            contract(f["contract"]),
            code(f["key"]),
            value(f["expected"]),
            value(f["found"]),
            escape(f["message"]) + tx_hash(f["tx_hash"]),
        )
        for f in facts["findings"]
    )
    heads = ("Block", "Check", "Contract", "Key", "Expected", "Found", "What it means")
    return section("Findings", table(heads, rows, numbers={0}), kind="bad")


def _notices(facts: Facts) -> str:
    if not facts["notices"]:
        return ""
    rows = (
        (number(n["block"]), f"<b>{escape(n['kind'])}</b>", code(n["about"]), escape(n["message"]))
        for n in facts["notices"]
    )
    lead = "<p>No rule was broken by these, and somebody should know of them.</p>"
    return section("Notices", lead + table(("Block", "Notice", "About", "What it says"), rows, numbers={0}))


def _bond(bond: Facts) -> str:
    parts = [
        _terms(bond),
        '<h3>Cash flows of the holders</h3><p class="legend"><i class="subscription"></i>subscription '
        '<i class="interest"></i>interest <i class="principal"></i>principal</p>'
        + cash_flow_chart(bond["cash_flows"], bond["currency"])
        if bond["cash_flows"]
        else "",
        _payments(bond),
        life_part(bond),
        _register(bond),
        *(tender_part(offering) for offering in bond["offerings"]),
        _trades(bond),
        _powers(bond["powers"]),
        _documents(bond["documents"]),
    ]
    return section(f"{bond['name']}", "\n".join(parts), note=f"{bond['isin']} · {bond['status']}")


def _terms(bond: Facts) -> str:
    currency = bond["currency"]
    plain = (
        ("ISIN", bond["isin"]),
        ("Short name", bond["symbol"]),
        ("Issuer", bond["issuer"]),
        ("Face value of a unit", f"{number(bond['face_value'])} {currency}"),
        ("Units issued", number(bond["units_issued"])),
        ("Units outstanding", number(bond["units_outstanding"])),
        ("Coupon", f"{bond['kind']}, {_rate(bond['rate_percent'])}, {bond['day_count']}"),
        ("Periods", f"{bond['periods']} of {bond['period_length']}"),
        ("Issue and maturity", f"{bond['issue_date']} to {bond['maturity_date']}"),
        ("Payment days", f"{bond['roll']}, {bond['calendar']}"),
        ("Versions of the terms", number(bond["versions"])),
    )
    codes = (("Contract", bond["address"]), ("Term sheet", bond["term_sheet_hash"]))
    return pairs(
        [(name, escape(text)) for name, text in plain] + [(name, code(text)) for name, text in codes]
    )


def _rate(percent: str | None) -> str:
    return f"{percent} % a year" if percent is not None else "to be fixed by an offering"


def _payments(bond: Facts) -> str:
    rows = (
        (
            str(p["period"]),
            p["record_date"] or "–",
            p["pay_date"] or f"due {p['due_date']}",
            amount(p.get("units")),
            amount(p.get("interest")),
            amount(p.get("principal")),
            amount(p.get("funded")),
            amount(p.get("paid")),
            amount(p.get("residue")),
            amount(p.get("paid_holders")),
            escape(p["status"]),
        )
        for p in bond["payments"]
    )
    heads = (
        "No.",
        "Record date",
        "Paid on",
        "Units",
        "Interest",
        "Principal",
        "Funded",
        "Paid to holders",
        "Residue",
        "Holders",
        "Status",
    )
    return f"<h3>Payments, {escape(bond['currency'])}</h3>" + table(heads, rows, numbers=set(range(3, 10)))


def _register(bond: Facts) -> str:
    register = bond["register"]
    records = register["records"]
    basis = [*register["totals"], register["outstanding"]]
    total = register["outstanding"] or (basis[-2] if len(basis) > 1 else 0)

    def held_by(entry: Facts) -> int:
        last: int = entry["now"] if register["outstanding"] else (entry["at_record"] or [0])[-1]
        return last

    largest = max(map(held_by, register["rows"]), default=0)

    def row(entry: Facts) -> tuple[str, ...]:
        held = held_by(entry)
        share = Decimal(100 * held) / total if total else Decimal(0)
        length = Decimal(100 * held) / largest if largest else Decimal(0)
        bar = f'<span class="bar"><i style="width:{length:.2f}%"></i></span>{share:.2f} %'
        units = [number(n) for n in entry["at_record"]]
        tied = [number(entry[name]) if entry[name] else "" for name in ("frozen", "bound")]
        return (code(entry["account"]), code(entry["lei"]), *units, number(entry["now"]), *tied, bar)

    heads = ("Account", "LEI", *(f"Record date {r}" for r in records), "Now", "Frozen", "Bound", "Share")
    foot = (
        "Total",
        "",
        *(number(n) for n in register["totals"]),
        number(register["outstanding"]),
        "",
        "",
        "",
    )
    rows = [row(entry) for entry in register["rows"]]
    register_table = table(heads, rows, numbers=set(range(2, len(heads))), foot=foot)
    note = (
        ""
        if register["outstanding"]
        else '<p class="quiet">Redeemed: shares are of the last record date.</p>'
    )
    return f"<h3>Register, units</h3>{note}{register_table}"


def _trades(bond: Facts) -> str:
    trades = bond["trades"]
    if not trades:
        return ""
    rows = (
        (time(t["time"]), code(t["seller"]), code(t["buyer"]), number(t["units"]), number(t["amount"]))
        for t in trades
    )
    trade_table = table(
        ("Time", "Seller", "Buyer", "Units", f"Amount, {bond['currency']}"), rows, numbers={3, 4}
    )
    return f"<h3>Trades, delivery versus payment</h3>{folded('Trades', len(trades), trade_table)}"


def _powers(powers: Sequence[Facts]) -> str:
    if not powers:
        return ""
    rows = (
        (
            time(p["time"]),
            escape(p["act"]),
            code(", ".join(f"{k} {v}" for k, v in p.items() if k not in ("time", "act", "block", "tx_hash"))),
        )
        for p in powers
    )
    return "<h3>Statutory powers used</h3>" + table(("Time", "Act", "What"), rows)


def _documents(documents: Sequence[Facts]) -> str:
    if not documents:
        return ""
    rows = ((escape(d["name"]), escape(d["uri"]), code(d["hash"])) for d in documents)
    return "<h3>Documents</h3>" + table(("Name", "Where", "Hash"), rows)


def _cash(tokens: Sequence[Facts]) -> str:
    rows = (
        (
            escape(t["code"]),
            number(t["issued"]),
            number(t["redeemed"]),
            number(t["outstanding"]),
            number(t["limit"]),
            number(t["movements"]),
            number(t["holders"]),
            *(number(t["escrows"][name]) for name in ("Offering", "Servicing")),
        )
        for t in tokens
    )
    heads = (
        "Currency",
        "Issued",
        "Redeemed",
        "Outstanding",
        "Limit",
        "Movements",
        "Holders",
        "Held by Offering",
        "Held by Servicing",
    )
    return section("Cash", table(heads, rows, numbers=set(range(1, 9))))


def _members(members: Sequence[Facts]) -> str:
    rows = (
        (
            code(m["lei"]),
            escape(m["class"]),
            escape(m["jurisdiction"]),
            "suspended" if m["suspended"] else "in good standing",
            time(m["admitted"]),
            "<br>".join(_account(a) for a in m["accounts"]),
        )
        for m in members
    )
    heads = ("LEI", "Class", "From", "Standing", "Admitted", "Accounts")
    return section("Members", table(heads, rows), note=number(len(members)))


def _account(account: Facts) -> str:
    standing = "" if account["standing"] == "active" else f" · {account['standing']}"
    until = f" · until {time(account['until'])}" if account["until"] else ""
    return (
        f"{code(account['address'])} <small>{escape(', '.join(account['roles']) + standing + until)}</small>"
    )


def _checks(facts: Facts) -> str:
    rows = (
        (f"<b>{escape(c['id'])}</b>", escape(c["says"]), number(c["findings"]) if c["findings"] else "–")
        for c in facts["checks"]
    )
    return section("What was checked", table(("Check", "What must hold", "Findings"), rows, numbers={2}))


def _scope(facts: Facts) -> str:
    compared = ", ".join(number(b) for b in facts["compared_at"])
    text = (
        f"<p>State was rebuilt at every block and compared with the chain's answers at blocks {compared}.</p>"
    )
    if facts["skipped"]:
        skipped = ", ".join(number(b) for b in facts["skipped"])
        text += f"<p>The node, being no archive, could not answer at blocks {skipped}.</p>"
    text += f"<p>Last block {code(facts['to_block_hash'])}.</p>"
    rows = ((escape(c["name"]), code(c["address"])) for c in facts["contracts"])
    return section("Scope", text + table(("Contract", "Address"), rows))
