"""Payments that are a buyer's: of units bought before a record date and delivered after it."""

from __future__ import annotations

import click

from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import View, facts, grid
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import ADDRESS


@click.group(cls=InOrder)
def claims() -> None:
    """Look at claims of buyers to payments, and pay them.

    Who bought units at a clean price before a record date and got them after it was not in the books then:
    the payment is his by a claim.
    """


@claims.command(
    "list",
    epilog=examples("indenture claims list 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"),
)
@reads
@click.argument("account", type=ADDRESS)
def list_(session: Session, account: str) -> View:
    """List the payments that ACCOUNT has a claim to, and has not had yet."""
    from indenture.roles._claims import claims_of

    rows = [
        {
            "isin": each.isin,
            "period": each.period,
            "units": each.units,
            "amount": each.amount,
            "payable from": each.payable_from,
            "funded": each.funded,
        }
        for each in claims_of(session.suite, account)
    ]
    return grid(f"Claims of {account}", rows)


@claims.command("pay", epilog=examples("indenture claims pay CND1000BOC15 1"))
@sends
@click.argument("isin")
@click.argument("period", type=int)
@click.option("--batch", type=int, default=100, show_default=True, help="Buyers in one transaction.")
def pay(session: Session, isin: str, period: int, batch: int) -> View:
    """Pay payment PERIOD to every buyer who has a claim to it. Anyone may."""
    from indenture.cli.coupon import paid
    from indenture.roles import PayingAgent

    session.agree(f"Pay the claims to payment {period} of {isin}, {batch} a transaction")
    result = session.role(PayingAgent).pay_claims(isin, period, batch=batch)
    return facts("Claims paid", {"isin": isin, "period": period, **paid(result)})
