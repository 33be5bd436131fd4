"""Civil days as the chain counts them: whole days since 1970-01-01."""

from __future__ import annotations

import calendar
from datetime import date

_EPOCH = date(1970, 1, 1).toordinal()


def to_date(day: int) -> date:
    """The calendar date of a day number."""
    return date.fromordinal(_EPOCH + day)


def day_number(on: date) -> int:
    """The day number of a calendar date."""
    return on.toordinal() - _EPOCH


def add_months(on: date, months: int) -> date:
    """The same day of the month, some months later or earlier; the last day of a shorter month."""
    years, month = divmod(on.month - 1 + months, 12)
    year, month = on.year + years, month + 1
    return date(year, month, min(on.day, calendar.monthrange(year, month)[1]))


def month_length(on: date) -> int:
    """Days of the month of a date."""
    return calendar.monthrange(on.year, on.month)[1]


def month_end(on: date) -> date:
    """The last day of the month of a date."""
    return on.replace(day=month_length(on))


def is_month_end(on: date) -> bool:
    """Whether it is the last day of its month."""
    return on == month_end(on)
