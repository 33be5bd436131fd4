"""Rebuilt state against the chain's own answers, at one block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from eth_utils.crypto import keccak

from indenture.audit.findings import IMPOSSIBLE, Finding, show
from indenture.audit.model.benchmarks import FIGURE, RATE
from indenture.audit.probe import Probe, Refused, fits
from indenture.audit.replay import World
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.touched import Key
from indenture.audit.views import probes
from indenture.chain import BlockStamp, Chain
from indenture.chain.client import block_param, call_object
from indenture.chain.reverts import refusal
from indenture.errors import ContractRevert, NodeError, NodeRefused
from indenture.ledger.suite import Target

# The contract's own bounds.
_FIRST_YEAR, _LAST_YEAR = 1970, 2400
# Keys that no event has named are asked for only while there are not too many of them.
_MOST_EXTRA = 200_000
# Days of a benchmark that are asked for: from so many before the first value on, and so many in all.
_BEFORE_FIRST, _MOST_DAYS = 31, 5_000
_MANAGED = ("MemberRegistry", "BusinessCalendar", "Benchmarks", "BondFactory", "CashToken")


class StateGone(Exception):
    """The node no longer keeps the state of a block: it is no archive."""


def _anybody(stamp: BlockStamp) -> str:
    """Who asks: an account that no contract can know of, so that none tells its auditor from the others."""
    return "0x" + keccak(hexstr=stamp.hash).hex()[-40:]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A view that gave an error instead of an answer."""

    reason: str

    def __str__(self) -> str:
        return self.reason


class Comparison:
    """Asks the chain for what was rebuilt, and reports where the two differ."""

    def __init__(self, chain: Chain, world: World) -> None:
        self._chain = chain
        self._world = world
        self.views = 0

    def changed(self, stamp: BlockStamp, keys: Iterable[Key]) -> None:
        """Compares what changed.

        Args:
            stamp: The block.
            keys: What it is.

        Raises:
            StateGone: The node does not keep the state of that block.
        """
        self._compare(keys, stamp)

    def everything(self, stamp: BlockStamp) -> None:
        """Compares every key that was ever seen, and adds the chain's balances up."""
        self._world.touched.take()
        keys = dict.fromkeys([*self._world.touched.seen, *self._for_everyone()])
        self._sums(self._compare(keys, stamp), stamp)

    def _compare(self, keys: Iterable[Key], stamp: BlockStamp) -> list[tuple[Probe, Any]]:
        wanted = [probe for key in keys for probe in self._probes(key, stamp)]
        answers = list(self._ask(wanted, stamp))
        self.views += len(answers)
        for probe, found in zip(wanted, answers, strict=True):
            if isinstance(probe.expected, Refused) and isinstance(found, Refusal):
                continue
            if isinstance(found, Refusal) or not fits(probe.expected, found):
                self._report(probe, found, stamp)
        return list(zip(wanted, answers, strict=True))

    def _probes(self, key: Key, stamp: BlockStamp) -> list[Probe]:
        """Views that answer for a key; none where falsified events have left nothing to expect."""
        try:
            return list(probes(self._world, key, stamp.timestamp))
        except IMPOSSIBLE as fault:
            name = " ".join(map(show, key))
            target = self._world.suite.one("Offering")
            text = "its events add up to nothing that can be"
            self._add(stamp, target, "LOG-4", name, "a state that can be", repr(fault), text)
            return []

    def _ask(self, wanted: list[Probe], stamp: BlockStamp) -> Iterator[Any]:
        at = block_param(stamp)
        calls = [probe.target.call(probe.function, *probe.args) for probe in wanted]
        asker = _anybody(stamp)
        answers = self._chain.rpc.batch([("eth_call", (call_object(c, asker), at)) for c in calls])
        for call, answer in zip(calls, answers, strict=True):
            if isinstance(answer, NodeRefused):
                error = refusal(answer, call)
                if not isinstance(error, ContractRevert):
                    raise StateGone(str(answer))
                yield Refusal(error.message)
                continue
            try:
                yield call.decode(bytes.fromhex(answer[2:]))
            except (NodeError, ValueError, TypeError) as fault:
                yield Refusal(str(fault))

    def _report(self, probe: Probe, found: Any, stamp: BlockStamp) -> None:
        if isinstance(found, Refusal):
            self._add(
                stamp, probe.target, "VIEW-2", probe.key, show(probe.expected), str(found), "the view failed"
            )
            return
        fields = getattr(found, "_fields", None)
        if fields is None or not isinstance(probe.expected, tuple) or len(fields) != len(probe.expected):
            self._differ(stamp, probe, probe.key, probe.expected, found)
            return
        for field, want, got in zip(fields, probe.expected, found, strict=True):
            if not fits(want, got):
                self._differ(stamp, probe, f"{probe.key}.{field}", want, got)

    def _differ(self, stamp: BlockStamp, probe: Probe, key: str, expected: Any, found: Any) -> None:
        self._add(
            stamp,
            probe.target,
            "VIEW-1",
            key,
            show(expected),
            show(found),
            "the chain's answer is not what its events add up to",
        )

    def _add(
        self, stamp: BlockStamp, target: Target, kind: str, key: str, expected: str, found: str, message: str
    ) -> None:
        self._world.findings.add(
            Finding(
                block=stamp.number,
                contract=str(target),
                key=key,
                expected=expected,
                found=found,
                kind=kind,
                tx_hash=None,
                message=message,
            )
        )

    def _for_everyone(self) -> Iterator[Key]:
        """Every known account in every book, whether or not an event ever named it there."""
        world = self._world
        accounts = dict.fromkeys(world.members.accounts)
        for register in world.bonds.values():
            accounts |= dict.fromkeys(register.entries)
        yield ("bond count",)
        yield ("offering count",)
        yield from self._for_suite(accounts)
        yield from self._for_offerings(accounts)
        for token in world.cash:
            for account in accounts:
                yield "cash", token, account
                yield "permits", token, account
                yield "deposit", token, account
            yield "cash supply", token
            yield "limit", token
            for system in world.suite.addresses(("Offering", "Settlement", "Servicing")):
                yield "trusted", token, system
        yield from self._for_bonds({} if len(accounts) * len(world.bonds) > _MOST_EXTRA else accounts)

    def _for_offerings(self, accounts: Iterable[str]) -> Iterator[Key]:
        world = self._world
        yield from (("offering of", bond) for bond in world.bonds)
        asked = len(list(accounts)) * len(world.offerings.offerings)
        for number in world.offerings.offerings if asked <= _MOST_EXTRA else ():
            for account in accounts:
                for kind in ("proof", "bid", "underwriter", "additional"):
                    yield kind, number, account

    def _for_bonds(self, accounts: dict[str, None]) -> Iterator[Key]:
        for bond, register in self._world.bonds.items():
            yield from register.life.touch_all()
            yield "redemptions", bond
            for period in range(1, min(register.last, register.records + 2) + 1):
                yield "days", bond, period
                yield "payment", bond, period
                yield "fixing", bond, period
            yield "last", bond
            yield "figures", bond
            yield "prices", bond
            yield "today", bond
            if len(register.life.actions) * len(register.entries) <= _MOST_EXTRA:
                for number in register.life.actions:
                    yield from (("elected", bond, number, account) for account in register.entries)
            for account in accounts | dict.fromkeys(register.entries):
                yield "entry", bond, account
                yield "permits", bond, account
                yield "kept", bond, account
                for record in range(1, register.records + 1):
                    yield "units at", bond, account, record
                    yield "paid", bond, account, record
                    yield "claimed", bond, record, account
                    yield "transferred", bond, record, account
            yield "tax rates", bond, tuple(accounts | dict.fromkeys(register.entries))

    def _for_suite(self, accounts: Iterable[str]) -> Iterator[Key]:
        """Every year of every market, every function of every contract, every role of every account."""
        world = self._world
        markets = dict.fromkeys(
            [*world.calendar.markets, *world.calendar.joint, *(r.terms.market for r in world.bonds.values())]
        )
        for market in markets:
            yield "parts", market
            for year in range(_FIRST_YEAR, _LAST_YEAR + 1):
                yield "year", market, year
        yield from self._for_benchmarks()
        for target in world.suite.targets.values():
            if target.kind in _MANAGED:
                yield "authority", target.address
            at = world.bonds[target.address].implementation if target.kind == "Bond" else target.address
            yield "target", at
            yield from (("function role", at, function.selector) for function in target.abi.functions)
        roles = {
            *world.authority.labels,
            *world.authority.functions.values(),
            *(r for r, _ in world.authority.grants),
        }
        yield from (("role", role) for role in sorted(roles))
        actors = list(dict.fromkeys([*accounts, *(account for _, account in world.authority.grants)]))
        if len(roles) * len(actors) <= _MOST_EXTRA:
            yield from (("grant", role, account) for role in sorted(roles) for account in actors)

    def _for_benchmarks(self) -> Iterator[Key]:
        """Every day that could have a value: one that nobody used leaves no other trace."""
        for code, benchmark in self._world.benchmarks.by_code.items():
            yield "benchmark", code
            # Overnight rates are published without a gap, price indices for months.
            if benchmark.kind in (RATE, FIGURE) and benchmark.published:
                first = max(0, min(benchmark.published) - _BEFORE_FIRST)
                for day in range(first, min(benchmark.last_day + 1, first + _MOST_DAYS)):
                    yield "told", code, day

    def _sums(self, answers: list[tuple[Probe, Any]], stamp: BlockStamp) -> None:
        total: defaultdict[str, int] = defaultdict(int)
        supply: dict[str, tuple[Target, int]] = {}
        for probe, found in answers:
            if not isinstance(found, int):
                continue
            if probe.function == "balanceOf" and probe.args[0] != ZERO:
                total[probe.target.address] += found
            elif probe.function == "totalSupply":
                supply[probe.target.address] = (probe.target, found)
        for address, (target, outstanding) in supply.items():
            if total[address] != outstanding:
                self._add(
                    stamp,
                    target,
                    "SUM-1",
                    "totalSupply()",
                    str(total[address]),
                    str(outstanding),
                    "balances do not add up to the supply",
                )
