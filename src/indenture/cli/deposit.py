"""Standing deposits: money that stands ready for bids, and what bids hold of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import View, facts
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import ADDRESS, AMOUNT, WALLET_OPTION, sent

if TYPE_CHECKING:
    from indenture.models import Funds

_currency = click.option("--currency", help="Code of the currency; needed where there are several.")


@click.group(cls=InOrder)
def deposit() -> None:
    """Keep money ready for bids, and take it back.

    A bid and a place in a syndicate hold the deposit that their offering asks for, the same for every
    bidder, and payment takes from here first. What is missing is taken from the account, so that nobody has
    to fund before.
    """


@deposit.command("fund", epilog=examples("indenture deposit fund 1000000.00"))
@sends
@click.argument("amount", type=AMOUNT)
@_currency
@WALLET_OPTION
def fund(session: Session, amount: Decimal, currency: str | None, wallet: str | None) -> View:
    """Put AMOUNT from your account into your standing deposit."""
    from indenture.roles import Investor

    role = session.role(lambda suite, sender: Investor(suite, sender, wallet=wallet))
    session.agree(
        f"Put {amount:,f} {currency or ''}".rstrip() + " into the standing deposit", f"of {role.account}"
    )
    result = role.deposit_funds(amount, currency)
    return facts("Deposited", {"account": role.account, **_after(role.funds(currency)), **sent(result)})


@deposit.command(
    "withdraw", epilog=examples("indenture deposit withdraw", "indenture deposit withdraw 250000.00")
)
@sends
@click.argument("amount", type=AMOUNT, required=False)
@_currency
@WALLET_OPTION
def withdraw(session: Session, amount: Decimal | None, currency: str | None, wallet: str | None) -> View:
    """Take AMOUNT back to your account; all that stands ready unless given."""
    from indenture.roles import Investor

    role = session.role(lambda suite, sender: Investor(suite, sender, wallet=wallet))
    what = "all that stands ready" if amount is None else f"{amount:,f} {currency or ''}".rstrip()
    session.agree(
        f"Take {what} out of the standing deposit", f"of {role.account}, {role.funds(currency).balance} ready"
    )
    result = role.withdraw_funds(amount, currency)
    return facts(
        "Withdrawn",
        {"account": role.account, "amount": result.amount, **_after(role.funds(currency)), **sent(result)},
    )


@deposit.command("show", epilog=examples("indenture deposit show 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"))
@reads
@click.argument("account", type=ADDRESS)
@_currency
def show(session: Session, account: str, currency: str | None) -> View:
    """Show the money of ACCOUNT for bids: what stands ready, and what they hold."""
    from indenture.roles._funds import funds_of

    return facts(
        "Standing deposit", {"account": account, **_after(funds_of(session.suite, account, currency))}
    )


def _after(funds: Funds) -> dict[str, object]:
    return {
        "ready": funds.balance,
        "held by bids": funds.held,
        "currency": funds.balance.currency.code,
    }
