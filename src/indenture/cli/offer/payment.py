"""From the result to the last deposit: payment and issue, the rest, what is unlocked and what is lost."""

from __future__ import annotations

import click

from indenture.cli._help import examples
from indenture.cli._offerings import Found, explained, find, offering_argument
from indenture.cli._output import Facts, Grid, View, facts
from indenture.cli._session import Session, sends
from indenture.errors import InputError
from indenture.results import BatchResult, SettlementResult


@click.command("settle", epilog=examples("indenture offer settle CND1000MOF27"))
@sends
@offering_argument
@click.option("--batch", type=int, default=50, show_default=True, help="Tick bids in one transaction.")
def settle(session: Session, offering: str, batch: int) -> View:
    """Take the winners' money and issue their units, in one act for each. Anyone may.

    The money comes from the standing deposit first, then from the account. Who lacks it, or may not hold the
    bond now, is skipped and named; settle again once that is mended.
    """
    from indenture.roles import Bookrunner

    found = find(session, offering)
    session.agree(f"Settle the winners of {found.title}", f"{batch} tick bids in one transaction")
    with explained(session, found, "winners are settled"):
        result = session.role(Bookrunner).settle(found.number, batch=batch)
    return _sold(found, result, "Paid and issued")


@click.command("take-up", epilog=examples("indenture offer take-up CND1000BOC15"))
@sends
@offering_argument
@click.option("--batch", type=int, default=50, show_default=True, help="Underwriters in one transaction.")
def take_up(session: Session, offering: str, batch: int) -> View:
    """Let the underwriters pay for their parts of the rest, and get them. Anyone may.

    Until the end of payment the rest is what bids left; after it, what winners did not pay.
    """
    from indenture.roles import Bookrunner

    found = find(session, offering)
    session.agree(f"Let the underwriters of {found.title} take up the rest")
    with explained(session, found, "the rest is taken up"):
        result = session.role(Bookrunner).take_up(found.number, batch=batch)
    return _sold(found, result, "Taken up")


@click.command("lapse", epilog=examples("indenture offer lapse CND1000BOC15"))
@sends
@offering_argument
def lapse(session: Session, offering: str) -> View:
    """Lapse the winners who did not pay in time. Anyone may.

    Their units go to the underwriters, their deposit to the issuer; it is unlocked where they may not hold
    the bond now, or it is paused.
    """
    from indenture.roles import Bookrunner

    found = find(session, offering)
    session.agree(f"Lapse the winners of {found.title} who did not pay: their deposits are lost")
    with explained(session, found, "winners lapse"):
        result = session.role(Bookrunner).lapse_all(found.number)
    return _batch(found, result, "Winners lapsed", "winners")


@click.command("forfeit", epilog=examples("indenture offer forfeit CND1000BOC15"))
@sends
@offering_argument
def forfeit(session: Session, offering: str) -> View:
    """Forfeit the deposits of sealed bids that nobody opened in time. Anyone may.

    They are the issuer's then; of a cancelled offering they are unlocked.
    """
    from indenture.roles import Bookrunner

    found = find(session, offering)
    session.agree(f"Forfeit the deposits of bids in {found.title} that nobody opened")
    with explained(session, found, "unopened bids are forfeited"):
        result = session.role(Bookrunner).forfeit_all(found.number)
    return _batch(found, result, "Forfeited", "bidders")


@click.command("refunds", epilog=examples("indenture offer refunds CND1000BOC15"))
@sends
@offering_argument
def refunds(session: Session, offering: str) -> View:
    """Unlock the deposits of bidders who won nothing. Anyone may.

    Where the offering failed or was cancelled, those of all bidders.

    What is unlocked stays in the standing deposit of each, from which he withdraws it: indenture deposit
    withdraw.
    """
    from indenture.roles import Bookrunner

    found = find(session, offering)
    session.agree(f"Unlock the deposits of bidders of {found.title} who won nothing")
    with explained(session, found, "deposits are unlocked"):
        result = session.role(Bookrunner).release_all(found.number)
    return _batch(found, result, "Deposits unlocked", "bidders")


@click.command("discharge", epilog=examples("indenture offer discharge CND1000BOC15"))
@sends
@offering_argument
def discharge(session: Session, offering: str) -> View:
    """Discharge the underwriters once all is over. Anyone may.

    Who took up his parts gets his deposit unlocked; who did not, though he could, loses it to the issuer.
    """
    from indenture.roles import Bookrunner

    found = find(session, offering)
    session.agree(f"Discharge the underwriters of {found.title}")
    with explained(session, found, "underwriters are discharged"):
        result = session.role(Bookrunner).discharge_all(found.number)
    return _batch(found, result, "Discharged", "underwriters")


@click.command("finish", epilog=examples("indenture offer finish CND1000BOC15"))
@sends
@offering_argument
def finish(session: Session, offering: str) -> View:
    """Do all that the clock allows after the result. Anyone may, again and again.

    That is: settle, take-up, lapse, forfeit, refunds, discharge, as far as there is something to do.
    """
    from indenture.roles import Bookrunner

    found = find(session, offering)
    session.agree(f"Do all that can be done now for {found.title}: settle, take up, lapse, forfeit, unlock")
    with explained(session, found, "it can be finished"):
        done = session.role(Bookrunner).finish(found.number)
    return facts(
        "Done",
        {
            **found.names,
            "winners settled": done.settled.count if done.settled else 0,
            "underwriters took up": done.taken_up.count if done.taken_up else 0,
            "winners lapsed": done.lapsed.count,
            "bidders forfeited": done.forfeited.count,
            "bidders unlocked": done.released.count,
            "underwriters discharged": done.discharged.count,
        },
    )


def _sold(found: Found, result: SettlementResult, title: str) -> View:
    skipped = [{"account": each.bidder, "reason": each.reason} for each in result.skipped]
    about = {
        **found.names,
        "count": result.count,
        "units": result.units,
        "proceeds": result.proceeds,
        "currency": result.proceeds.currency.code,
        "transactions": [tx.tx_hash for tx in result.transactions],
    }
    blocks: list[Facts | Grid] = [Facts(title if result.count else "Nobody could be settled", about)]
    if skipped:
        blocks.append(Grid("Skipped: mend it and do it again", skipped))
    return View({**facts("", about).data, "skipped": skipped}, blocks)


def _batch(found: Found, result: BatchResult, title: str, what: str) -> View:
    if not result.count:
        raise InputError(f"{found.title} has nothing of this left to do", hint="See indenture offer status.")
    return facts(
        title, {**found.names, what: result.count, "transactions": [tx.tx_hash for tx in result.transactions]}
    )
