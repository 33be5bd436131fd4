"""The independent model against the golden figures and QuantLib."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import QuantLib as ql
from tests.audit.sheets import DAYS, deal, regular, terms

from indenture.audit.model import (
    UnpublishedYear,
    Workdays,
    Year,
    add_months,
    unit_payment,
    year_fraction,
)
from indenture.audit.model.dates import day_number, to_date

pytestmark = pytest.mark.unit

(
    ICMA,
    ACT_360,
    ACT_365F,
    THIRTY_360,
    THIRTY_E_360,
    ACT_ACT_ISDA,
    NL_365,
    THIRTY_360_US,
    THIRTY_E_360_ISDA,
    BUS_252,
) = range(10)
UNADJUSTED, FOLLOWING, MODIFIED_FOLLOWING, PRECEDING, MODIFIED_PRECEDING = range(5)
ORACLES = {
    ACT_360: ql.Actual360(),
    ACT_365F: ql.Actual365Fixed(),
    THIRTY_360: ql.Thirty360(ql.Thirty360.BondBasis),
    THIRTY_E_360: ql.Thirty360(ql.Thirty360.EurobondBasis),
    ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
    NL_365: ql.Actual365Fixed(ql.Actual365Fixed.NoLeap),
    THIRTY_360_US: ql.Thirty360(ql.Thirty360.USA),
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


def yearly(issue: date, periods: int, step: int = 12, **changes: Any) -> dict[str, Any]:
    return regular(issue, add_months(issue, periods * step), periods, step, **changes)


def test_interest__boc_2019__is_the_press_figure() -> None:
    bond = deal(terms())

    assert unit_payment(bond, 1).interest_of(200_000_000) == 650_000_000_00
    assert unit_payment(bond, 2).amount_of(1) == 103_25
    assert unit_payment(bond, 2).amount_of(200_000_000) == 20_650_000_000_00


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
    bond = deal(terms(faceValue=10_000_000_000, schedule=yearly(date(2023, 6, 15), 4, 6), dayCount=day_count))

    assert [unit_payment(bond, period).interest_of(1) for period in range(1, 5)] == expected


@pytest.mark.parametrize("day_count", ORACLES)
def test_year_fraction__random_stretches__agrees_with_quantlib(day_count: int) -> None:
    rng, schedule = random.Random(day_count), terms().schedule
    for _ in range(500):
        start = to_date(rng.randrange(10_000, 30_000))
        end = start + timedelta(days=rng.randrange(1, 1_200))
        fraction = year_fraction(day_count, start, end, schedule, Workdays(""))
        oracle = ORACLES[day_count].yearFraction(oracle_date(start), oracle_date(end))
        assert abs(float(fraction) - max(0, oracle)) < 1e-12, (start, end)


def test_year_fraction__thirty_e_isda__knows_the_last_february() -> None:
    rng = random.Random(8)
    for _ in range(300):
        maturity = date(rng.randrange(2021, 2060), 2, 28)
        maturity = rng.choice((maturity, maturity.replace(day=27)))
        schedule = terms(schedule=regular(date(2020, 1, 31), maturity, 1, 480)).schedule
        oracle = ql.Thirty360(ql.Thirty360.ISDA, oracle_date(maturity))
        for end in (maturity, date(maturity.year, 1, 31)):
            found = year_fraction(THIRTY_E_360_ISDA, date(2020, 1, 31), end, schedule, Workdays(""))
            assert abs(float(found) - oracle.yearFraction(ql.Date(31, 1, 2020), oracle_date(end))) < 1e-12


def test_year_fraction__business_252__agrees_with_quantlib() -> None:
    rng, oracle = random.Random(9), ql.Business252(ql.China(ql.China.IB))
    for _ in range(100):
        start = to_date(rng.randrange(day_number(date(2016, 1, 1)), day_number(date(2024, 1, 1))))
        end = start + timedelta(days=rng.randrange(1, 800))
        found = year_fraction(BUS_252, start, end, terms().schedule, china())
        assert abs(float(found) - oracle.yearFraction(oracle_date(start), oracle_date(end))) < 1e-12


@pytest.mark.parametrize("months", [1, 2, 3, 4, 6, 12])
def test_year_fraction__icma__is_the_part_of_a_year(months: int) -> None:
    schedule = terms(schedule=yearly(date(2020, 1, 31), 3, months)).schedule
    for period in (1, 2, 3):
        start, end = schedule.due(period - 1), schedule.due(period)
        assert year_fraction(ICMA, start, end, schedule, Workdays("")) == Fraction(months, 12)


def test_year_fraction__icma_stubs__agree_with_quantlib() -> None:
    """Short and long, front and back: the notional periods are those of the schedule."""
    for issue, periods, anchor in (
        (date(2020, 3, 10), 4, date(2020, 6, 15)),
        (date(2019, 10, 1), 4, date(2020, 6, 15)),
    ):
        maturity = add_months(anchor, 6 * (periods - 1))
        given = regular(issue, maturity, periods, 6, anchorDay=day_number(anchor), anchorPeriod=1)
        schedule = terms(schedule=given).schedule
        dates = [oracle_date(d) for d in (issue, *(add_months(anchor, 6 * i) for i in range(periods)))]
        grid = ql.Schedule(
            dates,
            ql.NullCalendar(),
            ql.Unadjusted,
            ql.Unadjusted,
            ql.Period(6, ql.Months),
            ql.DateGeneration.Backward,
            False,
            [False] + [True] * (periods - 1),
        )
        oracle = ql.ActualActual(ql.ActualActual.ISMA, grid)
        for period in range(1, periods + 1):
            start, end = schedule.due(period - 1), schedule.due(period)
            found = year_fraction(ICMA, start, end, schedule, Workdays(""))
            assert abs(float(found) - oracle.yearFraction(oracle_date(start), oracle_date(end))) < 1e-12


def test_schedule__end_of_month__never_loses_it() -> None:
    schedule = terms(schedule=regular(date(2020, 2, 29), date(2022, 2, 28), 4, 6, endOfMonth=True)).schedule

    assert [schedule.due(k).isoformat() for k in range(5)] == [
        "2020-02-29",
        "2020-08-31",
        "2021-02-28",
        "2021-08-31",
        "2022-02-28",
    ]


def test_schedule__in_days__counts_from_the_anchor() -> None:
    schedule = terms(
        schedule=regular(
            date(2020, 1, 1),
            date(2020, 4, 1),
            4,
            28,
            unit=DAYS,
            anchorDay=day_number(date(2020, 1, 10)),
            anchorPeriod=1,
        )
    ).schedule

    assert [schedule.due(k).isoformat() for k in range(5)] == [
        "2020-01-01",
        "2020-01-10",
        "2020-02-07",
        "2020-03-06",
        "2020-04-01",
    ]
    assert schedule.due(5) == date(2020, 5, 1)  # of a renewal: regular again
    assert [schedule.period_of(date(2020, 1, day)) for day in (1, 9, 10)] == [1, 1, 2]


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
    bond = terms(schedule=yearly(date(2015, 5, 15), 4, 6))
    record, pay, record_time, pay_time = bond.payment_days(bond.due_date(1), china())

    assert (to_date(record), to_date(pay)) == (date(2015, 11, 13), date(2015, 11, 16))
    assert record_time == record * 86_400 + 9 * 3600
    assert pay_time == pay * 86_400 - 8 * 3600


def test_payment_days__working_sunday__is_paid_on_it() -> None:
    bond = terms(schedule=yearly(date(2025, 1, 2), 2))

    assert to_date(bond.payment_days(bond.due_date(1), china())[1]) == date(2026, 1, 4)


def test_payment_days__unpublished_year__is_refused() -> None:
    bond = terms(schedule=yearly(date(2025, 1, 2), 2))
    with pytest.raises(UnpublishedYear, match="2027"):
        bond.payment_days(bond.due_date(2), china())


def test_workdays__joint__are_those_of_all_parts() -> None:
    one, other = Workdays("A", {2020: Year(0b1101, 1)}), Workdays("B", {2020: Year(0b0111, 2)})
    joint = Workdays("A+B", parts=(one, other))

    assert [joint.is_open(date(2020, 1, day)) for day in (1, 2, 3, 4)] == [True, False, True, False]
    assert joint.year(2020) == Year(0b0101, 3)
    assert joint.year(2021) == Year(0, 0)
    assert joint.between(date(2020, 1, 1), date(2020, 1, 5)) == 2
    one.years[2021] = Year(1, 1)
    with pytest.raises(UnpublishedYear, match="B 2021"):
        joint.is_open(date(2021, 1, 2))


def test_model__imports__nothing_of_the_sdk() -> None:
    import ast
    from pathlib import Path

    import indenture.audit as package

    forbidden = {
        "schedule",
        "daycount",
        "cashflows",
        "interest",
        "analytics",
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
