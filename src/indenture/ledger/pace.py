"""How many blocks to ask for at once: more while answers are quick and small, less where a node wants it."""

from __future__ import annotations

from threading import Lock

FIRST, LARGEST = 1_000, 100_000
TARGET_BYTES = 8 << 20
"""Pages of this size cost little per request, and fit a provider's limit of some ten thousand logs."""

_SLOW_SECONDS = 5.0
_TELLING_BYTES = 1 << 16
_FAST, _CAREFUL = 2.0, 1.125


class Pace:
    """The size of the next range and the number of addresses in a request; shared by all who ask.

    Attributes:
        blocks: Blocks to ask for next.
        addresses: Addresses to name in one request.
    """

    def __init__(self, *, first: int = FIRST, addresses: int = 1_000) -> None:
        self.blocks = first
        self.addresses = addresses
        self._most = LARGEST
        self._growth = _FAST
        self._lock = Lock()

    def went(self, blocks: int, size: int, seconds: float) -> None:
        """An answer came.

        Args:
            blocks: How many blocks it covers.
            size: Its bytes.
            seconds: How long it took.
        """
        fit = self._most
        if size > _TELLING_BYTES:
            fit = min(fit, blocks * TARGET_BYTES // size)
        if seconds > _SLOW_SECONDS:
            fit = min(fit, blocks // 2)
        with self._lock:
            self.blocks = max(1, min(fit, max(self.blocks, int(blocks * self._growth) + 1)))

    def failed(self, blocks: int, *, most: int | None = None, here: int | None = None) -> int:
        """A range was too large; where a node names its limit, that is kept to from now on.

        Args:
            blocks: How many blocks were asked for; two or more.
            most: How many it takes anywhere.
            here: How many it takes at this place.

        Returns:
            How many blocks to ask for in place of them.
        """
        less = max(1, min(blocks - 1, here or most or blocks // 2))
        with self._lock:
            if most is not None:
                self._most = min(self._most, less)
            elif here is None:
                # Growing on as fast would run into the same wall at every other request.
                self._growth = _CAREFUL
            self.blocks = max(1, min(self.blocks, less))
        return less

    def crowded(self) -> bool:
        """A request named too many addresses; False when it cannot name fewer."""
        with self._lock:
            if self.addresses == 1:
                return False
            self.addresses = max(1, self.addresses // 2)
            return True
