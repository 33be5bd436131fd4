"""From the close of the book to its result, and what may be added to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from indenture.play.acts.base import PlannedOffering, Rehearsal, Sends
from indenture.play.acts.offering import OfferingAct, Window
from indenture.play.fields import Whole, counted
from indenture.play.tender import tender_table
from indenture.primary.result import percent_of

if TYPE_CHECKING:
    from indenture.play.stage import Stage


class Close(OfferingAct):
    """Closes the book; anyone may.

    Attributes:
        by: Who closes it.
    """

    word: ClassVar[str] = "close"
    window: ClassVar[Window] = ("closes_at", "clears_by")
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Close the book"

    def perform(self, stage: Stage) -> str:
        """Closes it."""
        closed = stage.bookrunner(stage.one(self.by)).close(stage.bond(self.bond).offering_id)
        if closed.sealed:
            return f"{counted(closed.sealed, 'bidder')}, nobody knows yet what they bid"
        return counted(closed.bidders, "bidder")


class DeclareOverAllotment(OfferingAct):
    """The issuer adds units to those on offer, once it knows the demand.

    Attributes:
        by: The issuer's account.
        units: How many; all that the rules allow unless given.
    """

    word: ClassVar[str] = "declare_over_allotment"
    window: ClassVar[Window] = ("reveals_by", "over_allots_by")
    by: Sends
    units: Whole | None = None

    def title(self) -> str:
        """What is about to happen."""
        return "Over-allot"

    def check_offering(self, scene: Rehearsal, offering: PlannedOffering) -> Iterator[tuple[str, str, str]]:
        """Whether the rules allow it."""
        most, lot = offering.rules.over_allotment, scene.bonds[self.bond].minimum_units
        if self.units is not None and (self.units > most or self.units % lot):
            yield "units", f"{self.units} units are no whole lots of {lot} up to {most}", ""

    def perform(self, stage: Stage) -> str:
        """Declares it."""
        staged = stage.bond(self.bond)
        units = self.units or staged.rules.over_allotment
        stage.issuer(stage.one(self.by)).declare_over_allotment(staged.offering_id, units)
        return f"{staged.amount_of(units)} on top of {staged.amount_of(staged.rules.offered)}"


class Clear(OfferingAct):
    """Clears the book in one pass, and proves the shares at its margin; anyone may.

    Attributes:
        by: Who does it.
    """

    word: ClassVar[str] = "clear"
    window: ClassVar[Window] = ("reveals_by", "clears_by")
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Clear the book"

    def check_offering(self, scene: Rehearsal, offering: PlannedOffering) -> Iterator[tuple[str, str, str]]:
        """From here on the bond has a coupon: which one only the play shows, a later offering needs one."""
        terms = scene.bonds[self.bond]
        if terms.coupon.rate is None:
            scene.bonds[self.bond] = terms.with_rate(percent_of(offering.rules.lowest))
        yield from ()

    def perform(self, stage: Stage) -> str:
        """Clears, and has the chain check the shares."""
        staged = stage.bond(self.bond)
        cleared = stage.bookrunner(stage.one(self.by)).clear(staged.offering_id)
        if cleared.result.failed:
            return f"failed: {cleared.result.failed}"
        if staged.terms.coupon.rate is None and cleared.result.issue_rate is not None:
            staged.terms = staged.terms.with_rate(cleared.result.issue_rate)
        proved = f", shares of {counted(cleared.count, 'bidder')} proved" if cleared.count else ""
        return f"{cleared.result.allotted:,} units allotted{proved}"


class Fail(OfferingAct):
    """Ends an offering that was not opened, or not cleared, in time; anyone may.

    Attributes:
        by: Who does it.
    """

    word: ClassVar[str] = "fail"
    window: ClassVar[Window] = ("closes_at", None)
    by: Sends

    def perform(self, stage: Stage) -> str:
        """Fails it."""
        offering, bookrunner = stage.bond(self.bond).offering_id, stage.bookrunner(stage.one(self.by))
        bookrunner.fail(offering)
        return f"offering {offering}: {bookrunner.book(offering).stage.label}"


class TenderResult(OfferingAct):
    """Prints the result as it is published."""

    word: ClassVar[str] = "tender_result"
    window: ClassVar[Window] = ("reveals_by", None)

    def title(self) -> str:
        """What is about to happen."""
        return "Tender result"

    def perform(self, stage: Stage) -> str:
        """Reads it from the chain; nothing is sent."""
        return tender_table(stage.result(stage.bond(self.bond).offering_id))


class UnderwriteMore(OfferingAct):
    """A bidder of an entitled class underwrites more at the issue price, in the minutes after the result.

    Attributes:
        by: Who.
        units: How many.
    """

    word: ClassVar[str] = "underwrite_more"
    window: ClassVar[Window] = ("reveals_by", "settles_from")
    by: Sends
    units: Whole

    def title(self) -> str:
        """What is about to happen."""
        return "Underwrite more"

    def check_offering(self, scene: Rehearsal, offering: PlannedOffering) -> Iterator[tuple[str, str, str]]:
        """Whether his class is entitled."""
        (account,) = scene.case.accounts(self.by)
        if not offering.class_rule(account).additional:
            yield "by", f"the class of {account} may not underwrite more", "The offering sheet says who may."

    def perform(self, stage: Stage) -> str:
        """Adds them; they are paid for with what was won."""
        staged = stage.bond(self.bond)
        underwriter = stage.underwriter(stage.one(self.by))
        limit = underwriter.additional_limit(staged.offering_id)
        underwriter.underwrite_more(staged.offering_id, self.units)
        return f"{self.by}: {self.units:,} units of at most {limit:,}"
