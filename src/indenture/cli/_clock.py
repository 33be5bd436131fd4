"""Times as the clocks of the market show them, and how far off they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
#: From this many seconds on, to so many.
_ROUNDED = ((86_400, 3_600), (3_600, 60))


@dataclass(frozen=True, slots=True)
class Local:
    """An instant that people read by the market's clocks, and programs in UTC.

    Attributes:
        at: The instant.
        offset_minutes: Minutes by which these clocks are ahead of UTC.
    """

    at: datetime
    offset_minutes: int

    def __str__(self) -> str:
        there = self.at.astimezone(timezone(timedelta(minutes=self.offset_minutes)))
        clock = there.strftime("%Y-%m-%d %H:%M:%S" if there.second else "%Y-%m-%d %H:%M")
        zone = there.strftime("%z")
        return f"{clock} {zone[:3]}:{zone[3:5]}"


def span(length: timedelta) -> str:
    """A length of time in its two largest units, rounded to the smaller of them: ``2 hours 14 minutes``."""
    total = int(abs(length).total_seconds())
    smallest = next((small for large, small in _ROUNDED if total >= large), 1)
    left = (total + smallest // 2) // smallest * smallest
    words = []
    for name, seconds in _UNITS:
        count, left = divmod(left, seconds)
        if count:
            words.append(f"{count} {name}{'s' if count > 1 else ''}")
    return " ".join(words) or "0 seconds"


def distance(at: datetime, now: datetime) -> str:
    """How far off an instant is: ``in 2 hours``, ``3 days ago``, or ``now``."""
    if at == now:
        return "now"
    return f"in {span(at - now)}" if at > now else f"{span(now - at)} ago"
