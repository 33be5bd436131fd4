"""The bonds of the PDF: a list of all, then each on a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reportlab.platypus import Flowable, PageBreak

from indenture.audit.report.charts.demand import demand_picture
from indenture.audit.report.charts.flows import flows_picture
from indenture.audit.report.charts.holdings import holdings_picture
from indenture.audit.report.charts.supply import supply_picture
from indenture.audit.report.page.bond import largest_title, outstanding_amount
from indenture.audit.report.pdf.parts import moment, number
from indenture.audit.report.pdf.pieces import figure, pairs, table, text

Facts = dict[str, Any]

MOST_HOLDERS, MOST_ROWS = 40, 40
_MANY = 10_000


def bonds_part(facts: Facts) -> Iterator[Flowable]:
    """Every bond in a line."""
    yield text(f"Bonds: {len(facts['bonds']):,}", "h1")
    heads = (
        ("ISIN", "cell", 13),
        ("Name", "cell", 26),
        ("Term", "cell", 20),
        ("Units", "number", 11),
        ("Face value outstanding", "number", 18),
        ("Holders", "number", 7),
        ("Status", "cell", 12),
    )
    rows = (
        (
            b["isin"],
            b["name"],
            f"{b['issue_date']} to {b['maturity_date']}",
            number(b["units_outstanding"]),
            f"{number(outstanding_amount(b))} {b['currency']}",
            number(b["register"]["holders"]),
            b["status"],
        )
        for b in facts["bonds"]
    )
    yield from table(heads, rows, most=_MANY)


def bond_part(bond: Facts, as_of: str) -> Iterator[Flowable]:
    """One bond."""
    currency = bond["currency"]
    yield PageBreak()
    yield text(f"{bond['name']}", "h1")
    yield pairs(_terms(bond))
    yield from figure(
        largest_title(bond), holdings_picture(bond["register"]), "free, bound (amber), frozen (red)"
    )
    yield from _register(bond)
    yield from figure("Units outstanding", supply_picture(bond["outstanding"], as_of[:10], "Units"))
    yield from figure(
        f"Cash flows of the holders, {currency}",
        flows_picture(bond["cash_flows"], currency),
        "subscription (grey), interest (amber), principal (blue), events of holders (violet)",
    )
    yield from _payments(bond)
    yield from _events(bond)
    for tender in bond["offerings"]:
        yield from _tender(tender)
    yield from _trades(bond)
    yield from _powers(bond)


def _terms(bond: Facts) -> list[tuple[str, str]]:
    rate = "to be fixed" if bond["rate_percent"] is None else f"{bond['rate_percent']} %"
    return [
        ("ISIN", bond["isin"]),
        ("Short name", bond["symbol"]),
        ("Issuer", bond["issuer"]),
        ("Status", bond["status"]),
        ("Face value", f"{number(bond['face_value'])} {bond['currency']}"),
        ("Coupon", f"{bond['kind']}, {rate}, {bond['day_count']}"),
        ("Term", f"{bond['issue_date']} to {bond['maturity_date']}"),
        ("Units issued", number(bond["units_issued"])),
        ("Units outstanding", number(bond["units_outstanding"])),
        ("Frozen, bound", f"{number(bond['register']['frozen'])}, {number(bond['register']['bound'])}"),
        ("Contract", bond["address"]),
        ("Term sheet", bond["term_sheet_hash"]),
    ]


def _register(bond: Facts) -> Iterator[Flowable]:
    register = bond["register"]
    if not register["rows"]:
        return
    yield text(f"Register: {register['holders']:,} holders", "h2")
    heads = (
        ("Account", "code", 33),
        ("LEI", "code", 18),
        ("At the last record date", "number", 15),
        ("Now", "number", 12),
        ("Frozen", "number", 11),
        ("Bound", "number", 11),
    )
    rows = (
        (
            row["account"],
            row["lei"],
            number(row["at_record"][-1] if row["at_record"] else None),
            number(row["now"]),
            number(row["frozen"]),
            number(row["bound"]),
        )
        for row in register["rows"]
    )
    yield from table(heads, rows, most=MOST_HOLDERS, left_out="holders.csv and audit.json")


def _payments(bond: Facts) -> Iterator[Flowable]:
    yield text(f"Payments, {bond['currency']}", "h2")
    shares = {"units": 10, "interest": 12, "principal": 14, "funded": 14, "paid": 14, "tax": 9, "residue": 9}
    heads = (
        ("No.", "number", 4),
        ("Recorded", "cell", 11),
        ("Paid on", "cell", 11),
        *((name.capitalize(), "number", share) for name, share in shares.items()),
        ("Status", "cell", 8),
    )
    rows = (
        (
            str(p["period"]),
            p["record_date"] or "–",
            p["pay_date"] or f"due {p['due_date']}",
            *(number(p[name]) for name in shares),
            p["status"],
        )
        for p in bond["payments"]
    )
    yield from table(heads, rows, most=MOST_ROWS * 5)


def _events(bond: Facts) -> Iterator[Flowable]:
    if bond["events"]:
        yield text(f"Events of holders, {bond['currency']}", "h2")
        heads = (
            ("No.", "number", 4),
            ("Event", "cell", 14),
            ("Opens", "cell", 20),
            ("Elected", "number", 12),
            ("Taken", "number", 12),
            ("Funded", "number", 14),
            ("Paid", "number", 14),
            ("Status", "cell", 10),
        )
        rows = (
            (
                str(e["number"]),
                f"{e['kind']} {e['code']}".strip(),
                moment(e["opens"]),
                *(number(e[name]) for name in ("elected", "taken", "funded", "paid")),
                e["status"],
            )
            for e in bond["events"]
        )
        yield from table(heads, rows, most=MOST_ROWS)
    claim = bond["claim"]
    if claim is not None:
        yield text(f"Default, {bond['currency']}", "h2")
        yield text(
            f"Made due on {claim['due_date']}; owed: principal {number(claim['principal'])}, "
            f"interest {number(claim['interest'])}; {'closed' if claim['closed'] else 'open'}."
        )


def _tender(tender: Facts) -> Iterator[Flowable]:
    yield text(f"Offering {tender['id']} · {tender['stage']}", "h2")
    yield text(
        f"{tender['pricing'].capitalize()} tender by {tender['basis']}, {tender['form']} book; "
        f"{number(tender['offered'])} units on offer, {number(tender['bid'])} bid by {tender['bidders']}; "
        f"proceeds {number(tender['proceeds'])} {tender['currency']}."
    )
    if len(tender["demand"]) > 1:  # else there is nothing to see
        yield from figure(
            "Demand", demand_picture(tender), "allotted (blue), bid (grey), by quote, best first"
        )


def _trades(bond: Facts) -> Iterator[Flowable]:
    if not bond["trades"]:
        return
    yield text(
        f"Trades: {bond['trade_count']:,} of {number(bond['traded_units'])} units, the latest first", "h2"
    )
    heads = (
        ("Time", "cell", 19),
        ("Seller", "code", 29),
        ("Buyer", "code", 29),
        ("Units", "number", 9),
        ("Amount", "number", 14),
    )
    rows = (
        (
            moment(t["time"]),
            t["seller"],
            t["buyer"],
            number(t["units"]),
            f"{number(t['amount'])} {t['currency']}",
        )
        for t in reversed(bond["trades"])
    )
    yield from table(heads, rows, most=MOST_ROWS)


def _powers(bond: Facts) -> Iterator[Flowable]:
    if not bond["powers"]:
        return
    yield text("Powers used on it", "h2")
    heads = (
        ("Time", "cell", 15),
        ("Act", "cell", 12),
        ("About", "code", 28),
        ("By", "code", 28),
        ("Basis", "cell", 17),
    )
    rows = (
        (
            moment(p["time"] or "–"),
            p["act"],
            " ".join(filter(None, (p["about"], p["detail"]))) or "–",
            p["actor"] or "–",
            f"{p['function']}, role {p['role']}" if p["function"] else "–",
        )
        for p in reversed(bond["powers"])
    )
    yield from table(heads, rows, most=MOST_ROWS)
