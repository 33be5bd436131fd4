"""Up to the opening of the book: what is agreed between issuer and bookrunner."""

from __future__ import annotations

from pathlib import Path

import click

from indenture.cli._conditions import Conditions
from indenture.cli._help import examples
from indenture.cli._offerings import explained, find, offering_argument
from indenture.cli._output import Facts, Grid, View, facts
from indenture.cli._session import Session, keeps_secrets, offline, say, sends
from indenture.cli._terms import sheet_of
from indenture.cli._values import ADDRESS, document_digest, sent
from indenture.cli._vault import open_vault
from indenture.errors import InputError
from indenture.primary import Form, OfferingSheet, load_offering_sheet
from indenture.termsheet import TermSheet

_SHEET = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "check",
    epilog=examples("indenture offer check terms/mof-2009-28-tender.yaml --terms terms/mof-2009-28.yaml"),
)
@offline
@click.argument("file", type=_SHEET)
@click.option("--terms", type=_SHEET, required=True, help="Term sheet of the bond.")
def check(session: Session, file: Path, terms: Path) -> View:
    """Check the offering sheet FILE against the bond's term sheet, without any node.

    All that is wrong is told at once, with field and line. What is in order is shown in words, as it would
    be mandated.
    """
    from indenture.termsheet import load_term_sheet

    del session
    sheet, bond = load_offering_sheet(file), load_term_sheet(terms)
    conditions = _conditions(sheet, bond)
    names = sheet.class_names
    seats = [
        {"member": seat.member, "class": names[seat.bidder_class], "commitment": seat.commitment}
        for seat in sheet.syndicate(bond)
    ]
    about: dict[str, object] = {"sheet": str(file), "isin": sheet.isin}
    blocks: list[Facts | Grid] = [Facts("In order", {**about, **conditions.words()})]
    _warn(conditions)
    if seats:
        blocks.append(Grid("Syndicate", seats))
    data = {**about, "conditions": conditions.as_dict(), "syndicate": seats}
    return View({**data, "warnings": conditions.warnings()}, blocks)


@click.command(
    "mandate",
    epilog=examples(
        "indenture offer mandate --bond CND1000MOF27 --sheet terms/mof-2009-28-tender.yaml \\",
        "    --bookrunner 0x90F79bf6EB2c4f870365E785982E1f101E93b906",
    ),
)
@sends
@click.option("--bond", "isin", required=True, help="ISIN of the bond; must be that of the sheet.")
@click.option(
    "--sheet", "file", type=_SHEET, required=True, help="Offering sheet; check it first: offer check."
)
@click.option("--bookrunner", type=ADDRESS, required=True, help="Account that keeps the book.")
def mandate(session: Session, isin: str, file: Path, bookrunner: str) -> View:
    """Lay down the conditions of an offering, and mandate its bookrunner (issuer).

    The account must be the one that registered the bond. The conditions never change; until the close the
    offering can be cancelled.
    """
    from indenture.roles import Issuer

    sheet = load_offering_sheet(file)
    bond = session.bond(isin)
    if sheet.isin != bond.isin:
        raise InputError(
            f"{file} is the sheet of {sheet.isin}, not of {bond.isin}", hint="Name the bond of the sheet."
        )
    terms = sheet_of(bond.terms, session.suite.currency_at(bond.terms.currency))
    rules, classes = sheet.rules(terms), sheet.class_rules(terms)
    _warn(_conditions(sheet, terms))
    session.agree(
        f"Mandate {bookrunner} with the offering of {bond.isin}, {terms.name}",
        *_conditions(sheet, terms).lines(),
    )
    number = session.role(Issuer).mandate(bond, rules, bookrunner, classes=classes)
    return facts("Offering mandated", {"isin": bond.isin, "offering": number, "bookrunner": bookrunner})


@click.command("accept", epilog=examples("indenture offer accept CND1000MOF27"))
@sends
@keeps_secrets
@offering_argument
def accept(session: Session, offering: str) -> View:
    """Accept the mandate (bookrunner); read the conditions that are shown.

    An encrypted book gets a key of its own, kept in the vault before it is published. Who has that key reads
    the bids as soon as they are on the chain: keep the vault apart, and back it up.
    """
    from indenture.roles import Bookrunner

    found = find(session, offering)
    session.agree(f"Accept the mandate for {found.title}", *found.conditions.lines())
    vault = open_vault(session, create=True) if found.book.rules.form is Form.ENCRYPTED else None
    with explained(session, found, "the mandate can be accepted"):
        result = session.role(Bookrunner).accept_mandate(found.number, vault)
    return facts("Mandate accepted", {**found.names, "encryption key": result.encryption_key, **sent(result)})


@click.command("cancel", epilog=examples("indenture offer cancel CND1000MOF27 --reason resolution.pdf"))
@sends
@offering_argument
@click.option(
    "--reason", type=_SHEET, required=True, help="The document that says why; its hash goes on the chain."
)
def cancel(session: Session, offering: str, reason: Path) -> View:
    """Cancel an offering before its book closes (issuer). All deposits are unlocked."""
    from indenture.roles import Issuer

    found = find(session, offering)
    digest = document_digest(reason)
    session.agree(f"Cancel {found.title}", f"reason {reason}, keccak-256 {digest.hex()}")
    with explained(session, found, "it can be cancelled"):
        result = session.role(Issuer).cancel(found.number, digest)
    return facts("Offering cancelled", {**found.names, **sent(result)})


def _warn(conditions: Conditions) -> None:
    for warning in conditions.warnings():
        say(f"Warning: {warning}")


def _conditions(sheet: OfferingSheet, terms: TermSheet) -> Conditions:
    return Conditions(
        sheet.rules(terms),
        sheet.class_rules(terms),
        currency=terms.currency,
        face_value=terms.currency.money(terms.face_value),
        lot=terms.minimum_units,
        zone=sheet.times.zone,
        class_names=sheet.class_names,
    )
