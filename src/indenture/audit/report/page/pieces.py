"""Pieces of the page: sections, tables, codes, numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from indenture.audit.report.charts.picture import Picture
from indenture.audit.report.words import escape

MOST_ROWS = 100
_WHOLE = 28  # digits that a column can hold in one line


def number(value: object) -> str:
    """A number with thousands separators, whether it comes as int or as decimal text."""
    return f"{Decimal(str(value)):,f}"


def count(items: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 finding, 2 findings."""
    return f"{items:,} {one if items == 1 else many or one + 's'}"


def section(title: str, body: str, *, anchor: str, note: str = "", kind: str = "") -> str:
    """A section of the page, with a heading that links to itself."""
    small = f" <small>{escape(note)}</small>" if note else ""
    link = f'<a class="self" href="#{escape(anchor)}">{escape(title)}</a>'
    return (
        f'<section class="{kind}" id="{escape(anchor)}" aria-labelledby="{escape(anchor)}-title">'
        f'<h2 id="{escape(anchor)}-title">{link}{small}</h2>{body}</section>'
    )


def folded(title: str, items: int, body: str, *, is_open: bool = True) -> str:
    """A table that can be folded."""
    state = " open" if is_open else ""
    return f"<details{state}><summary>{escape(title)}: {number(items)}</summary>{body}</details>"


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: set[int] | None = None,
    foot: Sequence[str] = (),
    left_out: str = "",
    most: int = MOST_ROWS,
) -> str:
    """A table; its cells are HTML already, its heads are not.

    Args:
        heads: Names of the columns.
        rows: The rows.
        numbers: Columns that stand to the right.
        foot: A row below a line.
        left_out: Where to find rows beyond ``most``; ``audit.json`` unless given.
        most: How many rows are shown.
    """
    right = numbers or set()

    def line(cells: Sequence[str], tag: str, show: Callable[[str], str] = str, scope: str = "") -> str:
        return "".join(
            f"<{tag}{scope}{' class=n' if i in right else ''}>{show(cell)}</{tag}>"
            for i, cell in enumerate(cells)
        )

    body: list[str] = []
    more = 0
    for row in rows:
        if len(body) < most:
            body.append(f"<tr>{line(row, 'td')}</tr>")
        else:
            more += 1
    if more:
        where = escape(left_out or "audit.json")
        body.append(f'<tr><td colspan="{len(heads)}" class="quiet">and {more:,} more, in {where}</td></tr>')
    end = f"<tfoot><tr>{line(foot, 'td')}</tr></tfoot>" if foot else ""
    head = line(heads, "th", escape, " scope=col")
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody>{end}</table></div>"
    )


def pairs(items: Iterable[tuple[str, str]]) -> str:
    """Names and values; the values are HTML already."""
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{value}</dd>' for name, value in items)}</dl>"


def figure(title: str, picture: Picture | None, legend: Sequence[tuple[str, str]] = ()) -> str:
    """A picture under its title, with a legend of kinds and words; nothing for no picture."""
    if picture is None:
        return ""
    shown_kinds = {shape.kind for shape in picture.shapes}
    keys = "".join(f'<i class="{kind}"></i>{escape(words)} ' for kind, words in legend if kind in shown_kinds)
    shown = f'<p class="legend">{keys.strip()}</p>' if keys else ""
    return f'<figure><h3>{escape(title)}</h3>{shown}<div class="scroll">{picture.svg()}</div></figure>'


def amount(value: object) -> str:
    """A number, or a dash for none."""
    return "–" if value is None else number(value)


def code(value: str | None) -> str:
    """An address, a hash, a key; a dash for none."""
    return f"<code>{escape(value)}</code>" if value else "–"


def value(shown: str) -> str:
    """An integer with separators and in one piece, anything else as it is."""
    plain = shown.removeprefix("-").isdecimal() and shown.isascii()
    return f'<code class="whole">{number(shown)}</code>' if plain and len(shown) < _WHOLE else code(shown)


def contract(label: str) -> str:
    """Name and address of a contract, on two lines."""
    name, _, address = label.rpartition(" ")
    return f"{escape(name)}<br>{code(address)}"


def tx_hash(of: str | None) -> str:
    """The hash of a transaction, small."""
    return f"<br><small>{code(of)}</small>" if of else ""


def time(moment: str) -> str:
    """An instant as people read it."""
    return escape(moment.replace("T", " ").replace("Z", " UTC"))
