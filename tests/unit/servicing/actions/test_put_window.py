"""A put: who may elect, when, with which units

├── opened by anyone, once, from 30 days before its window on, not after it
├── the window: from the first second of its first day to the last of its last, in the bond's zone
├── zero units, more than are free, pledged, frozen, not eligible, paused, not issued -> refused
├── elected units stay the holder's, are paid coupons, and cannot move, by nobody
└── taken back while the window is open, where the terms let him
"""

from datetime import date, timedelta

import pytest
from tests.evm.builders import DAY, NO_RIGHTS, PUT, put_right
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    CLOSES,
    OPENS,
    PAYS,
    SPRING,
    acting,
    elected,
    free_units,
    opened,
    puttable,
    settle,
)
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit

WINDOW = instant(OPENS), instant(CLOSES + timedelta(days=1))


def test_open_put__anyone__says_its_terms(world: World) -> None:
    bond = puttable(world)
    to(world, OPENS)

    made = world.servicing.openPut(bond, 0, sender=world.outsider)

    opened_ = made.only("ActionOpened")
    assert (opened_.number, opened_.actor, opened_.code) == (1, world.outsider, bytes(8))
    assert opened_.action == world.servicing.actionOf(bond, 1)
    action = opened_.action
    assert (action.kind, action.price) == (PUT, 1_010_000_000)
    assert not action.withdrawable
    assert not action.isDecided
    assert (action.opensAt, action.closesAt) == WINDOW
    assert action.payTime == instant(PAYS)
    assert (action.most, action.elected, action.settled, action.amount) == (0, 0, 0, 0)
    assert world.servicing.actionCount(bond) == world.servicing.putOf(bond, 0) == 1


def test_open_put__twice__is_refused(world: World) -> None:
    bond = puttable(world)
    opened(world, bond)
    with world.refuses("ActionAlreadyOpen", bond, 1):
        world.servicing.openPut(bond, 0, sender=world.holder)


def test_open_put__30_days_before_the_window__not_earlier(world: World) -> None:
    """The days of payment are found by the calendar as it stands then."""
    bond = puttable(world)
    first = WINDOW[0] - 30 * DAY
    world.evm.warp(first - 1)
    with world.refuses("ActionNotOpen", bond, 0, first, WINDOW[1], first - 1):
        world.servicing.openPut(bond, 0, sender=world.outsider)
    world.evm.warp(first)
    world.servicing.openPut(bond, 0, sender=world.outsider)
    with world.refuses("ActionNotOpen", bond, 1, *WINDOW, first):
        world.servicing.elect(bond, 1, 1, sender=world.holder)


def test_open_put__after_the_window__is_refused(world: World) -> None:
    bond = puttable(world)
    world.evm.warp(WINDOW[1])
    with world.refuses("ActionTermInvalid", b"closesAt".ljust(32, b"\0")):
        world.servicing.openPut(bond, 0, sender=world.holder)


@pytest.mark.parametrize("right", [1, 65_535])
def test_open_put__right_that_is_not_there__is_refused(world: World, right: int) -> None:
    bond = puttable(world)
    to(world, OPENS)
    with world.refuses("ActionTermInvalid", b"right".ljust(32, b"\0")):
        world.servicing.openPut(bond, right, sender=world.holder)


def test_open_put__second_right__is_its_own(world: World) -> None:
    summer = put_right(date(2020, 7, 1), date(2020, 7, 10), date(2020, 7, 15), withdrawable=True)
    bond = acting(world, rights=NO_RIGHTS.but(puts=[SPRING, summer]))
    opened(world, bond)
    assert opened(world, bond, 1, date(2020, 6, 20)) == 2
    assert [world.servicing.putOf(bond, right) for right in (0, 1, 2)] == [1, 2, 0]
    assert world.servicing.actionOf(bond, 2).withdrawable


def test_open_put__no_bond__is_refused(world: World) -> None:
    with world.refuses("ServicingBondUnknown", world.cash):
        world.servicing.openPut(world.cash, 0, sender=world.holder)


@pytest.mark.parametrize(
    ("time", "is_open"),
    [(WINDOW[0] - 1, False), (WINDOW[0], True), (WINDOW[1] - 1, True), (WINDOW[1], False)],
)
def test_elect__window__to_the_second(world: World, time: int, is_open: bool) -> None:
    bond = puttable(world)
    opened(world, bond, day=date(2020, 3, 25))
    world.evm.warp(time)
    if not is_open:
        with world.refuses("ActionNotOpen", bond, 1, *WINDOW, time):
            world.servicing.elect(bond, 1, 1, sender=world.holder)
        return
    made = world.servicing.elect(bond, 1, 30, sender=world.holder)
    assert made.only("UnitsElected") == {
        "bond": bond.address,
        "action": 1,
        "holder": world.holder,
        "units": 30,
        "elected": 30,
    }
    assert made.only("UnitsBound") == {"holder": world.holder, "bound": 30}


def test_elect__again__adds_to_it(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 30, world.buyer: 50})
    made = world.servicing.elect(bond, number, 70, sender=world.holder)
    assert made.only("UnitsElected").elected == 100 == world.servicing.electedBy(bond, number, world.holder)
    assert world.servicing.actionOf(bond, number).elected == 150 == world.events_of(bond).boundUnits()


def test_elect__no_such_event__is_refused(world: World) -> None:
    bond = puttable(world)
    with world.refuses("ActionUnknown", bond, 1):
        world.servicing.elect(bond, 1, 1, sender=world.holder)
    opened(world, bond)
    for number in (0, 2):
        with world.refuses("ActionUnknown", bond, number):
            world.servicing.elect(bond, number, 1, sender=world.holder)


def test_elect__zero_units__is_refused(world: World) -> None:
    bond = puttable(world)
    number = opened(world, bond)
    with world.refuses("ElectionRefused", bond, number, world.holder, 0):
        world.servicing.elect(bond, number, 0, sender=world.holder)


@pytest.mark.parametrize(
    ("frozen", "first", "second"), [(0, 0, 101), (0, 60, 41), (40, 0, 61), (40, 60, 1), (2**70, 0, 1)]
)
def test_elect__more_than_is_free__is_refused(world: World, frozen: int, first: int, second: int) -> None:
    bond = puttable(world)
    number = opened(world, bond)
    if first:
        world.servicing.elect(bond, number, first, sender=world.holder)
    if frozen:
        world.freeze(bond, world.holder, frozen)
    free = max(0, 100 - first - min(frozen, 100))
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, second, free):
        world.servicing.elect(bond, number, second, sender=world.holder)
    if free:
        world.servicing.elect(bond, number, free, sender=world.holder)


def test_elect__same_units_in_two_puts__is_refused(world: World) -> None:
    other = SPRING.but(price=900_000_000)
    bond = acting(world, rights=NO_RIGHTS.but(puts=[SPRING, other]))
    first, second = opened(world, bond), opened(world, bond, 1)
    world.servicing.elect(bond, first, 80, sender=world.holder)
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 21, 20):
        world.servicing.elect(bond, second, 21, sender=world.holder)
    world.servicing.elect(bond, second, 20, sender=world.holder)
    assert bond.entryOf(world.holder).pledged == 100 == world.events_of(bond).boundUnits()


def test_elect__nothing_held__is_refused(world: World) -> None:
    bond = puttable(world)
    number = opened(world, bond)
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.spender, 1, 0):
        world.servicing.elect(bond, number, 1, sender=world.spender)


def test_elect__suspended_holder__is_refused(world: World) -> None:
    bond = puttable(world)
    number = opened(world, bond)
    world.suspend(world.holder)
    with world.refuses("ERC7943CannotSend", world.holder):
        world.servicing.elect(bond, number, 1, sender=world.holder)


def test_elect__paused_bond__is_refused_and_withdrawn_is_not(world: World) -> None:
    bond = puttable(world, put=SPRING.but(withdrawable=True))
    number = elected(world, bond, {world.holder: 10})
    world.pause(bond)
    with world.refuses("BondPaused"):
        world.servicing.elect(bond, number, 1, sender=world.holder)
    world.servicing.withdraw(bond, number, 10, sender=world.holder)
    assert free_units(bond, world.holder) == 100


def test_elected_units__cannot_move__by_nobody(world: World) -> None:
    bond = puttable(world)
    elected(world, bond, {world.holder: 60})
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 41, 40):
        bond.transfer(world.buyer, 41, sender=world.holder)
    with world.refuses("ERC7943InsufficientUnfrozenBalance", world.holder, 41, 40):
        bond.forcedTransfer(world.holder, world.buyer, 41, sender=world.statutory)
    bond.transfer(world.buyer, 40, sender=world.holder)
    assert (bond.balanceOf(world.holder), bond.entryOf(world.holder).pledged) == (60, 60)


def test_elected_units__record_date_in_the_window__are_paid_the_coupon(world: World) -> None:
    """They are the holder's until he is paid for them."""
    window = put_right(date(2020, 6, 1), date(2020, 6, 10), date(2020, 6, 15))
    bond = puttable(world, put=window)
    number = opened(world, bond, day=date(2020, 6, 1))
    world.servicing.elect(bond, number, 100, sender=world.holder)
    world.ready(bond, 1)
    world.ready(bond, 2)
    due = sum(world.servicing.amountOf(bond, 2, 100))
    before = world.cash.balanceOf(world.holder)
    world.servicing.pay(bond, 2, [world.holder], sender=world.outsider)
    assert world.cash.balanceOf(world.holder) - before == due > 0


def test_withdraw__put_that_is_withdrawable__while_it_is_open(world: World) -> None:
    bond = puttable(world, put=SPRING.but(withdrawable=True))
    number = elected(world, bond, {world.holder: 60, world.buyer: 5})
    made = world.servicing.withdraw(bond, number, 20, sender=world.holder)
    assert made.only("ElectionWithdrawn") == {
        "bond": bond.address,
        "action": number,
        "holder": world.holder,
        "units": 20,
        "elected": 40,
    }
    assert made.only("UnitsBound") == {"holder": world.holder, "bound": 40}
    assert (world.servicing.actionOf(bond, number).elected, world.events_of(bond).boundUnits()) == (45, 45)
    bond.transfer(world.buyer, 60, sender=world.holder)

    world.evm.warp(WINDOW[1] - 1)
    world.servicing.withdraw(bond, number, 5, sender=world.buyer)
    world.evm.warp(WINDOW[1])
    with world.refuses("ActionNotOpen", bond, number, *WINDOW, WINDOW[1]):
        world.servicing.withdraw(bond, number, 40, sender=world.holder)


def test_withdraw__put_that_is_not_withdrawable__is_refused(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 60})
    with world.refuses("ElectionNotWithdrawable", bond, number, world.holder, 60):
        world.servicing.withdraw(bond, number, 1, sender=world.holder)


@pytest.mark.parametrize("units", [0, 61])
def test_withdraw__zero_or_more_than_elected__is_refused(world: World, units: int) -> None:
    bond = puttable(world, put=SPRING.but(withdrawable=True))
    number = elected(world, bond, {world.holder: 60})
    with world.refuses("ElectionNotWithdrawable", bond, number, world.holder, 60):
        world.servicing.withdraw(bond, number, units, sender=world.holder)


def test_withdraw__of_another__is_refused(world: World) -> None:
    bond = puttable(world, put=SPRING.but(withdrawable=True))
    number = elected(world, bond, {world.holder: 60})
    with world.refuses("ElectionNotWithdrawable", bond, number, world.buyer, 0):
        world.servicing.withdraw(bond, number, 1, sender=world.buyer)


def test_settle__before_the_money__is_refused(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 60})
    with world.refuses("ActionNotFunded", bond, number):
        settle(world, bond, number, world.holder)
