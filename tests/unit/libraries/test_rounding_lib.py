"""RoundingLib: shared vectors, and exact fractions on any numbers."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture.rounding import coupon_down

pytestmark = pytest.mark.unit

MAX_UINT256 = 2**256 - 1
UINT256 = st.integers(0, MAX_UINT256)


def test_mul_div__vectors__both_directions(libraries: Any, vectors: Any) -> None:
    for row in vectors("rounding")["mul_div"]:
        a, b, denominator = int(row["a"]), int(row["b"]), int(row["denominator"])

        assert libraries.mulDivDown(a, b, denominator) == int(row["down"])
        assert libraries.mulDivUp(a, b, denominator) == int(row["up"])


def test_coupon_down__vectors__to_the_last_base_unit(libraries: Any, vectors: Any) -> None:
    for row in vectors("rounding")["coupon_down"]:
        arguments = (
            int(row["units"]),
            int(row["face_value"]),
            row["rate"],
            row["numerator"],
            row["denominator"],
        )

        assert libraries.couponDown(*arguments) == int(row["amount"]), row


@given(UINT256, UINT256, UINT256.filter(bool))
def test_mul_div__any_numbers__exact_or_overflow(
    libraries: Any, reverted: Any, a: int, b: int, denominator: int
) -> None:
    down, up = a * b // denominator, -(-a * b // denominator)

    for divide, expected in ((libraries.mulDivDown, down), (libraries.mulDivUp, up)):
        if expected <= MAX_UINT256:
            assert divide(a, b, denominator) == expected
        else:
            with pytest.raises(reverted) as caught:
                divide(a, b, denominator)
            assert (caught.value.name, caught.value.arguments) == ("Panic", ("overflow",))


@given(
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**128 - 1),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**24),
    st.integers(1, 2**28),
)
def test_coupon_down__any_bond__as_python(
    libraries: Any, units: int, face: int, rate: int, numerator: int, denominator: int
) -> None:
    amount = libraries.couponDown(units, face, rate, numerator, denominator)

    assert amount == coupon_down(units, face, rate, Fraction(numerator, denominator))


@given(
    st.lists(st.integers(0, 2**40), min_size=1, max_size=20), st.integers(1, 2**32 - 1), st.integers(1, 366)
)
def test_coupon_down__issue_split_among_holders__loses_less_than_one_base_unit_each(
    libraries: Any, parts: list[int], rate: int, days: int
) -> None:
    """The bound on the residue that servicing states: what is funded for the issue covers every holder."""
    whole = libraries.couponDown(sum(parts), 10_000, rate, days, 360)

    paid = sum(libraries.couponDown(part, 10_000, rate, days, 360) for part in parts)

    assert 0 <= whole - paid < len(parts)


@pytest.mark.parametrize("name", ["mulDivDown", "mulDivUp"])
def test_mul_div__by_zero__reverts(libraries: Any, reverted: Any, name: str) -> None:
    with pytest.raises(reverted) as caught:
        getattr(libraries, name)(1, 1, 0)

    assert (caught.value.name, caught.value.arguments) == ("Panic", ("division by zero",))
