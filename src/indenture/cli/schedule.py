"""The cash flows of a bond, from its term sheet or from the chain."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indenture.cli._help import examples
from indenture.cli._outlook import Outlook, outlook_options
from indenture.cli._output import View
from indenture.cli._price import Price, price_options
from indenture.cli._session import Session, reads
from indenture.cli._values import AMOUNT, CLASSES, PERCENT, UNITS
from indenture.errors import InputError

if TYPE_CHECKING:
    from indenture.cli._situation import Situation


@click.command(
    epilog=examples(
        "indenture schedule terms/boc-2019-sme.yaml",
        "indenture schedule terms/pr-jingchengtou.yaml --units 1000 --svg flows.svg",
        "indenture schedule terms/pr-jingchengtou.yaml --amount 1_000_000 --csv flows.csv",
        "indenture schedule terms/withholding.yaml --units 1000 --holder natural-person",
        "indenture schedule terms/mof-2009-28.yaml --coupon 1.44%",
        "indenture schedule terms/floating-term.yaml --forward 2.5",
        "indenture schedule terms/step-coupon.yaml --clean 100.40 --on 2024-07-01",
        "indenture schedule terms/callable-step-down.yaml --clean 101 --on 2023-01-10",
        "indenture schedule terms/callable-window.yaml --called 2025-06-02",
        "indenture schedule CND1000BOC15 --rpc http://127.0.0.1:8545",
    )
)
@reads
@click.argument("bond", metavar="TERMS_OR_ISIN")
@click.option("--units", type=UNITS, help="Units of the holding; the whole issue unless given.")
@click.option("--amount", type=AMOUNT, help="The holding by its face, instead of units.")
@click.option(
    "--holder",
    type=click.Choice(list(CLASSES)),
    metavar="CLASS",
    help="Class of the holder: show the tax that is withheld from his interest, and what is left.",
)
@click.option(
    "--coupon",
    type=PERCENT,
    metavar="RATE",
    help="For a term sheet whose coupon a tender is to fix: take this one, as 1.44%.",
)
@outlook_options
@price_options
@click.option(
    "--svg",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a picture of the payments to this file too.",
)
@click.option(
    "--csv",
    "table",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the payments to this file too, for a spreadsheet.",
)
@click.option(
    "--drawing/--no-drawing", default=True, help="Draw the payments below the table; yes unless not."
)
def schedule(
    session: Session,
    bond: str,
    units: int | None,
    amount: Decimal | None,
    holder: str | None,
    coupon: Decimal | None,
    outlook: Outlook,
    price: Price,
    svg: Path | None,
    table: Path | None,
    drawing: bool,  # noqa: FBT001 - by keyword, as click calls it
) -> View:
    """Show what a bond pays, and when.

    TERMS_OR_ISIN is a term sheet, read without any node, or the ISIN of a registered bond. A figure that
    follows from what is not published yet is «open», unless you say what to assume of it; a day that
    depends on working days which are not announced yet is «unpublished».

    With a clean price, a dirty one or a yield, and the day of settlement (--on), it shows what the bond is
    worth: prices are per 100 of the principal outstanding on that day. Of a bond that can be called, put or
    extended it shows the yield to each such end, and the lowest that the issuer can bring about.
    """
    from indenture.cli._flows import flows_of
    from indenture.cli._marks import marks_of
    from indenture.cli._outlook import seen
    from indenture.cli._payments import pictured, view_of
    from indenture.cli._situation import situation_of
    from indenture.cli._valuation import with_value

    found = situation_of(session, bond)
    if coupon is not None:
        found = _with_coupon(found, coupon)
    outlook.check(found)
    price.check()
    found, ends = outlook.ended(found)
    held = _units(found, units, amount)
    grid, fixings, first, assumed = seen(found, outlook)
    flows = flows_of(
        found.sheet,
        grid,
        held,
        days=lambda period: found.days(period, grid.calendar),
        fixings=fixings,
        fixed=found.fixings[-1].period if found.fixings else 0,
        projected_from=first,
    )
    marks = marks_of(found.sheet.rights, grid)
    owner = None if holder is None else CLASSES[holder]
    view = view_of(found, held, flows, assumed=(*ends, *assumed), marks=marks, holder=owner)
    if price.is_asked:
        view = with_value(view, found, held, outlook, price)
    if svg is not None:
        from indenture.cli._svg import write_svg

        write_svg(svg, found.sheet, held, flows, marks)
    if table is not None:
        from indenture.cli._csv import write_csv

        write_csv(table, view.data["payments"])
    currency = found.sheet.currency.code
    return replace(view, blocks=[*view.blocks, pictured(flows, currency, marks)]) if drawing else view


def _with_coupon(found: Situation, coupon: Decimal) -> Situation:
    if found.is_registered:
        raise InputError("--coupon is for term sheets", hint="A registered bond has its own, or none yet.")
    return replace(found, sheet=found.sheet.with_rate(coupon))


def _units(found: Situation, units: int | None, amount: Decimal | None) -> int:
    """The holding: of units, of an amount of face, or all of the issue."""
    sheet = found.sheet
    if units is not None and amount is not None:
        raise InputError("--units and --amount both name the holding", hint="Give one of them.")
    if amount is not None:
        units, rest = divmod(sheet.currency.to_base(amount), sheet.face_value_base)
        if rest:
            raise InputError(
                f"--amount {amount} is not a whole number of units",
                hint=f"A unit is {sheet.currency.code} {sheet.face_value}.",
            )
    if units is None:
        return sheet.units
    if not 0 < units <= sheet.units:
        raise InputError(
            f"--units {units:,} is not between 1 and the {sheet.units:,} of the issue",
            hint="Leave it out for the whole issue.",
        )
    return units
