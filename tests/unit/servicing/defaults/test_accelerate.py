"""Holders of the stated share make the bond due at once

├── elected >= share x supply, rounded up: not one unit less
├── not when the default was cured, nor after ninety days, nor twice
├── the term ends today; where the coupon of the running period is recorded, with the next one
├── the schedule is over: no record dates, no calls, no puts, no funding; the books are open
├── it trades flat
└── a payment that was funded before is paid as it was
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import IN_DEFAULT, NO_RIGHTS, WHOLE, call_right, day_of, defaults
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    DUE,
    SPRING,
    balance,
    days_after,
    earned,
    tender_terms,
    with_own_units,
)
from tests.unit.servicing.defaults.stage import TERMS, made_due, noticed, owing
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("share", "needed"),
    [
        (1, 1),
        (6_666_666, 1),
        (6_666_667, 2),
        (WHOLE // 4, 38),
        (253_333_333, 38),
        (253_333_334, 39),
        (WHOLE // 2, 75),
        (WHOLE, 150),
    ],
)
def test_accelerate__share__to_the_unit(world: World, share: int, needed: int) -> None:
    """Of 150 units; a fraction of a unit needs a whole one more."""
    bond = owing(world, terms=defaults(accelerationShare=share))
    number = noticed(world, bond, {})
    elected = needed - 1
    for who, most in ((world.holder, 100), (world.buyer, 50)):
        if units := min(most, elected):
            world.servicing.elect(bond, number, units, sender=who)
        elected -= units
    with world.refuses("ShareNotReached", bond, number, needed - 1, needed):
        world.servicing.accelerate(bond, number, sender=world.outsider)
    last = world.buyer if needed > 100 else world.holder
    world.servicing.elect(bond, number, 1, sender=last)
    world.servicing.accelerate(bond, number, sender=world.outsider)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(share=st.integers(1, WHOLE), units=st.integers(2, 10**12), elected=st.integers(1, 10**12))
def test_accelerate__any_share__is_rounded_up(deployed: World, share: int, units: int, elected: int) -> None:
    with deployed.sandbox():
        world, elected = deployed, min(elected, units - 1)
        bond = owing(
            world,
            {world.holder: elected, world.buyer: units - elected},
            terms=defaults(accelerationShare=share),
            faceValue=100,
            units=10**12,
        )
        number = noticed(world, bond, {world.holder: elected})
        enough = Fraction(elected) >= Fraction(share * units, WHOLE)
        if enough:
            world.servicing.accelerate(bond, number, sender=world.outsider)
        else:
            needed = -(-share * units // WHOLE)
            with world.refuses("ShareNotReached", bond, number, elected, needed):
                world.servicing.accelerate(bond, number, sender=world.outsider)


def test_accelerate__supply_of_the_day__counts(world: World) -> None:
    """What the issuer cancels or redeems lowers what is needed."""
    bond = with_own_units(world, 60, rights=NO_RIGHTS.but(defaults=TERMS))
    number = noticed(world, bond, {world.buyer: 30})
    with world.refuses("ShareNotReached", bond, number, 30, 38):
        world.servicing.accelerate(bond, number, sender=world.outsider)
    world.servicing.cancelUnits(bond, 30, sender=world.issuer)
    world.servicing.accelerate(bond, number, sender=world.outsider)


def test_accelerate__in_the_middle_of_a_period__ends_the_term_today(world: World) -> None:
    bond = owing(world)
    number = noticed(world, bond, {world.holder: 100})
    to(world, date(2020, 4, 20), 11 * 3600)

    made = world.servicing.accelerate(bond, number, sender=world.spender)

    assert made.only("BondMadeDue") == {
        "bond": bond.address,
        "action": number,
        "period": 2,
        "day": day_of(date(2020, 4, 20)),
        "actor": world.spender,
    }
    assert made.only("DefaultEntered").records == 1
    state = world.servicing.stateOf(bond)
    assert (state.duePeriod, state.dueDay, state.recordsAtDue) == (2, day_of(date(2020, 4, 20)), 1)
    book = bond.book()
    assert (book.last, book.records, book.closed, book.announced) == (IN_DEFAULT, 1, False, False)
    assert world.servicing.lastPeriod(bond) == IN_DEFAULT
    assert world.servicing.actionOf(bond, number).isDecided


def test_accelerate__coupon_of_the_period_is_recorded__ends_with_the_next_one(world: World) -> None:
    """It belongs to its record date, or is part of the claim: the claim goes on from its day."""
    bond = owing(world, recordBusinessDays=5)
    number = noticed(world, bond, {world.holder: 100})
    to(world, date(2020, 6, 3))
    made = world.servicing.accelerate(bond, number, sender=world.outsider)
    due = made.only("BondMadeDue")
    assert (due.period, due.day) == (3, day_of(DUE[2]))
    assert made.only("DefaultEntered").records == 2


def test_accelerate__on_a_due_day__has_no_days_of_the_next_period(world: World) -> None:
    bond = owing(world)
    number = noticed(world, bond, {world.holder: 100})
    to(world, DUE[2])
    due = world.servicing.accelerate(bond, number, sender=world.outsider).only("BondMadeDue")
    assert (due.period, due.day) == (3, day_of(DUE[2]))


def test_accelerate__nobody_noticed_the_record_dates__they_are_noticed_first(world: World) -> None:
    bond = owing(world)
    number = noticed(world, bond, {world.holder: 100})
    to(world, days_after(DUE[2], 2))
    made = world.servicing.accelerate(bond, number, sender=world.outsider)
    assert "RecordPassed" in made.names
    assert world.servicing.stateOf(bond).recordsAtDue == 2


def test_accelerate__twice__is_refused(world: World) -> None:
    bond = owing(world)
    number = noticed(world, bond, {world.holder: 100})
    world.servicing.accelerate(bond, number, sender=world.outsider)
    with world.refuses("BondDueAlready", bond):
        world.servicing.accelerate(bond, number, sender=world.outsider)
    with world.refuses("BondDueAlready", bond):
        world.servicing.noticeDefault(bond, bond, 1, 0, sender=world.holder)
    with world.refuses("BondDueAlready", bond):
        world.servicing.declareOverdue(bond, sender=world.holder)


def test_accelerate__another_event__is_refused(world: World) -> None:
    bond = owing(world)
    world.servicing.offerTender(bond, tender_terms(world), sender=world.issuer)
    with world.refuses("ActionUnknown", bond, 1):
        world.servicing.accelerate(bond, 1, sender=world.outsider)
    with world.refuses("ActionUnknown", bond, 2):
        world.servicing.accelerate(bond, 2, sender=world.outsider)


def test_accelerate__cured_before__is_refused(world: World) -> None:
    bond = owing(world)
    number = noticed(world, bond, {world.holder: 100, world.buyer: 50})
    world.servicing.fund(bond, 1, sender=world.paying_agent)
    with world.refuses("DefaultNotFound", bond, bond, 1, 0):
        world.servicing.accelerate(bond, number, sender=world.outsider)
    for who in (world.holder, world.buyer):
        world.servicing.withdraw(bond, number, world.servicing.electedBy(bond, number, who), sender=who)


def test_accelerate__books_are_closed__is_refused(world: World) -> None:
    """The last payment has its own day: it comes, or is overdue."""
    bond = owing(world, periods=2)
    number = noticed(world, bond, {world.holder: 100})
    world.to_record(bond, 2)
    with world.refuses("BondBooksClosed"):
        world.servicing.accelerate(bond, number, sender=world.outsider)


def test_accelerate__paused__is_no_hindrance(world: World) -> None:
    bond = owing(world)
    number = noticed(world, bond, {world.holder: 100})
    world.pause(bond)
    world.servicing.accelerate(bond, number, sender=world.outsider)
    assert bond.book().paused


def test_made_due__a_call_that_was_to_come__is_overtaken(world: World) -> None:
    """The claim is for par, whatever the price of the call."""
    rights = NO_RIGHTS.but(calls=[call_right(date(2020, 8, 14), price=1_100_000_000)])
    bond = owing(world, rights=rights)
    world.servicing.call(bond, day_of(date(2020, 8, 14)), sender=world.issuer)
    made_due(world, bond, date(2020, 4, 20))
    assert world.servicing.stateOf(bond).price == 0
    each = world.servicing.unitPayment(bond, 2)
    assert Fraction(each.principalNumerator, each.principalDenominator) == 10_000


# --- what is over, and what is not


def test_made_due__no_act_of_the_schedule__is_left(world: World) -> None:
    rights = NO_RIGHTS.but(puts=[SPRING], calls=[call_right(date(2020, 8, 14))])
    bond = owing(world, rights=rights)
    made_due(world, bond, date(2020, 4, 2))
    servicing, issuer = world.servicing, world.issuer
    acts: list[Callable[[], object]] = [
        lambda: servicing.openPut(bond, 0, sender=world.holder),
        lambda: servicing.call(bond, day_of(date(2020, 8, 14)), sender=issuer),
        lambda: servicing.offerTender(bond, tender_terms(world), sender=issuer),
        lambda: servicing.cancelUnits(bond, 1, sender=issuer),
        lambda: servicing.fund(bond, 1, sender=world.paying_agent),
        lambda: servicing.extendMaturity(bond, sender=issuer),
    ]
    for act in acts:
        with world.refuses("BondDueAlready", bond):
            act()
    world.evm.warp(instant(date(2022, 1, 10)))
    bond.advance(sender=world.outsider)
    assert bond.book().records == 1, "no record date comes by itself"


def test_made_due__units__trade_flat(world: World) -> None:
    bond = owing(world)
    made_due(world, bond, date(2020, 4, 20))
    bond.transfer(world.spender, 30, sender=world.holder)
    for day in (DUE[1], date(2020, 4, 20), date(2021, 1, 1)):
        assert world.servicing.accruedOf(bond, 100, day_of(day)) == 0
    trade = world.clean_trade(bond, world.holder, world.buyer)
    world.give_cash(world.buyer, trade.cleanAmount)
    before = balance(world, world.holder)
    world.settle_clean(trade, world.holder, world.buyer)
    assert balance(world, world.holder) - before == trade.cleanAmount


def test_made_due__payment_that_was_funded__is_paid_as_it_was(world: World) -> None:
    bond = owing(world)
    world.to_payment(bond, 2)
    world.servicing.fund(bond, 2, sender=world.paying_agent)
    made_due(world, bond, date(2020, 6, 20))
    bond.transfer(world.spender, 100, sender=world.holder)
    before = balance(world, world.holder)
    world.servicing.pay(bond, 2, [world.holder], sender=world.outsider)
    assert balance(world, world.holder) - before == int(100 * earned(DUE[1], DUE[2]))
    world.servicing.claim(bond, 2, sender=world.buyer)
    payment = world.servicing.payment(bond, 2)
    assert payment.unitsPaid == payment.units == 150


def test_made_due__recorded_coupon_that_was_missed__is_no_payment_any_more(world: World) -> None:
    bond = owing(world)
    made_due(world, bond, date(2020, 4, 20))
    with world.refuses("PaymentNotFunded", bond, 1):
        world.servicing.pay(bond, 1, [world.holder], sender=world.outsider)
    with world.refuses("PaymentNotFunded", bond, 1):
        world.servicing.claim(bond, 1, sender=world.holder)
