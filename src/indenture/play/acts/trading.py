"""The secondary market: trades that both sides sign, delivered against payment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from indenture.errors import InvalidAmount
from indenture.play.acts.base import Act, BondName, One, Rehearsal, Sends, Several
from indenture.play.fields import Amount, Between, Name, Whole, counted
from indenture.roles import submit_clean_trade

if TYPE_CHECKING:
    from indenture.play.stage import Stage

# How long a trade that is agreed may wait to be settled.
_PATIENCE = timedelta(days=14)


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


class Transfer(Act):
    """Moves units from one account to another, free of payment.

    Attributes:
        bond: What is moved.
        by: Who delivers.
        to: Who receives.
        units: How many.
    """

    word: ClassVar[str] = "transfer"
    bond: BondName
    by: One
    to: One
    units: Whole

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether there are two sides."""
        if scene.case.accounts(self.by) == scene.case.accounts(self.to):
            yield "to", "nobody can deliver to himself", ""

    def perform(self, stage: Stage) -> str:
        """Moves them."""
        played = stage.bond(self.bond)
        receiver = stage.address(stage.one(self.to))
        stage.investor(stage.one(self.by)).transfer(played.bond, receiver, self.units)
        return f"{counted(self.units, 'unit')} from {self.by} to {self.to}"


class Agree(Act):
    """Two sides agree on a trade at a clean price, and sign it; accrued interest is added when it settles.

    Attributes:
        trade: How a later act calls it.
        bond: What is traded.
        seller: Who delivers.
        buyer: Who pays.
        units: How many units.
        price: Clean price per 100 of face.
    """

    word: ClassVar[str] = "agree"
    trade: Name
    bond: BondName
    seller: One
    buyer: One
    units: Whole
    price: Amount

    def title(self) -> str:
        """What is about to happen."""
        return "Agree on a trade"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether there are two sides, the name is new, and the amount is one of the currency."""
        terms = scene.bonds[self.bond]
        if scene.case.accounts(self.seller) == scene.case.accounts(self.buyer):
            yield "buyer", "nobody can trade with himself", ""
        if self.trade in scene.trades:
            yield "trade", f"{self.trade!r} is agreed twice", ""
        try:
            terms.currency.to_base(self.price * terms.face_value * self.units / 100)
        except InvalidAmount as error:
            yield "price", error.message, error.hint
        scene.trades.add(self.trade)

    def perform(self, stage: Stage) -> str:
        """Both sign; nothing is sent."""
        seller, buyer = (stage.investor(stage.one(side)) for side in (self.seller, self.buyer))
        proposal = seller.propose_sale(
            stage.bond(self.bond).bond,
            buyer.account,
            self.units,
            self.price,
            stage.trade_nonces,
            deadline=stage.chain.block_stamp().time + _PATIENCE,
        )
        stage.agreed[self.trade] = buyer.accept_trade(proposal)
        return f"{counted(self.units, 'unit')} for {proposal.trade.clean} and accrued interest"


class SettleTrade(Act):
    """Settles a trade that was agreed at a clean price.

    Attributes:
        trade: The trade.
        by: Who submits it; it has no part in it.
    """

    word: ClassVar[str] = "settle_trade"
    trade: Name
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Settle a trade"

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether it was agreed."""
        if self.trade not in scene.trades:
            yield "trade", f"{self.trade!r} is not agreed by now", "Put agree before."

    def perform(self, stage: Stage) -> str:
        """Submits it."""
        signed = stage.agreed.pop(self.trade)
        done = submit_clean_trade(stage.suite, stage.sender(stage.one(self.by)), signed)
        stage.trades += 1
        claims = f"; the buyer gets payment {done.claims[0]}" if done.claims else ""
        return f"{done.clean} + {done.accrued} accrued - {done.received} received = {done.amount}{claims}"
