"""Published amounts."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from indenture.cashflows import round_fraction
from indenture.daycount import DayCount
from indenture.interest import Grid, accrued, exact_payment
from indenture.provisions import PeriodUnit

from .builders import regular, terms_of

pytestmark = pytest.mark.unit

#: 3.25 % half-yearly over a leap year, face 1,000,000.
LEAP = regular(date(2023, 6, 15), 4, 6)
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("day_count", "expected"),
    [
        (DayCount.ACT_ACT_ICMA, ["16250.0000"] * 4),
        (DayCount.ACT_ACT_ISDA, ["16294.5205", "16254.1358", "16250.0000", "16201.3437"]),
        (DayCount.ACT_360, ["16520.8333", "16520.8333", "16520.8333", "16430.5556"]),
        (DayCount.ACT_365F, ["16294.5205", "16294.5205", "16294.5205", "16205.4795"]),
        (DayCount.THIRTY_360, ["16250.0000"] * 4),
        (DayCount.THIRTY_E_360, ["16250.0000"] * 4),
        (DayCount.NL_365, ["16294.5205", "16205.4795"] * 2),
    ],
)
def test_exact_payment__leap_year_bond__as_published(day_count: DayCount, expected: list[str]) -> None:
    grid = Grid(terms_of(LEAP, face_value=MILLION, day_count=day_count))

    paid = [round_fraction(exact_payment(grid, k).interest, 4) for k in range(1, 5)]

    assert paid == [Decimal(amount) for amount in expected]


@pytest.mark.parametrize(
    ("day_count", "expected"),
    [(DayCount.ACT_ACT_ICMA, "6748.6339"), (DayCount.THIRTY_360, "6680.5556")],
)
def test_accrued__leap_day__as_published(day_count: DayCount, expected: str) -> None:
    grid = Grid(terms_of(LEAP, face_value=MILLION, day_count=day_count))

    assert round_fraction(accrued(grid, date(2024, 2, 29)).amount, 4) == Decimal(expected)


def test_accrued__two_years_from_2_january_2025__as_published() -> None:
    grid = Grid(terms_of(regular(date(2025, 1, 2), 2), face_value=100))

    assert round_fraction(accrued(grid, date(2025, 7, 2)).amount, 10) == Decimal("1.6116438356")


def test_exact_payment__treasury_0619__half_of_the_rate() -> None:
    grid = Grid(terms_of(regular(date(2013, 11, 15), 6, 6), face_value=100, coupon_rate=32_700_000))

    assert [exact_payment(grid, k).interest for k in range(1, 7)] == [Fraction("1.635")] * 6


def test_exact_payment__boc_2019__as_published() -> None:
    """200,000,000 units of 100 yuan: 650,000,000 yuan a year."""
    grid = Grid(terms_of(regular(date(2019, 12, 5), 2)))

    assert [exact_payment(grid, k).interest * 200_000_000 for k in (1, 2)] == [65_000_000_000] * 2


def test_exact_payment__every_28_days__as_long_as_they_are() -> None:
    schedule = regular(date(2024, 1, 31), 13, 28, PeriodUnit.DAY)
    grid = Grid(terms_of(schedule, day_count=DayCount.ACT_360))

    assert grid.due[:3] == (date(2024, 1, 31), date(2024, 2, 28), date(2024, 3, 27))
    assert exact_payment(grid, 13).interest == Fraction(325 * 28, 360)
