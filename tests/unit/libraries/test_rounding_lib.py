"""RoundingLib: shared vectors, and exact fractions on any numbers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.unit

MAX_UINT256 = 2**256 - 1
UINT256 = st.integers(0, MAX_UINT256)


def test_mul_div__vectors__both_directions(libraries: Any, vectors: Any) -> None:
    for row in vectors("rounding")["mul_div"]:
        a, b, denominator = int(row["a"]), int(row["b"]), int(row["denominator"])

        assert libraries.mulDivDown(a, b, denominator) == int(row["down"])
        assert libraries.mulDivUp(a, b, denominator) == int(row["up"])


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


@pytest.mark.parametrize("name", ["mulDivDown", "mulDivUp"])
def test_mul_div__by_zero__reverts(libraries: Any, reverted: Any, name: str) -> None:
    with pytest.raises(reverted) as caught:
        getattr(libraries, name)(1, 1, 0)

    assert (caught.value.name, caught.value.arguments) == ("Panic", ("division by zero",))
