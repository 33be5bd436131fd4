"""The primary market: register the terms, build the book, allocate, pay and issue."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from indenture.models import OfferingConditions
from indenture.play.acts.base import (
    Act,
    BondName,
    One,
    Rehearsal,
    Sends,
    Several,
    TermsName,
)
from indenture.play.fields import Amount, Instant, Name, Whole
from indenture.play.market import split_by_weight
from indenture.termsheet import load_term_sheet

if TYPE_CHECKING:
    from indenture.play.stage import Stage


class Register(Act):
    """Registers a bond from its term sheet.

    Attributes:
        bond: How later acts call it.
        terms: The term sheet, a file of the case.
        by: The issuer's account.
    """

    word: ClassVar[str] = "register"
    bond: Name
    terms: TermsName
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Register terms"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the sheet is this issuer's, and the label and ISIN are new."""
        terms = load_term_sheet(scene.case.folder / self.terms)
        party = scene.case.party(scene.case.accounts(self.by)[0])
        if terms.issuer != party.lei:
            yield "by", f"{party.id} has LEI {party.lei}, the term sheet names {terms.issuer}", ""
        if terms.currency not in {cash.currency for cash in scene.case.cash}:
            yield "terms", f"the case has no cash {terms.currency.code} of this many decimals", ""
        if self.bond in scene.bonds or terms.isin in {each.isin for each in scene.bonds.values()}:
            yield "bond", f"{self.bond!r} or its ISIN {terms.isin} is registered twice", ""
        scene.bonds[self.bond] = terms

    def perform(self, stage: Stage) -> str:
        """Registers it."""
        stage.register(self.bond, self.terms, stage.one(self.by))
        terms = stage.bond(self.bond).terms
        return f"{terms.isin}, {terms.coupon.rate} %, due {terms.maturity_date}"


class OpenOffering(Act):
    """Opens the book.

    Attributes:
        bond: The bond.
        by: The issuer's account.
        bookrunner: Who keeps the book.
        opens: When orders are taken from.
        closes: When the book closes.
        settles_by: The last moment for payment and issue.
        offered: Units; all of the issue unless given.
        minimum_volume: Units ordered below which the issue fails.
        minimum_order: Least units of an order.
        maximum_order: Most units of an order.
    """

    word: ClassVar[str] = "open_offering"
    bond: BondName
    by: Sends
    bookrunner: One
    opens: Instant
    closes: Instant
    settles_by: Instant
    offered: Whole | None = None
    minimum_volume: Whole | None = None
    minimum_order: Whole | None = None
    maximum_order: Whole | None = None

    def title(self) -> str:
        """What is about to happen."""
        return "Open the book"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the instants follow each other."""
        if not self.opens < self.closes < self.settles_by:
            yield "closes", "must be after opens and before settles_by", ""
        if self.closes <= scene.clock:
            yield "closes", "is past when the book opens", ""
        scene.offered.add(self.bond)

    def perform(self, stage: Stage) -> str:
        """Opens it at the issue price of the terms."""
        played = stage.bond(self.bond)
        terms = played.terms
        price = terms.currency.money_from_base(terms.issue_price_base)
        conditions = OfferingConditions(
            offered=self.offered or terms.units,
            price=price,
            opens_at=self.opens,
            closes_at=self.closes,
            settles_by=self.settles_by,
            bookrunner=stage.address(stage.one(self.bookrunner)),
            minimum_volume=self.minimum_volume or 0,
            minimum_order=self.minimum_order,
            maximum_order=self.maximum_order,
        )
        played.offering_id = stage.issuer(stage.one(self.by)).open_offering(played.bond, conditions)
        return f"{conditions.offered:,} units at {price}"


class _OfferingAct(Act):
    """An act on a bond's offering."""

    bond: BondName

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the book was opened before."""
        if self.bond not in scene.offered:
            yield "bond", f"no offering of {self.bond!r} is open by now", "Put open_offering before."


class Orders(_OfferingAct):
    """Places orders, of amounts that a seed decides, for a multiple of what is offered.

    Attributes:
        by: Who orders.
        times: Units ordered by all of them, as a multiple of what is offered.
    """

    word: ClassVar[str] = "orders"
    by: Several
    times: Amount

    def title(self) -> str:
        """What is about to happen."""
        return "Place orders"

    def perform(self, stage: Stage) -> str:
        """Places them, pipelined."""
        played = stage.bond(self.bond)
        accounts = stage.case.accounts(*self.by)
        book = stage.suite.offering.book(played.offering_id)
        total = int(Decimal(book.offered) * self.times)
        units = split_by_weight(total, len(accounts), book.lot, stage.rng)
        stage.place_orders(played, dict(zip(accounts, units, strict=True)))
        covered = Decimal(stage.suite.offering.book(played.offering_id).ordered) / book.offered
        return f"{len(accounts)} orders; covered {covered:.2f} times"


class Close(_OfferingAct):
    """Closes the book.

    Attributes:
        by: Who closes it.
    """

    word: ClassVar[str] = "close"
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Close the book"

    def perform(self, stage: Stage) -> str:
        """Closes it."""
        closed = stage.bookrunner(stage.one(self.by)).close(stage.bond(self.bond).offering_id)
        return "failed: too little was ordered" if closed.failed else f"{closed.ordered:,} units ordered"


class Allocate(_OfferingAct):
    """Allocates pro rata, and has the chain check it.

    Attributes:
        by: Who computes the allocation.
    """

    word: ClassVar[str] = "allocate"
    by: Sends

    def perform(self, stage: Stage) -> str:
        """Computes and proves it."""
        done = stage.bookrunner(stage.one(self.by)).allocate(stage.bond(self.bond).offering_id)
        return f"{done.allotted:,} units, {done.count} orders, pro rata"


class Settle(_OfferingAct):
    """Takes the winners' money and issues their units, in one act for each.

    Attributes:
        by: Who does it.
    """

    word: ClassVar[str] = "settle"
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Pay and issue"

    def perform(self, stage: Stage) -> str:
        """Settles all winners, in batches."""
        played = stage.bond(self.bond)
        done = stage.bookrunner(stage.one(self.by)).settle(played.offering_id)
        return f"{done.proceeds} from {done.count} holders"


class Refund(_OfferingAct):
    """Each takes back what its order did not need.

    Attributes:
        by: Who; those who have nothing to get are passed over.
    """

    word: ClassVar[str] = "refund"
    by: Several

    def title(self) -> str:
        """What is about to happen."""
        return "Refund"

    def perform(self, stage: Stage) -> str:
        """Refunds them, pipelined."""
        played = stage.bond(self.bond)
        count, total = stage.take_refunds(played, stage.case.accounts(*self.by))
        return f"{total} to {count} accounts"
