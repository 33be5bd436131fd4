"""openBid: what was sealed, by its bidder, for this book, once

├── no bid, or none any more -> BidUnknown
├── these bids are open already -> BidAlreadyOpened
├── bids, salt, ciphertext, bidder or book are others -> BidMismatch
├── a rule of bids is broken -> see test_bid_rules.py
└── else -> counted into their levels, BidsOpened
"""

from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from tests.evm.artefacts import Record
from tests.evm.builders import (
    ENCRYPTED,
    SEALED,
    tick_bid,
)
from tests.evm.chain import CHAIN_ID
from tests.evm.signing import (
    BID_TYPE,
    SEALED_BID_TYPE,
    bids_hash,
    commitment,
    digest,
    domain,
    opened_word,
    sealed_word,
)
from tests.evm.tender import CIPHERTEXT, SALT, Tender
from tests.evm.world import World

pytestmark = pytest.mark.unit

QUOTE = 10_000


@pytest.mark.parametrize("form", [SEALED, ENCRYPTED])
def test_open__by_anyone_who_knows_it__counts(world: World, form: int) -> None:
    tender, (first, second) = world.open_tender(form=form), world.investors[:2]
    tender.bid(first, (9_990, 100), (QUOTE, 50))
    tender.bid(second, (9_990, 7, first), (9_990, 3))
    tender.close()

    made = tender.open_bid(first, sender=world.outsider)
    tender.open_bid(second)

    assert made.only("BidsOpened") == {
        "offeringId": tender.id,
        "bidder": first,
        "bids": tender.bids[first],
        "actor": world.outsider,
    }
    assert tender.bid_word(first) == opened_word(tender.bids[first])
    book = tender.book
    assert (book.bidUnits, book.bidders, book.nonCompetitiveBid) == (160, 2, 0)
    assert book.weighted == 110 * tender.level_of(9_990) + 50 * tender.level_of(QUOTE)
    units = [world.offering.unitsAt(tender.id, tender.level_of(quote)) for quote in (9_980, 9_990, QUOTE)]
    assert units == [0, 110, 50]


def test_commitment__as_the_standard_says__by_hand(world: World) -> None:
    tender = world.open_tender()
    bids = tender.bids_of(world.investors[0], [(9_990, 100), (QUOTE, 50)])

    said = world.offering.commitmentOf(tender.id, world.investors[0], bids, SALT)

    assert said == commitment(world.offering, tender.id, world.investors[0], bids, SALT)
    assert world.offering.commitmentOf(1, world.investors[0], [], SALT) == commitment(
        world.offering, 1, world.investors[0], [], SALT
    )


WRONG_OPENINGS: dict[str, Any] = {
    "another salt": lambda *_: {"salt": b"\x5b" + b"\x5a" * 31},
    "another quote": lambda t, w: {"bids": t.bids_of(w.investors[0], [(9_990, 100), (10_010, 50)])},
    "more units": lambda t, w: {"bids": t.bids_of(w.investors[0], [(9_990, 100), (QUOTE, 51)])},
    "another account": lambda t, w: {"bids": t.bids_of(w.investors[1], [(9_990, 100), (QUOTE, 50)])},
    "one bid less": lambda t, w: {"bids": t.bids[w.investors[0]][:1]},
    "one bid more": lambda t, w: {
        "bids": t.bids_of(w.investors[0], [(9_990, 100), (QUOTE, 50), (10_010, 1)])
    },
    "another order": lambda t, w: {"bids": t.bids[w.investors[0]][::-1]},
    "no bids": lambda *_: {"bids": []},
    "a ciphertext": lambda *_: {"hash": keccak(CIPHERTEXT)},
}


@pytest.mark.parametrize("how", WRONG_OPENINGS)
def test_open__other_than_sealed__reverts(world: World, how: str) -> None:
    tender, bidder = world.open_tender(), world.investors[0]
    tender.bid(bidder, (9_990, 100), (QUOTE, 50))
    tender.close()

    with world.refuses("BidMismatch", tender.id, bidder):
        tender.open_bid(bidder, **WRONG_OPENINGS[how](tender, world))
    tender.open_bid(bidder)


def test_open__encrypted_bid_with_another_ciphertext__reverts(world: World) -> None:
    """A bookrunner cannot say that he was sent something else."""
    tender, bidder = world.open_tender(form=ENCRYPTED), world.investors[0]
    tender.bid(bidder, (QUOTE, 50))
    tender.close()

    for other in (bytes(32), keccak(CIPHERTEXT + b"!")):
        with world.refuses("BidMismatch", tender.id, bidder):
            tender.open_bid(bidder, hash=other)
    tender.open_bid(bidder, sender=world.bookrunner)


def test_open__seal_that_was_replaced__reverts(world: World) -> None:
    tender, bidder = world.open_tender(), world.investors[0]
    first = tender.bids_of(bidder, [(QUOTE, 500)])
    tender.seal(bidder, first)
    tender.bid(bidder, (QUOTE, 1))
    tender.close()

    with world.refuses("BidMismatch", tender.id, bidder):
        tender.open_bid(bidder, bids=first)


def test_open__commitment_copied_from_another_bidder__is_of_no_use(world: World) -> None:
    """PROPERTIES 20: a seal names its bidder."""
    tender, (victim, thief) = world.open_tender(), world.investors[:2]
    tender.bid(victim, (QUOTE, 50))
    copied = tender.commitment(victim, tender.bids[victim])
    world.offering.sealBid(tender.id, copied, sender=thief)
    tender.close()
    tender.open_bid(victim)

    for bids in (tender.bids[victim], tender.bids_of(thief, [(QUOTE, 50)])):
        with world.refuses("BidMismatch", tender.id, thief):
            tender.open_bid(thief, bids=bids)
    tender.to("revealsBy")
    tender._do("forfeit", [Record(bidder=thief, commitment=copied, ciphertextHash=bytes(32))])
    assert world.offering.depositOf(world.cash, world.issuer) == 5_000, "and costs the thief his deposit"


@pytest.mark.parametrize("what", ["offering", "chain", "contract", "domain", "type"])
def test_open__sealed_for_another_purpose__is_of_no_use(world: World, what: str) -> None:
    """PROPERTIES 21, 22: of another offering, chain or contract, or a hash of another kind."""
    tender, bidder = world.open_tender(), world.investors[0]
    bids = tender.bids_of(bidder, [(QUOTE, 50)])
    foreign = {
        "offering": commitment(world.offering, tender.id + 1, bidder, bids, SALT),
        "chain": commitment(world.offering, tender.id, bidder, bids, SALT, CHAIN_ID + 1),
        "contract": commitment(world.settlement, tender.id, bidder, bids, SALT),
        "domain": keccak(b"\x19\x01" + bytes(32) + bids_hash(bids)),
        "type": bids_hash(bids),
    }[what]
    world.offering.sealBid(tender.id, foreign, sender=bidder)
    tender.close()

    with world.refuses("BidMismatch", tender.id, bidder):
        tender.open_bid(bidder, bids=bids)


def test_open__opening_of_an_earlier_offering_of_the_bond__is_of_no_use(world: World) -> None:
    """PROPERTIES 21: a bid that nobody opened cannot come back in the next tender."""
    first, bidder = world.open_tender(), world.investors[0]
    first.bid(bidder, (QUOTE, 50))
    sealed = first.commitment(bidder, first.bids[bidder])
    first.to("clearsBy", plus=1)
    first._do("fail")
    again = world.open_tender(first.bond)
    world.offering.sealBid(again.id, sealed, sender=bidder)
    again.close()

    with world.refuses("BidMismatch", again.id, bidder):
        again.open_bid(bidder, bids=first.bids[bidder])


def test_open__twice__reverts_and_counts_once(world: World) -> None:
    tender, bidder = world.open_tender(), world.investors[0]
    tender.bid(bidder, (QUOTE, 50))
    tender.close()
    tender.open_bid(bidder)

    with world.refuses("BidAlreadyOpened", tender.id, bidder):
        tender.open_bid(bidder)
    with world.refuses("BidMismatch", tender.id, bidder):
        tender.open_bid(bidder, bids=tender.bids_of(bidder, [(QUOTE, 51)]))
    assert (tender.book.bidUnits, tender.book.bidders) == (50, 1)


def test_open__no_bid__reverts(world: World) -> None:
    tender = world.open_tender()
    tender.bid(world.investors[0], (QUOTE, 50))
    tender.close()

    for stranger in (world.investors[1], world.outsider):
        with world.refuses("BidUnknown", tender.id, stranger):
            tender.open_bid(stranger, bids=tender.bids[world.investors[0]])


def test_open__bidder_suspended_meanwhile__counts_like_any_other(world: World) -> None:
    """His bid was good when he made it; what he may hold is asked again when he pays."""
    tender, bidder = world.open_tender(), world.investors[0]
    tender.bid(bidder, (QUOTE, 50))
    world.suspend(bidder)
    tender.close()

    tender.open_bid(bidder)

    assert tender.book.bidUnits == 50


@pytest.mark.parametrize("word", [0, 1, 2])
def test_open__words_that_are_no_bid__revert(world: World, word: int) -> None:
    """The hash is taken of calldata as it lies there: words too large for their type never become bids."""
    tender, bidder = world.open_tender(), world.investors[0]
    words = [QUOTE, 50, int(bidder, 16)]
    words[word] |= 1 << 255
    kind = keccak(text=BID_TYPE)
    dirty = keccak(keccak(kind + b"".join(each.to_bytes(32) for each in words)))
    types = ["bytes32", "uint256", "address", "bytes32", "bytes32"]
    struct = keccak(encode(types, [keccak(text=SEALED_BID_TYPE), tender.id, str(bidder), dirty, SALT]))
    sealed = digest(domain("Indenture Offering", world.offering), struct)
    world.offering.sealBid(tender.id, sealed, sender=bidder)
    tender.close()
    clean = tender.bids_of(bidder, [(QUOTE, 50)])
    data = bytearray(world.offering.raw("openBid", tender.id, bidder, clean, SALT, bytes(32)))
    data[len(data) - 96 + 32 * word] = 0x80

    with world.refuses("BidMismatch", tender.id, bidder):
        tender.open_bid(bidder, bids=clean)
    with world.refuses(""):
        world.evm.send(bidder, world.offering.address, bytes(data))


# --- nothing that was not counted can be paid or proved


def forged_seals(tender: Tender, bidder: str, bids: list[Record]) -> dict[str, bytes]:
    """Commitments made of what the book would hold of opened bids."""
    tag = keccak(text="Indenture opened bids")
    return {
        "the word of opened bids": opened_word(bids),
        "their hash": bids_hash(bids),
        "the tag": tag,
        "tag and hash": keccak(tag + bids_hash(bids)),
        "an honest seal": tender.commitment(bidder, bids),
    }


@pytest.mark.parametrize(
    "kind", ["the word of opened bids", "their hash", "the tag", "tag and hash", "an honest seal"]
)
@pytest.mark.parametrize("form", [SEALED, ENCRYPTED])
def test_seal__made_to_read_as_opened_bids__is_none(world: World, form: int, kind: str) -> None:
    """Bids that were never counted: no act takes them, whatever the seal and the ciphertext say."""
    tender, (honest, forger) = world.open_tender(form=form), world.investors[:2]
    tender.bid(honest, (QUOTE, 900))
    never_counted = tender.bids_of(forger, [(10_050, 1000)])
    forged = forged_seals(tender, forger, never_counted)[kind]
    ciphertext = encode(
        ["bytes32", "bytes32"], [keccak(text="Indenture opened bids"), bids_hash(never_counted)]
    )
    if form == SEALED:
        world.offering.sealBid(tender.id, forged, sender=forger)
    else:
        world.offering.encryptBid(tender.id, forged, ciphertext, sender=forger)
    tender.close()
    tender.open_bid(honest)
    tender.clear()
    tender.bids[forger] = never_counted
    tender.to("settlesFrom")

    for act in ("settle", "release"):
        with world.refuses("BidMismatch", tender.id, forger):
            tender._do(act, tender.openings(forger))
    tender.to("settlesBy", plus=1)
    with world.refuses("BidMismatch", tender.id, forger):
        tender.lapse(forger)
    hashed = keccak(ciphertext) if form == ENCRYPTED else bytes(32)
    tender._do("forfeit", [Record(bidder=forger, commitment=forged, ciphertextHash=hashed)])
    assert world.offering.depositOf(world.cash, world.issuer) == 5_000


def test_words__of_a_seal_and_of_opened_bids__are_of_two_kinds(world: World) -> None:
    """Different tags and lengths: for one to read as the other, keccak-256 must collide."""
    bids = [tick_bid(QUOTE, 1, world.investors[0])]

    assert sealed_word(bids_hash(bids)) != opened_word(bids)
    assert sealed_word(keccak(text="Indenture opened bids"), bids_hash(bids)) != opened_word(bids)
