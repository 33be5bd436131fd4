"""Prices, yields and risk of one bond."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import QuantLib as ql

from indenture.calendars import Calendar, load_calendar
from indenture.errors import InputError
from indenture.interest import (
    AS_SEALED,
    Fixing,
    Grid,
    InterestTerms,
    Life,
    Market,
    accrued,
    factor_after,
    index_ratio,
)
from indenture.provisions import FACTOR_SCALE, CouponKind
from indenture.rounding import RATE_SCALE
from indenture.termsheet import TermSheet

from .assumptions import Assumptions
from .curve import Curve
from .discounting import compoundings
from .engine import paid_leg, ql_counter, to_ql, unadjusted_leg
from .flows import Flow, flows_of
from .measures import Compounding, Measures
from .projection import project

_ACCURACY = 1e-14
_MOST_STEPS = 1000
_BASIS_POINT = 1e-4


class Analysis:
    """The payments of one bond, and what they are worth.

    Prices are per 100 of the principal that a buyer is owed on the settlement day, after instalments and
    capitalised interest, and as indexed on that day. Yields are on unadjusted due days by the bond's own day
    count. ``records`` is the number of record dates that have passed on the settlement day: their payments
    are not the buyer's, and the price is ex-coupon. What is due, and has its record date still to come, is
    the buyer's, and counts as paid at once. Left out, it is the number of periods that have ended.

    Args:
        terms: A term sheet, or what interest is computed from.
        calendars: Calendars by code; None for those that come with the package.
        assumptions: For what is neither fixed nor published.
        market: Published values; None for none.
        fixings: Of the first periods, in their order.
        extended: Periods by which the bond was renewed.
        announced: Payment days that are announced, by period.
        life: What has moved the bond off its terms.
        compounding: How yields are compounded.

    Raises:
        AssumptionMissing: The payments depend on something that is neither known nor assumed.
        CalendarYearMissing: Interest depends on business days of a year that is not published.
        InputError: A tender is to fix the rate, a calendar is missing, or the bond was made due.
    """

    def __init__(
        self,
        terms: TermSheet | InterestTerms,
        *,
        calendars: Mapping[str, Calendar] | None = None,
        assumptions: Assumptions | None = None,
        market: Market | None = None,
        fixings: Sequence[Fixing] = (),
        extended: int = 0,
        announced: Mapping[int, date] | None = None,
        life: Life = AS_SEALED,
        compounding: Compounding = Compounding.COMPOUNDED,
    ) -> None:
        if life.is_due:
            raise InputError(
                f"the bond was made due on {life.due_day}: it has a claim, and no payments",
                hint="It trades flat, at a price of its own.",
            )
        interest = terms.interest_terms if isinstance(terms, TermSheet) else terms
        if calendars is None:
            calendars = {interest.calendar: load_calendar(interest.calendar)} if interest.calendar else {}
        self._terms = interest
        self._told: dict[str, Any] = {
            "calendars": calendars,
            "market": market,
            "fixings": fixings,
            "extended": extended,
            "announced": announced,
            "life": life,
        }
        #: What was assumed.
        self.assumptions: Assumptions = assumptions or Assumptions()
        self._projection = project(interest, self.assumptions, **self._told)
        self._grid = self._projection.grid
        #: What is paid, period by period, per 100 of face.
        self.flows: tuple[Flow, ...] = flows_of(self._projection)
        #: What was assumed, in words.
        self.assumed: tuple[str, ...] = self._projection.assumed
        self._counter = ql_counter(self._grid)
        self._leg = unadjusted_leg(self._grid, self.flows, self._counter)
        self._compounding = compounding
        self._frequency = compoundings(self._grid)

    @property
    def grid(self) -> Grid:
        """The bond's days, with assumed renewals."""
        return self._grid

    def with_forward_rate(self, percent: Decimal) -> Analysis:
        """The same, were the benchmark to be another."""
        assumptions = replace(self.assumptions, forward_rate=percent)
        return Analysis(self._terms, assumptions=assumptions, compounding=self._compounding, **self._told)

    # --- what is owed

    def outstanding(self, settlement: date, *, records: int | None = None) -> Fraction:
        """The principal that a buyer is owed, as indexed on the settlement day; 1 = the face.

        What is left after the instalments that are due by then; without those whose record dates have passed
        before they are due, and with those whose record dates are still to come.

        Raises:
            InputError: The bond is not issued yet, or has ended, or all of it is the seller's.
        """
        period, passed = self._period(settlement), self._passed(settlement, records)
        factor = self._factor(period - 1)
        factor -= sum(self._repaid(k) for k in range(period, passed + 1))
        factor += sum(self._repaid(k) for k in range(passed + 1, period))
        if not factor:
            raise InputError(
                f"nothing is left to buy on {settlement}: the record date of the last payment is over",
                hint="Who was in the books then is repaid.",
            )
        if self._grid.terms.kind is not CouponKind.INFLATION:
            return factor
        inflation = self._grid.terms.provisions.inflation
        ratio, _, _ = index_ratio(inflation, settlement, self._projection.market, fallback_days=None)
        return factor * Fraction(ratio, RATE_SCALE)

    def accrued(self, settlement: date, *, records: int | None = None) -> Fraction:
        """Interest accrued since the last due day, per 100 of ``outstanding``, exact.

        Raises:
            InputError: The bond is not issued yet, or has ended.
        """
        outstanding = self.outstanding(settlement, records=records)
        found = accrued(
            self._grid,
            settlement,
            records=records,
            fixings=self._projection.fixings,
            market=self._projection.market,
        )
        return found.amount * 100 / self._grid.terms.face_value / outstanding

    def value(self, clean: float, settlement: date, *, records: int | None = None) -> float:
        """What a buyer pays at a clean price, per 100 of the face."""
        earned = float(self.accrued(settlement, records=records))
        return (clean + earned) * float(self.outstanding(settlement, records=records))

    # --- price and yield

    def dirty_price(self, yield_: float, settlement: date, *, records: int | None = None) -> float:
        """The price, with accrued interest, at which the bond yields so much.

        Args:
            yield_: As a fraction: 0.03 is 3 %.
            settlement: The day of payment.
            records: Record dates that have passed.

        Raises:
            InputError: The bond is not issued yet, or has ended.
        """
        outstanding = float(self.outstanding(settlement, records=records))
        leg, days, rate = self._buyers(settlement, records), self._days(settlement), self._rate(yield_)
        return _asked("no price", lambda: ql.CashFlows.npv(leg, rate, True, *days)) / outstanding

    def clean_price(self, yield_: float, settlement: date, *, records: int | None = None) -> float:
        """The price, without accrued interest, at which the bond yields so much; as ``dirty_price``."""
        earned = float(self.accrued(settlement, records=records))
        return self.dirty_price(yield_, settlement, records=records) - earned

    def yield_to_maturity(self, clean: float, settlement: date, *, records: int | None = None) -> float:
        """The yield at a clean price, as a fraction.

        Raises:
            InputError: The bond is not issued yet or has ended, or no yield fits the price.
        """
        value, days = self.value(clean, settlement, records=records), self._days(settlement)
        leg = self._buyers(settlement, records)
        return _asked(
            f"no yield makes the price {clean} on {settlement}",
            lambda: ql.CashFlows.yieldRate(
                leg,
                value,
                self._counter,
                self._compounding.value,
                self._frequency,
                True,
                *days,
                _ACCURACY,
                _MOST_STEPS,
            ),
        )

    def current_yield(self, clean: float, settlement: date) -> float:
        """A year's interest at the rate of the period, by the clean price.

        Raises:
            InputError: The price is not above zero.
        """
        if clean <= 0:
            raise InputError(f"a clean price of {clean} is no price", hint="Give it per 100, such as 100.40.")
        return float(self.flows[self._period(settlement) - 1].rate) / clean

    # --- risk

    def macaulay_duration(self, yield_: float, settlement: date, *, records: int | None = None) -> float:
        """Mean time to the payments, weighted by their present values, in years.

        Raises:
            InputError: The yield is not compounded.
        """
        if self._compounding is not Compounding.COMPOUNDED:
            raise InputError("Macaulay duration needs a compounded yield", hint="Use Compounding.COMPOUNDED.")
        return self._duration(yield_, settlement, ql.Duration.Macaulay, records)

    def modified_duration(self, yield_: float, settlement: date, *, records: int | None = None) -> float:
        """Relative fall of the dirty price for a rise of the yield, in years."""
        return self._duration(yield_, settlement, ql.Duration.Modified, records)

    def convexity(self, yield_: float, settlement: date, *, records: int | None = None) -> float:
        """Second derivative of the dirty price by the yield, by the price, in years squared."""
        leg, rate = self._buyers(settlement, records), self._rate(yield_)
        return _asked("no convexity", lambda: ql.CashFlows.convexity(leg, rate, True, to_ql(settlement)))

    def dv01(self, yield_: float, settlement: date, *, records: int | None = None) -> float:
        """Fall of the price for a rise of the yield by a basis point."""
        price = self.dirty_price(yield_, settlement, records=records)
        return self.modified_duration(yield_, settlement, records=records) * price * _BASIS_POINT

    def z_spread(self, clean: float, settlement: date, curve: Curve, *, records: int | None = None) -> float:
        """What is to be added to all zero rates of a curve for them to give the price, as a fraction.

        Payments are discounted from their payment days, where those are known, else from their due days;
        yearly, as the curve.

        Raises:
            InputError: The curve ends before the last payment, or no spread fits the price.
        """
        days = self._days(settlement)
        leg = paid_leg(self.flows[self._passed(settlement, records) :], settlement)
        found = curve.from_day(settlement, max(flow.payment_day or flow.due for flow in self.flows))
        value = self.value(clean, settlement, records=records)
        return _asked(
            f"no spread makes the price {clean} on {settlement}",
            lambda: ql.CashFlows.zSpread(
                leg, value, found, ql.Compounded, ql.Annual, True, *days, _ACCURACY, _MOST_STEPS
            ),
        )

    def measures(
        self,
        settlement: date,
        *,
        clean: float | None = None,
        yield_: float | None = None,
        records: int | None = None,
    ) -> Measures:
        """Everything at once, from a clean price or from a yield.

        Raises:
            InputError: Not exactly one of the two is given; and as the single methods.
        """
        if (clean is None) == (yield_ is None):
            raise InputError("measures need a clean price or a yield, and not both")
        if yield_ is None:
            yield_ = self.yield_to_maturity(clean or 0.0, settlement, records=records)
        if clean is None:
            clean = self.clean_price(yield_, settlement, records=records)
        is_compounded = self._compounding is Compounding.COMPOUNDED
        return Measures(
            settlement=settlement,
            clean=clean,
            accrued=float(self.accrued(settlement, records=records)),
            yield_to_maturity=yield_,
            current_yield=self.current_yield(clean, settlement),
            macaulay=self.macaulay_duration(yield_, settlement, records=records) if is_compounded else None,
            modified=self.modified_duration(yield_, settlement, records=records),
            convexity=self.convexity(yield_, settlement, records=records),
            dv01=self.dv01(yield_, settlement, records=records),
            assumed=self.assumed,
        )

    # --- inside

    def _passed(self, settlement: date, records: int | None) -> int:
        """Payments that are not a buyer's."""
        return self._period(settlement) - 1 if records is None else records

    def _buyers(self, settlement: date, records: int | None) -> list[ql.CashFlow]:
        """What a buyer gets; what is due already is paid at once."""
        passed = self._passed(settlement, records)
        due = [flow for flow in self.flows[passed:] if flow.due <= settlement]
        at_once = [ql.SimpleCashFlow(float(flow.total), to_ql(settlement)) for flow in due]
        return [*at_once, *self._leg[passed + len(due) :]]

    def _factor(self, period: int) -> Fraction:
        return Fraction(factor_after(self._grid, period, self._projection.fixings), FACTOR_SCALE)

    def _repaid(self, period: int) -> Fraction:
        """The share of the face that is repaid with a payment."""
        before = self._factor(period - 1)
        return before if period == self._grid.periods else max(Fraction(0), before - self._factor(period))

    def _duration(self, yield_: float, settlement: date, kind: int, records: int | None) -> float:
        leg, rate = self._buyers(settlement, records), self._rate(yield_)
        return _asked("no duration", lambda: ql.CashFlows.duration(leg, rate, kind, True, to_ql(settlement)))

    def _rate(self, yield_: float) -> ql.InterestRate:
        return ql.InterestRate(yield_, self._counter, self._compounding.value, self._frequency)

    def _days(self, settlement: date) -> tuple[ql.Date, ql.Date]:
        return to_ql(settlement), to_ql(settlement)

    def _period(self, settlement: date) -> int:
        """The period of a settlement day, by due days."""
        due = self._grid.due
        if not due[0] <= settlement < due[-1]:
            raise InputError(
                f"{settlement} is no settlement day of this bond",
                hint=f"It lives from {due[0]} to the day before {due[-1]}.",
            )
        return self._grid.period_of(settlement)


def _asked(what: str, ask: Callable[[], float]) -> float:
    """QuantLib's answer, or its refusal as an error of ours."""
    try:
        return float(ask())
    except RuntimeError as error:
        raise InputError(
            f"{what}: {error}",
            hint="Prices are clean, per 100 of the principal outstanding; yields are fractions.",
        ) from None
