"""What acts act on: a chain, a deployed suite, and a key for every account of the case.

Keys are derived from the case and a seed, live in memory, and are worth nothing outside a private chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from indenture.cashflows import accrued_per_100
from indenture.chain import Sender, TimeTravel, send_all
from indenture.contracts import Suite
from indenture.dates import civil_day
from indenture.errors import InputError
from indenture.models import AccountAdmission, Bid, MemberAdmission, SignedCleanTrade, SignedTrade
from indenture.money import Currency, Money
from indenture.play.book import Bidder
from indenture.play.fields import OFFSET_MINUTES, clock_text
from indenture.play.market import Market, PlannedTrade
from indenture.play.staged import StagedBond, StagedOffering
from indenture.primary import (
    Form,
    TenderResult,
    TickBid,
    load_offering_sheet,
)
from indenture.primary import Stage as OfferingStage
from indenture.roles import (
    Bookrunner,
    CashIssuer,
    Depository,
    Investor,
    Issuer,
    PayingAgent,
    TradeNonces,
    Underwriter,
    deploy_wallet,
    new_trade,
    open_bids,
    place_bids,
    submit_trades,
)
from indenture.termsheet import load_term_sheet

if TYPE_CHECKING:
    from indenture.audit import AuditResult
    from indenture.play.acts.base import Progress
    from indenture.play.case import Case
    from indenture.sealing import Vault

DEPOSITORY = "depository"
# How long a signed trade may wait.
_SETTLEMENT_WINDOW = timedelta(days=2)
_WITH_RESULT = (OfferingStage.CLEARED, OfferingStage.PUBLISHED, OfferingStage.FAILED)


class Keys:
    """The keys of a case's accounts."""

    def __init__(self, case: str, seed: int) -> None:
        self._case = case
        self._seed = seed
        self.of = cache(self._derive)

    def _derive(self, account: str) -> LocalAccount:
        secret = keccak(text=f"indenture private chain|{self._case}|{self._seed}|{account}")
        derived: LocalAccount = Account.from_key(secret)
        return derived


class Stage:
    """The state of a play.

    Args:
        case: What is played.
        suite: The deployed suite.
        time: The chain's clock.
        keys: Keys of the accounts.
        depository: The depository's account.
        vault: Where the secrets of all bidders and bookrunners of the case are.
        seed: Where chance comes from.
        progress: Hears how far an act has come.
    """

    def __init__(
        self,
        case: Case,
        suite: Suite,
        time: TimeTravel,
        keys: Keys,
        depository: Sender,
        vault: Vault,
        seed: int,
        progress: Progress,
    ) -> None:
        self.case = case
        self.suite = suite
        self.chain = suite.chain
        self.time = time
        self.vault = vault
        self.bonds: dict[str, StagedBond] = {}
        self.trades = 0
        self.agreed: dict[str, SignedCleanTrade] = {}
        self.report: Path | None = None
        self.progress = progress
        self.audited: AuditResult | None = None
        self.rng = Random(f"{case.name}|{seed}")  # noqa: S311  # no secret: the same case must play the same way
        self.depository = Depository(suite, depository)
        self._depository = depository
        self._keys = keys
        self._senders: dict[str, Sender] = {}
        self._wallets: dict[str, str] = {}
        self.trade_nonces = TradeNonces(suite)

    # Who

    def one(self, selector: str) -> str:
        """The one account that a selector names."""
        (account,) = self.case.accounts(selector)
        return account

    def account_of(self, member: str) -> str:
        """The account that an offering sheet means.

        Raises:
            InputError: It is none of the case.
        """
        account = self.case.account_of(member)
        if account is None:
            raise InputError(f"{member!r} is no account of this case", hint="Write member/account.")
        return account

    def account_at(self, address: str) -> str:
        """What the case calls the account at an address; the address itself, if it is none of the case."""
        names = (each for each in self.case.accounts("all") if self.address(each) == address)
        return next(names, address)

    def address(self, account: str) -> str:
        """Where an account is on chain."""
        if self.case.is_contract(account):
            return self._wallets[account]
        return self._keys.of(account).address

    def sender(self, account: str) -> Sender:
        """An account's key, which sends; of a wallet contract, its owner's."""
        if account not in self._senders:
            self._senders[account] = Sender(self.chain, self._keys.of(account))
        return self._senders[account]

    def issuer(self, account: str) -> Issuer:
        """An account as an issuer."""
        return Issuer(self.suite, self.sender(account))

    def bookrunner(self, account: str) -> Bookrunner:
        """An account as a bookrunner."""
        return Bookrunner(self.suite, self.sender(account))

    def underwriter(self, account: str) -> Underwriter:
        """An account as an underwriter."""
        return Underwriter(self.suite, self.sender(account))

    def investor(self, account: str) -> Investor:
        """An account as an investor; a wallet contract by its owner's key."""
        wallet = self.address(account) if self.case.is_contract(account) else None
        return Investor(self.suite, self.sender(account), wallet=wallet)

    def paying_agent(self, account: str) -> PayingAgent:
        """An account as a paying agent."""
        return PayingAgent(self.suite, self.sender(account))

    @property
    def desk(self) -> PayingAgent:
        """The statutory desk, where it pays what somebody else has handed to it."""
        return PayingAgent(self.suite, self._depository)

    def cash_issuer(self, code: str) -> CashIssuer:
        """Whoever may issue a currency: the case's issuer, or on a suite that was there, the depository."""
        block = next(cash for cash in self.case.cash if cash.code == code)
        own = self.sender(self.one(block.issuer))
        parameters = self.suite.deployment.parameters
        token = next(cash for cash in parameters.cash if cash.code == code)
        entitled = token.issuer or parameters.accounts.cash_issuer
        return CashIssuer(self.suite, own if own.address == entitled else self._depository, code)

    # What

    def currency(self, code: str) -> Currency:
        """A currency of the case."""
        return next(cash.currency for cash in self.case.cash if cash.code == code)

    def bond(self, label: str) -> StagedBond:
        """A bond, as acts call it."""
        return self.bonds[label]

    def local_day(self) -> str:
        """The chain's present day, where the case plays."""
        return civil_day(self.chain.block_stamp().time, OFFSET_MINUTES).isoformat()

    def clock(self) -> str:
        """The chain's present time, where the case plays."""
        return clock_text(self.chain.block_stamp().time)

    # Members

    def create_wallets(self, accounts: Sequence[str]) -> None:
        """Puts a contract on chain for each account that is one; its owner's key pays for it."""
        for account in accounts:
            if self.case.is_contract(account):
                self._wallets[account] = deploy_wallet(self.suite, self.sender(account))

    def admission(self, account: str) -> MemberAdmission:
        """The admission of a member with this account."""
        party = self.case.party(account)
        return MemberAdmission(
            lei=party.lei,
            member_class=party.member_class,
            jurisdiction=party.jurisdiction,
            account=self.address(account),
            roles=party.roles,
            name=party.name,
        )

    def further_admission(self, account: str) -> AccountAdmission:
        """The admission of a further account."""
        party = self.case.party(account)
        return AccountAdmission(lei=party.lei, account=self.address(account), roles=party.roles)

    # Bonds

    def register(self, label: str, terms: str, by: str, tax_account: str | None = None) -> None:
        """Registers the bond of a term sheet under a label; the hash of the file is sealed with it."""
        file = self.case.folder / terms
        receiver = self.address(tax_account) if tax_account else None
        issued = self.issuer(by).register(file, tax_account=receiver)
        self.bonds[label] = StagedBond(load_term_sheet(file), self.suite.bond(issued.isin))

    # Offerings

    def mandate(self, label: str, sheet: str, by: str, bookrunner: str) -> StagedBond:
        """Mandates an offering by its sheet."""
        staged, written = self.bonds[label], load_offering_sheet(self.case.folder / sheet)
        rules, classes = written.rules(staged.terms), written.class_rules(staged.terms)
        offering_id = self.issuer(by).mandate(staged.bond, rules, self.address(bookrunner), classes=classes)
        staged.offerings.append(StagedOffering(offering_id, rules, written.syndicate(staged.terms)))
        return staged

    def bidders(self, staged: StagedBond, accounts: Sequence[str], clients: Sequence[str]) -> list[Bidder]:
        """Accounts as bidders, with what their classes must and may do, and their members' clients."""
        offering_id, offering = staged.offering_id, self.suite.offering
        classes = offering.classes(offering_id)
        members = offering.underwriters(offering_id, [self.address(account) for account in accounts])
        client_of = {self.case.party(client).id: client for client in clients}
        return [
            Bidder(
                account,
                classes[member.bidder_class if member.joined else 0],
                client_of.get(self.case.party(account).id),
            )
            for account, member in zip(accounts, members, strict=True)
        ]

    def place_bids(self, staged: StagedBond, wanted: Mapping[str, Sequence[Bid | TickBid]]) -> None:
        """Places or replaces the bids of some accounts, pipelined."""
        by_key = [account for account in wanted if not self.case.is_contract(account)]
        bids = [(self.sender(account), wanted[account]) for account in by_key]
        place_bids(self.suite, staged.offering_id, bids, self.vault)
        for account in wanted:
            if account not in by_key:
                self.investor(account).bid(staged.offering_id, wanted[account], self.vault)

    def forget_bids(self, staged: StagedBond, account: str) -> None:
        """The vault forgets what opens the bids of an account."""
        self.vault.forget(
            self.chain.chain_id,
            self.suite.offering.address,
            staged.offering_id,
            self.address(account),
            unopened=True,
        )

    def open_bids(self, staged: StagedBond, by: str) -> int:
        """Opens what the vault can open: of how many bidders."""
        if staged.rules.form is Form.ENCRYPTED:
            opened = self.bookrunner(by).open_bids(staged.offering_id, self.vault)
        else:
            opened = open_bids(self.suite, self.sender(by), staged.offering_id, self.vault)
        for bad in opened.bad:
            raise InputError(f"the bids of {self.account_at(bad.bidder)} could not be opened: {bad.reason}")
        return opened.count

    def has_result(self, offering_id: int) -> bool:
        """Whether an offering was cleared, or failed to be."""
        return self.suite.offering.book(offering_id).stage in _WITH_RESULT

    def result(self, offering_id: int) -> TenderResult:
        """The result of an offering, as the market is told it."""
        return Bookrunner(self.suite, self._depository).result(offering_id)

    def withdraw_deposits(self, code: str, accounts: Sequence[str]) -> tuple[int, Money]:
        """Each account takes out what is free of its standing deposit: how many did, and how much it was."""
        offering, cash = self.suite.offering, self.suite.cash(code).address
        found = offering.deposits_of(cash, [self.address(account) for account in accounts])
        free = {account: base for account, base in zip(accounts, found, strict=True) if base}
        calls = []
        for account, base in free.items():
            if self.case.is_contract(account):
                self.investor(account).withdraw_funds(currency=code)
            else:
                calls.append((self.sender(account), offering.withdraw_deposit(cash, base)))
        send_all(calls)
        return len(free), self.currency(code).money_from_base(sum(free.values()))

    # Trades

    def plan_trades(
        self,
        staged: StagedBond,
        *,
        sellers: Sequence[str],
        buyers: Sequence[str],
        count: int,
        size: tuple[int, int],
        clean: tuple[Decimal, Decimal],
    ) -> list[PlannedTrade]:
        """Draws trades within what the accounts hold now; buyers pay accrued interest on top of the price."""
        stamp, terms = self.chain.block_stamp(), staged.terms
        cash = self.suite.cash(terms.currency.code)
        units = staged.bond.balances([self.address(account) for account in sellers], block=stamp)
        money = cash.balances([self.address(account) for account in buyers], block=stamp)
        day = civil_day(stamp.time, terms.record.time_zone_offset)
        market = Market(
            units=dict(zip(sellers, units, strict=True)),
            cash=dict(zip(buyers, money, strict=True)),
            face_base=terms.face_value_base,
            minimum_units=terms.minimum_units,
            accrued_per_100=accrued_per_100(terms, day),
        )
        return market.plan(sellers, buyers, count, size, clean, self.rng)

    def settle_trades(self, staged: StagedBond, planned: Sequence[PlannedTrade], by: str) -> Money:
        """Signs each trade on both sides and submits them all: the money that moved."""
        terms, now = staged.terms, self.chain.block_stamp().time
        signed = []
        for position, each in enumerate(planned):
            self.progress("sign", position, len(planned))
            trade = new_trade(
                self.suite,
                bond=staged.bond,
                seller=self.address(each.seller),
                buyer=self.address(each.buyer),
                units=each.units,
                amount=terms.currency.money_from_base(each.amount),
                nonces=self.trade_nonces,
                valid_from=now,
                deadline=now + _SETTLEMENT_WINDOW,
            )
            signed.append(
                SignedTrade(
                    trade,
                    self.investor(each.seller).sign_trade(trade),
                    self.investor(each.buyer).sign_trade(trade),
                )
            )
        self.progress("settle", 0, len(planned))
        submit_trades(self.suite, self.sender(by), signed)
        self.trades += len(signed)
        return terms.currency.money_from_base(sum(each.amount for each in planned))
