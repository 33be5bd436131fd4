"""Working days as published, and the dates that are rolled by them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

ROLLS = ("unadjusted", "following", "modified following", "preceding", "modified preceding")
"""Names in the order in which the terms number them."""

FOLLOWING = ROLLS.index("following")
PRECEDING = ROLLS.index("preceding")

_DAY = timedelta(days=1)


class UnpublishedYear(LookupError):
    """A date was asked for in a year that nobody has published."""


@dataclass(frozen=True, slots=True)
class Year:
    """One published year: bit ``i`` of ``bits`` is its day ``i``, from 0."""

    bits: int
    version: int


@dataclass(slots=True)
class Workdays:
    """The published years of one market; a joint market has parts instead, and is open when all are."""

    market: str
    years: dict[int, Year] = field(default_factory=dict)
    parts: tuple[Workdays, ...] = ()

    def is_open(self, on: date) -> bool:
        """Whether it is a working day."""
        if self.parts:
            opened = [part.is_open(on) for part in self.parts]  # of each the year must be published
            return all(opened)
        if on.year not in self.years:
            raise UnpublishedYear(f"{self.market} {on.year}")
        return bool(self.years[on.year].bits >> (on.timetuple().tm_yday - 1) & 1)

    def year(self, year: int) -> Year:
        """A year as the chain answers for it: of a joint market the common days and all versions together."""
        if not self.parts:
            return self.years.get(year) or Year(0, 0)
        years = [part.year(year) for part in self.parts]
        bits = years[0].bits
        for other in years[1:]:
            bits &= other.bits
        versions = [other.version for other in years]
        return Year(bits, sum(versions) if all(versions) else 0)

    def roll(self, on: date, convention: int) -> date:
        """The date moved by a convention."""
        name = ROLLS[convention]
        if name == "unadjusted":
            return on
        step = _DAY if name.endswith("following") else -_DAY
        moved = self._next_open(on, step)
        if name.startswith("modified") and moved.month != on.month:
            moved = self._next_open(on, -step)
        return moved

    def before(self, on: date, count: int) -> date:
        """The working day that is ``count`` working days before a date."""
        for _ in range(count):
            on = self._next_open(on - _DAY, -_DAY)
        return on

    def between(self, start: date, end: date) -> int:
        """Working days from ``start`` (included) to ``end`` (excluded)."""
        return sum(self.is_open(start + timedelta(days=i)) for i in range((end - start).days))

    def _next_open(self, on: date, step: timedelta) -> date:
        while not self.is_open(on):
            on += step
        return on
