"""declareOverAllotment

├── caller is not the issuer's account -> OfferingIssuerRefused
├── above the cap, no whole lots, or declared before -> OverAllotmentInvalid
└── else -> added to what is offered
"""

import pytest
from tests.evm.builders import (
    PRICE,
    UNIFORM,
)
from tests.evm.world import World
from tests.unit.offering.books import known_book

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("units", [0, 100, 500])
def test_declare__by_the_issuer__adds_to_what_is_offered(world: World, units: int) -> None:
    tender = known_book(world, PRICE, UNIFORM, overAllotment=500)

    made = tender.declare(units)
    cleared = tender.clear()

    assert made.only("OverAllotmentDeclared") == {
        "offeringId": tender.id,
        "units": units,
        "actor": world.issuer,
    }
    assert cleared.only("BookCleared").competitive == 800 + units
    assert (tender.book.overAllotted, tender.book.overAllotmentDeclared) == (units, True)


def test_declare__by_anybody_else__reverts(world: World) -> None:
    tender = known_book(world, PRICE, UNIFORM, overAllotment=500)
    tender.to("revealsBy")

    for sender in (world.bookrunner, world.outsider):
        with world.refuses("OfferingIssuerRefused", sender):
            world.offering.declareOverAllotment(tender.id, 100, sender=sender)


def test_declare__above_the_cap_or_no_whole_lots_or_twice__reverts(world: World) -> None:
    bond = world.register(minimumUnits=10)
    tender = world.open_tender(bond, overAllotment=500)
    tender.bid(world.investors[0], (10_000, 600))
    tender.close()

    for units in (510, 501, 15, 2**64 - 6):
        with world.refuses("OverAllotmentInvalid", units, 500):
            tender.declare(units)
    tender.declare(490)
    for units in (490, 0):
        with world.refuses("OverAllotmentInvalid", units, 0):
            tender.declare(units)


def test_declare__where_there_is_none__is_always_too_late(world: World) -> None:
    tender = known_book(world, PRICE, UNIFORM)
    tender.to("revealsBy")

    with world.refuses("OfferingTooLate", tender.id, world.evm.now - 1, world.evm.now):
        tender.declare(0)
    with world.refuses("OverAllotmentInvalid", 1, 0):
        tender.declare(1)
