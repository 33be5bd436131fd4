"""What terms leave open: figures of a period are fixed, interest is deferred, bonds are renewed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from indenture.errors import InputError
from indenture.interest import needs_fixing
from indenture.play.acts.base import Act, BondName, Rehearsal, Sends
from indenture.play.acts.servicing import PaymentAct

if TYPE_CHECKING:
    from indenture.figures import PeriodFixing
    from indenture.play.stage import Stage


class Fix(PaymentAct):
    """Fixes the figures of a period from the terms and what is published.

    Attributes:
        by: Who does it; anyone may.
    """

    word: ClassVar[str] = "fix"
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return f"Fix period {self.period}"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the bond has this period, and leaves its figures open."""
        if not needs_fixing(scene.bonds[self.bond].interest_terms):
            yield "bond", "leaves nothing to fix: its terms say all", "Leave the act out."
            return
        yield from super().check(scene)

    def perform(self, stage: Stage) -> str:
        """Fixes it: the periods of a bond are fixed in turn."""
        done = stage.paying_agent(stage.one(self.by)).fix(stage.bond(self.bond).bond)
        (fixing,) = done.fixings
        if fixing.period != self.period:
            raise InputError(f"period {fixing.period} was next, not {self.period}", hint="Fix them in turn.")
        return _told(fixing)


class Defer(PaymentAct):
    """The issuer defers the interest of a period.

    Attributes:
        by: The issuer's account.
    """

    word: ClassVar[str] = "defer"
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return f"Defer coupon {self.period}"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the terms give the right."""
        if scene.bonds[self.bond].deferral is None:
            yield "bond", "gives no right to defer interest", "Leave the act out."
            return
        yield from super().check(scene)

    def perform(self, stage: Stage) -> str:
        """Defers it."""
        stage.issuer(stage.one(self.by)).defer_interest(stage.bond(self.bond).bond, self.period)
        return f"coupon {self.period} is not paid, and stays owed"


class Renew(Act):
    """The issuer renews the bond for another cycle.

    Attributes:
        bond: The bond.
        by: The issuer's account.
    """

    word: ClassVar[str] = "renew"
    bond: BondName
    by: Sends

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the terms give the right."""
        renewal = scene.bonds[self.bond].provisions.renewal
        if not renewal.periods:
            yield "bond", "gives no right to renew it", "Leave the act out."
            return
        scene.extended[self.bond] = scene.extended.get(self.bond, 0) + renewal.periods

    def perform(self, stage: Stage) -> str:
        """Renews it."""
        done = stage.issuer(stage.one(self.by)).renew(stage.bond(self.bond).bond)
        return f"payment {done.last_period} is the last now, due {done.maturity}"


def _told(fixing: PeriodFixing) -> str:
    said = f"{fixing.rate} %, {fixing.source.name.lower().replace('_', ' ')}"
    if fixing.index_ratio is not None:
        said += f", index ratio {fixing.index_ratio}"
    return said + (", deferred" if fixing.is_deferred else "")
