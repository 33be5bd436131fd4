"""What a proof comes to when something does not add up, and the reading of a node's hex."""

from __future__ import annotations

import re
from typing import Any

from indenture.errors import AuditError

_QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,64}")
_SHOWN = 200


class ProofFault(AuditError):
    """What was shown as a proof proves nothing: it is malformed, or leads elsewhere.

    Args:
        what: What was to be proved, or is wrong.
        expected: What should be there.
        found: What is there instead.

    Attributes:
        what: As given.
        expected: As given, cut short where it is long.
        found: As given, cut short where it is long.
    """

    def __init__(self, what: str, expected: object, found: object) -> None:
        self.what = what
        self.expected = shown(expected)
        self.found = shown(found)
        super().__init__(f"{what}: expected {self.expected}, found {self.found}")


def shown(value: object) -> str:
    """A value as a message prints it: bytes as hex, and what is long cut short."""
    text = "0x" + value[:_SHOWN].hex() if isinstance(value, bytes) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"


def field(raw: object, name: str) -> Any:
    """A field that must be there."""
    value = maybe(raw, name)
    if value is None:
        raise ProofFault(name, "a value", "nothing")
    return value


def maybe(raw: object, name: str) -> Any:
    """A field, or None where it is not there."""
    return raw.get(name) if isinstance(raw, dict) else None


def octets(value: object, what: str, size: int | None = None) -> bytes:
    """The bytes of 0x-prefixed hex, of a given size if one is given.

    Raises:
        ProofFault: It is anything else.
    """
    if isinstance(value, str) and value[:2] == "0x":
        try:
            data = bytes.fromhex(value[2:])
        except ValueError:
            data = b""
        # fromhex passes over white space: the length tells.
        if 2 * len(data) + 2 == len(value) and (size is None or len(data) == size):
            return data
    expected = "0x and hex digits" if size is None else f"0x and {2 * size} hex digits"
    raise ProofFault(what, expected, repr(value)[:_SHOWN])


def quantity(value: object, what: str) -> int:
    """The number of an 0x-prefixed quantity, at most 256 bits.

    Raises:
        ProofFault: It is anything else.
    """
    if isinstance(value, str) and _QUANTITY.fullmatch(value):
        return int(value, 16)
    raise ProofFault(what, "0x and 1 to 64 hex digits", repr(value)[:_SHOWN])


def sequence(value: object, what: str) -> list[Any]:
    """A list.

    Raises:
        ProofFault: It is anything else.
    """
    if isinstance(value, list):
        return value
    raise ProofFault(what, "a list", type(value).__name__)
