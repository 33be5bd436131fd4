"""Pieces of the PDF: paragraphs, tables, names with values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table

from indenture.audit.report.charts.picture import Picture
from indenture.audit.report.pdf.drawing import drawing_of
from indenture.audit.report.pdf.fonts import BOLD, FIXED, PLAIN, markup

MARGIN = 15 * mm
WIDTH = A4[0] - 2 * MARGIN

INK, QUIET, LINE, GOOD, OPEN, BAD = (
    HexColor(colour) for colour in ("#1b2430", "#5b6776", "#d9dfe7", "#0b6b43", "#44546a", "#a81e16")
)
MOODS = {"good": GOOD, "open": OPEN, "bad": BAD}
"""Colours of the verdict."""

_TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=8.5, leading=11.5, textColor=INK, wordWrap="CJK")
STYLES = {
    "text": ParagraphStyle("body", parent=_TEXT, wordWrap=None, spaceAfter=4),
    "quiet": ParagraphStyle("quiet", parent=_TEXT, wordWrap=None, textColor=QUIET, spaceAfter=4),
    "h1": ParagraphStyle(
        "h1",
        parent=_TEXT,
        fontName=BOLD,
        fontSize=15,
        leading=19,
        spaceBefore=12,
        spaceAfter=6,
    ),
    "h2": ParagraphStyle(
        "h2",
        parent=_TEXT,
        fontName=BOLD,
        fontSize=10.5,
        leading=14,
        spaceBefore=9,
        spaceAfter=4,
    ),
    "cell": ParagraphStyle("cell", parent=_TEXT, fontSize=7, leading=8.8),
    "code": ParagraphStyle("code", parent=_TEXT, fontName=FIXED, fontSize=6.2, leading=8.2),
    "number": ParagraphStyle("number", parent=_TEXT, fontSize=6.6, leading=8.8, alignment=TA_RIGHT),
    "head": ParagraphStyle("head", parent=_TEXT, fontName=BOLD, fontSize=7, leading=8.8, textColor=QUIET),
    "headn": ParagraphStyle(
        "headn", parent=_TEXT, fontName=BOLD, fontSize=7, leading=8.8, textColor=QUIET, alignment=TA_RIGHT
    ),
}
_GRID: list[Any] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, 0), 1, LINE),
    ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE),
    ("LEFTPADDING", (0, 0), (-1, -1), 2),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 1.8),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
]


def text(words: str, style: str = "text") -> Paragraph:
    """A paragraph; a heading of style ``h1`` becomes a bookmark."""
    return Paragraph(markup(words), STYLES[style])


def table(
    heads: Sequence[tuple[str, str, float]],
    rows: Iterable[Sequence[str]],
    *,
    most: int,
    left_out: str = "audit.json",
) -> list[Flowable]:
    """A table that goes on over pages, its heads on each.

    Args:
        heads: Name, style of the cells (``cell``, ``code`` or ``number``) and share of the width, by column.
        rows: The rows.
        most: How many are shown.
        left_out: Where the others are.
    """
    every = iter(rows)
    shown = list(islice(every, most))
    more = sum(1 for _ in every)
    total = sum(share for _, _, share in heads)
    head = [text(name, "headn" if style == "number" else "head") for name, style, _ in heads]
    body = [[text(cell, style) for cell, (_, style, _) in zip(row, heads, strict=True)] for row in shown]
    widths = [WIDTH * share / total for _, _, share in heads]
    parts: list[Flowable] = [Table([head, *body], colWidths=widths, repeatRows=1, style=_GRID)]
    if more:
        parts.append(text(f"and {more:,} more, in {left_out}", "quiet"))
    return parts


def pairs(items: Sequence[tuple[str, str]]) -> Flowable:
    """Names and values, in two columns."""
    half = -(-len(items) // 2)
    cells: list[list[Any]] = []
    for i in range(half):
        row: list[Any] = []
        for name, value in items[i::half]:
            row += [text(name, "head"), text(value, "code" if value.startswith("0x") else "cell")]
        cells.append(row + [""] * (4 - len(row)))
    widths = [WIDTH * share for share in (0.16, 0.34, 0.16, 0.34)]
    return Table(cells, colWidths=widths, style=[*_GRID[:1], *_GRID[3:]])


def figure(title: str, picture: Picture | None, note: str = "") -> list[Flowable]:
    """A picture under its title, on one page; nothing for no picture."""
    if picture is None:
        return []
    parts = [text(title, "h2"), *([text(note, "quiet")] if note else []), drawing_of(picture, WIDTH)]
    return [KeepTogether(parts), Spacer(1, 4)]
