"""Bids, the conditions that a tender holds them to, and what is wrong with a bidder's bids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

NON_COMPETITIVE = 2**64 - 1
"""The quote of a bid without one."""
MOST_BIDS = 64

RATE, PRICE = 0, 1
UNIFORM, MULTIPLE, MIXED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Bid:
    """One tick bid: ``account`` gets the units, ``bidder`` pays for them."""

    bidder: str
    account: str
    quote: int
    units: int

    @property
    def is_quoted(self) -> bool:
        """Whether it names a quote."""
        return self.quote != NON_COMPETITIVE


@dataclass(frozen=True, slots=True)
class Tender:
    """What a clearing needs of an offering's conditions; all counts in units.

    Attributes:
        number: The offering's number; it parts equals in the residue.
        offered: Over-allotment included.
        far_off: Ticks from the average of all bids beyond which a bid is void; 0 for no such rule.
        band: Ticks behind the average beyond which a bid loses a mixed tender.
        lot: Units of one lot.
        commitments: Of all underwriters who joined.
    """

    number: int
    basis: int
    pricing: int
    lowest: int
    highest: int
    tick: int
    offered: int
    minimum_volume: int
    non_competitive: int
    minimum_bid: int
    maximum_bid: int
    far_off: int
    band: int
    lot: int
    commitments: int

    @property
    def levels(self) -> int:
        """How many quotes there are."""
        return (self.highest - self.lowest) // self.tick + 1

    def behind(self, quote: Fraction | int, other: Fraction | int) -> Fraction:
        """By how many ticks a quote is worse than another; below zero when it is better."""
        worse = quote - other if self.basis == RATE else other - quote
        return Fraction(worse) / self.tick

    def level(self, quote: Fraction | int) -> Fraction:
        """Ticks behind the best quote there can be."""
        return self.behind(quote, self.lowest if self.basis == RATE else self.highest)

    def quote_of(self, level: int) -> int:
        """The quote that is so many ticks behind the best."""
        return self.lowest + level * self.tick if self.basis == RATE else self.highest - level * self.tick

    def is_on_tick(self, quote: int) -> bool:
        """Whether a quote is one of those that may be named."""
        return self.lowest <= quote <= self.highest and (quote - self.lowest) % self.tick == 0


@dataclass(frozen=True, slots=True)
class Faults:
    """Something wrong with a bidder's bids; ``key`` says what of them."""

    key: str
    expected: str
    found: str


def faults(tender: Tender, bids: Sequence[Bid], least: int, most: int) -> Iterator[Faults]:
    """What is wrong with all the bids of one bidder, whose class bids from ``least`` to ``most`` units."""
    if not 1 <= len(bids) <= MOST_BIDS:
        yield Faults("bids", f"1 to {MOST_BIDS}", str(len(bids)))
    places = [(bid.quote, int(bid.account, 16)) for bid in bids]
    if sorted(set(places)) != places:
        yield Faults("bids", "ascending by quote and account, each once", str(places))
    for index, bid in enumerate(bids):
        if bid.is_quoted and not tender.is_on_tick(bid.quote):
            ticks = f"{tender.lowest} to {tender.highest} in steps of {tender.tick}"
            yield Faults(f"bids[{index}].quote", ticks, str(bid.quote))
        if not bid.is_quoted and not tender.non_competitive:
            yield Faults(f"bids[{index}].quote", "a quote", "none")
        if bid.units % tender.lot or not tender.minimum_bid <= bid.units <= tender.maximum_bid:
            bounds = f"lots of {tender.lot} from {tender.minimum_bid} to {tender.maximum_bid}"
            yield Faults(f"bids[{index}].units", bounds, str(bid.units))
    total = sum(bid.units for bid in bids)
    if not least <= total <= most:
        yield Faults("units", f"{least} to {most}", str(total))
