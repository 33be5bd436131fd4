"""OFFER-4: the syndicate is who was invited and joined; the book opens with it and with the documents."""

from __future__ import annotations

from indenture.audit.checks.primary.base import Act, PrimaryCheck
from indenture.audit.events import Event
from indenture.audit.replay.offering import NO_WORD, Form, Member, Offering

_MOST_MEMBERS = 64


class SyndicateCheck(PrimaryCheck):
    """Mandate accepted, invitations, joinings, documents."""

    def acts(self) -> dict[str, Act]:
        """What looks at which event."""
        return {
            "MandateAccepted": self._accepted,
            "UnderwriterInvited": self._invited,
            "SyndicateJoined": self._joined,
            "DocumentsPinned": self._pinned,
            "BookOpened": self._opened,
        }

    def _accepted(self, event: Event, offering: Offering) -> None:
        wanted = offering.conditions.form == Form.ENCRYPTED
        self._equal(
            event,
            "OFFER-4",
            "encryptionKey",
            wanted,
            event["encryptionKey"] != NO_WORD,
            "an encrypted book has a key, and no other",
        )

    def _invited(self, event: Event, offering: Offering) -> None:
        account, commitment = event["underwriter"], event["commitment"]
        known = offering.syndicate.get(account)
        if known is not None and known.joined:
            self._differ(event, "OFFER-4", "underwriter", "not joined yet", account, "it had joined already")
        if known is None and len(offering.syndicate) >= _MOST_MEMBERS:
            self._differ(event, "OFFER-4", "underwriter", f"{_MOST_MEMBERS} at most", account, "too many")
        if not 0 < event["class"] < len(offering.classes):
            last = len(offering.classes) - 1
            self._differ(
                event, "OFFER-4", "class", f"1 to {last}", event["class"], "no class of the syndicate"
            )
        most = offering.conditions.offered + offering.conditions.overAllotment
        if commitment % offering.lot or commitment > most:
            self._differ(
                event, "OFFER-4", "commitment", f"lots up to {most}", commitment, "it cannot be taken up"
            )

    def _joined(self, event: Event, offering: Offering) -> None:
        invited = offering.syndicate.get(event["underwriter"]) or Member(0, 0)
        self._equal(
            event,
            "OFFER-4",
            "invitation",
            (invited.class_, invited.commitment, False),
            (event["class"], event["commitment"], invited.joined),
            "not what it was invited to, or it had joined already",
        )

    def _pinned(self, event: Event, offering: Offering) -> None:
        documents = offering.register.documents
        hashes = tuple(documents.by_name[name].hash for name in documents.names)
        expected = (tuple(documents.names), hashes)
        found = (tuple(event["names"]), tuple(event["hashes"]))
        self._equal(event, "OFFER-4", "documents", expected, found, "not the bond's documents then")

    def _opened(self, event: Event, offering: Offering) -> None:
        commitments = sum(member.commitment for member in offering.joined.values())
        self._equal(
            event, "OFFER-4", "commitments", commitments, event["commitments"], "not those who joined"
        )
        pinned = [e for e in self.tx.named("Offering", "DocumentsPinned") if _same(e, event)]
        self._equal(event, "OFFER-4", "documents", 1, len(pinned), "documents are pinned when a book opens")


def _same(one: Event, other: Event) -> bool:
    return bool(one["offeringId"] == other["offeringId"])
