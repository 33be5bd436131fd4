"""Fonts of the PDF: the viewer's own for Latin letters, CID fonts for what these cannot write.

None is embedded: every reader has the standard ones, and its own for Chinese, Japanese and Korean.
"""

from __future__ import annotations

import unicodedata
from html import escape
from itertools import groupby

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from indenture._visible import visible

PLAIN, BOLD, FIXED = "Helvetica", "Helvetica-Bold", "Courier"
HAN, HANGUL = "STSong-Light", "HYSMyeongJo-Medium"


for _name in (HAN, HANGUL):
    pdfmetrics.registerFont(UnicodeCIDFont(_name))


def markup(text: str) -> str:
    """Text for a paragraph: escaped, and what the paragraph's own font lacks in another."""
    return "".join(
        escape(run, quote=False) if font is None else f'<font name="{font}">{escape(run, quote=False)}</font>'
        for font, run in _runs(text)
    )


def pieces(text: str, own: str) -> list[tuple[str, str]]:
    """Text as runs of a font and what it writes, where there is no paragraph to do it."""
    return [(font or own, run) for font, run in _runs(text)]


def _runs(text: str) -> list[tuple[str | None, str]]:
    return [(font, "".join(run)) for font, run in groupby(visible(text), key=_font_of)]


def _font_of(letter: str) -> str | None:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return HANGUL if unicodedata.name(letter, "").startswith("HANGUL") else HAN
    return None
