"""Bound units that an event does not take are free again

├── a put or a drawing: nobody releases while its money may come; after ten days each holder himself may go
├── an offer lapses ten days after its day: anybody releases, nobody pays any more
├── the books are closed, or the bond is due -> over for all
├── who is released counts no longer: the money is for the others
└── a funded event takes what was elected
"""

from datetime import date

import pytest
from tests.evm.builders import DAY, NO_RIGHTS, WHOLE, call_right, defaults, put_right
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    PAYS,
    acting,
    elected,
    free_units,
    fund,
    funded,
    opened,
    puttable,
    settle,
    tender_terms,
)
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit


def let_go(world: World, bond: Contract, number: int, *holders: str, sender: str | None = None) -> object:
    return world.servicing.release(bond, number, list(holders), sender=sender or world.outsider)


def test_release__put_in_time_or_little_late__is_refused(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 60})
    for time in (instant(date(2020, 4, 11)), instant(PAYS), instant(PAYS) + 10 * DAY - 1):
        world.evm.warp(time)
        with world.refuses("ActionNotOver", bond, number):
            let_go(world, bond, number, world.holder, sender=world.holder)


def test_release__put_ten_days_late__the_holder_himself_may_go(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 60, world.buyer: 20})
    world.evm.warp(instant(PAYS) + 10 * DAY)
    for sender, holders in (
        (world.outsider, [world.holder]),
        (world.issuer, [world.holder]),
        (world.holder, [world.holder, world.buyer]),
        (world.holder, [world.buyer]),
    ):
        with world.refuses("ActionNotOver", bond, number):
            let_go(world, bond, number, *holders, sender=sender)

    made = world.servicing.release(bond, number, [world.holder], sender=world.holder)

    assert made.only("ElectionReleased") == {
        "bond": bond.address,
        "action": number,
        "holder": world.holder,
        "units": 60,
    }
    assert (free_units(bond, world.holder), free_units(bond, world.buyer)) == (100, 30)
    assert world.servicing.actionOf(bond, number).elected == 20
    assert fund(world, bond, number).only("ActionFunded").units == 20
    made = settle(world, bond, number, world.holder, world.buyer)
    assert made.only("ActionCompleted").action == number
    assert bond.balanceOf(world.holder) == 100


def test_release__last_one_goes__nothing_is_left_to_pay(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 60})
    world.evm.warp(instant(PAYS) + 10 * DAY)
    let_go(world, bond, number, world.holder, sender=world.holder)
    with world.refuses("ActionNotPayable", bond, number):
        fund(world, bond, number)


def test_release__funded__is_refused(world: World) -> None:
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 60})
    world.evm.warp(instant(PAYS) + 30 * DAY)
    with world.refuses("ActionNotOver", bond, number):
        let_go(world, bond, number, world.holder, sender=world.holder)


def test_release__tender_not_funded__lapses_after_ten_days(world: World) -> None:
    bond = acting(world)
    world.servicing.offerTender(bond, tender_terms(world), sender=world.issuer)
    for who, units in ((world.holder, 60), (world.buyer, 50)):
        world.servicing.elect(bond, 1, units, sender=who)
    over = world.servicing.actionOf(bond, 1).payTime + 10 * DAY
    world.evm.warp(over - 1)
    with world.refuses("ActionNotOver", bond, 1):
        let_go(world, bond, 1, world.holder, sender=world.holder)
    world.evm.warp(over)
    with world.refuses("ActionNotPayable", bond, 1):
        fund(world, bond, 1)
    made = world.servicing.release(
        bond, 1, [world.buyer, world.spender, world.holder, world.buyer], sender=world.outsider
    )
    assert [(event.holder, event.units) for event in made.named("ElectionReleased")] == [
        (world.buyer, 50),
        (world.holder, 60),
    ]
    assert (free_units(bond, world.holder), world.events_of(bond).boundUnits()) == (100, 0)


def test_release__books_closed_before_the_pay_day__is_over_for_all(world: World) -> None:
    """A call ends the term before the day of the put: who elected is redeemed with the others."""
    put = put_right(date(2020, 4, 1), date(2020, 4, 10), date(2020, 6, 15))
    calls = [call_right(date(2020, 5, 20), price=1_020_000_000)]
    bond = acting(world, rights=NO_RIGHTS.but(puts=[put], calls=calls))
    number = opened(world, bond)
    world.servicing.elect(bond, number, 60, sender=world.holder)
    world.servicing.call(bond, calls[0].firstDay, sender=world.issuer)
    last = bond.book().last
    world.ready(bond, last)
    let_go(world, bond, number, world.holder)
    world.servicing.redeem(bond, [world.holder, world.buyer], sender=world.outsider)
    assert bond.totalSupply() == 0
    with world.refuses("ActionNotPayable", bond, number):
        to(world, date(2020, 6, 15))
        fund(world, bond, number)


def test_redeem__bound_units_that_nobody_released__are_redeemed(world: World) -> None:
    put = put_right(date(2020, 4, 1), date(2020, 4, 10), date(2020, 6, 15))
    calls = [call_right(date(2020, 5, 20))]
    bond = acting(world, rights=NO_RIGHTS.but(puts=[put], calls=calls))
    number = opened(world, bond)
    world.servicing.elect(bond, number, 60, sender=world.holder)
    world.servicing.call(bond, calls[0].firstDay, sender=world.issuer)
    world.ready(bond, bond.book().last)
    before = world.cash.balanceOf(world.holder)
    world.servicing.redeem(bond, [world.holder, world.buyer], sender=world.outsider)
    assert world.cash.balanceOf(world.holder) - before > 100 * 10_000
    assert bond.balanceOf(world.holder) == 0
    let_go(world, bond, number, world.holder)
    assert world.events_of(bond).boundUnits() == 0


def test_release__bond_was_made_due__is_over_for_all(world: World) -> None:
    rights = defaults(accelerationShare=WHOLE // 10)
    bond = puttable(world, defaults=rights)
    to(world, date(2020, 3, 20))
    notice = world.servicing.noticeDefault(bond, bond, 1, 0, sender=world.holder).value
    world.servicing.elect(bond, notice, 50, sender=world.buyer)
    number = elected(world, bond, {world.holder: 60})
    world.servicing.accelerate(bond, notice, sender=world.outsider)
    made = world.servicing.release(bond, number, [world.holder], sender=world.outsider)
    assert made.only("ElectionReleased").units == 60
    let_go(world, bond, notice, world.buyer)
    assert world.events_of(bond).boundUnits() == 0
    to(world, PAYS)
    with world.refuses("ActionNotPayable", bond, number):
        fund(world, bond, number)


def test_release__funded_and_then_closed__payer_gets_his_money_back(world: World) -> None:
    """Who nobody settled is redeemed at the end of the term; nobody is paid twice."""
    bond = puttable(world, periods=2)
    number = funded(world, bond, {world.holder: 60, world.buyer: 20})
    settle(world, bond, number, world.buyer)
    escrow = world.servicing.actionPayment(bond, number)
    world.ready(bond, 2)
    with world.refuses("BondBooksClosed"):
        settle(world, bond, number, world.holder)
    before = world.servicing.keptFor(bond, world.paying_agent)
    made = world.servicing.release(bond, number, [world.holder], sender=world.outsider)
    assert made.only("ActionCompleted").residue == escrow.funded - escrow.paid
    assert world.servicing.keptFor(bond, world.paying_agent) - before == escrow.funded - escrow.paid
    world.servicing.redeem(bond, [world.holder, world.buyer], sender=world.outsider)
    world.servicing.collect(bond, world.paying_agent, sender=world.outsider)
    assert (bond.totalSupply(), world.events_of(bond).boundUnits()) == (0, 0)


def test_settle__bond_made_due_after_the_money_came__is_still_paid(world: World) -> None:
    """What was escrowed before the default is the holders' who put."""
    bond = puttable(world, defaults=defaults(accelerationShare=WHOLE // 10))
    to(world, date(2020, 3, 20))
    notice = world.servicing.noticeDefault(bond, bond, 1, 0, sender=world.holder).value
    world.servicing.elect(bond, notice, 20, sender=world.buyer)
    number = funded(world, bond, {world.holder: 60})
    world.servicing.accelerate(bond, notice, sender=world.outsider)
    before = world.cash.balanceOf(world.holder)
    settle(world, bond, number, world.holder)
    assert world.cash.balanceOf(world.holder) - before == world.servicing.actionPayment(bond, number).paid
    assert bond.balanceOf(world.holder) == 40


@pytest.mark.parametrize("what", ["a coupon", "a recovery"])
def test_settle__made_due_and_recorded_for_something_since__keeps_his_unit(world: World, what: str) -> None:
    """It has its own money from that record date: the price goes back to the payer, the claim stays."""
    bond = puttable(world, defaults=defaults(accelerationShare=WHOLE // 10))
    to(world, date(2020, 3, 20))
    notice = world.servicing.noticeDefault(bond, bond, 1, 0, sender=world.holder).value
    world.servicing.elect(bond, notice, 20, sender=world.buyer)
    number = funded(world, bond, {world.holder: 60, world.buyer: 5})
    if what == "a coupon":
        world.to_record(bond, 2)
    world.servicing.accelerate(bond, notice, sender=world.outsider)
    if what == "a recovery":
        day = (world.evm.now + 8 * 3600) // DAY + 1
        agent = world.paying_agent
        record = world.servicing.fundRecovery(bond, 1_000, day, False, bytes(32), sender=agent).value
        world.evm.warp(bond.paymentDays(record).recordTime)
    before = world.cash.balanceOf(world.holder)
    made = settle(world, bond, number, world.holder, world.buyer)
    assert world.cash.balanceOf(world.holder) == before
    assert (bond.balanceOf(world.holder), free_units(bond, world.holder)) == (100, 100)
    assert made.only("ActionSettled").taken == 0
    assert made.only("ActionCompleted").residue == world.servicing.actionPayment(bond, number).funded
