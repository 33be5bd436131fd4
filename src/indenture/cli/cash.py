"""Tokenised money: the cash issuer's acts, balances and transfers."""

from __future__ import annotations

from decimal import Decimal

import click

from indenture.cli._group import Suggesting
from indenture.cli._help import examples
from indenture.cli._output import View, facts
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import ADDRESS, AMOUNT, sent

_currency = click.option(
    "--currency", metavar="CODE", help="Code of the currency; needed only where the depository has several."
)


@click.group(cls=Suggesting)
def cash() -> None:
    """Issue, redeem, send and look at tokenised money."""


def _code(session: Session, currency: str | None) -> str:
    token = session.suite.cash(currency)
    return session.suite.currency_at(token.address).code


@cash.command(
    "issue", epilog=examples("indenture cash issue 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 1000000.00")
)
@sends
@click.argument("account", type=ADDRESS)
@click.argument("amount", type=AMOUNT)
@_currency
def issue(session: Session, account: str, amount: Decimal, currency: str | None) -> View:
    """Issue AMOUNT to the ACCOUNT of a member (cash issuer)."""
    from indenture.roles import CashIssuer

    code = _code(session, currency)
    session.agree(f"Issue {code} {amount:,f} to {account}")
    result = session.role(lambda suite, sender: CashIssuer(suite, sender, code)).issue([(account, amount)])
    return facts(
        "Issued", {"account": account, "amount": amount, "currency": code, **sent(result.transactions[-1])}
    )


@cash.command("redeem", epilog=examples("indenture cash redeem 250000.00"))
@sends
@click.argument("amount", type=AMOUNT)
@_currency
def redeem(session: Session, amount: Decimal, currency: str | None) -> View:
    """Take AMOUNT that the cash issuer holds out of circulation (cash issuer)."""
    from indenture.roles import CashIssuer

    code = _code(session, currency)
    session.agree(f"Redeem {code} {amount:,f}")
    result = session.role(lambda suite, sender: CashIssuer(suite, sender, code)).redeem(amount)
    return facts("Redeemed", {"amount": amount, "currency": code, **sent(result)})


@cash.command(
    "transfer",
    epilog=examples("indenture cash transfer 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC 650000000"),
)
@sends
@click.argument("account", type=ADDRESS)
@click.argument("amount", type=AMOUNT)
@_currency
def transfer(session: Session, account: str, amount: Decimal, currency: str | None) -> View:
    """Send AMOUNT of your own money to ACCOUNT."""
    from indenture.roles import Investor

    code = _code(session, currency)
    session.agree(f"Send {code} {amount:,f} to {account}")
    result = session.role(Investor).transfer_cash(account, amount, code)
    return facts("Sent", {"account": account, "amount": amount, "currency": code, **sent(result)})


@cash.command("balance", epilog=examples("indenture cash balance 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"))
@reads
@click.argument("account", type=ADDRESS)
@_currency
def balance(session: Session, account: str, currency: str | None) -> View:
    """Show the money of ACCOUNT."""
    token, stamp = session.suite.cash(currency), session.chain.block_stamp()
    held = session.suite.money(token.address, token.balance_of(account, block=stamp))
    return facts(
        "Balance", {"account": account, "amount": held, "currency": held.currency.code, "block": stamp.number}
    )
