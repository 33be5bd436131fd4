"""settle: payment and issue in one act

├── nobody of the batch can be settled -> OfferingNothingToDo
├── bids that are not as they were opened -> BidMismatch
├── the bond is paused -> BondPaused, and no cash moves
├── a winner has no money, or one of his accounts may not hold the bond -> WinnerSkipped
├── the issuer's account cannot receive -> the proceeds go to its standing deposit
└── else -> the deposit of the bid, what stands ready, then the account pays; units to each account
"""

from collections.abc import Callable
from typing import Any

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import FOREVER, HOLDER, MULTIPLE, NON_COMPETITIVE, PRICE, RATE, class_rule, tick_bid
from tests.evm.chain import Actor, actor
from tests.evm.tender import Tender
from tests.evm.world import RICH, World

pytestmark = pytest.mark.unit

PAR = 10_000


@pytest.fixture
def tender(sold: Tender) -> Tender:
    return sold


def money_of(world: World) -> int:
    """All of it: nothing appears, nothing goes."""
    people = {*world.investors, *world.underwriters, world.issuer, world.holder, world.offering.address}
    return sum(world.cash.balanceOf(each) for each in people)


# --- the ordinary case


def test_settle__winners__pay_and_get_their_units_in_one_act(world: World, tender: Tender) -> None:
    first, second, third, _ = world.investors[:4]
    before = money_of(world)

    made = tender.settle(first, second, third)

    settled = [event.arguments for event in made.named("WinnerSettled")]
    assert settled == [
        {
            "offeringId": tender.id,
            "bidder": bidder,
            "units": units,
            "amount": units * PAR,
            "taken": units * PAR - 5_000,
            "balance": 0,
        }
        for bidder, units in ((first, 300), (second, 367), (third, 133))
    ]
    assert made.only("ProceedsPaid") == {
        "offeringId": tender.id,
        "issuerAccount": world.issuer,
        "units": 800,
        "amount": 8_000_000,
        "paid": True,
        "actor": world.outsider,
    }
    bond = tender.bond
    assert [bond.balanceOf(each) for each in world.investors[:4]] == [300, 367, 133, 0]
    assert (bond.totalSupply(), tender.book.issued) == (800, 800)
    assert world.cash.balanceOf(world.issuer) == 8_000_000
    assert world.cash.balanceOf(first) == RICH - 3_000_000
    assert world.cash.balanceOf(world.offering) == 5_000, "of the one who won nothing"
    assert money_of(world) == before
    assert [tender.bid_word(each) for each in (first, second, third)] == [bytes(32)] * 3


def test_settle__in_batches_by_anyone__comes_to_the_same(world: World, tender: Tender) -> None:
    for bidder, sender in zip(world.investors[:3], (world.holder, world.issuer, world.outsider), strict=True):
        made = tender.settle(bidder, sender=sender)
        assert made.only("ProceedsPaid").actor == sender

    assert tender.bond.totalSupply() == tender.book.issued == 800
    assert world.cash.balanceOf(world.issuer) == 8_000_000


def test_settle__twice_or_repeated__settles_once(world: World, tender: Tender) -> None:
    first, second, _ = world.investors[:3]

    made = tender.settle(first, first)
    assert len(made.named("WinnerSettled")) == 1
    with world.refuses("OfferingNothingToDo", tender.id):
        tender.settle(first)
    tender.settle(first, second, first)

    assert (tender.bond.balanceOf(first), tender.bond.totalSupply()) == (300, 667)
    assert tender.book.issued == 667


def test_settle__nobody_who_won__reverts(world: World, tender: Tender) -> None:
    stranger = Record(bidder=world.outsider, bids=tender.bids_of(world.outsider, [(PAR, 10)]))
    for openings in ([], [stranger], tender.openings(world.investors[3])):
        with world.refuses("OfferingNothingToDo", tender.id):
            tender._do("settle", openings)


def test_settle__winner_among_losers_and_strangers__is_settled(world: World, tender: Tender) -> None:
    stranger = Record(bidder=world.outsider, bids=[])

    tender._do("settle", [*tender.openings(world.investors[3], world.investors[2]), stranger])

    assert tender.bond.balanceOf(world.investors[2]) == 133


WRONG: dict[str, Callable[[Tender, list[Record]], list[Record]]] = {
    "more units": lambda _, bids: [bids[0].but(units=bids[0].units + 1), *bids[1:]],
    "a better quote": lambda _, bids: [bids[0].but(quote=bids[0].quote + 10), *bids[1:]],
    "another account": lambda t, bids: [bids[0].but(account=t.world.holder), *bids[1:]],
    "one bid": lambda _, bids: bids[:1],
    "none": lambda *_: [],
    "one more": lambda t, bids: [*bids, tick_bid(10_100, 100, t.world.holder)],
    "of another": lambda t, _: t.bids[t.world.investors[1]],
}


@pytest.mark.parametrize("how", WRONG)
def test_settle__bids_other_than_opened__reverts(world: World, tender: Tender, how: str) -> None:
    """PROPERTIES 13: nobody acts on another's bid with another content."""
    first = world.investors[0]
    wrong = Record(bidder=first, bids=WRONG[how](tender, tender.bids[first]))

    with world.refuses("BidMismatch", tender.id, first):
        tender._do("settle", [wrong])


def test_settle__bid_that_was_never_opened__reverts(world: World) -> None:
    tender = world.open_tender()
    hidden, shown = world.investors[:2]
    tender.bid(hidden, (10_100, 100))
    tender.bid(shown, (PAR, 100))
    tender.close()
    tender.open_bid(shown)
    tender.clear()

    with world.refuses("BidMismatch", tender.id, hidden):
        tender.settle(hidden)


# --- where the money comes from


@pytest.mark.parametrize(
    ("stands", "taken", "left"),
    [(0, 1_325_000, 0), (1, 1_324_999, 0), (1_324_999, 1, 0), (1_325_000, 0, 0), (1_326_000, 0, 1_000)],
)
def test_settle__payment__comes_first_from_the_deposit_then_from_what_stands_ready(
    world: World, tender: Tender, stands: int, taken: int, left: int
) -> None:
    third = world.investors[2]  # 133 units: 1,330,000
    if stands:
        world.offering.fundDeposit(world.cash, stands, sender=third)
    cash = world.cash.balanceOf(third)

    made = tender.settle(third)

    settled = made.only("WinnerSettled")
    assert (settled.amount, settled.taken, settled.balance) == (1_330_000, taken, left)
    assert cash - world.cash.balanceOf(third) == taken
    assert world.offering.depositOf(world.cash, third) == left


@pytest.mark.parametrize("units", [1, 2])
def test_settle__deposit_larger_than_the_price__goes_back_to_what_stands_ready(
    world: World, units: int
) -> None:
    tender, bidder = world.open_tender(deposit=15_000), world.investors[0]
    tender.bid(bidder, (PAR, units))
    tender.finish()

    settled = tender.settle(bidder).only("WinnerSettled")

    assert (settled.taken, settled.balance) == ((0, 5_000) if units == 1 else (5_000, 0))
    assert world.offering.depositOf(world.cash, bidder) == settled.balance


def test_settle__not_enough_money__is_skipped_until_it_is_there(world: World, tender: Tender) -> None:
    first, second, _ = world.investors[:3]
    world.cash.transfer(world.holder, world.cash.balanceOf(second) - 3_664_999, sender=second)

    made = tender.settle(first, second)

    assert made.only("WinnerSkipped") == {
        "offeringId": tender.id,
        "bidder": second,
        "account": "0x" + "00" * 20,
    }
    assert made.only("WinnerSettled").bidder == first
    assert (tender.bond.balanceOf(second), world.cash.balanceOf(second)) == (0, 3_664_999)
    with world.refuses("OfferingNothingToDo", tender.id):
        tender.settle(second)
    world.give_cash(second, 1)
    tender.settle(second)
    assert (tender.bond.balanceOf(second), world.cash.balanceOf(second)) == (367, 0)


def test_settle__skipped_one_with_a_standing_deposit__keeps_it(world: World, tender: Tender) -> None:
    first, second, _ = world.investors[:3]
    world.offering.fundDeposit(world.cash, 700, sender=second)
    world.cash.transfer(world.holder, world.cash.balanceOf(second), sender=second)

    tender.settle(first, second)

    assert world.offering.depositOf(world.cash, second) == 700
    assert tender.bid_word(second) != bytes(32)


# --- the bond, the issuer


def test_settle__bond_paused__reverts_and_no_cash_moves(world: World, tender: Tender) -> None:
    world.pause(tender.bond)
    with world.refuses("BondPaused"):
        tender.settle(*world.investors[:3])

    world.pause(tender.bond, paused=False)
    tender.settle(*world.investors[:3])


def test_settle__issuer_suspended__the_proceeds_wait_in_its_standing_deposit(
    world: World, tender: Tender
) -> None:
    """Winners are not kept waiting by what the issuer has done."""
    world.suspend(world.issuer)

    made = tender.settle(*world.investors[:2])

    assert not made.only("ProceedsPaid").paid
    assert made.only("DepositFunded") == {
        "cash": world.cash.address,
        "account": world.issuer,
        "amount": 6_670_000,
        "balance": 6_670_000,
    }
    assert world.offering.depositOf(world.cash, world.issuer) == 6_670_000
    assert [tender.bond.balanceOf(each) for each in world.investors[:2]] == [300, 367]
    world.reinstate(world.issuer)
    tender.settle(world.investors[2])
    world.offering.withdrawDeposit(world.cash, 6_670_000, sender=world.issuer)
    assert world.cash.balanceOf(world.issuer) == 8_000_000


def test_settle__other_offering_of_the_same_cash__has_no_part_in_it(world: World) -> None:
    """PROPERTIES 18: one address holds the money of many, and keeps it apart."""
    tenders = [world.open_tender() for _ in range(2)]
    bidder, other = world.investors[:2]
    for tender in tenders:
        tender.bid(bidder, (PAR, 100))
        tender.bid(other, (9_000 + 900, 1))
    for act in ("close", "open_all", "clear"):
        for tender in tenders:
            getattr(tender, act)()

    tenders[0].settle(bidder)

    assert world.cash.balanceOf(world.offering) == 3 * 5_000
    assert (tenders[0].bond.balanceOf(bidder), tenders[1].bond.balanceOf(bidder)) == (100, 0)
    assert tenders[1].book.issued == 0
    with world.refuses("BidMismatch", tenders[1].id, bidder):
        tenders[1]._do("settle", [Record(bidder=bidder, bids=tenders[0].bids_of(bidder, [(PAR, 99)]))])


# --- prices


def test_settle__without_a_quote__at_the_price_of_the_issue(world: World) -> None:
    tender = world.open_tender(pricing=MULTIPLE, nonCompetitive=100)
    first, second = world.investors[:2]
    tender.bid(first, (10_010, 300), (9_990, 100))
    tender.bid(second, (NON_COMPETITIVE, 50))
    tender.finish()

    made = tender.settle(first, second)

    # The average: (300 * 10,010 + 100 * 9,990) / 400 = 10,005, half up to the tick 10,010.
    assert [event.amount for event in made.named("WinnerSettled")] == [
        300 * 10_010 + 100 * 9_990,
        50 * 10_010,
    ]


@pytest.mark.parametrize("face", [1, 100, 10**12])
def test_settle__by_rate__the_face_is_par(world: World, face: int) -> None:
    bond = world.register(couponRate=2**32 - 1, faceValue=face)
    tender = world.open_tender(bond, basis=RATE, deposit=0)
    world.cash.setSupplyLimit(10**40, sender=world.operator)
    world.give_cash(world.investors[0], 10**18)
    tender.bid(world.investors[0], (31_000_000, 777))
    tender.finish()

    made = tender.settle(world.investors[0])

    assert made.only("WinnerSettled").amount == 777 * face
    assert tender.bond.terms().couponRate == 31_000_000


def test_allotment_of__before_the_result_and_of_losers__is_nothing(world: World) -> None:
    tender = world.open_tender(basis=PRICE)
    tender.bid(world.investors[0], (PAR, 100))
    assert (tender.won(world.investors[0]), tender.due(world.investors[0])) == ([0], 0)
    tender.close()
    tender.open_all()
    tender.clear()

    assert (tender.won(world.investors[0]), tender.due(world.investors[0])) == ([100], 1_000_000)
    tender.bids[world.investors[1]] = tender.bids_of(world.investors[1], [(9_990, 5)])
    assert (tender.won(world.investors[1]), tender.due(world.investors[1])) == ([0], 0)


def test_settle__holders_number__is_given_once_to_each(world: World) -> None:
    """Units at neighbouring quotes for one account are one entry of the register."""
    tender, bidder = world.open_tender(), world.investors[0]
    client = actor("client")
    world.admit(client)
    low, high = sorted((bidder, client), key=lambda who: int(who, 16))
    tender.bid(bidder, (9_980, 1, low), (9_980, 2, high), (9_990, 4, low), (9_990, 8, high), (PAR, 16, high))
    tender.finish()

    made = tender.settle(bidder)

    moved = [(e.arguments["to"], e.value) for e in made.named("Transfer") if e.address == tender.bond.address]
    assert moved == [(low.lower(), 1), (high.lower(), 2), (low.lower(), 4), (high.lower(), 24)]
    assert tender.bond.book().holders == 2


@pytest.mark.parametrize("who", ["outsider", "bookrunner", "issuer"])
def test_settle__by_anyone__takes_no_more_than_was_bid(world: World, tender: Tender, who: str) -> None:
    """A stranger can have a winner pay what he bid for, in time, and nothing else."""
    first = world.investors[0]

    tender.settle(first, sender=getattr(world, who))

    assert world.cash.balanceOf(first) == RICH - 3_000_000
    assert world.cash.balanceOf(getattr(world, who)) == (3_000_000 if who == "issuer" else 0)


def holder_only(world: World, account: Actor) -> Any:
    return world.registry.setRoles(account, HOLDER, FOREVER, sender=world.registrar)


def test_settle__class_zero_rule__is_not_asked_again(world: World) -> None:
    """Limits of a class are those of bidding: what was won is paid, whoever the bidder is by then."""
    tender = world.open_tender(
        classes=[class_rule(), class_rule(additional=0)], syndicate={world.underwriters[0]: 0}
    )
    tender.bid(world.underwriters[0], (PAR, 100))
    tender.finish()
    holder_only(world, world.underwriters[0])

    tender.settle(world.underwriters[0])

    assert tender.bond.balanceOf(world.underwriters[0]) == 100
