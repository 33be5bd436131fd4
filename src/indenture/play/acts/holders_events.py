"""Events that take some units of the holders: puts, offers, drawings; and how they are settled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import BeforeValidator

from indenture.errors import InvalidAmount
from indenture.play.acts.base import Act, BondName, One, Rehearsal, Sends
from indenture.play.acts.early import check_event
from indenture.play.fields import Amount, Day, Instant, Text, Whole, counted, digest_of

if TYPE_CHECKING:
    from indenture.play.stage import Stage
    from indenture.results import ActionResult


class EventAct(Act):
    """An act on an event of a bond.

    Attributes:
        bond: The bond.
        action: Number of the event, from 1 on for each bond, as they are opened.
    """

    bond: BondName
    action: Whole


# --- Opened -------------------------------------------------------------------------------------------------


class OpenPut(Act):
    """Opens a put of the terms, so that holders can elect in its window.

    Attributes:
        bond: The bond.
        by: Who does it; anyone may.
        right: Which put of the terms, from 1.
    """

    word: ClassVar[str] = "open_put"
    bond: BondName
    by: Sends
    right: Whole

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the terms have it."""
        count = len(scene.bonds[self.bond].rights.puts)
        if self.right > count:
            yield "right", f"{self.right} is after the last put of the terms, {count}", ""

    def perform(self, stage: Stage) -> str:
        """Opens it."""
        investor = stage.investor(stage.one(self.by))
        return opened(investor.open_put(stage.bond(self.bond).bond, self.right - 1))


class DeclareEvent(Act):
    """The issuer says that a stated event has happened, which lets holders put.

    Attributes:
        bond: The bond.
        by: The issuer's account.
        code: The event.
        document: What shows that it has happened; its hash goes on chain.
    """

    word: ClassVar[str] = "declare_event"
    bond: BondName
    by: Sends
    code: Text
    document: Text

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the terms state the event."""
        yield from check_event(scene, self.bond, self.code, by_holders=True)

    def perform(self, stage: Stage) -> str:
        """Declares it."""
        issuer = stage.issuer(stage.one(self.by))
        return opened(issuer.declare_event(stage.bond(self.bond).bond, self.code, digest_of(self.document)))


class OfferAct(Act):
    """An offer of the issuer to the holders.

    Attributes:
        bond: The bond.
        by: The issuer's account.
        closes: When holders can no longer elect.
        pay_day: Day of settlement.
        document: The offer document; its hash goes on chain.
    """

    bond: BondName
    by: Sends
    closes: Instant
    pay_day: Day
    document: Text

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether it closes in the future, and is paid after that."""
        if self.closes <= scene.clock:
            yield "closes", f"{self.closes:%Y-%m-%d %H:%M} UTC is over", ""
        if self.pay_day < self.closes.date():
            yield "pay_day", f"{self.pay_day} is before the close", ""


class OfferTender(OfferAct):
    """The issuer offers to buy units back.

    Attributes:
        price: For 100 of the face, without accrued interest.
        most: Most units that are bought; all unless given.
    """

    word: ClassVar[str] = "offer_tender"
    price: Amount
    most: Whole | None = None

    def perform(self, stage: Stage) -> str:
        """Offers it."""
        issuer = stage.issuer(stage.one(self.by))
        return opened(
            issuer.offer_tender(
                stage.bond(self.bond).bond,
                price=self.price,
                most=self.most,
                closes=self.closes,
                pay_day=self.pay_day,
                document=digest_of(self.document),
            )
        )


class OfferExchange(OfferAct):
    """The issuer offers units of another bond of his.

    Attributes:
        into: The other bond.
        old_units: Units that are exchanged together.
        new_units: For how many.
        cash: What is paid for one old unit beside them; nothing unless given.
    """

    word: ClassVar[str] = "offer_exchange"
    into: BondName
    old_units: Whole
    new_units: Whole
    cash: Amount | None = None

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether it is another bond of the same issuer, and the cash is money."""
        yield from super().check(scene)
        old, new = scene.bonds[self.bond], scene.bonds[self.into]
        if self.into == self.bond or old.issuer != new.issuer or old.currency != new.currency:
            yield "into", f"{self.into!r} is no other bond of this issuer in {old.currency.code}", ""
        try:
            old.currency.to_base(self.cash or 0)
        except InvalidAmount as error:
            yield "cash", error.message, error.hint

    def perform(self, stage: Stage) -> str:
        """Offers it."""
        issuer = stage.issuer(stage.one(self.by))
        return opened(
            issuer.offer_exchange(
                stage.bond(self.bond).bond,
                into=stage.bond(self.into).bond,
                old_units=self.old_units,
                new_units=self.new_units,
                cash=self.cash or 0,
                closes=self.closes,
                pay_day=self.pay_day,
                document=digest_of(self.document),
            )
        )


# --- Holders ------------------------------------------------------------------------------------------------


class Elect(EventAct):
    """A holder takes part in an event.

    Attributes:
        by: The holder.
        units: With how many units.
    """

    word: ClassVar[str] = "elect"
    by: One
    units: Whole

    def perform(self, stage: Stage) -> str:
        """Elects."""
        investor = stage.investor(stage.one(self.by))
        done = investor.elect(stage.bond(self.bond).bond, self.action, self.units)
        return f"{self.by}: {counted(done.elected, 'unit')} in event {self.action}"


class WithdrawElection(EventAct):
    """A holder takes an election back.

    Attributes:
        by: The holder.
        units: How many units; all unless given.
    """

    word: ClassVar[str] = "withdraw_election"
    by: One
    units: Whole | None = None

    def perform(self, stage: Stage) -> str:
        """Withdraws it."""
        investor = stage.investor(stage.one(self.by))
        done = investor.withdraw_election(stage.bond(self.bond).bond, self.action, self.units)
        return f"{self.by}: {counted(done.elected, 'unit')} in event {self.action}"


class AnnulElection(EventAct):
    """The statutory desk annuls the election of a holder.

    Attributes:
        holder: The holder.
        document: What it rests on; its hash goes on chain.
    """

    word: ClassVar[str] = "annul_election"
    holder: One
    document: Text

    def perform(self, stage: Stage) -> str:
        """Annuls it."""
        holder = stage.address(stage.one(self.holder))
        bond = stage.bond(self.bond).bond
        stage.depository.annul_election(bond, self.action, holder, digest_of(self.document))
        return f"{self.holder} has no units in event {self.action}"


class ReleaseUnits(EventAct):
    """Sets units free where an event is over without taking them.

    Attributes:
        by: Who does it, for all holders; anyone may.
    """

    word: ClassVar[str] = "release_units"
    by: Sends

    def perform(self, stage: Stage) -> str:
        """Releases all of them."""
        done = stage.paying_agent(stage.one(self.by)).release(stage.bond(self.bond).bond, self.action)
        return f"{counted(done.count, 'holder')} out of event {self.action}"


# --- Drawn and settled --------------------------------------------------------------------------------------


class Draw(EventAct):
    """Puts all holders into a row, and draws.

    Attributes:
        by: Who does it; anyone may.
    """

    word: ClassVar[str] = "draw"
    by: Sends

    def title(self) -> str:
        """What is about to happen."""
        return "Draw by lot"

    def perform(self, stage: Stage) -> str:
        """Draws."""
        done = stage.paying_agent(stage.one(self.by)).draw(stage.bond(self.bond).bond, self.action)
        drawn = {stage.account_at(holder): units for holder, units in done.drawn.items()}
        return ", ".join(f"{units:,} of {holder}" for holder, units in sorted(drawn.items()))


class FundAction(EventAct):
    """The payer puts the price of an event into escrow, on its payment day.

    Attributes:
        by: Who pays.
    """

    word: ClassVar[str] = "fund_action"
    by: Sends

    def perform(self, stage: Stage) -> str:
        """Funds it."""
        done = stage.paying_agent(stage.one(self.by)).fund_action(stage.bond(self.bond).bond, self.action)
        return f"{done.total} in escrow for {counted(done.units, 'unit')}"


class SettleAction(EventAct):
    """Pays all who are in an event, burns what is taken of them, and sets the rest free.

    Attributes:
        by: Who pushes the payments; anyone may.
    """

    word: ClassVar[str] = "settle_action"
    by: Sends

    def perform(self, stage: Stage) -> str:
        """Settles all of them."""
        done = stage.paying_agent(stage.one(self.by)).settle_action(stage.bond(self.bond).bond, self.action)
        return f"{done.amount} to {counted(done.count, 'holder')} for {counted(done.taken, 'unit')}"


def _flag(value: object) -> object:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


#: Yes or no, ``true`` or ``false`` in the file.
Flag = Annotated[bool, BeforeValidator(_flag)]


def opened(done: ActionResult) -> str:
    """An event that was opened, in words."""
    return f"event {done.action}"
