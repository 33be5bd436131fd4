"""The independent model against the golden figures and QuantLib."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import QuantLib as ql

from indenture.audit.model import (
    Terms,
    UnpublishedYear,
    Workdays,
    Year,
    add_months,
    year_fraction,
)
from indenture.audit.model.dates import day_number, to_date

pytestmark = pytest.mark.unit

ICMA, ACT_360, ACT_365F, THIRTY_360, THIRTY_E_360 = range(5)
UNADJUSTED, FOLLOWING, MODIFIED_FOLLOWING, PRECEDING, MODIFIED_PRECEDING = range(5)
ORACLES = {
    ACT_360: ql.Actual360(),
    ACT_365F: ql.Actual365Fixed(),
    THIRTY_360: ql.Thirty360(ql.Thirty360.BondBasis),
    THIRTY_E_360: ql.Thirty360(ql.Thirty360.EurobondBasis),
}
ROLLS = {
    UNADJUSTED: ql.Unadjusted,
    FOLLOWING: ql.Following,
    MODIFIED_FOLLOWING: ql.ModifiedFollowing,
    PRECEDING: ql.Preceding,
    MODIFIED_PRECEDING: ql.ModifiedPreceding,
}


def oracle_date(on: date) -> Any:
    return ql.Date(on.day, on.month, on.year)


def civil(on: Any) -> date:
    return date(on.year(), on.month(), on.dayOfMonth())


def china() -> Workdays:
    """The China interbank calendar, day by day from QuantLib."""
    market = ql.China(ql.China.IB)
    years = {}
    for year in range(2015, 2027):
        first = date(year, 1, 1)
        length = (date(year + 1, 1, 1) - first).days
        days = [to_date(day_number(first) + i) for i in range(length)]
        bits = sum(1 << i for i, on in enumerate(days) if market.isBusinessDay(oracle_date(on)))
        years[year] = Year(bits, 1)
    return Workdays("CN-IB", years)


def terms(**changes: Any) -> Terms:
    values: dict[str, Any] = {
        "isin": "",
        "issuer": "",
        "issuer_account": "",
        "currency": "",
        "face_value": 10_000,
        "units": 10**9,
        "minimum_units": 1,
        "eligible": 1,
        "issue_day": day_number(date(2019, 12, 5)),
        "periods": 2,
        "months": 12,
        "rate": 32_500_000,
        "day_count": ICMA,
        "roll": FOLLOWING,
        "market": "CN-IB",
        "record_days": 1,
        "cut_off": 17 * 3600,
        "utc_offset": 480,
        "prescription_years": 0,
        "term_sheet_hash": b"",
        "name": "",
        "symbol": "",
        "raw": (),
    }
    return Terms(**(values | changes))


def test_interest__boc_2019__is_the_press_figure() -> None:
    bond = terms()

    assert bond.interest(1, 200_000_000) == 650_000_000_00
    assert bond.amount(2, 1) == 103_25
    assert bond.amount(2, 200_000_000) == 20_650_000_000_00


@pytest.mark.parametrize(
    ("day_count", "expected"),
    [
        (ICMA, [16250_0000] * 4),
        (ACT_360, [16520_8333] * 3 + [16430_5555]),
        (ACT_365F, [16294_5205] * 3 + [16205_4794]),
        (THIRTY_360, [16250_0000] * 4),
        (THIRTY_E_360, [16250_0000] * 4),
    ],
)
def test_interest__leap_year_bond__is_the_golden_figure_rounded_down(
    day_count: int, expected: list[int]
) -> None:
    bond = terms(
        face_value=10_000_000_000,
        issue_day=day_number(date(2023, 6, 15)),
        months=6,
        periods=4,
        day_count=day_count,
    )

    assert [bond.interest(period, 1) for period in range(1, 5)] == expected


@pytest.mark.parametrize("day_count", ORACLES)
def test_year_fraction__random_periods__agrees_with_quantlib(day_count: int) -> None:
    rng = random.Random(day_count)
    for _ in range(500):
        start = to_date(rng.randrange(10_000, 30_000))
        end = add_months(start, rng.choice((1, 2, 3, 4, 6, 12)))
        fraction = year_fraction(day_count, start, end, 12)
        oracle = ORACLES[day_count].yearFraction(oracle_date(start), oracle_date(end))
        assert abs(float(fraction) - oracle) < 1e-12


@pytest.mark.parametrize("months", [1, 2, 3, 4, 6, 12])
def test_year_fraction__icma__is_the_part_of_a_year(months: int) -> None:
    assert year_fraction(ICMA, date(2020, 1, 31), date(2020, 2, 29), months) == Fraction(months, 12)


def test_add_months__random__agrees_with_quantlib() -> None:
    rng = random.Random(1)
    for _ in range(2000):
        start, months = to_date(rng.randrange(8_000, 40_000)), rng.randrange(0, 400)
        expected = ql.NullCalendar().advance(oracle_date(start), ql.Period(months, ql.Months))
        assert add_months(start, months) == civil(expected)


@pytest.mark.parametrize("roll", ROLLS)
def test_roll__china_interbank__agrees_with_quantlib(roll: int) -> None:
    rng, workdays, market = random.Random(roll), china(), ql.China(ql.China.IB)
    for _ in range(400):
        on = to_date(rng.randrange(day_number(date(2015, 2, 1)), day_number(date(2026, 11, 30))))
        assert workdays.roll(on, roll) == civil(market.adjust(oracle_date(on), ROLLS[roll]))


def test_payment_days__treasury_0619__record_on_friday_paid_on_monday() -> None:
    bond = terms(issue_day=day_number(date(2015, 5, 15)), months=6)
    record, pay, record_time, pay_time = bond.payment_days(1, china())

    assert (to_date(record), to_date(pay)) == (date(2015, 11, 13), date(2015, 11, 16))
    assert record_time == record * 86_400 + 9 * 3600
    assert pay_time == pay * 86_400 - 8 * 3600


def test_payment_days__working_sunday__is_paid_on_it() -> None:
    bond = terms(issue_day=day_number(date(2025, 1, 2)))

    assert to_date(bond.payment_days(1, china())[1]) == date(2026, 1, 4)


def test_payment_days__unpublished_year__is_refused() -> None:
    with pytest.raises(UnpublishedYear, match="2027"):
        terms(issue_day=day_number(date(2025, 1, 2))).payment_days(2, china())


def test_model__imports__nothing_of_the_sdk() -> None:
    import ast
    from pathlib import Path

    import indenture.audit as package

    forbidden = {
        "schedule",
        "daycount",
        "roles",
        "termsheet",
        "calendars",
        "dates",
        "rounding",
        "money",
        "contracts",
        "primary",
        "sealing",
    }
    for path in Path(str(package.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = node.module if isinstance(node, ast.ImportFrom) else None
            assert (
                name is None
                or name.removeprefix("indenture.").split(".")[0] not in forbidden
                or (not name.startswith("indenture."))
            ), f"{path}: {name}"
