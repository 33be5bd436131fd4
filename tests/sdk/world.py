"""A deployed suite with a member for every role, and the first steps of a bond's life."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from indenture.chain import AnvilNode, Chain, Sender
from indenture.contracts import Bond, Suite
from indenture.deployment import Deployment, DeployParameters, deploy
from indenture.identifiers import Lei, lei_from_prefix
from indenture.membership import MemberClass, Role
from indenture.models import MemberAdmission, OfferingConditions, SignedTrade, Trade
from indenture.money import CNY, Money
from indenture.results import AllocationResult, SettlementResult
from indenture.roles import (
    Bookrunner,
    CashIssuer,
    Depository,
    Investor,
    Issuer,
    PayingAgent,
    TradeNonces,
    new_trade,
    place_orders,
    sign_trade,
)
from indenture.termsheet import TermSheet, load_term_sheet

ROOT = Path(__file__).resolve().parents[2]
TERMS = ROOT / "terms" / "boc-2019-sme.yaml"
PARAMETERS = ROOT / "scripts" / "params" / "local.yaml"

#: Issuer of the example term sheet.
ISSUER_LEI = "54930053HGCFWVHYZX42"
ISIN = "CND1000BOC15"
START = datetime(2019, 12, 2, 1, 0, tzinfo=UTC)
OPENS = datetime(2019, 12, 3, 1, 0, tzinfo=UTC)
CLOSES = datetime(2019, 12, 3, 9, 0, tzinfo=UTC)
SETTLES_BY = datetime(2019, 12, 6, 9, 0, tzinfo=UTC)
#: The two payments of the bond: a minute after its books close, and the morning of its payment day.
RECORDS = {1: datetime(2020, 12, 4, 9, 1, tzinfo=UTC), 2: datetime(2021, 12, 3, 9, 1, tzinfo=UTC)}
PAY_DAYS = {1: datetime(2020, 12, 7, 1, 0, tzinfo=UTC), 2: datetime(2021, 12, 6, 1, 0, tzinfo=UTC)}

INVESTORS = 5
WEALTH = Decimal(12_000_000_000)


def key_of(actor: str) -> LocalAccount:
    """The key of an actor, the same in every run."""
    account: LocalAccount = Account.from_key(keccak(text=f"sdk tests: {actor}"))
    return account


def lei_of(actor: str) -> Lei:
    """A made-up LEI of an actor."""
    return lei_from_prefix(f"9999{keccak(text=actor).hex().upper()[:14]}")


@dataclass
class World:
    """Actors by what they do; ``investor(0)`` and so on are holders."""

    node: AnvilNode
    chain: Chain
    suite: Suite
    senders: dict[str, Sender]
    nonces: TradeNonces = field(init=False)

    def __post_init__(self) -> None:
        self.nonces = TradeNonces(self.suite)

    @property
    def deployment(self) -> Deployment:
        return self.suite.deployment

    @property
    def depository(self) -> Depository:
        return Depository(self.suite, self.senders["depository"])

    @property
    def cash_issuer(self) -> CashIssuer:
        return CashIssuer(self.suite, self.senders["depository"])

    @property
    def issuer(self) -> Issuer:
        return Issuer(self.suite, self.senders["issuer"])

    @property
    def bookrunner(self) -> Bookrunner:
        return Bookrunner(self.suite, self.senders["bookrunner"])

    @property
    def paying_agent(self) -> PayingAgent:
        return PayingAgent(self.suite, self.senders["paying agent"])

    @property
    def outsider(self) -> Investor:
        return Investor(self.suite, self.senders["outsider"])

    @property
    def sheet(self) -> TermSheet:
        return load_term_sheet(TERMS)

    @property
    def bond(self) -> Bond:
        return self.suite.bond(ISIN)

    def investor(self, number: int) -> Investor:
        return Investor(self.suite, self.senders[f"investor {number}"])

    def account(self, number: int) -> str:
        return self.investor(number).account

    def at(self, instant: datetime) -> None:
        """Lets the clock go on to an instant."""
        self.node.time.mine(at=instant)

    # Steps of a bond's life

    def conditions(self, **changes: object) -> OfferingConditions:
        fields: dict[str, object] = {
            "offered": 200_000_000,
            "price": CNY.money(100),
            "opens_at": OPENS,
            "closes_at": CLOSES,
            "settles_by": SETTLES_BY,
            "bookrunner": self.senders["bookrunner"].address,
        }
        return OfferingConditions(**(fields | changes))  # type: ignore[arg-type]

    def open_book(self, **changes: object) -> int:
        """Registers the bond and opens its book."""
        self.issuer.register(TERMS)
        offering_id = self.issuer.open_offering(ISIN, self.conditions(**changes))
        self.at(OPENS)
        return offering_id

    def order_all(self, offering_id: int, units: int = 108_000_000) -> None:
        """Every investor orders, 2.7 times the amount in all."""
        orders = [(self.senders[f"investor {i}"], units + i) for i in range(INVESTORS)]
        place_orders(self.suite, offering_id, orders)

    def allocate(self, offering_id: int) -> AllocationResult:
        self.at(CLOSES)
        self.bookrunner.close(offering_id)
        return self.bookrunner.allocate(offering_id)

    def issue(self) -> SettlementResult:
        """Everything up to the issue of the bond."""
        offering_id = self.open_book()
        self.order_all(offering_id)
        self.allocate(offering_id)
        return self.bookrunner.settle(offering_id)

    def fund(self, period: int) -> None:
        self.at(RECORDS[period])
        self.paying_agent.fund(ISIN, period)

    def trade(
        self,
        seller: int,
        buyer: int,
        units: int = 1_000,
        amount: Money | Decimal = Decimal(100_500),
        **options: object,
    ) -> Trade:
        return new_trade(
            self.suite,
            bond=ISIN,
            seller=self.account(seller),
            buyer=self.account(buyer),
            units=units,
            amount=amount,
            nonces=self.nonces,
            **options,  # type: ignore[arg-type]
        )

    def signed(self, trade: Trade, seller: int, buyer: int) -> SignedTrade:
        keys = (self.investor(seller).sender.account, self.investor(buyer).sender.account)
        return SignedTrade(trade, *(sign_trade(key, trade, self.suite) for key in keys))


ACTORS = ("depository", "issuer", "bookrunner", "paying agent", *(f"investor {i}" for i in range(INVESTORS)))


def build(node: AnvilNode) -> World:
    """Deploys, admits everybody but the outsider, and gives them money."""
    chain = node.connect()
    senders = {actor: Sender(chain, key_of(actor)) for actor in (*ACTORS, "outsider")}
    node.time.set_balances({sender.address: 10**21 for sender in senders.values()})
    deployment = deploy(senders["depository"], DeployParameters.load(PARAMETERS))
    world = World(node, chain, Suite(chain, deployment), senders)
    holder = Role.HOLDER
    world.depository.admit_members(
        [
            _admission(senders["issuer"], ISSUER_LEI, holder | Role.ISSUER),
            _admission(senders["bookrunner"], lei_of("bookrunner"), holder | Role.BOOKRUNNER),
            _admission(senders["paying agent"], lei_of("paying agent"), holder | Role.PAYING_AGENT),
            *(
                _admission(senders[f"investor {i}"], lei_of(f"investor {i}"), holder)
                for i in range(INVESTORS)
            ),
        ]
    )
    rich = [senders["paying agent"].address, *(senders[f"investor {i}"].address for i in range(INVESTORS))]
    world.cash_issuer.issue([(account, WEALTH * 2) for account in rich])
    return world


def _admission(sender: Sender, lei: str, roles: Role) -> MemberAdmission:
    return MemberAdmission(lei, MemberClass.BANK, "CN", sender.address, roles)


def days(count: float) -> timedelta:
    return timedelta(days=count)
