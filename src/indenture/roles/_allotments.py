"""What bidders won, and what has become of it."""

from __future__ import annotations

from collections.abc import Sequence

from indenture.contracts import BookState, Suite
from indenture.contracts._base import topic_of
from indenture.models import Allotment
from indenture.roles._books import number, refused


def allotments_of(
    suite: Suite, offering_id: int, state: BookState, bidders: Sequence[str] | None = None
) -> tuple[Allotment, ...]:
    """What bidders won in an offering whose result is published; None for all of them.

    What a winner paid is read from the events: interest goes on accruing, and units may be held no more.
    """
    opened = suite.offering.openings(offering_id)
    wanted = sorted(opened, key=number) if bidders is None else [each for each in bidders if each in opened]
    openings = [(bidder, opened[bidder]) for bidder in wanted]
    found = suite.offering.allotments(offering_id, openings)
    added = suite.offering.additional_of(offering_id, wanted)
    paid: dict[str, int] = {}
    lapsed: set[str] = set()
    for event in suite.offering.events("WinnerSettled", "WinnerLapsed", indexed=[topic_of(offering_id)]):
        if event.name == "WinnerSettled":
            paid[event["bidder"]] = event["amount"]
        else:
            lapsed.add(event["bidder"])
    return tuple(
        Allotment(
            offering_id=offering_id,
            bidder=bidder,
            bids=bids,
            units=allotment.units,
            additional=more,
            amount=suite.money(state.cash, paid.get(bidder, allotment.amount)),
            settled=bidder in paid,
            lapsed=bidder in lapsed,
        )
        for (bidder, bids), allotment, more in zip(openings, found, added, strict=True)
    )


def allotment_of(suite: Suite, offering_id: int, state: BookState, bidder: str, *, hint: str) -> Allotment:
    """What one bidder won in an offering whose result is published.

    Raises:
        OfferingRefused: None of his bids is open; ``hint`` says what that means.
    """
    found = allotments_of(suite, offering_id, state, [bidder])
    if not found:
        raise refused(
            suite,
            "BidUnknown",
            {"offeringId": offering_id, "bidder": bidder},
            f"{bidder} has no opened bids in offering {offering_id}",
            hint,
        )
    return found[0]
