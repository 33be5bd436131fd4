"""A private chain with a deployed suite, its actors, and the steps to a bond that members hold.

Everything that reaches the chain is fixed: keys, their order of sending, instants, block times, terms.  So a
scenario uses the same gas on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from indenture.chain import AnvilNode, ContractCall, Receipt, Sender, checksum
from indenture.contracts import Bond, BondTerms, Suite
from indenture.deployment import DeployParameters, deploy
from indenture.identifiers import Lei, isin_from_body, lei_from_prefix
from indenture.membership import MemberClass, Role
from indenture.models import Bid, MemberAdmission, SignedTrade, Trade
from indenture.money import Money
from indenture.primary import Basis, Rules
from indenture.provisions import Schedule
from indenture.roles import (
    Bookrunner,
    CashIssuer,
    Depository,
    Issuer,
    PayingAgent,
    fixed_price_rules,
    place_bids,
    sign_trade,
)
from indenture.termsheet import load_term_sheet

ROOT = Path(__file__).resolve().parent.parent
TERMS = ROOT / "terms" / "boc-2019-sme.yaml"

START = datetime(2019, 12, 2, 1, 0, tzinfo=UTC)
OPENS = datetime(2019, 12, 3, 1, 0, tzinfo=UTC)
CLOSES = datetime(2019, 12, 3, 9, 0, tzinfo=UTC)
#: The day of issue: no interest has accrued.
SETTLES_FROM = datetime(2019, 12, 5, 1, 0, tzinfo=UTC)
SETTLES_BY = datetime(2019, 12, 6, 9, 0, tzinfo=UTC)
#: What trades are signed for: an instant of the chain, not of the machine.
TRADES_FROM, TRADES_UNTIL = START, datetime(2029, 12, 6, tzinfo=UTC)

#: More than the largest batch, so that no batch is the last one, which closes the payment.
HOLDERS = 120
WEALTH = Decimal(50_000_000_000)
BID = 4_500_000  # with 120 bidders, 2.7 times the amount
_WEI = 10**21
_BLOCK_GAS = 30_000_000

PARAMETERS = {
    "network": "bench",
    "depository": {
        "lei": "9999INDENTUREDEPO168",
        "name": "Example Central Depository",
        "jurisdiction": "CN",
    },
    "cash": [
        {
            "code": "CNY",
            "name": "Tokenised Yuan",
            "symbol": "CNY",
            "decimals": "2",
            "supply_limit": str(10**15),
        }
    ],
    "calendars": [{"code": "CN-IB", "years": ["2019", "2020", "2021", "2022"]}],
}


class Stage:
    """A running chain with everything on it; made by ``staged``."""

    def __init__(self, node: AnvilNode) -> None:
        self.node = node
        self.chain = node.connect()
        self._senders: dict[str, Sender] = {}
        self.set_steady_clock()
        operator = self.sender("depository")
        self.suite = Suite(self.chain, deploy(operator, DeployParameters.parse(PARAMETERS)))
        self.depository = Depository(self.suite, operator)
        self.cash_issuer = CashIssuer(self.suite, operator)
        self.issuer = Issuer(self.suite, self.sender("issuer"))
        self.bookrunner = Bookrunner(self.suite, self.sender("bookrunner"))
        self.paying_agent = PayingAgent(self.suite, self.sender("paying agent"))

    # Actors

    def sender(self, actor: str) -> Sender:
        """Who signs as an actor; has coin for gas."""
        if actor not in self._senders:
            sender = Sender(self.chain, key_of(actor))
            self.node.time.set_balances({sender.address: _WEI})
            self._senders[actor] = sender
        return self._senders[actor]

    def holders(self, count: int = HOLDERS, *, first: int = 0) -> list[Sender]:
        """Investors by number."""
        return [self.sender(f"holder {number}") for number in range(first, first + count)]

    def admit_actors(self, holders: int = HOLDERS) -> None:
        """Admits everybody, and gives them money."""
        named = {
            "issuer": Role.HOLDER | Role.ISSUER,
            "bookrunner": Role.HOLDER | Role.BOOKRUNNER,
            "paying agent": Role.HOLDER | Role.PAYING_AGENT,
        }
        self.depository.admit_members([self.admission(actor, roles) for actor, roles in named.items()])
        self.depository.admit_members(
            [self.admission(f"holder {number}", Role.HOLDER | Role.UNDERWRITER) for number in range(holders)]
        )
        rich = [*self.holders(holders), self.paying_agent.sender]
        self.cash_issuer.issue([(sender.address, WEALTH) for sender in rich])

    def admission(self, actor: str, roles: Role = Role.HOLDER) -> MemberAdmission:
        """An actor as a member of its own."""
        return MemberAdmission(lei_of(actor), MemberClass.BANK, "CN", self.sender(actor).address, roles)

    # Acts

    def gas(self, actor: str | Sender, call: ContractCall) -> int:
        """Sends a call: what its receipt says was used."""
        sender = self.sender(actor) if isinstance(actor, str) else actor
        return sender.transact(call).gas_used

    def at(self, instant: datetime) -> None:
        """Lets the clock go on to an instant."""
        self.node.time.mine(at=instant)

    def terms(self, number: int = 1, *, periods: int = 2, **changes: object) -> BondTerms:
        """Terms of the example issue, as a bond with an ISIN of its own, and yearly periods."""
        terms = BondTerms.from_sheet(
            load_term_sheet(TERMS),
            issuer_account=self.issuer.sender.address,
            currency=self.suite.cash("CNY").address,
            term_sheet_hash=keccak(text="bench"),
        )
        issue_day = terms.schedule.issue_day
        own = {
            "isin": isin_from_body(f"CND1000{number:04d}"),
            "issuer": lei_of("issuer"),
            "schedule": yearly(issue_day, periods),
        }
        return replace(terms, **(own | changes))  # type: ignore[arg-type]

    def register(self, terms: BondTerms) -> Bond:
        """Registers a bond."""
        self.gas("issuer", self.suite.factory.register(terms))
        return self.suite.bond(terms.isin)

    def rules(self) -> Rules:
        """An open book for the whole issue at par: the shortest way to a bond that is held."""
        return fixed_price_rules(
            units=200_000_000,
            quote=100_00,
            basis=Basis.PRICE,
            lot=1,
            opens_at=OPENS,
            closes_at=CLOSES,
            settles_from=SETTLES_FROM,
            settles_by=SETTLES_BY,
        )

    def opened(self, bond: Bond, rules: Rules) -> int:
        """Mandates an offering that everybody may bid in, and opens its book."""
        offering_id = self.issuer.mandate(bond, rules, self.bookrunner.sender.address)
        self.bookrunner.accept_mandate(offering_id)
        self.bookrunner.open_book(offering_id)
        self.at(rules.opens_at)
        return offering_id

    def issued(self, terms: BondTerms, buyers: Sequence[Sender] | None = None, *, units: int = BID) -> Bond:
        """Registers a bond and sells it to the holders: bids, close, clearing, pay and issue."""
        bond = self.register(terms)
        offering_id = self.opened(bond, self.rules())
        place_bids(
            self.suite, offering_id, [(buyer, [Bid(100, units)]) for buyer in buyers or self.holders()]
        )
        self.at(CLOSES)
        self.bookrunner.close(offering_id)
        self.bookrunner.clear(offering_id)
        self.at(SETTLES_FROM)
        self.bookrunner.settle(offering_id)
        return bond

    def signed_trade(
        self, bond: Bond, seller: Sender, buyer: Sender, *, nonce: int, units: int, amount: Money
    ) -> SignedTrade:
        """A trade that both sides signed, with the same number."""
        trade = Trade(
            bond=bond.address,
            cash=bond.terms.currency,
            seller=seller.address,
            buyer=buyer.address,
            units=units,
            amount=amount,
            valid_from=TRADES_FROM,
            deadline=TRADES_UNTIL,
            seller_nonce=nonce,
            buyer_nonce=nonce,
        )
        return SignedTrade(trade, *(sign_trade(side.account, trade, self.suite) for side in (seller, buyer)))

    # The clock

    def set_steady_clock(self) -> None:
        """Each block one second after the one before it, however long the machine takes."""
        self.chain.rpc.request("anvil_setBlockTimestampInterval", [1], resend=False)

    @contextmanager
    def full_blocks(self) -> Iterator[None]:
        """Inside, a block a second takes all that waits: Anvil keeps the whole state after each block."""
        rpc = self.chain.rpc
        rpc.request("evm_setBlockGasLimit", [hex(10**9)], resend=False)
        rpc.request("evm_setIntervalMining", [1], resend=False)
        try:
            yield
        finally:
            self.node.time.set_automine(True)
            rpc.request("evm_setBlockGasLimit", [hex(_BLOCK_GAS)], resend=False)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What happens inside is undone at the end."""
        snapshot = self.node.time.snapshot()
        try:
            yield
        finally:
            self.node.time.revert(snapshot)
            self.set_steady_clock()


@contextmanager
def staged(holders: int = HOLDERS) -> Iterator[Stage]:
    """A stage on a chain of its own, with everybody admitted."""
    with AnvilNode(timestamp=START, gas_limit=_BLOCK_GAS) as node:
        stage = Stage(node)
        stage.admit_actors(holders)
        yield stage


def as_offering(stage: Stage, call: ContractCall) -> int:
    """Sends what only the Offering may; Anvil can speak for any account."""
    rpc, offering = stage.chain.rpc, stage.suite.offering.address
    stage.node.time.set_balances({offering: 10**20})
    rpc.request("anvil_impersonateAccount", [offering], resend=False)
    fields = {"from": offering, "to": call.to, "data": "0x" + call.data.hex(), "gas": hex(10_000_000)}
    tx_hash = rpc.request("eth_sendTransaction", [fields], resend=False)
    stage.node.time.mine()  # it is in this block or was in one before
    receipt = Receipt.from_rpc(rpc.request("eth_getTransactionReceipt", [tx_hash]))
    if not receipt.ok:
        raise RuntimeError(f"{call.what} failed")
    return receipt.gas_used


def yearly(issue_day: date, periods: int) -> Schedule:
    """So many years from the issue day on, without stubs."""
    return Schedule(
        issue_day=issue_day,
        maturity_day=issue_day.replace(year=issue_day.year + periods),
        anchor_day=issue_day,
        anchor_period=0,
        periods=periods,
        step=12,
    )


@cache
def key_of(actor: str) -> LocalAccount:
    """The key of an actor: the same in every run, and with no zero byte in its address.

    A zero byte of calldata costs 4 gas and another 16, so an actor's address would else move the figures.
    """
    number = 0
    while True:
        account: LocalAccount = Account.from_key(keccak(text=f"bench: {actor}: {number}"))
        if 0 not in bytes.fromhex(account.address[2:]):
            return account
        number += 1


def address_of(actor: str) -> str:
    """An address that nobody has the key of; no zero byte either."""
    number = 0
    while True:
        raw = keccak(text=f"bench: {actor}: {number}")[-20:]
        if 0 not in raw:
            return checksum("0x" + raw.hex())
        number += 1


@cache
def lei_of(actor: str) -> Lei:
    """A made-up LEI of an actor."""
    return lei_from_prefix(f"9999{keccak(text=actor).hex().upper()[:14]}")
