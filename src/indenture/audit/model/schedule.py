"""The due days of a bond: a grid of regular days from an anchor, cut at issue and maturity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from indenture.audit.model.dates import add_months, month_end, to_date

UNITS = ("days", "months")
DAYS, MONTHS = range(len(UNITS))
"""Units of a step, in the order in which the terms number them."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Unadjusted days; ``anchor`` is the day on which period ``anchor_period`` ends, 0 for the issue day."""

    issue: date
    maturity: date
    anchor: date
    anchor_period: int
    periods: int
    step: int
    unit: int
    end_of_month: bool

    @classmethod
    def from_event(cls, raw: Any) -> Schedule:
        """Reads the struct inside the terms."""
        return cls(
            issue=to_date(raw.issueDay),
            maturity=to_date(raw.maturityDay),
            anchor=to_date(raw.anchorDay),
            anchor_period=raw.anchorPeriod,
            periods=raw.periods,
            step=raw.step,
            unit=raw.unit,
            end_of_month=raw.endOfMonth,
        )

    def regular(self, number: int) -> date:
        """A day of the grid; those before the issue and after maturity are notional."""
        steps = (number - self.anchor_period) * self.step
        if self.unit == DAYS:
            return self.anchor + timedelta(days=steps)
        day = add_months(self.anchor, steps)
        return month_end(day) if self.end_of_month else day

    def due(self, period: int) -> date:
        """The end of a period; period 0 gives the issue day; those after the sealed ones are of a renewal."""
        if period == 0:
            return self.issue
        return self.maturity if period == self.periods else self.regular(period)

    def moved(self, last: int, maturity: date | None) -> Schedule:
        """The same with another last period; None where it ends on its regular day, or as it was sealed."""
        return replace(self, periods=last, maturity=maturity or self.due(last))

    def period_of(self, on: date) -> int:
        """The period of a day, from 1; one more than were sealed for a day from maturity on."""
        return next((k for k in range(1, self.periods + 1) if on < self.due(k)), self.periods + 1)

    @property
    def is_regular(self) -> bool:
        """Whether no period is a stub."""
        return self.issue == self.regular(0) and self.maturity == self.regular(self.periods)

    @property
    def year_part(self) -> tuple[int, int]:
        """A regular period as months of a year's twelve; only of a schedule in months."""
        if self.unit != MONTHS:
            raise ValueError("a schedule in days has no part of a year")
        return self.step, 12

    def pieces(self, start: date, end: date) -> Iterator[tuple[int, int]]:
        """A stretch cut by the grid: days of each piece, and of the regular period that it lies in."""
        number = self._before(start)
        while start < end:
            first, after = self.regular(number), self.regular(number + 1)
            if start < after:
                until = min(end, after)
                yield (until - start).days, (after - first).days
                start = until
            number += 1

    def _before(self, on: date) -> int:
        """The number of a regular day on or before a date, not far from it."""
        if self.unit == DAYS:
            return self.anchor_period + (on - self.anchor).days // self.step
        months = 12 * (on.year - self.anchor.year) + on.month - self.anchor.month
        number = self.anchor_period + months // self.step
        while self.regular(number) > on:
            number -= 1
        return number
