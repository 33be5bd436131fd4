"""A court reaches bound units: an election is undone by power, unless its money is there."""

from datetime import date

import pytest
from tests.evm.builders import NO_RIGHTS, WHOLE, defaults
from tests.evm.world import World
from tests.unit.servicing.actions.stage import (
    DOCUMENT,
    PAYS,
    SPRING,
    acting,
    elected,
    free_units,
    fund,
    funded,
    opened,
    puttable,
    settle,
    tender_terms,
)
from tests.unit.servicing.stage import to

pytestmark = pytest.mark.unit


def test_annul__power__frees_the_units_and_says_why(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 60, world.buyer: 20})
    world.freeze(bond, world.holder, 100)

    made = world.servicing.annulElection(bond, number, world.holder, DOCUMENT, sender=world.statutory)

    assert made.only("ElectionAnnulled") == {
        "bond": bond.address,
        "action": number,
        "holder": world.holder,
        "units": 60,
        "document": DOCUMENT,
        "actor": world.statutory,
    }
    assert made.only("UnitsBound") == {"holder": world.holder, "bound": 0}
    assert world.servicing.actionOf(bond, number).elected == 20
    bond.forcedTransfer(world.holder, world.buyer, 100, sender=world.statutory)
    to(world, PAYS)
    assert fund(world, bond, number).only("ActionFunded").units == 20


@pytest.mark.parametrize("who", ["issuer", "holder", "registrar", "operator", "outsider"])
def test_annul__anybody_else__is_refused(world: World, who: str) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 60})
    sender = getattr(world, who)
    selector = world.servicing.raw("annulElection", bond, number, world.holder, DOCUMENT)[:4]
    with world.refuses("PowerMissing", sender, selector):
        world.servicing.annulElection(bond, number, world.holder, DOCUMENT, sender=sender)


def test_annul__money_is_there__is_refused(world: World) -> None:
    """It goes to the holder, who is frozen where a court wants it."""
    bond = puttable(world)
    number = funded(world, bond, {world.holder: 60})
    with world.refuses("ActionDecided", bond, number):
        world.servicing.annulElection(bond, number, world.holder, DOCUMENT, sender=world.statutory)
    world.freeze(bond, world.holder, 1)
    settle(world, bond, number, world.holder)
    assert world.servicing.keptFor(bond, world.holder) > 60 * 10_000


def test_annul__nothing_elected__is_refused(world: World) -> None:
    bond = puttable(world)
    number = opened(world, bond)
    with world.refuses("ElectionRefused", bond, number, world.holder, 0):
        world.servicing.annulElection(bond, number, world.holder, DOCUMENT, sender=world.statutory)


def test_annul__window_is_over_or_election_is_for_good__is_undone_all_the_same(world: World) -> None:
    bond = puttable(world)
    number = elected(world, bond, {world.holder: 60})
    to(world, date(2020, 4, 14))
    world.servicing.annulElection(bond, number, world.holder, DOCUMENT, sender=world.statutory)
    assert free_units(bond, world.holder) == 100


def test_annul__one_of_several_events__leaves_the_others(world: World) -> None:
    bond = acting(world, rights=NO_RIGHTS.but(puts=[SPRING], defaults=defaults(accelerationShare=WHOLE // 2)))
    number = opened(world, bond)
    offer = world.servicing.offerTender(bond, tender_terms(world), sender=world.issuer).value
    notice = world.servicing.noticeDefault(bond, bond, 1, 0, sender=world.holder).value
    for each, units in ((number, 10), (offer, 20), (notice, 30)):
        world.servicing.elect(bond, each, units, sender=world.holder)
    world.servicing.annulElection(bond, notice, world.holder, DOCUMENT, sender=world.statutory)
    assert bond.entryOf(world.holder).pledged == 30
    left = [world.servicing.electedBy(bond, each, world.holder) for each in (number, offer, notice)]
    assert left == [10, 20, 0]
    with world.refuses("ShareNotReached", bond, notice, 0, 75):
        world.servicing.accelerate(bond, notice, sender=world.outsider)
