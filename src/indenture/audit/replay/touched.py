"""Which keys the events have changed: what there is to compare with the chain's views."""

from __future__ import annotations

from typing import Any

Key = tuple[Any, ...]


class Touched:
    """Keys that were ever seen, and those of them that changed since the last comparison."""

    def __init__(self) -> None:
        self.seen: dict[Key, None] = {}
        self._fresh: dict[Key, None] = {}

    def add(self, *key: Any) -> None:
        """Marks a key as changed."""
        self.seen[key] = None
        self._fresh[key] = None

    def take(self) -> list[Key]:
        """The keys that changed since the last time."""
        fresh, self._fresh = list(self._fresh), {}
        return fresh
