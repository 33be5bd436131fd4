"""Large sealed books through the SDK: sealed, opened, cleared and proved, by the clock and by gas."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.stage import CLOSES, Stage
from bench.tender import LEVELS, REVEALS_BY, UNITS, ladder, rules
from indenture.chain import Sender
from indenture.primary import TickBid
from indenture.results import ClearResult
from indenture.roles import open_bids, place_bids
from indenture.sealing import Vault, Work
from indenture.termsheet import COUPON_BY_TENDER

#: One book of bidders with twenty tick bids each, and one where all quote the same: the most work to prove.
WIDE, TICKS = 500, 20
EQUAL = 1_000


@dataclass(frozen=True, slots=True)
class LargeBook:
    """What a book took.

    Attributes:
        tick_bids: How many were in it.
        bidders: Of how many bidders.
        at_the_margin: Bidders whose shares had to be proved.
        seconds: By step: sealed, opened, cleared and proved; pipelined by the SDK, mined by one Anvil.
        gas_per_tick_bid: Of clearing and proof together.
        transactions: Of clearing and proof together.
    """

    tick_bids: int
    bidders: int
    at_the_margin: int
    seconds: dict[str, float]
    gas_per_tick_bid: float
    transactions: int


def measure(stage: Stage) -> list[LargeBook]:
    """A book of 10,000 tick bids, and one of 1,000 that all quote the same."""
    buyers = stage.holders(EQUAL)
    span = LEVELS - TICKS
    wide = [
        (buyer, ladder(buyer, first=number * 7 % span, count=TICKS, units=50_000))
        for number, buyer in enumerate(buyers[:WIDE])
    ]
    equal = [(buyer, ladder(buyer, first=20, count=1, units=300_000 + n)) for n, buyer in enumerate(buyers)]
    return [_built(stage, number, bids) for number, bids in ((5, wide), (6, equal))]


def _built(stage: Stage, bond: int, bids: list[tuple[Sender, tuple[TickBid, ...]]]) -> LargeBook:
    suite, seconds = stage.suite, dict[str, float]()
    with stage.undone(), _vault() as vault:
        terms = stage.terms(bond, coupon_rate=COUPON_BY_TENDER)
        number = stage.opened(stage.register(terms), replace(rules(), offered=UNITS))
        seconds["sealed"] = _seconds(lambda: place_bids(suite, number, bids, vault))
        stage.at(CLOSES)
        stage.bookrunner.close(number)
        seconds["opened"] = _seconds(lambda: open_bids(suite, stage.bookrunner.sender, number, vault))
        stage.at(REVEALS_BY)
        cleared: list[ClearResult] = []
        seconds["cleared and proved"] = _seconds(lambda: cleared.append(stage.bookrunner.clear(number)))
        book, (result,) = suite.offering.book(number), cleared
    quote = book.rules.quote_of(book.marginal_level)
    gas = sum(done.gas_used for done in result.transactions)
    count = sum(len(each) for _, each in bids)
    if book.bidders != len(bids):
        raise RuntimeError(f"{book.bidders:,} bids were opened, {len(bids):,} were made")
    return LargeBook(
        tick_bids=count,
        bidders=len(bids),
        at_the_margin=sum(any(bid.quote == quote for bid in each) for _, each in bids),
        seconds=seconds,
        gas_per_tick_bid=gas / count,
        transactions=len(result.transactions),
    )


@contextmanager
def _vault() -> Iterator[Vault]:
    with TemporaryDirectory() as folder:
        yield Vault(Path(folder) / "vault", "of the bench", create=True, work=Work.MINIMAL)


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
