"""The compiled contracts that ship with the package: ABIs and bytecode."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from indenture.chain.abi import Abi
from indenture.chain.contract import ContractCall
from indenture.errors import SetupError

_FOLDER = "_abi"


@dataclass(frozen=True)
class Artifact:
    """A compiled contract.

    Attributes:
        bytecode: Creation code; empty for an interface.
        deployed_bytecode: Runtime code before immutables are filled in.
        raw: The whole JSON of the file.
    """

    name: str
    abi: Abi
    bytecode: bytes
    deployed_bytecode: bytes
    raw: dict[str, Any]


@cache
def names() -> tuple[str, ...]:
    """Names of every contract in the package, sorted."""
    folder = resources.files("indenture") / _FOLDER
    if not folder.is_dir():
        return ()
    return tuple(sorted(f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith(".json")))


@cache
def load(name: str) -> Artifact:
    """Reads one contract of the package.

    Raises:
        SetupError: There is no such file: the contracts were not compiled.
    """
    try:
        text = (resources.files("indenture") / _FOLDER / f"{name}.json").read_text("utf-8")
    except OSError:
        raise SetupError(
            f"the compiled contract {name} is not in the package",
            hint="In a source tree, compile first (make setup); in an installed package, install it again.",
        ) from None
    raw = json.loads(text)
    return Artifact(
        name=name,
        abi=Abi(name, raw["abi"]),
        bytecode=_code(raw.get("bytecode")),
        deployed_bytecode=_code(raw.get("deployedBytecode")),
        raw=raw,
    )


def abi(name: str) -> Abi:
    """The indexed ABI of a contract."""
    return load(name).abi


def deploy_call(name: str, *args: Any, value: int = 0, gas: int | None = None) -> ContractCall:
    """The call that deploys a contract; its address is the ``contract`` of the receipt."""
    artifact = load(name)
    if not artifact.bytecode:
        raise SetupError(f"{name} has no creation code: it is an interface or abstract")
    constructor = artifact.abi.constructor
    return ContractCall(None, artifact.bytecode + constructor.encode(args), constructor, args, value, gas)


def _code(value: object) -> bytes:
    """Code of a standard artefact: hex text, or an object that holds it."""
    if isinstance(value, dict):
        value = value.get("object") or value.get("bytecode")
    return bytes.fromhex(str(value or "").removeprefix("0x"))
