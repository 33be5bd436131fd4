"""Prices, yields and risk of one bond."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

import QuantLib as ql

from indenture.calendars import Calendar, load_calendar
from indenture.errors import InputError
from indenture.interest import (
    AS_SEALED,
    Fixing,
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
from .engine import paid_leg, ql_counter, ql_frequency, to_ql, unadjusted_leg
from .flows import Flow, flows_of
from .projection import project

_ACCURACY = 1e-14
_MOST_STEPS = 1000
_BASIS_POINT = 1e-4


class Compounding(Enum):
    """How a yield is compounded."""

    COMPOUNDED = ql.Compounded
    """As often as interest is paid."""
    SIMPLE = ql.Simple
    """Not at all."""
    SIMPLE_THEN_COMPOUNDED = ql.SimpleThenCompounded
    """Not within a period: money-market practice for the last one."""
    CONTINUOUS = ql.Continuous


@dataclass(frozen=True, slots=True)
class Measures:
    """Price, yield and risk on one settlement day; prices per 100 of the principal outstanding.

    Attributes:
        settlement: The day.
        clean: Price without accrued interest.
        accrued: Accrued interest.
        yield_to_maturity: As a fraction: 0.03 is 3 %.
        current_yield: A year's interest at the present rate by the clean price.
        macaulay: Macaulay duration, years; None where the yield is not compounded.
        modified: Modified duration, years.
        convexity: Years squared.
        dv01: Fall of the price for a rise of the yield by a basis point.
        assumed: What was assumed, in words.
    """

    settlement: date
    clean: float
    accrued: float
    yield_to_maturity: float
    current_yield: float
    macaulay: float | None
    modified: float
    convexity: float
    dv01: float
    assumed: tuple[str, ...]

    @property
    def dirty(self) -> float:
        """Price with accrued interest."""
        return self.clean + self.accrued


class Analysis:
    """The payments of one bond, and what they are worth.

    Prices are per 100 of the principal outstanding on the settlement day, after instalments and capitalised
    interest, and as indexed on that day. Yields are on unadjusted due days by the bond's own day count.
    ``records`` is the number of record dates that have passed on the settlement day: their payments are not
    the buyer's, and the price is ex-coupon. Left out, it is the number of periods that have ended.

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
        self._projection = project(
            interest,
            assumptions or Assumptions(),
            calendars=calendars,
            market=market,
            fixings=fixings,
            extended=extended,
            announced=announced,
            life=life,
        )
        self._grid = self._projection.grid
        #: What is paid, period by period, per 100 of face.
        self.flows: tuple[Flow, ...] = flows_of(self._projection)
        #: What was assumed, in words.
        self.assumed: tuple[str, ...] = self._projection.assumed
        self._counter = ql_counter(self._grid)
        self._leg = unadjusted_leg(self._grid, self.flows, self._counter)
        self._compounding = compounding
        self._frequency = ql_frequency(self._grid)

    # --- what is owed

    def outstanding(self, settlement: date) -> Fraction:
        """The principal outstanding after what is due by a day, as indexed on it; 1 = the face.

        Raises:
            InputError: The bond is not issued yet, or has ended.
        """
        period = self._period(settlement)
        factor = Fraction(factor_after(self._grid, period - 1, self._projection.fixings), FACTOR_SCALE)
        if self._grid.terms.kind is not CouponKind.INFLATION:
            return factor
        inflation = self._grid.terms.provisions.inflation
        ratio, _, _ = index_ratio(inflation, settlement, self._projection.market, fallback_days=None)
        return factor * Fraction(ratio, RATE_SCALE)

    def accrued(self, settlement: date, *, records: int | None = None) -> Fraction:
        """Interest accrued since the last due day, per 100 of the principal outstanding, exact.

        Raises:
            InputError: The bond is not issued yet, or has ended.
        """
        self._period(settlement)
        found = accrued(
            self._grid,
            settlement,
            records=records,
            fixings=self._projection.fixings,
            market=self._projection.market,
        )
        return found.amount * 100 / self._grid.terms.face_value / self.outstanding(settlement)

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
        outstanding = float(self.outstanding(settlement))
        days, rate = self._days(settlement), self._rate(yield_)
        worth = _asked("no price", lambda: ql.CashFlows.npv(self._buyers(records), rate, False, *days))
        return worth / outstanding

    def clean_price(self, yield_: float, settlement: date, *, records: int | None = None) -> float:
        """The price, without accrued interest, at which the bond yields so much; as ``dirty_price``."""
        earned = float(self.accrued(settlement, records=records))
        return self.dirty_price(yield_, settlement, records=records) - earned

    def yield_to_maturity(self, clean: float, settlement: date, *, records: int | None = None) -> float:
        """The yield at a clean price, as a fraction.

        Raises:
            InputError: The bond is not issued yet or has ended, or no yield fits the price.
        """
        value, days = self._value(clean, settlement, records), self._days(settlement)
        return _asked(
            f"no yield makes the price {clean} on {settlement}",
            lambda: ql.CashFlows.yieldRate(
                self._buyers(records),
                value,
                self._counter,
                self._compounding.value,
                self._frequency,
                False,
                *days,
                _ACCURACY,
                _MOST_STEPS,
            ),
        )

    def current_yield(self, clean: float, settlement: date) -> float:
        """A year's interest at the rate of the period, by the clean price."""
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
        self._period(settlement)
        day, rate = to_ql(settlement), self._rate(yield_)
        return _asked("no convexity", lambda: ql.CashFlows.convexity(self._buyers(records), rate, False, day))

    def dv01(self, yield_: float, settlement: date, *, records: int | None = None) -> float:
        """Fall of the price for a rise of the yield by a basis point."""
        price = self.dirty_price(yield_, settlement, records=records)
        return self.modified_duration(yield_, settlement, records=records) * price * _BASIS_POINT

    def z_spread(self, clean: float, settlement: date, curve: Curve, *, records: int | None = None) -> float:
        """What is to be added to all zero rates of a curve for them to give the price, as a fraction.

        Payments are discounted from their payment days, where those are known; yearly, as the curve.

        Raises:
            InputError: The curve ends before the last payment, or no spread fits the price.
        """
        days = self._days(settlement)
        leg = paid_leg([flow for flow in self.flows[records or 0 :] if flow.due > settlement])
        found = curve.from_day(settlement, max(flow.payment_day or flow.due for flow in self.flows))
        value = self._value(clean, settlement, records)
        return _asked(
            f"no spread makes the price {clean} on {settlement}",
            lambda: ql.CashFlows.zSpread(
                leg, value, found, ql.Compounded, ql.Annual, False, *days, _ACCURACY, _MOST_STEPS
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

    def _buyers(self, records: int | None) -> list[ql.CashFlow]:
        """What a buyer gets: no payment whose record date has passed."""
        return self._leg[records or 0 :]

    def _duration(self, yield_: float, settlement: date, kind: int, records: int | None) -> float:
        self._period(settlement)
        day, rate = to_ql(settlement), self._rate(yield_)
        return _asked(
            "no duration", lambda: ql.CashFlows.duration(self._buyers(records), rate, kind, False, day)
        )

    def _rate(self, yield_: float) -> ql.InterestRate:
        return ql.InterestRate(yield_, self._counter, self._compounding.value, self._frequency)

    def _value(self, clean: float, settlement: date, records: int | None) -> float:
        """The dirty price, per 100 of face."""
        earned = float(self.accrued(settlement, records=records))
        return (clean + earned) * float(self.outstanding(settlement))

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
