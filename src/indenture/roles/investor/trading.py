"""Trades at a clean price, proposed and accepted; and the signature of any trade."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from indenture.contracts import Bond
from indenture.errors import InputError
from indenture.figures import CleanQuote
from indenture.models import CleanProposal, CleanTrade, SignedCleanTrade, Trade
from indenture.money import Money
from indenture.results import CleanTradeResult, TxResult
from indenture.roles._party import PartyClient
from indenture.roles.clean_trading import (
    Price,
    accepted_trade,
    check_proposal,
    new_clean_trade,
    quote_trade,
    submit_clean_trade,
)
from indenture.roles.trading import TradeNonces, sign_trade


class Trading(PartyClient):
    """An investor's acts in the secondary market."""

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
