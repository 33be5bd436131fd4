"""What a report says, gathered from the rebuilt state: plain dicts and lists, amounts as decimal text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from indenture.audit.events import History
from indenture.audit.findings import CHECKS, Finding, Notice
from indenture.audit.replay import World
from indenture.audit.report.facts.amounts import Amounts, moment
from indenture.audit.report.facts.bond import bond_facts
from indenture.audit.report.facts.books import Books
from indenture.audit.report.facts.cash import cash_facts
from indenture.audit.report.facts.members import member_facts
from indenture.audit.report.facts.powers import powers_counted, powers_in_force, powers_used
from indenture.audit.report.facts.proof import PROOFS, proof_facts
from indenture.audit.report.files import SCHEMA
from indenture.audit.report.scope import Scope

Facts = dict[str, Any]

_MOST_HASHES = 256


def gather(scope: Scope, world: World, history: History, decimals: Mapping[str, int]) -> Facts:
    """All facts of a report."""
    amounts = Amounts(world.suite.cash_codes, dict(decimals))
    books = Books(history.ledger.con, scope.last.number)
    time = scope.last.timestamp
    powers = powers_used(world, books)
    bonds = [bond_facts(world, register, books, amounts, powers, time) for register in world.bonds.values()]
    cash = [cash_facts(world, book, books, amounts) for book in world.cash.values()]
    return {
        "schema": SCHEMA,
        **_what(scope, books),
        **_outcome(scope),
        **proof_facts(scope),
        "bonds": bonds,
        "cash": cash,
        "members": member_facts(world, time),
        "calendars": _calendars(world),
        "powers": powers_in_force(world, time),
        "powers_counted": powers_counted(books),
        "powers_used": powers,
        "contracts": [{"name": t.name, "address": t.address} for t in world.suite.targets.values()],
    }


def _what(scope: Scope, books: Books) -> Facts:
    """Which chain, which deployment, which blocks."""
    logs, transactions, blocks = books.figures()
    hashes = {**books.hashes(_MOST_HASHES), scope.last.number: scope.last.hash}
    return {
        "network": scope.network,
        "chain_id": scope.chain_id,
        "genesis": books.genesis(),
        "from_block": scope.first,
        "to_block": scope.last.number,
        "to_block_hash": scope.last.hash,
        "as_of": moment(scope.last.timestamp),
        "block_hashes": [{"block": number, "hash": hashes[number]} for number in sorted(hashes)],
        "blocks": scope.blocks,
        "blocks_with_events": blocks,
        "transactions": transactions,
        "logs": logs,
    }


def _outcome(scope: Scope) -> Facts:
    """What was compared, and what came of it."""
    return {
        "events": scope.events,
        "views": scope.views,
        "compared_at": list(scope.compared_at),
        "skipped": list(scope.skipped),
        "differences": len(scope.findings),
        "findings": [finding_facts(f) for f in scope.findings],
        "notices": [notice_facts(n) for n in scope.notices],
        "checks": _checks(scope),
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


def _checks(scope: Scope) -> list[Facts]:
    count = Counter(f.kind for f in scope.findings)
    return [
        {
            "id": kind,
            "says": says,
            "made": scope.proved is not None or not kind.startswith(PROOFS),
            "findings": count[kind],
        }
        for kind, says in CHECKS.items()
    ]


def _calendars(world: World) -> list[Facts]:
    return [
        {
            "market": market,
            "years": {str(y): entry.bits.bit_count() for y, entry in sorted(days.years.items())},
        }
        for market, days in sorted(world.calendar.markets.items())
    ]
