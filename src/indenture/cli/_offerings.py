"""Which offering a command means, and what is read of it first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from indenture.cli._clock import Local, distance
from indenture.cli._conditions import Conditions
from indenture.cli._progress import working
from indenture.cli._standing import standing_of
from indenture.cli._steps import Left
from indenture.dates import from_timestamp
from indenture.errors import InputError, OfferingRefused
from indenture.money import Money
from indenture.primary import Clearing, Stage, TickBid, clear

if TYPE_CHECKING:
    from indenture.cli._session import Session
    from indenture.models import OfferingBook

_NOTHING = bytes(32)
_LAST_SECOND = 59

#: The argument of all commands that are about an offering.
offering_argument = click.argument("offering", metavar="OFFERING")


@dataclass(frozen=True, slots=True)
class Found:
    """An offering, as it was when the command looked.

    Attributes:
        name: What it was called: a number, or the ISIN of its bond.
        number: Its number.
        book: What the chain has of it.
        face_value: Face of one unit of its bond.
        zone: Minutes by which the clocks of its market, the bond's zone, are ahead of UTC.
        now: The chain's time.
    """

    name: str
    number: int
    book: OfferingBook
    face_value: Money
    zone: int
    now: datetime

    @property
    def title(self) -> str:
        """What people call it."""
        return f"offering {self.number} of {self.book.isin}"

    @property
    def names(self) -> dict[str, object]:
        """What every answer about it begins with."""
        return {"isin": self.book.isin, "offering": self.number}

    @property
    def conditions(self) -> Conditions:
        """What was agreed."""
        book = self.book
        return Conditions(book.rules, book.classes, book.currency, self.face_value, book.lot, self.zone)

    def at(self, moment: datetime) -> Local:
        """A moment by the market's clocks."""
        return Local(moment, self.zone)


def find(session: Session, offering: str) -> Found:
    """An offering by its number, or the latest one of a bond by its ISIN.

    Raises:
        InputError: The ISIN is wrong, there is no such bond, or it has no offering.
    """
    from indenture.roles import offering_book

    number = int(offering) if offering.isdecimal() else _latest(session, offering)
    book = offering_book(session.suite, number)
    terms = session.suite.bond(book.bond).terms
    face_value = book.currency.money_from_base(terms.face_value)
    return Found(offering, number, book, face_value, terms.utc_offset, session.chain.block_stamp().time)


def _latest(session: Session, isin: str) -> int:
    number = session.suite.offering.offering_of(session.bond(isin).address)
    if number is None:
        raise InputError(f"{isin} has no offering", hint="Its issuer makes one: indenture offer mandate.")
    return number


def left_of(session: Session, found: Found) -> Left:
    """What is still to be done, read on the chain."""
    offering, number = session.suite.offering, found.number
    bids = offering.bids(number)
    held = dict(
        zip(
            (*bids.openings, *bids.seals),
            offering.bid_hashes(number, [*bids.openings, *bids.seals]),
            strict=True,
        )
    )
    living = [(bidder, each) for bidder, each in bids.openings.items() if held[bidder] != _NOTHING]
    winners = 0
    if found.book.stage is Stage.PUBLISHED:
        winners = sum(any(won.units) for won in offering.allotments(number, living))
    syndicate = offering.syndicate(number)
    members = offering.underwriters(number, syndicate)
    is_later = found.now > found.book.rules.settles_by
    parts = offering.take_up_parts(number, syndicate)
    return Left(
        sealed=sum(held[bidder] != _NOTHING for bidder in bids.seals),
        winners=winners,
        losers=len(living) - winners,
        takers=sum(
            bool(part[is_later]) and not (member.took_up_later if is_later else member.took_up)
            for part, member in zip(parts, members, strict=True)
        ),
        bound=sum(member.deposit for member in members),
    )


@contextmanager
def explained(session: Session, found: Found, act: str) -> Iterator[None]:
    """Says of a refusal when the act is possible, by the market's clocks, and what is to be done now instead.

    Args:
        session: What reads.
        found: The offering.
        act: What was tried, in the passive: ``bids are taken``.
    """
    try:
        with working(f"{found.title[0].upper()}{found.title[1:]}"):
            yield
    except OfferingRefused as refused:
        moments = {"OfferingTooEarly": "from", "OfferingTooLate": "until"}
        if argument := moments.get(refused.name):
            moment = _whole_minute(from_timestamp(int(str(refused.args_by_name[argument]))))
            tense = "" if argument == "from" else "only "
            off = distance(moment, session.chain.block_stamp().time)
            refused.message = f"{found.title}: {act} {tense}{argument} {found.at(moment)}, {off}"
            refused.hint = "Come back then." if argument == "from" else _now_words(session, found)
        elif refused.name == "OfferingStageWrong":
            refused.hint = _now_words(session, found)
        raise


def _whole_minute(moment: datetime) -> datetime:
    """A last second before a full minute, as that minute: nobody reads 15:59:59 as the end of the book."""
    return moment + timedelta(seconds=1) if moment.second == _LAST_SECOND else moment


def _now_words(session: Session, found: Found) -> str:
    """Where the offering stands now, and by when the next thing happens."""
    standing = standing_of(found.book, found.now, left_of(session, found))
    words = f"Now {standing.words}"
    if standing.deadline is not None:
        words += f". Next: {standing.next_words(found.now, found.zone)}"
    return f"{words}. See indenture offer status {found.name}."


def openings_of(session: Session, found: Found) -> dict[str, tuple[TickBid, ...]]:
    """All bids in the clear, by bidder, as the events tell them."""
    with working("Reading the bids"):
        return session.suite.offering.openings(found.number)


def cleared(session: Session, found: Found, openings: dict[str, tuple[TickBid, ...]]) -> Clearing:
    """What a clearing of these bids finds; before the clearing, what it would find now."""
    return clear(
        found.book.rules,
        session.suite.bond(found.book.bond).terms.market,
        openings,
        over_allotted=found.book.over_allotted,
        commitments=found.book.commitments,
    )
