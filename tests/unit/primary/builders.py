"""Rules, bids and whole random books for the tests of the primary market."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from indenture.primary import (
    NON_COMPETITIVE,
    Basis,
    ClassRule,
    Form,
    Market,
    Pricing,
    Rules,
    TickBid,
    ordered,
)

Books = dict[str, tuple[TickBid, ...]]

OPENS = datetime(2019, 12, 3, 1, tzinfo=UTC)
EVERYBODY = (ClassRule(minimum=0, maximum=1_000),)


def rules_of(**changes: Any) -> Rules:
    """A sealed book by rate, 3.00 % to 3.60 %, uniform: a thousand units, in lots of one."""
    fields: dict[str, Any] = {
        "form": Form.SEALED,
        "basis": Basis.RATE,
        "pricing": Pricing.UNIFORM,
        "offered": 1_000,
        "minimum_bid": 10,
        "maximum_bid": 1_000,
        "lowest": 30_000_000,
        "highest": 36_000_000,
        "tick": 100_000,
        "opens_at": OPENS,
        "closes_at": OPENS + timedelta(hours=1),
        "reveals_by": OPENS + timedelta(hours=2),
        "over_allots_by": OPENS + timedelta(hours=2),
        "clears_by": OPENS + timedelta(hours=3),
        "settles_from": OPENS + timedelta(days=2),
        "settles_by": OPENS + timedelta(days=3),
        "takes_up_by": OPENS + timedelta(days=4),
    }
    return Rules(**(fields | changes))


def market_of(rules: Rules, *, lot: int = 1, **changes: Any) -> Market:
    """Two years, paid yearly, on a face of 100.00; a coupon of 3 % where bids quote a price."""
    fields: dict[str, Any] = {
        "lot": lot,
        "face_value": 10_000,
        "months_per_period": 12,
        "periods": 2,
        "coupon_rate": None if rules.basis is Basis.RATE else 30_000_000,
    }
    return Market(**(fields | changes))


def account(number: int) -> str:
    """An address that is easy to recognise."""
    return f"0x{number:040x}"


def books_of(*bids: tuple[int, int, int]) -> Books:
    """Books from (bidder, quote, units), each bid for the bidder himself."""
    found: dict[str, list[TickBid]] = {}
    for bidder, quote, units in bids:
        found.setdefault(account(bidder), []).append(TickBid(quote, units, account(bidder)))
    return {bidder: ordered(each) for bidder, each in found.items()}


class RandomBook:
    """A whole offering, drawn: rules, market, bids, over-allotment and commitments.

    Drawn narrow and small on purpose, so that ties, full and empty levels, void bids and failures are common.
    """

    def __init__(self, random: Random, pricing: Pricing, basis: Basis) -> None:
        self.offering_id = random.randrange(1, 2**32)
        levels = random.choice((1, 2, 3, 5, 9, 30))
        lot = random.choice((1, 1, 7, 100))
        offered = random.randrange(1, random.choice((3, 12, 60)) + 1)
        cap = random.choice((0, 0, random.randrange(offered)))
        added = random.choice((0, random.randrange(10)))
        tick = random.choice((1, 250, 100_000))
        lowest = random.choice((tick, 7, 30_000_000))
        self.rules = rules_of(
            pricing=Pricing.UNIFORM if levels == 1 else pricing,
            basis=basis,
            offered=offered * lot,
            over_allotment=added * lot,
            over_allots_by=OPENS + timedelta(hours=2, minutes=30 if added else 0),
            minimum_volume=random.choice((0, 0, random.randrange(offered + 1))) * lot,
            non_competitive=0 if levels == 1 else cap * lot,
            minimum_bid=lot,
            maximum_bid=offered * lot,
            lowest=lowest,
            highest=lowest + (levels - 1) * tick,
            tick=tick,
            far_off=0 if levels == 1 else random.choice((0, 0, 1, 2, 5)),
            band=random.randrange(6) if pricing is Pricing.MIXED and levels > 1 else 0,
        )
        self.market = market_of(
            self.rules,
            lot=lot,
            months_per_period=random.choice((1, 3, 6, 12)),
            periods=random.randrange(1, 8),
        )
        self.over_allotted = random.randrange(self.rules.over_allotment // lot + 1) * lot
        self.commitments = random.choice((0, 0, random.randrange(40))) * lot
        accounts = [f"0x{random.getrandbits(160):040x}" for _ in range(6)]
        sizes = random.choice(((1,), (1, min(2, offered)), tuple(range(1, offered + 1))))
        self.books: Books = {}
        for _ in range(random.choice((0, 1, 2, 3, 8))):
            drawn = [
                TickBid(self._quote(random), random.choice(sizes) * lot, random.choice(accounts))
                for _ in range(random.randrange(1, 7))
            ]
            bids = {bid.key: bid for bid in drawn}
            self.books[f"0x{random.getrandbits(160):040x}"] = ordered(bids.values())

    def _quote(self, random: Random) -> int:
        if self.rules.non_competitive and random.random() < 0.25:
            return NON_COMPETITIVE
        return self.rules.lowest + random.randrange(self.rules.levels) * self.rules.tick
