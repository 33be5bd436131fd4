"""A sinking fund: units drawn at par with a payment, less what the issuer cancelled before

├── announced by anybody, from 60 days before it is due, once a payment
├── what was cancelled counts first; where it is enough, nothing is drawn
├── at par with accrued interest, like any drawing
└── a payment for which the terms have none -> refused
"""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tests.evm.builders import DAY, DRAWING, NO_RIGHTS, WHOLE, day_of, defaults, sinking
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    DUE,
    FACE,
    acting,
    balance,
    days_after,
    drawn,
    earned,
    fund,
    holding_amount,
    settle,
    with_own_units,
)
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit

FUNDS = [sinking(2, 30), sinking(3, 40), sinking(7, 5)]
SATISFIED = 2**16 - 1


def sunk(world: World, **terms: Any) -> Contract:
    return acting(world, rights=NO_RIGHTS.but(sinking=FUNDS, defaults=defaults()), **terms)


def announced(world: World, bond: Contract, period: int) -> int:
    to(world, days_after(DUE[period], -30))
    number: int = world.servicing.drawSinking(bond, period, sender=world.outsider).value
    return number


def test_draw_sinking__anybody__announces_the_drawing(world: World) -> None:
    bond = sunk(world)
    to(world, days_after(DUE[2], -60))
    made = world.servicing.drawSinking(bond, 2, sender=world.outsider)
    action = made.only("ActionOpened").action
    assert (action.kind, action.most, action.price, action.period) == (DRAWING, 30, WHOLE, 2)
    assert (action.payDay, action.payTime) == (day_of(DUE[2]), instant(DUE[2]))
    assert action.opensAt == instant(DUE[2]) - 10 * DAY
    assert world.servicing.sinkingOf(bond, 2) == made.value == 1


def test_draw_sinking__more_than_60_days_before__is_refused_to_the_second(world: World) -> None:
    bond = sunk(world)
    world.evm.warp(instant(DUE[2]) - 60 * DAY - 1)
    with world.refuses("SinkingRefused", bond, 2):
        world.servicing.drawSinking(bond, 2, sender=world.outsider)
    world.evm.warp(instant(DUE[2]) - 60 * DAY)
    world.servicing.drawSinking(bond, 2, sender=world.outsider)


@pytest.mark.parametrize("period", [0, 1, 4, 8, 9, 1_000])
def test_draw_sinking__payment_without_a_fund__is_refused(world: World, period: int) -> None:
    bond = sunk(world)
    to(world, DUE[5])
    with world.refuses("SinkingRefused", bond, period):
        world.servicing.drawSinking(bond, period, sender=world.outsider)


def test_draw_sinking__twice__is_refused(world: World) -> None:
    bond = sunk(world)
    announced(world, bond, 2)
    with world.refuses("SinkingRefused", bond, 2):
        world.servicing.drawSinking(bond, 2, sender=world.outsider)


def test_sinking__life__par_and_interest(world: World) -> None:
    """Due on Saturday 5 September, paid on Monday: no interest for the delay, and the coupon beside it."""
    bond = sunk(world)
    number = announced(world, bond, 3)
    to(world, days_after(DUE[3], -5))
    made = drawn(world, bond, number, world.holder, world.buyer)
    taken = made.only("UnitsDrawn").drawn
    assert sum(taken) == 40
    to(world, days_after(DUE[3], 2))
    before = balance(world, world.holder)
    fund(world, bond, number)
    settle(world, bond, number, world.holder, world.buyer)
    assert balance(world, world.holder) - before == taken[0] * FACE
    assert [bond.unitsAt(who, 3) for who in (world.holder, world.buyer)] == [100, 50]
    assert bond.totalSupply() == 110


def test_sinking__drawn_and_paid_before_the_record_date__bears_the_whole_coupon(world: World) -> None:
    bond = sunk(world, recordBusinessDays=0)
    number = announced(world, bond, 2)
    to(world, days_after(DUE[2], -5))
    drawn(world, bond, number, world.holder, world.buyer)
    to(world, DUE[2])
    taken = world.servicing.electedBy(bond, number, world.holder)
    before = balance(world, world.holder)
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    coupon = earned(DUE[1], DUE[2])
    assert balance(world, world.holder) - before == holding_amount(taken, coupon, Fraction(FACE))
    world.to_record(bond, 2)
    assert bond.unitsAt(world.holder, 2) == 100 - taken


def test_draw_sinking__after_the_day__is_late_and_not_lost(world: World) -> None:
    """Nobody called it in time: the fund is drawn all the same."""
    bond = sunk(world)
    to(world, days_after(DUE[2], 20))
    number = world.servicing.drawSinking(bond, 2, sender=world.holder).value
    drawn(world, bond, number, world.holder, world.buyer)
    assert fund(world, bond, number).only("ActionFunded").units == 30


# --- what the issuer bought back


def owned(world: World, units: int = 60) -> Contract:
    return with_own_units(world, units, rights=NO_RIGHTS.but(sinking=FUNDS, defaults=defaults()))


def test_cancel__own_units__are_burned_and_count(world: World) -> None:
    bond = owned(world)
    made = world.servicing.cancelUnits(bond, 25, sender=world.issuer)
    assert made.only("UnitsCancelled") == {
        "bond": bond.address,
        "holder": world.issuer,
        "units": 25,
        "credit": 25,
    }
    assert (bond.balanceOf(world.issuer), bond.totalSupply()) == (35, 125)
    assert (world.events_of(bond).boundUnits(), bond.entryOf(world.issuer).pledged) == (0, 0)
    assert world.servicing.cancelUnits(bond, 35, sender=world.issuer).only("UnitsCancelled").credit == 60
    assert world.servicing.sinkingCredit(bond) == 60


@pytest.mark.parametrize("who", ["holder", "statutory", "paying_agent"])
def test_cancel__anybody_else__is_refused(world: World, who: str) -> None:
    bond = owned(world)
    sender = getattr(world, who)
    with world.refuses("ServicingCallerRefused", bond, sender):
        world.servicing.cancelUnits(bond, 1, sender=sender)


def test_cancel__zero_units__is_refused(world: World) -> None:
    bond = owned(world)
    with world.refuses("PartialCallRefused", bond, 0, 0):
        world.servicing.cancelUnits(bond, 0, sender=world.issuer)


@pytest.mark.parametrize(("frozen", "free"), [(0, 60), (20, 40), (100, 0)])
def test_cancel__more_than_is_free__is_refused(world: World, frozen: int, free: int) -> None:
    bond = owned(world)
    if frozen:
        world.freeze(bond, world.issuer, frozen)
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.issuer, free + 1, free):
        world.servicing.cancelUnits(bond, free + 1, sender=world.issuer)


def test_cancel__recorded_units__their_coupon_stays_the_issuers(world: World) -> None:
    bond = owned(world)
    world.to_record(bond, 1)
    world.servicing.cancelUnits(bond, 60, sender=world.issuer)
    assert (bond.unitsAt(world.issuer, 1), bond.supplyAt(1), bond.totalSupply()) == (60, 150, 90)


def test_draw_sinking__enough_was_cancelled__nothing_is_drawn(world: World) -> None:
    bond = owned(world)
    world.servicing.cancelUnits(bond, 31, sender=world.issuer)
    to(world, days_after(DUE[2], -30))
    made = world.servicing.drawSinking(bond, 2, sender=world.outsider)
    assert made.only("SinkingSatisfied") == {"bond": bond.address, "period": 2, "units": 30}
    assert (made.value, world.servicing.sinkingOf(bond, 2)) == (0, SATISFIED)
    assert world.servicing.actionCount(bond) == 0
    assert world.servicing.sinkingCredit(bond) == 1
    with world.refuses("SinkingRefused", bond, 2):
        world.servicing.drawSinking(bond, 2, sender=world.outsider)


def test_draw_sinking__some_was_cancelled__the_rest_is_drawn(world: World) -> None:
    bond = owned(world)
    world.servicing.cancelUnits(bond, 60, sender=world.issuer)
    to(world, days_after(DUE[2], -30))
    world.servicing.drawSinking(bond, 2, sender=world.outsider)
    assert world.servicing.sinkingCredit(bond) == 30
    number = announced(world, bond, 3)
    assert (world.servicing.actionOf(bond, number).most, world.servicing.sinkingCredit(bond)) == (10, 0)


def test_draw_sinking__more_than_is_left__draws_all(world: World) -> None:
    bond = acting(world, {world.holder: 20}, rights=NO_RIGHTS.but(sinking=FUNDS))
    number = announced(world, bond, 2)
    to(world, days_after(DUE[2], -5))
    drawn(world, bond, number, world.holder)
    to(world, DUE[2])
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    assert bond.totalSupply() == 0


def test_sinking__unfunded_after_its_grace__is_a_default(world: World) -> None:
    bond = sunk(world)
    number = announced(world, bond, 2)
    to(world, days_after(DUE[2], -5))
    drawn(world, bond, number, world.holder, world.buyer)
    world.ready(bond, 1)
    world.ready(bond, 2)
    missed = instant(DUE[2]) + 6 * DAY
    world.evm.warp(missed - 1)
    with world.refuses("DefaultNotFound", bond, bond, 0, number):
        world.servicing.noticeDefault(bond, bond, 0, number, sender=world.holder)
    world.evm.warp(missed)
    world.servicing.noticeDefault(bond, bond, 0, number, sender=world.holder)


def test_sinking__satisfied__is_no_default(world: World) -> None:
    bond = owned(world)
    world.servicing.cancelUnits(bond, 31, sender=world.issuer)
    to(world, days_after(DUE[2], -30))
    world.servicing.drawSinking(bond, 2, sender=world.outsider)
    world.evm.warp(instant(date(2020, 7, 1)))
    with world.refuses("ActionUnknown", bond, SATISFIED):
        world.servicing.noticeDefault(bond, bond, 0, SATISFIED, sender=world.holder)
