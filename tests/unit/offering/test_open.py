"""open

├── not a bond of this depository -> OfferingBondUnknown
├── caller did not register the bond, or is no issuer now -> OfferingIssuerRefused
├── bookrunner has no such role now -> OfferingBookrunnerRefused
├── a condition is out of range -> OfferingConditionInvalid with its name
├── the bond has an offering that has not failed -> OfferingAlreadyOpen
└── else -> the book is there, OfferingOpened
"""

from collections.abc import Callable
from typing import Any

import pytest
from tests.evm.builders import COMPANY, ISSUER, STAGE_FAILED, STAGE_OPEN, conditions
from tests.evm.chain import actor, fixed
from tests.evm.world import World

pytestmark = pytest.mark.unit

DAY = 86_400


def test_open__by_the_issuer__opens_a_book(world: World) -> None:
    bond = world.register(minimumUnits=5)
    wanted = conditions(bond, world.evm.now, world.bookrunner).but(minimumOrder=5, minimumVolume=10)

    made = world.offering.open(wanted, sender=world.issuer)

    assert made.value == world.offering.offeringCount() == world.offering.offeringOf(bond) == 1
    assert made.names == ["OfferingOpened"]
    event = made.only("OfferingOpened")
    assert event.conditions == wanted.but(bookrunner=str(world.bookrunner))
    assert (event.bond, event.issuerAccount, event.cash, event.method) == (
        bond.address,
        world.issuer,
        world.cash.address,
        0,
    )
    assert world.offering.bookOf(1) == {
        "bond": bond.address,
        "opensAt": wanted.opensAt,
        "closesAt": wanted.closesAt,
        "method": 0,
        "stage": STAGE_OPEN,
        "price": 10_000,
        "offered": 1000,
        "minimumVolume": 10,
        "minimumOrder": 5,
        "maximumOrder": 1000,
        "ordered": 0,
        "allotted": 0,
        "cash": world.cash.address,
        "settlesBy": wanted.settlesBy,
        "proceedsAccount": world.issuer,
        "lot": 5,
        "cutAccount": "0x" + "00" * 20,
        "cutRemainder": 0,
    }


@pytest.mark.parametrize("caller", ["outsider", "bookrunner", "holder", "admin", "operator"])
def test_open__by_anybody_else__reverts(world: World, caller: str) -> None:
    bond, sender = world.register(), getattr(world, caller)

    with world.refuses("OfferingIssuerRefused", sender):
        world.offering.open(conditions(bond, world.evm.now, world.bookrunner), sender=sender)


def test_open__by_another_issuer__reverts(world: World) -> None:
    bond, other = world.register(), actor("other issuer")
    world.admit(other, COMPANY, ISSUER)

    with world.refuses("OfferingIssuerRefused", other):
        world.offering.open(conditions(bond, world.evm.now, world.bookrunner), sender=other)


def test_open__issuer_suspended__reverts(world: World) -> None:
    bond = world.register()
    world.suspend(world.issuer)

    with world.refuses("OfferingIssuerRefused", world.issuer):
        world.open(bond)


@pytest.mark.parametrize("bookrunner", ["outsider", "holder", "issuer"])
def test_open__bookrunner_has_no_such_role__reverts(world: World, bookrunner: str) -> None:
    bond, account = world.register(), getattr(world, bookrunner)

    with world.refuses("OfferingBookrunnerRefused", account):
        world.open(bond, bookrunner=account)


WRONG: list[tuple[str, Callable[[int], dict[str, Any]]]] = [
    ("offered", lambda _: {"offered": 0}),
    ("offered", lambda _: {"offered": 1_000_010}),
    ("offered", lambda _: {"offered": 1005}),
    ("minimumVolume", lambda _: {"minimumVolume": 1001}),
    ("minimumOrder", lambda _: {"minimumOrder": 9}),
    ("minimumOrder", lambda _: {"minimumOrder": 0}),
    ("maximumOrder", lambda _: {"maximumOrder": 9, "minimumOrder": 10}),
    ("maximumOrder", lambda _: {"maximumOrder": 1001}),
    ("price", lambda _: {"price": 0}),
    ("price", lambda _: {"price": 2**128 // 1000 + 1}),
    ("closesAt", lambda now: {"opensAt": now + 10, "closesAt": now + 10}),
    ("closesAt", lambda now: {"opensAt": now - 10, "closesAt": now}),
    ("settlesBy", lambda now: {"closesAt": now + 10, "settlesBy": now + 10}),
    ("settlesBy", lambda now: {"settlesBy": now + 50 * 366 * DAY}),
]


@pytest.mark.parametrize(("name", "change"), WRONG)
def test_open__condition_out_of_range__reverts_with_its_name(
    world: World, name: str, change: Callable[[int], dict[str, Any]]
) -> None:
    """PROPERTIES 9: every parameter changes the outcome."""
    bond = world.register(minimumUnits=10)
    right = {"minimumOrder": 10, "maximumOrder": 1000}

    with world.refuses("OfferingConditionInvalid", fixed(name, 32)):
        world.open(bond, **(right | change(world.evm.now)))


def test_open__conditions_at_their_bounds__are_taken(world: World) -> None:
    bond = world.register(minimumUnits=10)

    world.open(
        bond,
        offered=1_000_000,
        minimumVolume=1_000_000,
        minimumOrder=10,
        maximumOrder=1_000_000,
        price=(2**128 - 1) // 1_000_000,
        opensAt=0,
        closesAt=world.evm.now + 1,
        settlesBy=world.evm.now + 2,
    )


def test_open__twice__reverts_until_it_has_failed(world: World) -> None:
    bond = world.register()
    first = world.open(bond)

    with world.refuses("OfferingAlreadyOpen", bond, first):
        world.open(bond)
    world.close(first)
    assert world.offering.bookOf(first).stage == STAGE_FAILED
    assert world.open(bond) == first + 1
    assert world.offering.offeringOf(bond) == first + 1


def test_open__after_a_success__reverts(world: World) -> None:
    bond = world.register()
    first = world.place(bond, {world.holder: 10})

    with world.refuses("OfferingAlreadyOpen", bond, first):
        world.open(bond)
