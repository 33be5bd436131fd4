"""The payments of a bond as a picture: one SVG file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from itertools import pairwise
from pathlib import Path

from indenture.cli._bars import Bar, bars_of, short
from indenture.cli._flows import Flow, Standing
from indenture.cli._marks import Mark
from indenture.cli._payments import coupon_words
from indenture.errors import InputError
from indenture.provisions import FACTOR_SCALE
from indenture.termsheet import TermSheet

_WIDTH, _HEIGHT = 960, 560
_LEFT, _RIGHT = 76, 928
_UPPER, _LOWER = (112, 284), (336, 488)
_MOST_BARS = 120
_WIDEST_BAR, _LEAST_BAR = 30.0, 2.0
#: Steps that a scale is read by.
_STEPS = tuple(Decimal(each) / 10 for each in (10, 15, 20, 25, 30, 40, 50, 60, 80, 100))
_TICKS = 4
_LABELS = 8
#: Bars that have room for their amounts above them.
_LABELLED = 14
_LABEL_WIDTH = 42
#: Where days of rights stand, between the panels.
_RIGHTS = 308
_LETTER_WIDTH = 12

_FONT = "system-ui, -apple-system, Segoe UI, Roboto, sans-serif"

_STYLE = """
  .page { fill: #ffffff } .title { fill: #14213d; font-weight: 600; font-size: 19px }
  .sub { fill: #5b6676; font-size: 12.5px } .axis { fill: #5b6676; font-size: 11.5px }
  .name { fill: #14213d; font-size: 12.5px; font-weight: 600 } .value { fill: #14213d; font-size: 10.5px;
    paint-order: stroke; stroke: #ffffff; stroke-width: 3px; stroke-linejoin: round }
  .grid { stroke: #e4e8ee } .base { stroke: #9aa5b4 }
  .interest { fill: #0f8b8d } .principal { fill: #33508f } .left { fill: #33508f; fill-opacity: .10 }
  .edge { fill: none; stroke: #33508f; stroke-opacity: .55; stroke-width: 1.5 }
  .open { fill: none; stroke: #9aa5b4; stroke-dasharray: 4 3 } .open-word { fill: #5b6676; font-size: 10.5px }
  .projected { fill-opacity: .45 }
  .right { fill: #b4518b } .right-word { fill: #b4518b; font-size: 10.5px; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #11161f } .title, .name, .value { fill: #e8edf5 } .value { stroke: #11161f }
    .sub, .axis, .open-word { fill: #9aa7b8 } .grid { stroke: #232c3a } .base { stroke: #5b6676 }
    .right, .right-word { fill: #e08bbd }
    .interest { fill: #35b8b2 } .principal, .left { fill: #7f9fe6 } .edge { stroke: #7f9fe6 }
  }
"""


@dataclass(frozen=True, slots=True)
class _Panel:
    """A part of the picture with a scale of its own, from its upper to its lower edge."""

    name: str
    upper: int
    lower: int
    top: Decimal

    def y(self, amount: Decimal) -> float:
        return self.lower - float(amount / self.top) * (self.lower - self.upper) if self.top else self.lower


@dataclass(frozen=True, slots=True)
class _Time:
    """The axis of days."""

    first: date
    last: date
    wide: float

    def x(self, day: date) -> float:
        """Where a day is."""
        span = max(1, (self.last - self.first).days)
        return _LEFT + (day - self.first).days / span * (_RIGHT - _LEFT - self.wide / 2)

    def bar(self, day: date) -> float:
        """The middle of a bar: one right after the beginning stands beside the scale, not on it."""
        return max(self.x(day), _LEFT + self.wide / 2)


def write_svg(
    path: Path, sheet: TermSheet, units: int, flows: Sequence[Flow], marks: Sequence[Mark] = ()
) -> None:
    """Writes the picture.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        path.write_text(svg_of(sheet, units, flows, marks), encoding="utf-8")
    except OSError as fault:
        raise InputError(
            f"--svg {path} cannot be written: {fault.strerror}", hint="Choose a folder that you may write to."
        ) from None


def svg_of(sheet: TermSheet, units: int, flows: Sequence[Flow], marks: Sequence[Mark] = ()) -> str:
    """The picture of a holding's payments, and of the days of rights."""
    bars = bars_of(flows, _MOST_BARS)
    first = flows[0].start or sheet.issue_date
    wide = _bar_width(bars, first)
    time = _Time(first, bars[-1].day, wide)
    outstanding = _outstanding(sheet, units, flows)
    largest = max([*(amount for _, amount in outstanding), *(bar.principal or Decimal(0) for bar in bars)])
    upper = _Panel("Interest", *_UPPER, _nice(max(bar.interest or Decimal(0) for bar in bars)))
    lower = _Panel("Principal", *_LOWER, _nice(largest))
    parts = [
        *_head(sheet, units, flows),
        *_scale(upper),
        *_scale(lower),
        *_remaining(outstanding, time, lower),
        *_bars(bars, "interest", time, upper),
        *_bars(bars, "principal", time, lower),
        *_axis(time, _LOWER[1] + 20),
        *_rights(marks, time),
        *_foot(flows, marks),
    ]
    body = "\n  ".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" role="img" font-family="{_FONT}">\n'
        f"  <title>{escape(sheet.name)}: interest and principal over time</title>\n"
        f"  <style>{_STYLE}  </style>\n"
        f'  <rect class="page" width="{_WIDTH}" height="{_HEIGHT}"/>\n  {body}\n</svg>\n'
    )


def _head(sheet: TermSheet, units: int, flows: Sequence[Flow]) -> Iterator[str]:
    held = sheet.currency.from_base(units * sheet.face_value_base)
    coupon = coupon_words(sheet)
    yield f'<text class="title" x="32" y="42">{escape(sheet.name)}</text>'
    about = (
        f"{sheet.isin} · {sheet.currency.code} {held:,f} · {coupon} · {sheet.issue_date} to {flows[-1].day}"
    )
    yield f'<text class="sub" x="32" y="64">{escape(about)}</text>'


def _scale(panel: _Panel) -> Iterator[str]:
    yield f'<text class="name" x="32" y="{panel.upper - 16}">{panel.name}</text>'
    for tick in range(1, _TICKS + 1) if panel.top else ():
        amount = panel.top * tick / _TICKS
        y = f"{panel.y(amount):.1f}"
        yield f'<line class="grid" x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}"/>'
        yield (
            f'<text class="axis" x="{_LEFT - 8}" y="{y}" text-anchor="end" dominant-baseline="middle">'
            f"{short(amount)}</text>"
        )
    yield f'<line class="base" x1="{_LEFT}" x2="{_RIGHT}" y1="{panel.lower}" y2="{panel.lower}"/>'


def _bars(bars: Sequence[Bar], name: str, time: _Time, panel: _Panel) -> Iterator[str]:
    half, amounts = time.wide / 2, [_of(bar, name) for bar in bars]
    labelled = sum(bool(amount) for amount in amounts) <= _LABELLED
    free = 0.0
    for bar, amount in zip(bars, amounts, strict=True):
        x = time.bar(bar.day)
        if amount is None:
            yield (
                f'<rect class="open" x="{x - half:.1f}" y="{panel.lower - 26}" width="{time.wide:.1f}" '
                f'height="26"><title>{bar.label}: {name} is open</title></rect>'
            )
            if len(bars) <= _LABELLED:
                yield _label("open-word", x, panel.lower - 31, "open")
        elif amount:
            y = panel.y(amount)
            shade = " projected" if bar.standing is Standing.PROJECTED else ""
            yield (
                f'<rect class="{name}{shade}" x="{x - half:.1f}" y="{y:.1f}" width="{time.wide:.1f}" '
                f'height="{max(1.0, panel.lower - y):.1f}" rx="1.5">'
                f"<title>{bar.label}: {name} {amount:,f}</title></rect>"
            )
            if labelled and x >= free:
                free = x + _LABEL_WIDTH
                yield _label("value", x, y - 5, short(amount))


def _label(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{words}</text>'


def _remaining(outstanding: Sequence[tuple[date, Decimal]], time: _Time, panel: _Panel) -> Iterator[str]:
    """What is left of the principal, as a step: it falls, or grows, on the days of payment."""
    if len(outstanding) < 2:
        return
    points: list[str] = []
    for (start, amount), (end, _) in pairwise(outstanding):
        points += [f"{x:.1f},{panel.y(amount):.1f}" for x in (time.x(start), time.x(end))]
    line = " ".join(points)
    first, last = (f"{time.x(day):.1f},{panel.lower}" for day in (outstanding[0][0], outstanding[-1][0]))
    yield f'<polygon class="left" points="{first} {line} {last}"/>'
    yield f'<polyline class="edge" points="{line}"/>'


def _axis(time: _Time, y: int) -> Iterator[str]:
    for day, label in _days(time):
        x = f"{time.x(day):.1f}"
        for _, lower in (_UPPER, _LOWER):
            yield f'<line class="base" x1="{x}" x2="{x}" y1="{lower}" y2="{lower + 5}"/>'
        yield f'<text class="axis" x="{x}" y="{y}" text-anchor="middle">{label}</text>'


def _rights(marks: Sequence[Mark], time: _Time) -> Iterator[str]:
    """Days of rights between the panels: a dot for a day, a bar for a window, a letter above the first."""
    free = 0.0
    for mark in marks:
        first, last = time.x(max(mark.day, time.first)), time.x(min(mark.until, time.last))
        yield (
            f'<rect class="right" x="{first - 3:.1f}" y="{_RIGHTS - 3}" width="{last - first + 6:.1f}" '
            f'height="6" rx="3"><title>{mark.day}: {escape(mark.words)}</title></rect>'
        )
        if first >= free:
            free = first + _LETTER_WIDTH
            yield _label("right-word", first, _RIGHTS - 8, mark.letter)


def _days(time: _Time) -> Iterator[tuple[date, str]]:
    """Beginnings of years, or of months where the whole is short."""
    months = (time.last.year - time.first.year) * 12 + time.last.month - time.first.month
    step = next((each for each in (1, 3, 6, 12, 24, 60, 120, 240) if months <= each * _LABELS), 480)
    month = time.first.year * 12 + time.first.month - 1
    month += -month % step
    while True:
        day = date(month // 12, month % 12 + 1, 1)
        if day > time.last:
            return
        if day >= time.first:
            yield day, f"{day.year}" if step >= 12 else f"{day:%b %Y}"
        month += step


def _foot(flows: Sequence[Flow], marks: Sequence[Mark]) -> Iterator[str]:
    said = ["Interest and principal have a scale each.", "The shade behind is the principal that is left."]
    if any(flow.standing is Standing.PROJECTED for flow in flows):
        said.append("Pale bars are projected.")
    if any(flow.standing is Standing.OPEN for flow in flows):
        said.append("Dashed: not known yet.")
    meant = {"C": "C: call.", "E": "E: may be extended.", "P": "P: put.", "S": "S: drawn by lot."}
    said += [words for letter, words in meant.items() if any(mark.letter == letter for mark in marks)]
    yield f'<text class="sub" x="32" y="{_HEIGHT - 18}">{" ".join(said)}</text>'


def _outstanding(sheet: TermSheet, units: int, flows: Sequence[Flow]) -> list[tuple[date, Decimal]]:
    """Principal by the day from which it is that; ends where it is open."""
    face = sheet.currency.from_base(units * sheet.face_value_base)
    found: list[tuple[date, Decimal]] = []
    for flow in flows:
        if flow.factor is None:
            return found
        found.append((flow.start or flow.due, face * flow.factor / FACTOR_SCALE))
    return [*found, (flows[-1].day, Decimal(0))]


def _bar_width(bars: Sequence[Bar], first: date) -> float:
    span = max(1, (bars[-1].day - first).days)
    nearest = min(((after.day - before.day).days for before, after in pairwise(bars)), default=span)
    return max(_LEAST_BAR, min(_WIDEST_BAR, 0.6 * max(1, nearest) / span * (_RIGHT - _LEFT)))


def _nice(amount: Decimal) -> Decimal:
    """The end of a scale: a little above the amount, easy to divide by four."""
    if not amount:
        return amount
    power = Decimal(10) ** (amount / _TICKS).adjusted()
    step = next(each * power for each in _STEPS if each * power * _TICKS >= amount)
    return step * _TICKS


def _of(bar: Bar, name: str) -> Decimal | None:
    return bar.interest if name == "interest" else bar.principal
