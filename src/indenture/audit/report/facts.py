"""What a report says, gathered from the rebuilt state: plain dicts and lists, amounts as decimal text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indenture.audit.events import History
from indenture.audit.findings import CHECKS, Finding, Notice
from indenture.audit.model.terms import text
from indenture.audit.replay import World
from indenture.audit.replay.cash import CashBook
from indenture.audit.replay.membership import ADMITTED, REMOVED, Account
from indenture.audit.report.amounts import Amounts, moment
from indenture.audit.report.bond_facts import bond_facts
from indenture.chain import BlockStamp

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


@dataclass(frozen=True, slots=True)
class Scope:
    """What was audited, how far it went, and what was found."""

    chain_id: int
    network: str
    first: int
    last: BlockStamp
    blocks: int
    events: int
    views: int
    compared_at: tuple[int, ...]
    skipped: tuple[int, ...]
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]


def gather(scope: Scope, world: World, history: History, decimals: Mapping[str, int]) -> Facts:
    """All facts of a report."""
    amounts = Amounts(world.suite.cash_codes, dict(decimals))
    return {
        "network": scope.network,
        "chain_id": scope.chain_id,
        "from_block": scope.first,
        "to_block": scope.last.number,
        "to_block_hash": scope.last.hash,
        "as_of": moment(scope.last.timestamp),
        "blocks": scope.blocks,
        "transactions": len(history.transactions),
        "events": scope.events,
        "views": scope.views,
        "compared_at": list(scope.compared_at),
        "skipped": list(scope.skipped),
        "differences": len(scope.findings),
        "findings": [finding_facts(f) for f in scope.findings],
        "notices": [notice_facts(n) for n in scope.notices],
        "checks": _checks(scope.findings),
        "bonds": [bond_facts(world, register, history, amounts) for register in world.bonds.values()],
        "cash": [_cash(world, book, history, amounts) for book in world.cash.values()],
        "members": _members(world, scope.last.timestamp),
        "calendars": [
            {
                "market": market,
                "years": {str(y): entry.bits.bit_count() for y, entry in sorted(days.years.items())},
            }
            for market, days in sorted(world.calendar.markets.items())
        ],
        "powers": _powers(world, scope.last.timestamp),
        "contracts": [{"name": t.name, "address": t.address} for t in world.suite.targets.values()],
    }


def finding_facts(finding: Finding) -> Facts:
    """A finding, field by field."""
    return {
        "block": finding.block,
        "contract": finding.contract,
        "key": finding.key,
        "expected": finding.expected,
        "found": finding.found,
        "kind": finding.kind,
        "tx_hash": finding.tx_hash,
        "message": finding.message,
    }


def notice_facts(notice: Notice) -> Facts:
    """A notice, field by field."""
    return {
        "block": notice.block,
        "contract": notice.contract,
        "about": notice.about,
        "kind": notice.kind,
        "message": notice.message,
    }


def _checks(findings: tuple[Finding, ...]) -> list[Facts]:
    count = Counter(f.kind for f in findings)
    return [{"id": kind, "says": says, "findings": count[kind]} for kind, says in CHECKS.items()]


def _members(world: World, now: int) -> list[Facts]:
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
            "class": CLASSES[member.class_] if member.class_ < len(CLASSES) else str(member.class_),
            "jurisdiction": text(member.jurisdiction),
            "suspended": member.suspended,
            "admitted": moment(member.admitted_at),
            "accounts": accounts.get(lei, []),
        }
        for lei, member in world.members.members.items()
    ]


def _standing(account: Account, now: int) -> str:
    if account.standing & REMOVED:
        return "removed"
    if account.standing != ADMITTED:
        return "suspended"
    return "active" if now <= account.until else "expired"


def _cash(world: World, book: CashBook, history: History, amounts: Amounts) -> Facts:
    events = [e for tx in history.transactions for e in tx.events if e.address == book.address]
    total: Counter[str] = Counter()
    for event in events:
        if event.name in ("CashIssued", "CashRedeemed", "Transfer"):
            total[event.name] += event.args.get("amount", 1)
    escrows = {name: world.suite.one(name).address for name in ("Offering", "Servicing")}
    return {
        "code": world.suite.cash_codes.get(book.address, ""),
        "address": book.address,
        "issued": amounts.show(book.address, total["CashIssued"]),
        "redeemed": amounts.show(book.address, total["CashRedeemed"]),
        "outstanding": amounts.show(book.address, book.supply),
        "limit": amounts.show(book.address, book.limit),
        "movements": total["Transfer"],
        "holders": sum(1 for balance in book.balances.values() if balance),
        "escrows": {
            name: amounts.show(book.address, book.balances.get(address, 0))
            for name, address in escrows.items()
        },
    }


def _powers(world: World, now: int) -> list[Facts]:
    book = world.authority
    return [
        {
            "role": book.labels.get(role, "administrator" if role == 0 else str(role)),
            "account": account,
            "since": moment(grant.since),
            "delay": grant.delay.at(now),
        }
        for (role, account), grant in sorted(book.grants.items())
    ]
