"""Identifiers of securities and of legal entities, and their check digits.

An ISIN (ISO 6166) is twelve characters, the last a Luhn check digit; an LEI (ISO 17442) is twenty, the last
two check digits of ISO 7064 MOD 97-10. Both count a letter as two digits: A is 10, Z is 35. Only upper case
is accepted, because on chain the identifier is its bytes: two spellings would be two securities.
"""

from __future__ import annotations

import re
from typing import NewType

from .errors import InvalidIdentifier

Isin = NewType("Isin", str)
Lei = NewType("Lei", str)

ISIN_LENGTH = 12
LEI_LENGTH = 20

_ISIN_BODY = re.compile(r"[A-Z]{2}[0-9A-Z]{9}", re.ASCII)
_LEI_PREFIX = re.compile(r"[0-9A-Z]{18}", re.ASCII)


def validate_isin(value: str) -> Isin:
    """Checks an ISIN's length, alphabet and check digit.

    Raises:
        InvalidIdentifier: The value is not an ISIN; the message says which check digit was expected.
    """
    _check_shape("ISIN", value, ISIN_LENGTH)
    body, given = value[:-1], value[-1]
    if not _ISIN_BODY.fullmatch(body):
        raise InvalidIdentifier(
            "ISIN",
            value,
            "the first two characters must be letters, the next nine letters A-Z or digits",
            hint="An ISIN is a country code, nine characters of a national number and a check digit.",
        )
    expected = _isin_check_digit(body)
    if given != expected:
        raise InvalidIdentifier(
            "ISIN",
            value,
            f"the check digit is {given}, expected {expected}",
            hint=f"Look for a mistyped character; with this body only {body}{expected} would be valid.",
        )
    return Isin(value)


def validate_lei(value: str) -> Lei:
    """Checks an LEI's length, alphabet and check digits.

    Check digits 00, 01 and 99 are refused even where the remainder would fit: ISO 7064 yields 02 to 98 only.

    Raises:
        InvalidIdentifier: The value is not an LEI; the message says which check digits were expected.
    """
    _check_shape("LEI", value, LEI_LENGTH)
    prefix, given = value[:-2], value[-2:]
    if not _LEI_PREFIX.fullmatch(prefix):
        raise InvalidIdentifier(
            "LEI",
            value,
            "the first eighteen characters must be letters A-Z or digits",
            hint="Look the entity up at search.gleif.org.",
        )
    expected = _lei_check_digits(prefix)
    if given != expected:
        raise InvalidIdentifier(
            "LEI",
            value,
            f"the check digits are {given}, expected {expected}",
            hint=f"Look for a mistyped character; with this prefix only {prefix}{expected} would be valid.",
        )
    return Lei(value)


def isin_from_body(body: str) -> Isin:
    """Completes eleven characters (country code and national number) with their check digit.

    Raises:
        InvalidIdentifier: The body has the wrong length or alphabet.
    """
    if not _ISIN_BODY.fullmatch(body):
        raise InvalidIdentifier("ISIN body", body, "must be two letters and nine letters A-Z or digits")
    return Isin(body + _isin_check_digit(body))


def lei_from_prefix(prefix: str) -> Lei:
    """Completes eighteen characters with their two check digits.

    Raises:
        InvalidIdentifier: The prefix has the wrong length or alphabet.
    """
    if not _LEI_PREFIX.fullmatch(prefix):
        raise InvalidIdentifier("LEI prefix", prefix, "must be eighteen letters A-Z or digits")
    return Lei(prefix + _lei_check_digits(prefix))


def isin_to_bytes(isin: Isin) -> bytes:
    """The twelve ASCII bytes that stand for the ISIN on chain."""
    return isin.encode("ascii")


def isin_from_bytes(value: bytes) -> Isin:
    """Reads the twelve bytes of an ISIN back, and checks them.

    Raises:
        InvalidIdentifier: The bytes are not an ISIN.
    """
    return validate_isin(_decode("ISIN", value))


def lei_to_bytes(lei: Lei) -> bytes:
    """The twenty ASCII bytes that stand for the LEI on chain."""
    return lei.encode("ascii")


def lei_from_bytes(value: bytes) -> Lei:
    """Reads the twenty bytes of an LEI back, and checks them.

    Raises:
        InvalidIdentifier: The bytes are not an LEI.
    """
    return validate_lei(_decode("LEI", value))


def _decode(kind: str, value: bytes) -> str:
    try:
        return bytes(value).decode("ascii")
    except UnicodeDecodeError:
        raise InvalidIdentifier(kind, bytes(value).hex(), "the bytes are not ASCII") from None


def _check_shape(kind: str, value: str, length: int) -> None:
    if not isinstance(value, str):
        raise InvalidIdentifier(kind, repr(value), f"must be text, not {type(value).__name__}")
    if len(value) != length:
        raise InvalidIdentifier(
            kind,
            value,
            f"has {len(value)} characters, expected {length}",
            hint="Leave out spaces, hyphens and prefixes.",
        )
    if value != value.upper():
        raise InvalidIdentifier(
            kind, value, "has lower-case letters", hint=f"Write it in upper case: {value.upper()}."
        )


def _as_digits(text: str) -> str:
    """Replaces each letter by its two digits (A is 10, Z is 35); digits stand for themselves."""
    return "".join(str(int(character, 36)) for character in text)


def _isin_check_digit(body: str) -> str:
    """Luhn (ISO 6166 annex): every second digit counts double, from the last one of the body leftwards."""
    total = 0
    for position, digit in enumerate(reversed(_as_digits(body))):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def _lei_check_digits(prefix: str) -> str:
    """ISO 7064 MOD 97-10: the complement to 98 of the prefix, followed by 00, modulo 97."""
    return f"{98 - int(_as_digits(prefix + '00')) % 97:02d}"
