"""One address, three parts in one storage: a part that is called directly holds nothing, and has no power."""

import json

import pytest
from eth_utils.crypto import keccak
from tests.evm.artefacts import ROOT, Entry, artefact
from tests.evm.builders import STATUTORY_ID
from tests.evm.chain import Contract, refused
from tests.evm.signing import domain
from tests.evm.world import STATUTORY_ACTS, World

pytestmark = pytest.mark.unit

LAYOUTS = json.loads((ROOT / "snapshots" / "storage_layout.json").read_text("utf-8"))
PARTS = ("Bond", "BondExtension", "BondEvents")


def entries_of(name: str) -> dict[bytes, Entry]:
    return {entry.selector: entry for found in artefact(name).functions.values() for entry in found}


EXTENSION, EVENTS = entries_of("BondExtension"), entries_of("BondEvents")
WHOLE = sorted((entries_of("Bond") | EXTENSION | EVENTS).values(), key=lambda entry: entry.signature)
FURTHER = EXTENSION.keys() | EVENTS.keys()
SUITE = {artefact("Bond").functions["suite"][0].selector}
UNKNOWN = (b"", b"\x01", b"\x00" * 4, b"\xde\xad\xbe\xef", b"\xde\xad\xbe\xef" + b"\x01" * 96)


def extension_of(world: World) -> Contract:
    return world.evm.at(world.implementation.NEXT(), "BondExtension")


def events_part_of(world: World) -> Contract:
    return world.evm.at(extension_of(world).EVENTS(), "BondEvents")


def part_named(world: World, name: str) -> Contract:
    return {"Bond": world.implementation, "BondExtension": extension_of(world)}.get(name) or events_part_of(
        world
    )


# --- how they are built


def test_parts__of_a_bond__obey_the_same_suite(world: World) -> None:
    suite = world.register().suite()

    assert all(part_named(world, name).suite() == suite for name in PARTS)


@pytest.mark.parametrize("part", PARTS[1:])
def test_storage__of_each_part__is_laid_out_the_same(part: str) -> None:
    """They run in the same storage: a slot that moved would be read as another's."""
    assert LAYOUTS[part] == LAYOUTS["Bond"]


def test_functions__of_the_whole__are_each_in_one_part() -> None:
    code = bytes.fromhex(
        json.loads((ROOT / "src" / "indenture" / "_abi" / "Bond.json").read_text("utf-8"))[
            "deployedBytecode"
        ].removeprefix("0x")
    )
    push4 = b"\x63"
    own = {entry.selector for entry in WHOLE if push4 + entry.selector in code}

    assert own | FURTHER == {entry.selector for entry in WHOLE}
    assert own & FURTHER == EXTENSION.keys() & EVENTS.keys() == SUITE


def test_functions__before_transfer__are_few() -> None:
    """Each of Bond's own below the selector of `transfer` costs every transfer 22 gas."""
    transfer = artefact("Bond").functions["transfer"][0].selector
    before = {e.name for e in WHOLE if e.selector < transfer and e.selector not in FURTHER}

    assert before == {
        "approve",
        "balanceOf",
        "book",
        "bookTransfer",
        "entryOf",
        "isin",
        "markPaid",
        "paymentDays",
        "supplyAt",
        "totalSupply",
        "transferFrom",
    }


def test_deploy__extension_without_code__reverts(world: World) -> None:
    """Else what it should do would succeed, and do nothing."""
    with world.refuses("BondExtensionInvalid", world.outsider):
        world.deploy("Bond", world.implementation.suite(), world.outsider)


def test_deploy__extension_of_another_suite__reverts(world: World) -> None:
    with world.refuses("BondExtensionInvalid", extension_of(world)):
        world.deploy("Bond", world.lone_implementation.suite(), extension_of(world))


def test_deploy__another_contract_as_extension__reverts(world: World) -> None:
    with world.refuses(""):
        world.deploy("Bond", world.implementation.suite(), world.registry)


# --- through a clone


@pytest.mark.parametrize("entry", WHOLE, ids=lambda entry: entry.signature)
def test_function__of_the_whole__is_known_to_a_clone(world: World, entry: Entry) -> None:
    bond = world.lone_bond()

    with world.sandbox():
        found = refused(lambda: world.evm.send(world.outsider, bond.address, entry.with_zeros()))

    assert found != "BondActUnknown"
    if entry.is_view and entry.name not in ("unitsAt", "supplyAt", "checkTransfer"):
        assert found == ""


@pytest.mark.parametrize("data", UNKNOWN)
@pytest.mark.parametrize("where", ["bond", *PARTS])
def test_fallback__function_that_no_part_has__reverts_by_its_name(
    world: World, where: str, data: bytes
) -> None:
    address = (world.lone_bond() if where == "bond" else part_named(world, where)).address

    with world.refuses("BondActUnknown", data[:4].ljust(4, b"\0")):
        world.evm.send(world.outsider, address, data)


@pytest.mark.parametrize("name", ["initialize", "upgradeTo", "mint", "burn", "pledge", "setImplementation"])
def test_fallback__names_of_other_tokens__are_unknown(world: World, name: str) -> None:
    bond, selector = world.lone_bond(), keccak(text=f"{name}(address)")[:4]

    with world.refuses("BondActUnknown", selector):
        world.evm.send(world.admin, bond.address, selector + bytes(32))


def test_fallback__refusal_of_the_extension__comes_through_whole(world: World) -> None:
    bond = world.lone_bond(minimumUnits=10)

    with world.refuses("BondBelowMinimumDenomination", world.holder, 5, 10):
        bond.checkTransfer(world.holder, world.buyer, 95)


def test_fallback__short_calldata_of_a_known_function__reverts(world: World) -> None:
    bond = world.lone_bond()
    whole = bond.raw("setFrozenTokens", world.holder, 1)

    for length in (4, 36, len(whole) - 1):
        with world.refuses(""):
            world.evm.send(world.statutory, bond.address, whole[:length])


def test_domain__of_a_bond__is_that_of_its_address(world: World) -> None:
    bond = world.lone_bond()
    fields, name, version, chain_id, contract, salt, extensions = bond.eip712Domain()

    assert (fields, name, version) == (b"\x0f", "Indenture Bond", "1")
    assert (chain_id, contract, salt, extensions) == (31337, bond.address, bytes(32), [])
    assert bond.DOMAIN_SEPARATOR() == domain("Indenture Bond", bond)
    assert extension_of(world).DOMAIN_SEPARATOR() != bond.DOMAIN_SEPARATOR()


# --- called directly


@pytest.mark.parametrize("caller", ["statutory", "admin", "outsider"])
@pytest.mark.parametrize("act", STATUTORY_ACTS)
@pytest.mark.parametrize("part", PARTS[:2])
def test_part__called_directly__has_no_power(world: World, part: str, act: str, caller: str) -> None:
    """Not even where the Authority was told that it has."""
    address = part_named(world, part).address
    entry = artefact("Bond").functions[act][0]
    world.authority.setTargetFunctionRole(address, [entry.selector], STATUTORY_ID, sender=world.admin)
    sender = getattr(world, caller)

    with world.refuses("BondCallerRefused", sender):
        world.evm.send(sender, address, entry.with_zeros())


@pytest.mark.parametrize("act", ["setDocument", "removeDocument"])
@pytest.mark.parametrize("part", PARTS[:2])
def test_part__called_directly__has_no_issuer(world: World, part: str, act: str) -> None:
    address = part_named(world, part).address
    entry = artefact("Bond").functions[act][0]

    with world.refuses("BondCallerRefused", world.issuer):
        world.evm.send(world.issuer, address, entry.with_zeros())


@pytest.mark.parametrize("name", sorted({e.name for e in WHOLE if e.selector not in FURTHER}))
@pytest.mark.parametrize("part", PARTS[1:])
def test_part_behind__called_directly__moves_nothing(world: World, part: str, name: str) -> None:
    """It knows none of the acts of the first part, so that nobody comes to hold anything in it."""
    entry = artefact("Bond").functions[name][0]

    with world.refuses("BondActUnknown", entry.selector):
        world.evm.send(world.admin, part_named(world, part).address, entry.with_zeros())


@pytest.mark.parametrize("caller", ["statutory", "admin", "issuer", "paying", "outsider"])
@pytest.mark.parametrize("name", sorted({e.name for e in EVENTS.values() if not e.is_view}))
def test_event__by_another_than_the_servicing__is_refused(world: World, name: str, caller: str) -> None:
    """At the bond, and at the part itself."""
    bond, sender = world.register(), getattr(world, caller)
    data = artefact("BondEvents").functions[name][0].with_zeros()

    for address in (bond.address, events_part_of(world).address):
        with world.refuses("BondCallerRefused", sender):
            world.evm.send(sender, address, data)


@pytest.mark.parametrize("part", PARTS[1:])
def test_part_behind__called_directly__changes_no_bond(world: World, part: str) -> None:
    bond, address = world.lone_bond(), part_named(world, part).address
    before = (bond.book(), bond.entryOf(world.holder), bond.nonces(world.holder), bond.getAllDocuments())

    for caller in (world.statutory, world.admin, world.issuer, world.outsider, world.paying):
        for entry in WHOLE:
            refused(lambda c=caller, e=entry: world.evm.send(c, address, e.with_zeros()))  # type: ignore[misc]

    assert before == (
        bond.book(),
        bond.entryOf(world.holder),
        bond.nonces(world.holder),
        bond.getAllDocuments(),
    )
