"""What underwriters take up, and what winners may add."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indenture.errors import InputError
from indenture.primary import (
    ClassRule,
    Clearing,
    additional_limit,
    later_parts_of,
    later_rest,
    parts_of,
)

pytestmark = pytest.mark.unit

CLEARING = Clearing(first_level=0, last_level=0, competitive=600, non_competitive_share=100, take_up=200)

commitments_of_lots = st.lists(st.integers(0, 50), min_size=1, max_size=8)


def test_parts_of__whole_parts__by_commitment() -> None:
    assert parts_of(100, [50, 30, 20], lot=1) == (50, 30, 20)
    assert parts_of(50, [50, 30, 20], lot=1) == (25, 15, 10)


def test_parts_of__remainders__rounded_down_on_running_sums() -> None:
    """10 for three equal ones: 3.33, 6.67 and 10 become 3, 6 and 10."""
    assert parts_of(10, [20, 20, 20], lot=1) == (3, 3, 4)


def test_parts_of__lots__are_parted_not_units() -> None:
    assert parts_of(1_000, [2_000, 2_000, 2_000], lot=100) == (300, 300, 400)


def test_parts_of__nothing_committed__nothing() -> None:
    assert parts_of(0, [0, 0], lot=1) == (0, 0)


@pytest.mark.parametrize(
    ("rest", "commitments", "lot", "reason"),
    [
        (101, [50, 50], 1, "101 units are more than the 100 that underwriters committed"),
        (50, [100], 100, "50 units is not a whole number of lots of 100"),
        (100, [150], 100, "150 units is not a whole number of lots of 100"),
    ],
)
def test_parts_of__impossible__refused(rest: int, commitments: list[int], lot: int, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        parts_of(rest, commitments, lot=lot)


@given(st.data(), commitments_of_lots, st.sampled_from([1, 7, 100]))
def test_parts_of__any__sum_up_and_stay_within_commitments(
    data: st.DataObject, lots: list[int], lot: int
) -> None:
    commitments = [each * lot for each in lots]
    rest = data.draw(st.integers(0, sum(lots))) * lot

    parts = parts_of(rest, commitments, lot=lot)

    assert sum(parts) == rest
    for part, commitment in zip(parts, commitments, strict=True):
        assert 0 <= part <= commitment
        assert part % lot == 0
        # Rounded on sums: never a lot or more away from the exact part.
        assert abs(part * sum(commitments) - rest * commitment) < lot * (sum(commitments) or 1)


def test_later_rest__unpaid__as_far_as_is_left_of_the_commitments() -> None:
    assert later_rest(CLEARING, 900, [500]) == 0
    assert later_rest(CLEARING, 650, [500]) == 250
    assert later_rest(CLEARING, 100, [500]) == 300


def test_later_parts_of__second_round__what_the_first_left_of_each() -> None:
    assert parts_of(5, [1, 9], lot=1) == (0, 5)
    assert later_parts_of(5, 5, [1, 9], lot=1) == (0, 4)
    assert later_parts_of(50, 50, [50, 50], lot=1) == (25, 25)


@given(st.data(), commitments_of_lots, st.sampled_from([1, 100]))
def test_later_parts_of__any__nobody_takes_up_more_than_committed(
    data: st.DataObject, lots: list[int], lot: int
) -> None:
    commitments = [each * lot for each in lots]
    take_up = data.draw(st.integers(0, sum(lots))) * lot
    issued = data.draw(st.integers(0, 600 // lot)) * lot
    clearing = replace(CLEARING, competitive=600 // lot * lot, non_competitive_share=0, take_up=take_up)
    rest = later_rest(clearing, issued, commitments)

    first = parts_of(take_up, commitments, lot=lot)
    later = later_parts_of(rest, take_up, commitments, lot=lot)

    assert sum(later) <= rest
    for one, two, commitment in zip(first, later, commitments, strict=True):
        assert two >= 0
        assert one + two <= commitment


def test_additional_limit__half__whole_lots_rounded_down() -> None:
    half = ClassRule(minimum=0, maximum=10_000, additional=5_000)

    assert additional_limit(700, half, lot=100) == 300
    assert additional_limit(600, half, lot=100) == 300
    assert additional_limit(600, ClassRule(minimum=0, maximum=10_000), lot=100) == 0
