"""What each bid gets: all, nothing, or its share of a level that is not filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from indenture.audit.model.tender.bids import Bid, Tender
from indenture.audit.model.tender.clearing import Clearing

NO_CUT = 2**256 - 1
"""The cut where no lot of a residue is given."""

_LOW_BITS = 192


@dataclass(frozen=True, slots=True)
class Entry:
    """All that one bidder bids for one account at one level."""

    bidder: str
    account: str
    units: int

    @classmethod
    def of(cls, bid: Bid) -> Entry:
        """The entry of a bid."""
        return cls(bid.bidder, bid.account, bid.units)


def allot(tender: Tender, clearing: Clearing, bids: Sequence[Bid]) -> dict[Bid, int]:
    """Units for every bid of a book that was cleared."""
    marginal: list[Bid] = []
    unquoted: list[Bid] = []
    given = dict.fromkeys(bids, 0)
    for bid in bids:
        if not bid.is_quoted:
            unquoted.append(bid)
            continue
        level = tender.level(bid.quote)
        if clearing.marginal_share and level == clearing.marginal_level:
            marginal.append(bid)
        elif clearing.marginal_share and clearing.first_level <= level < clearing.marginal_level:
            given[bid] = bid.units
    for level_bids, share in (
        (marginal, clearing.marginal_share),
        (unquoted, clearing.non_competitive_share),
    ):
        shares = share_out(tender, [Entry.of(bid) for bid in level_bids], share)
        given |= {bid: shares[Entry.of(bid)] for bid in level_bids}
    return given


def share_out(tender: Tender, entries: Sequence[Entry], share: int) -> dict[Entry, int]:
    """Pro rata by largest remainder, in lots.

    Everybody gets his part of whole lots, rounded down.  The lots left go one each to the highest scores.
    """
    total = sum(entry.units for entry in entries)
    if share >= total:
        return {entry: entry.units for entry in entries}
    lots = {entry: entry.units * share // total // tender.lot for entry in entries}
    left = share // tender.lot - sum(lots.values())
    ranked = sorted(entries, key=lambda entry: score(tender, entry, share, total), reverse=True)
    lucky = set(ranked[:left])
    return {entry: (lots[entry] + (entry in lucky)) * tender.lot for entry in entries}


def lowest_score(tender: Tender, entries: Sequence[Entry], share: int) -> int:
    """The cut: the lowest score that gets a lot of the residue; ``NO_CUT`` when there is no residue."""
    total = sum(entry.units for entry in entries)
    if share >= total:
        return NO_CUT
    floors = {entry: entry.units * share // total // tender.lot * tender.lot for entry in entries}
    shares = share_out(tender, entries, share)
    return min(
        (score(tender, entry, share, total) for entry in entries if shares[entry] > floors[entry]),
        default=NO_CUT,
    )


def entry_share(tender: Tender, entry: Entry, share: int, total: int, cut: int) -> int:
    """Units of one entry under a cut that somebody claims, right or wrong."""
    if share >= total:
        return entry.units
    lots = entry.units * share // total // tender.lot
    return (lots + (score(tender, entry, share, total) >= cut)) * tender.lot


def score(tender: Tender, entry: Entry, share: int, total: int) -> int:
    """What a rounding down cost an entry; a hash decides among equals."""
    lost = entry.units // tender.lot * (share // tender.lot) % (total // tender.lot)
    salt = keccak(encode(("uint256", "address", "address"), (tender.number, entry.bidder, entry.account)))
    return lost << _LOW_BITS | int.from_bytes(salt, "big") % (1 << _LOW_BITS)
