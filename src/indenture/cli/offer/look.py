"""Looking at an offering: where it stands, what a clearing would find, what it came to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indenture.cli._book import SheetBook, sheet_book
from indenture.cli._help import examples
from indenture.cli._offerings import Found, cleared, explained, find, left_of, offering_argument, openings_of
from indenture.cli._output import Facts, Grid, Picture, View, facts, grid
from indenture.cli._progress import working
from indenture.cli._session import Session, reads
from indenture.cli._standing import standing_of
from indenture.cli._steps import Step, steps_of
from indenture.cli._tender import demand_of, picture_of, result_blocks
from indenture.errors import InputError
from indenture.primary import Stage, TenderResult

if TYPE_CHECKING:
    from indenture.cli._curve import Rung

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "status", epilog=examples("indenture offer status CND1000MOF27", "indenture offer status 3 --json")
)
@reads
@offering_argument
def status(session: Session, offering: str) -> View:
    """Show where an offering stands, the next deadline, and who must do what now."""
    found = find(session, offering)
    with working(f"Reading {found.title}"):
        left = left_of(session, found)
    book = found.book
    standing = standing_of(book, found.now, left)
    steps = steps_of(book, found.now, left)
    about: dict[str, object] = {
        **found.names,
        "stage": book.stage,
        "now": standing.words,
        "next": standing.next_words(found.now, found.zone),
        "bookrunner": book.bookrunner,
        "issuer": book.proceeds_account,
        "bidders in the clear": book.bidders,
        "units bid": book.bid_units + book.non_competitive_bid,
        "units issued": book.issued + book.issued_later + book.additional,
        "chain time": found.at(found.now),
    }
    rules = found.conditions.words()
    blocks: list[Facts | Grid | Picture] = [
        Facts("Offering", about),
        Grid("Now", [_shown(found, step) for step in steps], "Nothing."),
        Facts("Conditions", rules),
    ]
    rungs = _demand(session, found)
    if rungs:
        blocks.append(picture_of(rungs, book.rules.offered + book.over_allotted))
    data = {
        **facts("", about).data,
        "deadline": standing.deadline,
        "time": found.now,
        "steps": [_step_data(found, step) for step in steps],
        "conditions": found.conditions.as_dict(),
        "demand": [rung.as_dict() for rung in rungs],
    }
    return View(data, blocks)


@click.command(
    "preview",
    epilog=examples(
        "indenture offer preview CND1000MOF27",
        "indenture offer preview CND1000HXL25 --over-allotted 15000000",
        "indenture offer preview terms/mof-2009-28-tender.yaml --terms terms/mof-2009-28.yaml \\",
        "    --bids book.csv",
    ),
)
@reads
@click.argument("offering", metavar="OFFERING_OR_SHEET")
@click.option(
    "--over-allotted", type=click.IntRange(min=0), help="Units added to those on offer, to see what it does."
)
@click.option("--terms", type=_FILE, help="For a sheet: the term sheet of its bond.")
@click.option("--bids", type=_FILE, help="For a sheet: a file of bids with bidder, quote and units.")
@click.option(
    "--commitments",
    type=click.IntRange(min=0),
    help="For a sheet: units that underwriters take up at most; those of its syndicate unless given.",
)
def preview(
    session: Session,
    offering: str,
    over_allotted: int | None,
    terms: Path | None,
    bids: Path | None,
    commitments: int | None,
) -> View:
    """Show what clearing would find now; nothing is sent.

    Of an offering on the chain it takes the bids that are in the clear; with an offering sheet, a term sheet
    and a file of bids it needs no node, and shows what everybody would get.
    """
    if not Path(offering).suffix:
        found = find(session, offering)
        if found.book.stage in (Stage.MANDATED, Stage.ACCEPTED):
            raise InputError(f"{found.title} has no bids yet", hint=f"See indenture offer status {offering}.")
        return _preview(session, found, over_allotted)
    if terms is None or bids is None:
        raise InputError(
            "an offering sheet alone has no bids",
            hint="Give its bond with --terms, and the bids with --bids.",
        )
    made = sheet_book(Path(offering), terms, bids, over_allotted=over_allotted or 0, commitments=commitments)
    return _sheet_view(made)


@click.command(
    "result", epilog=examples("indenture offer result CND1000MOF27", "indenture offer result 1 --json")
)
@reads
@offering_argument
@click.option("--allotments", "with_allotments", is_flag=True, help="Also what each bidder won, and pays.")
def result(session: Session, offering: str, *, with_allotments: bool) -> View:
    """Show the published result of a tender, and the demand that led to it."""
    from indenture.roles._clearing import tender_result

    found = find(session, offering)
    with explained(session, found, "the result is published"):
        told = tender_result(session.suite, found.number)
    rungs = _demand(session, found)
    blocks = [*result_blocks(told, rungs, title=f"Result of {found.title}")]
    data: dict[str, object] = {
        **found.names,
        "stage": found.book.stage,
        "published": found.book.published_at,
        "tender": told.as_dict(),
        "demand": [rung.as_dict() for rung in rungs],
    }
    if not with_allotments:
        return View(data, blocks)
    rows = _allotments(session, found)
    return View({**data, "allotments": rows}, [*blocks, Grid("Allotments", rows)])


@click.command("list", epilog=examples("indenture offer list"))
@reads
def list_(session: Session) -> View:
    """List all offerings: bond, stage, what is offered, when the book is open."""
    from indenture.cli._clock import Local

    suite = session.suite
    with working("Reading the offerings"):
        books = [(number, suite.offering.book(number)) for number in range(1, suite.offering.count() + 1)]
        bonds = {book.bond: suite.bond(book.bond) for _, book in books}
        rows = [
            {
                "offering": number,
                "isin": bonds[book.bond].isin,
                "stage": book.stage,
                "form": book.form,
                "offered": book.offered,
                "bidders": book.bidders,
                "opens": Local(book.opens_at, bonds[book.bond].terms.utc_offset),
                "closes": Local(book.closes_at, bonds[book.bond].terms.utc_offset),
            }
            for number, book in books
        ]
    return grid("Offerings", rows, empty="None yet: indenture offer mandate.")


def _shown(found: Found, step: Step) -> dict[str, object]:
    return {
        "who": step.who,
        "what": step.act,
        "until": "no end" if step.until is None else found.at(step.until),
        "command": f"indenture {step.command} {found.name}",
    }


def _step_data(found: Found, step: Step) -> dict[str, object]:
    return {**_shown(found, step), "until": step.until, "act": step.command}


def _demand(session: Session, found: Found) -> tuple[Rung, ...]:
    openings = openings_of(session, found)
    return demand_of(found.book, openings, cleared(session, found, openings))


def _preview(session: Session, found: Found, over_allotted: int | None) -> View:
    if over_allotted is not None:
        found = replace(found, book=replace(found.book, over_allotted=over_allotted))
    openings = openings_of(session, found)
    clearing = cleared(session, found, openings)
    market = session.suite.bond(found.book.bond).terms.market
    told = TenderResult.of(clearing, found.book.rules, market, found.book.currency, isin=found.book.isin)
    rungs = demand_of(found.book, openings, clearing)
    title = f"If {found.title} were cleared now"
    data = {
        **found.names,
        "stage": found.book.stage,
        "tender": told.as_dict(),
        "demand": [rung.as_dict() for rung in rungs],
    }
    return View(data, result_blocks(told, rungs, title=title))


def _sheet_view(made: SheetBook) -> View:
    rungs = demand_of(made, made.openings, made.clearing)
    blocks = [
        *result_blocks(made.result, rungs, title="If these were all bids"),
        Grid(
            "Allotments; which equal remainders get the last lots, only the chain's accounts decide",
            made.rows,
        ),
    ]
    data = {
        "tender": made.result.as_dict(),
        "demand": [rung.as_dict() for rung in rungs],
        "allotments": made.rows,
    }
    return View(data, blocks)


def _allotments(session: Session, found: Found) -> list[dict[str, object]]:
    from indenture.roles._allotments import allotments_of
    from indenture.roles._books import existing

    if found.book.stage is not Stage.PUBLISHED:
        return []
    with working("Reading the allotments"):
        state = existing(session.suite, found.number)
        won = allotments_of(session.suite, found.number, state)
    return [
        {
            "bidder": each.bidder,
            "bid": sum(bid.units for bid in each.bids),
            "won": each.won,
            "additional": each.additional,
            "pays": each.amount,
            "settled": each.settled,
            "lapsed": each.lapsed,
        }
        for each in won
    ]
