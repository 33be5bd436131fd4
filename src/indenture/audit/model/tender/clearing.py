"""The clearing: who wins, up to which quote, and what is left for the underwriters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import ceil, floor

from indenture.audit.model.tender.bids import MIXED, Bid, Tender


@dataclass(frozen=True, slots=True)
class Won:
    """A quote that won: units bid at it, and units that it gets."""

    quote: int
    bid: int
    share: int


@dataclass(frozen=True, slots=True)
class Clearing:
    """What a clearing came to; levels are ticks behind the best quote there can be.

    Attributes:
        failed: Whether no price was found, or the volume is below the minimum.
    """

    first_level: int
    last_level: int
    marginal_level: int
    average_level: int
    marginal_bid: int
    marginal_share: int
    competitive: int
    non_competitive_bid: int
    non_competitive_share: int
    take_up: int
    failed: bool

    @property
    def is_short(self) -> bool:
        """Whether bids have to share a level, or the units for bids without a quote."""
        return (self.marginal_share, self.non_competitive_share) != (
            self.marginal_bid,
            self.non_competitive_bid,
        )

    @property
    def volume(self) -> int:
        """Units allotted and taken up; none where no price was found."""
        return self.competitive + self.non_competitive_share + self.take_up


def clear(tender: Tender, bids: Sequence[Bid]) -> Clearing:
    """Clears a book of opened bids; their order does not matter."""
    quoted = sorted((bid for bid in bids if bid.is_quoted), key=lambda bid: tender.level(bid.quote))
    unquoted = sum(bid.units for bid in bids if not bid.is_quoted)
    unquoted_share = min(unquoted, tender.non_competitive)
    first, last = _valid_levels(tender, quoted)
    valid = [bid for bid in quoted if first <= tender.level(bid.quote) <= last]
    won = _fill(valid, tender.offered - unquoted_share)
    if tender.pricing == MIXED:
        won = _within_band(tender, won)
    competitive = sum(each.share for each in won)
    is_priced = competitive > 0 or tender.levels == 1
    if not is_priced:
        unquoted_share = 0  # without a price nothing is allotted
    rest = tender.offered - competitive - unquoted_share
    take_up = min(rest, tender.commitments) if is_priced else 0
    volume = competitive + unquoted_share + take_up
    return Clearing(
        first_level=first,
        last_level=last,
        marginal_level=int(tender.level(won[-1].quote)) if won else 0,
        average_level=int(tender.level(rounded_average(tender, won))) if won else 0,
        marginal_bid=won[-1].bid if won else 0,
        marginal_share=won[-1].share if won else 0,
        competitive=competitive,
        non_competitive_bid=unquoted,
        non_competitive_share=unquoted_share,
        take_up=take_up,
        failed=volume == 0 or volume < tender.minimum_volume,
    )


def rounded_average(tender: Tender, won: Sequence[Won]) -> int:
    """The quote, on a tick, nearest to the average of what was won; half up in the quote."""
    average = Fraction(sum(each.quote * each.share for each in won), sum(each.share for each in won))
    ticks = floor((average - tender.lowest) / tender.tick + Fraction(1, 2))
    return tender.lowest + ticks * tender.tick


def _valid_levels(tender: Tender, quoted: Sequence[Bid]) -> tuple[int, int]:
    """The levels that are not too far off the average of all bids, void ones included."""
    if not tender.far_off or not quoted:
        return 0, tender.levels - 1
    average = Fraction(
        sum(tender.level(bid.quote) * bid.units for bid in quoted), sum(bid.units for bid in quoted)
    )
    return (
        max(0, ceil(average - tender.far_off)),
        min(tender.levels - 1, floor(average + tender.far_off)),
    )


def _fill(quoted: Sequence[Bid], room: int) -> list[Won]:
    """Gives quote after quote, best first, what it bids, until there is no more room."""
    won = []
    for quote, same in groupby(quoted, key=lambda bid: bid.quote):
        if room <= 0:
            break
        asked = sum(bid.units for bid in same)
        won.append(Won(quote, asked, min(asked, room)))
        room -= won[-1].share
    return won


def _within_band(tender: Tender, won: list[Won]) -> list[Won]:
    """Drops quotes too far behind the average of the rest, until none is."""
    while won:
        average = rounded_average(tender, won)
        kept = [each for each in won if tender.behind(each.quote, average) <= tender.band]
        if len(kept) == len(won):
            break
        won = kept
    return won
