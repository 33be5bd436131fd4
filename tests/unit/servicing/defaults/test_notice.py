"""Notice of a default: of what, by whom, and of which other bonds

├── a missed payment, an unfunded put or drawing after its grace, or a bond that was made due
├── of this bond, or where the terms provide for it of another of the same LEI, whoever its account is
├── one at a time, for ninety days; another one as soon as its cause is gone
├── units of the issuer have no notice to give; elections may be taken back
└── terms without acceleration -> refused
"""

from datetime import date
from typing import Any

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import ACCELERATION, DAY, HOLDER, ISSUER, NO_RIGHTS, day_of, defaults, put_right
from tests.evm.chain import Contract, actor
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    CLOSES,
    OPENS,
    PAYS,
    SPRING,
    acting,
    elected,
    fund,
    opened,
    settle,
    with_own_units,
)
from tests.unit.servicing.defaults.stage import (
    TERMS,
    made_due,
    missed_at,
    noticed,
    owing,
    recover,
)
from tests.unit.servicing.stage import instant, to

pytestmark = pytest.mark.unit

CROSS = TERMS.but(crossDefault=True)


def notice(world: World, bond: Contract, cause: Contract, period: int = 0, redemption: int = 0) -> Any:
    return world.servicing.noticeDefault(bond, cause, period, redemption, sender=world.outsider)


def test_notice__missed_payment__anybody_opens_the_notices(world: World) -> None:
    bond = owing(world)
    world.evm.warp(missed_at(1))

    made = notice(world, bond, bond, 1)

    action = made.only("ActionOpened").action
    assert made.value == 1
    assert (action.kind, action.withdrawable, action.payTime) == (ACCELERATION, True, 0)
    assert (action.opensAt, action.closesAt) == (world.evm.now, world.evm.now + 90 * DAY)
    assert (action.period, action.redemption, action.target) == (1, 0, bond.address)
    assert made.only("DefaultNoticed") == {
        "bond": bond.address,
        "action": 1,
        "cause": bond.address,
        "period": 1,
        "redemption": 0,
        "actor": world.outsider,
    }


@pytest.mark.parametrize(("period", "redemption"), [(0, 0), (2, 0)])
def test_notice__no_missed_payment__is_refused(world: World, period: int, redemption: int) -> None:
    bond = owing(world)
    world.evm.warp(missed_at(1))
    with world.refuses("DefaultNotFound", bond, bond, period, redemption):
        notice(world, bond, bond, period, redemption)


def test_notice__in_the_days_of_grace__is_refused_to_the_second(world: World) -> None:
    bond = owing(world)
    world.evm.warp(missed_at(1) - 1)
    with world.refuses("DefaultNotFound", bond, bond, 1, 0):
        notice(world, bond, bond, 1)
    world.evm.warp(missed_at(1))
    notice(world, bond, bond, 1)


def test_notice__no_acceleration_in_the_terms__is_refused(world: World) -> None:
    bond = owing(world, terms=defaults(accelerationShare=0))
    world.evm.warp(missed_at(1))
    with world.refuses("ShareNotReached", bond, 0, 0, 0):
        notice(world, bond, bond, 1)


def test_notice__one_is_open__is_refused_until_it_is_over(world: World) -> None:
    bond = owing(world)
    world.evm.warp(missed_at(1))
    notice(world, bond, bond, 1)
    closes = world.evm.now + 90 * DAY
    world.evm.warp(closes - 1)
    with world.refuses("ActionAlreadyOpen", bond, 1):
        notice(world, bond, bond, 1)
    world.evm.warp(closes)
    assert notice(world, bond, bond, 1).value == 2


def test_notice__cause_of_the_open_one_was_cured__another_takes_its_place(world: World) -> None:
    """A small default that is cured at the last moment does not shield a great one."""
    bond = owing(world)
    world.evm.warp(missed_at(2))
    number = notice(world, bond, bond, 1).value
    world.servicing.elect(bond, number, 50, sender=world.buyer)
    bond.advance(sender=world.outsider)
    world.servicing.fund(bond, 1, sender=world.paying_agent)
    assert notice(world, bond, bond, 2).value == number + 1
    world.servicing.withdraw(bond, number, 50, sender=world.buyer)
    world.servicing.elect(bond, number + 1, 50, sender=world.buyer)
    world.servicing.accelerate(bond, number + 1, sender=world.outsider)


# --- an unfunded put


def putting(world: World, elections: dict[Any, int]) -> tuple[Contract, int]:
    bond = owing(world, rights=NO_RIGHTS.but(puts=[SPRING]))
    world.ready(bond, 1)
    return bond, elected(world, bond, elections) if elections else opened(world, bond)


def test_notice__unfunded_put__after_its_grace(world: World) -> None:
    bond, number = putting(world, {world.holder: 10})
    missed = instant(PAYS) + 6 * DAY
    world.evm.warp(missed - 1)
    with world.refuses("DefaultNotFound", bond, bond, 0, number):
        notice(world, bond, bond, 0, number)
    world.evm.warp(missed)
    made = notice(world, bond, bond, 0, number)
    assert made.only("DefaultNoticed").redemption == number
    world.servicing.elect(bond, made.value, 50, sender=world.buyer)
    world.servicing.accelerate(bond, made.value, sender=world.outsider)
    world.servicing.release(bond, number, [world.holder], sender=world.outsider)


def test_notice__put_that_was_funded_late__is_cured(world: World) -> None:
    bond, number = putting(world, {world.holder: 10})
    world.evm.warp(instant(PAYS) + 6 * DAY)
    opened_ = notice(world, bond, bond, 0, number).value
    world.servicing.elect(bond, opened_, 50, sender=world.buyer)
    fund(world, bond, number)
    with world.refuses("DefaultNotFound", bond, bond, 0, number):
        world.servicing.accelerate(bond, opened_, sender=world.outsider)
    settle(world, bond, number, world.holder)


def test_notice__put_that_nobody_elected__is_none(world: World) -> None:
    bond, number = putting(world, {})
    world.evm.warp(instant(PAYS) + 30 * DAY)
    with world.refuses("DefaultNotFound", bond, bond, 0, number):
        notice(world, bond, bond, 0, number)


def test_notice__no_such_put__is_refused(world: World) -> None:
    bond, number = putting(world, {})
    with world.refuses("ActionUnknown", bond, number + 1):
        notice(world, bond, bond, 0, number + 1)


# --- another bond


def other_of(world: World, terms: Record = TERMS, **changes: Any) -> Contract:
    return owing(world, {world.investors[0]: 10}, terms=terms, **changes)


def test_notice__other_bond_of_the_issuer__where_the_terms_say_so(world: World) -> None:
    crossing, plain, cause = owing(world, terms=CROSS), owing(world), other_of(world)
    for bond in (crossing, plain):
        world.ready(bond, 1)
    world.evm.warp(missed_at(1))
    with world.refuses("DefaultNotFound", plain, cause, 1, 0):
        notice(world, plain, cause, 1)
    made = notice(world, crossing, cause, 1)
    assert made.only("DefaultNoticed").cause == cause.address
    world.servicing.elect(crossing, made.value, 100, sender=world.holder)
    world.servicing.accelerate(crossing, made.value, sender=world.outsider)
    assert world.servicing.stateOf(crossing).duePeriod == 2


def test_notice__other_bond_is_cured__is_refused(world: World) -> None:
    bond, cause = owing(world, terms=CROSS), other_of(world)
    world.evm.warp(missed_at(1))
    number = notice(world, bond, cause, 1).value
    world.servicing.elect(bond, number, 100, sender=world.holder)
    cause.advance(sender=world.outsider)
    world.servicing.fund(cause, 1, sender=world.paying_agent)
    with world.refuses("DefaultNotFound", bond, cause, 1, 0):
        world.servicing.accelerate(bond, number, sender=world.outsider)


def test_notice__bond_of_another_issuer__is_refused(world: World) -> None:
    bond = owing(world, terms=CROSS)
    stranger = actor("strange issuer")
    world.admit(stranger, 5, ISSUER)
    ours, world.issuer = world.issuer, stranger
    try:
        cause = other_of(world)
    finally:
        world.issuer = ours
    world.evm.warp(missed_at(1))
    with world.refuses("DefaultNotFound", bond, cause, 1, 0):
        notice(world, bond, cause, 1)


def test_notice__other_account_of_the_same_lei__is_the_same_issuer(world: World) -> None:
    """Who the issuer is, is told by his LEI alone."""
    bond = owing(world, terms=CROSS)
    branch = actor("branch of the issuer")
    world.admit_account(world.leis[world.issuer], branch, ISSUER)
    ours, world.issuer = world.issuer, branch
    try:
        cause = other_of(world)
    finally:
        world.issuer = ours
    world.evm.warp(missed_at(1))
    notice(world, bond, cause, 1)


def test_notice__other_bond_was_made_due__until_its_claims_are_paid(world: World) -> None:
    """Whatever period is named: a bond that is due is in default as a whole."""
    bond, cause = owing(world, terms=CROSS), owing(world)
    made_due(world, cause, date(2020, 4, 1))
    world.ready(bond, 1)
    with world.sandbox():
        notice(world, bond, cause, 0)
    owed = world.servicing.claimOn(cause, day_of(date(2020, 4, 1)))
    recover(world, cause, 150 * (owed.principal + owed.interest) // 10**18, date(2020, 4, 2))
    with world.refuses("DefaultNotFound", bond, cause, 0, 0):
        notice(world, bond, cause, 0)


def test_notice__put_of_another_bond__is_a_cause_too(world: World) -> None:
    bond = owing(world, terms=CROSS)
    cause = owing(world, {world.investors[0]: 10}, rights=NO_RIGHTS.but(puts=[SPRING]))
    for each in (bond, cause):
        world.ready(each, 1)
    number = elected(world, cause, {world.investors[0]: 5})
    world.evm.warp(instant(PAYS) + 6 * DAY)
    made = notice(world, bond, cause, 0, number)
    told = made.only("DefaultNoticed")
    assert (told.cause, told.redemption) == (cause.address, number)


@pytest.mark.parametrize("how", ["never issued", "all redeemed"])
def test_notice__other_bond_that_nobody_holds__is_no_cause(world: World, how: str) -> None:
    """Nothing is owed to nobody."""
    bond = owing(world, terms=CROSS)
    if how == "never issued":
        cause = owing(world, {})
    else:
        put = put_right(OPENS, CLOSES, PAYS)
        cause = acting(world, {world.buyer: 50}, rights=NO_RIGHTS.but(puts=[put]))
        world.ready(cause, 1)
        number = elected(world, cause, {world.buyer: 50})
        to(world, PAYS)
        fund(world, cause, number)
        settle(world, cause, number, world.buyer)
    world.evm.warp(missed_at(2))
    for period in (1, 2):
        with world.refuses("DefaultNotFound", bond, cause, period, 0):
            notice(world, bond, cause, period)


def test_notice__no_bond_as_cause__is_refused(world: World) -> None:
    bond = owing(world, terms=CROSS)
    world.evm.warp(missed_at(1))
    with world.refuses("DefaultNotFound", bond, world.cash, 1, 0):
        notice(world, bond, world.cash, 1)
    with world.refuses("ServicingBondUnknown", world.cash):
        notice(world, world.cash, bond, 1)


# --- who gives notice


def test_elect__units_of_the_issuer__have_no_notice_to_give(world: World) -> None:
    bond = with_own_units(world, 60, rights=NO_RIGHTS.but(defaults=TERMS))
    branch = actor("branch of the issuer")
    world.admit_account(world.leis[world.issuer], branch, HOLDER)
    bond.transfer(branch, 20, sender=world.issuer)
    number = noticed(world, bond, {})
    for who in (world.issuer, branch):
        with world.refuses("ElectionRefused", bond, number, who, 10):
            world.servicing.elect(bond, number, 10, sender=who)


def test_elect__notice_was_given__may_be_taken_back(world: World) -> None:
    bond = owing(world)
    number = noticed(world, bond, {world.holder: 100})
    world.servicing.withdraw(bond, number, 70, sender=world.holder)
    with world.refuses("ShareNotReached", bond, number, 30, 38):
        world.servicing.accelerate(bond, number, sender=world.outsider)
    with world.refuses("ActionNotOver", bond, number):
        world.servicing.release(bond, number, [world.holder], sender=world.holder)


def test_elect__after_ninety_days__is_refused_and_released(world: World) -> None:
    bond = owing(world)
    number = noticed(world, bond, {world.holder: 100})
    action = world.servicing.actionOf(bond, number)
    world.evm.warp(action.closesAt)
    with world.refuses("ActionNotOpen", bond, number, action.opensAt, action.closesAt, action.closesAt):
        world.servicing.elect(bond, number, 1, sender=world.buyer)
    with world.refuses("ActionNotOpen", bond, number, action.opensAt, action.closesAt, action.closesAt):
        world.servicing.accelerate(bond, number, sender=world.outsider)
    world.servicing.release(bond, number, [world.holder], sender=world.outsider)
    bond.transfer(world.buyer, 100, sender=world.holder)
