"""Schedules, cash flows and accrued interest: the golden cases, and QuantLib on any regular bond."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.calendars import Calendar, load_calendar
from indenture.cashflows import accrued_interest, accrued_per_100, cash_flows, round_fraction
from indenture.dates import add_months
from indenture.daycount import DayCount
from indenture.errors import CalendarYearMissing, InputError, InvalidAmount
from indenture.interest import Life, called
from indenture.provisions import PeriodUnit
from indenture.rounding import RATE_SCALE
from indenture.schedule import build_schedule, coupon_fraction, period_bounds
from indenture.termsheet import TermSheet, load_term_sheet

from .shapes import Shape, shapes

pytestmark = pytest.mark.unit

CHINA = load_calendar("CN-IB")
MARKET = ql.China(ql.China.IB)
BOC_2019 = Path(__file__).parents[3] / "terms" / "boc-2019-sme.yaml"

FREQUENCIES = {12: "annual", 6: "semi-annual", 3: "quarterly", 1: "monthly"}


def to_ql(day: date) -> ql.Date:
    return ql.Date(day.day, day.month, day.year)


def from_ql(day: ql.Date) -> date:
    return date(day.year(), day.month(), day.dayOfMonth())


def amounts(terms: TermSheet, units: Any) -> list[str]:
    return [str(flow.interest.amount) for flow in cash_flows(terms, units)]


# --- BOC-2019


def test_build_schedule__boc_2019__pays_on_the_monday_after() -> None:
    terms = load_term_sheet(BOC_2019)

    first, last = build_schedule(terms, CHINA)

    assert (first.index, first.start, first.end) == (1, date(2019, 12, 5), date(2020, 12, 5))
    assert (first.payment_day, first.record_day) == (date(2020, 12, 7), date(2020, 12, 4))
    assert first.record_time == datetime(2020, 12, 4, 9, tzinfo=UTC)
    assert (last.index, last.start, last.end) == (2, date(2020, 12, 5), date(2021, 12, 5))
    assert (last.payment_day, last.record_day) == (date(2021, 12, 6), date(2021, 12, 3))
    assert last.record_time == datetime(2021, 12, 3, 9, tzinfo=UTC)


def test_cash_flows__boc_2019__to_the_fen() -> None:
    terms = load_term_sheet(BOC_2019)

    first, last = cash_flows(terms, terms.units)

    assert str(first.total) == "CNY 650,000,000.00"
    assert str(last.interest) == "CNY 650,000,000.00"
    assert str(last.principal) == "CNY 20,000,000,000.00"
    assert [str(flow.total.amount) for flow in cash_flows(terms, 1)] == ["3.25", "103.25"]


def test_boc_2019__quantlib_bond__pays_the_same_on_the_same_days() -> None:
    terms = load_term_sheet(BOC_2019)
    schedule = ql.Schedule(
        to_ql(terms.issue_date),
        to_ql(terms.maturity_date),
        ql.Period(ql.Annual),
        MARKET,
        ql.Unadjusted,
        ql.Unadjusted,
        ql.DateGeneration.Forward,
        False,
    )
    counter = ql.ActualActual(ql.ActualActual.ISMA, schedule)
    bond = ql.FixedRateBond(0, float(terms.amount), schedule, [0.0325], counter, ql.Following)
    expected: dict[date, float] = {}
    for flow in bond.cashflows():
        expected[from_ql(flow.date())] = expected.get(from_ql(flow.date()), 0) + flow.amount()

    flows = zip(build_schedule(terms, CHINA), cash_flows(terms, terms.units), strict=True)
    ours = {period.payment_day: float(flow.total.amount) for period, flow in flows}

    assert ours == pytest.approx(expected)


# --- Treasury 0619, as of its payment of November 2015


def test_build_schedule__treasury_0619__record_friday_paid_monday(quantlib_calendar: Any) -> None:
    """Only the payment of November 2015 is published; the dates around it are assumed."""
    terms = load_term_sheet(BOC_2019.with_name("treasury-0619.yaml"))

    period = build_schedule(terms, quantlib_calendar(range(2007, 2022)))[17]

    assert (period.index, period.end) == (18, date(2015, 11, 15))
    assert (period.record_day, period.payment_day) == (date(2015, 11, 13), date(2015, 11, 16))


def test_build_schedule__treasury_0619__days_before_the_calendar_are_not_known() -> None:
    terms = load_term_sheet(BOC_2019.with_name("treasury-0619.yaml"))

    periods = build_schedule(terms, CHINA, allow_unpublished=True)

    assert [period.payment_day for period in periods[:24]] == [None] * 24
    assert periods[24].payment_day == date(2019, 5, 15)
    with pytest.raises(CalendarYearMissing):
        build_schedule(terms, CHINA)


def test_cash_flows__treasury_0619__no_interest_for_the_delay() -> None:
    terms = load_term_sheet(BOC_2019.with_name("treasury-0619.yaml"))

    assert amounts(terms, 2) == ["3.27"] * 30
    assert coupon_fraction(terms, 4) * Fraction("3.27") == Fraction("1.635")
    assert accrued_interest(terms, date(2015, 11, 15)) == 0


# --- The leap-year bond

LEAP = {"issue_date": "2023-06-15", "maturity_date": "2025-06-15", "frequency": "semi-annual"}


@pytest.mark.parametrize(
    ("day_count", "expected"),
    [
        ("ACT/ACT ICMA", ["16250.00"] * 4),
        ("ACT/360", ["16520.83", "16520.83", "16520.83", "16430.55"]),
        ("ACT/365F", ["16294.52", "16294.52", "16294.52", "16205.47"]),
        ("ACT/ACT ISDA", ["16294.52", "16254.13", "16250.00", "16201.34"]),
        ("NL/365", ["16294.52", "16205.47", "16294.52", "16205.47"]),
        ("30/360", ["16250.00"] * 4),
        ("30E/360", ["16250.00"] * 4),
        ("30/360 US", ["16250.00"] * 4),
        ("30E/360 ISDA", ["16250.00"] * 4),
    ],
)
def test_cash_flows__leap_year_bond__published_amounts_rounded_down(
    make_terms: Any, day_count: Any, expected: Any
) -> None:
    """Published to four decimals, such as 16520.8333 (ACT/360) and 16254.1358 (ACT/ACT ISDA)."""
    terms = make_terms(**LEAP, day_count=day_count, face_value="1000000", units=1)

    assert amounts(terms, 1) == expected


@pytest.mark.parametrize(("day_count", "expected"), [("ACT/ACT ICMA", "6748.6339"), ("30/360", "6680.5556")])
def test_accrued_interest__leap_day__as_published(make_terms: Any, day_count: Any, expected: Any) -> None:
    terms = make_terms(**LEAP, day_count=day_count, face_value="1000000", units=1)

    assert round_fraction(accrued_interest(terms, date(2024, 2, 29)), 4) == Decimal(expected)


# --- Two years from 2 January 2025

TWO_YEARS = {"issue_date": "2025-01-02", "maturity_date": "2027-01-02"}


def test_build_schedule__year_not_published__refused_or_marked(make_terms: Any) -> None:
    terms = make_terms(**TWO_YEARS)

    with pytest.raises(CalendarYearMissing) as caught:
        build_schedule(terms, CHINA)
    first, last = build_schedule(terms, CHINA, allow_unpublished=True)

    assert caught.value.year == 2027
    assert first.payment_day == date(2026, 1, 4)
    assert last.end == date(2027, 1, 2)
    assert (last.payment_day, last.record_day, last.record_time) == (None, None, None)


def test_build_schedule__record_day_in_unpublished_year__marks_only_the_record(
    make_terms: Any, quantlib_calendar: Any
) -> None:
    terms = make_terms(issue_date="2025-01-02", maturity_date="2026-01-02", business_days_before=5)

    (period,) = build_schedule(terms, quantlib_calendar(range(2026, 2027)), allow_unpublished=True)

    assert period.payment_day == date(2026, 1, 4)
    assert (period.record_day, period.record_time) == (None, None)


def test_build_schedule__weekends_only_for_2027__as_published(
    make_terms: Any, quantlib_calendar: Any
) -> None:
    terms = make_terms(**TWO_YEARS)

    days = [period.payment_day for period in build_schedule(terms, quantlib_calendar(range(2025, 2028)))]

    assert days == [date(2026, 1, 4), date(2027, 1, 4)]
    assert [str(flow.total.amount) for flow in cash_flows(terms, 1)] == ["3.25", "103.25"]


def test_accrued__two_year_bond__as_published(make_terms: Any) -> None:
    terms = make_terms(**TWO_YEARS)

    assert round_fraction(accrued_interest(terms, date(2025, 7, 2)), 10) == Decimal("1.6116438356")
    assert accrued_per_100(terms, date(2025, 7, 2)) == Decimal("1.6116438")


# --- Edges


@pytest.mark.parametrize(
    ("on", "days"),
    [
        (date(2019, 12, 4), 0),
        (date(2019, 12, 5), 0),
        (date(2019, 12, 6), 1),
        (date(2020, 12, 4), 365),
        (date(2020, 12, 5), 0),
        (date(2021, 12, 5), 0),
        (date(2022, 1, 1), 0),
    ],
)
def test_accrued_interest__around_due_dates__starts_anew(make_terms: Any, on: date, days: int) -> None:
    assert accrued_interest(make_terms(), on) == Fraction("3.25") * days / 366


def test_accrued_per_100__other_face__is_still_per_100(make_terms: Any) -> None:
    small, large = make_terms(), make_terms(face_value="1000000")

    assert accrued_per_100(small, date(2020, 6, 1)) == accrued_per_100(large, date(2020, 6, 1))


def test_build_schedule__another_calendar__refused(make_terms: Any) -> None:
    with pytest.raises(InputError, match="name calendar CN-IB, not X"):
        build_schedule(make_terms(), Calendar.from_bitmaps("X", {}))


@pytest.mark.parametrize("units", [-1, 1001, True])
def test_cash_flows__units_outside_the_issue__refused(make_terms: Any, units: Any) -> None:
    with pytest.raises(InvalidAmount):
        cash_flows(make_terms(), units)


# --- Any regular bond against QuantLib


@given(
    start=st.dates(date(2019, 1, 1), date(2024, 12, 31)),
    months=st.sampled_from(sorted(FREQUENCIES)),
    periods=st.integers(1, 24),
    roll=st.sampled_from(["following", "preceding", "modified-following", "modified-preceding"]),
)
def test_build_schedule__any_regular_bond__as_quantlib(
    make_terms: Any, start: date, months: int, periods: int, roll: str
) -> None:
    end = add_months(start, months * periods)
    schedule = ql.Schedule(
        to_ql(start),
        to_ql(end),
        ql.Period(months, ql.Months),
        ql.NullCalendar(),
        ql.Unadjusted,
        ql.Unadjusted,
        ql.DateGeneration.Forward,
        False,
    )
    rolls = {
        "following": ql.Following,
        "preceding": ql.Preceding,
        "modified-following": ql.ModifiedFollowing,
        "modified-preceding": ql.ModifiedPreceding,
    }
    terms = make_terms(
        issue_date=start.isoformat(), maturity_date=end.isoformat(), frequency=FREQUENCIES[months], roll=roll
    )

    ours = build_schedule(terms, CHINA, allow_unpublished=True)

    expected = list(schedule)
    assert [to_ql(terms.issue_date), *(to_ql(period.end) for period in ours)] == expected
    for period, due in zip(ours, expected[1:], strict=True):
        if period.payment_day:
            assert to_ql(period.payment_day) == MARKET.adjust(due, rolls[roll])
        if period.record_day and period.payment_day:
            assert to_ql(period.record_day) == MARKET.advance(to_ql(period.payment_day), -1, ql.Days)


@given(
    start=st.dates(date(2019, 1, 1), date(2024, 12, 31)),
    months=st.sampled_from(sorted(FREQUENCIES)),
    periods=st.integers(1, 12),
    day_count=st.sampled_from([count for count in DayCount if count is not DayCount.BUS_252]),
    offset=st.integers(0, 4000),
)
def test_accrued_interest__any_regular_bond__as_quantlib(
    make_terms: Any, start: date, months: int, periods: int, day_count: Any, offset: int
) -> None:
    end = add_months(start, months * periods)
    on = date.fromordinal(start.toordinal() + offset % (end - start).days)
    schedule = ql.Schedule(
        to_ql(start),
        to_ql(end),
        ql.Period(months, ql.Months),
        ql.NullCalendar(),
        ql.Unadjusted,
        ql.Unadjusted,
        ql.DateGeneration.Forward,
        False,
    )
    counter = {
        DayCount.ACT_ACT_ICMA: ql.ActualActual(ql.ActualActual.ISMA, schedule),
        DayCount.ACT_360: ql.Actual360(),
        DayCount.ACT_365F: ql.Actual365Fixed(),
        DayCount.THIRTY_360: ql.Thirty360(ql.Thirty360.BondBasis),
        DayCount.THIRTY_E_360: ql.Thirty360(ql.Thirty360.EurobondBasis),
        DayCount.ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
        DayCount.NL_365: ql.Actual365Fixed(ql.Actual365Fixed.NoLeap),
        DayCount.THIRTY_360_US: ql.Thirty360(ql.Thirty360.USA),
        DayCount.THIRTY_E_360_ISDA: ql.Thirty360(ql.Thirty360.ISDA, to_ql(end)),
    }[day_count]
    bond = ql.FixedRateBond(0, 100.0, schedule, [0.0325], counter)
    terms = make_terms(
        issue_date=start.isoformat(),
        maturity_date=end.isoformat(),
        frequency=FREQUENCIES[months],
        day_count=day_count.label,
    )

    assert float(accrued_interest(terms, on)) == pytest.approx(bond.accruedAmount(to_ql(on)), abs=1e-9)


# --- Every other shape


@settings(max_examples=1000, deadline=None)
@given(shape=shapes())
def test_build_schedule__any_shape__pays_every_due_day_rolled(make_terms: Any, shape: Shape) -> None:
    count = "ACT/ACT ICMA" if shape.frequency.unit is PeriodUnit.MONTH else "ACT/365F"
    terms = make_terms(**shape.fields, day_count=count)
    s = shape.schedule

    ours = build_schedule(terms, CHINA, allow_unpublished=True)

    assert terms.schedule == s
    assert len(ours) == terms.period_count == s.periods
    for period in ours:
        assert (period.start, period.end) == period_bounds(terms, period.index)
        if 2019 <= period.end.year <= 2026 and (period.end.month, period.end.day) < (12, 25):
            assert period.payment_day is not None
            assert to_ql(period.payment_day) == MARKET.adjust(to_ql(period.end), ql.Following)
        if period.record_day and period.payment_day:
            assert to_ql(period.record_day) == MARKET.advance(to_ql(period.payment_day), -1, ql.Days)
            assert period.record_time == datetime(*period.record_day.timetuple()[:3], 9, tzinfo=UTC)


@settings(max_examples=500, deadline=None)
@given(
    shape=shapes(months=(1, 2, 3, 4, 6, 12)),
    day_count=st.sampled_from([count for count in DayCount if count not in (DayCount.ACT_ACT_ICMA, 9)]),
    offset=st.integers(0, 8000),
)
def test_accrued_interest__any_shape__as_quantlib(
    make_terms: Any, shape: Shape, day_count: DayCount, offset: int
) -> None:
    terms = make_terms(**shape.fields, day_count=day_count.label)
    on = shape.issue + timedelta(days=offset % (shape.maturity - shape.issue).days)
    days = ql.DateVector()
    for index in range(terms.period_count + 1):
        days.push_back(to_ql(period_bounds(terms, index)[1] if index else shape.issue))
    counter = {
        DayCount.ACT_360: ql.Actual360(),
        DayCount.ACT_365F: ql.Actual365Fixed(),
        DayCount.THIRTY_360: ql.Thirty360(ql.Thirty360.BondBasis),
        DayCount.THIRTY_E_360: ql.Thirty360(ql.Thirty360.EurobondBasis),
        DayCount.ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
        DayCount.NL_365: ql.Actual365Fixed(ql.Actual365Fixed.NoLeap),
        DayCount.THIRTY_360_US: ql.Thirty360(ql.Thirty360.USA),
        DayCount.THIRTY_E_360_ISDA: ql.Thirty360(ql.Thirty360.ISDA, to_ql(shape.maturity)),
    }[day_count]
    bond = ql.FixedRateBond(0, 100.0, ql.Schedule(days), [0.0325], counter)

    assert float(accrued_interest(terms, on)) == pytest.approx(bond.accruedAmount(to_ql(on)), abs=1e-9)


def test_coupon_fraction__bus_252__counts_the_calendar(make_terms: Any) -> None:
    terms = make_terms(day_count="BUS/252", issue_date="2024-12-05", maturity_date="2026-12-05")
    expected = MARKET.businessDaysBetween(ql.Date(5, 12, 2024), ql.Date(5, 12, 2025))

    assert coupon_fraction(terms, 1, CHINA) == Fraction(expected, 252)
    with pytest.raises(InputError, match="BUS/252"):
        coupon_fraction(terms, 1)


def test_coupon_fraction__adjusted__runs_to_the_payment_day(make_terms: Any) -> None:
    terms = make_terms(day_count="ACT/360", adjusted="true")

    assert coupon_fraction(terms, 1, CHINA) == Fraction(368, 360)
    assert coupon_fraction(terms, 2, CHINA) == Fraction(364, 360)
    with pytest.raises(InputError, match="no calendar is given"):
        coupon_fraction(terms, 1)


# --- a coupon rate that a tender is to fix


def test_build_schedule__rate_by_tender__days_are_known() -> None:
    fixed, open_ = (load_term_sheet(BOC_2019.with_name(name)) for name in (BOC_2019.name, "boc-2019.yaml"))

    assert build_schedule(open_, CHINA) == build_schedule(fixed, CHINA)


@pytest.mark.parametrize(
    "ask",
    [
        lambda terms: cash_flows(terms, 1),
        lambda terms: accrued_interest(terms, date(2020, 6, 1)),
        lambda terms: accrued_per_100(terms, date(2020, 6, 1)),
    ],
)
def test_amounts__rate_by_tender__refused_until_it_is_fixed(ask: Callable[[TermSheet], object]) -> None:
    terms = load_term_sheet(BOC_2019.with_name("boc-2019.yaml"))

    with pytest.raises(InputError, match="CND1000BOC15: the coupon rate is not fixed yet"):
        ask(terms)
    assert ask(terms.with_rate("3.25")) == ask(load_term_sheet(BOC_2019))


# --- moved ends


def test_build_schedule__called__ends_on_the_day(make_terms: Any) -> None:
    """The record day of the last payment follows from the call, as that of any payment."""
    terms = make_terms()
    life = called(terms.interest_terms, Life(), date(2020, 6, 8), RATE_SCALE)

    (only,) = build_schedule(terms, load_calendar("CN-IB"), life=life)

    assert (only.start, only.end) == (date(2019, 12, 5), date(2020, 6, 8))
    assert (only.payment_day, only.record_day) == (date(2020, 6, 8), date(2020, 6, 5))


def test_cash_flows__called__stub_and_price(make_terms: Any) -> None:
    terms = make_terms()
    life = called(terms.interest_terms, Life(), date(2021, 3, 5), 1_010_000_000)

    first, last = cash_flows(terms, 100, life=life)

    assert (first.interest.amount, last.due) == (Decimal("325.00"), date(2021, 3, 5))
    assert (last.interest.amount, last.principal.amount) == (Decimal("80.13"), Decimal("10100.00"))
    assert accrued_interest(terms, date(2021, 3, 4), life=life) == accrued_interest(terms, date(2021, 3, 4))
    assert accrued_interest(terms, date(2021, 3, 5), life=life) == 0
