"""OFFER-2: who acts in an offering has the role for it at that moment."""

from __future__ import annotations

from indenture.audit.checks.primary.base import Act, PrimaryCheck
from indenture.audit.checks.primary.stages import is_never_closed
from indenture.audit.events import Event
from indenture.audit.replay.membership import BOOKRUNNER, ISSUER, UNDERWRITER
from indenture.audit.replay.offering import Form, Offering


class RoleCheck(PrimaryCheck):
    """Issuer, bookrunner, underwriters and bidders."""

    def acts(self) -> dict[str, Act]:
        """What looks at which event."""
        return {
            "MandateAccepted": lambda e, o: self._bookrunner(e, o, "bookrunner"),
            "UnderwriterInvited": lambda e, o: self._bookrunner(e, o, "actor"),
            "BookOpened": lambda e, o: self._bookrunner(e, o, "actor"),
            "SyndicateJoined": self._joined,
            "BidSealed": self._bidder,
            "BidsOpened": self._opened,
            "OverAllotmentDeclared": self._issuer,
            "OfferingCancelled": self._cancelled,
            "UnderwritingAdded": self._added,
        }

    def _look(self, event: Event) -> None:
        if event.name == "OfferingMandated":
            self._role(event, "issuerAccount", event["issuerAccount"], ISSUER)
            self._role(event, "conditions.bookrunner", event["conditions"].bookrunner, BOOKRUNNER)
        super()._look(event)

    def _bookrunner(self, event: Event, offering: Offering, key: str) -> None:
        wanted = offering.conditions.bookrunner
        self._equal(event, "OFFER-2", key, wanted, event[key], "not the bookrunner of the offering")
        self._role(event, key, event[key], BOOKRUNNER)

    def _joined(self, event: Event, offering: Offering) -> None:
        self._role(event, "underwriter", event["underwriter"], UNDERWRITER)
        self._holder(event, offering, "underwriter", offering.conditions.takesUpBy)

    def _bidder(self, event: Event, offering: Offering) -> None:
        """Whose admission ends before he is to pay would bid for nothing, and lose nothing."""
        self._holder(event, offering, "bidder", offering.conditions.settlesBy)

    def _added(self, event: Event, offering: Offering) -> None:
        self._holder(event, offering, "bidder", event.time)

    def _opened(self, event: Event, offering: Offering) -> None:
        """In an open book bidders place their own bids; sealed ones are opened by whoever knows them."""
        if offering.conditions.form == Form.OPEN:
            self._bidder(event, offering)
            self._equal(
                event, "OFFER-2", "actor", event["bidder"], event["actor"], "another placed these bids"
            )

    def _issuer(self, event: Event, offering: Offering) -> None:
        self._equal(
            event, "OFFER-2", "actor", offering.proceeds_account, event["actor"], "not the issuer's account"
        )

    def _cancelled(self, event: Event, offering: Offering) -> None:
        if not is_never_closed(offering, event):
            self._issuer(event, offering)

    def _holder(self, event: Event, offering: Offering, key: str, until: int) -> None:
        account = event[key]
        admitted = self.world.members.of(account).until >= until
        if not admitted or not self._may_hold(account, offering, event.time):
            message = f"{account} might not hold the bond then, or not until {until}"
            self._differ(event, "OFFER-2", key, "an eligible holder", account, message)

    def _role(self, event: Event, key: str, account: str, role: int) -> None:
        if not self.world.members.of(account).has_roles(event.time, role):
            self._differ(event, "OFFER-2", key, f"role {role}", account, f"{account} had not this role then")
