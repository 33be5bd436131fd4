"""Default: noticed, made due by holders or by a missed last payment, and recovered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from indenture.errors import InvalidAmount
from indenture.play.acts.base import Act, BondName, Rehearsal, Sends
from indenture.play.acts.holders_events import EventAct, Flag, opened
from indenture.play.fields import Amount, Day, Text, Whole, digest_of

if TYPE_CHECKING:
    from indenture.play.stage import Stage
    from indenture.results import MadeDueResult


class NoticeDefault(Act):
    """Says that a bond is in default, and opens the event in which holders give notice.

    Attributes:
        bond: The bond.
        by: Who does it; anyone may.
        cause: The bond that missed a payment, where it is another one of the issuer's.
        period: The missed payment; the first one unless given.
    """

    word: ClassVar[str] = "notice_default"
    bond: BondName
    by: Sends
    cause: BondName | None = None
    period: Whole | None = None

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether holders can make it due, and the cause can be one."""
        defaults = scene.bonds[self.bond].rights.defaults
        if not defaults.acceleration_share:
            yield "bond", "lets no share of the holders make it due", "Leave the act out."
        if self.cause not in (None, self.bond):
            other = scene.bonds.get(self.cause or "")
            if other is None:
                yield "cause", f"no bond is registered as {self.cause!r} by now", ""
            elif not defaults.cross_default or other.issuer != scene.bonds[self.bond].issuer:
                yield "cause", f"{self.cause!r} is no cause of default of this bond", ""

    def perform(self, stage: Stage) -> str:
        """Gives it."""
        cause = stage.bond(self.cause).bond if self.cause else None
        investor = stage.investor(stage.one(self.by))
        return opened(investor.notice_default(stage.bond(self.bond).bond, cause, self.period or 0))


class Accelerate(EventAct):
    """Makes a bond due, when enough holders have given notice.

    Attributes:
        by: Who does it; anyone may.
    """

    word: ClassVar[str] = "accelerate"
    by: Sends

    def perform(self, stage: Stage) -> str:
        """Makes it due."""
        agent = stage.paying_agent(stage.one(self.by))
        return _made_due(agent.accelerate(stage.bond(self.bond).bond, self.action))


class DeclareOverdue(Act):
    """Makes a bond due whose last payment was missed.

    Attributes:
        bond: The bond.
        by: Who does it; anyone may.
    """

    word: ClassVar[str] = "declare_overdue"
    bond: BondName
    by: Sends

    def perform(self, stage: Stage) -> str:
        """Makes it due."""
        return _made_due(stage.paying_agent(stage.one(self.by)).declare_overdue(stage.bond(self.bond).bond))


class FundRecovery(Act):
    """Somebody pays in a recovery for those who will hold at a record date.

    Attributes:
        bond: The bond.
        by: Who pays; of the last one that covers less than is owed, through the statutory desk.
        amount: How much; all that is owed unless given.
        record_day: The record date.
        final: Whether nothing more will come.
        document: What it rests on; its hash goes on chain.
    """

    word: ClassVar[str] = "fund_recovery"
    bond: BondName
    by: Sends
    amount: Amount | None = None
    record_day: Day
    final: Flag = False
    document: Text = "notice to the holders"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the amount is money."""
        try:
            scene.bonds[self.bond].currency.to_base(self.amount or 0)
        except InvalidAmount as error:
            yield "amount", error.message, error.hint
        if self.final and self.amount is None:
            yield "amount", "is missing: what covers the claim is the last one by itself", ""

    def perform(self, stage: Stage) -> str:
        """Pays it in."""
        staged, account = stage.bond(self.bond), stage.one(self.by)
        payer = stage.paying_agent(account)
        amount = self.amount
        if amount is None:
            claim = payer.figures(staged.bond).claim()
            amount = claim.total.amount if claim is not None else None
        money = staged.terms.currency.money(amount or 0)
        if self.final:
            payer = stage.desk
            code = money.currency.code
            stage.investor(account).transfer_cash(payer.sender.address, money.amount, code)
        done = payer.fund_recovery(staged.bond, money, self.record_day, self.final, digest_of(self.document))
        last = ", the last" if done.is_final else ""
        return f"payment {done.record}{last}: {done.amount}"


def _made_due(done: MadeDueResult) -> str:
    return f"due on {done.day}, with all that was owed up to payment {done.period}"
