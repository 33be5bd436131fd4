"""Which views of the chain answer for which rebuilt key, and what they should say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from indenture.audit.model import code_of
from indenture.audit.probe import Probe
from indenture.audit.replay import World
from indenture.audit.replay.approvals import ENDLESS
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.documents import Document
from indenture.audit.replay.membership import Member
from indenture.audit.replay.register import ALL_FROZEN, Entry
from indenture.audit.replay.settlement import SettlementBook
from indenture.audit.replay.touched import Key
from indenture.audit.views_benchmark import BENCHMARK_VIEWS
from indenture.audit.views_life import LIFE_VIEWS
from indenture.audit.views_offering import OFFERING_VIEWS
from indenture.audit.views_servicing import SERVICING_VIEWS


def probes(world: World, key: Key, time: int) -> Iterator[Probe]:
    """The views that answer for a key in a block of that time."""
    kind, *rest = key
    yield from _BY_KIND[kind](world, time, *rest)


def _word(world: World, _: int, account: str) -> Iterator[Probe]:
    registry = world.suite.one("MemberRegistry")
    yield Probe(registry, "wordOf", (account,), world.members.of(account).word)


def _member(world: World, _: int, lei: bytes) -> Iterator[Probe]:
    member = world.members.members.get(lei) or Member(0, 0, bytes(2))
    expected = (member.admitted_at, member.class_, member.jurisdiction, member.suspended)
    yield Probe(world.suite.one("MemberRegistry"), "member", (lei,), expected)


def _year(world: World, _: int, market: str, year: int) -> Iterator[Probe]:
    published = world.calendar.market(market).year(year)
    low, high = published.bits & (2**256 - 1), published.bits >> 256
    expected = (low, high, published.version)
    yield Probe(world.suite.one("BusinessCalendar"), "yearOf", (code_of(market), year), expected)


def _parts(world: World, _: int, market: str) -> Iterator[Probe]:
    parts = tuple(map(code_of, world.calendar.joint.get(market, ())))
    yield Probe(world.suite.one("BusinessCalendar"), "partsOf", (code_of(market),), parts)


def _grant(world: World, time: int, role: int, account: str) -> Iterator[Probe]:
    grant = world.authority.grants.get((role, account))
    expected = (grant.since, *grant.delay.full(time)) if grant else (0, 0, 0, 0)
    yield Probe(world.suite.one("Authority"), "getAccess", (role, account), expected)


def _function_role(world: World, _: int, target: str, selector: bytes) -> Iterator[Probe]:
    role = world.authority.functions.get((target, selector), 0)
    yield Probe(world.suite.one("Authority"), "getTargetFunctionRole", (target, selector), role)


def _target(world: World, time: int, target: str) -> Iterator[Probe]:
    authority, book = world.suite.one("Authority"), world.authority
    yield Probe(authority, "isTargetClosed", (target,), book.closed.get(target, False))
    yield Probe(authority, "getTargetAdminDelay", (target,), book.target_delays[target].at(time))


def _operation(world: World, time: int, number: bytes) -> Iterator[Probe]:
    authority, operation = world.suite.one("Authority"), world.authority.operations.get(number)
    yield Probe(authority, "getNonce", (number,), operation.nonce if operation else 0)
    yield Probe(authority, "getSchedule", (number,), operation.open_at(time) if operation else 0)


def _role(world: World, time: int, role: int) -> Iterator[Probe]:
    authority = world.suite.one("Authority")
    yield Probe(authority, "getRoleAdmin", (role,), world.authority.admins.get(role, 0))
    yield Probe(authority, "getRoleGuardian", (role,), world.authority.guardians.get(role, 0))
    yield Probe(authority, "getRoleGrantDelay", (role,), world.authority.grant_delays[role].at(time))


def _authority(world: World, _: int, address: str) -> Iterator[Probe]:
    yield Probe(world.suite.targets[address], "authority", (), world.authority.of.get(address, ZERO))


def _implementation(world: World, _: int) -> Iterator[Probe]:
    yield Probe(world.suite.one("BondFactory"), "implementation", (), world.factory.implementation)


def _isin(world: World, _: int, isin: bytes) -> Iterator[Probe]:
    factory, bond = world.suite.one("BondFactory"), world.factory.bonds[isin]
    yield Probe(factory, "bondOf", (isin,), bond)
    yield Probe(factory, "isBond", (bond,), True)  # noqa: FBT003


def _bond_count(world: World, _: int) -> Iterator[Probe]:
    yield Probe(world.suite.one("BondFactory"), "bondCount", (), len(world.factory.bonds))


def _cash(world: World, _: int, token: str, account: str) -> Iterator[Probe]:
    balance = world.cash[token].balances.get(account, 0)
    yield Probe(world.suite.targets[token], "balanceOf", (account,), balance)


def _cash_supply(world: World, _: int, token: str) -> Iterator[Probe]:
    yield Probe(world.suite.targets[token], "totalSupply", (), world.cash[token].supply)


def _limit(world: World, _: int, token: str) -> Iterator[Probe]:
    yield Probe(world.suite.targets[token], "supplyLimit", (), world.cash[token].limit)


def _trusted(world: World, _: int, token: str, system: str) -> Iterator[Probe]:
    trusted = world.cash[token].trusted.get(system, False)
    yield Probe(world.suite.targets[token], "isTrustedSystem", (system,), trusted)


def _allowance(world: World, _: int, token: str, owner: str, spender: str) -> Iterator[Probe]:
    left = world.approvals(token).allowances.get((owner, spender), 0)
    yield Probe(world.suite.targets[token], "allowance", (owner, spender), left)


def _permits(world: World, _: int, token: str, owner: str) -> Iterator[Probe]:
    nonce = world.approvals(token).nonces.get(owner, 0)
    yield Probe(world.suite.targets[token], "nonces", (owner,), nonce)


def _nonces(world: World, _: int, account: str, word: int) -> Iterator[Probe]:
    book: SettlementBook = world.settlement
    yield Probe(
        world.suite.one("Settlement"), "nonceWord", (account, word), book.nonces.get((account, word), 0)
    )


def _terms(world: World, _: int, bond: str) -> Iterator[Probe]:
    yield Probe(world.suite.targets[bond], "terms", (), world.bonds[bond].terms.raw)


def _provisions(world: World, _: int, bond: str) -> Iterator[Probe]:
    yield Probe(world.suite.targets[bond], "provisions", (), world.bonds[bond].sealed.provisions)


def _book(world: World, _: int, bond: str) -> Iterator[Probe]:
    register, target = world.bonds[bond], world.suite.targets[bond]
    expected = (
        register.supply.units,
        register.next_time,
        register.records,
        register.supply.cursor,
        register.supply.latest,
        register.announced,
        register.paused,
        register.closed,
        register.holder_numbers,
        register.moved,
        register.maturity_day,
        register.shut,
    )
    yield Probe(target, "book", (), expected)
    yield Probe(target, "totalSupply", (), register.supply.units)


def _entry(world: World, _: int, bond: str, account: str) -> Iterator[Probe]:
    register, target = world.bonds[bond], world.suite.targets[bond]
    entry = register.entries.get(account) or Entry()
    expected = (entry.units, entry.frozen, entry.pledged, entry.cursor, entry.latest, entry.number)
    yield Probe(target, "entryOf", (account,), expected)
    yield Probe(target, "balanceOf", (account,), register.units_of(account))
    frozen = ENDLESS if entry.frozen == ALL_FROZEN else entry.frozen
    yield Probe(target, "getFrozenTokens", (account,), frozen)


def _paid(world: World, _: int, bond: str, account: str, period: int) -> Iterator[Probe]:
    entry = world.bonds[bond].entries.get(account) or Entry()
    yield Probe(world.suite.targets[bond], "isPaid", (account, period), period in entry.paid)


def _paid_word(world: World, _: int, bond: str, period: int, word: int) -> Iterator[Probe]:
    bits = world.bonds[bond].paid_words[period, word]
    yield Probe(world.suite.targets[bond], "paidWord", (period, word), bits)


def _days(world: World, _: int, bond: str, period: int) -> Iterator[Probe]:
    days = world.bonds[bond].days.get(period, (0, 0, 0, 0))
    yield Probe(world.suite.targets[bond], "paymentDays", (period,), days)


def _units_at(world: World, _: int, bond: str, account: str, record: int) -> Iterator[Probe]:
    entry = world.bonds[bond].entries.get(account) or Entry()
    yield Probe(world.suite.targets[bond], "unitsAt", (account, record), entry.units_at(record))


def _supply_at(world: World, _: int, bond: str, record: int) -> Iterator[Probe]:
    units = world.bonds[bond].supply.units_at(record)
    yield Probe(world.suite.targets[bond], "supplyAt", (record,), units)


def _checkpoint(world: World, _: int, bond: str, account: str, record: int) -> Iterator[Probe]:
    register = world.bonds[bond]
    entry = register.supply if account == ZERO else register.entries[account]
    expected = entry.checkpoints.get(record, (0, 0, 0))
    yield Probe(world.suite.targets[bond], "checkpointAt", (account, record), expected)


def _document(world: World, _: int, bond: str, name: bytes) -> Iterator[Probe]:
    document = world.bonds[bond].documents.by_name.get(name) or Document("", bytes(32), 0)
    expected = (document.uri, document.hash, document.modified)
    yield Probe(world.suite.targets[bond], "getDocument", (name,), expected)


def _documents(world: World, _: int, bond: str) -> Iterator[Probe]:
    yield Probe(world.suite.targets[bond], "getAllDocuments", (), tuple(world.bonds[bond].documents.names))


_BY_KIND: dict[str, Callable[..., Iterator[Probe]]] = {
    "word": _word,
    "member": _member,
    "year": _year,
    "parts": _parts,
    "grant": _grant,
    "function role": _function_role,
    "target": _target,
    "operation": _operation,
    "role": _role,
    "authority": _authority,
    "implementation": _implementation,
    "isin": _isin,
    "bond count": _bond_count,
    "cash": _cash,
    "cash supply": _cash_supply,
    "limit": _limit,
    "trusted": _trusted,
    "allowance": _allowance,
    "permits": _permits,
    "nonces": _nonces,
    "terms": _terms,
    "provisions": _provisions,
    "book": _book,
    "entry": _entry,
    "paid": _paid,
    "paid word": _paid_word,
    "days": _days,
    "units at": _units_at,
    "supply at": _supply_at,
    "checkpoint": _checkpoint,
    "document": _document,
    "documents": _documents,
    **LIFE_VIEWS,
    **OFFERING_VIEWS,
    **SERVICING_VIEWS,
    **BENCHMARK_VIEWS,
}
