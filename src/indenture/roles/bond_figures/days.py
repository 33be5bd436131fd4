"""Periods and payment days of a bond, as announced or as the calendar gives them."""

from __future__ import annotations

from datetime import date, datetime

from indenture.calendars import Convention
from indenture.contracts import Bond, Suite
from indenture.dates import civil_day, instant
from indenture.errors import CalendarRefused, InputError
from indenture.models import PaymentDays
from indenture.money import Money
from indenture.roles._checks import is_whole, now
from indenture.schedule import period_of


class BondDays:
    """A reader of a bond's days.

    Args:
        suite: The contracts.
        bond: The bond, by wrapper, ISIN or address.
    """

    def __init__(self, suite: Suite, bond: Bond | str) -> None:
        self.suite = suite
        self.bond = suite.bond(bond)

    @property
    def today(self) -> date:
        """The chain's day, in the bond's zone."""
        return self._day_of(now(self.suite.chain))

    @property
    def last_period(self) -> int:
        """The last period, as renewed so far."""
        return self.bond.last_period()

    def payment_days(self, period: int) -> PaymentDays | None:
        """The days of a payment: as announced, or as the calendar gives them; None beyond its years."""
        self._check_period(period)
        if announced := self.bond.payment_days(period):
            return announced
        terms, calendar = self.bond.terms, self.suite.calendar
        try:
            pay_day = self._rolled(period)
            record_day = calendar.business_days_before(terms.calendar, pay_day, terms.record_business_days)
        except CalendarRefused:
            return None
        return PaymentDays(
            record_day=record_day,
            pay_day=pay_day,
            record_time=instant(record_day, terms.cut_off, terms.utc_offset),
            pay_time=instant(pay_day, 0, terms.utc_offset),
        )

    def records_at(self, time: datetime) -> int:
        """How many record dates have passed, or will have, at an instant; as far as the calendar is known."""
        count, last = self.bond.book().records, self.last_period
        while count < last and (days := self.payment_days(count + 1)) and days.record_time <= time:
            count += 1
        while count and (days := self.payment_days(count)) and days.record_time > time:
            count -= 1
        return count

    def period_of(self, day: date) -> int:
        """Number of the interest period that bears the interest of a day.

        Raises:
            InputError: The bond bears none on that day.
        """
        period = self._period_at(day)
        if not 1 <= period <= self.last_period:
            raise InputError(
                f"{self.bond.isin} bears no interest on {day}",
                hint=f"It does from {self.bond.terms.issue_day} to the day before it ends, "
                f"{self.bond.maturity_day()}.",
            )
        return period

    def period_near(self, day: date) -> int:
        """As ``period_of``; the first period before the issue, the last one after the end."""
        return min(max(1, self._period_at(day)), self.last_period)

    def money(self, base: int) -> Money:
        """An amount in the bond's currency."""
        return self.suite.money(self.bond.terms.currency, base)

    def _period_at(self, day: date) -> int:
        """Number of the period of a day; 0 before the issue, one more than all after the end."""
        last = self.last_period
        period = period_of(self.bond.terms.schedule, day, periods=last)
        if self.bond.terms.adjusted:
            if period > 1 and day < self._bound(min(period, last + 1) - 1):
                return period - 1
            if 1 <= period <= last and day >= self._bound(period):
                return period + 1
        return period

    def _check_period(self, period: int) -> None:
        last = self.last_period
        if not is_whole(period) or not 1 <= period <= last:
            raise InputError(
                f"{self.bond.isin} has no payment {period!r}", hint=f"They are numbered from 1 to {last}."
            )

    def _day_of(self, time: datetime) -> date:
        return civil_day(time, self.bond.terms.utc_offset)

    def _rolled(self, period: int) -> date:
        terms = self.bond.terms
        due = terms.due_day(period)
        if terms.roll is Convention.UNADJUSTED:
            return due
        return self.suite.calendar.roll(terms.calendar, due, terms.roll)

    def _bound(self, period: int) -> date:
        """The day on which an adjusted period ends."""
        if period == 0:
            return self.bond.terms.issue_day
        announced = self.bond.payment_days(period)
        return announced.pay_day if announced else self._rolled(period)
