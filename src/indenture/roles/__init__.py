"""One client per role: a method is one business act, checked, sent, waited for."""

from indenture.roles._books import offering_book
from indenture.roles.auditor import Auditor
from indenture.roles.benchmark_administrator import (
    BenchmarkAdministrator,
    all_benchmarks,
    benchmark_info,
    published_values,
)
from indenture.roles.bond_figures import BondFigures
from indenture.roles.bookrunner import Bookrunner
from indenture.roles.cash_issuer import CashIssuer
from indenture.roles.clean_trading import (
    new_clean_trade,
    quote_trade,
    submit_clean_trade,
    submit_clean_trades,
)
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
    "BenchmarkAdministrator",
    "BondFigures",
    "Bookrunner",
    "CashIssuer",
    "Depository",
    "Investor",
    "Issuer",
    "PayingAgent",
    "TradeNonces",
    "Underwriter",
    "all_benchmarks",
    "benchmark_info",
    "cancel_nonces",
    "canonical_text",
    "deploy_wallet",
    "fixed_price_rules",
    "free_nonces",
    "new_clean_trade",
    "new_trade",
    "offering_book",
    "open_bids",
    "place_bids",
    "published_values",
    "quote_trade",
    "sign_trade",
    "submit_clean_trade",
    "submit_clean_trades",
    "submit_trade",
    "submit_trades",
]
