"""What a sheet that is wrong, or looks wrong, tells its writer to do."""

import types
from collections.abc import Iterator
from decimal import Decimal
from typing import get_args

import pytest
import yaml
from pydantic import BaseModel

from indenture._outline import outline_of
from indenture.termsheet import TermSheet, parse_term_sheet, price_remark, remarks_of
from indenture.termsheet.examples import EXAMPLES

from .sheets import FALLBACK, FIXED, KPI, RIGHT, WITHHOLDING, refused, sheet_text

pytestmark = pytest.mark.unit

RIGHTS = """rights:
  calls:
    - {from: 2023-06-01, notice_days: 30, price: 101}
  defaults: {grace_days: 5, penalty_rate: 5, acceleration_share: 25}
"""


# --- Names


@pytest.mark.parametrize(
    ("old", "new", "field", "hint"),
    [
        ("maturity_date", "maturiy_date", "maturiy_date", "Did you mean maturity_date?"),
        ("face_value", "faceValue", "faceValue", "Did you mean face_value?"),
        ("  frequency", "  freqency", "coupon.freqency", "Did you mean frequency?"),
        ("notice_days", "notice_day", "rights.calls.0.notice_day", "Did you mean notice_days?"),
        ("name: Example", "day_count: ACT/360\nname: Example", "day_count", "Its place is coupon.day_count."),
        (
            "name: Example",
            "grace_days: 5\nname: Example",
            "grace_days",
            "Its place is rights.defaults.grace_days.",
        ),
        ("grace_days: 5", "xyz: 5", "rights.defaults.xyz", "Known there: grace_days, penalty_rate"),
        ("name: Example", "xyz: 5\nname: Example", "xyz", "Remove it."),
    ],
)
def test_unknown_field__is_suggested_its_name_or_its_place(old: str, new: str, field: str, hint: str) -> None:
    text = sheet_text(FIXED, RIGHTS).replace(old, new, 1)

    error = refused(text)

    assert (error.field, error.reason, error.others) == (field, "is not a field of a term sheet", ())
    assert error.hint.startswith(hint)


def test_unknown_field__like_one_that_is_there__leaves_a_missing_one_missing() -> None:
    text = sheet_text(FIXED).replace("face_value: 100", "isinn: x")

    error = refused(text)

    assert [each.field for each in (error, *error.others)] == ["face_value", "isinn"]


def test_problems__of_one_sheet__each_with_its_hint() -> None:
    text = sheet_text(FIXED).replace("face_value: 100", "face_value: 1,000").replace("units:", "unit:")

    told = str(refused(text)).splitlines()

    assert told[1] == "  Set thousands off by underscores, or by nothing: 1_000."
    assert told[3] == "  Did you mean units?"
    assert len(told) == 4


# --- Examples


def required(model: type[BaseModel], place: tuple[str, ...] = ()) -> Iterator[str]:
    """Dotted names of the fields that can be missing, below blocks that are there."""
    for name, about in model.model_fields.items():
        here = (*place, about.alias or name)
        if about.is_required():
            yield ".".join(here)
        for inner in models_in(about.annotation):
            yield from required(inner, here)


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    for part in get_args(annotation):
        yield from models_in(part)


def test_examples__of_every_field_that_can_be_missing__are_there() -> None:
    of_kinds = {f"coupon.{name}" for name in ("rate", "frequency", "steps", "floating", "inflation", "kpi")}
    of_blocks = {"coupon.accretion", "currency.code", "currency.decimals"}

    assert set(EXAMPLES) == set(required(TermSheet)) | of_kinds | of_blocks


@pytest.mark.parametrize("field", EXAMPLES)
def test_example__read_as_yaml__is_that_field(field: str) -> None:
    assert list(yaml.safe_load(EXAMPLES[field])) == [
        # YAML 1.1 reads the name «on» as true; sheets are read as text.
        True if field.endswith(".on") else field.split(".")[-1]
    ]


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ("currency: {code: CNY, decimals: 2}\n", "currency"),
        ("issuer: 54930053HGCFWVHYZX42\n", "issuer"),
        ("  day_count: ACT/ACT ICMA\n", "coupon.day_count"),
    ],
)
def test_missing_field__hint_written_down__is_right(lines: str, field: str) -> None:
    error = refused(sheet_text(FIXED).replace(lines, ""))

    assert (error.field, error.reason) == (field, "is missing")
    written = error.hint.removeprefix("Add, for example: ")
    indent = "  " if field.startswith("coupon") else ""
    parse_term_sheet(
        sheet_text(FIXED).replace(
            lines, f"{indent}{written.split(',')[0] if field == 'issuer' else written}\n"
        )
    )


def test_outline__of_a_term_sheet__has_lists_and_blocks_by_their_names() -> None:
    outline = outline_of(TermSheet)

    assert outline["rights", "calls"] == ("from", "to", "notice_days", "price", "in_part")
    assert "day_count" in outline["coupon",]


# --- Forms


@pytest.mark.parametrize(
    ("old", "new", "field", "hint"),
    [
        ("currency: {code: CNY, decimals: 2}", "currency: CNY", "currency", "Write currency: {code: CNY"),
        (
            "eligible_classes: [bank, fund, natural-person]",
            "eligible_classes: bank",
            "eligible_classes",
            "[first, second]",
        ),
        ("  rate: 3.25", "\trate: 3.25", "(file)", "Indent with spaces"),
        ("name: Example bond", "name: Example: bond", "(file)", "into quotes"),
        ("name: Example bond", "name: 'Example bond", "(file)", "quote"),
        ("name: Example bond", "name: @Example", "(file)", "into quotes"),
        ("name: Example bond", "name: [Example", "(file)", "bracket"),
        ("name: Example bond", "  name: Example bond", "(file)", "column"),
        ("name: Example bond", "name Example bond", "(file)", "a colon, a space"),
        ("name: Example bond", "name: \x07", "(file)", "plain UTF-8"),
    ],
)
def test_form__that_is_none__says_how_to_write_it(old: str, new: str, field: str, hint: str) -> None:
    text = sheet_text(FIXED)
    assert old in text

    error = refused(text.replace(old, new, 1))

    assert error.field == field
    assert hint in error.hint
    assert "(file)" not in str(error)


# --- Remarks


@pytest.mark.parametrize("kind", RIGHT)
def test_remarks__of_a_sheet_as_it_is__are_none(kind: str) -> None:
    assert remarks_of(parse_term_sheet(RIGHT[kind])) == ()


@pytest.mark.parametrize(
    ("text", "old", "new", "remark"),
    [
        (FIXED, "rate: 3.25", "rate: 0.0325", "coupon.rate: 0.0325 % a year; if 3.25 % is meant, write 3.25"),
        (FIXED, "rate: 3.25", "rate: 325", "coupon.rate: 325 % a year is high"),
        (FIXED, "price: 100", "price: 1", "issue_price: 1 % of the face; if 100 % is meant, write 100"),
        (FIXED, "price: 101", "price: 1.01", "rights.calls.0.price: 1.01 % of the principal; if 101 % is"),
        (FIXED, "penalty_rate: 5", "penalty_rate: 0.05", "rights.defaults.penalty_rate: 0.05 % a year; if 5"),
        (FIXED, "share: 25", "share: 0.25", "rights.defaults.acceleration_share: 0.25 % of the units; if"),
        (KPI, "step: 0.25", "step: 25", "coupon.kpi.0.step: 25 % for a miss; 25 basis points are 0.25"),
        (FIXED, "date: 2024", "date: 2124", "maturity_date: 2124-06-01 is 103 years after issue_date"),
    ],
)
def test_remarks__of_what_looks_like_a_slip__say_what_may_be_meant(
    text: str, old: str, new: str, remark: str
) -> None:
    sheet = sheet_text(text, RIGHTS + (FALLBACK if text is KPI else ""), issue_price="100")
    assert old in sheet

    found = remarks_of(parse_term_sheet(sheet.replace(old, new, 1)))

    assert len(found) == 1
    assert found[0].startswith(remark)


def test_remarks__of_a_tax_written_as_a_part_of_one__say_percent() -> None:
    text = sheet_text(FIXED, WITHHOLDING)
    percent = text.split("percent: ")[1].split("}")[0].split()[0]

    found = remarks_of(parse_term_sheet(text.replace(f"percent: {percent}", "percent: 0.2", 1)))

    assert found == ("withholding.rates.0.percent: 0.2 % of the interest; if 20 % is meant, write 20",)


def test_price_remark__of_a_price_as_a_part_of_one__says_so() -> None:
    assert price_remark("clean", Decimal("0.995")).endswith("if 99.5 % is meant, write 99.5")
    assert price_remark("clean", Decimal("99.5")) == ""
