"""What a node means by not giving the logs of a range: clients and providers have their own words for it.

Whatever is not known to mean "later" is taken as "less": a smaller range is the cure of all limits, and what
it does not cure is told when a single block is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_METHOD_NOT_FOUND = -32601
_TOO_MANY_REQUESTS = 429

# "Too many requests", never "too many results".
_LATER = re.compile(
    r"rate.?limit|too many requests|requests? (rate|limit|per)|per second|throughput|capacity|quota|credits"
    r"|compute units|overloaded|\bbusy\b|try again later",
    re.IGNORECASE,
)
_ADDRESSES = re.compile(
    r"(max|many|limit|exceed)\D{0,40}addresses|addresses\D{0,40}(max|many|limit|exceed)", re.IGNORECASE
)
# "this block range should work: [0x0, 0x5]", "retry with the range 100-200".
_SUGGESTED = re.compile(r"(0x[0-9a-f]+)\W{1,4}(0x[0-9a-f]+)|range (\d+)\s*-\s*(\d+)", re.IGNORECASE)
_SPEAKS_OF_RANGES = re.compile(r"block|range", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])(\d[\d,_']*)(k?)\b", re.IGNORECASE)


class Later(Exception):
    """The node is busy.

    Attributes:
        seconds: How long it wants to be left alone; None when it does not say.
    """

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds


class Less(Exception):
    """The node finds the range too large.

    Attributes:
        most: Blocks that it takes at once, anywhere; None when it does not say.
        here: Blocks that it takes from this place on; None when it does not say.
        addresses: Whether it is the addresses that are too many.
    """

    def __init__(
        self, reason: str, *, most: int | None = None, here: int | None = None, addresses: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.most = most
        self.here = here
        self.addresses = addresses


class Slow(Less):
    """The answer did not come in time: a smaller range may be quicker, but a node may also hang."""


class Never(Exception):
    """The node does not do this at all."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def meaning(error: Mapping[str, Any], blocks: int) -> Later | Less | Never:
    """What a JSON-RPC error to ``eth_getLogs`` means.

    Args:
        error: The ``error`` object.
        blocks: How many blocks were asked for.
    """
    text, code = str(error.get("message") or error), error.get("code")
    reason = f"{text} ({code})"
    if code == _METHOD_NOT_FOUND:
        return Never(reason)
    if code == _TOO_MANY_REQUESTS or _LATER.search(text):
        return Later(reason)
    if _ADDRESSES.search(text):
        return Less(reason, addresses=True)
    if (here := _suggested(text)) and here < blocks:
        return Less(reason, here=here)
    return Less(reason, most=_largest_below(text, blocks) if _SPEAKS_OF_RANGES.search(text) else None)


def wait_of(header: str | None) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, given as seconds or as an instant."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _suggested(text: str) -> int | None:
    found = _SUGGESTED.search(text)
    if found is None:
        return None
    low, high = (int(bound, 0) for bound in found.groups() if bound is not None)
    return high - low + 1 if high >= low else None


def _largest_below(text: str, blocks: int) -> int | None:
    """The limit that a text names is below what was asked; of several numbers the largest risks least."""
    numbers = (int(re.sub(r"\D", "", n)) * (1000 if k else 1) for n, k in _NUMBER.findall(text))
    return max((n for n in numbers if 0 < n < blocks), default=None)
