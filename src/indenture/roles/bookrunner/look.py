"""The book, the syndicate and the result, as they are now."""

from __future__ import annotations

from indenture.models import Allotment, Invitation, OfferingBook, PlacedBids
from indenture.primary import Stage, TenderResult
from indenture.roles._allotments import allotments_of
from indenture.roles._books import existing, offering_book, placed_bids, require_stage, unopened_bidders
from indenture.roles._clearing import preview_result, tender_result
from indenture.roles._client import Client


class Look(Client):
    """What a bookrunner looks at."""

    def book(self, offering_id: int) -> OfferingBook:
        """An offering.

        Raises:
            InputError: There is none with this number.
        """
        return offering_book(self.suite, offering_id)

    def bids(self, offering_id: int) -> tuple[PlacedBids, ...]:
        """What the book holds of everybody who ever bid, in the order of their first bid."""
        existing(self.suite, offering_id)
        return tuple(placed_bids(self.suite, offering_id))

    def unopened(self, offering_id: int) -> tuple[str, ...]:
        """Bidders whose bids are still sealed: tell them to open them before ``reveals_by``."""
        existing(self.suite, offering_id)
        return unopened_bidders(self.suite, offering_id)

    def syndicate(self, offering_id: int) -> tuple[Invitation, ...]:
        """Who was invited, in that order, and who joined."""
        existing(self.suite, offering_id)
        accounts = self.suite.offering.syndicate(offering_id)
        members = self.suite.offering.underwriters(offering_id, accounts)
        return tuple(
            Invitation(account, member.bidder_class, member.commitment, member.joined)
            for account, member in zip(accounts, members, strict=True)
        )

    def result(self, offering_id: int) -> TenderResult:
        """The result, as the market is told it.

        Raises:
            OfferingRefused: There is none yet, or the offering was cancelled.
        """
        return tender_result(self.suite, offering_id)

    def preview(self, offering_id: int) -> TenderResult:
        """The result that the book would have with the bids that are open now; nothing is sent.

        Raises:
            OfferingRefused: The book is not open yet, or cleared already.
        """
        return preview_result(self.suite, offering_id)

    def allotments(self, offering_id: int) -> tuple[Allotment, ...]:
        """What every bidder won, ascending by address; once the result is published."""
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.PUBLISHED)
        return allotments_of(self.suite, offering_id, state)
