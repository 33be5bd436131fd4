"""CLEAR-1 and RESULT-1: the clearing is recomputed from the bids, and the result from the clearing."""

from __future__ import annotations

from dataclasses import asdict

from indenture.audit.checks.primary.base import Act, PrimaryCheck
from indenture.audit.events import Event
from indenture.audit.model.tender.bids import RATE
from indenture.audit.replay.offering import Offering, Stage

_CLEARED = {
    "firstLevel": "first_level",
    "lastLevel": "last_level",
    "marginalLevel": "marginal_level",
    "averageLevel": "average_level",
    "marginalBid": "marginal_bid",
    "marginalShare": "marginal_share",
    "competitive": "competitive",
    "nonCompetitiveShare": "non_competitive_share",
    "takeUp": "take_up",
}
_FIGURES = {
    "marginalQuote": "marginal_quote",
    "averageQuote": "average_quote",
    "bidMultiple": "bid_multiple",
    "marginalMultiple": "marginal_multiple",
    "marginalRatio": "marginal_ratio",
}


class ClearingCheck(PrimaryCheck):
    """Stages from the over-allotment to the result."""

    NAMES = ("CouponFixed",)

    def acts(self) -> dict[str, Act]:
        """What looks at which event."""
        return {
            "OverAllotmentDeclared": self._declared,
            "BookCleared": self._cleared,
            "OfferingFailed": self._failed,
            "ResultPublished": self._published,
        }

    def _look(self, event: Event) -> None:
        if event.name == "CouponFixed":
            self._coupon(event)
        super()._look(event)

    def _close(self) -> None:
        """What needs no proof is published at once, and what was proved with its proof."""
        for event in self.tx.events:
            if event.name in ("BookCleared", "AllocationProved"):
                offering = self.world.offerings.offerings.get(event["offeringId"])
                if offering is not None and offering.stage == Stage.CLEARED and not offering.awaits_proof:
                    self._differ(
                        event, "RESULT-1", "stage", "PUBLISHED", "CLEARED", "nothing more was to be proved"
                    )

    def _declared(self, event: Event, offering: Offering) -> None:
        most = 0 if offering.over_allotment_declared else offering.conditions.overAllotment
        if event["units"] > most or event["units"] % offering.lot:
            self._differ(
                event, "OFFER-3", "units", f"lots up to {most}, once", event["units"], "more than the cap"
            )

    def _cleared(self, event: Event, offering: Offering) -> None:
        clearing = offering.outcome.clearing
        if clearing.failed:
            self._differ(
                event, "CLEAR-1", "stage", "FAILED", "CLEARED", "no price was found, or too little volume"
            )
        wanted = asdict(clearing)
        for key, name in _CLEARED.items():
            self._equal(event, "CLEAR-1", key, wanted[name], event[key], "not what the opened bids come to")

    def _failed(self, event: Event, offering: Offering) -> None:
        if offering.stage != Stage.CLOSED or event.time > offering.conditions.clearsBy:
            self._equal(event, "CLEAR-1", "volume", 0, event["volume"], "it was never cleared")
            return
        clearing = offering.outcome.clearing
        self._equal(event, "CLEAR-1", "volume", clearing.volume, event["volume"], "not what the bids come to")
        if not clearing.failed:
            self._differ(event, "CLEAR-1", "stage", "CLEARED", "FAILED", "price and volume were found")

    def _published(self, event: Event, offering: Offering) -> None:
        if offering.awaits_proof:
            self._differ(
                event, "RESULT-1", "stage", "a proof of shares", "none", "a level that is not filled"
            )
        outcome = offering.outcome
        clearing, figures = outcome.clearing, asdict(outcome.figures)
        expected: dict[str, object] = {
            "bond": offering.bond,
            "offered": outcome.tender.offered,
            "bid": sum(bid.units for bid in outcome.bids),
            "allotted": clearing.competitive + clearing.non_competitive_share,
            "takeUp": clearing.take_up,
            "bidders": len({bid.bidder for bid in outcome.bids}),
            "issueRate": outcome.issue_rate,
            "issuePrice": outcome.issue_price,
            **{key: figures[name] for key, name in _FIGURES.items()},
        }
        for key, value in expected.items():
            self._equal(event, "RESULT-1", key, value, event[key], "not what the clearing comes to")
        fixed = [e["rate"] for e in self.tx.named("Bond", "CouponFixed") if e.address == offering.bond]
        wanted = [outcome.issue_rate] if offering.conditions.basis == RATE else []
        self._equal(event, "RESULT-1", "coupon", wanted, fixed, "not the coupon that the bond was given")

    def _coupon(self, event: Event) -> None:
        results = [e for e in self.tx.named("Offering", "ResultPublished") if e["bond"] == event.address]
        rates = [e["issueRate"] for e in results]
        self._equal(event, "RESULT-1", "rate", rates, [event["rate"]], "no result of an offering fixed it")
        register = self.world.bonds.get(event.address)
        if register is not None and not register.terms.is_rate_open:
            self._differ(
                event, "RESULT-1", "rate", register.terms.rate, event["rate"], "the coupon was fixed before"
            )
