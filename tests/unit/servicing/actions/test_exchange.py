"""An exchange: old units burned and new ones issued in one act, cash and accrued interest beside

├── into a bond of the same account and currency, another one, whose coupon is known
├── elections are multiples of the old units
├── who may not hold the new bond, or for whom there are no units left, keeps the old ones; the rest goes on
├── books of the new bond that are closed, noticed by anybody or not: the old ones are kept
├── a pause of the new bond passes: until then nobody is settled
└── a recorded coupon is taken off the cash; below zero is refused
"""

from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import (
    COMPANY,
    DAY,
    EXCHANGE,
    FUND,
    ISSUER,
    NO_PROVISIONS,
    NO_RIGHTS,
    TO_BE_FIXED,
    day_of,
)
from tests.evm.chain import Contract, actor
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    DUE,
    acting,
    balance,
    earned,
    exchange_terms,
    free_units,
    fund,
    holding_amount,
    settle,
)
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit

OPENED, SETTLED = date(2020, 4, 1), date(2020, 4, 15)
NOBODY = "0x" + "00" * 20


def young(world: World, **changes: Any) -> Contract:
    """A bond of the issuer that nobody holds yet, from April 2020 on."""
    return world.register(issueDay=day_of(SETTLED), **changes)


def spring(world: World, target: Contract, **changes: Any) -> Record:
    given = {"opensAt": instant(OPENED), "closesAt": instant(date(2020, 4, 11)), "payDay": day_of(SETTLED)}
    return exchange_terms(world, target, **(given | changes))


def offered(world: World, bond: Contract, target: Contract, elections: dict[Any, int], **changes: Any) -> int:
    """An exchange that is over; the day of its settlement has come, and the money."""
    offer = spring(world, target, **changes)
    number: int = world.servicing.offerExchange(bond, offer, sender=world.issuer).value
    to(world, OPENED)
    for who, units in elections.items():
        world.servicing.elect(bond, number, units, sender=who)
    to(world, SETTLED)
    return number


def test_offer_exchange__issuer__says_its_terms(world: World) -> None:
    bond, target = acting(world), young(world)
    offer = spring(world, target)
    action = world.servicing.offerExchange(bond, offer, sender=world.issuer).only("ActionOpened").action
    assert (action.kind, action.withdrawable, action.amount) == (EXCHANGE, True, 50)
    assert (action.newUnits, action.oldUnits, action.target) == (3, 2, target.address)
    assert (action.payDay, action.payTime) == (offer.payDay, instant(SETTLED))
    assert (action.price, action.most) == (0, 0)


@pytest.mark.parametrize("who", ["holder", "statutory", "paying_agent"])
def test_offer_exchange__anybody_else__is_refused(world: World, who: str) -> None:
    bond, target = acting(world), young(world)
    sender = getattr(world, who)
    with world.refuses("ServicingCallerRefused", bond, sender):
        world.servicing.offerExchange(bond, spring(world, target), sender=sender)


def test_offer_exchange__no_bond__is_refused(world: World) -> None:
    bond = acting(world)
    with world.refuses("ServicingBondUnknown", world.cash):
        world.servicing.offerExchange(bond, spring(world, world.cash), sender=world.issuer)


def test_offer_exchange__new_bond_does_not_fit__is_refused(world: World) -> None:
    """The same bond, another currency, a coupon that is still to be fixed, another issuer."""
    bond = acting(world)
    foreign = young(world, currency=world.deploy("WeirdCash", 6).address)
    other = actor("another issuer")
    world.admit(other, COMPANY, ISSUER)
    terms = world.terms(issueDay=day_of(SETTLED), issuer=world.leis[other], issuerAccount=other)
    address = world.factory.register(terms, NO_PROVISIONS, NO_RIGHTS, sender=other).value
    theirs = world.evm.at(address, "Bond")
    for target in (bond, foreign, young(world, couponRate=TO_BE_FIXED), theirs):
        with world.refuses("ActionTermInvalid", b"newBond".ljust(32, b"\0")):
            world.servicing.offerExchange(bond, spring(world, target), sender=world.issuer)


@pytest.mark.parametrize("field", ["newUnits", "oldUnits"])
def test_offer_exchange__no_units__is_refused(world: World, field: str) -> None:
    bond, target = acting(world), young(world)
    with world.refuses("ActionTermInvalid", b"newUnits".ljust(32, b"\0")):
        world.servicing.offerExchange(bond, spring(world, target, **{field: 0}), sender=world.issuer)


def test_exchange__settled__old_units_are_burned_and_new_ones_issued_in_one_act(world: World) -> None:
    bond, target = acting(world), young(world)
    number = offered(world, bond, target, {world.holder: 38, world.buyer: 10})
    before = balance(world, world.holder), balance(world, world.buyer)

    made = fund(world, bond, number).only("ActionFunded")
    settled = settle(world, bond, number, world.holder, world.buyer)

    interest = earned(DUE[1], SETTLED)
    assert (made.units, made.principal, made.interest) == (48, 48 * 50, int(48 * interest))
    gains = [balance(world, who) - had for who, had in zip((world.holder, world.buyer), before, strict=True)]
    assert gains == [holding_amount(units, interest, Fraction(50)) for units in (38, 10)]
    moves = [
        (event.address, event.arguments["from"], event.to, event.value)
        for event in settled.named("Transfer")
        if event.address in (bond.address, target.address)
    ]
    assert moves == [
        (bond.address, world.holder, NOBODY, 38),
        (target.address, NOBODY, world.holder, 57),
        (bond.address, world.buyer, NOBODY, 10),
        (target.address, NOBODY, world.buyer, 15),
    ]
    assert (bond.totalSupply(), target.totalSupply()) == (102, 72)
    assert settled.only("ActionCompleted").residue < 4


@pytest.mark.parametrize("who", ["holder", "statutory", "outsider", "bookrunner"])
def test_exchange__money_of_a_stranger__is_refused(world: World, who: str) -> None:
    """New units are the issuer's to give: nobody buys them for the holders."""
    bond, target = acting(world), young(world)
    number = offered(world, bond, target, {world.holder: 38})
    sender = getattr(world, who)
    with world.refuses("ServicingCallerRefused", bond, sender):
        world.servicing.fundAction(bond, number, sender=sender)
    world.give_cash(world.issuer)
    world.servicing.fundAction(bond, number, sender=world.issuer)


@pytest.mark.parametrize("units", [1, 3, 99])
def test_exchange__no_multiple__is_refused(world: World, units: int) -> None:
    bond, target = acting(world), young(world)
    world.servicing.offerExchange(bond, spring(world, target), sender=world.issuer)
    to(world, OPENED)
    with world.refuses("ElectionRefused", bond, 1, world.holder, units):
        world.servicing.elect(bond, 1, units, sender=world.holder)
    world.servicing.elect(bond, 1, 10, sender=world.holder)
    with world.refuses("ElectionNotWithdrawable", bond, 1, world.holder, 10):
        world.servicing.withdraw(bond, 1, 1, sender=world.holder)
    world.servicing.withdraw(bond, 1, 4, sender=world.holder)
    assert world.servicing.electedBy(bond, 1, world.holder) == 6


def test_exchange__without_cash_on_a_due_day__takes_no_money(world: World) -> None:
    """Units for units: nothing to escrow, nothing left."""
    bond, target = acting(world), young(world)
    number = offered(world, bond, target, {world.holder: 100}, amount=0, payDay=day_of(DUE[2]))
    to(world, DUE[2])
    made = fund(world, bond, number)
    assert not [event for event in made.named("Transfer") if event.address == world.cash.address]
    settle(world, bond, number, world.holder)
    assert (bond.balanceOf(world.holder), target.balanceOf(world.holder)) == (0, 150)


def test_exchange__holder_may_not_hold_the_new_bond__keeps_the_old_one(world: World) -> None:
    """Only funds may hold it; the holder is a bank. His cash goes back to the payer."""
    bond, target = acting(world), young(world, eligible=1 << FUND)
    number = offered(world, bond, target, {world.holder: 60, world.buyer: 50})
    before = balance(world, world.holder)
    fund(world, bond, number)
    made = settle(world, bond, number, world.holder, world.buyer)
    assert (bond.balanceOf(world.holder), free_units(bond, world.holder)) == (100, 100)
    assert balance(world, world.holder) == before
    assert (bond.balanceOf(world.buyer), target.balanceOf(world.buyer)) == (0, 75)
    assert made.only("ActionSettled").taken == 50
    assert made.only("ActionCompleted").residue >= 60 * 50


def test_exchange__suspended_holder__keeps_the_old_one(world: World) -> None:
    bond, target = acting(world), young(world)
    number = offered(world, bond, target, {world.holder: 60, world.buyer: 50})
    fund(world, bond, number)
    world.suspend(world.holder)
    settle(world, bond, number, world.holder, world.buyer)
    assert (bond.balanceOf(world.holder), target.balanceOf(world.holder)) == (100, 0)
    assert target.balanceOf(world.buyer) == 75


def test_exchange__below_the_minimum_of_the_new_bond__keeps_the_old_one(world: World) -> None:
    bond, target = acting(world), young(world, minimumUnits=50)
    number = offered(world, bond, target, {world.holder: 60, world.buyer: 20})
    fund(world, bond, number)
    settle(world, bond, number, world.holder, world.buyer)
    assert (bond.balanceOf(world.buyer), target.balanceOf(world.buyer)) == (50, 0)
    assert target.balanceOf(world.holder) == 90


def test_exchange__authorised_units_are_used_up__who_comes_late_keeps_the_old_one(world: World) -> None:
    bond, target = acting(world), young(world, units=100)
    number = offered(world, bond, target, {world.holder: 60, world.buyer: 20})
    fund(world, bond, number)
    settle(world, bond, number, world.holder, world.buyer)
    assert (target.balanceOf(world.holder), target.balanceOf(world.buyer)) == (90, 0)
    assert (bond.balanceOf(world.holder), bond.balanceOf(world.buyer)) == (40, 50)
    assert world.events_of(bond).boundUnits() == 0


def test_exchange__new_bond_is_paused__waits(world: World) -> None:
    bond, target = acting(world), young(world)
    number = offered(world, bond, target, {world.holder: 60})
    fund(world, bond, number)
    world.pause(target)
    with world.refuses("BondPaused"):
        settle(world, bond, number, world.holder)
    world.pause(target, paused=False)
    settle(world, bond, number, world.holder)
    assert target.balanceOf(world.holder) == 90


def test_exchange__books_of_the_new_bond_are_closed__keeps_the_old_one(world: World) -> None:
    bond = acting(world)
    target = world.bond({world.investors[0]: 10}, issueDay=day_of(DUE[0]), periods=1, monthsPerPeriod=5)
    number = offered(world, bond, target, {world.holder: 60})
    fund(world, bond, number)
    world.to_record(target, 1)
    assert target.book().closed
    settle(world, bond, number, world.holder)
    assert free_units(bond, world.holder) == 100


def test_exchange__nobody_noticed_that_the_books_closed__keeps_the_old_one(world: World) -> None:
    """Before, the whole batch was refused until somebody advanced the new bond."""
    bond = acting(world)
    target = world.bond({world.investors[0]: 10}, issueDay=day_of(DUE[0]), periods=1, monthsPerPeriod=5)
    number = offered(world, bond, target, {world.holder: 60, world.buyer: 20})
    fund(world, bond, number)
    to(world, date(2020, 5, 6))
    assert not target.book().closed
    made = settle(world, bond, number, world.holder, world.buyer)
    assert (free_units(bond, world.holder), free_units(bond, world.buyer)) == (100, 50)
    assert made.only("ActionSettled").taken == 0
    assert made.only("ActionCompleted").residue > 80 * 50


def test_exchange__new_bond_was_never_issued_and_is_over__keeps_the_old_one(world: World) -> None:
    """Nobody can advance it, as nothing is noticed before the first issue: the units were bound for good."""
    bond = acting(world)
    target = world.register(issueDay=day_of(DUE[0]), periods=1, monthsPerPeriod=5)
    number = offered(world, bond, target, {world.holder: 60})
    fund(world, bond, number)
    to(world, date(2020, 5, 6))
    target.advance(sender=world.outsider)
    assert not target.book().closed
    settle(world, bond, number, world.holder)
    assert free_units(bond, world.holder) == 100


def test_exchange__new_bond_has_a_record_date_that_nobody_noticed__is_issued_after_it(world: World) -> None:
    bond = acting(world)
    target = world.bond({world.investors[0]: 10}, issueDay=day_of(DUE[0]), monthsPerPeriod=5)
    number = offered(world, bond, target, {world.holder: 60})
    fund(world, bond, number)
    to(world, date(2020, 5, 6))
    settle(world, bond, number, world.holder)
    assert (target.balanceOf(world.holder), target.unitsAt(world.holder, 1)) == (90, 0)
    assert bond.balanceOf(world.holder) == 40


def test_exchange__frozen_since__gets_the_new_units_and_his_cash_is_kept(world: World) -> None:
    bond, target = acting(world), young(world)
    number = offered(world, bond, target, {world.holder: 60})
    fund(world, bond, number)
    world.freeze(bond, world.holder, 100)
    settle(world, bond, number, world.holder)
    assert (bond.balanceOf(world.holder), target.balanceOf(world.holder)) == (40, 90)
    assert world.servicing.keptFor(bond, world.holder) == holding_amount(
        60, earned(DUE[1], SETTLED), Fraction(50)
    )


def test_exchange__coupon_is_recorded__is_taken_off_the_cash(world: World) -> None:
    bond, target = acting(world, recordBusinessDays=2), young(world)
    day = date(2020, 6, 4)
    number = offered(world, bond, target, {world.holder: 100}, payDay=day_of(day))
    to(world, day)
    before = balance(world, world.holder)
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    rebate = ceil(earned(DUE[1], DUE[2]) - earned(DUE[1], day))
    assert balance(world, world.holder) - before == 100 * (50 - rebate)


def test_exchange__coupon_is_recorded_and_no_cash__is_refused_and_lapses(world: World) -> None:
    bond, target = acting(world, recordBusinessDays=2), young(world)
    day = date(2020, 6, 4)
    number = offered(world, bond, target, {world.holder: 100}, payDay=day_of(day), amount=0)
    to(world, day)
    with world.refuses("ActionTermInvalid", b"amount".ljust(32, b"\0")):
        fund(world, bond, number)
    world.evm.warp(world.servicing.actionOf(bond, number).payTime + 10 * DAY)
    world.servicing.release(bond, number, [world.holder], sender=world.outsider)
    assert free_units(bond, world.holder) == 100


def test_exchange__into_a_bond_that_others_hold__adds_to_it(world: World) -> None:
    """Who holds the new bond already has it all in one entry, and one number."""
    bond = acting(world)
    target = world.bond({world.holder: 10, world.investors[0]: 5})
    number = offered(world, bond, target, {world.holder: 60})
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    assert (target.balanceOf(world.holder), target.totalSupply()) == (100, 105)
    world.ready(target, 1)
    world.servicing.pay(target, 1, [world.holder, world.investors[0]], sender=world.outsider)
    payment = world.servicing.payment(target, 1)
    assert payment.unitsPaid == payment.units == 105
