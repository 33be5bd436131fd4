"""placeBid, withdrawBid in an OPEN book: what is in the clear is counted at once, and comes out again whole

├── what is replaced or withdrawn is not what was placed -> BidMismatch
├── nothing to withdraw -> BidUnknown
└── else -> the levels hold the last bids of each bidder
"""

from collections import Counter
from random import Random

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import NON_COMPETITIVE, OPEN, PRICE, RATE
from tests.evm.chain import actor
from tests.evm.signing import opened_word
from tests.evm.tender import Tender
from tests.evm.world import World

pytestmark = pytest.mark.unit

QUOTE = 10_000


@pytest.fixture
def tender(world: World) -> Tender:
    return world.open_tender(form=OPEN, nonCompetitive=300)


def assert_counted(tender: Tender) -> None:
    """The book holds just the bids that are standing."""
    units, unquoted, weighted = Counter[int](), 0, 0
    for bids in tender.bids.values():
        for bid in bids:
            if bid.quote == NON_COMPETITIVE:
                unquoted += bid.units
            else:
                units[tender.level_of(bid.quote)] += bid.units
                weighted += tender.level_of(bid.quote) * bid.units
    book = tender.book
    found = {level: tender.world.offering.unitsAt(tender.id, level) for level in range(book.levels)}
    assert found == {level: units[level] for level in range(book.levels)}
    assert (book.bidUnits, book.nonCompetitiveBid, book.weighted) == (units.total(), unquoted, weighted)
    assert book.bidders == len(tender.bids)


def test_place__first__counts_at_once_and_holds_the_deposit(world: World, tender: Tender) -> None:
    bidder = world.investors[0]

    made = tender.bid(bidder, (9_990, 100), (QUOTE, 30), (NON_COMPETITIVE, 20))

    assert made.only("BidsOpened") == {
        "offeringId": tender.id,
        "bidder": bidder,
        "bids": tender.bids[bidder],
        "actor": bidder,
    }
    assert made.only("DepositHeld") == {
        "offeringId": tender.id,
        "account": bidder,
        "taken": 5_000,
        "balance": 0,
    }
    assert tender.bid_word(bidder) == opened_word(tender.bids[bidder])
    assert_counted(tender)


def test_place__again__replaces_and_holds_nothing_more(world: World, tender: Tender) -> None:
    bidder = world.investors[0]
    tender.bid(bidder, (9_990, 100), (QUOTE, 30))

    made = tender.bid(bidder, (QUOTE, 7), (10_010, 1))

    assert made.names == ["BidsOpened"]
    assert world.cash.balanceOf(world.offering) == 5_000
    assert_counted(tender)


def test_withdraw__placed_bids__leave_nothing_behind(world: World, tender: Tender) -> None:
    bidder = world.investors[0]
    tender.bid(bidder, (9_990, 100), (QUOTE, 30), (NON_COMPETITIVE, 20))

    made = tender.withdraw(bidder)

    assert [event.name for event in made.events] == ["BidWithdrawn", "DepositReleased"]
    assert world.offering.depositOf(world.cash, bidder) == 5_000
    assert tender.bid_word(bidder) == bytes(32)
    assert_counted(tender)
    assert tender.book.bidUnits == 0


def test_place__other_previous_bids_than_there_are__reverts(world: World, tender: Tender) -> None:
    """Nobody takes out of the levels what he did not put into them."""
    first, second = world.investors[:2]
    tender.bid(first, (QUOTE, 100))
    tender.bid(second, (QUOTE, 100))
    theirs = tender.bids[second]
    more, new = tender.bids_of(first, [(QUOTE, 101)]), tender.bids_of(first, [(QUOTE, 5)])

    for wrong in (more, theirs, [], tender.bids[first] * 2):
        with world.refuses("BidMismatch", tender.id, first):
            tender.place(first, new, wrong)
        with world.refuses("BidMismatch", tender.id, first):
            world.offering.withdrawBid(tender.id, wrong, sender=first)
    with world.refuses("BidMismatch", tender.id, world.investors[2]):
        tender.place(world.investors[2], tender.bids_of(world.investors[2], [(QUOTE, 5)]), theirs)
    assert_counted(tender)


def test_withdraw__nothing_placed__reverts(world: World, tender: Tender) -> None:
    tender.bid(world.investors[0], (QUOTE, 100))

    for stranger in (world.investors[1], world.outsider):
        with world.refuses("BidUnknown", tender.id, stranger):
            world.offering.withdrawBid(tender.id, [], sender=stranger)
    tender.withdraw(world.investors[0])
    with world.refuses("BidUnknown", tender.id, world.investors[0]):
        world.offering.withdrawBid(tender.id, [], sender=world.investors[0])


def test_place__without_the_money__reverts_and_counts_nothing(world: World, tender: Tender) -> None:
    poor = actor("poor bidder")
    world.admit(poor)

    with world.refuses("DepositTooSmall", poor, 5_000):
        tender.bid(poor, (QUOTE, 100))
    assert_counted(tender)


def test_place__while_suspended__only_withdrawing_is_left(world: World, tender: Tender) -> None:
    bidder = world.investors[0]
    tender.bid(bidder, (QUOTE, 100))
    world.suspend(bidder)

    with world.refuses("BidderRefused", bidder):
        tender.place(bidder, tender.bids_of(bidder, [(QUOTE, 1)]))
    tender.withdraw(bidder)

    assert world.offering.depositOf(world.cash, bidder) == 5_000
    assert_counted(tender)


@pytest.mark.parametrize("basis", [PRICE, RATE])
@pytest.mark.parametrize("seed", range(4))
def test_book__any_placing_replacing_and_withdrawing__holds_what_stands(
    world: World, basis: int, seed: int
) -> None:
    tender = world.open_tender(form=OPEN, basis=basis, nonCompetitive=300)
    dice = Random(seed)
    for _ in range(40):
        bidder = dice.choice(world.investors)
        if bidder in tender.bids and dice.random() < 0.3:
            tender.withdraw(bidder)
            continue
        quotes = dice.sample([tender.quote_of(level) for level in range(21)], dice.randint(1, 8))
        bids = [(quote, dice.randint(1, 100)) for quote in quotes]
        if dice.random() < 0.4:
            bids.append((NON_COMPETITIVE, dice.randint(1, 100)))
        tender.bid(bidder, *bids)
    assert_counted(tender)

    for who in list(tender.bids):
        tender.withdraw(who)

    assert_counted(tender)
    book = tender.book
    assert (book.bidUnits, book.nonCompetitiveBid, book.weighted, book.bidders) == (0, 0, 0, 0)
    standing = sum(world.offering.depositOf(world.cash, who) for who in world.investors)
    assert standing == world.cash.balanceOf(world.offering)


def test_open__placed_bids__cannot_be_opened_again(world: World, tender: Tender) -> None:
    """An OPEN book is never in time for `openBid`: it ends when it is closed."""
    bidder = world.investors[0]
    tender.bid(bidder, (QUOTE, 100))
    tender.close()

    with world.refuses("OfferingTooLate", tender.id, tender.conditions.closesAt - 1, world.evm.now):
        tender.open_bid(bidder)


def test_forfeit__placed_bids__have_no_seal(world: World, tender: Tender) -> None:
    bidder = world.investors[0]
    tender.bid(bidder, (QUOTE, 100))
    tender.close()
    word = tender.bid_word(bidder)

    for commitment in (word, bytes(32)):
        with world.refuses("BidMismatch", tender.id, bidder):
            tender._do("forfeit", [Record(bidder=bidder, commitment=commitment, ciphertextHash=bytes(32))])
