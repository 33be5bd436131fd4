"""Coupons that the terms alone decide: the contracts against the model, in cash of any decimals."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evm.world import World
from tests.unit.engine.strategies import fixed_terms
from tests.unit.engine.twin import Twin, runs

from indenture.interest import InterestTerms

pytestmark = pytest.mark.unit


@runs(300)
@given(terms=fixed_terms(), data=st.data())
def test_amounts__any_terms__as_the_model(market: World, terms: InterestTerms, data: st.DataObject) -> None:
    with market.sandbox():
        twin = Twin(market, terms)
        periods = terms.schedule.periods
        units = data.draw(st.integers(0, 10**9), "units")
        numbers = {1, periods, data.draw(st.integers(1, periods), "period")}
        numbers |= {each.period for each in terms.provisions.steps[:2]}
        for period in sorted(numbers):
            twin.check_payment(period, 1, units)


@runs(300)
@given(terms=fixed_terms(), data=st.data())
def test_accrued__any_terms_and_day__as_the_model(
    market: World, terms: InterestTerms, data: st.DataObject
) -> None:
    with market.sandbox():
        twin, s = Twin(market, terms), terms.schedule
        grid = twin.grid
        edges = [grid.bound(k) for k in range(s.periods + 1)]
        days = st.dates(s.issue_day - timedelta(days=2), s.maturity_day + timedelta(days=12))
        for _ in range(3):
            day = data.draw(days | st.sampled_from(edges), "day")
            records = data.draw(st.integers(0, s.periods), "records")
            twin.check_accrued(day, records)
            if grid.bound(0) <= day < grid.bound(s.periods):
                period = grid.period_of(day)
                for passed in (period - 2, period - 1, period):
                    if passed >= 0:
                        assert twin.check_accrued(day, passed) == ""
                twin.check_accreted(day)
