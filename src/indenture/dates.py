"""Days and instants.

A *day* is a civil date in the bond's time zone; on chain it is a number, days since 1970-01-01. An *instant*
is an aware datetime, always in UTC; on chain it is whole seconds since the epoch. Time zones are fixed
offsets in minutes, east positive: a bond's cut-off must not move when a government changes its summer time.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta

from .errors import InvalidDate

SECONDS_PER_DAY = 86_400

_EPOCH = date(1970, 1, 1)
_EPOCH_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_OFFSET_MINUTES = 14 * 60
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)", re.ASCII)
_CLOCK = re.compile(r"(\d\d):(\d\d)", re.ASCII)


def to_day_number(day: date) -> int:
    """Days since 1970-01-01, as contracts count them.

    Raises:
        InvalidDate: The day lies before the epoch, or a datetime was given.
    """
    if isinstance(day, datetime) or not isinstance(day, date):
        raise InvalidDate(
            f"{day!r} is not a civil date", hint="Give a datetime.date in the bond's time zone."
        )
    number = (day - _EPOCH).days
    if number < 0:
        raise InvalidDate(f"{day} is before 1970-01-01", hint="A chain counts days from 1970-01-01.")
    return number


def from_day_number(number: int) -> date:
    """The civil date of a day number.

    Raises:
        InvalidDate: The number is negative or past 9999-12-31.
    """
    try:
        if number < 0:
            raise OverflowError
        return _EPOCH + timedelta(days=number)
    except OverflowError:
        raise InvalidDate(f"day number {number} is outside 1970-01-01 to 9999-12-31") from None


def to_timestamp(instant_: datetime) -> int:
    """Whole seconds since the epoch.

    Raises:
        InvalidDate: The datetime is naive, before the epoch, or has a fraction of a second.
    """
    if instant_.tzinfo is None or instant_.utcoffset() is None:
        raise InvalidDate(
            f"{instant_.isoformat()} has no time zone", hint="Give an aware datetime, such as UTC."
        )
    seconds, remainder = divmod(instant_ - _EPOCH_INSTANT, timedelta(seconds=1))
    if remainder:
        raise InvalidDate(
            f"{instant_.isoformat()} has a fraction of a second", hint="A chain counts whole seconds."
        )
    if seconds < 0:
        raise InvalidDate(f"{instant_.isoformat()} is before 1970-01-01")
    return seconds


def from_timestamp(seconds: int) -> datetime:
    """The instant, in UTC, of whole seconds since the epoch.

    Raises:
        InvalidDate: The number is negative or past the year 9999.
    """
    try:
        if seconds < 0:
            raise OverflowError
        return _EPOCH_INSTANT + timedelta(seconds=seconds)
    except OverflowError:
        raise InvalidDate(f"timestamp {seconds} is outside the years 1970 to 9999") from None


def add_months(anchor: date, months: int, *, end_of_month: bool = False) -> date:
    """The same day of the month some months later, or earlier if negative, clamped to the month's length.

    Dates of a schedule must all be computed from the same anchor: 31 January plus one month is 28 February,
    and plus two months 31 March, which two steps of one month would miss.

    Args:
        anchor: Day to count from.
        months: Months to go on, or back.
        end_of_month: Give the last day of the month, whatever the anchor's day.

    Raises:
        InvalidDate: The result is outside the years 1 to 9999.
    """
    year, month_index = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise InvalidDate(f"{anchor} plus {months} months is outside the years 1 to 9999")
    month = month_index + 1
    length = calendar.monthrange(year, month)[1]
    return date(year, month, length if end_of_month else min(anchor.day, length))


def is_end_of_month(day: date) -> bool:
    """Whether it is the last day of its month."""
    return day.day == calendar.monthrange(day.year, day.month)[1]


def instant(day: date, seconds_of_day: int, offset_minutes: int) -> datetime:
    """The instant, in UTC, of a clock time on a civil day of a fixed time zone.

    Args:
        day: Civil day in that zone.
        seconds_of_day: Seconds since that day's midnight, 0 to 86,400; 86,400 is the end of the day.
        offset_minutes: Minutes east of UTC, +480 for China.

    Raises:
        InvalidDate: An argument is out of range.
    """
    if not 0 <= seconds_of_day <= SECONDS_PER_DAY:
        raise InvalidDate(f"{seconds_of_day} seconds is not a time of day")
    _check_offset(offset_minutes)
    return _EPOCH_INSTANT + timedelta(days=to_day_number(day), seconds=seconds_of_day - offset_minutes * 60)


def civil_day(instant_: datetime, offset_minutes: int) -> date:
    """The civil day that an instant falls on in a fixed time zone.

    Raises:
        InvalidDate: The datetime is naive or the offset out of range.
    """
    if instant_.tzinfo is None or instant_.utcoffset() is None:
        raise InvalidDate(
            f"{instant_.isoformat()} has no time zone", hint="Give an aware datetime, such as UTC."
        )
    _check_offset(offset_minutes)
    return (instant_.astimezone(UTC) + timedelta(minutes=offset_minutes)).date()


def parse_offset(text: str) -> int:
    """Reads a time-zone offset such as ``+08:00`` as minutes east of UTC.

    Raises:
        InvalidDate: The text is not an offset between -14:00 and +14:00.
    """
    match = _OFFSET.fullmatch(text)
    if not match or int(match[3]) > 59:
        raise InvalidDate(f"{text!r} is not a time-zone offset", hint="Write it as +08:00.")
    minutes = (int(match[2]) * 60 + int(match[3])) * (-1 if match[1] == "-" else 1)
    _check_offset(minutes)
    return minutes


def format_offset(offset_minutes: int) -> str:
    """Writes minutes east of UTC as ``+08:00``."""
    hours, minutes = divmod(abs(offset_minutes), 60)
    return f"{'-' if offset_minutes < 0 else '+'}{hours:02d}:{minutes:02d}"


def parse_clock(text: str) -> int:
    """Reads a time of day such as ``17:00`` as seconds since midnight; ``24:00`` is the end of the day.

    Raises:
        InvalidDate: The text is not a time of day.
    """
    match = _CLOCK.fullmatch(text)
    seconds = (int(match[1]) * 60 + int(match[2])) * 60 if match else -1
    if not match or int(match[2]) > 59 or seconds > SECONDS_PER_DAY:
        raise InvalidDate(f"{text!r} is not a time of day", hint='Write it as "17:00", hours and minutes.')
    return seconds


def _check_offset(minutes: int) -> None:
    if not -_MAX_OFFSET_MINUTES <= minutes <= _MAX_OFFSET_MINUTES:
        raise InvalidDate(f"an offset of {minutes} minutes is outside -14:00 to +14:00")
