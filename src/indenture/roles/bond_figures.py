"""What a bond pays and is worth, as the contracts compute it: fixings, factors, accrued interest, flows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from indenture.calendars import Convention
from indenture.contracts import BenchmarkState, Bond, EscrowState, Suite
from indenture.contracts._base import checksum_address, text_of
from indenture.contracts.servicing import unit_payment_of
from indenture.dates import civil_day, from_day_number, from_timestamp, instant
from indenture.errors import CalendarRefused, ContractRevert, FixingRefused, InputError
from indenture.figures import (
    AccruedInterest,
    FlowState,
    HoldingFlow,
    OpenPeriod,
    PeriodFixing,
    TaxedPayment,
)
from indenture.interest import BenchmarkKind, Fixing, UnitPayment, interest_of, needs_fixing, principal_of
from indenture.interest.benchmark import month_of
from indenture.interest.rates import scheduled_factor
from indenture.models import PaymentDays
from indenture.money import Money
from indenture.provisions import FACTOR_SCALE, CouponKind
from indenture.roles._checks import is_whole, now, whole_units
from indenture.roles._values import PER_100_PLACES, factor, level, percent, rounded, towards_zero
from indenture.rounding import RATE_SCALE
from indenture.schedule import period_of

_PLAIN_VALUES = (CouponKind.INFLATION, CouponKind.KPI)
_NOBODY = "0x" + "0" * 40


class BondFigures:
    """A reader of one bond; it holds no key, and everything it says comes from the chain.

    Args:
        suite: The contracts.
        bond: The bond, by wrapper, ISIN or address.
    """

    def __init__(self, suite: Suite, bond: Bond | str) -> None:
        self.suite = suite
        self.bond = suite.bond(bond)

    # Days

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

    # Fixings

    def fixings(self) -> tuple[PeriodFixing, ...]:
        """The figures of every period that is fixed, in order; none for a bond whose terms say all."""
        count = self.suite.servicing.fixed_periods(self.bond.address)
        found = self.suite.servicing.fixings(self.bond.address, range(1, count + 1))
        return tuple(self.shown(each) for each in found if each is not None)

    def fixing(self, period: int) -> PeriodFixing | None:
        """The figures of a period; None while they are not fixed."""
        self._check_period(period)
        found = self.suite.servicing.fixing(self.bond.address, period)
        return None if found is None else self.shown(found)

    def next_fixing(self) -> OpenPeriod | None:
        """The next period to be fixed, and what it waits for; None where nothing is left to fix."""
        bond, servicing = self.bond, self.suite.servicing
        if not self.needs_fixing:
            return None
        period = servicing.fixed_periods(bond.address) + 1
        if period > self.last_period:
            return None
        try:
            self.suite.chain.call(servicing.fix(bond.address, period))
        except FixingRefused as refused:
            return self._open_period(period, refused)
        return OpenPeriod(bond.address, bond.isin, period)

    @property
    def needs_fixing(self) -> bool:
        """Whether its periods are fixed one by one, because more than the terms decides on what they pay."""
        return needs_fixing(self.bond.terms.interest_terms)

    def shown(self, found: Fixing) -> PeriodFixing:
        """A fixing of this bond for people."""
        kind = self.bond.terms.kind
        observed = level if kind in _PLAIN_VALUES else percent
        return PeriodFixing(
            bond=self.bond.address,
            period=found.period,
            rate=percent(found.rate),
            source=found.source,
            is_deferred=found.is_deferred,
            value=None if found.day is None else observed(found.value),
            day=found.day,
            index_ratio=level(found.index_ratio) if kind is CouponKind.INFLATION else None,
            factor=factor(found.factor),
            arrears=factor(found.arrears),
            fixed_at=from_timestamp(found.fixed_at),
        )

    # Factors and values

    def pool_factor(self, on: date | None = None) -> Decimal:
        """Principal of a unit on a day, 1 = the face; None for today.

        Raises:
            FixingRefused: Interest is added to the principal, and the period before is not fixed.
        """
        period = self.period_of(on or self.today)
        return factor(self.suite.servicing.pool_factor(self.bond.address, period))

    def accreted_value(self, on: date | None = None) -> Decimal:
        """What a unit is worth on a day by its terms, in the currency; the face for a bond with coupon."""
        value = self.suite.servicing.accreted_value(self.bond.address, on or self.today)
        currency = self.suite.currency_at(self.bond.terms.currency)
        with localcontext(prec=78):
            return factor(value).scaleb(-currency.decimals)

    # Payments

    def payment(self, period: int, units: int, account: str | None = None) -> TaxedPayment:
        """What a payment comes to for some units, with the tax that an account would lose today.

        Args:
            period: Number of the payment.
            units: Units held.
            account: Whose class decides on the tax; None for no tax.

        Raises:
            FixingRefused: The period is not fixed.
        """
        self._check_period(period)
        each = self._each(period)
        rate, tax_account = self._tax(account)
        interest = interest_of(each, whole_units(units))
        return TaxedPayment(
            bond=self.bond.address,
            period=period,
            units=units,
            interest=self.money(interest),
            principal=self.money(principal_of(each, units)),
            tax=self.money(interest * rate // RATE_SCALE),
            tax_account=tax_account,
        )

    def cash_flows(self, account: str) -> tuple[HoldingFlow, ...]:
        """What an account gets, or got, with every payment of the bond: what is known, and what is open."""
        holder = checksum_address(account, "holder")
        address, last = self.bond.address, self.last_period
        numbers = range(1, last + 1)
        servicing, chain = self.suite.servicing, self.suite.chain
        units = self._units(holder, last)
        escrows = [
            EscrowState.of(raw)
            for raw in chain.call_many([servicing.call("payment", address, k) for k in numbers])
        ]
        computed = chain.call_many([servicing.call("unitPayment", address, k) for k in numbers], errors=True)
        announced = chain.call_many([self.bond.call("paymentDays", k) for k in numbers])
        paid = chain.call_many([self.bond.call("isPaid", holder, k) for k in numbers])
        rate, _ = self._tax(holder)
        flows = []
        for k, escrow, raw, days, is_paid in zip(numbers, escrows, computed, announced, paid, strict=True):
            if not units[k - 1]:
                continue
            each = escrow.each or _known(raw)
            state = FlowState.PAID if is_paid else FlowState.FUNDED if escrow.each else FlowState.FIXED
            pay_day = from_day_number(days.payDay) if days.payTime else None
            flows.append(self._flow(k, pay_day, units[k - 1], each, state, rate))
        return tuple(flows)

    # Accrued interest

    def accrued(
        self, units: int, on: date | None = None, *, traded_at: datetime | None = None
    ) -> AccruedInterest:
        """Interest that units have accrued on a day, as a buyer would pay it to a seller.

        Before the issue it is nothing, after the last due day, while the books are open, the whole coupon.

        Args:
            units: Units held.
            on: Value day; None for today.
            traded_at: When the trade is agreed, which decides whose coupons are; None for now, and for a day
                that is not today its start.

        Raises:
            FixingRefused: The rate of the period is not known yet.
            TermsRefused: The books are closed by then.
        """
        whole_units(units)
        time = now(self.suite.chain)
        day = on or self._day_of(time)
        at = traded_at or (time if day == self._day_of(time) else self._start_of(day))
        place = self._period_at(day)
        period = min(max(1, place), self.last_period)
        records = self._records_for(period, at)
        exact = self.suite.servicing.accrued_per_unit(self.bond.address, day, records)
        has_coupon = self.bond.terms.kind is not CouponKind.ZERO
        return AccruedInterest(
            bond=self.bond.address,
            units=units,
            day=day,
            period=period,
            amount=self.money(towards_zero(exact * units)),
            per_100=self.per_100(exact),
            is_ex=has_coupon and records >= period,
            is_pending=has_coupon and records + 1 < place,
        )

    def money(self, base: int) -> Money:
        """An amount in the bond's currency."""
        return self.suite.money(self.bond.terms.currency, base)

    def per_100(self, each: Fraction) -> Decimal:
        """Base units of one unit as a price per 100 of its face."""
        return rounded(each * 100 / self.bond.terms.face_value, PER_100_PLACES)

    # Helpers

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

    def _start_of(self, day: date) -> datetime:
        return instant(day, 0, self.bond.terms.utc_offset)

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

    def _records_for(self, period: int, at: datetime) -> int:
        """Record dates passed; those beyond the calendar pass before their periods end."""
        count = self.records_at(at)
        if count + 1 < period and self.payment_days(count + 1) is None:
            return period - 1
        return count

    def _each(self, period: int) -> UnitPayment:
        escrow = self.suite.servicing.payment(self.bond.address, period)
        return escrow.each or self.suite.servicing.unit_payment(self.bond.address, period)

    def _tax(self, account: str | None) -> tuple[int, str | None]:
        if account is None or not self.bond.terms.provisions.withholdings:
            return 0, None
        tax_account, (rate,) = self.suite.servicing.tax_rates(self.bond.address, [account])
        return rate, tax_account if tax_account != _NOBODY else None

    def _units(self, holder: str, last: int) -> list[int]:
        """Units by payment: at its record date, less those whose payment was sold; now if it is to come."""
        records = self.bond.book().records
        passed: Sequence[int] = range(1, records + 1)
        chain, servicing, address = self.suite.chain, self.suite.servicing, self.bond.address
        held = chain.call_many([self.bond.call("unitsAt", holder, k) for k in passed])
        sold = chain.call_many([servicing.call("transferredBy", address, k, holder) for k in passed])
        kept = [units - given for units, given in zip(held, sold, strict=True)]
        return [*kept, *[self.bond.balance_of(holder)] * (last - records)]

    def _flow(
        self,
        period: int,
        pay_day: date | None,
        units: int,
        each: UnitPayment | None,
        state: FlowState,
        rate: int,
    ) -> HoldingFlow:
        due = self.bond.terms.due_day(period)
        if each is None:
            principal = self._sealed_principal(period, units)
            return HoldingFlow(period, due, pay_day, units, None, principal, None, FlowState.OPEN)
        interest = interest_of(each, units)
        return HoldingFlow(
            period=period,
            due=due,
            pay_day=pay_day,
            units=units,
            interest=self.money(interest),
            principal=self.money(principal_of(each, units)),
            tax=self.money(interest * rate // RATE_SCALE),
            state=state,
        )

    def _sealed_principal(self, period: int, units: int) -> Money | None:
        """Principal of a period that is not fixed, where the terms alone say it."""
        terms = self.bond.terms
        if terms.kind is CouponKind.INFLATION or terms.provisions.capitalised_until:
            return None
        sealed = terms.interest_terms
        repaid = scheduled_factor(sealed, period - 1)
        if period < self.last_period:
            repaid -= scheduled_factor(sealed, period)
        elif terms.provisions.renewal.periods:
            return None  # it may be renewed
        return self.money(units * terms.face_value * repaid // FACTOR_SCALE)

    def _open_period(self, period: int, refused: FixingRefused) -> OpenPeriod:
        bond, args = self.bond, refused.args_by_name
        if refused.name == "FixingTooEarly":
            return OpenPeriod(bond.address, bond.isin, period, from_day=_day(args["day"]))
        if refused.name != "FixingNotPublished":
            raise refused
        word = args["benchmark"]
        code = text_of(word) if isinstance(word, bytes) else ""
        found = self.suite.benchmarks.benchmark(code)
        day = self._awaited(period, _day(args["day"]), found)
        published = self.suite.benchmarks.publication(code, day)
        fallback_from = _day(args["fallbackDay"])
        if bond.terms.kind is CouponKind.KPI:  # a figure is awaited from the start of the period on
            fallback_from = self._start(period) + timedelta(days=bond.terms.provisions.fallback_days)
        return OpenPeriod(
            bond.address,
            bond.isin,
            period,
            benchmark=code,
            day=day,
            fallback_from=fallback_from,
            published_until=found.last_day if found else None,
            counts_from=published.final_at if published else None,
        )

    def _awaited(self, period: int, day: date, found: BenchmarkState | None) -> date:
        """The day whose value is missing: the contract names the one that it is observed for.

        For a price index that is a month; for a compounded rate, the last night before the day.
        """
        terms = self.bond.terms
        inflation = terms.provisions.inflation
        if terms.kind is CouponKind.INFLATION:
            due = terms.due_day(period)
            months = [month_of(due, inflation.lag_months), month_of(due, inflation.lag_months - 1)]
            known = self.suite.benchmarks.value_on(inflation.benchmark, months[0])
            return months[0] if known is None or not inflation.interpolated else months[1]
        if found is not None and found.benchmark.kind is BenchmarkKind.OVERNIGHT:
            return self.suite.calendar.business_days_before(found.benchmark.market, day, 1)
        return day

    def _start(self, period: int) -> date:
        terms = self.bond.terms
        return self._bound(period - 1) if terms.adjusted else terms.due_day(period - 1)


def _day(value: object) -> date:
    return from_day_number(int(str(value)))


def _known(raw: Any) -> UnitPayment | None:
    """A unit payment, or None where the chain refused to compute it."""
    if isinstance(raw, ContractRevert):
        if isinstance(raw, FixingRefused | CalendarRefused):
            return None
        raise raw
    return unit_payment_of(raw)
