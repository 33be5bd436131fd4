"""Who signed what the auditor has hashed himself: EIP-712 digests, and the key behind a signature.

The signature of a contract (ERC-1271) is whatever that contract says it is, at that moment: its own affair.
"""

from __future__ import annotations

from collections.abc import Sequence

from eth_abi.abi import encode
from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError

_DOMAIN_TYPE = keccak(
    text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
"""Contracts refuse a greater ``s``, which would be a second signature of the same key (EIP-2)."""

Fields = Sequence[tuple[str, str]]
"""Name and type of each field of what is signed."""


def domain_of(name: str, chain_id: int, contract: str) -> bytes:
    """The separator of a contract's domain; all of the suite are of version 1."""
    values = (_DOMAIN_TYPE, keccak(text=name), keccak(text="1"), chain_id, contract)
    return keccak(encode(("bytes32", "bytes32", "bytes32", "uint256", "address"), values))


def digest_of(domain: bytes, kind: str, fields: Fields, values: Sequence[object]) -> bytes:
    """What is signed.

    Args:
        domain: The separator of the domain.
        kind: Name of the struct.
        fields: Its fields, none of them of a dynamic type.
        values: Their values.
    """
    declared = keccak(text=f"{kind}({','.join(f'{sort} {field}' for field, sort in fields)})")
    body = keccak(encode(("bytes32", *(sort for _, sort in fields)), (declared, *values)))
    return keccak(b"\x19\x01" + domain + body)


def signer_of(digest: bytes, signature: bytes) -> str | None:
    """The account whose key made a signature of 65 bytes; None where no key did."""
    if len(signature) != 65 or signature[64] not in (27, 28):
        return None
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        return None
    try:
        found = Signature(signature[:64] + bytes([signature[64] - 27]))
        return str(found.recover_public_key_from_msg_hash(digest).to_checksum_address())
    except (BadSignature, ValidationError):
        return None
