"""Terms on their way to the chain and back: sheet, structs in the ABI's own bytes, and sheet again."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from indenture.chain import load_abi
from indenture.cli._terms import sheet_of
from indenture.contracts import BondTerms
from indenture.contracts.provisions import encode_provisions, encode_schedule, provisions_of, schedule_of
from indenture.contracts.rights import encode_rights
from indenture.errors import InputError
from indenture.provisions import Provisions, Withholding
from indenture.rights import NO_RIGHTS
from indenture.termsheet import TermSheet, load_term_sheet
from indenture.termsheet.timetable import timetable

from .shapes import Shape, shapes
from .sheets import FIXED, WITHHOLDING
from .sheets import sheet_of as sheet_from

pytestmark = pytest.mark.unit

TERMS = Path(__file__).parents[3] / "terms"
SHEETS = sorted(path.stem for path in TERMS.glob("*.yaml") if not path.stem.endswith(("-book", "-tender")))
ISSUER = "0x00000000000000000000000000000000000000AA"
MONEY = "0x00000000000000000000000000000000000000bb"
TAX = "0x00000000000000000000000000000000000000cc"


def terms_of(sheet: TermSheet) -> BondTerms:
    withholds = sheet.withholding is not None and sheet.withholding.account is None
    return BondTerms.from_sheet(
        sheet,
        issuer_account=ISSUER,
        currency=MONEY,
        term_sheet_hash=b"\x07" * 32,
        tax_account=TAX if withholds else None,
    )


def through_the_abi(terms: BondTerms) -> BondTerms:
    """As calldata of ``register``, and read from it as the chain would give it back."""
    codec = load_abi("BondFactory").function("register").input_codec
    raw = codec.decode(codec.encode([terms.encode(), terms.encode_provisions(), terms.encode_rights()]))
    return BondTerms.of(raw.terms, raw.provisions, raw.rights)


@pytest.mark.parametrize("name", SHEETS)
def test_bond_terms__every_example__goes_through_the_abi(name: str) -> None:
    terms = terms_of(load_term_sheet(TERMS / f"{name}.yaml"))

    assert through_the_abi(terms) == terms


@pytest.mark.parametrize("name", SHEETS)
def test_sheet_of__every_example__is_the_sheet_again(name: str) -> None:
    sheet = load_term_sheet(TERMS / f"{name}.yaml")
    terms = through_the_abi(terms_of(sheet))

    again = sheet_of(terms, sheet.currency)

    # The issue price of a bond with a coupon is not sealed, nor where an account came from.
    assert again.interest_terms == terms.interest_terms
    assert replace(again.interest_terms, provisions=sheet.provisions) == sheet.interest_terms
    assert again.rights == sheet.rights
    for field in type(sheet).model_fields:
        if field not in ("documents", "withholding"):
            assert getattr(again, field) == getattr(sheet, field), field
    if sheet.withholding is not None and again.withholding is not None:
        assert again.withholding.rates == sheet.withholding.rates
        assert again.withholding.account == TAX
    assert terms_of(again) == terms


@settings(max_examples=500, deadline=None)
@given(shape=shapes())
def test_sheet_of__any_shape__names_the_same_dates(make_terms: Any, shape: Shape) -> None:
    sheet = make_terms(**shape.fields, day_count="ACT/360")
    terms = terms_of(sheet)

    again = sheet_of(terms, sheet.currency)

    assert again.schedule == shape.schedule
    # What it says in words makes the same grid.
    coupon = again.coupon
    assert shape.schedule == timetable(
        again.issue_date,
        again.maturity_date,
        coupon.frequency,
        end_of_month=coupon.end_of_month,
        first_coupon=coupon.first_coupon_date,
        stub=coupon.stub,
    )


@given(shape=shapes())
def test_schedule__any_shape__goes_round(shape: Shape) -> None:
    encoded = encode_schedule(shape.schedule)
    codec = load_abi("BondFactory").function("register").input_codec
    terms = terms_of(sheet_from()).encode() | {"schedule": encoded}

    raw = codec.decode(codec.encode([terms, encode_provisions(Provisions()), encode_rights(NO_RIGHTS)]))

    assert schedule_of(raw.terms.schedule) == shape.schedule


def test_provisions__none__are_zeros() -> None:
    encoded = encode_provisions(Provisions())

    assert encoded["floating"]["benchmark"] == bytes(8)
    assert encoded["taxAccount"] == "0x" + "0" * 40
    assert not any(encoded[name] for name in ("steps", "instalments", "tests", "withholdings"))


def test_provisions_and_rights__order_of_the_abi__is_that_of_the_struct() -> None:
    """A dict is matched by name; that no name is left over or missing is what the codec checks."""
    inputs = load_abi("BondFactory").function("register").inputs

    def names(components: Any) -> set[str]:
        return {component["name"] for component in components}

    terms, provisions, rights = (each["components"] for each in inputs)
    assert names(terms) == set(terms_of(sheet_from()).encode())
    for components, encoded in (
        (provisions, encode_provisions(Provisions())),
        (rights, encode_rights(NO_RIGHTS)),
    ):
        assert names(components) == set(encoded)
        for component in components:
            if component["type"] == "tuple":
                assert names(component["components"]) == set(encoded[component["name"]])


def test_bond_terms__periods_and_days__are_those_of_the_schedule() -> None:
    terms = terms_of(load_term_sheet(TERMS / "stubs-end-of-month.yaml"))

    assert (terms.issue_day, terms.maturity_day, terms.periods) == (date(2021, 7, 12), date(2026, 5, 15), 10)
    assert terms.due_day(2) == date(2022, 9, 30)
    assert terms.market.months_per_period == 0
    assert terms_of(sheet_from()).market.months_per_period == 6


def test_from_sheet__coupon_by_tender__has_no_rate_yet() -> None:
    sheet = load_term_sheet(TERMS / "boc-2019.yaml")

    terms = terms_of(sheet)

    assert terms.coupon_rate is None
    assert terms.encode()["couponRate"] == 2**32 - 1
    assert through_the_abi(terms).coupon_rate is None


# --- Who receives the tax


def test_from_sheet__withholding_with_its_account__needs_no_other() -> None:
    sheet = sheet_from(FIXED, WITHHOLDING)
    account = sheet.provisions.tax_account

    assert terms_of(sheet).provisions.tax_account == account
    again = BondTerms.from_sheet(
        sheet, issuer_account=ISSUER, currency=MONEY, term_sheet_hash=bytes(32), tax_account=account.lower()
    )
    assert again.provisions.tax_account == account


@pytest.mark.parametrize(
    ("extra", "account", "reason"),
    [
        (WITHHOLDING.replace(WITHHOLDING.splitlines()[1] + "\n", ""), None, "no account is to receive it"),
        (WITHHOLDING, TAX, f"has tax go to {ISSUER}, not to {TAX}"),
        ("", TAX, f"withholds no tax, and {TAX} is to receive it"),
    ],
)
def test_from_sheet__account_of_the_tax_missing_or_another__refused(
    extra: str, account: str | None, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        BondTerms.from_sheet(
            sheet_from(FIXED, extra),
            issuer_account=ISSUER,
            currency=MONEY,
            term_sheet_hash=bytes(32),
            tax_account=account,
        )


def test_provisions_of__all_classes__stay_all() -> None:
    provisions = sheet_from(FIXED, WITHHOLDING).provisions
    codec = load_abi("BondFactory").function("register").input_codec
    encoded = encode_provisions(provisions)

    raw = codec.decode(codec.encode([terms_of(sheet_from()).encode(), encoded, encode_rights(NO_RIGHTS)]))

    assert provisions_of(raw.provisions) == provisions
    assert provisions.withholdings[-1] == Withholding(0xFFFFFF, 0)
