"""isBond, setImplementation, implementation

isBond
├── no code, or a contract that does not answer as a bond -> false
├── a stranger that answers with a registered ISIN -> false
└── a clone of this factory -> true
setImplementation
├── caller is not the operator -> AccessManagedUnauthorized
├── no code -> BondImplementationInvalid
└── else -> new bonds take it, old ones keep theirs
"""

from typing import Any

import pytest
from tests.evm.builders import NO_PROVISIONS, NO_RIGHTS
from tests.evm.chain import refused
from tests.evm.world import World

pytestmark = pytest.mark.unit


def test_is_bond__registered__is_true(world: World) -> None:
    assert world.factory.isBond(world.register().address)


@pytest.mark.parametrize("what", ["outsider", "cash", "factory", "implementation", "registry", "calendar"])
def test_is_bond__anything_else__is_false(world: World, what: str) -> None:
    assert not world.factory.isBond(getattr(world, what))


def test_is_bond__stranger_with_a_registered_isin__is_false(world: World) -> None:
    bond = world.register()
    false_bond = world.deploy("FalseBond", bond.isin())
    unknown = world.deploy("FalseBond", b"\0" * 12)

    assert not world.factory.isBond(false_bond)
    assert not world.factory.isBond(unknown)


@pytest.mark.parametrize(
    "answer", [b"", b"\x01", b"\xff" * 31, b"\xff" * 32, b"\xff" * 64], ids=["none", "1", "31", "32", "64"]
)
def test_is_bond__contract_that_answers_anything__is_false(world: World, answer: bytes) -> None:
    """«One that does not answer is no bond»: also one whose answer is no ISIN at all."""
    silent = world.deploy("SilentContract", answer)

    assert refused(lambda: world.factory.isBond(silent)) == ""
    assert not world.factory.isBond(silent)


def test_set_implementation__by_the_operator__serves_new_bonds(world: World) -> None:
    old = world.register()

    made = world.factory.setImplementation(world.lone_implementation, sender=world.operator)

    assert made.only("ImplementationSet") == {
        "oldImplementation": world.implementation.address,
        "newImplementation": world.lone_implementation.address,
        "actor": world.operator,
    }
    assert world.factory.implementation() == world.lone_implementation.address
    new = world.register()
    assert old.suite().offering == world.offering.address
    assert new.suite().offering == world.issuing
    assert world.factory.isBond(old)


@pytest.mark.parametrize("caller", ["admin", "issuer", "outsider", "statutory"])
def test_set_implementation__by_anybody_else__reverts(world: World, caller: str) -> None:
    sender = getattr(world, caller)
    with world.refuses("AccessManagedUnauthorized", sender):
        world.factory.setImplementation(world.lone_implementation, sender=sender)


def test_set_implementation__no_code__reverts(world: World) -> None:
    for address in (str(world.outsider), "0x" + "00" * 20):
        with world.refuses("BondImplementationInvalid", address):
            world.factory.setImplementation(address, sender=world.operator)


def test_register__no_implementation_yet__reverts(world: World) -> None:
    factory = world.deploy("BondFactory", world.authority, world.registry)

    with world.refuses("BondImplementationInvalid", "0x" + "00" * 20):
        factory.register(world.terms(), NO_PROVISIONS, NO_RIGHTS, sender=world.issuer)


@pytest.mark.parametrize("act", ["fund", "pay", "claim", "redeem", "amountOf", "mandate"])
def test_acts__on_an_address_that_is_no_bond__revert_by_name(world: World, act: str) -> None:
    silent = world.deploy("SilentContract", b"")
    false_bond = world.deploy("FalseBond", world.register().isin())
    calls: dict[str, tuple[Any, ...]] = {
        "fund": (1,),
        "pay": (1, []),
        "claim": (1,),
        "redeem": ([],),
        "amountOf": (1, 1),
    }
    for stranger in (world.cash, false_bond, silent):
        if act == "mandate":
            with world.refuses("OfferingBondUnknown", stranger):
                world.tender(stranger).mandate()
            continue
        with world.refuses("ServicingBondUnknown", stranger):
            world.servicing.do(act, stranger, *calls[act], sender=world.holder)
