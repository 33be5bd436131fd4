"""The last payment was missed: nothing is left to accelerate, anybody sets the claims

├── from the end of its grace, by anybody; not while it is funded, nor before its record date
├── of the term as it was moved: a call that is not paid is a default at the price of the call
├── the books, closed for the redemption, are open again, and every unit is where it was
└── coupons that were missed before are part of the claim
"""

from datetime import date

import pytest
from tests.evm.builders import DAY, IN_DEFAULT, NO_RIGHTS, call_right, day_of, defaults
from tests.evm.world import World
from tests.unit.servicing.actions.stage import DUE, FACE, days_after, earned
from tests.unit.servicing.defaults.stage import (
    atto,
    distribute,
    missed_at,
    owing,
    penalty_share,
    recover,
    rolled,
)
from tests.unit.servicing.stage import instant

pytestmark = pytest.mark.unit

LAST = DUE[2]


def test_declare_overdue__last_payment_is_missed__anybody(world: World) -> None:
    bond = owing(world, periods=2)
    world.ready(bond, 1)
    world.evm.warp(missed_at(2) - 1)
    with world.refuses("DefaultNotFound", bond, bond, 2, 0):
        world.servicing.declareOverdue(bond, sender=world.outsider)
    world.evm.warp(missed_at(2))

    made = world.servicing.declareOverdue(bond, sender=world.outsider)

    assert made.only("BondMadeDue") == {
        "bond": bond.address,
        "action": 0,
        "period": 2,
        "day": day_of(LAST),
        "actor": world.outsider,
    }
    assert made.only("DefaultEntered").records == 2
    book = bond.book()
    assert (book.last, book.closed, book.records, book.supply) == (IN_DEFAULT, False, 2, 150)
    state = world.servicing.stateOf(bond)
    assert (state.duePeriod, state.dueDay, state.recordsAtDue) == (2, day_of(LAST), 2)
    bond.transfer(world.spender, 40, sender=world.holder)
    with world.refuses("BondDueAlready", bond):
        world.servicing.declareOverdue(bond, sender=world.outsider)


def test_declare_overdue__a_coupon_is_missed__is_refused(world: World) -> None:
    bond = owing(world)
    world.evm.warp(missed_at(1))
    with world.refuses("DefaultNotFound", bond, bond, 8, 0):
        world.servicing.declareOverdue(bond, sender=world.outsider)


def test_declare_overdue__funded__is_refused(world: World) -> None:
    bond = owing(world, periods=2)
    world.ready(bond, 2)
    world.evm.warp(missed_at(2))
    with world.refuses("DefaultNotFound", bond, bond, 2, 0):
        world.servicing.declareOverdue(bond, sender=world.outsider)


def test_declare_overdue__never_issued__is_refused(world: World) -> None:
    bond = owing(world, {}, periods=2)
    world.evm.warp(missed_at(2))
    with world.refuses("DefaultNotFound", bond, bond, 2, 0):
        world.servicing.declareOverdue(bond, sender=world.outsider)


def test_declare_overdue__no_terms_of_default__has_claims_all_the_same(world: World) -> None:
    """No grace, no penalty, no acceleration: what was promised is owed."""
    bond = owing(world, terms=defaults(graceDays=0, penaltyRate=0, accelerationShare=0), periods=2)
    world.evm.warp(instant(LAST) + DAY)
    world.servicing.declareOverdue(bond, sender=world.outsider)
    claim = world.servicing.claimOn(bond, day_of(date(2021, 1, 1)))
    coupons = atto(earned(DUE[0], DUE[1])) + atto(earned(DUE[1], DUE[2]))
    assert (claim.principal, claim.interest) == (coupons + FACE * 10**18, 0)


@pytest.mark.parametrize("price", [1_000_000_000, 1_100_000_000])
def test_declare_overdue__called_and_not_paid__is_owed_the_price(world: World, price: int) -> None:
    """For Saturday 15 August, paid on Monday."""
    day = date(2020, 8, 15)
    bond = owing(world, rights=NO_RIGHTS.but(calls=[call_right(day, price=price)]))
    world.servicing.call(bond, day_of(day), sender=world.issuer)
    for period in (1, 2):
        world.ready(bond, period)
    world.evm.warp(instant(rolled(day)) + 6 * DAY)
    made = world.servicing.declareOverdue(bond, sender=world.outsider)
    assert (made.only("BondMadeDue").period, made.only("BondMadeDue").day) == (3, day_of(day))
    asked = date(2020, 12, 1)
    claim = world.servicing.claimOn(bond, day_of(asked))
    owed = atto(earned(DUE[2], day)) + FACE * price * 10**9
    assert claim.principal == owed
    assert claim.interest == owed * penalty_share(rolled(day), asked) // 10**9


def test_declare_overdue__coupons_missed_before__are_in_the_claim(world: World) -> None:
    bond = owing(world, periods=2)
    world.evm.warp(missed_at(2))
    world.servicing.declareOverdue(bond, sender=world.outsider)
    asked = days_after(LAST, 100)
    first, second = atto(earned(DUE[0], DUE[1])), atto(earned(DUE[1], DUE[2])) + FACE * 10**18
    claim = world.servicing.claimOn(bond, day_of(asked))
    assert claim.principal == first + second
    assert claim.interest == sum(
        amount * penalty_share(day, asked) // 10**9 for amount, day in ((first, DUE[1]), (second, DUE[2]))
    )


def test_overdue__units_bound_in_a_notice__are_released_and_paid(world: World) -> None:
    bond = owing(world, periods=2)
    world.evm.warp(missed_at(1))
    number = world.servicing.noticeDefault(bond, bond, 1, 0, sender=world.holder).value
    world.servicing.elect(bond, number, 20, sender=world.holder)
    world.evm.warp(missed_at(2))
    world.servicing.declareOverdue(bond, sender=world.outsider)
    record = recover(world, bond, 1_000, date(2020, 6, 12)).value
    distribute(world, bond, record, world.holder, world.buyer)
    payment = world.servicing.payment(bond, record)
    assert payment.unitsPaid == payment.units == 150
    world.servicing.release(bond, number, [world.holder], sender=world.outsider)
    assert world.events_of(bond).boundUnits() == 0
