"""Random dates of term sheets, of every shape that a schedule can have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from indenture.dates import add_months
from indenture.provisions import PeriodUnit, Schedule
from indenture.termsheet import Frequency, Stub
from indenture.termsheet.timetable import timetable

MONTHS = (1, 2, 3, 4, 6, 12)


@dataclass(frozen=True)
class Shape:
    """Dates of a sheet, and what is irregular in them."""

    issue: date
    maturity: date
    frequency: Frequency
    anchor: date
    end_of_month: bool = False
    first_coupon: date | None = None
    stub: Stub | None = None
    long_front: bool = False
    has_back: bool = False

    @property
    def schedule(self) -> Schedule:
        """What the package makes of it."""
        return timetable(
            self.issue,
            self.maturity,
            self.frequency,
            end_of_month=self.end_of_month,
            first_coupon=self.first_coupon,
            stub=self.stub,
        )

    @property
    def fields(self) -> dict[str, object]:
        """The fields of a sheet."""
        found: dict[str, object] = {
            "issue_date": self.issue.isoformat(),
            "maturity_date": self.maturity.isoformat(),
            "frequency": self.frequency.label,
        }
        if self.end_of_month:
            found["end_of_month"] = "true"
        if self.first_coupon:
            found["first_coupon_date"] = self.first_coupon.isoformat()
        if self.stub is not None:
            found["stub"] = self.stub.label
        return found


@dataclass(frozen=True)
class Ruler:
    """Days of a grid, and days between them."""

    draw: st.DrawFn
    anchor: date
    frequency: Frequency
    end_of_month: bool

    def day(self, steps: int) -> date:
        """A day some steps from the anchor."""
        count = steps * self.frequency.step
        if self.frequency.unit is PeriodUnit.DAY:
            return self.anchor + timedelta(days=count)
        return add_months(self.anchor, count, end_of_month=self.end_of_month)

    def inside(self, steps: int) -> date:
        """A day strictly between that one and the next."""
        length = (self.day(steps + 1) - self.day(steps)).days
        assume(length > 1)
        return self.day(steps) + timedelta(days=self.draw(st.integers(1, length - 1)))


@st.composite
def shapes(draw: st.DrawFn, *, months: tuple[int, ...] = (*MONTHS, 5, 18, 24), days: bool = True) -> Shape:
    """Dates of any shape: regular, with stubs at either end or both, ends of months, steps of days."""
    frequency = Frequency(draw(st.sampled_from(months)))
    if days and draw(st.integers(0, 3)) == 0:
        frequency = Frequency(draw(st.sampled_from([1, 7, 14, 28, 91, 182])), PeriodUnit.DAY)
    anchor = draw(st.dates(date(1995, 1, 1), date(2060, 12, 31)))
    end_of_month = frequency.unit is PeriodUnit.MONTH and draw(st.booleans())
    if end_of_month:
        anchor = add_months(anchor, 0, end_of_month=True)
    ruler = Ruler(draw, anchor, frequency, end_of_month)
    whole = draw(st.integers(1, 10))
    kind = draw(st.sampled_from([None, "first coupon", *Stub]))
    if kind == "first coupon":
        return _from_first_coupon(ruler, whole)
    shape: dict[str, Any] = {"frequency": frequency, "anchor": anchor, "end_of_month": end_of_month}
    if kind is None:
        return Shape(anchor, ruler.day(whole), **shape)
    if kind is Stub.SHORT_BACK:
        return Shape(anchor, ruler.inside(whole - 1), stub=kind, has_back=True, **shape)
    if kind is Stub.LONG_BACK:
        return Shape(anchor, ruler.inside(whole), stub=kind, has_back=True, **shape)
    if kind is Stub.SHORT_FRONT:
        return Shape(ruler.inside(-whole), anchor, stub=kind, **shape)
    return Shape(ruler.inside(-whole - 1), anchor, stub=Stub.LONG_FRONT, long_front=True, **shape)


def _from_first_coupon(ruler: Ruler, whole: int) -> Shape:
    """Regular, short or long at either end."""
    front = ruler.draw(st.sampled_from(["regular", "short", "long"]))
    back = ruler.draw(st.sampled_from([None, Stub.SHORT_BACK, Stub.LONG_BACK]))
    issue = ruler.day(-1) if front == "regular" else ruler.inside(-1 if front == "short" else -2)
    return Shape(
        issue,
        ruler.day(whole) if back is None else ruler.inside(whole),
        ruler.frequency,
        ruler.anchor,
        ruler.end_of_month,
        first_coupon=ruler.anchor,
        stub=back,
        long_front=front == "long",
        has_back=back is not None,
    )
