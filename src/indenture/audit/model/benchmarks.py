"""Published values: when one counts, the last one before a day, an index compounded night by night."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from indenture.audit.model.dates import add_months, day_number, to_date
from indenture.audit.model.workdays import Workdays

RATE, OVERNIGHT, LEVEL, FIGURE = range(4)
KINDS = ("rate", "overnight", "level", "figure")
"""What values are, in the order in which definitions number it."""

INDEX_ONE = 10**18
LONGEST_GAP = 31

_ONE = 10**9


@dataclass(frozen=True, slots=True)
class Publication:
    """The value of a day, when it becomes final, and the index at the start of the day."""

    value: int
    final_at: int
    index: int


@dataclass(frozen=True, slots=True)
class Index:
    """A compounded index; ``complete`` when every night before has its own rate."""

    value: int
    complete: bool


@dataclass(slots=True)
class Benchmark:
    """One benchmark, with its values by day number."""

    kind: int
    administrator: str
    market: str
    basis: int
    correctable_for: int
    last_day: int = 0
    published: dict[int, Publication] = field(default_factory=dict)

    def on(self, day: date, time: int) -> int | None:
        """The value of a day, once it cannot be corrected any more."""
        found = self.published.get(day_number(day))
        return None if found is None or time < found.final_at else found.value

    def last(self, day: date, most: int, time: int) -> tuple[int, date] | None:
        """The last value on a day or up to ``most`` days before it; months of a price index."""
        for back in range(most + 1):
            at = add_months(day, -back) if self.kind == LEVEL else day - timedelta(days=back)
            value = self.on(at, time)
            if value is not None:
                return value, at
        return None

    def index(self, day: date, time: int, workdays: Workdays) -> Index | None:
        """The index at the start of a day: that of a publication, or carried on at its rate."""
        found = self.last(day, LONGEST_GAP, time)
        if found is None:
            return None
        at = found[1]
        if at == day:
            return Index(self.published[day_number(day)].index, complete=True)
        value = carried(self.published[day_number(at)], self.basis, (day - at).days)
        return Index(value, workdays.between(at + timedelta(days=1), day) == 0)

    def next_index(self, day: int) -> int:
        """The index of a day that is published next; 0 where nothing is compounded."""
        if self.kind != OVERNIGHT:
            return 0
        if not self.last_day:
            return INDEX_ONE
        return carried(self.published[self.last_day], self.basis, day - self.last_day)

    def follows(self, day: int, workdays: Workdays) -> bool:
        """Whether a day can be published next: price indices by month, overnight rates day by day."""
        on = to_date(day)
        if self.kind == LEVEL:
            return on.day == 1
        if self.kind != OVERNIGHT:
            return True
        if not workdays.is_open(on):
            return False
        return not self.last_day or day_number(workdays.before(on, 1)) == self.last_day

    def fits(self, value: int) -> bool:
        """Whether a value can be: rates within 100 % either way, indices above zero."""
        if self.kind == FIGURE:
            return True
        return value > 0 if self.kind == LEVEL else -_ONE < value <= _ONE


def carried(start: Publication, basis: int, nights: int) -> int:
    """An index some nights later, at the rate of its own day; rounded down."""
    whole = basis * _ONE
    return start.index * (whole + start.value * nights) // whole
