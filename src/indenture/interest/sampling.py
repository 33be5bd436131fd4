"""Which units are taken: drawn by lot, systematically; tendered, pro rata; exchanged, in multiples."""

from __future__ import annotations

from collections.abc import Sequence

from indenture.errors import InvalidAmount


def drawn_by_lot(holdings: Sequence[int], most: int, seed: int) -> tuple[int, ...]:
    """Units drawn of each holder, by systematic sampling.

    All units stand in one row, holder by holder, and every ``units / most``-th is drawn from a start that the
    seed gives. Nobody is drawn by a whole unit more or less than his share.

    Args:
        holdings: Units of each holder, less those that are bound, in the order of the row.
        most: Units to be drawn; all, if there are no more.
        seed: The start, from 0 to the number of units less one.

    Raises:
        InvalidAmount: The seed is no place in the row, or a holding is empty.
    """
    units = sum(holdings)
    if not 0 <= seed < units or min(holdings) < 1:
        raise InvalidAmount(f"cannot draw from {units} units with the start {seed}")
    most, counted, found = min(most, units), 0, []
    for held in holdings:
        before = (counted * most + seed) // units
        counted += held
        found.append((counted * most + seed) // units - before)
    return tuple(found)


def left_to_draw(wanted: int, credit: int) -> tuple[int, int]:
    """Units that a sinking fund still draws, and the credit that is left, after units that were cancelled.

    Args:
        wanted: Units that the terms redeem with the payment.
        credit: Units that the issuer cancelled before, and that no payment has used.
    """
    used = min(wanted, credit)
    return wanted - used, credit - used


def taken_of(units: int, elected: int, most: int) -> int:
    """Units that a tender takes of an election: all, or its part of the most, rounded down.

    Args:
        units: Units of the election.
        elected: Units of all elections.
        most: Most units that are taken; 0 for all.
    """
    return units * most // elected if 0 < most < elected else units


def exchanged(units: int, old_units: int, new_units: int) -> int:
    """New units for units of an exchange, a multiple of ``old_units``.

    Raises:
        InvalidAmount: It is no multiple.
    """
    if units % old_units:
        raise InvalidAmount(f"{units} units is not a multiple of {old_units}")
    return units // old_units * new_units
