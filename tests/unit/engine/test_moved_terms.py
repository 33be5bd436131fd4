"""Bonds that are called, in part too, or extended: the contracts against the model, whatever the cash."""

from dataclasses import replace
from datetime import date, timedelta
from math import gcd

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.evm.world import World
from tests.unit.engine.strategies import fixed_terms, zero_terms
from tests.unit.engine.twin import Twin, runs

from indenture.interest import InterestTerms, PartialCall
from indenture.rights import CallRight, Extension, Rights
from indenture.rounding import RATE_SCALE
from indenture.schedule import due_day, regular_day

pytestmark = pytest.mark.unit

PRICES = st.sampled_from([RATE_SCALE, 1_020_000_000, 987_654_321, 1, 10 * RATE_SCALE])


def window(terms: InterestTerms, price: int, *, in_part: bool = False) -> CallRight:
    """Every day of the bond's life, at a day's notice."""
    s = terms.schedule
    first, last = s.issue_day + timedelta(days=1), s.maturity_day - timedelta(days=1)
    return CallRight(first, last, 1, price, in_part)


def check(twin: Twin, data: st.DataObject, units: int) -> None:
    """Payments of all periods, and what lies between: of the first two, as no record date has passed."""
    grid = twin.grid
    for period in sorted({1, 2, grid.periods - 1, grid.periods}):
        if 1 <= period <= grid.periods:
            twin.check_payment(period, 1, units)
    first, last = grid.due[0] - timedelta(days=2), grid.due[-1] + timedelta(days=12)
    for _ in range(3):
        day = data.draw(st.dates(first, last) | st.sampled_from(grid.due), "day")
        twin.check_accrued(day, data.draw(st.integers(0, grid.periods), "records"))
        if grid.due[0] <= day and not grid.is_over(day):
            twin.check_redemption(day, data.draw(PRICES, "price"))
            twin.check_accreted(day)
    day = data.draw(st.dates(grid.due[0], grid.due[min(2, grid.periods)] - timedelta(days=1)), "early day")
    if not grid.is_over(day):
        twin.check_redemption(day, data.draw(PRICES, "price"))


@runs(200)
@given(terms=fixed_terms() | zero_terms(), price=PRICES, data=st.data())
def test_called__any_terms_and_day__as_the_model(
    market: World, terms: InterestTerms, price: int, data: st.DataObject
) -> None:
    s = terms.schedule
    assume((s.maturity_day - s.issue_day).days > 2)
    due = [due_day(s, k) for k in range(1, s.periods)]
    days = st.dates(s.issue_day + timedelta(days=1), s.maturity_day - timedelta(days=1))
    day = data.draw(days | st.sampled_from(due) if due else days, "called")
    with market.sandbox():
        twin = Twin(market, terms, rights=Rights(calls=(window(terms, price),)))
        assume(twin.today + timedelta(days=1) < day)

        twin.call(day, price)

        check(twin, data, data.draw(st.integers(0, 10**9), "units"))


@runs(100)
@given(terms=fixed_terms(), price=PRICES, data=st.data())
def test_called_in_part__any_terms__as_the_model(
    market: World, terms: InterestTerms, price: int, data: st.DataObject
) -> None:
    """Two parts, then the whole; a part is whole base units of a unit."""
    terms = replace(terms, provisions=replace(terms.provisions, instalments=()))
    s, least = terms.schedule, RATE_SCALE // gcd(terms.face_value, RATE_SCALE)
    assume(s.periods > 2 and least < RATE_SCALE // 4)
    with market.sandbox():
        twin = Twin(market, terms, rights=Rights(calls=(window(terms, price, in_part=True),)))
        assume(twin.today + timedelta(days=1) < due_day(s, 1))
        numbers = sorted(
            data.draw(st.sets(st.integers(1, s.periods - 1), min_size=1, max_size=2), "payments")
        )
        for number in numbers:
            share = data.draw(st.integers(1, RATE_SCALE // least // 3), "share") * least
            twin.call_in_part(PartialCall(number, share, price))
        check(twin, data, 1000)
        day = data.draw(st.dates(due_day(s, 1), s.maturity_day - timedelta(days=1)), "called")

        twin.call(day, price)

        check(twin, data, 1000)


@runs(100)
@given(terms=fixed_terms(), rate=st.integers(0, 2**32 - 2), data=st.data())
def test_extended__any_terms__as_the_model(
    market: World, terms: InterestTerms, rate: int, data: st.DataObject
) -> None:
    """By some periods; then called among them."""
    s = terms.schedule
    terms = replace(
        terms,
        schedule=replace(s, maturity_day=regular_day(s, s.periods)),
        provisions=replace(terms.provisions, instalments=()),
    )
    assume(terms.schedule.maturity_day > due_day(terms.schedule, s.periods - 1))
    extension = Extension(data.draw(st.integers(1, 5), "periods"), 31, rate)
    with market.sandbox():
        twin = Twin(market, terms, rights=Rights(extension=extension, calls=(window(terms, RATE_SCALE),)))
        assume(twin.today + timedelta(days=32) < terms.schedule.maturity_day)
        assume(terms.schedule.maturity_day < date(2060, 1, 1))

        twin.extend(extension)

        check(twin, data, 1000)
        twin.call(terms.schedule.maturity_day - timedelta(days=1), RATE_SCALE)
        check(twin, data, 1000)
