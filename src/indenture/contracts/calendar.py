"""The calendar of working days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from indenture.calendars import Convention
from indenture.chain import BlockLike, ContractCall
from indenture.contracts._base import SuiteContract, bytes_of, text_of
from indenture.dates import from_day_number, to_day_number

_LOW_DAYS = 256


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """The working days of a year, as published.

    Attributes:
        bitmap: Bit ``i`` set: the (0-based) ``i``-th day is a business day.
        version: 1 at the first publication, one more at each change; 0 when it is not published.
    """

    bitmap: int
    version: int


class BusinessCalendar(SuiteContract):
    """Working days by market and year, versioned, with an end."""

    NAME = "BusinessCalendar"

    def year(self, market: str, year: int, *, block: BlockLike = None) -> PublishedYear:
        """The working days of a year; version 0 when it is not published."""
        raw = self.read("yearOf", market_bytes(market), year, block=block)
        return PublishedYear(raw.low | raw.high << _LOW_DAYS, raw.version)

    def is_business_day(self, market: str, day: date, *, block: BlockLike = None) -> bool:
        """Whether payments settle on this day."""
        return bool(self.read("isBusinessDay", market_bytes(market), to_day_number(day), block=block))

    def roll(self, market: str, day: date, convention: Convention, *, block: BlockLike = None) -> date:
        """The business day that a due date is moved to."""
        found = self.read("roll", market_bytes(market), to_day_number(day), int(convention), block=block)
        return from_day_number(found)

    def parts(self, market: str, *, block: BlockLike = None) -> tuple[str, ...]:
        """The parts of a joint market; none for any other."""
        return tuple(text_of(part) for part in self.read("partsOf", market_bytes(market), block=block))

    def business_days_between(self, market: str, start: date, end: date, *, block: BlockLike = None) -> int:
        """How many business days there are from ``start`` (included) to ``end`` (excluded)."""
        days = to_day_number(start), to_day_number(end)
        return int(self.read("businessDaysBetween", market_bytes(market), *days, block=block))

    def business_days_before(self, market: str, day: date, count: int, *, block: BlockLike = None) -> date:
        """The business day that is so many business days before a day."""
        found = self.read("businessDaysBefore", market_bytes(market), to_day_number(day), count, block=block)
        return from_day_number(found)

    def join(self, market: str, parts: Sequence[str]) -> ContractCall:
        """Defines a joint market for ever: a business day of it is one of all its parts."""
        return self.call("join", market_bytes(market), [market_bytes(part) for part in parts])

    def publish(self, market: str, year: int, bitmap: int) -> ContractCall:
        """Publishes a year, or changes days of it that are still to come."""
        low = bitmap & (1 << _LOW_DAYS) - 1
        return self.call("publish", market_bytes(market), year, low, bitmap >> _LOW_DAYS)


def market_bytes(market: str) -> bytes:
    """The code of a market as on chain."""
    return bytes_of(market, 8, "calendar code")
