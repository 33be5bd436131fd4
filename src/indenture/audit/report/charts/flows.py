"""The cash flows of a bond: paid in by holders below the line, paid to them above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from indenture.audit.report.charts.picture import Line, Picture, Rect, Shape, Text, short

_WIDTH, _HEIGHT = 860, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 30, 28, 28
_BAR = 44.0
_LEAST = 2.0
_LABEL = 80.0
_MOST_COLUMNS = 36
_KINDS = ("principal", "event", "interest", "subscription")

Columns = dict[str, dict[str, Decimal]]


def flows_picture(flows: Sequence[dict[str, Any]], currency: str) -> Picture | None:
    """One column a day; a month or a year where days would be too many. None when nothing has flowed."""
    if not flows:
        return None
    columns = _columns(flows)
    up = max(sum((v for v in part.values() if v > 0), Decimal(0)) for part in columns.values())
    down = max(sum((-v for v in part.values() if v < 0), Decimal(0)) for part in columns.values())
    scale = (_HEIGHT - _TOP - _BOTTOM) / float(up + down or 1)
    zero = _TOP + float(up) * scale
    x, gap = _places(list(columns))
    every = max(1, -(-int(_LABEL) // int(gap))) if len(columns) > 1 else 1
    shapes: list[Shape] = [Line("axis", _LEFT, zero, _WIDTH - _RIGHT, zero)]
    for number, (when, amounts) in enumerate(columns.items()):
        bar = min(_BAR, gap * 0.8)
        shapes += _column(when, amounts, x[when], bar, zero, scale, labelled=number % every == 0)
    label = f"Cash flows of the holders over time, in {currency}"
    return Picture("flows", label, _WIDTH, _HEIGHT, tuple(shapes))


def _columns(flows: Sequence[dict[str, Any]]) -> Columns:
    for letters in (10, 7, 4):  # a day, a month, a year of an ISO date
        columns: Columns = {}
        for flow in flows:
            part = columns.setdefault(flow["date"][:letters], {})
            part[flow["kind"]] = part.get(flow["kind"], Decimal(0)) + Decimal(flow["amount"])
        if len(columns) <= _MOST_COLUMNS:
            break
    return dict(sorted(columns.items()))


def _column(
    when: str,
    amounts: dict[str, Decimal],
    x: float,
    bar: float,
    zero: float,
    scale: float,
    *,
    labelled: bool,
) -> Iterator[Shape]:
    above, below = zero, zero
    for kind in _KINDS:
        amount = amounts.get(kind, Decimal(0))
        height = max(_LEAST, abs(float(amount)) * scale)
        title = f"{when}: {kind} {amount:,f}"
        if amount > 0:
            above -= height
            yield Rect(kind, x - bar / 2, above, bar, height, title)
        elif amount < 0:
            yield Rect(kind, x - bar / 2, below, bar, height, title)
            below += height
    if labelled:
        total = sum(amounts.values(), Decimal(0))
        yield Text("value", x, above - 7 if total > 0 else below + 15, short(total))
        yield Text("day", x, zero + 15 if total > 0 else zero - 7, when)


def _places(days: Sequence[str]) -> tuple[dict[str, float], float]:
    """Centres of the columns: by date, but never closer than they leave each other; and how close that is."""
    at = [
        date.fromisoformat(day + "0000-01-01"[len(day) :]) for day in days
    ]  # of a month or a year: the first
    span = max((at[-1] - at[0]).days, 1)
    inner = _WIDTH - _LEFT - _RIGHT - 2 * _BAR
    gap = min(_LABEL + 4, inner / max(len(days) - 1, 1))
    places: dict[str, float] = {}
    previous = float("-inf")
    for index, (day, when) in enumerate(zip(days, at, strict=True)):
        wanted = _LEFT + _BAR + inner * (when - at[0]).days / span
        latest = _LEFT + _BAR + inner - gap * (len(days) - 1 - index)
        previous = places[day] = min(max(wanted, previous + gap), latest)
    return places, gap
