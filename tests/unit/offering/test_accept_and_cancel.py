"""acceptMandate, cancel

acceptMandate
├── caller is not the bookrunner, or has no role now -> OfferingBookrunnerRefused
├── a key for a book that is not encrypted, or none for one that is -> BidFormWrong
└── else -> MandateAccepted
cancel
├── caller is not the issuer's account -> OfferingIssuerRefused
└── else -> OfferingCancelled, with his reason
"""

import pytest
from tests.evm.builders import (
    ACCEPTED,
    BANK,
    BOOK_OPEN,
    BOOKRUNNER,
    CANCELLED,
    ENCRYPTED,
    HOLDER,
    OPEN,
    SEALED,
)
from tests.evm.chain import actor, reverts
from tests.evm.world import World
from tests.unit.offering.stages import tender_in

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("form", [OPEN, SEALED, ENCRYPTED])
def test_accept_mandate__by_the_bookrunner__with_a_key_just_for_an_encrypted_book(
    world: World, form: int
) -> None:
    tender = world.tender(form=form)
    tender.mandate()
    key = b"\x42" * 32 if form == ENCRYPTED else bytes(32)

    with world.refuses("BidFormWrong", tender.id):
        tender.accept(b"\x42" * 32 if form != ENCRYPTED else bytes(32))
    made = tender.accept(key)

    assert made.only("MandateAccepted") == {
        "offeringId": tender.id,
        "bookrunner": world.bookrunner,
        "encryptionKey": key,
    }
    assert (tender.book.stage, tender.book.encryptionKey) == (ACCEPTED, key)


def test_accept_mandate__by_anybody_else__reverts(world: World) -> None:
    tender = world.tender()
    tender.mandate()
    other = actor("another bookrunner")
    world.admit(other, BANK, HOLDER | BOOKRUNNER)

    for sender in (world.issuer, world.outsider, other):
        with world.refuses("OfferingBookrunnerRefused", sender):
            world.offering.acceptMandate(tender.id, bytes(32), sender=sender)
    world.suspend(world.bookrunner)
    with world.refuses("OfferingBookrunnerRefused", world.bookrunner):
        tender.accept()


def test_cancel__by_the_issuer_before_the_close__with_his_reason(world: World) -> None:
    tender = tender_in(world, BOOK_OPEN)

    with world.refuses("OfferingIssuerRefused", world.bookrunner):
        world.offering.cancel(tender.id, b"\x01" * 32, sender=world.bookrunner)
    made = world.offering.cancel(tender.id, b"\x01" * 32, sender=world.issuer)

    assert made.only("OfferingCancelled") == {
        "offeringId": tender.id,
        "reason": b"\x01" * 32,
        "actor": world.issuer,
    }
    assert tender.book.stage == CANCELLED


def test_cancel__by_an_issuer_who_is_suspended__is_still_his_right(world: World) -> None:
    tender = tender_in(world, ACCEPTED)
    world.suspend(world.issuer)

    world.offering.cancel(tender.id, b"\x01" * 32, sender=world.issuer)

    assert tender.book.stage == CANCELLED
    with reverts("OfferingIssuerRefused", world.issuer):
        world.offering.cancel(999, bytes(32), sender=world.issuer)
