"""The suite as the scripts deploy it, with its members, and what most tests do with it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from eth_utils.crypto import keccak
from tests.evm import builders
from tests.evm.artefacts import Record
from tests.evm.builders import (
    BANK,
    BOOKRUNNER,
    CASH_ISSUER_ID,
    COMPANY,
    DAY,
    DEFAULT_TERMS,
    FOREVER,
    FUND,
    HOLDER,
    ISSUER,
    MARKET,
    MEMBERSHIP_ID,
    OPERATOR_ID,
    PAYING_AGENT,
    REGISTRAR,
    STATUTORY_ID,
)
from tests.evm.chain import Actor, Contract, Evm, Receipt, actor, reverts
from tests.evm.signing import instruction_digest, sign

START = builders.at("2019-12-03T01:00:00")
CASH_LIMIT = 10**24
RICH = 10**15

MEMBERSHIP_ACTS = (
    "admitMember",
    "admitMembers",
    "enrolAccount",
    "enrolAccounts",
    "setRoles",
    "suspendMember",
    "reinstateMember",
    "reclassifyMember",
    "suspendAccounts",
    "reinstateAccounts",
    "removeAccounts",
)
STATUTORY_ACTS = ("setFrozenTokens", "forcedTransfer", "setPaused")

#: Bank and fund accounts that hold bonds, in ascending order of address where a test needs one.
INVESTORS = tuple(f"investor {i}" for i in range(6))


class World:
    """Contracts, actors and shorthands. Every act is a real call of a real contract."""

    def __init__(self) -> None:
        self.evm = Evm(START)
        self.admin, self.operator, self.statutory = actor("admin"), actor("operator"), actor("statutory desk")
        self.cash_issuer, self.registrar = actor("cash issuer"), actor("registrar")
        self.issuer, self.bookrunner = actor("issuer"), actor("bookrunner")
        self.paying_agent, self.outsider = actor("paying agent"), actor("outsider")
        self.holder, self.buyer, self.spender = actor("holder"), actor("buyer"), actor("spender")
        self.investors = [actor(name) for name in INVESTORS]
        # Stand-ins for the systems of the suite, where a test of the bond alone calls it as one of them.
        self.issuing, self.settling, self.paying = (
            actor("issuing system"),
            actor("settling system"),
            actor("paying system"),
        )
        self._deploy()
        self._grant()
        self._admit()
        self._publish()
        self._isins = 1
        self.bonds: list[Contract] = []

    # --- set-up

    def _deploy(self) -> None:
        deploy = self.deploy
        self.authority = deploy("Authority", self.admin)
        self.registry = deploy("MemberRegistry", self.authority)
        self.calendar = deploy("BusinessCalendar", self.authority)
        self.settlement = deploy("Settlement")
        self.cash = deploy(
            "CashToken", self.authority, self.registry, self.settlement, "Yuan", "CNY", 2, CASH_LIMIT
        )
        self.factory = deploy("BondFactory", self.authority, self.registry)
        self.offering = deploy("Offering", self.factory, self.registry)
        self.servicing = deploy("Servicing", self.factory)
        self.implementation = self._implementation(self.offering, self.settlement, self.servicing)
        self.lone_implementation = self._implementation(self.issuing, self.settling, self.paying)

    def deploy(self, name: str, *arguments: Any) -> Contract:
        return self.evm.deploy(name, *arguments, sender=self.admin)

    def _implementation(self, offering: Any, settlement: Any, servicing: Any) -> Contract:
        suite = {
            "authority": self.authority,
            "registry": self.registry,
            "calendar": self.calendar,
            "offering": offering,
            "settlement": settlement,
            "servicing": servicing,
        }
        return self.deploy("Bond", suite)

    def _grant(self) -> None:
        powers: list[tuple[Contract, Sequence[str], int]] = [
            (self.calendar, ("publish",), OPERATOR_ID),
            (self.factory, ("setImplementation",), OPERATOR_ID),
            (self.cash, ("setSupplyLimit", "setTrustedSystem"), OPERATOR_ID),
            (self.cash, ("mint", "mintBatch", "burn"), CASH_ISSUER_ID),
            (self.implementation, STATUTORY_ACTS, STATUTORY_ID),
            (self.lone_implementation, STATUTORY_ACTS, STATUTORY_ID),
            (self.registry, MEMBERSHIP_ACTS, MEMBERSHIP_ID),
        ]
        for contract, names, role in powers:
            selectors = [contract.kind.functions[name][0].selector for name in names]
            self.authority.setTargetFunctionRole(contract, selectors, role, sender=self.admin)
        for role, account in (
            (OPERATOR_ID, self.operator),
            (STATUTORY_ID, self.statutory),
            (CASH_ISSUER_ID, self.cash_issuer),
            (MEMBERSHIP_ID, self.operator),
        ):
            self.authority.grantRole(role, account, 0, sender=self.admin)
        self.factory.setImplementation(self.implementation, sender=self.operator)
        for system in (self.offering, self.servicing, self.settlement):
            self.cash.setTrustedSystem(system, True, sender=self.operator)

    def _admit(self) -> None:
        self._members = 0
        self.leis: dict[str, bytes] = {}
        depository = self.admit(self.registrar, BANK, REGISTRAR, sender=self.operator)
        self.admit_account(depository, self.offering.address, 0)
        self.admit_account(depository, self.servicing.address, 0)
        self.admit(self.issuer, COMPANY, ISSUER)
        self.admit(self.bookrunner, BANK, HOLDER | BOOKRUNNER)
        self.admit(self.paying_agent, BANK, PAYING_AGENT)
        self.admit(self.cash_issuer, BANK, 0)
        self.admit(self.holder, BANK, HOLDER)
        self.admit(self.buyer, FUND, HOLDER)
        self.admit(self.spender, BANK, HOLDER)
        for account in self.investors:
            self.admit(account, FUND, HOLDER)

    def _publish(self) -> None:
        for year, bits in builders.china_calendar().items():
            self.publish(year, bits)

    # --- members

    def admission(
        self, account: Any, member_class: int = BANK, roles: int = HOLDER, **changes: Any
    ) -> Record:
        self._members += 1
        found = Record(
            lei=builders.lei(self._members),
            **{"class": member_class},
            jurisdiction=b"CN",
            account=account,
            roles=roles,
            until=FOREVER,
        )
        return found.but(**changes)

    def admit(
        self,
        account: Any,
        member_class: int = BANK,
        roles: int = HOLDER,
        *,
        sender: str | None = None,
        **changes: Any,
    ) -> bytes:
        """Admits a new member with its first account, and says its LEI."""
        admission = self.admission(account, member_class, roles, **changes)
        self.registry.admitMember(admission, sender=sender or self.registrar)
        self.leis[str(getattr(account, "address", account))] = admission.lei
        return bytes(admission.lei)

    def admit_account(self, lei: bytes, account: str, roles: int = HOLDER, until: int = FOREVER) -> None:
        self.registry.enrolAccount(
            {"lei": lei, "account": account, "roles": roles, "until": until}, sender=self.registrar
        )
        self.leis[str(account)] = lei

    def suspend(self, *accounts: str) -> None:
        self.registry.suspendAccounts(list(accounts), sender=self.registrar)

    def reinstate(self, *accounts: str) -> None:
        self.registry.reinstateAccounts(list(accounts), sender=self.registrar)

    def suspend_member(self, account: str) -> None:
        self.registry.suspendMember(self.leis[account], b"\x01" * 32, [account], sender=self.registrar)

    # --- calendar and cash

    def publish(self, year: int, bits: int, market: bytes = MARKET) -> Receipt:
        low, high = builders.halves(bits)
        made: Receipt = self.calendar.publish(market, year, low, high, sender=self.operator)
        return made

    def give_cash(self, account: Any, amount: int = RICH) -> None:
        self.cash.mint(account, amount, sender=self.cash_issuer)

    # --- bonds

    def terms(self, **changes: Any) -> Record:
        """Terms of a bond that has not been registered, in our cash unless told otherwise."""
        self._isins += 1
        ours = {
            "isin": builders.isin(self._isins),
            "issuer": self.leis[self.issuer],
            "issuerAccount": self.issuer,
            "currency": self.cash.address,
        }
        return DEFAULT_TERMS.but(**(ours | changes))

    def register(self, *, lone: bool = False, **changes: Any) -> Contract:
        """Registers a bond; a lone one takes its orders from the stand-ins."""
        if lone:
            self.factory.setImplementation(self.lone_implementation, sender=self.operator)
        address = self.factory.register(self.terms(**changes), sender=self.issuer).value
        if lone:
            self.factory.setImplementation(self.implementation, sender=self.operator)
        bond = self.evm.at(address, "Bond")
        self.bonds.append(bond)
        return bond

    def lone_bond(self, holdings: Mapping[str, int] | None = None, **terms: Any) -> Contract:
        """A bond of which the holders have these units."""
        bond = self.register(lone=True, **terms)
        self.issue(bond, {self.holder: 100} if holdings is None else holdings)
        return bond

    def issue(self, bond: Contract, holdings: Mapping[str, int]) -> Receipt | None:
        """Issues units of a lone bond."""
        if not holdings:
            return None
        made: Receipt = bond.issue(list(holdings), list(holdings.values()), sender=self.issuing)
        return made

    def bond(self, holdings: Mapping[str, int] | None = None, **terms: Any) -> Contract:
        """A bond of the suite, issued through an offering, of which the holders have these units."""
        bond = self.register(**terms)
        held: dict[str, int] = {self.holder: 100} if holdings is None else dict(holdings)
        if held:
            self.place(bond, held)
        return bond

    def foreign_bond(self, decimals: int = 6, **terms: Any) -> tuple[Contract, Contract]:
        """A bond in a cash token that is not ours; holder and buyer have a hundred units each."""
        cash = self.deploy("WeirdCash", decimals)
        bond = self.register(currency=cash.address, **terms)
        offering_id = self.open(bond, offered=200, price=1)
        for account in (self.holder, self.buyer):
            cash.mint(account, 100, sender=self.outsider)
            cash.approve(self.offering, 100, sender=account)
            self.offering.order(offering_id, 100, sender=account)
        self.close(offering_id)
        self.allocate(offering_id, (0, 0), sorted([self.holder, self.buyer]))
        self.offering.settle(offering_id, [self.holder, self.buyer], sender=self.outsider)
        cash.mint(self.paying_agent, 10**40, sender=self.outsider)
        cash.approve(self.servicing, 10**40, sender=self.paying_agent)
        return bond, cash

    # --- primary market

    def open(self, bond: Contract, **changes: Any) -> int:
        changes = {"maximumOrder": changes["offered"]} | changes if "offered" in changes else changes
        conditions = builders.conditions(bond, self.evm.now, self.bookrunner).but(**changes)
        return int(self.offering.open(conditions, sender=self.issuer).value)

    def place(self, bond: Contract, holdings: Mapping[str, int]) -> int:
        """Offers just what is asked, and settles it: a day goes by."""
        total = sum(holdings.values())
        offering_id = self.open(bond, offered=total, minimumOrder=min(holdings.values()), maximumOrder=total)
        self.order_all(offering_id, holdings)
        self.close(offering_id)
        self.allocate(offering_id, (0, 0), sorted(holdings))
        self.offering.settle(offering_id, list(holdings), sender=self.outsider)
        return offering_id

    def order_all(self, offering_id: int, orders: Mapping[str, int]) -> None:
        cash = self.evm.at(self.offering.bookOf(offering_id).cash, "CashToken")
        for account, units in orders.items():
            if cash.address == self.cash.address:
                self.give_cash(account, units * self.offering.bookOf(offering_id).price)
            self.offering.order(offering_id, units, sender=account)

    def close(self, offering_id: int) -> Receipt:
        self.evm.warp(max(self.evm.now, self.offering.bookOf(offering_id).closesAt))
        made: Receipt = self.offering.close(offering_id, sender=self.outsider)
        return made

    def allocate(
        self, offering_id: int, cut: tuple[int, int | str], accounts: Sequence[str], sender: str | None = None
    ) -> Receipt:
        account = cut[1] if isinstance(cut[1], str) else f"0x{cut[1]:040x}"
        made: Receipt = self.offering.allocate(
            offering_id, cut[0], account, list(accounts), sender=sender or self.outsider
        )
        return made

    # --- time and payments

    def to_record(self, bond: Contract, period: int = 1) -> Record:
        """Moves to just after the books of a payment closed, and has the bond notice it."""
        return self._to(bond, period, "recordTime")

    def to_payment(self, bond: Contract, period: int = 1) -> Record:
        """Moves to the payment day."""
        return self._to(bond, period, "payTime")

    def _to(self, bond: Contract, period: int, field: str) -> Record:
        terms = bond.terms()
        while bond.book().records < period:
            book = bond.book()
            if book.nextTime > self.evm.now:
                self.evm.warp(book.nextTime)
            bond.advance(sender=self.outsider)
        assert terms.periods >= period
        days: Record = bond.paymentDays(period)
        self.evm.warp(max(self.evm.now, days[field]))
        return days

    def fund(self, bond: Contract, period: int = 1) -> Receipt:
        """Pays in a payment whose record date has passed."""
        amount = sum(self.servicing.amountOf(bond, period, bond.supplyAt(period)))
        if amount and bond.currency() == self.cash.address:
            self.give_cash(self.paying_agent, amount)
        made: Receipt = self.servicing.fund(bond, period, sender=self.paying_agent)
        return made

    def ready(self, bond: Contract, period: int = 1) -> Record:
        """Moves to the payment day of a payment, and funds it."""
        days = self.to_payment(bond, period)
        self.fund(bond, period)
        return days

    # --- trades

    def trade(self, bond: Contract, seller: str, buyer: str, **changes: Any) -> Record:
        defaults = builders.instruction(bond, self.cash, seller, buyer, self.evm.now)
        return defaults.but(**changes)

    def sign_trade(self, trade: Record, seller: Actor, buyer: Actor) -> tuple[bytes, bytes]:
        message = instruction_digest(self.settlement, trade)
        return sign(seller, message), sign(buyer, message)

    def settle(self, trade: Record, seller: Actor, buyer: Actor) -> Receipt:
        made: Receipt = self.settlement.settle(
            trade, *self.sign_trade(trade, seller, buyer), sender=self.outsider
        )
        return made

    # --- powers

    def freeze(self, bond: Contract, account: str, units: int) -> Receipt:
        made: Receipt = bond.setFrozenTokens(account, units, sender=self.statutory)
        return made

    def pause(self, bond: Contract, paused: bool = True) -> None:
        bond.setPaused(paused, sender=self.statutory)

    # --- what must not move

    def books(self) -> bytes:
        """A mark of all that a refused call must leave alone: units, freezes, orders, escrows, cash."""
        calls = [
            self.evm.send(self.admin, contract.address, data)
            for contract, data in (*self._cash_views(), *self._bond_views(), *self._offering_views())
        ]
        return keccak(b"".join(calls))

    def _people(self) -> list[str]:
        people = [self.holder, self.buyer, self.spender, self.issuer, self.paying_agent, self.outsider]
        return [*people, *self.investors[:3], self.offering.address, self.servicing.address]

    def _cash_views(self) -> Iterator[tuple[Contract, bytes]]:
        yield self.cash, self.cash.raw("totalSupply")
        for account in self._people():
            yield self.cash, self.cash.raw("balanceOf", account)
            yield self.registry, self.registry.raw("wordOf", account)

    def _bond_views(self) -> Iterator[tuple[Contract, bytes]]:
        for bond in self.bonds[-2:]:
            yield bond, bond.raw("book")
            for account in self._people():
                yield bond, bond.raw("entryOf", account)
                yield bond, bond.raw("allowance", account, self.spender)
                yield bond, bond.raw("nonces", account)
                yield self.servicing, self.servicing.raw("keptFor", bond, account)
            for period in (1, 2, 3):
                yield self.servicing, self.servicing.raw("payment", bond, period)

    def _offering_views(self) -> Iterator[tuple[Contract, bytes]]:
        count = self.offering.offeringCount()
        for offering_id in range(max(1, count - 1), count + 1):
            yield self.offering, self.offering.raw("bookOf", offering_id)
            for account in self._people():
                yield self.offering, self.offering.raw("orderOf", offering_id, account)

    @contextmanager
    def refuses(self, name: str, *arguments: Any) -> Iterator[None]:
        """What is done inside is refused with this error and these arguments, and nothing has moved."""
        before = self.books()
        with reverts(name, *arguments):
            yield
        assert self.books() == before, "a refused call has changed the books"

    @contextmanager
    def sandbox(self) -> Iterator[None]:
        """Whatever happens inside did not happen afterwards."""
        bonds, isins, members, leis = list(self.bonds), self._isins, self._members, dict(self.leis)
        with self.evm.sandbox():
            yield
        self.bonds, self._isins, self._members, self.leis = bonds, isins, members, leis


def next_day(time: int) -> int:
    return (time // DAY + 1) * DAY
