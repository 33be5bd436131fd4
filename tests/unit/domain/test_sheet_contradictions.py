"""Sheets that contradict themselves in one place: each error names the field and its line, and says why."""

from typing import Any

import pytest

from indenture.termsheet import parse_term_sheet

from .sheets import (
    CAPITALISATION,
    DEFERRAL,
    FALLBACK,
    FIXED,
    FLOATING,
    INFLATION,
    INSTALMENTS,
    KPI,
    RENEWAL,
    RIGHT,
    STEP,
    WITHHOLDING,
    check,
    line_of,
    refused,
    sheet_text,
)

pytestmark = pytest.mark.unit

TWO_YEARS = "semi-annual", "every 2 years"


# --- Coupons


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("2022-06-01", "2022-06-02", "coupon.steps.0.from", "2022-06-02 is not the first day of a period"),
        ("2022-06-01", "2021-06-01", "coupon.steps.0.from", "2021-06-01 is the issue date"),
        ("2022-06-01", "2020-12-01", "coupon.steps.0.from", "2020-12-01 is not the first day of a period"),
        ("2023-06-01", "2024-06-01", "coupon.steps.1.from", "2024-06-01 is not the first day of a period"),
        (
            "2023-06-01",
            "2021-12-01",
            "coupon.steps.1.from",
            "2021-12-01 is before 2022-06-01 of the one above",
        ),
    ],
)
def test_parse_term_sheet__steps_against_the_dates__named_with_the_line(
    old: str, new: str, field: str, reason: str
) -> None:
    at = f"from: {new}"

    check("step", f"from: {old}", at, field, reason)


def test_parse_term_sheet__step_on_no_first_day__hint_says_the_nearest() -> None:
    error = refused(RIGHT["step"].replace("from: 2022-06-01", "from: 2022-07-01"))
    last = refused(RIGHT["step"].replace("from: 2023-06-01", "from: 2024-02-01"))

    assert error.hint == "Period 3 begins on 2022-06-01, the next on 2022-12-01."
    assert last.hint == "The last period begins on 2023-12-01."


def test_parse_term_sheet__steps__neither_none_nor_two_from_one_day() -> None:
    empty = refused(
        sheet_text("coupon: {kind: step, rate: 3, steps: [], frequency: annual, day_count: ACT/360}\n")
    )
    twice = refused(RIGHT["step"].replace("2023-06-01", "2022-06-01"))

    assert (empty.field, empty.reason) == ("coupon.steps", "is empty")
    assert (twice.field, twice.reason) == ("coupon.steps", "has two steps from one day")


@pytest.mark.parametrize(
    ("kind", "old", "new", "field", "reason"),
    [
        ("floating", "cap: 6", "cap: 0.4", "coupon.floating.cap", "0.4 % is below floor 0.5 %"),
        (
            "floating",
            "rate: 2.5",
            "rate: 0.4",
            "coupon.floating.fallback_rate",
            "0.4 % is outside floor and cap",
        ),
        (
            "floating",
            "rate: 2.5",
            "rate: 6.1",
            "coupon.floating.fallback_rate",
            "6.1 % is outside floor and cap",
        ),
        (
            "compounded",
            "lag: 2",
            "lag: 0",
            "coupon.floating.lag",
            "is known only after its last overnight rate",
        ),
        ("inflation", "lag_months: 3", "lag_months: 1", "coupon.inflation.lag_months", "interpolation needs"),
        ("kpi", "step: 0.25", "step: 0", "coupon.kpi.0.step", "0 moves nothing"),
        (
            "kpi",
            "day: 2022-12-31",
            "day: 2023-06-02",
            "coupon.kpi.0.day",
            "is after 2023-06-01, when the rate",
        ),
        (
            "kpi",
            "from: 2023-06-01",
            "from: 2023-05-01",
            "coupon.kpi.0.from",
            "is not the first day of a period",
        ),
        (
            "kpi",
            "day: 2022-12-31, from: 2023-06-01",
            "day: 2021-05-31, from: 2021-06-01",
            "coupon.kpi.0.from",
            "is the",
        ),
    ],
)
def test_parse_term_sheet__coupon_against_itself__named_with_the_line(
    kind: str, old: str, new: str, field: str, reason: str
) -> None:
    check(kind, old, new, field, reason)


def test_parse_term_sheet__kpi__neither_none_nor_one_figure_twice() -> None:
    empty = refused(
        sheet_text("coupon: {kind: kpi, rate: 3, kpi: [], frequency: annual, day_count: ACT/360}\n", FALLBACK)
    )
    twice = refused(
        RIGHT["kpi"].replace("figure: GREENPWR", "figure: CO2").replace("at_least: -35.5", "at_most: 9")
    )
    later = refused(RIGHT["kpi"].replace("from: 2023-06-01, at_least", "from: 2022-06-01, at_least"))

    assert (empty.field, empty.reason) == ("coupon.kpi", "is empty")
    assert (twice.field, twice.reason) == ("coupon.kpi", "tests one figure twice for one period")
    assert [later.field, *(other.field for other in later.others)] == [
        "coupon.kpi.1.from",
        "coupon.kpi.1.day",
    ]


@pytest.mark.parametrize(
    ("kind", "old", "new", "field", "reason", "at"),
    [
        (
            "straight",
            "91.20",
            "100",
            "issue_price",
            "leaves a bond without coupon nothing to grow by",
            "issue_price",
        ),
        (
            "straight",
            "method: straight",
            "method: straight\n    yield: 3",
            "coupon.accretion.yield",
            "has no meaning in a straight line",
            "    yield:",
        ),
        (
            "straight",
            "method: straight",
            "method: straight\n    compounding: annual",
            "coupon.accretion.compounding",
            "has no meaning in a straight line",
            "    compounding:",
        ),
        ("compound", "    yield: 3.1\n", "", "coupon.accretion.yield", "is missing", "  accretion:"),
        (
            "compound",
            "    compounding: semi-annual\n",
            "",
            "coupon.accretion.compounding",
            "is missing",
            "  accretion:",
        ),
        ("compound", "yield: 3.1", "yield: 0", "coupon.accretion.yield", "0 % grows nothing", ""),
        ("compound", "yield: 3.1", "yield: 3.2", "coupon.accretion.yield", "grow to 100.3", ""),
        (
            "compound",
            "ing: semi-annual",
            "ing: every 28 days",
            "coupon.accretion.compounding",
            "up to a year",
            "",
        ),
        (
            "compound",
            "ing: semi-annual",
            "ing: every 2 years",
            "coupon.accretion.compounding",
            "up to a year",
            "",
        ),
    ],
)
def test_parse_term_sheet__accretion_against_itself__named_with_the_line(
    kind: str, old: str, new: str, field: str, reason: str, at: str
) -> None:
    check(kind, old, new, field, reason, at)


# --- Provisions


@pytest.mark.parametrize(
    ("kind", "old", "new", "field", "reason", "at"),
    [
        (
            "instalments",
            "on: 2023-06-01",
            "on: 2023-06-02",
            "principal.instalments.0.on",
            "2023-06-02 is not a due date",
            "",
        ),
        (
            "instalments",
            "percent: 80",
            "percent: 79",
            "principal.instalments",
            "come to 99 %, not to 100 %",
            "  instal",
        ),
        (
            "instalments",
            "on: 2024-06-01",
            "on: 2023-12-01",
            "principal.instalments",
            "the last, on 2023-12-01, is not at maturity_date 2024-06-01",
            "  instal",
        ),
        (
            "capitalisation",
            "until: 2022-06-01",
            "until: 2024-06-01",
            "capitalisation.until",
            "2024-06-01 is not before maturity_date 2024-06-01",
            "",
        ),
        (
            "capitalisation",
            "until: 2022-06-01",
            "until: 2022-07-01",
            "capitalisation.until",
            "is not a due date",
            "",
        ),
        (
            "capitalisation",
            "until: 2022-06-01",
            "until: 2021-06-01",
            "capitalisation.until",
            "is not a due date",
            "",
        ),
        (
            "renewal",
            "every: 3 years",
            "every: 9 months",
            "renewal.every",
            "is not a whole number of interest",
            "",
        ),
        (
            "renewal",
            "every: 3 years",
            "every: 52 weeks",
            "renewal.every",
            "is not a whole number of interest",
            "",
        ),
        (
            "renewal",
            "semi-annual",
            "annual\n  first_coupon_date: 2021-09-01",
            "renewal",
            "a cycle that ends in a stub, on 2024-06-01, cannot go on",
            "renewal:",
        ),
        (
            "renewal",
            "fallback_days: 5\n",
            "",
            "fallback_days",
            "is missing: the rate follows published values",
            "isin",
        ),
        (
            "kpi",
            "fallback_days: 5\n",
            "",
            "fallback_days",
            "is missing: the rate follows published values",
            "isin",
        ),
        ("floating", "fallback_days: 5\n", "", "fallback_days", "is missing", "isin"),
        ("inflation", "fallback_days: 5\n", "", "fallback_days", "is missing", "isin"),
        (
            "deferral",
            "deferral:",
            "fallback_days: 5\ndeferral:",
            "fallback_days",
            "has no meaning for a bond that follows no published value",
            "fallback_days",
        ),
        (
            "withholding",
            "classes: all",
            "classes: [fund]",
            "withholding.rates",
            "does not end with",
            "  rates:",
        ),
        ("withholding", "classes: [bank]", "classes: []", "withholding.rates.1.classes", "is empty", ""),
        ("withholding", "classes: [bank]", "classes: all", "withholding.rates.1.classes", "is for all", ""),
        (
            "withholding",
            "classes: [bank]",
            "classes: [fund, corporate]",
            "withholding.rates.1.classes",
            "corporate has a rate above already",
            "",
        ),
        ("withholding", "0000aa", "000000", "withholding.account", "is the zero address", "  account:"),
    ],
)
def test_parse_term_sheet__provision_against_the_rest__named_with_the_line(
    kind: str, old: str, new: str, field: str, reason: str, at: str
) -> None:
    check(kind, old, new, field, reason, at)


@pytest.mark.parametrize(
    ("coupon", "blocks", "field", "reason"),
    [
        (FIXED, INSTALMENTS + CAPITALISATION, "capitalisation", "contradicts principal"),
        (FIXED, INSTALMENTS + RENEWAL, "renewal", "contradicts principal: instalments end at maturity"),
        (FIXED, CAPITALISATION + RENEWAL, "renewal", "contradicts capitalisation"),
        (FIXED, INSTALMENTS + DEFERRAL, "deferral", "contradicts principal"),
        (FIXED, CAPITALISATION + DEFERRAL, "deferral", "contradicts capitalisation"),
        (INFLATION, CAPITALISATION + FALLBACK, "capitalisation", "a principal that follows an index"),
        (INFLATION, DEFERRAL + FALLBACK, "deferral", "a principal that follows an index"),
        (STEP, RENEWAL, "renewal", "contradicts a coupon of kind step"),
        (KPI, RENEWAL, "renewal", "contradicts a coupon of kind kpi"),
        (FLOATING, RENEWAL, "renewal", "contradicts a coupon of kind floating"),
    ],
)
def test_parse_term_sheet__provisions_that_exclude_each_other__named_with_the_line(
    coupon: str, blocks: str, field: str, reason: str
) -> None:
    text = sheet_text(coupon, blocks)

    error = refused(text)

    assert (error.field, error.line) == (field, line_of(text, f"\n{field}:") + 1)
    assert reason in error.reason


@pytest.mark.parametrize(("name", "block"), [("capitalisation", CAPITALISATION), ("deferral", DEFERRAL)])
def test_parse_term_sheet__what_is_added_of_adjusted_periods__refused(name: str, block: str) -> None:
    text = sheet_text(FIXED.replace("ACT/ACT ICMA", "ACT/360"), block, adjusted="true")

    error = refused(text)

    assert (error.field, error.line) == ("business_days.adjusted", line_of(text, "  adjusted:"))
    assert f"with {name}, interest is added when a period begins" in error.reason


def test_parse_term_sheet__cycle_of_too_many_periods__refused() -> None:
    text = RIGHT["renewal"].replace("semi-annual", "monthly").replace("every: 3 years", "every: 101 years")

    error = refused(text)

    assert (error.field, error.line) == ("renewal.every", line_of(text, "  every:"))
    assert error.reason == "101 years is 1212 interest periods, at most 1200 are a cycle"


def test_parse_term_sheet__instalments_out_of_order__refused() -> None:
    text = RIGHT["instalments"].replace(
        "    - {on: 2023-06-01, percent: 20}\n",
        "    - {on: 2023-06-01, percent: 10}\n    - {on: 2022-12-01, percent: 10}\n",
    )

    error = refused(text)

    assert (error.field, error.line) == ("principal.instalments.1.on", line_of(text, "2022-12-01"))
    assert "is not after 2023-06-01 of the one above" in error.reason


def test_parse_term_sheet__no_instalments__refused() -> None:
    error = refused(sheet_text(FIXED, "principal: {instalments: []}\n"))

    assert (error.field, error.reason) == ("principal.instalments", "is empty")


def test_parse_term_sheet__instalments_of_no_whole_base_units__refused() -> None:
    text = (
        RIGHT["instalments"]
        .replace("percent: 20", "percent: 33.333")
        .replace("percent: 80", "percent: 66.667")
    )

    error = refused(text)

    fields = [error.field, *(other.field for other in error.others)]
    assert fields == ["principal.instalments.0.percent", "principal.instalments.1.percent"]
    assert "33.333 % of 100 is not a whole number of base units" in error.reason


def test_parse_term_sheet__withholding_of_nothing__refused() -> None:
    error = refused(RIGHT["withholding"].replace("percent: 20", "percent: 0").replace("6.5", "0"))

    assert (error.field, error.reason) == ("withholding.rates", "withholds nothing")


@pytest.mark.parametrize(
    ("coupon", "extra", "reason"),
    [
        (STEP, "", "only the rate of a fixed coupon without further provisions"),
        (INFLATION, FALLBACK, "only the rate of a fixed coupon without further provisions"),
        (KPI, FALLBACK, "only the rate of a fixed coupon without further provisions"),
        (FIXED, RENEWAL, "only the rate of a fixed coupon without further provisions"),
        (FIXED, WITHHOLDING, "only the rate of a fixed coupon without further provisions"),
        (FIXED.replace(*TWO_YEARS) + "  stub: long-back\n", "", "all periods are regular and divide a year"),
        (FIXED.replace("semi-annual", "every 18 months"), "", "all periods are regular and divide a year"),
    ],
)
def test_parse_term_sheet__rate_by_tender_of_no_plain_bond__refused(
    coupon: str, extra: str, reason: str
) -> None:
    rate = next(line for line in coupon.splitlines() if line.startswith("  rate:"))
    text = sheet_text(coupon.replace(rate, "  rate: tender"), extra)

    error = refused(text)

    assert (error.field, error.line) == ("coupon.rate", line_of(text, "rate: tender"))
    assert reason in error.reason


def test_parse_term_sheet__face_value_too_wide_for_provisions__refused() -> None:
    huge = str(10**23)
    text = (
        RIGHT["step"]
        .replace("amount: 1_000_000", f"amount: {huge}")
        .replace("face_value: 100", f"face_value: {huge}")
    )
    text = text.replace("units: 10_000", "units: 1").replace("denomination: 100", f"denomination: {huge}")

    error = refused(text)

    assert (error.field, error.line) == ("face_value", line_of(text, "face_value"))
    assert "is more than 80 bits of base units" in error.reason
    parse_term_sheet(text.replace(STEP, FIXED))


def test_parse_term_sheet__amount_too_wide_for_the_escrow__refused() -> None:
    huge = str(2**120 // 100 + 1)
    text = RIGHT["fixed"].replace("amount: 1_000_000", f"amount: {huge}")

    error = refused(text)

    assert error.field == "amount"
    assert "is too large" in error.reason


def test_parse_term_sheet__many_contradictions__reported_together() -> None:
    text = RIGHT["floating"].replace("cap: 6", "cap: 0.1").replace("fallback_days: 5\n", "")

    error: Any = refused(text)

    assert [error.field, *(other.field for other in error.others)] == ["fallback_days", "coupon.floating.cap"]
