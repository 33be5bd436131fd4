"""What an issuer offers to its holders without a right: to buy units back, or to exchange them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import click

from indenture.cli._clock import Local
from indenture.cli._events import isin_argument, opened, units_argument
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import View, facts
from indenture.cli._session import Session, sends
from indenture.cli._values import AMOUNT, DAY, DOCUMENT, INSTANT, sent

F = TypeVar("F", bound=Callable[..., Any])


@click.group(cls=InOrder)
def buyback() -> None:
    """Offer to buy units back, or to exchange them; cancel your own (issuer).

    Nobody has to take part. Holders elect (indenture action elect); you pay in on the pay day (indenture
    action fund), or the offer lapses ten days later. The rules are in docs/offers.md.
    """


def _times(function: F) -> F:
    """When an offer runs, and what it rests on."""
    for option in (
        click.option(
            "--document", type=DOCUMENT, required=True, help="The offer: a file, or its Keccak-256."
        ),
        click.option(
            "--pay-day",
            type=DAY,
            required=True,
            help="Day of settlement, if it is a business day: 2021-06-15.",
        ),
        click.option("--closes", type=INSTANT, required=True, help="When it closes: 2021-06-10T17:00+08:00."),
        click.option("--opens", type=INSTANT, help="When it opens; at once unless given."),
    ):
        function = option(function)
    return function


def _local(session: Session, isin: str, at: datetime) -> Local:
    """An instant by the bond's clock."""
    return Local(at, session.bond(isin).terms.utc_offset)


@buyback.command(
    "tender",
    epilog=examples(
        "indenture buyback tender CND1000RGT67 --price 98.75 --most 50000 \\",
        "    --closes 2025-06-10T17:00+08:00 --pay-day 2025-06-13 --document offer.pdf",
    ),
)
@sends
@isin_argument
@click.option("--price", type=AMOUNT, required=True, help="Per 100 of the face, without accrued interest.")
@click.option("--most", type=click.IntRange(min=1), help="Most units that are bought; all unless given.")
@_times
def tender(
    session: Session,
    isin: str,
    price: Decimal,
    most: int | None,
    opens: datetime | None,
    closes: datetime,
    pay_day: date,
    document: bytes,
) -> View:
    """Offer to buy units at a price, with accrued interest.

    Above --most each election is cut in proportion, and rounded down. What is bought is burned.
    """
    from indenture.roles import Issuer

    limit = f"at most {most:,} units, pro rata above" if most else "all that is offered"
    when = f"until {_local(session, isin, closes)}, paid on {pay_day}"
    session.agree(f"Offer to buy {isin} at {price:f} per 100", limit, when)
    result = session.role(Issuer).offer_tender(
        isin, price=price, most=most, opens=opens, closes=closes, pay_day=pay_day, document=document
    )
    return facts("Tender offered", {"price": price, "most": most, **opened(session, isin, result)})


@buyback.command(
    "exchange",
    epilog=examples(
        "indenture buyback exchange CND1000RGT67 --into CND1000BOC15 --old 100 --new 103 --cash 0.50 \\",
        "    --closes 2025-06-10T17:00+08:00 --pay-day 2025-06-13 --document offer.pdf",
    ),
)
@sends
@isin_argument
@click.option("--into", required=True, metavar="ISIN", help="The other bond, of yours, in the same currency.")
@click.option(
    "--old",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Units of this bond that are exchanged together.",
)
@click.option("--new", type=click.IntRange(min=1), required=True, help="Units of the other bond for them.")
@click.option(
    "--cash", type=AMOUNT, default=Decimal(0), help="Cash beside them for one old unit; none unless given."
)
@_times
def exchange(
    session: Session,
    isin: str,
    into: str,
    old: int,
    new: int,
    cash: Decimal,
    opens: datetime | None,
    closes: datetime,
    pay_day: date,
    document: bytes,
) -> View:
    """Offer units of another bond for units of this one.

    Accrued interest is paid on top. Who may not hold the other bond keeps this one.
    """
    from indenture.roles import Issuer

    what = f"{new:,} of {into} for {old:,} of {isin}"
    details = [f"{cash:f} in cash for each of these"] if cash else []
    session.agree(f"Offer {what}", *details, f"until {_local(session, isin, closes)}, settled on {pay_day}")
    result = session.role(Issuer).offer_exchange(
        isin,
        into=into,
        old_units=old,
        new_units=new,
        cash=cash,
        opens=opens,
        closes=closes,
        pay_day=pay_day,
        document=document,
    )
    about = {"into": into, "old": old, "new": new, "cash": cash, **opened(session, isin, result)}
    return facts("Exchange offered", about)


@buyback.command("cancel", epilog=examples("indenture buyback cancel CND1000RGT67 5000"))
@sends
@isin_argument
@units_argument
def cancel(session: Session, isin: str, units: int) -> View:
    """Cancel UNITS that your account has bought back.

    They are burned, and count towards the next payments of a sinking fund.
    """
    from indenture.roles import Issuer

    session.agree(
        f"Cancel {units:,} units of {isin} that {session.account.address} holds", "this cannot be undone"
    )
    result = session.role(Issuer).cancel_units(isin, units)
    about = {"isin": isin, "units": result.units, "sinking fund credit": result.credit, **sent(result)}
    return facts("Units cancelled", about)
