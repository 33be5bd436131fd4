"""Stated events: what they give the issuer, and the holders."""

from __future__ import annotations

from datetime import date

import click

from indenture.cli._events import isin_argument, opened
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import View, facts
from indenture.cli._session import Session, sends
from indenture.cli._values import DAY, DOCUMENT, sent


@click.group(cls=InOrder)
def event() -> None:
    """Say that a stated event has happened, or redeem on it.

    Which events the terms state, by CODE, and whose right each is: indenture rights show.
    """


@event.command(
    "declare", epilog=examples("indenture event declare CND1000RGT67 CONTROL --document notice.pdf")
)
@sends
@isin_argument
@click.argument("code")
@click.option("--document", type=DOCUMENT, required=True, help="What proves it: a file, or its Keccak-256.")
def declare(session: Session, isin: str, code: str, document: bytes) -> View:
    """Open the holders' put of the event CODE (issuer, or by power).

    They may elect from now on, for as long as the right says; seven days after that they are paid.
    """
    from indenture.roles import Depository, Issuer

    session.agree(
        f"Say that {code} of {isin} has happened", "this opens a put of the holders, and cannot be undone"
    )
    if session.account.address == session.bond(isin).terms.issuer_account:
        result = session.role(Issuer).declare_event(isin, code, document)
    else:
        result = session.role(Depository).declare_event(isin, code, document)
    return facts("Event declared", {"code": code, "document": document, **opened(session, isin, result)})


@event.command(
    "redeem",
    epilog=examples("indenture event redeem CND1000RGT67 TAXLAW 2025-03-31 --document opinion.pdf"),
)
@sends
@isin_argument
@click.argument("code")
@click.argument("day", type=DAY)
@click.option("--document", type=DOCUMENT, required=True, help="What proves it: a file, or its Keccak-256.")
def redeem(session: Session, isin: str, code: str, day: date, document: bytes) -> View:
    """Redeem the whole bond on DAY, as the event CODE has happened (issuer)."""
    from indenture.roles import Issuer

    session.agree(f"Redeem {isin} early, for {code}: it ends on {day}", "this cannot be undone")
    result = session.role(Issuer).redeem_on_event(isin, code, day, document)
    about = {
        "isin": isin,
        "code": code,
        "last period": result.last_period,
        "ends on": result.day,
        "price": result.price,
        "document": document,
        **sent(result),
    }
    return facts("Redeemed on an event", about)
