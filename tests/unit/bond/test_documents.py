"""setDocument, removeDocument, getDocument, getAllDocuments (ERC-1643)

├── caller is not the account that registered the bond -> BondCallerRefused
├── that account is no issuer now -> BondCallerRefused
├── setDocument, name is zero -> ERC1643InvalidName
├── removeDocument, no such document -> ERC1643MissingDocument
└── else -> the list and the entry follow, with an event each
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.evm.builders import FOREVER, ISSUER
from tests.evm.chain import actor
from tests.evm.world import World

pytestmark = pytest.mark.unit

NAME, URI, HASH = b"prospectus".ljust(32, b"\0"), "ipfs://prospectus", b"\x05" * 32


def test_set_document__by_the_issuer__is_kept(world: World) -> None:
    bond = world.lone_bond()

    made = bond.setDocument(NAME, URI, HASH, sender=world.issuer)

    assert made.names == ["DocumentUpdated"]
    assert made.only("DocumentUpdated") == {"name": NAME, "uri": URI, "documentHash": HASH}
    assert bond.getDocument(NAME) == (URI, HASH, world.evm.now)
    assert bond.getAllDocuments() == [NAME]


def test_set_document__again__replaces_it_and_keeps_its_place(world: World) -> None:
    bond = world.lone_bond()
    bond.setDocument(NAME, URI, HASH, sender=world.issuer)
    world.evm.warp(world.evm.now + 60)

    bond.setDocument(NAME, "", b"\0" * 32, sender=world.issuer)

    assert bond.getDocument(NAME) == ("", b"\0" * 32, world.evm.now)
    assert bond.getAllDocuments() == [NAME]


def test_set_document__no_name__reverts(world: World) -> None:
    bond = world.lone_bond()
    with world.refuses("ERC1643InvalidName"):
        bond.setDocument(b"\0" * 32, URI, HASH, sender=world.issuer)


def test_remove_document__unknown__reverts(world: World) -> None:
    bond = world.lone_bond()
    with world.refuses("ERC1643MissingDocument"):
        bond.removeDocument(NAME, sender=world.issuer)


def test_remove_document__known__is_gone(world: World) -> None:
    bond = world.lone_bond()
    bond.setDocument(NAME, URI, HASH, sender=world.issuer)

    made = bond.removeDocument(NAME, sender=world.issuer)

    assert made.only("DocumentRemoved") == {"name": NAME, "uri": URI, "documentHash": HASH}
    assert bond.getDocument(NAME) == ("", b"\0" * 32, 0)
    assert bond.getAllDocuments() == []
    with world.refuses("ERC1643MissingDocument"):
        bond.removeDocument(NAME, sender=world.issuer)


@pytest.mark.parametrize("caller", ["holder", "admin", "statutory", "operator", "registrar", "outsider"])
def test_documents__by_anybody_else__revert(world: World, caller: str) -> None:
    bond, sender = world.lone_bond(), getattr(world, caller)
    bond.setDocument(NAME, URI, HASH, sender=world.issuer)

    with world.refuses("BondCallerRefused", sender):
        bond.setDocument(NAME, "x", HASH, sender=sender)
    with world.refuses("BondCallerRefused", sender):
        bond.removeDocument(NAME, sender=sender)


def test_documents__by_another_account_of_the_issuer__revert(world: World) -> None:
    bond, desk = world.lone_bond(), actor("second desk of the issuer")
    world.admit_account(world.leis[world.issuer], desk, ISSUER)

    with world.refuses("BondCallerRefused", desk):
        bond.setDocument(NAME, URI, HASH, sender=desk)


def test_documents__issuer_lost_the_role__revert(world: World) -> None:
    bond = world.lone_bond()
    world.registry.setRoles(world.issuer, 0, FOREVER, sender=world.registrar)

    with world.refuses("BondCallerRefused", world.issuer):
        bond.setDocument(NAME, URI, HASH, sender=world.issuer)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.booleans(), st.integers(1, 5)), max_size=20))
def test_documents__any_order_of_acts__list_and_entries_agree(
    world: World, acts: list[tuple[bool, int]]
) -> None:
    """PROPERTIES 9: no document is lost or overwritten by another's name."""
    with world.sandbox():
        bond, ghost = world.lone_bond(), dict[bytes, tuple[str, bytes]]()
        for step, (adds, number) in enumerate(acts):
            name = bytes([number]) * 32
            if adds:
                ghost[name] = (f"uri {step}", bytes([step]) * 32)
                bond.setDocument(name, *ghost[name], sender=world.issuer)
            elif name in ghost:
                bond.removeDocument(name, sender=world.issuer)
                del ghost[name]
        assert sorted(bond.getAllDocuments()) == sorted(ghost)
        for name, document in ghost.items():
            assert bond.getDocument(name)[:2] == document
