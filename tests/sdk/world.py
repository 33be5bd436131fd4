"""A deployed suite with a member for every role, and the first steps of a bond's life.

``World.issue`` is the short way to a bond with holders; ``open_book`` and ``clear`` are its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from indenture.identifiers import Isin, Lei, lei_from_prefix
from indenture.membership import MemberClass, Role
from indenture.models import Bid, Invitation, MemberAdmission, OfferingBook, SignedTrade, Trade
from indenture.money import CNY, Money
from indenture.primary import Basis, ClassRule, Form, Pricing, Rules
from indenture.results import ClearResult, SettlementResult
from indenture.roles import (
    Bookrunner,
    CashIssuer,
    Depository,
    Investor,
    Issuer,
    PayingAgent,
    TradeNonces,
    Underwriter,
    new_trade,
    open_bids,
    place_bids,
    sign_trade,
)
from indenture.sealing import Vault
from indenture.termsheet import TermSheet, load_term_sheet

ROOT = Path(__file__).resolve().parents[2]
TERMS = ROOT / "terms" / "boc-2019-sme.yaml"
#: The same bond while its coupon is to be found by a tender.
TENDER_TERMS = ROOT / "terms" / "boc-2019.yaml"
PARAMETERS = ROOT / "scripts" / "params" / "local.yaml"

#: Issuer of the example term sheet.
ISSUER_LEI = "54930053HGCFWVHYZX42"
ISIN = Isin("CND1000BOC15")
START = datetime(2019, 12, 2, 1, 0, tzinfo=UTC)
OPENS = datetime(2019, 12, 3, 1, 0, tzinfo=UTC)
CLOSES = datetime(2019, 12, 3, 9, 0, tzinfo=UTC)
REVEALS_BY = datetime(2019, 12, 3, 10, 0, tzinfo=UTC)
OVER_ALLOTS_BY = datetime(2019, 12, 3, 10, 30, tzinfo=UTC)
CLEARS_BY = datetime(2019, 12, 3, 11, 0, tzinfo=UTC)
SETTLES_FROM = datetime(2019, 12, 5, 1, 0, tzinfo=UTC)  # the day of issue: no interest has accrued
SETTLES_BY = datetime(2019, 12, 6, 9, 0, tzinfo=UTC)
TAKES_UP_BY = datetime(2019, 12, 9, 9, 0, tzinfo=UTC)
#: The two payments of the bond: a minute after its books close, and the morning of its payment day.
RECORDS = {1: datetime(2020, 12, 4, 9, 1, tzinfo=UTC), 2: datetime(2021, 12, 3, 9, 1, tzinfo=UTC)}
PAY_DAYS = {1: datetime(2020, 12, 7, 1, 0, tzinfo=UTC), 2: datetime(2021, 12, 6, 1, 0, tzinfo=UTC)}

UNITS = 200_000_000
DEPOSIT = CNY.money(1_000_000)
PASSPHRASE = "of the tests"
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

    def underwriter(self, number: int) -> Underwriter:
        """The investor of that number, as a member of a syndicate."""
        return Underwriter(self.suite, self.senders[f"investor {number}"])

    def account(self, number: int) -> str:
        return self.investor(number).account

    def at(self, instant: datetime) -> None:
        """Lets the clock go on to an instant, unless it is there already."""
        if self.chain.block_stamp().time < instant:
            self.node.time.mine(at=instant)

    # Steps of a bond's life

    def rules(self, **changes: object) -> Rules:
        """An open book at par for all 200 million units, on the morning of 3 December 2019."""
        fields: dict[str, object] = {
            "form": Form.OPEN,
            "basis": Basis.PRICE,
            "pricing": Pricing.UNIFORM,
            "offered": UNITS,
            "minimum_bid": 1,
            "maximum_bid": changes.get("offered", UNITS),
            "lowest": 100_00,
            "highest": 100_00,
            "tick": 1,
            "opens_at": OPENS,
            "closes_at": CLOSES,
            "reveals_by": CLOSES,
            "over_allots_by": CLOSES,
            "clears_by": CLEARS_BY,
            "settles_from": SETTLES_FROM,
            "settles_by": SETTLES_BY,
            "takes_up_by": TAKES_UP_BY,
        }
        if changes.get("form", Form.OPEN) is not Form.OPEN:
            fields |= {"reveals_by": REVEALS_BY, "over_allots_by": REVEALS_BY}
        if changes.get("over_allotment"):
            fields |= {"over_allots_by": OVER_ALLOTS_BY}
        return Rules(**(fields | changes))  # type: ignore[arg-type]

    def tender_rules(self, **changes: object) -> Rules:
        """A sealed tender by rate, 3.00 % to 3.60 % in basis points, with a deposit of a million yuan."""
        fields: dict[str, object] = {
            "form": Form.SEALED,
            "basis": Basis.RATE,
            "lowest": 30_000_000,
            "highest": 36_000_000,
            "tick": 100_000,
            "deposit": DEPOSIT.base,
        }
        return self.rules(**(fields | changes))

    def mandate(self, rules: Rules | None = None, *, classes: Sequence[ClassRule] | None = None) -> int:
        """Registers the bond, unless it is there, and mandates its offering; by rate if the rules say so."""
        wanted = rules or self.rules()
        if self.suite.factory.bond_of(ISIN) is None:
            self.issuer.register(TENDER_TERMS if wanted.basis is Basis.RATE else TERMS)
        return self.issuer.mandate(ISIN, wanted, self.senders["bookrunner"].address, classes=classes)

    def open_book(
        self,
        rules: Rules | None = None,
        *,
        classes: Sequence[ClassRule] | None = None,
        syndicate: Sequence[tuple[int, int, int]] = (),
        vault: Vault | None = None,
    ) -> int:
        """From the registration of the bond to its open book.

        Args:
            rules: ``rules()`` or ``tender_rules()``, changed.
            classes: Class 0 first; None for everybody alike.
            syndicate: Number of an investor, his class and commitment; they are invited and join.
            vault: Where the bookrunner keeps the key of an ENCRYPTED book.
        """
        number = self.mandate(rules, classes=classes)
        self.bookrunner.accept_mandate(number, vault)
        invited = [Invitation(self.account(who), kind, units) for who, kind, units in syndicate]
        if invited:
            self.bookrunner.invite_all(number, invited)
        for who, _, _ in syndicate:
            self.underwriter(who).join(number)
        self.bookrunner.open_book(number)
        self.at(self.book(number).rules.opens_at)
        return number

    def book(self, number: int) -> OfferingBook:
        return self.bookrunner.book(number)

    def bid_all(self, number: int, units: int = 108_000_000) -> None:
        """Every investor bids at the one price, 2.7 times the amount in all."""
        bids = [(self.senders[f"investor {i}"], [Bid(100, units + i)]) for i in range(INVESTORS)]
        place_bids(self.suite, number, bids)

    def clear(self, number: int, vault: Vault | None = None) -> ClearResult:
        """From the close to the result; sealed bids are opened with the vault."""
        rules = self.book(number).rules
        self.at(rules.closes_at)
        self.bookrunner.close(number)
        if vault is not None:
            open_bids(self.suite, self.senders["outsider"], number, vault)
        self.at(rules.over_allots_by)
        return self.bookrunner.clear(number)

    def settle(self, number: int) -> SettlementResult:
        self.at(self.book(number).rules.settles_from)
        return self.bookrunner.settle(number)

    def issue(self) -> SettlementResult:
        """Everything from the registration of the bond to its five holders."""
        number = self.open_book()
        self.bid_all(number)
        self.clear(number)
        return self.settle(number)

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
                _admission(senders[f"investor {i}"], lei_of(f"investor {i}"), holder | Role.UNDERWRITER)
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
