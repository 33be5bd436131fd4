"""A picture of the report as vectors of the PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.graphics.shapes import Drawing, Polygon, String
from reportlab.graphics.shapes import Line as PdfLine
from reportlab.graphics.shapes import Rect as PdfRect
from reportlab.graphics.shapes import Shape as PdfShape
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

from indenture.audit.report.charts.picture import Area, Line, Picture, Rect, Shape, Text
from indenture.audit.report.pdf.fonts import BOLD, PLAIN, pieces

COLOURS = {
    "principal": "#1f4f8f",
    "interest": "#d08a1d",
    "event": "#7b4fa6",
    "subscription": "#8a97a8",
    "won": "#1f4f8f",
    "asked": "#d9dfe7",
    "free": "#1f4f8f",
    "bound": "#d08a1d",
    "frozen": "#a81e16",
    "held": "#c9d6e8",
    "cut": "#a81e16",
    "grid": "#d9dfe7",
    "axis": "#5b6776",
}
"""Colour by kind of shape: those of the page in light."""

_INK, _QUIET = "#1b2430", "#5b6776"
_SIZES = {"value": 12.0, "note": 12.0, "day": 11.0}


def drawing_of(picture: Picture, width: float) -> Drawing:
    """The picture, as wide as asked for."""
    scale = width / picture.width
    drawing = Drawing(width, picture.height * scale)
    drawing.scale(scale, scale)
    for shape in picture.shapes:
        for part in _parts(shape, picture.height):
            drawing.add(part)
    return drawing


def _parts(shape: Shape, height: float) -> Sequence[PdfShape]:
    """A shape, upside down: a PDF counts from the lower edge."""
    look: dict[str, Any]
    match shape:
        case Rect(kind, x, y, width, tall, _):
            look = {"fillColor": _colour(kind), "strokeColor": None}
            return [PdfRect(x, height - y - tall, width, tall, **look)]
        case Line(kind, x1, y1, x2, y2):
            look = {"strokeColor": _colour(kind), "strokeDashArray": [5, 4] if kind == "cut" else None}
            return [PdfLine(x1, height - y1, x2, height - y2, strokeWidth=1, **look)]
        case Area(kind, points):
            look = {"fillColor": _colour(kind), "strokeColor": _colour("free"), "strokeWidth": 1}
            return [Polygon([value for x, y in points for value in (x, height - y)], **look)]
        case Text():
            return _text(shape, height)


def _text(text: Text, height: float) -> list[String]:
    own = BOLD if text.kind == "value" else PLAIN
    size = _SIZES[text.kind]
    runs = pieces(text.text, own)
    widths = [stringWidth(words, font, size) for font, words in runs]
    x = text.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor] * sum(widths)
    colour = HexColor(_QUIET if text.kind == "day" else _INK)
    strings = []
    for (font, words), wide in zip(runs, widths, strict=True):
        strings.append(String(x, height - text.y, words, fontName=font, fontSize=size, fillColor=colour))
        x += wide
    return strings


def _colour(kind: str) -> Color:
    return HexColor(COLOURS[kind])
