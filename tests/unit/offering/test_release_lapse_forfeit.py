"""release, lapse, forfeit: what becomes of the deposit of a bid that is not paid for

release   nothing was won, or the offering is over -> returned
lapse     won and not paid by settlesBy -> lost; but who may not hold, or could not be issued to, keeps it
forfeit   sealed and not opened by revealsBy -> lost; where the offering was cancelled, returned
"""

from contextlib import suppress

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import CANCELLED, CLEARED, ENCRYPTED, FAILED, OPEN, PUBLISHED, SEALED
from tests.evm.chain import Halted, Reverted, actor
from tests.evm.tender import Tender
from tests.evm.world import World
from tests.unit.offering.stages import REASON

pytestmark = pytest.mark.unit

PAR = 10_000


def stands(world: World, account: str) -> int:
    return int(world.offering.depositOf(world.cash, account))


@pytest.fixture
def tender(world: World) -> Tender:
    """Published: the first two won 600 and 400, the third nothing; the fourth never opened his bid."""
    made = world.open_tender()
    first, second, third, fourth = world.investors[:4]
    made.bid(first, (10_010, 600))
    made.bid(second, (PAR, 400))
    made.bid(third, (9_990, 50))
    made.bid(fourth, (10_100, 1000))
    made.close()
    for bidder in (first, second, third):
        made.open_bid(bidder)
    made.clear()
    assert made.book.stage == PUBLISHED
    return made


# --- release


def test_release__who_won_nothing__at_once_and_by_anyone(world: World, tender: Tender) -> None:
    third = world.investors[2]

    made = tender.release(third)

    assert made.only("BidEnded") == {"offeringId": tender.id, "bidder": third}
    assert made.only("DepositReleased") == {
        "offeringId": tender.id,
        "account": third,
        "amount": 5_000,
        "balance": 5_000,
    }
    assert tender.bid_word(third) == bytes(32)
    with world.refuses("OfferingNothingToDo", tender.id):
        tender.release(third)


def test_release__winners__are_passed_over(world: World, tender: Tender) -> None:
    """A winner cannot slip away with his deposit."""
    first, second, third, _ = world.investors[:4]
    with world.refuses("OfferingNothingToDo", tender.id):
        tender.release(first, second)

    tender.release(first, third, second)

    assert [stands(world, each) for each in (first, second, third)] == [0, 0, 5_000]
    tender.settle(first, second)


def test_release__bid_that_was_not_opened__reverts(world: World, tender: Tender) -> None:
    with world.refuses("BidMismatch", tender.id, world.investors[3]):
        tender.release(world.investors[3])


def test_release__winner_shown_with_other_bids__reverts(world: World, tender: Tender) -> None:
    """Bids that would have won nothing are not the ones that he opened."""
    first = world.investors[0]
    loser = Record(bidder=first, bids=tender.bids_of(first, [(9_900, 600)]))

    with world.refuses("BidMismatch", tender.id, first):
        tender._do("release", [loser])


def test_release__rounded_down_to_nothing__has_won_nothing(world: World) -> None:
    tender = world.open_tender(offered=10)
    for bidder, units in zip(world.investors, (10, 10, 1), strict=False):
        tender.bid(bidder, (PAR, units))
    tender.finish()
    # 4.76 twice and 0.48: the two odd lots go to the larger remainders.
    assert [tender.won(each) for each in world.investors[:3]] == [[5], [5], [0]]

    tender.release(world.investors[2])

    assert stands(world, world.investors[2]) == 5_000


@pytest.mark.parametrize("form", [OPEN, SEALED])
def test_release__failed_offering__everybody_who_showed_his_bid(world: World, form: int) -> None:
    tender = world.open_tender(form=form, minimumVolume=1000)
    for bidder in world.investors[:3]:
        tender.bid(bidder, (PAR, 300))
    tender.close()
    tender.open_all()
    tender.clear()
    assert tender.book.stage == FAILED

    tender.release(*world.investors[:3])

    assert [stands(world, each) for each in world.investors[:3]] == [5_000] * 3


def test_release__cancelled_open_book__everybody(world: World) -> None:
    tender = world.open_tender(form=OPEN)
    tender.bid(world.investors[0], (PAR, 300))
    world.offering.cancel(tender.id, REASON, sender=world.issuer)

    tender.release(world.investors[0])

    assert stands(world, world.investors[0]) == 5_000


def test_release__without_a_deposit__ends_the_bid_and_says_so(world: World) -> None:
    tender = world.open_tender(deposit=0)
    tender.bid(world.investors[0], (PAR, 1000))
    tender.bid(world.investors[1], (9_990, 10))
    tender.finish()

    made = tender.release(world.investors[1])

    assert made.names == ["BidEnded"]
    assert tender.bid_word(world.investors[1]) == bytes(32)


# --- lapse


def test_lapse__winner_who_did_not_pay__loses_his_deposit_to_the_issuer(world: World, tender: Tender) -> None:
    first, second, *_ = world.investors
    tender.settle(first)

    made = tender.lapse(second)

    assert made.only("WinnerLapsed") == {"offeringId": tender.id, "bidder": second, "units": 400}
    assert made.only("DepositForfeited") == {"offeringId": tender.id, "account": second, "amount": 5_000}
    assert made.only("DepositFunded") == {
        "cash": world.cash.address,
        "account": world.issuer,
        "amount": 5_000,
        "balance": 5_000,
    }
    assert (stands(world, second), stands(world, world.issuer)) == (0, 5_000)
    world.offering.withdrawDeposit(world.cash, 5_000, sender=world.issuer)


def test_lapse__paid_lost_or_gone__nothing_to_do(world: World, tender: Tender) -> None:
    first, second, third, _ = world.investors[:4]
    tender.settle(first)
    tender.lapse(second)

    for bidder in (first, second, third):
        with world.refuses("OfferingNothingToDo", tender.id):
            tender.lapse(bidder)
    with world.refuses("OfferingNothingToDo", tender.id):
        tender._do("lapse", [])


def test_lapse__winner_who_may_not_hold__loses_his_units_and_keeps_his_deposit(
    world: World, tender: Tender
) -> None:
    first, second, *_ = world.investors
    world.suspend(first)
    tender.to("settlesBy", plus=1)

    made = tender.lapse(first, second)

    assert [event.bidder for event in made.named("WinnerLapsed")] == [first, second]
    assert made.only("DepositReleased").account == first
    assert made.only("DepositForfeited").account == second
    assert (stands(world, first), stands(world, world.issuer)) == (5_000, 5_000)


def test_lapse__only_his_client_may_not_hold__he_answers_for_him(world: World) -> None:
    tender, bidder, client = world.open_tender(), world.investors[0], actor("client")
    world.admit(client)
    tender.bid(bidder, (PAR, 10, client), (9_990, 10))
    tender.finish()
    world.suspend(client)

    tender.lapse(bidder)

    assert stands(world, world.issuer) == 5_000


def test_lapse__bond_paused__everybody_keeps_his_deposit(world: World, tender: Tender) -> None:
    world.pause(tender.bond)

    made = tender.lapse(*world.investors[:2])

    assert len(made.named("DepositReleased")) == len(made.named("WinnerLapsed")) == 2
    assert stands(world, world.issuer) == 0


@pytest.mark.parametrize("months", [0, 30])
def test_lapse__by_a_caller_with_little_gas__does_not_look_like_a_stopped_bond(
    world: World, months: int
) -> None:
    """A defaulter cannot starve the question whether the bond could issue, and keep his deposit.

    Record dates that nobody noticed for years make it a long answer.
    """
    bond = world.register(periods=60, monthsPerPeriod=1)
    tender = world.open_tender(bond)
    tender.bid(world.investors[0], (PAR, 600))
    tender.finish()
    tender.to("settlesBy", plus=1 + months * 30 * 86_400)
    data = world.offering.raw("lapse", tender.id, tender.openings(world.investors[0]))
    done = 0
    for gas in range(40_000, 6_000_000 if months else 2_000_000, 36_000 if months else 3_000):
        with world.sandbox():
            with suppress(Halted, Reverted):
                world.evm.send(world.investors[0], world.offering.address, data, gas=gas)
                done += 1
            assert stands(world, world.investors[0]) == 0, f"kept his deposit with {gas} gas"
            assert stands(world, world.issuer) in (0, 5_000)
    assert done > 10


def test_lapse__bid_that_was_not_opened__reverts(world: World, tender: Tender) -> None:
    with world.refuses("BidMismatch", tender.id, world.investors[3]):
        tender.lapse(world.investors[3])


def test_settle__after_the_lapse__is_too_late_and_before_it_lapse_is_too_early(
    world: World, tender: Tender
) -> None:
    """PROPERTIES 18: at every second at most one of payment and loss succeeds."""
    first, second, *_ = world.investors
    last = tender.conditions.settlesBy
    world.evm.warp(last)
    with world.refuses("OfferingTooEarly", tender.id, last + 1, last):
        tender._do("lapse", tender.openings(first))
    tender.settle(first)

    world.evm.warp(last + 1)
    with world.refuses("OfferingTooLate", tender.id, last, last + 1):
        tender.settle(second)
    tender.lapse(second)


# --- forfeit


def test_forfeit__bid_that_nobody_opened__loses_its_deposit(world: World, tender: Tender) -> None:
    fourth = world.investors[3]

    made = tender.forfeit(fourth)

    assert made.only("BidEnded") == {"offeringId": tender.id, "bidder": fourth}
    assert made.only("DepositForfeited") == {"offeringId": tender.id, "account": fourth, "amount": 5_000}
    assert (tender.bid_word(fourth), stands(world, world.issuer)) == (bytes(32), 5_000)
    with world.refuses("OfferingNothingToDo", tender.id):
        tender.forfeit(fourth)


def test_forfeit__bid_that_was_opened__reverts(world: World, tender: Tender) -> None:
    """Nobody can make an opened bid look like an unopened one."""
    for bidder in world.investors[:3]:
        with world.refuses("BidMismatch", tender.id, bidder):
            tender.forfeit(bidder)
        opened = Record(bidder=bidder, commitment=tender.bid_word(bidder), ciphertextHash=bytes(32))
        with world.refuses("BidMismatch", tender.id, bidder):
            tender._do("forfeit", [opened])


@pytest.mark.parametrize("change", ["commitment", "ciphertextHash"])
def test_forfeit__another_seal_than_there_is__reverts(world: World, tender: Tender, change: str) -> None:
    seal = tender.seal_of(world.investors[3])

    with world.refuses("BidMismatch", tender.id, seal.bidder):
        tender._do("forfeit", [seal.but(**{change: b"\x01" * 32})])
    with world.refuses("BidMismatch", tender.id, world.investors[0]):
        tender._do("forfeit", [seal.but(bidder=world.investors[0])])


def test_forfeit__bids_that_have_ended__are_passed_over(world: World) -> None:
    """Nobody can hold up a batch by forfeiting one of its bids alone before it."""
    tender = world.open_tender()
    for bidder in world.investors[:3]:
        tender.bid(bidder, (PAR, 100))
    tender.close()
    tender.to("revealsBy")
    tender.forfeit(world.investors[1])
    stranger = tender.seal_of(world.investors[0]).but(bidder=world.outsider)

    made = tender._do("forfeit", [*(tender.seal_of(each) for each in world.investors[:3]), stranger])

    assert [event.bidder for event in made.named("BidEnded")] == [world.investors[0], world.investors[2]]
    assert stands(world, world.issuer) == 15_000
    for nothing in ([], [stranger]):
        with world.refuses("OfferingNothingToDo", tender.id):
            tender._do("forfeit", nothing)


def test_forfeit__one_wrong_seal_of_many__reverts_all(world: World, tender: Tender) -> None:
    good, bad = tender.seal_of(world.investors[3]), tender.seal_of(world.investors[0])

    with world.refuses("BidMismatch", tender.id, world.investors[0]):
        tender._do("forfeit", [good, bad])
    tender._do("forfeit", [good])


@pytest.mark.parametrize("form", [SEALED, ENCRYPTED])
def test_forfeit__cancelled_offering__gives_everything_back_at_once(world: World, form: int) -> None:
    tender = world.open_tender(form=form)
    for bidder in world.investors[:3]:
        tender.bid(bidder, (PAR, 300))
    world.offering.cancel(tender.id, REASON, sender=world.issuer)

    made = tender.forfeit(*world.investors[:3])

    assert len(made.named("DepositReleased")) == len(made.named("BidEnded")) == 3
    assert [stands(world, each) for each in world.investors[:3]] == [5_000] * 3
    assert tender.book.stage == CANCELLED


def test_forfeit__failed_offering__whoever_did_not_open_loses(world: World) -> None:
    tender = world.open_tender(minimumVolume=1000)
    tender.bid(world.investors[0], (PAR, 300))
    tender.bid(world.investors[1], (PAR, 1000))
    tender.close()
    tender.open_bid(world.investors[0])
    tender.clear()
    assert tender.book.stage == FAILED

    tender.forfeit(world.investors[1])
    tender.release(world.investors[0])

    assert [stands(world, each) for each in (*world.investors[:2], world.issuer)] == [5_000, 0, 5_000]


def test_forfeit__while_shares_are_proved__is_in_time(world: World) -> None:
    tender = world.open_tender()
    for bidder in world.investors[:3]:
        tender.bid(bidder, (PAR, 700))
    tender.close()
    for bidder in world.investors[:2]:
        tender.open_bid(bidder)
    tender.clear()
    assert tender.book.stage == CLEARED

    tender.forfeit(world.investors[2])

    assert stands(world, world.issuer) == 5_000


def test_forfeit__suspended_bidder__loses_all_the_same(world: World, tender: Tender) -> None:
    """To open a bid takes no right to hold: nobody was kept from it."""
    world.suspend(world.investors[3])

    tender.forfeit(world.investors[3])

    assert stands(world, world.issuer) == 5_000


def test_forfeit__without_a_deposit__ends_the_bid_and_says_so(world: World) -> None:
    tender = world.open_tender(deposit=0)
    tender.bid(world.investors[0], (PAR, 10))
    tender.close()
    tender.to("revealsBy")

    assert tender.forfeit(world.investors[0]).names == ["BidEnded"]
    assert tender.bid_word(world.investors[0]) == bytes(32)
