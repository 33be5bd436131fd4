"""Term sheets: the examples read, and every kind of mistake named with its field and line."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from indenture.calendars import Convention
from indenture.daycount import DayCount
from indenture.errors import InputError, InvalidAmount, TermSheetError
from indenture.membership import MemberClass
from indenture.money import CNY
from indenture.termsheet import COUPON_BY_TENDER, Frequency, load_term_sheet, parse_term_sheet

pytestmark = pytest.mark.unit

TERMS = Path(__file__).parents[3] / "terms"

SHEET = """\
isin: CND1000BOC15
name: Example bond
short_name: EXAMPLE
issuer: 54930053HGCFWVHYZX42
currency:
  code: CNY
  decimals: 2
amount: 1_000_000
face_value: 100
units: 10_000
issue_price: 99.5
issue_date: 2019-12-05
maturity_date: 2021-12-05
coupon:
  rate: 3.25
  frequency: semi-annual
  day_count: ACT/ACT ICMA
business_days:
  calendar: CN-IB
  roll: modified-following
  adjusted: false
record:
  business_days_before: 1
  cut_off: 17:00
  time_zone_offset: +08:00
minimum_denomination: 500
eligible_classes: [bank, fund]
documents:
  - name: prospectus
    uri: https://example.org/prospectus.pdf
    sha256: 2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824
prescription_years: 3
"""


def line_of(text: str, fragment: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if fragment in line)


def refused(text: str) -> TermSheetError:
    with pytest.raises(TermSheetError) as caught:
        parse_term_sheet(text, path="sheet.yaml")
    return caught.value


def test_load_term_sheet__every_example__is_right() -> None:
    sheets = [path for path in TERMS.glob("*.yaml") if not path.stem.endswith(("-book", "-tender"))]

    assert len(sheets) > 1
    for path in sheets:
        load_term_sheet(path)


def test_load_term_sheet__boc_2019__has_the_published_figures() -> None:
    terms = load_term_sheet(TERMS / "boc-2019-sme.yaml")

    assert terms.total == CNY.money(20_000_000_000)
    assert terms.units == 200_000_000
    assert (terms.face_value, terms.issue_price) == (Decimal(100), Decimal(100))
    assert (terms.issue_date, terms.maturity_date) == (date(2019, 12, 5), date(2021, 12, 5))
    assert (terms.coupon.rate, terms.coupon.frequency) == (Decimal("3.25"), Frequency.ANNUAL)
    assert terms.coupon.day_count is DayCount.ACT_ACT_ICMA
    assert (terms.business_days.calendar, terms.business_days.roll) == ("CN-IB", Convention.FOLLOWING)
    assert (terms.rate, terms.period_count, terms.months_per_period) == (32_500_000, 2, 12)
    assert MemberClass.NATURAL_PERSON not in terms.eligible_classes


def test_parse_term_sheet__every_field__as_written() -> None:
    terms = parse_term_sheet(SHEET)

    assert terms.total == CNY.money(1_000_000)
    assert terms.face_value_base == 10_000
    assert terms.issue_price_base == 9_950
    assert terms.minimum_units == 5
    assert terms.record.cut_off == 61_200
    assert terms.record.time_zone_offset == 480
    assert terms.coupon.frequency == Frequency.SEMI_ANNUAL
    assert Frequency.SEMI_ANNUAL.per_year == 2
    assert terms.period_count == 4
    assert terms.eligible_mask == 0b1010
    assert terms.documents[0].digest.hex().startswith("2cf24dba")


def test_parse_term_sheet__long_decimal__is_not_rounded() -> None:
    terms = parse_term_sheet(SHEET.replace("rate: 3.25", "rate: 3.1234567"))

    assert terms.coupon.rate == Decimal("3.1234567")
    assert terms.rate == 31_234_567


def test_parse_term_sheet__rate_by_tender__is_none_until_it_is_fixed() -> None:
    terms = parse_term_sheet(SHEET.replace("rate: 3.25", "rate: tender").replace("99.5", "100"))

    assert terms.coupon.rate is None
    assert terms.rate == COUPON_BY_TENDER == 2**32 - 1
    assert terms.coupon.rate_label == "rate by tender"
    with pytest.raises(InputError, match="CND1000BOC15: the coupon rate is not fixed yet") as caught:
        _ = terms.fixed_rate
    assert "write an expected rate in place of tender" in caught.value.hint


def test_with_rate__rate_by_tender__is_the_sheet_with_that_rate() -> None:
    text = SHEET.replace("issue_price: 99.5\n", "")
    terms = parse_term_sheet(text.replace("rate: 3.25", "rate: tender"))

    assert terms.with_rate("3.25") == parse_term_sheet(text)
    assert terms.with_rate(Decimal("3.25")).fixed_rate == 32_500_000
    assert terms.with_rate(3).coupon.rate_label == "3 %"
    assert terms.coupon.rate is None


def test_with_rate__rate_fixed__refused() -> None:
    with pytest.raises(InputError, match=r"the coupon rate is fixed at 3\.25 %"):
        parse_term_sheet(SHEET).with_rate("3")


@pytest.mark.parametrize(
    ("percent", "reason"),
    [
        ("3.00000001", "3.00000001 % is not a whole number of billionths"),
        ("429.4967295", "429.4967295 % is not a whole number of billionths up to 429 %"),
        ("0", "0 is not above zero"),
        ("tender", "'tender' is not a number"),
    ],
)
def test_with_rate__no_rate__refused(percent: str, reason: str) -> None:
    terms = parse_term_sheet(SHEET.replace("rate: 3.25", "rate: tender").replace("99.5", "100"))

    with pytest.raises(InvalidAmount, match=reason):
        terms.with_rate(percent)


def test_parse_term_sheet__rate_by_tender_below_par__refused() -> None:
    text = SHEET.replace("rate: 3.25", "rate: tender")

    error = refused(text)

    assert (error.field, error.line) == ("issue_price", line_of(text, "issue_price"))
    assert error.reason == "99.5 % has no meaning for a bond whose coupon rate is by tender"


def test_term_sheet__change__refused() -> None:
    with pytest.raises(ValidationError):
        parse_term_sheet(SHEET).units = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("isin: CND1000BOC15", "isin: CND1000BOC19", "isin", "the check digit is 9, expected 5"),
        ("YZX42", "YZX41", "issuer", "the check digits are 41, expected 42"),
        ("name: Example bond", f"name: {'x' * 65}", "name", "has 65 bytes, at most 64 fit on chain"),
        ("short_name: EXAMPLE", f"short_name: {'中' * 11}", "short_name", "has 33 bytes"),
        ("short_name: EXAMPLE", "short_name:", "short_name", "is empty"),
        ("  code: CNY", "  code: Yuan", "currency.code", "is not three upper-case letters"),
        ("  decimals: 2", "  decimals: two", "currency.decimals", "'two' is not a whole number"),
        ("  decimals: 2", "  decimals: 19", "currency.decimals", "19 is not between 0 and 18"),
        ("amount: 1_000_000", "amount: .nan", "amount", "'.nan' is not a number"),
        ("amount: 1_000_000", "amount: -5", "amount", "-5 is not above zero"),
        ("amount: 1_000_000", "amount: 1e99999", "amount", "is out of range"),
        ("units: 10_000", "units: 1.5", "units", "'1.5' is not a whole number"),
        ("units: 10_000", "units: 010_000", "units", "'010_000' is not a whole number"),
        ("units: 10_000", "units: 10__000", "units", "'10__000' is not a whole number"),
        ("units: 10_000", "units: 10_000_", "units", "'10_000_' is not a whole number"),
        ("[bank, fund]", "[bank, {fund: 1}]", "eligible_classes.1", "{'fund': '1'} is not known"),
        ("units: 10_000", "units: 0", "units", "0 is not between 1 and"),
        ("units: 10_000", f"units: {2**64}", "units", "is not between 1 and"),
        ("issue_date: 2019-12-05", "issue_date: 2019-02-30", "issue_date", "is not a date"),
        ("issue_date: 2019-12-05", "issue_date: 5.12.2019", "issue_date", "is not a date"),
        ("issue_date: 2019-12-05", "issue_date: 1969-12-05", "issue_date", "is before 1970-01-01"),
        ("maturity_date: 2021", "maturity_date: 9021", "maturity_date", "is after 2400"),
        ("rate: 3.25", "rate: 3.25 %", "coupon.rate", "'3.25 %' is not a number"),
        ("rate: 3.25", "rate: 0", "coupon.rate", "0 is not above zero"),
        ("rate: 3.25", "rate: Tender", "coupon.rate", "'Tender' is not a number"),
        ("rate: 3.25", "rate:", "coupon.rate", "is empty"),
        ("semi-annual", "biennial", "coupon.frequency", "'biennial' is not known"),
        ("ACT/ACT ICMA", "ACT/ACT", "coupon.day_count", "'ACT/ACT' is not known"),
        ("  calendar: CN-IB", "  calendar: XX", "business_days.calendar", "calendar 'XX' is not known"),
        ("modified-following", "later", "business_days.roll", "'later' is not known"),
        ("adjusted: false", "adjusted: true", "business_days.adjusted", "ACT/ACT ICMA counts by regular"),
        ("adjusted: false", "adjusted: perhaps", "business_days.adjusted", "is neither true nor false"),
        ("before: 1", "before: -1", "record.business_days_before", "-1 is not between 0 and 10"),
        ("cut_off: 17:00", "cut_off: 17", "record.cut_off", "'17' is not a time of day"),
        ("+08:00", "Asia/Shanghai", "record.time_zone_offset", "is not a time-zone offset"),
        ("[bank, fund]", "[bank, banc]", "eligible_classes.1", "'banc' is not known"),
        ("[bank, fund]", "bank", "eligible_classes", "must be a list"),
        ("- name: prospectus", "- name: ", "documents.0.name", "is empty"),
        ("2CF24", "2CF2", "documents.0.sha256", "is not a hash of 32 bytes"),
        (
            "prescription_years: 3",
            "prescription_years: 256",
            "prescription_years",
            "is not between 0 and 255",
        ),
    ],
)
def test_parse_term_sheet__malformed_field__named_with_its_line(
    old: str, new: str, field: str, reason: str
) -> None:
    text = SHEET.replace(old, new, 1)

    error = refused(text)

    assert (error.path, error.field) == ("sheet.yaml", field)
    assert error.line == line_of(text, new)
    assert reason in error.reason
    assert str(error).startswith(f"sheet.yaml:{error.line}: {field}: ")
    assert not error.others


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("amount: 1_000_000", "amount: 1_000_001", "amount", "CNY 1,000,001.00 is not units * face_value"),
        ("amount: 1_000_000", "amount: 1_000_000.001", "amount", "is not a whole number of base units"),
        ("minimum_denomination: 500", "minimum_denomination: 150", "minimum_denomination", "not a multiple"),
        ("minimum_denomination: 500", "minimum_denomination: 2_000_000", "minimum_denomination", "more than"),
        ("issue_price: 99.5", "issue_price: 99.505001", "issue_price", "not a whole number of base units"),
        ("maturity_date: 2021-12-05", "maturity_date: 2021-12-06", "maturity_date", "semi-annual periods"),
        ("maturity_date: 2021-12-05", "maturity_date: 2020-01-05", "maturity_date", "semi-annual periods"),
        (
            "maturity_date: 2021-12-05",
            "maturity_date: 2019-12-05",
            "maturity_date",
            "is not after issue_date",
        ),
        ("rate: 3.25", "rate: 3.25000001", "coupon.rate", "is not a whole number of billionths"),
        ("rate: 3.25", "rate: 429.4967295", "coupon.rate", "is not a whole number of billionths up to 429 %"),
        ("rate: 3.25", "rate: 430", "coupon.rate", "is not a whole number of billionths up to 429 %"),
        ("[bank, fund]", "[bank, bank]", "eligible_classes", "names a class twice"),
        ("[bank, fund]", "[]", "eligible_classes", "is empty"),
    ],
)
def test_parse_term_sheet__contradiction__named_with_its_line(
    old: str, new: str, field: str, reason: str
) -> None:
    text = SHEET.replace(old, new, 1)

    error = refused(text)

    assert (error.field, error.line) == (field, line_of(text, new))
    assert reason in error.reason


def test_parse_term_sheet__maturity_off__hint_says_the_nearest() -> None:
    error = refused(SHEET.replace("2021-12-05", "2021-12-06"))

    assert "4 periods end on 2021-12-05" in error.hint


@pytest.mark.parametrize(
    ("line", "field", "block"),
    [
        ("isin: CND1000BOC15\n", "isin", "name: Example"),
        ("  day_count: ACT/ACT ICMA\n", "coupon.day_count", "coupon:"),
        ("    uri: https://example.org/prospectus.pdf\n", "documents.0.uri", "- name: prospectus"),
    ],
)
def test_parse_term_sheet__missing_field__named_with_the_line_of_its_block(
    line: str, field: str, block: str
) -> None:
    text = SHEET.replace(line, "")

    error = refused(text)

    assert (error.field, error.reason) == (field, "is missing")
    assert error.line == line_of(text, block)


@pytest.mark.parametrize(
    ("after", "line", "field"),
    [
        ("isin: CND1000BOC15\n", "issin: x\n", "issin"),
        ("coupon:\n", "  spread: 1\n", "coupon.spread"),
        ("currency:\n", "  symbol: y\n", "currency.symbol"),
    ],
)
def test_parse_term_sheet__unknown_field__named_with_its_line(after: str, line: str, field: str) -> None:
    text = SHEET.replace(after, after + line)

    error = refused(text)

    assert (error.field, error.line) == (field, line_of(text, line.strip()))
    assert error.reason == "is not a field of a term sheet"


def test_parse_term_sheet__field_given_twice__says_both_lines() -> None:
    error = refused(SHEET + "isin: CND1000BOC15\n")

    assert (error.field, error.line) == ("isin", len(SHEET.splitlines()) + 1)
    assert error.reason == "is given twice, first on line 1"


def test_parse_term_sheet__alias__refused() -> None:
    error = refused(
        SHEET.replace("name: Example bond", "name: &n EXAMPLE").replace("EXAMPLE\nissuer", "*n\nissuer")
    )

    assert (error.field, error.line, error.reason) == ("short_name", 3, "is a YAML alias")


@pytest.mark.parametrize("hashes", ["", "    sha256: {0}\n    keccak256: {0}\n"])
def test_parse_term_sheet__document_without_exactly_one_hash__refused(hashes: str) -> None:
    kept = [line for line in SHEET.splitlines(keepends=True) if "sha256" not in line]
    position = next(index for index, line in enumerate(kept) if "uri:" in line) + 1
    text = "".join([*kept[:position], hashes.format("ab" * 32), *kept[position:]])

    error = refused(text)

    assert (error.field, error.line) == ("documents.0", line_of(text, "- name: prospectus"))
    assert "exactly one of sha256 and keccak256" in error.reason


def test_parse_term_sheet__two_documents_of_one_name__refused() -> None:
    digest = "ab" * 32
    second = f"  - {{name: prospectus, uri: 'https://example.org', keccak256: '0x{digest}'}}\n"
    error = refused(SHEET.replace("prescription", second + "prescription"))

    assert (error.field, error.reason) == ("documents", "has two documents of one name")


def test_parse_term_sheet__many_problems__reported_together_by_line() -> None:
    text = (
        SHEET.replace("BOC15", "BOC19")
        .replace("rate: 3.25", "rate: x")
        .replace("units: 10_000\n", "bonds: 1\n")
    )

    error = refused(text)

    found = [error.field, *(other.field for other in error.others)]
    assert found == ["isin", "units", "bonds", "coupon.rate"]
    assert all(other.message in str(error) for other in error.others)


def test_parse_term_sheet__contradictions__reported_together() -> None:
    error = refused(SHEET.replace("1_000_000", "7").replace("denomination: 500", "denomination: 150"))

    assert [error.field, *(other.field for other in error.others)] == ["amount", "minimum_denomination"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 0, "is not a block of fields"),
        ("- isin", 0, "is not a block of fields"),
        ("isin: [1", 1, "is not YAML"),
        ("isin: 1\n\tname: 2\n", 2, "is not YAML"),
        ("isin: \x00", 0, "is not YAML"),
        pytest.param("isin: " + "[" * 2000, 0, "is nested too deeply", id="deep"),
    ],
)
def test_parse_term_sheet__no_yaml_or_no_sheet__refused(text: str, line: int, reason: str) -> None:
    error = refused(text)

    assert (error.field, error.line) == ("(file)", line)
    assert reason in error.reason


def test_load_term_sheet__file_missing__says_so(tmp_path: Path) -> None:
    with pytest.raises(TermSheetError) as caught:
        load_term_sheet(tmp_path / "none.yaml")

    assert caught.value.path == str(tmp_path / "none.yaml")
    assert "cannot be read: No such file" in caught.value.reason


def test_load_term_sheet__not_utf8__says_so(tmp_path: Path) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(TermSheetError, match="cannot be read"):
        load_term_sheet(path)


@given(st.text(max_size=300))
def test_parse_term_sheet__any_text__only_ever_its_own_error(text: str) -> None:
    with pytest.raises(TermSheetError):
        parse_term_sheet(text)


@given(st.data())
def test_parse_term_sheet__any_line_replaced__read_or_its_own_error(data: Any) -> None:
    lines = SHEET.splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    key = lines[index].split(":")[0]
    value = data.draw(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=40))
    lines[index] = f"{key}: {value}"

    with suppress(TermSheetError):
        parse_term_sheet("\n".join(lines))
