"""The holders' right to be redeemed early."""

from __future__ import annotations

import click

from indenture.cli._events import isin_argument, opened
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import View, facts
from indenture.cli._session import Session, sends


@click.group(cls=InOrder)
def put() -> None:
    """Open a put of the terms, in which holders may be redeemed early.

    Then each elects with the units that he puts (indenture action elect); the issuer pays in on the pay day
    (indenture action fund), and anyone has the holders paid (indenture action settle).
    """


@put.command("open", epilog=examples("indenture put open CND1000RGT67", "indenture put open CND1000RGT67 2"))
@sends
@isin_argument
@click.argument("right", type=click.IntRange(min=1), default=1)
def open_(session: Session, isin: str, right: int) -> View:
    """Open put RIGHT of the terms, the first one unless given. Anyone may.

    Holders can elect in its window only; it is opened once.
    """
    from indenture.roles import Investor

    session.agree(f"Open put {right} of {isin}")
    result = session.role(Investor).open_put(isin, right - 1)
    return facts("Put opened", {"right": right, **opened(session, isin, result)})
