"""All checks at one table: each event goes to those that it concerns, and then into the world."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indenture.audit.checks.base import Check
from indenture.audit.events import Event, Transaction
from indenture.audit.findings import IMPOSSIBLE
from indenture.audit.replay import World


class Board:
    """Takes transactions one after the other.

    Args:
        world: The state so far, which takes each event in after it was looked at.
        checks: In the order in which they look.
    """

    def __init__(self, world: World, checks: Sequence[Check]) -> None:
        self._world = world
        self._checks = checks
        self._closing = [check for check in checks if check.closes]
        self._concerned: dict[tuple[str, str], list[Callable[[Transaction, Event], None]]] = {}

    def take(self, tx: Transaction) -> None:
        """One transaction: each event before it is taken in, and the whole after it."""
        for event in tx.events:
            for look in self._looks(event):
                try:
                    look(tx, event)
                except IMPOSSIBLE as fault:
                    self._impossible(event, fault)
            try:
                self._world.apply(event)
            except IMPOSSIBLE as fault:
                self._impossible(event, fault)
        for check in self._closing:
            try:
                check.end(tx)
            except IMPOSSIBLE as fault:
                self._impossible(tx.events[-1], fault)

    def _looks(self, event: Event) -> list[Callable[[Transaction, Event], None]]:
        key = (event.target.kind, event.name)
        found = self._concerned.get(key)
        if found is None:
            found = self._concerned[key] = [c.event for c in self._checks if c.concerns(*key)]
        return found

    def _impossible(self, event: Event, fault: Exception) -> None:
        """An event that cannot follow must end in a finding, not in the end of the audit."""
        self._world.differ(event, "LOG-4", "arguments", "an event that can follow", event.args, f"{fault!r}")
