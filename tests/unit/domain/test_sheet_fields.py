"""Fields of sheets that are missing, malformed or of another kind: named with their line."""

import pytest

from indenture.termsheet import parse_term_sheet

from .sheets import (
    CAPITALISATION,
    DEFERRAL,
    FALLBACK,
    FIXED,
    INSTALMENTS,
    RENEWAL,
    RIGHT,
    STRAIGHT,
    WITHHOLDING,
    check,
    line_of,
    refused,
    sheet_text,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_parse_term_sheet__sheet_as_it_is__right(text: str) -> None:
    parse_term_sheet(text)


# --- Which fields a kind has


@pytest.mark.parametrize(
    ("kind", "line", "field"),
    [
        ("fixed", "  rate: 3.25\n", "coupon.rate"),
        ("fixed", "  frequency: semi-annual\n", "coupon.frequency"),
        ("fixed", "  day_count: ACT/ACT ICMA\n", "coupon.day_count"),
        ("straight", "  day_count: ACT/365F\n", "coupon.day_count"),
        ("floating", "  frequency: quarterly\n", "coupon.frequency"),
        ("floating", "    benchmark: SHIBOR3M\n", "coupon.floating.benchmark"),
        ("floating", "    lag: 2\n", "coupon.floating.lag"),
        ("floating", "    places: 5\n", "coupon.floating.places"),
        ("floating", "    fallback: last-value\n", "coupon.floating.fallback"),
        ("floating", "    fallback_rate: 2.5\n", "coupon.floating.fallback_rate"),
        ("inflation", "    lag_months: 3\n", "coupon.inflation.lag_months"),
        ("inflation", "    base: 103.2\n", "coupon.inflation.base"),
        ("inflation", "    places: 5\n", "coupon.inflation.places"),
        ("inflation", "  rate: 1.5\n", "coupon.rate"),
        ("kpi", "  rate: 3.1\n", "coupon.rate"),
        ("straight", "    method: straight\n", "coupon.accretion"),
        ("capitalisation", "  until: 2022-06-01\n", "capitalisation"),
        ("renewal", "  every: 3 years\n", "renewal.every"),
        ("renewal", "  notice_days: 45\n", "renewal.notice_days"),
        ("renewal", "  benchmark: CGB3Y\n", "renewal.benchmark"),
        ("renewal", "  spread: 1.2\n", "renewal.spread"),
        ("deferral", "  notice_days: 31\n", "deferral.notice_days"),
    ],
)
def test_parse_term_sheet__field_of_its_kind_left_out__is_missing(kind: str, line: str, field: str) -> None:
    text = RIGHT[kind].replace(line, "", 1)
    assert text != RIGHT[kind]

    error = refused(text)

    assert error.field == field
    # A block that lost its only line is there, and empty.
    assert error.reason == ("is empty" if field in ("capitalisation", "coupon.accretion") else "is missing")
    assert not error.others


@pytest.mark.parametrize(
    ("kind", "block"),
    [
        ("step", "steps"),
        ("floating", "floating"),
        ("inflation", "inflation"),
        ("kpi", "kpi"),
        ("zero", "accretion"),
    ],
)
def test_parse_term_sheet__block_of_its_kind_left_out__is_missing(kind: str, block: str) -> None:
    rate = "" if kind in ("zero", "floating") else "  rate: 3\n"
    frequency = "" if kind == "zero" else "  frequency: annual\n"

    error = refused(sheet_text(f"coupon:\n  kind: {kind}\n{rate}{frequency}  day_count: ACT/360\n"))

    assert (error.field, error.reason) == (f"coupon.{block}", "is missing")
    assert not error.others


@pytest.mark.parametrize(
    ("kind", "line", "field"),
    [
        ("straight", "  rate: 3\n", "coupon.rate"),
        ("straight", "  frequency: annual\n", "coupon.frequency"),
        ("straight", "  stub: short-front\n", "coupon.stub"),
        ("straight", "  end_of_month: true\n", "coupon.end_of_month"),
        ("straight", "  first_coupon_date: 2022-06-01\n", "coupon.first_coupon_date"),
        ("floating", "  rate: 3\n", "coupon.rate"),
        ("floating", "  steps: [{from: 2022-06-01, rate: 3.5}]\n", "coupon.steps"),
        ("fixed", "  steps: [{from: 2022-06-01, rate: 3.5}]\n", "coupon.steps"),
        ("fixed", "  steps: []\n", "coupon.steps"),
        ("fixed", "  accretion: {method: straight}\n", "coupon.accretion"),
        ("fixed", "  floating: {benchmark: X}\n", "coupon.floating"),
        ("fixed", "  inflation: {benchmark: X}\n", "coupon.inflation"),
        ("step", "  kpi: [{figure: CO2}]\n", "coupon.kpi"),
    ],
)
def test_parse_term_sheet__field_of_another_kind__has_no_meaning(kind: str, line: str, field: str) -> None:
    check(kind, "  day_count:", f"{line}  day_count:", field, "has no meaning for a coupon of kind", at=line)


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("principal", INSTALMENTS),
        ("capitalisation", CAPITALISATION),
        ("renewal", RENEWAL.replace(FALLBACK, "")),
        ("deferral", DEFERRAL),
        ("withholding", WITHHOLDING),
    ],
)
def test_parse_term_sheet__provision_of_a_bond_without_coupon__has_no_meaning(name: str, block: str) -> None:
    error = refused(sheet_text(STRAIGHT, block, issue_price="91.20"))

    assert (error.field, error.line) == (name, line_of(sheet_text(STRAIGHT, block), f"{name}:"))
    assert "has no meaning for a bond without coupon" in error.reason


# --- Malformed values


@pytest.mark.parametrize(
    ("kind", "old", "new", "field", "reason"),
    [
        ("step", "kind: step", "kind: steps", "coupon.kind", "'steps' is not known"),
        ("fixed", "semi-annual", "every 0 months", "coupon.frequency", "is not between 1 and 12000 months"),
        ("fixed", "semi-annual", "every 3 quarters", "coupon.frequency", "is not known"),
        (
            "step",
            "2022-06-01, rate: 3.5",
            "2022-06-01, rate: -1",
            "coupon.steps.0.rate",
            "-1 % is not between 0",
        ),
        ("step", "rate: 3.5", "rate: 3.00000001", "coupon.steps.0.rate", "has more than 7 decimals"),
        (
            "step",
            "rate: 3.5",
            "rate: 429.4967295",
            "coupon.steps.0.rate",
            "is not between 0 and 429.4967294 %",
        ),
        ("step", "from: 2022-06-01", "from: soon", "coupon.steps.0.from", "is not a date"),
        (
            "floating",
            "SHIBOR3M",
            "SHIBOR-3M",
            "coupon.floating.benchmark",
            "not one to eight ASCII characters",
        ),
        ("floating", "SHIBOR3M", "S 3M", "coupon.floating.benchmark", "not one to eight ASCII characters"),
        ("floating", ": term", ": terms", "coupon.floating.observation", "'terms' is not known"),
        ("floating", "lag: 2", "lag: 11", "coupon.floating.lag", "11 is not between 0 and 10"),
        ("floating", "0.60", "0.6 %", "coupon.floating.spread", "'0.6 %' is not a number"),
        ("floating", "0.60", "-215", "coupon.floating.spread", "is not between -214.7483647 and"),
        ("floating", "floor: 0.5", "floor: -1", "coupon.floating.floor", "-1 % is not between 0"),
        ("floating", "places: 5", "places: 8", "coupon.floating.places", "8 is not between 0 and 7"),
        ("floating", "last-value", "last", "coupon.floating.fallback", "'last' is not known"),
        (
            "inflation",
            "lag_months: 3",
            "lag_months: 0",
            "coupon.inflation.lag_months",
            "0 is not between 1 and 24",
        ),
        ("inflation", "base: 103.2", "base: 0", "coupon.inflation.base", "0 is not between 0.000000001 and"),
        ("inflation", "base: 103.2", "base: 1e-10", "coupon.inflation.base", "has more than 9 decimals"),
        ("inflation", "places: 5", "places: 10", "coupon.inflation.places", "10 is not between 0 and 9"),
        (
            "inflation",
            "floored: true",
            "floored: yes",
            "coupon.inflation.floored",
            "is neither true nor false",
        ),
        ("inflation", "rate: 1.5", "rate: 0", "coupon.rate", "0 is not above zero"),
        ("kpi", "at_most: 120, ", "", "coupon.kpi.0", "needs exactly one of at_most and at_least"),
        ("kpi", "at_most: 120", "at_most: 1, at_least: 2", "coupon.kpi.0", "needs exactly one of at_most"),
        ("kpi", "at_most: 120", "at_most: 1e12", "coupon.kpi.0.at_most", "is not between"),
        ("kpi", "figure: CO2", "figure: ÇO2", "coupon.kpi.0.figure", "not one to eight ASCII characters"),
        (
            "compound",
            "method: compound",
            "method: linear",
            "coupon.accretion.method",
            "'linear' is not known",
        ),
        ("instalments", "percent: 20", "percent: 0", "principal.instalments.0.percent", "0 % is not between"),
        (
            "instalments",
            "percent: 20",
            "percent: 101",
            "principal.instalments.0.percent",
            "101 % is not between",
        ),
        ("renewal", "every: 3 years", "every: annual", "renewal.every", "'annual' is not known"),
        ("renewal", "notice_days: 45", "notice_days: 30", "renewal.notice_days", "30 is not between 31 and"),
        (
            "renewal",
            "notice_days: 45",
            "notice_days: 367",
            "renewal.notice_days",
            "367 is not between 31 and 366",
        ),
        ("renewal", "lag: 1", "lag: 11", "renewal.lag", "11 is not between 0 and 10"),
        ("renewal", "fallback_days: 5", "fallback_days: 0", "fallback_days", "0 is not between 1 and 366"),
        (
            "renewal",
            "fallback_days: 5",
            "fallback_days: 367",
            "fallback_days",
            "367 is not between 1 and 366",
        ),
        (
            "deferral",
            "notice_days: 31",
            "notice_days: 30",
            "deferral.notice_days",
            "30 is not between 31 and",
        ),
        ("deferral", "interest: true", "interest: 1", "deferral.bears_interest", "is neither true nor false"),
        ("withholding", '"0x', '"0', "withholding.account", "is not an address"),
        (
            "withholding",
            "percent: 20",
            "percent: 100.1",
            "withholding.rates.0.percent",
            "is not between 0 and 100 %",
        ),
        ("withholding", "corporate", "company", "withholding.rates.0.classes.1", "'company' is not known"),
        ("withholding", "classes: all", "classes: any", "withholding.rates.2.classes", "must be a list"),
        (
            "fixed",
            "calendar: CN-IB",
            "calendar: [CN-IB, XX]",
            "business_days.calendar",
            "calendar 'XX' is not known",
        ),
        (
            "fixed",
            "calendar: CN-IB",
            "calendar: [CN-IB]",
            "business_days.calendar",
            "1 calendars cannot be joined",
        ),
        ("fixed", "calendar: CN-IB", "calendar: [T2, T2]", "business_days.calendar", "name one twice"),
        ("fixed", "calendar: CN-IB", "calendar: CN-IB+XX", "business_days.calendar", "is not known"),
        ("fixed", "calendar: CN-IB", "calendar: [CN-IB+T2, T2]", "business_days.calendar", "is not known"),
    ],
)
def test_parse_term_sheet__malformed_value__named_with_its_line(
    kind: str, old: str, new: str, field: str, reason: str
) -> None:
    at = new or "    - {figure: CO2"

    check(kind, old, new, field, reason, at=at)


@pytest.mark.parametrize(
    ("kind", "line", "field"),
    [
        ("fixed", "  frequency: semi-annual", "coupon.frequency"),
        ("fixed", "  rate: 3.25", "coupon.rate"),
        ("floating", "    cap: 6", "coupon.floating.cap"),
        ("floating", "    spread: 0.60", "coupon.floating.spread"),
        ("withholding", '  account: "0x00000000000000000000000000000000000000aa"', "withholding.account"),
        ("renewal", "fallback_days: 5", "fallback_days"),
        ("compound", "    yield: 3.1", "coupon.accretion.yield"),
    ],
)
def test_parse_term_sheet__field_left_empty__is_not_left_out(kind: str, line: str, field: str) -> None:
    key = line[: line.index(":") + 1]

    check(kind, f"{line}\n", f"{key}\n", field, "is empty")


@pytest.mark.parametrize(
    "name", ["principal", "capitalisation", "renewal", "deferral", "withholding", "rounding"]
)
def test_parse_term_sheet__block_left_empty__is_not_left_out(name: str) -> None:
    text = sheet_text(FIXED, f"{name}:\n")

    error = refused(text)

    assert (error.field, error.line, error.reason) == (name, line_of(text, f"{name}:"), "is empty")


@pytest.mark.parametrize("name", ["stub", "first_coupon_date", "end_of_month", "floating", "accretion"])
def test_parse_term_sheet__part_of_the_coupon_left_empty__is_not_left_out(name: str) -> None:
    check("fixed", "  day_count:", f"  {name}:\n  day_count:", f"coupon.{name}", "is empty", at=f"  {name}:")


def test_parse_term_sheet__rounding_that_is_none__says_which_there_are() -> None:
    text = sheet_text(FIXED, "rounding: half-up\n")

    error = refused(text)

    assert (error.field, error.line) == ("rounding", line_of(text, "rounding:"))
    assert error.hint == "Did you mean unit-half-up? Known: holding-down, unit-down, unit-half-up."
