"""The demand of a tender: running sum of units by quote, best first, and the cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from indenture.audit.report.charts.picture import Line, Picture, Rect, Shape, Text

_WIDTH, _HEIGHT = 860, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 30, 30, 36
_GROUND = _HEIGHT - _BOTTOM
_MOST_LABELS = 12


def demand_picture(tender: dict[str, Any]) -> Picture | None:
    """None when nothing was bid with a quote."""
    rows = [row for row in tender["demand"] if not row["void"]]
    if not rows:
        return None
    result = tender["result"]
    room = tender["offered"] - (result["non_competitive"] if result else 0)
    scale = (_GROUND - _TOP) / (max(rows[-1]["cumulative"], room) or 1)
    step = (_WIDTH - _LEFT - _RIGHT) / len(rows)
    shapes: list[Shape] = []
    for i, (row, won) in enumerate(zip(rows, accumulate(r["allotted"] for r in rows), strict=True)):
        shapes += _column(row, won, _LEFT + i * step, step, scale)
    shapes += _labels(rows, step)
    line = _GROUND - room * scale
    shapes += [
        Line("axis", _LEFT, _GROUND, _WIDTH - _RIGHT, _GROUND),
        Line("cut", _LEFT, line, _WIDTH - _RIGHT, line),
        Text("note", _LEFT, line - 6, f"on offer for quotes: {room:,}", "start"),
    ]
    for i, row in enumerate(rows):
        if row["marginal"]:
            shapes += _mark(row, _LEFT + (i + 1) * step)
    return Picture("demand", "Running sum of units by quote, best first", _WIDTH, _HEIGHT, tuple(shapes))


def _column(row: dict[str, Any], won: int, x: float, width: float, scale: float) -> Iterator[Shape]:
    """The running sum up to a quote, and below it what of that was allotted."""
    title = (
        f"{row['quote']}: {row['units']:,} bid, {row['allotted']:,} allotted, {row['cumulative']:,} so far"
    )
    full, dark = row["cumulative"] * scale, won * scale
    yield Rect("asked", x, _GROUND - full, width, full - dark, title)
    yield Rect("won", x, _GROUND - dark, width, dark, title)


def _labels(rows: Sequence[dict[str, Any]], step: float) -> list[Shape]:
    every = -(-len(rows) // _MOST_LABELS)
    return [
        Text("day", _LEFT + (i + 0.5) * step, _GROUND + 15, row["quote"])
        for i, row in enumerate(rows)
        if i % every == 0
    ]


def _mark(row: dict[str, Any], x: float) -> Iterator[Shape]:
    """The cut: what is behind it won nothing."""
    anchor, shift = ("end", -6) if x > _WIDTH / 2 else ("start", 6)
    yield Line("cut", x, _TOP - 12, x, _GROUND)
    yield Text("note", x + shift, _TOP - 14, f"marginal: {row['quote']}", anchor)
