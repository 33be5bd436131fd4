"""Ends that a bond may come to, and its yields until then, against QuantLib's own bonds."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.interest.builders import CALENDARS, ISSUED, fixed_terms, regular, terms_of, to_ql

from indenture.analytics import (
    Analysis,
    Assumptions,
    Ending,
    call_on,
    end_yields,
    outcomes_of,
    present_value,
    put_on,
    worst_of,
)
from indenture.daycount import DayCount
from indenture.errors import InputError
from indenture.interest import Grid, InterestTerms, Life, called, made_due, unit_payments
from indenture.provisions import CouponKind, Floating, PeriodUnit, Provisions, Rounding
from indenture.rights import CallRight, Extension, PutRight, Rights
from indenture.rounding import RATE_SCALE
from indenture.termsheet import TermSheet, load_term_sheet

pytestmark = pytest.mark.unit

TERMS = Path(__file__).parents[3] / "terms"
PAR = RATE_SCALE
#: Five years from 15 March 2021, half-yearly.
HALVES = regular(ISSUED, 10, 6)


def sheet(name: str) -> TermSheet:
    return load_term_sheet(TERMS / f"{name}.yaml")


def ql_yield(terms: InterestTerms, end: date, price: int, clean: float, settled: date) -> float:
    """QuantLib's bond that ends on the day, redeemed at the price; unadjusted, whole periods."""
    step = terms.schedule.step
    schedule = ql.Schedule(
        to_ql(terms.schedule.issue_day),
        to_ql(end),
        ql.Period(step, ql.Months),
        ql.NullCalendar(),
        ql.Unadjusted,
        ql.Unadjusted,
        ql.DateGeneration.Forward,
        False,
    )
    counter = ql.ActualActual(ql.ActualActual.ISMA, schedule)
    redemption = price / PAR * 100
    rate = (terms.coupon_rate or 0) / RATE_SCALE
    bond = ql.FixedRateBond(0, 100.0, schedule, [rate], counter, ql.Unadjusted, redemption)
    quoted = ql.BondPrice(clean, ql.BondPrice.Clean)
    return float(bond.bondYield(quoted, counter, ql.Compounded, 12 // step, to_ql(settled), 1e-14, 1000))


@settings(max_examples=400, deadline=None)
@given(
    st.integers(0, 8),
    st.integers(1, 9),
    st.sampled_from([PAR, 1_020_000_000, 1_005_000_000, 985_000_000]),
    st.floats(92, 108),
    st.integers(1, 150_000_000),
    st.integers(0, 180),
)
def test_yield_to_call__any_due_day__as_quantlib_with_that_redemption(
    begun: int, number: int, price: int, clean: float, rate: int, days: int
) -> None:
    terms = terms_of(HALVES, coupon_rate=rate)
    due = Analysis(terms, calendars=CALENDARS).flows
    number = max(number, begun + 1)
    end = due[number - 1].due
    start = due[begun - 1].due if begun else ISSUED
    settled = date.fromordinal(start.toordinal() + days)
    if (end - settled).days < 60:
        return  # a price that is off by a little is then a yield of thousands of percent

    life = called(terms, Life(), end, price)
    found = Analysis(terms, calendars=CALENDARS, life=life).yield_to_maturity(clean, settled)

    assert found == pytest.approx(ql_yield(terms, end, price, clean, settled), rel=1e-9, abs=1e-9)


# --- which ends


def test_outcomes__single_dates__each_while_notice_can_be_given() -> None:
    bond = sheet("callable-step-down")

    def seen(day: date) -> list[tuple[str, date, int]]:
        found = outcomes_of(bond, bond.rights, day)
        return [(each.ending.label, each.day, each.price) for each in found]

    third = ("call", date(2025, 4, 15), PAR)
    end = ("maturity", date(2026, 4, 15), PAR)
    assert seen(date(2023, 3, 16)) == [
        ("call", date(2023, 4, 15), 1_020_000_000),
        ("call", date(2024, 4, 15), 1_010_000_000),
        third,
        end,
    ]
    assert seen(date(2023, 3, 17))[0] == ("call", date(2024, 4, 15), 1_010_000_000)
    assert seen(date(2025, 3, 16)) == [third, end]
    assert seen(date(2025, 3, 17)) == [end]


def test_outcomes__windows__first_day_due_days_and_last() -> None:
    bond = sheet("callable-window")

    found = outcomes_of(bond, bond.rights, date(2025, 7, 1))

    assert [(each.day.isoformat(), each.price / 1e7) for each in found if each.ending is Ending.CALL] == [
        ("2025-07-31", 102.875),
        ("2025-09-20", 102.875),
        ("2026-03-19", 102.875),
        ("2026-03-20", 100.0),
        ("2026-09-20", 100.0),
        ("2027-03-20", 100.0),
        ("2027-09-20", 100.0),
        ("2028-03-19", 100.0),
    ]


def test_outcomes__put__until_its_window_closes() -> None:
    bond = sheet("financial-street-2021")

    assert [each.ending for each in outcomes_of(bond, bond.rights, date(2024, 7, 18))] == [
        Ending.PUT,
        Ending.MATURITY,
    ]
    assert [each.ending for each in outcomes_of(bond, bond.rights, date(2024, 7, 19))] == [Ending.MATURITY]


def test_outcomes__extension__until_notice_ends_and_once() -> None:
    bond = sheet("extendible")
    longer = outcomes_of(bond, bond.rights, date(2024, 4, 5))[-1]

    assert (longer.ending, longer.day) == (Ending.EXTENSION, date(2026, 5, 20))
    assert len(outcomes_of(bond, bond.rights, date(2024, 4, 6))) == 1
    assert len(outcomes_of(bond, bond.rights, date(2024, 4, 5), life=longer.life)) == 1


@pytest.mark.parametrize(
    "life", [called(terms_of(HALVES), Life(), date(2023, 1, 1), PAR), made_due(Life(), 2, ISSUED)]
)
def test_outcomes__called_or_made_due__ends_there(life: Life) -> None:
    rights = Rights(calls=(CallRight(date(2024, 3, 15), date(2024, 3, 15), 30, PAR),))

    found = outcomes_of(terms_of(HALVES), rights, ISSUED, life=life)

    assert [each.ending for each in found] == [Ending.MATURITY]


# --- yields


def test_end_yields__premium_bond__the_worst_is_a_call() -> None:
    bond = sheet("callable-step-down")

    found = end_yields(bond, bond.rights, 101.0, date(2023, 1, 10))

    shown = [(each.outcome.ending.label, round(each.yield_ * 100, 6)) for each in found]
    assert shown == [("call", 8.339653), ("call", 4.549185), ("call", 4.129457), ("maturity", 4.266256)]
    assert worst_of(found).outcome.day == date(2025, 4, 15)
    for each in found:
        expected = ql_yield(
            bond.interest_terms, each.outcome.day, each.outcome.price, 101.0, date(2023, 1, 10)
        )
        assert each.yield_ == pytest.approx(expected, abs=1e-9)


def test_worst__puts__are_the_holders() -> None:
    bond = sheet("financial-street-2021")

    found = end_yields(bond, bond.rights, 97.0, date(2023, 8, 9))

    put, maturity = found
    assert put.outcome.ending is Ending.PUT
    assert put.yield_ > maturity.yield_
    assert worst_of([replace(put, yield_=-1.0), maturity]) == maturity
    with pytest.raises(InputError, match="no end is given"):
        worst_of([put])


def test_worst__discount_bond__an_extension_at_a_low_rate() -> None:
    terms = terms_of(HALVES)
    rights = Rights(extension=Extension(4, 45, 1_000_000))

    found = end_yields(terms, rights, 95.0, date(2024, 1, 15), calendars=CALENDARS)

    assert worst_of(found).outcome.ending is Ending.EXTENSION


def test_end_yields__floating__by_what_is_assumed() -> None:
    floating = Floating("SHIBOR6M", lag=0, cap=2**32 - 1, places=4, fallback_rate=25_000_000)
    terms = terms_of(
        HALVES,
        kind=CouponKind.FLOATING,
        coupon_rate=0,
        day_count=DayCount.THIRTY_E_360,
        provisions=Provisions(floating=floating, fallback_days=5),
    )
    rights = Rights(calls=(CallRight(date(2023, 3, 15), date(2023, 3, 15), 30, PAR),))
    assumptions = Assumptions(forward_rate=Decimal("2.5"))

    found = end_yields(terms, rights, 100.0, ISSUED, calendars=CALENDARS, assumptions=assumptions)

    assert [round(each.yield_ * 100, 9) for each in found] == [2.5, 2.5]


# --- by day


def test_call_on_and_put_on__no_such_day__name_those_that_are() -> None:
    rights = Rights(
        calls=(CallRight(date(2023, 1, 1), date(2023, 6, 30), 30, PAR), CallRight(ISSUED, ISSUED, 30, PAR)),
        puts=(PutRight(ISSUED, ISSUED, date(2022, 1, 1), PAR),),
    )

    assert call_on(rights, date(2023, 6, 30)) == rights.calls[0]
    assert put_on(rights, date(2022, 1, 1)) == rights.puts[0]
    with pytest.raises(InputError, match="cannot be called for 2023-07-01") as caught:
        call_on(rights, date(2023, 7, 1))
    assert caught.value.hint == "It can for 2023-01-01 to 2023-06-30, 2021-03-15."
    with pytest.raises(InputError, match="cannot be put") as caught:
        put_on(rights, ISSUED)
    assert caught.value.hint == "It can for 2022-01-01."
    for find in (call_on, put_on):
        with pytest.raises(InputError) as caught:
            find(Rights(), ISSUED)
        assert caught.value.hint.startswith("It has no ")


# --- stubs


@settings(max_examples=600, deadline=None)
@given(
    fixed_terms().filter(lambda terms: terms.schedule.unit is PeriodUnit.MONTH),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.floats(0.001, 0.12),
)
def test_price__called_on_any_day__counts_by_the_bonds_own_notional_periods(
    terms: InterestTerms, called_after: int, settled_after: int, yield_: float
) -> None:
    """Where QuantLib takes other notional periods (see the tests of ``interest``), it is given the bond's."""
    s = terms.schedule
    length = (s.maturity_day - s.issue_day).days
    if length < 3:
        return
    terms = replace(terms, day_count=DayCount.ACT_ACT_ICMA, rounding=Rounding.HOLDING_DOWN)
    day = s.issue_day + timedelta(days=2 + called_after % (length - 2))
    settled = s.issue_day + timedelta(days=settled_after % ((day - s.issue_day).days - 1))
    life = called(terms, Life(), day, 1_010_000_000)
    bond = Analysis(terms, calendars=CALENDARS, life=life)
    grid = Grid(terms, CALENDARS, life=life)

    worth = present_value(grid, unit_payments(grid), yield_, settled)

    outstanding = float(bond.outstanding(settled)) * terms.face_value
    assert bond.dirty_price(yield_, settled) == pytest.approx(worth * 100 / outstanding, rel=1e-9)


def test_yield__called_in_the_first_period__by_its_part_of_half_a_year() -> None:
    """A coupon's part and the price, 61 of 184 days after the issue, for 100."""
    terms = terms_of(HALVES)
    life = called(terms, Life(), date(2021, 5, 15), 1_005_000_000)

    found = Analysis(terms, calendars=CALENDARS, life=life).yield_to_maturity(100.0, ISSUED)

    paid = 100.5 + 1.625 * 61 / 184
    assert found == pytest.approx(2 * ((paid / 100) ** (184 / 61) - 1), abs=1e-10)
