"""The investor: orders, holds, trades and is paid; with a key, or with a contract wallet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from indenture.chain import ContractCall, Receipt, Sender, deploy_call, send_all
from indenture.contracts import Bond, OwnerWallet, Suite
from indenture.contracts._base import checksum_address
from indenture.contracts.bond import ALL_FROZEN
from indenture.errors import InputError, MembershipRefused, OfferingRefused
from indenture.models import Holding, OfferingBook, Order, Stage, Trade
from indenture.money import Money
from indenture.results import ClaimResult, MoneyResult, OrderResult, TxResult
from indenture.roles._checks import (
    distinct,
    money_in,
    require_balance,
    require_cash,
    require_members,
    require_one_chain,
    require_units,
    whole_units,
)
from indenture.roles._paid import paid_result
from indenture.roles.bookrunner import offering_book
from indenture.roles.trading import sign_trade


class Investor:
    """A client of an account that holds bonds.

    Args:
        suite: The contracts.
        sender: The key that sends and signs.
        wallet: Address of a contract wallet (``OwnerWallet``) that the key owns; it is the party then, not
            the key.
    """

    def __init__(self, suite: Suite, sender: Sender, *, wallet: str | None = None) -> None:
        require_one_chain(suite, sender)
        self.suite = suite
        self.sender = sender
        self.wallet = OwnerWallet(suite.chain, checksum_address(wallet, "wallet")) if wallet else None

    @property
    def account(self) -> str:
        """The party: the wallet, or else the key's own address."""
        return self.wallet.address if self.wallet else self.sender.address

    # Primary market

    def order(self, offering_id: int, units: int) -> OrderResult:
        """Places an order, or replaces the one there is; the money for it is taken at once, or given back.

        Raises:
            MembershipRefused: The account may not hold the bond.
            OfferingRefused: The book is not open, or the units are not allowed.
            PaymentRefused: The account has too little money.
        """
        book = offering_book(self.suite, offering_id)
        _check_order_units(self.suite, book, whole_units(units))
        terms = self.suite.bond(book.bond).terms
        require_members(self.suite, [self.account], eligible=terms.eligible)
        if book.stage is Stage.OPEN:
            _require_deposits(self.suite, book, terms.currency, [(self.account, units)])
        receipt = self._send(self._wrap(self.suite.offering.order(offering_id, units)))
        return _order_result(self.suite, book, units, receipt)

    def order_of(self, offering_id: int) -> Order:
        """The account's order; units are zero when there is none."""
        book = offering_book(self.suite, offering_id)
        state = self.suite.offering.order_of(offering_id, self.account)
        (allotment,) = self.suite.offering.allotments(offering_id, [self.account]) if state.units else (0,)
        deposit = book.price.currency.money_from_base(state.deposit)
        return Order(offering_id, self.account, state.units, deposit, state.settled, allotment)

    def withdraw_order(self, offering_id: int) -> OrderResult:
        """Withdraws the order; all its money comes back."""
        book = offering_book(self.suite, offering_id)
        receipt = self._send(self._wrap(self.suite.offering.withdraw(offering_id)))
        done = TxResult.of(receipt)
        return OrderResult(done.tx_hash, done.block, done.gas_used, 0, book.price.currency.money_from_base(0))

    def refund(self, offering_id: int) -> MoneyResult:
        """Takes back what is free of the deposit.

        Raises:
            PaymentRefused: Nothing is free (yet).
        """
        book = offering_book(self.suite, offering_id)
        receipt = self._send(self._wrap(self.suite.offering.refund(offering_id, self.account)))
        amount = sum(
            event["amount"]
            for event in receipt.events(self.suite.offering.abi, self.suite.offering.address)
            if event.name == "DepositRefunded"
        )
        return _money_result(receipt, book.price.currency.money_from_base(amount))

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
        return TxResult.of(self._send(self._wrap(target.transfer(receiver, units))))

    def transfer_cash(
        self, to: str, amount: Money | Decimal | int | str, currency: str | None = None
    ) -> MoneyResult:
        """Sends money to another member's account."""
        token, receiver = self.suite.cash(currency), checksum_address(to, "receiver")
        money = money_in(self.suite.currency_at(token.address), amount)
        require_members(self.suite, [self.account, receiver])
        require_cash(self.suite, token.address, self.account, money)
        return _money_result(self._send(self._wrap(token.transfer(receiver, money.base))), money)

    # Trading

    def sign_trade(self, trade: Trade) -> bytes:
        """Signs a trade as the side that this account is; for a wallet, its owner's key signs.

        Raises:
            InputError: The account is neither the seller nor the buyer.
        """
        if self.account not in (trade.seller, trade.buyer):
            raise InputError(f"{self.account} is neither the seller nor the buyer of this trade")
        return sign_trade(self.sender.account, trade, self.suite)

    def cancel_trade(self, trade: Trade) -> TxResult:
        """Withdraws a signed trade that has not settled: its nonce of this side is used up."""
        if self.account not in (trade.seller, trade.buyer):
            raise InputError(f"{self.account} is neither the seller nor the buyer of this trade")
        nonce = trade.seller_nonce if self.account == trade.seller else trade.buyer_nonce
        call = self.suite.settlement.cancel(nonce >> 8, 1 << (nonce & 255))
        return TxResult.of(self._send(self._wrap(call)))

    # Payments

    def claim(self, bond: Bond | str, period: int) -> ClaimResult:
        """Takes what the account is owed of a payment.

        Raises:
            PaymentRefused: It was paid already, nothing is owed, or the payment is not funded or not due.
        """
        target = self.suite.bond(bond)
        receipt = self._send(self._wrap(self.suite.servicing.claim(target.address, period)))
        paid = paid_result(self.suite, target, [receipt])
        done, currency = TxResult.of(receipt), paid.amount.currency
        kept = currency.money_from_base(
            sum(each.amount.base for each in paid.kept if each.account == self.account)
        )
        return ClaimResult(done.tx_hash, done.block, done.gas_used, paid.amount, kept)

    def collect(self, bond: Bond | str) -> MoneyResult:
        """Takes what was kept for the account because it could not be sent.

        Raises:
            PaymentRefused: Nothing is kept, or units of the account are frozen.
        """
        target = self.suite.bond(bond)
        cash = target.terms.currency
        kept = self.suite.servicing.kept_for(target.address, self.account)
        receipt = self._send(self._wrap(self.suite.servicing.collect(target.address, self.account)))
        return _money_result(receipt, self.suite.money(cash, kept))

    # Helpers

    def _wrap(self, call: ContractCall) -> ContractCall:
        return self.wallet.execute(call) if self.wallet else call

    def _send(self, call: ContractCall) -> Receipt:
        if self.wallet and self.wallet.owner() != self.sender.address:
            raise MembershipRefused(
                "WalletCallerRefused",
                {"caller": self.sender.address},
                message=f"{self.sender.address} does not own the wallet {self.wallet.address}",
                hint="Use the owner's key.",
                contract=self.wallet.address,
            )
        return self.sender.transact(call)


def place_orders(suite: Suite, offering_id: int, orders: Sequence[tuple[Sender, int]]) -> list[OrderResult]:
    """Places orders of many accounts, pipelined.

    Everything is checked before the first is sent.

    Args:
        suite: The contracts.
        offering_id: The offering.
        orders: Who orders, and how many units.

    Raises:
        MembershipRefused: An account may not hold the bond.
        OfferingRefused: The book is not open, or units are not allowed.
        PaymentRefused: An account has too little money.
    """
    if not orders:
        return []
    book = offering_book(suite, offering_id)
    bond = suite.bond(book.bond)
    accounts = [sender.address for sender, _ in orders]
    distinct(accounts, "orders")
    require_members(suite, accounts, eligible=bond.terms.eligible)
    for _, units in orders:
        _check_order_units(suite, book, whole_units(units))
    if book.stage is Stage.OPEN:
        _require_deposits(suite, book, bond.terms.currency, [(s.address, units) for s, units in orders])
    receipts = send_all([(sender, suite.offering.order(offering_id, units)) for sender, units in orders])
    return [
        _order_result(suite, book, units, receipt)
        for (_, units), receipt in zip(orders, receipts, strict=True)
    ]


def _require_deposits(suite: Suite, book: OfferingBook, cash: str, orders: Sequence[tuple[str, int]]) -> None:
    """Raises ``PaymentRefused`` unless each account has what its deposit still lacks."""
    accounts = [account for account, _ in orders]
    placed = suite.offering.orders_of(book.offering_id, accounts)
    balances = suite.cash_at(cash).balances(accounts)
    for (account, units), order, balance in zip(orders, placed, balances, strict=True):
        require_balance(suite, cash, account, balance, units * book.price.base - order.deposit)


def _check_order_units(suite: Suite, book: OfferingBook, units: int) -> None:
    least, most, lot = book.minimum_order, book.maximum_order, book.lot
    if least <= units <= most and units % lot == 0:
        return
    reason = f"an order of {units:,} units is not between {least:,} and {most:,}"
    if units % lot:
        reason = f"an order of {units:,} units is not a multiple of the minimum denomination, {lot:,} units"
    raise OfferingRefused(
        "OrderUnitsInvalid",
        {"units": units, "minimum": least, "maximum": most, "lot": lot},
        message=reason,
        hint=f"See the conditions of offering {book.offering_id}.",
        contract=suite.offering.address,
    )


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


def _order_result(suite: Suite, book: OfferingBook, units: int, receipt: Receipt) -> OrderResult:
    placed = [
        e for e in receipt.events(suite.offering.abi, suite.offering.address) if e.name == "OrderPlaced"
    ]
    done, deposit = TxResult.of(receipt), book.price.currency.money_from_base(placed[0]["deposit"])
    return OrderResult(done.tx_hash, done.block, done.gas_used, units, deposit)


def _money_result(receipt: Receipt, amount: Money) -> MoneyResult:
    done = TxResult.of(receipt)
    return MoneyResult(done.tx_hash, done.block, done.gas_used, amount)
