"""invite, joinSyndicate, openBook

invite
├── caller is not the bookrunner -> OfferingBookrunnerRefused
├── joined already, class 0 or unknown, no whole lots, above all that there is, 65th -> UnderwriterRefused
└── else -> invited, or invited otherwise
joinSyndicate
├── other figures than invited, joined already, no role, may not hold -> UnderwriterRefused
└── else -> joined, and the deposit is held
openBook
├── caller is not the bookrunner -> OfferingBookrunnerRefused
└── else -> the running sums of those who joined, the bond's documents
"""

from typing import Any

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ACCEPTED,
    BANK,
    BOOK_OPEN,
    BOOKRUNNER,
    COMPANY,
    FOREVER,
    HOLDER,
    UNDERWRITER,
    class_rule,
)
from tests.evm.chain import Actor, actor
from tests.evm.tender import Tender
from tests.evm.world import World

pytestmark = pytest.mark.unit

THREE_CLASSES = [class_rule(maximum=500), class_rule(minimum=30), class_rule(minimum=5)]


@pytest.fixture
def tender(world: World) -> Tender:
    """An accepted mandate for a bond in lots of ten."""
    made = world.tender(world.register(minimumUnits=10), THREE_CLASSES, overAllotment=200)
    made.mandate()
    made.accept()
    return made


def member(tender: Tender, account: str) -> Record:
    found: Record = tender.world.offering.underwriterOf(tender.id, account)
    return found


NOTHING = Record({"class": 0, "joined": False, "deposit": False, "tookUp": False, "tookUpLater": False}) | {
    "commitment": 0,
    "before": 0,
}


# --- invite


def test_invite__by_the_bookrunner__is_on_the_list(world: World, tender: Tender) -> None:
    first, second, _ = world.underwriters

    made = tender.invite(first, 2, 300)
    tender.invite(second, 1, 0)

    assert made.only("UnderwriterInvited") == {
        "offeringId": tender.id,
        "underwriter": first,
        "class": 2,
        "commitment": 300,
        "actor": world.bookrunner,
    }
    assert member(tender, first) == NOTHING | {"class": 2, "commitment": 300}
    assert world.offering.syndicateOf(tender.id) == [first, second]


def test_invite__again_before_he_joined__changes_the_invitation(world: World, tender: Tender) -> None:
    first, second, _ = world.underwriters
    tender.invite(first, 2, 300)
    tender.invite(second, 2, 300)

    tender.invite(first, 1, 1200)

    assert member(tender, first) == NOTHING | {"class": 1, "commitment": 1200}
    assert world.offering.syndicateOf(tender.id) == [first, second], "and keeps its place"
    tender.join(first, 1, 1200)


def test_invite__by_anybody_else__reverts(world: World, tender: Tender) -> None:
    other = actor("another bookrunner")
    world.admit(other, BANK, HOLDER | BOOKRUNNER)

    for sender in (world.issuer, world.underwriters[0], world.outsider, other):
        with world.refuses("OfferingBookrunnerRefused", sender):
            world.offering.invite(tender.id, world.underwriters[0], 1, 0, sender=sender)
    world.suspend(world.bookrunner)
    with world.refuses("OfferingBookrunnerRefused", world.bookrunner):
        tender.invite(world.underwriters[0])


@pytest.mark.parametrize(("class_", "units"), [(0, 0), (3, 0), (255, 0), (1, 15), (1, 1210), (1, 2**64 - 10)])
def test_invite__class_or_units_out_of_range__reverts(
    world: World, tender: Tender, class_: int, units: int
) -> None:
    with world.refuses("UnderwriterRefused", tender.id, world.underwriters[0]):
        tender.invite(world.underwriters[0], class_, units)


def test_invite__who_has_joined__reverts(world: World, tender: Tender) -> None:
    """What one has signed stays as one has signed it."""
    first = world.underwriters[0]
    tender.form_syndicate({first: 100})

    for class_, units in ((1, 100), (1, 200), (2, 100)):
        with world.refuses("UnderwriterRefused", tender.id, first):
            tender.invite(first, class_, units)
    assert member(tender, first)["class"] == 1


def test_invite__sixty_four__but_not_one_more(world: World, tender: Tender) -> None:
    people = [actor(f"invited {i}") for i in range(65)]
    for account in people[:64]:
        tender.invite(account, 1, 10)

    with world.refuses("UnderwriterRefused", tender.id, people[64]):
        tender.invite(people[64], 1, 10)
    tender.invite(people[0], 2, 20)
    assert world.offering.syndicateOf(tender.id) == people[:64]


# --- join


def test_join__as_invited__holds_the_deposit(world: World, tender: Tender) -> None:
    first = world.underwriters[0]
    tender.invite(first, 2, 300)
    cash = world.cash.balanceOf(first)

    made = tender.join(first, 2, 300)

    assert made.only("SyndicateJoined") == {
        "offeringId": tender.id,
        "underwriter": first,
        "class": 2,
        "commitment": 300,
    }
    assert made.only("DepositHeld") == {
        "offeringId": tender.id,
        "account": first,
        "taken": 5_000,
        "balance": 0,
    }
    assert member(tender, first) == NOTHING | {"class": 2, "commitment": 300, "joined": True, "deposit": True}
    assert cash - world.cash.balanceOf(first) == world.cash.balanceOf(world.offering) == 5_000


def test_join__without_a_deposit__takes_nothing(world: World) -> None:
    tender = world.tender(classes=THREE_CLASSES, deposit=0)
    tender.mandate()
    tender.accept()
    tender.invite(world.underwriters[0])

    made = tender.join(world.underwriters[0])

    assert made.names == ["SyndicateJoined"]
    assert not member(tender, world.underwriters[0]).deposit


@pytest.mark.parametrize(("class_", "units"), [(1, 300), (2, 290), (2, 310), (0, 300), (2, 0)])
def test_join__other_figures_than_invited__reverts(
    world: World, tender: Tender, class_: int, units: int
) -> None:
    """An invitation that is changed while the acceptance is on its way is not accepted."""
    first = world.underwriters[0]
    tender.invite(first, 2, 300)

    with world.refuses("UnderwriterRefused", tender.id, first):
        tender.join(first, class_, units)


def test_join__uninvited__reverts(world: World, tender: Tender) -> None:
    for class_ in (0, 1):
        with world.refuses("UnderwriterRefused", tender.id, world.underwriters[0]):
            tender.join(world.underwriters[0], class_, 0)


def test_join__twice__reverts(world: World, tender: Tender) -> None:
    first = world.underwriters[0]
    tender.form_syndicate({first: 100})

    with world.refuses("UnderwriterRefused", tender.id, first):
        tender.join(first, 1, 100)
    assert world.cash.balanceOf(world.offering) == 5_000


def no_underwriter(world: World, account: Actor) -> None:
    world.registry.setRoles(account, HOLDER, FOREVER, sender=world.registrar)


def no_holder(world: World, account: Actor) -> None:
    world.registry.setRoles(account, UNDERWRITER, FOREVER, sender=world.registrar)


def wrong_class(world: World, account: Actor) -> None:
    world.registry.reclassifyMember(world.leis[account], COMPANY, b"CN", [account], sender=world.registrar)


def suspended(world: World, account: Actor) -> None:
    world.suspend(account)


@pytest.mark.parametrize("change", [no_underwriter, no_holder, wrong_class, suspended])
def test_join__by_one_who_may_not__reverts(world: World, tender: Tender, change: Any) -> None:
    first = world.underwriters[0]
    tender.invite(first, 1, 100)
    change(world, first)

    with world.refuses("UnderwriterRefused", tender.id, first):
        tender.join(first, 1, 100)


def test_join__who_may_not_hold_any_more_in_the_second_round__reverts(world: World, tender: Tender) -> None:
    short, long = actor("short"), actor("long")
    world.admit(short, BANK, HOLDER | UNDERWRITER, until=tender.conditions.takesUpBy - 1)
    world.admit(long, BANK, HOLDER | UNDERWRITER, until=tender.conditions.takesUpBy)
    for account in (short, long):
        world.give_cash(account, 5_000)
        tender.invite(account)

    with world.refuses("UnderwriterRefused", tender.id, short):
        tender.join(short)
    tender.join(long)


def test_join__without_the_money__reverts(world: World, tender: Tender) -> None:
    poor = actor("poor underwriter")
    world.admit(poor, BANK, HOLDER | UNDERWRITER)
    world.give_cash(poor, 4_999)
    tender.invite(poor, 1, 0)

    with world.refuses("DepositTooSmall", poor, 5_000):
        tender.join(poor, 1, 0)
    world.offering.fundDeposit(world.cash, 4_999, sender=poor)
    with world.refuses("DepositTooSmall", poor, 1):
        tender.join(poor, 1, 0)
    world.give_cash(poor, 1)
    assert tender.join(poor, 1, 0).only("DepositHeld") | {"offeringId": 0} == {
        "offeringId": 0,
        "account": poor,
        "taken": 1,
        "balance": 0,
    }


# --- open


def test_open_book__of_those_who_joined__running_sums_in_the_order_of_invitation(
    world: World, tender: Tender
) -> None:
    first, second, third = world.underwriters
    for account, units in ((first, 100), (second, 300), (third, 50)):
        tender.invite(account, 1, units)
    tender.join(third, 1, 50)
    tender.join(first, 1, 100)

    made = tender.open()

    assert made.only("BookOpened") == {
        "offeringId": tender.id,
        "commitments": 150,
        "actor": world.bookrunner,
    }
    assert (tender.book.stage, tender.book.commitments) == (BOOK_OPEN, 150)
    before = [member(tender, account).before for account in (first, second, third)]
    assert before == [0, 0, 100], "who did not join counts for nothing"


def test_open_book__nobody_in_the_syndicate__is_open(world: World, tender: Tender) -> None:
    made = tender.open()

    assert made.only("BookOpened").commitments == 0
    assert tender.book.stage == BOOK_OPEN


def test_open_book__whole_syndicate__sums_up(world: World, tender: Tender) -> None:
    people = [actor(f"invited {i}") for i in range(64)]
    for number, account in enumerate(people):
        world.admit(account, BANK, HOLDER | UNDERWRITER)
        world.give_cash(account, 5_000)
        tender.form_syndicate({account: 1200 - 10 * number})

    made = tender.open()

    sums = [sum(1200 - 10 * i for i in range(number)) for number in range(65)]
    assert made.only("BookOpened").commitments == sums[64]
    assert [member(tender, account).before for account in people] == sums[:64]


def test_open_book__by_anybody_else__reverts(world: World, tender: Tender) -> None:
    for sender in (world.issuer, world.outsider, world.underwriters[0]):
        with world.refuses("OfferingBookrunnerRefused", sender):
            world.offering.openBook(tender.id, sender=sender)
    world.suspend(world.bookrunner)
    with world.refuses("OfferingBookrunnerRefused", world.bookrunner):
        tender.open()
    assert tender.book.stage == ACCEPTED


def test_open_book__documents_of_the_bond__are_pinned_as_they_are(world: World, tender: Tender) -> None:
    names = [b"prospectus".ljust(32, b"\0"), b"rating".ljust(32, b"\0")]
    for name, content in zip(names, (b"\x01" * 32, b"\x02" * 32), strict=True):
        tender.bond.setDocument(name, "https://example.com/document", content, sender=world.issuer)

    made = tender.open()
    tender.bond.setDocument(names[1], "https://example.com/document", b"\x03" * 32, sender=world.issuer)

    assert made.only("DocumentsPinned") == {
        "offeringId": tender.id,
        "names": names,
        "hashes": [b"\x01" * 32, b"\x02" * 32],
    }


def test_syndicate__after_the_opening__is_closed_for_good(world: World, tender: Tender) -> None:
    first, second, _ = world.underwriters
    tender.invite(first, 1, 100)
    tender.open()

    with world.refuses("OfferingStageWrong", tender.id, BOOK_OPEN):
        tender.invite(second, 1, 100)
    with world.refuses("OfferingStageWrong", tender.id, BOOK_OPEN):
        tender.join(first, 1, 100)
    with world.refuses("OfferingStageWrong", tender.id, BOOK_OPEN):
        tender.open()


def test_syndicate__of_one_offering__is_not_that_of_another(world: World, tender: Tender) -> None:
    other = world.tender(classes=THREE_CLASSES)
    other.mandate()
    other.accept()
    tender.invite(world.underwriters[0], 1, 100)

    with world.refuses("UnderwriterRefused", other.id, world.underwriters[0]):
        other.join(world.underwriters[0], 1, 100)
    assert world.offering.syndicateOf(other.id) == []
