"""Bonds whose figures are fixed period by period: the contracts against the model, from issue to the end.

A life is a walk over days. On each, what is due is published, some of it late or never; then each right is
tried and each fixing, in order and out of it, on the days before and after each deadline.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evm.builders import day_of
from tests.evm.chain import Reverted
from tests.evm.world import World
from tests.unit.engine.strategies import (
    Case,
    fixed_right_cases,
    floating_cases,
    inflation_cases,
    kpi_cases,
    zero_terms,
)
from tests.unit.engine.twin import CALENDARS, Refusal, Twin, runs

from indenture.interest import Benchmark, BenchmarkKind, InterestTerms
from indenture.interest.errors import InterestError

pytestmark = pytest.mark.unit

DAY = timedelta(days=1)
LIVES = runs(40)


class Life:
    """A twin, and what is still to be published for it."""

    def __init__(self, world: World, case: Case, data: st.DataObject) -> None:
        self.terms, self.benchmarks = case
        self.data = data
        self.twin = Twin(world, self.terms, self.benchmarks)
        self.wanted = {each.code: iter(list(self._values(each))) for each in self.benchmarks}
        self.next = {name: next(values, None) for name, values in self.wanted.items()}

    # --- what is published

    def _values(self, benchmark: Benchmark) -> Iterator[tuple[date, date, int]]:
        """For each day of a benchmark: when it is published, and what. Some are late, some never come."""
        s, draw = self.terms.schedule, self.data.draw
        gap = draw(st.sampled_from([0, 0, 1, 4, 40]), "days of silence")
        silent = draw(st.integers(0, (s.maturity_day - s.issue_day).days), "silence")
        start, end = s.issue_day - timedelta(days=20), s.maturity_day + timedelta(days=5)
        hush = range(silent, silent + gap)
        seed = draw(st.integers(0, 10**6), "seed")
        late = draw(st.sampled_from([0, 1, 3]), "days late")
        for number, day in enumerate(_days(benchmark, start, end)):
            value = _value(benchmark.kind, seed, number)
            if benchmark.kind is BenchmarkKind.OVERNIGHT:
                # Nights come one after the other: silence is a delay.
                delay = gap if (day - s.issue_day).days in hush else late
                yield day + timedelta(days=delay), day, value
            elif (day - s.issue_day).days not in hush:
                yield day + timedelta(days=late), day, value

    def publish(self) -> None:
        """All that is due by now, in order; an overnight rate waits until the one before counts."""
        for name in self.wanted:
            while (found := self.next[name]) is not None and found[0] <= self.twin.today:
                _, day, value = found
                if not self._is_published(name, day, value):
                    break
                self.next[name] = next(self.wanted[name], None)

    def _is_published(self, name: str, day: date, value: int) -> bool:
        try:
            self.twin.publish(name, day, value)
        except Refusal:
            return False  # on both sides: a night before it can still be corrected
        return True

    # --- what is tried

    def days(self) -> list[date]:
        """Days on which something is tried: around each deadline, and some at random."""
        s, twin = self.terms.schedule, self.twin
        known = {s.issue_day, s.maturity_day}
        fallback = timedelta(days=self.terms.provisions.fallback_days)
        for k in range(twin.last + 1):
            bound = twin.grid.bound(k)
            known |= {bound, bound + fallback}
            notice = self.terms.provisions.deferral.notice_days
            if notice:
                known.add(bound - timedelta(days=notice))
        near = st.sampled_from(sorted(known))
        span = st.dates(s.issue_day - 10 * DAY, s.maturity_day + 40 * DAY)
        shift = st.integers(-4, 3).map(lambda n: timedelta(days=n))
        some = st.lists(span | st.builds(lambda day, by: day + by, near, shift), min_size=4, max_size=9)
        return sorted({*self.data.draw(some, "days"), s.maturity_day + fallback + 41 * DAY})

    def step(self, day: date) -> None:
        """One day: publications, rights, fixings, and what they make of the amounts."""
        twin, draw = self.twin, self.data.draw
        twin.to(day, draw(st.sampled_from([0, 1, 43_200, 86_399]), "second"))
        self.publish()
        if self.terms.provisions.deferral.notice_days:
            self.try_to_defer(draw(st.integers(0, twin.last + 1), "defers"))
        if self.terms.provisions.renewal.periods and twin.extended < 12:
            self.try_to_renew()
        self.try_to_fix(draw(st.integers(0, twin.last + 1), "fixes"))
        while len(twin.fixings) < twin.last and self.try_to_fix(len(twin.fixings) + 1):
            pass
        period = draw(st.integers(1, twin.last), "period")
        twin.check_payment(period, 1, draw(st.integers(1, 10**9), "units"))
        records = draw(st.integers(0, twin.last), "records")
        on = draw(st.sampled_from([day, day - 9 * DAY, day + 3 * DAY]), "accrued on")
        twin.check_accrued(on, records)

    def try_to_fix(self, period: int) -> bool:
        try:
            self.twin.fix(period)
        except Refusal:
            return False
        return True

    def try_to_defer(self, period: int) -> None:
        """By the rule: in time, not the last, the one fixed last or the next, not deferred yet."""
        twin, now = self.twin, self.twin.world.evm.now
        fixed = len(twin.fixings)
        is_open = 0 < period < twin.last and period in (fixed, fixed + 1) and period not in twin.deferred
        expected = "" if is_open else "DeferralRefused"
        if is_open:
            due = day_of(twin.grid.due[period]) * 86_400 - self.terms.utc_offset * 60
            expected = (
                "" if now <= due - self.terms.provisions.deferral.notice_days * 86_400 else "NoticeTooLate"
            )
        assert _refusal(lambda: twin.defer(period)) == expected

    def try_to_renew(self) -> None:
        """By the rule: from the start of the last cycle, to the notice before its end."""
        twin, now, shift = self.twin, self.twin.world.evm.now, self.terms.utc_offset * 60
        renewal = self.terms.provisions.renewal
        begun = twin.last - renewal.periods if twin.extended else 0
        starts, ends = (day_of(twin.grid.due[k]) * 86_400 - shift for k in (begun, twin.last))
        expected = "NoticeTooLate" if now > ends - renewal.notice_days * 86_400 else ""
        expected = "RenewalTooEarly" if now < starts else expected
        assert _refusal(twin.renew) == expected

    def live(self) -> None:
        for day in self.days():
            self.step(day)
        twin = self.twin
        for period in range(1, len(twin.fixings) + 1):
            twin.check_fixing(period)
            twin.check_payment(period, 3, 10**9)


def _refusal(act: object) -> str:
    try:
        act()  # type: ignore[operator]
    except Reverted as error:
        return error.name
    except InterestError as error:
        raise AssertionError(f"the model refuses what the rule allows: {error}") from None
    return ""


def _days(benchmark: Benchmark, start: date, end: date) -> Iterator[date]:
    calendar = CALENDARS[benchmark.market]
    if benchmark.kind is BenchmarkKind.LEVEL:
        month = date(start.year - 1, start.month, 1)
        while month <= end:
            yield month
            month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        return
    day = start
    while day <= end:
        if calendar.is_business_day(day) or benchmark.kind is BenchmarkKind.FIGURE:
            yield day
        day += DAY


def _value(kind: BenchmarkKind, seed: int, number: int) -> int:
    """Something that moves: rates of all digits, some negative; an index that rises and falls."""
    noise = (seed * 7919 + number * 104_729) % 1009
    if kind is BenchmarkKind.LEVEL:
        return 98_000_000_000 + number * 35_000_000 + noise * 1_234_567
    if kind is BenchmarkKind.FIGURE:
        return 95_000_000_000 + noise * 40_000_000
    return noise * 61_037 - (seed % 5) * 9_000_000


@LIVES
@given(case=floating_cases(compounded=False), data=st.data())
def test_life__of_a_term_rate__as_the_model(market: World, case: Case, data: st.DataObject) -> None:
    with market.sandbox():
        Life(market, case, data).live()


@LIVES
@given(case=floating_cases(compounded=True), data=st.data())
def test_life__of_an_overnight_rate__as_the_model(market: World, case: Case, data: st.DataObject) -> None:
    with market.sandbox():
        Life(market, case, data).live()


@LIVES
@given(case=inflation_cases(), data=st.data())
def test_life__of_a_linker__as_the_model(market: World, case: Case, data: st.DataObject) -> None:
    with market.sandbox():
        Life(market, case, data).live()


@LIVES
@given(case=kpi_cases(), data=st.data())
def test_life__of_a_linked_loan__as_the_model(market: World, case: Case, data: st.DataObject) -> None:
    with market.sandbox():
        Life(market, case, data).live()


@LIVES
@given(case=fixed_right_cases(), data=st.data())
def test_life__deferred_capitalised_renewed__as_the_model(
    market: World, case: Case, data: st.DataObject
) -> None:
    with market.sandbox():
        Life(market, case, data).live()


@runs(200)
@given(terms=zero_terms(), data=st.data())
def test_life__of_a_bond_without_coupon__as_the_model(
    market: World, terms: InterestTerms, data: st.DataObject
) -> None:
    with market.sandbox():
        twin, s = Twin(market, terms), terms.schedule
        twin.check_payment(1, 1, 10**9)
        for _ in range(4):
            day = data.draw(st.dates(s.issue_day, s.maturity_day + 5 * DAY), "day")
            twin.check_accreted(day)
            if day < twin.grid.bound(1):
                twin.check_accrued(day, data.draw(st.integers(0, 1), "records"))
