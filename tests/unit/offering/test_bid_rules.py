"""placeBid, openBid: the rules of bids, which are the same where they are placed and where they are opened

├── no bid or more than 64, not ascending, a pair twice -> BidOrderWrong
├── off the range or the tick; without a quote where there is no room for it -> BidQuoteInvalid
├── below the least, above the most, no whole lot -> BidUnitsInvalid
└── below the minimum or above the maximum of the class -> BidTotalInvalid
"""

from typing import Any

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import (
    NON_COMPETITIVE,
    OPEN,
    PRICE,
    RATE,
    SEALED,
    class_rule,
    tick_bid,
)
from tests.evm.tender import Tender
from tests.evm.world import World

pytestmark = pytest.mark.unit

QUOTE = 10_000


def refuse_bids(tender: Tender, bidder: str, bids: list[Record], name: str, *arguments: Any) -> None:
    """Bids that break a rule are refused where they are placed, or opened."""
    if tender.conditions.form == OPEN:
        with tender.world.refuses(name, *arguments):
            tender.place(bidder, bids, [])
        return
    tender.seal(bidder, bids)
    tender.close()
    with tender.world.refuses(name, *arguments):
        tender.open_bid(bidder, bids=bids)


forms = pytest.mark.parametrize("form", [OPEN, SEALED], ids=["placed", "opened"])
BAD_PRICES = [9_899, 9_890, 10_110, 10_101, 9_905, 0, 2**64 - 2]
BAD_RATES = [29_900_000, 36_100_000, 30_050_000, 0, 2**32 - 1, 2**32]


@forms
@pytest.mark.parametrize(
    ("basis", "quote", "bounds"),
    [
        *((PRICE, price, (9_900, 10_100, 10)) for price in BAD_PRICES),
        *((RATE, rate, (30_000_000, 36_000_000, 100_000)) for rate in BAD_RATES),
    ],
)
def test_bids__quote_off_the_range_or_the_tick__reverts(
    world: World, form: int, basis: int, quote: int, bounds: tuple[int, int, int]
) -> None:
    tender, bidder = world.open_tender(basis=basis, form=form), world.investors[0]
    good = bounds[0] if quote > bounds[0] else bounds[1]
    bids = tender.bids_of(bidder, [(quote, 10), (good, 10)])
    index = [bid.quote for bid in bids].index(quote)

    refuse_bids(tender, bidder, bids, "BidQuoteInvalid", index, quote, *bounds)


@forms
@pytest.mark.parametrize("basis", [RATE, PRICE])
def test_bids__at_both_ends_of_the_range__count(world: World, form: int, basis: int) -> None:
    tender, bidder = world.open_tender(basis=basis, form=form), world.investors[0]
    lowest, highest = tender.conditions.lowest, tender.conditions.highest
    last = tender.book.levels - 1

    tender.bid(bidder, (lowest, 10), (highest, 20))
    tender.close()
    tender.open_all()

    at = {level: world.offering.unitsAt(tender.id, level) for level in (0, last)}
    assert at == ({0: 10, last: 20} if basis == RATE else {0: 20, last: 10})
    assert tender.book.weighted == last * at[last]


@forms
@pytest.mark.parametrize("units", [0, 10, 15, 25, 510, 2**64 - 6, 2**64 - 16])
def test_bids__units_out_of_bounds_or_no_whole_lot__reverts(world: World, form: int, units: int) -> None:
    bond = world.register(minimumUnits=10)
    tender = world.open_tender(bond, form=form, minimumBid=20, maximumBid=500)
    bidder = world.investors[0]
    bids = tender.bids_of(bidder, [(9_990, 20), (QUOTE, units)])

    refuse_bids(tender, bidder, bids, "BidUnitsInvalid", 1, units, 20, 500, 10)


@forms
def test_bids__units_at_the_bounds__count(world: World, form: int) -> None:
    bond = world.register(minimumUnits=10)
    tender = world.open_tender(bond, form=form, minimumBid=20, maximumBid=500)

    tender.bid(world.investors[0], (9_990, 20), (QUOTE, 500))
    tender.close()
    tender.open_all()

    assert tender.book.bidUnits == 520


def account(number: int) -> str:
    return f"0x{number:040x}"


DISORDER: dict[str, tuple[int, list[tuple[int, str]]]] = {
    "quotes descend": (1, [(QUOTE, account(1)), (9_990, account(1))]),
    "the same pair twice": (1, [(QUOTE, account(1)), (QUOTE, account(1))]),
    "accounts descend": (1, [(QUOTE, account(2)), (QUOTE, account(1))]),
    "accounts descend in the top bit": (1, [(QUOTE, account(1 << 159)), (QUOTE, account(1))]),
    "a bid without a quote comes first": (1, [(NON_COMPETITIVE, account(1)), (QUOTE, account(1))]),
    "two without a quote, not in order": (2, [(QUOTE, account(9))] + [(NON_COMPETITIVE, account(1))] * 2),
    "the last one": (3, [(9_970, account(1)), (9_980, account(1)), (9_990, account(1)), (9_980, account(2))]),
}


@forms
@pytest.mark.parametrize("how", DISORDER)
def test_bids__not_ascending__reverts(world: World, form: int, how: str) -> None:
    """One order, so that one bid has one hash, and a pair that is there twice would share one score."""
    tender, bidder = world.open_tender(form=form, nonCompetitive=100), world.investors[0]
    index, pairs = DISORDER[how]
    bids = [tick_bid(quote, 10, whom) for quote, whom in pairs]

    refuse_bids(tender, bidder, bids, "BidOrderWrong", index)


@forms
def test_bids__none__reverts(world: World, form: int) -> None:
    refuse_bids(world.open_tender(form=form), world.investors[0], [], "BidOrderWrong", 0)


@forms
@pytest.mark.parametrize("count", [64, 65])
def test_bids__sixty_four__but_not_one_more(world: World, form: int, count: int) -> None:
    tender, bidder = world.open_tender(form=form), world.investors[0]
    bids = [tick_bid(9_900 + 10 * (number // 4), 1, account(1 + number)) for number in range(count)]

    if count == 65:
        refuse_bids(tender, bidder, bids, "BidOrderWrong", 65)
        return
    tender.bid(bidder, *((bid.quote, bid.units, bid.account) for bid in bids))
    tender.close()
    tender.open_all()
    assert (tender.book.bidUnits, tender.book.bidders) == (64, 1)
    assert [world.offering.unitsAt(tender.id, 20 - level) for level in range(17)] == [4] * 16 + [0]


@forms
def test_bids__without_a_quote_where_there_is_room__count_apart(world: World, form: int) -> None:
    tender, bidder = world.open_tender(form=form, nonCompetitive=100), world.investors[0]

    tender.bid(bidder, (QUOTE, 50), (NON_COMPETITIVE, 200), (NON_COMPETITIVE, 7, account(1)))
    tender.close()
    tender.open_all()

    book = tender.book
    assert (book.bidUnits, book.nonCompetitiveBid) == (50, 207)
    assert book.weighted == 50 * tender.level_of(QUOTE)


@forms
def test_bids__without_a_quote_where_there_is_no_room__reverts(world: World, form: int) -> None:
    tender, bidder = world.open_tender(form=form), world.investors[0]
    bids = tender.bids_of(bidder, [(QUOTE, 50), (NON_COMPETITIVE, 50)])

    refuse_bids(tender, bidder, bids, "BidQuoteInvalid", 1, NON_COMPETITIVE, 0, 0, 0)


# --- classes

CLASSES = [class_rule(30, 400), class_rule(100, 1000), class_rule(0, 0)]


@forms
@pytest.mark.parametrize(
    ("class_", "units", "bounds"),
    [(0, 29, (30, 400)), (0, 401, (30, 400)), (1, 99, (100, 1000)), (1, 1001, (100, 1000)), (2, 1, (0, 0))],
)
def test_bids__total_out_of_the_bounds_of_the_class__reverts(
    world: World, form: int, class_: int, units: int, bounds: tuple[int, int]
) -> None:
    tender = world.tender(classes=CLASSES, form=form, nonCompetitive=500)
    bidder = world.underwriters[0]
    tender.mandate()
    tender.accept()
    if class_:
        tender.form_syndicate({bidder: 0}, class_)
    tender.open()
    half = units // 2
    pairs = [(QUOTE, units - half), (NON_COMPETITIVE, half)] if half else [(QUOTE, units)]

    refuse_bids(tender, bidder, tender.bids_of(bidder, pairs), "BidTotalInvalid", bidder, units, *bounds)


@forms
@pytest.mark.parametrize(("class_", "units"), [(0, 30), (0, 400), (1, 100), (1, 1000)])
def test_bids__total_at_the_bounds_of_the_class__counts(
    world: World, form: int, class_: int, units: int
) -> None:
    tender = world.open_tender(
        classes=CLASSES, form=form, syndicate={world.underwriters[0]: 0} if class_ else {}
    )

    tender.bid(world.underwriters[0], (QUOTE, units))
    tender.close()
    tender.open_all()

    assert tender.book.bidUnits == units


@forms
def test_bids__of_one_who_was_invited_and_did_not_join__are_everybodys(world: World, form: int) -> None:
    tender = world.tender(classes=CLASSES, form=form)
    tender.mandate()
    tender.accept()
    tender.invite(world.underwriters[0], 1)
    tender.open()
    bidder = world.underwriters[0]

    bids = tender.bids_of(bidder, [(QUOTE, 29)])
    refuse_bids(tender, bidder, bids, "BidTotalInvalid", bidder, 29, 30, 400)
