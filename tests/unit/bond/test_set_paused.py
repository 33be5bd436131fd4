"""setPaused

├── caller has no statutory power -> AccessManagedUnauthorized
└── else -> transfers stop or go on, PauseSet
"""

import pytest
from tests.evm.world import World

pytestmark = pytest.mark.unit


def test_set_paused__on_and_off__stops_and_frees_transfers(world: World) -> None:
    bond = world.lone_bond()
    before = bond.book()

    made = bond.setPaused(True, sender=world.statutory)

    assert made.names == ["PauseSet"]
    assert made.only("PauseSet") == {"paused": True, "actor": world.statutory}
    assert bond.book() == before.but(paused=True)
    with world.refuses("BondPaused"):
        bond.transfer(world.buyer, 1, sender=world.holder)

    bond.setPaused(False, sender=world.statutory)
    bond.transfer(world.buyer, 1, sender=world.holder)


def test_set_paused__on_the_implementation__reverts(world: World) -> None:
    """A power used on the code instead of a bond must not seem to have worked."""
    with world.refuses("BondCallerRefused", world.statutory):
        world.implementation.setPaused(True, sender=world.statutory)


def test_set_paused__record_date_meanwhile__passes_all_the_same(world: World) -> None:
    bond = world.lone_bond()
    world.pause(bond)

    world.to_record(bond, 1)

    assert bond.unitsAt(world.holder, 1) == 100
    assert bond.book().paused


def test_set_paused__one_bond__leaves_the_others(world: World) -> None:
    bond, other = world.lone_bond(), world.lone_bond()

    world.pause(bond)

    other.transfer(world.buyer, 1, sender=world.holder)


@pytest.mark.parametrize("caller", ["holder", "issuer", "operator", "admin", "registrar", "outsider"])
def test_set_paused__without_the_power__reverts(world: World, caller: str) -> None:
    bond, sender = world.lone_bond(), getattr(world, caller)

    with world.refuses("AccessManagedUnauthorized", sender):
        bond.setPaused(True, sender=sender)
