"""OFFER-1: an offering's acts belong to its stage and its times."""

from __future__ import annotations

from collections.abc import Callable

from indenture.audit.checks.primary.base import PrimaryCheck
from indenture.audit.events import Event
from indenture.audit.replay.offering import Form, Offering, Stage

Window = tuple[tuple[Stage, ...], int, int]
"""Stages, first second and last second of an act."""

_EVER = 2**40
_NEVER_CLOSED = b"never closed".ljust(32, b"\0")


def _bidding(offering: Offering) -> Window:
    return (Stage.OPEN,), offering.conditions.opensAt, offering.conditions.closesAt - 1


def _opening(offering: Offering, _: Event) -> Window:
    if offering.conditions.form == Form.OPEN:
        return _bidding(offering)
    return (Stage.CLOSED,), offering.conditions.closesAt, offering.conditions.revealsBy - 1


def clearing_window(offering: Offering) -> tuple[int, int]:
    """First and last second in which a book may be cleared: who has declared lets nobody wait."""
    c = offering.conditions
    return c.revealsBy if offering.over_allotment_declared else c.overAllotsBy, c.clearsBy


def _adding(offering: Offering) -> Window:
    seconds = offering.conditions.additionalSeconds
    return (Stage.PUBLISHED,), 0, offering.published_at + seconds if seconds else -1


def _failing(offering: Offering, event: Event) -> Window:
    c = offering.conditions
    if offering.stage in (Stage.MANDATED, Stage.ACCEPTED):
        return (offering.stage,), c.opensAt + 1, _EVER
    if offering.stage == Stage.CLOSED and event.time <= c.clearsBy:
        return (Stage.CLOSED,), *clearing_window(offering)  # by its clearing
    return (Stage.CLOSED, Stage.CLEARED), c.clearsBy + 1, _EVER


def _taking_up(offering: Offering, event: Event) -> Window:
    c = offering.conditions
    if event["later"]:
        return (Stage.PUBLISHED,), c.settlesBy + 1, c.takesUpBy
    return (Stage.PUBLISHED,), c.settlesFrom, c.settlesBy


def _plain(offering: Offering, event: Event) -> Window:
    """Acts whose window depends on nothing but the conditions."""
    c = offering.conditions
    windows: dict[str, Window] = {
        "MandateAccepted": ((Stage.MANDATED,), 0, _EVER),
        "UnderwriterInvited": ((Stage.ACCEPTED,), 0, _EVER),
        "SyndicateJoined": ((Stage.ACCEPTED,), 0, _EVER),
        "DocumentsPinned": ((Stage.ACCEPTED,), 0, c.opensAt),
        "BookOpened": ((Stage.ACCEPTED,), 0, c.opensAt),
        "BidSealed": _bidding(offering),
        "BidEncrypted": _bidding(offering),
        "BidWithdrawn": _bidding(offering),
        "BookClosed": ((Stage.OPEN,), c.closesAt, _EVER if c.form == Form.OPEN else c.revealsBy - 1),
        "OverAllotmentDeclared": ((Stage.CLOSED,), c.revealsBy, c.overAllotsBy - 1),
        "BookCleared": ((Stage.CLOSED,), *clearing_window(offering)),
        "AllocationContinued": ((Stage.CLEARED,), 0, c.clearsBy),
        "AllocationProved": ((Stage.CLEARED,), 0, c.clearsBy),
        "ResultPublished": ((Stage.CLEARED,), 0, c.clearsBy),
        "WinnerSettled": ((Stage.PUBLISHED,), c.settlesFrom, c.settlesBy),
        "WinnerSkipped": ((Stage.PUBLISHED,), c.settlesFrom, c.takesUpBy),
        "ProceedsPaid": ((Stage.PUBLISHED,), c.settlesFrom, c.takesUpBy),
        "WinnerLapsed": ((Stage.PUBLISHED,), c.settlesBy + 1, _EVER),
    }
    return windows.get(event.name, (tuple(Stage), 0, _EVER))


def _cancelling(offering: Offering, event: Event) -> Window:
    c = offering.conditions
    if is_never_closed(offering, event):
        return (Stage.OPEN,), c.clearsBy + 1, _EVER
    return (Stage.MANDATED, Stage.ACCEPTED, Stage.OPEN), 0, c.closesAt - 1


def is_never_closed(offering: Offering, event: Event) -> bool:
    """Whether an offering is cancelled because nobody closed its book: anyone may see to that."""
    return bool(event["reason"] == _NEVER_CLOSED and event.time >= offering.conditions.closesAt)


_SPECIAL: dict[str, Callable[[Offering, Event], Window]] = {
    "BidsOpened": _opening,
    "OfferingFailed": _failing,
    "OfferingCancelled": _cancelling,
    "UnderwritingAdded": lambda offering, _: _adding(offering),
    "RestTakenUp": _taking_up,
}


class StageCheck(PrimaryCheck):
    """Stage and time of each act."""

    def _look(self, event: Event) -> None:
        if event.kind != "Offering" or "offeringId" not in event.args or event.name == "OfferingMandated":
            return
        offering = self.world.offerings.offerings.get(event["offeringId"])
        if offering is None:
            self._differ(
                event, "OFFER-1", "offeringId", "an offering", event["offeringId"], "it was never mandated"
            )
            return
        self._within(event, offering, _SPECIAL.get(event.name, _plain)(offering, event))
        if event.name == "OfferingFailed":
            self._equal(
                event, "OFFER-1", "stage", offering.stage, event["stage"], "not the stage in which it failed"
            )

    def _within(self, event: Event, offering: Offering, window: Window) -> None:
        stages, first, last = window
        if offering.stage not in stages:
            wanted = " or ".join(stage.name for stage in stages)
            self._differ(event, "OFFER-1", "stage", wanted, offering.stage.name, "not an act of this stage")
        if not first <= event.time <= last:
            self._differ(
                event, "OFFER-1", "time", f"{first} to {last}", event.time, "not the time of this act"
            )
