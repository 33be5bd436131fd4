"""What the registers of the suite must hold: powers, members, calendars, benchmarks, bonds, used nonces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from indenture.audit.model import code_of
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
    yield from _members_page(world)
    for lei in world.members.members:
        yield from member_row(world, lei)
    for account in world.members.accounts:
        yield from account_row(world, account)


def _members_page(world: World) -> Iterator[Cell]:
    yield from MEMBER_REGISTRY.cells(value=_managed(world, "MemberRegistry"))


def member_row(world: World, lei: bytes) -> Iterator[Cell]:
    """A member; nothing of one that was never admitted."""
    member = world.members.members.get(lei)
    if member is not None:
        value = (member.admitted_at, member.class_, member.jurisdiction, member.suspended)
        yield from MEMBER_REGISTRY.cells("_members", lei, value=value)


def account_row(world: World, account: str) -> Iterator[Cell]:
    """The verdict word of an account."""
    yield from MEMBER_REGISTRY.cells("_words", account, value=world.members.of(account).word)


def _calendar(world: World) -> Iterator[Cell]:
    yield from BUSINESS_CALENDAR.cells(value=_managed(world, "BusinessCalendar"))
    for market, days in world.calendar.markets.items():
        yield from BUSINESS_CALENDAR.cells("_isKnown", code_of(market), value=True)
        for year, published in days.years.items():
            value = (published.bits & (2**256 - 1), published.bits >> 256, published.version)
            yield from BUSINESS_CALENDAR.cells("_years", code_of(market), year, value=value)
    for market, parts in world.calendar.joint.items():
        joined = b"".join(map(code_of, parts)).ljust(32, b"\0")
        yield from BUSINESS_CALENDAR.cells("_parts", code_of(market), value=joined)


def _benchmarks(world: World) -> Iterator[Cell]:
    yield from _benchmarks_page(world)
    for code, benchmark in world.benchmarks.by_code.items():
        for day in benchmark.published:
            yield from publication_row(world, code, day)


def _benchmarks_page(world: World) -> Iterator[Cell]:
    yield from BENCHMARKS.cells(value=_managed(world, "Benchmarks"))
    for code, benchmark in world.benchmarks.by_code.items():
        value = (
            benchmark.administrator,
            code_of(benchmark.market),
            benchmark.kind,
            benchmark.basis,
            benchmark.correctable_for,
            benchmark.last_day,
        )
        yield from BENCHMARKS.cells("_benchmarks", code, value=value)


def publication_row(world: World, code: bytes, day: int) -> Iterator[Cell]:
    """What was published for a day."""
    told = world.benchmarks.by_code[code].published[day]
    yield from BENCHMARKS.cells("_publications", code, day, value=(told.value, told.final_at, told.index))


def _factory(world: World) -> Iterator[Cell]:
    yield from _factory_page(world)
    for isin in world.factory.bonds:
        yield from isin_row(world, isin)


def _factory_page(world: World) -> Iterator[Cell]:
    own = {"implementation": world.factory.implementation, "bondCount": len(world.factory.bonds)}
    yield from BOND_FACTORY.cells(value=_managed(world, "BondFactory") | own)


def isin_row(world: World, isin: bytes) -> Iterator[Cell]:
    """The bond of an ISIN."""
    yield from BOND_FACTORY.cells("bondOf", isin, value=world.factory.bonds[isin])


def _settlement(world: World) -> Iterator[Cell]:
    yield from _settlement_page(world)
    for account, word in world.settlement.nonces:
        yield from nonces_row(world, account, word)


def _settlement_page(world: World) -> Iterator[Cell]:
    del world
    yield from SETTLEMENT.cells(value={"_nameFallback": "", "_versionFallback": ""})


def nonces_row(world: World, account: str, word: int) -> Iterator[Cell]:
    """Nonces of trades that an account has used, 256 a word."""
    used = world.settlement.nonces.get((account, word), 0)
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

REGISTER_PAGES: dict[str, Callable[[World], Iterator[Cell]]] = {
    "Authority": _authority,
    "MemberRegistry": _members_page,
    "BusinessCalendar": _calendar,
    "Benchmarks": _benchmarks_page,
    "BondFactory": _factory_page,
    "Settlement": _settlement_page,
}
"""The same without what there is of each account, day or bond: of those that have few, all of it."""
