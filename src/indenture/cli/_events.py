"""Events of holders in words: where one stands, and who does what next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from indenture.cli._clock import Local
from indenture.cli._output import label
from indenture.rights import ActionKind

if TYPE_CHECKING:
    from indenture.cli._session import Session
    from indenture.models import Action
    from indenture.results import ActionResult
    from indenture.roles.bond_figures import BondFigures

#: What is offered lapses after so long without money; who waits for what was promised may then leave.
LONG_STOP = timedelta(days=10)
#: Events whose money is promised, by the terms or by a call.
PROMISED = (ActionKind.PUT, ActionKind.DRAWING)
#: Events in which nothing is paid.
VOTES = (ActionKind.RESOLUTION, ActionKind.ACCELERATION)

isin_argument = click.argument("isin")
event_argument = click.argument("event", type=click.IntRange(min=1))
units_argument = click.argument("units", type=click.IntRange(min=1))


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an event stands.

    Attributes:
        state: In a word.
        then: What is done next, by whom.
        command: The command for it, without ISIN and number; empty for none.
        is_late: Whether money that was promised is overdue.
    """

    state: str
    then: str = ""
    command: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Books:
    """What of a bond decides where its events stand.

    Attributes:
        now: The chain's time.
        is_shut: Whether a drawing counts the holdings.
        is_closed: Whether the books are closed for the last payment.
        is_due: Whether the bond was made due.
    """

    now: datetime
    is_shut: bool
    is_closed: bool
    is_due: bool


def books_of(session: Session, figures: BondFigures) -> Books:
    """The books of a bond as they stand."""
    book, state = figures.bond.book(), session.suite.servicing.state_of(figures.bond.address)
    is_due = state.due_period != 0
    # A bond that was made due has no next record date either, until a recovery is announced.
    is_closed = book.closed and not is_due
    return Books(session.chain.block_stamp().time, is_shut=book.shut, is_closed=is_closed, is_due=is_due)


def stage_of(action: Action, books: Books) -> Stage:
    """Where an event stands."""
    now = books.now
    if action.kind in VOTES:
        return _vote(action, now)
    if action.is_decided and action.settled >= action.elected:
        return Stage("settled")
    if books.is_closed:
        return _over("over: redeemed with all units", action)
    if action.is_decided:
        return Stage("funded", "anyone settles its holders", "action settle")
    if books.is_due:
        return _over("over: the bond was made due before", action)
    if action.kind is ActionKind.DRAWING:
        return _drawing(action, now, is_shut=books.is_shut)
    return _elected(action, now)


def _elected(action: Action, now: datetime) -> Stage:
    if now < action.opens_at:
        return Stage("announced", "holders elect, once it opens")
    if now < action.closes_at:
        return Stage("open", "holders elect", "action elect")
    if not action.elected:
        return Stage("over: nobody elected")
    return _unfunded(action, now)


def _drawing(action: Action, now: datetime, *, is_shut: bool) -> Stage:
    if is_shut or not action.elected:
        if now < action.opens_at:
            return Stage("announced", "anyone draws, once it opens")
        return Stage("being drawn" if action.elected else "to be drawn", "anyone draws", "action draw")
    return _unfunded(action, now)


def _unfunded(action: Action, now: datetime) -> Stage:
    pay_time = action.pay_time or action.closes_at
    if now < pay_time:
        state = "drawn" if action.kind is ActionKind.DRAWING else "closed"
        return Stage(state, "the issuer pays in, once it is due")
    if action.kind in PROMISED:
        is_late = now >= pay_time + timedelta(days=1)
        return Stage("late" if is_late else "due", "the issuer pays in", "action fund", is_late=is_late)
    if now < pay_time + LONG_STOP:
        return Stage("due", "the issuer pays in, or it lapses", "action fund")
    return _over("lapsed: not paid in time", action)


def _vote(action: Action, now: datetime) -> Stage:
    if action.is_decided:
        return _over("carried", action)
    if now >= action.closes_at:
        return _over("over: not carried", action)
    if action.kind is ActionKind.RESOLUTION:
        return Stage("open", "holders consent; with enough, anyone enacts", "terms consent")
    return Stage("open", "holders give notice; with enough, anyone accelerates", "action elect")


def _over(state: str, action: Action) -> Stage:
    if action.settled < action.elected:
        return Stage(state, "anyone sets the units free", "action release")
    return Stage(state)


def row_of(action: Action, stage: Stage, zone: int) -> dict[str, object]:
    """An event as a row."""
    return {
        "event": action.number,
        "kind": action.kind,
        "code": action.code,
        "opens": Local(action.opens_at, zone),
        "closes": Local(action.closes_at, zone),
        "pays": Local(action.pay_time, zone) if action.pay_time else None,
        "price": price_of(action),
        "most": None if action.kind in VOTES else action.most or None,
        "elected": action.elected,
        "state": stage.state,
    }


def price_of(action: Action) -> str | None:
    """What a unit is taken for."""
    if action.kind is ActionKind.EXCHANGE:
        units = f"{action.new_units:,} new for {action.old_units:,} old units"
        return f"{units}, {action.amount} for each old one" if action.amount else units
    if action.amount is not None and action.kind is ActionKind.TENDER:
        return f"{action.amount} a unit"
    return f"{action.price:f} % of the principal" if action.price is not None else None


def next_of(action: Action, stage: Stage, isin: str) -> str | None:
    """What is done next, with the command for it."""
    if not stage.then:
        return None
    if not stage.command:
        return stage.then
    number = f" {isin} {action.number}"
    units = " UNITS" if stage.command.endswith(("elect", "consent")) else ""
    return f"{stage.then}: indenture {stage.command}{number}{units}"


def opened(session: Session, isin: str, result: ActionResult) -> dict[str, object]:
    """What to say of an event that was opened."""
    from indenture.cli._values import sent

    zone = session.bond(isin).terms.utc_offset
    times = {"opens": result.opens_at, "closes": result.closes_at, "pays": result.pay_time}
    return {
        "isin": isin,
        "event": result.action,
        **{name: Local(at, zone) if at else None for name, at in times.items()},
        **sent(result),
    }


def named(action: Action) -> str:
    """An event in a sentence: ``event 3 (tender)``."""
    return f"event {action.number} ({label(action.kind)})"
