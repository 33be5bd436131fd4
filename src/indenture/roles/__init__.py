"""One client per role: a method is one business act, checked, sent, waited for."""

from indenture.roles.auditor import Auditor
from indenture.roles.bookrunner import Bookrunner, allocation, offering_book
from indenture.roles.cash_issuer import CashIssuer
from indenture.roles.depository import Depository
from indenture.roles.investor import Investor, deploy_wallet, place_orders
from indenture.roles.issuer import Issuer, canonical_text
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

__all__ = [
    "Auditor",
    "Bookrunner",
    "CashIssuer",
    "Depository",
    "Investor",
    "Issuer",
    "PayingAgent",
    "TradeNonces",
    "allocation",
    "cancel_nonces",
    "canonical_text",
    "deploy_wallet",
    "free_nonces",
    "new_trade",
    "offering_book",
    "place_orders",
    "sign_trade",
    "submit_trade",
    "submit_trades",
]
