"""An offering as commands see it, without a chain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from indenture.identifiers import Isin
from indenture.models import OfferingBook
from indenture.money import CNY
from indenture.primary import Basis, ClassRule, Form, Pricing, Rules, Stage

OPENS = datetime(2019, 12, 3, 1, tzinfo=UTC)
BIDDER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"
CLIENT = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


def rules_of(**changes: Any) -> Rules:
    """A sealed book by rate, 3.00 % to 3.60 %: a thousand units; an hour for each thing."""
    fields: dict[str, Any] = {
        "form": Form.SEALED,
        "basis": Basis.RATE,
        "pricing": Pricing.UNIFORM,
        "offered": 1_000,
        "minimum_bid": 10,
        "maximum_bid": 1_000,
        "non_competitive": 100,
        "lowest": 30_000_000,
        "highest": 36_000_000,
        "tick": 100_000,
        "opens_at": OPENS,
        "closes_at": OPENS + timedelta(hours=1),
        "reveals_by": OPENS + timedelta(hours=2),
        "over_allots_by": OPENS + timedelta(hours=2),
        "clears_by": OPENS + timedelta(hours=3),
        "settles_from": OPENS + timedelta(days=2),
        "settles_by": OPENS + timedelta(days=3),
        "takes_up_by": OPENS + timedelta(days=4),
    }
    return Rules(**(fields | changes))


def book_of(stage: Stage, rules: Rules | None = None, **changes: Any) -> OfferingBook:
    """An offering of two classes with a deposit of CNY 500."""
    fields: dict[str, Any] = {
        "offering_id": 1,
        "bond": CLIENT,
        "isin": Isin("CND1000BOC15"),
        "currency": CNY,
        "stage": stage,
        "rules": rules or rules_of(),
        "classes": (ClassRule(10, 1_000), ClassRule(10, 1_000)),
        "lot": 10,
        "deposit": CNY.money(500),
        "bookrunner": CLIENT,
        "proceeds_account": CLIENT,
        "encryption_key": None,
        "commitments": 0,
        "bidders": 0,
        "bid_units": 0,
        "non_competitive_bid": 0,
        "over_allotted": 0,
        "over_allotment_declared": False,
        "take_up": 0,
        "additional": 0,
        "issued": 0,
        "issued_later": 0,
        "published_at": None,
        "accrual_day": None,
    }
    return OfferingBook(**(fields | changes))
