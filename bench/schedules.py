"""Schedules built and priced per second, by us and by QuantLib, on the same bonds in the same run."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import QuantLib as ql  # noqa: N813, TID251 - what we are measured against

from indenture.analytics import present_value
from indenture.calendars import Calendar, Convention
from indenture.dates import add_months
from indenture.daycount import DayCount
from indenture.interest import Grid, InterestTerms, interest_of, principal_of, unit_payments
from indenture.provisions import CouponKind, Schedule

COUNT = 10_000
UNITS = 1_000
#: Bonds that one side does before the other's turn.
_TURN = 250
_SEED = 20_250_102
_MARKET = ql.TARGET()
_CODE = "T2"
_YEARS = range(2018, 2050)
_COUNTS = (DayCount.ACT_ACT_ICMA, DayCount.ACT_360, DayCount.ACT_365F, DayCount.THIRTY_360)
_COUNTERS = {
    DayCount.ACT_360: ql.Actual360(),
    DayCount.ACT_365F: ql.Actual365Fixed(),
    DayCount.THIRTY_360: ql.Thirty360(ql.Thirty360.BondBasis),
}
#: An amount, and the payment days.
_Built = tuple[float, list[Any]]


@dataclass(frozen=True, slots=True)
class Speed:
    """Schedules per second.

    Attributes:
        work: What was done with each.
        ours: By us.
        quantlib: By QuantLib, from Python.
    """

    work: str
    ours: float
    quantlib: float

    @property
    def ratio(self) -> float:
        """How many times as fast we are."""
        return self.ours / self.quantlib


@dataclass(frozen=True, slots=True)
class _Case:
    terms: InterestTerms
    settlement: date
    yield_: float


def measure(count: int = COUNT) -> tuple[Speed, ...]:
    """Builds and prices that many random bonds of one to ten years, and checks that both find the same."""
    cases, calendars = _cases(count), {_CODE: _calendar()}
    return (
        _compare(
            "payment days and amounts of a holding",
            cases,
            lambda case: _build(case, calendars),
            _build_quantlib,
        ),
        _compare("dirty price at a yield", cases, lambda case: _price(case, calendars), _price_quantlib),
    )


def main() -> None:
    """Prints the figures: ``python -m bench.schedules``."""
    for speed in measure():
        print(  # noqa: T201 - what it is for
            f"{speed.work}: {speed.ours:,.0f} schedules a second, "
            f"QuantLib {speed.quantlib:,.0f}, {speed.ratio:.2f} times as many"
        )


def _compare(
    work: str, cases: Sequence[_Case], ours: Callable[[_Case], _Built], theirs: Callable[[_Case], _Built]
) -> Speed:
    """Turn and turn about, so that what else the machine does is shared fairly."""
    seconds = [0.0, 0.0]
    for start in range(0, len(cases), _TURN):
        turn = cases[start : start + _TURN]
        found = []
        for side, build in enumerate((ours, theirs)):
            began = time.perf_counter()
            found.append([build(case) for case in turn])
            seconds[side] += time.perf_counter() - began
        _check(*found)
    return Speed(work, *(len(cases) / each for each in seconds))


def _check(ours: Sequence[_Built], theirs: Sequence[_Built]) -> None:
    """Amounts are rounded down to a base unit each; prices differ by the digits of a float."""
    for (amount, days), (expected, ql_days) in zip(ours, theirs, strict=True):
        if not -1e-6 <= expected - amount <= len(days) + 1e-6 or [_to_ql(day) for day in days] != ql_days:
            raise AssertionError(f"the bench compares different bonds: {amount} and {expected}")


# --- the bonds


def _cases(count: int) -> list[_Case]:
    draw = random.Random(_SEED)  # noqa: S311 - no secret depends on it
    return [_case(draw) for _ in range(count)]


def _case(draw: random.Random) -> _Case:
    issued = date(2018, 1, 1) + timedelta(days=draw.randrange(365 * 7))
    issued = issued.replace(day=min(issued.day, 28))
    step = draw.choice([3, 6, 6, 12, 12])
    periods = draw.randint(1, 10) * 12 // step
    schedule = Schedule(issued, add_months(issued, step * periods), issued, 0, periods, step)
    terms = InterestTerms(
        face_value=10_000,
        schedule=schedule,
        kind=CouponKind.FIXED,
        coupon_rate=draw.randrange(10_000_000, 80_000_000, 100_000),
        day_count=draw.choice(_COUNTS),
        roll=Convention.FOLLOWING,
        calendar=_CODE,
    )
    return _Case(terms, issued + timedelta(days=draw.randrange(360)), draw.uniform(0.005, 0.08))


def _calendar() -> Calendar:
    bitmaps = {}
    for year in _YEARS:
        first = date(year, 1, 1)
        days = ((first + timedelta(days=index)) for index in range((date(year + 1, 1, 1) - first).days))
        bitmaps[year] = sum(1 << i for i, day in enumerate(days) if _MARKET.isBusinessDay(_to_ql(day)))
    return Calendar.from_bitmaps(_CODE, bitmaps)


# --- ours


def _build(case: _Case, calendars: Mapping[str, Calendar]) -> _Built:
    grid = Grid(case.terms, calendars)
    amounts = [interest_of(each, UNITS) + principal_of(each, UNITS) for each in unit_payments(grid)]
    return float(sum(amounts)), list(grid.payment_days())


def _price(case: _Case, calendars: Mapping[str, Calendar]) -> _Built:
    grid = Grid(case.terms, calendars)
    return present_value(grid, unit_payments(grid), case.yield_, case.settlement), []


# --- QuantLib's


def _build_quantlib(case: _Case) -> _Built:
    bond, _ = _bond(case, ql.Following)
    flows = [(flow.date(), flow.amount()) for flow in bond.cashflows()]
    # The last one is the redemption, on the day of the last coupon.
    return UNITS * sum(amount for _, amount in flows), [day for day, _ in flows[:-1]]


def _price_quantlib(case: _Case) -> _Built:
    """An unadjusted bond: QuantLib's ISMA count refuses payments that were rolled past the schedule."""
    bond, counter = _bond(case, ql.Unadjusted)
    frequency = 12 // case.terms.schedule.step
    price = bond.dirtyPrice(case.yield_, counter, ql.Compounded, frequency, _to_ql(case.settlement))
    return price * case.terms.face_value / 100, []


def _bond(case: _Case, convention: int) -> tuple[ql.Bond, ql.DayCounter]:
    terms = case.terms
    s = terms.schedule
    schedule = ql.Schedule(
        _to_ql(s.issue_day),
        _to_ql(s.maturity_day),
        ql.Period(s.step, ql.Months),
        _MARKET,
        ql.Unadjusted,
        ql.Unadjusted,
        ql.DateGeneration.Forward,
        False,  # noqa: FBT003 - QuantLib takes it by place
    )
    counter = _counter(terms.day_count, schedule)
    rate = (terms.coupon_rate or 0) / 1e9
    return ql.FixedRateBond(0, float(terms.face_value), schedule, [rate], counter, convention), counter


def _counter(day_count: DayCount, schedule: ql.Schedule) -> ql.DayCounter:
    if day_count is DayCount.ACT_ACT_ICMA:
        return ql.ActualActual(ql.ActualActual.ISMA, schedule)
    return _COUNTERS[day_count]


def _to_ql(day: date) -> ql.Date:
    return ql.Date(day.day, day.month, day.year)


if __name__ == "__main__":
    main()
