"""Compiled contracts: functions, events and errors by name, with values as Python has them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.crypto import keccak

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "src" / "indenture" / "_abi", ROOT / "build" / "artifacts")


class Record(dict[str, Any]):
    """A struct or the arguments of an event: fields by name."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def but(self, **changes: Any) -> "Record":
        """The same record with other values of some fields."""
        assert changes.keys() <= self.keys(), f"no such fields: {changes.keys() - self.keys()}"
        return Record(self | changes)


class Entry:
    """A function, event or error of an ABI."""

    def __init__(self, abi: Mapping[str, Any]) -> None:
        self.name: str = abi["name"]
        self.inputs: list[dict[str, Any]] = abi["inputs"]
        self.outputs: list[dict[str, Any]] = abi.get("outputs", [])
        self.is_view = abi.get("stateMutability") in ("view", "pure")
        self.types = [type_of(parameter) for parameter in self.inputs]
        self.signature = f"{self.name}({','.join(self.types)})"
        self.topic = keccak(text=self.signature)
        self.selector = self.topic[:4]
        self._returned = [type_of(parameter) for parameter in self.outputs]

    def calldata(self, arguments: Sequence[Any]) -> bytes:
        assert len(arguments) == len(self.inputs), f"{self.signature} got {len(arguments)} arguments"
        return self.selector + encode(self.types, plain_all(self.inputs, arguments))

    def with_zeros(self) -> bytes:
        """Calldata whose arguments are all zero or empty."""
        return self.calldata([zero(parameter) for parameter in self.inputs])

    def read_arguments(self, data: bytes) -> list[Any]:
        return [read(p, v) for p, v in zip(self.inputs, decode(self.types, data), strict=True)]

    def read_result(self, data: bytes) -> Any:
        if not self.outputs:
            return None
        values = [read(p, v) for p, v in zip(self.outputs, decode(self._returned, data), strict=True)]
        return values[0] if len(values) == 1 else tuple(values)

    def read_log(self, topics: Sequence[bytes], data: bytes) -> Record:
        indexed = iter(topics[1:])
        body = iter(decode([type_of(p) for p in self.inputs if not p["indexed"]], data))
        values = Record()
        for parameter in self.inputs:
            kind = type_of(parameter)
            value = decode([kind], next(indexed))[0] if parameter["indexed"] else next(body)
            values[parameter["name"]] = read(parameter, value)
        return values


class Artefact:
    """One compiled contract."""

    def __init__(self, name: str) -> None:
        files = [folder / f"{name}.json" for folder in FOLDERS if (folder / f"{name}.json").exists()]
        assert files, f"{name} is not compiled: run `make setup`"
        raw = json.loads(files[0].read_text(encoding="utf-8"))
        self.name = name
        self.abi: list[dict[str, Any]] = raw["abi"]
        self.bytecode = bytes.fromhex(raw["bytecode"].removeprefix("0x"))

    @cached_property
    def functions(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for abi in self.abi:
            if abi["type"] == "function":
                found.setdefault(abi["name"], []).append(Entry(abi))
        return found

    @cached_property
    def events(self) -> dict[bytes, Entry]:
        entries = [Entry(abi) for abi in self.abi if abi["type"] == "event"]
        return {entry.topic: entry for entry in entries}

    def function(self, name: str, count: int) -> Entry:
        """The function of this name with so many arguments, or with this very signature."""
        if "(" in name:
            overloads = self.functions[name.partition("(")[0]]
            return next(entry for entry in overloads if entry.signature == name)
        return next(entry for entry in self.functions[name] if len(entry.inputs) == count)

    def creation(self, arguments: Sequence[Any]) -> bytes:
        none: list[dict[str, Any]] = []
        inputs = next((abi["inputs"] for abi in self.abi if abi["type"] == "constructor"), none)
        return self.bytecode + encode([type_of(p) for p in inputs], plain_all(inputs, arguments))


@cache
def artefact(name: str) -> Artefact:
    return Artefact(name)


@cache
def errors() -> dict[bytes, Entry]:
    """All custom errors of all contracts by selector: a callee's error is not in the caller's ABI."""
    abis = (
        abi
        for folder in FOLDERS
        for file in sorted(folder.glob("*.json"))
        for abi in json.loads(file.read_text(encoding="utf-8"))["abi"]
    )
    entries = [Entry(abi) for abi in abis if abi["type"] == "error"]
    return {entry.selector: entry for entry in entries}


def errors_named(name: str) -> Entry:
    return next(entry for entry in errors().values() if entry.name == name)


def type_of(parameter: Mapping[str, Any]) -> str:
    kind: str = parameter["type"]
    if kind.startswith("tuple"):
        return "(" + ",".join(map(type_of, parameter["components"])) + ")" + kind.removeprefix("tuple")
    return kind


def plain_all(parameters: Iterable[Mapping[str, Any]], values: Iterable[Any]) -> list[Any]:
    return [plain(p, v) for p, v in zip(parameters, values, strict=True)]


def zero(parameter: Mapping[str, Any]) -> Any:
    """The empty value of a type."""
    kind: str = parameter["type"]
    if kind.endswith("]"):
        return []
    if kind == "tuple":
        return tuple(zero(field) for field in parameter["components"])
    if kind == "address":
        return "0x" + "00" * 20
    if kind.startswith("bytes"):
        return bytes(int(kind[5:] or 0))
    empty: dict[str, str | bool] = {"string": "", "bool": False}
    return empty.get(kind, 0)


def plain(parameter: Mapping[str, Any], value: Any) -> Any:
    """A value as eth-abi takes it: structs as tuples, contracts as addresses, text as padded bytes."""
    kind: str = parameter["type"]
    if kind.endswith("]"):
        element = {**parameter, "type": kind[: kind.rindex("[")]}
        return [plain(element, each) for each in value]
    if kind == "tuple":
        fields = parameter["components"]
        if isinstance(value, Mapping):
            assert value.keys() == {p["name"] for p in fields}, "fields of a struct are missing or unknown"
            value = [value[p["name"]] for p in fields]
        return tuple(plain_all(fields, value))
    if kind == "address":
        return str(getattr(value, "address", value))
    if kind.startswith("bytes") and isinstance(value, str):
        return value.encode("ascii")
    return value


def read(parameter: Mapping[str, Any], value: Any) -> Any:
    """A value as tests have it: structs as records, short fixed bytes as text."""
    kind: str = parameter["type"]
    if kind.endswith("]"):
        element = {**parameter, "type": kind[: kind.rindex("[")]}
        return [read(element, each) for each in value]
    if kind == "tuple":
        fields = parameter["components"]
        return Record({p["name"]: read(p, v) for p, v in zip(fields, value, strict=True)})
    return value


def text(value: bytes) -> str:
    """Fixed bytes that hold ASCII, as text."""
    return value.rstrip(b"\0").decode("ascii")
