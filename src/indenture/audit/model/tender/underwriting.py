"""The underwriters' parts of what bids left, and of what winners did not pay for."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor


def part(rest: int, commitments: Sequence[int], place: int, lot: int) -> int:
    """Units of one underwriter: by commitments, on running sums, so that all parts add up to the rest.

    Args:
        rest: Units to be taken up by all.
        commitments: Units of each underwriter who joined, in the order of the syndicate.
        place: Which of them.
        lot: Units of one lot.
    """
    total = sum(commitments)
    if not total:
        return 0

    def until(count: int) -> int:
        return floor(Fraction(rest // lot * sum(commitments[:count]), total))

    return (until(place + 1) - until(place)) * lot


def later_part(rest: int, commitments: Sequence[int], place: int, lot: int, taken: int) -> int:
    """The part of a second rest: never more than what is left of the commitment.

    Args:
        rest: Units that nobody paid for, at most what all underwriters still owe.
        commitments: As above.
        place: Which of them.
        lot: Units of one lot.
        taken: Units of his part of the first rest.
    """
    return min(part(rest, commitments, place, lot), commitments[place] - taken)
