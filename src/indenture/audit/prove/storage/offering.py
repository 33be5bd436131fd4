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
    counted = {"_nameFallback": "", "_versionFallback": "", "_offeringCount": len(book.offerings)}
    yield from OFFERING.cells(value=counted)
    for bond, number in book.latest.items():
        yield from OFFERING.cells("_offeringOf", bond, value=number)
    for offering in book.offerings.values():
        yield from _offering(offering)
    for (cash, account), balance in book.deposits.standing.items():
        yield from OFFERING.cells("_deposits", cash, account, value=balance)


def _offering(offering: Offering) -> Iterator[Cell]:
    number = offering.number
    yield from OFFERING.cells("_books", number, value=book_of(offering))
    yield from OFFERING.cells("_classes", number, value=offering.classes)
    yield from OFFERING.cells("_syndicates", number, value=list(offering.syndicate))
    yield from _underwriters(offering)
    yield from _levels(offering)
    for bidder in dict.fromkeys([*offering.bids, *offering.seals, *offering.words]):
        yield from OFFERING.cells("_bids", number, bidder, value=offering.words.get(bidder, bytes(32)))
    for bidder, units in offering.additional.items():
        yield from OFFERING.cells("_additional", number, bidder, value=units)
    yield from _proofs(offering)


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
