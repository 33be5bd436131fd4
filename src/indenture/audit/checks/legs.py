"""UNITS-1, UNITS-2, CASH-1, CASH-2: every movement has a reason, and every reason its movement.

The reasons of a transaction are gathered from its events, then matched one by one with what moved.  What no
event explains must be the owner's own movement: the transaction itself is read, and must call for just that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from indenture.audit.calls import Calls, DirectCall
from indenture.audit.checks.base import Check
from indenture.audit.checks.payouts import payout_of, settlement_of
from indenture.audit.checks.primary import is_internal
from indenture.audit.events import Event, Transaction
from indenture.audit.replay import World
from indenture.audit.replay.approvals import ENDLESS
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.offering import payer_of

Move = tuple[str, str, str, int]
"""Token, from, to, amount."""

_EXPLAINING = ("Offering", "Settlement", "Servicing")
_PAYING = ("PaymentFunded", "HoldersPaid", "ClaimsPaid", "AmountCollected")
_EXPLAINING_NAMES = ("CashIssued", "CashRedeemed", "ForcedTransfer")


class Legs(Check):
    """Matches reasons and movements, transaction by transaction."""

    def __init__(self, world: World, calls: Calls) -> None:
        super().__init__(world)
        self._calls = calls
        self._reasons: Counter[Move] = Counter()
        self._moves: dict[Move, list[Event]] = {}

    @staticmethod
    def to_prefetch(transactions: Sequence[Transaction]) -> Iterator[str]:
        """Transactions that will have to be read: those in which nothing but a token spoke."""
        for tx in transactions:
            explained = any(e.kind in _EXPLAINING or e.name in _EXPLAINING_NAMES for e in tx.events)
            if not explained and any(e.name == "Transfer" for e in tx.events):
                yield tx.tx_hash

    def _look(self, event: Event) -> None:
        if event.name == "Transfer":
            move = (event.address, event["from"], event["to"], event["value"])
            self._moves.setdefault(move, []).append(event)
        else:
            for reason in self._reasons_of(self.tx, event):
                if reason[3] and reason[0] in self.world.suite.targets:
                    self._reasons[reason] += 1

    def _close(self) -> None:
        for move, events in self._moves.items():
            for event in events[self._reasons[move] :]:
                self._own(self.tx, event, move)
        found = Counter({move: len(events) for move, events in self._moves.items()})
        for move, count in (self._reasons - found).items():
            self._missing(self.tx, move, count)
        self._reasons, self._moves = Counter(), {}

    def _reasons_of(self, tx: Transaction, event: Event) -> Iterator[Move]:
        here = event.address
        match event.name:
            case "CashIssued":
                yield here, ZERO, event["to"], event["amount"]
            case "CashRedeemed":
                yield here, event["from"], ZERO, event["amount"]
            case "ForcedTransfer":
                yield here, event["from"], event["to"], event["amount"]
            case "TradeSettled":
                yield event["bond"], event["seller"], event["buyer"], event["units"]
                yield event["cash"], event["buyer"], event["seller"], event["amount"]
                yield from _paid_back(tx, event)
            case "DepositFunded" if not is_internal(tx, event):
                yield event["cash"], event["account"], here, event["amount"]
            case "DepositWithdrawn":
                yield event["cash"], here, event["account"], event["amount"]
            case "DepositHeld" | "BidSealed" | "WinnerSettled" | "RestTakenUp" | "ProceedsPaid":
                yield from self._offering(event)
            case name if event.kind == "Servicing":
                yield from self._servicing(event) if name in _PAYING else self._life(event)

    def _offering(self, event: Event) -> Iterator[Move]:
        offering = self.world.offerings.offerings.get(event["offeringId"])
        if offering is None:
            return
        here, cash = event.address, offering.cash
        if event.name == "ProceedsPaid":
            if event["paid"]:
                yield cash, here, event["issuerAccount"], event["amount"]
            return
        yield cash, payer_of(event), here, event["taken"]
        if event.name == "WinnerSettled":
            bidder = event["bidder"]
            due = offering.outcome.due(bidder, offering.additional[bidder], offering.accrual_day, event.time)
            for account, units in due.receipts:
                yield offering.bond, ZERO, account, units
        elif event.name == "RestTakenUp":
            account = event["underwriter"]
            units = offering.parts(account, event.time)[1 if event["later"] else 0]
            yield offering.bond, ZERO, account, units

    def _servicing(self, event: Event) -> Iterator[Move]:
        register = self.world.bonds.get(event["bond"])
        if register is None:
            return
        here, cash = event.address, register.terms.currency
        if event.name == "PaymentFunded":
            late = sum(
                e["amount"]
                for e in self.tx.named("Servicing", "PenaltyFunded")
                if (e["bond"], e["period"]) == (event["bond"], event["period"])
            )
            yield cash, event["payer"], here, event["interest"] + event["principal"] + late
            return
        if event.name == "AmountCollected":
            yield cash, here, event["holder"], event["amount"]
            return
        payout = payout_of(self.world, event)
        if payout is None:
            return
        for receiver, amount in payout.sent:
            yield cash, here, receiver, amount
        for holder, units in payout.redeemed.items():
            yield event["bond"], holder, ZERO, units

    def _life(self, event: Event) -> Iterator[Move]:
        register, bond = self.world.bonds.get(event["bond"]), event["bond"]
        if register is None:
            return
        here, cash = event.address, register.terms.currency
        match event.name:
            case "ActionSettled":
                yield from self._settled(event, cash)
            case "UnitsCancelled":
                yield bond, event["holder"], ZERO, event["units"]
            case "RecoveryFunded":
                yield cash, event["payer"], here, event["amount"]
            case "ActionFunded":
                yield cash, event["payer"], here, event["interest"] + event["principal"] + event["penalty"]

    def _settled(self, event: Event, cash: str) -> Iterator[Move]:
        payout = settlement_of(self.world, self.tx, event)
        if payout is None:
            return
        for receiver, amount in payout.sent:
            yield cash, event.address, receiver, amount
        for holder, units in payout.redeemed.items():
            yield event["bond"], holder, ZERO, units
        action = self.world.bonds[event["bond"]].life.actions[event["action"]]
        for holder, units in payout.issued.items():
            yield action.raw.target, ZERO, holder, units

    # --- what no event explains

    def _own(self, tx: Transaction, event: Event, move: Move) -> None:
        token, sender, receiver, amount = move
        suite = self.world.suite
        escrows = (suite.one("Offering").address, suite.one("Servicing").address)
        call = self._calls.get(tx.tx_hash)
        if call is None:
            self._unexplained(event, "the node has no such transaction")
        elif ZERO in (sender, receiver) or sender in escrows:
            self._unexplained(event, "units or cash appeared, vanished or left an escrow without a reason")
        elif call.to == token:
            if not self._is_called_for(event, call, move):
                self._unexplained(event, "the transaction did not ask for this movement")
        elif call.to in suite.targets:
            self._unexplained(event, f"{suite.label(call.to)} was called, and gave no reason")
        # Else it came through a wallet or another stranger's contract.
        if receiver in escrows and event.kind == "CashToken":
            self.world.cash[token].gifts[receiver] += amount

    def _is_called_for(self, event: Event, call: DirectCall, move: Move) -> bool:
        _, sender, receiver, amount = move
        name, args = call.decode(event.kind) or ("", ())
        if name == "transfer":
            return (call.sender, *args) == (sender, receiver, amount)
        if name == "transferFrom":
            self._spent(event, call.sender)
            return tuple(args) == (sender, receiver, amount)
        if name == "tryTransferBatch":
            return call.sender == sender and (receiver, amount) in zip(*args, strict=False)
        return False

    def _spent(self, event: Event, spender: str) -> None:
        """What is left of an allowance is told, unless there is no end to it."""
        told = any(
            (e.address, e["owner"], e["spender"]) == (event.address, event["from"], spender)
            for e in self.tx.events
            if e.name == "Approval"
        )
        left = self.world.approvals(event.address).allowances[event["from"], spender]
        if not told and left != ENDLESS:
            self.world.differ(
                event,
                "ALLOW-1",
                "value",
                "what is left",
                "nothing",
                "units or cash were spent, and not told of",
            )

    def _unexplained(self, event: Event, message: str) -> None:
        self.world.differ(
            event,
            "UNITS-1" if event.kind == "Bond" else "CASH-1",
            "value",
            "a reason",
            f"{event.args}",
            message,
        )

    def _missing(self, tx: Transaction, move: Move, count: int) -> None:
        token, sender, receiver, amount = move
        target = self.world.suite.targets[token]
        self.world.differ(
            tx.events[-1],
            "UNITS-2" if target.kind == "Bond" else "CASH-2",
            f"{target}",
            f"{count} x {amount}",
            "nothing",
            f"{amount} did not move from {sender} to {receiver}",
        )


def _paid_back(tx: Transaction, trade: Event) -> Iterator[Move]:
    """At a clean price the seller may owe the buyer: more than the price of payments that are not his."""
    for priced in tx.named("Settlement", "TradePriced"):
        amount = priced["cleanAmount"] + priced["accrued"] - priced["received"]
        if priced["id"] == trade["id"] and amount < 0:
            yield trade["cash"], trade["seller"], trade["buyer"], -amount
