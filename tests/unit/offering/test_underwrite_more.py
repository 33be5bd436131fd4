"""underwriteMore: units at the issue price, after the result and before anybody pays

├── the caller may not hold the bond -> BidderRefused
├── his bids are not these -> BidMismatch
├── more than his class may add to what he won, or no whole lots -> UnderwritingInvalid
└── else -> told and kept; a later one replaces it; settle takes the money for it
"""

import pytest
from tests.evm.builders import MULTIPLE, PUBLISHED, class_rule
from tests.evm.chain import Actor, actor
from tests.evm.tender import Tender
from tests.evm.world import World

pytestmark = pytest.mark.unit

PAR = 10_000
CLASSES = [class_rule(), class_rule(additional=2_500), class_rule()]


@pytest.fixture
def tender(world: World) -> Tender:
    """Published, in lots of ten: the first underwriter won 400 units, the second 100, the investor 500."""
    first, second, _ = world.underwriters
    bond = world.register(minimumUnits=10)
    made = world.tender(bond, CLASSES, additionalSeconds=900)
    made.mandate()
    made.accept()
    made.form_syndicate({first: 0}, class_=1)
    made.form_syndicate({second: 0}, class_=2)
    made.open()
    made.bid(first, (PAR, 300), (10_010, 100))
    made.bid(second, (PAR, 100))
    made.bid(world.investors[0], (PAR, 500))
    made.finish()
    assert made.book.stage == PUBLISHED
    return made


def test_underwrite_more__up_to_the_share_of_his_class__is_kept(world: World, tender: Tender) -> None:
    first = world.underwriters[0]

    made = tender.underwrite_more(first, 100)

    assert made.only("UnderwritingAdded") == {
        "offeringId": tender.id,
        "bidder": first,
        "units": 100,
        "totalAdditional": 100,
    }
    assert (world.offering.additionalOf(tender.id, first), tender.book.additional) == (100, 100)
    assert tender.due(first) == 500 * PAR


@pytest.mark.parametrize("units", [101, 110, 5, 2**64 - 10])
def test_underwrite_more__too_much_or_no_whole_lots__reverts(
    world: World, tender: Tender, units: int
) -> None:
    with world.refuses("UnderwritingInvalid", units, 100):
        tender.underwrite_more(world.underwriters[0], units)


def test_underwrite_more__again__replaces(world: World, tender: Tender) -> None:
    first = world.underwriters[0]
    for units in (100, 20, 0, 60):
        made = tender.underwrite_more(first, units)
        assert made.only("UnderwritingAdded").totalAdditional == units
    assert (world.offering.additionalOf(tender.id, first), tender.book.additional) == (60, 60)


@pytest.mark.parametrize("who", ["underwriter 1", "investor 0"])
def test_underwrite_more__of_a_class_that_may_not__reverts(world: World, tender: Tender, who: str) -> None:
    bidder = actor(who)

    with world.refuses("UnderwritingInvalid", 10, 0):
        tender.underwrite_more(bidder, 10)
    tender.underwrite_more(bidder, 0)


def test_underwrite_more__with_bids_that_are_not_his__reverts(world: World, tender: Tender) -> None:
    first, second, third = world.underwriters
    larger = tender.bids_of(first, [(PAR, 900), (10_010, 100)])

    for bids in (larger, tender.bids[second], []):
        with world.refuses("BidMismatch", tender.id, first):
            world.offering.underwriteMore(tender.id, bids, 10, sender=first)
    with world.refuses("BidMismatch", tender.id, third):
        world.offering.underwriteMore(tender.id, tender.bids[first], 10, sender=third)


def test_underwrite_more__while_suspended__reverts(world: World, tender: Tender) -> None:
    world.suspend(world.underwriters[0])

    with world.refuses("BidderRefused", world.underwriters[0]):
        tender.underwrite_more(world.underwriters[0], 10)


def test_underwrite_more__where_there_is_no_time_for_it__reverts(world: World) -> None:
    tender = world.open_tender(syndicate={world.underwriters[0]: 0})
    tender.bid(world.underwriters[0], (PAR, 100))
    tender.finish()

    with world.refuses("UnderwritingInvalid", 10, 0):
        tender.underwrite_more(world.underwriters[0], 10)


def test_underwrite_more__share_is_rounded_down_to_lots(world: World) -> None:
    classes = [class_rule(), class_rule(additional=3_333)]
    tender = world.open_tender(
        world.register(minimumUnits=10), classes, {world.underwriters[0]: 0}, additionalSeconds=900
    )
    tender.bid(world.underwriters[0], (PAR, 200))
    tender.finish()

    # 20 lots * 0.3333 = 6.67.
    with world.refuses("UnderwritingInvalid", 70, 60):
        tender.underwrite_more(world.underwriters[0], 70)
    tender.underwrite_more(world.underwriters[0], 60)


# --- payment


def test_settle__with_additional_units__at_the_issue_price(world: World, tender: Tender) -> None:
    first = world.underwriters[0]
    tender.underwrite_more(first, 70)

    made = tender.settle(first)

    assert made.only("WinnerSettled") | {"offeringId": 0} == {
        "offeringId": 0,
        "bidder": first,
        "units": 470,
        "amount": 470 * PAR,
        "taken": 470 * PAR - 5_000,
        "balance": 0,
    }
    assert tender.bond.balanceOf(first) == 470
    assert tender.book.issued == 400, "additional units are no part of the issue that underwriters answer for"
    assert made.only("ProceedsPaid").units == 470


def test_settle__additional_units_of_a_multiple_price_tender__at_the_average(world: World) -> None:
    classes = [class_rule(), class_rule(additional=10_000)]
    tender = world.open_tender(
        classes=classes, syndicate={world.underwriters[0]: 0}, additionalSeconds=900, pricing=MULTIPLE
    )
    tender.bid(world.underwriters[0], (10_050, 300), (9_950, 100))
    tender.finish()
    tender.underwrite_more(world.underwriters[0], 400)

    made = tender.settle(world.underwriters[0])

    # The average: 10,025, half up to the tick 10,030.
    assert made.only("WinnerSettled").amount == 300 * 10_050 + 100 * 9_950 + 400 * 10_030


def test_settle__additional_units_and_a_client__the_bidder_must_hold_too(world: World) -> None:
    """His clients get what they won, he gets what he added: none of it while he may not hold."""
    bidder, client = world.underwriters[0], actor("client")
    world.admit(client)
    classes = [class_rule(), class_rule(additional=5_000)]
    tender = world.open_tender(classes=classes, syndicate={bidder: 0}, additionalSeconds=900)
    tender.bid(bidder, (PAR, 100, client))
    tender.finish()
    tender.underwrite_more(bidder, 50)
    world.offering.fundDeposit(world.cash, 2_000_000, sender=bidder)
    world.suspend(bidder)
    tender.to("settlesFrom")

    with world.refuses("OfferingNothingToDo", tender.id):
        tender.settle(bidder)
    world.reinstate(bidder)
    tender.settle(bidder)

    assert (tender.bond.balanceOf(client), tender.bond.balanceOf(bidder)) == (100, 50)


def test_settle__without_the_money_for_additional_units__nothing_is_issued(
    world: World, tender: Tender
) -> None:
    first: Actor = world.underwriters[0]
    tender.underwrite_more(first, 100)
    world.cash.transfer(world.holder, world.cash.balanceOf(first) - (500 * PAR - 5_001), sender=first)
    tender.to("settlesFrom")

    with world.refuses("OfferingNothingToDo", tender.id):
        tender.settle(first)
    world.give_cash(first, 1)
    tender.settle(first)

    assert tender.bond.balanceOf(first) == 500


def test_lapse__with_additional_units__tells_those_that_were_won(world: World, tender: Tender) -> None:
    """The rest that falls to underwriters is of the issue."""
    first = world.underwriters[0]
    tender.underwrite_more(first, 100)

    made = tender.lapse(first)

    assert made.only("WinnerLapsed").units == 400


def test_underwrite_more__by_all_who_may__never_above_what_the_bond_allows(world: World) -> None:
    classes = [class_rule(), class_rule(additional=10_000)]
    bond = world.register(units=2000)
    people = world.underwriters
    tender = world.open_tender(bond, classes, dict.fromkeys(people, 0), additionalSeconds=900)
    for bidder in people:
        tender.bid(bidder, (PAR, 500))
    tender.finish()
    for bidder in people:
        tender.underwrite_more(bidder, sum(tender.won(bidder)))

    tender.settle(*people)

    assert bond.totalSupply() == 2000
