"""sealBid, encryptBid

├── another form than the book's -> BidFormWrong
├── ciphertext is empty or above 4,096 bytes -> BidCiphertextInvalid
├── the bidder may not hold the bond -> BidderRefused
├── the money for the deposit is nowhere -> DepositTooSmall
└── else -> the seal is kept, a later one replaces it; the first one holds the deposit
"""

from collections.abc import Callable
from typing import Any

import pytest
from eth_utils.crypto import keccak
from tests.evm.builders import (
    BANK,
    COMPANY,
    ENCRYPTED,
    FOREVER,
    FUND,
    HOLDER,
    ISSUER,
    OPEN,
    SEALED,
    UNDERWRITER,
)
from tests.evm.chain import actor
from tests.evm.signing import sealed_word
from tests.evm.tender import BOOK_KEY, CIPHERTEXT, Tender
from tests.evm.world import World

pytestmark = pytest.mark.unit

SEAL = b"\xc0" * 32
OTHER = b"\xc1" * 32


@pytest.fixture
def tender(world: World) -> Tender:
    return world.open_tender()


def seal(tender: Tender, bidder: str, commitment: bytes = SEAL) -> Any:
    return tender.world.offering.sealBid(tender.id, commitment, sender=bidder)


def encrypt(tender: Tender, bidder: str, ciphertext: bytes, commitment: bytes = SEAL) -> Any:
    return tender.world.offering.encryptBid(tender.id, commitment, ciphertext, sender=bidder)


def test_seal__first__holds_the_deposit_of_the_account(world: World, tender: Tender) -> None:
    bidder = world.investors[0]
    cash = world.cash.balanceOf(bidder)

    made = seal(tender, bidder)

    assert made.only("BidSealed") == {
        "offeringId": tender.id,
        "bidder": bidder,
        "commitment": SEAL,
        "ciphertextHash": bytes(32),
        "taken": 5_000,
        "balance": 0,
    }
    assert tender.bid_word(bidder) == sealed_word(SEAL)
    assert cash - world.cash.balanceOf(bidder) == world.cash.balanceOf(world.offering) == 5_000
    assert world.offering.depositOf(world.cash, bidder) == 0, "what is held does not stand ready"
    assert tender.book.bidders == 0, "nobody can see who bids before the bids are opened"


def test_seal__again__replaces_and_costs_nothing(world: World, tender: Tender) -> None:
    bidder = world.investors[0]
    seal(tender, bidder)
    world.offering.fundDeposit(world.cash, 700, sender=bidder)

    made = seal(tender, bidder, OTHER)

    assert (made.only("BidSealed").taken, made.only("BidSealed").balance) == (0, 700)
    assert tender.bid_word(bidder) == sealed_word(OTHER)
    assert world.cash.balanceOf(world.offering) == 5_700


@pytest.mark.parametrize(
    ("stands", "taken", "left"), [(0, 5_000, 0), (1, 4_999, 0), (5_000, 0, 0), (7_000, 0, 2_000)]
)
def test_seal__standing_deposit__comes_before_the_account(
    world: World, tender: Tender, stands: int, taken: int, left: int
) -> None:
    bidder = world.investors[0]
    if stands:
        world.offering.fundDeposit(world.cash, stands, sender=bidder)
    cash = world.cash.balanceOf(bidder)

    made = seal(tender, bidder)

    assert (made.only("BidSealed").taken, made.only("BidSealed").balance) == (taken, left)
    assert cash - world.cash.balanceOf(bidder) == taken
    assert world.offering.depositOf(world.cash, bidder) == left
    assert world.cash.balanceOf(world.offering) == 5_000 + left


def test_seal__money_is_nowhere__reverts(world: World, tender: Tender) -> None:
    poor = actor("poor bidder")
    world.admit(poor, BANK)
    world.give_cash(poor, 4_999)

    with world.refuses("DepositTooSmall", poor, 5_000):
        seal(tender, poor)
    world.offering.fundDeposit(world.cash, 4_000, sender=poor)
    with world.refuses("DepositTooSmall", poor, 1_000):
        seal(tender, poor)
    assert tender.bid_word(poor) == bytes(32)
    world.give_cash(poor, 1)
    seal(tender, poor)


def test_seal__no_deposit_asked__takes_nothing(world: World) -> None:
    tender = world.open_tender(deposit=0)
    poor = actor("poor bidder")
    world.admit(poor, BANK)

    made = seal(tender, poor)

    assert (made.names, made.only("BidSealed").taken) == (["BidSealed"], 0)
    assert tender.bid_word(poor) == sealed_word(SEAL)


def test_encrypt__by_a_bidder__tells_the_ciphertext_and_keeps_its_hash(world: World) -> None:
    tender = world.open_tender(form=ENCRYPTED)
    bidder = world.investors[0]

    made = encrypt(tender, bidder, CIPHERTEXT)

    assert tender.book.encryptionKey == BOOK_KEY
    assert made.only("BidEncrypted") == {"offeringId": tender.id, "bidder": bidder, "ciphertext": CIPHERTEXT}
    assert made.only("BidSealed") == {
        "offeringId": tender.id,
        "bidder": bidder,
        "commitment": SEAL,
        "ciphertextHash": keccak(CIPHERTEXT),
        "taken": 5_000,
        "balance": 0,
    }
    assert [name for name in made.names if name != "Transfer"] == ["BidEncrypted", "BidSealed"]
    assert tender.bid_word(bidder) == sealed_word(SEAL, keccak(CIPHERTEXT))


@pytest.mark.parametrize("length", [0, 4097, 20_000])
def test_encrypt__ciphertext_empty_or_too_long__reverts(world: World, length: int) -> None:
    tender = world.open_tender(form=ENCRYPTED)

    with world.refuses("BidCiphertextInvalid", length):
        encrypt(tender, world.investors[0], b"\x01" * length)
    encrypt(tender, world.investors[0], b"\x01" * 4096)


@pytest.mark.parametrize("form", [OPEN, SEALED, ENCRYPTED])
def test_bid__in_another_form__reverts(world: World, form: int) -> None:
    tender, bidder = world.open_tender(form=form), world.investors[0]
    bids = tender.bids_of(bidder, [(10_000, 10)])
    acts: dict[int, Callable[[], object]] = {
        OPEN: lambda: tender.place(bidder, bids),
        SEALED: lambda: seal(tender, bidder),
        ENCRYPTED: lambda: encrypt(tender, bidder, CIPHERTEXT),
    }

    for other, act in acts.items():
        if other == form:
            act()
        else:
            with world.refuses("BidFormWrong", tender.id):
                act()


# --- who may bid


def test_bid__who_may_not_hold__reverts(world: World) -> None:
    books = {form: world.open_tender(form=form) for form in (OPEN, SEALED, ENCRYPTED)}
    company, issuing, ending = actor("company"), actor("issuing bank"), actor("member with an end")
    world.admit(company, COMPANY, HOLDER)
    world.admit(issuing, BANK, ISSUER | UNDERWRITER)
    world.admit(ending, FUND, HOLDER, until=world.evm.now)
    suspended, removed, of_suspended = world.investors[:3]
    world.suspend(suspended)
    world.registry.removeAccounts([removed], sender=world.registrar)
    world.suspend_member(of_suspended)
    world.evm.warp(world.evm.now + 1)

    for bidder in (world.outsider, company, issuing, ending, suspended, removed, of_suspended):
        with world.refuses("BidderRefused", bidder):
            seal(books[SEALED], bidder)
        with world.refuses("BidderRefused", bidder):
            encrypt(books[ENCRYPTED], bidder, CIPHERTEXT)
        with world.refuses("BidderRefused", bidder):
            books[OPEN].place(bidder, books[OPEN].bids_of(bidder, [(10_000, 10)]))


@pytest.mark.parametrize("form", [OPEN, SEALED, ENCRYPTED])
def test_bid__who_may_not_hold_any_more_when_he_is_to_pay__reverts(world: World, form: int) -> None:
    """His bid would count, bind nobody and cost nothing: his deposit would be returned."""
    tender = world.open_tender(form=form)
    short, long = actor("short"), actor("long")
    world.admit(short, FUND, HOLDER, until=tender.conditions.settlesBy - 1)
    world.admit(long, FUND, HOLDER, until=tender.conditions.settlesBy)
    for bidder in (short, long):
        world.give_cash(bidder, 5_000)

    with world.refuses("BidderRefused", short):
        tender.bid(short, (10_000, 10))
    tender.bid(long, (10_000, 10))


def test_seal__while_suspended__cannot_be_replaced_but_withdrawn(world: World, tender: Tender) -> None:
    """Who is suspended gets his deposit out of the book, and does no new business."""
    bidder = world.investors[0]
    seal(tender, bidder)
    world.suspend(bidder)

    with world.refuses("BidderRefused", bidder):
        seal(tender, bidder, OTHER)
    world.offering.withdrawBid(tender.id, [], sender=bidder)

    assert world.offering.depositOf(world.cash, bidder) == 5_000
    assert tender.bid_word(bidder) == bytes(32)


def test_seal__role_back_after_it_was_lost__is_taken(world: World, tender: Tender) -> None:
    bidder = world.investors[0]
    world.registry.setRoles(bidder, 0, FOREVER, sender=world.registrar)
    with world.refuses("BidderRefused", bidder):
        seal(tender, bidder)

    world.registry.setRoles(bidder, HOLDER, FOREVER, sender=world.registrar)
    seal(tender, bidder)


# --- withdraw


@pytest.mark.parametrize("form", [SEALED, ENCRYPTED])
def test_withdraw__sealed_bid__gives_the_deposit_back(world: World, form: int) -> None:
    tender, bidder = world.open_tender(form=form), world.investors[0]
    tender.bid(bidder, (10_000, 10))

    made = tender.withdraw(bidder)

    assert made.only("BidWithdrawn") == {"offeringId": tender.id, "bidder": bidder}
    assert made.only("DepositReleased") == {
        "offeringId": tender.id,
        "account": bidder,
        "amount": 5_000,
        "balance": 5_000,
    }
    assert tender.bid_word(bidder) == bytes(32)
    with world.refuses("BidUnknown", tender.id, bidder):
        tender.withdraw(bidder)
    tender.close()
    with world.refuses("BidUnknown", tender.id, bidder):
        tender.open_bid(bidder, bids=tender.bids_of(bidder, [(10_000, 10)]))


def test_withdraw__nobodys_bid__reverts(world: World, tender: Tender) -> None:
    seal(tender, world.investors[0])

    for stranger in (world.outsider, world.investors[1]):
        with world.refuses("BidUnknown", tender.id, stranger):
            tender.withdraw(stranger)


def test_withdraw_and_seal_again__pays_with_what_came_back(world: World, tender: Tender) -> None:
    bidder = world.investors[0]
    seal(tender, bidder)
    cash = world.cash.balanceOf(bidder)
    tender.withdraw(bidder)

    made = seal(tender, bidder, OTHER)

    assert (made.only("BidSealed").taken, world.cash.balanceOf(bidder)) == (0, cash)
    assert world.offering.depositOf(world.cash, bidder) == 0
