"""Progress for people, on stderr: a line that moves on a terminal, nothing that moves elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Report = Callable[[str, int, int], None]

#: Seconds after which a person wonders whether anything is going on.
_PATIENCE = 1.0


def stderr_console() -> Console:
    """The console that all progress goes to."""
    return Console(stderr=True, highlight=False)


def moving_line(console: Console) -> Progress:
    """A spinner, what is being done, a bar, and the time; gone when it is done."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


@contextmanager
def progress_of(title: str) -> Iterator[Report]:
    """A progress callback for one piece of work; it shows steps as they come."""
    console = stderr_console()
    if not console.is_terminal:
        seen: set[str] = set()

        def tell(step: str, done: int, total: int) -> None:
            del done, total
            if step not in seen:
                seen.add(step)
                sys.stderr.write(f"{title}: {step} ...\n")

        yield tell
        return
    with moving_line(console) as line:
        task = line.add_task(title, total=None, count="")

        def move(step: str, done: int, total: int) -> None:
            count = f"{done:,} of {total:,}" if total else ""
            line.update(
                task, description=f"{title}: {step}", completed=done, total=total or None, count=count
            )

        yield move


@contextmanager
def working(title: str) -> Iterator[None]:
    """Says what is being done where it cannot be counted: a terminal at once, a log when it takes long."""
    console = stderr_console()
    if console.is_terminal:
        with moving_line(console) as line:
            line.add_task(title, total=None, count="")
            yield
        return
    timer = Timer(_PATIENCE, sys.stderr.write, [f"{title} ...\n"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
