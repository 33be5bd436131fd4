"""Offerings: the book, its orders and deposits, the allocation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any

from indenture.audit.events import Event
from indenture.audit.model import allot
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.touched import Touched


class Stage(IntEnum):
    """Where an offering stands, as the contract numbers it."""

    NONE, OPEN, CLOSED, ALLOCATED, FAILED = range(5)


@dataclass(slots=True)
class Order:
    """A living order; ``deposit`` is the money held for it."""

    units: int = 0
    deposit: int = 0
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a prover has come with its pass over the orders, for one cut."""

    last: str = ZERO
    units: int = 0
    allotted: int = 0
    cut_remainder: int = 0
    cut_account: str = ZERO


@dataclass
class Offering:
    """One offering; ``conditions`` is the tuple of the event."""

    number: int
    bond: str
    cash: str
    proceeds_account: str
    method: int
    conditions: Any
    lot: int
    stage: Stage = Stage.OPEN
    ordered: int = 0
    allotted: int = 0
    cut_remainder: int = 0
    cut_account: str = ZERO
    orders: dict[str, Order] = field(default_factory=dict)
    proofs: dict[str, Proof] = field(default_factory=dict)

    @cached_property
    def allotments(self) -> dict[str, int]:
        """Units for each order by the model; final, as orders no longer change when it is first asked."""
        return allot(self.living_orders(), self.conditions.offered, self.lot)

    def living_orders(self) -> dict[str, int]:
        """Units asked for, by account."""
        return {account: order.units for account, order in self.orders.items() if order.units}

    def order_of(self, account: str) -> Order:
        """The order of an account, or an empty one."""
        return self.orders.get(account) or Order()

    def refundable(self, account: str, time: int) -> int:
        """What of a deposit is free."""
        order = self.order_of(account)
        if self.stage == Stage.FAILED:
            return order.deposit
        if self.stage != Stage.ALLOCATED:
            return 0
        if order.settled or time > self.conditions.settlesBy:
            return order.deposit
        reserved: int = self.allotments.get(account, 0) * self.conditions.price
        return order.deposit - reserved


class OfferingBook:
    """All offerings by number; ``held`` is the sum of all deposits in one cash token."""

    def __init__(self, touched: Touched) -> None:
        self.offerings: dict[int, Offering] = {}
        self.latest: dict[str, int] = {}
        self.held: defaultdict[str, int] = defaultdict(int)
        self._touched = touched

    def open(self, event: Event, lot: int) -> None:
        """A new offering."""
        number, bond = event["offeringId"], event["bond"]
        self.offerings[number] = Offering(
            number=number,
            bond=bond,
            cash=event["cash"],
            proceeds_account=event["issuerAccount"],
            method=event["method"],
            conditions=event["conditions"],
            lot=lot,
        )
        self.latest[bond] = number
        self._touched.add("offering", number)
        self._touched.add("offering of", bond)

    def apply(self, event: Event) -> None:
        """Takes one event of the Offering in, other than an opening."""
        offering = self.offerings.get(event["offeringId"])
        if offering is None:
            return  # reported by OFFER-1
        self._touched.add("offering", offering.number)
        match event.name:
            case "BookClosed":
                offering.stage = Stage.CLOSED
            case "OfferingFailed":
                offering.stage = Stage.FAILED
            case "AllocationProved":
                offering.stage, offering.allotted = Stage.ALLOCATED, event["allotted"]
                offering.cut_remainder, offering.cut_account = event["cutRemainder"], event["cutAccount"]
                # The prover's own pass is forgotten; those of others stay as they were.
                offering.proofs.pop(event["actor"], None)
                self._touched.add("proof", offering.number, event["actor"])
            case "AllocationContinued":
                offering.proofs[event["prover"]] = Proof(
                    last=event["last"],
                    units=event["units"],
                    allotted=event["allotted"],
                    cut_remainder=event["cutRemainder"],
                    cut_account=event["cutAccount"],
                )
                self._touched.add("proof", offering.number, event["prover"])
            case _:
                self._apply_order(offering, event)
        if event.name in ("BookClosed", "OfferingFailed", "AllocationProved"):
            for account in offering.orders:
                self._touched.add("order", offering.number, account)

    def _apply_order(self, offering: Offering, event: Event) -> None:
        accounts = event["accounts"] if event.name == "OrdersSettled" else (event["account"],)
        for account in accounts:
            self._touched.add("order", offering.number, account)
        match event.name:
            case "OrderPlaced":
                old = offering.order_of(event["account"])
                self.held[offering.cash] += event["deposit"] - old.deposit
                offering.orders[event["account"]] = Order(event["units"], event["deposit"])
                offering.ordered = event["totalOrdered"]
            case "OrderWithdrawn":
                # The deposit goes back by the refund that follows.
                offering.orders.setdefault(event["account"], Order()).units = 0
                offering.ordered = event["totalOrdered"]
            case "DepositRefunded":
                offering.orders.setdefault(event["account"], Order()).deposit -= event["amount"]
                self.held[offering.cash] -= event["amount"]
            case "OrdersSettled":
                for account, units in zip(accounts, event["units"], strict=False):
                    order = offering.orders.setdefault(account, Order())
                    order.settled = True
                    order.deposit -= units * offering.conditions.price
                    self.held[offering.cash] -= units * offering.conditions.price
