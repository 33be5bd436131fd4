"""What the checks of the primary market share: an event, its offering, and how a difference is reported."""

from __future__ import annotations

from collections.abc import Callable

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.replay.offering import Offering

Act = Callable[[Event, Offering], None]


class PrimaryCheck(Check):
    """Hands each event of a known offering to the act that looks at it."""

    KINDS = ("Offering",)

    def acts(self) -> dict[str, Act]:
        """What looks at which event."""
        return {}

    def _look(self, event: Event) -> None:
        if event.kind != "Offering" or (act := self.acts().get(event.name)) is None:
            return
        offering = self.world.offerings.offerings.get(event["offeringId"])
        if offering is not None:  # else reported by OFFER-1
            act(event, offering)

    def _may_hold(self, account: str, offering: Offering, time: int) -> bool:
        """Whether an account may hold the bond at a moment."""
        return self.world.members.of(account).eligible(time, offering.register.terms.eligible)
