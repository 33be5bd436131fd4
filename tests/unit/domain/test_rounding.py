"""Directed division, on the vectors that the contracts use too."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture.errors import InvalidAmount
from indenture.rounding import RATE_SCALE, mul_div_down, mul_div_up

pytestmark = pytest.mark.unit

UINT256 = st.integers(0, 2**256 - 1)


def test_mul_div__vectors__both_directions(vectors: Any) -> None:
    for row in vectors("rounding")["mul_div"]:
        a, b, denominator = int(row["a"]), int(row["b"]), int(row["denominator"])

        assert mul_div_down(a, b, denominator) == int(row["down"])
        assert mul_div_up(a, b, denominator) == int(row["up"])


def test_mul_div_down__coupons__to_the_last_base_unit(vectors: Any) -> None:
    for row in vectors("rounding")["coupons"]:
        face = int(row["units"]) * int(row["face_value"])

        amount = mul_div_down(face, row["rate"] * row["numerator"], RATE_SCALE * row["denominator"])

        assert amount == int(row["amount"]), row


@given(UINT256, UINT256, UINT256.filter(bool))
def test_mul_div__any_numbers__encloses_the_quotient_within_one(a: int, b: int, denominator: int) -> None:
    quotient = Fraction(a * b, denominator)

    down, up = mul_div_down(a, b, denominator), mul_div_up(a, b, denominator)

    assert down <= quotient <= up
    assert up - down == (0 if quotient.denominator == 1 else 1)


@pytest.mark.parametrize("divide", [mul_div_down, mul_div_up])
@pytest.mark.parametrize("arguments", [(-1, 1, 1), (1, -1, 1), (1, 1, 0), (1, 1, -1)])
def test_mul_div__negative_or_by_zero__refused(divide: Any, arguments: Any) -> None:
    with pytest.raises(InvalidAmount):
        divide(*arguments)
