"""What a bond owes: funded by the paying agent, pushed to holders or claimed, redeemed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from indenture.play.acts.base import Act, BondName, One, Rehearsal, Sends, Several
from indenture.play.fields import Whole, counted

if TYPE_CHECKING:
    from indenture.money import Money
    from indenture.play.stage import Stage


class PaymentAct(Act):
    """An act on one payment of a bond."""

    bond: BondName
    period: Whole

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the bond has this period."""
        periods = scene.periods(self.bond)
        if self.period > periods:
            yield "period", f"{self.period} is after the last, {periods}", ""


class Fund(PaymentAct):
    """The payer puts the whole payment into escrow, after the record date."""

    word: ClassVar[str] = "fund"
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return f"Fund payment {self.period}"

    def perform(self, stage: Stage) -> str:
        """Funds it."""
        funded = stage.paying_agent(stage.one(self.by)).fund(stage.bond(self.bond).bond, self.period)
        return f"{funded.total} in escrow"


class Pay(PaymentAct):
    """Pushes a coupon to every holder of record who is not served yet, in batches."""

    word: ClassVar[str] = "pay"
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return f"Pay coupon {self.period}"

    def perform(self, stage: Stage) -> str:
        """Pays it."""
        paid = stage.paying_agent(stage.one(self.by)).pay(
            stage.bond(self.bond).bond, self.period, progress=stage.progress
        )
        return f"{paid.amount} to {counted(paid.count, 'holder')}"


class Claim(PaymentAct):
    """A holder takes his payment himself, ahead of the batches.

    Attributes:
        by: Who; of several, the first who held units at the record date.
    """

    word: ClassVar[str] = "claim"
    by: Several

    def title(self) -> str:
        """What is about to happen."""
        return f"Claim payment {self.period}"

    def perform(self, stage: Stage) -> str:
        """Claims it."""
        bond, accounts = stage.bond(self.bond).bond, stage.case.accounts(*self.by)
        held = bond.units_at([stage.address(account) for account in accounts], self.period)
        holder = next((account for account, units in zip(accounts, held, strict=True) if units), accounts[0])
        claimed = stage.investor(holder).claim(bond, self.period)
        return f"{claimed.amount} to {holder}"


class Redeem(Act):
    """Pays the last coupon and the principal, and burns the units, in batches.

    Attributes:
        bond: The bond.
        by: Who pushes the payments.
    """

    word: ClassVar[str] = "redeem"
    bond: BondName
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Redeem"

    def perform(self, stage: Stage) -> str:
        """Redeems every holder who is not served yet."""
        played = stage.bond(self.bond)
        paid = stage.paying_agent(stage.one(self.by)).redeem(played.bond, progress=stage.progress)
        left = played.bond.total_supply()
        return f"{paid.amount} to {counted(paid.count, 'holder')}" + (
            f"; {left:,} units are left" if left else ""
        )


class PayClaims(PaymentAct):
    """Pays buyers whose units were sold before the record date and delivered after it.

    Attributes:
        by: Who pushes the payments.
        buyers: Who is paid.
    """

    word: ClassVar[str] = "pay_claims"
    by: Sends
    buyers: Several

    def title(self) -> str:
        """What is about to happen."""
        return f"Pay claims {self.period}"

    def perform(self, stage: Stage) -> str:
        """Pays them."""
        buyers = [stage.address(account) for account in stage.case.accounts(*self.buyers)]
        agent = stage.paying_agent(stage.one(self.by))
        paid = agent.pay_claims(stage.bond(self.bond).bond, self.period, buyers)
        return f"{paid.amount} to {counted(paid.count, 'buyer')}"


class Collect(Act):
    """Somebody takes what is kept for him: what could not be sent, or of a payer the residues.

    Attributes:
        bond: The bond.
        by: For whom it is kept; whoever has nothing is passed over.
    """

    word: ClassVar[str] = "collect"
    bond: BondName
    by: One

    def perform(self, stage: Stage) -> str:
        """Collects it, if there is something."""
        taken = self.take(stage)
        return f"{taken} to {self.by}" if taken is not None else f"nothing is kept for {self.by}"

    def take(self, stage: Stage) -> Money | None:
        """What was collected; None if there was nothing."""
        staged, account = stage.bond(self.bond), stage.one(self.by)
        if not stage.suite.servicing.kept_for(staged.bond.address, stage.address(account)):
            return None
        return stage.investor(account).collect(staged.bond).amount
