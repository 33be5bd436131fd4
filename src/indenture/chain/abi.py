"""ABI encoding and decoding straight through eth_abi, with the codecs of each function built once.

Structs come back as named tuples with the names of the ABI, addresses as checksummed strings.
"""

from __future__ import annotations

import keyword
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

from eth_abi.decoding import ContextFramesBytesIO, TupleDecoder
from eth_abi.encoding import TupleEncoder
from eth_abi.exceptions import DecodingError, EncodingError
from eth_abi.registry import registry
from eth_utils.crypto import keccak

from indenture.chain.words import WORD, Reader, checksum, word_reader, word_writer
from indenture.errors import InputError

AbiJson = Sequence[Mapping[str, Any]]

_Convert = Callable[[Any], Any]
_T = TypeVar("_T")


class Codec:
    """Encodes and decodes one list of ABI parameters."""

    def __init__(self, params: AbiJson, record: str = "Result") -> None:
        self.types = tuple(canonical_type(p) for p in params)
        self.names = tuple(_python_name(str(p.get("name") or ""), i) for i, p in enumerate(params))
        self._prepare = tuple(_preparer(p) for p in params)
        self._finish = tuple(_finisher(p) for p in params)
        self._encode = TupleEncoder(encoders=tuple(registry.get_encoder(t) for t in self.types))  # type: ignore[no-untyped-call]
        self._decode = TupleDecoder(decoders=tuple(registry.get_decoder(t) for t in self.types))  # type: ignore[no-untyped-call]
        self._record = _record_type(record, self.names)
        self._readers = _all(word_reader(kind) for kind in self.types)
        self._writers = _all(word_writer(kind) for kind in self.types)

    def encode(self, args: Sequence[Any]) -> bytes:
        """Encodes the arguments; raises ``InputError`` naming the one that does not fit."""
        if len(args) != len(self.types):
            raise InputError(
                f"{len(args)} arguments given, {len(self.types)} needed: {', '.join(self.types)}"
            )
        if self._writers is not None:
            with suppress(ValueError):  # what follows says what is wrong, if anything is
                return b"".join(write(arg) for write, arg in zip(self._writers, args, strict=True))
        prepared = []
        for name, kind, prepare, arg in zip(self.names, self.types, self._prepare, args, strict=True):
            try:
                prepared.append(prepare(arg))
            except (TypeError, ValueError, KeyError) as fault:
                raise InputError(f"{name}: {arg!r} is not a {kind}: {fault}") from None
        try:
            return self._encode(prepared)
        except (EncodingError, OverflowError) as fault:
            raise InputError(f"{self._culprit(prepared)}: {fault}") from None

    def decode(self, data: bytes) -> Any:
        """Decodes into a named tuple; raises ``ValueError`` on data that does not fit."""
        if self._readers is not None and len(data) >= WORD * len(self._readers):
            words = (data[at : at + WORD] for at in range(0, WORD * len(self._readers), WORD))
            with suppress(ValueError):  # what follows says what is wrong
                return self._record(*(read(word) for read, word in zip(self._readers, words, strict=True)))
        try:
            values = self._decode(ContextFramesBytesIO(data))  # type: ignore[no-untyped-call]
        except (DecodingError, OverflowError) as fault:
            raise ValueError(
                f"{len(data)} bytes do not decode as ({','.join(self.types)}): {fault}"
            ) from None
        return self._record(*(f(v) for f, v in zip(self._finish, values, strict=True)))

    def _culprit(self, prepared: Sequence[Any]) -> str:
        for name, kind, value in zip(self.names, self.types, prepared, strict=True):
            try:
                registry.get_encoder(kind)(value)
            except (EncodingError, OverflowError):
                return name
        return "arguments"


@dataclass(frozen=True)
class AbiFunction:
    """A function (or constructor) of an ABI."""

    contract: str
    name: str
    inputs: AbiJson
    outputs: AbiJson

    @cached_property
    def signature(self) -> str:
        """``name(type,...)`` in canonical types."""
        return f"{self.name}({','.join(self.input_codec.types)})"

    @cached_property
    def selector(self) -> bytes:
        """The first four bytes of the call; none for a constructor."""
        return b"" if self.name == "constructor" else keccak(text=self.signature)[:4]

    @cached_property
    def input_codec(self) -> Codec:
        """Codec of the arguments."""
        return Codec(self.inputs, "Args")

    @cached_property
    def output_codec(self) -> Codec:
        """Codec of the results."""
        return Codec(self.outputs, "Result")

    def encode(self, args: Sequence[Any]) -> bytes:
        """Selector and arguments."""
        try:
            return self.selector + self.input_codec.encode(args)
        except InputError as fault:
            raise InputError(f"{self.contract}.{self.name}: {fault.message}") from None

    def decode_output(self, data: bytes) -> Any:
        """None, the only value, or a named tuple of several."""
        values = self.output_codec.decode(data)
        if not values:
            return None
        return values[0] if len(values) == 1 else values

    def __hash__(self) -> int:
        return hash((self.contract, self.signature))


class AbiEvent:
    """An event of an ABI."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        inputs: AbiJson = entry["inputs"]
        self.name = str(entry["name"])
        self.signature = f"{self.name}({','.join(canonical_type(p) for p in inputs)})"
        self.topic = "0x" + keccak(text=self.signature).hex()
        self.names = tuple(str(p.get("name") or f"arg{i}") for i, p in enumerate(inputs))
        self._order = [(i, bool(p.get("indexed"))) for i, p in enumerate(inputs)]
        # An indexed string, array or struct is only its hash: it stays 32 bytes.
        indexed = [p if _fits_topic(p) else {**p, "type": "bytes32"} for p in inputs if p.get("indexed")]
        self._indexed = [Codec([p]) for p in indexed]
        self._plain = Codec([p for p in inputs if not p.get("indexed")])
        self._readers = _readers(inputs)

    def decode(self, topics: Sequence[str], data: bytes) -> dict[str, Any]:
        """Arguments by name, in the order of the ABI; raises ``ValueError`` when the log does not fit."""
        if len(topics) != len(self._indexed) + 1:
            raise ValueError(f"{self.name}: {len(topics)} topics, {len(self._indexed) + 1} expected")
        if self._readers is not None:
            with suppress(ValueError):  # what follows says what is wrong
                return self._read(self._readers, topics, data)
        indexed = iter(
            codec.decode(bytes.fromhex(topic[2:]))[0]
            for codec, topic in zip(self._indexed, topics[1:], strict=True)
        )
        plain = iter(self._plain.decode(data))
        return {self.names[i]: next(indexed if is_indexed else plain) for i, is_indexed in self._order}

    @staticmethod
    def _read(
        readers: Sequence[tuple[str, bool, Reader]], topics: Sequence[str], data: bytes
    ) -> dict[str, Any]:
        """Each argument from a word of its own."""
        args, topic, at = dict[str, Any](), 0, 0
        for name, is_indexed, read in readers:
            if is_indexed:
                topic += 1
                word = bytes.fromhex(topics[topic][2:])
            else:
                word = data[at : at + WORD]
                at += WORD
            if len(word) != WORD:
                raise ValueError("not a word")
            args[name] = read(word)
        return args


@dataclass(frozen=True)
class AbiError:
    """A custom error of an ABI."""

    name: str
    inputs: AbiJson

    @cached_property
    def codec(self) -> Codec:
        """Codec of the arguments."""
        return Codec(self.inputs, "Args")

    @cached_property
    def signature(self) -> str:
        """``Name(type,...)`` in canonical types."""
        return f"{self.name}({','.join(self.codec.types)})"

    @cached_property
    def selector(self) -> bytes:
        """The first four bytes of the revert data."""
        return keccak(text=self.signature)[:4]

    def __hash__(self) -> int:
        return hash(self.signature)


class Abi:
    """One contract's ABI, indexed."""

    def __init__(self, contract: str, entries: AbiJson) -> None:
        self.contract = contract
        self._functions: dict[str, list[AbiFunction]] = {}
        self.events: dict[str, AbiEvent] = {}
        self.errors: list[AbiError] = []
        self.constructor = AbiFunction(contract, "constructor", (), ())
        for entry in entries:
            kind = entry.get("type", "function")
            if kind == "function":
                function = AbiFunction(contract, entry["name"], entry["inputs"], entry.get("outputs", ()))
                self._functions.setdefault(function.name, []).append(function)
            elif kind == "constructor":
                self.constructor = AbiFunction(contract, "constructor", entry["inputs"], ())
            elif kind == "event" and not entry.get("anonymous"):
                event = AbiEvent(entry)
                self.events[event.topic] = event
            elif kind == "error":
                self.errors.append(AbiError(entry["name"], entry["inputs"]))

    def function(self, name: str, arity: int | None = None) -> AbiFunction:
        """Finds a function by name, or by full signature where the name is overloaded."""
        found = self._functions.get(name.partition("(")[0], [])
        if "(" in name:
            found = [f for f in found if f.signature == name]
        elif len(found) > 1 and arity is not None:
            found = [f for f in found if len(f.inputs) == arity]
        if len(found) == 1:
            return found[0]
        if not found:
            raise InputError(f"{self.contract} has no function {name}")
        choices = ", ".join(f.signature for f in found)
        raise InputError(f"{self.contract}.{name} is overloaded", hint=f"Give the signature: {choices}.")

    @property
    def functions(self) -> list[AbiFunction]:
        """Every function."""
        return [f for overloads in self._functions.values() for f in overloads]


def canonical_type(param: Mapping[str, Any]) -> str:
    """The type as it stands in a signature: a struct is written out as ``(a,b)``."""
    kind = str(param["type"])
    if not kind.startswith("tuple"):
        return kind
    return f"({','.join(canonical_type(c) for c in param['components'])}){kind[5:]}"


def _all(found: Iterable[_T | None]) -> list[_T] | None:
    """All of them, or None where one is missing."""
    listed = list(found)
    values = [each for each in listed if each is not None]
    return values if len(values) == len(listed) else None


def _readers(inputs: AbiJson) -> list[tuple[str, bool, Reader]] | None:
    """Name, whether it is indexed, and what reads its word; None unless each argument is one word."""
    found: list[tuple[str, bool, Reader]] = []
    for number, param in enumerate(inputs):
        reader = word_reader(str(param["type"]))
        if reader is None:
            return None
        found.append((str(param.get("name") or f"arg{number}"), bool(param.get("indexed")), reader))
    return found


def _fits_topic(param: Mapping[str, Any]) -> bool:
    kind = str(param["type"])
    return not (kind in ("string", "bytes") or kind.endswith("]") or kind.startswith("tuple"))


def _element(param: Mapping[str, Any]) -> dict[str, Any]:
    return {**param, "type": str(param["type"]).rpartition("[")[0]}


def _preparer(param: Mapping[str, Any]) -> _Convert:
    """Turns what a caller naturally holds (hex text, a dict for a struct) into what eth_abi takes."""
    kind = str(param["type"])
    if kind.endswith("]"):
        inner = _preparer(_element(param))
        return lambda values: [inner(v) for v in values]
    if kind == "tuple":
        names = [str(c.get("name") or "") for c in param["components"]]
        parts = [_preparer(c) for c in param["components"]]

        def struct(value: Any) -> tuple[Any, ...]:
            if isinstance(value, Mapping):
                if unknown := set(value) - set(names):
                    raise ValueError(f"unknown fields {sorted(unknown)}")
                value = [value[n] for n in names]
            return tuple(part(v) for part, v in zip(parts, value, strict=True))

        return struct
    if kind.startswith("bytes"):
        return _bytes
    return lambda v: v


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return bytes.fromhex(value.removeprefix("0x"))
    if isinstance(value, int):  # bytes(5) would be five zeros
        raise TypeError("a number")
    return bytes(value)


def _finisher(param: Mapping[str, Any]) -> _Convert:
    kind = str(param["type"])
    if kind.endswith("]"):
        inner = _finisher(_element(param))
        return lambda values: tuple(inner(v) for v in values)
    if kind == "tuple":
        names = tuple(_python_name(str(c.get("name") or ""), i) for i, c in enumerate(param["components"]))
        record = _record_type(str(param.get("internalType", "Struct")).split(".")[-1], names)
        parts = tuple(_finisher(c) for c in param["components"])
        return lambda values: record(*(part(v) for part, v in zip(parts, values, strict=True)))
    return checksum if kind == "address" else lambda v: v


def _python_name(name: str, position: int) -> str:
    """ABI name as an attribute: ``from`` becomes ``from_``, an unnamed value ``value0``."""
    name = name.lstrip("_") or f"value{position}"
    return f"{name}_" if keyword.iskeyword(name) else name


@cache
def _record_type(name: str, fields: tuple[str, ...]) -> Any:
    clean = "".join(c for c in name.partition("[")[0].removeprefix("struct ") if c.isalnum() or c == "_")
    return namedtuple(clean or "Struct", fields, rename=True)
