"""Division of whole numbers, with its direction in the name.

Money owed to holders is always rounded down, so that what is paid never exceeds what was funded; money asked
from somebody is rounded up. The contracts' ``RoundingLib`` does the same on the same vectors.
"""

from __future__ import annotations

from .errors import InvalidAmount

#: Rates are whole billionths: 1,000,000,000 is 100 %.
RATE_SCALE = 1_000_000_000


def mul_div_down(a: int, b: int, denominator: int) -> int:
    """``a * b / denominator``, rounded towards zero; all arguments non-negative.

    Raises:
        InvalidAmount: An argument is negative, or the denominator zero.
    """
    _check(a, b, denominator)
    return a * b // denominator


def mul_div_up(a: int, b: int, denominator: int) -> int:
    """``a * b / denominator``, rounded away from zero; all arguments non-negative.

    Raises:
        InvalidAmount: An argument is negative, or the denominator zero.
    """
    _check(a, b, denominator)
    return -(-a * b // denominator)


def _check(a: int, b: int, denominator: int) -> None:
    if a < 0 or b < 0:
        raise InvalidAmount(f"cannot round {a} * {b} / {denominator}: negative")
    if denominator <= 0:
        raise InvalidAmount(f"cannot divide {a} * {b} by {denominator}")
