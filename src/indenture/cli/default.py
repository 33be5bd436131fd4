"""Missed payments, and what holders do about them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from indenture.cli._clock import Local
from indenture.cli._events import (
    books_of,
    event_argument,
    isin_argument,
    named,
    opened,
    stage_of,
)
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, Picture, View, facts, keyed
from indenture.cli._progress import working
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import DAY, sent
from indenture.dates import civil_day
from indenture.rights import PaymentStatus

if TYPE_CHECKING:
    from indenture.models import BondClaim
    from indenture.results import MadeDueResult
    from indenture.roles.bond_figures import BondFigures


@click.group(cls=InOrder)
def default() -> None:
    """See which payments were missed, give notice, and make a bond due.

    A payment is late the day after its pay day, and missed when the days of grace are over: nobody has to
    say so. Until the bond is made due it is cured by paying in, with penalty interest. The rules are in
    docs/default.md.
    """


@default.command("status", epilog=examples("indenture default status CND1000RGT67"))
@reads
@isin_argument
def status(session: Session, isin: str) -> View:
    """Show what is late or missed, and what the bond owes."""
    from indenture.roles.bond_figures import BondFigures

    figures = BondFigures(session.suite, session.bond(isin))
    state, terms, zone = figures.bond_state(), figures.rights().defaults, figures.bond.terms.utc_offset
    with working(f"Reading {figures.bond.isin}"):
        rows = [_payment(figures, period, zone) for period in range(1, state.last_period + 1)]
    late = [*(row for row in rows if row["status"] in _BAD), *_redemptions(session, figures)]
    about: dict[str, object] = {
        "isin": figures.bond.isin,
        "standing": _standing(late, is_due=state.in_default),
        "days of grace": terms.grace_days,
        "penalty interest": _percent(terms.penalty_rate, " a year"),
        "to accelerate": _percent(terms.acceleration_share, " of the units")
        if terms.acceleration_share
        else None,
        "cross-default": terms.cross_default,
    }
    if state.in_default:
        about |= {"made due on": state.due_day, "up to payment": state.due_period}
    claim = figures.claim()
    blocks: list[Facts | Grid | Picture] = [Facts("Default", about), Grid("Payments", rows)]
    if late:
        blocks.insert(1, Grid("Late", late))
    if claim:
        blocks.append(Facts("Owed", _owed(claim)))
    data = {
        **facts("", about).data,
        "payments": [keyed(row) for row in rows],
        "late": [keyed(row) for row in late],
        "claim": keyed(_owed(claim)) if claim else None,
    }
    return View(data, blocks)


@default.command(
    "notice",
    epilog=examples(
        "indenture default notice CND1000RGT67 --period 2",
        "indenture default notice CND1000RGT67 --event 1",
        "indenture default notice CND1000RGT67 --cause CND1000BOC15 --period 1",
    ),
)
@sends
@isin_argument
@click.option("--period", type=click.IntRange(min=1), help="The missed payment.")
@click.option("--event", type=click.IntRange(min=1), help="The put or drawing that was not paid, instead.")
@click.option("--cause", metavar="ISIN", help="Another bond of the issuer whose default it is.")
def notice(session: Session, isin: str, period: int | None, event: int | None, cause: str | None) -> View:
    """Say that the bond is in default, and gather notices to make it due. Anyone may.

    For 90 days holders join with their units: indenture action elect. With the share of the terms, anyone
    makes the bond due: indenture default accelerate. A bond that was made due is a --cause on its own.
    """
    from indenture.roles import Investor

    bond = session.bond(isin)
    missed = f"payment {period}" if period else f"event {event}" if event else "a bond that was made due"
    session.agree(
        f"Give notice that {bond.isin} is in default: {missed}", *([f"of {cause}"] if cause else [])
    )
    result = session.role(Investor).notice_default(
        isin, cause=cause, period=period or 0, redemption=event or 0
    )
    about = {"cause": cause or isin, "period": period, "unpaid event": event, **opened(session, isin, result)}
    return facts("Default noticed", about)


@default.command("accelerate", epilog=examples("indenture default accelerate CND1000RGT67 3"))
@sends
@isin_argument
@event_argument
def accelerate(session: Session, isin: str, event: int) -> View:
    """Make the bond due at once, by the notices of EVENT. Anyone may.

    Holders of the share that the terms name must have joined, and the default must not be cured.
    """
    from indenture.roles import PayingAgent
    from indenture.roles.bond_figures import BondFigures

    found = BondFigures(session.suite, session.bond(isin)).action(event)
    session.agree(f"Make {isin} due, by {named(found)}: {found.elected:,} units", "this cannot be undone")
    return _made_due(isin, session.role(PayingAgent).accelerate(isin, event))


@default.command("overdue", epilog=examples("indenture default overdue CND1000RGT67"))
@sends
@isin_argument
def overdue(session: Session, isin: str) -> View:
    """Make a bond due whose last payment was missed. Anyone may.

    Nothing is left to accelerate: from then on it is paid by recoveries.
    """
    from indenture.roles import PayingAgent

    session.agree(f"Say that the last payment of {isin} was missed", "this cannot be undone")
    return _made_due(isin, session.role(PayingAgent).declare_overdue(isin))


@default.command(
    "claim",
    epilog=examples(
        "indenture default claim CND1000RGT67", "indenture default claim CND1000RGT67 --on 2026-12-31"
    ),
)
@reads
@isin_argument
@click.option(
    "--on", type=DAY, metavar="DAY", help="With interest to this day: 2026-12-31; today unless given."
)
def claim(session: Session, isin: str, on: date | None) -> View:
    """Show what a unit of a bond that was made due is owed."""
    from indenture.errors import InputError
    from indenture.roles.bond_figures import BondFigures

    found = BondFigures(session.suite, session.bond(isin)).claim(on)
    if found is None:
        raise InputError(
            f"{isin} was not made due", hint="What is late, and since when: indenture default status."
        )
    return facts(f"Owed by {isin}", {"isin": isin, **_owed(found)})


_BAD = (PaymentStatus.OVERDUE, PaymentStatus.MISSED)


def _payment(figures: BondFigures, period: int, zone: int) -> dict[str, object]:
    found = figures.payment_status(period)
    days = figures.payment_days(period)
    return {
        "payment": period,
        "pay day": days.pay_day if days else None,
        "status": found.status,
        "grace until": Local(found.until, zone) if found.until else None,
        "penalty, %": found.penalty or None,
    }


def _redemptions(session: Session, figures: BondFigures) -> list[dict[str, object]]:
    """Puts and drawings that are not paid."""
    books = books_of(session, figures)
    grace = timedelta(days=figures.rights().defaults.grace_days + 1)
    zone = figures.bond.terms.utc_offset
    return [
        {
            "payment": named(each),
            "pay day": civil_day(each.pay_time, zone),
            "status": PaymentStatus.MISSED if books.now >= each.pay_time + grace else PaymentStatus.OVERDUE,
            "grace until": Local(each.pay_time + grace, zone),
            "penalty, %": None,
        }
        for each in figures.actions()
        if each.pay_time is not None and stage_of(each, books).is_late
    ]


def _standing(late: list[dict[str, object]], *, is_due: bool) -> str:
    if is_due:
        return "made due: it trades flat, and is paid by recoveries"
    if any(row["status"] is PaymentStatus.MISSED for row in late):
        return "in default: a payment was missed, and can still be cured"
    return "late: in the days of grace" if late else "no payment is late"


def _owed(found: BondClaim) -> dict[str, object]:
    return {
        "to": found.day,
        "principal of a unit": found.principal,
        "interest of a unit": found.interest,
        "units": found.units,
        "total": found.total,
        "currency": found.total.currency.code,
        "closed": found.is_closed,
    }


def _percent(billionths: int, of: str) -> str:
    return f"{Decimal(billionths).scaleb(-7).normalize():f} %{of}"


def _made_due(isin: str, result: MadeDueResult) -> View:
    about = {"isin": isin, "up to payment": result.period, "due on": result.day, **sent(result)}
    return facts("Made due", about)
