"""One question to the chain, with the answer that follows from the events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indenture.audit.suite import Target


@dataclass(frozen=True, slots=True)
class Probe:
    """A view with its arguments, and the answer that follows from the events."""

    target: Target
    function: str
    args: tuple[Any, ...]
    expected: Any

    @property
    def key(self) -> str:
        """The view as a report names it."""
        return f"{self.function}({', '.join(_argument(a) for a in self.args)})"


def fits(expected: Any, found: Any) -> bool:
    """Whether an answer is what was expected."""
    if isinstance(expected, tuple):
        return len(expected) == len(found) and all(map(fits, expected, found))
    return bool(expected == found)


def _argument(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
