"""What comes from outside, checked and made into bytes.

Messages name the field, never a value that is secret before the close.
"""

from __future__ import annotations

import re

from eth_utils.address import to_checksum_address

from indenture.errors import InputError

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}", re.ASCII)


def word(value: object, what: str, *, bits: int = 256) -> bytes:
    """An unsigned integer as 32 bytes, big-endian.

    Raises:
        InputError: It is no integer, negative, or wider than ``bits``.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << bits:
        raise InputError(f"{what} is out of range", hint=f"It is a whole number from 0 to 2**{bits} - 1.")
    return value.to_bytes(32, "big")


def address(value: object, what: str) -> bytes:
    """An address as 20 bytes.

    Raises:
        InputError: It is no address, or its checksum is wrong.
    """
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value) or not _is_spelled_right(value):
        raise InputError(
            f"{what} is not an address", hint="It is 0x and 40 hexadecimal digits; mixed case is a checksum."
        )
    return bytes.fromhex(value[2:])


def bytes32(value: object, what: str) -> bytes:
    """32 bytes.

    Raises:
        InputError: They are no bytes, or not 32 of them.
    """
    if not isinstance(value, bytes) or len(value) != 32:
        raise InputError(f"{what} is not 32 bytes", hint="Give it as bytes of that length.")
    return value


def _is_spelled_right(value: str) -> bool:
    digits = value[2:]
    return digits in (digits.lower(), digits.upper()) or value == to_checksum_address(value)
