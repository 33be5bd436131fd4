"""The payments of a bond as a file for spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from indenture.cli._output import plain
from indenture.errors import InputError


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes rows with the names and values that ``--json`` gives; what is not known yet is empty.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(rows[0])
            table.writerows([_cell(value) for value in row.values()] for row in rows)
    except OSError as fault:
        raise InputError(
            f"--csv {path} cannot be written: {fault.strerror}", hint="Choose a folder that you may write to."
        ) from None


def _cell(value: object) -> object:
    return "; ".join(map(str, value)) if isinstance(value, list) else plain(value)
