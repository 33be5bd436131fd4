"""The secondary market: trades that both sides sign, delivered against payment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from indenture.play.acts.base import Act, BondName, Rehearsal, Sends, Several
from indenture.play.fields import Between, Whole

if TYPE_CHECKING:
    from indenture.play.stage import Stage


class Trades(Act):
    """Signs and submits trades between accounts that a seed picks.

    Attributes:
        bond: What is traded.
        count: How many trades.
        sellers: Who sells.
        buyers: Who buys.
        units: Fewest and most units of a trade.
        price: Lowest and highest clean price per 100 of face; accrued interest is added.
        by: Who submits them; it has no part in them.
    """

    word: ClassVar[str] = "trades"
    bond: BondName
    count: Whole
    sellers: Several
    buyers: Several
    units: Between
    price: Between
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Trade, DvP"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the ranges are ranges, and somebody can trade with somebody."""
        for name in ("units", "price"):
            span: Between = getattr(self, name)
            if span.low > span.high:
                yield f"{name}.low", f"{span.low} is above high, {span.high}", ""
        if self.units.low % 1 or self.units.high % 1:
            yield "units", "must be whole numbers", ""
        if len(set(scene.case.accounts(*self.sellers, *self.buyers))) < 2:
            yield "buyers", "nobody can trade with himself", ""

    def perform(self, stage: Stage) -> str:
        """Plans within what the accounts have now, signs on both sides, submits."""
        played = stage.bond(self.bond)
        planned = stage.plan_trades(
            played,
            sellers=stage.case.accounts(*self.sellers),
            buyers=stage.case.accounts(*self.buyers),
            count=self.count,
            size=(int(self.units.low), int(self.units.high)),
            clean=(self.price.low, self.price.high),
        )
        amount = stage.settle_trades(played, planned, stage.one(self.by))
        return f"{len(planned)} trades for {amount}"
