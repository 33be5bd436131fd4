"""The working days that were published, market by market."""

from __future__ import annotations

from indenture.audit.events import Event
from indenture.audit.model import Workdays, Year
from indenture.audit.model.terms import text
from indenture.audit.replay.touched import Touched

LOW_BITS = 256


class Calendar:
    """Every published year, at its present version, and the parts of joint markets."""

    def __init__(self, touched: Touched) -> None:
        self.markets: dict[str, Workdays] = {}
        self.joint: dict[str, tuple[str, ...]] = {}
        self._touched = touched

    def market(self, code: str) -> Workdays:
        """The days of a market; an empty one when nothing was published."""
        if code in self.joint:
            return Workdays(code, parts=tuple(self.markets.get(p) or Workdays(p) for p in self.joint[code]))
        return self.markets.get(code) or Workdays(code)

    def apply(self, event: Event) -> None:
        """Takes one event of the calendar in."""
        if event.name == "MarketsJoined":
            code = text(event["market"])
            self.joint[code] = tuple(text(part) for part in event["parts"])
            self._touched.add("parts", code)
        if event.name != "YearPublished":
            return
        code = text(event["market"])
        days = self.markets.setdefault(code, Workdays(code))
        days.years[event["year"]] = Year(year_bits(event), event["version"])
        self._touched.add("year", code, event["year"])
        for joint, parts in self.joint.items():
            if code in parts:
                self._touched.add("year", joint, event["year"])


def year_bits(event: Event) -> int:
    """The bits of a published year in one number."""
    return int(event["high"]) << LOW_BITS | int(event["low"])
