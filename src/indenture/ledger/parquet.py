"""A ledger as Parquet: a folder a table, a file for each range of blocks, for engines beyond one machine.

    ledger.json                                       what is there: chain, ranges, types of columns
    bond_transfer/000000000000-000000999999.parquet   the rows of a range, in chain order

Ranges are equally wide and begin at multiples of their width: a range that is whole is written once,
and only the last one is written again when the ledger has grown.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from indenture.errors import InputError
from indenture.ledger.tables import EVENT_TABLES

MANIFEST = "ledger.json"
BLOCKS = 1_000_000
"""Blocks of a range."""

_FORMAT = 1
_NEW_FOLDER = "Export into a new folder."
_SMALL = ("contract", "span")
_BY_BLOCK = {**{table.name: "block" for table in EVENT_TABLES}, "block": "number"}
_SCALARS = {"VARCHAR": "STRING", "INTEGER": "INT", "TIMESTAMP": "TIMESTAMP_NTZ"}

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote; ranges that were whole before are left as they are."""

    folder: Path
    ranges: int
    written: int
    files: int
    size: int


def export(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    blocks: int | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Writes a ledger's tables, or what came since the last time.

    Args:
        con: Of the ledger; read-only is enough.
        folder: Where to; made if it is not there.
        blocks: Blocks of a range; those of the folder, or a million.
        progress: Told of each range.

    Raises:
        InputError: The folder holds something else, another deployment, or ranges of another width; or it
            cannot be written.
    """
    try:
        return _export(con, folder, blocks, progress)
    except (OSError, duckdb.IOException) as fault:
        reason = "no space is left" if "No space left" in str(fault) else str(fault).partition("\n")[0]
        raise InputError(
            f"the export to {folder} cannot go on: {reason}",
            hint="Make room, or name another folder; exporting again goes on where it was.",
        ) from None


def _export(
    con: duckdb.DuckDBPyConnection, folder: Path, blocks: int | None, progress: Progress | None
) -> Exported:
    known = _known(folder, dict(con.execute("SELECT key, value FROM meta").fetchall()), blocks)
    width = int(known.get("blocks") or blocks or BLOCKS)
    ranges = _ranges(con, width)
    before = {entry["first"]: entry for entry in known.get("ranges", ())}
    fresh = [entry for entry in ranges if before.get(entry["first"]) != entry]
    folder.mkdir(parents=True, exist_ok=True)
    if not known:  # so that whoever is interrupted can go on
        _write_manifest(con, folder, width, [], {})
    for gone in before.keys() - {entry["first"] for entry in ranges}:
        _drop(folder, gone)
    files = 0
    for done, entry in enumerate(fresh):
        if progress:
            progress("writing ranges of blocks", done, len(fresh))
        _drop(folder, entry["first"])
        files += _write_range(con, folder, entry["first"], entry["last"])
    types = {name: _types(con, name) for name in (*_BY_BLOCK, *_SMALL)}
    files += sum(_write_whole(con, folder, name) for name in _SMALL)
    files += sum(_write_empty(con, folder, name) for name in _BY_BLOCK)
    _write_manifest(con, folder, width, ranges, types)
    size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
    return Exported(folder, len(ranges), len(fresh), files, size)


def _write_manifest(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    width: int,
    ranges: list[dict[str, Any]],
    types: dict[str, dict[str, str]],
) -> None:
    manifest = {
        "format": _FORMAT,
        "ledger": dict(con.execute("SELECT key, value FROM meta ORDER BY key").fetchall()),
        "blocks": width,
        "ranges": ranges,
        "tables": types,
    }
    _write(folder / MANIFEST, lambda path: path.write_text(json.dumps(manifest, indent=1) + "\n", "utf-8"))


def manifest_of(folder: Path) -> dict[str, Any]:
    """What an exported folder says of itself.

    Raises:
        InputError: It is none, of another version, or not whole.
    """
    found = _manifest(folder)
    if not found["tables"]:
        raise InputError(
            f"the export to {folder} was interrupted, and is not whole",
            hint="Export again: indenture ledger export LEDGER FOLDER.",
        )
    return found


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        raise InputError(
            f"{folder} holds no exported ledger", hint="Make one: indenture ledger export LEDGER FOLDER."
        ) from None
    if found.get("format") != _FORMAT:
        raise InputError(f"{folder} has another format: {found.get('format')}", hint=_NEW_FOLDER)
    return found


def last_block(manifest: dict[str, Any]) -> int:
    """The last block that was exported; -1 of nothing."""
    return max((int(entry["block"]) for entry in manifest["ranges"]), default=-1)


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB over the files of an exported folder, with the tables of a ledger.

    Raises:
        InputError: There is no exported ledger.
    """
    tables = manifest_of(folder)["tables"]
    con = duckdb.connect()
    for name in tables:
        pattern = str(folder / name / "*.parquet").replace("'", "''")
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{pattern}')")
    return con


def _known(folder: Path, meta: dict[str, str], blocks: int | None) -> dict[str, Any]:
    """The manifest that is there; nothing of a new folder."""
    if not folder.exists() or not any(folder.iterdir()):
        return {}
    if not (folder / MANIFEST).exists():
        raise InputError(f"{folder} is not empty, and holds no exported ledger", hint=_NEW_FOLDER)
    known = _manifest(folder)
    if known["ledger"] != meta:
        raise InputError(f"{folder} holds the ledger of another chain or deployment", hint=_NEW_FOLDER)
    if blocks is not None and blocks != known["blocks"]:
        raise InputError(f"{folder} has ranges of {known['blocks']} blocks, not {blocks}", hint=_NEW_FOLDER)
    return known


def _ranges(con: duckdb.DuckDBPyConnection, width: int) -> list[dict[str, Any]]:
    """Ranges with something in them, and what tells whether they are as they were."""
    rows = con.execute(
        "SELECT number // $width AS place, max(number), max_by(hash, number), "
        "(SELECT count(*) FROM log WHERE log.block // $width = place) "
        "FROM block GROUP BY place ORDER BY place",
        {"width": width},
    ).fetchall()
    return [
        {
            "first": place * width,
            "last": (place + 1) * width - 1,
            "block": block,
            "hash": block_hash,
            "logs": logs,
        }
        for place, block, block_hash, logs in rows
    ]


def _types(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """Columns of a table with their types, as Spark names them."""
    relation = con.table(name)
    return {column: spark_type(kind) for column, kind in zip(relation.columns, relation.types, strict=True)}


def spark_type(kind: Any) -> str:
    """A type of DuckDB in the words of Spark."""
    if kind.id == "list":
        return f"ARRAY<{spark_type(kind.children[0][1])}>"
    if kind.id == "struct":
        return f"STRUCT<{', '.join(f'{name}: {spark_type(inner)}' for name, inner in kind.children)}>"
    return _SCALARS.get(str(kind), str(kind))


def _stem(first: int, last: int) -> str:
    return f"{first:012d}-{last:012d}"


def _write_range(con: duckdb.DuckDBPyConnection, folder: Path, first: int, last: int) -> int:
    files = 0
    for name, column in _BY_BLOCK.items():
        rows = f"FROM main.{name} WHERE {column} BETWEEN {first} AND {last}"
        if not con.execute(f"SELECT EXISTS ({rows})").fetchall()[0][0]:
            continue
        order = column if name == "block" else "block, log_index"
        _copy(con, f"{rows} ORDER BY {order}", folder / name / f"{_stem(first, last)}.parquet")
        files += 1
    return files


def _write_whole(con: duckdb.DuckDBPyConnection, folder: Path, name: str) -> int:
    _copy(con, f"FROM main.{name} ORDER BY ALL", folder / name / "all.parquet")
    return 1


def _write_empty(con: duckdb.DuckDBPyConnection, folder: Path, name: str) -> int:
    """A table without rows has a file as well: every engine finds its columns there."""
    if any((folder / name).glob("*.parquet")):
        return 0
    _copy(con, f"FROM main.{name} LIMIT 0", folder / name / "empty.parquet")
    return 1


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)

    def write(part: Path) -> None:
        quoted = str(part).replace("'", "''")
        con.execute(f"COPY ({query}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")

    _write(path, write)


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """A file is there whole, or not at all; engines pass over names with a dot before them."""
    part = path.with_name(f".{path.name}")
    write(part)
    part.replace(path)


def _drop(folder: Path, first: int) -> None:
    for path in folder.glob(f"*/{first:012d}-*.parquet"):
        path.unlink()
