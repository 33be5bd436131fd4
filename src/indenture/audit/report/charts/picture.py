"""A picture as a list of shapes, in points from the upper left corner; each ``kind`` has its colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indenture.audit.report.words import escape

_SIZES = ((10**12, " tn"), (10**9, " bn"), (10**6, " m"), (10**3, " k"))
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled rectangle; ``title`` shows under the pointer."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    kind: str
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon."""

    kind: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; ``anchor`` is where of it ``x`` lies: ``start``, ``middle`` or ``end``."""

    kind: str
    x: float
    y: float
    text: str
    anchor: str = "middle"


Shape = Rect | Line | Area | Text


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes on a surface; ``label`` says what they show to who cannot see them."""

    name: str
    label: str
    width: int
    height: int
    shapes: tuple[Shape, ...]

    def svg(self) -> str:
        """The picture as an inline SVG without colours: those are the page's."""
        shapes = "".join(map(_svg, self.shapes))
        return (
            f'<svg class="chart {self.name}" viewBox="0 0 {self.width} {self.height}" role="img" '
            f'aria-label="{escape(self.label)}">{shapes}</svg>'
        )


def short(amount: Decimal | int) -> str:
    """An amount in a few characters: 20.65 bn."""
    value = Decimal(amount)
    for size, unit in _SIZES:
        if abs(value) >= size:
            return f"{(value / size).quantize(_CENT).normalize():,f}{unit}"
    return f"{value.normalize():,f}"


def thinned(items: Sequence[tuple[float, float]], most: int) -> list[tuple[float, float]]:
    """At most so many points, the last one among them."""
    step = -(-len(items) // most)
    kept = list(items[::step]) if items else []
    if items and kept[-1] != items[-1]:
        kept.append(items[-1])
    return kept


def _svg(shape: Shape) -> str:
    match shape:
        case Rect(kind, x, y, width, height, title):
            told = f"<title>{escape(title)}</title>" if title else ""
            return (
                f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}">'
                f"{told}</rect>"
            )
        case Line(kind, x1, y1, x2, y2):
            return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
        case Area(kind, points):
            return f'<polygon class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
        case Text(kind, x, y, text, anchor):
            return f'<text class="{kind} {anchor}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'
