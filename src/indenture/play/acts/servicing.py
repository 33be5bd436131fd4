"""What a bond owes: funded by the paying agent, pushed to holders or claimed, redeemed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from indenture.play.acts.base import Act, BondName, Rehearsal, Sends, Several
from indenture.play.fields import Whole, counted

if TYPE_CHECKING:
    from indenture.play.stage import Stage


class _PaymentAct(Act):
    """An act on one payment of a bond."""

    bond: BondName
    period: Whole

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the bond has this period."""
        periods = scene.bonds[self.bond].period_count
        if self.period > periods:
            yield "period", f"{self.period} is after the last, {periods}", ""


class Fund(_PaymentAct):
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


class Pay(_PaymentAct):
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


class Claim(_PaymentAct):
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
