"""Prices and interest of the independent model, against QuantLib and figures by hand."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
import QuantLib as ql
from tests.audit.sheets import deal, terms
from tests.audit.test_model import ORACLES, oracle_date, yearly
from tests.audit.test_tender_model import bids_at, tender

from indenture.audit.model import unit_payment
from indenture.audit.model.dates import day_number
from indenture.audit.model.tender import Tender, accrual_day, charge, clear, issue_terms, price_of
from indenture.audit.model.tender.bids import MIXED, MULTIPLE, PRICE, UNIFORM
from indenture.audit.model.tender.clearing import Clearing
from indenture.audit.model.tender.price import price_at_yield

pytestmark = pytest.mark.unit


def cleared(rules: Tender, levels: dict[int, int]) -> Clearing:
    return clear(rules, bids_at(rules, levels))


@pytest.mark.parametrize(
    ("pricing", "coupon"), [(UNIFORM, 22_000_000), (MULTIPLE, 21_000_000), (MIXED, 21_000_000)]
)
def test_issue_terms__by_rate__coupon_is_the_marginal_or_the_average(pricing: int, coupon: int) -> None:
    rules = tender(pricing=pricing, band=20)

    found = issue_terms(rules, cleared(rules, {0: 500, 20: 500}), terms())

    assert found == (coupon, 10_000)


def test_price__mixed_by_rate__par_up_to_the_average_then_the_own_yield() -> None:
    rules, bond = tender(pricing=MIXED, band=20), terms(faceValue=10**10)
    clearing = cleared(rules, {0: 500, 20: 500})
    issued_at = issue_terms(rules, clearing, bond)
    prices = [price_of(rules, clearing, bond, issued_at, q) for q in (20_000_000, 21_000_000, 22_000_000)]

    assert prices[:2] == [10**10, 10**10]
    assert prices[2] < 10**10
    assert price_of(rules, clearing, bond, issued_at, None) == 10**10


def test_price__multiple_by_price__is_the_quote_and_without_one_the_average() -> None:
    rules, bond = tender(basis=PRICE, pricing=MULTIPLE, lowest=9_000, highest=11_000, tick=10), terms()
    clearing = cleared(rules, {0: 500, 20: 500})
    issued_at = issue_terms(rules, clearing, bond)

    assert issued_at == (bond.rate, 10_900)
    assert price_of(rules, clearing, bond, issued_at, 11_000) == 11_000
    assert price_of(rules, clearing, bond, issued_at, None) == 10_900


@pytest.mark.parametrize("months", [1, 3, 6, 12])
def test_price_at_yield__agrees_with_quantlib(months: int) -> None:
    """Flat forward at the rate, compounded each period, over whole periods."""
    rng = random.Random(months)
    frequency = {1: ql.Monthly, 3: ql.Quarterly, 6: ql.Semiannual, 12: ql.Annual}[months]
    for _ in range(40):
        periods, coupon, rate = rng.randrange(1, 40), rng.randrange(10**8), rng.randrange(1, 10**8)
        bond = terms(faceValue=10**13, schedule=yearly(date(2019, 12, 5), periods, months), couponRate=coupon)
        rate_of = ql.InterestRate(rate / 1e9, ql.SimpleDayCounter(), ql.Compounded, frequency)
        year = months / 12
        flows = [coupon / 1e9 * year * rate_of.discountFactor(k * year) for k in range(1, periods + 1)]
        oracle = sum(flows) + rate_of.discountFactor(periods * year)
        assert price_at_yield(bond, coupon, rate) / 1e13 == pytest.approx(oracle, abs=2e-12)


def test_price_at_yield__own_coupon_is_par__and_no_rate_the_bare_sum() -> None:
    bond = terms(faceValue=10_007, schedule=yearly(date(2019, 12, 5), 7, 6))

    assert price_at_yield(bond, 33_333_333, 33_333_333) == 10_007
    assert price_at_yield(bond, 40_000_000, 0) == 11_408  # 10,007 * (1 + 4 % * 3.5), half up


def accruing(**changes: Any) -> Any:
    """Half-yearly coupons from 15 May 2015."""
    return terms(faceValue=10**10, schedule=yearly(date(2015, 5, 15), 4, 6), **changes)


@pytest.mark.parametrize("day_count", range(5))
def test_charge__inside_a_period__agrees_with_quantlib(day_count: int) -> None:
    bond = accruing(dayCount=day_count)
    for on in (date(2015, 5, 16), date(2015, 8, 31), date(2016, 2, 29), date(2017, 5, 14)):
        start = max(d for d in (bond.due_date(k) for k in range(4)) if d <= on)
        end = bond.due_date([bond.due_date(k) for k in range(5)].index(start) + 1)
        if day_count == 0:
            fraction = ql.ActualActual(ql.ActualActual.ISMA).yearFraction(
                *(oracle_date(d) for d in (start, on, start, end))
            )
        else:
            fraction = ORACLES[day_count].yearFraction(oracle_date(start), oracle_date(on))
        expected = 3 * 10**10 * bond.rate / 1e9 * fraction
        passed_records = [bond.due_date(k) for k in range(5)].index(start)
        assert charge(deal(bond), day_number(on), passed_records, 3) == pytest.approx(expected, abs=1.001)


def test_charge__ex_coupon__is_the_rest_of_the_period_below_zero() -> None:
    bond = accruing()
    on = day_number(date(2015, 11, 10))
    whole = unit_payment(deal(bond), 1).interest_of(7)

    cum, ex = charge(deal(bond), on, 0, 7), charge(deal(bond), on, 1, 7)

    assert cum > 0 > ex
    assert cum - ex in (whole, whole - 1)


def test_charge__record_date_still_to_come__brings_the_coupon_of_the_period_before_too() -> None:
    """Due on Saturday, recorded on Monday, paid for on Sunday: the buyer gets the whole coupon."""
    bond = accruing()
    sunday = bond.issue_day + 200
    due = day_number(bond.due_date(1))

    assert charge(deal(bond), sunday, 0, 7) - charge(deal(bond), sunday, 1, 7) in (
        unit_payment(deal(bond), 1).interest_of(7),
        unit_payment(deal(bond), 1).interest_of(7) + 1,
    )
    assert charge(deal(bond), due, 0, 7) == unit_payment(deal(bond), 1).interest_of(7)


def test_charge__so_late_that_a_record_date_has_passed__deducts_the_coupon() -> None:
    bond = accruing()

    assert charge(deal(bond), 0, 0, 7) == 0
    assert charge(deal(bond), 0, 1, 7) == -unit_payment(deal(bond), 1).interest_of(7)


def test_charge__rounded_down_once__for_all_units() -> None:
    bond = terms(faceValue=10_007, couponRate=33_333_333, dayCount=2)
    on = bond.issue_day + 100

    assert charge(deal(bond), on, 0, 1) == 91
    assert charge(deal(bond), on, 0, 1_000) == 91_388
    assert charge(deal(bond), 0, 0, 1_000) == 0


def test_period_of__first_and_last_days__belong_to_the_next_period_from_the_due_day_on() -> None:
    bond = accruing()
    days = (bond.due_date(0), bond.due_date(1), date(2016, 5, 14), date(2017, 5, 14), bond.due_date(4))

    assert [bond.schedule.period_of(on) for on in days] == [1, 2, 2, 4, 5]


@pytest.mark.parametrize(("second", "day"), [(-1, 0), (0, 0), (86_399, 0), (86_400, 1)])
def test_accrual_day__is_in_the_zone_of_the_bond__and_none_until_interest_runs(second: int, day: int) -> None:
    bond = terms()
    start = bond.issue_day * 86_400 - 480 * 60

    assert accrual_day(bond, start + second) == (bond.issue_day + day if day else 0)
