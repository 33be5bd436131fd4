"""What the registers of the suite must hold: powers, members, calendars, benchmarks, bonds, used nonces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from indenture.audit.prove.storage.cells import Cell
from indenture.audit.prove.storage.layout import (
    AUTHORITY,
    BENCHMARKS,
    BOND_FACTORY,
    BUSINESS_CALENDAR,
    MEMBER_REGISTRY,
    SETTLEMENT,
)
from indenture.audit.replay import World
from indenture.audit.replay.authority import Delay


def _authority(world: World) -> Iterator[Cell]:
    book = world.authority
    yield from AUTHORITY.cells(value={"_executionId": bytes(32)})
    for target in dict.fromkeys([*book.closed, *book.target_delays]):
        is_closed = book.closed.get(target, False)
        yield from AUTHORITY.cells("_targets", target, value=(_delay(book.target_delays[target]), is_closed))
    for (target, selector), role in book.functions.items():
        yield from AUTHORITY.cells("_targets", target, "allowedRoles", selector, value=role)
    for role in dict.fromkeys([*book.admins, *book.guardians, *book.grant_delays]):
        config = (book.admins.get(role, 0), book.guardians.get(role, 0), _delay(book.grant_delays[role]))
        yield from AUTHORITY.cells("_roles", role, value=config)
    for (role, account), grant in book.grants.items():
        access = (grant.since, _delay(grant.delay))
        yield from AUTHORITY.cells("_roles", role, "members", account, value=access)
    for number, operation in book.operations.items():
        yield from AUTHORITY.cells("_schedules", number, value=(operation.time, operation.nonce))


def _delay(delay: Delay) -> int:
    """As the Authority packs it: when it changes, what it was, what it will be."""
    return delay.effect << 64 | delay.before << 32 | delay.after


def _members(world: World) -> Iterator[Cell]:
    yield from MEMBER_REGISTRY.cells(value=_managed(world, "MemberRegistry"))
    for lei, member in world.members.members.items():
        value = (member.admitted_at, member.class_, member.jurisdiction, member.suspended)
        yield from MEMBER_REGISTRY.cells("_members", lei, value=value)
    for address, account in world.members.accounts.items():
        yield from MEMBER_REGISTRY.cells("_words", address, value=account.word)


def _calendar(world: World) -> Iterator[Cell]:
    yield from BUSINESS_CALENDAR.cells(value=_managed(world, "BusinessCalendar"))
    for market, days in world.calendar.markets.items():
        yield from BUSINESS_CALENDAR.cells("_isKnown", _code(market), value=True)
        for year, published in days.years.items():
            value = (published.bits & (2**256 - 1), published.bits >> 256, published.version)
            yield from BUSINESS_CALENDAR.cells("_years", _code(market), year, value=value)
    for market, parts in world.calendar.joint.items():
        joined = b"".join(map(_code, parts)).ljust(32, b"\0")
        yield from BUSINESS_CALENDAR.cells("_parts", _code(market), value=joined)


def _code(text: str) -> bytes:
    """The eight bytes of a code, of which the replay shows those outside ASCII."""
    return text.encode("ascii").decode("unicode_escape").encode("latin-1").ljust(8, b"\0")


def _benchmarks(world: World) -> Iterator[Cell]:
    yield from BENCHMARKS.cells(value=_managed(world, "Benchmarks"))
    for code, benchmark in world.benchmarks.by_code.items():
        value = (
            benchmark.administrator,
            _code(benchmark.market),
            benchmark.kind,
            benchmark.basis,
            benchmark.correctable_for,
            benchmark.last_day,
        )
        yield from BENCHMARKS.cells("_benchmarks", code, value=value)
        for day, told in benchmark.published.items():
            publication = (told.value, told.final_at, told.index)
            yield from BENCHMARKS.cells("_publications", code, day, value=publication)


def _factory(world: World) -> Iterator[Cell]:
    own = {"implementation": world.factory.implementation, "bondCount": len(world.factory.bonds)}
    yield from BOND_FACTORY.cells(value=_managed(world, "BondFactory") | own)
    for isin, bond in world.factory.bonds.items():
        yield from BOND_FACTORY.cells("bondOf", isin, value=bond)


def _settlement(world: World) -> Iterator[Cell]:
    yield from SETTLEMENT.cells(value={"_nameFallback": "", "_versionFallback": ""})
    for (account, word), used in world.settlement.nonces.items():
        yield from SETTLEMENT.cells("_nonces", account, word, value=used)


def _managed(world: World, kind: str) -> dict[str, Any]:
    """What OpenZeppelin's AccessManaged keeps; it consumes a scheduled call only within a transaction."""
    authority = world.authority.of[world.suite.one(kind).address]
    return {"_authority": authority, "_consumingSchedule": False}


REGISTERS: dict[str, Callable[[World], Iterator[Cell]]] = {
    "Authority": _authority,
    "MemberRegistry": _members,
    "BusinessCalendar": _calendar,
    "Benchmarks": _benchmarks,
    "BondFactory": _factory,
    "Settlement": _settlement,
}
"""Storage by the kind of the contract."""
