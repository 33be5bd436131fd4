"""The issuer's acts on a bond's terms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from indenture.cli._group import Suggesting
from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, View, facts
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import ADDRESS, sent
from indenture.primary.result import percent_of
from indenture.provisions import CouponKind

if TYPE_CHECKING:
    from indenture.contracts.bond_terms import BondTerms


@click.group(cls=Suggesting)
def issue() -> None:
    """Register a bond from its term sheet, and look at it."""


@issue.command(
    "register",
    epilog=examples(
        "indenture issue register terms/boc-2019-sme.yaml",
        "indenture issue register terms/withholding.yaml \\",
        "    --tax-account 0x90F79bf6EB2c4f870365E785982E1f101E93b906",
    ),
)
@sends
@click.argument("terms", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--tax-account",
    type=ADDRESS,
    help="Who receives the tax, of a term sheet that withholds some and leaves the account out.",
)
def register(session: Session, terms: Path, tax_account: str | None) -> View:
    """Register the bond of the term sheet TERMS.

    Its terms are sealed and never change. Benchmarks and joint markets that it names must be there.
    """
    from indenture.cli._payments import coupon_words
    from indenture.roles import Issuer
    from indenture.termsheet import load_term_sheet, remarks_of

    sheet = load_term_sheet(terms)
    session.agree(
        f"Register {sheet.isin}, {sheet.name}",
        f"{sheet.total}: {sheet.units:,} units of {sheet.currency.code} {sheet.face_value}",
        coupon_words(sheet),
        f"{sheet.issue_date} to {sheet.maturity_date}",
        *([f"tax to {tax_account}"] if tax_account else []),
        *(f"look twice: {remark}" for remark in remarks_of(sheet)),
    )
    issued = session.role(Issuer).register(terms, tax_account=tax_account)
    return facts(
        "Bond registered", {"isin": issued.isin, "bond": issued.address, **sent(issued.transactions[0])}
    )


@issue.command("show", epilog=examples("indenture issue show CND1000BOC15"))
@reads
@click.argument("isin")
def show(session: Session, isin: str) -> View:
    """Show the terms of a bond and where it stands.

    What may happen before it is repaid is in indenture rights show, changes in indenture terms show.
    """
    from indenture.roles.bond_figures import BondFigures

    bond, stamp = session.bond(isin), session.chain.block_stamp()
    terms, book = bond.terms, bond.book(block=stamp)
    figures = BondFigures(session.suite, bond)
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
        "coupon": _coupon(terms),
        "kind": terms.kind,
        "day count": terms.day_count,
        "rounding": terms.rounding,
        "issue day": terms.issue_day,
        "maturity day": figures.maturity_day,
        "periods": figures.last_period,
        "periods fixed": session.suite.servicing.fixed_periods(bond.address, block=stamp),
        "calendar": terms.calendar,
        "roll": terms.roll,
        "adjusted": terms.adjusted,
        "record dates passed": book.records,
        "next due": book.next_time,
        "paused": book.paused,
        "made due": figures.bond_state().in_default,
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


def _coupon(terms: BondTerms) -> str:
    """The rate of the terms, or what it follows."""
    if terms.coupon_rate is None:
        return "by tender"
    if terms.kind is CouponKind.ZERO:
        return "none"
    if terms.kind is CouponKind.FLOATING:
        return f"follows {terms.provisions.floating.benchmark}"
    return f"{percent_of(terms.coupon_rate):f} %"
