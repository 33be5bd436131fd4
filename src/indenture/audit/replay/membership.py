"""Members and accounts, as the registry's events tell them."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.audit.events import Event
from indenture.audit.replay.touched import Touched

ADMITTED, ACCOUNT_SUSPENDED, MEMBER_SUSPENDED, REMOVED = 1, 2, 4, 8
HOLDER, ISSUER, BOOKRUNNER, UNDERWRITER, PAYING_AGENT, REGISTRAR = 1, 2, 4, 8, 16, 256


@dataclass(slots=True)
class Member:
    """A member; ``class_`` is the number of its class."""

    admitted_at: int
    class_: int
    jurisdiction: bytes
    suspended: bool = False


@dataclass(slots=True)
class Account:
    """An account, with all that its verdict word holds."""

    lei: bytes
    standing: int
    verdicts: int
    roles: int
    until: int

    @property
    def word(self) -> int:
        """The word as the contract packs it."""
        lei = int.from_bytes(self.lei, "big")
        return lei << 96 | self.standing << 88 | self.verdicts << 64 | self.roles << 40 | self.until

    def active(self, time: int) -> bool:
        """Whether it is admitted, in good standing and not expired."""
        return self.standing == ADMITTED and time <= self.until

    def has_roles(self, time: int, mask: int) -> bool:
        """Whether it is active and holds every role of a mask."""
        return self.active(time) and self.roles & mask == mask

    def eligible(self, time: int, verdicts: int) -> bool:
        """Whether it may hold what asks for one of some verdicts."""
        return self.has_roles(time, HOLDER) and self.verdicts & verdicts != 0


STRANGER = Account(lei=bytes(20), standing=0, verdicts=0, roles=0, until=0)
"""What an address is before it is admitted."""


class Membership:
    """All members and accounts."""

    def __init__(self, touched: Touched) -> None:
        self.members: dict[bytes, Member] = {}
        self.accounts: dict[str, Account] = {}
        self._touched = touched

    def of(self, account: str) -> Account:
        """The account, or a stranger."""
        return self.accounts.get(account, STRANGER)

    def apply(self, event: Event) -> None:
        """Takes one event of the registry in."""
        if event.name.startswith("Member"):
            self._apply_member(event)
        elif event.name.startswith("Account"):
            self._apply_account(event)

    def _apply_member(self, event: Event) -> None:
        lei = event["lei"]
        self._touched.add("member", lei)
        if event.name == "MemberAdmitted":
            self.members[lei] = Member(event.time, event["class"], event["jurisdiction"])
        elif lei not in self.members:
            return  # reported by MEMBER-1
        elif event.name == "MemberReclassified":
            self.members[lei].class_ = event["class"]
            self.members[lei].jurisdiction = event["jurisdiction"]
        else:
            self.members[lei].suspended = event.name == "MemberSuspended"

    def _apply_account(self, event: Event) -> None:
        account = event["account"]
        self._touched.add("word", account)
        if event.name == "AccountAdmitted":
            # The one verdict of an account is the class of its member.
            member = self.members.get(event["lei"])
            verdicts = 1 << member.class_ if member else 0
            self.accounts[account] = Account(event["lei"], ADMITTED, verdicts, event["roles"], event["until"])
        elif account not in self.accounts:
            return  # reported by MEMBER-1
        elif event.name == "AccountRolesSet":
            self.accounts[account].roles = event["roles"]
            self.accounts[account].until = event["until"]
        else:
            known = self.accounts[account]
            known.standing, known.verdicts = event["standing"], event["verdicts"]
            if known.standing & REMOVED:
                known.roles = 0
