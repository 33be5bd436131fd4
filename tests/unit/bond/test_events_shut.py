"""setShut: while a drawing by lot counts the holdings, nothing moves

├── caller is not the Servicing -> BondCallerRefused
├── closed, in default -> BondBooksClosed, BondDefaulted
├── shut -> every way in which units move or come is refused: BondBooksShut
├── powers of the law, documents, freezes, payments -> go on
└── opened again, or the books close -> all is as before
"""

from collections.abc import Callable

import pytest
from tests.evm.chain import Contract, Receipt
from tests.evm.signing import domain, permit_digest, sign
from tests.evm.world import World

pytestmark = pytest.mark.unit


def shut(world: World, bond: Contract, shut: bool = True) -> Receipt:
    made: Receipt = world.events_of(bond).setShut(shut, sender=world.paying)
    return made


def shut_bond(world: World) -> Contract:
    bond = world.lone_bond({world.holder: 100, world.buyer: 50})
    bond.approve(world.spender, 10, sender=world.holder)
    shut(world, bond)
    return bond


#: Every way in which units of living holders move or come.
MOVES: dict[str, Callable[[World, Contract], object]] = {
    "transfer": lambda world, bond: bond.transfer(world.buyer, 1, sender=world.holder),
    "transferFrom": lambda world, bond: bond.transferFrom(world.holder, world.buyer, 1, sender=world.spender),
    "bookTransfer": lambda world, bond: bond.bookTransfer(
        world.holder, world.buyer, 1, sender=world.settling
    ),
    "forcedTransfer": lambda world, bond: bond.forcedTransfer(
        world.holder, world.buyer, 1, sender=world.statutory
    ),
    "issue": lambda world, bond: bond.issue([world.holder], [1], sender=world.issuing),
    "issue of an exchange": lambda world, bond: bond.issue([world.holder], [1], sender=world.paying),
    "bindUnits": lambda world, bond: world.events_of(bond).bindUnits(world.holder, 1, sender=world.paying),
    "releaseUnits": lambda world, bond: world.events_of(bond).releaseUnits(
        world.holder, 1, sender=world.paying
    ),
    "retire": lambda world, bond: world.events_of(bond).retire(world.holder, 1, sender=world.paying),
}


@pytest.mark.parametrize("caller", ["issuer", "issuing", "settling", "statutory", "admin"])
def test_shut__by_anybody_else__reverts(world: World, caller: str) -> None:
    bond, sender = world.lone_bond(), getattr(world, caller)

    with world.refuses("BondCallerRefused", sender):
        world.events_of(bond).setShut(True, sender=sender)


def test_shut__says_so(world: World) -> None:
    bond = world.lone_bond()

    assert shut(world, bond).only("BooksShut") == {"shut": True}
    assert bond.book().shut
    assert shut(world, bond, False).only("BooksShut") == {"shut": False}
    assert not bond.book().shut


@pytest.mark.parametrize("how", MOVES)
def test_shut__every_movement__is_refused(world: World, how: str) -> None:
    bond = shut_bond(world)

    with world.refuses("BondBooksShut"):
        MOVES[how](world, bond)


@pytest.mark.parametrize("how", sorted(MOVES.keys() - {"releaseUnits", "retire"}))
def test_shut__and_opened_again__movements_go_on(world: World, how: str) -> None:
    bond = shut_bond(world)
    shut(world, bond, False)

    MOVES[how](world, bond)


def test_shut__views_of_a_transfer__say_so(world: World) -> None:
    bond = shut_bond(world)

    assert not bond.canTransfer(world.holder, world.buyer, 1)
    with world.refuses("BondBooksShut"):
        bond.checkTransfer(world.holder, world.buyer, 1)
    shut(world, bond, False)
    assert bond.canTransfer(world.holder, world.buyer, 1)


def test_shut__freezes_approvals_and_pauses__go_on(world: World) -> None:
    bond = shut_bond(world)

    world.freeze(bond, world.holder, 7)
    bond.approve(world.spender, 3, sender=world.holder)
    deadline = world.evm.now + 60
    message = permit_digest(
        domain("Indenture Bond", bond),
        world.holder,
        world.spender,
        4,
        bond.nonces(world.holder),
        deadline,
    )
    bond.do(
        "permit(address,address,uint256,uint256,bytes)",
        world.holder,
        world.spender,
        4,
        deadline,
        sign(world.holder, message),
        sender=world.outsider,
    )
    world.pause(bond)

    assert bond.allowance(world.holder, world.spender) == 4
    assert bond.book().paused


def test_shut__record_dates_and_payments__go_on(world: World) -> None:
    """Holdings at a record date are what they are; nobody waits for the lot."""
    bond = shut_bond(world)
    world.to_record(bond, 1)

    assert bond.markPaid(1, [world.holder, world.buyer], sender=world.paying).value == [100, 50]
    assert bond.book().shut


def test_shut__the_lot_binds__whatever_is_shut(world: World) -> None:
    bond = shut_bond(world)

    world.events_of(bond).bindDrawn(world.holder, 10, sender=world.paying)

    assert bond.entryOf(world.holder).pledged == 10


def test_shut__until_the_books_close__ends_with_them(world: World) -> None:
    """A drawing that is not complete by then takes nothing any more."""
    bond = shut_bond(world)
    world.to_record(bond, 2)

    assert (bond.book().shut, bond.book().closed) == (False, True)
    assert bond.markPaid(2, [world.holder], sender=world.paying).value == [100]
    with world.refuses("BondBooksClosed"):
        shut(world, bond)


def test_shut__in_default__reverts_and_opens(world: World) -> None:
    bond = shut_bond(world)
    world.events_of(bond).enterDefault(sender=world.paying)

    assert not bond.book().shut
    with world.refuses("BondDefaulted", True):
        shut(world, bond)
    bond.transfer(world.buyer, 1, sender=world.holder)
