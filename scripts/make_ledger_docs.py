"""Writes the reference at the end of docs/ledger.md: the raw tables, and one table for each event.

python scripts/make_ledger_docs.py            write what follows the mark
python scripts/make_ledger_docs.py --check    write nothing; fail when it is stale
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from indenture.ledger import EVENT_TABLES, EventTable
from indenture.ledger.suite import interface_of

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docs" / "ledger.md"
SCHEMA = ROOT / "src" / "indenture" / "ledger" / "schema.sql"
MARK = "<!-- What follows is written by scripts/make_ledger_docs.py; do not edit. -->\n"


def main() -> int:
    text = FILE.read_text(encoding="utf-8")
    fresh = text.partition(MARK)[0] + MARK + reference()
    if "--check" not in sys.argv[1:]:
        FILE.write_text(fresh, encoding="utf-8")
        return 0
    if text != fresh:
        print(f"{FILE.name} is stale: run python scripts/make_ledger_docs.py", file=sys.stderr)
        return 1
    return 0


def reference() -> str:
    """All after the mark."""
    parts = [f"\n## The raw tables\n\n```sql\n{SCHEMA.read_text(encoding='utf-8').strip()}\n```\n"]
    parts.append("\n## The event tables\n")
    for kind, tables in groupby(EVENT_TABLES, key=lambda table: table.kind):
        parts.append(f"\n### {kind}\n")
        parts += [section(table) for table in tables]
    return "".join(parts)


def section(table: EventTable) -> str:
    """One table: the event, and its columns beside the four that each has."""
    title = f"\n#### `{table.name}`\n\n{declaration(table)}\n"
    if not table.columns:
        return title
    lines = [
        f"| `{name}` | {kind} |"
        for column in table.columns
        for name, kind in flat(column.name, column.sql_type)
    ]
    return title + "\n| column | type |\n|---|---|\n" + "\n".join(lines) + "\n"


def declaration(table: EventTable) -> str:
    """The event as Solidity has it, structs by their names."""
    arguments = []
    for param in table.inputs:
        kind = str(param.get("internalType") or param["type"]).split(" ")[-1]
        arguments.append(f"{kind} {'indexed ' if param.get('indexed') else ''}{param['name']}")
    return f"`{table.event.name}({', '.join(arguments)})` of `{interface_of(table.kind).contract}`"


def flat(name: str, sql_type: str) -> Iterator[tuple[str, str]]:
    """A column, or the fields of a struct by their paths: ``terms.isin``, ``rights.calls[].price``."""
    found = re.fullmatch(r"STRUCT\((.*)\)((?:\[\])*)", sql_type)
    if found is None:
        yield name, sql_type
        return
    members, lists = found.groups()
    for member in split(members):
        field, _, kind = member.partition(" ")
        yield from flat(f"{name}{lists}.{field}", kind)


def split(members: str) -> list[str]:
    """Members of a struct; commas in brackets belong to them."""
    parts, depth = [""], 0
    for character in members:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


if __name__ == "__main__":
    sys.exit(main())
