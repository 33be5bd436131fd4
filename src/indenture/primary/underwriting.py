"""What underwriters take up of a rest, and what a bidder may add after the result."""

from __future__ import annotations

from collections.abc import Sequence

from indenture.errors import InputError

from .clearing import Clearing
from .conditions import SHARE_SCALE
from .rules import ClassRule


def parts_of(rest: int, commitments: Sequence[int], *, lot: int) -> tuple[int, ...]:
    """Parts of a rest by commitments, in lots, rounded down on running sums so that they sum up to the rest.

    Args:
        rest: Units to be taken up, at most the sum of the commitments.
        commitments: Units of those who joined, in the order of invitation.
        lot: Units of the bond's minimum denomination.

    Raises:
        InputError: The rest is more than what is committed, or something is not whole lots.
    """
    total = sum(commitments)
    if not 0 <= rest <= total:
        raise InputError(f"{rest} units are more than the {total} that underwriters committed")
    _check_lots(rest, lot)
    parts, before, so_far = [], 0, 0
    for commitment in commitments:
        _check_lots(commitment, lot)
        so_far += commitment
        up_to = rest // lot * so_far // total if total else 0
        parts.append((up_to - before) * lot)
        before = up_to
    return tuple(parts)


def later_rest(clearing: Clearing, issued: int, commitments: Sequence[int]) -> int:
    """Units to be taken up after ``settles_by``: what was not paid, as far as underwriters committed.

    Args:
        clearing: The result.
        issued: Units issued up to ``settles_by``, taken-up ones included, additional ones not.
        commitments: Units of those who joined.
    """
    return min(clearing.volume - issued, sum(commitments) - clearing.take_up)


def later_parts_of(rest: int, take_up: int, commitments: Sequence[int], *, lot: int) -> tuple[int, ...]:
    """Parts of the later rest, each at most what its commitment has left after the first part.

    What a capped part loses is not offered to others: each owes what follows from his own commitment.

    Args:
        rest: ``later_rest``.
        take_up: Units of the first round, of which all had their part.
        commitments: Units of those who joined, in the order of invitation.
        lot: Units of the bond's minimum denomination.
    """
    first = parts_of(take_up, commitments, lot=lot)
    second = parts_of(rest, commitments, lot=lot)
    return tuple(
        min(part, commitment - taken)
        for part, commitment, taken in zip(second, commitments, first, strict=True)
    )


def additional_limit(won: int, class_rule: ClassRule, *, lot: int) -> int:
    """Most units that a bidder may underwrite after the result: a share of what he won, in whole lots."""
    return won // lot * class_rule.additional // SHARE_SCALE * lot


def _check_lots(units: int, lot: int) -> None:
    if units % lot:
        raise InputError(f"{units} units is not a whole number of lots of {lot}")
