"""An offering in each stage, on the shortest way there."""

from typing import Any

from tests.evm.builders import (
    ACCEPTED,
    BOOK_OPEN,
    CANCELLED,
    CLEARED,
    CLOSED,
    FAILED,
    MANDATED,
    NONE,
    PUBLISHED,
    SEALED,
    class_rule,
)
from tests.evm.tender import Tender
from tests.evm.world import World

STAGES = (NONE, MANDATED, ACCEPTED, BOOK_OPEN, CLOSED, CLEARED, PUBLISHED, FAILED, CANCELLED)
TWO_CLASSES = (class_rule(), class_rule(additional=2_000))
REASON = b"second thoughts".ljust(32, b"\0")


def tender_in(world: World, stage: int, **changes: Any) -> Tender:
    """A sealed tender, or another, of a thousand units in this stage; `NONE` is one that nobody mandated.

    The first underwriter is in the syndicate for 400 units. The first two investors have bid, and win where
    it comes to a result; the third has sealed a bid that nobody opened.
    """
    tender = world.tender(classes=TWO_CLASSES, **({"additionalSeconds": 900} | changes))
    if stage == NONE:
        tender.id = 999
        return tender
    tender.mandate()
    if stage == MANDATED:
        return tender
    tender.accept()
    tender.form_syndicate({world.underwriters[0]: 400})
    if stage == ACCEPTED:
        return tender
    if stage == CANCELLED:
        world.offering.cancel(tender.id, REASON, sender=world.issuer)
        return tender
    tender.open()
    bid_all(world, tender, stage)
    if stage == BOOK_OPEN:
        return tender
    tender.close()
    if tender.conditions.form == SEALED:
        tender.unopened.append(tender.seal_of(world.investors[2]))
        tender.bids.pop(world.investors[2])
        tender.open_all()
    if stage == CLOSED:
        return tender
    if stage == FAILED:
        tender.to("clearsBy", plus=1)
        world.offering.fail(tender.id, sender=world.outsider)
        return tender
    tender.clear()
    return tender


def bid_all(world: World, tender: Tender, stage: int) -> None:
    """A book that clears short of its marginal level, or without a short one."""
    units = 700 if stage == CLEARED else 300
    tender.bid(world.investors[0], (10_000, 300))
    tender.bid(world.investors[1], (9_990, units))
    if stage == CLEARED:
        tender.bid(world.investors[3], (9_990, 77))
    if tender.conditions.form == SEALED:
        tender.bid(world.investors[2], (9_990, 1))
