"""Storage and code written behind the contracts' backs: what is proved is not what the events add up to."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from operator import xor

import pytest
from tests.audit.lives import Lives
from tests.audit.lying import LyingNode
from tests.audit.prove.worlds import Rebuilt, keys
from tests.audit.stage import Story

from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.expected import expected_storage
from indenture.audit.prove.storage.judged import Judged
from indenture.audit.prove.storage.layout import AUTHORITY, BOND, CASH_TOKEN
from indenture.chain import Chain

pytestmark = pytest.mark.integration

HIDDEN = 0x1234


def cells(rebuilt: Rebuilt, contract: str) -> list[Cell]:
    texts = ("Tokenised Yuan", "CNY")
    return [c for c in expected_storage(rebuilt.world, contract, texts) if isinstance(c, Cell)]


def cell(rebuilt: Rebuilt, contract: str, name: str, field: str = "") -> Cell:
    """The slot of a name, and of a field where the name has several."""
    return next(
        each
        for each in cells(rebuilt, contract)
        if each.name == name and (not field or field in [name for name, _, _ in each.fields])
    )


def change_field(rebuilt: Rebuilt, contract: str, name: str, field: str, by: int) -> None:
    found = cell(rebuilt, contract, name, field)
    offset = next(offset for name, offset, _ in found.fields if name == field)
    rebuilt.write(contract, found.slot, lambda word: word + (by << offset))
    rebuilt.seal()


# --- what is falsified in the first story


def test_entry__units_added__are_named(story: Rebuilt, played: Story) -> None:
    holder = played.holders[0].address
    units = story.world.bonds[played.bond].entries[holder].units

    change_field(story, played.bond, f"_entries[{holder}]", "units", 10)
    counts, (finding,) = story.prove()

    assert finding.kind == "PROVE-5"
    assert finding.contract == f"Bond CND1000BOC15 {played.bond}"
    assert finding.key == f"_entries[{holder}].units"
    assert (finding.expected, finding.found) == (str(units), str(units + 10))
    slot = cell(story, played.bond, f"_entries[{holder}]").slot
    assert finding.message == f"slot {slot:#x} holds something else than its events add up to"
    assert counts.whole == counts.accounts - 17


def test_checkpoint__units_taken__are_named(story: Rebuilt, played: Story) -> None:
    register = story.world.bonds[played.bond]
    holder, entry = next((h, e) for h, e in register.entries.items() if e.checkpoints)
    record = next(iter(entry.checkpoints))

    change_field(story, played.bond, f"_checkpoints.byRecord[{holder}][{record}]", "units", -1)
    _, findings = story.prove()

    assert keys(findings) == [f"_checkpoints.byRecord[{holder}][{record}].units"]


def test_cash__a_balance_with_the_total__are_both_named(story: Rebuilt, played: Story) -> None:
    """The sum of all balances is the supply still."""
    cash, holder = played.at("CashToken"), played.holders[4].address
    for name in (f"_balances[{holder}]", "_totalSupply"):
        place = cell(story, cash, name) if name[1] == "b" else cell(story, cash, "", name)
        story.write(cash, place.slot, lambda word: word + 5)
    story.seal()

    _, findings = story.prove()

    assert sorted(keys(findings)) == [f"_balances[{holder}]", "_totalSupply"]
    assert all(int(f.found) - int(f.expected) == 5 for f in findings)


def test_cash__of_a_member_never_seen_there__is_named(story: Rebuilt, played: Story) -> None:
    cash, member = played.at("CashToken"), played.bookrunner.address
    (place,) = CASH_TOKEN.cells("_balances", member, value=0)
    story.write(cash, place.slot, lambda _: 5)
    story.seal()

    _, (finding,) = story.prove()

    assert (finding.key, finding.expected, finding.found) == (f"_balances[{member}]", "0", "5")


def test_member_word__with_a_role_more__is_named(story: Rebuilt, played: Story) -> None:
    registry, account = played.at("MemberRegistry"), played.holders[4].address
    place = cell(story, registry, f"_words[{account}]")
    story.write(registry, place.slot, lambda word: word + (256 << 40))
    story.seal()

    _, (finding,) = story.prove()

    assert finding.key == f"_words[{account}]"
    assert int(finding.found) - int(finding.expected) == 256 << 40


def test_power__granted_without_a_word__is_found(story: Rebuilt, played: Story) -> None:
    """An administrator of whom no event tells: no view could be asked for him."""
    authority = played.at("Authority")
    (place,) = AUTHORITY.cells("_roles", 0, "members", played.outsider.address, value=(1, 0))
    story.write(authority, place.slot, lambda _: 1)
    story.seal()

    _, (finding,) = story.prove()

    assert (finding.kind, finding.key) == ("PROVE-5", f"slot {place.slot:#x}")
    assert (finding.expected, finding.found) == ("0", "1")


@pytest.mark.parametrize("contract", ["Bond", "CashToken", "Settlement", "BondFactory", "Servicing"])
def test_hidden_slot__that_nobody_reads__is_named(story: Rebuilt, played: Story, contract: str) -> None:
    story.write(played.at(contract), HIDDEN, lambda _: 7)
    story.seal()

    _, (finding,) = story.prove()

    assert (finding.key, finding.expected, finding.found) == ("slot 0x1234", "0", "7")


@pytest.mark.parametrize(("slot", "key"), [(HIDDEN, "storage root"), (0x80, "slot 0x80")])
def test_hidden_slot__where_the_node_gives_no_hint__is_found(
    story: Rebuilt, played: Story, slot: int, key: str
) -> None:
    """Nodes of chains do not tell which slots they keep: the root alone says that there is one too many."""
    with LyingNode(story.node.url) as node:
        node.lie = lambda method, _, result: "Node/v1" if method == "web3_clientVersion" else result
        factory = f"BondFactory {played.at('BondFactory')}"
        before, _ = story.prove(Chain.connect(node.url))
        story.write(played.at("BondFactory"), slot, lambda _: 7)
        story.seal()

        after, findings = story.prove(Chain.connect(node.url))

    (finding,) = [f for f in findings if f.contract == factory]
    assert finding.key == key
    assert after.whole == before.whole - 1


def test_bits__of_no_field__are_found(story: Rebuilt, played: Story) -> None:
    period = next(iter(story.world.bonds[played.bond].days))
    place = cell(story, played.bond, f"_paymentDays[{period}]")
    story.write(played.bond, place.slot, lambda word: word | 1 << 255)
    story.seal()

    _, (finding,) = story.prove()

    assert finding.key == f"_paymentDays[{period}], bits of no field"


def test_unit_payment__of_another_worth__is_named(story: Rebuilt, played: Story) -> None:
    servicing = played.at("Servicing")
    each = next(e for e in expected_storage(story.world, servicing, ("", "")) if isinstance(e, Judged))
    story.write(servicing, each.cells[0].slot, lambda word: word + 1)
    story.seal()

    _, (finding,) = story.prove()

    assert finding.key == each.cells[0].name
    assert finding.key.endswith(".each")
    assert finding.expected == each.expected
    assert finding.message == "what a unit is paid is not what follows from the terms"


@pytest.mark.parametrize(
    "contract", ["Servicing", "ServicingTerm", "CashToken", "OfferingPayment", "BondExtension", "Bond"]
)
def test_code__with_another_byte__is_found(story: Rebuilt, played: Story, contract: str) -> None:
    address = played.at(contract)
    code = played.chain.code(address)
    changed = code[:-1] + bytes([code[-1] ^ 1])
    played.chain.rpc.request("anvil_setCode", [address, "0x" + changed.hex()], resend=False)
    story.seal()

    _, (finding,) = story.prove()

    assert (finding.kind, finding.key) == ("PROVE-6", "code hash")
    assert finding.contract.endswith(address)
    assert finding.expected != finding.found


# --- what no view answers for


def test_drawing__another_place_in_the_row__is_named(fates: Rebuilt, fated: Lives) -> None:
    """Where a holder's units begin decides what is drawn of him, and is told by no view."""
    servicing = fated.story.at("Servicing")
    place = next(c for c in cells(fates, servicing) if c.path[0] == "_elections")

    fates.write(servicing, place.slot, lambda word: word + (1 << 64))
    fates.seal()
    _, findings = fates.prove()

    assert keys(findings) == [f"{place.name}.start"]


def test_version__that_keeps_something__is_found(fates: Rebuilt) -> None:
    version = next(v for r in fates.world.bonds.values() for v in r.life.versions)
    fates.write(version.source, 0, lambda _: 1)
    fates.seal()

    _, findings = fates.prove()

    assert keys(findings) == ["slot 0x0"]


# --- one bit in every contract at once


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["story", "lives", "fates"])
def test_storage__one_bit_flipped_in_every_contract__each_is_named(
    name: str, seed: int, request: pytest.FixtureRequest
) -> None:
    rebuilt: Rebuilt = request.getfixturevalue(name)
    rnd = random.Random(seed)
    flipped: set[tuple[str, str]] = set()
    world = rebuilt.world
    for contract in world.suite.targets:
        # The symbol of a token is told by nobody but its own view, which says whatever is stored.
        kept = [c for c in cells(rebuilt, contract) if c.word and c.name != "_symbol"]
        if not kept:
            continue
        place = rnd.choice(kept)
        field, offset, kind = rnd.choice(place.fields)
        bit = offset + rnd.randrange(8 * kind.size if kind.name != "bool" else 1)
        rebuilt.write(contract, place.slot, partial(xor, 1 << bit))
        flipped.add((world.suite.label(contract), ".".join(filter(None, (place.name, field)))))
    rebuilt.seal()

    counts, findings = rebuilt.prove()

    assert {(f.contract, f.key) for f in findings} == flipped
    assert {f.kind for f in findings} == {"PROVE-5"}
    assert counts.unproved == ()


# --- events that cannot be


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda register, holder: setattr(register.entries[holder], "units", -1), "does not fit uint64"),
        (lambda register, _: setattr(register, "records", 2**16), "does not fit uint16"),
    ],
)
def test_events__that_no_slot_can_hold__end_in_a_finding(
    played: Story, played_world: Rebuilt, spoil: Callable[..., None], fault: str
) -> None:
    rebuilt = played_world.copy()
    spoil(rebuilt.world.bonds[played.bond], played.holders[0].address)

    _, (finding,) = rebuilt.prove()

    assert (finding.kind, finding.key) == ("PROVE-5", "storage")
    assert fault in finding.found
    assert finding.message == "its events add up to nothing that can be stored"


def test_events__one_that_never_was__shows_in_the_storage(played: Story, played_world: Rebuilt) -> None:
    rebuilt = played_world.copy()
    holder = played.holders[0].address
    rebuilt.world.bonds[played.bond].approvals.nonces[holder] += 1
    (place,) = BOND.cells("_nonces", holder, value=0)

    _, (finding,) = rebuilt.prove()

    assert (finding.key, finding.expected, finding.found) == (place.name, "1", "0")
