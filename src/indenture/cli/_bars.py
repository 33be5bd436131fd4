"""Payments as a person sees them at once: bars over time, in the terminal.

Interest and principal have a scale each: on one scale, the interest of a bond that repays at its end could
not be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from rich.text import Text

from indenture.cli._flows import Flow, Standing
from indenture.cli._marks import Mark

#: Rows of a panel.
INTEREST_ROWS, PRINCIPAL_ROWS = 6, 4
#: Columns of a bar, and of the picture, at most.
_WIDEST_BAR, _WIDEST_PLOT = 6, 96
_LEAST_PLOT = 24

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_FULL, _PROJECTED, _OPEN = "█", "▒", "?"
_STYLES = {"interest": "cyan", "principal": "blue"}
_MARKS = {"C": "call", "E": "may be extended", "P": "put", "S": "sinking fund"}
_UNITS = ((Decimal(10**12), "tn"), (Decimal(10**9), "bn"), (Decimal(10**6), "m"), (Decimal(10**3), "k"))


@dataclass(frozen=True, slots=True)
class Bar:
    """What is paid on a day, or in a month or a year where there are too many days.

    Attributes:
        day: The day of the payment; of several, the last.
        label: How the time axis calls it.
        interest: Amount; None while part of it is open.
        principal: As above.
        standing: Where the amounts come from.
    """

    day: date
    label: str
    interest: Decimal | None
    principal: Decimal | None
    standing: Standing


def short(amount: Decimal) -> str:
    """An amount in four characters or five: ``650m``, ``37.2m``, ``20bn``, ``6.016``."""
    for unit, name in _UNITS:
        if amount >= unit:
            return f"{_three(amount / unit)}{name}"
    return _three(amount)


def bars_of(flows: Sequence[Flow], most: int) -> tuple[Bar, ...]:
    """A bar for each payment; for each month, or each year, where there are more than so many."""
    if len(flows) <= most:
        return tuple(
            Bar(flow.day, f"{flow.day:%Y-%m}", _amount(flow.interest), _amount(flow.principal), flow.standing)
            for flow in flows
        )
    months = _by(flows, "%Y-%m")
    spans = months if len(months) <= most else _by(flows, "%Y")
    return tuple(_joined(label, paid) for label, paid in spans.items())


def _by(flows: Sequence[Flow], span: str) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = {}
    for flow in flows:
        found.setdefault(flow.day.strftime(span), []).append(flow)
    return found


def draw(flows: Sequence[Flow], width: int, marks: Sequence[Mark] = ()) -> list[Text]:
    """The picture, line by line.

    Args:
        flows: The payments.
        width: Columns of the terminal.
        marks: Days of rights.
    """
    room = max(_LEAST_PLOT, min(_WIDEST_PLOT, width - 20))
    bars = bars_of(flows, room // 2)
    scale = max((len(short(top)) for top in (_top(bars, "interest"), _top(bars, "principal"))), default=0)
    scale = max(scale, 4)
    slots = _slots(bars, flows[0].start or flows[0].due, room)
    lines = [_legend(bars, flows)]
    for name, rows in (("interest", INTEREST_ROWS), ("principal", PRINCIPAL_ROWS)):
        if _top(bars, name):
            lines += _panel(bars, slots, name, rows, scale, room)
        elif any(getattr(bar, name) is None for bar in bars):
            lines += _panel(bars, slots, name, 1, scale, room)
    lines.append(_axis(bars, slots, scale, room))
    return [*lines, *_rights(bars, slots, marks, scale, room)] if marks else lines


def _panel(
    bars: Sequence[Bar], slots: Sequence[range], name: str, rows: int, scale: int, room: int
) -> list[Text]:
    top = _top(bars, name)
    lines: list[Text] = []
    for row in range(rows, 0, -1):
        head = short(top) if row == rows and top else ""
        line = Text(f"{head:>{scale}} │")
        cells = [" "] * room
        for bar, slot in zip(bars, slots, strict=True):
            cell = _cell(bar, getattr(bar, name), top, row, rows)
            for column in slot:
                cells[column] = cell
        line.append("".join(cells).rstrip(), style=_STYLES[name])
        if row == rows:
            line.append(" " * max(1, room + scale + 3 - len(line)) + name, style="dim")
        lines.append(line)
    return [*lines, Text(f"{'0':>{scale}} └{'─' * room}")]


def _cell(bar: Bar, amount: Decimal | None, top: Decimal, row: int, rows: int) -> str:
    if amount is None:
        return _OPEN if row == 1 else " "
    if not amount or not top:
        return " "
    eighths = max(1, round(amount * rows * 8 / top)) - (row - 1) * 8
    if bar.standing is Standing.PROJECTED:
        return _PROJECTED if eighths >= 4 or (row == 1 and eighths > 0) else " "
    return _EIGHTHS[max(0, min(8, eighths))]


def _slots(bars: Sequence[Bar], issue: date, room: int) -> list[range]:
    """The columns of each bar: by its day, none upon another."""
    last = bars[-1].day
    span = max(1, (last - issue).days)
    nearest = min(((bar.day - before.day).days for before, bar in pairwise(bars)), default=span)
    wide = max(1, min(_WIDEST_BAR, room * max(1, nearest) // span - 1))
    slots: list[range] = []
    free = 0
    for position, bar in enumerate(bars):
        left = len(bars) - position - 1
        start = round((bar.day - issue).days * (room - wide) / span)
        start = max(free, min(start, room - wide - left * (wide + (wide > 1))))
        slots.append(range(start, start + wide))
        free = start + wide + (wide > 1)
    return slots


def _axis(bars: Sequence[Bar], slots: Sequence[range], scale: int, room: int) -> Text:
    """Names of as many bars as there is room for; the last one always."""
    cells = [" "] * room
    taken = room
    for bar, slot in reversed(list(zip(bars, slots, strict=True))):
        start = max(0, min(slot.start, room - len(bar.label)))
        if start + len(bar.label) <= taken:
            cells[start : start + len(bar.label)] = bar.label
            taken = start - 2
    return Text(f"{'':{scale + 2}}{''.join(cells)}".rstrip(), style="dim")


def _rights(
    bars: Sequence[Bar], slots: Sequence[range], marks: Sequence[Mark], scale: int, room: int
) -> list[Text]:
    """A letter below each bar in which, or right before which, somebody has a right; and what they mean."""
    cells = [" "] * room
    for mark in marks:
        slot = next((slot for bar, slot in zip(bars, slots, strict=True) if mark.until <= bar.day), slots[-1])
        taken = [column for column in range(slot.start, room) if cells[column] in (" ", mark.letter)]
        if taken:
            cells[taken[0]] = mark.letter
    meant = [f"{letter} {_MARKS[letter]}" for letter in sorted({mark.letter for mark in marks})]
    margin = f"{'':{scale + 2}}"
    return [
        Text(f"{margin}{''.join(cells)}".rstrip(), style="magenta"),
        Text(f"{margin}{', '.join(meant)}", style="dim"),
    ]


def _legend(bars: Sequence[Bar], flows: Sequence[Flow]) -> Text:
    span = "year" if len(bars[0].label) == len("2025") else "payment" if len(bars) == len(flows) else "month"
    line = Text(f"each {span}, on two scales", style="dim")
    if any(bar.standing is Standing.PROJECTED for bar in bars):
        line.append(f"; {_PROJECTED} projected", style="dim")
    if any(bar.interest is None or bar.principal is None for bar in bars):
        line.append(f"; {_OPEN} open", style="dim")
    return line


def _joined(label: str, flows: Sequence[Flow]) -> Bar:
    def total(amounts: Sequence[Decimal | None]) -> Decimal | None:
        known = [each for each in amounts if each is not None]
        return sum(known, Decimal(0)) if len(known) == len(amounts) else None

    standings = {flow.standing for flow in flows}
    return Bar(
        day=flows[-1].day,
        label=label,
        interest=total([_amount(flow.interest) for flow in flows]),
        principal=total([_amount(flow.principal) for flow in flows]),
        standing=Standing.PROJECTED if Standing.PROJECTED in standings else flows[-1].standing,
    )


def _amount(money: object) -> Decimal | None:
    found = getattr(money, "amount", None)
    return found if isinstance(found, Decimal) else None


def _top(bars: Sequence[Bar], name: str) -> Decimal:
    return max((getattr(bar, name) or Decimal(0) for bar in bars), default=Decimal(0))


def _three(number: Decimal) -> str:
    """Three digits or four, without needless zeros."""
    whole = len(str(int(number)))
    text = f"{number:.{max(0, 4 - whole)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
