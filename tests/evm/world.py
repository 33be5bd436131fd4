"""The suite as the scripts deploy it, with its members, and what most tests do with it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tests.evm import builders
from tests.evm.artefacts import Record, artefact
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
    HOUR,
    ISSUER,
    MARKET,
    MEMBERSHIP_ID,
    NO_PROVISIONS,
    NO_RIGHTS,
    OPEN,
    OPERATOR_ID,
    OVERNIGHT,
    PAYING_AGENT,
    RATE,
    REGISTRAR,
    STATUTORY_ID,
    TERM_RATE,
    TO_BE_FIXED,
    UNDERWRITER,
)
from tests.evm.chain import Actor, Contract, Evm, Receipt, actor, reverts
from tests.evm.marks import mark_of
from tests.evm.signing import clean_digest, instruction_digest, sign
from tests.evm.tender import Tender

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
SERVICING_ACTS = ("declareEvent", "annulElection", "fundRecovery")

#: Parts of the Servicing behind the one that pays, from the last but one back.
RARE_PARTS = (
    "ServicingDefault",
    "ServicingTerm",
    "ServicingDrawings",
    "ServicingActionPayments",
    "ServicingActions",
)
COMPUTING_PARTS = ("ServicingFixings", "ServicingAccruals", "ServicingCoupons")

#: Fund accounts that hold bonds, and banks that underwrite them.
INVESTORS = tuple(f"investor {i}" for i in range(6))
UNDERWRITERS = tuple(f"underwriter {i}" for i in range(3))


class World:
    """Contracts, actors and shorthands. Every act is a real call of a real contract."""

    def __init__(self) -> None:
        self.evm = Evm(START)
        self.admin, self.operator, self.statutory = actor("admin"), actor("operator"), actor("statutory desk")
        self.cash_issuer, self.registrar = actor("cash issuer"), actor("registrar")
        self.issuer, self.bookrunner = actor("issuer"), actor("bookrunner")
        self.paying_agent, self.outsider = actor("paying agent"), actor("outsider")
        self.administrator = actor("administrator of benchmarks")
        self.holder, self.buyer, self.spender = actor("holder"), actor("buyer"), actor("spender")
        self.investors = [actor(name) for name in INVESTORS]
        self.underwriters = [actor(name) for name in UNDERWRITERS]
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
        self.clean_part = deploy("SettlementClean")
        self.settlement = deploy("Settlement", self.clean_part)
        self.cash = deploy(
            "CashToken", self.authority, self.registry, self.settlement, "Yuan", "CNY", 2, CASH_LIMIT
        )
        self.factory = deploy("BondFactory", self.authority, self.registry)
        self.benchmarks = deploy("Benchmarks", self.authority, self.calendar)
        self.offering = self._deploy_offering()
        self.servicing = self._deploy_servicing()
        self.implementation = self._implementation(self.offering, self.settlement, self.servicing)
        self.lone_implementation = self._implementation(self.issuing, self.settling, self.paying)

    def deploy(self, name: str, *arguments: Any) -> Contract:
        return self.evm.deploy(name, *arguments, sender=self.admin)

    def _deploy_offering(self) -> Contract:
        part = self.deploy("OfferingMandate", self.factory, self.registry)
        for name in ("OfferingClearing", "OfferingPayment", "Offering"):
            part = self.deploy(name, self.factory, self.registry, part)
        return self.evm.at(part.address, "IOffering")

    def _deploy_servicing(self) -> Contract:
        part = self.deploy("ServicingVersions", self.factory)
        for name in RARE_PARTS:
            part = self.deploy(name, self.factory, part)
        for name in COMPUTING_PARTS:
            part = self.deploy(name, self.factory, self.benchmarks, part)
        part = self.deploy("Servicing", self.factory, part)
        return self.evm.at(part.address, "IServicing")

    def _implementation(self, offering: Any, settlement: Any, servicing: Any) -> Contract:
        suite = {
            "authority": self.authority,
            "registry": self.registry,
            "calendar": self.calendar,
            "offering": offering,
            "settlement": settlement,
            "servicing": servicing,
        }
        return self.deploy(
            "Bond", suite, self.deploy("BondExtension", suite, self.deploy("BondEvents", suite))
        )

    def _grant(self) -> None:
        powers: list[tuple[Contract, Sequence[str], int]] = [
            (self.calendar, ("publish", "join"), OPERATOR_ID),
            (self.benchmarks, ("register", "setAdministrator"), OPERATOR_ID),
            (self.factory, ("setImplementation",), OPERATOR_ID),
            (self.cash, ("setSupplyLimit", "setTrustedSystem"), OPERATOR_ID),
            (self.cash, ("mint", "mintBatch", "burn"), CASH_ISSUER_ID),
            (self.implementation, STATUTORY_ACTS, STATUTORY_ID),
            (self.lone_implementation, STATUTORY_ACTS, STATUTORY_ID),
            (self.servicing, SERVICING_ACTS, STATUTORY_ID),
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
        for account in self.underwriters:
            self.admit(account, BANK, HOLDER | UNDERWRITER)

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

    # --- benchmarks

    def benchmark(
        self,
        name: str,
        kind: int = TERM_RATE,
        *,
        market: bytes = MARKET,
        basis: int = 0,
        correctable: int = 0,
    ) -> bytes:
        """Defines a benchmark that our administrator publishes; an overnight rate is by 360."""
        basis = basis or (360 if kind == OVERNIGHT else 0)
        self.benchmarks.register(
            builders.code(name), kind, self.administrator, market, basis, correctable, sender=self.operator
        )
        return builders.code(name)

    def publish_value(self, name: str, day: int, value: int) -> Receipt:
        """Publishes a value, billionths."""
        made: Receipt = self.benchmarks.publish(builders.code(name), day, value, sender=self.administrator)
        return made

    def fix(self, bond: Contract, period: int) -> Record:
        """Fixes a period, and says what came out."""
        self.servicing.fix(bond, period, sender=self.outsider)
        found: Record = self.servicing.fixing(bond, period)
        return found

    # --- bonds

    def terms(self, **changes: Any) -> Record:
        """Terms of a bond that has not been registered, in our cash unless told otherwise.

        The schedule may be told by ``issueDay``, ``periods`` and ``monthsPerPeriod``.
        """
        self._isins += 1
        usual = DEFAULT_TERMS.schedule
        changes.setdefault(
            "schedule",
            builders.schedule(
                changes.pop("issueDay", usual.issueDay),
                changes.pop("periods", usual.periods),
                changes.pop("monthsPerPeriod", usual.step),
            ),
        )
        ours = {
            "isin": builders.isin(self._isins),
            "issuer": self.leis[self.issuer],
            "issuerAccount": self.issuer,
            "currency": self.cash.address,
        }
        return DEFAULT_TERMS.but(**(ours | changes))

    def register(
        self,
        *,
        lone: bool = False,
        provisions: Record | None = None,
        rights: Record | None = None,
        **changes: Any,
    ) -> Contract:
        """Registers a bond; a lone one takes its orders from the stand-ins."""
        if lone:
            self.factory.setImplementation(self.lone_implementation, sender=self.operator)
        terms = self.terms(**changes)
        address = self.factory.register(
            terms, provisions or NO_PROVISIONS, rights or NO_RIGHTS, sender=self.issuer
        ).value
        if lone:
            self.factory.setImplementation(self.implementation, sender=self.operator)
        bond = self.evm.at(address, "Bond")
        self.bonds.append(bond)
        return bond

    def events_of(self, bond: Contract) -> Contract:
        """The same bond, with the acts of its part for life events."""
        return Contract(self.evm, bond.address, artefact("BondEvents"))

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
        for account in (self.holder, self.buyer):
            self.give_weird_cash(cash, account, 100)
        self.place(bond, {self.holder: 100, self.buyer: 100}, price=1)
        self.give_weird_cash(cash, self.paying_agent, 10**40, spender=self.servicing)
        return bond, cash

    def give_weird_cash(self, cash: Contract, account: str, amount: int, spender: Any = None) -> None:
        """Money in a cash that is not ours, with as much allowance for the Offering or another."""
        cash.mint(account, amount, sender=self.outsider)
        cash.approve(spender or self.offering, amount, sender=account)

    # --- primary market

    def tender(
        self, bond: Contract | None = None, classes: Sequence[Record] | None = None, **changes: Any
    ) -> Tender:
        """An offering that is not mandated yet; without a bond, of a new one whose coupon suits the basis."""
        if bond is None:
            by_rate = changes.get("basis") == RATE
            bond = self.register(couponRate=TO_BE_FIXED if by_rate else DEFAULT_TERMS.couponRate)
        lot = bond.terms().minimumUnits if bond.kind.name == "Bond" else 1
        return Tender(self, bond, classes, **({"minimumBid": lot} | changes))

    def open_tender(
        self,
        bond: Contract | None = None,
        classes: Sequence[Record] | None = None,
        syndicate: Mapping[str, int] | None = None,
        **changes: Any,
    ) -> Tender:
        """An offering whose book is open; the syndicate is of class 1 and commits itself to these units."""
        tender = self.tender(bond, classes, **changes)
        tender.mandate()
        tender.accept()
        tender.form_syndicate(dict(syndicate or {}))
        tender.open()
        self.evm.warp(max(self.evm.now, tender.conditions.opensAt))
        return tender

    def sell(self, bond: Contract, holdings: Mapping[str, int], price: int = 10_000) -> Tender:
        """Offers just what is asked at a fixed price, up to the result: a day goes by."""
        closes = self.evm.now + DAY
        tender = self.open_tender(
            bond,
            form=OPEN,
            offered=sum(holdings.values()),
            minimumBid=min(holdings.values()),
            lowest=price,
            highest=price,
            tick=1,
            deposit=0,
            closesAt=closes,
            clearsBy=closes + 1,
            settlesFrom=closes,
            settlesBy=closes + HOUR,
            takesUpBy=closes + HOUR,
        )
        for account, units in holdings.items():
            tender.bid(account, (price, units))
        tender.finish()
        if bond.currency() == self.cash.address:
            for account in holdings:
                self.give_cash(account, tender.due(account))
        return tender

    def place(self, bond: Contract, holdings: Mapping[str, int], price: int = 10_000) -> Tender:
        """Sells at a fixed price, and settles it, in the order of the holdings."""
        tender = self.sell(bond, holdings, price)
        tender.settle(*holdings)
        return tender

    # --- time and payments

    def to_record(self, bond: Contract, period: int = 1) -> Record:
        """Moves to just after the books of a payment closed, and has the bond notice it."""
        return self._to(bond, period, "recordTime")

    def to_payment(self, bond: Contract, period: int = 1) -> Record:
        """Moves to the payment day."""
        return self._to(bond, period, "payTime")

    def _to(self, bond: Contract, period: int, field: str) -> Record:
        while bond.book().records < period:
            book = bond.book()
            assert (book.last or bond.terms().schedule.periods) >= period, f"there is no payment {period}"
            if book.nextTime > self.evm.now:
                self.evm.warp(book.nextTime)
            bond.advance(sender=self.outsider)
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

    def clean_trade(self, bond: Contract, seller: str, buyer: str, **changes: Any) -> Record:
        """A trade of ten units at a clean price of par, agreed now."""
        defaults = builders.clean_instruction(bond, self.cash, seller, buyer, self.evm.now)
        return defaults.but(**changes)

    def settle_clean(self, trade: Record, seller: Actor, buyer: Actor) -> Receipt:
        message = clean_digest(self.settlement, trade)
        made: Receipt = self.settlement.settleClean(
            trade, sign(seller, message), sign(buyer, message), sender=self.outsider
        )
        return made

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
        """A mark of all that a refused call must leave alone."""
        return mark_of(self)

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
