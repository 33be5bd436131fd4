"""IdentifierLib: shared vectors, and the Python module on any bytes."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture import identifiers
from indenture.errors import InvalidIdentifier

pytestmark = pytest.mark.unit

ALPHABET = string.digits + string.ascii_uppercase
#: What a registry may spend on the check of one LEI, the call around it left out.
LEI_GAS = 2_000


def is_valid(read: Any, value: Any) -> bool:
    try:
        read(value)
    except InvalidIdentifier:
        return False
    return True


def test_is_valid_isin__vectors__as_published(libraries: Any, vectors: Any) -> None:
    for value in vectors("identifiers")["isins"]["valid"]:
        assert libraries.isValidIsin(value.encode("latin-1")), value
    for case in vectors("identifiers")["isins"]["invalid"]:
        assert not libraries.isValidIsin(case["value"].encode("latin-1")), case


def test_is_valid_lei__vectors__as_published(libraries: Any, vectors: Any) -> None:
    for value in vectors("identifiers")["leis"]["valid"]:
        assert libraries.isValidLei(value.encode("latin-1")), value
    for case in vectors("identifiers")["leis"]["invalid"]:
        assert not libraries.isValidLei(case["value"].encode("latin-1")), case


@given(st.text(ALPHABET, min_size=18, max_size=18), st.integers(0, 99))
def test_is_valid_lei__any_prefix__only_its_check_digits(libraries: Any, prefix: str, other: int) -> None:
    lei = identifiers.lei_from_prefix(prefix)

    assert libraries.isValidLei(lei.encode())
    candidate = f"{prefix}{other:02d}"
    assert libraries.isValidLei(candidate.encode()) == (candidate == lei)


@given(st.text(string.ascii_uppercase, min_size=2, max_size=2), st.text(ALPHABET, min_size=9, max_size=9))
def test_is_valid_isin__any_body__only_its_check_digit(libraries: Any, country: str, number: str) -> None:
    isin = identifiers.isin_from_body(country + number)

    for digit in string.digits:
        assert libraries.isValidIsin((isin[:-1] + digit).encode()) == (digit == isin[-1])


@given(st.binary(min_size=20, max_size=20))
def test_is_valid_lei__any_bytes__as_python(libraries: Any, value: Any) -> None:
    assert libraries.isValidLei(value) == is_valid(identifiers.lei_from_bytes, value)


@pytest.mark.parametrize("position", range(20))
def test_is_valid_lei__any_byte_at_one_place__as_python(libraries: Any, position: int) -> None:
    lei = b"54930053HGCFWVHYZX42"

    for byte in range(256):
        value = lei[:position] + bytes([byte]) + lei[position + 1 :]
        assert libraries.isValidLei(value) == is_valid(identifiers.lei_from_bytes, value), value


@pytest.mark.parametrize("position", range(12))
def test_is_valid_isin__any_byte_at_one_place__as_python(libraries: Any, position: int) -> None:
    isin = b"CND1000BOC15"

    for byte in range(256):
        value = isin[:position] + bytes([byte]) + isin[position + 1 :]
        assert libraries.isValidIsin(value) == is_valid(identifiers.isin_from_bytes, value), value


@pytest.mark.parametrize("prefix", ["549300" + "0" * 12, "Z" * 18, "54930053HGCFWVHYZX"])
def test_is_valid_lei__any_alphabet__is_cheap(libraries: Any, prefix: str) -> None:
    valid, used = libraries.gasOfLei(identifiers.lei_from_prefix(prefix).encode())

    assert valid
    assert used < LEI_GAS
