"""mandate

├── bond is none of this depository, or obeys another Offering -> OfferingBondUnknown
├── caller did not register the bond, or has no role -> OfferingIssuerRefused
├── bookrunner has no role -> OfferingBookrunnerRefused
├── an offering of the bond lives -> OfferingAlreadyOpen
├── a condition is out of range or contradicts another -> OfferingConditionInvalid, with its name
└── else -> the book is written down, OfferingMandated
"""

import pytest
from tests.evm.builders import (
    ACCEPTED,
    BANK,
    BOOK_OPEN,
    CANCELLED,
    CLEARED,
    CLOSED,
    ENCRYPTED,
    FAILED,
    HOUR,
    ISSUER,
    MANDATED,
    MIXED,
    OPEN,
    PRICE,
    PUBLISHED,
    RATE,
    SEALED,
    TO_BE_FIXED,
    class_rule,
)
from tests.evm.chain import actor, fixed
from tests.evm.world import START, World
from tests.unit.offering.stages import tender_in

pytestmark = pytest.mark.unit

NOBODY = "0x" + "00" * 20
T = START  # when the tests begin; the default windows are an hour each from here on


def test_mandate__by_the_issuer__the_book_is_as_agreed(world: World) -> None:
    bond = world.register(minimumUnits=10)
    classes = [class_rule(10, 500), class_rule(30, 1000, 2_000)]
    tender = world.tender(
        bond,
        classes,
        form=ENCRYPTED,
        pricing=MIXED,
        overAllotment=200,
        minimumVolume=333,
        nonCompetitive=100,
        minimumBid=17,
        maximumBid=1150,
        farOff=9,
        band=4,
        additionalSeconds=900,
        settlesFrom=T + 9 * HOUR,
    )

    made = tender.mandate()

    given = tender.conditions
    assert made.only("OfferingMandated") == {
        "offeringId": 1,
        "bond": bond.address,
        "issuerAccount": world.issuer,
        "cash": world.cash.address,
        "conditions": given,
        "classes": classes,
    }
    book = tender.book
    agreed = {name: given[name] for name in given if name in book}
    derived = {
        "cash": world.cash.address,
        "lot": 10,
        "eligible": bond.terms().eligible,
        "levels": 21,
        "stage": MANDATED,
        "proceedsAccount": world.issuer,
    }
    rest = {name: value for name, value in book.items() if name not in agreed | derived}
    assert {name: book[name] for name in agreed | derived} == agreed | derived
    assert not any(value for value in rest.values() if value != bytes(32)), "nothing else is set"
    assert set(given) - set(agreed) == {"highest"}
    assert world.offering.classesOf(1) == classes
    assert world.offering.syndicateOf(1) == []
    assert (world.offering.offeringCount(), world.offering.offeringOf(bond)) == (1, 1)


def test_mandate__settlement_after_the_issue_day__interest_accrues_to_its_first_day(world: World) -> None:
    bond = world.register()  # interest runs from 5 December 2019 in China
    issue_day = bond.terms().schedule.issueDay
    midnight = issue_day * 86_400 - 8 * 3600

    for settles_from, accrual in (
        (midnight, 0),
        (midnight + 86_399, 0),
        (midnight + 86_400, issue_day + 1),
        (midnight + 5 * 86_400, issue_day + 5),
    ):
        with world.sandbox():
            tender = world.tender(bond, settlesFrom=settles_from)
            tender.mandate()
            assert tender.book.accrualDay == accrual


# --- who


@pytest.mark.parametrize("caller", ["outsider", "holder", "bookrunner", "operator", "admin"])
def test_mandate__by_anybody_else__reverts(world: World, caller: str) -> None:
    sender, tender = getattr(world, caller), world.tender()

    with world.refuses("OfferingIssuerRefused", sender):
        tender.mandate(sender=sender)


def test_mandate__by_another_issuer__reverts(world: World) -> None:
    other = actor("another issuer")
    world.admit(other, BANK, ISSUER)
    tender = world.tender()

    with world.refuses("OfferingIssuerRefused", other):
        tender.mandate(sender=other)


def test_mandate__by_an_issuer_who_is_one_no_more__reverts(world: World) -> None:
    tender = world.tender()
    world.suspend(world.issuer)

    with world.refuses("OfferingIssuerRefused", world.issuer):
        tender.mandate()


def test_mandate__bookrunner_without_the_role__reverts(world: World) -> None:
    bond = world.register()

    for nobody in (world.holder, world.outsider, NOBODY):
        with world.refuses("OfferingBookrunnerRefused", nobody):
            world.tender(bond, bookrunner=nobody).mandate()
    world.suspend(world.bookrunner)
    with world.refuses("OfferingBookrunnerRefused", world.bookrunner):
        world.tender(bond).mandate()


def test_mandate__no_bond_of_the_factory__reverts(world: World) -> None:
    silent = world.deploy("SilentContract", b"")
    for stranger in (world.cash, silent, world.deploy("FalseBond", world.register().isin())):
        with world.refuses("OfferingBondUnknown", stranger):
            world.tender(stranger).mandate()


def test_mandate__bond_of_another_offering__reverts(world: World) -> None:
    """It could never be issued here: all would pay with their deposits for what nobody can deliver."""
    bond = world.register(lone=True)

    with world.refuses("OfferingBondUnknown", bond):
        world.tender(bond).mandate()


# --- one at a time


@pytest.mark.parametrize("stage", [MANDATED, ACCEPTED, BOOK_OPEN, CLOSED, CLEARED, PUBLISHED])
def test_mandate__while_an_offering_lives__reverts(world: World, stage: int) -> None:
    tender = tender_in(world, stage)

    with world.refuses("OfferingAlreadyOpen", tender.bond, tender.id):
        world.tender(tender.bond).mandate()


@pytest.mark.parametrize("stage", [FAILED, CANCELLED])
def test_mandate__after_an_offering_that_came_to_nothing__begins_anew(world: World, stage: int) -> None:
    first = tender_in(world, stage)

    again = world.tender(first.bond)
    again.mandate()

    assert (again.id, world.offering.offeringOf(first.bond)) == (first.id + 1, first.id + 1)
    assert (first.book.stage, again.book.stage) == (stage, MANDATED)


def test_mandate__after_the_last_second_for_units__begins_anew(world: World) -> None:
    first = tender_in(world, PUBLISHED)
    last = first.conditions.takesUpBy
    world.evm.warp(last)
    with world.refuses("OfferingAlreadyOpen", first.bond, first.id):
        world.tender(first.bond).mandate()

    world.evm.warp(last + 1)
    world.tender(first.bond).mandate()


def test_mandate__failed_tender_of_a_coupon__leaves_the_coupon_open(world: World) -> None:
    first = tender_in(world, FAILED, basis=RATE, lowest=9_900, highest=10_100, tick=10)

    assert first.bond.terms().couponRate == TO_BE_FIXED
    world.tender(first.bond, basis=RATE).mandate()


def test_mandate__second_tender_after_the_coupon_was_fixed__quotes_prices(world: World) -> None:
    first = tender_in(world, PUBLISHED, basis=RATE, lowest=9_900, highest=10_100, tick=10)
    first.to("takesUpBy", plus=1)

    with world.refuses("OfferingConditionInvalid", fixed("basis", 32)):
        world.tender(first.bond, basis=RATE).mandate()
    world.tender(first.bond, basis=PRICE).mandate()


def test_mandate__many_bonds__each_has_its_own_offering(world: World) -> None:
    tenders = [world.tender(form=form) for form in (OPEN, SEALED, ENCRYPTED)]
    for tender in tenders:
        tender.mandate()

    assert [tender.id for tender in tenders] == [1, 2, 3]
    assert [tender.book.form for tender in tenders] == [OPEN, SEALED, ENCRYPTED]
    assert [world.offering.offeringOf(tender.bond) for tender in tenders] == [1, 2, 3]
