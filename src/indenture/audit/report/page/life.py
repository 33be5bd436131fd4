"""The part of the page that tells of events of holders, versions, default and recoveries."""

from __future__ import annotations

from typing import Any

from indenture.audit.report.page.pieces import amount, number, pairs, table, time
from indenture.audit.report.words import escape

Facts = dict[str, Any]


def life_part(bond: Facts) -> str:
    """All of it; nothing of a bond that only waits for maturity."""
    return "\n".join(filter(None, (_calls(bond), _events(bond), _default(bond))))


def _calls(bond: Facts) -> str:
    rows = [
        (str(c["period"]), f"{c['share_percent']} %", f"{c['price_percent']} %")
        for c in bond["calls_in_part"]
    ]
    if not rows:
        return ""
    heads = ("With payment", "Part of the face", "Price")
    return "<h3>Calls in part</h3>" + table(heads, rows, numbers={0, 1, 2})


def _events(bond: Facts) -> str:
    rows = [
        (
            str(e["number"]),
            escape(" ".join(filter(None, (e["kind"], e["code"])))),
            time(e["opens"]),
            time(e["closes"]),
            e["pay_date"] or "–",
            number(e["elected"]),
            number(e["taken"]),
            amount(e["funded"]),
            amount(e["paid"]),
            escape(e["status"]),
        )
        for e in bond["events"]
    ]
    if not rows:
        return ""
    heads = ("No.", "Event", "Opens", "Closes", "Pays for", "Elected", "Taken", "Funded", "Paid", "Status")
    return f"<h3>Events of holders, {escape(bond['currency'])}</h3>" + table(
        heads, rows, numbers={5, 6, 7, 8}
    )


def _default(bond: Facts) -> str:
    claim = bond["claim"]
    if claim is None:
        return ""
    told = pairs(
        [
            ("Made due on", claim["due_date"]),
            ("Principal owed", number(claim["principal"])),
            ("Interest owed", number(claim["interest"])),
            ("Up to", claim["day"] or "–"),
            ("Closed", "yes" if claim["closed"] else "no"),
        ]
    )
    heads = ("Record date", "Day", "Paid on", "Units", "Funded", "Paid to holders")
    rows = [
        (
            str(r["record"]),
            r["record_date"],
            r["pay_date"],
            number(r["units"]),
            number(r["funded"]),
            number(r["paid"]),
        )
        for r in bond["recoveries"]
    ]
    recoveries = table(heads, rows, numbers={0, 3, 4, 5}) if rows else ""
    return f"<h3>Default, {escape(bond['currency'])}</h3>{told}{recoveries}"
