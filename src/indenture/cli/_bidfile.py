"""Files of bids: YAML with a list of bids, or CSV with a column for each field.

    bids:
      - {quote: 3.25 %, units: 100_000}
      - {quote: non-competitive, units: 5_000, account: 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC}

    quote,units,account
    3.25 %,100000,
    non-competitive,5000,0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC

A file of a whole book names in a field ``bidder`` whose bid each is.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict

from indenture._fields import reader
from indenture._sheet import Sheet, read_sheet, refuse, validated
from indenture.cli._bids import WrittenBid, WrittenQuote, read_account, read_quote, read_units
from indenture.errors import InputError, TermSheetError

_COLUMNS = ("quote", "units", "account", "bidder")
_NEEDED = ("quote", "units")
_YAML = (".yaml", ".yml")


class _Quoted(BaseModel):
    """The quote of a row, or that it has none: None alone would mean that the field is missing."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    value: WrittenQuote | None


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    quote: Annotated[_Quoted, reader(lambda text: _Quoted(value=read_quote(str(text))))]
    units: Annotated[int, reader(lambda text: read_units(str(text)))]
    account: Annotated[str | None, reader(lambda text: read_account(str(text)))] = None
    bidder: str | None = None


class _BidFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    bids: tuple[_Row, ...]


def read_bids(path: Path) -> tuple[WrittenBid, ...]:
    """The bids of one bidder.

    Raises:
        TermSheetError: The file cannot be read, is neither YAML nor CSV, or a field of it is missing, unknown
            or malformed; or it names bidders.
    """
    found = []
    for line, row in _rows(path):
        if row.bidder is not None:
            raise TermSheetError(
                str(path),
                "bidder",
                line,
                "is for files of a whole book",
                hint="Each bidder sends his own bids.",
            )
        found.append(_written(path, line, row))
    return tuple(found)


def read_book(path: Path) -> dict[str, tuple[WrittenBid, ...]]:
    """The bids of a whole book, by bidder, in the order of their first.

    Raises:
        TermSheetError: As ``read_bids``; or a bid does not say whose it is.
    """
    found: dict[str, list[WrittenBid]] = {}
    for line, row in _rows(path):
        if row.bidder is None:
            raise TermSheetError(str(path), "bidder", line, "is missing", hint="Say whose bid it is.")
        found.setdefault(row.bidder, []).append(_written(path, line, row))
    return {bidder: tuple(bids) for bidder, bids in found.items()}


def _written(path: Path, line: int, row: _Row) -> WrittenBid:
    return WrittenBid(f"{path.name}:{line}", row.quote.value, row.units, row.account)


def _rows(path: Path) -> list[tuple[int, _Row]]:
    if path.suffix.lower() in _YAML:
        return _yaml_rows(path)
    if path.suffix.lower() == ".csv":
        return _csv_rows(path)
    raise TermSheetError(
        str(path), "(file)", 0, "is neither YAML nor CSV by its name", hint="Call it bids.yaml or bids.csv."
    )


def _yaml_rows(path: Path) -> list[tuple[int, _Row]]:
    file, sheet = validated(_BidFile, read_sheet(path), str(path), "a file of bids")
    return [(sheet.lines["bids", index], row) for index, row in enumerate(file.bids)]


def _csv_rows(path: Path) -> list[tuple[int, _Row]]:
    table = csv.DictReader(read_sheet(path).splitlines(), restkey="")
    head = [name.strip().lower() for name in table.fieldnames or ()]
    table.fieldnames = head
    sheet = Sheet(str(path), lines={(name,): 1 for name in head})
    problems = [
        sheet.problem((name,), "is missing from the first line") for name in _NEEDED if name not in head
    ]
    problems += [
        sheet.problem((name,), "is not a column of a file of bids", f"Columns: {', '.join(_COLUMNS)}.")
        for name in head
        if name not in _COLUMNS
    ]
    refuse(problems)
    found: list[tuple[int, _Row]] = []
    for cells in table:
        line = table.line_num
        row, wrong = _csv_row(str(path), line, cells)
        problems += wrong
        if row is not None:
            found.append((line, row))
    refuse(problems)
    return found


def _csv_row(path: str, line: int, cells: Mapping[str, Any]) -> tuple[_Row | None, list[TermSheetError]]:
    readers: dict[str, Any] = {
        "quote": lambda text: _Quoted(value=read_quote(text)),
        "units": read_units,
        "account": read_account,
        "bidder": str,
    }
    problems: list[TermSheetError] = []
    if cells.get(""):
        problems.append(TermSheetError(path, "(line)", line, "has more cells than the first line"))
    fields: dict[str, Any] = {}
    for name, read in readers.items():
        text = (cells.get(name) or "").strip()
        if not text:
            if name in _NEEDED:
                problems.append(TermSheetError(path, name, line, "is empty"))
            continue
        try:
            fields[name] = read(text)
        except InputError as error:
            problems.append(TermSheetError(path, name, line, error.message, hint=error.hint))
    return (None, problems) if problems else (_Row.model_construct(**fields), [])
