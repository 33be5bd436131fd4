"""Allotment: which bid gets how many units once the book is cleared.

Where a level is not filled, its share is split by largest remainder, in lots. What parts equal remainders is
a hash of offering, bidder and account: not arrival, and not always in favour of the same address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eth_utils.crypto import keccak

from .bids import NON_COMPETITIVE, TickBid
from .clearing import Clearing
from .rules import Market, Rules

#: A cut that no score reaches: no lot is left over.
NO_CUT = 2**256 - 1

_KEY_BITS = 192

_Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Cuts:
    """Scores from which on an entry gets one lot of the residue.

    Attributes:
        marginal: Among bids at the marginal level.
        non_competitive: Among bids without a quote.
    """

    marginal: int
    non_competitive: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """What every bid gets.

    Attributes:
        allotments: By bidder, the units of each of his bids, in their order.
        cuts: What proves them to the contract.
    """

    allotments: dict[str, tuple[int, ...]]
    cuts: Cuts

    def won(self, bidder: str) -> int:
        """Units that a bidder won with all his bids."""
        return sum(self.allotments[bidder])


def allocate(
    offering_id: int,
    market: Market,
    rules: Rules,
    clearing: Clearing,
    bids_by_bidder: Mapping[str, Sequence[TickBid]],
) -> Allocation:
    """Splits what was cleared among the bids; nothing when the issue failed.

    Args:
        offering_id: Number of the offering, which goes into the scores.
        market: What the offering must know of its bond.
        rules: The rules of the offering.
        clearing: What ``clear`` found in these bids.
        bids_by_bidder: Opened bids of each bidder.
    """
    if clearing.failed is not None:
        return Allocation(
            {bidder: (0,) * len(bids) for bidder, bids in bids_by_bidder.items()}, Cuts(NO_CUT, NO_CUT)
        )
    marginal, without_quote = _short_entries(rules, clearing, bids_by_bidder)
    parts, cut = _pro_rata(offering_id, marginal, clearing.marginal_share, market.lot)
    others, other_cut = _pro_rata(offering_id, without_quote, clearing.non_competitive_share, market.lot)
    parts |= others

    def units_of(place: _Place, bid: TickBid) -> int:
        if place in parts:
            return parts[place]
        level = rules.level_of(bid.quote)
        return bid.units if clearing.first_level <= level < clearing.marginal_level else 0

    allotments = {
        bidder: tuple(units_of((bidder, index), bid) for index, bid in enumerate(bids))
        for bidder, bids in bids_by_bidder.items()
    }
    return Allocation(allotments, Cuts(cut, other_cut))


def score(offering_id: int, bidder: str, account: str, remainder: int) -> int:
    """The rank of an entry for a lot of the residue: the higher, the earlier.

    Args:
        offering_id: Number of the offering.
        bidder: Address of the bidder.
        account: Address that gets the units.
        remainder: Lots asked for times lots shared, modulo lots bid at the level.
    """
    words = (offering_id, int(bidder, 16), int(account, 16))
    digest = keccak(b"".join(word.to_bytes(32, "big") for word in words))
    return remainder << _KEY_BITS | int.from_bytes(digest[8:], "big")


def _short_entries(
    rules: Rules, clearing: Clearing, bids_by_bidder: Mapping[str, Sequence[TickBid]]
) -> tuple[dict[_Place, TickBid], dict[_Place, TickBid]]:
    """Bids that share what there is: those at the marginal quote, and those without one."""
    marginal: dict[_Place, TickBid] = {}
    without_quote: dict[_Place, TickBid] = {}
    marginal_quote = rules.quote_of(clearing.marginal_level) if clearing.competitive else None
    for bidder, bids in bids_by_bidder.items():
        for index, bid in enumerate(bids):
            if bid.quote == NON_COMPETITIVE:
                without_quote[bidder, index] = bid
            elif bid.quote == marginal_quote:
                marginal[bidder, index] = bid
    return marginal, without_quote


def _pro_rata(
    offering_id: int, entries: Mapping[_Place, TickBid], share: int, lot: int
) -> tuple[dict[_Place, int], int]:
    """Units of each entry, and the cut: all are filled, or shares are by largest remainder in lots."""
    total = sum(bid.units for bid in entries.values()) // lot
    lots = share // lot
    if lots == total:
        return {place: bid.units for place, bid in entries.items()}, NO_CUT
    parts: dict[_Place, int] = {}
    scores: list[tuple[int, _Place]] = []
    for place, bid in entries.items():
        parts[place], remainder = divmod(bid.units // lot * lots, total)
        scores.append((score(offering_id, place[0], bid.account, remainder), place))
    residue = lots - sum(parts.values())
    scores.sort(reverse=True)
    for _, place in scores[:residue]:
        parts[place] += 1
    cut = scores[residue - 1][0] if residue else NO_CUT
    return {place: part * lot for place, part in parts.items()}, cut
