"""LevelLib: four levels a slot, none of which ever touches its neighbours."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.unit

MOST = 2**64 - 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**60), st.booleans()), max_size=12))
def test_word__any_additions_and_withdrawals__each_level_has_its_own_sum(
    primary: Any, acts: list[tuple[int, int, bool]]
) -> None:
    word, sums = 0, Counter[int]()
    for level, units, is_added in acts:
        if is_added:
            word, sums[level] = primary.plus(word, level, units), sums[level] + units
        elif units <= sums[level]:
            word, sums[level] = primary.minus(word, level, units), sums[level] - units

    assert [primary.unitsIn(word, level) for level in range(4)] == [sums[level] for level in range(4)]
    assert word == sum(units << 64 * level for level, units in sums.items())


@pytest.mark.parametrize("level", [0, 1, 2, 3, 4, 4093, 4094, 4095])
def test_word__full_level_among_full_neighbours__comes_and_goes_alone(primary: Any, level: int) -> None:
    others = sum(MOST << 64 * other for other in range(4) if other != level % 4)

    word = primary.plus(others, level, MOST)

    assert word == 2**256 - 1
    assert primary.unitsIn(word, level) == MOST
    assert primary.minus(word, level, MOST) == others
