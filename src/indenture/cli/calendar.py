"""Working days: published year by year, joined for bonds of several markets."""

from __future__ import annotations

from datetime import date, timedelta

import click

from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import View, facts, grid
from indenture.cli._session import Session, reads, sends
from indenture.errors import InputError


@click.group(cls=InOrder)
def calendar() -> None:
    """Publish working days, join markets, and look at them."""


@calendar.command("join", epilog=examples("indenture calendar join CN-IB T2"))
@sends
@click.argument("markets", nargs=-1, required=True)
@click.option("--code", help="Code of the joint market; the one by which term sheets name it unless given.")
def join(session: Session, markets: tuple[str, ...], code: str | None) -> View:
    """Define the joint market of MARKETS, for ever (depository).

    A business day of it is one of all of them; a year is published when it is in all of them.
    """
    from indenture.calendars import joint_code
    from indenture.roles import Depository

    name = code or joint_code(markets)
    session.agree(f"Join {', '.join(markets)} as {name}, for ever")
    result = session.role(Depository).join_markets(markets, code)
    return facts(
        "Markets joined" if result.count else "Joined before",
        {
            "market": name,
            "parts": list(markets),
            "transactions": [each.tx_hash for each in result.transactions],
        },
    )


@calendar.command("publish", epilog=examples("indenture calendar publish CN-IB 2026"))
@sends
@click.argument("market")
@click.argument("years", type=click.IntRange(1970, 9999), nargs=-1, required=True)
def publish(session: Session, market: str, years: tuple[int, ...]) -> View:
    """Publish the working days of MARKET in YEARS (depository).

    They are those that come with the package. Days that have passed cannot be changed.
    """
    from indenture.calendars import load_calendar
    from indenture.roles import Depository

    known = load_calendar(market)
    missing = [year for year in years if year not in known.years]
    if missing:
        raise InputError(
            f"the package does not have {market} of {', '.join(map(str, missing))}",
            hint=f"It has {min(known.years)} to {max(known.years)}.",
        )
    session.agree(f"Publish the working days of {market} in {', '.join(map(str, years))}")
    result = session.role(Depository).publish_calendar(known, years)
    return facts(
        "Working days published",
        {
            "market": market,
            "years changed": result.count,
            "transactions": [each.tx_hash for each in result.transactions],
        },
    )


@calendar.command("show", epilog=examples("indenture calendar show CN-IB 2026"))
@reads
@click.argument("market")
@click.argument("years", type=click.IntRange(1970, 9999), nargs=-1, required=True)
def show(session: Session, market: str, years: tuple[int, ...]) -> View:
    """Show the working days of MARKET in YEARS, as they are published on the chain."""
    contract, stamp = session.suite.calendar, session.chain.block_stamp()
    parts = contract.parts(market, block=stamp)
    rows: list[dict[str, object]] = []
    for year in years:
        found = contract.year(market, year, block=stamp)
        is_open = found.version > 0
        rows.append(
            {
                "market": market,
                "parts": list(parts),
                "year": str(year),
                "business days": found.bitmap.bit_count() if is_open else None,
                "closed weekdays": _closed(year, found.bitmap) if is_open else None,
                "open weekends": _opened(year, found.bitmap) if is_open else None,
                "version": found.version or None,
            }
        )
    return grid("Working days", rows)


def _closed(year: int, bitmap: int) -> list[str]:
    return [
        f"{day:%m-%d}" for index, day in _days(year) if day.weekday() < _SATURDAY and not bitmap >> index & 1
    ]


def _opened(year: int, bitmap: int) -> list[str]:
    return [
        f"{day:%m-%d}" for index, day in _days(year) if day.weekday() >= _SATURDAY and bitmap >> index & 1
    ]


def _days(year: int) -> list[tuple[int, date]]:
    first = date(year, 1, 1)
    return [(index, first + timedelta(days=index)) for index in range((date(year + 1, 1, 1) - first).days)]


_SATURDAY = 5
