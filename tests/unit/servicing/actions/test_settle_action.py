"""Giving the money of an event out, in batches

├── any batches, any order, anybody: each holder once, burned with his money, and a residue for the payer
├── who did not elect, or is settled, is passed over; a batch of nobody is refused
├── frozen since he elected -> burned, and all of it kept until nothing of his is frozen
├── cash that cannot reach him -> kept; the others do not wait
├── tax is withheld on interest and penalty, at the class of the day; not on the price
└── units burned were held at record dates before, and their coupons stay theirs
"""

from datetime import date
from fractions import Fraction
from math import ceil

import pytest
from tests.evm.builders import DAY, PERCENT, WHOLE, defaults
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    DUE,
    FACE,
    PAYS,
    accrued,
    balance,
    days_after,
    earned,
    elected,
    fund,
    funded,
    holding_amount,
    late_share,
    puttable,
    settle,
    taxing,
    with_penalty,
)
from tests.unit.servicing.stage import to

pytestmark = pytest.mark.unit

INTEREST, PRINCIPAL = accrued(PAYS), Fraction(101, 100) * FACE


def due(units: int) -> int:
    return holding_amount(units, INTEREST, PRINCIPAL)


def test_settle__in_batches__each_is_paid_once_and_the_residue_goes_back(world: World) -> None:
    people = [world.holder, world.buyer, *world.investors[:4]]
    holdings = dict(zip(people, (7, 11, 13, 17, 19, 23), strict=True))
    bond = puttable(world, holdings)
    number = funded(world, bond, holdings)
    before = [balance(world, who) for who in people]

    first = settle(world, bond, number, people[4], people[1])
    second = settle(world, bond, number, people[1], world.outsider, people[0])
    assert not second.named("ActionCompleted")
    third = settle(world, bond, number, *people)

    gains = [balance(world, who) - had for who, had in zip(people, before, strict=True)]
    assert gains == [due(units) for units in holdings.values()]
    assert first.only("ActionSettled") == {
        "bond": bond.address,
        "action": number,
        "holders": [people[4], people[1]],
        "taken": 30,
        "amount": due(19) + due(11),
        "actor": world.outsider,
    }
    assert (second.only("ActionSettled").taken, third.only("ActionSettled").taken) == (7, 53)
    residue = int(90 * INTEREST) + int(90 * PRINCIPAL) - sum(gains)
    assert third.only("ActionCompleted") == {
        "bond": bond.address,
        "action": number,
        "residue": residue,
        "payer": world.paying_agent,
    }
    assert 0 < residue < 6
    assert world.servicing.keptFor(bond, world.paying_agent) == residue
    assert balance(world, world.servicing.address) == residue
    assert (bond.totalSupply(), world.events_of(bond).boundUnits()) == (0, 0)
    escrow, action = world.servicing.actionPayment(bond, number), world.servicing.actionOf(bond, number)
    assert (escrow.paid, escrow.unitsPaid, action.settled) == (sum(gains), 90, 90)
    assert third.only("BondRedeemed").period == 1


def test_settle__burns_in_the_register(world: World) -> None:
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 60})
    made = settle(world, bond, number, world.holder)
    burned = [event for event in made.named("Transfer") if event.address == bond.address]
    assert [event.arguments for event in burned] == [
        {"from": world.holder, "to": "0x" + "00" * 20, "value": 60}
    ]
    entry = bond.entryOf(world.holder)
    assert (entry.units, entry.pledged, world.servicing.electedBy(bond, number, world.holder)) == (40, 0, 0)
    bond.transfer(world.buyer, 40, sender=world.holder)


@pytest.mark.parametrize("group", [[], ["buyer"], ["outsider", "buyer"]])
def test_settle__nobody_who_elected__is_refused(world: World, group: list[str]) -> None:
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 60})
    with world.refuses("PaymentNothingDue", bond, 0):
        settle(world, bond, number, *(getattr(world, name) for name in group))


def test_settle__same_holder_twice_in_a_batch__is_paid_once(world: World) -> None:
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 60})
    before = balance(world, world.holder)
    settle(world, bond, number, world.holder, world.holder)
    assert balance(world, world.holder) - before == due(60)
    with world.refuses("PaymentNothingDue", bond, 0):
        settle(world, bond, number, world.holder)


@pytest.mark.parametrize("frozen", [1, 100, 2**70])
def test_settle__frozen_since__is_burned_and_all_of_it_kept(world: World, frozen: int) -> None:
    """Nothing that is due to somebody who is frozen leaves his name."""
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 60, world.buyer: 50})
    world.freeze(bond, world.holder, frozen)
    before = balance(world, world.holder), balance(world, world.buyer)

    made = settle(world, bond, number, world.holder, world.buyer)

    assert made.only("AmountKept") == {
        "bond": bond.address,
        "period": 0,
        "holder": world.holder,
        "amount": due(60),
    }
    assert (balance(world, world.holder), balance(world, world.buyer)) == (before[0], before[1] + due(50))
    assert (bond.balanceOf(world.holder), world.servicing.keptFor(bond, world.holder)) == (40, due(60))
    with world.refuses("KeptAmountFrozen", bond, world.holder, min(frozen, 2**64 - 1)):
        world.servicing.collect(bond, world.holder, sender=world.holder)
    world.freeze(bond, world.holder, 0)
    world.servicing.collect(bond, world.holder, sender=world.outsider)
    assert balance(world, world.holder) - before[0] == due(60)


def test_settle__cash_refuses_a_holder__is_kept_and_the_others_are_paid(world: World) -> None:
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 60, world.buyer: 50})
    world.suspend(world.holder)
    before = balance(world, world.buyer)
    settle(world, bond, number, world.holder, world.buyer)
    assert balance(world, world.buyer) - before == due(50)
    assert (world.servicing.keptFor(bond, world.holder), bond.balanceOf(world.holder)) == (due(60), 40)
    world.reinstate(world.holder)
    had = balance(world, world.holder)
    world.servicing.collect(bond, world.holder, sender=world.outsider)
    assert balance(world, world.holder) - had == due(60)


def test_settle__paused_bond__goes_on(world: World) -> None:
    """A pause stops trading; what was paid in is the holders'."""
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 60})
    world.pause(bond)
    settle(world, bond, number, world.holder)
    assert bond.balanceOf(world.holder) == 40


@pytest.mark.parametrize("days", [0, 5])
def test_settle__terms_that_withhold__tax_is_of_interest_and_penalty_alone(world: World, days: int) -> None:
    """The holder is a bank (20 %), the buyer a fund (10 %)."""
    rate = 10 * PERCENT
    bond = puttable(world, defaults=defaults(penaltyRate=rate), provisions=taxing(world))
    number = elected(world, bond, {world.holder: 37, world.buyer: 11})
    to(world, days_after(PAYS, days))
    share = late_share(rate, days)
    people = world.holder, world.buyer, world.cash_issuer
    before = [balance(world, who) for who in people]

    fund(world, bond, number)
    made = settle(world, bond, number, world.holder, world.buyer)

    net, taxes = [], []
    for units, percent in ((37, 20), (11, 10)):
        amount, interest = holding_amount(units, INTEREST, PRINCIPAL), int(units * INTEREST)
        penalty = amount * share // WHOLE
        taxes.append((interest + penalty) * percent // 100)
        net.append(amount + penalty - taxes[-1])
    gains = [balance(world, who) - had for who, had in zip(people, before, strict=True)]
    assert gains == [*net, sum(taxes)]
    assert [event.tax for event in made.named("TaxWithheld")] == taxes
    assert {event.period for event in made.named("TaxWithheld")} == {0}
    assert made.only("ActionSettled").amount == sum(gains)
    assert balance(world, world.servicing.address) == world.servicing.keptFor(bond, world.paying_agent)


def test_settle__tax_account_cannot_be_paid__is_kept_for_it(world: World) -> None:
    bond = puttable(world, provisions=taxing(world))
    number = funded(world, bond, {world.holder: 100})
    world.suspend(world.cash_issuer)
    settle(world, bond, number, world.holder)
    assert world.servicing.keptFor(bond, world.cash_issuer) == int(100 * INTEREST) // 5


def test_settle__frozen_taxed_holder__keeps_the_net_amount(world: World) -> None:
    bond = puttable(world, provisions=taxing(world))
    number = funded(world, bond, {world.holder: 100})
    world.freeze(bond, world.holder, 1)
    settle(world, bond, number, world.holder)
    assert world.servicing.keptFor(bond, world.holder) == due(100) - int(100 * INTEREST) // 5


def test_settle__coupon_recorded_before__stays_the_holders(world: World) -> None:
    """Burned units were his on the record date: the checkpoint says so."""
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 100, world.buyer: 20})
    settle(world, bond, number, world.holder, world.buyer)
    assert [bond.unitsAt(who, 1) for who in (world.holder, world.buyer)] == [100, 50]
    assert bond.supplyAt(1) == 150
    world.to_record(bond, 2)
    assert [bond.unitsAt(who, 2) for who in (world.holder, world.buyer)] == [0, 30]
    assert bond.supplyAt(2) == 30
    before = balance(world, world.holder)
    world.fund(bond, 1)
    world.servicing.pay(bond, 1, [world.holder, world.buyer], sender=world.outsider)
    assert balance(world, world.holder) > before
    payment = world.servicing.payment(bond, 1)
    assert payment.unitsPaid == payment.units == 150


def test_settle__long_after__pays_what_was_paid_in(world: World) -> None:
    """What a unit is paid is a fact from the funding on, until the next record date."""
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 60})
    to(world, date(2020, 6, 3))
    before = balance(world, world.holder)
    settle(world, bond, number, world.holder)
    assert balance(world, world.holder) - before == due(60)


@pytest.mark.parametrize("records", [2, 3])
def test_settle__after_another_record_date__its_coupon_is_taken_off_for_the_payer(
    world: World, records: int
) -> None:
    """Who is still there at the record date has the coupon of the whole quarter from it."""
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 60, world.buyer: 20})
    before = balance(world, world.holder), balance(world, world.buyer)
    settle(world, bond, number, world.buyer)
    world.to_record(bond, records)
    made = settle(world, bond, number, world.holder)
    coupons = sum((earned(DUE[each - 1], DUE[each]) for each in range(2, records + 1)), Fraction(0))
    rebate = ceil(coupons - INTEREST)
    assert balance(world, world.holder) - before[0] == int(60 * (PRINCIPAL - rebate))
    assert balance(world, world.buyer) - before[1] == due(20)
    whole = int(80 * INTEREST) + int(80 * PRINCIPAL)
    residue = whole - due(20) - int(60 * (PRINCIPAL - rebate))
    assert made.only("ActionCompleted").residue == residue
    assert world.servicing.keptFor(bond, world.paying_agent) == residue
    assert [bond.unitsAt(who, 2) for who in (world.holder, world.buyer)] == [100, 30]


def test_settle__whole_supply_is_put__later_payments_are_of_nobody(world: World) -> None:
    """Nothing is owed for a period at whose record date nobody held a unit."""
    bond = puttable(world, defaults=defaults())
    number = funded(world, bond, {world.holder: 100, world.buyer: 50})
    settle(world, bond, number, world.holder, world.buyer)
    assert bond.totalSupply() == 0
    to(world, date(2020, 7, 1))
    status, until = world.servicing.paymentStatus(bond, 2)
    assert (status, until) == (0, 0)
    assert world.evm.now + DAY > 0


def test_settle__weird_penalty__each_holding_is_rounded_on_its_own(world: World) -> None:
    bond = puttable(world, {world.holder: 1, world.buyer: 1}, defaults=defaults(penaltyRate=1))
    number = elected(world, bond, {world.holder: 1, world.buyer: 1})
    to(world, days_after(PAYS, 400))
    before = balance(world, world.holder)
    fund(world, bond, number)
    settle(world, bond, number, world.holder, world.buyer)
    share = late_share(1, 400)
    assert share == 1
    got = balance(world, world.holder) - before
    assert got <= with_penalty(due(1), share)
