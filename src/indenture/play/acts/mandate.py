"""Mandate and syndicate: the conditions of an offering, who keeps its book, who underwrites it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from indenture.errors import TermSheetError
from indenture.models import Invitation
from indenture.play.acts.base import (
    Act,
    BondName,
    OfferingName,
    One,
    PlannedOffering,
    Rehearsal,
    Sends,
    Several,
)
from indenture.play.acts.offering import OfferingAct, Window
from indenture.play.fields import Instant, Text, Whole, counted
from indenture.play.staged import StagedOffering
from indenture.primary import Basis, ClassRule, Rules, load_offering_sheet
from indenture.roles import fixed_price_rules

if TYPE_CHECKING:
    from indenture.play.stage import Stage
    from indenture.termsheet import TermSheet


class Mandate(Act):
    """Lays down the conditions of an offering, and mandates its bookrunner.

    Attributes:
        bond: The bond.
        sheet: The offering sheet, a file of the case; its underwriters are accounts of the case.
        by: The issuer's account.
        bookrunner: Who keeps the book.
    """

    word: ClassVar[str] = "mandate"
    bond: BondName
    sheet: OfferingName
    by: Sends
    bookrunner: One

    def title(self) -> str:
        """What is about to happen."""
        return "Mandate"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the sheet fits the bond, its underwriters are in the case, and it is not too late."""
        terms = scene.bonds[self.bond]
        sheet = load_offering_sheet(scene.case.folder / self.sheet)
        try:
            rules, classes = sheet.rules(terms), sheet.class_rules(terms)
            syndicate = sheet.syndicate(terms)
        except TermSheetError as error:
            for problem in (error, *error.others):
                yield "sheet", problem.message, problem.hint
            return
        seats: dict[str, int] = {}
        for seat in syndicate:
            account = scene.case.account_of(seat.member)
            if account is None:
                yield (
                    "sheet",
                    f"its underwriter {seat.member!r} is no account of this case",
                    "Name a member of one account, or member/account.",
                )
                continue
            seats[account] = seat.bidder_class
        if rules.closes_at <= scene.clock:
            yield "sheet", "its book closes before it is mandated", "Mandate earlier."
        scene.offerings[self.bond] = PlannedOffering(rules, classes, seats)

    def perform(self, stage: Stage) -> str:
        """Mandates by the sheet."""
        staged = stage.mandate(self.bond, self.sheet, stage.one(self.by), stage.one(self.bookrunner))
        rules, offered = staged.rules, staged.amount_of(staged.rules.offered)
        return f"{offered}, {rules.form.label} bids by {rules.basis.label}, {rules.pricing.label} pricing"


class Offer(Act):
    """Mandates the simplest offering: an open book at the issue price of the terms, for everybody alike.

    Attributes:
        bond: The bond.
        units: Units on offer.
        by: The issuer's account.
        bookrunner: Who keeps the book.
        opens_at: First second of the book.
        closes_at: First second at which it is closed.
        settles_from: First second of payment and issue; the last for clearing.
        settles_by: Last second of payment and issue.
    """

    word: ClassVar[str] = "offer"
    bond: BondName
    units: Whole
    by: Sends
    bookrunner: One
    opens_at: Instant
    closes_at: Instant
    settles_from: Instant
    settles_by: Instant

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the rules fit the bond, and it is not too late."""
        terms = scene.bonds[self.bond]
        if self.closes_at <= scene.clock:
            yield "closes_at", "the book closes before it is mandated", "Mandate earlier."
            return
        if self.units > terms.units:
            yield "units", f"{self.units:,} are more than the {terms.units:,} of the terms", ""
            return
        rules = self.rules(terms)
        everybody = ClassRule(0, self.units)
        scene.offerings[self.bond] = PlannedOffering(rules, (everybody,), {})

    def rules(self, terms: TermSheet) -> Rules:
        """The rules in the contract's units."""
        return fixed_price_rules(
            units=self.units,
            quote=terms.issue_price_base,
            basis=Basis.PRICE,
            lot=terms.minimum_units,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            settles_from=self.settles_from,
            settles_by=self.settles_by,
        )

    def perform(self, stage: Stage) -> str:
        """Mandates it."""
        staged = stage.bond(self.bond)
        rules, bookrunner = self.rules(staged.terms), stage.address(stage.one(self.bookrunner))
        number = stage.issuer(stage.one(self.by)).mandate(staged.bond, rules, bookrunner)
        staged.offerings.append(StagedOffering(number, rules, ()))
        return f"{staged.amount_of(self.units)} at {staged.terms.issue_price} %"


class Cancel(OfferingAct):
    """The issuer cancels the offering before the close; all deposits go back.

    Attributes:
        by: The issuer's account.
        reason: Why; its hash goes on chain.
    """

    word: ClassVar[str] = "cancel"
    window: ClassVar[Window] = (None, "closes_at")
    by: Sends
    reason: Text

    def perform(self, stage: Stage) -> str:
        """Cancels it."""
        stage.issuer(stage.one(self.by)).cancel(stage.bond(self.bond).offering_id, self.reason)
        return self.reason


class AcceptMandate(OfferingAct):
    """The bookrunner accepts; an encrypted book gets its key.

    Attributes:
        by: The bookrunner's account.
    """

    word: ClassVar[str] = "accept_mandate"
    window: ClassVar[Window] = (None, "opens_at")
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Accept mandate"

    def perform(self, stage: Stage) -> str:
        """Accepts; a key is kept in the play's vault."""
        offering = stage.bond(self.bond).offering_id
        accepted = stage.bookrunner(stage.one(self.by)).accept_mandate(offering, stage.vault)
        key = accepted.encryption_key
        return f"offering {offering}" + (f", bids are encrypted to 0x{key.hex()[:16]}..." if key else "")


class Invite(OfferingAct):
    """Invites the underwriters of the offering sheet, in its order.

    Attributes:
        by: The bookrunner's account.
    """

    word: ClassVar[str] = "invite"
    window: ClassVar[Window] = (None, "opens_at")
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Invite syndicate"

    def check_offering(self, scene: Rehearsal, offering: PlannedOffering) -> Iterator[tuple[str, str, str]]:
        """Whether the sheet names anybody."""
        del scene
        if not offering.seats:
            yield "bond", "the offering sheet names no underwriters", "Leave the act out."

    def perform(self, stage: Stage) -> str:
        """Invites them."""
        staged = stage.bond(self.bond)
        invitations = [
            Invitation(stage.address(stage.account_of(seat.member)), seat.bidder_class, seat.commitment)
            for seat in staged.offering.syndicate
        ]
        done = stage.bookrunner(stage.one(self.by)).invite_all(staged.offering_id, invitations)
        units = sum(each.commitment for each in invitations)
        return counted(done.count, "member") + (f", for up to {staged.amount_of(units)}" if units else "")


class JoinSyndicate(OfferingAct):
    """Those who are invited join, and put up their deposits.

    Attributes:
        by: Who joins; all who are invited unless given.
    """

    word: ClassVar[str] = "join_syndicate"
    window: ClassVar[Window] = (None, "opens_at")
    by: Several = ()

    def title(self) -> str:
        """What is about to happen."""
        return "Join syndicate"

    def check_offering(self, scene: Rehearsal, offering: PlannedOffering) -> Iterator[tuple[str, str, str]]:
        """Whether they are invited."""
        accounts = scene.case.accounts(*self.by) if self.by else ()
        for account in accounts:
            if account not in offering.seats:
                yield (
                    "by",
                    f"{account} is not invited",
                    f"Invited: {', '.join(offering.seats) or 'nobody'}.",
                )
        for account in (accounts and set(offering.seats) - set(accounts)) or ():
            offering.seats.pop(account)  # he bids as anybody else

    def perform(self, stage: Stage) -> str:
        """Each joins with his own key."""
        staged = stage.bond(self.bond)
        invited = [stage.account_of(seat.member) for seat in staged.offering.syndicate]
        accounts = stage.case.accounts(*self.by) if self.by else invited
        joined = [stage.underwriter(account).join(staged.offering_id) for account in accounts]
        held = staged.terms.currency.money_from_base(len(joined) * staged.rules.deposit)
        return f"{len(joined)} joined" + (f", {held} held" if held.base else "")


class OpenBook(OfferingAct):
    """Opens the book for its hours, and pins the bond's documents.

    Attributes:
        by: The bookrunner's account.
    """

    word: ClassVar[str] = "open_book"
    window: ClassVar[Window] = (None, "opens_at")
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Open the book"

    def perform(self, stage: Stage) -> str:
        """Opens it."""
        staged = stage.bond(self.bond)
        stage.bookrunner(stage.one(self.by)).open_book(staged.offering_id)
        lowest, highest = map(staged.quote_text, (staged.rules.lowest, staged.rules.highest))
        return f"bids from {lowest} to {highest}" if lowest != highest else f"one price, {lowest}"
