"""What concerns no one bond: cash, members, powers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indenture.audit.report.charts.supply import supply_picture
from indenture.audit.report.page.pieces import code, contract, figure, folded, number, section, table, time
from indenture.audit.report.words import escape

Facts = dict[str, Any]

_MOST_BALANCES = 20


def cash_part(facts: Facts) -> str:
    """Every currency: what was issued, who holds it, and what was in circulation over time."""
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
        for t in facts["cash"]
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
    body = table(heads, rows, numbers=set(range(1, 9)))
    for token in facts["cash"]:
        picture = supply_picture(token["supply"], facts["as_of"][:10], token["code"])
        body += figure(f"{token['code']} outstanding over time", picture)
        body += _balances(token)
    return section("Cash", body, anchor="cash")


def _balances(token: Facts) -> str:
    balances = token["balances"]
    rows = ((code(b["account"]), code(b["lei"]), number(b["amount"])) for b in balances)
    heads = ("Account", "LEI", token["code"])
    told = table(heads, rows, numbers={2}, most=_MOST_BALANCES)
    return folded(f"Balances of {token['code']}", len(balances), told, is_open=False) if balances else ""


def members_part(members: Sequence[Facts]) -> str:
    """Every member with its accounts."""
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
    return section("Members", table(heads, rows), anchor="members", note=number(len(members)))


def _account(account: Facts) -> str:
    standing = "" if account["standing"] == "active" else f" · {account['standing']}"
    until = f" · until {time(account['until'])}" if account["until"] else ""
    return (
        f"{code(account['address'])} <small>{escape(', '.join(account['roles']) + standing + until)}</small>"
    )


def powers_part(facts: Facts) -> str:
    """How often each power was used, each use with what it rests on, and who holds which."""
    counted = table(
        ("Power", "Times"),
        ((escape(p["act"]), number(p["times"])) for p in facts["powers_counted"]),
        numbers={1},
    )
    held = table(
        ("Role", "Account", "Since", "Delay, seconds"),
        (
            (escape(p["role"]), code(p["account"]), time(p["since"]), number(p["delay"]))
            for p in facts["powers"]
        ),
        numbers={3},
    )
    used = facts["powers_used"]
    body = (
        f'<div class="two"><div><h3>Powers used</h3>{counted}</div>'
        f"<div><h3>Powers in force</h3>{held}</div></div>"
        + folded("Every use, the latest first", len(used), powers_table(used[::-1]), is_open=False)
    )
    return section("Powers", body, anchor="powers")


def powers_table(used: Sequence[Facts], *, of_bond: bool = False) -> str:
    """Uses of powers: when, what, of whom, by whom, on which basis; of a bond without its own name."""
    heads = ("Time", "Act", "Contract", "About", "By", "Basis", "Transaction")
    rows = (
        (
            f"{time(use['time'] or '–')}<br><small>block {number(use['block'])}</small>",
            f"<b>{escape(use['act'])}</b>",
            contract(use["contract"]),
            _about(use),
            code(use["actor"]),
            _basis(use),
            f"<small>{code(use['tx_hash'])}</small>",
        )
        for use in used
    )
    if of_bond:
        return table((*heads[:2], *heads[3:]), ((*row[:2], *row[3:]) for row in rows))
    return table(heads, rows)


def _about(use: Facts) -> str:
    shown = [code(use["about"])] if use["about"] else []
    return "<br>".join([*shown, escape(use["detail"])] if use["detail"] else shown) or "–"


def _basis(use: Facts) -> str:
    """The function, the role that it asks for, and the reason that was given."""
    parts = [f"{escape(use['function'])}, role {escape(use['role'])}"] if use["function"] else []
    if use["reason"]:
        parts.append(f"reason {code(use['reason'])}")
    return "<br>".join(parts) or "–"
