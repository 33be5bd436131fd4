"""Puts of bonds whose terms were changed: the terms in force on the day say which there are."""

from datetime import date
from fractions import Fraction

import pytest
from tests.evm.builders import WHOLE, put_right
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    SPRING,
    balance,
    elected,
    fund,
    holding_amount,
    opened,
    settle,
)
from tests.unit.servicing.stage import to
from tests.unit.servicing.versions.stage import AMENDABLE, DUE, FACE, amendable, change, so_far

pytestmark = pytest.mark.unit

LATER = put_right(date(2020, 7, 1), date(2020, 7, 10), date(2020, 7, 15), price=1_030_000_000)


def test_open_put__later_version_is_enacted__each_has_its_own(world: World) -> None:
    """The old put is opened while its terms are in force, and does not take the place of the new one."""
    bond = amendable(world, rights=AMENDABLE.but(puts=[SPRING]))
    change(world, bond, rights=AMENDABLE.but(puts=[LATER]))
    old = opened(world, bond)
    assert (world.servicing.putOf(bond, 0), world.servicing.actionOf(bond, old).price) == (old, SPRING.price)
    with world.refuses("ActionAlreadyOpen", bond, old):
        world.servicing.openPut(bond, 0, sender=world.holder)

    new = opened(world, bond, day=date(2020, 7, 1))

    assert (world.servicing.putOf(bond, 0), world.servicing.actionOf(bond, new).price) == (new, LATER.price)
    with world.refuses("ActionAlreadyOpen", bond, new):
        world.servicing.openPut(bond, 0, sender=world.holder)


def test_put__terms_change_between_election_and_money__pays_as_it_was_opened(world: World) -> None:
    """Its price is that of the event; what has accrued is by the terms of the period."""
    put = SPRING.but(payDay=LATER.payDay)
    bond = amendable(world, rights=AMENDABLE.but(puts=[put]))
    change(world, bond, rights=AMENDABLE)
    number = elected(world, bond, {world.holder: 70})
    assert world.servicing.putOf(bond, 0) == number
    to(world, date(2020, 7, 15))
    assert world.servicing.putOf(bond, 0) == 0, "the terms of today have none"
    world.give_cash(world.paying_agent)
    before = balance(world, world.holder)
    fund(world, bond, number)
    settle(world, bond, number, world.holder)
    accrued = so_far(3, (date(2020, 7, 15) - DUE[2]).days)
    price = Fraction(FACE * SPRING.price, WHOLE)
    assert balance(world, world.holder) - before == holding_amount(70, accrued, price)
