"""redeemOnEvent

├── caller is not the issuer -> ServicingCallerRefused
├── the terms state no such event, or one of the holders -> EventNotStated
├── after the notice date -> NoticeTooLate
├── on or before the issue, on or after maturity, or called before -> CallRefused
└── else -> the bond is redeemed as by a call, at the price of the event; the document is named
"""

from datetime import date, timedelta

import pytest
from tests.evm.artefacts import Record
from tests.evm.builders import DAY, NO_RIGHTS, WHOLE, call_right, code, day_of, event_right
from tests.evm.chain import Contract, Receipt
from tests.evm.world import World
from tests.unit.servicing.term.stage import (
    DUE,
    END,
    JULY,
    amount,
    call,
    instant,
    interest,
    principal,
    receive,
    to,
    with_rights,
)

pytestmark = pytest.mark.unit

DOCUMENT = b"\x0e" * 32
TAX = event_right("TAXLAW", price=1_005_000_000)
CONTROL = event_right("CONTROL", byHolders=True, price=1_010_000_000)


def stated(world: World, *events: Record) -> Contract:
    """A bond that states these events; a change of tax law at 100.5 when there are none."""
    return with_rights(world, NO_RIGHTS.but(events=list(events or (TAX,))))


def redeem(
    world: World, bond: Contract, day: date, name: str = "TAXLAW", sender: str | None = None
) -> Receipt:
    made: Receipt = world.servicing.redeemOnEvent(
        bond, code(name), day_of(day), DOCUMENT, sender=sender or world.issuer
    )
    return made


@pytest.mark.parametrize("caller", ["holder", "paying_agent", "operator", "statutory", "admin", "outsider"])
def test_redeem_on_event__by_anybody_but_the_issuer__reverts(world: World, caller: str) -> None:
    bond, sender = stated(world), getattr(world, caller)

    with world.refuses("ServicingCallerRefused", bond, sender):
        redeem(world, bond, JULY, sender=sender)


@pytest.mark.parametrize("name", ["TAXLAWS", "taxlaw", "CONTROL", ""])
def test_redeem_on_event__that_is_not_the_issuers__reverts(world: World, name: str) -> None:
    """The names of the terms, to the letter; an event of the holders opens their put, and no call."""
    bond = stated(world, TAX, CONTROL)

    with world.refuses("EventNotStated", bond, code(name)):
        redeem(world, bond, JULY, name)


def test_redeem_on_event__no_rights_at_all__reverts(world: World) -> None:
    bond = with_rights(world)

    with world.refuses("EventNotStated", bond, code("TAXLAW")):
        redeem(world, bond, JULY)


def test_redeem_on_event__same_name_for_issuer_and_holders__is_the_issuers(world: World) -> None:
    """A change of control may open a put, and give a call at another price."""
    mine = event_right("CONTROL", price=1_001_000_000)
    bond = stated(world, CONTROL, mine)

    assert redeem(world, bond, JULY, "CONTROL").only("BondCalled").price == 1_001_000_000


def test_redeem_on_event__says_which_and_on_what_document(world: World) -> None:
    bond = stated(world)

    made = redeem(world, bond, JULY)

    assert made.names == ["BondCalled", "TermMoved"]
    assert made.only("BondCalled") == {
        "bond": bond.address,
        "last": 3,
        "day": day_of(JULY),
        "price": 1_005_000_000,
        "code": code("TAXLAW"),
        "document": DOCUMENT,
        "actor": world.issuer,
    }
    assert world.servicing.actionCount(bond) == 0, "holders have nothing to elect"


def test_redeem_on_event__pays_as_a_call(world: World) -> None:
    bond = stated(world)
    redeem(world, bond, END)

    assert receive(world, bond, 3)[0] == amount(100, interest(DUE[2], DUE[3]))
    expected = amount(100, interest(DUE[3], DUE[4]), principal(1_005_000_000))
    assert receive(world, bond, 4)[0] == expected
    assert bond.totalSupply() == 0


@pytest.mark.parametrize("notice", [1, 30, 366])
def test_redeem_on_event__notice__to_its_very_second(world: World, notice: int) -> None:
    day = date(2021, 7, 14)
    bond = stated(world, event_right("TAXLAW", noticeDays=notice))
    until = instant(day) - notice * DAY
    world.evm.warp(until)
    with world.sandbox():
        redeem(world, bond, day)
    world.evm.warp(until + 1)

    with world.refuses("NoticeTooLate", bond, until, until + 1):
        redeem(world, bond, day)


def test_redeem_on_event__day_outside_the_life__reverts(world: World) -> None:
    """No window of days is stated: any day of its life."""
    bond = stated(world, event_right("TAXLAW", noticeDays=1))
    for day in (DUE[8], DUE[8] + timedelta(days=1)):
        with world.refuses("CallRefused", bond, day_of(day)):
            redeem(world, bond, day)
    with world.sandbox():
        redeem(world, bond, DUE[8] - timedelta(days=1))
    fresh = world.register(
        rights=NO_RIGHTS.but(events=[event_right("TAXLAW", noticeDays=1)]), issueDay=day_of(DUE[3])
    )
    with world.refuses("CallRefused", fresh, day_of(DUE[3])):
        redeem(world, fresh, DUE[3])


def test_redeem_on_event__once__and_no_call_beside_it(world: World) -> None:
    rights = NO_RIGHTS.but(events=[TAX], calls=[call_right(DUE[1], DUE[7])])
    bond = with_rights(world, rights)
    with world.sandbox():
        redeem(world, bond, END)
        for again in (redeem, call):
            with world.refuses("CallRefused", bond, day_of(JULY)):
                again(world, bond, JULY)
    call(world, bond, END)

    with world.refuses("CallRefused", bond, day_of(JULY)):
        redeem(world, bond, JULY)


def test_redeem_on_event__two_of_them__the_one_that_is_named(world: World) -> None:
    """At par for tax, below it for the regulator, by notice of its own."""
    regulator = event_right("REGUL", price=990_000_000, noticeDays=60)
    bond = stated(world, TAX, regulator)
    to(world, date(2020, 6, 1))

    with world.refuses("NoticeTooLate", bond, instant(JULY) - 60 * DAY, world.evm.now):
        redeem(world, bond, JULY, "REGUL")
    assert redeem(world, bond, JULY).only("BondCalled").price == TAX.price
    assert TAX.price != WHOLE
