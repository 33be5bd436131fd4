"""AllocationLib: pro rata by largest remainder, one entry at a time; and parts on running sums."""

from fractions import Fraction
from itertools import accumulate
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from hypothesis import assume, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.unit

NO_CUT = 2**256 - 1
LOTS = st.integers(1, 2**44)
KEYS = st.integers(0, 2**192 - 1)
ENTRIES = st.lists(st.tuples(LOTS, KEYS), min_size=1, max_size=12, unique_by=lambda entry: entry[1])


def scores_of(entries: list[tuple[int, int]], share: int) -> list[int]:
    bid = sum(asked for asked, _ in entries)
    return [(asked * share % bid) << 192 | key for asked, key in entries]


def cut_of(entries: list[tuple[int, int]], share: int) -> int:
    bid = sum(asked for asked, _ in entries)
    residue = share - sum(asked * share // bid for asked, _ in entries)
    return sorted(scores_of(entries, share))[-residue] if residue else NO_CUT


@settings(max_examples=400)
@given(ENTRIES, st.data())
def test_share_of__any_level__sums_up_and_is_nearest_to_the_exact_share(
    primary: Any, entries: list[tuple[int, int]], data: st.DataObject
) -> None:
    bid = sum(asked for asked, _ in entries)
    share = data.draw(st.integers(0, bid))
    cut = cut_of(entries, share)

    parts = [primary.shareOf(asked, share, bid, key, cut) for asked, key in entries]

    assert sum(parts) == share
    for (asked, _), part in zip(entries, parts, strict=True):
        assert 0 <= part <= asked
        assert abs(part - Fraction(asked * share, bid)) < 1
    remainders = sorted(asked * share % bid for asked, _ in entries)
    got_one = [
        asked * share % bid
        for (asked, _), part in zip(entries, parts, strict=True)
        if part > asked * share // bid
    ]
    if share < bid and got_one:
        assert sorted(got_one) == remainders[-len(got_one) :], "the largest remainders get the residue"


@settings(max_examples=400)
@given(ENTRIES, st.data())
def test_share_of__cut_that_is_not_the_right_one__another_sum(
    primary: Any, entries: list[tuple[int, int]], data: st.DataObject
) -> None:
    """What `allocate` relies on: a cut proves itself by the sum of the shares, from either side."""
    bid = sum(asked for asked, _ in entries)
    share = data.draw(st.integers(0, bid - 1))
    scores, cut = sorted(scores_of(entries, share)), cut_of(entries, share)
    below = max((score for score in scores if score < cut), default=-1)
    other = data.draw(st.one_of(st.integers(0, NO_CUT), st.sampled_from([0, *scores, scores[-1] + 1])))
    assume(not below < other <= cut)

    parts = [primary.shareOf(asked, share, bid, key, other) for asked, key in entries]

    assert sum(parts) != share
    assert all(part <= asked for part, (asked, _) in zip(parts, entries, strict=True)), (
        "never more than asked"
    )


@given(LOTS, LOTS, KEYS, st.integers(0, NO_CUT))
def test_share_of__filled_level__all_of_it_whatever_the_cut(
    primary: Any, asked: int, more: int, key: int, cut: int
) -> None:
    bid = asked + more

    assert primary.shareOf(asked, bid, bid, key, cut) == asked


def test_share_of__most_units_that_there_can_be__does_not_overflow(primary: Any) -> None:
    most = 2**64 - 1

    assert primary.shareOf(most, most - 1, most, 0, NO_CUT) == most - 1
    assert primary.shareOf(most - 1, most - 1, most, 2**192 - 1, NO_CUT) == most - 2
    assert primary.shareOf(most - 1, most - 1, most, 2**192 - 1, 0) == most - 1


@given(st.integers(0, 2**256 - 1), st.integers(0, 2**160 - 1), st.integers(0, 2**160 - 1))
def test_key_of__any_entry__low_192_bits_of_the_hash(
    primary: Any, offering_id: int, bidder: int, account: int
) -> None:
    who, whom = f"0x{bidder:040x}", f"0x{account:040x}"
    expected = keccak(encode(["uint256", "address", "address"], [offering_id, who, whom]))

    assert primary.keyOf(offering_id, who, whom) == int.from_bytes(expected) % 2**192


@given(st.lists(st.integers(0, 2**44), min_size=1, max_size=12).filter(any), st.data())
def test_part_of__any_syndicate__sums_up_and_is_nearest_to_the_exact_part(
    primary: Any, commitments: list[int], data: st.DataObject
) -> None:
    total = sum(commitments)
    rest = data.draw(st.integers(0, total))
    before = [0, *accumulate(commitments)]

    parts = [
        primary.partOf(rest, start, each, total) for start, each in zip(before, commitments, strict=False)
    ]

    assert sum(parts) == rest
    for part, each in zip(parts, commitments, strict=True):
        assert part <= each, "the rest is at most what all committed"
        assert abs(part - Fraction(rest * each, total)) < 1
