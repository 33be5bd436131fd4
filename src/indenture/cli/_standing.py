"""Where an offering stands: one sentence, and the next moment at which something changes by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from indenture.cli._clock import Local, distance
from indenture.cli._steps import Left, more_until
from indenture.primary import Form, Stage

if TYPE_CHECKING:
    from indenture.models import OfferingBook


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an offering stands.

    Attributes:
        words: One sentence, without its beginning.
        deadline: The next moment at which something changes by itself; None when nothing does.
        then: What changes at it.
    """

    words: str
    deadline: datetime | None = None
    then: str = ""

    def next_words(self, now: datetime, zone: int) -> str:
        """The deadline: when it is by the market's clocks, how far off, and what happens then.

        Args:
            now: The chain's time.
            zone: Minutes by which the market's clocks are ahead of UTC.
        """
        if self.deadline is None:
            return "nothing changes by itself any more"
        return f"{Local(self.deadline, zone)}, {distance(self.deadline, now)}: {self.then}"


def standing_of(book: OfferingBook, now: datetime, left: Left) -> Standing:
    """Where an offering stands.

    Args:
        book: The offering.
        now: The chain's time.
        left: What is still to be done.
    """
    return _BY_STAGE[book.stage](book, now, left)


def _preparing(book: OfferingBook, now: datetime, left: Left) -> Standing:
    del left
    words = "the mandate waits for the bookrunner"
    if book.stage is Stage.ACCEPTED:
        words = "the mandate is accepted, and the book is not open yet"
    if now <= book.rules.opens_at:
        return Standing(words, book.rules.opens_at, "the book must be open, or it never will be")
    return Standing(f"{words}, though its hours have begun: anyone may fail the offering")


def _bidding(book: OfferingBook, now: datetime, left: Left) -> Standing:
    del left
    rules = book.rules
    if now < rules.opens_at:
        return Standing("the book is open, and its hours have not begun", rules.opens_at, "bids are taken")
    if now < rules.closes_at:
        return Standing(
            "the book takes bids", rules.closes_at, "no bid is taken, changed or withdrawn any more"
        )
    unclosed = "the book's hours are over, and nobody has closed it"
    if rules.form is not Form.OPEN and now < rules.reveals_by:
        return Standing(unclosed, rules.reveals_by, "it cannot be closed, nor bids opened, any more")
    if now <= rules.clears_by:
        return Standing(
            unclosed, rules.clears_by, "anyone may end the offering, and all deposits are unlocked"
        )
    return Standing("the book was never closed: anyone may end the offering, and all deposits are unlocked")


def _opening(book: OfferingBook, now: datetime, left: Left) -> Standing:
    rules = book.rules
    if now < rules.reveals_by:
        then = "who has not opened his bids loses his deposit"
        if not left.sealed:
            then = "no bids are opened any more"
        return Standing("the book is closed, and bids are opened", rules.reveals_by, then)
    if now < rules.over_allots_by and not book.over_allotment_declared:
        words = "bids are open, and the issuer may add to what is offered"
        return Standing(words, rules.over_allots_by, "nothing is added any more, and anyone may clear")
    return _clearing(book, now, left)


def _clearing(book: OfferingBook, now: datetime, left: Left) -> Standing:
    del left
    if now > book.rules.clears_by:
        return Standing("the book was not cleared in time: anyone may fail the offering")
    words = "the book can be cleared"
    if book.stage is Stage.CLEARED:
        words = "the price is found, and the shares at the margin wait for their proof"
    return Standing(words, book.rules.clears_by, "anyone may fail the offering")


def _settling(book: OfferingBook, now: datetime, left: Left) -> Standing:
    rules = book.rules
    more = more_until(book)
    if more is not None and now <= more:
        words = "the result is published, and entitled bidders may underwrite more"
        return Standing(words, more, "nobody may underwrite more")
    if now < rules.settles_from:
        return Standing("the result is published", rules.settles_from, "winners pay and are issued")
    if left.winners or left.takers:
        return _paying(book, now, left)
    words = "all that was won is issued"
    if left.bound and now <= rules.takes_up_by:
        return Standing(words, rules.takes_up_by, "underwriters are discharged")
    return Standing(words if now <= rules.settles_by else "the offering is over")


def _paying(book: OfferingBook, now: datetime, left: Left) -> Standing:
    rules = book.rules
    if now <= rules.settles_by:
        words = "winners pay and are issued"
        return Standing(words, rules.settles_by, "who has not paid loses units and deposit")
    if now <= rules.takes_up_by:
        words = "winners who have not paid lapse, and underwriters take up what they left"
        return Standing(words, rules.takes_up_by, "who has not taken up his part loses his deposit")
    if left.winners:
        return Standing("the time to pay is over: winners who have not paid lapse")
    return Standing("the offering is over")


def _over(book: OfferingBook, now: datetime, left: Left) -> Standing:
    del now, left
    words = "was cancelled" if book.stage is Stage.CANCELLED else "has failed"
    return Standing(f"the offering {words}: nothing is issued")


_BY_STAGE: Mapping[Stage, Callable[[OfferingBook, datetime, Left], Standing]] = {
    Stage.MANDATED: _preparing,
    Stage.ACCEPTED: _preparing,
    Stage.OPEN: _bidding,
    Stage.CLOSED: _opening,
    Stage.CLEARED: _clearing,
    Stage.PUBLISHED: _settling,
    Stage.FAILED: _over,
    Stage.CANCELLED: _over,
}
