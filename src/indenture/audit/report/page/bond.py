"""One bond on the page, and the list of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from indenture.audit.report.charts.flows import flows_picture
from indenture.audit.report.charts.holdings import holdings_picture
from indenture.audit.report.charts.supply import supply_picture
from indenture.audit.report.page.life import life_part
from indenture.audit.report.page.pieces import (
    amount,
    code,
    count,
    figure,
    folded,
    number,
    pairs,
    section,
    table,
    time,
)
from indenture.audit.report.page.suite import powers_table
from indenture.audit.report.page.tender import tender_part
from indenture.audit.report.words import escape

Facts = dict[str, Any]

MOST_RECORDS = 4
"""Record dates that the register shows beside today's units."""


def anchor_of(bond: Facts) -> str:
    """Where the bond stands on the page; two registrations of one ISIN stand at two places."""
    return f"bond-{bond['address']}"


def bonds_part(facts: Facts) -> str:
    """Every bond in a line."""
    if not facts["bonds"]:
        return section("Bonds", "<p>No bond was registered.</p>", anchor="bonds")
    rows = (
        (
            f'<a href="#{escape(anchor_of(b))}">{escape(b["isin"])}</a>',
            escape(b["name"]),
            code(b["issuer"]),
            f"{_day(b['issue_date'])} to {_day(b['maturity_date'])}",
            number(b["units_outstanding"]),
            f"{number(outstanding_amount(b))} {escape(b['currency'])}",
            number(b["register"]["holders"]),
            escape(b["status"]),
        )
        for b in facts["bonds"]
    )
    heads = ("ISIN", "Name", "Issuer", "Term", "Units", "Face value outstanding", "Holders", "Status")
    told = table(heads, rows, numbers={4, 5, 6}, most=len(facts["bonds"]))
    return section("Bonds", told, anchor="bonds", note=number(len(facts["bonds"])))


def _day(day: str) -> str:
    """A day that no line breaks."""
    return f'<span class="whole">{escape(day)}</span>'


def outstanding_amount(bond: Facts) -> Decimal:
    """Units outstanding times the face value of one."""
    return Decimal(bond["units_outstanding"]) * Decimal(bond["face_value"])


def largest_title(bond: Facts) -> str:
    """Of when the largest holders are shown."""
    return "Largest holders" if bond["units_outstanding"] else "Largest holders at the last record date"


def bond_part(bond: Facts, as_of: str) -> str:
    """The section of one bond."""
    currency = bond["currency"]
    parts = [
        _terms(bond),
        figure(
            largest_title(bond),
            holdings_picture(bond["register"]),
            [("free", "free"), ("bound", "bound"), ("frozen", "frozen")],
        ),
        _register(bond),
        figure("Units outstanding", supply_picture(bond["outstanding"], as_of[:10], "Units")),
        figure(
            f"Cash flows of the holders, {currency}",
            flows_picture(bond["cash_flows"], currency),
            [(kind, kind) for kind in ("subscription", "interest", "principal", "event")],
        ),
        _payments(bond),
        _kept(bond),
        life_part(bond),
        *(tender_part(offering) for offering in bond["offerings"]),
        _trades(bond),
        _powers(bond["powers"]),
        _documents(bond["documents"]),
    ]
    note = f"{bond['isin']} · {bond['status']}"
    return section(
        bond["name"], "\n".join(filter(None, parts)), note=note, anchor=anchor_of(bond), kind="bond"
    )


def _terms(bond: Facts) -> str:
    currency = bond["currency"]
    plain = (
        ("ISIN", bond["isin"]),
        ("Short name", bond["symbol"]),
        ("Issuer", bond["issuer"]),
        ("Face value of a unit", f"{number(bond['face_value'])} {currency}"),
        ("Units issued", number(bond["units_issued"])),
        ("Units outstanding", number(bond["units_outstanding"])),
        ("Movements", f"{number(bond['movements'])}, of {number(bond['units_moved'])} units between holders"),
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
    names = ("units", "interest", "principal", "funded", "paid", "tax", "residue", "paid_holders")
    rows = (
        (
            str(p["period"]),
            p["record_date"] or "–",
            p["pay_date"] or f"due {p['due_date']}",
            *(amount(p[name]) for name in names),
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
        "Tax of it",
        "Residue",
        "Holders",
        "Status",
    )
    return f"<h3>Payments, {escape(bond['currency'])}</h3>" + table(heads, rows, numbers=set(range(3, 11)))


def _kept(bond: Facts) -> str:
    rows = ((code(k["account"]), number(k["amount"])) for k in bond["kept"])
    told = table(("Account", f"Kept for it, {bond['currency']}"), rows, numbers={1})
    return folded("Amounts that could not be sent", len(bond["kept"]), told) if bond["kept"] else ""


def _register(bond: Facts) -> str:
    register = bond["register"]
    shown = register["records"][-MOST_RECORDS:]
    total = register["outstanding"] or (register["totals"][-1] if register["totals"] else 0)

    def held_by(entry: Facts) -> int:
        last: int = entry["now"] if register["outstanding"] else (entry["at_record"] or [0])[-1]
        return last

    largest = max(map(held_by, register["rows"]), default=0)

    def row(entry: Facts) -> tuple[str, ...]:
        held = held_by(entry)
        share = Decimal(100 * held) / total if total else Decimal(0)
        length = Decimal(100 * held) / largest if largest else Decimal(0)
        bar = f'<span class="bar"><i style="width:{length:.2f}%"></i></span>{share:.2f} %'
        units = [number(entry["at_record"][record - 1]) for record in shown]
        tied = [number(entry[name]) if entry[name] else "" for name in ("frozen", "bound")]
        return (code(entry["account"]), code(entry["lei"]), *units, number(entry["now"]), *tied, bar)

    heads = ("Account", "LEI", *(f"Record date {r}" for r in shown), "Now", "Frozen", "Bound", "Share")
    foot = (
        "Total",
        "",
        *(number(register["totals"][record - 1]) for record in shown),
        number(register["outstanding"]),
        number(register["frozen"]) if register["frozen"] else "",
        number(register["bound"]) if register["bound"] else "",
        "",
    )
    rows = map(row, register["rows"])
    told = table(
        heads, rows, numbers=set(range(2, len(heads))), foot=foot, left_out="holders.csv and audit.json"
    )
    return f"<h3>Register, units</h3>{_register_notes(register)}{told}"


def _register_notes(register: Facts) -> str:
    notes = []
    if register["holders"]:
        notes.append(
            f"{count(register['holders'], 'holder')}; the largest has {register['largest_percent']} %, "
            f"the ten largest {register['ten_largest_percent']} %."
        )
        classes = (
            f"{c['class']} {number(c['units'])} ({count(c['holders'], 'account')})"
            for c in register["classes"]
        )
        notes.append(f"By class: {', '.join(classes)}.")
    elif register["rows"]:
        notes.append("Redeemed: shares are of the last record date.")
    if len(register["records"]) > MOST_RECORDS:
        notes.append("Earlier record dates are in holders.csv.")
    return f'<p class="quiet">{escape(" ".join(notes))}</p>' if notes else ""


def _trades(bond: Facts) -> str:
    trades = bond["trades"]
    if not trades:
        return ""
    rows = (
        (
            time(t["time"]),
            code(t["seller"]),
            code(t["buyer"]),
            number(t["units"]),
            f"{number(t['amount'])} {escape(t['currency'])}",
            f"<small>{code(t['tx_hash'])}</small>",
        )
        for t in reversed(trades)
    )
    heads = ("Time", "Seller", "Buyer", "Units", "Amount", "Transaction")
    told = table(heads, rows, numbers={3, 4})
    title = f"Trades of {number(bond['traded_units'])} units, the latest first"
    return "<h3>Trades, delivery versus payment</h3>" + folded(
        title, bond["trade_count"], told, is_open=len(trades) <= 20
    )


def _powers(powers: Sequence[Facts]) -> str:
    return f"<h3>Powers used on it</h3>{powers_table(powers[::-1], of_bond=True)}" if powers else ""


def _documents(documents: Sequence[Facts]) -> str:
    if not documents:
        return ""
    rows = ((escape(d["name"]), escape(d["uri"]), code(d["hash"])) for d in documents)
    return "<h3>Documents</h3>" + table(("Name", "Where", "Hash"), rows)
