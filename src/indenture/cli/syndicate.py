"""The syndicate of an offering: invited by the bookrunner, joined by underwriters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._offerings import Found, explained, find, offering_argument
from indenture.cli._output import View, facts, grid
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import ADDRESS, WALLET_OPTION, sent
from indenture.errors import InputError

if TYPE_CHECKING:
    from indenture.models import Invitation

_LEI_LENGTH = 20
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=InOrder)
def syndicate() -> None:
    """Form the syndicate of an offering, and underwrite after its result.

    Members of the syndicate bid by the rules of their class, and may commit to take up what bids leave over.
    """


@syndicate.command(
    "invite",
    epilog=examples(
        "indenture syndicate invite CND1000BOC15 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC \\",
        "    --class 1 --commitment 5000000",
        "indenture syndicate invite CND1000BOC15 --sheet terms/boc-2019-book.yaml \\",
        "    --account underwriter-01/house=0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    ),
)
@sends
@offering_argument
@click.argument("account", type=ADDRESS, required=False)
@click.option(
    "--class",
    "bidder_class",
    type=click.IntRange(1, 7),
    default=1,
    show_default=True,
    help="Number of the class whose rules it bids by; 1 is the first after everybody else.",
)
@click.option(
    "--commitment",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Units that it takes up at most if bids leave a rest; whole lots.",
)
@click.option("--sheet", type=_FILE, help="Invite all that the offering sheet names, instead of one ACCOUNT.")
@click.option(
    "--account",
    "named",
    multiple=True,
    metavar="NAME=ACCOUNT",
    help="Account of a name in the sheet; give it again for more. An LEI finds its own.",
)
def invite(
    session: Session,
    offering: str,
    account: str | None,
    bidder_class: int,
    commitment: int,
    sheet: Path | None,
    named: tuple[str, ...],
) -> View:
    """Invite ACCOUNT to the syndicate, or all that a sheet names (bookrunner).

    An invitation that is not accepted yet is changed.
    """
    from indenture.models import Invitation
    from indenture.roles import Bookrunner

    found = find(session, offering)
    if (account is None) == (sheet is None):
        raise InputError(
            "say who is invited", hint="Name one ACCOUNT, or all of an offering sheet with --sheet."
        )
    if sheet is not None:
        invitations = _from_sheet(session, found, sheet, named)
    else:
        invitations = [Invitation(account or "", bidder_class, commitment)]
    session.agree(
        f"Invite to the syndicate of {found.title}",
        *(_invitation_words(each) for each in invitations),
    )
    with explained(session, found, "underwriters are invited"):
        result = session.role(Bookrunner).invite_all(found.number, invitations)
    return facts(
        "Invited",
        {
            **found.names,
            "accounts": [each.underwriter for each in invitations],
            "transactions": [tx.tx_hash for tx in result.transactions],
        },
    )


@syndicate.command("join", epilog=examples("indenture syndicate join CND1000BOC15"))
@sends
@offering_argument
@WALLET_OPTION
def join(session: Session, offering: str, wallet: str | None) -> View:
    """Accept your invitation, as it is shown; it holds a deposit (underwriter).

    Joining binds: if bids leave a rest, anyone can make you pay for your part of it, up to your commitment.
    """
    from indenture.roles import Underwriter

    found = find(session, offering)
    role = session.role(lambda suite, sender: Underwriter(suite, sender, wallet=wallet))
    seen = role.invitation(found.number)
    if seen is None:
        raise InputError(
            f"{role.account} is not invited to the syndicate of {found.title}",
            hint="Ask the bookrunner: indenture syndicate invite.",
        )
    session.agree(
        f"Join the syndicate of {found.title}",
        f"class {seen.bidder_class}; take up {seen.commitment:,} units at most, at the issue price",
        f"deposit {found.book.deposit}, lost if you do not",
    )
    with explained(session, found, "the syndicate can be joined"):
        result = role.join(found.number, seen)
    return facts(
        "Joined",
        {
            **found.names,
            "class": result.bidder_class,
            "commitment": result.commitment,
            "deposit": result.deposit,
            "taken from the account": result.taken,
            "currency": result.deposit.currency.code,
            **sent(result),
        },
    )


@syndicate.command("show", epilog=examples("indenture syndicate show CND1000BOC15"))
@reads
@offering_argument
def show(session: Session, offering: str) -> View:
    """Show who is invited, who joined, and what each takes up."""
    found, contract = find(session, offering), session.suite.offering
    accounts = contract.syndicate(found.number)
    members = contract.underwriters(found.number, accounts)
    parts = contract.take_up_parts(found.number, accounts)
    rows = [
        {
            "account": account,
            "class": member.bidder_class,
            "joined": member.joined,
            "commitment": member.commitment,
            "part": part,
            "took up": member.took_up,
            "later part": later,
            "took up later": member.took_up_later,
            "deposit held": member.deposit,
        }
        for account, member, (part, later) in zip(accounts, members, parts, strict=True)
    ]
    return grid(f"Syndicate of {found.title}", rows, empty="Nobody is invited.")


@syndicate.command(
    "underwrite-more", epilog=examples("indenture syndicate underwrite-more CND1000MOF27 500000")
)
@sends
@offering_argument
@click.argument("units", type=click.IntRange(min=0))
@WALLET_OPTION
def underwrite_more(session: Session, offering: str, units: int, wallet: str | None) -> View:
    """Underwrite UNITS more at the issue price, soon after the result.

    For classes that may, up to their share of what their bids won. Again replaces; 0 takes it back. The money
    is taken when your bids are settled.
    """
    from indenture.roles import Underwriter

    found = find(session, offering)
    role = session.role(lambda suite, sender: Underwriter(suite, sender, wallet=wallet))
    with explained(session, found, "more can be underwritten"):
        most = role.additional_limit(found.number)
    session.agree(
        f"Underwrite {units:,} more units of {found.title}", f"at most {most:,}, at the issue price"
    )
    with explained(session, found, "more can be underwritten"):
        result = role.underwrite_more(found.number, units)
    return facts("Underwritten", {**found.names, "units": units, "most": most, **sent(result)})


def _from_sheet(session: Session, found: Found, sheet: Path, named: tuple[str, ...]) -> list[Invitation]:
    """All seats of a sheet, with the accounts that were named, or that their LEI has."""
    from indenture.cli._terms import sheet_of
    from indenture.models import Invitation
    from indenture.primary import load_offering_sheet

    terms = session.suite.bond(found.book.bond).terms
    seats = load_offering_sheet(sheet).syndicate(sheet_of(terms, found.book.currency))
    accounts = dict(_named(each) for each in named)
    for name in accounts:
        if name not in {seat.member for seat in seats}:
            raise InputError(f"{sheet} has no seat of {name!r}", hint="Names are those under underwriters.")
    for seat in seats:
        accounts.setdefault(seat.member, _account_of(session, seat.member))
    if unknown := [seat.member for seat in seats if not accounts[seat.member]]:
        raise InputError(
            f"no account is known of {', '.join(unknown)}", hint=f"Name it: --account {unknown[0]}=0x..."
        )
    return [Invitation(accounts[seat.member], seat.bidder_class, seat.commitment) for seat in seats]


def _invitation_words(each: Invitation) -> str:
    return f"{each.underwriter}: class {each.bidder_class}, takes up {each.commitment:,} units at most"


def _named(text: str) -> tuple[str, str]:
    from indenture.contracts.suite import checksum_address

    name, _, account = text.partition("=")
    return name.strip(), checksum_address(account.strip(), f"account of {name.strip()}")


def _account_of(session: Session, member: str) -> str:
    """The account of an LEI that may underwrite, where there is just one; else nothing."""
    from indenture.identifiers import Lei
    from indenture.membership import Role

    registry = session.suite.registry
    if len(member) != _LEI_LENGTH or registry.member(Lei(member)) is None:
        return ""
    known = registry.accounts(registry.accounts_of(Lei(member)))
    may = [each.address for each in known if each is not None and each.roles & Role.UNDERWRITER]
    return may[0] if len(may) == 1 else ""
