"""Sinking funds: units that are drawn by lot with a payment."""

from __future__ import annotations

import click

from indenture.cli._events import isin_argument, opened
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import View, facts
from indenture.cli._session import Session, sends


@click.group(cls=InOrder)
def sinking() -> None:
    """Announce the drawings of a sinking fund.

    Units that the issuer cancelled before (indenture buyback cancel) count towards them.
    """


@sinking.command("announce", epilog=examples("indenture sinking announce CND1000RGT67 3"))
@sends
@isin_argument
@click.argument("period", type=click.IntRange(min=1))
def announce(session: Session, isin: str, period: int) -> View:
    """Announce the drawing that is redeemed with payment PERIOD. Anyone may.

    From 60 days before it is due. From ten days before, the units are drawn: indenture action draw.
    """
    from indenture.roles import PayingAgent

    session.agree(f"Announce the sinking fund's drawing of {isin} for payment {period}")
    result = session.role(PayingAgent).draw_sinking(isin, period)
    title = "Drawing announced" if result.action else "No drawing: enough units were cancelled"
    return facts(title, {"period": period, **opened(session, isin, result)})
