"""Working days of a market, year by year.

Next year's working days are announced late in the year, so a calendar is data with a version and an end:
beyond its published years every question raises ``CalendarYearMissing``. A year is a bitmap, as on chain: bit
``i`` set means that the (0-based) ``i``-th day of the year is a business day.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from functools import cache, reduce
from hashlib import sha256
from importlib import resources
from itertools import combinations
from operator import and_
from typing import Any

import yaml

from .errors import CalendarYearMissing, InputError, InvalidDate

_DAY = timedelta(days=1)
_FIRST_WEEKEND_DAY = 6  # ISO weekday: Saturday
_MAX_CODE = 8
_MIN_PARTS = 2
_MAX_PARTS = 4


class Convention(IntEnum):
    """What happens to a date that is no business day; the value is the one on chain."""

    UNADJUSTED = 0
    FOLLOWING = 1
    MODIFIED_FOLLOWING = 2
    PRECEDING = 3
    MODIFIED_PRECEDING = 4

    @property
    def label(self) -> str:
        """The name as term sheets write it, such as ``modified-following``."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def from_label(cls, label: str) -> Convention:
        """Reads a name as term sheets write it.

        Raises:
            KeyError: No convention has this name.
        """
        return {convention.label: convention for convention in cls}[label]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The published working days of one market.

    Attributes:
        code: Code of the market, at most eight ASCII characters (``bytes8`` on chain).
        years: Bitmap of business days by year.
        version: Version of the data; of a joint calendar, the sum of its parts'.
        source: Where the data comes from.
        parts: Codes of the markets that a joint calendar is made of; empty for one market.
    """

    code: str
    years: Mapping[int, int] = field(repr=False)
    version: int = 1
    source: str = field(default="", repr=False)
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.code.isascii() or not 1 <= len(self.code) <= _MAX_CODE:
            raise InputError(f"calendar code {self.code!r} is not one to eight ASCII characters")
        for year, bitmap in self.years.items():
            if bitmap < 0 or bitmap >> _days_in(year):
                raise InvalidDate(f"calendar {self.code}: the bitmap of {year} has days outside the year")

    @classmethod
    def from_bitmaps(
        cls, code: str, bitmaps: Mapping[int, int], *, version: int = 1, source: str = ""
    ) -> Calendar:
        """A calendar from bitmaps by year, such as those read from the chain.

        Raises:
            InputError: The code or a bitmap does not fit.
        """
        return cls(code, dict(sorted(bitmaps.items())), version, source)

    def bitmap(self, year: int) -> int:
        """Business days of a year: bit ``i`` is its (0-based) ``i``-th day.

        Raises:
            CalendarYearMissing: The year is not published.
        """
        try:
            return self.years[year]
        except KeyError:
            raise CalendarYearMissing(self.code, year) from None

    def is_business_day(self, day: date) -> bool:
        """Whether payments settle on this day.

        Raises:
            CalendarYearMissing: The year is not published.
        """
        return bool(self.bitmap(day.year) >> day.toordinal() - date(day.year, 1, 1).toordinal() & 1)

    def roll(self, day: date, convention: Convention) -> date:
        """The business day that a due date is moved to.

        The modified conventions turn round at the month's end, so they never ask for the working days of a
        month that the answer cannot lie in.

        Raises:
            CalendarYearMissing: The answer depends on a year that is not published.
        """
        if convention is Convention.UNADJUSTED or self.is_business_day(day):
            return day
        step = _DAY if convention in (Convention.FOLLOWING, Convention.MODIFIED_FOLLOWING) else -_DAY
        stay_in_month = convention in (Convention.MODIFIED_FOLLOWING, Convention.MODIFIED_PRECEDING)
        rolled = day
        while not self.is_business_day(rolled):
            rolled += step
            if stay_in_month and rolled.month != day.month:
                return self.roll(day, Convention.PRECEDING if step == _DAY else Convention.FOLLOWING)
        return rolled

    def add_business_days(self, day: date, n: int) -> date:
        """The ``n``-th business day after ``day``, or before it if ``n`` is negative.

        Zero gives ``day`` itself, business day or not.

        Raises:
            CalendarYearMissing: The answer depends on a year that is not published.
        """
        step = _DAY if n > 0 else -_DAY
        for _ in range(abs(n)):
            day += step
            while not self.is_business_day(day):
                day += step
        return day

    def business_days_between(self, start: date, end: date) -> int:
        """How many business days there are from ``start`` (included) to ``end`` (excluded).

        Raises:
            CalendarYearMissing: A year that the stretch touches is not published.
            InvalidDate: The days are not in order.
        """
        if end < start:
            raise InvalidDate(f"cannot count business days from {start} back to {end}")
        count = 0
        while start < end:
            until = min(end, date(start.year + 1, 1, 1))
            stretch = self.bitmap(start.year) >> (start.timetuple().tm_yday - 1)
            count += (stretch & (1 << (until - start).days) - 1).bit_count()
            start = until
        return count


def join(code: str, parts: Sequence[Calendar]) -> Calendar:
    """The joint calendar of some markets: a business day is one of all of them.

    Its years are those that all of them have published.

    Args:
        code: Code of the joint market, such as ``joint_code`` gives.
        parts: Two to four calendars, none of them joint.

    Raises:
        InputError: They are too few or too many, joint themselves, or one is there twice.
    """
    names = _checked_parts([part.code for part in parts])
    for part in parts:
        if part.parts:
            raise InputError(
                f"calendar {part.code} is itself the joint one of {', '.join(part.parts)}",
                hint="Join markets only: name its parts.",
            )
    shared = set.intersection(*(set(part.years) for part in parts))
    bitmaps = {year: reduce(and_, (part.years[year] for part in parts)) for year in sorted(shared)}
    sources = "; ".join(part.source for part in parts if part.source)
    return Calendar(code, bitmaps, sum(part.version for part in parts), sources, names)


def joint_code(parts: Sequence[str]) -> str:
    """The code by which term sheets name the joint market of some markets, whatever their order.

    Their codes with a plus between them, such as ``CN-IB+T2``, if that is no longer than a code may be; else
    a plus and seven digits of a hash of it.

    Raises:
        InputError: They are fewer than two or more than four, or one is there twice.
    """
    text = "+".join(sorted(_checked_parts(parts)))
    if len(text) <= _MAX_CODE:
        return text
    digest = b32encode(sha256(text.encode("ascii")).digest()).decode("ascii")
    return f"+{digest[: _MAX_CODE - 1]}"


def is_joint_code(code: str) -> bool:
    """Whether it is the code of a joint calendar of such that come with the package."""
    return code in _joints()


def load_calendar(code: str) -> Calendar:
    """A calendar that comes with the package, or the joint one of several such.

    Raises:
        InputError: There is none with this code.
    """
    if code in available_calendars():
        return _load(code)
    if parts := _joints().get(code):
        return join(code, [_load(part) for part in parts])
    raise InputError(
        f"calendar {code!r} is not known", hint=f"Known calendars: {', '.join(available_calendars())}."
    )


@cache
def available_calendars() -> tuple[str, ...]:
    """Codes of the calendars that come with the package."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


@cache
def _joints() -> Mapping[str, tuple[str, ...]]:
    """Parts of every joint calendar that can be made of those of the package, by its code."""
    return {
        joint_code(parts): parts
        for count in range(_MIN_PARTS, _MAX_PARTS + 1)
        for parts in combinations(available_calendars(), count)
    }


def _checked_parts(parts: Sequence[str]) -> tuple[str, ...]:
    if not _MIN_PARTS <= len(parts) <= _MAX_PARTS:
        raise InputError(
            f"{len(parts)} calendars cannot be joined", hint=f"From {_MIN_PARTS} to {_MAX_PARTS} can."
        )
    if len(set(parts)) != len(parts):
        raise InputError(f"calendars {', '.join(parts)} name one twice", hint="Name each market once.")
    return tuple(parts)


@cache
def _load(code: str) -> Calendar:
    data = yaml.safe_load((_folder() / f"{code}.yaml").read_text(encoding="utf-8"))
    bitmaps = {year: _year_bitmap(code, year, entry) for year, entry in data["years"].items()}
    return Calendar.from_bitmaps(data["code"], bitmaps, version=data["version"], source=data["source"])


def _folder() -> Any:
    return resources.files("indenture") / "_calendars"


def _year_bitmap(code: str, year: int, entry: Mapping[str, Any]) -> int:
    """Monday to Friday, less the closed weekdays, plus the open weekend days."""
    closed, opened = set(entry["closed_weekdays"]), set(entry["open_weekends"])
    bitmap = 0
    for index, day in enumerate(_days_of(year)):
        weekend = day.isoweekday() >= _FIRST_WEEKEND_DAY
        if day in opened if weekend else day not in closed:
            bitmap |= 1 << index
    count, stated = bitmap.bit_count(), entry["business_days"]
    if count != stated:
        raise InputError(f"calendar {code}: {year} has {count} business days, its file says {stated}")
    return bitmap


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=index) for index in range(_days_in(year)))


def _days_in(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days
