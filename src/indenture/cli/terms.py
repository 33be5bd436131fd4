"""The terms as versions: shown, proposed, consented to, enacted."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indenture.cli._clock import Local
from indenture.cli._events import event_argument, isin_argument, named, opened, units_argument
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, Picture, View, facts, keyed
from indenture.cli._progress import working
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import DAY, DOCUMENT, INSTANT, sent
from indenture.cli._versions import changes

if TYPE_CHECKING:
    from indenture.models import TermsVersion


@click.group(cls=InOrder)
def terms() -> None:
    """See how the terms of a bond were changed, and change them.

    The issuer proposes, holders of the share that the terms name consent with their units, and periods that
    have not begun have the new terms. What can change is in docs/versions.md.
    """


@terms.command("show", epilog=examples("indenture terms show CND1000RGT67"))
@reads
@isin_argument
def show(session: Session, isin: str) -> View:
    """Show the versions of a bond's terms, and what each changed."""
    from indenture.roles.bond_figures import BondFigures

    figures = BondFigures(session.suite, session.bond(isin))
    with working(f"Reading {figures.bond.isin}"):
        versions = figures.versions()
    rows = [_row(each) for each in versions]
    currency = session.suite.currency_at(figures.bond.terms.currency)
    changed = [
        {"version": after.number, **change}
        for before, after in pairwise(versions)
        for change in changes(before.terms, after.terms, currency)
    ]
    share = figures.rights().amendment_share
    about: dict[str, object] = {
        "isin": figures.bond.isin,
        "versions": len(versions) - 1,
        "last period": figures.last_period,
        "maturity day": figures.maturity_day,
        "to change them": f"consent of {share / 10_000_000:g} % of the units" if share else "never",
    }
    blocks: list[Facts | Grid | Picture] = [Facts("Terms", about), Grid("Versions", rows)]
    if changed:
        blocks.append(Grid("Changes", changed))
    data = {
        **facts("", about).data,
        "history": [keyed(row) for row in rows],
        "changes": [keyed(row) for row in changed],
    }
    return View(data, blocks)


@terms.command(
    "propose",
    epilog=examples(
        "indenture terms propose CND1000RGT67 amended.yaml --effective 2026-06-15 \\",
        '    --closes 2026-05-20T17:00+08:00 --clause "5.2" --resolution resolution.pdf',
    ),
)
@sends
@isin_argument
@click.argument("sheet", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--effective",
    type=DAY,
    required=True,
    metavar="DAY",
    help="Periods that begin on this day or later have the new terms.",
)
@click.option("--closes", type=INSTANT, required=True, help="Until when holders may consent.")
@click.option("--clause", required=True, help="What is changed, as the conditions number it; 32 letters.")
@click.option(
    "--resolution", type=DOCUMENT, required=True, help="What is put to them: a file, or its Keccak-256."
)
def propose(
    session: Session,
    isin: str,
    sheet: Path,
    effective: date,
    closes: datetime,
    clause: str,
    resolution: bytes,
) -> View:
    """Put the terms of SHEET to the holders, in place of those in force (issuer).

    SHEET is a whole term sheet. What identifies the bond and how its days are found must stay.
    """
    from indenture.roles import Issuer
    from indenture.termsheet import load_term_sheet

    amended = load_term_sheet(sheet)
    session.agree(
        f"Propose new terms of {isin}: clause {clause}",
        f"from the first period that begins on {effective} or later",
        f"holders may consent until {Local(closes, session.bond(isin).terms.utc_offset)}",
    )
    result = session.role(Issuer).propose_terms(
        isin, amended, effective_day=effective, closes=closes, clause=clause, resolution=resolution
    )
    about = {"clause": clause, "resolution": resolution, **opened(session, isin, result)}
    return facts("Terms proposed", about)


@terms.command("consent", epilog=examples("indenture terms consent CND1000RGT67 4 5000"))
@sends
@isin_argument
@event_argument
@units_argument
def consent(session: Session, isin: str, event: int, units: int) -> View:
    """Consent to the terms of EVENT with UNITS of yours (holder).

    They stay yours, and cannot move until the proposal is enacted or closed. What it would change:
    indenture action show.
    """
    from indenture.roles import Investor
    from indenture.roles.bond_figures import BondFigures

    found = BondFigures(session.suite, session.bond(isin)).action(event)
    session.agree(
        f"Consent to {named(found)} of {isin} with {units:,} units", "can be taken back while it is open"
    )
    result = session.role(Investor).elect(isin, event, units)
    about = {"isin": isin, "event": result.action, "units": result.units, "elected now": result.elected}
    return facts("Consented", {**about, **sent(result)})


@terms.command("enact", epilog=examples("indenture terms enact CND1000RGT67 4"))
@sends
@isin_argument
@event_argument
def enact(session: Session, isin: str, event: int) -> View:
    """Make the terms of EVENT the next version, once enough consent. Anyone may."""
    from indenture.roles import PayingAgent
    from indenture.roles.bond_figures import BondFigures

    found = BondFigures(session.suite, session.bond(isin)).action(event)
    session.agree(f"Enact the terms of {named(found)} of {isin}: {found.elected:,} units consent")
    result = session.role(PayingAgent).enact_terms(isin, event)
    about = {"isin": isin, "version": result.version, "from period": result.from_period, **sent(result)}
    return facts("Terms enacted", about)


def _row(each: TermsVersion) -> dict[str, object]:
    return {
        "version": each.number,
        "from period": each.from_period or 1,
        "effective day": each.effective_day,
        "clause": each.clause or None,
        "event": each.action or None,
        "resolution": each.resolution,
    }
