"""The offering of a bond: opened by the issuer, run by the bookrunner."""

from __future__ import annotations

from datetime import datetime

import click

from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, View, facts, text
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import ADDRESS, INSTANT, sent
from indenture.errors import InputError


@click.group()
def offer() -> None:
    """Run an offering: open, close, allocate, settle."""


def offering_of(session: Session, isin: str) -> int:
    """The latest offering of a bond."""
    found = session.suite.offering.offering_of(session.bond(isin).address)
    if found is None:
        raise InputError(f"{isin} has no offering", hint="The issuer opens one: indenture offer open.")
    return found


@offer.command(
    "open",
    epilog=examples(
        "indenture offer open CND1000BOC15 --opens 2019-12-03T09:00+08:00 --closes 2019-12-03T17:00+08:00 \\",
        "    --settles-by 2019-12-06T17:00+08:00 --bookrunner 0x90F79bf6EB2c4f870365E785982E1f101E93b906",
    ),
)
@sends
@click.argument("isin")
@click.option(
    "--opens", type=INSTANT, required=True, help="First second of the book: 2019-12-03T09:00+08:00."
)
@click.option("--closes", type=INSTANT, required=True, help="First second at which the book is closed.")
@click.option("--settles-by", type=INSTANT, required=True, help="Last second for payment and issue.")
@click.option("--bookrunner", type=ADDRESS, required=True, help="Account that keeps the book.")
@click.option("--units", type=int, help="Units on offer; all of the issue unless given.")
@click.option(
    "--price", type=str, help="Price of a unit in the bond's currency; its face value unless given."
)
@click.option("--minimum-volume", type=int, default=0, help="Units ordered below which the issue fails.")
@click.option("--minimum-order", type=int, help="Least units of an order.")
@click.option("--maximum-order", type=int, help="Most units of an order.")
def open_(
    session: Session,
    isin: str,
    opens: datetime,
    closes: datetime,
    settles_by: datetime,
    bookrunner: str,
    units: int | None,
    price: str | None,
    minimum_volume: int,
    minimum_order: int | None,
    maximum_order: int | None,
) -> View:
    """Open the book of a bond at a fixed price (issuer)."""
    from indenture.models import OfferingConditions
    from indenture.roles import Issuer

    bond = session.bond(isin)
    terms = bond.terms
    currency = session.suite.currency_at(terms.currency)
    conditions = OfferingConditions(
        offered=units or terms.units,
        price=currency.money(price) if price else currency.money_from_base(terms.face_value),
        opens_at=opens,
        closes_at=closes,
        settles_by=settles_by,
        bookrunner=bookrunner,
        minimum_volume=minimum_volume,
        minimum_order=minimum_order,
        maximum_order=maximum_order,
    )
    session.agree(
        f"Offer {conditions.offered:,} units of {bond.isin} at {conditions.price}",
        f"book from {text(opens)} to {text(closes)}",
        f"settled by {text(settles_by)}",
    )
    number = session.role(Issuer).open_offering(bond, conditions)
    return facts("Offering opened", {"isin": bond.isin, "offering": number})


@offer.command("close", epilog=examples("indenture offer close CND1000BOC15"))
@sends
@click.argument("isin")
def close(session: Session, isin: str) -> View:
    """Close the book once its time has come."""
    from indenture.roles import Bookrunner

    number = offering_of(session, isin)
    session.agree(f"Close the book of {isin}, offering {number}")
    result = session.role(Bookrunner).close(number)
    return facts(
        "Book closed",
        {
            "isin": isin,
            "offering": number,
            "ordered": result.ordered,
            "failed": result.failed,
            **sent(result),
        },
    )


@offer.command("allocate", epilog=examples("indenture offer allocate CND1000BOC15"))
@sends
@click.argument("isin")
def allocate(session: Session, isin: str) -> View:
    """Allocate pro rata, by largest remainder, and have the chain check it."""
    from indenture.roles import Bookrunner

    number = offering_of(session, isin)
    session.agree(f"Allocate the offering {number} of {isin}")
    result = session.role(Bookrunner).allocate(number)
    about = {
        "isin": isin,
        "offering": number,
        "orders": result.count,
        "ordered": result.ordered,
        "allotted": result.allotted,
    }
    rows = [{"account": account, "units": units} for account, units in sorted(result.allotments.items())]
    return View({**about, "allotments": rows}, [Facts("Allocated", about), Grid("Allotments", rows)])


@offer.command("settle", epilog=examples("indenture offer settle CND1000BOC15"))
@sends
@click.argument("isin")
@click.option("--batch", type=int, default=50, show_default=True, help="Winners in one transaction.")
def settle(session: Session, isin: str, batch: int) -> View:
    """Take the winners' money and issue their units, in one act for each."""
    from indenture.roles import Bookrunner

    number = offering_of(session, isin)
    session.agree(f"Settle all winners of the offering {number} of {isin}")
    result = session.role(Bookrunner).settle(number, batch=batch)
    return facts(
        "Paid and issued",
        {
            "isin": isin,
            "offering": number,
            "holders": result.count,
            "units": result.units,
            "proceeds": result.proceeds,
            "skipped": result.skipped,
            "transactions": [tx.tx_hash for tx in result.transactions],
        },
    )


@offer.command("show", epilog=examples("indenture offer show CND1000BOC15"))
@reads
@click.argument("isin")
def show(session: Session, isin: str) -> View:
    """Show the latest offering of a bond: conditions, orders, allotments."""
    number, stamp, offering = offering_of(session, isin), session.chain.block_stamp(), session.suite.offering
    book = offering.book(number, block=stamp)
    orders = offering.orders(number, to=stamp)
    allotments = offering.allotments(number, list(orders), block=stamp)
    about = {
        "isin": isin,
        "offering": number,
        "stage": book.stage,
        "price": session.suite.money(book.cash, book.price),
        "currency": session.suite.currency_at(book.cash).code,
        "offered": book.offered,
        "ordered": book.ordered,
        "allotted": book.allotted,
        "minimum volume": book.minimum_volume,
        "opens": book.opens_at,
        "closes": book.closes_at,
        "settles by": book.settles_by,
        "block": stamp.number,
    }
    rows = [
        {"account": account, "ordered": units, "allotted": allotted}
        for (account, units), allotted in zip(orders.items(), allotments, strict=True)
    ]
    return View(
        {**facts("", about).data, "orders": rows},
        [Facts("Offering", about), Grid(f"{len(rows)} orders", rows)],
    )
