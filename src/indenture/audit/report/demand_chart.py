"""The demand of a tender as one inline SVG: running sum of units by quote, best first, and the cut."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import accumulate
from typing import Any

_WIDTH, _HEIGHT = 860, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 30, 30, 36
_MOST_LABELS = 12


def demand_chart(tender: dict[str, Any]) -> str:
    """The chart; empty text when nothing was bid with a quote."""
    rows = [row for row in tender["demand"] if not row["void"]]
    if not rows:
        return ""
    result = tender["result"]
    room = tender["offered"] - (result["non_competitive"] if result else 0)
    highest = max(rows[-1]["cumulative"], room)
    scale = (_HEIGHT - _TOP - _BOTTOM) / (highest or 1)
    step = (_WIDTH - _LEFT - _RIGHT) / len(rows)
    ground = _HEIGHT - _BOTTOM
    parts = [
        f'<svg class="chart demand" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="Running sum of units by quote, best first">'
    ]
    won = list(accumulate(row["allotted"] for row in rows))
    parts += [_column(row, won[i], _LEFT + i * step, step, ground, scale) for i, row in enumerate(rows)]
    parts += _labels(rows, step, ground)
    line = ground - room * scale
    parts.append(f'<line class="axis" x1="{_LEFT}" y1="{ground}" x2="{_WIDTH - _RIGHT}" y2="{ground}"/>')
    parts.append(
        f'<line class="cut" x1="{_LEFT}" y1="{line:.1f}" x2="{_WIDTH - _RIGHT}" y2="{line:.1f}"/>'
        f'<text class="start" x="{_LEFT}" y="{line - 6:.1f}">on offer for quotes: {room:,}</text>'
    )
    parts += [_mark(row, _LEFT + (i + 1) * step) for i, row in enumerate(rows) if row["marginal"]]
    return "".join([*parts, "</svg>"])


def _column(row: dict[str, Any], won: int, x: float, width: float, ground: float, scale: float) -> str:
    """The running sum up to a quote, and below it what of that was allotted."""
    title = (
        f"{row['quote']}: {row['units']:,} bid, {row['allotted']:,} allotted, {row['cumulative']:,} so far"
    )
    full, dark = row["cumulative"] * scale, won * scale
    asked = _bar("asked", x, ground - full, width, full - dark)
    return f"<g><title>{escape(title)}</title>{asked}{_bar('won', x, ground - dark, width, dark)}</g>"


def _bar(kind: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _labels(rows: Sequence[dict[str, Any]], step: float, ground: float) -> list[str]:
    every = -(-len(rows) // _MOST_LABELS)
    return [
        f'<text class="day" x="{_LEFT + (i + 0.5) * step:.1f}" y="{ground + 15:.1f}">'
        f"{escape(row['quote'])}</text>"
        for i, row in enumerate(rows)
        if i % every == 0
    ]


def _mark(row: dict[str, Any], x: float) -> str:
    """The cut: what is behind it won nothing."""
    anchor = "end" if x > _WIDTH / 2 else "start"
    shift = -6 if anchor == "end" else 6
    return (
        f'<line class="cut" x1="{x:.1f}" y1="{_TOP - 12}" x2="{x:.1f}" y2="{_HEIGHT - _BOTTOM}"/>'
        f'<text class="{anchor}" x="{x + shift:.1f}" y="{_TOP - 14}">marginal: {escape(row["quote"])}</text>'
    )
