"""takeUp, takeUpOf, discharge: the rest, in two rounds, by commitments

takeUp
├── nobody of the batch has a part now, the money, and the right to hold -> OfferingNothingToDo
├── some have not -> WinnerSkipped
├── up to settlesBy -> the part of what the clearing left
└── after it -> the part of what was not paid, at most what is left of the commitment
discharge
├── no deposit is held, or no more -> passed over; nothing at all -> OfferingNothingToDo
├── took up both parts, had none, may not hold, nobody could be issued to, or the offering is over -> returned
└── else -> lost to the issuer
"""

from itertools import accumulate, pairwise
from random import Random
from typing import Any

import pytest
from tests.evm.builders import BANK, HOLDER, RATE, UNDERWRITER, year_bits
from tests.evm.chain import actor, refused
from tests.evm.tender import Tender
from tests.evm.world import World

pytestmark = pytest.mark.unit

PAR = 10_000


def published(world: World, commitments: dict[str, int], sold: int = 600, **changes: Any) -> Tender:
    """A thousand units, of which these were sold in two halves, and the syndicate's commitments."""
    tender = world.open_tender(syndicate=commitments, **changes)
    tender.bid(world.investors[0], (PAR, sold // 2))
    tender.bid(world.investors[1], (PAR, sold - sold // 2))
    tender.finish()
    return tender


def parts_of(tender: Tender) -> list[tuple[int, int]]:
    return [tender.world.offering.takeUpOf(tender.id, each) for each in tender.world.underwriters]


# --- the first round


def test_take_up__parts__by_commitments_on_running_sums(world: World) -> None:
    first, second, third = world.underwriters
    tender = published(world, {first: 100, second: 200, third: 233})

    assert tender.book.takeUp == 400
    # 400 of 533: up to 75.05, 225.14, 400.
    assert parts_of(tender) == [(75, 0), (150, 0), (175, 0)]
    made = tender.take_up(first, third)

    assert [event.arguments for event in made.named("RestTakenUp")] == [
        {
            "offeringId": tender.id,
            "underwriter": who,
            "units": units,
            "amount": units * PAR,
            "taken": units * PAR,
            "balance": 0,
            "later": False,
        }
        for who, units in ((first, 75), (third, 175))
    ]
    assert made.only("ProceedsPaid").units == 250
    assert [tender.bond.balanceOf(each) for each in world.underwriters] == [75, 0, 175]
    assert (tender.book.issued, tender.book.issuedLater) == (250, 0)
    assert world.cash.balanceOf(world.offering) == 5 * 5_000, "deposits wait for the second round"


def test_take_up__in_lots__parts_are_whole_ones(world: World) -> None:
    first, second, third = world.underwriters
    bond = world.register(minimumUnits=100)
    tender = world.open_tender(bond, syndicate={first: 300, second: 300, third: 300})
    tender.bid(world.investors[0], (PAR, 500))
    tender.finish()

    # 5 lots for three of 3: up to 1.67, 3.33, 5.
    assert parts_of(tender) == [(100, 0), (200, 0), (200, 0)]


def test_take_up__twice_or_repeated__once(world: World) -> None:
    first = world.underwriters[0]
    tender = published(world, {first: 400})

    tender.take_up(first, first)

    assert tender.bond.balanceOf(first) == 400
    with world.refuses("OfferingNothingToDo", tender.id):
        tender.take_up(first)


def test_take_up__who_has_no_part__reverts(world: World) -> None:
    first, second, third = world.underwriters
    tender = world.tender()
    tender.mandate()
    tender.accept()
    tender.form_syndicate({first: 400, second: 0})
    tender.invite(third, 1, 300)
    tender.open()
    tender.bid(world.investors[0], (PAR, 600))
    tender.finish()
    tender.to("settlesFrom")

    for people in ([], [second], [third], [world.outsider], [world.investors[0]]):
        with world.refuses("OfferingNothingToDo", tender.id):
            tender._do("takeUp", people)
    assert parts_of(tender) == [(400, 0), (0, 0), (0, 0)]


def test_take_up__fully_sold_issue__leaves_nothing(world: World) -> None:
    tender = published(world, {world.underwriters[0]: 400}, sold=1000)
    tender.to("settlesFrom")

    assert parts_of(tender)[0] == (0, 0)
    with world.refuses("OfferingNothingToDo", tender.id):
        tender._do("takeUp", [world.underwriters[0]])


def test_take_up__not_enough_money_or_suspended__is_skipped(world: World) -> None:
    first, second, third = world.underwriters
    tender = published(world, {first: 100, second: 100, third: 100})
    world.suspend(first)
    world.cash.transfer(world.holder, world.cash.balanceOf(second) - 999_999, sender=second)

    made = tender.take_up(first, second, third)

    where = {"offeringId": tender.id}
    assert [event.arguments for event in made.named("WinnerSkipped")] == [
        where | {"bidder": first, "account": first},
        where | {"bidder": second, "account": "0x" + "00" * 20},
    ]
    assert [tender.bond.balanceOf(each) for each in world.underwriters] == [0, 0, 100]
    world.reinstate(first)
    world.give_cash(second, 1)
    tender.take_up(first, second)
    assert [tender.bond.balanceOf(each) for each in world.underwriters] == [100, 100, 100]


def test_take_up__the_deposit__does_not_pay(world: World) -> None:
    """It is held for the second round, too: an underwriter pays with what stands ready, and his account."""
    first = world.underwriters[0]
    tender = published(world, {first: 100})
    world.offering.fundDeposit(world.cash, 300_000, sender=first)

    taken = tender.take_up(first).only("RestTakenUp")

    assert (taken.amount, taken.taken, taken.balance) == (1_000_000, 700_000, 0)
    assert world.offering.underwriterOf(tender.id, first).deposit


# --- the second round


def test_take_up__later__what_was_not_paid_by_what_is_left_of_commitments(world: World) -> None:
    first, second, third = world.underwriters
    tender = published(world, {first: 300, second: 200, third: 100})
    # The clearing left 400 of 600: 200, 133, 67. The second investor does not pay for his 300.
    assert parts_of(tender) == [(200, 0), (133, 0), (67, 0)]
    tender.settle(world.investors[0])
    tender.take_up(first, second, third)
    tender.to("settlesBy", plus=1)

    # 300 are unpaid, 200 are left of the commitments: 100, 66, 34; the third has only 33 left.
    assert parts_of(tender) == [(200, 100), (133, 66), (67, 33)]
    made = tender.take_up(first, second, third)

    assert [(event.units, event.later) for event in made.named("RestTakenUp")] == [
        (100, True),
        (66, True),
        (33, True),
    ]
    assert [tender.bond.balanceOf(each) for each in world.underwriters] == [300, 199, 100]
    assert (tender.book.issued, tender.book.issuedLater) == (700, 199)
    assert tender.bond.totalSupply() == 899, "what is beyond all commitments is not issued"
    with world.refuses("OfferingNothingToDo", tender.id):
        tender.take_up(first, second, third)


def test_take_up__later__by_who_did_not_take_up_his_first_part__has_his_second(world: World) -> None:
    """His first part is unpaid then, and falls to all."""
    first, second, _ = world.underwriters
    tender = published(world, {first: 300, second: 300})
    tender.settle(*world.investors[:2])
    tender.take_up(first)
    tender.to("settlesBy", plus=1)

    # 200 were not taken up; 200 are left of the commitments.
    assert parts_of(tender)[:2] == [(200, 100), (200, 100)]
    tender.take_up(first, second)

    assert [tender.bond.balanceOf(each) for each in (first, second)] == [300, 100]
    assert tender.bond.totalSupply() == 1000


def test_take_up__later_in_batches__adds_up(world: World) -> None:
    tender = published(world, dict.fromkeys(world.underwriters, 300))
    tender.to("settlesBy", plus=1)
    # Nobody paid for anything: of 1000 units, 500 are left of the commitments.
    assert [second for _, second in parts_of(tender)] == [166, 167, 166]

    for who in world.underwriters:
        tender.take_up(who)

    assert (tender.book.issued, tender.book.issuedLater) == (0, 499)
    assert tender.bond.totalSupply() == 499


def test_take_up__last_second_of_the_first_round__is_not_later(world: World) -> None:
    first = world.underwriters[0]
    tender = published(world, {first: 500})
    tender.to("settlesBy")

    assert not tender.take_up(first).only("RestTakenUp").later
    tender.to("settlesBy", plus=1)
    assert parts_of(tender)[0] == (400, 100)
    assert tender.take_up(first).only("RestTakenUp").later


@pytest.mark.parametrize("seed", range(12))
def test_take_up__any_syndicate_and_any_defaults__issues_no_more_than_there_is(
    world: World, seed: int
) -> None:
    dice = Random(seed)
    lot = dice.choice((1, 1, 10))
    people = [actor(f"member {number}") for number in range(dice.randint(1, 8))]
    for account in people:
        world.admit(account, BANK, HOLDER | UNDERWRITER)
        world.give_cash(account, 10**9)
    commitments: dict[str, int] = {account: lot * dice.randint(0, 60) for account in people}
    tender = world.open_tender(world.register(minimumUnits=lot), syndicate=commitments)
    for bidder in world.investors[:4]:
        tender.bid(bidder, (PAR, lot * dice.randint(1, 30)))
    tender.finish()
    book, total = tender.book, sum(commitments.values())
    rest = 1000 - book.competitive
    assert book.takeUp == min(rest, total)
    sums = [0, *accumulate(commitments.values())]
    expected = [
        (book.takeUp // lot * end // total - book.takeUp // lot * start // total) * lot if total else 0
        for start, end in pairwise(sums)
    ]
    firsts = [world.offering.takeUpOf(tender.id, who)[0] for who in people]
    assert (firsts, sum(firsts)) == (expected, book.takeUp)

    tender.settle(*dice.sample(world.investors[:4], 2))
    eager = [who for who in people if dice.random() < 0.6]
    refused(lambda: tender.take_up(*eager))
    tender.to("settlesBy", plus=1)
    unpaid = book.competitive + book.takeUp - tender.book.issued
    seconds = [world.offering.takeUpOf(tender.id, who)[1] for who in people]
    assert sum(seconds) <= min(unpaid, total - book.takeUp)
    for who, first, second in zip(people, firsts, seconds, strict=True):
        assert first + second <= commitments[who]
        assert second % lot == 0
    refused(lambda: tender.take_up(*people))

    assert tender.bond.totalSupply() == tender.book.issued + sum(seconds) <= 1000
    assert tender.book.issuedLater == sum(seconds)


# --- discharge


def discharged(tender: Tender, *who: str) -> dict[str, int]:
    """What stands ready for each, and for the issuer, after all were discharged."""
    tender.to("takesUpBy", plus=1)
    tender.discharge(*(who or tender.world.underwriters))
    accounts = [*tender.world.underwriters, tender.world.issuer]
    return {each.role: tender.world.offering.depositOf(tender.world.cash, each) for each in accounts}


def test_discharge__who_took_up_all_or_had_nothing__gets_it_back(world: World) -> None:
    first, second, third = world.underwriters
    tender = published(world, {first: 100, second: 0, third: 300})
    tender.settle(*world.investors[:2])
    tender.take_up(first, third)

    assert discharged(tender) == {
        "underwriter 0": 5_000,
        "underwriter 1": 5_000,
        "underwriter 2": 5_000,
        "issuer": 0,
    }


def test_discharge__who_did_not_take_up__loses_it_to_the_issuer(world: World) -> None:
    first, second, third = world.underwriters
    tender = published(world, {first: 100, second: 100, third: 200})
    tender.settle(*world.investors[:2])
    tender.take_up(first)
    tender.to("takesUpBy", plus=1)

    made = tender.discharge(first, second)

    assert [event.arguments for event in made.named("UnderwriterDischarged")] == [
        {"offeringId": tender.id, "underwriter": first},
        {"offeringId": tender.id, "underwriter": second},
    ]
    assert made.only("DepositReleased").account == first
    assert made.only("DepositForfeited") == {"offeringId": tender.id, "account": second, "amount": 5_000}
    assert discharged(tender, third) == {
        "underwriter 0": 5_000,
        "underwriter 1": 0,
        "underwriter 2": 0,
        "issuer": 10_000,
    }
    with world.refuses("OfferingNothingToDo", tender.id):
        tender.discharge(*world.underwriters)


def test_discharge__who_took_up_the_first_part_and_not_the_second__loses_it(world: World) -> None:
    first, second, _ = world.underwriters
    tender = published(world, {first: 300, second: 300})
    tender.settle(world.investors[0])
    tender.take_up(first, second)
    tender.to("settlesBy", plus=1)
    tender.take_up(second)

    assert discharged(tender, first, second) == {
        "underwriter 0": 0,
        "underwriter 1": 5_000,
        "underwriter 2": 0,
        "issuer": 5_000,
    }


def test_discharge__no_second_round__asks_for_no_second_part(world: World) -> None:
    """Where all windows end at once, nobody could take up what was not paid."""
    first = world.underwriters[0]
    start = world.evm.now
    tender = published(world, {first: 500}, settlesBy=start + 30_000, takesUpBy=start + 30_000)
    tender.take_up(first)
    tender.to("settlesBy", plus=1)

    assert parts_of(tender)[0] == (400, 0)
    assert discharged(tender, first)["underwriter 0"] == 5_000


def test_discharge__who_may_not_hold__keeps_it(world: World) -> None:
    tender = published(world, {world.underwriters[0]: 400})
    tender.to("takesUpBy", plus=1)
    world.suspend(world.underwriters[0])

    assert discharged(tender, world.underwriters[0])["underwriter 0"] == 5_000


def test_discharge__bond_paused__nobody_loses_anything(world: World) -> None:
    tender = published(world, {world.underwriters[0]: 400})
    world.pause(tender.bond)

    assert discharged(tender, world.underwriters[0])["underwriter 0"] == 5_000


def test_discharge__strangers_and_repeated__nothing_to_do(world: World) -> None:
    tender = published(world, {world.underwriters[0]: 0})
    tender.to("takesUpBy", plus=1)

    for people in ([], [world.outsider], [world.underwriters[1]]):
        with world.refuses("OfferingNothingToDo", tender.id):
            tender._do("discharge", people)
    made = tender.discharge(world.underwriters[0], world.underwriters[0], world.outsider)
    assert len(made.named("DepositReleased")) == 1


def test_discharge__without_a_deposit__there_is_nothing_to_return(world: World) -> None:
    tender = published(world, {world.underwriters[0]: 400}, deposit=0)
    tender.to("takesUpBy", plus=1)

    with world.refuses("OfferingNothingToDo", tender.id):
        tender.discharge(world.underwriters[0])


def test_take_up__by_rate__at_par_whatever_was_quoted(world: World) -> None:
    tender = world.open_tender(basis=RATE, pricing=1, syndicate={world.underwriters[0]: 1000})
    tender.bid(world.investors[0], (31_000_000, 300), (33_000_000, 300))
    tender.finish()

    assert tender.take_up(world.underwriters[0]).only("RestTakenUp").amount == 400 * PAR


def test_discharge__calendar_that_was_not_published__nobody_could_be_issued_to(world: World) -> None:
    """A bond that waits for the business days of a year issues nothing: that is nobody's default here."""
    bond = world.register(calendar=b"XX-YY".ljust(8, b"\0"), periods=4, monthsPerPeriod=12)
    world.publish(2019, year_bits(2019), b"XX-YY".ljust(8, b"\0"))
    start = world.evm.now
    late = start + 345 * 86_400  # within 30 days before the first coupon is due
    tender = world.open_tender(
        bond,
        syndicate={world.underwriters[0]: 400},
        settlesFrom=late,
        settlesBy=late + 60,
        takesUpBy=late + 90,
    )
    tender.bid(world.investors[0], (PAR, 600))
    tender.finish()
    tender.to("settlesFrom")
    assert refused(lambda: tender.settle(world.investors[0])) == "CalendarYearNotPublished"
    tender.to("takesUpBy", plus=1)

    made = tender.lapse(world.investors[0])
    tender.discharge(world.underwriters[0])

    assert made.only("DepositReleased").amount == 5_000
    assert world.offering.depositOf(world.cash, world.issuer) == 0
    assert world.offering.depositOf(world.cash, world.underwriters[0]) == 5_000
