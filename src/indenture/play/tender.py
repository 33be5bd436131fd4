"""The result of a tender as it is published: a line for each figure."""

from __future__ import annotations

from indenture.primary import TenderResult


def tender_facts(result: TenderResult) -> dict[str, str]:
    """What the market is told, by name; amounts are face values."""
    facts = {
        "Tender": f"{result.isin}, {result.method}" if result.isin else result.method,
        "On offer": f"{result.amount_of(result.offered)}{_over_allotted(result)}",
        "Bid": f"{result.amount_of(result.bid)} of {result.bidders} bidders, {result.bid_multiple} times",
    }
    if result.failed is not None:
        return {**facts, "Failed": result.failed}
    facts["Allotted"] = f"{result.amount_of(result.allotted)}"
    if result.non_competitive_bid:
        facts["Non-competitive"] = (
            f"{result.amount_of(result.non_competitive)} of {result.amount_of(result.non_competitive_bid)}"
        )
    if result.take_up:
        facts["Underwriters"] = f"{result.amount_of(result.take_up)} are left to them"
    facts["Issue rate"] = f"{result.issue_rate} %"
    facts["Issue price"] = f"{result.issue_price} per {result.face_value}"
    if result.marginal_multiple is not None:
        quote = result.marginal_price or f"{result.marginal_rate} %"
        facts["Marginal"] = (
            f"{quote}, {result.marginal_multiple} times: {result.marginal_ratio} % of each bid there"
        )
        facts["Average"] = str(result.average_price or f"{result.average_rate} %")
    return facts


def tender_table(result: TenderResult) -> str:
    """The same as lines of text, in two columns."""
    facts = tender_facts(result)
    width = max(map(len, facts))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in facts.items())


def _over_allotted(result: TenderResult) -> str:
    if not result.over_allotted:
        return ""
    return f", {result.amount_of(result.over_allotted)} of it over-allotted"
