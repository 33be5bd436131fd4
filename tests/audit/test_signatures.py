"""The auditor's own reading of EIP-712 and of signatures, held against eth-account."""

from __future__ import annotations

import pytest
from eth_account.messages import encode_typed_data
from tests.audit.stage import key

from indenture.audit.signatures import digest_of, domain_of, signer_of

pytestmark = pytest.mark.unit

SIGNER = key(5)
CONTRACT = key(9).address
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
FIELDS = (("owner", "address"), ("value", "uint256"), ("until", "uint40"))
VALUES = (SIGNER.address, 2**200 + 7, 99)


def digest() -> bytes:
    return digest_of(domain_of("Indenture Bond", 31337, CONTRACT), "Promise", FIELDS, VALUES)


def signature() -> bytes:
    typed = {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Promise": [{"name": name, "type": kind} for name, kind in FIELDS],
        },
        "primaryType": "Promise",
        "domain": {
            "name": "Indenture Bond",
            "version": "1",
            "chainId": 31337,
            "verifyingContract": CONTRACT,
        },
        "message": dict(zip((name for name, _ in FIELDS), VALUES, strict=True)),
    }
    return bytes(SIGNER.sign_message(encode_typed_data(full_message=typed)).signature)


def test_signer_of__typed_data__is_who_signed() -> None:
    assert signer_of(digest(), signature()) == SIGNER.address


def test_signer_of__another_digest__is_not_who_signed() -> None:
    assert signer_of(b"\1" * 32, signature()) != SIGNER.address


def test_signer_of__second_form_of_a_signature__is_nobody() -> None:
    """The same key with the other ``s``: contracts refuse it."""
    first = signature()
    other = (ORDER - int.from_bytes(first[32:64], "big")).to_bytes(32, "big")

    assert signer_of(digest(), first[:32] + other + bytes([55 - first[64]])) is None


@pytest.mark.parametrize(
    "given", [b"", b"\1" * 64, b"\1" * 66, b"\1" * 64 + b"\x1d", b"\0" * 64 + b"\x1b", b"\xff" * 65]
)
def test_signer_of__no_signature__is_nobody(given: bytes) -> None:
    assert signer_of(digest(), given) is None
