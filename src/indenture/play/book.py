"""A book around a demand curve: how much is bid at each quote is fixed, a seed draws who bids it.

So a tender comes to the same result with every seed, while bidders, their sizes and their quotes differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from indenture.errors import InputError
from indenture.primary import ClassRule, Rules

_LIGHTEST, _HEAVIEST = 100, 500
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand that rises from quote to quote up to the centre, and falls after it.

    Attributes:
        units: Units bid in all.
        low: Lowest quote, as the book has it: billionths a year, or base units.
        centre: Quote at which most is bid.
        high: Highest quote.
        each: Tick bids of one bidder, on average; or a little more, since every quote is somebody's.
    """

    units: int
    low: int
    centre: int
    high: int
    each: int


@dataclass(frozen=True, slots=True)
class Bidder:
    """Who bids.

    Attributes:
        account: His account; it pays.
        class_rule: What his class must and may do.
        client: Account for which every second of his bids is; None for none.
    """

    account: str
    class_rule: ClassRule
    client: str | None = None


@dataclass(frozen=True, slots=True)
class DrawnBid:
    """One tick bid.

    Attributes:
        quote: As the book has it.
        units: Whole lots.
        account: Who gets the units.
    """

    quote: int
    units: int
    account: str


def units_by_quote(demand: Demand, rules: Rules, lot: int) -> dict[int, int]:
    """How much is bid at each quote, in whole lots: a tent with its top at the centre.

    A quote that would get less than the smallest bid gets nothing; that, and what rounding leaves, is bid at
    the centre.

    Raises:
        InputError: All of it together is less than the smallest bid.
    """
    if demand.units < rules.minimum_bid:
        raise InputError(
            f"{demand.units} units in all are less than one tick bid of {rules.minimum_bid}",
            hint="Ask for a larger multiple of what is offered.",
        )
    heights = {
        quote: _height(quote, demand, rules.tick) for quote in range(demand.low, demand.high + 1, rules.tick)
    }
    whole = sum(heights.values())
    units = {quote: int(demand.units // lot * height / whole) * lot for quote, height in heights.items()}
    units = {quote: each for quote, each in units.items() if each >= rules.minimum_bid}
    left = demand.units // lot * lot - sum(units.values())
    units[demand.centre] = units.get(demand.centre, 0) + left
    return dict(sorted(units.items()))


def draw_book(
    demand: Demand, bidders: Sequence[Bidder], rules: Rules, lot: int, rng: Random
) -> dict[str, list[DrawnBid]]:
    """Draws who bids how much at which quote, within the rules of the offering.

    Args:
        demand: What is bid at which quote.
        bidders: Who bids; each has one bid at least.
        rules: The rules of the offering.
        lot: Units of the bond's minimum denomination.
        rng: Where chance comes from.

    Raises:
        InputError: These bidders cannot bid so much within the limits of their classes and of a bid.
    """
    wanted = units_by_quote(demand, rules, lot)
    for _ in range(_TRIES):
        drawn = _draw(wanted, demand.each, bidders, rules, lot, rng)
        if all(_fits(bidder, drawn[bidder.account], rules) for bidder in bidders):
            return drawn
    raise InputError(
        f"{len(bidders)} bidders cannot bid for {demand.units} units within the limits of this offering",
        hint="Ask for less, name more bidders, or change how many bids each has.",
    )


def _height(quote: int, demand: Demand, tick: int) -> Fraction:
    """One at the centre; one step beyond the ends it would be zero."""
    end = demand.low if quote < demand.centre else demand.high
    span = abs(end - demand.centre) // tick
    return 1 - Fraction(abs(quote - demand.centre) // tick, span + 1)


def _draw(
    wanted: Mapping[int, int], each: int, bidders: Sequence[Bidder], rules: Rules, lot: int, rng: Random
) -> dict[str, list[DrawnBid]]:
    weights = {bidder.account: rng.randint(_LIGHTEST, _HEAVIEST) for bidder in bidders}
    drawn: dict[str, list[DrawnBid]] = {bidder.account: [] for bidder in bidders}
    total = sum(wanted.values())
    # The thinnest quotes first: the others have room for who is left without a bid.
    for quote, units in sorted(wanted.items(), key=lambda item: item[1]):
        least, most = -(-units // rules.maximum_bid), min(units // rules.minimum_bid, len(bidders))
        count = max(least, min(most, -(-each * len(bidders) * units // total)), 1)
        # Who has bid least often bids next; chance decides among equals.
        turn = sorted(bidders, key=lambda bidder: (len(drawn[bidder.account]), rng.random()))[:count]
        shares = _split(units, [weights[bidder.account] for bidder in turn], rules.minimum_bid, lot)
        for bidder, share in zip(turn, shares, strict=True):
            is_for_client = bidder.client is not None and len(drawn[bidder.account]) % 2 == 1
            account = bidder.client if is_for_client and bidder.client else bidder.account
            drawn[bidder.account].append(DrawnBid(quote, share, account))
    return drawn


def _split(units: int, weights: Sequence[int], minimum: int, lot: int) -> list[int]:
    """Parts by weight, each the minimum at least, in whole lots; what is left over goes to the first."""
    spare, whole = units - minimum * len(weights), sum(weights)
    parts = [minimum + spare // lot * weight // whole * lot for weight in weights]
    parts[0] += units - sum(parts)
    return parts


def _fits(bidder: Bidder, bids: Sequence[DrawnBid], rules: Rules) -> bool:
    total = sum(bid.units for bid in bids)
    within = bidder.class_rule.minimum <= total <= bidder.class_rule.maximum
    return bool(bids) and within and all(bid.units <= rules.maximum_bid for bid in bids)
