"""Events of holders: looked at, taken part in, paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from indenture.cli._clock import Local, span
from indenture.cli._events import (
    books_of,
    event_argument,
    isin_argument,
    named,
    next_of,
    price_of,
    row_of,
    stage_of,
    units_argument,
)
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import Grid, View, facts, grid, keyed
from indenture.cli._progress import progress_of, working
from indenture.cli._session import Session, reads, sends
from indenture.cli._values import ADDRESS, DOCUMENT, sent
from indenture.cli._versions import changes, proposed
from indenture.cli.coupon import kept_words
from indenture.rights import ActionKind

if TYPE_CHECKING:
    from indenture.models import Action
    from indenture.results import ElectionResult
    from indenture.roles.bond_figures import BondFigures

_batch = click.option("--batch", type=int, default=100, show_default=True, help="Holders in one transaction.")


@click.group(cls=InOrder)
def action() -> None:
    """Take part in puts, offers, drawings, resolutions and notices of a bond.

    Each is an EVENT with a number. Units with which you take part stay yours and are paid coupons, and
    cannot move until they are paid for, taken back, or released.
    """


@action.command("list", epilog=examples("indenture action list CND1000RGT67"))
@reads
@isin_argument
def list_(session: Session, isin: str) -> View:
    """List the events of a bond, and where each stands."""
    figures = _figures(session, isin)
    zone, books = figures.bond.terms.utc_offset, books_of(session, figures)
    with working(f"Reading {figures.bond.isin}"):
        rows = [row_of(each, stage_of(each, books), zone) for each in figures.actions()]
    title = f"Events of {figures.bond.isin}"
    shown = Grid(title, rows, "It has had none so far.", spare=("code", "most", "opens", "price"))
    return View([keyed(row) for row in rows], [shown])


@action.command(
    "show",
    epilog=examples(
        "indenture action show CND1000RGT67 1",
        "indenture action show CND1000RGT67 1 --account 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    ),
)
@reads
@isin_argument
@event_argument
@click.option("--account", type=ADDRESS, help="What this account has elected.")
def show(session: Session, isin: str, event: int, account: str | None) -> View:
    """Show EVENT of a bond: its terms, what is elected, and who does what next."""
    figures = _figures(session, isin)
    found = figures.action(event)
    now, zone = session.chain.block_stamp().time, figures.bond.terms.utc_offset
    stage = stage_of(found, books_of(session, figures))
    about: dict[str, object] = {
        "isin": figures.bond.isin,
        "event": found.number,
        "kind": found.kind,
        "code": found.code,
        "state": stage.state,
        "next": next_of(found, stage, str(figures.bond.isin)),
        "opens": Local(found.opens_at, zone),
        "closes": Local(found.closes_at, zone),
        "time left": span(found.closes_at - now) if found.opens_at <= now < found.closes_at else None,
        "pays": Local(found.pay_time, zone) if found.pay_time else None,
        **_terms_of(session, found),
        "elected": found.elected,
        "settled": found.settled,
        "can be taken back": found.withdrawable,
        "document": found.document,
    }
    if account is not None:
        units = figures.elected(event, account)
        about |= {"account": account, "elected by it": units}
        if found.kind not in (ActionKind.RESOLUTION, ActionKind.ACCELERATION):
            taken = session.suite.servicing.taken_of(figures.bond.address, event, units)
            about["taken of it so far"] = taken
    view = facts(f"{named(found).capitalize()} of {figures.bond.isin}", about)
    if found.kind is not ActionKind.RESOLUTION:
        return view
    currency = session.suite.currency_at(figures.bond.terms.currency)
    changed = changes(figures.versions()[found.redemption].terms, proposed(figures, found), currency)
    data = {**view.data, "changes": [keyed(row) for row in changed]}
    return View(data, [*view.blocks, Grid("What it changes", changed, "Nothing.")])


@action.command("elect", epilog=examples("indenture action elect CND1000RGT67 1 5000"))
@sends
@isin_argument
@event_argument
@units_argument
def elect(session: Session, isin: str, event: int, units: int) -> View:
    """Take part in EVENT with UNITS of yours; adds to what you elected before.

    In a put or an offer: to be paid for them. In a resolution: to consent. In a notice of acceleration: to
    join it.
    """
    from indenture.roles import Investor

    found = _figures(session, isin).action(event)
    what = f"Take part in {named(found)} of {isin} with {units:,} units"
    price = price_of(found)
    back = "can be taken back while it is open" if found.withdrawable else "this cannot be taken back"
    session.agree(what, *([price] if price else []), f"the units cannot move until it is over; {back}")
    result = session.role(Investor).elect(isin, event, units)
    return facts("Elected", _elected(isin, result))


@action.command("withdraw", epilog=examples("indenture action withdraw CND1000RGT67 1 5000"))
@sends
@isin_argument
@event_argument
@units_argument
def withdraw(session: Session, isin: str, event: int, units: int) -> View:
    """Take UNITS of your election in EVENT back, while it is open and lets you."""
    from indenture.roles import Investor

    found = _figures(session, isin).action(event)
    session.agree(f"Take {units:,} units back out of {named(found)} of {isin}")
    result = session.role(Investor).withdraw_election(isin, event, units)
    return facts("Taken back", _elected(isin, result))


@action.command(
    "release",
    epilog=examples(
        "indenture action release CND1000RGT67 1", "indenture action release CND1000RGT67 1 --all"
    ),
)
@sends
@isin_argument
@event_argument
@click.option("--all", "everybody", is_flag=True, help="The units of all who took part. Anyone may.")
def release(session: Session, isin: str, event: int, *, everybody: bool) -> View:
    """Set your units free, where EVENT is over without taking them.

    Where the money of a put or a drawing is ten days late you may go, and give up your place in it.
    """
    from indenture.roles import Investor, PayingAgent

    found = _figures(session, isin).action(event)
    whose = "all units" if everybody else "your units"
    session.agree(f"Set {whose} in {named(found)} of {isin} free")
    if not everybody:
        return facts("Released", _elected(isin, session.role(Investor).release(isin, event)))
    result = session.role(PayingAgent).release(isin, event)
    transactions = [each.tx_hash for each in result.transactions]
    about = {"isin": isin, "event": event, "holders": result.count, "transactions": transactions}
    return facts("Released", about)


@action.command("draw", epilog=examples("indenture action draw CND1000RGT67 2"))
@sends
@isin_argument
@event_argument
@_batch
def draw(session: Session, isin: str, event: int, batch: int) -> View:
    """Draw the lots of EVENT. Anyone may, from ten days before it is paid.

    Every holder is counted, then drawn from, in batches; until it is done no unit of the bond moves.
    """
    from indenture.roles import PayingAgent

    found = _figures(session, isin).action(event)
    session.agree(f"Draw {found.most:,} units of {isin} by lot, {batch} holders a transaction")
    with progress_of("Draw") as progress:
        result = session.role(PayingAgent).draw(isin, event, batch=batch, progress=progress)
    about = {
        "isin": isin,
        "event": result.action,
        "holders counted": result.count,
        "units drawn": result.units,
        "completed": result.completed,
        "transactions": [each.tx_hash for each in result.transactions],
    }
    rows = [{"holder": holder, "drawn": units} for holder, units in result.drawn.items()]
    drawn = grid("Drawn", rows)
    return View(
        {**facts("", about).data, "drawn": drawn.data}, [*facts("Drawn by lot", about).blocks, *drawn.blocks]
    )


@action.command("fund", epilog=examples("indenture action fund CND1000RGT67 1"))
@sends
@isin_argument
@event_argument
def fund(session: Session, isin: str, event: int) -> View:
    """Pay in for EVENT, from your own account, on its pay day or later.

    It is the price of all units that can be taken, with accrued interest; for a put or a drawing that is
    late, with penalty interest. Anyone may; for an exchange the issuer and paying agents.
    """
    from indenture.roles import PayingAgent

    found = _figures(session, isin).action(event)
    price = price_of(found)
    details = [f"{found.elected:,} units elected", *([f"{price}, with accrued interest"] if price else [])]
    session.agree(f"Pay in for {named(found)} of {isin}", *details)
    result = session.role(PayingAgent).fund_action(isin, event)
    about = {
        "isin": isin,
        "event": result.action,
        "units": result.units,
        "interest": result.interest,
        "principal": result.principal,
        "penalty": result.penalty,
        "total": result.total,
        "currency": result.total.currency.code,
        **sent(result),
    }
    return facts("Event funded", about)


@action.command("settle", epilog=examples("indenture action settle CND1000RGT67 1"))
@sends
@isin_argument
@event_argument
@_batch
def settle(session: Session, isin: str, event: int, batch: int) -> View:
    """Pay who took part in EVENT, and burn what is taken. Anyone may.

    The rest of each election is set free in the same act.
    """
    from indenture.roles import PayingAgent

    found = _figures(session, isin).action(event)
    session.agree(f"Settle {named(found)} of {isin}: pay and burn, {batch} holders a transaction")
    with progress_of("Settle") as progress:
        result = session.role(PayingAgent).settle_action(isin, event, batch=batch, progress=progress)
    about = {
        "isin": isin,
        "event": result.action,
        "holders": result.count,
        "units taken": result.taken,
        "amount": result.amount,
        "tax withheld": result.tax,
        "currency": result.amount.currency.code,
        "kept": kept_words(result.kept),
        "completed": result.completed,
        "residue": result.residue,
        "transactions": [each.tx_hash for each in result.transactions],
    }
    return facts("Event settled", about)


@action.command(
    "annul",
    epilog=examples(
        "indenture action annul CND1000RGT67 1 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC \\",
        "    --document order.pdf",
    ),
)
@sends
@isin_argument
@event_argument
@click.argument("holder", type=ADDRESS)
@click.option("--document", type=DOCUMENT, required=True, help="The order: a file, or its Keccak-256.")
def annul(session: Session, isin: str, event: int, holder: str, document: bytes) -> View:
    """Undo the election of HOLDER in EVENT, by power, before it is funded."""
    from indenture.roles import Depository

    found = _figures(session, isin).action(event)
    session.agree(f"Undo the election of {holder} in {named(found)} of {isin}, by power")
    result = session.role(Depository).annul_election(isin, event, holder, document)
    return facts("Election annulled", {"holder": holder, "document": document, **_elected(isin, result)})


def _figures(session: Session, isin: str) -> BondFigures:
    from indenture.roles.bond_figures import BondFigures

    return BondFigures(session.suite, session.bond(isin))


def _terms_of(session: Session, found: Action) -> dict[str, object]:
    """What only events of a kind have."""
    match found.kind:
        case ActionKind.RESOLUTION:
            return {
                "effective day": found.pay_day,
                "first period": found.period,
                "changes version": found.redemption,
                "code of the terms": found.target,
            }
        case ActionKind.ACCELERATION:
            cause = session.suite.bond(found.target).isin if found.target else None
            return {
                "cause": cause,
                "missed payment": found.period or None,
                "unfunded event": found.redemption or None,
            }
        case ActionKind.EXCHANGE:
            into = session.suite.bond(found.target).isin if found.target else None
            return {"into": into, "price": price_of(found), "most": found.most or None}
        case _:
            period = {"payment": found.period} if found.period else {}
            return {
                "price": price_of(found),
                "interest to": found.pay_day,
                "most": found.most or None,
                **period,
            }


def _elected(isin: str, result: ElectionResult) -> dict[str, object]:
    return {
        "isin": isin,
        "event": result.action,
        "units": result.units,
        "elected now": result.elected,
        **sent(result),
    }
