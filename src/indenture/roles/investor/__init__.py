"""The investor: bids, holds, trades, elects and is paid; with a key, or with a contract wallet."""

from __future__ import annotations

from indenture.roles.investor.bidding import Bidding, open_bids, place_bids
from indenture.roles.investor.elections import Elections
from indenture.roles.investor.holdings import Holdings
from indenture.roles.investor.payments import Payments
from indenture.roles.investor.trading import Trading
from indenture.roles.investor.wallets import deploy_wallet

__all__ = ["Investor", "deploy_wallet", "open_bids", "place_bids"]


class Investor(Bidding, Holdings, Trading, Payments, Elections):
    """A client of an account that holds bonds.

    Args:
        suite: The contracts.
        sender: The key that sends and signs.
        wallet: Address of a contract wallet (``OwnerWallet``) that the key owns; it is the party then, not
            the key.
    """
