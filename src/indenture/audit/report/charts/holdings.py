"""Who holds a bond: a bar for each of the largest holders, split in what is free, bound and frozen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from indenture.audit.report.charts.picture import Picture, Rect, Shape, Text

_WIDTH, _ROW, _TOP = 860, 22, 6
_LEFT, _RIGHT = 240, 150
_SPAN = _WIDTH - _LEFT - _RIGHT
_MOST = 12
_BAR = 13


def holdings_picture(register: dict[str, Any]) -> Picture | None:
    """Who holds it now, or, once it is redeemed, held it at the last record date; None when nobody did."""
    rows = [row for row in register["rows"] if row["now"]]
    rows = rows or [row for row in map(_at_last_record, register["rows"]) if row["now"]]
    if not rows:
        return None
    rows.sort(key=lambda row: (-row["now"], row["account"]))
    largest, others = rows[:_MOST], rows[_MOST:]
    total, scale = sum(row["now"] for row in rows), _SPAN / rows[0]["now"]
    shapes: list[Shape] = []
    for number, row in enumerate(largest):
        shapes += _bar(_TOP + number * _ROW, row, scale, total)
    if others:
        shapes += _rest(_TOP + len(largest) * _ROW, others, scale, total)
    height = 2 * _TOP + (len(largest) + bool(others)) * _ROW
    return Picture("holdings", "Units of the largest holders", _WIDTH, height, tuple(shapes))


def _at_last_record(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "now": (row["at_record"] or [0])[-1], "bound": 0, "frozen": 0}


def _bar(y: float, row: dict[str, Any], scale: float, total: int) -> Iterator[Shape]:
    """Free, bound and frozen units; what is both bound and frozen counts as bound."""
    name = f"{row['lei'] or 'no member'} {row['account'][:6]}…"
    bound = min(row["bound"], row["now"])
    frozen = min(row["frozen"], row["now"] - bound)
    x = float(_LEFT)
    for kind, units in (("free", row["now"] - bound - frozen), ("bound", bound), ("frozen", frozen)):
        if units:
            wide = max(1.0, units * scale)
            yield Rect(kind, x, y, wide, _BAR, f"{name}: {units:,} {kind}")
            x += wide
    yield from _words(x, y, name, row["now"], total)


def _rest(y: float, rows: Sequence[dict[str, Any]], scale: float, total: int) -> Iterator[Shape]:
    """All others in one bar; it ends at the edge where they hold more than the largest."""
    held, name = sum(row["now"] for row in rows), f"{len(rows):,} other holders"
    wide = max(1.0, min(held * scale, float(_SPAN)))
    yield Rect("asked", _LEFT, y, wide, _BAR, f"{name}: {held:,}")
    yield from _words(_LEFT + wide, y, name, held, total)


def _words(x: float, y: float, name: str, held: int, total: int) -> Iterator[Shape]:
    yield Text("day", _LEFT - 8, y + 11, name, "end")
    yield Text("note", x + 6, y + 11, f"{held:,} · {100 * held / total:.2f} %", "start")
