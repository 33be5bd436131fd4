"""Offering sheets: the examples read, and every kind of mistake named with its field and line."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from indenture.errors import TermSheetError
from indenture.primary import (
    Basis,
    ClassRule,
    Form,
    OfferingSheet,
    Pricing,
    Rules,
    Seat,
    load_offering_sheet,
    parse_offering_sheet,
)
from indenture.termsheet import TermSheet, load_term_sheet, parse_term_sheet

pytestmark = pytest.mark.unit

TERMS = Path(__file__).parents[3] / "terms"
EXAMPLES = {
    "boc-2019-book.yaml": "boc-2019.yaml",
    "mof-2009-28-tender.yaml": "mof-2009-28.yaml",
    "huaxia-2025-book.yaml": "huaxia-2025.yaml",
    "fisco-2017-book.yaml": "fisco-2017.yaml",
}

SHEET = """\
isin: CND1000BOC15
form: sealed
basis: rate
pricing: mixed
band: 12
offered: CNY 10_000_000
over_allotment: 50 %
minimum_volume: 60_000 units
deposit: CNY 1_000.50
quotes:
  lowest: 3.00
  highest: 3.60 %
  tick: 0.01 %
bids:
  minimum: CNY 20_000
  maximum: 30_000 units
  non_competitive: 10 %
  far_off: 50
classes:
  A: {minimum: 3 %, maximum: 30 %, additional: 0.5 %}
  investors:
    maximum: 10 %
  B: {maximum: 10_000 units}
additional_minutes: 15
times:
  zone: "+08:00"
  opens_at: 2019-12-03 09:00
  closes_at: 2019-12-03 11:00
  reveals_by: 2019-12-03 11:30
  over_allots_by: 2019-12-03 12:00
  clears_by: 2019-12-03 13:00
  settles_from: 2019-12-05 09:00
  settles_by: 2019-12-05 17:00
  takes_up_by: 2019-12-06 24:00
underwriters:
  - {member: 54930053HGCFWVHYZX42, class: B, commitment: 20 %}
  - member: bank-1
    class: A
"""

TERM_SHEET = (
    (TERMS / "boc-2019.yaml")
    .read_text(encoding="utf-8")
    .replace("amount: 20_000_000_000", "amount: 20_000_000")
    .replace("units: 200_000_000", "units: 200_000")
    .replace("minimum_denomination: 100 ", "minimum_denomination: 1_000 ")
)


@pytest.fixture(scope="module")
def terms() -> TermSheet:
    """20m yuan in units of 100 and lots of ten; the coupon is by tender."""
    return parse_term_sheet(TERM_SHEET)


def line_of(text: str, fragment: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if fragment in line)


def refused(text: str) -> TermSheetError:
    with pytest.raises(TermSheetError) as caught:
        parse_offering_sheet(text, path="book.yaml")
    return caught.value


def contradicted(text: str, terms: TermSheet) -> TermSheetError:
    sheet = parse_offering_sheet(text, path="book.yaml")
    with pytest.raises(TermSheetError) as caught:
        sheet.rules(terms)
    return caught.value


# --- the examples


@pytest.mark.parametrize(("book", "bond"), EXAMPLES.items())
def test_load_offering_sheet__every_example__fits_its_bond(book: str, bond: str) -> None:
    terms = load_term_sheet(TERMS / bond)

    sheet = load_offering_sheet(TERMS / book)

    assert sheet.rules(terms).offered <= terms.units
    assert len(sheet.class_rules(terms)) == len(sheet.class_names)
    assert len(sheet.syndicate(terms)) == len(sheet.underwriters)


def test_load_offering_sheet__examples__are_all_that_there_are() -> None:
    found = {path.name for path in TERMS.glob("*.yaml") if path.stem.endswith(("-book", "-tender"))}

    assert found == set(EXAMPLES)


def test_rules__boc_2019__uniform_by_rate() -> None:
    rules = load_offering_sheet(TERMS / "boc-2019-book.yaml").rules(load_term_sheet(TERMS / "boc-2019.yaml"))

    assert (rules.form, rules.basis, rules.pricing) == (Form.SEALED, Basis.RATE, Pricing.UNIFORM)
    assert (rules.offered, rules.levels) == (200_000_000, 61)
    assert (rules.lowest, rules.highest, rules.tick) == (30_000_000, 36_000_000, 100_000)
    assert rules.opens_at == datetime(2019, 12, 3, 1, tzinfo=UTC)


def test_rules__mof_2009_28__the_published_limits() -> None:
    terms = load_term_sheet(TERMS / "mof-2009-28.yaml")
    sheet = load_offering_sheet(TERMS / "mof-2009-28-tender.yaml")

    rules = sheet.rules(terms)

    assert (rules.pricing, rules.band, rules.far_off, rules.tick) == (Pricing.MIXED, 12, 50, 100_000)
    assert terms.currency.money_from_base(rules.offered * terms.face_value_base).amount == 26_000_000_000
    assert (rules.minimum_bid, rules.maximum_bid) == (200_000, 30_000_000)
    assert rules.additional_seconds == 900
    assert sheet.class_names == ("investors", "A", "B")
    assert sheet.class_rules(terms) == (
        ClassRule(0, 0),
        ClassRule(7_800_000, 78_000_000, additional=5_000),
        ClassRule(1_300_000, 26_000_000),
    )


def test_rules__huaxia_2025__over_allotment_in_full_is_the_issue() -> None:
    terms = load_term_sheet(TERMS / "huaxia-2025.yaml")

    rules = load_offering_sheet(TERMS / "huaxia-2025-book.yaml").rules(terms)

    assert rules.form is Form.ENCRYPTED
    assert (rules.offered, rules.over_allotment) == (30_000_000, 15_000_000)
    assert rules.offered + rules.over_allotment == terms.units


def test_rules__fisco_2017__open_book_at_par() -> None:
    terms = load_term_sheet(TERMS / "fisco-2017.yaml")

    rules = load_offering_sheet(TERMS / "fisco-2017-book.yaml").rules(terms)

    assert (rules.form, rules.basis) == (Form.OPEN, Basis.PRICE)
    assert rules.is_fixed_price
    assert rules.lowest == terms.face_value_base == 10**8
    assert rules.closes_at == rules.reveals_by == rules.over_allots_by


# --- every field


def test_rules__every_field__in_the_contract_s_units(terms: TermSheet) -> None:
    day = datetime(2019, 12, 3, tzinfo=UTC)

    found = parse_offering_sheet(SHEET).rules(terms)

    assert found == Rules(
        form=Form.SEALED,
        basis=Basis.RATE,
        pricing=Pricing.MIXED,
        band=12,
        offered=100_000,
        over_allotment=50_000,
        minimum_volume=60_000,
        deposit=100_050,
        lowest=30_000_000,
        highest=36_000_000,
        tick=100_000,
        minimum_bid=200,
        maximum_bid=30_000,
        non_competitive=10_000,
        far_off=50,
        additional_seconds=900,
        opens_at=day + timedelta(hours=1),
        closes_at=day + timedelta(hours=3),
        reveals_by=day + timedelta(hours=3, minutes=30),
        over_allots_by=day + timedelta(hours=4),
        clears_by=day + timedelta(hours=5),
        settles_from=day + timedelta(days=2, hours=1),
        settles_by=day + timedelta(days=2, hours=9),
        takes_up_by=day + timedelta(days=3, hours=16),
    )
    assert str(found.opens_at) == "2019-12-03 09:00:00+08:00"


def test_class_rules__investors_anywhere__are_class_0(terms: TermSheet) -> None:
    sheet = parse_offering_sheet(SHEET)

    assert sheet.class_names == ("investors", "A", "B")
    assert sheet.class_rules(terms) == (
        ClassRule(200, 10_000),  # at least one tick bid
        ClassRule(3_000, 30_000, additional=50),
        ClassRule(200, 10_000),
    )


def test_syndicate__lei_or_label__with_class_and_commitment(terms: TermSheet) -> None:
    assert parse_offering_sheet(SHEET).syndicate(terms) == (
        Seat("54930053HGCFWVHYZX42", 2, 20_000),
        Seat("bank-1", 1, 0),
    )


def test_offering_sheet__change__refused() -> None:
    with pytest.raises(ValidationError):
        parse_offering_sheet(SHEET).band = 1  # type: ignore[misc]


def test_offering_sheet__built_in_python__names_fields_without_lines(terms: TermSheet) -> None:
    sheet = parse_offering_sheet(SHEET)

    built = OfferingSheet.model_validate(dict(sheet))

    assert built.rules(terms) == sheet.rules(terms)
    wrong = OfferingSheet.model_validate({**dict(sheet), "isin": "CND1000MOF27"})
    with pytest.raises(TermSheetError, match="<offering sheet>: isin: CND1000MOF27 is not the bond"):
        wrong.rules(terms)


# --- malformed fields


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("isin: CND1000BOC15", "isin: CND1000BOC19", "isin", "the check digit is 9, expected 5"),
        ("form: sealed", "form: secret", "form", "'secret' is not known"),
        ("basis: rate", "basis: yield", "basis", "'yield' is not known"),
        ("pricing: mixed", "pricing: dutch", "pricing", "'dutch' is not known"),
        ("band: 12", "band: 0.12", "band", "'0.12' is not a whole number"),
        ("offered: CNY 10_000_000", "offered: 10_000_000", "offered", "'10_000_000' does not say of what"),
        ("offered: CNY 10_000_000", "offered: CNY -5", "offered", "-5 is not above zero"),
        ("offered: CNY 10_000_000", "offered: CNY ten", "offered", "'ten' is not a number"),
        ("offered: CNY 10_000_000", "offered:", "offered", "is empty"),
        ("deposit: CNY 1_000.50", "deposit: 1_000.50", "deposit", "does not say of which currency"),
        ("  lowest: 3.00", "  lowest: three", "quotes.lowest", "'three' is not a number"),
        ("  lowest: 3.00", "  lowest: -3", "quotes.lowest", "-3 is not above zero"),
        ("  lowest: 3.00", "  lowest: 3 units", "quotes.lowest", "'3 units' is not a quote"),
        ("  far_off: 50", "  far_off: 0", "bids.far_off", "0 is not between 1 and 65535"),
        ("additional: 0.5 %", "additional: 0.5", "classes.A.additional", "'0.5' is not a percentage"),
        ("additional: 0.5 %", "additional: 101 %", "classes.A.additional", "101 % is not between 0.01 %"),
        ("additional: 0.5 %", "additional: 0.001 %", "classes.A.additional", "0.001 % is not between 0.01 %"),
        ("  B: {maximum", "  B.1: {maximum", "classes.B.1", "'B.1' is not the name of a class"),
        (
            "additional_minutes: 15",
            "additional_minutes: 15 min",
            "additional_minutes",
            "is not a whole number",
        ),
        ('zone: "+08:00"', "zone: CST", "times.zone", "'CST' is not a time-zone offset"),
        ("09:00\n  closes", "9:00\n  closes", "times.opens_at", "'2019-12-03 9:00' is not a time"),
        ("12-03 11:30", "02-30 11:30", "times.reveals_by", "is not a time: day"),
        ("12-03 11:30", "12-03 24:30", "times.reveals_by", "'24:30' is not a time of day"),
        ("ZX42", "ZX41", "underwriters.0.member", "the check digits are 41, expected 42"),
        (
            "member: bank-1",
            "member: bank 1",
            "underwriters.1.member",
            "'bank 1' is neither an LEI nor the label",
        ),
        ("commitment: 20 %", "commitment: 20", "underwriters.0.commitment", "'20' does not say of what"),
    ],
)
def test_parse_offering_sheet__malformed_field__named_with_its_line(
    old: str, new: str, field: str, reason: str
) -> None:
    text = SHEET.replace(old, new, 1)

    error = refused(text)

    assert (error.path, error.field) == ("book.yaml", field)
    assert error.line == line_of(text, new.splitlines()[0])
    assert reason in error.reason
    assert str(error).startswith(f"book.yaml:{error.line}: {field}: ")
    assert not error.others


@pytest.mark.parametrize(
    ("line", "field", "block"),
    [
        ("isin: CND1000BOC15\n", "isin", "form"),
        ("  tick: 0.01 %\n", "quotes.tick", "quotes:"),
        ("    class: A\n", "underwriters.1.class", "member: bank-1"),
        ("    maximum: 10 %\n", "classes.investors", "investors:"),
    ],
)
def test_parse_offering_sheet__missing_field__named_with_the_line_of_its_block(
    line: str, field: str, block: str
) -> None:
    text = SHEET.replace(line, "")

    error = refused(text)

    assert error.field == field
    assert error.line == line_of(text, block)


@pytest.mark.parametrize(
    ("after", "line", "field"),
    [
        ("isin: CND1000BOC15\n", "price: 100\n", "price"),
        ("quotes:\n", "  step: 1\n", "quotes.step"),
        ("    maximum: 10 %\n", "    least: 1 %\n", "classes.investors.least"),
    ],
)
def test_parse_offering_sheet__unknown_field__named_with_its_line(after: str, line: str, field: str) -> None:
    text = SHEET.replace(after, after + line)

    error = refused(text)

    assert (error.field, error.line) == (field, line_of(text, line.strip()))
    assert error.reason == "is not a field of an offering sheet"


def test_parse_offering_sheet__many_problems__reported_together_by_line() -> None:
    error = refused(
        SHEET.replace("band: 12", "band: x").replace("zone: ", "area: ").replace("basis: rate\n", "")
    )

    found = [error.field, *(other.field for other in error.others)]
    assert found == ["basis", "band", "times.zone", "times.area"]


def test_load_offering_sheet__file_missing__says_so(tmp_path: Path) -> None:
    with pytest.raises(TermSheetError, match="cannot be read: No such file"):
        load_offering_sheet(tmp_path / "none.yaml")


# --- contradictions with the bond, and between fields


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("isin: CND1000BOC15", "isin: CND1000MOF27", "isin", "CND1000MOF27 is not the bond of these terms"),
        (
            "offered: CNY 10",
            "offered: USD 10",
            "offered",
            "USD 10000000 is not in CNY, the currency of the bond",
        ),
        (
            "CNY 10_000_000",
            "CNY 10_000_050",
            "offered",
            "CNY 10000050 is 100000 1/2 units, not a whole number",
        ),
        ("CNY 10_000_000", "CNY 9_999_900", "offered", "99999 units is not a whole number of lots of 10"),
        ("CNY 10_000_000", "50 %", "offered", "50 % has no meaning here"),
        ("CNY 10_000_000", "CNY 15_000_000", "offered", "226125 units, with what may be added, is more than"),
        (
            "over_allotment: 50 %",
            "over_allotment: 5.005 %",
            "over_allotment",
            "5005 units is not a whole number of",
        ),
        ("additional: 0.5 %", "additional: 50 %", "offered", "225000 units, with what may be added, is more"),
        ("over_allotment: 50 %", "over_allotment: 0.0015 %", "over_allotment", "is 1 1/2 units, not a whole"),
        ("60_000 units", "0.5 units", "minimum_volume", "0.5 units is 1/2 units, not a whole number"),
        ("60_000 units", "101 %", "minimum_volume", "101000 units is more than the 100000 on offer"),
        ("deposit: CNY", "deposit: EUR", "deposit", "EUR 1000.50 is not in CNY, the currency of the bond"),
        ("1_000.50", "1_000.505", "deposit", "CNY 1000.505 is not a whole number of base units"),
        ("  lowest: 3.00", "  lowest: CNY 99.50", "quotes.lowest", "CNY 99.50 is not in percent a year"),
        ("  lowest: 3.00", "  lowest: 3.00000001", "quotes.lowest", "is not a whole number of billionths"),
        (
            "highest: 3.60 %",
            "highest: 3.605 %",
            "quotes.highest",
            "3.605 % is not whole ticks of 0.01 % above 3 %",
        ),
        ("highest: 3.60 %", "highest: 2.99 %", "quotes.highest", "2.99 % is below the lowest quote, 3 %"),
        ("tick: 0.01 %", "tick: 0.0001 %", "quotes.tick", "0.0001 % makes 6001 quotes, at most 4096 fit"),
        (
            "minimum: CNY 20_000",
            "minimum: CNY 20_500",
            "bids.minimum",
            "205 units is not a whole number of lots",
        ),
        (
            "maximum: 30_000",
            "maximum: 30_005",
            "bids.maximum",
            "30005 units is not a whole number of lots of 10",
        ),
        (
            "competitive: 10 %",
            "competitive: 100 %",
            "bids.non_competitive",
            "100000 units is not less than the",
        ),
        ("pricing: mixed", "pricing: uniform", "band", "12 ticks has no meaning in uniform pricing"),
        (
            "minimum: 3 %",
            "minimum: 3.005 %",
            "classes.A.minimum",
            "3005 units is not a whole number of lots of 10",
        ),
        ("maximum: 30 %", "maximum: 2 %", "classes.A.maximum", "2000 units is less than the minimum of 3000"),
        (
            "maximum: 10 %",
            "{maximum: 10 %, additional: 1 %}",
            "classes.investors.additional",
            "is for members of the syndicate",
        ),
        (
            "minutes: 15",
            "minutes: 0",
            "classes.A.additional",
            "is given, but no time for it after the result",
        ),
        (
            "  opens_at: 2019",
            "  opens_at: 2029",
            "times.closes_at",
            "2019-12-03 11:00:00+08:00 is not after opens_at",
        ),
        (
            "  clears_by: 2019-12-03 13",
            "  clears_by: 2019-12-03 12",
            "times.clears_by",
            "is not after over_allots_by",
        ),
        (
            "  takes_up_by: 2019-12-06",
            "  takes_up_by: 2021-11-05",
            "times.takes_up_by",
            "is within 30 days of",
        ),
        (
            "  takes_up_by: 2019",
            "  takes_up_by: 1969",
            "times.takes_up_by",
            "1969-12-06 is before 1970-01-01",
        ),
        ("class: A", "class: C", "underwriters.1.class", "'C' is no class of the syndicate"),
        ("class: A", "class: investors", "underwriters.1.class", "'investors' is no class of the syndicate"),
        (
            "20 %}",
            "20.005 %}",
            "underwriters.0.commitment",
            "20005 units is not a whole number of lots of 10",
        ),
        ("20 %}", "151 %}", "underwriters.0.commitment", "151000 units is more than all that can be sold"),
        ("member: bank-1", "member: 54930053HGCFWVHYZX42", "underwriters", "names a member twice"),
    ],
)
def test_rules__contradiction__named_with_its_line(
    terms: TermSheet, old: str, new: str, field: str, reason: str
) -> None:
    text = SHEET.replace(old, new, 1)
    if new.startswith("{"):
        text = SHEET.replace("investors:\n    maximum: 10 %", f"investors: {new}")

    error = contradicted(text, terms)

    found = {problem.field: problem for problem in (error, *error.others)}
    assert reason in found[field].reason
    line = text.splitlines()[found[field].line - 1]
    assert f"{field.rpartition('.')[2]}:" in line


def test_rules__maturity__thirty_days_after_the_last_take_up(terms: TermSheet) -> None:
    """The bond matures on 5 December 2021: 4 November is the last day that is early enough."""
    in_time = SHEET.replace("takes_up_by: 2019-12-06 24:00", "takes_up_by: 2021-11-04 24:00")
    late = in_time.replace("11-04 24:00", "11-05 00:00")

    assert contradicted(in_time, terms).field == contradicted(late, terms).field == "times.takes_up_by"
    parse_offering_sheet(in_time.replace("11-04 24:00", "11-04 23:59")).rules(terms)


def test_rules__bond_with_a_coupon__told_to_leave_it_to_the_tender(terms: TermSheet) -> None:
    error = contradicted(SHEET, terms.with_rate("3.25"))

    assert (error.field, error.line) == ("basis", 3)
    assert error.reason == "bids quote the rate, but the bond's coupon is fixed at 3.25 %"
    assert error.hint == "Leave the coupon of the bond to the tender, or let bids quote a price."


def test_rules__prices_for_one_unit__in_base_units(terms: TermSheet) -> None:
    text = SHEET.replace("basis: rate", "basis: price").replace(
        "lowest: 3.00\n  highest: 3.60 %\n  tick: 0.01 %",
        "lowest: 99.50\n  highest: CNY 100.50\n  tick: 0.01",
    )

    rules = parse_offering_sheet(text).rules(terms.with_rate("3.25"))

    assert (rules.lowest, rules.highest, rules.tick) == (9_950, 10_050, 1)
    error = contradicted(text.replace("0.01\n", "0.001\n"), terms.with_rate("3.25"))
    assert (error.field, error.reason) == ("quotes.tick", "CNY 0.001 is not a whole number of base units")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("  reveals_by: 2019-12-03 11:30\n", "times.reveals_by"),
        ("  over_allots_by: 2019-12-03 12:00\n", "times.over_allots_by"),
    ],
)
def test_rules__time_that_this_book_needs__is_missing(terms: TermSheet, line: str, field: str) -> None:
    text = SHEET.replace(line, "")

    error = contradicted(text, terms)

    assert (error.field, error.reason, error.line) == (field, "is missing", line_of(text, "times:"))


def test_rules__times_that_follow_from_others__need_not_be_given(terms: TermSheet) -> None:
    text = SHEET.replace("form: sealed", "form: open").replace("over_allotment: 50 %\n", "")
    for name in ("reveals_by", "over_allots_by", "takes_up_by"):
        text = "".join(line for line in text.splitlines(keepends=True) if f"  {name}:" not in line)

    rules = parse_offering_sheet(text).rules(terms)

    assert rules.reveals_by == rules.over_allots_by == rules.closes_at
    assert rules.takes_up_by == rules.settles_by


def test_rules__several_contradictions__reported_together_by_line(terms: TermSheet) -> None:
    text = SHEET.replace("deposit: CNY", "deposit: EUR").replace("  lowest: 3.00", "  lowest: CNY 3")

    error = contradicted(text.replace("class: B", "class: Z"), terms)

    assert [error.field, *(other.field for other in error.others)] == [
        "deposit",
        "quotes.lowest",
        "underwriters.0.class",
    ]


@given(st.data())
def test_rules__any_line_replaced__read_or_its_own_error(data: Any) -> None:
    terms = parse_term_sheet(TERM_SHEET)
    lines = SHEET.splitlines()
    index = data.draw(st.integers(0, len(lines) - 1))
    key = lines[index].split(":")[0]
    wild = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=40)
    near = st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "CNY ", "USD "]),
        st.decimals(allow_nan=True, allow_infinity=True) | st.integers(-5, 10**30),
        st.sampled_from(["", " %", " units"]),
    )
    lines[index] = f"{key}: {data.draw(wild | near)}"

    with suppress(TermSheetError):
        parse_offering_sheet("\n".join(lines)).rules(terms)
