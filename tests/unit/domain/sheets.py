"""Term sheets of every kind, as text that a test changes in one place."""

import pytest

from indenture.errors import TermSheetError
from indenture.termsheet import TermSheet, parse_term_sheet

FIXED = """\
coupon:
  rate: 3.25
  frequency: semi-annual
  day_count: ACT/ACT ICMA
"""
STEP = """\
coupon:
  kind: step
  rate: 3
  steps:
    - {from: 2022-06-01, rate: 3.5}
    - {from: 2023-06-01, rate: 0}
  frequency: semi-annual
  day_count: ACT/ACT ICMA
"""
STRAIGHT = """\
coupon:
  kind: zero
  day_count: ACT/365F
  accretion:
    method: straight
"""
COMPOUND = """\
coupon:
  kind: zero
  day_count: ACT/ACT ICMA
  accretion:
    method: compound
    yield: 3.1
    compounding: semi-annual
"""
FLOATING = """\
coupon:
  kind: floating
  frequency: quarterly
  day_count: ACT/360
  floating:
    benchmark: SHIBOR3M
    observation: term
    lag: 2
    spread: 0.60
    floor: 0.5
    cap: 6
    places: 5
    fallback: last-value
    fallback_rate: 2.5
"""
COMPOUNDED = FLOATING.replace("SHIBOR3M", "ESTR").replace("observation: term", "observation: compounded")
INFLATION = """\
coupon:
  kind: inflation
  rate: 1.5
  frequency: annual
  day_count: ACT/ACT ICMA
  inflation:
    benchmark: CPI-CN
    lag_months: 3
    interpolated: true
    base: 103.2
    places: 5
    floored: true
"""
KPI = """\
coupon:
  kind: kpi
  rate: 3.1
  frequency: annual
  day_count: ACT/ACT ICMA
  kpi:
    - {figure: CO2, day: 2022-12-31, from: 2023-06-01, at_most: 120, step: 0.25}
    - {figure: GREENPWR, day: 2022-12-31, from: 2023-06-01, at_least: -35.5, step: -0.1}
"""
INSTALMENTS = """\
principal:
  instalments:
    - {on: 2023-06-01, percent: 20}
    - {on: 2024-06-01, percent: 80}
"""
CAPITALISATION = """\
capitalisation:
  until: 2022-06-01
"""
RENEWAL = """\
renewal:
  every: 3 years
  notice_days: 45
  benchmark: CGB3Y
  lag: 1
  spread: 1.2
  step_up: 3
fallback_days: 5
"""
DEFERRAL = """\
deferral:
  notice_days: 31
  bears_interest: true
"""
WITHHOLDING = """\
withholding:
  account: "0x00000000000000000000000000000000000000aa"
  rates:
    - {classes: [natural-person, corporate], percent: 20}
    - {classes: [bank], percent: 6.5}
    - {classes: all, percent: 0}
"""
FALLBACK = "fallback_days: 5\n"


def sheet_text(
    coupon: str = FIXED,
    extra: str = "",
    *,
    issue_price: str = "100",
    calendar: str = "CN-IB",
    roll: str = "following",
    adjusted: str = "false",
) -> str:
    """A sheet from 1 June 2021 to 1 June 2024, ten thousand units of 100 yuan."""
    return f"""\
isin: CND1000BOC15
name: Example bond
short_name: EXAMPLE
issuer: 54930053HGCFWVHYZX42
currency: {{code: CNY, decimals: 2}}
amount: 1_000_000
face_value: 100
units: 10_000
issue_price: {issue_price}
issue_date: 2021-06-01
maturity_date: 2024-06-01
{coupon}{extra}business_days:
  calendar: {calendar}
  roll: {roll}
  adjusted: {adjusted}
record:
  business_days_before: 1
  cut_off: 17:00
  time_zone_offset: +08:00
minimum_denomination: 100
eligible_classes: [bank, fund, natural-person]
prescription_years: 3
"""


def sheet_of(coupon: str = FIXED, extra: str = "", **changes: str) -> TermSheet:
    """The sheet, read."""
    return parse_term_sheet(sheet_text(coupon, extra, **changes))


def refused(text: str) -> TermSheetError:
    """The error of a sheet that is wrong."""
    with pytest.raises(TermSheetError) as caught:
        parse_term_sheet(text, path="sheet.yaml")
    error = caught.value
    assert all(each.hint for each in error.others or [error]), "an error says what to do"
    return error


def line_of(text: str, part: str) -> int:
    """1-based line on which a part of the text stands first."""
    return text[: text.index(part)].count("\n") + 1


#: A right sheet of every kind.
RIGHT = {
    "fixed": sheet_text(),
    "step": sheet_text(STEP),
    "straight": sheet_text(STRAIGHT, issue_price="91.20"),
    "compound": sheet_text(COMPOUND, issue_price="91.19"),
    "floating": sheet_text(FLOATING, FALLBACK),
    "compounded": sheet_text(COMPOUNDED, FALLBACK),
    "inflation": sheet_text(INFLATION, FALLBACK),
    "kpi": sheet_text(KPI, FALLBACK),
    "instalments": sheet_text(FIXED, INSTALMENTS),
    "capitalisation": sheet_text(FIXED, CAPITALISATION),
    "renewal": sheet_text(FIXED, RENEWAL),
    "deferral": sheet_text(FIXED, DEFERRAL),
    "withholding": sheet_text(FIXED, WITHHOLDING),
    "act/360": sheet_text(FIXED.replace("ACT/ACT ICMA", "ACT/360")),
}


def check(kind: str, old: str, new: str, field: str, reason: str, at: str = "") -> None:
    """A sheet in which one part of the text is another: what its error names, and on which line."""
    assert old in RIGHT[kind]
    text = RIGHT[kind].replace(old, new, 1)

    error = refused(text)

    assert (error.path, error.field) == ("sheet.yaml", field)
    assert error.line == line_of(text, at or new)
    assert reason in error.reason
    assert not error.others, error.others
