"""One address, ten parts in one storage: what is called directly holds nothing, and nothing obeys it."""

import json
from datetime import date

import pytest
from eth_utils.crypto import keccak
from tests.evm import builders
from tests.evm.artefacts import ROOT, Entry, Record, artefact
from tests.evm.builders import NOBODY, day_of
from tests.evm.chain import Contract, refused
from tests.evm.world import World
from tests.unit.servicing.stage import DUE, floater, provided, quarterly, to

pytestmark = pytest.mark.unit

PARTS = (
    "Servicing",
    "ServicingCoupons",
    "ServicingAccruals",
    "ServicingFixings",
    "ServicingActions",
    "ServicingActionPayments",
    "ServicingDrawings",
    "ServicingTerm",
    "ServicingDefault",
    "ServicingVersions",
)
COMPUTING = ("ServicingCoupons", "ServicingAccruals", "ServicingFixings")
#: Structs, and the bytes that each of their slots uses.
STRUCTS = {
    "Payment": [32, 29, 28, 96],
    "Fixing": [30, 32],
    "State": [29],
    "PartialCall": [18],
    "Version": [22],
    "Action": [25, 24, 32, 20, 32],
    "Drawing": [32, 9],
    "Election": [18],
    "Claim": [32, 32, 4],
}
LAYOUTS = json.loads((ROOT / "snapshots" / "storage_layout.json").read_text("utf-8"))
UNKNOWN = (b"", b"\x01", b"\x00" * 4, b"\xde\xad\xbe\xef", b"\xde\xad\xbe\xef" + b"\x01" * 96)


def entries_of(name: str) -> dict[bytes, Entry]:
    return {entry.selector: entry for found in artefact(name).functions.values() for entry in found}


WHOLE = entries_of("IServicing")


def parts_of(world: World) -> list[Contract]:
    found = [world.evm.at(world.servicing.address, "Servicing")]
    while found[-1].NEXT() != NOBODY:
        found.append(world.evm.at(found[-1].NEXT(), PARTS[len(found)]))
    world.evm.at(world.servicing.address, "IServicing")
    return found


def part_of(world: World, name: str) -> Contract:
    return next(part for part in parts_of(world) if part.kind.name == name)


# --- how they are built


def test_parts__of_the_suite__are_ten_in_a_chain(world: World) -> None:
    parts = parts_of(world)

    assert [part.kind.name for part in parts] == list(PARTS)
    assert {part.FACTORY() for part in parts} == {world.factory.address}
    computing = [part for part in parts if part.kind.name in COMPUTING]
    assert {part.BENCHMARKS() for part in computing} == {world.benchmarks.address}


@pytest.mark.parametrize("part", PARTS[1:])
def test_storage__of_each_part__is_laid_out_the_same(part: str) -> None:
    """They run in each other's storage: a slot that moved would be read as another's."""
    assert LAYOUTS[part] == LAYOUTS["Servicing"]


def test_storage__of_both_parts_of_the_settlement__is_laid_out_the_same() -> None:
    assert LAYOUTS["SettlementClean"] == LAYOUTS["Settlement"]


@pytest.mark.parametrize(("struct", "slots"), STRUCTS.items())
def test_storage__of_a_struct__is_as_its_comments_say(struct: str, slots: list[int]) -> None:
    fields = LAYOUTS["Servicing"]["storage"]["structs"][f"struct {struct}"]
    used: dict[int, int] = {}
    for found in fields:
        used[found["slot"]] = used.get(found["slot"], 0) + found["bytes"]

    assert [used[slot] for slot in sorted(used)] == slots


def test_functions__of_the_whole__are_each_in_one_part() -> None:
    own = {part: set(entries_of(part)) for part in PARTS}
    shared = {
        entry.selector
        for part in PARTS
        for entry in entries_of(part).values()
        if entry.name in ("FACTORY", "NEXT", "BENCHMARKS")
    }

    assert set(WHOLE) <= set.union(*own.values())
    assert set.union(*own.values()) - set(WHOLE) <= shared
    for part in PARTS:
        for other in PARTS[PARTS.index(part) + 1 :]:
            assert own[part] & own[other] <= shared, (part, other)


@pytest.mark.parametrize("name", PARTS[:-1])
def test_deploy__next_part_without_code__reverts(world: World, name: str) -> None:
    middle = (world.benchmarks,) if name in COMPUTING else ()
    with world.refuses("ServicingPartMissing", world.outsider):
        world.deploy(name, world.factory, *middle, world.outsider)


# --- through the address


@pytest.mark.parametrize("entry", WHOLE.values(), ids=lambda entry: entry.signature)
def test_function__of_the_whole__is_known_at_the_address(world: World, entry: Entry) -> None:
    data = entry.with_zeros()

    found = refused(lambda: world.evm.send(world.outsider, world.servicing.address, data))

    assert found != "ServicingActUnknown"


@pytest.mark.parametrize("data", UNKNOWN)
@pytest.mark.parametrize("part", range(len(PARTS)))
def test_fallback__function_that_no_part_has__reverts_by_its_name(
    world: World, part: int, data: bytes
) -> None:
    where = parts_of(world)[part].address

    with world.refuses("ServicingActUnknown", data[:4].ljust(4, b"\0")):
        world.evm.send(world.outsider, where, data)


@pytest.mark.parametrize("name", ["initialize", "upgradeTo", "setNext", "withdraw", "sweep", "mint", "unfix"])
def test_fallback__names_of_other_services__are_unknown(world: World, name: str) -> None:
    selector = keccak(text=f"{name}(address)")[:4]

    with world.refuses("ServicingActUnknown", selector):
        world.evm.send(world.admin, world.servicing.address, selector + bytes(32))


def test_fallback__refusal_of_the_last_part__comes_through_whole(world: World) -> None:
    """Errors with their arguments pass every delegatecall."""
    with world.refuses("FixingOutOfOrder", floater(world), 9, 1):
        world.servicing.fix(world.bonds[-1], 9, sender=world.outsider)


def test_fallback__ether__is_not_taken(world: World) -> None:
    """No function is payable: nothing can be locked in."""
    for part in PARTS:
        assert all(abi.get("stateMutability") != "payable" for abi in artefact(part).abi)


# --- directly


def test_fix__at_the_part_itself__is_refused(world: World) -> None:
    """The bond obeys the address that it was built with, and no part of it."""
    world.benchmark("SHIBOR3M")
    bond = floater(world)
    world.publish_value("SHIBOR3M", day_of(date(2019, 12, 3)), 10_000_000)
    fixings = part_of(world, "ServicingFixings")

    with world.refuses("ServicingBondUnknown", bond):
        fixings.fix(bond, 1, sender=world.outsider)
    world.fix(bond, 1)


def test_defer__at_the_part_itself__is_refused(world: World) -> None:
    deferral = Record(noticeDays=31, bearsInterest=True)
    bond = quarterly(world, provided(deferral=deferral))

    with world.refuses("ServicingBondUnknown", bond):
        part_of(world, "ServicingFixings").deferInterest(bond, 1, sender=world.issuer)


def test_renew__at_the_part_itself__is_refused(world: World) -> None:
    bond = quarterly(world, provided(renewal=builders.renewal(4)))
    to(world, DUE[0])
    part = part_of(world, "ServicingTerm")

    with world.refuses("ServicingBondUnknown", bond):
        part.renew(bond, sender=world.issuer)


@pytest.mark.parametrize("part", range(1, len(PARTS)))
def test_money__at_a_part_itself__has_no_way_in_or_out(world: World, part: int) -> None:
    bond = world.bond()
    world.ready(bond)
    where = parts_of(world)[part].address
    data = {
        name: world.servicing.raw(name, *arguments)
        for name, arguments in {
            "fund": (bond, 1),
            "pay": (bond, 1, [world.holder]),
            "redeem": (bond, [world.holder]),
            "claim": (bond, 1),
            "payClaims": (bond, 1, [world.holder]),
            "collect": (bond, world.holder),
            "transferClaim": (bond, 1, world.holder, world.buyer, 1),
        }.items()
    }

    for name, calldata in data.items():
        with world.refuses("ServicingActUnknown", calldata[:4]):
            world.evm.send(world.holder, where, calldata)
        assert name in artefact("Servicing").functions


def test_views__at_the_part_itself__know_no_fixing(world: World) -> None:
    """An auditor who asks the wrong address is told so, not lied to."""
    world.benchmark("SHIBOR3M")
    bond = floater(world)
    world.publish_value("SHIBOR3M", day_of(date(2019, 12, 3)), 10_000_000)
    world.fix(bond, 1)

    with world.refuses("PeriodNotFixed", bond, 1):
        part_of(world, "ServicingCoupons").unitPayment(bond, 1)
    assert world.servicing.unitPayment(bond, 1).interestNumerator > 0


def test_servicing__of_another_suite__cannot_pay(world: World) -> None:
    """Another chain of parts with the same factory takes no money for a bond that does not obey it."""
    bond = world.bond()
    world.ready(bond)
    parts = parts_of(world)
    other = world.evm.at(world.deploy("Servicing", world.factory, parts[1]).address, "IServicing")
    world.give_cash(world.paying_agent)

    world.cash.approve(other, 10**9, sender=world.paying_agent)

    assert refused(lambda: other.fund(bond, 1, sender=world.paying_agent)) == "ServicingBondUnknown"
    assert refused(lambda: other.pay(bond, 1, [world.holder], sender=world.outsider)) == "PaymentNotFunded"
