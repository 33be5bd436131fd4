"""Drawings by lot, sinking funds, tenders and exchanges: who is taken, and how much of him."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indenture.errors import InvalidAmount
from indenture.interest import drawn_by_lot, exchanged, left_to_draw, taken_of

pytestmark = pytest.mark.unit

HOLDINGS = st.lists(st.integers(1, 2**40) | st.integers(1, 5), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("holdings", "most", "seed", "drawn"),
    [
        ([10, 10, 10], 3, 0, (1, 1, 1)),
        ([10, 10, 10], 3, 29, (1, 1, 1)),
        ([1, 1, 1, 1], 2, 0, (0, 1, 0, 1)),
        ([1, 1, 1, 1], 2, 2, (1, 0, 1, 0)),
        ([100, 50, 50], 20, 7, (10, 5, 5)),
        ([7, 3], 5, 0, (3, 2)),
        ([7, 3], 5, 5, (4, 1)),
        ([3, 4], 100, 6, (3, 4)),
    ],
)
def test_drawn__golden(holdings: list[int], most: int, seed: int, drawn: tuple[int, ...]) -> None:
    assert drawn_by_lot(holdings, most, seed) == drawn


@settings(max_examples=1000, deadline=None)
@given(HOLDINGS, st.integers(1, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_drawn__any_row__all_that_is_wanted_and_nobody_by_a_whole_unit_off(
    holdings: list[int], most: int, seed: int
) -> None:
    units = sum(holdings)

    drawn = drawn_by_lot(holdings, most, seed % units)

    assert sum(drawn) == min(most, units)
    for held, taken in zip(holdings, drawn, strict=True):
        assert 0 <= taken <= held
        assert abs(taken - Fraction(held * min(most, units), units)) < 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=6), st.integers(1, 30))
def test_drawn__over_all_seeds__everybody_gets_exactly_his_share(holdings: list[int], most: int) -> None:
    """The start alone decides, each equally likely: the mean is the pro rata share, to the last unit."""
    units = sum(holdings)

    totals = [
        sum(each) for each in zip(*(drawn_by_lot(holdings, most, s) for s in range(units)), strict=True)
    ]

    assert totals == [held * min(most, units) for held in holdings]


@pytest.mark.parametrize(("holdings", "seed"), [([1, 2], 3), ([1, 2], -1), ([0, 2], 1)])
def test_drawn__no_such_place_or_empty_holding__refused(holdings: list[int], seed: int) -> None:
    with pytest.raises(InvalidAmount):
        drawn_by_lot(holdings, 1, seed)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_left_to_draw__credit__is_used_once(wanted: int, credit: int) -> None:
    drawn, left = left_to_draw(wanted, credit)

    assert drawn - left == wanted - credit
    assert drawn == 0 or left == 0


@settings(max_examples=500, deadline=None)
@given(HOLDINGS, st.integers(0, 2**44))
def test_taken__any_tender__pro_rata_and_never_more_than_the_most(holdings: list[int], most: int) -> None:
    elected = sum(holdings)

    taken = [taken_of(units, elected, most) for units in holdings]

    if most == 0 or elected <= most:
        assert taken == holdings
    else:
        assert most - len(holdings) < sum(taken) <= most
        assert all(each <= units for each, units in zip(taken, holdings, strict=True))


def test_exchanged__multiples() -> None:
    assert exchanged(12, 4, 3) == 9
    with pytest.raises(InvalidAmount, match="13 units is not a multiple of 4"):
        exchanged(13, 4, 3)
