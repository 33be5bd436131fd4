"""Pieces of the page: sections, tables, codes, numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from html import escape

_MOST_ROWS = 500
_WHOLE = 28  # digits that a column can hold in one line


def number(value: object) -> str:
    """A number with thousands separators, whether it comes as int or as decimal text."""
    return f"{Decimal(str(value)):,f}"


def section(title: str, body: str, *, note: str = "", kind: str = "") -> str:
    """A section of the page."""
    small = f" <small>{escape(note)}</small>" if note else ""
    return f'<section class="{kind}"><h2>{escape(title)}{small}</h2>{body}</section>'


def folded(title: str, count: int, body: str) -> str:
    """A table that can be folded."""
    return f"<details open><summary>{escape(title)}: {number(count)}</summary>{body}</details>"


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: set[int] | None = None,
    foot: Sequence[str] = (),
) -> str:
    """A table; its cells are HTML already, its heads are not."""
    right = numbers or set()

    def line(cells: Sequence[str], tag: str, show: Callable[[str], str] = str) -> str:
        return "".join(
            f"<{tag}{' class=n' if i in right else ''}>{show(cell)}</{tag}>" for i, cell in enumerate(cells)
        )

    body = [f"<tr>{line(row, 'td')}</tr>" for row in rows]
    more = len(body) - _MOST_ROWS
    rest = f'<tr><td colspan="{len(heads)}" class="quiet">and {number(more)} more, in audit.json</td></tr>'
    if more > 0:
        body = [*body[:_MOST_ROWS], rest]
    end = f"<tfoot><tr>{line(foot, 'td')}</tr></tfoot>" if foot else ""
    return (
        f'<div class="scroll"><table><thead><tr>{line(heads, "th", escape)}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody>{end}</table></div>"
    )


def pairs(items: Iterable[tuple[str, str]]) -> str:
    """Names and values; the values are HTML already."""
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{value}</dd>' for name, value in items)}</dl>"


def amount(value: object) -> str:
    """A number, or a dash for none."""
    return "–" if value is None else number(value)


def code(value: str) -> str:
    """An address, a hash, a key."""
    return f"<code>{escape(value)}</code>"


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
