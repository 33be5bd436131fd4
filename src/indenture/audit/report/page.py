"""The report as one HTML page that needs nothing else: no script, no font, no picture from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from html import escape
from importlib import resources
from string import Template
from typing import Any

from indenture.audit.report.chart import cash_flow_chart

Facts = dict[str, Any]

_MOST_ROWS = 500
_WHOLE = 28  # digits that a column can hold in one line


def render(facts: Facts) -> str:
    """The whole page."""
    template = Template((resources.files("indenture.audit.report") / "page.html").read_text("utf-8"))
    sections = [
        _findings(facts),
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
            f"{number(facts['to_block'])}, as of {_time(facts['as_of'])}"
        ),
        verdict=_verdict(facts),
        figures=_figures(facts),
        sections="\n".join(sections),
    )


def number(value: object) -> str:
    """A number with thousands separators, whether it comes as int or as decimal text."""
    return f"{Decimal(str(value)):,f}"


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
        ("differences", facts["differences"]),
    )
    return "".join(f"<div><b>{number(value)}</b><span>{label}</span></div>" for label, value in cards)


def _findings(facts: Facts) -> str:
    if not facts["findings"]:
        return _section(
            "Findings",
            "<p>Every event follows from the ones before it, every amount could be recomputed, "
            "and the chain answers what its events add up to.</p>",
        )
    rows = (
        (
            number(f["block"]),
            f"<b>{escape(f['kind'])}</b>",
            _contract(f["contract"]),
            _code(f["key"]),
            _value(f["expected"]),
            _value(f["found"]),
            escape(f["message"]) + _hash(f["tx_hash"]),
        )
        for f in facts["findings"]
    )
    heads = ("Block", "Check", "Contract", "Key", "Expected", "Found", "What it means")
    return _section("Findings", _table(heads, rows, numbers={0}), kind="bad")


def _bond(bond: Facts) -> str:
    parts = [
        _terms(bond),
        '<h3>Cash flows of the holders</h3><p class="legend"><i class="subscription"></i>subscription '
        '<i class="interest"></i>interest <i class="principal"></i>principal</p>'
        + cash_flow_chart(bond["cash_flows"], bond["currency"])
        if bond["cash_flows"]
        else "",
        _payments(bond),
        _register(bond),
        *(_offering(offering) for offering in bond["offerings"]),
        _trades(bond),
        _powers(bond["powers"]),
        _documents(bond["documents"]),
    ]
    return _section(f"{bond['name']}", "\n".join(parts), note=f"{bond['isin']} · {bond['status']}")


def _terms(bond: Facts) -> str:
    currency = bond["currency"]
    pairs = (
        ("ISIN", bond["isin"]),
        ("Short name", bond["symbol"]),
        ("Issuer", bond["issuer"]),
        ("Face value of a unit", f"{number(bond['face_value'])} {currency}"),
        ("Units issued", number(bond["units_issued"])),
        ("Units outstanding", number(bond["units_outstanding"])),
        ("Coupon", f"{bond['rate_percent']} % a year, {bond['day_count']}"),
        ("Periods", f"{bond['periods']} of {bond['months_per_period']} months"),
        ("Issue and maturity", f"{bond['issue_date']} to {bond['maturity_date']}"),
        ("Payment days", f"{bond['roll']}, {bond['calendar']}"),
    )
    codes = (("Contract", bond["address"]), ("Term sheet", bond["term_sheet_hash"]))
    items = "".join(f"<dt>{label}</dt><dd>{escape(value)}</dd>" for label, value in pairs)
    items += "".join(f"<dt>{label}</dt><dd>{_code(value)}</dd>" for label, value in codes)
    return f"<dl>{items}</dl>"


def _payments(bond: Facts) -> str:
    rows = (
        (
            str(p["period"]),
            p["record_date"] or "–",
            p["pay_date"] or f"due {p['due_date']}",
            _amount(p.get("units")),
            _amount(p.get("interest")),
            _amount(p.get("principal")),
            _amount(p.get("funded")),
            _amount(p.get("paid")),
            _amount(p.get("residue")),
            _amount(p.get("paid_holders")),
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
    return f"<h3>Payments, {escape(bond['currency'])}</h3>" + _table(heads, rows, numbers=set(range(3, 10)))


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
        frozen = number(entry["frozen"]) if entry["frozen"] else ""
        return (_code(entry["account"]), _code(entry["lei"]), *units, number(entry["now"]), frozen, bar)

    heads = ("Account", "LEI", *(f"Record date {r}" for r in records), "Now", "Frozen", "Share")
    foot = ("Total", "", *(number(n) for n in register["totals"]), number(register["outstanding"]), "", "")
    rows = [row(entry) for entry in register["rows"]]
    table = _table(heads, rows, numbers=set(range(2, len(heads))), foot=foot)
    note = (
        ""
        if register["outstanding"]
        else '<p class="quiet">Redeemed: shares are of the last record date.</p>'
    )
    return f"<h3>Register, units</h3>{note}{table}"


def _offering(offering: Facts) -> str:
    cover = Decimal(offering["ordered"]) / offering["offered"] if offering["offered"] else Decimal(0)
    text = (
        f"{number(offering['offered'])} units at {number(offering['price'])} {offering['currency']}; "
        f"{number(offering['ordered'])} ordered, {cover:.2f} times; {number(offering['allotted'])} allotted; "
        f"proceeds {number(offering['proceeds'])} {offering['currency']}. "
        f"Book from {_time(offering['opens'])} to {_time(offering['closes'])}."
    )
    rows = (
        (_code(o["account"]), number(o["ordered"]), number(o["allotted"]), "yes" if o["settled"] else "no")
        for o in offering["orders"]
    )
    table = _table(("Account", "Ordered", "Allotted", "Settled"), rows, numbers={1, 2})
    head = f"<h3>Offering {offering['id']} · {escape(offering['stage'])}</h3>"
    return f"{head}<p>{escape(text)}</p>{_folded('Orders', len(offering['orders']), table)}"


def _trades(bond: Facts) -> str:
    trades = bond["trades"]
    if not trades:
        return ""
    rows = (
        (_time(t["time"]), _code(t["seller"]), _code(t["buyer"]), number(t["units"]), number(t["amount"]))
        for t in trades
    )
    table = _table(("Time", "Seller", "Buyer", "Units", f"Amount, {bond['currency']}"), rows, numbers={3, 4})
    return f"<h3>Trades, delivery versus payment</h3>{_folded('Trades', len(trades), table)}"


def _powers(powers: Sequence[Facts]) -> str:
    if not powers:
        return ""
    rows = (
        (
            _time(p["time"]),
            escape(p["act"]),
            _code(
                ", ".join(f"{k} {v}" for k, v in p.items() if k not in ("time", "act", "block", "tx_hash"))
            ),
        )
        for p in powers
    )
    return "<h3>Statutory powers used</h3>" + _table(("Time", "Act", "What"), rows)


def _documents(documents: Sequence[Facts]) -> str:
    if not documents:
        return ""
    rows = ((escape(d["name"]), escape(d["uri"]), _code(d["hash"])) for d in documents)
    return "<h3>Documents</h3>" + _table(("Name", "Where", "Hash"), rows)


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
    return _section("Cash", _table(heads, rows, numbers=set(range(1, 9))))


def _members(members: Sequence[Facts]) -> str:
    rows = (
        (
            _code(m["lei"]),
            escape(m["class"]),
            escape(m["jurisdiction"]),
            "suspended" if m["suspended"] else "in good standing",
            _time(m["admitted"]),
            "<br>".join(_account(a) for a in m["accounts"]),
        )
        for m in members
    )
    heads = ("LEI", "Class", "From", "Standing", "Admitted", "Accounts")
    return _section("Members", _table(heads, rows), note=number(len(members)))


def _account(account: Facts) -> str:
    standing = "" if account["standing"] == "active" else f" · {account['standing']}"
    until = f" · until {_time(account['until'])}" if account["until"] else ""
    return (
        f"{_code(account['address'])} <small>{escape(', '.join(account['roles']) + standing + until)}</small>"
    )


def _checks(facts: Facts) -> str:
    rows = (
        (f"<b>{escape(c['id'])}</b>", escape(c["says"]), number(c["findings"]) if c["findings"] else "–")
        for c in facts["checks"]
    )
    return _section("What was checked", _table(("Check", "What must hold", "Findings"), rows, numbers={2}))


def _scope(facts: Facts) -> str:
    compared = ", ".join(number(b) for b in facts["compared_at"])
    text = (
        f"<p>State was rebuilt at every block and compared with the chain's answers at blocks {compared}.</p>"
    )
    if facts["skipped"]:
        skipped = ", ".join(number(b) for b in facts["skipped"])
        text += f"<p>The node, being no archive, could not answer at blocks {skipped}.</p>"
    text += f"<p>Last block {_code(facts['to_block_hash'])}.</p>"
    rows = ((escape(c["name"]), _code(c["address"])) for c in facts["contracts"])
    return _section("Scope", text + _table(("Contract", "Address"), rows))


# --- pieces


def _section(title: str, body: str, *, note: str = "", kind: str = "") -> str:
    small = f" <small>{escape(note)}</small>" if note else ""
    return f'<section class="{kind}"><h2>{escape(title)}{small}</h2>{body}</section>'


def _folded(title: str, count: int, table: str) -> str:
    return f"<details open><summary>{escape(title)}: {number(count)}</summary>{table}</details>"


def _table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: set[int] | None = None,
    foot: Sequence[str] = (),
) -> str:
    right = numbers or set()

    def line(cells: Sequence[str], tag: str, show: Callable[[str], str] = str) -> str:
        return "".join(
            f"<{tag}{' class=n' if i in right else ''}>{show(cell)}</{tag}>" for i, cell in enumerate(cells)
        )

    body = [f"<tr>{line(row, 'td')}</tr>" for row in rows]
    more = len(body) - _MOST_ROWS
    rest = f'<tr><td colspan="{len(heads)}" class="quiet">and {number(more)} more, in audit.json</td></tr>'
    if more > 0:
        body = [*body[:_MOST_ROWS], rest]
    end = f"<tfoot><tr>{line(foot, 'td')}</tr></tfoot>" if foot else ""
    return (
        f'<div class="scroll"><table><thead><tr>{line(heads, "th", escape)}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody>{end}</table></div>"
    )


def _amount(value: object) -> str:
    return "–" if value is None else number(value)


def _code(value: str) -> str:
    return f"<code>{escape(value)}</code>"


def _value(shown: str) -> str:
    """An integer with separators and in one piece, anything else as it is."""
    plain = shown.removeprefix("-").isdecimal() and shown.isascii()
    return f'<code class="whole">{number(shown)}</code>' if plain and len(shown) < _WHOLE else _code(shown)


def _contract(label: str) -> str:
    name, _, address = label.rpartition(" ")
    return f"{escape(name)}<br>{_code(address)}"


def _hash(tx_hash: str | None) -> str:
    return f"<br><small>{_code(tx_hash)}</small>" if tx_hash else ""


def _time(moment: str) -> str:
    return escape(moment.replace("T", " ").replace("Z", " UTC"))
