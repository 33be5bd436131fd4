"""The issuer's acts on a bond's terms."""

from __future__ import annotations

from pathlib import Path

import click

from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, View, facts
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import sent
from indenture.primary.result import percent_of


@click.group()
def issue() -> None:
    """Register a bond from its term sheet, and look at it."""


@issue.command("register", epilog=examples("indenture issue register terms/boc-2019-sme.yaml"))
@sends
@click.argument("terms", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def register(session: Session, terms: Path) -> View:
    """Register the bond of the term sheet TERMS.

    Its terms are sealed and never change.
    """
    from indenture.roles import Issuer
    from indenture.termsheet import load_term_sheet

    sheet = load_term_sheet(terms)
    session.agree(
        f"Register {sheet.isin}, {sheet.name}",
        f"{sheet.total}: {sheet.units:,} units of {sheet.currency.code} {sheet.face_value}",
        f"{sheet.coupon.rate_label} {sheet.coupon.frequency.label}",
        f"{sheet.issue_date} to {sheet.maturity_date}",
    )
    issued = session.role(Issuer).register(terms)
    return facts(
        "Bond registered", {"isin": issued.isin, "bond": issued.address, **sent(issued.transactions[0])}
    )


@issue.command("show", epilog=examples("indenture issue show CND1000BOC15"))
@reads
@click.argument("isin")
def show(session: Session, isin: str) -> View:
    """Show the terms of a bond and where it stands."""
    bond, stamp = session.bond(isin), session.chain.block_stamp()
    terms, book = bond.terms, bond.book(block=stamp)
    money = session.suite.money
    about = {
        "isin": terms.isin,
        "name": terms.name,
        "symbol": terms.symbol,
        "bond": bond.address,
        "issuer": terms.issuer,
        "issuer account": terms.issuer_account,
        "currency": session.suite.currency_at(terms.currency).code,
        "face value": money(terms.currency, terms.face_value),
        "units authorised": terms.units,
        "units outstanding": book.supply,
        "coupon": "by tender" if terms.coupon_rate is None else f"{percent_of(terms.coupon_rate):f} %",
        "day count": terms.day_count,
        "issue day": terms.issue_day,
        "maturity day": terms.maturity_day,
        "periods": terms.periods,
        "calendar": terms.calendar,
        "roll": terms.roll,
        "record dates passed": book.records,
        "next due": book.next_time,
        "paused": book.paused,
        "block": stamp.number,
    }
    documents = [
        {"name": document.name, "uri": document.uri, "hash": document.digest, "set": document.modified}
        for document in bond.documents(block=stamp)
    ]
    return View(
        {**facts("", about).data, "documents": documents},
        [Facts("Bond", about), Grid("Documents", documents)],
    )
