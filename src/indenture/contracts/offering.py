"""The primary market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from indenture.chain import BlockLike, BlockStamp, ContractCall
from indenture.contracts._base import SuiteContract, topic_of
from indenture.dates import from_timestamp
from indenture.models import Method, Stage


@dataclass(frozen=True, slots=True)
class BookState:
    """An offering; money is in base units of the bond's currency."""

    bond: str
    opens_at: datetime
    closes_at: datetime
    settles_by: datetime
    method: Method
    stage: Stage
    price: int
    offered: int
    minimum_volume: int
    minimum_order: int
    maximum_order: int
    ordered: int
    allotted: int
    cash: str
    proceeds_account: str
    lot: int
    cut_account: str
    cut_remainder: int


@dataclass(frozen=True, slots=True)
class OrderState:
    """An order; ``deposit`` is in base units, ``units`` is zero when it is withdrawn."""

    units: int
    deposit: int
    settled: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the residue of an allocation ends: the last order that gets one lot more."""

    remainder: int
    account: str


class Offering(SuiteContract):
    """Offerings of all bonds."""

    NAME = "Offering"

    def book(self, offering_id: int, *, block: BlockLike = None) -> BookState:
        """An offering; stage ``NONE`` when there is none with this number."""
        raw = self.read("bookOf", offering_id, block=block)
        return BookState(
            bond=raw.bond,
            opens_at=from_timestamp(raw.opensAt),
            closes_at=from_timestamp(raw.closesAt),
            settles_by=from_timestamp(raw.settlesBy),
            method=Method(raw.method),
            stage=Stage(raw.stage),
            price=raw.price,
            offered=raw.offered,
            minimum_volume=raw.minimumVolume,
            minimum_order=raw.minimumOrder,
            maximum_order=raw.maximumOrder,
            ordered=raw.ordered,
            allotted=raw.allotted,
            cash=raw.cash,
            proceeds_account=raw.proceedsAccount,
            lot=raw.lot,
            cut_account=raw.cutAccount,
            cut_remainder=raw.cutRemainder,
        )

    def order_of(self, offering_id: int, account: str, *, block: BlockLike = None) -> OrderState:
        """The order of an account."""
        return self.orders_of(offering_id, [account], block=block)[0]

    def orders_of(
        self, offering_id: int, accounts: Sequence[str], *, block: BlockLike = None
    ) -> list[OrderState]:
        """The orders of many accounts, on the same state."""
        found = self.chain.call_many([self.call("orderOf", offering_id, a) for a in accounts], block)
        return [OrderState(raw.units, raw.deposit, raw.settled) for raw in found]

    def allotments(self, offering_id: int, accounts: Sequence[str], *, block: BlockLike = None) -> list[int]:
        """Units that orders were given; zeros before the allocation is proved."""
        return self.chain.call_many([self.call("allotmentOf", offering_id, a) for a in accounts], block)

    def refundable(self, offering_id: int, accounts: Sequence[str], *, block: BlockLike = None) -> list[int]:
        """What ``refund`` would return to accounts now."""
        return self.chain.call_many([self.call("refundable", offering_id, a) for a in accounts], block)

    def offering_of(self, bond: str, *, block: BlockLike = None) -> int | None:
        """The latest offering of a bond; None when there was none."""
        return int(self.read("offeringOf", bond, block=block)) or None

    def count(self, *, block: BlockLike = None) -> int:
        """How many offerings there were; they are numbered from 1."""
        return int(self.read("offeringCount", block=block))

    def orders(self, offering_id: int, *, to: BlockStamp | int | None = None) -> dict[str, int]:
        """Units of every living order, by account, from the events alone."""
        living: dict[str, int] = {}
        for event in self.events("OrderPlaced", "OrderWithdrawn", indexed=[topic_of(offering_id)], to=to):
            if event.name == "OrderPlaced":
                living[event["account"]] = event["units"]
            else:
                living.pop(event["account"], None)
        return living

    def open(self, conditions: dict[str, Any]) -> ContractCall:
        """Opens an offering."""
        return self.call("open", conditions)

    def order(self, offering_id: int, units: int) -> ContractCall:
        """Places or replaces the caller's order."""
        return self.call("order", offering_id, units)

    def withdraw(self, offering_id: int) -> ContractCall:
        """Withdraws the caller's order."""
        return self.call("withdraw", offering_id)

    def close(self, offering_id: int) -> ContractCall:
        """Closes the book once its time has come."""
        return self.call("close", offering_id)

    def allocate(self, offering_id: int, cut: Cut, accounts: Sequence[str]) -> ContractCall:
        """Proves the allocation of orders, by ascending account."""
        return self.call("allocate", offering_id, cut.remainder, cut.account, accounts)

    def settle(self, offering_id: int, accounts: Sequence[str]) -> ContractCall:
        """Settles winners."""
        return self.call("settle", offering_id, accounts)

    def refund(self, offering_id: int, account: str) -> ContractCall:
        """Returns what is free of a deposit."""
        return self.call("refund", offering_id, account)
