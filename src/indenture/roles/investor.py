"""The investor: bids, holds, trades and is paid; with a key, or with a contract wallet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from indenture.chain import Receipt, Sender, deploy_call
from indenture.contracts import Bond, BookState, Suite
from indenture.contracts._base import checksum_address
from indenture.contracts.bond import ALL_FROZEN
from indenture.errors import InputError
from indenture.figures import AccruedInterest, CleanQuote, HoldingFlow, PaymentClaim
from indenture.models import (
    Allotment,
    Bid,
    CleanProposal,
    CleanTrade,
    Funds,
    Holding,
    PlacedBids,
    SignedCleanTrade,
    Trade,
)
from indenture.money import Money
from indenture.primary import Form, Stage, TickBid
from indenture.results import (
    BidResult,
    ClaimResult,
    CleanTradeResult,
    MoneyResult,
    OpenBidResult,
    OpeningResult,
    TxResult,
)
from indenture.roles._allotments import allotments_of
from indenture.roles._bidding import bid_result, draft_bids, remember, require_vault, try_all
from indenture.roles._books import existing, placed_bids, refused, require_stage
from indenture.roles._checks import (
    money_in,
    require_cash,
    require_members,
    require_one_chain,
    require_units,
    whole_units,
)
from indenture.roles._claims import claims_of
from indenture.roles._funds import deposit_funds, funds_of, withdraw_funds
from indenture.roles._opening import open_kept, open_own
from indenture.roles._paid import paid_result
from indenture.roles._party import Party
from indenture.roles._sending import Progress, send_all_counted
from indenture.roles._settling import pay_allotment, return_deposit
from indenture.roles.bond_figures import BondFigures
from indenture.roles.clean_trading import (
    Price,
    accepted_trade,
    check_proposal,
    new_clean_trade,
    quote_trade,
    submit_clean_trade,
)
from indenture.roles.trading import TradeNonces, sign_trade
from indenture.sealing import Vault


class Investor:
    """A client of an account that holds bonds.

    Args:
        suite: The contracts.
        sender: The key that sends and signs.
        wallet: Address of a contract wallet (``OwnerWallet``) that the key owns; it is the party then, not
            the key.
    """

    def __init__(self, suite: Suite, sender: Sender, *, wallet: str | None = None) -> None:
        self._party = Party(suite, sender, wallet)
        self.suite = suite
        self.sender = sender
        self.wallet = self._party.wallet

    @property
    def account(self) -> str:
        """The party: the wallet, or else the key's own address."""
        return self._party.account

    # Money for bids

    def funds(self, currency: str | None = None) -> Funds:
        """What stands ready for the account, and what its bids hold.

        Args:
            currency: Code of the currency, or address of its token; None for the only one.
        """
        return funds_of(self.suite, self.account, currency)

    def deposit_funds(self, amount: Money | Decimal | int | str, currency: str | None = None) -> MoneyResult:
        """Adds money to the standing deposit; a first bid takes the deposit of its offering from there.

        Raises:
            PaymentRefused: The account has too little money.
        """
        return deposit_funds(self._party, amount, currency)

    def withdraw_funds(
        self, amount: Money | Decimal | int | str | None = None, currency: str | None = None
    ) -> MoneyResult:
        """Takes money out of the standing deposit; None for all of it.

        Raises:
            PaymentRefused: Not so much stands there.
        """
        return withdraw_funds(self._party, amount, currency)

    # Primary market

    def bid(self, offering_id: int, bids: Sequence[Bid | TickBid], vault: Vault | None = None) -> BidResult:
        """Bids, or replaces all bids of the account, in the form that the offering asks for.

        The first time the deposit is taken: what the standing deposit lacks, from the account.
        What opens sealed bids is kept in the vault before they are sent: keep the vault until they are open.

        Args:
            offering_id: The offering.
            bids: All bids of the account; quotes in percent a year, or as price of one unit.
            vault: Where to keep what opens them; needed unless the book is OPEN.

        Raises:
            InputError: A bid breaks a rule, or there is no vault for sealed bids.
            MembershipRefused: The account, or a client's, may not hold the bond.
            OfferingRefused: The book is not open (yet, or any more).
            PaymentRefused: The money for the deposit is not there.
            VaultError: It cannot be kept; nothing was sent.
        """
        (draft,) = draft_bids(self.suite, offering_id, [(self.account, bids)])
        call = self._party.wrapped(draft.call)
        require_vault([draft], vault)
        try_all(self.suite, [draft], [call], [self.sender.address])
        remember([draft], vault)
        return bid_result(self.suite, draft, self.sender.transact(call))

    def my_bids(self, offering_id: int) -> PlacedBids:
        """What the book holds of the account; sealed bids themselves are in the vault."""
        existing(self.suite, offering_id)
        return placed_bids(self.suite, offering_id, [self.account])[0]

    def withdraw_bid(self, offering_id: int) -> TxResult:
        """Withdraws all bids of the account; their deposit goes to the standing one.  Until the book closes.

        Raises:
            OfferingRefused: There are none, or the book is not open (any more).
        """
        state = existing(self.suite, offering_id)
        placed = placed_bids(self.suite, offering_id, [self.account])[0]
        previous = placed.bids if state.form is Form.OPEN else ()
        call = self.suite.offering.withdraw_bid(offering_id, previous)
        return TxResult.of(self._party.transact(call))

    def open_bid(self, offering_id: int, vault: Vault) -> OpenBidResult:
        """Opens the sealed bids that the book holds of the account; until ``reveals_by``.

        A book that nobody closed is closed first.  In an ENCRYPTED book the bookrunner does this; who does
        not trust him to, does it himself.

        Args:
            offering_id: The offering.
            vault: Where they were kept.

        Raises:
            VaultEntryMissing: The vault does not hold what the book holds: look for another one at once, for
                bids that are not opened in time lose their deposit.
            OfferingRefused: There is nothing to open, it was opened before, or it is not time.
        """
        return open_own(self.suite, self.sender, offering_id, self.account, vault)

    def my_allotment(self, offering_id: int) -> Allotment:
        """What the bids of the account won, and what is to be paid; once the result is published.

        Raises:
            OfferingRefused: There is no result, or no opened bid of the account.
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.PUBLISHED)
        return self._allotment(offering_id, state)

    def pay(self, offering_id: int) -> Allotment:
        """Pays for what the account won, and gets it, in one act; from ``settles_from`` to ``settles_by``.

        Money comes from the deposit of the bids first, then the standing deposit, then the account.

        Raises:
            MembershipRefused: The account, or a client's, may not hold the bond now.
            OfferingRefused: Nothing was won, it is paid already, or it is not time.
            PaymentRefused: The money is not there.
        """
        state = existing(self.suite, offering_id)
        require_stage(self.suite, offering_id, state, Stage.PUBLISHED)
        allotment = self._allotment(offering_id, state)
        pay_allotment(self.suite, self.sender, offering_id, state, allotment)
        return self._allotment(offering_id, state)

    def refund(self, offering_id: int) -> MoneyResult:
        """Takes back the deposit of an offering in which nothing was won, or that came to nothing.

        Where it was returned to the standing deposit before, by anyone, it is taken from there.

        Raises:
            OfferingRefused: The account won and has to pay, or there is no result yet.
            PaymentRefused: It was taken before.
        """
        state = existing(self.suite, offering_id)
        return_deposit(self.suite, self.sender, offering_id, state, self.account)
        ready = self.suite.offering.deposit_of(state.cash, self.account)
        amount = self.suite.money(state.cash, min(ready, state.deposit))
        return withdraw_funds(self._party, amount if amount.base else None, state.cash)

    # Holding

    def holding(self, bond: Bond | str) -> Holding:
        """What the account holds of a bond."""
        return _holding(self.suite, self.suite.bond(bond), self.account)

    def holdings(self) -> tuple[Holding, ...]:
        """Every bond of which the account holds units."""
        bonds = self.suite.bonds()
        calls = [bond.call("balanceOf", self.account) for bond in bonds]
        held = self.suite.chain.call_many(calls)
        return tuple(
            _holding(self.suite, bond, self.account) for bond, units in zip(bonds, held, strict=True) if units
        )

    def accrued(self, bond: Bond | str, on: date | None = None) -> AccruedInterest:
        """Interest that the units of the account have accrued on a day; None for today.

        Raises:
            FixingRefused: The rate of the period is not known yet.
            TermsRefused: The books are closed by then.
            InputError: The account holds no units.
        """
        figures = BondFigures(self.suite, bond)
        units = figures.bond.balance_of(self.account)
        if not units:
            raise InputError(f"{self.account} holds no units of {figures.bond.isin}")
        return figures.accrued(units, on)

    def cash_flows(self, bond: Bond | str) -> tuple[HoldingFlow, ...]:
        """What the account gets, or got, with every payment of a bond: what is known, and what is open."""
        return BondFigures(self.suite, bond).cash_flows(self.account)

    def my_claims(self) -> tuple[PaymentClaim, ...]:
        """Payments of units that the account bought before their record date and got after it, unpaid yet."""
        return claims_of(self.suite, self.account)

    def cash_balance(self, currency: str | None = None) -> Money:
        """What the account has of a currency; None for the only one."""
        token = self.suite.cash(currency)
        return self.suite.money(token.address, token.balance_of(self.account))

    def transfer(self, bond: Bond | str, to: str, units: int) -> TxResult:
        """Moves units to another account, free of payment.

        Raises:
            InputError: Sender and receiver are one.
            MembershipRefused: One of the two may not hold the bond.
            UnitsRefused: Too few units, or too few that may move.
        """
        target, receiver = self.suite.bond(bond), checksum_address(to, "receiver")
        whole_units(units)
        if receiver == self.account:
            raise InputError(f"{receiver} is sender and receiver at once", hint="Name another receiver.")
        require_members(self.suite, [self.account, receiver], eligible=target.terms.eligible)
        entry, held = target.entry(self.account), target.balance_of(self.account)
        free = max(0, held - entry.frozen - entry.pledged)
        require_units(target.address, self.account, held, free, units)
        return TxResult.of(self._party.transact(target.transfer(receiver, units)))

    def transfer_cash(
        self, to: str, amount: Money | Decimal | int | str, currency: str | None = None
    ) -> MoneyResult:
        """Sends money to another member's account."""
        token, receiver = self.suite.cash(currency), checksum_address(to, "receiver")
        money = money_in(self.suite.currency_at(token.address), amount)
        require_members(self.suite, [self.account, receiver])
        require_cash(self.suite, token.address, self.account, money)
        return _money_result(self._party.transact(token.transfer(receiver, money.base)), money)

    # Trading

    def quote(
        self,
        bond: Bond | str,
        units: int,
        price: Price,
        *,
        on: date | None = None,
        traded_at: datetime | None = None,
        seller: str | None = None,
    ) -> CleanQuote:
        """What a trade at a clean price comes to: clean, accrued, dirty, ex or cum; as ``quote_trade``."""
        return quote_trade(self.suite, bond, units, price, on=on, traded_at=traded_at, seller=seller)

    def propose_sale(
        self,
        bond: Bond | str,
        buyer: str,
        units: int,
        price: Price,
        nonces: TradeNonces,
        *,
        most_accrued: Money | Decimal | int | str | None = None,
        traded_at: datetime | None = None,
        valid_from: datetime | None = None,
        deadline: datetime | None = None,
    ) -> CleanProposal:
        """Proposes to sell units at a clean price, signed by this side; arguments as ``new_clean_trade``."""
        trade = new_clean_trade(
            self.suite,
            bond=bond,
            seller=self.account,
            buyer=buyer,
            units=units,
            price=price,
            nonces=nonces,
            most_accrued=most_accrued,
            traded_at=traded_at,
            valid_from=valid_from,
            deadline=deadline,
        )
        return CleanProposal(trade, self.account, self.sign_trade(trade))

    def propose_purchase(
        self,
        bond: Bond | str,
        seller: str,
        units: int,
        price: Price,
        nonces: TradeNonces,
        *,
        most_accrued: Money | Decimal | int | str | None = None,
        traded_at: datetime | None = None,
        valid_from: datetime | None = None,
        deadline: datetime | None = None,
    ) -> CleanProposal:
        """Proposes to buy units at a clean price, signed by this side; arguments as ``new_clean_trade``."""
        trade = new_clean_trade(
            self.suite,
            bond=bond,
            seller=seller,
            buyer=self.account,
            units=units,
            price=price,
            nonces=nonces,
            most_accrued=most_accrued,
            traded_at=traded_at,
            valid_from=valid_from,
            deadline=deadline,
        )
        return CleanProposal(trade, self.account, self.sign_trade(trade))

    def accept_trade(self, proposal: CleanProposal) -> SignedCleanTrade:
        """Signs what the other side proposed; anyone may submit it then.

        Look at the proposal first: ``quote`` says what its price comes to.

        Raises:
            InputError: It is not made to this account, or not paid in the bond's currency.
            SignatureRefused: The other side did not sign it.
        """
        check_proposal(self.suite, proposal, self.account)
        return accepted_trade(proposal, self.account, self.sign_trade(proposal.trade))

    def settle_trade(self, signed: SignedCleanTrade) -> CleanTradeResult:
        """Settles a trade at a clean price: units against money with what has accrued, in one transaction."""
        return submit_clean_trade(self.suite, self.sender, signed)

    def sign_trade(self, trade: Trade | CleanTrade) -> bytes:
        """Signs a trade as the side that this account is; for a wallet, its owner's key signs.

        Raises:
            InputError: The account is neither the seller nor the buyer.
        """
        if self.account not in (trade.seller, trade.buyer):
            raise InputError(f"{self.account} is neither the seller nor the buyer of this trade")
        return sign_trade(self.sender.account, trade, self.suite)

    def cancel_trade(self, trade: Trade | CleanTrade) -> TxResult:
        """Withdraws a signed trade that has not settled: its nonce of this side is used up."""
        if self.account not in (trade.seller, trade.buyer):
            raise InputError(f"{self.account} is neither the seller nor the buyer of this trade")
        nonce = trade.seller_nonce if self.account == trade.seller else trade.buyer_nonce
        call = self.suite.settlement.cancel(nonce >> 8, 1 << (nonce & 255))
        return TxResult.of(self._party.transact(call))

    # Payments

    def claim(self, bond: Bond | str, period: int) -> ClaimResult:
        """Takes what the account is owed of a payment.

        Raises:
            PaymentRefused: It was paid already, nothing is owed, or the payment is not funded or not due.
        """
        target = self.suite.bond(bond)
        receipt = self._party.transact(self.suite.servicing.claim(target.address, period))
        paid = paid_result(self.suite, target, [receipt])
        done, currency = TxResult.of(receipt), paid.amount.currency
        kept = currency.money_from_base(
            sum(each.amount.base for each in paid.kept if each.account == self.account)
        )
        return ClaimResult(done.tx_hash, done.block, done.gas_used, paid.amount, kept, paid.tax)

    def collect(self, bond: Bond | str) -> MoneyResult:
        """Takes what was kept for the account because it could not be sent.

        Raises:
            PaymentRefused: Nothing is kept, or units of the account are frozen.
        """
        target = self.suite.bond(bond)
        cash = target.terms.currency
        kept = self.suite.servicing.kept_for(target.address, self.account)
        receipt = self._party.transact(self.suite.servicing.collect(target.address, self.account))
        return _money_result(receipt, self.suite.money(cash, kept))

    def _allotment(self, offering_id: int, state: BookState) -> Allotment:
        found = allotments_of(self.suite, offering_id, state, [self.account])
        if not found:
            raise refused(
                self.suite,
                "BidUnknown",
                {"offeringId": offering_id, "bidder": self.account},
                f"{self.account} has no opened bids in offering {offering_id}",
                "Who does not bid, or does not open his bids in time, wins nothing.",
            )
        return found[0]


def place_bids(
    suite: Suite,
    offering_id: int,
    wanted: Sequence[tuple[Sender, Sequence[Bid | TickBid]]],
    vault: Vault | None = None,
    *,
    progress: Progress | None = None,
) -> list[BidResult]:
    """Bids of many accounts, pipelined; as ``Investor.bid``.

    Everything is checked, and kept in the vault, before the first is sent.

    Args:
        suite: The contracts.
        offering_id: The offering.
        wanted: Who bids, and all his bids.
        vault: Where to keep what opens them; needed unless the book is OPEN.
        progress: Called with a step, how many have bid, and how many there are.
    """
    if not wanted:
        return []
    drafts = draft_bids(suite, offering_id, [(sender.address, bids) for sender, bids in wanted])
    calls = [draft.call for draft in drafts]
    require_vault(drafts, vault)
    try_all(suite, drafts, calls, [sender.address for sender, _ in wanted])
    remember(drafts, vault)
    items = [(sender, call) for (sender, _), call in zip(wanted, calls, strict=True)]
    receipts = send_all_counted(items, progress, "bid")
    return [bid_result(suite, draft, receipt) for draft, receipt in zip(drafts, receipts, strict=True)]


def open_bids(
    suite: Suite, sender: Sender, offering_id: int, vault: Vault, *, progress: Progress | None = None
) -> OpeningResult:
    """Opens all sealed bids of an offering that a vault can open, pipelined; anyone may send them.

    Args:
        suite: The contracts.
        sender: Who sends.
        offering_id: The offering.
        vault: Where they were kept; bids of any number of accounts.
        progress: Called with a step, how many are sent, and how many there are.

    Returns:
        Whose bids were opened, and whose the vault does not hold or the chain refused.
    """
    return open_kept(suite, sender, offering_id, vault, progress)


def deploy_wallet(suite: Suite, sender: Sender, owner: str | None = None) -> str:
    """Deploys an example of a contract wallet.

    Args:
        suite: Names the chain.
        sender: Who pays for it.
        owner: Whose key acts and signs for it; None for the sender's.

    Returns:
        Its address; the depository must admit it as an account before it can hold anything.
    """
    require_one_chain(suite, sender)
    receipt = sender.transact(deploy_call("OwnerWallet", checksum_address(owner or sender.address, "owner")))
    return str(receipt.contract)


def _holding(suite: Suite, bond: Bond, account: str) -> Holding:
    entry, units = bond.entry(account), bond.balance_of(account)
    terms = bond.terms
    return Holding(
        bond=bond.address,
        isin=terms.isin,
        account=account,
        units=units,
        frozen=entry.frozen if entry.frozen != ALL_FROZEN else units,
        pledged=entry.pledged,
        face=suite.money(terms.currency, units * terms.face_value),
    )


def _money_result(receipt: Receipt, amount: Money) -> MoneyResult:
    done = TxResult.of(receipt)
    return MoneyResult(done.tx_hash, done.block, done.gas_used, amount)
