"""A bidder's bids: placed, sealed, replaced, opened, paid for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indenture.cli._bidfile import read_bids
from indenture.cli._bids import METAVAR, BidType, WrittenBid, bids_for
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._offerings import Found, explained, find, offering_argument
from indenture.cli._output import Facts, Grid, View, facts
from indenture.cli._ownbids import bid_rows, own_bids
from indenture.cli._session import Session, keeps_secrets, sends, signs
from indenture.cli._values import ADDRESS, WALLET_OPTION, sent
from indenture.cli._vault import open_vault
from indenture.errors import InputError, OfferingRefused
from indenture.models import BidStatus
from indenture.primary import Basis, Form, Stage

if TYPE_CHECKING:
    from indenture.models import Bid, PlacedBids
    from indenture.roles import Investor

_bids = click.option(
    "--bid",
    "written",
    type=BidType(),
    multiple=True,
    metavar=METAVAR,
    help="One bid: 3.25%:100000, or noncompetitive:5000; a client's account may follow. "
    "Give it again for more.",
)
_file = click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Bids in a file: YAML or CSV with quote, units and account.",
)


@click.group(cls=InOrder)
def bid() -> None:
    """Bid in an offering, open sealed bids, pay for what they won.

    What opens sealed bids is kept in a vault before they are sent. Keep it until they are open: bids that
    nobody opens in time lose their deposit. In an encrypted book the bookrunner opens them, too.
    """


@bid.command(
    "place",
    epilog=examples(
        "indenture bid place CND1000MOF27 --bid 1.40%:5000000 --bid 1.44%:2500000",
        "indenture bid place CND1000BOC15 --bid noncompetitive:5000 \\",
        "    --bid 3.25%:100000:0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
        "indenture bid place CND1000MOF27 --file bids.yaml",
    ),
)
@sends
@keeps_secrets
@offering_argument
@_bids
@_file
@WALLET_OPTION
def place(
    session: Session, offering: str, written: tuple[WrittenBid, ...], file: Path | None, wallet: str | None
) -> View:
    """Bid in an offering, in the form that it asks for.

    All your bids go together: quotes with a percent sign where the tender asks for the rate, or money for one
    unit where it asks for the price. The units go to you, or to a client's account; you pay. The deposit is
    locked, from your standing deposit first, then from your account.
    """
    return _send(session, offering, written, file, wallet, again=False)


@bid.command(
    "replace", epilog=examples("indenture bid replace CND1000MOF27 --bid 1.42%:5000000 --bid 1.46%:2500000")
)
@sends
@keeps_secrets
@offering_argument
@_bids
@_file
@WALLET_OPTION
def replace(
    session: Session, offering: str, written: tuple[WrittenBid, ...], file: Path | None, wallet: str | None
) -> View:
    """Replace all your bids by others, until the book closes."""
    return _send(session, offering, written, file, wallet, again=True)


@bid.command("withdraw", epilog=examples("indenture bid withdraw CND1000MOF27"))
@sends
@offering_argument
@WALLET_OPTION
def withdraw(session: Session, offering: str, wallet: str | None) -> View:
    """Withdraw all your bids and unlock the deposit, until the book closes."""
    found = find(session, offering)
    role = _role(session, wallet)
    session.agree(f"Withdraw all bids of {role.account} in {found.title}")
    with explained(session, found, "bids can be withdrawn"):
        result = role.withdraw_bid(found.number)
    return facts("Bids withdrawn", {**found.names, "bidder": role.account, **sent(result)})


@bid.command("open", epilog=examples("indenture bid open CND1000MOF27"))
@sends
@keeps_secrets
@offering_argument
@WALLET_OPTION
def open_(session: Session, offering: str, wallet: str | None) -> View:
    """Open your sealed bids, between the close and the end of opening.

    What opens them comes from the vault. Bids that are not open then lose their deposit.
    """
    found = find(session, offering)
    role = _role(session, wallet)
    session.agree(
        f"Open the sealed bids of {role.account} in {found.title}",
        f"until {found.at(found.book.rules.reveals_by)}; deposit at stake: {found.book.deposit}",
    )
    vault = open_vault(session)
    with explained(session, found, "bids can be opened"):
        result = role.open_bid(found.number, vault)
    about = {**found.names, "bidder": result.bidder, **sent(result)}
    rows = bid_rows(found, result.bids)
    return View({**facts("", about).data, "bids": rows}, [Facts("Bids opened", about), Grid("Bids", rows)])


@bid.command(
    "show",
    epilog=examples(
        "indenture bid show CND1000MOF27",
        "indenture bid show CND1000MOF27 --account 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    ),
)
@signs
@keeps_secrets
@offering_argument
@click.option("--account", type=ADDRESS, help="The bidder; the account of your key unless given.")
def show(session: Session, offering: str, account: str | None) -> View:
    """Show your bids: what the book holds, what the vault holds, what they won.

    Where the vault does not hold what opens your sealed bids, that is said loudly, and the exit code is 3.
    """
    found = find(session, offering)
    return own_bids(session, found, account or session.account.address)


@bid.command("pay", epilog=examples("indenture bid pay CND1000MOF27"))
@sends
@offering_argument
@WALLET_OPTION
def pay(session: Session, offering: str, wallet: str | None) -> View:
    """Pay for what you won, and get it, in one act.

    You need not: anyone can settle you (indenture offer settle). Money comes from the standing deposit first,
    that of this offering included, then from your account.
    """
    found = find(session, offering)
    role = _role(session, wallet)
    with explained(session, found, "winners are settled"):
        due = role.my_allotment(found.number)
    session.agree(f"Pay {due.amount} for {due.won + due.additional:,} units of {found.book.isin}")
    with explained(session, found, "winners are settled"):
        paid = role.pay(found.number)
    return facts(
        "Paid and issued",
        {
            **found.names,
            "bidder": role.account,
            "units": paid.won + paid.additional,
            "amount": paid.amount,
            "currency": paid.amount.currency.code,
        },
    )


@bid.command("refund", epilog=examples("indenture bid refund CND1000MOF27"))
@sends
@offering_argument
@WALLET_OPTION
def refund(session: Session, offering: str, wallet: str | None) -> View:
    """Take back the deposit of an offering that you won nothing of."""
    found = find(session, offering)
    role = _role(session, wallet)
    session.agree(f"Take back the deposit of {role.account} in {found.title}, {found.book.deposit}")
    with explained(session, found, "deposits are unlocked"):
        result = role.refund(found.number)
    return facts(
        "Refunded",
        {
            **found.names,
            "bidder": role.account,
            "amount": result.amount,
            "currency": result.amount.currency.code,
            **sent(result),
        },
    )


def _send(
    session: Session,
    offering: str,
    written: tuple[WrittenBid, ...],
    file: Path | None,
    wallet: str | None,
    *,
    again: bool,
) -> View:
    found = find(session, offering)
    _check_stage(session, found)
    role = _role(session, wallet)
    book = found.book
    wanted = bids_for(
        [*written, *(read_bids(file) if file else ())],
        bidder=role.account,
        rules=book.rules,
        lot=book.lot,
        currency=book.currency,
    )
    _check_first(role.my_bids(found.number), found, again=again)
    session.agree(
        f"{'Replace all your bids by' if again else 'Bid in'} {found.title}",
        *_lines(wanted, found),
        f"book from {found.at(book.rules.opens_at)} to {found.at(book.rules.closes_at)}",
        f"deposit {book.deposit}",
        *_promise(found),
    )
    vault = None if book.rules.form is Form.OPEN else open_vault(session, create=True)
    with explained(session, found, "bids are taken"):
        result = role.bid(found.number, wanted, vault)
    about = {
        **found.names,
        "bidder": result.bidder,
        "form": book.rules.form,
        "bids": len(result.bids),
        "commitment": result.commitment,
        "taken from the account": result.taken,
        "currency": result.taken.currency.code,
        "vault": str(vault.path) if vault else None,
        "open them until": found.at(book.rules.reveals_by) if vault else None,
        **sent(result),
    }
    return facts("Bids replaced" if again else "Bids placed", about)


def _role(session: Session, wallet: str | None) -> Investor:
    from indenture.roles import Investor

    return session.role(lambda suite, sender: Investor(suite, sender, wallet=wallet))


def _check_stage(session: Session, found: Found) -> None:
    """Before anybody is asked for anything: whether there is a book to bid in."""
    if found.book.stage is Stage.OPEN:
        return
    with explained(session, found, "bids are taken"):
        raise OfferingRefused(
            "OfferingStageWrong",
            {"offeringId": found.number, "stage": int(found.book.stage)},
            message=f"{found.title} takes no bids: its book is not open",
        )


def _check_first(placed: PlacedBids, found: Found, *, again: bool) -> None:
    """Who means to bid must not replace by mistake, nor the other way round."""
    there = placed.status in (BidStatus.SEALED, BidStatus.OPENED)
    if there and not again:
        raise InputError(
            f"{placed.bidder} has bids in {found.title} already",
            hint="All of them are replaced together: indenture bid replace.",
        )
    if again and not there:
        raise InputError(
            f"{placed.bidder} has no bids in {found.title} to replace",
            hint="Place them: indenture bid place.",
        )


def _lines(bids: Sequence[Bid], found: Found) -> list[str]:
    """Bids as a person checks them once more."""
    by_rate = found.book.rules.basis is Basis.RATE
    lines = []
    for each in bids:
        quote = "without a quote" if each.quote is None else f"at {each.quote} %"
        if each.quote is not None and not by_rate:
            quote = f"at {found.book.currency.code} {each.quote}"
        lines.append(f"{each.units:,} units {quote}" + (f", for {each.account}" if each.account else ""))
    return [*lines, f"{sum(each.units for each in bids):,} units in all"]


def _promise(found: Found) -> list[str]:
    rules = found.book.rules
    if rules.form is Form.OPEN:
        return ["everybody sees them"]
    until = found.at(rules.reveals_by)
    if rules.form is Form.SEALED:
        return [f"sealed: you open them after the close, by {until}, or lose the deposit"]
    return [f"sealed, and encrypted to the bookrunner, who can read them at once and opens them by {until}"]
