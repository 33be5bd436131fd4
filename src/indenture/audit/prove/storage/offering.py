"""What the storage of the Offering must hold: books, syndicates, levels, bids, proofs, standing deposits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.layout import OFFERING
from indenture.audit.replay import World
from indenture.audit.replay.offering import Offering
from indenture.audit.views_offering import book_of

_LEVELS_A_WORD = 4


def offering_storage(world: World) -> Iterator[Cell]:
    """Every slot of the Offering."""
    book = world.offerings
    yield from offering_settings(world)
    for bond in book.latest:
        yield from latest_row(world, bond)
    for offering in book.offerings.values():
        yield from offering_page(world, offering.number)
        for bidder in dict.fromkeys([*offering.bids, *offering.seals, *offering.words]):
            yield from bid_row(world, offering.number, bidder)
        for bidder in offering.additional:
            yield from additional_row(world, offering.number, bidder)
    for cash, account in book.deposits.standing:
        yield from deposit_row(world, cash, account)


def offering_settings(world: World) -> Iterator[Cell]:
    """What is there whatever is on offer."""
    counted = {"_nameFallback": "", "_versionFallback": "", "_offeringCount": len(world.offerings.offerings)}
    yield from OFFERING.cells(value=counted)


def offering_page(world: World, number: int) -> Iterator[Cell]:
    """What an offering has whoever bids."""
    offering = world.offerings.offerings[number]
    yield from OFFERING.cells("_books", number, value=book_of(offering))
    yield from OFFERING.cells("_classes", number, value=offering.classes)
    yield from OFFERING.cells("_syndicates", number, value=list(offering.syndicate))
    yield from _underwriters(offering)
    yield from _levels(offering)
    yield from _proofs(offering)


def latest_row(world: World, bond: str) -> Iterator[Cell]:
    """The last offering of a bond."""
    yield from OFFERING.cells("_offeringOf", bond, value=world.offerings.latest.get(bond, 0))


def bid_row(world: World, number: int, bidder: str) -> Iterator[Cell]:
    """What the book holds of a bidder."""
    word = world.offerings.offerings[number].words.get(bidder, bytes(32))
    yield from OFFERING.cells("_bids", number, bidder, value=word)


def additional_row(world: World, number: int, bidder: str) -> Iterator[Cell]:
    """What an underwriter took beyond its bids."""
    units = world.offerings.offerings[number].additional.get(bidder, 0)
    yield from OFFERING.cells("_additional", number, bidder, value=units)


def deposit_row(world: World, cash: str, account: str) -> Iterator[Cell]:
    """What stands ready of an account."""
    balance = world.offerings.deposits.of(cash, account)
    yield from OFFERING.cells("_deposits", cash, account, value=balance)


def _underwriters(offering: Offering) -> Iterator[Cell]:
    for account, member in offering.syndicate.items():
        value = (
            member.class_,
            member.joined,
            member.deposit,
            member.took_up,
            member.took_up_later,
            member.commitment,
            member.before,
        )
        yield from OFFERING.cells("_underwriters", offering.number, account, value=value)


def _proofs(offering: Offering) -> Iterator[Cell]:
    for prover, proof in offering.proofs.items():
        value = (
            proof.last,
            proof.cuts,
            proof.marginal_bid,
            proof.marginal_share,
            proof.non_competitive_bid,
            proof.non_competitive_share,
        )
        yield from OFFERING.cells("_proofs", offering.number, prover, value=value)


def _levels(offering: Offering) -> Iterator[Cell]:
    """Units bid at each quote, four levels a word."""
    words: defaultdict[int, int] = defaultdict(int)
    for level, units in offering.sums.levels.items():
        place, within = divmod(level, _LEVELS_A_WORD)
        words[place] += units << 64 * within
    for place, word in words.items():
        yield from OFFERING.cells("_levels", offering.number, "words", place, value=word)
