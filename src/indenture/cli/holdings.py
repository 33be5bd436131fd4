"""Who holds a bond."""

from __future__ import annotations

import click

from indenture.cli._help import examples
from indenture.cli._output import Grid, View
from indenture.cli._session import Session, reads
from indenture.cli._values import ADDRESS


@click.command(
    epilog=examples("indenture holdings CND1000BOC15", "indenture holdings CND1000BOC15 --record 1")
)
@reads
@click.argument("isin")
@click.option("--account", type=ADDRESS, help="Only this account.")
@click.option("--record", type=int, metavar="PERIOD", help="As of the record date of this payment.")
def holdings(session: Session, isin: str, account: str | None, record: int | None) -> View:
    """Show the register of a bond: accounts, members and units."""
    bond = session.bond(isin)
    stamp = session.chain.block_stamp()
    accounts = [account] if account else bond.holders(to=stamp.number)
    if record is None:
        units = bond.balances(accounts, block=stamp)
    else:
        units = bond.units_at(accounts, record, block=stamp)
    members = session.suite.registry.accounts(accounts, block=stamp)
    rows = [
        {
            "account": holder,
            "lei": member.lei if member else None,
            "units": held,
            "face": session.suite.money(bond.terms.currency, held * bond.terms.face_value),
        }
        for holder, member, held in zip(accounts, members, units, strict=True)
        if held
    ]
    rows.sort(key=lambda row: (-int(str(row["units"])), str(row["account"])))
    when = f"block {stamp.number}" if record is None else f"record date {record}"
    data = {"isin": bond.isin, "block": stamp.number, "record": record, "holdings": rows}
    return View(data, [Grid(f"{bond.isin}, {when}: {len(rows)} holders, {sum(units):,} units", rows)])
