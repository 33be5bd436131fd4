"""What comes in for a bond that was made due."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from indenture.cli._clock import Local
from indenture.cli._events import isin_argument
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import View, facts, grid
from indenture.cli._progress import progress_of
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import AMOUNT, DAY, DOCUMENT, sent
from indenture.cli.coupon import paid
from indenture.errors import InputError

if TYPE_CHECKING:
    from indenture.roles.bond_figures import BondFigures


@click.group(cls=InOrder)
def recovery() -> None:
    """Pay recoveries of a bond that was made due.

    Each has a record date of its own, and a number that follows those of the coupons. What is owed:
    indenture default claim.
    """


@recovery.command("list", epilog=examples("indenture recovery list CND1000RGT67"))
@reads
@isin_argument
def list_(session: Session, isin: str) -> View:
    """List the recoveries of a bond: record dates, amounts, what is paid."""
    figures = _due(session, isin)
    state, book, bond = figures.bond_state(), figures.bond.book(), figures.bond
    rows: list[dict[str, object]] = []
    for number in range(state.records_at_due + 1, book.records + 2):
        days = bond.payment_days(number)
        if days is None:
            continue
        escrow = session.suite.servicing.payment(bond.address, number)
        rows.append(
            {
                "recovery": number,
                "record": Local(days.record_time, bond.terms.utc_offset),
                "pay day": days.pay_day,
                "amount": session.suite.money(bond.terms.currency, escrow.funded),
                "paid": session.suite.money(bond.terms.currency, escrow.paid),
                "units served": f"{escrow.units_paid:,} of {escrow.units:,}",
                "last": escrow.is_last,
            }
        )
    return grid(f"Recoveries of {bond.isin}", rows, empty="None has come in so far.")


@recovery.command(
    "fund",
    epilog=examples(
        "indenture recovery fund CND1000RGT67 600000.00 --record 2026-09-14 --document report.pdf",
        "indenture recovery fund CND1000RGT67 1250.00 --record 2027-03-01 --final --document end.pdf",
    ),
)
@sends
@isin_argument
@click.argument("amount", type=AMOUNT)
@click.option(
    "--record", type=DAY, required=True, metavar="DAY", help="Who holds then is paid; a business day to come."
)
@click.option(
    "--final", is_flag=True, help="Nothing more will come: the units are burned with it (by power)."
)
@click.option("--document", type=DOCUMENT, default=b"", help="What it rests on: a file, or its Keccak-256.")
def fund(session: Session, isin: str, amount: Decimal, record: date, *, final: bool, document: bytes) -> View:
    """Pay AMOUNT in for the holders (issuer, paying agent, or by power).

    The record day is a business day within 31 days; it is paid on the business day after. What covers all
    that is owed is the last; short of it, --final is for who has the power, with the document that says so.
    """
    from indenture.roles import PayingAgent

    figures = _due(session, isin)
    claim = figures.claim()
    money = session.suite.currency_at(figures.bond.terms.currency).money(amount)
    if final and not document:
        raise InputError("--final needs --document", hint="Name what says that nothing more will come.")
    details = [f"owed so far: {claim.total}"] if claim else []
    last = ["the last one: what it does not cover is lost to the holders"] if final else []
    session.agree(f"Pay {money} in for {isin}, for who holds it on {record}", *details, *last)
    result = session.role(PayingAgent).fund_recovery(isin, amount, record, final=final, document=document)
    zone = figures.bond.terms.utc_offset
    about = {
        "isin": isin,
        "recovery": result.record,
        "amount": result.amount,
        "currency": result.amount.currency.code,
        "record": Local(result.record_time, zone),
        "pays": Local(result.pay_time, zone),
        "principal of a unit left": result.principal,
        "interest of a unit left": result.interest,
        "last": result.is_final,
        **sent(result),
    }
    return facts("Recovery funded", about)


@recovery.command("pay", epilog=examples("indenture recovery pay CND1000RGT67 5"))
@sends
@isin_argument
@click.argument("number", metavar="RECOVERY", type=click.IntRange(min=1))
@click.option("--batch", type=int, default=100, show_default=True, help="Holders in one transaction.")
def pay(session: Session, isin: str, number: int, batch: int) -> View:
    """Pay RECOVERY to every holder of record who is not served yet. Anyone may.

    The last one burns the units.
    """
    from indenture.roles import PayingAgent

    figures = _due(session, isin)
    agent, bond = session.role(PayingAgent), figures.bond
    escrow = session.suite.servicing.payment(bond.address, number)
    if number <= figures.bond_state().records_at_due or escrow.funded_at is None:
        raise InputError(f"{bond.isin} has no recovery {number}", hint="List them: indenture recovery list.")
    is_last = escrow.is_last
    end = ", and burn their units" if is_last else ""
    session.agree(f"Pay recovery {number} of {isin} to all holders of record{end}, {batch} a transaction")
    with progress_of("Pay") as progress:
        if is_last:
            result = agent.redeem(bond, batch=batch, progress=progress)
        else:
            result = agent.pay(bond, number, batch=batch, progress=progress)
    return facts("Recovery paid", {"isin": isin, "recovery": number, **paid(result)})


def _due(session: Session, isin: str) -> BondFigures:
    """The figures of a bond that was made due.

    Raises:
        InputError: It was not.
    """
    from indenture.roles.bond_figures import BondFigures

    figures = BondFigures(session.suite, session.bond(isin))
    if not figures.bond_state().in_default:
        raise InputError(
            f"{isin} was not made due, and has no recoveries",
            hint="What is late is cured by paying it: indenture default status, indenture coupon fund.",
        )
    return figures
