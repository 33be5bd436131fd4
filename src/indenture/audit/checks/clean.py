"""TRADE-3 and CLAIM-1: trades at a clean price, and the payments that go to their buyers."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.model import accrued_amount, tax_rate
from indenture.audit.replay import World
from indenture.audit.replay.register import Register

_Claim = tuple[str, str, int, str, str, int, int]
"""Name of the event, bond, period, seller, buyer, units, amount."""

_Standing = tuple[int, int, int]
"""Units that an account claims, has been paid for as a buyer, and has given away."""


_CLAIMS = ("ClaimTransferred", "ClaimSettled")


@dataclass(frozen=True, slots=True)
class _Told:
    """A claim as it was told, and how its seller stood before."""

    event: Event
    standing: _Standing

    @property
    def claim(self) -> _Claim:
        e = self.event
        amount = e.args.get("amount", 0)
        return e.name, e["bond"], e["period"], e["seller"], e["buyer"], e["units"], amount


def _standing(world: World, bond: str, period: int, account: str) -> _Standing:
    book, key = world.servicing, (bond, period, account)
    return book.claimed[key], book.claims_paid[key], book.transferred[key]


class CleanCheck(Check):
    """A clean trade tells its claims, then its price, then itself; here all three are worked out again."""

    KINDS = ("Servicing", "Settlement")

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._told: list[_Told] = []
        self._priced: Event | None = None

    def _look(self, event: Event) -> None:
        if event.name in _CLAIMS and event.kind == "Servicing":
            standing = _standing(self.world, event["bond"], event["period"], event["seller"])
            self._told.append(_Told(event, standing))
        elif event.name == "TradePriced":
            self._unsettled()
            self._priced = event
        elif event.name == "TradeSettled":
            priced, self._priced = self._priced, None
            if priced is not None and priced["id"] == event["id"]:
                self._trade(event, priced)
                self._told.clear()
            elif priced is not None:
                self._differ(priced, "TRADE-3", "id", event["id"], priced["id"], "another trade was settled")

    def _close(self) -> None:
        self._unsettled()
        for told in self._told:
            self._differ(told.event, "CLAIM-1", "units", "no claim", told.claim, "no trade brought it about")
        self._told.clear()
        self._priced = None

    def _unsettled(self) -> None:
        if self._priced is not None:
            self._differ(
                self._priced, "TRADE-3", "id", "a trade", self._priced["id"], "priced, but not settled"
            )

    def _trade(self, trade: Event, priced: Event) -> None:
        register = self.world.bonds.get(trade["bond"])
        if register is None:
            return  # a bond that is not the suite's
        traded_at, units = priced["tradedAt"], trade["units"]
        if traded_at > trade.time:
            self._differ(
                priced, "TRADE-3", "tradedAt", f"<= {trade.time}", traded_at, "agreed after it settled"
            )
        self._equal(
            trade, "TRADE-3", "cash", register.terms.currency, trade["cash"], "not the bond's currency"
        )
        records = register.records_at(traded_at)
        self._equal(priced, "TRADE-3", "records", records, priced["records"], "not those passed when agreed")
        received = self._claims(trade, register, records)
        deal = register.deal(trade.time)
        accrued = accrued_amount(deal, units, deal.today, records)
        self._equal(priced, "TRADE-3", "accrued", accrued, priced["accrued"], "not what has accrued today")
        self._equal(
            priced, "TRADE-3", "received", received, priced["received"], "not what the seller had got"
        )
        amount = max(0, priced["cleanAmount"] + accrued - received)
        self._equal(trade, "TRADE-3", "amount", amount, trade["amount"], "not the clean price with interest")

    def _claims(self, trade: Event, register: Register, records: int) -> int:
        """CLAIM-1: each payment since the trade goes to the buyer; what the seller had got of them."""
        bond, seller, buyer = trade["bond"], trade["seller"], trade["buyer"]
        received = 0
        wanted: list[_Claim] = []
        for period in range(records + 1, register.records + 1):
            moved, repaid = self._shares(trade, register, period)
            due = self._net(register, period, seller, repaid)
            received += due
            if moved:
                wanted.append(("ClaimTransferred", bond, period, seller, buyer, moved, 0))
            if repaid:
                wanted.append(("ClaimSettled", bond, period, seller, buyer, repaid, due))
        found = [told.claim for told in self._told]
        self._equal(
            trade, "CLAIM-1", "claims", wanted, found, "not the payments whose record dates have passed"
        )
        return received

    def _shares(self, trade: Event, register: Register, period: int) -> tuple[int, int]:
        """Units whose payment is still to come, and those for which the seller has the money."""
        bond, seller, units = trade["bond"], trade["seller"], trade["units"]
        claimed, claims_paid, given = self._before(bond, period, seller)
        moved = min(claimed, units)
        repaid = min(claims_paid, units - moved)
        rest = units - moved - repaid
        entry = register.entries.get(seller)
        has = entry.units_at(period) if entry else 0
        if rest and given + rest > has:
            message = "more was given away than the seller had"
            self._differ(trade, "CLAIM-1", "units", f"<= {has}", given + rest, message)
        paid = entry is not None and period in entry.paid
        return (moved, repaid + rest) if paid else (moved + rest, repaid)

    def _before(self, bond: str, period: int, seller: str) -> _Standing:
        """How a seller stood before the claims of this trade were told."""
        told = (t for t in self._told if t.claim[1:4] == (bond, period, seller))
        first = next(told, None)
        return _standing(self.world, bond, period, seller) if first is None else first.standing

    def _net(self, register: Register, period: int, seller: str, units: int) -> int:
        """What a seller got for units, after tax."""
        payment = self.world.servicing.payments.get((register.address, period))
        if payment is None or not units:
            return 0
        withholdings = register.terms.provisions.withholdings
        rate = tax_rate(withholdings, self.world.members.of(seller).verdicts)
        return payment.each.net_of(units, rate)
