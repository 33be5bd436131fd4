"""Bids: sealed, replaced, withdrawn, lost, opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from indenture.errors import InputError
from indenture.models import Bid
from indenture.play.acts.base import Act, One, PlannedOffering, Rehearsal, Sends, Several
from indenture.play.acts.book_lines import BOOK_HOURS, BookAct, BookLine, quote_of
from indenture.play.acts.offering import OfferingAct, Window
from indenture.play.book import Demand, draw_book
from indenture.play.fields import Amount, Block, Text, Whole, counted
from indenture.primary import Form, Rules, TickBid

if TYPE_CHECKING:
    from indenture.play.stage import Stage
    from indenture.termsheet import TermSheet

_REVEAL: Window = ("closes_at", "reveals_by")


class FundDeposits(Act):
    """Puts money into standing deposits, ahead of the bids that take it.

    Attributes:
        currency: Code of the currency.
        by: Whose deposits.
        amount: How much each.
    """

    word: ClassVar[str] = "fund_deposits"
    currency: Text
    by: Several
    amount: Amount

    def title(self) -> str:
        """What is about to happen."""
        return "Fund deposits"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the currency exists, and has such an amount."""
        currency = next((cash.currency for cash in scene.case.cash if cash.code == self.currency), None)
        if currency is None:
            yield "currency", f"the case has no cash {self.currency!r}", ""
            return
        try:
            currency.to_base(self.amount)
        except InputError as error:
            yield "amount", error.message, error.hint

    def perform(self, stage: Stage) -> str:
        """Each puts in the same."""
        accounts = stage.case.accounts(*self.by)
        for account in accounts:
            stage.investor(account).deposit_funds(self.amount, self.currency)
        total = stage.currency(self.currency).money(self.amount * len(accounts))
        return f"{total} of {counted(len(accounts), 'account')}"


class QuoteRange(Block):
    """Where bids are: percent a year, or the price of one unit.

    Attributes:
        low: Lowest quote.
        high: Highest quote.
        centre: Quote at which most is bid; demand falls from there to both ends.
    """

    low: Amount
    high: Amount
    centre: Amount


class Bids(BookAct):
    """Bids: line by line, or drawn by a seed around a demand curve.

    Attributes:
        book: Every tick bid, for a book of one's own making; or
        by: Who bids, and
        times: Units bid by all of them, as a multiple of what is offered without any over-allotment, and
        quotes: Where their bids are, and
        each: Tick bids of one bidder, on average.
        step: Units of which each bid is a multiple; the bond's minimum denomination unless given.
        clients: Accounts of the bidders' members for which every second of their bids is.
    """

    word: ClassVar[str] = "bids"
    by: Several = ()
    times: Amount | None = None
    quotes: QuoteRange | None = None
    each: Whole = 3
    step: Whole | None = None
    clients: Several = ()

    def title(self) -> str:
        """What is about to happen."""
        return "Bid"

    def check_offering(self, scene: Rehearsal, offering: PlannedOffering) -> Iterator[tuple[str, str, str]]:
        """Whether the book, or the demand, keeps the rules of the offering."""
        drawn = {"by": self.by, "times": self.times, "quotes": self.quotes}
        if bool(self.book) == any(drawn.values()):
            yield "book", "needs exactly one of book, and by with times and quotes", ""
            return
        if self.book:
            yield from self.check_book(scene, offering)
            return
        if self.quotes is None or self.times is None or not self.by:
            yield next(name for name, value in drawn.items() if not value), "is missing", ""
            return
        yield from self._check_quotes(self.quotes, scene.bonds[self.bond], offering.rules)
        lot = scene.bonds[self.bond].minimum_units
        if self.step is not None and (self.step % lot or offering.rules.minimum_bid % self.step):
            yield "step", f"{self.step} units are no whole lots of {lot}, or no part of the smallest bid", ""
        members = {scene.case.party(account).id for account in scene.case.accounts(*self.by)}
        for client in scene.case.accounts(*self.clients) if self.clients else ():
            if scene.case.party(client).id not in members:
                yield "clients", f"{client} is of no member who bids", "Name accounts of those who bid."

    @staticmethod
    def _check_quotes(quotes: QuoteRange, terms: TermSheet, rules: Rules) -> Iterator[tuple[str, str, str]]:
        known = True
        for name in ("low", "centre", "high"):
            try:
                rules.level_of(quote_of(getattr(quotes, name), terms, rules))
            except InputError as error:
                known = False
                yield f"quotes.{name}", error.message, error.hint
        if known and not quotes.low <= quotes.centre <= quotes.high:
            yield "quotes.centre", f"{quotes.centre} is not between low and high", ""

    def perform(self, stage: Stage) -> str:
        """Bids, pipelined; what opens sealed bids is kept in the play's vault first."""
        staged = stage.bond(self.bond)
        wanted: Mapping[str, Sequence[Bid | TickBid]]
        if self.quotes is not None and self.times is not None:
            wanted = self._drawn(stage, self.quotes, self.times)
        else:
            wanted = self.lines(stage)
        stage.place_bids(staged, wanted)
        bids = sum(len(each) for each in wanted.values())
        return f"{counted(bids, 'tick bid')} of {counted(len(wanted), 'bidder')}" + _secrecy(
            staged.rules.form
        )

    def _drawn(self, stage: Stage, quotes: QuoteRange, times: Decimal) -> dict[str, list[TickBid]]:
        staged = stage.bond(self.bond)
        low, centre, high = (
            quote_of(each, staged.terms, staged.rules) for each in (quotes.low, quotes.centre, quotes.high)
        )
        demand = Demand(int(Decimal(staged.rules.offered) * times), low, centre, high, self.each)
        accounts = stage.case.accounts(*self.by)
        clients = stage.case.accounts(*self.clients) if self.clients else ()
        drawn = draw_book(
            demand,
            stage.bidders(staged, accounts, clients),
            staged.rules,
            self.step or staged.terms.minimum_units,
            stage.rng,
        )
        return {
            account: [TickBid(bid.quote, bid.units, stage.address(bid.account)) for bid in bids]
            for account, bids in drawn.items()
        }


class ReplaceBids(BookAct):
    """Replaces all bids of a bidder, or of several, by others."""

    word: ClassVar[str] = "replace_bids"
    book: Annotated[tuple[BookLine, ...], Field(min_length=1)]

    def title(self) -> str:
        """What is about to happen."""
        return "Replace bids"

    def check_offering(self, scene: Rehearsal, offering: PlannedOffering) -> Iterator[tuple[str, str, str]]:
        """Whether the book keeps the rules of the offering."""
        yield from self.check_book(scene, offering)

    def perform(self, stage: Stage) -> str:
        """Bids again: in a sealed book, nobody sees that it is not the first time."""
        staged = stage.bond(self.bond)
        wanted = self.lines(stage)
        stage.place_bids(staged, wanted)
        return f"{', '.join(wanted)}" + _secrecy(staged.rules.form)


class WithdrawBids(OfferingAct):
    """Bidders withdraw all their bids, and get their deposits unlocked.

    Attributes:
        by: Who withdraws.
    """

    word: ClassVar[str] = "withdraw_bids"
    window: ClassVar[Window] = BOOK_HOURS
    by: Several

    def title(self) -> str:
        """What is about to happen."""
        return "Withdraw bids"

    def perform(self, stage: Stage) -> str:
        """Each withdraws with his own key."""
        accounts = stage.case.accounts(*self.by)
        for account in accounts:
            stage.investor(account).withdraw_bid(stage.bond(self.bond).offering_id)
        return counted(len(accounts), "bidder")


class LoseBids(OfferingAct):
    """A bidder loses what opens his sealed bids; in an encrypted book, the bookrunner can still open them.

    Attributes:
        by: Who.
    """

    word: ClassVar[str] = "lose_bids"
    window: ClassVar[Window] = ("opens_at", "reveals_by")
    for_sealed: ClassVar[bool] = True
    by: One

    def title(self) -> str:
        """What is about to happen."""
        return "Lose a vault"

    def perform(self, stage: Stage) -> str:
        """Nothing is sent: the vault forgets."""
        stage.forget_bids(stage.bond(self.bond), stage.one(self.by))
        return f"{self.by} has nothing left to open its bids with"


class OpenBids(OfferingAct):
    """Opens the bids: those that were kept, or in an encrypted book all that the bookrunner's key opens.

    Attributes:
        by: Who sends what opens them; anyone may who has it. In an encrypted book, the bookrunner.
    """

    word: ClassVar[str] = "open_bids"
    window: ClassVar[Window] = _REVEAL
    for_sealed: ClassVar[bool] = True
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Open bids"

    def perform(self, stage: Stage) -> str:
        """Opens them, pipelined, and says how much was bid."""
        staged = stage.bond(self.bond)
        opened = stage.open_bids(staged, stage.one(self.by))
        book = stage.suite.offering.book(staged.offering_id)
        covered = Decimal(book.bid_units + book.non_competitive_bid) / book.offered
        left = len(stage.bookrunner(stage.one(self.by)).unopened(staged.offering_id))
        said = f"{counted(opened, 'bidder')}, {covered:.2f} times what is offered"
        return said + (f"; {left} not opened" if left else "")


def _secrecy(form: Form) -> str:
    return "" if form is Form.OPEN else f", {form.label}"
