"""The report: the same facts as JSON for machines, as one HTML page, as text, and as PDF for paper."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indenture.audit.events import History
from indenture.audit.replay import World
from indenture.audit.report import files
from indenture.audit.report.facts import gather
from indenture.audit.report.page import render
from indenture.audit.report.scope import Scope
from indenture.audit.report.text import render_text
from indenture.errors import InputError

__all__ = ["Scope", "write_facts", "write_report"]


def write_report(
    folder: Path,
    scope: Scope,
    world: World,
    history: History,
    decimals: Mapping[str, int],
    *,
    pdf: bool = False,
) -> None:
    """Writes ``audit.json``, ``audit.html``, ``audit.txt`` and ``holders.csv``; same facts, same bytes.

    Args:
        folder: Where; it is made if need be. A signature or a PDF that lies there of another run is removed.
        scope: What was audited, and what was found.
        world: The rebuilt state.
        history: The events, with their ledger.
        decimals: Digits after the point, by cash token.
        pdf: Whether ``audit.pdf`` is written too.

    Raises:
        InputError: The folder cannot be written.
    """
    write_facts(folder, gather(scope, world, history, decimals), pdf=pdf)


def write_facts(folder: Path, facts: Mapping[str, Any], *, pdf: bool = False) -> None:
    """Writes a report from its facts alone, as they were gathered or read from an ``audit.json``."""
    contents = {
        files.JSON: _encoded(files.as_json(facts)),
        files.HTML: _encoded(render(dict(facts))),
        files.TEXT: _encoded(render_text(dict(facts))),
        files.HOLDERS: _encoded(files.holders_as_csv(facts)),
    }
    if pdf:
        from indenture.audit.report.pdf import as_pdf  # half a second that most audits need not spend

        contents[files.PDF] = as_pdf(facts)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (files.SIGNATURE, *files.ALL):
            if name not in contents:
                (folder / name).unlink(missing_ok=True)
        for name, content in contents.items():
            _write(folder / name, content)
    except OSError as fault:
        raise InputError(
            f"the report cannot be written to {folder}: {fault.strerror}", hint="Name another folder."
        ) from None


def _encoded(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which has none, as its escape, in JSON too."""
    return text.encode("utf-8", "backslashreplace")


def _write(path: Path, content: bytes) -> None:
    """A reader sees the old file or the new one, never a half."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)
