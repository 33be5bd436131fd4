"""Payment and issue in one act, the rest, and what becomes of deposits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from indenture.play.acts.base import Act, Rehearsal, Sends, Several
from indenture.play.acts.offering import OfferingAct, Window
from indenture.play.fields import Text, counted

if TYPE_CHECKING:
    from indenture.play.stage import Stage
    from indenture.results import SettlementResult
    from indenture.roles import Bookrunner


class PaymentAgainstIssue(OfferingAct):
    """An act that takes money and issues units, in one act for each; who cannot pay is passed over.

    Attributes:
        by: Who does it; anyone may.
    """

    #: Who pays.
    payer: ClassVar[str]
    by: Sends

    def perform(self, stage: Stage) -> str:
        """Settles all who can pay, in batches."""
        done = self.settle(stage.bookrunner(stage.one(self.by)), stage.bond(self.bond).offering_id)
        names = ", ".join(f"{stage.account_at(each.bidder)} ({each.reason})" for each in done.skipped)
        passed_over = f"; passed over: {names}" if names else ""
        return f"{done.proceeds} of {counted(done.count, self.payer)}{passed_over}"

    def settle(self, bookrunner: Bookrunner, offering_id: int) -> SettlementResult:
        """What is done."""
        raise NotImplementedError


class Settle(PaymentAgainstIssue):
    """Takes the winners' money and issues their units."""

    word: ClassVar[str] = "settle"
    window: ClassVar[Window] = ("settles_from", "settles_by")
    payer: ClassVar[str] = "winner"

    def title(self) -> str:
        """What is about to happen."""
        return "Pay and issue"

    def settle(self, bookrunner: Bookrunner, offering_id: int) -> SettlementResult:
        """Settles all winners."""
        return bookrunner.settle(offering_id)


class TakeUp(PaymentAgainstIssue):
    """Underwriters pay for their parts of the rest: of what nobody bid for, later of what was not paid."""

    word: ClassVar[str] = "take_up"
    window: ClassVar[Window] = ("settles_from", "takes_up_by")
    payer: ClassVar[str] = "underwriter"

    def title(self) -> str:
        """What is about to happen."""
        return "Take up the rest"

    def settle(self, bookrunner: Bookrunner, offering_id: int) -> SettlementResult:
        """Takes up all parts."""
        return bookrunner.take_up(offering_id)


class Lapse(OfferingAct):
    """Winners who did not pay in time lose their units, and their deposit to the issuer.

    Attributes:
        by: Who does it; anyone may.
    """

    word: ClassVar[str] = "lapse"
    window: ClassVar[Window] = ("settles_by", None)
    by: Sends

    def perform(self, stage: Stage) -> str:
        """Lapses all of them."""
        staged = stage.bond(self.bond)
        done = stage.bookrunner(stage.one(self.by)).lapse_all(staged.offering_id)
        return f"{counted(done.count, 'winner')} did not pay"


class Forfeit(OfferingAct):
    """Bids that nobody opened lose their deposit to the issuer.

    Attributes:
        by: Who does it; anyone may.
    """

    word: ClassVar[str] = "forfeit"
    window: ClassVar[Window] = ("reveals_by", None)
    by: Sends

    def perform(self, stage: Stage) -> str:
        """Forfeits all of them."""
        staged = stage.bond(self.bond)
        done = stage.bookrunner(stage.one(self.by)).forfeit_all(staged.offering_id)
        lost = staged.terms.currency.money_from_base(done.count * staged.rules.deposit)
        return f"{lost} of {counted(done.count, 'bidder')} who did not open their bids"


class Release(OfferingAct):
    """Unlocks the deposits of bidders who won nothing, or of all where the offering came to nothing.

    Attributes:
        by: Who does it; anyone may.
    """

    word: ClassVar[str] = "release"
    window: ClassVar[Window] = ("reveals_by", None)
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Release losers"

    def perform(self, stage: Stage) -> str:
        """Releases all of them, in batches."""
        staged = stage.bond(self.bond)
        done = stage.bookrunner(stage.one(self.by)).release_all(staged.offering_id)
        unlocked = staged.terms.currency.money_from_base(done.count * staged.rules.deposit)
        return f"{unlocked} of {counted(done.count, 'bidder')} who won nothing"


class Discharge(OfferingAct):
    """Unlocks the deposits of underwriters who did their part; who did not loses his to the issuer.

    Attributes:
        by: Who does it; anyone may.
    """

    word: ClassVar[str] = "discharge"
    window: ClassVar[Window] = ("takes_up_by", None)
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Discharge"

    def perform(self, stage: Stage) -> str:
        """Discharges all of them, in batches."""
        done = stage.bookrunner(stage.one(self.by)).discharge_all(stage.bond(self.bond).offering_id)
        return counted(done.count, "underwriter")


class WithdrawDeposits(Act):
    """Each takes out of its standing deposit what is free; those with nothing are passed over.

    Attributes:
        currency: Code of the currency.
        by: Who; of the issuer, what others lost to it.
    """

    word: ClassVar[str] = "withdraw_deposits"
    currency: Text
    by: Several

    def title(self) -> str:
        """What is about to happen."""
        return "Refund"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the currency exists."""
        if self.currency not in {cash.code for cash in scene.case.cash}:
            yield "currency", f"the case has no cash {self.currency!r}", ""

    def perform(self, stage: Stage) -> str:
        """Withdraws, pipelined."""
        count, total = stage.withdraw_deposits(self.currency, stage.case.accounts(*self.by))
        return f"{total} to {counted(count, 'account')}"
