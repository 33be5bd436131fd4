"""One client per role: a method is one business act, checked, sent, waited for."""

from indenture.roles._books import offering_book
from indenture.roles.auditor import Auditor
from indenture.roles.bookrunner import Bookrunner
from indenture.roles.cash_issuer import CashIssuer
from indenture.roles.depository import Depository
from indenture.roles.investor import Investor, deploy_wallet, open_bids, place_bids
from indenture.roles.issuer import Issuer, canonical_text, fixed_price_rules
from indenture.roles.paying_agent import PayingAgent
from indenture.roles.trading import (
    TradeNonces,
    cancel_nonces,
    free_nonces,
    new_trade,
    sign_trade,
    submit_trade,
    submit_trades,
)
from indenture.roles.underwriter import Underwriter

__all__ = [
    "Auditor",
    "Bookrunner",
    "CashIssuer",
    "Depository",
    "Investor",
    "Issuer",
    "PayingAgent",
    "TradeNonces",
    "Underwriter",
    "cancel_nonces",
    "canonical_text",
    "deploy_wallet",
    "fixed_price_rules",
    "free_nonces",
    "new_trade",
    "offering_book",
    "open_bids",
    "place_bids",
    "sign_trade",
    "submit_trade",
    "submit_trades",
]
