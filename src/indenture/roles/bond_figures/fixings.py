"""What is fixed for each period of a bond, and what the next one waits for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from indenture.contracts import BenchmarkState, BondTerms
from indenture.contracts._base import text_of
from indenture.dates import from_day_number, from_timestamp
from indenture.errors import FixingRefused
from indenture.figures import OpenPeriod, PeriodFixing
from indenture.interest import BenchmarkKind, Fixing, needs_fixing
from indenture.interest.benchmark import month_of
from indenture.provisions import CouponKind
from indenture.roles._values import factor, level, percent
from indenture.roles.bond_figures.lives import BondLives

_PLAIN_VALUES = (CouponKind.INFLATION, CouponKind.KPI)


class BondFixings(BondLives):
    """A reader of a bond's fixings."""

    def fixings(self) -> tuple[PeriodFixing, ...]:
        """The figures of every period that is fixed, in order; none for a bond whose terms say all."""
        count = self.suite.servicing.fixed_periods(self.bond.address)
        found = self.suite.servicing.fixings(self.bond.address, range(1, count + 1))
        starts = self._starts()
        return tuple(self._shown(each, _kind_at(starts, each.period)) for each in found if each is not None)

    def fixing(self, period: int) -> PeriodFixing | None:
        """The figures of a period; None while they are not fixed."""
        self._check_period(period)
        found = self.suite.servicing.fixing(self.bond.address, period)
        return None if found is None else self.shown(found)

    def next_fixing(self) -> OpenPeriod | None:
        """The next period to be fixed, and what it waits for; None where nothing is left to fix."""
        bond, servicing = self.bond, self.suite.servicing
        period = self.next_period()
        if period is None or period > self.last_period:
            return None
        try:
            self.suite.chain.call(servicing.fix(bond.address, period))
        except FixingRefused as refused:
            return self._open_period(period, refused)
        return OpenPeriod(bond.address, bond.isin, period)

    def next_period(self) -> int | None:
        """The next period whose terms leave something open; a later version may be the first that does."""
        following = self.suite.servicing.fixed_periods(self.bond.address) + 1
        found = None
        for start, terms in self._starts():
            if start <= following:
                found = following if needs_fixing(terms.interest_terms) else None
            elif found is None and needs_fixing(terms.interest_terms):
                return start
        return found

    @property
    def needs_fixing(self) -> bool:
        """Whether its periods are fixed one by one, because more than the terms decides on what they pay."""
        return any(needs_fixing(terms.interest_terms) for _, terms in self._starts())

    def shown(self, found: Fixing) -> PeriodFixing:
        """A fixing of this bond for people."""
        return self._shown(found, _kind_at(self._starts(), found.period))

    def _shown(self, found: Fixing, kind: CouponKind) -> PeriodFixing:
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

    def _starts(self) -> list[tuple[int, BondTerms]]:
        """First period and terms of each version."""
        if not self.suite.servicing.state_of(self.bond.address).versions:
            return [(0, self.bond.terms)]
        return [(version.from_period, version.terms) for version in self.versions()]

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
        terms = self.terms_of(period)
        if terms.kind is CouponKind.KPI:  # a figure is awaited from the start of the period on
            fallback_from = self._start(period) + timedelta(days=terms.provisions.fallback_days)
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
        terms = self.terms_of(period)
        inflation = terms.provisions.inflation
        if terms.kind is CouponKind.INFLATION:
            due = self.due_day(period)
            months = [month_of(due, inflation.lag_months), month_of(due, inflation.lag_months - 1)]
            known = self.suite.benchmarks.value_on(inflation.benchmark, months[0])
            return months[0] if known is None or not inflation.interpolated else months[1]
        if found is not None and found.benchmark.kind is BenchmarkKind.OVERNIGHT:
            return self.suite.calendar.business_days_before(found.benchmark.market, day, 1)
        return day

    def _start(self, period: int) -> date:
        terms = self.bond.terms
        return self._bound(period - 1) if terms.adjusted else terms.due_day(period - 1)


def _kind_at(starts: Sequence[tuple[int, BondTerms]], period: int) -> CouponKind:
    """What kind the interest of a period is, by the version of the terms that applies to it."""
    return [terms.kind for start, terms in starts if start <= period][-1]


def _day(value: object) -> date:
    return from_day_number(int(str(value)))
