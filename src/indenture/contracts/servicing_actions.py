"""Wrappers of the servicing's events of holders: puts, offers, drawings, and their payment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from indenture.chain import BlockLike, ContractCall
from indenture.contracts._base import SuiteContract
from indenture.contracts.rights import event_code
from indenture.contracts.servicing_state import ActionState, DrawingState
from indenture.dates import to_day_number, to_timestamp


class ActionCalls(SuiteContract):
    """Events in which holders take part with some of their units."""

    def action_count(self, bond: str, *, block: BlockLike = None) -> int:
        """Events of a bond so far."""
        return int(self.read("actionCount", bond, block=block))

    def action(self, bond: str, number: int, *, block: BlockLike = None) -> ActionState | None:
        """An event; None where there is none with this number."""
        return self.actions_of(bond, [number], block=block)[0]

    def actions_of(
        self, bond: str, numbers: Sequence[int], *, block: BlockLike = None
    ) -> list[ActionState | None]:
        """Several events, on the same state; None where there is none with a number."""
        found = self.chain.call_many([self.call("actionOf", bond, number) for number in numbers], block)
        return [ActionState.of(raw) for raw in found]

    def elected_by(
        self, bond: str, action: int, holders: Sequence[str], *, block: BlockLike = None
    ) -> list[int]:
        """Units of each holder that are elected, or drawn, and not settled yet."""
        return self.chain.call_many([self.call("electedBy", bond, action, each) for each in holders], block)

    def put_of(self, bond: str, right: int, *, block: BlockLike = None) -> int:
        """The event that a put of the terms opened; 0 for none yet."""
        return int(self.read("putOf", bond, right, block=block))

    def taken_of(self, bond: str, action: int, units: int, *, block: BlockLike = None) -> int:
        """Units that are taken of an election."""
        return int(self.read("takenOf", bond, action, units, block=block))

    def drawing(self, bond: str, action: int, *, block: BlockLike = None) -> DrawingState:
        """How far a drawing by lot is."""
        return DrawingState.of(self.read("drawingOf", bond, action, block=block))

    def sinking_of(self, bond: str, period: int, *, block: BlockLike = None) -> int:
        """The drawing of a sinking fund; 0 for none yet."""
        return int(self.read("sinkingOf", bond, period, block=block))

    def sinking_credit(self, bond: str, *, block: BlockLike = None) -> int:
        """Units cancelled that still count towards the sinking fund."""
        return int(self.read("sinkingCredit", bond, block=block))

    # Opening

    def open_put(self, bond: str, right: int) -> ContractCall:
        """Opens the put of a right in the terms."""
        return self.call("openPut", bond, right)

    def declare_event(self, bond: str, code: str, document: bytes) -> ContractCall:
        """Says that a stated event has happened."""
        return self.call("declareEvent", bond, event_code(code), document)

    def offer_tender(
        self,
        bond: str,
        *,
        most: int,
        amount: int,
        opens_at: datetime,
        closes_at: datetime,
        pay_day: date,
        document: bytes,
    ) -> ContractCall:
        """Invites holders to sell, at base units for a unit."""
        offer = {
            "most": most,
            "amount": amount,
            "opensAt": to_timestamp(opens_at),
            "closesAt": to_timestamp(closes_at),
            "payDay": to_day_number(pay_day),
            "document": document,
        }
        return self.call("offerTender", bond, offer)

    def offer_exchange(
        self,
        bond: str,
        *,
        new_bond: str,
        new_units: int,
        old_units: int,
        amount: int,
        opens_at: datetime,
        closes_at: datetime,
        pay_day: date,
        document: bytes,
    ) -> ContractCall:
        """Invites holders to exchange, with base units of cash for an old unit."""
        offer = {
            "newBond": new_bond,
            "newUnits": new_units,
            "oldUnits": old_units,
            "amount": amount,
            "opensAt": to_timestamp(opens_at),
            "closesAt": to_timestamp(closes_at),
            "payDay": to_day_number(pay_day),
            "document": document,
        }
        return self.call("offerExchange", bond, offer)

    def call_by_lot(self, bond: str, day: date, units: int) -> ContractCall:
        """Calls units by lot."""
        return self.call("callByLot", bond, to_day_number(day), units)

    def draw_sinking(self, bond: str, period: int) -> ContractCall:
        """Announces the drawing of a sinking fund."""
        return self.call("drawSinking", bond, period)

    def count(self, bond: str, action: int, holders: Sequence[str]) -> ContractCall:
        """Puts holders into the row of a drawing."""
        return self.call("count", bond, action, list(holders))

    def draw(self, bond: str, action: int, holders: Sequence[str]) -> ContractCall:
        """Draws from holders who stand in the row."""
        return self.call("draw", bond, action, list(holders))

    def cancel_units(self, bond: str, units: int) -> ContractCall:
        """Cancels units of the issuer's own."""
        return self.call("cancelUnits", bond, units)

    # Elections

    def elect(self, bond: str, action: int, units: int) -> ContractCall:
        """Elects with free units of the caller."""
        return self.call("elect", bond, action, units)

    def withdraw(self, bond: str, action: int, units: int) -> ContractCall:
        """Takes an election of the caller back."""
        return self.call("withdraw", bond, action, units)

    def release(self, bond: str, action: int, holders: Sequence[str]) -> ContractCall:
        """Sets units free where the event is over without taking them."""
        return self.call("release", bond, action, list(holders))

    def annul_election(self, bond: str, action: int, holder: str, document: bytes) -> ContractCall:
        """Undoes an election by power."""
        return self.call("annulElection", bond, action, holder, document)

    # Payment

    def fund_action(self, bond: str, action: int) -> ContractCall:
        """Escrows the price of an event."""
        return self.call("fundAction", bond, action)

    def settle_action(self, bond: str, action: int, holders: Sequence[str]) -> ContractCall:
        """Pays holders for what is taken, and releases the rest."""
        return self.call("settleAction", bond, action, list(holders))
