"""The pure libraries, opened by LibraryHarness and run by an EVM inside the process."""

import json
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak

# These import the suite in memory, for which there is no pyrevm on Python 3.13.
if not find_spec("pyrevm"):
    collect_ignore = [f"test_{name}_lib.py" for name in ("clearing", "quote")]

ROOT = Path(__file__).parents[3]
ARTIFACT = ROOT / "build" / "artifacts" / "LibraryHarness.json"
DEPLOYER = "0x00000000000000000000000000000000000000d0"
REVERT_DATA = re.compile(r"Revert .* output: 0x([0-9a-f]*)")

#: Panics of the language that the libraries can meet.
PANICS = {0x11: "overflow", 0x12: "division by zero"}


class Reverted(Exception):
    """A library refused: the name of its error, and the arguments."""

    def __init__(self, name: str, *args: object) -> None:
        super().__init__(name, *args)
        self.name = name
        self.arguments = args


class Libraries:
    """Calls the harness's functions by name."""

    def __init__(self, pyrevm: Any, artifact: dict[str, Any]) -> None:
        self._evm = pyrevm.EVM()
        self._address = self._evm.deploy(DEPLOYER, bytes.fromhex(artifact["bytecode"].removeprefix("0x")))
        self._functions = {entry["name"]: entry for entry in artifact["abi"] if entry["type"] == "function"}
        self._errors = {selector(entry): entry for entry in artifact["abi"] if entry["type"] == "error"}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._functions:
            raise AttributeError(name)
        function = self._functions[name]
        return lambda *arguments: self._call(function, arguments)

    def _call(self, function: dict[str, Any], arguments: tuple[Any, ...]) -> Any:
        calldata = selector(function) + encode(types(function["inputs"]), arguments)
        try:
            output = self._evm.message_call(DEPLOYER, self._address, calldata=calldata, is_static=True)
        except RuntimeError as error:
            match = REVERT_DATA.search(str(error))
            raise self._reverted(bytes.fromhex(match[1]) if match else b"") from None
        values = decode(types(function["outputs"]), output)
        return values[0] if len(values) == 1 else values

    def _reverted(self, data: bytes) -> Reverted:
        if data[:4] == bytes.fromhex("4e487b71"):
            return Reverted("Panic", PANICS[int.from_bytes(data[4:], "big")])
        if data[:4] not in self._errors:
            return Reverted("Unknown", data.hex())
        error = self._errors[data[:4]]
        return Reverted(error["name"], *decode(types(error["inputs"]), data[4:]))


def types(parameters: list[dict[str, Any]]) -> list[str]:
    return [type_of(parameter) for parameter in parameters]


def type_of(parameter: dict[str, Any]) -> str:
    """The type as a signature has it: a struct is a tuple."""
    kind: str = parameter["type"]
    if kind.startswith("tuple"):
        return f"({','.join(types(parameter['components']))}){kind.removeprefix('tuple')}"
    return kind


def selector(entry: dict[str, Any]) -> bytes:
    return keccak(text=f"{entry['name']}({','.join(types(entry['inputs']))})")[:4]


@pytest.fixture(scope="session")
def libraries() -> Libraries:
    """LibraryHarness, deployed once; it keeps no state."""
    pyrevm = pytest.importorskip("pyrevm", reason="pyrevm has no wheel for this Python")
    assert ARTIFACT.exists(), "the mocks are not compiled: run `make test`, or scripts/compile.py"
    return Libraries(pyrevm, json.loads(ARTIFACT.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def primary() -> Any:
    """OfferingHarness: the libraries of the primary market."""
    pytest.importorskip("pyrevm", reason="pyrevm has no wheel for this Python")
    from tests.evm.chain import Evm

    return Evm(0).deploy("OfferingHarness", sender=DEPLOYER)


@pytest.fixture(scope="session")
def reverted() -> type[Reverted]:
    """The exception of a refused call."""
    return Reverted


@pytest.fixture(scope="session")
def vectors() -> Callable[[str], Any]:
    """Reads a file of tests/vectors."""
    folder = ROOT / "tests" / "vectors"
    return lambda name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
