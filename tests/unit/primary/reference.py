"""The rules of an offering once more, slow and literal: lot by lot, by sorting, in fractions.

It knows nothing of levels, of running averages or of cuts, and shares no code with the package but the types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from indenture.primary import NON_COMPETITIVE, Basis, Market, Pricing, Rules

from .builders import Books

Entry = tuple[str, int]  # a bidder, and the number of his bid


@dataclass
class Outcome:
    """What should come out."""

    failed: bool
    units: dict[Entry, int] = field(default_factory=dict)
    price: dict[Entry, int] = field(default_factory=dict)
    take_up: int = 0
    volume: int = 0
    marginal: int | None = None
    average: int | None = None
    issue_rate: int = 0
    issue_price: int = 0


def outcome_of(
    offering_id: int, rules: Rules, market: Market, books: Books, over_allotted: int, commitments: int
) -> Outcome:
    """Clears and allots a book."""
    entries = {(who, number): bid for who, bids in books.items() for number, bid in enumerate(bids)}
    quoted = {entry: bid for entry, bid in entries.items() if bid.quote != NON_COMPETITIVE}
    unquoted = {entry: bid for entry, bid in entries.items() if bid.quote == NON_COMPETITIVE}
    total = rules.offered + over_allotted

    asked_without = sum(bid.units for bid in unquoted.values())
    share_without = min(asked_without, rules.non_competitive)

    # Lot by lot, best quote first; a void bid takes no part.
    lots = sorted(
        (bid.quote for bid in _valid(rules, list(quoted.values())) for _ in range(bid.units // market.lot)),
        reverse=rules.basis is Basis.PRICE,
    )
    won = lots[: (total - share_without) // market.lot]
    if rules.pricing is Pricing.MIXED:
        won = _within_band(rules, won)
    if not won and rules.lowest != rules.highest:
        return Outcome(failed=True)

    with_quote = len(won) * market.lot
    take_up = min(total - with_quote - share_without, commitments)
    volume = with_quote + share_without + take_up
    if volume == 0 or volume < rules.minimum_volume:
        return Outcome(failed=True, volume=volume)

    found = Outcome(failed=False, take_up=take_up, volume=volume)
    found.marginal = won[-1] if won else None
    found.average = _average(rules, won) if won else None
    the_quote = found.marginal if rules.pricing is Pricing.UNIFORM else found.average
    the_quote = rules.lowest if the_quote is None else the_quote
    by_rate = rules.basis is Basis.RATE
    found.issue_rate = the_quote if by_rate else market.coupon_rate or 0
    found.issue_price = market.face_value if by_rate else the_quote

    found.units = dict.fromkeys(entries, 0)
    for quote in set(won):
        at_quote = {entry: bid for entry, bid in quoted.items() if bid.quote == quote}
        found.units |= _split(offering_id, market.lot, at_quote, won.count(quote) * market.lot)
    found.units |= _split(offering_id, market.lot, unquoted, share_without)
    for entry, units in found.units.items():
        if units:
            found.price[entry] = _price(rules, market, found, entries[entry].quote)
    return found


def _valid(rules: Rules, bids: list) -> list:
    units = sum(bid.units for bid in bids)
    if not rules.far_off or not units:
        return bids
    average = Fraction(sum(bid.quote * bid.units for bid in bids), units)
    return [bid for bid in bids if abs(bid.quote - average) <= rules.far_off * rules.tick]


def _average(rules: Rules, quotes: list[int]) -> int:
    """The mean of what every lot bid, rounded to the tick, half up."""
    ticks = Fraction(sum(quote - rules.lowest for quote in quotes), len(quotes) * rules.tick)
    return rules.lowest + floor(ticks + Fraction(1, 2)) * rules.tick


def _within_band(rules: Rules, quotes: list[int]) -> list[int]:
    """Drops what is too far behind the average, as long as there is such a thing."""
    while quotes:
        average = _average(rules, quotes)
        sign = 1 if rules.basis is Basis.RATE else -1
        kept = [quote for quote in quotes if sign * (quote - average) <= rules.band * rules.tick]
        if kept == quotes:
            break
        quotes = kept
    return quotes


def _split(offering_id: int, lot: int, entries: dict, share: int) -> dict[Entry, int]:
    """Largest remainder, by ranking all entries."""
    asked = sum(bid.units for bid in entries.values())
    exact = {entry: Fraction(bid.units, lot) * share / asked for entry, bid in entries.items()}
    parts = {entry: floor(amount) for entry, amount in exact.items()}

    def rank(entry: Entry) -> tuple[Fraction, int]:
        where = encode(["uint256", "address", "address"], [offering_id, entry[0], entries[entry].account])
        return exact[entry] - parts[entry], int.from_bytes(keccak(where), "big") % 2**192

    ranking = sorted(entries, key=rank, reverse=True)
    for entry in ranking[: share // lot - sum(parts.values())]:
        parts[entry] += 1
    return {entry: part * lot for entry, part in parts.items()}


def _price(rules: Rules, market: Market, found: Outcome, quote: int) -> int:
    if quote == NON_COMPETITIVE or rules.pricing is Pricing.UNIFORM:
        return found.issue_price
    sign = 1 if rules.basis is Basis.RATE else -1
    assert found.average is not None
    if rules.pricing is Pricing.MIXED and sign * quote <= sign * found.average:
        return found.issue_price
    return quote if rules.basis is Basis.PRICE else present_value(quote, found.issue_rate, market)


def present_value(rate: int, coupon: int, market: Market) -> int:
    """Each payment discounted on its own."""
    a_year = 12 // market.months_per_period
    growth = 1 + Fraction(rate, a_year * 10**9)
    payment = market.face_value * Fraction(coupon, a_year * 10**9)
    value = sum((payment / growth**k for k in range(1, market.periods + 1)), Fraction(0))
    value += market.face_value / growth**market.periods
    return floor(value + Fraction(1, 2))
