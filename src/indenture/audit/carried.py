"""What a watch carries from block to block beside the replay: what is proved, and what is to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from indenture.audit.prove.storage.kept import Kept
from indenture.audit.replay.touched import Key

# What a record date touches, or a batch of thousands, is compared over several blocks: none is kept waiting.
_MOST_VIEWS = 2_000


@dataclass
class Carried:
    """As it stands after a block.

    Attributes:
        kept: The storage that was proved last.
        changed: Keys that changed since then.
        due: Keys that changed and were not compared with the chain's views yet, the oldest first.
    """

    kept: Kept = field(default_factory=Kept)
    changed: dict[Key, None] = field(default_factory=dict)
    due: dict[Key, None] = field(default_factory=dict)

    def copy(self) -> Carried:
        """The same, to be gone back to."""
        return Carried(self.kept.copy(), dict(self.changed), dict(self.due))

    def take_in(self, keys: Iterable[Key], *, proving: bool) -> None:
        """Notes what has changed, and has to be proved where anything is."""
        fresh = dict.fromkeys(keys)
        self.due |= fresh
        if proving:
            self.changed |= fresh

    def next_due(self) -> list[Key]:
        """The keys to compare at this block."""
        return list(islice(self.due, _MOST_VIEWS))

    def compared(self, keys: Iterable[Key]) -> None:
        """Notes that keys were compared."""
        for key in keys:
            self.due.pop(key, None)

    def proved(self, kept: Kept) -> None:
        """Notes that all that has changed is proved."""
        self.kept, self.changed = kept, {}
