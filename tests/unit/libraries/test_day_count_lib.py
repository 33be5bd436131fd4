"""DayCountLib: shared vectors; on any days, the Python module and QuantLib."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import QuantLib as ql
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.dates import from_day_number, to_day_number
from indenture.daycount import DayCount, year_fraction

pytestmark = pytest.mark.unit

LAST = date(2400, 12, 31)
DAYS = st.integers(0, to_day_number(LAST))
#: QuantLib's calendar ends in 2199.
QL_DAYS = st.dates(date(1970, 1, 1), date(2199, 12, 30))
NEVER = to_day_number(date(2399, 1, 1))
ELSEWHERE = (DayCount.ACT_ACT_ICMA, DayCount.BUS_252)
PLAIN = [value for value in DayCount if value not in ELSEWHERE]
COUNTERS = {
    DayCount.ACT_360: (ql.Actual360(), 360),
    DayCount.ACT_365F: (ql.Actual365Fixed(), 365),
    DayCount.THIRTY_360: (ql.Thirty360(ql.Thirty360.BondBasis), 360),
    DayCount.THIRTY_E_360: (ql.Thirty360(ql.Thirty360.EurobondBasis), 360),
    DayCount.NL_365: (ql.Actual365Fixed(ql.Actual365Fixed.NoLeap), 365),
    DayCount.THIRTY_360_US: (ql.Thirty360(ql.Thirty360.USA), 360),
}


def day(text: str) -> int:
    return to_day_number(date.fromisoformat(text))


def to_ql(when: date) -> ql.Date:
    return ql.Date(when.day, when.month, when.year)


def fraction(libraries: Any, convention: DayCount, start: date, end: date, maturity: int = NEVER) -> Fraction:
    numerator, denominator = libraries.yearFraction(
        convention, to_day_number(start), to_day_number(end), maturity
    )
    return Fraction(numerator, denominator)


def test_year_fraction__vectors__exact(libraries: Any, vectors: Any) -> None:
    rows = [row for row in vectors("day_counts")["fractions"] if row["convention"] != "ACT_ACT_ICMA"]

    for row in rows:
        numerator, denominator = libraries.yearFraction(
            DayCount[row["convention"]], day(row["start"]), day(row["end"]), day(row["maturity"])
        )
        assert Fraction(numerator, denominator) == Fraction(row["numerator"], row["denominator"]), row
    assert {row["convention"] for row in rows} == {each.name for each in PLAIN}


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(PLAIN), DAYS, DAYS, st.booleans())
def test_year_fraction__any_days__as_python(
    libraries: Any, convention: DayCount, one: int, other: int, at_maturity: bool
) -> None:
    start, end = sorted((one, other))
    maturity = end if at_maturity else NEVER

    numerator, denominator = libraries.yearFraction(convention, start, end, maturity)

    expected = year_fraction(
        convention, from_day_number(start), from_day_number(end), termination=from_day_number(maturity)
    )
    assert Fraction(numerator, denominator) == expected
    assert numerator < 2**28
    assert 0 < denominator < 2**18


@st.composite
def traps(draw: st.DrawFn) -> date:
    """Days around the ends of months and of February, in leap years and others."""
    year = draw(st.sampled_from([1971, 1999, 2000, 2003, 2004, 2024, 2025, 2096, 2100, 2104, 2198]))
    month = draw(st.sampled_from([1, 2, 2, 3, 3, 4, 8, 12]))
    first = date(year, month, 1)
    return from_day_number(to_day_number(first) + draw(st.integers(-4, 3) | st.integers(24, 31)))


@settings(max_examples=800, deadline=None)
@given(st.sampled_from(sorted(COUNTERS)), traps() | QL_DAYS, traps() | QL_DAYS)
def test_year_fraction__any_days__as_quantlib(
    libraries: Any, convention: DayCount, one: date, other: date
) -> None:
    start, end = sorted((one, other))
    counter, base = COUNTERS[convention]

    found = fraction(libraries, convention, start, end)

    assert found == Fraction(max(0, counter.dayCount(to_ql(start), to_ql(end))), base)


@settings(max_examples=400, deadline=None)
@given(traps() | QL_DAYS, traps() | QL_DAYS)
def test_year_fraction__act_act_isda__as_quantlib(libraries: Any, one: date, other: date) -> None:
    start, end = sorted((one, other))
    expected = ql.ActualActual(ql.ActualActual.ISDA).yearFraction(to_ql(start), to_ql(end))

    assert abs(fraction(libraries, DayCount.ACT_ACT_ISDA, start, end) - Fraction(expected)) < 1e-12


@settings(max_examples=400, deadline=None)
@given(traps() | QL_DAYS, traps() | QL_DAYS, st.booleans())
def test_year_fraction__thirty_e_360_isda__as_quantlib(
    libraries: Any, one: date, other: date, at_maturity: bool
) -> None:
    start, end = sorted((one, other))
    maturity = end if at_maturity else date(2199, 6, 1)
    days = ql.Thirty360(ql.Thirty360.ISDA, to_ql(maturity)).dayCount(to_ql(start), to_ql(end))

    found = fraction(libraries, DayCount.THIRTY_E_360_ISDA, start, end, to_day_number(maturity))

    assert found == Fraction(max(0, days), 360)


@pytest.mark.parametrize("convention", DayCount)
def test_year_fraction__end_before_start__reverts(
    libraries: Any, reverted: Any, convention: DayCount
) -> None:
    with pytest.raises(reverted) as caught:
        libraries.yearFraction(convention, 101, 100, 0)

    assert (caught.value.name, caught.value.arguments) == ("DayCountRangeInvalid", (101, 100))


@pytest.mark.parametrize("convention", ELSEWHERE)
def test_year_fraction__needs_a_grid_or_a_calendar__reverts(
    libraries: Any, reverted: Any, convention: DayCount
) -> None:
    with pytest.raises(reverted) as caught:
        libraries.yearFraction(convention, 100, 200, 0)

    assert (caught.value.name, caught.value.arguments) == ("DayCountNotPlain", (convention,))


@pytest.mark.parametrize("convention", PLAIN)
def test_year_fraction__no_days__is_nothing(libraries: Any, convention: DayCount) -> None:
    for when in ("2020-02-29", "2021-02-28", "2020-01-31", "2020-12-31"):
        assert libraries.yearFraction(convention, day(when), day(when), day(when))[0] == 0


def test_year_fraction__market_md__as_published(libraries: Any) -> None:
    """Values that were typed in from the sources, to ten digits."""
    rows = [
        (DayCount.ACT_360, "2022-02-23", "2023-02-23", "1.0138888889"),
        (DayCount.ACT_365F, "2022-02-23", "2026-02-23", "4.0027397260"),
        (DayCount.THIRTY_360, "2022-08-31", "2023-02-28", "0.4944444444"),
        (DayCount.THIRTY_E_360_ISDA, "2022-08-31", "2023-02-28", "0.5000000000"),
    ]
    for convention, start, end, expected in rows:
        found = fraction(libraries, convention, date.fromisoformat(start), date.fromisoformat(end))
        assert f"{float(found):.10f}" == expected, (convention, start, end)
