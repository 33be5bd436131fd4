"""Tells a play on stderr: one line for each act, and a line that moves while an act goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from indenture.cli._output import console_on
from indenture.cli._progress import moving_line

_DAY = 10
_TITLE = 17
_SECONDS = 6


class _Narrator:
    def __init__(self, console: Console, line: Progress | None) -> None:
        self._console = console
        self._line = line
        self._task: TaskID | None = None if line is None else line.add_task("", total=None, count="")
        self._title = ""

    def begin(self, number: int, total: int, title: str) -> None:
        self._title = title
        self._move(title, number, total, f"act {number} of {total}")

    def progress(self, step: str, done: int, total: int) -> None:
        self._move(f"{self._title}: {step}", done, total, f"{done:,} of {total:,}" if total else "")

    def end(self, day: str, title: str, said: str, seconds: float) -> None:
        row = Table.grid(padding=(0, 2, 0, 0))
        row.add_column(width=_DAY)
        row.add_column(width=_TITLE, style="bold")
        row.add_column(width=self._console.width - _DAY - _TITLE - _SECONDS - 6 if self._line else None)
        row.add_column(width=_SECONDS, justify="right", style="dim")
        row.add_row(day, title, said, f"{seconds:.1f} s")
        self._console.print(row)

    def _move(self, text: str, done: int, total: int, count: str) -> None:
        if self._line is not None and self._task is not None:
            self._line.update(self._task, description=text, completed=done, total=total or None, count=count)


@contextmanager
def narration(title: str) -> Iterator[_Narrator]:
    """A narrator; where stderr is no terminal, it writes a line for each act and nothing that moves."""
    console = console_on(sys.stderr)
    console.print(title, style="bold")
    if not console.is_terminal:
        yield _Narrator(console, None)
        return
    with moving_line(console) as line:
        yield _Narrator(console, line)
    console.print()
