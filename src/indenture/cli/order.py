"""An investor's order in an offering."""

from __future__ import annotations

import click

from indenture.cli._help import examples
from indenture.cli._output import View, facts
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import ADDRESS, sent
from indenture.cli.offer import offering_of


@click.group()
def order() -> None:
    """Order in an offering; fetch a refund."""


@order.command("place", epilog=examples("indenture order place CND1000BOC15 500000"))
@sends
@click.argument("isin")
@click.argument("units", type=int)
def place(session: Session, isin: str, units: int) -> View:
    """Order UNITS of a bond, or change your order to UNITS.

    The whole price is deposited; what the order does not need in the end can be fetched back.
    """
    from indenture.roles import Investor

    number = offering_of(session, isin)
    book = session.suite.offering.book(number)
    price = session.suite.money(book.cash, units * book.price)
    session.agree(f"Order {units:,} units of {isin}", f"deposit {price}, offering {number}")
    result = session.role(Investor).order(number, units)
    return facts(
        "Order placed",
        {"isin": isin, "offering": number, "units": result.units, "deposit": result.deposit, **sent(result)},
    )


@order.command("withdraw", epilog=examples("indenture order withdraw CND1000BOC15"))
@sends
@click.argument("isin")
def withdraw(session: Session, isin: str) -> View:
    """Withdraw your order, and get the deposit back. Until the book closes."""
    from indenture.roles import Investor

    number = offering_of(session, isin)
    session.agree(f"Withdraw the order in {isin}, offering {number}")
    result = session.role(Investor).withdraw_order(number)
    return facts("Order withdrawn", {"isin": isin, "offering": number, **sent(result)})


@order.command("refund", epilog=examples("indenture order refund CND1000BOC15"))
@sends
@click.argument("isin")
def refund(session: Session, isin: str) -> View:
    """Fetch what your order did not need."""
    from indenture.roles import Investor

    number = offering_of(session, isin)
    session.agree(f"Fetch the refund of the order in {isin}, offering {number}")
    result = session.role(Investor).refund(number)
    return facts("Refunded", {"isin": isin, "offering": number, "amount": result.amount, **sent(result)})


@order.command(
    "show", epilog=examples("indenture order show CND1000BOC15 0x70997970C51812dc3A010C7d01b50e0d17dc79C8")
)
@reads
@click.argument("isin")
@click.argument("account", type=ADDRESS)
def show(session: Session, isin: str, account: str) -> View:
    """Show the order of ACCOUNT, what it was allotted, and what can be fetched back."""
    number, stamp, offering = offering_of(session, isin), session.chain.block_stamp(), session.suite.offering
    book = offering.book(number, block=stamp)
    found = offering.order_of(number, account, block=stamp)
    return facts(
        "Order",
        {
            "isin": isin,
            "offering": number,
            "account": account,
            "units": found.units,
            "deposit": session.suite.money(book.cash, found.deposit),
            "allotted": offering.allotments(number, [account], block=stamp)[0],
            "settled": found.settled,
            "refundable": session.suite.money(
                book.cash, offering.refundable(number, [account], block=stamp)[0]
            ),
            "currency": session.suite.currency_at(book.cash).code,
            "block": stamp.number,
        },
    )
