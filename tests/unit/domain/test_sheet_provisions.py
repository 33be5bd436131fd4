"""What sheets of every kind provide for, as it is sealed on chain."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture.calendars import Convention, load_calendar
from indenture.daycount import DayCount
from indenture.errors import InvalidDate
from indenture.provisions import (
    ALL_CLASSES,
    NO_CAP,
    Accretion,
    CouponKind,
    Deferral,
    Fallback,
    Floating,
    Inflation,
    Instalment,
    KpiTest,
    PeriodUnit,
    Provisions,
    Renewal,
    Rounding,
    Schedule,
    Step,
    Withholding,
)
from indenture.schedule import build_schedule, due_day
from indenture.termsheet import Frequency, Stub, TermSheet, load_term_sheet

from .sheets import (
    CAPITALISATION,
    COMPOUND,
    COMPOUNDED,
    DEFERRAL,
    FALLBACK,
    FIXED,
    FLOATING,
    INFLATION,
    INSTALMENTS,
    KPI,
    RENEWAL,
    STEP,
    STRAIGHT,
    WITHHOLDING,
    sheet_of,
)

pytestmark = pytest.mark.unit

TERMS = Path(__file__).parents[3] / "terms"
#: 100 / 1.0155^6 in whole fen.
COMPOUND_PRICE = "91.19"


def provided(sheet: TermSheet, **expected: Any) -> None:
    """Asserts that a sheet provides for this and nothing else."""
    assert sheet.provisions == replace(Provisions(), **expected)
    assert sheet.interest_terms.provisions == sheet.provisions
    assert sheet.interest_terms.kind is sheet.coupon.kind


# --- Kinds of coupons


def test_provisions__plain_bond__are_none() -> None:
    sheet = sheet_of()

    provided(sheet)
    assert sheet.coupon.kind is CouponKind.FIXED
    assert sheet.interest_terms.coupon_rate == 32_500_000
    assert sheet.coupon.label == "3.25 % semi-annual"
    assert sheet.schedule == Schedule(
        issue_day=date(2021, 6, 1),
        maturity_day=date(2024, 6, 1),
        anchor_day=date(2021, 6, 1),
        anchor_period=0,
        periods=6,
        step=6,
    )


def test_provisions__step__rates_by_period() -> None:
    sheet = sheet_of(STEP)

    provided(sheet, steps=(Step(3, 35_000_000), Step(5, 0)))
    assert (sheet.rate, sheet.coupon.label) == (30_000_000, "3 %, with steps, semi-annual")


def test_provisions__straight_accretion__price_in_base_units() -> None:
    sheet = sheet_of(STRAIGHT, issue_price="91.20")

    provided(sheet, accretion=Accretion(9_120))
    assert (sheet.rate, sheet.interest_terms.coupon_rate) == (0, 0)
    assert (sheet.period_count, sheet.months_per_period) == (1, 36)
    assert (sheet.coupon.frequency, sheet.coupon.label) == (None, "no coupon")


def test_provisions__compound_accretion__yield_and_cells() -> None:
    sheet = sheet_of(COMPOUND, issue_price=COMPOUND_PRICE)

    provided(sheet, accretion=Accretion(9_119, 31_000_000, 6))


@pytest.mark.parametrize(
    ("maturity", "months", "regular"),
    [
        ("2024-06-01", 36, True),
        ("2024-06-02", 37, False),
        ("2021-06-02", 1, False),
        ("2021-11-30", 6, False),
        ("2021-12-01", 6, True),
    ],
)
def test_schedule__zero_coupon__is_one_period_of_whole_months(
    make_terms: Any, maturity: str, months: int, regular: bool
) -> None:
    sheet = make_terms(
        kind="zero",
        rate=None,
        frequency=None,
        accretion={"method": "straight"},
        issue_price="99",
        issue_date="2021-06-01",
        maturity_date=maturity,
    )

    assert (sheet.schedule.periods, sheet.schedule.step, sheet.schedule.unit) == (1, months, PeriodUnit.MONTH)
    assert (due_day(replace(sheet.schedule, periods=2), 1) == sheet.maturity_date) is regular


def test_provisions__term_rate__all_of_it() -> None:
    sheet = sheet_of(FLOATING, FALLBACK)

    expected = Floating(
        "SHIBOR3M", False, 2, 6_000_000, 5_000_000, 60_000_000, 5, Fallback.LAST_VALUE, 25_000_000
    )
    provided(sheet, floating=expected, fallback_days=5)
    assert (sheet.rate, sheet.fixed_rate) == (0, 0)
    assert sheet.coupon.label == "SHIBOR3M + 0.60 % quarterly"


def test_provisions__term_rate__least_of_it() -> None:
    text = FLOATING
    for line in ("    observation: term\n", "    spread: 0.60\n", "    floor: 0.5\n", "    cap: 6\n"):
        text = text.replace(line, "")

    floating = sheet_of(text, FALLBACK).provisions.floating

    assert (floating.compounded, floating.spread, floating.floor, floating.cap) == (False, 0, 0, NO_CAP)
    assert sheet_of(text, FALLBACK).coupon.rate_label == "SHIBOR3M"


def test_provisions__compounded_rate__with_a_negative_spread() -> None:
    sheet = sheet_of(COMPOUNDED.replace("0.60", "-0.15"), FALLBACK)

    floating = sheet.provisions.floating
    assert (floating.benchmark, floating.compounded, floating.spread) == ("ESTR", True, -1_500_000)
    assert sheet.coupon.rate_label == "ESTR - 0.15 %"


@pytest.mark.parametrize("fallback", Fallback)
def test_provisions__fallback__by_its_name(fallback: Fallback) -> None:
    name = fallback.name.lower().replace("_", "-")

    assert sheet_of(FLOATING.replace("last-value", name), FALLBACK).provisions.floating.fallback is fallback


def test_provisions__inflation__all_of_it() -> None:
    sheet = sheet_of(INFLATION, FALLBACK)

    provided(sheet, inflation=Inflation("CPI-CN", 3, True, True, 5, 103_200_000_000), fallback_days=5)
    assert sheet.coupon.label == "1.5 %, indexed by CPI-CN, annual"


def test_provisions__inflation__flags_left_out_are_false() -> None:
    text = INFLATION.replace("    interpolated: true\n", "").replace("    floored: true\n", "")

    inflation = sheet_of(text, FALLBACK).provisions.inflation

    assert (inflation.interpolated, inflation.floored) == (False, False)


def test_provisions__kpi__tests_by_period() -> None:
    sheet = sheet_of(KPI, FALLBACK)

    day = date(2022, 12, 31)
    provided(
        sheet,
        tests=(
            KpiTest("CO2", day, 3, True, 120_000_000_000, 2_500_000),
            KpiTest("GREENPWR", day, 3, False, -35_500_000_000, -1_000_000),
        ),
        fallback_days=5,
    )


# --- Principal and rights


def test_provisions__instalments__shares_of_the_face() -> None:
    provided(
        sheet_of(FIXED, INSTALMENTS), instalments=(Instalment(4, 200_000_000), Instalment(6, 800_000_000))
    )


def test_provisions__one_instalment_at_maturity__is_what_every_bond_does() -> None:
    provided(sheet_of(FIXED, "principal: {instalments: [{on: 2024-06-01, percent: 100}]}\n"))


def test_provisions__capitalisation__until_a_period() -> None:
    provided(sheet_of(FIXED, CAPITALISATION), capitalised_until=2)


def test_provisions__renewal__cycle_in_periods() -> None:
    provided(
        sheet_of(FIXED, RENEWAL),
        renewal=Renewal(6, 45, "CGB3Y", 1, 12_000_000, 30_000_000),
        fallback_days=5,
    )


def test_provisions__renewal_of_a_bond_that_pays_by_days__cycle_in_periods() -> None:
    coupon = FIXED.replace("semi-annual", "every 28 days").replace("ACT/ACT ICMA", "ACT/360")
    sheet = sheet_of(coupon + "  stub: short-front\n", RENEWAL.replace("3 years", "52 weeks"))

    assert sheet.schedule.unit is PeriodUnit.DAY
    assert sheet.provisions.renewal.periods == 13


def test_provisions__deferral__with_interest_on_arrears() -> None:
    provided(sheet_of(FIXED, DEFERRAL), deferral=Deferral(31, True))
    provided(sheet_of(FIXED, DEFERRAL.replace("  bears_interest: true\n", "")), deferral=Deferral(31, False))


def test_provisions__withholding__masks_of_classes() -> None:
    sheet = sheet_of(FIXED, WITHHOLDING)

    provided(
        sheet,
        tax_account="0x00000000000000000000000000000000000000AA",
        withholdings=(
            Withholding(1 << 7 | 1 << 6, 200_000_000),
            Withholding(1 << 1, 65_000_000),
            Withholding(ALL_CLASSES, 0),
        ),
    )


def test_provisions__withholding_without_account__is_left_to_the_registration() -> None:
    account = next(line for line in WITHHOLDING.splitlines(keepends=True) if "account" in line)

    assert sheet_of(FIXED, WITHHOLDING.replace(account, "")).provisions.tax_account == ""


@pytest.mark.parametrize("rounding", Rounding)
def test_rounding__by_its_name__reaches_the_interest_terms(rounding: Rounding) -> None:
    sheet = sheet_of(FIXED, f"rounding: {rounding.name.lower().replace('_', '-')}\n")

    assert sheet.rounding is sheet.interest_terms.rounding is rounding
    assert sheet_of().rounding is Rounding.HOLDING_DOWN


def test_business_days__joint_and_adjusted__reach_the_interest_terms() -> None:
    coupon = FIXED.replace("ACT/ACT ICMA", "ACT/360")

    sheet = sheet_of(coupon, calendar="[T2, CN-IB]", adjusted="true", roll="modified-following")

    terms = sheet.interest_terms
    assert (terms.calendar, terms.adjusted, terms.roll) == ("CN-IB+T2", True, Convention.MODIFIED_FOLLOWING)
    assert sheet_of(coupon, calendar="CN-IB+T2").business_days.calendar == "CN-IB+T2"
    assert load_calendar(terms.calendar).parts == ("CN-IB", "T2")


# --- Schedules


@pytest.mark.parametrize(
    ("label", "frequency", "shown"),
    [
        ("annual", Frequency.ANNUAL, "annual"),
        ("every 12 months", Frequency.ANNUAL, "annual"),
        ("every 1 year", Frequency.ANNUAL, "annual"),
        ("every 3 months", Frequency.QUARTERLY, "quarterly"),
        ("every 4 months", Frequency(4), "every 4 months"),
        ("every 2 years", Frequency(24), "every 2 years"),
        ("every 18 months", Frequency(18), "every 18 months"),
        ("every 28 days", Frequency(28, PeriodUnit.DAY), "every 28 days"),
        ("every 4 weeks", Frequency(28, PeriodUnit.DAY), "every 28 days"),
        ("every 2 weeks", Frequency(14, PeriodUnit.DAY), "every 2 weeks"),
        ("every 1 week", Frequency(7, PeriodUnit.DAY), "every 1 week"),
        ("every 1 day", Frequency(1, PeriodUnit.DAY), "every 1 day"),
    ],
)
def test_frequency__label__as_sheets_write_it(label: str, frequency: Frequency, shown: str) -> None:
    assert Frequency.from_label(label) == frequency
    assert frequency.label == shown


@given(st.integers(1, 12_000), st.sampled_from(PeriodUnit))
def test_frequency__any__goes_round(step: int, unit: PeriodUnit) -> None:
    frequency = Frequency(step, unit)

    assert Frequency.from_label(frequency.label) == frequency
    assert Frequency.from_span(frequency.span_label) == frequency
    assert frequency.per_year * step == (12 if unit is PeriodUnit.MONTH else 365)


@pytest.mark.parametrize("label", ["every 0 months", "every 1001 years", "every 12001 days"])
def test_frequency__of_no_length_or_too_long__refused(label: str) -> None:
    with pytest.raises(InvalidDate, match="is not between 1 and 12000"):
        Frequency.from_label(label)


@pytest.mark.parametrize(
    "label", ["biennial", "every", "every year", "every 3", "every 3 quarters", "every -1 day"]
)
def test_frequency__no_such_name__refused(label: str) -> None:
    with pytest.raises(KeyError):
        Frequency.from_label(label)


def test_schedule__front_stub__counts_back_from_maturity() -> None:
    coupon = FIXED.replace("semi-annual", "every 2 years")

    short, long = (sheet_of(coupon + f"  stub: {name}-front\n").schedule for name in ("short", "long"))

    assert (short.anchor_day, short.anchor_period, short.periods) == (date(2024, 6, 1), 2, 2)
    assert [due_day(short, k).year for k in range(3)] == [2021, 2022, 2024]
    assert (long.anchor_day, long.anchor_period, long.periods) == (date(2024, 6, 1), 1, 1)


def test_schedule__back_stub__counts_from_issue() -> None:
    coupon = FIXED.replace("semi-annual", "every 2 years")

    short, long = (sheet_of(coupon + f"  stub: {name}-back\n").schedule for name in ("short", "long"))

    assert (short.anchor_day, short.anchor_period, short.periods) == (date(2021, 6, 1), 0, 2)
    assert [due_day(short, k).year for k in range(3)] == [2021, 2023, 2024]
    assert (long.anchor_period, long.periods) == (0, 1)


def test_schedule__first_coupon_date__is_the_anchor() -> None:
    coupon = FIXED + "  first_coupon_date: 2021-09-30\n  end_of_month: true\n  stub: long-back\n"

    s = sheet_of(coupon).schedule

    assert (s.anchor_day, s.anchor_period, s.periods, s.end_of_month) == (date(2021, 9, 30), 1, 6, True)
    assert [due_day(s, k) for k in (1, 2, 5, 6)] == [
        date(2021, 9, 30),
        date(2022, 3, 31),
        date(2023, 9, 30),
        date(2024, 6, 1),
    ]


def test_months_per_period__of_days__refused() -> None:
    coupon = FIXED.replace("semi-annual", "every 28 days").replace("ACT/ACT ICMA", "ACT/360")

    sheet = sheet_of(coupon + "  stub: short-back\n")

    assert sheet.period_count == 40
    with pytest.raises(InvalidDate, match="its periods are of 28 days, not of months"):
        _ = sheet.months_per_period


def test_stub__label__goes_round() -> None:
    for stub in Stub:
        coupon = FIXED.replace("semi-annual", "every 2 years") + f"  stub: {stub.label}\n"
        assert sheet_of(coupon).coupon.stub is stub


# --- The examples


def example(name: str) -> TermSheet:
    return load_term_sheet(TERMS / f"{name}.yaml")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("step-coupon", CouponKind.STEP),
        ("zero-compound", CouponKind.ZERO),
        ("discount-bill", CouponKind.ZERO),
        ("floating-term", CouponKind.FLOATING),
        ("floating-compounded", CouponKind.FLOATING),
        ("inflation-linked", CouponKind.INFLATION),
        ("sustainability-linked", CouponKind.KPI),
    ],
)
def test_example__of_each_kind__is_there(name: str, kind: CouponKind) -> None:
    assert example(name).coupon.kind is kind


def test_example__jingchengtou__repays_a_fifth_in_years_three_to_seven() -> None:
    sheet = example("pr-jingchengtou")

    assert sheet.provisions.instalments == tuple(Instalment(year, 200_000_000) for year in range(3, 8))
    assert sheet.period_count == 7


def test_example__tiejian__can_be_renewed_and_deferred() -> None:
    provisions = example("tiejian-19y4").provisions

    assert (provisions.renewal.periods, provisions.renewal.step_up) == (3, 30_000_000)
    assert provisions.deferral == Deferral(31, True)


def test_example__treasury_0619__pays_1_635_each_half_year() -> None:
    sheet = example("treasury-0619")

    assert (sheet.rate, sheet.coupon.frequency) == (32_700_000, Frequency.SEMI_ANNUAL)


def test_example__stubs__are_at_both_ends_of_ends_of_months() -> None:
    s = example("stubs-end-of-month").schedule

    assert [due_day(s, k).isoformat() for k in range(s.periods + 1)] == [
        "2021-07-12",
        "2022-03-31",
        "2022-09-30",
        "2023-03-31",
        "2023-09-30",
        "2024-03-31",
        "2024-09-30",
        "2025-03-31",
        "2025-09-30",
        "2026-03-31",
        "2026-05-15",
    ]


def test_example__28_days__are_26_periods() -> None:
    sheet = example("every-28-days")

    assert (sheet.schedule.step, sheet.schedule.unit, sheet.period_count) == (28, PeriodUnit.DAY, 26)


def test_example__joint_calendars__pays_on_days_of_both() -> None:
    sheet = example("joint-calendars")

    payments = [period.payment_day for period in build_schedule(sheet, load_calendar("CN-IB+T2"))]

    assert (sheet.business_days.adjusted, sheet.coupon.day_count) == (True, DayCount.ACT_360)
    for code in ("CN-IB", "T2"):
        assert all(load_calendar(code).is_business_day(day) for day in payments if day)


def test_example__withholding__rounds_each_unit() -> None:
    sheet = example("withholding")

    assert sheet.rounding is Rounding.UNIT_HALF_UP
    assert sheet.provisions.withholdings == (Withholding(1 << 7, 200_000_000), Withholding(ALL_CLASSES, 0))


def test_example__days__are_announced_or_before_and_after_the_calendar() -> None:
    """No example pays within the published years on a day that the package's calendar cannot give."""
    for path in TERMS.glob("*.yaml"):
        if path.stem.endswith(("-book", "-tender")):
            continue
        sheet = load_term_sheet(path)
        calendar = load_calendar(sheet.business_days.calendar)
        for period in build_schedule(sheet, calendar, allow_unpublished=True):
            assert (period.payment_day is not None) == (period.end.year in calendar.years), path.name
