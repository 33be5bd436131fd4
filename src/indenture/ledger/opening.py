"""Opening a ledger file: it is made whole, or it is refused where it is of something else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
from eth_utils.crypto import keccak

from indenture.errors import InputError
from indenture.ledger.spans import end_before, keep_to, transaction
from indenture.ledger.suite import SINGLE, DeployedSuite
from indenture.ledger.tables import EVENT_TABLES

SCHEMA = "1"
"""Version of the tables; a file of another one is read anew."""

_WORDS = {
    "schema": "of another version",
    "chain_id": "of another chain",
    "genesis": "of another chain, by its first block",
    "deployment": "of another deployment",
    "first_block": "of a deployment with another first block",
}


def open_file(
    path: Path | None, deployment: DeployedSuite, genesis: str | None, config: Mapping[str, Any]
) -> duckdb.DuckDBPyConnection:
    """Connects to the ledger of a deployment, and makes it where there is none."""
    if path is not None and not path.exists():
        _make(path, deployment)
    con = connect(path, config)
    try:
        with transaction(con):
            if path is None:
                _fill(con, deployment)
            _adopt(con, path, deployment, genesis)
    except BaseException:
        con.close()
        raise
    return con


def read_file(path: Path) -> duckdb.DuckDBPyConnection:
    """Connects to a ledger for reading."""
    if not path.exists():
        raise InputError(f"there is no ledger {path}", hint="Read one first: indenture ledger read.")
    con = connect(path, {}, read_only=True)
    try:
        _check(path, meta(con), {"schema": SCHEMA})
    except BaseException:
        con.close()
        raise
    return con


def connect(
    path: Path | None, config: Mapping[str, Any], *, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """Connects to a file of DuckDB, or to memory; raises ``InputError``."""
    name = ":memory:" if path is None else str(path)
    try:
        return duckdb.connect(name, read_only=read_only, config=dict(config))
    except duckdb.Error as fault:
        if "Conflicting lock" in str(fault):
            raise InputError(
                f"the ledger {path} is in use by another process",
                hint="Wait until it has ended, or name another file.",
            ) from None
        reason = str(fault).partition("\n")[0]
        raise InputError(
            f"the ledger {path or 'in memory'} cannot be opened: {reason}",
            hint="Check the path, that it is a ledger, and the limits that were given.",
        ) from None


def meta(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What the file says of itself; nothing where it is no ledger."""
    try:
        return dict(con.execute("SELECT key, value FROM meta").fetchall())
    except duckdb.Error:
        return {}


def add_contract(con: duckdb.DuckDBPyConnection, kind: str, address: str, name: str, block: int) -> None:
    """Adds a contract that says nothing before a block."""
    con.execute("INSERT INTO contract VALUES (?, ?, ?, ?)", [address.lower(), kind, name, block])


def _make(path: Path, deployment: DeployedSuite) -> None:
    """Makes a file under another name first: where a ledger is, it is whole, whenever a process may end."""
    if not path.parent.is_dir():
        raise InputError(
            f"the ledger {path} cannot be made: there is no folder {path.parent}",
            hint="Make the folder first.",
        )
    new = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with connect(new, {}) as con:
            with transaction(con):
                _fill(con, deployment)
            con.execute("CHECKPOINT")  # a close that finds the disk full leaves the tables behind in silence
        new.rename(path)
    except duckdb.Error as fault:
        reason = str(fault).partition("\n")[0]
        raise InputError(
            f"the ledger {path} cannot be made: {reason}", hint="Free some space, or name a file elsewhere."
        ) from None
    finally:
        for left in (new, new.with_name(f"{new.name}.wal")):
            left.unlink(missing_ok=True)


def _fill(con: duckdb.DuckDBPyConnection, deployment: DeployedSuite) -> None:
    con.execute((resources.files("indenture.ledger") / "schema.sql").read_text("utf-8"))
    for table in EVENT_TABLES:
        con.execute(table.create)
    for kind in SINGLE:
        contract = deployment.contracts[kind]
        add_contract(con, kind, contract.address, kind, contract.block)
    con.executemany("INSERT INTO meta VALUES (?, ?)", list(_meta_of(deployment).items()))


def _meta_of(deployment: DeployedSuite) -> dict[str, str]:
    return {
        "schema": SCHEMA,
        "chain_id": str(deployment.chain_id),
        "first_block": str(deployment.block),
        "deployment": _identity(deployment),
    }


def _adopt(
    con: duckdb.DuckDBPyConnection, path: Path | None, deployment: DeployedSuite, genesis: str | None
) -> None:
    """Sees that a ledger is of a deployment, and takes in what is new there."""
    known = meta(con)
    _check(path, known, _meta_of(deployment))
    if genesis is not None:
        _check(path, known, {"genesis": genesis.lower()})
        if "genesis" not in known:
            con.execute("INSERT INTO meta VALUES ('genesis', ?)", [genesis.lower()])
    _join_cash(con, path, deployment)


def _join_cash(con: duckdb.DuckDBPyConnection, path: Path | None, deployment: DeployedSuite) -> None:
    """Takes in cash tokens that joined; what was read since then lacks their logs, and is forgotten."""
    query = "SELECT address, name, first_block FROM contract WHERE kind = 'CashToken'"
    known = set(con.execute(query).fetchall())
    named = {(t.address.lower(), f"CashToken {code}", t.block) for code, t in deployment.cash.items()}
    if strangers := sorted(known - named):
        address, name, block = strangers[0]
        raise InputError(
            f"the ledger {path} holds {name} {address} of block {block}, which the deployment does not name",
            hint="Take the newer deployment file, or name another ledger.",
        )
    new = sorted(named - known, key=lambda token: (token[2], token[0]))
    for address, name, block in new:
        add_contract(con, "CashToken", address, name, block)
    if new:
        keep_to(con, end_before(con, new[0][2]))


def _check(path: Path | None, known: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    if "schema" not in known:
        raise InputError(f"{path} is not a ledger", hint="Name another file.")
    for key, value in wanted.items():
        found = known.get(key, value)
        if found != value:
            raise InputError(
                f"the ledger {path} is {_WORDS[key]}: {found}, not {value}",
                hint="Name another file, or delete this one: it is read anew from the chain.",
            )


def _identity(deployment: DeployedSuite) -> str:
    """Hash of what never changes in a deployment: where its contracts are.  Cash tokens may join."""
    parts = [f"{deployment.chain_id} {deployment.block}"]
    for name in SINGLE:
        contract = deployment.contracts[name]
        parts.append(f"{name} {contract.address.lower()} {contract.block}")
    return "0x" + keccak(text="\n".join(parts)).hex()
