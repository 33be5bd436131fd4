"""Bids that a case writes down, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from indenture.errors import InputError
from indenture.models import Bid
from indenture.play.acts.base import Accounts, PlannedOffering, Rehearsal
from indenture.play.acts.offering import OfferingAct, Window
from indenture.play.fields import Amount, Block, Selector, Whole
from indenture.primary import NON_COMPETITIVE, ClassRule, Rules, TickBid, check_bids, ordered
from indenture.primary.sheet_fields import Quote

if TYPE_CHECKING:
    from indenture.play.stage import Stage
    from indenture.termsheet import TermSheet

BOOK_HOURS: Window = ("opens_at", "closes_at")


class BookLine(Block):
    """One tick bid.

    Attributes:
        bidder: Who bids, and pays.
        quote: Percent a year, or the price of one unit; none for a non-competitive bid.
        units: How many units.
        client: Who gets them, where it is not the bidder.
    """

    bidder: Selector
    quote: Amount | None = None
    units: Whole
    client: Selector | None = None


class BookAct(OfferingAct):
    """Bids that are written down, line by line."""

    window: ClassVar[Window] = BOOK_HOURS
    book: tuple[BookLine, ...] = ()

    def lines(self, stage: Stage) -> dict[str, list[Bid]]:
        """The bids of each bidder, clients by address."""
        found: dict[str, list[Bid]] = {}
        for line in self.book:
            client = stage.address(stage.one(line.client)) if line.client else None
            found.setdefault(stage.one(line.bidder), []).append(Bid(line.quote, line.units, client))
        return found

    def check_book(self, scene: Rehearsal, offering: PlannedOffering) -> Iterator[tuple[str, str, str]]:
        """Whether each line, and all lines of a bidder together, keep the rules of the offering."""
        unknown = False
        for number, line in enumerate(self.book):
            for name in ("bidder", "client"):
                selector = getattr(line, name)
                problems = Accounts(one=True).check(selector, scene) if selector else ()
                for reason, hint in problems:
                    unknown = True
                    yield f"book.{number}.{name}", reason, hint
        if not unknown:
            yield from _check_lines(scene, scene.bonds[self.bond], offering, self.book)


def quote_of(number: Decimal, terms: TermSheet, rules: Rules) -> int:
    """A quote of a case as the book has it."""
    return Quote(number).base(rules.basis, terms.currency)


def _check_lines(
    scene: Rehearsal, terms: TermSheet, offering: PlannedOffering, book: Sequence[BookLine]
) -> Iterator[tuple[str, str, str]]:
    rules, lot = offering.rules, terms.minimum_units
    # Accounts have no address before the play: their place in the file stands for it.
    addresses = {
        account: f"0x{place:040x}" for place, account in enumerate(scene.case.accounts("all"), start=1)
    }
    anything = ClassRule(0, 2**64)
    by_bidder: dict[str, dict[int, TickBid]] = {}
    sound = True
    for number, line in enumerate(book):
        (bidder,) = scene.case.accounts(line.bidder)
        (account,) = scene.case.accounts(line.client or line.bidder)
        others = by_bidder.setdefault(bidder, {})
        try:
            quote = NON_COMPETITIVE if line.quote is None else quote_of(line.quote, terms, rules)
            bid = TickBid(quote, line.units, addresses[account])
            check_bids(rules, anything, [bid], lot=lot)
        except InputError as error:
            sound = False
            yield f"book.{number}", error.message.removeprefix("bid 1: "), error.hint
            continue
        if bid.key in {other.key for other in others.values()}:
            sound = False
            yield f"book.{number}.quote", f"{bidder} has a bid at {line.quote} already", "Join the two bids."
        others[number] = bid
    if not sound:
        return
    for bidder, bids in by_bidder.items():
        try:
            check_bids(rules, offering.class_rule(bidder), ordered(bids.values()), lot=lot)
        except InputError as error:
            yield f"book.{min(bids)}.bidder", f"{bidder}: {error.message}", error.hint
