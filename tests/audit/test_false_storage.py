"""State that no event ever told: storage and code written behind the contracts' backs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from tests.audit.stage import ISIN, Story

from indenture.audit import AuditResult, audit

pytestmark = pytest.mark.integration

_SLOTS = 16


@pytest.fixture
def spoiled(played: Story) -> Iterator[Story]:
    """The story; what a test writes into it is undone."""
    snapshot = played.node.time.snapshot()
    yield played
    played.node.time.revert(snapshot)


def at(slot: int | bytes, kind: str, key: object) -> bytes:
    """Place of a mapping's value."""
    number = int.from_bytes(slot, "big") if isinstance(slot, bytes) else slot
    return keccak(encode((kind, "uint256"), (key, number)))


def load(story: Story, contract: str, slot: bytes) -> int:
    return int(story.chain.rpc.request("eth_getStorageAt", [contract, "0x" + slot.hex(), "latest"]), 16)


def spoil(story: Story, contract: str, place: Callable[[int], bytes], value: int, change: int) -> AuditResult:
    """Finds the slot that holds a value, changes it, and audits.

    Args:
        story: The story.
        contract: Address of the contract.
        place: Place of the value, by the number of the mapping's slot.
        value: What stands there now, in its lowest bits.
        change: What to add.
    """
    bits = max(value.bit_length(), 8)
    slots = [place(n) for n in range(_SLOTS)]
    (slot,) = [s for s in slots if (word := load(story, contract, s)) and word % (1 << bits) == value]
    word = load(story, contract, slot) + change
    story.chain.rpc.request(
        "anvil_setStorageAt", [contract, "0x" + slot.hex(), f"0x{word:064x}"], resend=False
    )
    story.node.time.mine()
    return audit(story.chain, story.deployment)


def test_cash_balance__raised__is_found(spoiled: Story) -> None:
    holder, cash = spoiled.holders[4].address, spoiled.at("CashToken")
    balance = spoiled.read("CashToken", "balanceOf", holder)

    result = spoil(spoiled, cash, lambda n: at(n, "address", holder), balance, 1)

    assert [f.kind for f in result.findings] == ["VIEW-1", "SUM-1"]
    assert result.findings[0].key == f"balanceOf({holder})"
    assert (result.findings[0].expected, result.findings[0].found) == (str(balance), str(balance + 1))


def test_cash_balance__of_a_member_never_seen_there__is_found(spoiled: Story) -> None:
    """No event ever named the account in this token; it is asked for because it is a member's."""
    member, cash = spoiled.bookrunner.address, spoiled.at("CashToken")
    known = spoiled.holders[4].address
    balance = spoiled.read("CashToken", "balanceOf", known)
    (number,) = [n for n in range(_SLOTS) if load(spoiled, cash, at(n, "address", known)) == balance]
    slot = "0x" + at(number, "address", member).hex()
    spoiled.chain.rpc.request("anvil_setStorageAt", [cash, slot, f"0x{5:064x}"], resend=False)
    spoiled.node.time.mine()

    result = audit(spoiled.chain, spoiled.deployment)

    assert result.findings[0].key == f"balanceOf({member})"


def test_member_word__roles_added__is_found(spoiled: Story) -> None:
    account = spoiled.holders[4].address
    word = spoiled.read("MemberRegistry", "wordOf", account)

    result = spoil(
        spoiled, spoiled.at("MemberRegistry"), lambda n: at(n, "address", account), word, 256 << 40
    )

    assert [f.key for f in result.findings] == [f"wordOf({account})"]


def test_member__suspended__is_found(spoiled: Story) -> None:
    registry = spoiled.at("MemberRegistry")
    lei = spoiled.read("MemberRegistry", "wordOf", spoiled.holders[4].address) >> 96
    key = lei.to_bytes(20, "big")
    admitted = spoiled.read("MemberRegistry", "member", key).admittedAt

    result = spoil(spoiled, registry, lambda n: at(n, "bytes20", key), admitted, 1 << 64)

    assert [f.key for f in result.findings] == [f"member(0x{key.hex()}).suspended"]


def test_bond_entry__units_added__is_found(spoiled: Story) -> None:
    holder = spoiled.holders[0].address
    units = spoiled.read("Bond", "entryOf", holder).units

    result = spoil(spoiled, spoiled.bond, lambda n: at(n, "address", holder), units, 10)

    assert f"entryOf({holder}).units" in {f.key for f in result.findings}


def test_bond_paid_marks__one_taken__is_found(spoiled: Story) -> None:
    holder = spoiled.holders[0].address
    number = spoiled.read("Bond", "entryOf", holder).number
    word = spoiled.read("Bond", "paidWord", 2, 0)

    result = spoil(
        spoiled, spoiled.bond, lambda n: at(at(n, "uint256", 2), "uint256", 0), word, -(1 << number)
    )

    assert {"paidWord(2, 0)", f"isPaid({holder}, 2)", f"balanceOf({holder})"} <= {
        f.key for f in result.findings
    }


def test_bond_book__supply_raised__is_found(spoiled: Story) -> None:
    book = spoiled.read("Bond", "book")
    word = book.supply | book.nextTime << 64

    result = spoil(spoiled, spoiled.bond, lambda n: n.to_bytes(32, "big"), word, 7)

    assert {"book().supply", "totalSupply()"} <= {f.key for f in result.findings}


def test_factory__other_bond__is_found(spoiled: Story) -> None:
    result = spoil(
        spoiled, spoiled.at("BondFactory"), lambda n: at(n, "bytes12", ISIN), int(spoiled.bond, 16), 1
    )

    assert result.findings[0].key == f"bondOf(0x{ISIN.hex()})"


def test_calendar__a_day_opened__is_found(spoiled: Story) -> None:
    calendar = spoiled.at("BusinessCalendar")
    low = spoiled.read("BusinessCalendar", "yearOf", b"CN-IB\0\0\0", 2026).low

    result = spoil(spoiled, calendar, lambda n: at(at(n, "bytes8", b"CN-IB\0\0\0"), "uint16", 2026), low, 1)

    assert [f.key for f in result.findings] == [f"yearOf(0x{b'CN-IB'.hex()}000000, 2026).low"]


def test_standing_deposit__raised__is_found(spoiled: Story) -> None:
    holder, cash = spoiled.issuer.address, spoiled.at("CashToken")
    standing = spoiled.read("Offering", "depositOf", cash, holder)

    result = spoil(
        spoiled, spoiled.at("Offering"), lambda n: at(at(n, "address", cash), "address", holder), standing, 1
    )

    assert [f.key for f in result.findings] == [f"depositOf({cash}, {holder})"]


def test_bid__another_word__is_found(spoiled: Story) -> None:
    """A bid that lost, and that nobody has released yet."""
    bidder, number = spoiled.holders[3].address, spoiled.tap
    word = int.from_bytes(spoiled.read("Offering", "bidOf", number, bidder), "big")
    assert word

    result = spoil(
        spoiled, spoiled.at("Offering"), lambda n: at(at(n, "uint256", number), "address", bidder), word, 1
    )

    assert [f.key for f in result.findings] == [f"bidOf({number}, {bidder})"]


def test_level__units_added__is_found(spoiled: Story) -> None:
    """Four levels share a word; the one changed is the level that was cut."""
    offering, number = spoiled.at("Offering"), spoiled.uniform
    level = spoiled.read("Offering", "bookOf", number).marginalLevel
    units = spoiled.read("Offering", "unitsAt", number, level)
    assert units == 16_010
    (slot,) = [
        place
        for n in range(_SLOTS)
        for place in [at(at(n, "uint256", number), "uint256", level >> 2)]
        if load(spoiled, offering, place) >> 64 * (level & 3) & (2**64 - 1) == units
    ]
    word = load(spoiled, offering, slot) + (10 << 64 * (level & 3))
    spoiled.chain.rpc.request(
        "anvil_setStorageAt", [offering, "0x" + slot.hex(), f"0x{word:064x}"], resend=False
    )
    spoiled.node.time.mine()

    result = audit(spoiled.chain, spoiled.deployment)

    assert [(f.key, f.expected, f.found) for f in result.findings] == [
        (f"unitsAt({number}, {level})", "16010", "16020")
    ]


def test_book__share_raised__is_found(spoiled: Story) -> None:
    """Units bid at the margin, allotted there and to all quotes stand side by side in one word."""
    offering, number = spoiled.at("Offering"), spoiled.uniform
    book = spoiled.read("Offering", "bookOf", number)
    side_by_side = b"".join(
        units.to_bytes(8, "big") for units in (book.competitive, book.marginalShare, book.marginalBid)
    )
    (slot,) = [
        place
        for n in range(_SLOTS)
        for first in [int.from_bytes(at(n, "uint256", number), "big")]
        for place in [((first + field) % 2**256).to_bytes(32, "big") for field in range(_SLOTS)]
        if side_by_side in load(spoiled, offering, place).to_bytes(32, "big")
    ]
    word = load(spoiled, offering, slot).to_bytes(32, "big")
    changed = word.replace(side_by_side, side_by_side[:15] + b"\x00" + side_by_side[16:])
    spoiled.chain.rpc.request(
        "anvil_setStorageAt", [offering, "0x" + slot.hex(), "0x" + changed.hex()], resend=False
    )
    spoiled.node.time.mine()

    result = audit(spoiled.chain, spoiled.deployment)

    assert [f.key for f in result.findings] == [f"bookOf({number}).marginalShare"]


def test_payment__funded_lowered__is_found(spoiled: Story) -> None:
    funded = spoiled.read("Servicing", "payment", spoiled.bond, 1).funded

    result = spoil(
        spoiled,
        spoiled.at("Servicing"),
        lambda n: at(at(n, "address", spoiled.bond), "uint256", 1),
        funded,
        -1,
    )

    assert [f.key for f in result.findings] == [f"payment({spoiled.bond}, 1).funded"]


def test_nonces__one_freed__is_found(spoiled: Story) -> None:
    holder = spoiled.holders[0].address
    word = spoiled.read("Settlement", "nonceWord", holder, 0)

    result = spoil(
        spoiled,
        spoiled.at("Settlement"),
        lambda n: at(at(n, "address", holder), "uint256", 0),
        word,
        -(1 << 251),
    )

    assert [f.key for f in result.findings] == [f"nonceWord({holder}, 0)"]


@pytest.mark.parametrize(
    "contract",
    ["Servicing", "Settlement", "CashToken", "OfferingPayment", "OfferingMandate", "BondExtension", "Bond"],
)
def test_code__one_byte_changed__is_found(spoiled: Story, contract: str) -> None:
    """The last byte is metadata, or a name: nothing behaves differently, and yet it is seen."""
    code = spoiled.chain.code(spoiled.at(contract))
    changed = code[:-1] + bytes([code[-1] ^ 1])
    spoiled.chain.rpc.request("anvil_setCode", [spoiled.at(contract), "0x" + changed.hex()], resend=False)
    spoiled.node.time.mine()

    result = audit(spoiled.chain, spoiled.deployment)

    assert ("CODE-2" if contract == "Bond" else "CODE-1") in {f.kind for f in result.findings}


def test_findings__several__come_in_chain_order(spoiled: Story) -> None:
    holder = spoiled.holders[4].address
    balance = spoiled.read("CashToken", "balanceOf", holder)

    result = spoil(spoiled, spoiled.at("CashToken"), lambda n: at(n, "address", holder), balance, 1)

    places = [(f.block, f.position) for f in result.findings]
    assert places == sorted(places)
    assert result.differences == len(result.findings)
