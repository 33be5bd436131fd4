"""The report as PDF, for the file and for paper: what a desk needs of it, the findings first."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, CondPageBreak, Flowable, Frame, PageTemplate, Paragraph

from indenture.audit.report.page.outcome import verdict
from indenture.audit.report.pdf.bonds import bond_part, bonds_part
from indenture.audit.report.pdf.fonts import PLAIN, pieces
from indenture.audit.report.pdf.parts import (
    findings_part,
    notices_part,
    proof_part,
    scope_part,
    suite_part,
    title_part,
)
from indenture.audit.report.pdf.pieces import MARGIN, QUIET

__all__ = ["as_pdf"]

_FOOT = 9 * mm
_COMPANY = 30 * mm
_SIZE = 7


def as_pdf(facts: Mapping[str, Any]) -> bytes:
    """The report; the same bytes for the same facts: no date and no id of a run is in them."""
    told = dict(facts)
    out = io.BytesIO()
    running = f"Audit of {told['network']}, chain {told['chain_id']}, block {told['to_block']:,}"
    document = _Document(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + _FOOT / 2,
        invariant=1,
        pageCompression=0,  # what deflate makes of a page differs between builds of zlib
        title=f"{running}: {verdict(told)}",
        author="indenture audit",
        subject=f"Block {told['to_block_hash']}",
        lang="en",
    )
    frame = Frame(document.leftMargin, document.bottomMargin, document.width, document.height, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate("page", [frame])])
    document.build(_story(told), canvasmaker=lambda *args, **more: _Pages(running, *args, **more))
    return out.getvalue()


def _story(facts: dict[str, Any]) -> list[Flowable]:
    parts = [title_part, findings_part, notices_part, proof_part, bonds_part]
    story = [flowable for part in parts for flowable in part(facts)]
    for bond in facts["bonds"]:
        story += bond_part(bond, facts["as_of"])
    return list(_with_company([*story, *suite_part(facts), *scope_part(facts)]))


def _with_company(story: list[Flowable]) -> Iterator[Flowable]:
    """A heading goes to the next page when nothing of what follows would stand below it."""
    for flowable in story:
        if isinstance(flowable, Paragraph) and flowable.style.name in ("h1", "h2"):
            yield CondPageBreak(_COMPANY)
        yield flowable


class _Document(BaseDocTemplate):
    """Headings of the first rank become bookmarks."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._headings = count()

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 (the library's name)
        if isinstance(flowable, Paragraph) and flowable.style.name == "h1":
            key = f"heading {next(self._headings)}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, 0)


class _Pages(Canvas):
    """Keeps every page until the last, so that each can say of how many it is one."""

    def __init__(self, running: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._running = running
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 (the library's name)
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self._foot(number, len(self._kept))
            super().showPage()
        super().save()

    def _foot(self, number: int, total: int) -> None:
        self.setFillColor(QUIET)
        x = MARGIN
        for font, words in pieces(self._running, PLAIN):
            self.setFont(font, _SIZE)
            self.drawString(x, _FOOT, words)
            x += self.stringWidth(words, font, _SIZE)
        self.setFont(PLAIN, _SIZE)
        self.drawRightString(A4[0] - MARGIN, _FOOT, f"{number} / {total}")
