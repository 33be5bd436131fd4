"""The depository: admits members, publishes calendars, defines benchmarks, and has the powers of the law."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from indenture.calendars import Calendar, joint_code, load_calendar
from indenture.chain import ContractCall
from indenture.contracts import Bond
from indenture.contracts._base import checksum_address
from indenture.contracts.bond_state import FREEZE_ALL
from indenture.errors import (
    BenchmarkRefused,
    CalendarYearMissing,
    IndentureError,
    InputError,
    MembershipRefused,
)
from indenture.identifiers import Lei, lei_to_bytes, validate_lei
from indenture.interest import Benchmark, BenchmarkKind
from indenture.membership import MemberClass, Role
from indenture.models import AccountAdmission, Member, MemberAdmission, Standing
from indenture.results import BatchResult, StandingResult, TxResult
from indenture.roles._checks import (
    batch_size,
    distinct,
    now,
    reason_digest,
    require_members,
    seconds_of,
    whole_units,
)
from indenture.roles._powers import EventPowers

#: Admissions in one transaction.
ADMISSIONS = 50
#: Accounts of one member that are suspended together with it; the rest follow.
_ACCOUNTS_AT_ONCE = 200
#: Kinds whose days are found in the calendar of their market.
_BY_MARKET = (BenchmarkKind.RATE, BenchmarkKind.OVERNIGHT)


class Depository(EventPowers):
    """A client of the depository's accounts.

    Args:
        suite: The contracts.
        sender: The registrar's account for members, the operator's for calendars, benchmarks and
            registrars, the statutory desk's for freezes, forced transfers and pauses; they may be one.
    """

    # Members

    def admit_members(self, admissions: Sequence[MemberAdmission], *, batch: int = ADMISSIONS) -> BatchResult:
        """Admits members, each with its first account.

        Every admission is checked before the first is sent; a batch is admitted as a whole or not at all.

        Raises:
            InvalidIdentifier: An LEI or an address is wrong.
            MembershipRefused: A member or account is admitted already.
        """
        rows = [self._member_row(admission) for admission in admissions]
        distinct([admission.lei for admission in admissions], "admissions")
        distinct([row[3] for row in rows], "admissions")
        self._require_new_accounts([row[3] for row in rows])
        self._require_new_members([Lei(admission.lei) for admission in admissions])
        registry = self.suite.registry
        calls = [registry.admit_members(part) for part in _parts(rows, batch_size(batch, ADMISSIONS * 4))]
        return BatchResult.of(len(rows), self.sender.send_many(calls))

    def admit_accounts(
        self, admissions: Sequence[AccountAdmission], *, batch: int = ADMISSIONS
    ) -> BatchResult:
        """Admits further accounts of members; as ``admit_members``."""
        rows = [self._account_row(admission) for admission in admissions]
        distinct([row[1] for row in rows], "admissions")
        self._require_new_accounts([row[1] for row in rows])
        registry = self.suite.registry
        calls = [registry.admit_accounts(part) for part in _parts(rows, batch_size(batch, ADMISSIONS * 4))]
        return BatchResult.of(len(rows), self.sender.send_many(calls))

    def set_roles(self, account: str, roles: Role, until: datetime | None = None) -> TxResult:
        """Replaces the roles of an account and their end; None for no end."""
        call = self.suite.registry.set_roles(checksum_address(account), roles, seconds_of(until))
        return TxResult.of(self.sender.transact(call))

    def suspend_member(self, lei: str, reason: str | bytes) -> StandingResult:
        """Suspends a member with all its accounts, and checks that none was left out.

        Args:
            lei: The member.
            reason: Hash of the document that says why; text is hashed.
        """
        valid = validate_lei(lei)
        accounts = self._living_accounts(valid)
        call = self.suite.registry.suspend_member(valid, reason_digest(reason), accounts[:_ACCOUNTS_AT_ONCE])
        result = self._with_rest(call, accounts)
        self._require_standing(valid, suspended=True)
        return result

    def reinstate_member(self, lei: str, reason: str | bytes) -> StandingResult:
        """Ends the suspension of a member with all its accounts; accounts suspended by themselves stay so."""
        valid = validate_lei(lei)
        accounts = self._living_accounts(valid)
        call = self.suite.registry.reinstate_member(
            valid, reason_digest(reason), accounts[:_ACCOUNTS_AT_ONCE]
        )
        result = self._with_rest(call, accounts)
        self._require_standing(valid, suspended=False)
        return result

    def reclassify_member(self, lei: str, member_class: MemberClass, jurisdiction: str) -> StandingResult:
        """Changes class and jurisdiction of a member, and what all its accounts may hold."""
        valid = validate_lei(lei)
        accounts = self._living_accounts(valid)
        call = self.suite.registry.reclassify_member(
            valid, MemberClass(member_class), _jurisdiction(jurisdiction), accounts[:_ACCOUNTS_AT_ONCE]
        )
        return self._with_rest(call, accounts)

    def suspend_accounts(self, accounts: Sequence[str]) -> TxResult:
        """Suspends single accounts."""
        return self._on_accounts(self.suite.registry.suspend_accounts, accounts)

    def reinstate_accounts(self, accounts: Sequence[str]) -> TxResult:
        """Ends the suspension of single accounts; that of their member, if any, stays."""
        return self._on_accounts(self.suite.registry.reinstate_accounts, accounts)

    def remove_accounts(self, accounts: Sequence[str]) -> TxResult:
        """Removes accounts for good; what they hold stays theirs, but cannot move by itself."""
        return self._on_accounts(self.suite.registry.remove_accounts, accounts)

    def member(self, lei: str) -> Member | None:
        """A member; None when there is none with this LEI."""
        return self.suite.registry.member(validate_lei(lei))

    # Calendars

    def publish_calendar(self, calendar: Calendar, years: Iterable[int]) -> BatchResult:
        """Publishes working days; years that are published just so already are passed over.

        Of a joint calendar of the package, its parts are published, and joined unless they are.

        Raises:
            CalendarYearMissing: The calendar has no such year.
            CalendarRefused: A day that has begun would change.
        """
        if calendar.parts:
            wanted_years = tuple(years)
            done = [self.publish_calendar(load_calendar(part), wanted_years) for part in calendar.parts]
            done.append(self.join_markets(calendar.parts, calendar.code))
            return BatchResult(
                sum(each.count for each in done), tuple(tx for each in done for tx in each.transactions)
            )
        wanted = {year: calendar.bitmap(year) for year in years}
        contract = self.suite.calendar
        there = {year: contract.year(calendar.code, year) for year in wanted}
        calls = [
            contract.publish(calendar.code, year, bitmap)
            for year, bitmap in wanted.items()
            if there[year].version == 0 or there[year].bitmap != bitmap
        ]
        return BatchResult.of(len(calls), self.sender.send_many(calls))

    def join_markets(self, parts: Sequence[str], code: str | None = None) -> BatchResult:
        """Defines a joint market for ever: a business day of it is one of all its parts.

        A market that is joined just so already is passed over.

        Args:
            parts: Codes of two to four markets that have a published year.
            code: Code of the joint market; None for the one by which term sheets name it.

        Raises:
            InputError: They are too few or too many, or one is there twice.
            CalendarRefused: A part has no published year, or the code has another meaning already.
        """
        market, calendar = code or joint_code(parts), self.suite.calendar
        if set(calendar.parts(market)) == set(parts):
            return BatchResult.of(0, [])
        return BatchResult.of(1, [self.sender.transact(calendar.join(market, parts))])

    # Benchmarks

    def register_benchmark(
        self,
        code: str,
        kind: BenchmarkKind,
        administrator: str,
        *,
        market: str,
        basis: int = 0,
        correctable_for: timedelta = timedelta(0),
    ) -> TxResult:
        """Defines a benchmark, for all bonds.

        Args:
            code: At most eight ASCII characters, such as SHIBOR3M.
            kind: A rate for a term, an overnight rate, a price index, or a verified figure.
            administrator: Account that alone publishes its values.
            market: Market whose business days it is published on.
            basis: Days of a year that an overnight rate counts by, 360 or 365; 0 for other kinds.
            correctable_for: How long after its publication a value can be corrected, at most a week, for an
                overnight rate less than a day; it
                counts after that.

        Raises:
            BenchmarkRefused: There is one with this code, or the definition contradicts itself.
            CalendarYearMissing: A rate is to follow the business days of a market that has none this year.
        """
        if self.suite.benchmarks.benchmark(code) is not None:
            raise BenchmarkRefused(
                "BenchmarkExists",
                {"code": code},
                message=f"there is a benchmark {code} already",
                hint="Its definition stays; take another code.",
                contract=self.suite.benchmarks.address,
            )
        year = now(self.suite.chain).year
        if kind in _BY_MARKET and self.suite.calendar.year(market, year).version == 0:
            raise CalendarYearMissing(market, year)
        defined = Benchmark(code, BenchmarkKind(kind), market, basis, int(correctable_for.total_seconds()))
        call = self.suite.benchmarks.register(defined, checksum_address(administrator, "administrator"))
        return TxResult.of(self.sender.transact(call))

    def set_administrator(self, code: str, administrator: str) -> TxResult:
        """Gives the publication of a benchmark to another account.

        Raises:
            BenchmarkRefused: There is no such benchmark.
        """
        account = checksum_address(administrator, "administrator")
        call = self.suite.benchmarks.set_administrator(code, account)
        return TxResult.of(self.sender.transact(call))

    # Powers of the law

    def freeze(self, bond: Bond | str, account: str, units: int | None = None) -> TxResult:
        """Sets how many units of an account may not move; None for all, also those that are still to come.

        It replaces what was frozen before, and may be more than is held.
        """
        frozen = FREEZE_ALL if units is None else whole_units(units)
        return self._power(self.suite.bond(bond).set_frozen(checksum_address(account), frozen))

    def unfreeze(self, bond: Bond | str, account: str) -> TxResult:
        """Lets all units of an account move again."""
        return self._power(self.suite.bond(bond).set_frozen(checksum_address(account), 0))

    def forced_transfer(self, bond: Bond | str, src: str, dst: str, units: int) -> TxResult:
        """Moves units by the power of the law: frozen or not, whatever the standing of who holds them.

        Raises:
            MembershipRefused: The receiver may not hold the bond.
        """
        target = self.suite.bond(bond)
        src, dst = checksum_address(src), checksum_address(dst)
        whole_units(units)
        require_members(self.suite, [dst], eligible=target.terms.eligible)
        return self._power(target.forced_transfer(src, dst, units))

    def pause(self, bond: Bond | str) -> TxResult:
        """Stops the transfers of a bond."""
        return self._power(self.suite.bond(bond).set_paused(paused=True))

    def unpause(self, bond: Bond | str) -> TxResult:
        """Lets the transfers of a bond go on."""
        return self._power(self.suite.bond(bond).set_paused(paused=False))

    def _power(self, call: ContractCall) -> TxResult:
        return TxResult.of(self.sender.transact(call))

    # Helpers

    def _on_accounts(
        self, make: Callable[[Sequence[str]], ContractCall], accounts: Sequence[str]
    ) -> TxResult:
        addresses = [checksum_address(account) for account in accounts]
        if not addresses:
            raise InputError("no account was named")
        distinct(addresses, "accounts")
        return TxResult.of(self.sender.transact(make(addresses)))

    def _with_rest(self, call: ContractCall, accounts: Sequence[str]) -> StandingResult:
        """Sends a call that takes the first accounts along; the rest follow by ``sync``."""
        done = TxResult.of(self.sender.transact(call))
        rest = _parts(accounts[_ACCOUNTS_AT_ONCE:], _ACCOUNTS_AT_ONCE)
        receipts = self.sender.send_many([self.suite.registry.sync(part) for part in rest])
        further = tuple(TxResult.of(receipt) for receipt in receipts)
        return StandingResult(done.tx_hash, done.block, done.gas_used, len(accounts), further)

    def _living_accounts(self, lei: Lei) -> list[str]:
        """Every account of a member that was not removed, from the events."""
        registry = self.suite.registry
        if registry.member(lei) is None:
            raise MembershipRefused(
                "MemberUnknown",
                {"lei": lei},
                message=f"there is no member {lei}",
                hint="Check the LEI.",
                contract=registry.address,
            )
        known = registry.accounts(registry.accounts_of(lei))
        return [each.address for each in known if each is not None and not each.standing & Standing.REMOVED]

    def _require_standing(self, lei: Lei, *, suspended: bool) -> None:
        registry = self.suite.registry
        for account in registry.accounts(self._living_accounts(lei)):
            if account is not None and bool(account.standing & Standing.MEMBER_SUSPENDED) is not suspended:
                raise IndentureError(
                    f"account {account.address} of {lei} did not follow its member",
                    hint="It was admitted at the same moment; do the act again for it (sync).",
                )

    def _require_new_accounts(self, accounts: Sequence[str]) -> None:
        for known in self.suite.registry.accounts(accounts):
            if known is not None:
                raise MembershipRefused(
                    "AccountAlreadyAdmitted",
                    {"account": known.address, "lei": known.lei},
                    message=f"account {known.address} is, or was, an account of member {known.lei}",
                    hint="An address serves one member, once: take another address.",
                    contract=self.suite.registry.address,
                )

    def _require_new_members(self, leis: Sequence[Lei]) -> None:
        registry = self.suite.registry
        found = self.suite.chain.call_many([registry.call("member", lei_to_bytes(lei)) for lei in leis])
        for lei, raw in zip(leis, found, strict=True):
            if raw.admittedAt:
                raise MembershipRefused(
                    "MemberAlreadyAdmitted",
                    {"lei": lei},
                    message=f"{lei} is a member already",
                    hint="Admit further accounts of it with admit_accounts.",
                    contract=registry.address,
                )

    @staticmethod
    def _member_row(admission: MemberAdmission) -> tuple[bytes, int, bytes, str, int, int]:
        return (
            lei_to_bytes(validate_lei(admission.lei)),
            int(MemberClass(admission.member_class)),
            _jurisdiction(admission.jurisdiction),
            checksum_address(admission.account),
            int(admission.roles),
            seconds_of(admission.until),
        )

    @staticmethod
    def _account_row(admission: AccountAdmission) -> tuple[bytes, str, int, int]:
        return (
            lei_to_bytes(validate_lei(admission.lei)),
            checksum_address(admission.account),
            int(admission.roles),
            seconds_of(admission.until),
        )


def _parts(rows: Sequence[Any], size: int) -> list[Any]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _jurisdiction(text: str) -> bytes:
    if len(text) != 2 or not (text.isascii() and text.isalpha() and text.isupper()):
        raise InputError(
            f"jurisdiction {text!r} is not two capital letters", hint="Use ISO 3166-1 alpha-2, such as CN."
        )
    return text.encode("ascii")
