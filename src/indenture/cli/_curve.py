"""The demand curve of a book for people: one row a quote, the best first, and where the issue ends.

Each row continues where the one before ended, so that the right ends are the cumulative demand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from indenture.cli._bids import quote_words
from indenture.money import Currency
from indenture.primary import Clearing, Rules, TickBid

#: Rows of a picture; neighbouring quotes are joined when there are more.
ROWS = 24
#: Columns of the bars, as the terminal has room.
LEAST_COLUMNS, MOST_COLUMNS = 12, 48

_WON, _LOST, _LINE, _VOID = "█", "▒", "│", "·"


@dataclass(frozen=True, slots=True)
class Rung:
    """The demand at one quote, or at several neighbouring ones.

    Attributes:
        quote: The quote, or the best and the worst one, in words.
        units: Units bid there.
        counted: Units of them that count as demand: not those of void bids, nor those without a quote that
            are more than may be.
        before: Units of the demand that is better.
        won: Units that are allotted there.
        is_cut: Whether it is the last quote that wins.
        is_void: Whether bids there are void.
    """

    quote: str
    units: int
    counted: int
    before: int
    won: int
    is_cut: bool = False
    is_void: bool = False

    @property
    def cumulative(self) -> int:
        """Units of the demand up to here."""
        return self.before + self.counted

    def as_dict(self) -> dict[str, object]:
        """The rung for JSON."""
        return {
            "quote": self.quote,
            "units": self.units,
            "cumulative": self.cumulative,
            "won": self.won,
            "void": self.is_void,
        }


def units_by_level(rules: Rules, bids: Iterable[TickBid]) -> dict[int, int]:
    """Units with a quote at each level that has any, best first."""
    found: dict[int, int] = {}
    for bid in bids:
        if bid.is_competitive:
            level = rules.level_of(bid.quote)
            found[level] = found.get(level, 0) + bid.units
    return dict(sorted(found.items()))


def rungs_of(
    rules: Rules, currency: Currency, units_at: Mapping[int, int], cleared: Clearing
) -> tuple[Rung, ...]:
    """The demand of a book, bids without a quote first.

    Args:
        rules: The rules of the offering.
        currency: Currency of prices.
        units_at: ``units_by_level``.
        cleared: What the clearing found, or would find.
    """
    found: list[Rung] = []
    demand = 0
    if cleared.non_competitive_bid:
        share = 0 if cleared.failed else cleared.non_competitive_share
        demand = min(cleared.non_competitive_bid, rules.non_competitive)
        found.append(Rung("non-competitive", cleared.non_competitive_bid, demand, 0, share))
    for level, units in units_at.items():
        is_void = not cleared.first_level <= level <= cleared.last_level
        won = _won(cleared, level, units)
        quote = quote_words(rules.quote_of(level), rules.basis, currency)
        is_cut = bool(won) and level == cleared.marginal_level
        counted = 0 if is_void else units
        found.append(Rung(quote, units, counted, demand, won, is_cut, is_void))
        demand += counted
    return tuple(found)


def draw(rungs: Sequence[Rung], available: int, width: int) -> list[str]:
    """The picture, line by line; nothing when nothing was bid.

    Args:
        rungs: ``rungs_of``.
        available: Units on offer, over-allotted ones included.
        width: Columns of the terminal.
    """
    if not rungs:
        return []
    rows = _joined(rungs)
    names, remarks = [_name(row) for row in rows], [_remark(row) for row in rows]
    figures = [f"{row.cumulative:,}" for row in rows]
    wide, digits = max(map(len, names)), max(map(len, figures))
    around = wide + digits + max(map(len, remarks)) + len("  " * 2) + 1
    columns = min(MOST_COLUMNS, max(LEAST_COLUMNS, width - around))
    widest = max(available, *(row.cumulative for row in rows))
    end = _column(available, widest, columns)
    lines = [f"{'':{wide}}  {'':{end}}{_LINE} {available:,} on offer"]
    for row, name, figure, remark in zip(rows, names, figures, remarks, strict=True):
        lines.append(
            f"{name:>{wide}}  {_bar(row, widest, columns, end)}  {figure:>{digits}}{remark}".rstrip()
        )
    return lines


def _won(cleared: Clearing, level: int, units: int) -> int:
    if (
        cleared.failed
        or not cleared.competitive
        or not cleared.first_level <= level <= cleared.marginal_level
    ):
        return 0
    return cleared.marginal_share if level == cleared.marginal_level else units


def _bar(row: Rung, widest: int, columns: int, end: int) -> str:
    """What is before, what is won, what is not; and the line where the issue ends."""
    start = _column(row.before, widest, columns)
    if row.is_void:
        cells = " " * start + _VOID * max(1, _column(row.units, widest, columns - start))
    else:
        won = _column(row.before + row.won, widest, columns) - start
        stop = max(_column(row.cumulative, widest, columns), start + 1)
        won = max(won, 1) if row.won else 0
        cells = " " * start + _WON * won + _LOST * (stop - start - won)
    cells = f"{cells[: columns + 1]:{columns + 1}}"
    return cells if cells[end] != " " else f"{cells[:end]}{_LINE}{cells[end + 1 :]}"


def _column(units: int, widest: int, columns: int) -> int:
    return round(units * columns / widest) if widest else 0


def _name(row: Rung) -> str:
    return f"{row.quote} void" if row.is_void else row.quote


def _remark(row: Rung) -> str:
    if not row.is_cut:
        return ""
    if row.won == row.units:
        return "  ◀ cut: filled"
    # Ten-thousandths of a percent, rounded down, as the result is published.
    share = row.won * 1_000_000 // row.units
    return f"  ◀ cut: {share // 10_000}.{share % 10_000:04d} % of {row.units:,}"


def _joined(rungs: Sequence[Rung]) -> list[Rung]:
    """At most ``ROWS`` rows: neighbours of one kind are joined, the cut stands alone."""
    rows, size = list(rungs), 1
    while len(rows) > ROWS and size < len(rungs):
        size += 1
        rows = _in_groups(rungs, size)
    return rows


def _in_groups(rungs: Sequence[Rung], size: int) -> list[Rung]:
    rows: list[Rung] = []
    count = 0
    for rung in rungs:
        if rows and count < size and _kind(rows[-1]) == _kind(rung) != _ALONE:
            last = rows[-1]
            best = last.quote.split(" to ")[0]
            rows[-1] = replace(
                last,
                quote=f"{best} to {rung.quote}",
                units=last.units + rung.units,
                counted=last.counted + rung.counted,
                won=last.won + rung.won,
            )
            count += 1
        else:
            rows.append(rung)
            count = 1
    return rows


_ALONE = "alone"


def _kind(rung: Rung) -> str:
    if rung.is_cut or rung.quote == "non-competitive":
        return _ALONE
    if rung.is_void:
        return "void"
    return "won" if rung.won else "lost"
