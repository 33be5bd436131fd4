"""Who holds a bond."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from indenture.cli._help import examples
from indenture.cli._output import Grid, View
from indenture.cli._session import Session, reads
from indenture.cli._values import ADDRESS

if TYPE_CHECKING:
    from indenture.chain import BlockStamp
    from indenture.contracts.bond import Bond


@click.command(
    epilog=examples("indenture holdings CND1000BOC15", "indenture holdings CND1000BOC15 --record 1")
)
@reads
@click.argument("isin")
@click.option("--account", type=ADDRESS, help="Only this account.")
@click.option("--record", type=int, metavar="PERIOD", help="As of the record date of this payment.")
def holdings(session: Session, isin: str, account: str | None, record: int | None) -> View:
    """Show the register of a bond: accounts, members and units.

    Where units are bound, by elections or by a lot, it shows how many of each.
    """
    bond = session.bond(isin)
    stamp = session.chain.block_stamp()
    accounts = [account] if account else bond.holders(to=stamp.number)
    if record is None:
        units = bond.balances(accounts, block=stamp)
    else:
        units = bond.units_at(accounts, record, block=stamp)
    bound = _bound(bond, accounts, stamp) if record is None else None
    members = session.suite.registry.accounts(accounts, block=stamp)
    rows = [
        {
            "account": holder,
            "lei": member.lei if member else None,
            "units": held,
            "face": session.suite.money(bond.terms.currency, held * bond.terms.face_value),
            **({"bound": bound[holder]} if bound else {}),
        }
        for holder, member, held in zip(accounts, members, units, strict=True)
        if held
    ]
    rows.sort(key=lambda row: (-int(str(row["units"])), str(row["account"])))
    when = f"block {stamp.number}" if record is None else f"record date {record}"
    data = {"isin": bond.isin, "block": stamp.number, "record": record, "holdings": rows}
    return View(data, [Grid(f"{bond.isin}, {when}: {len(rows)} holders, {sum(units):,} units", rows)])


def _bound(bond: Bond, accounts: Sequence[str], stamp: BlockStamp) -> dict[str, int]:
    """Units of each account that cannot move; empty where none of the bond's are bound."""
    if not bond.bound_units(block=stamp):
        return {}
    entries = bond.chain.call_many([bond.call("entryOf", each) for each in accounts], stamp)
    return {account: entry.pledged for account, entry in zip(accounts, entries, strict=True)}
