"""What commands print: tables for people, JSON for programs; results to stdout, all else to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, Flag
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from indenture._visible import visible_json, visible_lines
from indenture.cli._clock import Local
from indenture.money import Money

# A pipe or a file has no width: wide enough that nothing is folded, and every line can be searched.
_NO_TERMINAL_WIDTH = 200
# Wider than any table: to measure what it would take.
_ANY_WIDTH = 2000

_PLAIN_CHARACTERS = str.maketrans(
    {"█": "#", "▒": ":", "│": "|", "·": ".", "◀": "<", "─": "-", "└": "+", "Σ": "="}
    | dict.fromkeys("▁▂▃", "_")
    | dict.fromkeys("▄▅", "=")
    | dict.fromkeys("▆▇", "#")
)


@dataclass(frozen=True, slots=True)
class Open:
    """A figure that nobody knows yet: a word for people, null in JSON."""

    word: str = "open"

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True)
class Facts:
    """One thing: labels and values, one below the other."""

    title: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Grid:
    """Many things of a kind, one a row.

    Attributes:
        rows: Values by column; every row has the same columns.
        empty: What to say when there are none.
        spare: Columns that are left out, the first first, where a terminal has no room for all.
        notes: Lines below.
        sums: A last row apart, by column; a column that is not named stays empty.
    """

    title: str
    rows: Sequence[Mapping[str, object]]
    empty: str = "None."
    spare: Sequence[str] = ()
    notes: Sequence[str] = ()
    sums: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """Something to look at, drawn in characters.

    Attributes:
        draw: The lines of the picture, for a terminal of so many columns.
    """

    title: str
    draw: Callable[[int], Sequence[str | Text]]


@dataclass(frozen=True, slots=True)
class View:
    """What a command answers.

    Attributes:
        data: What ``--json`` prints.
        blocks: What a person sees.
        exit_code: What the command exits with.
    """

    data: Any
    blocks: Sequence[Facts | Grid | Picture] = field(default=())
    exit_code: int = 0


def facts(title: str, values: Mapping[str, object]) -> View:
    """One thing; the keys in JSON are the labels in small letters, with underscores."""
    return View(keyed(values), [Facts(title, values)])


def grid(title: str, rows: Sequence[Mapping[str, object]], *, empty: str = "None.") -> View:
    """Many things of a kind: a list in JSON."""
    return View([keyed(row) for row in rows], [Grid(title, rows, empty)])


def show(view: View, *, as_json: bool) -> None:
    """Prints an answer on stdout."""
    if as_json:
        print_json(view.data)
        return
    console = console_on(sys.stdout)
    for block in view.blocks:
        with console.capture() as captured:
            console.print(_drawn(block, console))
        # Tables are padded to their full width: spaces that nobody sees, until a narrow terminal folds them.
        lines = [line.rstrip() for line in captured.get().strip("\n").splitlines()]
        sys.stdout.write(_writable("\n".join(lines).rstrip()) + "\n\n")


def print_json(data: Any) -> None:
    """Prints one JSON value on stdout, amounts as decimal strings."""
    sys.stdout.write(visible_json(json.dumps(plain(data), indent=2, ensure_ascii=False)) + "\n")


def console_on(stream: Any) -> Console:
    """A console that invents no colours for numbers, and folds nothing where there is no terminal.

    Brackets and colons are what they are: names of bonds and members are no markup.
    """
    width = None if stream.isatty() or os.environ.get("COLUMNS") else _NO_TERMINAL_WIDTH
    return Console(file=stream, highlight=False, markup=False, emoji=False, width=width)


def plain(value: Any) -> Any:
    """A value as JSON has it: money and decimals as text, bytes as hex, instants in UTC."""
    if isinstance(value, Enum):
        return label(value)
    if value is None or isinstance(value, Open):
        return None
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return _as_text(value)


def _as_text(value: object) -> str:
    match value:
        case Money():
            return str(value.amount)
        case Local():
            return _as_text(value.at)
        case bytes():
            return "0x" + value.hex()
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def text(value: Any) -> str:
    """A value as a person reads it."""
    match value:
        case None | ():
            return "-"
        case bool():
            return "yes" if value else "no"
        case Enum():
            return label(value)
        case int():
            return f"{value:,}"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        case bytes():
            return "0x" + value.hex()
        case Decimal():
            return f"{value:f}"
        case list() | tuple():
            return ", ".join(text(item) for item in value)
        case _:
            return visible_lines(str(value))


def label(value: Enum) -> str:
    """A code as term sheets write it: ``securities-firm``; of several flags, each of them."""
    own = getattr(value, "label", None)
    if isinstance(own, str):
        return own
    if isinstance(value, Flag):
        return ", ".join(_hyphened(flag.name) for flag in value) or "none"
    return _hyphened(value.name)


def _hyphened(name: str | None) -> str:
    return (name or "").lower().replace("_", "-")


def keyed(values: Mapping[str, object]) -> dict[str, object]:
    """Labels as JSON has them: small letters, with underscores."""
    return {key.lower().replace(" ", "_").replace("-", "_"): value for key, value in values.items()}


def _writable(drawn: str) -> str:
    """Where the terminal has no blocks and arrows, letters stand for them."""
    try:
        drawn.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return drawn.translate(_PLAIN_CHARACTERS)
    return drawn


def _drawn(block: Facts | Grid | Picture, console: Console) -> RenderableType:
    if isinstance(block, Picture):
        lines = Text("\n").join(
            Text(line) if isinstance(line, str) else line for line in block.draw(console.width)
        )
        return Text.assemble(_headline(block.title), "\n", lines, no_wrap=True, overflow="crop")
    return _facts_table(block) if isinstance(block, Facts) else _fitting(block, console)


def _facts_table(block: Facts) -> RenderableType:
    table = _table(None)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in block.facts.items():
        table.add_row(name, text(value))
    return Group(_headline(block.title), table)


def _headline(title: str) -> Text:
    """A line of its own: a table folds its title to its own width."""
    return Text(visible_lines(title), "bold")


def _fitting(block: Grid, console: Console) -> RenderableType:
    """The grid with as many of its columns as there is room for."""
    if not block.rows:
        return Group(_headline(block.title), Text(visible_lines(block.empty)))
    spare, left_out = list(block.spare), list[str]()
    rows, table = block.rows, _grid_table(block.rows, block.sums)
    while (
        spare
        and console.measure(table, options=console.options.update(width=_ANY_WIDTH)).maximum > console.width
    ):
        left_out.append(spare.pop(0))
        rows = [{name: value for name, value in row.items() if name not in left_out} for row in block.rows]
        table = _grid_table(rows, block.sums)
    notes = [Text(visible_lines(note)) for note in block.notes]
    left_out = [name for name in block.rows[0] if name in left_out]
    if left_out:
        notes.append(
            Text(f"No room for: {', '.join(left_out)}. A wider terminal shows them, and --json.", "dim")
        )
    return Group(_headline(block.title), table, *notes)


def _grid_table(rows: Sequence[Mapping[str, object]], sums: Mapping[str, object]) -> Table:
    table = _table(box.SIMPLE if sums else box.SIMPLE_HEAD)
    table.show_footer = bool(sums)
    currencies = {name: _one_currency([row[name] for row in rows]) for name in rows[0]}
    for name in rows[0]:
        right = any(_is_number(row[name]) for row in rows)
        header = f"{name}, {currencies[name]}" if currencies[name] else name
        foot = _cell(sums[name], currencies[name]) if name in sums else ""
        table.add_column(header, foot, justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value, currencies[name]) for name, value in row.items()))
    return table


def _cell(value: object, currency: str) -> str:
    return f"{value.amount:,f}" if currency and isinstance(value, Money) else text(value)


def _table(style: box.Box | None) -> Table:
    return Table(
        show_header=style is not None,
        box=style,
        padding=(0, 1),
        collapse_padding=True,
        pad_edge=False,
        show_edge=False,
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, Decimal, Money)) and not isinstance(value, (bool, Enum))


def _one_currency(values: Sequence[object]) -> str:
    """The currency of a column, where it is one: then it stands in the head, and not in every row."""
    codes = {
        value.currency.code if isinstance(value, Money) else ""
        for value in values
        if not isinstance(value, Open)
    }
    return codes.pop() if len(codes) == 1 else ""
