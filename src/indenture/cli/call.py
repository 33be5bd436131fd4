"""The issuer's rights over the term: calls in whole and in part, extension."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from indenture.cli._events import isin_argument, opened
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import View, facts
from indenture.cli._session import Session, sends
from indenture.cli._values import DAY, PERCENT, sent

if TYPE_CHECKING:
    from indenture.roles.bond_figures import BondFigures


@click.group(cls=InOrder)
def call() -> None:
    """Redeem a bond before maturity, by the right of its terms (issuer).

    The days, prices and notices are in indenture rights show. A call is not taken back, and is paid like
    any payment: indenture coupon fund, then redeem or pay. The rules are in docs/rights.md.
    """


@call.command("whole", epilog=examples("indenture call whole CND1000RGT67 2025-06-15"))
@sends
@isin_argument
@click.argument("day", type=DAY)
def whole(session: Session, isin: str, day: date) -> View:
    """Redeem the whole bond on DAY.

    Its term ends then: the last payment is the interest to that day, and the principal at the price of the
    right.
    """
    from indenture.roles import Issuer
    from indenture.roles.bond_figures import BondFigures

    figures = BondFigures(session.suite, session.bond(isin))
    session.agree(f"Redeem {isin} early: it ends on {day}", *_priced(figures, day), "this cannot be undone")
    result = session.role(Issuer).call(isin, day)
    about = {
        "isin": isin,
        "last period": result.last_period,
        "ends on": result.day,
        "price": result.price,
        **sent(result),
    }
    return facts("Bond called", about)


@call.command("part", epilog=examples("indenture call part CND1000RGT67 4 --share 25%"))
@sends
@isin_argument
@click.argument("period", type=click.IntRange(min=1))
@click.option(
    "--share", type=PERCENT, required=True, help="Percent of the face; a unit's part is whole base units."
)
def part(session: Session, isin: str, period: int, share: Decimal) -> View:
    """Redeem a share of every unit with payment PERIOD.

    The units stay, and later interest is on the rest. The period must end on a day of a right that may be
    used in part.
    """
    from indenture.roles import Issuer
    from indenture.roles.bond_figures import BondFigures

    bond = session.bond(isin)
    priced = _priced(BondFigures(session.suite, bond), bond.terms.due_day(period), in_part=True)
    what = f"Redeem {share:f} % of the face of every unit of {isin} with payment {period}"
    session.agree(what, *priced, "this cannot be undone")
    result = session.role(Issuer).call_in_part(isin, period, share)
    about = {
        "isin": isin,
        "period": result.period,
        "share": result.share,
        "price": result.price,
        **sent(result),
    }
    return facts("Called in part", about)


@call.command("lot", epilog=examples("indenture call lot CND1000RGT67 2025-06-15 --units 100000"))
@sends
@isin_argument
@click.argument("day", type=DAY)
@click.option("--units", type=click.IntRange(min=1), required=True, help="Units that are drawn.")
def lot(session: Session, isin: str, day: date, units: int) -> View:
    """Redeem UNITS on DAY, drawn by lot.

    They are drawn from ten days before, by anyone (indenture action draw), and paid and burned like units
    that were put (indenture action fund, settle).
    """
    from indenture.roles import Issuer
    from indenture.roles.bond_figures import BondFigures

    priced = _priced(BondFigures(session.suite, session.bond(isin)), day, in_part=True)
    session.agree(
        f"Redeem {units:,} units of {isin}, drawn by lot, on {day}", *priced, "this cannot be undone"
    )
    result = session.role(Issuer).call_by_lot(isin, day, units)
    return facts("Called by lot", {"units": units, **opened(session, isin, result)})


@click.command(epilog=examples("indenture extend CND1000RGT67"))
@sends
@isin_argument
def extend(session: Session, isin: str) -> View:
    """Extend the maturity, once, by the right of the terms (issuer).

    The notice must be kept. From the old maturity on the bond pays the rate of the right.
    """
    from indenture.roles import Issuer
    from indenture.roles.bond_figures import BondFigures

    right = BondFigures(session.suite, session.bond(isin)).rights().extension
    rate = f"at {Decimal(right.rate).scaleb(-7):f} % a year" if right.rate else "at the rate that floats"
    details = [f"by {right.periods} periods, {rate}"] if right.periods else []
    session.agree(f"Extend the maturity of {isin}", *details, "this cannot be undone")
    result = session.role(Issuer).extend_maturity(isin)
    about = {
        "isin": isin,
        "last period": result.last_period,
        "maturity day": result.maturity,
        "rate": result.rate,
        **sent(result),
    }
    return facts("Maturity extended", about)


def _priced(figures: BondFigures, day: date, *, in_part: bool = False) -> list[str]:
    """What the right of a day gives, for who is asked to agree; the chain refuses what is none."""
    for right in figures.rights().calls:
        if right.first_day <= day <= right.last_day and (right.in_part or not in_part):
            price = Decimal(right.price).scaleb(-7).normalize()
            return [f"at {price:f} % of the principal, with interest to that day"]
    return []
