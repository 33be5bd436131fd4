"""From the dates of a term sheet to its grid of due days.

A regular sheet, and one with a stub at its back, counts from the issue date; one with a stub at its front
counts back from the maturity date; one that names its first coupon date counts from that.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import IntEnum
from functools import lru_cache

from indenture.dates import is_end_of_month
from indenture.errors import InvalidDate
from indenture.provisions import PeriodUnit, Schedule
from indenture.schedule import cell_of, regular_day

from .frequency import Frequency

#: Last day that a bond can mature on: calendars on chain end a century later.
LAST_MATURITY = date(2300, 1, 1)
#: Most interest periods that a bond can be registered with.
MAX_PERIODS = 1200

_MONTHS_PER_YEAR = 12


class Stub(IntEnum):
    """The period that is not regular."""

    SHORT_FRONT = 0
    LONG_FRONT = 1
    SHORT_BACK = 2
    LONG_BACK = 3

    @property
    def label(self) -> str:
        """The name as term sheets write it."""
        return self.name.lower().replace("_", "-")

    @property
    def is_front(self) -> bool:
        """Whether it is the first period."""
        return self in (Stub.SHORT_FRONT, Stub.LONG_FRONT)

    @property
    def is_long(self) -> bool:
        """Whether it is longer than a regular period."""
        return self in (Stub.LONG_FRONT, Stub.LONG_BACK)


class Misfit(InvalidDate):
    """Dates of a term sheet that make no grid.

    Attributes:
        field: The field that does not fit.
        reason: What is wrong with it.
    """

    def __init__(self, field: str, reason: str, hint: str = "") -> None:
        super().__init__(f"{field}: {reason}", hint=hint)
        self.field = field
        self.reason = reason


@lru_cache(maxsize=1024)
def timetable(
    issue: date,
    maturity: date,
    frequency: Frequency | None,
    *,
    end_of_month: bool = False,
    first_coupon: date | None = None,
    stub: Stub | None = None,
) -> Schedule:
    """The grid of due days that the dates of a term sheet come to.

    Args:
        issue: Issue date.
        maturity: Maturity date.
        frequency: Length of a regular period; None for a bond without coupon, which has one period.
        end_of_month: Whether regular periods end on the last day of a month.
        first_coupon: End of the first period.
        stub: Which period is not regular; with ``first_coupon`` only one at the back.

    Raises:
        Misfit: The dates make no such grid.
    """
    if maturity <= issue:
        raise Misfit(
            "maturity_date", f"{maturity} is not after issue_date {issue}", "Correct one of the two dates."
        )
    if maturity > LAST_MATURITY:
        raise Misfit(
            "maturity_date",
            f"{maturity} is after {LAST_MATURITY}, the last day that can be registered",
            "Give a bond without end a renewal.",
        )
    if frequency is None:
        return _single(issue, maturity)
    if first_coupon is not None:
        found = _from_first_coupon(issue, maturity, frequency, first_coupon, stub, end_of_month=end_of_month)
    elif stub is not None and stub.is_front:
        found = _front(issue, maturity, frequency, stub, end_of_month=end_of_month)
    else:
        found = _forward(issue, maturity, frequency, stub, end_of_month=end_of_month)
    if found.periods > MAX_PERIODS:
        raise Misfit(
            "maturity_date",
            f"makes {found.periods} periods, at most {MAX_PERIODS} can be registered",
            "Let interest be paid less often.",
        )
    return found


def _single(issue: date, maturity: date) -> Schedule:
    """One period to maturity, of as many months as hold it."""
    months = (maturity.year - issue.year) * _MONTHS_PER_YEAR + maturity.month - issue.month
    months += maturity.day > issue.day
    return Schedule(issue, maturity, issue, 0, 1, max(months, 1))


def _grid(
    issue: date, maturity: date, frequency: Frequency, anchor: date, anchor_period: int, *, end_of_month: bool
) -> Schedule:
    if end_of_month and frequency.unit is not PeriodUnit.MONTH:
        reason = f"has no meaning for a bond that pays {frequency.label}"
        raise Misfit("coupon.end_of_month", reason, "Leave it out.")
    if end_of_month and not is_end_of_month(anchor):
        raise Misfit(
            "coupon.end_of_month",
            f"{anchor}, from which periods are counted, is not the last day of its month",
            "Leave it out, or correct the date.",
        )
    return Schedule(issue, maturity, anchor, anchor_period, 1, frequency.step, frequency.unit, end_of_month)


def _forward(
    issue: date, maturity: date, frequency: Frequency, stub: Stub | None, *, end_of_month: bool
) -> Schedule:
    grid = _grid(issue, maturity, frequency, issue, 0, end_of_month=end_of_month)
    whole = cell_of(grid, maturity)
    divides = regular_day(grid, whole) == maturity
    if stub is None and not divides:
        nearest = max(whole, 1)
        raise Misfit(
            "maturity_date",
            f"{maturity} is not a whole number of {frequency.label} periods after issue_date {issue}",
            f"{nearest} periods end on {regular_day(grid, nearest)}; for a short or long period say which "
            "with stub or first_coupon_date.",
        )
    return replace(grid, periods=_periods_to_the_back(whole, stub, divides=divides))


def _periods_to_the_back(whole: int, stub: Stub | None, *, divides: bool) -> int:
    """How many periods there are from a regular day to maturity."""
    if divides:
        if stub is not None:
            raise _needless(stub)
        return whole
    if stub is not None and stub.is_long:
        if whole < 1:
            raise _too_long(stub)
        return whole
    return whole + 1


def _front(issue: date, maturity: date, frequency: Frequency, stub: Stub, *, end_of_month: bool) -> Schedule:
    grid = _grid(issue, maturity, frequency, maturity, 0, end_of_month=end_of_month)
    cell = cell_of(grid, issue)
    if regular_day(grid, cell) == issue:
        raise _needless(stub)
    whole = -(cell + 1)
    if stub.is_long and whole < 1:
        raise _too_long(stub)
    periods = whole if stub.is_long else whole + 1
    return replace(grid, anchor_period=periods, periods=periods)


def _from_first_coupon(
    issue: date,
    maturity: date,
    frequency: Frequency,
    first: date,
    stub: Stub | None,
    *,
    end_of_month: bool,
) -> Schedule:
    field = "coupon.first_coupon_date"
    if stub is not None and stub.is_front:
        raise Misfit("coupon.stub", f"{stub.label} says again what first_coupon_date says", "Leave it out.")
    if not issue < first <= maturity:
        reason = f"{first} is not after issue_date {issue} and up to maturity_date {maturity}"
        raise Misfit(field, reason, "It is the end of the first period.")
    grid = _grid(issue, maturity, frequency, first, 1, end_of_month=end_of_month)
    if issue < regular_day(grid, -1):
        raise Misfit(
            field,
            f"{first} makes a first period longer than two regular ones",
            f"Two regular ones begin on {regular_day(grid, -1)}.",
        )
    whole = cell_of(grid, maturity) - 1
    divides = regular_day(grid, whole + 1) == maturity
    return replace(grid, periods=1 + _periods_to_the_back(whole, stub, divides=divides))


def _needless(stub: Stub) -> Misfit:
    return Misfit("coupon.stub", f"{stub.label}: the dates leave no stub there", "Leave it out.")


def _too_long(stub: Stub) -> Misfit:
    return Misfit(
        "coupon.stub",
        f"{stub.label}: there is no regular period that it could be longer than",
        f"Say {stub.label.replace('long', 'short')}.",
    )
