"""A tender result as it is published: what was offered, what was bid, at what the issue was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import chain
from typing import Protocol

from indenture.cli._curve import Rung, draw, rungs_of, units_by_level
from indenture.cli._output import Facts, Picture
from indenture.money import Currency
from indenture.primary import Clearing, Rules, TenderResult, TickBid


class HasRules(Protocol):
    """An offering, on the chain or on paper."""

    @property
    def rules(self) -> Rules: ...

    @property
    def currency(self) -> Currency: ...


def demand_of(
    book: HasRules, openings: Mapping[str, Sequence[TickBid]], cleared: Clearing
) -> tuple[Rung, ...]:
    """The demand of a book; none where nothing is in the clear.

    Args:
        book: Whose rules they are.
        openings: Bids in the clear, by bidder.
        cleared: What the clearing found, or would find.
    """
    units_at = units_by_level(book.rules, chain.from_iterable(openings.values()))
    return rungs_of(book.rules, book.currency, units_at, cleared)


def result_blocks(result: TenderResult, rungs: Sequence[Rung], *, title: str) -> list[Facts | Picture]:
    """The table of a result, and the demand that led to it.

    Args:
        result: The result.
        rungs: The demand; see ``rungs_of``.
        title: What stands above the table.
    """
    blocks: list[Facts | Picture] = [Facts(title, _rows(result))]
    return [*blocks, picture_of(rungs, result.offered)] if rungs else blocks


def picture_of(rungs: Sequence[Rung], available: int) -> Picture:
    """The demand, and where the issue ends."""
    return Picture("Demand, cumulative units, best quote first", lambda width: draw(rungs, available, width))


def _rows(result: TenderResult) -> dict[str, object]:
    rows: dict[str, object] = {"bond": result.isin or "-", "method": result.method}
    if result.failed:
        rows["failed"] = result.failed
    rows["offered"] = _amount(result, result.offered)
    if result.over_allotted:
        rows["of it over-allotted"] = _amount(result, result.over_allotted)
    rows["bid"] = f"{_amount(result, result.bid)}, by {result.bidders:,} bidders"
    if result.non_competitive_bid:
        rows["of it without a quote"] = _amount(result, result.non_competitive_bid)
    rows["bid multiple"] = result.bid_multiple
    if result.failed:
        return rows
    rows["allotted"] = _amount(result, result.allotted)
    if result.non_competitive:
        rows["allotted without a quote"] = _amount(result, result.non_competitive)
    if result.take_up:
        rows["underwriters take up"] = _amount(result, result.take_up)
    rows["coupon"] = _percent(result.issue_rate)
    rows["issue price"] = result.issue_price
    rows |= _margin(result)
    return rows


def _margin(result: TenderResult) -> dict[str, object]:
    """What the last bid that won says of the demand."""
    if result.marginal_multiple is None:
        return {}
    by_rate = result.marginal_rate is not None
    return {
        "marginal rate" if by_rate else "marginal price": _percent(result.marginal_rate)
        if by_rate
        else result.marginal_price,
        "average rate" if by_rate else "average price": _percent(result.average_rate)
        if by_rate
        else result.average_price,
        "marginal multiple": result.marginal_multiple,
        "allotted at the margin": _percent(result.marginal_ratio),
    }


def _amount(result: TenderResult, units: int) -> str:
    return f"{units:,} units, {result.amount_of(units)}"


def _percent(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:f} %"
