"""A bond at a moment, with all that its amounts follow from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from math import floor

from indenture.audit.model.benchmarks import Benchmark
from indenture.audit.model.dates import to_date
from indenture.audit.model.daycount import year_fraction
from indenture.audit.model.schedule import DAYS, Schedule
from indenture.audit.model.terms import Terms
from indenture.audit.model.workdays import Workdays

FACTOR_ONE = 10**18
MOST_FACTOR = 2**70
RATE_ONE = 10**9

_LONGEST_CLOSURE = timedelta(days=31)


class NotKnown(LookupError):
    """A figure was asked for that terms and events do not give yet, or at all."""


@dataclass(frozen=True, slots=True)
class Fixing:
    """The figures of a period; ``fixed_at`` is 0 when only a deferral is known."""

    rate: int = 0
    source: int = 0
    is_deferred: bool = False
    fixed_at: int = 0
    value: int = 0
    day: int = 0
    index_ratio: int = 0
    factor: int = 0
    arrears: int = 0


NOT_FIXED = Fixing()


@dataclass(frozen=True, slots=True)
class PartialCall:
    """A redemption of a part of every unit; share and price in billionths."""

    period: int
    share: int
    price: int


@dataclass(frozen=True, slots=True)
class Version:
    """Terms, and the first period to which they apply."""

    first: int
    terms: Terms


@dataclass(frozen=True)
class Deal:
    """A bond at a moment.

    Attributes:
        terms: Those in force at the start of the period that is looked at; see ``at``.
        last: The last period, as moved so far.
        pay_days: Announced payment days by period.
        fixings: What was fixed, by period.
        workdays: The calendar of a market, as it is published.
        benchmarks: By code.
        time: The moment, Unix time.
        maturity: Where the last period ends on another day than the schedule says.
        calls: Redemptions in part.
        price: Of the principal at the last payment, billionths; 0 for par.
        extended: First period of an extension, and its rate; zeros without one.
        versions: The sealed terms, then each later version; empty where there is none.
        first: The first period to which ``terms`` apply; 0 for the sealed ones.
        is_due: Whether the bond was made due: its last period ends on that day, whatever day it is.
    """

    terms: Terms
    last: int
    pay_days: Mapping[int, int] = field(default_factory=dict)
    fixings: Mapping[int, Fixing] = field(default_factory=dict)
    workdays: Callable[[str], Workdays] = Workdays
    benchmarks: Mapping[bytes, Benchmark] = field(default_factory=dict)
    time: int = 0
    maturity: date | None = None
    calls: tuple[PartialCall, ...] = ()
    price: int = 0
    extended: tuple[int, int] = (0, 0)
    versions: tuple[Version, ...] = ()
    first: int = 0
    is_due: bool = False

    def at(self, period: int) -> Deal:
        """The bond with the terms of a period; period 0 for those that were sealed."""
        if not self.versions:
            return self
        found = [version for version in self.versions if version.first <= period][-1]
        return replace(self, terms=found.terms, first=found.first)

    # --- days

    @property
    def today(self) -> date:
        """The civil day in the bond's own zone."""
        return self.terms.today(self.time)

    @cached_property
    def schedule(self) -> Schedule:
        """With the end where it was moved to."""
        return self.terms.schedule.moved(self.last, self.maturity)

    def due(self, period: int) -> date:
        """The unadjusted end of a period."""
        return self.schedule.due(period)

    def ends(self, period: int) -> date:
        """Where the interest of a period ends: its due day; if adjusted, the day that it is paid on.

        None ends before the issue day, whatever way the first one is rolled; nor, where periods are days,
        before an earlier one, though a closure that was declared between two announcements turned them round.
        """
        if not self.terms.adjusted or period == 0 or (self.is_due and period == self.last):
            return self.due(period)
        ends = max(self._rolled(period), self.schedule.issue)
        earlier = period - 1
        while (
            self.schedule.unit == DAYS and earlier and self.due(period) - self.due(earlier) < _LONGEST_CLOSURE
        ):
            ends = max(ends, self._rolled(earlier))
            earlier -= 1
        return ends

    def _rolled(self, period: int) -> date:
        if period in self.pay_days:
            return to_date(self.pay_days[period])
        return self.workdays(self.terms.market).roll(self.due(period), self.terms.roll)

    def period_of(self, on: date) -> int:
        """The period in whose interest a day lies, from 1."""
        if on >= self.ends(self.last):
            raise NotKnown(f"no interest runs on {on}")
        return next(k for k in range(1, self.last + 1) if on < self.ends(k))

    def period_on(self, on: date) -> int:
        """The same; the last one from its end on."""
        return self.last if on >= self.ends(self.last) else self.period_of(on)

    def fraction(self, start: date, end: date) -> Fraction:
        """A stretch of days as a fraction of a year."""
        terms = self.terms
        return year_fraction(terms.day_count, start, end, self.schedule, self.workdays(terms.market))

    def whole(self, period: int) -> Fraction:
        """A whole period as a fraction of a year."""
        return self.fraction(self.ends(period - 1), self.ends(period))

    # --- what terms and fixings give for a period

    def sealed_rate(self, period: int) -> int:
        """The rate that terms and an extension give: the coupon, or the last step so far."""
        first, rate = self.extended
        if first and period >= first:
            return rate
        steps = [step.rate for step in self.terms.provisions.steps if step.period <= period]
        return int(steps[-1]) if steps else self.terms.rate

    def fixed(self, period: int) -> Fixing:
        """The figures of a period that is fixed."""
        found = self.fixings.get(period, NOT_FIXED)
        if not found.fixed_at:
            raise NotKnown(f"period {period} is not fixed")
        return found

    def before(self, period: int) -> Fixing:
        """The figures of the period before; those that terms begin with where none were fixed before them."""
        if period > 1:
            found = self.fixings.get(period - 1, NOT_FIXED)
            if found.fixed_at or period != self.first:
                return found
        earlier = self.at(period - 1).sealed_rate(period - 1) if period > 1 else self.terms.rate
        return Fixing(rate=earlier, factor=self.scheduled_factor(period - 1))

    def is_deferred(self, period: int) -> bool:
        """Whether the issuer deferred the interest of a period."""
        return self.fixings.get(period, NOT_FIXED).is_deferred

    def is_capitalised(self, period: int) -> bool:
        """Whether the interest of a period is added to the principal; that of the last one never is."""
        return period <= int(self.terms.provisions.capitalisedUntil) and period < self.last

    def scheduled_factor(self, period: int) -> int:
        """Principal of a unit after a period by instalments and calls in part, 1e18 = the face."""
        repaid = sum(i.share for i in self.terms.provisions.instalments if i.period <= period)
        called = sum(call.share for call in self.calls if call.period <= period)
        return FACTOR_ONE - (int(repaid) + called) * (FACTOR_ONE // RATE_ONE)

    def factor_before(self, period: int) -> int:
        """Principal of a unit at the start of a period, 1e18 = the face."""
        if not self.terms.provisions.capitalisedUntil:
            return self.scheduled_factor(period - 1)
        return FACTOR_ONE if period == 1 else self.fixed(period - 1).factor

    def grown(self, arrears: int, rate: int, fraction: Fraction) -> int:
        """Arrears after a stretch of days, if they bear interest."""
        bears = self.terms.provisions.deferral.bearsInterest
        return arrears + growth(arrears, rate, fraction) if bears else arrears

    def rolled(self, period: int, rate: int, *, deferred: bool) -> tuple[int, int]:
        """Factor and arrears after a period at a rate."""
        before = self.before(period)
        if self.terms.provisions.instalments or self.calls:
            return self.scheduled_factor(period), 0
        if not deferred and not self.is_capitalised(period):
            return before.factor, 0
        fraction = self.whole(period)
        added = growth(before.factor, rate, fraction)
        if deferred:
            return before.factor, min(self.grown(before.arrears, rate, fraction) + added, MOST_FACTOR)
        return min(before.factor + added, MOST_FACTOR), 0


def growth(amount: int, rate: int, fraction: Fraction) -> int:
    """What interest adds to a factor or to arrears, rounded down to 1e-18."""
    return floor(amount * Fraction(rate, RATE_ONE) * fraction)
