"""Rights of the terms over their end: calls, early redemption on a stated event, extension, sinking funds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from indenture.play.acts.base import Act, BondName, Rehearsal, Sends
from indenture.play.acts.servicing import PaymentAct
from indenture.play.fields import Amount, Day, Text, Whole, counted, digest_of

if TYPE_CHECKING:
    from indenture.play.stage import Stage
    from indenture.rights import CallRight


class Call(Act):
    """The issuer calls the whole bond for a day.

    Attributes:
        bond: The bond.
        by: The issuer's account.
        day: Day, unadjusted, on which it ends.
    """

    word: ClassVar[str] = "call"
    bond: BondName
    by: Sends
    day: Day

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether a right lies on the day."""
        calls = scene.bonds[self.bond].rights.calls
        if not any(right.first_day <= self.day <= right.last_day for right in calls):
            yield "day", f"{self.day} lies in no call right of the terms", _windows(calls)

    def perform(self, stage: Stage) -> str:
        """Calls it."""
        done = stage.issuer(stage.one(self.by)).call(stage.bond(self.bond).bond, self.day)
        return f"ends on {done.day}, redeemed at {done.price} %"


class CallInPart(PaymentAct):
    """The issuer calls a share of every unit with a payment.

    Attributes:
        by: The issuer's account.
        share: Percent of the face.
    """

    word: ClassVar[str] = "call_in_part"
    by: Sends
    share: Amount

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether something is left, and the terms let a part be called."""
        if self.share >= 100:
            yield "share", f"{self.share} % is no part of the face", "A call of all of it is call."
        if not any(right.in_part for right in scene.bonds[self.bond].rights.calls):
            yield "bond", "gives no right to call a part", "Leave the act out."
        yield from super().check(scene)

    def perform(self, stage: Stage) -> str:
        """Calls it."""
        issuer = stage.issuer(stage.one(self.by))
        done = issuer.call_in_part(stage.bond(self.bond).bond, self.period, self.share)
        return f"{done.share} % of the face at {done.price} % with payment {self.period}"


class CallByLot(Act):
    """The issuer calls some units, which are drawn by lot.

    Attributes:
        bond: The bond.
        by: The issuer's account.
        day: Day, unadjusted, on which they are redeemed.
        units: How many.
    """

    word: ClassVar[str] = "call_by_lot"
    bond: BondName
    by: Sends
    day: Day
    units: Whole

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether a right to call a part lies on the day."""
        calls = tuple(right for right in scene.bonds[self.bond].rights.calls if right.in_part)
        if not any(right.first_day <= self.day <= right.last_day for right in calls):
            yield "day", f"{self.day} lies in no right to call a part", _windows(calls)

    def perform(self, stage: Stage) -> str:
        """Calls them."""
        issuer = stage.issuer(stage.one(self.by))
        done = issuer.call_by_lot(stage.bond(self.bond).bond, self.day, self.units)
        return f"{counted(self.units, 'unit')} in event {done.action}"


class RedeemOnEvent(Act):
    """The issuer redeems the whole bond because a stated event has happened.

    Attributes:
        bond: The bond.
        by: The issuer's account.
        code: The event.
        day: Day, unadjusted, on which the bond ends.
        document: What shows that it has happened; its hash goes on chain.
    """

    word: ClassVar[str] = "redeem_on_event"
    bond: BondName
    by: Sends
    code: Text
    day: Day
    document: Text

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the terms state the event."""
        yield from check_event(scene, self.bond, self.code, by_holders=False)

    def perform(self, stage: Stage) -> str:
        """Redeems it."""
        issuer, bond = stage.issuer(stage.one(self.by)), stage.bond(self.bond).bond
        done = issuer.redeem_on_event(bond, self.code, self.day, digest_of(self.document))
        return f"ends on {done.day}, redeemed at {done.price} %"


class ExtendMaturity(Act):
    """The issuer extends the maturity.

    Attributes:
        bond: The bond.
        by: The issuer's account.
    """

    word: ClassVar[str] = "extend_maturity"
    bond: BondName
    by: Sends

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the terms give the right, once."""
        extension = scene.bonds[self.bond].rights.extension
        if not extension.periods or self.bond in scene.extended:
            yield "bond", "gives no right to extend it, or none any more", "Leave the act out."
            return
        scene.extended[self.bond] = extension.periods

    def perform(self, stage: Stage) -> str:
        """Extends it."""
        done = stage.issuer(stage.one(self.by)).extend_maturity(stage.bond(self.bond).bond)
        return f"payment {done.last_period} is the last now, due {done.maturity}"


class CancelUnits(Act):
    """The issuer cancels units that he bought back.

    Attributes:
        bond: The bond.
        by: The issuer's account.
        units: How many.
    """

    word: ClassVar[str] = "cancel_units"
    bond: BondName
    by: Sends
    units: Whole

    def perform(self, stage: Stage) -> str:
        """Cancels them."""
        done = stage.issuer(stage.one(self.by)).cancel_units(stage.bond(self.bond).bond, self.units)
        return f"{counted(self.units, 'unit')}; {done.credit:,} count towards the sinking fund"


class DrawSinking(PaymentAct):
    """Announces the drawing of a sinking fund, less what was cancelled.

    Attributes:
        by: Who does it; anyone may.
    """

    word: ClassVar[str] = "draw_sinking"
    by: Sends

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the terms have a sinking fund with the payment."""
        known = [each.period for each in scene.bonds[self.bond].rights.sinking]
        if self.period not in known:
            yield "period", f"{self.period} has no sinking fund", f"Payments that have: {known or 'none'}."

    def perform(self, stage: Stage) -> str:
        """Announces it."""
        agent = stage.paying_agent(stage.one(self.by))
        done = agent.draw_sinking(stage.bond(self.bond).bond, self.period)
        return "cancelled units cover it" if done.action is None else f"event {done.action}"


def check_event(
    scene: Rehearsal, bond: str, code: str, *, by_holders: bool
) -> Iterator[tuple[str, str, str]]:
    """Whether the terms state an event for one side."""
    stated = [each.code for each in scene.bonds[bond].rights.events if each.by_holders is by_holders]
    if code not in stated:
        side = "holders" if by_holders else "the issuer"
        yield "code", f"{code!r} is no event for {side}", f"Stated: {', '.join(stated) or 'none'}."


def _windows(calls: tuple[CallRight, ...]) -> str:
    shown = ", ".join(f"{right.first_day} to {right.last_day}" for right in calls)
    return f"Rights: {shown or 'none'}."
