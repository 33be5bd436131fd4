"""The files of a report: their names, the facts as JSON, and the holders as a list for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from indenture.errors import InputError

JSON, HTML, TEXT, PDF = "audit.json", "audit.html", "audit.txt", "audit.pdf"
HOLDERS = "holders.csv"
SIGNATURE = "audit.sig.json"

SCHEMA = "indenture-audit-report/2"
"""Name and version of the keys of the JSON: no key is dropped, or changes its meaning, without another."""

ALL = (JSON, HTML, TEXT, PDF, HOLDERS)
"""What a report consists of, and a signature is over."""

MOST_TRADES, MOST_POWERS = 10_000, 2_000
"""Trades of a bond, and uses of powers, that the JSON lists; of more, the latest."""

_HEAD = ("network", "chain_id", "genesis", "from_block", "to_block", "to_block_hash", "as_of", "differences")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(facts: Mapping[str, Any]) -> str:
    """JSON with one line for each value, list or object that holds no others: short, and fit for a diff."""
    return "".join(_lines(facts, "")) + "\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    inner = indent + "  "
    if isinstance(value, Mapping) and any(map(_is_deep, value.values())):
        yield "{\n"
        for number, (key, part) in enumerate(value.items()):
            yield f"{',' * bool(number)}{chr(10) * bool(number)}{inner}{_dumps(key)}: "
            yield from _lines(part, inner)
        yield f"\n{indent}}}"
    elif isinstance(value, list) and any(map(_is_nested, value)):
        yield "[\n"
        for number, part in enumerate(value):
            yield f"{',' * bool(number)}{chr(10) * bool(number)}{inner}"
            yield from _lines(part, inner)
        yield f"\n{indent}]"
    else:
        yield _dumps(value)


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping | list)


def _is_deep(value: Any) -> bool:
    """Whether a value needs lines of its own: a list of plain values does not."""
    if isinstance(value, list):
        return any(map(_is_nested, value))
    return isinstance(value, Mapping)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_report(path: Path) -> dict[str, Any]:
    """The facts of a report, from its folder or its ``audit.json``.

    Raises:
        InputError: It is not there, or no report.
    """
    source = path / JSON if path.is_dir() else path
    try:
        facts = json.loads(source.read_text("utf-8"))
    except OSError as fault:
        raise InputError(
            f"there is no report to read at {source}: {fault.strerror}",
            hint="Name the folder that indenture audit --report wrote, or its audit.json.",
        ) from None
    except ValueError:
        raise InputError(f"{source} is no report: it is not JSON", hint="Is it the right file?") from None
    if not isinstance(facts, dict) or facts.get("schema") != SCHEMA:
        raise InputError(
            f"{source} is no report that this version reads: its schema is not {SCHEMA}",
            hint="Audit the chain again with this version.",
        )
    if missing := [key for key in _HEAD if key not in facts]:
        raise InputError(
            f"{source} is no whole report: it lacks {', '.join(missing)}", hint="Take it from who made it."
        )
    return facts


def holders_as_csv(facts: Mapping[str, Any]) -> str:
    """Every holder of every bond, one a line; a bond with many records has as many columns as the longest."""
    records = max((len(bond["register"]["records"]) for bond in facts["bonds"]), default=0)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    at = [f"units_at_record_{n}" for n in range(1, records + 1)]
    writer.writerow(["isin", "bond", "account", "lei", "units", "frozen", "bound", *at])
    for bond in facts["bonds"]:
        for row in bond["register"]["rows"]:
            line = [bond["isin"], bond["address"], row["account"], row["lei"]]
            figures = [row["now"], row["frozen"], row["bound"], *row["at_record"]]
            writer.writerow([*map(_plain, line), *figures])
    return out.getvalue()


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
