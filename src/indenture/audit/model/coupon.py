"""The terms of a bond as the auditor reads them, and what they make it pay and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from indenture.audit.model.dates import add_months, day_number, to_date
from indenture.audit.model.daycount import year_fraction
from indenture.audit.model.workdays import Workdays

RATE_BY_OFFERING = 2**32 - 1
"""A coupon that an offering is still to fix."""

_RATE_ONE = 10**9
_RATE_PLACE = 11  # of the coupon in the contract's struct
_DAY_SECONDS = 86_400
_LEAD_SECONDS = 30 * _DAY_SECONDS


@dataclass(frozen=True)
class Terms:
    """Sealed terms; ``raw`` is the tuple of the event, in the order of the contract's struct."""

    isin: str
    issuer: str
    issuer_account: str
    currency: str
    face_value: int
    units: int
    minimum_units: int
    eligible: int
    issue_day: int
    periods: int
    months: int
    rate: int
    day_count: int
    roll: int
    market: str
    record_days: int
    cut_off: int
    utc_offset: int
    prescription_years: int
    term_sheet_hash: bytes
    name: str
    symbol: str
    raw: tuple[Any, ...]

    @classmethod
    def from_event(cls, raw: Any) -> Terms:
        """Reads the struct of ``BondRegistered``."""
        return cls(
            isin=text(raw.isin),
            issuer=text(raw.issuer),
            issuer_account=raw.issuerAccount,
            currency=raw.currency,
            face_value=raw.faceValue,
            units=raw.units,
            minimum_units=raw.minimumUnits,
            eligible=raw.eligible,
            issue_day=raw.issueDay,
            periods=raw.periods,
            months=raw.monthsPerPeriod,
            rate=raw.couponRate,
            day_count=raw.dayCount,
            roll=raw.roll,
            market=text(raw.calendar),
            record_days=raw.recordBusinessDays,
            cut_off=raw.cutOff,
            utc_offset=raw.utcOffset,
            prescription_years=raw.prescriptionYears,
            term_sheet_hash=raw.termSheetHash,
            name=raw.name,
            symbol=raw.symbol,
            raw=tuple(raw),
        )

    def with_rate(self, rate: int) -> Terms:
        """The same with the coupon that an offering fixed, as the chain shows them from then on."""
        raw = (*self.raw[:_RATE_PLACE], rate, *self.raw[_RATE_PLACE + 1 :]) if self.raw else ()
        return replace(self, rate=rate, raw=raw)

    @property
    def is_rate_open(self) -> bool:
        """Whether the coupon is still to be fixed by an offering."""
        return self.rate == RATE_BY_OFFERING

    def due_date(self, period: int) -> date:
        """The unadjusted end of a period; period 0 gives the day from which interest runs."""
        return add_months(to_date(self.issue_day), period * self.months)

    def interest(self, period: int, units: int) -> int:
        """Interest of a holding for one period, in base units of the currency, rounded down once."""
        fraction = year_fraction(
            self.day_count, self.due_date(period - 1), self.due_date(period), self.months
        )
        return floor(units * self.face_value * Fraction(self.rate, _RATE_ONE) * fraction)

    def principal(self, period: int, units: int) -> int:
        """Principal of a holding that a payment brings: all of it with the last."""
        return units * self.face_value if period == self.periods else 0

    def amount(self, period: int, units: int) -> int:
        """All that a payment brings to a holding."""
        return self.interest(period, units) + self.principal(period, units)

    def seconds(self, on: date, second: int) -> int:
        """Unix time of a second of a civil day in the bond's own zone."""
        return day_number(on) * _DAY_SECONDS + second - 60 * self.utc_offset

    def announceable_from(self, period: int) -> int:
        """Unix time from which the days of a payment may be fixed."""
        return self.seconds(self.due_date(period), 0) - _LEAD_SECONDS

    def payment_days(self, period: int, workdays: Workdays) -> tuple[int, int, int, int]:
        """Record day, payment day, record time and payment time, by a calendar as it is published."""
        pay = workdays.roll(self.due_date(period), self.roll)
        record = workdays.before(pay, self.record_days)
        return (
            day_number(record),
            day_number(pay),
            self.seconds(record, self.cut_off),
            self.seconds(pay, 0),
        )


def text(raw: bytes) -> str:
    """ASCII of a fixed-size word; bytes outside ASCII are shown, not hidden."""
    return raw.rstrip(b"\0").decode("ascii", "backslashreplace")
