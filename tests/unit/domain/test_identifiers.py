"""ISIN and LEI: shared vectors, and that every slip of one character is noticed."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture import identifiers
from indenture.errors import InvalidIdentifier

pytestmark = pytest.mark.unit

ALPHABET = string.digits + string.ascii_uppercase
PREFIXES = st.text(ALPHABET, min_size=18, max_size=18)
BODIES = st.builds(
    str.__add__,
    st.text(string.ascii_uppercase, min_size=2, max_size=2),
    st.text(ALPHABET, min_size=9, max_size=9),
)


def test_validate_isin__vectors__as_published(vectors: Any) -> None:
    for value in vectors("identifiers")["isins"]["valid"]:
        assert identifiers.validate_isin(value) == value
        assert identifiers.isin_from_body(value[:-1]) == value
    for case in vectors("identifiers")["isins"]["invalid"]:
        with pytest.raises(InvalidIdentifier):
            identifiers.validate_isin(case["value"])


def test_validate_lei__vectors__as_published(vectors: Any) -> None:
    for value in vectors("identifiers")["leis"]["valid"]:
        assert identifiers.validate_lei(value) == value
        assert identifiers.lei_from_prefix(value[:-2]) == value
    for case in vectors("identifiers")["leis"]["invalid"]:
        with pytest.raises(InvalidIdentifier):
            identifiers.validate_lei(case["value"])


def test_validate_isin__wrong_check_digit__says_the_right_one() -> None:
    with pytest.raises(InvalidIdentifier) as caught:
        identifiers.validate_isin("CND1000BOC19")

    assert caught.value.kind == "ISIN"
    assert caught.value.value == "CND1000BOC19"
    assert caught.value.reason == "the check digit is 9, expected 5"
    assert "CND1000BOC15" in caught.value.hint


def test_validate_lei__wrong_check_digits__says_the_right_ones() -> None:
    with pytest.raises(InvalidIdentifier) as caught:
        identifiers.validate_lei("54930053HGCFWVHYZX41")

    assert caught.value.reason == "the check digits are 41, expected 42"
    assert "54930053HGCFWVHYZX42" in caught.value.hint


@pytest.mark.parametrize(
    ("validate", "value", "reason"),
    [
        (identifiers.validate_isin, "US037833100", "has 11 characters, expected 12"),
        (identifiers.validate_isin, "us0378331005", "has lower-case letters"),
        (identifiers.validate_lei, "", "has 0 characters, expected 20"),
        (identifiers.validate_lei, "54930053hgcfwvhyzx42", "has lower-case letters"),
        (identifiers.validate_lei, 42, "must be text, not int"),
    ],
)
def test_validate__wrong_shape__says_what(validate: Any, value: Any, reason: str) -> None:
    with pytest.raises(InvalidIdentifier) as caught:
        validate(value)

    assert caught.value.reason == reason


@given(BODIES)
def test_isin__any_body__completes_to_a_valid_one_and_back(body: str) -> None:
    isin = identifiers.isin_from_body(body)

    assert identifiers.validate_isin(isin) == isin
    assert identifiers.isin_from_bytes(identifiers.isin_to_bytes(isin)) == isin


@given(PREFIXES)
def test_lei__any_prefix__completes_to_a_valid_one_and_back(prefix: str) -> None:
    lei = identifiers.lei_from_prefix(prefix)

    assert identifiers.validate_lei(lei) == lei
    assert identifiers.lei_from_bytes(identifiers.lei_to_bytes(lei)) == lei


@given(PREFIXES, st.integers(0, 17), st.data())
def test_validate_lei__letter_or_digit_changed_for_another__refused(
    prefix: str, position: int, data: Any
) -> None:
    """A digit for a letter shifts all digits before it, and the standard's remainder can miss that."""
    lei = identifiers.lei_from_prefix(prefix)
    kind = string.digits if lei[position].isdigit() else string.ascii_uppercase
    changed = lei[:position] + data.draw(st.sampled_from(kind)) + lei[position + 1 :]

    if changed != lei:
        with pytest.raises(InvalidIdentifier):
            identifiers.validate_lei(changed)


@pytest.mark.parametrize("value", [b"\xff" * 12, b"US0378331006", b""])
def test_isin_from_bytes__not_an_isin__refused(value: Any) -> None:
    with pytest.raises(InvalidIdentifier):
        identifiers.isin_from_bytes(value)


@pytest.mark.parametrize("body", ["", "us037833100", "US0378331005"])
def test_isin_from_body__wrong_shape__refused(body: str) -> None:
    with pytest.raises(InvalidIdentifier):
        identifiers.isin_from_body(body)
