"""Nonces: one allocator for each chain and sender in a process, and, with a journal, on a machine.

A sender's transactions are numbered; two programs or threads that take a number from the node at the same
time take the same one.  Here a number is taken under a lock that is held until the node has the
transaction, so one that is refused gives its number back before anyone has taken the next: none is used
twice and none is skipped.

With a journal (a folder), the lock is also a file lock, and the bytes of what was sent are kept until they
are known to be mined.  A program that starts again after a crash sends the same bytes again instead of the
same act.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from indenture.chain.client import Chain
from indenture.errors import SetupError

try:
    import fcntl
except ImportError:  # no file locks on this system: threads are still kept apart
    fcntl = None  # type: ignore[assignment]

_allocators: dict[tuple[object, ...], Nonces] = {}
_allocators_lock = threading.Lock()


class Nonces:
    """Numbers the transactions of one sender on one chain."""

    def __init__(self, journal: Path | None = None) -> None:
        self._journal = journal
        self._lock = threading.RLock()
        self._next: int | None = None
        self._in_flight: dict[int, str] = {}
        self._locked = False
        self.generation = 0

    @classmethod
    def of(cls, chain: Chain, sender: str, journal_folder: Path | None = None) -> Nonces:
        """The allocator of a sender; the same object for every caller in this process."""
        host = urlsplit(chain.rpc.full_url).hostname or ""
        # Private chains on this machine may be alike to the last bit of their genesis: the port tells.
        port = urlsplit(chain.rpc.full_url).port if host in ("127.0.0.1", "localhost", "::1") else None
        key = (chain.chain_id, chain.genesis_hash, port, sender, journal_folder)
        journal = None
        if journal_folder is not None:
            name = f"{chain.chain_id}-{chain.genesis_hash[2:10]}-{sender.lower()}.json"
            journal = journal_folder / name
        with _allocators_lock:
            return _allocators.setdefault(key, cls(journal))

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keeps everyone else with this key out, from taking a number until the node has the transaction."""
        with self._lock, self._file_lock():
            yield

    def sync(self, pending: int) -> list[str]:
        """Learns the node's count of known transactions; call it while holding.

        Returns:
            Raw transactions, in order, that were sent but that the node does not have (any more): send them
            again.
        """
        lost = {n: raw for n, raw in self._in_flight.items() if n >= pending}
        self._in_flight = dict(lost)
        self._next = pending
        while self._next in lost:
            self._next += 1
        return [lost[n] for n in range(pending, self._next)]

    @property
    def certain(self) -> bool:
        """Whether a number can be taken without asking the node: nothing of ours may have been lost there."""
        return self._next is not None and not self._in_flight

    def take(self) -> int:
        """The next number; call it while holding, and after ``sync``."""
        if self._next is None:
            raise RuntimeError("sync first")
        while self._next in self._in_flight:
            self._next += 1
        nonce = self._next
        self._next += 1
        self.generation += 1
        return nonce

    def give_back(self, nonce: int) -> None:
        """The node has not taken the transaction: its number, and those after it, are free again."""
        self._next = nonce
        for later in [n for n in self._in_flight if n >= nonce]:
            del self._in_flight[later]
        self.generation += 1
        self._save()

    def forget(self) -> None:
        """The count is no longer known: the next who sends asks the node."""
        self._next = None
        self.generation += 1
        self._save()

    def sending(self, raws: dict[int, str]) -> None:
        """Notes what is about to be sent, before it is sent."""
        self._in_flight |= raws
        self._save()

    def settled(self, nonces: list[int]) -> None:
        """These are mined (or their number is gone for good)."""
        with self.hold():
            for nonce in nonces:
                self._in_flight.pop(nonce, None)
            self.generation += 1
            self._save()

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        if self._journal is None or fcntl is None:
            yield
            return
        with self._open_lock(self._journal.with_suffix(".lock")) as lock:
            # Within a process the thread lock is reentrant; opening again would lock us out.
            if self._locked:
                yield
                return
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._locked = True
            try:
                self._load(self._journal)
                yield
            finally:
                self._locked = False
                fcntl.flock(lock, fcntl.LOCK_UN)

    def _open_lock(self, path: Path) -> IO[Any]:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return path.open("a")
        except OSError as fault:
            raise SetupError(
                f"the journal {path.parent} cannot be written: {fault.strerror}",
                hint="Name a folder that this user may write.",
            ) from None

    def _load(self, journal: Path) -> None:
        try:
            state = json.loads(journal.read_text())
        except FileNotFoundError:
            return
        except (OSError, ValueError):
            raise SetupError(
                f"the journal {journal} is unreadable",
                hint="Look at the sender's last transactions, then remove the file.",
            ) from None
        if state["generation"] != self.generation:
            self.generation = state["generation"]
            self._next = state["next"]
            self._in_flight = {int(n): raw for n, raw in state["in_flight"].items()}

    def _save(self) -> None:
        if self._journal is None:
            return
        self.generation += 1
        state = {"generation": self.generation, "next": self._next, "in_flight": self._in_flight}
        fresh = self._journal.with_suffix(".new")
        with fresh.open("w") as file:
            json.dump(state, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._journal)
