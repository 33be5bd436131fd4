"""The report: the same facts as JSON for machines, as one HTML page and as text for people."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indenture.audit.events import History
from indenture.audit.replay import World
from indenture.audit.report.facts import Scope, gather
from indenture.audit.report.page import render
from indenture.audit.report.text import render_text
from indenture.errors import InputError

__all__ = ["Scope", "write_report"]


def write_report(
    folder: Path, scope: Scope, world: World, history: History, decimals: Mapping[str, int]
) -> None:
    """Writes ``audit.json``, ``audit.html`` and ``audit.txt``.

    Args:
        folder: Where; it is made if need be.
        scope: What was audited, and what was found.
        world: The rebuilt state.
        history: The events.
        decimals: Digits after the point, by cash token.

    Raises:
        InputError: The folder cannot be written.
    """
    facts = gather(scope, world, history, decimals)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "audit.json", json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
        _write(folder / "audit.html", render(facts))
        _write(folder / "audit.txt", render_text(facts))
    except OSError as fault:
        raise InputError(
            f"the report cannot be written to {folder}: {fault.strerror}", hint="Name another folder."
        ) from None


def _write(path: Path, content: str) -> None:
    """A reader sees the old file or the new one, never a half."""
    fresh: Any = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(content, "utf-8")
    fresh.replace(path)
