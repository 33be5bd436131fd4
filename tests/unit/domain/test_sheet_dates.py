"""Dates of sheets that make no grid, or none that their day count can count on: named with their line."""

import pytest

from indenture.termsheet import parse_term_sheet

from .sheets import RIGHT, check, refused

pytestmark = pytest.mark.unit


# --- Dates that make no grid


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        (
            "  frequency: semi-annual",
            "  frequency: every 7 months",
            "maturity_date",
            "every 7 months periods after",
        ),
        (
            "  frequency: semi-annual",
            "  frequency: semi-annual\n  stub: short-front",
            "coupon.stub",
            "leave no stub",
        ),
        (
            "  frequency: semi-annual",
            "  frequency: semi-annual\n  stub: long-back",
            "coupon.stub",
            "leave no stub",
        ),
        (
            "  frequency: semi-annual",
            "  frequency: every 4 years\n  stub: long-front",
            "coupon.stub",
            "long-front: there is no regular period that it could be longer than",
        ),
        (
            "  frequency: semi-annual",
            "  frequency: every 4 years\n  stub: long-back",
            "coupon.stub",
            "long-back: there is no regular period that it could be longer than",
        ),
        (
            "  frequency: semi-annual",
            "  frequency: semi-annual\n  first_coupon_date: 2021-06-01",
            "coupon.first_coupon_date",
            "2021-06-01 is not after issue_date 2021-06-01 and up to maturity_date 2024-06-01",
        ),
        (
            "  frequency: semi-annual",
            "  frequency: semi-annual\n  first_coupon_date: 2024-06-02",
            "coupon.first_coupon_date",
            "2024-06-02 is not after",
        ),
        (
            "  frequency: semi-annual",
            "  frequency: semi-annual\n  first_coupon_date: 2022-07-01",
            "coupon.first_coupon_date",
            "2022-07-01 makes a first period longer than two regular ones",
        ),
        (
            "  frequency: semi-annual",
            "  stub: short-front\n  frequency: semi-annual\n  first_coupon_date: 2021-09-01",
            "coupon.stub",
            "short-front says again what first_coupon_date says",
        ),
        (
            "  frequency: semi-annual",
            "  stub: short-back\n  frequency: semi-annual\n  first_coupon_date: 2021-12-01",
            "coupon.stub",
            "short-back: the dates leave no stub there",
        ),
        (
            "  frequency: semi-annual",
            "  stub: long-back\n  frequency: annual\n  first_coupon_date: 2023-09-01",
            "coupon.first_coupon_date",
            "longer than two regular ones",
        ),
        (
            "  frequency: semi-annual",
            "  stub: long-back\n  frequency: every 2 years\n  first_coupon_date: 2023-09-01",
            "coupon.stub",
            "long-back: there is no regular period",
        ),
        (
            "  frequency: semi-annual",
            "  end_of_month: true\n  frequency: semi-annual",
            "coupon.end_of_month",
            "2021-06-01, from which periods are counted, is not the last day of its month",
        ),
        (
            "  frequency: semi-annual",
            "  end_of_month: true\n  frequency: semi-annual\n  first_coupon_date: 2021-09-29",
            "coupon.end_of_month",
            "2021-09-29, from which",
        ),
        ("maturity_date: 2024-06-01", "maturity_date: 2300-06-01", "maturity_date", "is after 2300-01-01"),
    ],
)
def test_parse_term_sheet__dates_that_make_no_grid__named_with_the_line(
    old: str, new: str, field: str, reason: str
) -> None:
    at = "maturity_date" if field == "maturity_date" else f"  {field.partition('.')[2]}:"

    check("fixed", old, new, field, reason, at=at)


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        (
            "  frequency: semi-annual",
            "  end_of_month: true\n  frequency: every 28 days",
            "coupon.end_of_month",
            "has no meaning for a bond that pays every 28 days",
        ),
        (
            "  frequency: semi-annual",
            "  frequency: every 1 day\n  stub: short-front",
            "coupon.stub",
            "no stub",
        ),
        ("  frequency: semi-annual", "  frequency: every 1 day", "maturity_date", "is 1096 periods"),
    ],
)
def test_parse_term_sheet__steps_of_days__named_with_the_line(
    old: str, new: str, field: str, reason: str
) -> None:
    if reason == "is 1096 periods":
        parse_term_sheet(RIGHT["act/360"].replace(old, new))
        long = RIGHT["act/360"].replace(old, new).replace("2024-06-01", "2025-06-01")
        error = refused(long)
        assert (error.field, error.reason) == (field, "makes 1461 periods, at most 1200 can be registered")
        return
    check("act/360", old, new, field, reason, at=f"  {field.partition('.')[2]}:")


@pytest.mark.parametrize(
    ("kind", "old", "new", "field", "reason", "at"),
    [
        (
            "fixed",
            "semi-annual",
            "every 28 days\n  stub: short-back",
            "coupon.day_count",
            "counts by periods of months, not of 28 days",
            "  day_count:",
        ),
        ("fixed", "adjusted: false", "adjusted: true", "business_days.adjusted", "regular periods", ""),
        (
            "act/360",
            "roll: following\n  adjusted: false",
            "roll: unadjusted\n  adjusted: true",
            "business_days.adjusted",
            "cannot move with payment days that do not",
            "  adjusted:",
        ),
    ],
)
def test_parse_term_sheet__day_count_against_the_grid__named_with_the_line(
    kind: str, old: str, new: str, field: str, reason: str, at: str
) -> None:
    check(kind, old, new, field, reason, at)
