"""Who can do, or must do, what now in an offering."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from indenture.primary import Form, Stage

if TYPE_CHECKING:
    from indenture.models import OfferingBook

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Left:
    """What is still to be done.

    Attributes:
        sealed: Bidders whose bids are not opened.
        winners: Winners who are neither settled nor lapsed.
        losers: Bidders who won nothing, or whose offering came to nothing, with a deposit that is held.
        takers: Underwriters who have a part to take up in this round.
        bound: Underwriters whose deposit is held.
    """

    sealed: int = 0
    winners: int = 0
    losers: int = 0
    takers: int = 0
    bound: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody can do, or must.

    Attributes:
        who: Whose act it is.
        act: What he does.
        command: The command for it, without the offering.
        since: First moment for it.
        until: When it ends; None for no end.
        is_last: Whether that moment itself is still in time.
    """

    who: str
    act: str
    command: str
    since: datetime = _EVER
    until: datetime | None = None
    is_last: bool = False

    def is_open(self, now: datetime) -> bool:
        """Whether it can be done at a moment."""
        if now < self.since:
            return False
        return self.until is None or now < self.until or (self.is_last and now == self.until)


def steps_of(book: OfferingBook, now: datetime, left: Left) -> tuple[Step, ...]:
    """What can be done now, in the order in which it is done.

    Args:
        book: The offering.
        now: The chain's time.
        left: What is still to be done.
    """
    return tuple(step for step in _steps(book, left) if step.is_open(now))


def more_until(book: OfferingBook) -> datetime | None:
    """Last moment for additional underwriting; None where there is none."""
    if not book.rules.additional_seconds or book.published_at is None:
        return None
    return book.published_at + timedelta(seconds=book.rules.additional_seconds)


def _steps(book: OfferingBook, left: Left) -> Iterator[Step]:
    """All that may be done in a stage, at some time."""
    match book.stage:
        case Stage.MANDATED | Stage.ACCEPTED:
            yield from _preparations(book)
        case Stage.OPEN:
            yield from _bids(book)
        case Stage.CLOSED:
            yield from _openings(book, left)
            yield from _clearing(book, left)
        case Stage.CLEARED:
            yield from _proof(book, left)
        case Stage.PUBLISHED:
            yield from _payments(book, left)
        case _:
            yield from _unlocking(book, left, discharged_from=_EVER)


def _preparations(book: OfferingBook) -> Iterator[Step]:
    opens = book.rules.opens_at
    if book.stage is Stage.MANDATED:
        yield Step("bookrunner", "accept the mandate", "offer accept", until=opens, is_last=True)
    else:
        if len(book.classes) > 1:
            yield Step("bookrunner", "invite underwriters", "syndicate invite", until=opens, is_last=True)
            yield Step("invited accounts", "join the syndicate", "syndicate join", until=opens, is_last=True)
        yield Step("bookrunner", "open the book", "offer open", until=opens, is_last=True)
    yield _cancellation(book)
    yield Step("anyone", "fail the offering", "offer fail", since=opens + _SECOND)


def _bids(book: OfferingBook) -> Iterator[Step]:
    rules = book.rules
    yield Step("bidders", "bid, replace, withdraw", "bid place", rules.opens_at, rules.closes_at)
    yield _cancellation(book)
    close = "close the book"
    if rules.form is Form.OPEN:
        yield Step("anyone", close, "offer close", rules.closes_at, rules.clears_by, is_last=True)
    else:
        act = f"{close}, or open the first bid, which closes it"
        yield Step("anyone", act, "offer close", rules.closes_at, rules.reveals_by)
    act = "end the offering, and unlock all deposits"
    yield Step("anyone", act, "offer fail", since=rules.clears_by + _SECOND)


def _openings(book: OfferingBook, left: Left) -> Iterator[Step]:
    if not left.sealed:
        return
    until = book.rules.reveals_by
    bidders = _counted(left.sealed, "bidder")
    if book.rules.form is Form.ENCRYPTED:
        yield Step("bookrunner", f"open the bids of {bidders}", "offer open-bids", until=until)
        yield Step("each bidder", "open his bids, if the bookrunner does not", "bid open", until=until)
    else:
        yield Step("each bidder", f"open his bids: {bidders} left", "bid open", until=until)


def _clearing(book: OfferingBook, left: Left) -> Iterator[Step]:
    rules = book.rules
    decided = book.over_allotment_declared
    if rules.over_allotment and not decided:
        act = "over-allot, or decline"
        yield Step("issuer", act, "offer over-allot", rules.reveals_by, rules.over_allots_by)
    first = rules.reveals_by if decided else rules.over_allots_by
    yield Step("anyone", "clear the book", "offer clear", first, rules.clears_by, is_last=True)
    yield from _forfeits(book, left)
    yield Step("anyone", "fail the offering", "offer fail", since=rules.clears_by + _SECOND)


def _proof(book: OfferingBook, left: Left) -> Iterator[Step]:
    until = book.rules.clears_by
    yield Step("anyone", "prove the shares at the margin", "offer clear", until=until, is_last=True)
    yield from _forfeits(book, left)
    yield Step("anyone", "fail the offering", "offer fail", since=until + _SECOND)


def _payments(book: OfferingBook, left: Left) -> Iterator[Step]:
    rules = book.rules
    more = more_until(book)
    if more is not None:
        act = "underwrite more"
        yield Step("entitled bidders", act, "syndicate underwrite-more", until=more, is_last=True)
    if left.winners:
        winners, act = _counted(left.winners, "winner"), "have the money ready"
        yield Step("winners", act, "bid show", until=rules.settles_from)
        act = f"settle {winners}"
        yield Step("anyone", act, "offer settle", rules.settles_from, rules.settles_by, is_last=True)
        act = f"lapse {winners} who did not pay"
        yield Step("anyone", act, "offer lapse", since=rules.settles_by + _SECOND)
    if left.takers:
        act = f"let {_counted(left.takers, 'underwriter')} take up the rest"
        yield Step("anyone", act, "offer take-up", rules.settles_from, rules.takes_up_by, is_last=True)
    yield from _unlocking(book, left, discharged_from=rules.takes_up_by + _SECOND)


def _unlocking(book: OfferingBook, left: Left, *, discharged_from: datetime) -> Iterator[Step]:
    if not book.deposit.base:
        return
    if left.losers:
        yield Step("anyone", f"unlock the deposits of {_counted(left.losers, 'bidder')}", "offer refunds")
    if left.bound:
        act = f"discharge {_counted(left.bound, 'underwriter')}"
        yield Step("anyone", act, "offer discharge", since=discharged_from)
    yield from _forfeits(book, left)


def _forfeits(book: OfferingBook, left: Left) -> Iterator[Step]:
    if not left.sealed or not book.deposit.base:
        return
    bidders = _counted(left.sealed, "bidder")
    if book.stage is Stage.CANCELLED:
        yield Step("anyone", f"unlock the deposits of {bidders} with sealed bids", "offer forfeit")
    else:
        act = f"forfeit the deposits of {bidders} who opened nothing"
        yield Step("anyone", act, "offer forfeit", since=book.rules.reveals_by)


def _cancellation(book: OfferingBook) -> Step:
    return Step("issuer", "may cancel", "offer cancel", until=book.rules.closes_at)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
