"""A book by rate and its mirror by price, of which every figure is known."""

from typing import Any

from tests.evm.builders import (
    PRICE,
    RATE,
)
from tests.evm.tender import Tender
from tests.evm.world import World

#: Ticks behind the best quote, and units, of each of three bidders.
BOOK = (((10, 200), (20, 100)), ((10, 100), (30, 400)), ((30, 200), (50, 300)))
RANGE: dict[int, dict[str, Any]] = {
    RATE: {"lowest": 30_000_000, "highest": 36_000_000, "tick": 100_000},
    PRICE: {"lowest": 9_400, "highest": 10_000},
}


def known_book(world: World, basis: int, pricing: int, **changes: Any) -> Tender:
    """The book above, with every bid opened."""
    tender = world.open_tender(basis=basis, pricing=pricing, **({"offered": 800} | RANGE[basis] | changes))
    for bidder, bids in zip(world.investors, BOOK, strict=False):
        tender.bid(bidder, *((tender.quote_of(level), units) for level, units in bids))
    tender.close()
    tender.open_all()
    return tender
