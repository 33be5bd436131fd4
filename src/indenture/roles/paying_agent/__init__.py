"""The paying agent: fixes periods, funds and pays what is due, draws lots, serves a default."""

from __future__ import annotations

from indenture.roles.paying_agent.actions import ActionPayments
from indenture.roles.paying_agent.drawings import Drawings
from indenture.roles.paying_agent.lives import Recoveries
from indenture.roles.paying_agent.payments import Payments

__all__ = ["PayingAgent"]


class PayingAgent(Payments, ActionPayments, Drawings, Recoveries):
    """A client of a paying agent's account; the chain lets anyone fix, fund, draw and pay.

    Args:
        suite: The contracts.
        sender: The account whose money funds.
    """
