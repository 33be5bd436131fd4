"""A bond at a moment, with all that its amounts follow from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor

from indenture.audit.model.benchmarks import Benchmark
from indenture.audit.model.dates import to_date
from indenture.audit.model.daycount import year_fraction
from indenture.audit.model.terms import Terms
from indenture.audit.model.workdays import Workdays

FACTOR_ONE = 10**18
MOST_FACTOR = 2**70
RATE_ONE = 10**9


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


@dataclass(frozen=True)
class Deal:
    """A bond at a moment.

    Attributes:
        last: The last period, as renewed so far.
        pay_days: Announced payment days by period.
        fixings: What was fixed, by period.
        workdays: The calendar of a market, as it is published.
        benchmarks: By code.
        time: The moment, Unix time.
    """

    terms: Terms
    last: int
    pay_days: Mapping[int, int] = field(default_factory=dict)
    fixings: Mapping[int, Fixing] = field(default_factory=dict)
    workdays: Callable[[str], Workdays] = Workdays
    benchmarks: Mapping[bytes, Benchmark] = field(default_factory=dict)
    time: int = 0

    # --- days

    @property
    def today(self) -> date:
        """The civil day in the bond's own zone."""
        return self.terms.today(self.time)

    def ends(self, period: int) -> date:
        """Where the interest of a period ends: its due day; if adjusted, the day that it is paid on.

        None ends before the issue day, whatever way the first one is rolled.
        """
        if not self.terms.adjusted or period == 0:
            return self.terms.due_date(period)
        if period in self.pay_days:
            return max(to_date(self.pay_days[period]), self.terms.schedule.issue)
        rolled = self.workdays(self.terms.market).roll(self.terms.due_date(period), self.terms.roll)
        return max(rolled, self.terms.schedule.issue)

    def period_of(self, on: date) -> int:
        """The period in whose interest a day lies, from 1."""
        if on >= self.ends(self.last):
            raise NotKnown(f"no interest runs on {on}")
        return next(k for k in range(1, self.last + 1) if on < self.ends(k))

    def fraction(self, start: date, end: date) -> Fraction:
        """A stretch of days as a fraction of a year."""
        terms = self.terms
        return year_fraction(terms.day_count, start, end, terms.schedule, self.workdays(terms.market))

    def whole(self, period: int) -> Fraction:
        """A whole period as a fraction of a year."""
        return self.fraction(self.ends(period - 1), self.ends(period))

    # --- what terms and fixings give for a period

    def sealed_rate(self, period: int) -> int:
        """The rate that the terms alone give: the coupon, or the last step so far."""
        steps = [step.rate for step in self.terms.provisions.steps if step.period <= period]
        return int(steps[-1]) if steps else self.terms.rate

    def fixed(self, period: int) -> Fixing:
        """The figures of a period that is fixed."""
        found = self.fixings.get(period, NOT_FIXED)
        if not found.fixed_at:
            raise NotKnown(f"period {period} is not fixed")
        return found

    def before(self, period: int) -> Fixing:
        """The figures of the period before; those of the issue before the first."""
        if period == 1:
            return Fixing(rate=self.terms.rate, factor=FACTOR_ONE)
        return self.fixings.get(period - 1, NOT_FIXED)

    def is_deferred(self, period: int) -> bool:
        """Whether the issuer deferred the interest of a period."""
        return self.fixings.get(period, NOT_FIXED).is_deferred

    def is_capitalised(self, period: int) -> bool:
        """Whether the interest of a period is added to the principal."""
        return period <= int(self.terms.provisions.capitalisedUntil)

    def scheduled_factor(self, period: int) -> int:
        """Principal of a unit after a period by the instalments alone, 1e18 = the face."""
        repaid = sum(i.share for i in self.terms.provisions.instalments if i.period <= period)
        return FACTOR_ONE - int(repaid) * (FACTOR_ONE // RATE_ONE)

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
        if self.terms.provisions.instalments:
            return self.scheduled_factor(period), 0
        if not deferred and not self.is_capitalised(period):
            return before.factor, 0
        fraction = self.whole(period)
        added = growth(before.factor, rate, fraction)
        if deferred:
            return before.factor, self.grown(before.arrears, rate, fraction) + added
        return min(before.factor + added, MOST_FACTOR), 0


def growth(amount: int, rate: int, fraction: Fraction) -> int:
    """What interest adds to a factor or to arrears, rounded down to 1e-18."""
    return floor(amount * Fraction(rate, RATE_ONE) * fraction)
