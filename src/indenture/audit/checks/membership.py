"""MEMBER-1: members and accounts, each once, and words that follow from members."""

from __future__ import annotations

from indenture.audit.checks.base import Check
from indenture.audit.events import Event
from indenture.audit.replay.membership import (
    ACCOUNT_SUSPENDED,
    ADMITTED,
    MEMBER_SUSPENDED,
    REMOVED,
    Account,
    Member,
)


class MembershipCheck(Check):
    """Each event of the registry against what was known before."""

    KINDS = ("MemberRegistry",)

    def _look(self, event: Event) -> None:
        if event.kind != "MemberRegistry":
            return
        member = self.world.members.members.get(event.args.get("lei", b""))
        if event.name.startswith("Member"):
            self._member(event, member)
        elif event.name == "AccountAdmitted":
            self._admission(event, member)
        elif event.name.startswith("Account"):
            self._account(event, member)

    def _close(self) -> None:
        """A member is admitted with its first account."""
        admitted = self.tx.named("MemberRegistry", "MemberAdmitted")
        if not admitted:
            return
        with_account = {e["lei"] for e in self.tx.named("MemberRegistry", "AccountAdmitted")}
        for event in admitted:
            if event["lei"] not in with_account:
                self._wrong(event, "lei", "an account", "none", "the member was admitted without an account")

    def _member(self, event: Event, member: Member | None) -> None:
        if event.name == "MemberAdmitted":
            if member is not None:
                self._wrong(event, "lei", "a new member", event["lei"], "the member was admitted before")
        elif member is None:
            self._wrong(event, "lei", "a member", event["lei"], "no such member was admitted")
        elif event.name != "MemberReclassified" and member.suspended == (event.name == "MemberSuspended"):
            was = "suspended" if member.suspended else "in good standing"
            self._wrong(event, "standing", "a change", was, f"the member was {was} already")

    def _admission(self, event: Event, member: Member | None) -> None:
        known = self.world.members.accounts.get(event["account"])
        if known is not None:
            self._wrong(
                event, "account", "a new account", event["account"], "the account was admitted before"
            )
        if member is None or member.suspended:
            self._wrong(event, "lei", "a member in good standing", event["lei"], "it is none")
        if event["until"] < event.time:
            self._wrong(
                event, "until", f">= {event.time}", event["until"], "the admission ended before it began"
            )

    def _account(self, event: Event, member: Member | None) -> None:
        known = self.world.members.accounts.get(event["account"])
        if known is None or member is None:
            self._wrong(event, "account", "an account of a member", event["account"], "it was never admitted")
            return
        self._compare(event, "lei", known.lei, event["lei"], "another member's account")
        if known.standing & REMOVED:
            self._wrong(event, "account", "a living account", event["account"], "it was removed for good")
        if event.name == "AccountStandingSet":
            self._standing(event, known, member)

    def _standing(self, event: Event, known: Account, member: Member) -> None:
        synced = known.standing & ~MEMBER_SUSPENDED | (MEMBER_SUSPENDED if member.suspended else 0)
        by_class = 1 << member.class_
        possible = {
            (synced, by_class),
            (known.standing | ACCOUNT_SUSPENDED, known.verdicts),
            (known.standing & ~ACCOUNT_SUSPENDED, known.verdicts),
            (known.standing | REMOVED, 0),
        }
        if (event["standing"], event["verdicts"]) not in possible:
            self._wrong(
                event,
                "standing",
                " or ".join(f"{s}/{v}" for s, v in sorted(possible)),
                f"{event['standing']}/{event['verdicts']}",
                "no act of a registrar leads there",
            )
        if not event["standing"] & ADMITTED:
            self._wrong(event, "standing", "admitted", event["standing"], "an account cannot be un-admitted")

    def _wrong(self, event: Event, key: str, expected: object, found: object, message: str) -> None:
        self.world.differ(event, "MEMBER-1", key, expected, found, message)

    def _compare(self, event: Event, key: str, expected: object, found: object, message: str) -> None:
        self.world.expect(event, "MEMBER-1", key, expected, found, message)
