"""A stated event opens a put: by the issuer, or by who has the power

├── the window is the notice of the right, from the second it is declared to the end of the last day
├── paid a week after it, rolled to a business day; elections may be taken back
├── an event that the terms do not state, or that is a right of the issuer -> refused
└── anybody else -> refused
"""

from datetime import date
from fractions import Fraction

import pytest
from tests.evm.builders import DAY, NO_RIGHTS, PUT, code, day_of, event_right
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    DOCUMENT,
    DUE,
    FACE,
    acting,
    balance,
    days_after,
    earned,
    fund,
    holding_amount,
    settle,
)
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit

CONTROL = event_right("CONTROL", byHolders=True, noticeDays=20, price=1_005_000_000)
TAX = event_right("TAXLAW")
DECLARED = date(2020, 3, 25)
LAST = days_after(DECLARED, 20)
PAID = days_after(DECLARED, 27)  # a Tuesday


def stated(world: World) -> Contract:
    return acting(world, rights=NO_RIGHTS.but(events=[TAX, CONTROL]))


@pytest.mark.parametrize("who", ["issuer", "statutory"])
def test_declare_event__issuer_or_power__opens_a_put(world: World, who: str) -> None:
    bond = stated(world)
    to(world, DECLARED, 12 * 3600)
    sender = getattr(world, who)

    made = world.servicing.declareEvent(bond, code("CONTROL"), DOCUMENT, sender=sender)

    opened = made.only("ActionOpened")
    assert (made.value, opened.number, opened.code, opened.actor) == (1, 1, code("CONTROL"), sender)
    action = opened.action
    assert (action.kind, action.withdrawable, action.price) == (PUT, True, CONTROL.price)
    assert (action.opensAt, action.closesAt) == (world.evm.now, instant(days_after(LAST, 1)))
    assert (action.payDay, action.payTime) == (day_of(PAID), instant(PAID))
    assert action.document == DOCUMENT


@pytest.mark.parametrize("who", ["holder", "paying_agent", "outsider", "operator", "registrar"])
def test_declare_event__anybody_else__is_refused(world: World, who: str) -> None:
    bond = stated(world)
    sender = getattr(world, who)
    selector = world.servicing.raw("declareEvent", bond, bytes(8), bytes(32))[:4]
    with world.refuses("PowerMissing", sender, selector):
        world.servicing.declareEvent(bond, code("CONTROL"), DOCUMENT, sender=sender)


@pytest.mark.parametrize("name", ["TAXLAW", "RATING", ""])
def test_declare_event__not_stated_for_holders__is_refused(world: World, name: str) -> None:
    bond = stated(world)
    with world.refuses("EventNotStated", bond, code(name)):
        world.servicing.declareEvent(bond, code(name), DOCUMENT, sender=world.issuer)


def test_declare_event__part_called_directly__is_nobodys(world: World) -> None:
    """Through the power of the Servicing's address; a part on its own serves no bond."""
    bond = stated(world)
    part = world.evm.deploy("ServicingActions", world.factory, world.cash, sender=world.admin)
    with world.refuses("ServicingBondUnknown", bond):
        part.declareEvent(bond, code("CONTROL"), DOCUMENT, sender=world.statutory)


def test_event_put__life__to_the_money(world: World) -> None:
    bond = stated(world)
    to(world, DECLARED)
    world.servicing.declareEvent(bond, code("CONTROL"), DOCUMENT, sender=world.issuer)
    world.servicing.elect(bond, 1, 80, sender=world.holder)
    world.servicing.withdraw(bond, 1, 10, sender=world.holder)
    world.evm.warp(instant(days_after(LAST, 1)) - 1)
    world.servicing.elect(bond, 1, 50, sender=world.buyer)
    to(world, PAID)
    before = [balance(world, who) for who in (world.holder, world.buyer)]
    fund(world, bond, 1)
    settle(world, bond, 1, world.holder, world.buyer)
    price = Fraction(CONTROL.price, 10**9) * FACE
    gains = [balance(world, who) - had for who, had in zip((world.holder, world.buyer), before, strict=True)]
    assert gains == [holding_amount(units, earned(DUE[1], PAID), price) for units in (70, 50)]


def test_declare_event__again__is_another_put(world: World) -> None:
    """It can happen twice; each holder elects with what he has left."""
    bond = stated(world)
    numbers = [
        world.servicing.declareEvent(bond, code("CONTROL"), DOCUMENT, sender=world.issuer).value
        for _ in range(2)
    ]
    assert numbers == [1, 2]
    world.servicing.elect(bond, 1, 60, sender=world.holder)
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 41, 40):
        world.servicing.elect(bond, 2, 41, sender=world.holder)


def test_declare_event__pay_day_on_a_holiday__is_paid_after_it(world: World) -> None:
    """27 days from 4 April are the first of May: paid on the sixth, for the first."""
    bond = stated(world)
    to(world, date(2020, 4, 4))
    world.servicing.declareEvent(bond, code("CONTROL"), DOCUMENT, sender=world.issuer)
    action = world.servicing.actionOf(bond, 1)
    assert (action.payDay, action.payTime) == (day_of(date(2020, 5, 1)), instant(date(2020, 5, 6)))
    assert action.closesAt + 6 * DAY < action.payTime
