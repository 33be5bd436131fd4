"""Waiting out what passes by itself: a busy node, a broken line.  What does not pass ends in an error."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from indenture.chain import Rpc
from indenture.chain.rpc import RpcCall
from indenture.errors import NodeRefused, NodeUnavailable
from indenture.ledger.refusals import Later, Slow, meaning
from indenture.ledger.wire import Broken

TRIES = 8
"""How often one piece of work is tried."""

FIRST_WAIT = 0.1
_LONGEST_WAIT, _LONGEST_ASKED = 10.0, 120.0

Result = TypeVar("Result")


class Patience:
    """Shared by all who ask one node: when it tells one of them to wait, all wait.

    Args:
        rpc: The node.
        stop: Set when nobody wants answers any more.
    """

    def __init__(self, rpc: Rpc, stop: Event | None = None) -> None:
        self.rpc = rpc
        self.stop = stop or Event()
        self._wake_at = 0.0

    def ask(self, act: Callable[[], Result]) -> Result:
        """Does what asks the node, again and again while it fails by something that passes.

        Raises:
            NodeUnavailable: It failed too often.
        """
        for tries in range(1, TRIES + 1):
            self.stop.wait(max(0.0, self._wake_at - time.monotonic()))
            try:
                return act()
            except (Later, Broken, Slow) as fault:
                if tries == TRIES or self.stop.is_set():
                    raise NodeUnavailable(
                        self.rpc.url, f"{fault.reason}, {tries} times in a row", maybe_sent=True
                    ) from None
                self._rest(tries, fault.seconds if isinstance(fault, Later) else None)
        raise AssertionError("unreachable")

    def batch(self, calls: list[RpcCall]) -> list[object]:
        """Makes calls that only read, in as few posts as possible.

        Raises:
            NodeRefused: The node refuses one of them for good.
            NodeUnavailable: It failed too often.
        """
        return self.ask(lambda: self._batch(calls))

    def _batch(self, calls: list[RpcCall]) -> list[object]:
        try:
            answers = self.rpc.batch(calls)
        except NodeUnavailable as fault:
            raise Broken(fault.reason) from None
        for answer in answers:
            if isinstance(answer, NodeRefused):
                found = meaning({"code": answer.code, "message": answer.reason}, 1)
                raise found if isinstance(found, Later) else answer
        return answers

    def _rest(self, tries: int, asked: float | None) -> None:
        seconds = min(FIRST_WAIT * 2 ** (tries - 1), _LONGEST_WAIT)
        if asked is not None:
            seconds = max(seconds, min(asked, _LONGEST_ASKED))
        self._wake_at = max(self._wake_at, time.monotonic() + seconds)
