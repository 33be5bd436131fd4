"""What was outstanding over time, as steps: units of a bond, or cash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from indenture.audit.report.charts.picture import Area, Line, Picture, Shape, Text, short, thinned

_WIDTH, _HEIGHT = 860, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 30, 16, 26
_MOST_POINTS = 400
_TICKS = (Decimal(0), Decimal("0.5"), Decimal(1))
_DATES = 5


def supply_picture(days: Sequence[dict[str, Any]], until: str, what: str) -> Picture | None:
    """Steps from the first change to a day; None when nothing was ever issued.

    Args:
        days: Days on which it changed, with what was ``outstanding`` from then on.
        until: The last day, an ISO date.
        what: What is outstanding, in words.
    """
    if not days:
        return None
    first, last = date.fromisoformat(days[0]["date"]), max(date.fromisoformat(until), _day(days[-1]))
    span = max((last - first).days, 1)
    top = max(Decimal(day["outstanding"]) for day in days) or Decimal(1)
    ground, width = _HEIGHT - _BOTTOM, _WIDTH - _LEFT - _RIGHT
    steps = [
        (
            _LEFT + width * (_day(day) - first).days / span,
            ground - float(Decimal(day["outstanding"]) / top) * (ground - _TOP),
        )
        for day in days
    ]
    shapes: list[Shape] = [Area("held", _outline(thinned(steps, _MOST_POINTS), ground))]
    for tick in _TICKS:
        y = ground - float(tick) * (ground - _TOP)
        shapes.append(Line("axis" if not tick else "grid", _LEFT, y, _WIDTH - _RIGHT, y))
        shapes.append(Text("day", _LEFT - 8, y + 4, short(tick * top), "end"))
    for number in range(_DATES):
        when = date.fromordinal(first.toordinal() + span * number // (_DATES - 1))
        anchor = "start" if number == 0 else "end" if number == _DATES - 1 else "middle"
        shapes.append(Text("day", _LEFT + width * number / (_DATES - 1), ground + 17, str(when), anchor))
    return Picture("supply", f"{what} outstanding over time", _WIDTH, _HEIGHT, tuple(shapes))


def _day(change: dict[str, Any]) -> date:
    return date.fromisoformat(change["date"])


def _outline(steps: Sequence[tuple[float, float]], ground: float) -> tuple[tuple[float, float], ...]:
    """Flat until the next change, then straight up or down; to the right edge at the end."""
    outline = [(steps[0][0], ground)]
    for (x, y), following in zip(
        steps, [*(step[0] for step in steps[1:]), float(_WIDTH - _RIGHT)], strict=True
    ):
        outline += [(x, y), (following, y)]
    return (*outline, (float(_WIDTH - _RIGHT), ground))
