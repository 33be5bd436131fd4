"""What a check is: it looks at each event before it is taken in, and at each transaction after."""

from __future__ import annotations

from indenture.audit.events import Event, Transaction
from indenture.audit.replay import World


class Check:
    """A group of checks; does nothing by itself.

    Attributes:
        world: The rebuilt state.
        tx: The transaction that is looked at.
    """

    tx: Transaction

    def __init__(self, world: World) -> None:
        self.world = world

    def event(self, tx: Transaction, event: Event) -> None:
        """Looks at an event; the world is still as it was before."""
        self.tx = tx
        self._look(event)

    def end(self, tx: Transaction) -> None:
        """Looks at a transaction; the world holds all of it."""
        self.tx = tx
        self._close()

    def _look(self, event: Event) -> None:
        """For a check to fill in."""

    def _close(self) -> None:
        """For a check to fill in."""

    def _equal(
        self, event: Event, kind: str, key: str, expected: object, found: object, message: str
    ) -> None:
        """Reports unless what was found is what was expected."""
        self.world.expect(event, kind, key, expected, found, message)

    def _differ(
        self, event: Event, kind: str, key: str, expected: object, found: object, message: str
    ) -> None:
        """Reports a difference."""
        self.world.differ(event, kind, key, expected, found, message)
