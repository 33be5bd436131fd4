"""The book: opened, closed, bids opened, over-allotted, cleared."""

from __future__ import annotations

import click

from indenture.cli._help import examples
from indenture.cli._offerings import cleared, explained, find, offering_argument, openings_of
from indenture.cli._output import Facts, Grid, View, facts
from indenture.cli._session import Session, keeps_secrets, sends
from indenture.cli._tender import demand_of, result_blocks
from indenture.cli._values import sent


@click.command("open", epilog=examples("indenture offer open CND1000MOF27"))
@sends
@offering_argument
def open_(session: Session, offering: str) -> View:
    """Open the book for its hours (bookrunner).

    The bond's documents are pinned by their hashes. Who has not joined the syndicate by now cannot any more.
    """
    from indenture.roles import Bookrunner

    found = find(session, offering)
    rules = found.book.rules
    hours = f"bids from {found.at(rules.opens_at)} to {found.at(rules.closes_at)}"
    session.agree(f"Open the book of {found.title}", hours)
    with explained(session, found, "the book can be opened"):
        result = session.role(Bookrunner).open_book(found.number)
    return facts(
        "Book opened",
        {
            **found.names,
            "opens at": found.at(rules.opens_at),
            "closes at": found.at(rules.closes_at),
            **sent(result),
        },
    )


@click.command("close", epilog=examples("indenture offer close CND1000MOF27"))
@sends
@offering_argument
def close(session: Session, offering: str) -> View:
    """Close the book once its time has come. Anyone may."""
    from indenture.roles import Bookrunner

    found = find(session, offering)
    session.agree(f"Close the book of {found.title}")
    with explained(session, found, "the book can be closed"):
        result = session.role(Bookrunner).close(found.number)
    return facts(
        "Book closed",
        {
            **found.names,
            "bidders in the clear": result.bidders,
            "bidders sealed": result.sealed,
            **sent(result),
        },
    )


@click.command("open-bids", epilog=examples("indenture offer open-bids CND1000HXL25"))
@sends
@keeps_secrets
@offering_argument
def open_bids(session: Session, offering: str) -> View:
    """Open the bids of an encrypted book, after the close (bookrunner).

    The key comes from the vault. What cannot be opened is told with its reason, in time for its bidder to
    open it himself: indenture bid open.
    """
    from indenture.cli._vault import open_vault
    from indenture.roles import Bookrunner

    found = find(session, offering)
    until = found.at(found.book.rules.reveals_by)
    session.agree(f"Open the bids of {found.title}", f"until {until}; what is sealed then loses its deposit")
    vault = open_vault(session)
    with explained(session, found, "bids can be opened"):
        result = session.role(Bookrunner).open_bids(found.number, vault)
    bad = [{"bidder": each.bidder, "reason": each.reason} for each in result.bad]
    about = {
        **found.names,
        "bidders opened": len(result.opened),
        "bidders not opened": len(bad),
        "transactions": [tx.tx_hash for tx in result.transactions],
    }
    blocks: list[Facts | Grid] = [Facts("Bids opened", about)]
    if bad:
        blocks.append(Grid(f"Not opened: tell these bidders, they have until {until}", bad))
    return View({**facts("", about).data, "bad": bad}, blocks)


@click.command(
    "over-allot",
    epilog=examples(
        "indenture offer over-allot CND1000HXL25 15000000", "indenture offer over-allot CND1000HXL25 0"
    ),
)
@sends
@offering_argument
@click.argument("units", type=click.IntRange(min=0))
def over_allot(session: Session, offering: str, units: int) -> View:
    """Add UNITS to those on offer, once, when the demand is known (issuer).

    0 declines, so that nobody has to wait for the end of the time for it. What it does to the price shows
    «indenture offer preview OFFERING --over-allotted UNITS».
    """
    from indenture.roles import Issuer

    found = find(session, offering)
    most = f"at most {found.book.rules.over_allotment:,} units may be added"
    act = f"Add {units:,} units to" if units else "Add nothing to"
    session.agree(f"{act} {found.title}", most)
    with explained(session, found, "the over-allotment can be declared"):
        result = session.role(Issuer).declare_over_allotment(found.number, units)
    return facts(
        "Over-allotment declared",
        {**found.names, "units": units, "offered now": found.book.rules.offered + units, **sent(result)},
    )


@click.command("clear", epilog=examples("indenture offer clear CND1000MOF27"))
@sends
@offering_argument
@click.option(
    "--batch", type=int, default=300, show_default=True, help="Tick bids in one transaction of the proof."
)
def clear_(session: Session, offering: str, batch: int) -> View:
    """Clear the book, prove the shares at the margin, publish the result. Anyone may.

    A proof that was broken off is taken up where it stopped.
    """
    from indenture.roles import Bookrunner

    found = find(session, offering)
    session.agree(f"Clear {found.title}", "look at it before: indenture offer preview")
    with explained(session, found, "the book can be cleared"):
        result = session.role(Bookrunner).clear(found.number, batch=batch)
    openings = openings_of(session, found)
    rungs = demand_of(found.book, openings, cleared(session, found, openings))
    data = {
        **found.names,
        "tender": result.result.as_dict(),
        "proved": result.count,
        "transactions": [tx.tx_hash for tx in result.transactions],
    }
    return View(data, result_blocks(result.result, rungs, title=f"Result of {found.title}"))


@click.command("fail", epilog=examples("indenture offer fail CND1000MOF27"))
@sends
@offering_argument
def fail(session: Session, offering: str) -> View:
    """End an offering that was not opened, or not cleared, in time. Anyone may.

    A book that nobody closed is cancelled, so that sealed bids lose nothing.
    """
    from indenture.roles import Bookrunner

    found = find(session, offering)
    session.agree(f"End {found.title}, which was not opened or not cleared in time")
    with explained(session, found, "it can be failed"):
        result = session.role(Bookrunner).fail(found.number)
    return facts(
        "Offering ended", {**found.names, "stage": find(session, offering).book.stage, **sent(result)}
    )
