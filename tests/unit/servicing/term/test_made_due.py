"""A bond that was made due: its issuer has no rights over the term any more

call, callInPart, redeemOnEvent, extendMaturity, renew, proposeTerms, enactTerms -> BondDueAlready
"""

from collections.abc import Callable
from datetime import date

import pytest
from tests.evm import builders
from tests.evm.builders import (
    DAY,
    NO_RIGHTS,
    PERCENT,
    WHOLE,
    call_right,
    code,
    day_of,
    event_right,
    extension,
)
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.servicing.term.stage import DUE, with_rights
from tests.unit.servicing.versions.stage import consent, propose

pytestmark = pytest.mark.unit

#: Rights to all of it, and a default after five days of grace.
RIGHTS = NO_RIGHTS.but(
    calls=[call_right(DUE[1], DUE[7], inPart=True)],
    events=[event_right()],
    extension=extension(4, noticeDays=31, rate=5 * PERCENT),
    defaults=builders.defaults(),
    amendmentShare=750_000_000,
)
LATER = date(2020, 12, 5)

ACTS: dict[str, Callable[[World, Contract], object]] = {
    "call": lambda world, bond: world.servicing.call(bond, day_of(LATER), sender=world.issuer),
    "callInPart": lambda world, bond: world.servicing.callInPart(bond, 4, WHOLE // 4, sender=world.issuer),
    "redeemOnEvent": lambda world, bond: world.servicing.redeemOnEvent(
        bond, code("TAXLAW"), day_of(LATER), b"\x01" * 32, sender=world.issuer
    ),
    "extendMaturity": lambda world, bond: world.servicing.extendMaturity(bond, sender=world.issuer),
    "renew": lambda world, bond: world.servicing.renew(bond, sender=world.issuer),
    "proposeTerms": lambda world, bond: propose(world, bond, effective=DUE[5]),
    "enactTerms": lambda world, bond: world.servicing.enactTerms(bond, 1, sender=world.outsider),
}


def made_due(world: World) -> Contract:
    """A proposal is open, the first coupon missed: the holder gives notice with what he has left."""
    bond = with_rights(world, RIGHTS)
    number = propose(world, bond, effective=DUE[5], closesAt=world.evm.now + 300 * DAY)
    consent(world, bond, number, {world.buyer: 50, world.holder: 63})
    days = world.to_payment(bond, 1)
    world.evm.warp(days.payTime + 6 * DAY)
    notice = world.servicing.noticeDefault(bond, bond, 1, 0, sender=world.outsider).value
    world.servicing.elect(bond, notice, 37, sender=world.holder)
    with world.refuses("ShareNotReached", bond, notice, 37, 38):
        world.servicing.accelerate(bond, notice, sender=world.outsider)
    world.servicing.withdraw(bond, number, 1, sender=world.holder)
    world.servicing.elect(bond, notice, 1, sender=world.holder)
    world.servicing.accelerate(bond, notice, sender=world.outsider)
    return bond


@pytest.mark.parametrize("name", ACTS)
def test_made_due__the_term_moves_no_more(world: World, name: str) -> None:
    bond = made_due(world)

    with world.refuses("BondDueAlready", bond):
        ACTS[name](world, bond)


@pytest.mark.parametrize("name", sorted(ACTS.keys() - {"renew", "enactTerms"}))
def test_missed_but_not_due__the_term_can_still_move(world: World, name: str) -> None:
    """Until holders make it due, the issuer may cure, call, and ask for other terms."""
    bond = with_rights(world, RIGHTS)
    days = world.to_payment(bond, 1)
    world.evm.warp(days.payTime + 6 * DAY)

    ACTS[name](world, bond)
