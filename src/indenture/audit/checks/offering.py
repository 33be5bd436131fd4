"""OFFER-1 to OFFER-5: the book, the allocation, the settlement and the refunds of an offering."""

from __future__ import annotations

from collections.abc import Callable

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.model import by_cut
from indenture.audit.replay.membership import BOOKRUNNER, ISSUER
from indenture.audit.replay.offering import Offering, Stage


class OfferingCheck(Check):
    """Each event of the Offering against the book as rebuilt so far."""

    def _look(self, event: Event) -> None:
        if event.kind != "Offering":
            return
        if event.name == "OfferingOpened":
            self._opened(event)
            return
        offering = self.world.offerings.offerings.get(event["offeringId"])
        if offering is None:
            self._differ(
                event, "OFFER-1", "offeringId", "an offering", event["offeringId"], "it was never opened"
            )
            return
        acts: dict[str, Callable[[Event, Offering], None]] = {
            "OrderPlaced": self._placed,
            "OrderWithdrawn": self._withdrawn,
            "BookClosed": self._closed,
            "OfferingFailed": self._closed,
            "AllocationContinued": self._continued,
            "AllocationProved": self._allocated,
            "OrdersSettled": self._settled,
            "OrderSkipped": self._skipped,
            "DepositRefunded": self._refunded,
        }
        acts[event.name](event, offering)

    def _opened(self, event: Event) -> None:
        book, conditions = self.world.offerings, event["conditions"]
        bond = self.world.bonds.get(event["bond"])
        self._equal(
            event, "OFFER-1", "offeringId", len(book.offerings) + 1, event["offeringId"], "out of turn"
        )
        if bond is None:
            self._differ(
                event, "OFFER-1", "bond", "a registered bond", event["bond"], "no such bond was registered"
            )
            return
        self._equal(
            event,
            "OFFER-1",
            "issuerAccount",
            bond.terms.issuer_account,
            event["issuerAccount"],
            "another account than the bond's",
        )
        self._equal(
            event, "OFFER-1", "cash", bond.terms.currency, event["cash"], "another currency than the bond's"
        )
        self._equal(
            event, "OFFER-1", "conditions.bond", event["bond"], conditions.bond, "two bonds in one opening"
        )
        members = self.world.members
        for key, account, role in (
            ("issuerAccount", event["issuerAccount"], ISSUER),
            ("bookrunner", conditions.bookrunner, BOOKRUNNER),
        ):
            if not members.of(account).has_roles(event.time, role):
                self._differ(
                    event, "OFFER-1", key, f"role {role}", account, f"{account} had not this role then"
                )
        before = book.offerings.get(book.latest.get(event["bond"], 0))
        if before is not None and before.stage != Stage.FAILED:
            self._differ(
                event, "OFFER-1", "bond", "no living offering", before.number, "the bond is on offer already"
            )
        left = bond.terms.units - bond.supply.units
        if not 0 < conditions.offered <= left or conditions.offered % bond.terms.minimum_units:
            self._differ(
                event, "OFFER-1", "offered", f"lots up to {left}", conditions.offered, "not what is left"
            )
        if not conditions.opensAt < conditions.closesAt < conditions.settlesBy:
            times = (conditions.opensAt, conditions.closesAt, conditions.settlesBy)
            self._differ(
                event, "OFFER-1", "closesAt", "times in order", times, "the times contradict each other"
            )
        last = bond.terms.announceable_from(bond.terms.periods)
        if conditions.settlesBy >= last:
            self._differ(
                event, "OFFER-1", "settlesBy", f"< {last}", conditions.settlesBy, "too near the maturity"
            )

    def _placed(self, event: Event, offering: Offering) -> None:
        conditions, units = offering.conditions, event["units"]
        self._stage(event, offering, Stage.OPEN)
        self._book_open(event, offering)
        if not conditions.minimumOrder <= units <= conditions.maximumOrder or units % offering.lot:
            self._differ(
                event,
                "OFFER-2",
                "units",
                f"lots from {conditions.minimumOrder} to {conditions.maximumOrder}",
                units,
                "the order is out of its bounds",
            )
        bond = self.world.bonds.get(offering.bond)
        account = self.world.members.of(event["account"])
        if bond is not None and not account.eligible(event.time, bond.terms.eligible):
            self._differ(
                event, "UNITS-3", "account", "an eligible holder", event["account"], "it might not order"
            )
        self._equal(
            event, "OFFER-2", "deposit", units * conditions.price, event["deposit"], "not the order's price"
        )
        total = offering.ordered - offering.order_of(event["account"]).units + units
        self._equal(
            event, "OFFER-2", "totalOrdered", total, event["totalOrdered"], "not the sum of the orders"
        )

    def _withdrawn(self, event: Event, offering: Offering) -> None:
        self._stage(event, offering, Stage.OPEN)
        self._book_open(event, offering)
        units = offering.order_of(event["account"]).units
        self._equal(event, "OFFER-2", "units", units, event["units"], "not the units of the order")
        self._equal(
            event,
            "OFFER-2",
            "totalOrdered",
            offering.ordered - units,
            event["totalOrdered"],
            "not the sum of the orders",
        )

    def _closed(self, event: Event, offering: Offering) -> None:
        self._equal(
            event, "OFFER-2", "ordered", offering.ordered, event["ordered"], "not the sum of the orders"
        )
        conditions = offering.conditions
        if event.name == "OfferingFailed":
            self._stage(event, offering, Stage.CLOSED)
            self._equal(
                event,
                "OFFER-1",
                "minimumVolume",
                conditions.minimumVolume,
                event["minimumVolume"],
                "not the minimum of the conditions",
            )
            return
        self._stage(event, offering, Stage.OPEN)
        if event.time < conditions.closesAt:
            self._differ(
                event, "OFFER-1", "time", f">= {conditions.closesAt}", event.time, "closed too early"
            )
        fails = offering.ordered == 0 or offering.ordered < conditions.minimumVolume
        failed = any(e["offeringId"] == offering.number for e in self.tx.named("Offering", "OfferingFailed"))
        self._equal(event, "OFFER-1", "failed", fails, failed, "the minimum volume decides, and nothing else")

    def _continued(self, event: Event, offering: Offering) -> None:
        """How far a batch reaches is looked at by OFFER-6."""
        self._stage(event, offering, Stage.CLOSED)

    def _allocated(self, event: Event, offering: Offering) -> None:
        self._stage(event, offering, Stage.CLOSED)
        self._equal(
            event, "OFFER-2", "ordered", offering.ordered, event["ordered"], "not the sum of the orders"
        )
        available = min(offering.ordered, offering.conditions.offered)
        self._equal(event, "OFFER-3", "allotted", available, event["allotted"], "not what there is to allot")
        proved = by_cut(
            offering.living_orders(),
            offering.conditions.offered,
            offering.lot,
            event["cutRemainder"],
            event["cutAccount"],
        )
        for account, units in offering.allotments.items():
            self._equal(
                event, "OFFER-3", account, units, proved[account], "not pro rata by largest remainder"
            )

    def _settled(self, event: Event, offering: Offering) -> None:
        self._stage(event, offering, Stage.ALLOCATED)
        deadline = offering.conditions.settlesBy
        if event.time > deadline:
            self._differ(
                event, "OFFER-1", "time", f"<= {deadline}", event.time, "settled after the last second"
            )
        self._equal(
            event, "OFFER-4", "units", len(event["accounts"]), len(event["units"]), "two lists of one length"
        )
        for account, units in zip(event["accounts"], event["units"], strict=False):
            allotted = 0 if offering.order_of(account).settled else offering.allotments.get(account, 0)
            self._equal(
                event, "OFFER-4", account, allotted, units, "not what the account was allotted and still due"
            )
        if len(set(event["accounts"])) != len(event["accounts"]):
            self._differ(
                event, "OFFER-4", "accounts", "each once", event["accounts"], "an account was settled twice"
            )
        proceeds = sum(event["units"]) * offering.conditions.price
        self._equal(event, "OFFER-4", "proceeds", proceeds, event["proceeds"], "not units times price")

    def _skipped(self, event: Event, offering: Offering) -> None:
        bond, account = self.world.bonds.get(offering.bond), event["account"]
        order = offering.order_of(account)
        due = offering.stage == Stage.ALLOCATED and not order.settled and offering.allotments.get(account, 0)
        if not due:
            self._differ(
                event, "OFFER-4", "account", "a winner not settled", account, "there was nothing to skip"
            )
        if bond is not None and self.world.members.of(account).eligible(event.time, bond.terms.eligible):
            self._differ(
                event, "OFFER-4", "account", "an account that may not hold", account, "skipped wrongly"
            )

    def _refunded(self, event: Event, offering: Offering) -> None:
        account = event["account"]
        withdrawn = any(
            (e["offeringId"], e["account"]) == (offering.number, account) and e.index < event.index
            for e in self.tx.named("Offering", "OrderWithdrawn")
        )
        free = offering.order_of(account).deposit if withdrawn else offering.refundable(account, event.time)
        self._equal(event, "OFFER-5", "amount", free, event["amount"], "not what was free of the deposit")

    def _book_open(self, event: Event, offering: Offering) -> None:
        opens, closes = offering.conditions.opensAt, offering.conditions.closesAt
        if not opens <= event.time < closes:
            self._differ(
                event, "OFFER-1", "time", f"{opens} to {closes - 1}", event.time, "the book was not open"
            )

    def _stage(self, event: Event, offering: Offering, stage: Stage) -> None:
        self._equal(event, "OFFER-1", "stage", stage.name, offering.stage.name, "not an act of this stage")

    def _equal(
        self, event: Event, kind: str, key: str, expected: object, found: object, message: str
    ) -> None:
        self.world.expect(event, kind, key, expected, found, message)

    def _differ(
        self, event: Event, kind: str, key: str, expected: object, found: object, message: str
    ) -> None:
        self.world.differ(event, kind, key, expected, found, message)
