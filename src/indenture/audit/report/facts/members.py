"""The facts of members and their accounts."""

from __future__ import annotations

from typing import Any

from indenture.audit.model.terms import text
from indenture.audit.replay import World
from indenture.audit.replay.membership import ADMITTED, REMOVED, Account
from indenture.audit.report.facts.amounts import moment

Facts = dict[str, Any]

FOREVER = 2**40 - 1
CLASSES = (
    "operator",
    "bank",
    "securities firm",
    "fund",
    "insurer",
    "finance company",
    "corporate",
    "natural person",
    "official",
    "wallet provider",
)
ROLES = (
    "holder",
    "issuer",
    "bookrunner",
    "underwriter",
    "paying agent",
    "calculation agent",
    "cash issuer",
    "supervisor",
    "registrar",
    "custodian",
    "dealer",
    "trustee",
)


def member_facts(world: World, now: int) -> list[Facts]:
    """Every member with its accounts, as of a moment."""
    accounts: dict[bytes, list[Facts]] = {}
    for address, account in world.members.accounts.items():
        accounts.setdefault(account.lei, []).append(
            {
                "address": address,
                "standing": _standing(account, now),
                "roles": [name for bit, name in enumerate(ROLES) if account.roles >> bit & 1],
                "until": None if account.until == FOREVER else moment(account.until),
            }
        )
    return [
        {
            "lei": text(lei),
            "class": class_name(member.class_),
            "jurisdiction": text(member.jurisdiction),
            "suspended": member.suspended,
            "admitted": moment(member.admitted_at),
            "accounts": accounts.get(lei, []),
        }
        for lei, member in world.members.members.items()
    ]


def class_name(number: int) -> str:
    """A class of members in words."""
    return CLASSES[number] if number < len(CLASSES) else str(number)


def _standing(account: Account, now: int) -> str:
    if account.standing & REMOVED:
        return "removed"
    if account.standing != ADMITTED:
        return "suspended"
    return "active" if now <= account.until else "expired"
