"""One address, four parts in one storage: a part that is called directly is empty, and begins nothing."""

import json
from typing import Any

import pytest
from eth_utils.crypto import keccak
from tests.evm.artefacts import ROOT, artefact
from tests.evm.builders import NONE, PUBLISHED
from tests.evm.chain import Contract
from tests.evm.world import World
from tests.unit.offering.stages import tender_in

pytestmark = pytest.mark.unit

PARTS = ("Offering", "OfferingPayment", "OfferingClearing", "OfferingMandate")
LAYOUTS = json.loads((ROOT / "snapshots" / "storage_layout.json").read_text("utf-8"))
NOBODY = "0x" + "00" * 20


def parts_of(world: World) -> list[Contract]:
    """The parts in their order, each seen as the whole."""
    found = [world.evm.at(world.offering.address, "Offering")]
    while found[-1].NEXT() != NOBODY:
        found.append(world.evm.at(found[-1].NEXT(), PARTS[len(found)]))
    return found


def test_parts__of_the_suite__are_four_in_a_chain(world: World) -> None:
    parts = parts_of(world)

    assert [part.kind.name for part in parts] == list(PARTS)
    assert {part.FACTORY() for part in parts} == {world.factory.address}
    assert {part.REGISTRY() for part in parts} == {world.registry.address}


@pytest.mark.parametrize("part", PARTS[1:])
def test_storage__of_each_part__is_laid_out_the_same(part: str) -> None:
    """They run in each other's storage: a slot that moved would be read as another's."""
    assert LAYOUTS[part] == LAYOUTS["Offering"]


def test_storage__of_a_book__is_as_its_comments_say() -> None:
    """No field straddles a slot, and the slots that every bid reads are the first ones."""
    fields = LAYOUTS["Offering"]["storage"]["structs"]["struct Book"]
    used = {
        slot: sum(f["bytes"] for f in fields if f["slot"] == slot) for slot in {f["slot"] for f in fields}
    }
    first = {field["label"] for field in fields if field["slot"] == 0}

    assert max(used.values()) <= 32
    assert sorted(used) == list(range(15))
    assert first == {"cash", "opensAt", "closesAt", "stage", "form"}


def test_functions__of_the_whole__are_each_in_one_part() -> None:
    whole = {entry.selector for entries in artefact("IOffering").functions.values() for entry in entries}
    own = {
        part: {entry.selector for entries in artefact(part).functions.values() for entry in entries}
        for part in PARTS
    }
    shared = set.intersection(*own.values())

    assert whole == set.union(*own.values()) - shared
    for part in PARTS:
        for other in PARTS[PARTS.index(part) + 1 :]:
            assert own[part] & own[other] == shared
    names = {entry.name for entries in artefact("Offering").functions.values() for entry in entries}
    assert {"FACTORY", "REGISTRY", "NEXT", "eip712Domain"} <= names


@pytest.mark.parametrize(
    "data", [b"", b"\x01", b"\x00" * 4, b"\xde\xad\xbe\xef", b"\xde\xad\xbe\xef" + b"\x01" * 96]
)
def test_fallback__function_that_no_part_has__reverts_by_its_name(world: World, data: bytes) -> None:
    with world.refuses("OfferingActUnknown", data[:4].ljust(4, b"\0")):
        world.evm.send(world.outsider, world.offering.address, data)


@pytest.mark.parametrize("name", ["open", "order", "allocate", "settle", "refund", "initialize", "upgradeTo"])
def test_fallback__names_of_other_markets__are_unknown(world: World, name: str) -> None:
    selector = keccak(text=f"{name}(uint256)")[:4]

    with world.refuses("OfferingActUnknown", selector):
        world.evm.send(world.admin, world.offering.address, selector + bytes(32))


def test_fallback__refusal_of_the_last_part__comes_through_whole(world: World) -> None:
    """Errors with their arguments pass three delegatecalls."""
    with world.refuses("OfferingBondUnknown", world.cash):
        world.tender(world.cash).mandate()


def test_fallback__short_calldata_of_a_known_function__reverts(world: World) -> None:
    tender = tender_in(world, PUBLISHED)
    whole = world.offering.raw("settle", tender.id, tender.openings())

    tender.to("settlesFrom")
    for length in (4, 36, 68, len(whole) - 32):
        with world.refuses(""):
            world.evm.send(world.outsider, world.offering.address, whole[:length])


def calls_of(world: World, tender: Any) -> dict[str, tuple[str, bytes]]:
    """What an account would do to an offering that lives at the real address."""
    offering = world.offering
    return {
        "closeBook": (world.outsider, offering.raw("closeBook", tender.id)),
        "clear": (world.outsider, offering.raw("clear", tender.id)),
        "fail": (world.outsider, offering.raw("fail", tender.id)),
        "settle": (world.outsider, offering.raw("settle", tender.id, tender.openings())),
        "release": (world.outsider, offering.raw("release", tender.id, tender.openings())),
        "acceptMandate": (world.bookrunner, offering.raw("acceptMandate", tender.id, bytes(32))),
        "openBook": (world.bookrunner, offering.raw("openBook", tender.id)),
        "joinSyndicate": (world.underwriters[0], offering.raw("joinSyndicate", tender.id, 1, 400)),
        "discharge": (world.outsider, offering.raw("discharge", tender.id, [world.underwriters[0]])),
    }


@pytest.mark.parametrize(
    "act", ["closeBook", "clear", "fail", "settle", "release", "acceptMandate", "openBook"]
)
@pytest.mark.parametrize("part", PARTS[1:])
def test_part__called_directly__finds_no_offering(world: World, part: str, act: str) -> None:
    tender = tender_in(world, PUBLISHED)
    tender.to("settlesFrom")
    address = parts_of(world)[PARTS.index(part)].address
    sender, data = calls_of(world, tender)[act]
    knows = act in artefact(part).functions or any(
        act in artefact(later).functions for later in PARTS[PARTS.index(part) :]
    )

    with world.refuses(
        *(("OfferingStageWrong", tender.id, NONE) if knows else ("OfferingActUnknown", data[:4]))
    ):
        world.evm.send(sender, address, data)
    whole = world.evm.at(address, "IOffering")
    assert whole.offeringCount() == 0


@pytest.mark.parametrize("part", PARTS[1:])
def test_part__called_directly__begins_no_offering(world: World, part: str) -> None:
    """Else it would take deposits that nobody could ever take out of it."""
    tender = world.tender()
    address = parts_of(world)[PARTS.index(part)].address
    data = world.offering.raw("mandate", tender.conditions, tender.classes)

    with world.refuses("OfferingBondUnknown", tender.bond):
        world.evm.send(world.issuer, address, data)


@pytest.mark.parametrize("part", PARTS[1:])
def test_part__called_directly__takes_no_deposit(world: World, part: str) -> None:
    address = parts_of(world)[PARTS.index(part)].address
    data = world.offering.raw("fundDeposit", world.cash, 100)
    world.cash.approve(address, 100, sender=world.investors[0])

    with world.refuses("OfferingActUnknown", data[:4]):
        world.evm.send(world.investors[0], address, data)


@pytest.mark.parametrize("part", PARTS[:3])
def test_deploy__next_part_without_code__reverts(world: World, part: str) -> None:
    """Else what it should do would succeed, and do nothing."""
    with world.refuses("OfferingPartMissing", world.outsider):
        world.deploy(part, world.factory, world.registry, world.outsider)


def test_domain__of_the_whole__is_that_of_its_address(world: World) -> None:
    fields, name, version, chain_id, contract, salt, extensions = world.evm.at(
        world.offering.address, "Offering"
    ).eip712Domain()

    assert (fields, name, version) == (b"\x0f", "Indenture Offering", "1")
    assert (chain_id, contract, salt, extensions) == (31337, world.offering.address, bytes(32), [])
