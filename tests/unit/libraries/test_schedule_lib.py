"""ScheduleLib and FractionLib: shared vectors; on any schedule, the Python module and QuantLib."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.dates import add_months, from_day_number, to_day_number
from indenture.daycount import DayCount
from indenture.interest import InterestTerms
from indenture.provisions import CouponKind, PeriodUnit, Schedule
from indenture.schedule import due_day, fraction, period_of, regular_day

pytestmark = pytest.mark.unit

NOWHERE = "0x" + "00" * 20
NO_MARKET = bytes(8)


def packed(s: Schedule) -> tuple[Any, ...]:
    """A schedule as the contracts take it."""
    return (
        to_day_number(s.issue_day),
        to_day_number(s.maturity_day),
        to_day_number(s.anchor_day),
        s.anchor_period,
        s.periods,
        s.step,
        int(s.unit),
        s.end_of_month,
    )


def from_row(row: dict[str, Any]) -> Schedule:
    return Schedule(
        date.fromisoformat(row["issue_day"]),
        date.fromisoformat(row["maturity_day"]),
        date.fromisoformat(row["anchor_day"]),
        row["anchor_period"],
        row["periods"],
        row["step"],
        PeriodUnit[row["unit"]],
        row["end_of_month"],
    )


def icma_of(libraries: Any, s: Schedule, start: date, end: date) -> Fraction:
    numerator, denominator = libraries.fraction(
        DayCount.ACT_ACT_ICMA, packed(s), NOWHERE, NO_MARKET, to_day_number(start), to_day_number(end)
    )
    assert 0 < denominator < 2**36
    return Fraction(numerator, denominator)


def terms_of(s: Schedule, day_count: DayCount) -> InterestTerms:
    return InterestTerms(10_000, s, CouponKind.FIXED, 10_000_000, day_count)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Months or days; any anchor inside; short and long stubs at both ends; ends of months."""
    unit = draw(st.sampled_from([PeriodUnit.MONTH, PeriodUnit.MONTH, PeriodUnit.DAY]))
    steps = [1, 2, 3, 5, 6, 12, 24] if unit is PeriodUnit.MONTH else [1, 7, 14, 28, 91, 364]
    step, periods = draw(st.sampled_from(steps)), draw(st.integers(1, 30))
    anchor = draw(st.dates(date(2040, 1, 1), date(2099, 12, 31)))
    end_of_month = unit is PeriodUnit.MONTH and draw(st.booleans())
    if end_of_month or draw(st.booleans()):
        anchor = add_months(anchor, 0, end_of_month=True)
    anchor_period = draw(st.integers(0, periods))
    s = Schedule(anchor, anchor, anchor, anchor_period, periods, step, unit, end_of_month)
    issued, matures = regular_day(s, 0), regular_day(s, periods)
    # The anchor is issue or maturity where its number says so; elsewhere a stub may be cut.
    if anchor_period > 0 and draw(st.booleans()):
        first = regular_day(s, 1)
        issued = first - timedelta(days=draw(st.integers(1, (first - regular_day(s, -1)).days)))
    if anchor_period < periods and draw(st.booleans()):
        before = regular_day(s, periods - 1) if periods > 1 else issued
        matures = before + timedelta(days=draw(st.integers(1, (regular_day(s, periods + 1) - before).days)))
    return replace(s, issue_day=issued, maturity_day=matures)


# --- vectors


def test_due_days__vectors__exact(libraries: Any, vectors: Any) -> None:
    for row in vectors("schedules")["schedules"]:
        s = packed(from_row(row))
        for number, day in enumerate(row["due"]):
            assert from_day_number(libraries.dueDay(s, number)) == date.fromisoformat(day), (
                row["name"],
                number,
            )
        for each in row["regular"]:
            found = from_day_number(libraries.regularDay(s, each["number"]))
            assert found == date.fromisoformat(each["day"]), (row["name"], each)


def test_fraction__icma_vectors__exact(libraries: Any, vectors: Any) -> None:
    checked = 0
    for row in vectors("schedules")["schedules"]:
        s = from_row(row)
        for each in row.get("icma") or ():
            found = icma_of(libraries, s, *(date.fromisoformat(each[name]) for name in ("start", "end")))
            assert found == Fraction(each["numerator"], each["denominator"]), (row["name"], each)
            checked += 1
    assert checked > 100


def test_fraction__icma_vectors_of_one_period__exact(libraries: Any, vectors: Any) -> None:
    rows = [row for row in vectors("day_counts")["fractions"] if row["convention"] == "ACT_ACT_ICMA"]
    for row in rows:
        start, end = (date.fromisoformat(row[name]) for name in ("ref_start", "ref_end"))
        s = Schedule(start, end, start, 0, 1, row["months_per_period"])
        found = icma_of(libraries, s, date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
        assert found == Fraction(row["numerator"], row["denominator"]), row


# --- any schedule


@settings(max_examples=250, deadline=None)
@given(schedules())
def test_days__any_schedule__as_python(libraries: Any, s: Schedule) -> None:
    given = packed(s)

    for number in range(s.periods + 1):
        assert from_day_number(libraries.dueDay(given, number)) == due_day(s, number)
    for number in (-2, -1, 0, s.periods, s.periods + 1, s.periods + 9):
        assert from_day_number(libraries.regularDay(given, number)) == regular_day(s, number)
    for number in (s.periods + 1, s.periods + 3):
        assert from_day_number(libraries.dueDay(given, number)) == regular_day(s, number), "renewed"


@settings(max_examples=300, deadline=None)
@given(schedules(), st.data())
def test_period_of__any_day__as_python_and_as_the_due_days_say(
    libraries: Any, s: Schedule, data: st.DataObject
) -> None:
    last = s.maturity_day - timedelta(days=1)
    edges = [due_day(s, k) for k in range(s.periods)]
    day = data.draw(st.dates(s.issue_day, last) | st.sampled_from(edges))
    for when in {day, max(s.issue_day, day - timedelta(days=1)), min(last, day + timedelta(days=1))}:
        period = libraries.periodOf(packed(s), to_day_number(when))

        assert period == period_of(s, when)
        assert due_day(s, period - 1) <= when < due_day(s, period)


@pytest.mark.parametrize("step", [1, 2, 3, 4, 6, 12])
@pytest.mark.parametrize(
    "issue", [date(2019, 8, 31), date(2020, 2, 29), date(2019, 11, 30), date(2019, 12, 5)]
)
def test_period_of__every_day_of_two_years__counts_up_on_due_days_only(
    libraries: Any, issue: date, step: int
) -> None:
    """Bonds issued at the end of a month: due days are clamped, and no day falls between two periods."""
    s = Schedule(issue, add_months(issue, 60 * step), issue, 0, 60, step)
    given, day, period = packed(s), issue, 1
    for _ in range(732):
        period += day == due_day(s, period)
        assert libraries.periodOf(given, to_day_number(day)) == period, day
        day += timedelta(days=1)


@settings(max_examples=300, deadline=None)
@given(schedules().filter(lambda s: s.unit is PeriodUnit.MONTH), st.data())
def test_fraction__icma_of_any_stretch__as_python(libraries: Any, s: Schedule, data: st.DataObject) -> None:
    one, other = data.draw(
        st.tuples(st.dates(s.issue_day, s.maturity_day), st.dates(s.issue_day, s.maturity_day))
    )
    start, end = min(one, other), max(one, other)

    found = icma_of(libraries, s, start, end)

    assert found == fraction(terms_of(s, DayCount.ACT_ACT_ICMA), start, end)


@settings(max_examples=150, deadline=None)
@given(schedules().filter(lambda s: s.unit is PeriodUnit.MONTH), st.data())
def test_fraction__icma_cut_anywhere__adds_up(libraries: Any, s: Schedule, data: st.DataObject) -> None:
    """No day counts twice and none is lost, at stubs and elsewhere."""
    cut = data.draw(st.dates(s.issue_day, s.maturity_day))
    parts = icma_of(libraries, s, s.issue_day, cut) + icma_of(libraries, s, cut, s.maturity_day)

    assert parts == icma_of(libraries, s, s.issue_day, s.maturity_day)


@settings(max_examples=150, deadline=None)
@given(
    st.dates(date(1990, 1, 1), date(2060, 12, 31)),
    st.sampled_from([1, 2, 3, 4, 6, 12]),
    st.integers(1, 20),
    st.data(),
)
def test_fraction__icma_of_regular_periods__as_quantlib(
    libraries: Any, issued: date, step: int, periods: int, data: st.DataObject
) -> None:
    matures = add_months(issued, step * periods)
    s = Schedule(issued, matures, issued, 0, periods, step)
    k = data.draw(st.integers(1, periods))
    start, end = due_day(s, k - 1), due_day(s, k)
    on = data.draw(st.dates(start, end))
    first, last, day = (ql.Date(each.day, each.month, each.year) for each in (start, end, on))

    counter = ql.ActualActual(ql.ActualActual.ISMA)
    expected = Fraction(day - first, last - first) * Fraction(step, 12)
    assert abs(expected - Fraction(counter.yearFraction(first, day, first, last))) < 1e-12
    assert icma_of(libraries, s, start, on) == expected


# --- bounds


@pytest.mark.parametrize("number", [-12_000, 12_000])
def test_regular_day__outside_the_calendar__reverts(libraries: Any, reverted: Any, number: int) -> None:
    for unit in PeriodUnit:
        s = Schedule(date(2020, 1, 31), date(2021, 1, 31), date(2020, 1, 31), 0, 1, 1200, unit)
        with pytest.raises(reverted) as caught:
            libraries.regularDay(packed(s), number)
        assert caught.value.name == "DateYearOutOfRange"
