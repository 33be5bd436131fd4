"""One offering on the page: conditions, result, demand, bids, syndicate, deposits lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indenture.audit.report.charts.demand import demand_picture
from indenture.audit.report.page.pieces import code, folded, number, pairs, table, time
from indenture.audit.report.words import escape

Facts = dict[str, Any]


def tender_part(tender: Facts) -> str:
    """The part of a bond's section that tells of one offering."""
    title = f"Offering {tender['id']} · {tender['stage']}"
    parts = [
        f"<h3>{escape(title)}</h3><p>{escape(_conditions(tender))}</p>",
        _result(tender),
        _demand(tender),
        _bids(tender),
        _bidders(tender),
        _syndicate(tender),
        _forfeited(tender),
    ]
    return "".join(parts)


def _conditions(tender: Facts) -> str:
    extra = f", {number(tender['over_allotted'])} over-allotted" if tender["over_allotted"] else ""
    return (
        f"{tender['pricing'].capitalize()} tender by {tender['basis']}, {tender['form']} book; "
        f"{number(tender['offered'])} units on offer{extra}, from {_quote(tender, tender['lowest'])} to "
        f"{_quote(tender, tender['highest'])}. {number(tender['bid'])} bid by {tender['bidders']}. "
        f"Deposit {number(tender['deposit'])} {tender['currency']}. "
        f"Book from {_plain(tender['opens'])} to {_plain(tender['closes'])}."
    )


def _result(tender: Facts) -> str:
    result = tender["result"]
    if result is None:
        return ""
    items = (
        ("Issue rate", f"{result['issue_rate_percent']} %"),
        ("Issue price", f"{number(result['issue_price'])} {escape(tender['currency'])}"),
        ("Marginal quote", escape(_quote(tender, result["marginal_quote"]))),
        ("Average quote", escape(_quote(tender, result["average_quote"]))),
        ("Bid multiple", result["bid_multiple"]),
        ("Marginal multiple", result["marginal_multiple"]),
        ("Marginal ratio", f"{result['marginal_ratio_percent']} %"),
        ("Allotted", f"{number(result['allotted'])}, non-competitive {number(result['non_competitive'])}"),
        ("For the underwriters", number(result["take_up"])),
        ("Issued", f"{number(tender['issued'])}, later {number(tender['issued_later'])}"),
        ("Underwritten after it", number(tender["additional"])),
        ("Proceeds", f"{number(tender['proceeds'])} {escape(tender['currency'])}"),
        ("Published", time(result["published"])),
    )
    return pairs(items)


def _demand(tender: Facts) -> str:
    picture = demand_picture(tender)
    legend = (
        '<p class="legend"><i class="won"></i>allotted <i class="asked"></i>bid; '
        "running sum of units by quote, best first</p>"
    )
    return legend + picture.svg() if picture else ""


def _bids(tender: Facts) -> str:
    rows = (
        (
            code(bid["bidder"]),
            code(bid["account"]) if bid["account"] != bid["bidder"] else "itself",
            escape(_quote(tender, bid["quote"])) if bid["quote"] is not None else "none",
            number(bid["units"]),
            number(bid["allotted"]),
        )
        for bid in tender["bids"]
    )
    heads = ("Bidder", "For", "Quote", "Units", "Allotted")
    return (
        folded("Bids", len(tender["bids"]), table(heads, rows, numbers={2, 3, 4})) if tender["bids"] else ""
    )


def _bidders(tender: Facts) -> str:
    states = tender["bidder_states"]
    rows = ((code(s["bidder"]), escape(s["state"]), number(s["units"]), number(s["paid"])) for s in states)
    heads = ("Bidder", "State", "Units issued", f"Paid, {tender['currency']}")
    return folded("Bidders", len(states), table(heads, rows, numbers={2, 3})) if states else ""


def _syndicate(tender: Facts) -> str:
    members = tender["syndicate"]
    rows = (
        (
            code(m["account"]),
            str(m["class"]),
            "yes" if m["joined"] else "invited",
            number(m["commitment"]),
            number(m["bid"]),
            number(m["taken_up"]),
        )
        for m in members
    )
    heads = ("Underwriter", "Class", "Joined", "Commitment", "Bid", "Taken up")
    return folded("Syndicate", len(members), table(heads, rows, numbers={3, 4, 5})) if members else ""


def _forfeited(tender: Facts) -> str:
    lost = tender["forfeited"]
    rows: Iterator[tuple[str, ...]] = ((code(f["account"]), number(f["amount"])) for f in lost)
    heads = ("Account", f"Deposit forfeited, {tender['currency']}")
    return folded("Deposits forfeited", len(lost), table(heads, rows, numbers={1})) if lost else ""


def _quote(tender: Facts, shown: str) -> str:
    return f"{shown} %" if tender["basis"] == "rate" else f"{number(shown)} {tender['currency']}"


def _plain(moment: str) -> str:
    return moment.replace("T", " ").replace("Z", " UTC")
