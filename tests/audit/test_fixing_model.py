"""What the auditor's model makes of terms and publications, against figures worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from tests.audit.sheets import (
    FLOATING,
    INFLATION,
    KPI,
    STEP,
    ZERO_COUPON,
    code,
    deal,
    floating,
    provisions,
    regular,
    terms,
)

from indenture.audit.model import (
    SOURCES,
    Benchmark,
    Deal,
    Fixing,
    NotKnown,
    Publication,
    Workdays,
    Year,
    accreted_value,
    accrued,
    accrued_amount,
    day_number,
    fix,
    tax_rate,
    unit_payment,
)
from indenture.audit.model.benchmarks import FIGURE, INDEX_ONE, LEVEL, OVERNIGHT, RATE
from indenture.audit.model.deal import FACTOR_ONE

pytestmark = pytest.mark.unit

ISSUE = date(2020, 1, 6)
NAME = code("BENCH")
ONE = 10**9


def every_day(market: str) -> Workdays:
    return Workdays(market, {year: Year(2**366 - 1, 1) for year in range(2015, 2040)})


def at(on: date) -> int:
    """Noon of a day in the bonds' zone."""
    return day_number(on) * 86_400 + 12 * 3600 - 480 * 60


def benchmark(kind: int, values: dict[date, int], basis: int = 0) -> dict[bytes, Benchmark]:
    found = Benchmark(kind, "", "ALL", basis, 0)
    for on, value in values.items():
        day = day_number(on)
        found.published[day] = Publication(value, 0, found.next_index(day))
        found.last_day = day
    return {NAME: found}


def bond(more: dict[str, Any], values: dict[bytes, Benchmark], on: date, **given: Any) -> Deal:
    sheet = {
        "schedule": regular(ISSUE, date(2021, 1, 6), 4, 3),
        "dayCount": 1,
        "faceValue": 1_000_000,
    } | given
    return deal(terms(**sheet, provisions=provisions(**more)), at(on), workdays=every_day, benchmarks=values)


def later(known: Deal, fixings: dict[int, Fixing], on: date) -> Deal:
    return Deal(known.terms, known.last, {}, fixings, every_day, known.benchmarks, at(on))


def source(found: Fixing) -> str:
    return SOURCES[found.source]


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (25_555_000, 2, 25_600_000),  # 2.5555 % is 2.56 %
        (25_549_999, 2, 25_500_000),
        (-1_500_000, 1, -1_000_000),  # a half goes up, also below zero
        (-1_500_001, 1, -2_000_000),
        (25_555_555, 7, 25_555_555),
    ],
)
def test_term_rate__half_up_to_the_places__then_spread(value: int, places: int, expected: int) -> None:
    rule = floating(NAME, lag=2, spread=5_000_000, places=places)
    known = bond({"floating": rule}, benchmark(RATE, {date(2020, 1, 4): value}), ISSUE, kind=FLOATING)

    found = fix(known, 1)

    assert found.rate == expected + 5_000_000
    assert (source(found), found.value, found.day) == ("published", value, day_number(date(2020, 1, 4)))


def test_term_rate__floor_and_cap__bind_after_the_spread() -> None:
    for value, rate in ((-30_000_000, 1_000_000), (90_000_000, 60_000_000)):
        rule = floating(NAME, spread=10_000_000, floor=1_000_000, cap=60_000_000, places=5)
        known = bond({"floating": rule}, benchmark(RATE, {ISSUE: value}), ISSUE, kind=FLOATING)
        assert fix(known, 1).rate == rate


def test_term_rate__not_there__falls_back_only_when_it_is_late() -> None:
    values = benchmark(RATE, {date(2020, 1, 2): 30_000_000})
    for rule, expected in ((0, 30_000_000), (1, 21_000_000), (2, 21_000_000)):
        more = {"floating": floating(NAME, fallbackRule=rule, fallbackRate=21_000_000), "fallbackDays": 3}
        early = bond(more, values, date(2020, 1, 8), kind=FLOATING)
        with pytest.raises(NotKnown):
            fix(early, 1)
        assert fix(bond(more, values, date(2020, 1, 9), kind=FLOATING), 1).rate == expected


def test_term_rate__nothing_in_31_days__is_the_rate_before() -> None:
    more = {"floating": floating(NAME, spread=7, fallbackRate=21_000_000)}
    values = benchmark(RATE, {date(2020, 3, 5): 30_000_000})
    first = fix(bond(more, values, date(2020, 1, 6), kind=FLOATING), 1)
    second = fix(later(bond(more, values, ISSUE, kind=FLOATING), {1: first}, date(2020, 4, 6)), 2)

    assert (first.rate, source(first)) == (21_000_000, "previous rate")
    assert (second.rate, source(second)) == (21_000_000, "previous rate")


def test_value__that_can_be_corrected__does_not_count() -> None:
    values = benchmark(RATE, {ISSUE: 30_000_000})
    day = day_number(ISSUE)
    values[NAME].published[day] = Publication(30_000_000, at(ISSUE) + 1, 0)
    more = {"floating": floating(NAME), "fallbackDays": 1}

    with pytest.raises(NotKnown):
        fix(bond(more, values, ISSUE, kind=FLOATING), 1)
    assert values[NAME].on(ISSUE, at(ISSUE) + 1) == 30_000_000


def test_nights__compounded__is_the_product_of_each() -> None:
    """Three nights and a week-end of one rate; the rate of the last day is not needed."""
    nights = [date(2020, 1, day) for day in (4, 5, 6, 7)]
    rates = [20_000_000, 21_000_000, 19_000_000, 18_000_000]
    values = benchmark(OVERNIGHT, dict(zip(nights, rates, strict=True)), 360)
    schedule = regular(ISSUE, date(2020, 1, 10), 1, 4, unit=0)
    more = {"floating": floating(NAME, compounded=True, lag=2, places=7)}
    known = bond(more, values, date(2020, 1, 10), kind=FLOATING, schedule=schedule)

    with pytest.raises(NotKnown):  # 7 January has its rate, but not the day itself
        fix(later(known, {}, date(2020, 1, 7)), 1)
    found = fix(known, 1)

    index = INDEX_ONE
    for rate in rates:
        index = index * (360 * ONE + rate) // (360 * ONE)
    exact = Fraction(index - INDEX_ONE, INDEX_ONE) * 360 * ONE / 4
    assert found.rate == round(exact)
    assert found.day == day_number(date(2020, 1, 8))


def test_price_index__interpolated__and_the_principal_floored() -> None:
    values = benchmark(LEVEL, {date(2020, 1, 1): 103 * ONE, date(2020, 2, 1): 101 * ONE})
    inflation = {
        "benchmark": NAME,
        "lagMonths": 3,
        "interpolated": True,
        "floored": True,
        "places": 5,
        "base": 104 * ONE,
    }
    known = bond(
        {"inflation": inflation},
        values,
        date(2020, 4, 20),
        kind=INFLATION,
        schedule=regular(date(2020, 1, 16), date(2020, 4, 16), 1, 3),
    )

    found = fix(known, 1)

    reference = 103 - Fraction(2 * 15, 30)  # 16 April: 15 of 30 days on the way
    assert found.value == int(reference * ONE)
    assert found.index_ratio == 980_770_000  # 102 / 104 to five places
    paid = unit_payment(later(known, {1: found}, date(2020, 4, 20)), 1)
    assert paid.principal == 1_000_000
    assert paid.interest == Fraction(980_770 * 32_500_000 * 91, 360 * ONE)


def test_figures__missed_or_never_published__step_the_rate_up() -> None:
    test = {"benchmark": NAME, "day": day_number(ISSUE), "atMost": True, "target": 5, "step": 2_000_000}
    tests = [{**test, "period": 2}, {**test, "period": 3, "day": day_number(ISSUE) + 1}]
    more = {"tests": tests, "fallbackDays": 2}
    known = bond(more, benchmark(FIGURE, {ISSUE: 6}), ISSUE, kind=KPI)
    first = fix(known, 1)
    second = fix(later(known, {1: first}, date(2020, 4, 6)), 2)
    with pytest.raises(NotKnown):
        fix(later(known, {1: first, 2: second}, date(2020, 7, 7)), 3)
    third = fix(later(known, {1: first, 2: second}, date(2020, 7, 8)), 3)

    assert [f.rate for f in (first, second, third)] == [32_500_000, 34_500_000, 36_500_000]
    assert [source(f) for f in (first, second, third)] == ["terms", "published", "not published"]


def test_capitalised__factor_grows__and_bears_the_next_rate() -> None:
    more = {"steps": [{"period": 2, "rate": 40_000_000}], "capitalisedUntil": 1}
    known = bond(more, {}, ISSUE, kind=STEP)
    first = fix(known, 1)
    second = fix(later(known, {1: first}, date(2020, 4, 6)), 2)
    both = later(known, {1: first, 2: second}, date(2020, 4, 6))

    assert first.factor == FACTOR_ONE + FACTOR_ONE * 32_500_000 * 91 // (360 * ONE)
    assert second.factor == first.factor
    assert unit_payment(both, 1).interest == 0
    assert unit_payment(both, 2).interest == Fraction(
        first.factor * 1_000_000 * 40_000_000 * 91, FACTOR_ONE * 360 * ONE
    )


def test_deferred__arrears_bear_interest__and_are_paid_with_the_next() -> None:
    more = {"deferral": {"noticeDays": 31, "bearsInterest": True}}
    known = bond(more, {}, ISSUE)
    deferred = later(known, {1: Fixing(is_deferred=True)}, ISSUE)
    first = fix(deferred, 1)
    second = fix(later(known, {1: first}, date(2020, 4, 6)), 2)
    both = later(known, {1: first, 2: second}, date(2020, 4, 6))

    quarter = Fraction(32_500_000 * 91, 360 * ONE)
    arrears = int(FACTOR_ONE * quarter)
    grown = arrears + int(arrears * quarter)
    assert (first.arrears, second.arrears) == (arrears, 0)
    assert unit_payment(both, 1).interest == 0
    assert unit_payment(both, 2).interest == 1_000_000 * (quarter + Fraction(grown, FACTOR_ONE))


def test_instalments__repay_a_share_each__and_the_rest_at_the_end() -> None:
    more = {"instalments": [{"period": 2, "share": 400_000_000}, {"period": 4, "share": 600_000_000}]}
    known = bond(more, {}, ISSUE)

    paid = [unit_payment(known, period) for period in (1, 2, 3, 4)]

    assert [each.principal for each in paid] == [0, 400_000, 0, 600_000]
    assert paid[2].interest == paid[1].interest * Fraction(6, 10) * Fraction(92, 91)


def test_zero__compound__is_the_price_at_the_yield() -> None:
    accretion = {"issuePrice": 900_000, "yieldRate": 40_000_000, "monthsPerCompounding": 6}
    schedule = regular(ISSUE, date(2023, 1, 6), 1, 36)
    known = bond({"accretion": accretion}, {}, ISSUE, kind=ZERO_COUPON, schedule=schedule)

    assert accreted_value(known, ISSUE) == 900_000 * FACTOR_ONE
    assert accreted_value(known, date(2021, 1, 6)) == 900_000 * FACTOR_ONE * 10_404 // 10_000
    half = accreted_value(known, date(2021, 4, 6)) / accreted_value(known, date(2021, 1, 6))
    assert abs(half - (1 + 0.02 * 90 / 181)) < 1e-15
    assert accreted_value(known, date(2023, 1, 6)) == 1_000_000 * FACTOR_ONE
    assert accrued(known, date(2020, 7, 6), 0) == 18_000


def test_accrued__at_every_side_of_a_record_date() -> None:
    known = bond({}, {}, ISSUE)
    due, coupon = date(2020, 4, 6), unit_payment(known, 1).interest

    assert accrued(known, ISSUE - timedelta(days=9), 0) == 0
    assert accrued(known, due - timedelta(days=1), 1) == -coupon / 91  # ex coupon
    assert accrued(known, due, 0) == coupon  # its record date is still to come
    assert accrued(known, date(2021, 1, 6), 3) == unit_payment(known, 4).interest
    assert accrued_amount(known, 3, due - timedelta(days=1), 1) == -int(3 * coupon / 91)
    for on, records in ((date(2021, 1, 6), 4), (date(2020, 7, 6), 0)):
        with pytest.raises(NotKnown):
            accrued(known, on, records)


def test_tax_rate__first_entry_of_a_class__else_the_last() -> None:
    given = provisions(
        taxAccount="0x" + "1" * 40,
        withholdings=[
            {"classes": 0b10, "rate": 5},
            {"classes": 0b110, "rate": 7},
            {"classes": 2**24 - 1, "rate": 9},
        ],
    )
    entries = terms(provisions=given).provisions.withholdings

    assert [tax_rate(entries, verdicts) for verdicts in (0b10, 0b100, 0b1, 0)] == [5, 7, 9, 9]
    assert tax_rate((), 1) == 0


def test_index__correction_and_gaps__follow_the_rules() -> None:
    values = benchmark(OVERNIGHT, {date(2020, 1, 6): 36_000_000}, 360)[NAME]
    workdays = every_day("ALL")

    assert values.index(date(2020, 1, 5), at(ISSUE), workdays) is None
    following = values.index(date(2020, 1, 7), at(ISSUE), workdays)
    assert following is not None
    assert (following.value, following.complete) == (INDEX_ONE + INDEX_ONE // 10_000, True)
    gap = values.index(date(2020, 1, 8), at(ISSUE), workdays)
    assert gap is not None
    assert not gap.complete
    assert values.index(date(2020, 2, 7), at(ISSUE), workdays) is None
    assert not values.follows(day_number(date(2020, 1, 8)), workdays)
