"""The report: the same facts as JSON for machines, as one HTML page, as text, and as PDF for paper."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
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

__all__ = ["Scope", "require_writable", "write_facts", "write_report"]


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
    fresh = {name: _beside(folder / name) for name in contents}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # All of it is on the disk before a reader sees any: where there is no room, the old report stays.
        for name, content in contents.items():
            fresh[name].write_bytes(content)
        for name in (files.SIGNATURE, *files.ALL):
            if name not in contents:
                (folder / name).unlink(missing_ok=True)
        for name, path in fresh.items():
            path.replace(folder / name)
    except OSError as fault:
        for path in fresh.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise _unwritable(folder, fault) from None


def require_writable(folder: Path) -> None:
    """Makes the folder of a report, and sees that files can be made in it: before the work, not after.

    Raises:
        InputError: They cannot.
    """
    probe = _beside(folder / files.JSON)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as fault:
        raise _unwritable(folder, fault) from None


def _unwritable(folder: Path, fault: OSError) -> InputError:
    return InputError(
        f"the report cannot be written to {folder}: {fault.strerror}",
        hint="Name another folder, or make room.",
    )


def _beside(path: Path) -> Path:
    """A name of this process, in the same folder: to be moved to its place when it is whole."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def _encoded(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which has none, as its escape, in JSON too."""
    return text.encode("utf-8", "backslashreplace")
