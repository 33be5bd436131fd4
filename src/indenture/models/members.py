"""Members and their accounts, as the registry has them, and as they are admitted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag

from indenture.identifiers import Lei
from indenture.membership import MemberClass, Role


class Standing(IntFlag):
    """Standing of an account; it is active when it is admitted and nothing else is set."""

    ADMITTED = 1
    ACCOUNT_SUSPENDED = 2
    MEMBER_SUSPENDED = 4
    REMOVED = 8


@dataclass(frozen=True, slots=True)
class Member:
    """A member, as the registry has it.

    Attributes:
        lei: Its LEI.
        member_class: Its class.
        jurisdiction: ISO 3166-1 alpha-2.
        admitted_at: Instant of the admission, UTC.
        suspended: Whether the whole member is suspended.
    """

    lei: Lei
    member_class: MemberClass
    jurisdiction: str
    admitted_at: datetime
    suspended: bool


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a member, as the registry has it.

    Attributes:
        address: Its address.
        lei: The member.
        standing: Admitted, suspended, removed.
        verdicts: Bit ``i`` set: it may hold what asks for verdict ``i``.
        roles: What it may act as.
        until: Last instant at which admission and roles hold; None for no end.
    """

    address: str
    lei: Lei
    standing: Standing
    verdicts: int
    roles: Role
    until: datetime | None

    def is_active(self, at: datetime) -> bool:
        """Whether it is admitted, not suspended, not removed, and not expired at an instant."""
        return self.standing is Standing.ADMITTED and (self.until is None or at <= self.until)


@dataclass(frozen=True, slots=True)
class MemberAdmission:
    """A new member with its first account.

    Attributes:
        lei: Its LEI; the check digits are verified.
        member_class: Its class.
        jurisdiction: ISO 3166-1 alpha-2, two capital letters.
        account: Address of its first account.
        roles: What the account may act as.
        until: Last instant at which this holds, aware; None for no end.
        name: For people and logs; it does not go on the chain.
    """

    lei: str
    member_class: MemberClass
    jurisdiction: str
    account: str
    roles: Role
    until: datetime | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class AccountAdmission:
    """A further account of a member.

    Attributes:
        lei: LEI of the member.
        account: Address of the account.
        roles: What it may act as.
        until: Last instant at which this holds, aware; None for no end.
    """

    lei: str
    account: str
    roles: Role
    until: datetime | None = None
