"""The terms of a bond as the auditor reads them, and the days that they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from indenture.audit.model.dates import day_number, to_date
from indenture.audit.model.schedule import MONTHS, Schedule
from indenture.audit.model.workdays import Workdays

RATE_BY_OFFERING = 2**32 - 1
"""A coupon that an offering is still to fix."""

FIXED, STEP, ZERO_COUPON, FLOATING, INFLATION, KPI = range(6)
KINDS = ("fixed", "step", "zero", "floating", "inflation", "kpi")
"""Coupon kinds in the order in which the terms number them."""

HOLDING_DOWN, UNIT_DOWN, UNIT_HALF_UP = range(3)
ROUNDINGS = ("holding, down", "unit, down", "unit, half up")

_DAY_SECONDS = 86_400
_LEAD_SECONDS = 30 * _DAY_SECONDS


@dataclass(frozen=True)
class Terms:
    """Sealed terms; ``raw``, ``provisions`` and ``rights`` are the structs as the contract has them."""

    isin: str
    issuer: str
    issuer_account: str
    currency: str
    face_value: int
    units: int
    minimum_units: int
    eligible: int
    schedule: Schedule
    kind: int
    rate: int
    day_count: int
    rounding: int
    roll: int
    adjusted: bool
    market: str
    record_days: int
    cut_off: int
    utc_offset: int
    prescription_years: int
    term_sheet_hash: bytes
    name: str
    symbol: str
    raw: Any
    provisions: Any
    rights: Any

    @classmethod
    def from_event(cls, raw: Any, provisions: Any, rights: Any) -> Terms:
        """Reads the structs of ``BondRegistered`` or ``TermsProposed``."""
        return cls(
            isin=text(raw.isin),
            issuer=text(raw.issuer),
            issuer_account=raw.issuerAccount,
            currency=raw.currency,
            face_value=raw.faceValue,
            units=raw.units,
            minimum_units=raw.minimumUnits,
            eligible=raw.eligible,
            schedule=Schedule.from_event(raw.schedule),
            kind=raw.kind,
            rate=raw.couponRate,
            day_count=raw.dayCount,
            rounding=raw.rounding,
            roll=raw.roll,
            adjusted=raw.adjusted,
            market=text(raw.calendar),
            record_days=raw.recordBusinessDays,
            cut_off=raw.cutOff,
            utc_offset=raw.utcOffset,
            prescription_years=raw.prescriptionYears,
            term_sheet_hash=raw.termSheetHash,
            name=raw.name,
            symbol=raw.symbol,
            raw=raw,
            provisions=provisions,
            rights=rights,
        )

    def with_rate(self, rate: int) -> Terms:
        """The same with the coupon that an offering fixed, as the chain shows them from then on."""
        return replace(self, rate=rate, raw=self.raw._replace(couponRate=rate))

    @property
    def is_rate_open(self) -> bool:
        """Whether the coupon is still to be fixed by an offering."""
        return self.rate == RATE_BY_OFFERING

    @property
    def needs_fixing(self) -> bool:
        """Whether figures of each period are fixed as it comes."""
        p = self.provisions
        return bool(
            self.kind in (FLOATING, INFLATION, KPI)
            or p.capitalisedUntil
            or p.deferral.noticeDays
            or p.renewal.periods
        )

    @property
    def issue_day(self) -> int:
        """The first day that bears interest."""
        return day_number(self.schedule.issue)

    @property
    def periods(self) -> int:
        """Interest periods that were sealed; a renewal adds to them."""
        return self.schedule.periods

    @property
    def months(self) -> int:
        """Months of a regular period."""
        if self.schedule.unit != MONTHS:
            raise ValueError("a schedule in days has no months")
        return self.schedule.step

    def due_date(self, period: int) -> date:
        """The unadjusted end of a period; period 0 gives the day from which interest runs."""
        return self.schedule.due(period)

    def seconds(self, on: date, second: int) -> int:
        """Unix time of a second of a civil day in the bond's own zone."""
        return day_number(on) * _DAY_SECONDS + second - 60 * self.utc_offset

    def today(self, time: int) -> date:
        """The civil day of an instant in the bond's own zone."""
        return to_date((time + 60 * self.utc_offset) // _DAY_SECONDS)

    def lead(self, due: date) -> int:
        """Unix time from which the days of a payment that is due on a day may be fixed."""
        return self.seconds(due, 0) - _LEAD_SECONDS

    def notice_until(self, on: date, notice_days: int) -> int:
        """The last instant at which a right may be used for a day."""
        return self.seconds(on - timedelta(days=notice_days), 0)

    def payment_days(self, due: date, workdays: Workdays) -> tuple[int, int, int, int]:
        """Record day, payment day, record time and payment time, by a calendar as it is published."""
        pay = workdays.roll(due, self.roll)
        record = workdays.before(pay, self.record_days)
        return (
            day_number(record),
            day_number(pay),
            self.seconds(record, self.cut_off),
            self.seconds(pay, 0),
        )


def text(raw: bytes) -> str:
    """The text of a fixed-size word, a letter for each byte up to its last zeros.

    Nobody has to publish ASCII: any bytes make a text, no two the same one, and ``code_of`` leads back.
    """
    return raw.rstrip(b"\0").decode("latin-1")


def code_of(text: str) -> bytes:
    """The eight bytes of a market's or a benchmark's code."""
    return text.encode("latin-1").ljust(8, b"\0")
