"""What the auditor's replay holds at a moment, in the words of the views that tell the state."""

from __future__ import annotations

from typing import Any

from indenture.audit.model import to_date
from indenture.audit.model.terms import text
from indenture.audit.replay import World
from indenture.audit.replay.register import Register
from indenture.audit.report.facts.bond import bond_status

Rows = set[tuple[Any, ...]]


def rebuilt(world: World) -> dict[str, Rows]:
    """Rows of each part of the state that the replay knows, in the columns that ``COLUMNS`` names."""
    return {
        "bond_states": {_bond(register) for register in world.bonds.values()},
        "record_holdings": {
            (register.address.lower(), period, account.lower(), units)
            for register in world.bonds.values()
            for account, entry in register.entries.items()
            for period in range(1, register.records + 1)
            if (units := entry.units_at(period))
        },
        "claims_held": {
            (bond.lower(), period, buyer.lower(), units)
            for (bond, period, buyer), units in world.servicing.claimed.items()
            if units
        },
        "kept_amounts": {
            (bond.lower(), account.lower(), amount)
            for (bond, account), amount in world.servicing.kept.items()
            if amount
        },
        "book_entries": {
            (number, bidder.lower(), sum(b.units for b in offering.bids.get(bidder, ())))
            for number, offering in world.offerings.offerings.items()
            for bidder in offering.words
        },
        "offerings": {
            (number, offering.stage.name.lower()) for number, offering in world.offerings.offerings.items()
        },
        "syndicates": {
            (
                number,
                account.lower(),
                member.class_,
                member.commitment,
                member.joined,
                offering.taken_up[account],
            )
            for number, offering in world.offerings.offerings.items()
            for account, member in offering.syndicate.items()
        },
        "standing_deposits": {
            (cash.lower(), account.lower(), balance)
            for (cash, account), balance in world.offerings.deposits.standing.items()
            if balance
        },
        "cash_tokens": {(cash.lower(), book.supply, book.limit) for cash, book in world.cash.items()},
        "trusted_systems": {
            (cash.lower(), system.lower())
            for cash, book in world.cash.items()
            for system, is_trusted in book.trusted.items()
            if is_trusted
        },
        "allowances": {
            (token.lower(), owner.lower(), spender.lower(), units)
            for token in (*world.bonds, *world.cash)
            for (owner, spender), units in world.approvals(token).allowances.items()
            if units
        },
        "calendars": {
            (market, year, entry.version, entry.bits)
            for market, days in world.calendar.markets.items()
            for year, entry in days.years.items()
        },
        "joint_markets": {(market, ", ".join(parts)) for market, parts in world.calendar.joint.items()},
        "benchmarks": {
            (text(code), benchmark.administrator.lower())
            for code, benchmark in world.benchmarks.by_code.items()
        },
        "grants": {(role, account.lower()) for role, account in world.authority.grants},
        "scheduled_calls": {
            ("0x" + number.hex(), call.nonce, call.caller.lower(), "0x" + call.selector.hex())
            for number, call in world.authority.operations.items()
            if call.time
        },
    }


COLUMNS = {
    "bond_states": "bond, status, outstanding, bound, records, last_period, end_day, terms_version, "
    "is_paused, is_shut",
    "record_holdings": "bond, period, holder, units",
    "claims_held": "bond, period, buyer, units",
    "kept_amounts": "bond, account, kept",
    "book_entries": "offering, bidder, units",
    "offerings": "offering, stage",
    "syndicates": "offering, underwriter, class, commitment, has_joined, taken_up",
    "standing_deposits": "cash, account, balance",
    "cash_tokens": "cash, supply, supply_limit",
    "trusted_systems": "cash, trusted_system",
    "allowances": "token, owner, spender, allowance",
    "calendars": "market, year, version, bits",
    "joint_markets": "market, parts",
    "benchmarks": "code, administrator",
    "grants": "role, account",
    "scheduled_calls": "operation, nonce, caller, selector",
}


def _bond(register: Register) -> tuple[Any, ...]:
    last, end = register.ending
    return (
        register.address.lower(),
        bond_status(register),
        register.supply.units,
        register.bound,
        register.records,
        last,
        to_date(end) if end else None,
        len(register.life.versions),
        register.paused,
        register.shut,
    )
