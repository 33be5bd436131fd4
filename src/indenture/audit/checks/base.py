"""What a check is: it looks at each event before it is taken in, and at each transaction after."""

from __future__ import annotations

from typing import ClassVar

from indenture.audit.events import Event, Transaction
from indenture.audit.replay import World


class Check:
    """A group of checks; does nothing by itself.

    Attributes:
        world: The rebuilt state.
        tx: The transaction that is looked at.
    """

    KINDS: ClassVar[tuple[str, ...]] = ()
    """Kinds of contracts: whatever they say concerns the check."""
    NAMES: ClassVar[tuple[str, ...]] = ()
    """Names of further events that do; a check that declares neither is concerned by all."""

    tx: Transaction

    def __init__(self, world: World) -> None:
        self.world = world

    @classmethod
    def concerns(cls, kind: str, name: str) -> bool:
        """Whether an event of a kind of contract is to be shown to the check."""
        return not (cls.KINDS or cls.NAMES) or kind in cls.KINDS or name in cls.NAMES

    @property
    def closes(self) -> bool:
        """Whether it looks at transactions as a whole."""
        return type(self)._close is not Check._close  # noqa: SLF001 (its own)

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
