"""Periods and payment days of a bond, as announced or as the calendar gives them."""

from __future__ import annotations

from datetime import date, datetime

from indenture.calendars import Convention
from indenture.contracts import Bond, BondBook, Suite, TermState
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
        """The last period, as moved; of a bond that was made due the one in which it was."""
        return self._term()[0]

    @property
    def maturity_day(self) -> date:
        """The day, unadjusted, on which the last period ends, as moved; in default when it was made due."""
        return self._term()[1]

    def due_day(self, period: int) -> date:
        """The day, unadjusted, on which a period ends, as moved."""
        last, day = self._term()
        return day if period == last else self.bond.terms.due_day(period)

    def payment_days(self, period: int) -> PaymentDays | None:
        """The days of a payment: as announced, or as the calendar gives them; None beyond its years.

        In default only recoveries have days, and what was recorded before.
        """
        self._check_period(period)
        if announced := self.bond.payment_days(period):
            return announced
        if self._state_of_default(self.bond.book()):
            return None
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
        book, last = self.bond.book(), self.last_period
        count = book.records
        if self._state_of_default(book):
            last = count + (1 if book.announced else 0)
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
                f"{self.maturity_day}.",
            )
        return period

    def period_near(self, day: date) -> int:
        """As ``period_of``; the first period before the issue, the last one after the end."""
        return min(max(1, self._period_at(day)), self.last_period)

    def money(self, base: int) -> Money:
        """An amount in the bond's currency."""
        return self.suite.money(self.bond.terms.currency, base)

    def _term(self) -> tuple[int, date]:
        """The last period, and the day, unadjusted, on which it ends."""
        book, terms = self.bond.book(), self.bond.terms
        if (state := self._state_of_default(book)) and state.due_day:
            return state.due_period, state.due_day
        last = book.last or terms.periods
        return last, book.maturity_day or terms.due_day(last)

    def _state_of_default(self, book: BondBook) -> TermState | None:
        """How a bond was made due; None where it was not. Only a bond whose term was moved can have been."""
        state = self.suite.servicing.state_of(self.bond.address) if book.last else None
        return state if state is not None and state.due_period else None

    def _last_number(self) -> int:
        """Number of the last payment: in default, that of the latest recovery where it is later."""
        book, last = self.bond.book(), self.last_period
        if not self._state_of_default(book):
            return last
        return max(last, book.records + (1 if book.announced else 0))

    def _period_at(self, day: date) -> int:
        """Number of the period of a day; 0 before the issue, one more than all after the end."""
        last, end = self._term()
        period = last + 1 if day >= end else period_of(self.bond.terms.schedule, day, periods=last)
        if self.bond.terms.adjusted:
            if period > 1 and day < self._bound(min(period, last + 1) - 1):
                return period - 1
            if 1 <= period <= last and day >= self._bound(period):
                return period + 1
        return period

    def _check_period(self, period: int) -> None:
        last = self._last_number()
        if not is_whole(period) or not 1 <= period <= last:
            raise InputError(
                f"{self.bond.isin} has no payment {period!r}", hint=f"They are numbered from 1 to {last}."
            )

    def _day_of(self, time: datetime) -> date:
        return civil_day(time, self.bond.terms.utc_offset)

    def _rolled(self, period: int) -> date:
        terms = self.bond.terms
        due = self.due_day(period)
        if terms.roll is Convention.UNADJUSTED:
            return due
        return self.suite.calendar.roll(terms.calendar, due, terms.roll)

    def _bound(self, period: int) -> date:
        """The day on which an adjusted period ends."""
        if period == 0:
            return self.bond.terms.issue_day
        announced = self.bond.payment_days(period)
        return announced.pay_day if announced else self._rolled(period)
