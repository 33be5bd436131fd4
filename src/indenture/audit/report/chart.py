"""The cash flows of a bond as one inline SVG: paid in by holders below the line, paid to them above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

_WIDTH, _HEIGHT = 860, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 30, 34, 34
_BAR = 44
_LEAST = 2.0
_KINDS = ("principal", "interest", "subscription")


def cash_flow_chart(flows: Sequence[dict[str, Any]], currency: str) -> str:
    """The chart; empty text when nothing has flowed."""
    if not flows:
        return ""
    days: dict[str, dict[str, Decimal]] = {}
    for flow in flows:
        days.setdefault(flow["date"], {})[flow["kind"]] = Decimal(flow["amount"])
    up = max(sum((v for v in day.values() if v > 0), Decimal(0)) for day in days.values())
    down = max(sum((-v for v in day.values() if v < 0), Decimal(0)) for day in days.values())
    room = _HEIGHT - _TOP - _BOTTOM
    scale = room / float(up + down or 1)
    zero = _TOP + float(up) * scale
    x = _places(list(days))
    parts = [
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="Cash flows of the holders, by day, in {escape(currency)}">',
        f'<line class="axis" x1="{_LEFT}" y1="{zero:.1f}" x2="{_WIDTH - _RIGHT}" y2="{zero:.1f}"/>',
    ]
    for on, amounts in days.items():
        parts.append(_column(on, amounts, x[on], zero, scale))
    return "".join([*parts, "</svg>"])


def short(amount: Decimal) -> str:
    """An amount in a few characters: 20.65 bn."""
    for size, unit in ((10**9, " bn"), (10**6, " m"), (10**3, " k")):
        if abs(amount) >= size:
            return f"{(amount / size).quantize(Decimal('0.01')).normalize():,f}{unit}"
    return f"{amount:,f}"


def _column(on: str, amounts: dict[str, Decimal], x: float, zero: float, scale: float) -> str:
    parts, above, below = [], zero, zero
    for kind in _KINDS:
        amount = amounts.get(kind, Decimal(0))
        if not amount:
            continue
        height = max(_LEAST, abs(float(amount)) * scale)
        if amount > 0:
            above -= height
            top = above
        else:
            top = below
            below += height
        parts.append(
            f'<rect class="{kind}" x="{x - _BAR / 2:.1f}" y="{top:.1f}" width="{_BAR}" '
            f'height="{height:.1f}" rx="2">'
            f"<title>{escape(on)}: {kind} {amount:,f}</title></rect>"
        )
    total = sum(amounts.values(), Decimal(0))
    label = above - 8 if total > 0 else below + 15
    parts.append(f'<text class="value" x="{x:.1f}" y="{label:.1f}">{escape(short(total))}</text>')
    day_label = zero + 15 if total > 0 else zero - 7
    parts.append(f'<text class="day" x="{x:.1f}" y="{day_label:.1f}">{escape(on)}</text>')
    return "".join(parts)


def _places(days: Sequence[str]) -> dict[str, float]:
    """Centres of the columns: by date, but never closer than a label is wide."""
    ordered = sorted(days)
    first, last = date.fromisoformat(ordered[0]), date.fromisoformat(ordered[-1])
    span = max((last - first).days, 1)
    inner = _WIDTH - _LEFT - _RIGHT - 2 * _BAR
    gap = min(84.0, inner / max(len(ordered) - 1, 1))
    places: dict[str, float] = {}
    previous = float("-inf")
    for index, on in enumerate(ordered):
        wanted = _LEFT + _BAR + inner * (date.fromisoformat(on) - first).days / span
        latest = _LEFT + _BAR + inner - gap * (len(ordered) - 1 - index)
        previous = places[on] = min(max(wanted, previous + gap), latest)
    return places
