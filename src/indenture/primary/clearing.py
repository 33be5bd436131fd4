"""Clearing: from opened bids to the marginal quote, the shares and the issue terms.

Bids are counted by level, which is a sort that is already done; then one pass, best level first. The order in
which bids came, or bidders are given, cannot matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from indenture.errors import InputError

from .bids import NON_COMPETITIVE, TickBid
from .rules import Market, Rules
from .types import Basis, Pricing


@dataclass(frozen=True, slots=True)
class Clearing:
    """What one pass over the book found; names as in the contract's ``Book``.

    Attributes:
        first_level: Levels before it are void.
        last_level: Levels after it are void.
        marginal_level: The last level that wins; 0 when nothing was won with a quote.
        average_level: Weighted average of what was won with a quote, rounded half up in the quote.
        marginal_bid: Units bid at the marginal level.
        marginal_share: Units allotted there.
        competitive: Units allotted to bids with a quote.
        non_competitive_share: Units allotted to bids without one.
        take_up: Units that fall to the underwriters.
        bid_units: Units bid with a quote, void ones included.
        weighted: Sum of these units times their level.
        non_competitive_bid: Units bid without a quote.
        bidders: Number of bidders.
        over_allotted: Units that the issuer added to those on offer.
        issue_rate: Coupon, billionths a year; 0 when the issue failed.
        issue_price: Base units of the currency for one unit; 0 when the issue failed.
        failed: Why the issue failed, in words; None when it did not.
    """

    first_level: int
    last_level: int
    marginal_level: int = 0
    average_level: int = 0
    marginal_bid: int = 0
    marginal_share: int = 0
    competitive: int = 0
    non_competitive_share: int = 0
    take_up: int = 0
    bid_units: int = 0
    weighted: int = 0
    non_competitive_bid: int = 0
    bidders: int = 0
    over_allotted: int = 0
    issue_rate: int = 0
    issue_price: int = 0
    failed: str | None = None

    @property
    def allotted(self) -> int:
        """Units allotted to bids, with a quote or without."""
        return self.competitive + self.non_competitive_share

    @property
    def volume(self) -> int:
        """Units sold: allotted, or for the underwriters."""
        return self.allotted + self.take_up


def clear(
    rules: Rules,
    market: Market,
    bids_by_bidder: Mapping[str, Sequence[TickBid]],
    *,
    over_allotted: int = 0,
    commitments: int = 0,
) -> Clearing:
    """Clears a book.

    Args:
        rules: The rules of the offering, checked.
        market: What it must know of its bond.
        bids_by_bidder: Opened bids of each bidder, checked.
        over_allotted: Units that the issuer adds to those on offer.
        commitments: Units that the underwriters who joined take up at most.

    Raises:
        InputError: A quote is on no level; more is over-allotted than the rules allow; quotes are prices and
            the bond's coupon is not fixed.
    """
    _check_context(rules, market, over_allotted)
    units_at, without_quote = _count(rules, chain.from_iterable(bids_by_bidder.values()))
    bid_units = sum(units_at)
    weighted = sum(level * units for level, units in enumerate(units_at) if units)
    first, last = _valid_levels(rules, bid_units, weighted)
    book = Clearing(
        first_level=first,
        last_level=last,
        bid_units=bid_units,
        weighted=weighted,
        non_competitive_bid=without_quote,
        bidders=sum(1 for bids in bids_by_bidder.values() if bids),
        over_allotted=over_allotted,
    )
    available = rules.offered + over_allotted
    non_competitive_share = min(without_quote, rules.non_competitive)
    book = _pass(rules, book, units_at, available - non_competitive_share)
    if not book.competitive and not rules.is_fixed_price:
        return replace(book, failed="no bid with a quote won, so no price was found")
    book = replace(
        book,
        non_competitive_share=non_competitive_share,
        take_up=min(available - non_competitive_share - book.competitive, commitments),
    )
    if not book.volume:
        return replace(book, failed="nothing was bid, and nobody takes the issue up")
    if book.volume < rules.minimum_volume:
        return replace(
            book,
            failed=f"{book.volume} units are less than the minimum volume of {rules.minimum_volume}",
        )
    issue_rate, issue_price = _issue_terms(rules, market, book)
    return replace(book, issue_rate=issue_rate, issue_price=issue_price)


def average_level(basis: Basis, weighted: int, units: int) -> int:
    """A weighted average of levels as a level, rounded half up in the quote.

    Args:
        basis: What is quoted; a higher price is a lower level, so that half up in the price is half down in
            the level.
        weighted: Sum of units times level.
        units: Sum of units, not zero.
    """
    return (2 * weighted + units - (basis is Basis.PRICE)) // (2 * units)


def _check_context(rules: Rules, market: Market, over_allotted: int) -> None:
    if not 0 <= over_allotted <= rules.over_allotment or over_allotted % market.lot:
        raise InputError(
            f"{over_allotted} units over-allotted are not whole lots of {market.lot} up to "
            f"{rules.over_allotment}",
            hint="Declare what the rules of the offering allow.",
        )
    if rules.basis is Basis.PRICE and market.coupon_rate is None:
        raise InputError(
            "quotes are prices, but the bond has no coupon yet",
            hint="Give the bond a coupon, or let bids quote the rate.",
        )


def _count(rules: Rules, bids: Iterable[TickBid]) -> tuple[list[int], int]:
    """Units by level, and units without a quote."""
    units_at = [0] * rules.levels
    without_quote = 0
    lowest, highest, tick = rules.lowest, rules.highest, rules.tick
    is_rate = rules.basis is Basis.RATE
    for bid in bids:
        quote = bid.quote
        if quote == NON_COMPETITIVE:
            without_quote += bid.units
            continue
        level, between = divmod(quote - lowest if is_rate else highest - quote, tick)
        if between or not lowest <= quote <= highest:
            rules.level_of(quote)  # says what is wrong
        units_at[level] += bid.units
    return units_at, without_quote


def _valid_levels(rules: Rules, units: int, weighted: int) -> tuple[int, int]:
    """First and last level l with |l * units - weighted| <= far_off * units, exactly."""
    last = rules.levels - 1
    if not rules.far_off or not units:
        return 0, last
    reach = rules.far_off * units
    return max(0, -(-(weighted - reach) // units)), min(last, (weighted + reach) // units)


def _pass(rules: Rules, book: Clearing, units_at: list[int], wanted: int) -> Clearing:
    """Goes over the valid levels, best first, until all that is wanted is sold.

    MIXED: dropping levels that are more than the band behind the average lowers the average, which may drop
    more. The smaller the prefix of levels, the better its average, so the repetition ends in the largest
    prefix whose last level is within the band of its own average: the last for which the pass finds it so.
    """
    total = weighted = 0
    won = (0, 0, 0, 0, 0)
    for level in range(book.first_level, book.last_level + 1):
        if total == wanted:
            break
        bid = units_at[level]
        if not bid:
            continue
        share = min(bid, wanted - total)
        total += share
        weighted += share * level
        average = average_level(rules.basis, weighted, total)
        if rules.pricing is not Pricing.MIXED or level <= average + rules.band:
            won = (level, average, bid, share, total)
    marginal, average, bid, share, total = won
    return replace(
        book,
        marginal_level=marginal,
        average_level=average,
        marginal_bid=bid,
        marginal_share=share,
        competitive=total,
    )


def _issue_terms(rules: Rules, market: Market, book: Clearing) -> tuple[int, int]:
    """Coupon and issue price; a fixed price has one level, 0, even where nobody bid."""
    level = book.marginal_level if rules.pricing is Pricing.UNIFORM else book.average_level
    quote = rules.quote_of(level)
    if rules.basis is Basis.RATE:
        return quote, market.face_value
    return market.coupon_rate or 0, quote
