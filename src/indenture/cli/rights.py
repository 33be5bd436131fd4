"""What issuer and holders of a bond may do before it is repaid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import click

from indenture.cli._clock import Local
from indenture.cli._events import isin_argument
from indenture.cli._group import InOrder
from indenture.cli._help import examples
from indenture.cli._output import Facts, Grid, View, facts, keyed
from indenture.cli._session import Session, reads
from indenture.dates import instant
from indenture.models import BondState
from indenture.rights import Rights
from indenture.roles.bond_figures import BondFigures
from indenture.rounding import RATE_SCALE
from indenture.termsheet.restored import restored_rights

_ANNOUNCED_BEFORE = timedelta(days=60)


@click.group(cls=InOrder)
def rights() -> None:
    """See what issuer and holders of a bond may do before it is repaid.

    The rules are in docs/rights.md.
    """


@rights.command(
    "show",
    epilog=examples("indenture rights show CND1000RGT67", "indenture rights show CND1000RGT67 --version 0"),
)
@reads
@isin_argument
@click.option(
    "--version", type=click.IntRange(min=0), help="Of the terms: 0 as sealed; those of today unless given."
)
def show(session: Session, isin: str, version: int | None) -> View:
    """Show the rights of a bond: whose, for which days, at what price, until when."""
    figures = BondFigures(session.suite, session.bond(isin))
    found, state = figures.rights(version), figures.bond_state()
    clock = _Clock(session.chain.block_stamp().time, figures.bond.terms.utc_offset, state)
    rows = [each.row() for each in _rows(found, figures, clock)]
    about: dict[str, object] = {"isin": figures.bond.isin, **_standing(state)}
    after = {
        "days of grace": found.defaults.grace_days,
        "penalty interest": _percent(found.defaults.penalty_rate, " % a year"),
        "to make it due": _percent(found.defaults.acceleration_share, " % of the units"),
        "cross-default": found.defaults.cross_default,
        "to change the terms": _percent(found.amendment_share, " % of the units"),
    }
    written = restored_rights(found, figures.bond.terms.kind)
    data = {
        **facts("", about).data,
        "rights": [keyed(row) for row in rows],
        **facts("", after).data,
        "terms": None if written is None else written.model_dump(by_alias=True),
    }
    return View(
        data,
        [
            Facts("Bond", about),
            Grid("Rights", rows, "None: it pays and is repaid as scheduled.", spare=("command",)),
            Facts("Default and changes", after),
        ],
    )


@dataclass(frozen=True, slots=True)
class _Right:
    """One right.

    Attributes:
        name: What it is, with its number where a command needs it.
        whose: Who may use it.
        days: For which days.
        until: When the notice, or the window, ends.
        now: Whether it can be used now.
    """

    name: str
    whose: str
    days: str
    price: Decimal | None
    until: Local | None
    now: str
    command: str

    def row(self) -> dict[str, object]:
        """As a table has it."""
        return {
            "right": self.name,
            "whose": self.whose,
            "for": self.days,
            "price, %": self.price,
            "until": self.until,
            "now": self.now,
            "command": self.command,
        }


@dataclass(frozen=True, slots=True)
class _Clock:
    """The bond's clock, against which notices run.

    Attributes:
        now: The chain's time.
        zone: Minutes by which the bond's zone is ahead of UTC.
        state: What has become of the bond.
    """

    now: datetime
    zone: int
    state: BondState

    def until(self, day: date, days: int = 0) -> Local:
        """When a notice of so many days before a day ends."""
        return Local(self.since(day - timedelta(days=days)), self.zone)

    def since(self, day: date) -> datetime:
        """When a day begins."""
        return instant(day, 0, self.zone)

    def standing(
        self, until: Local | None, since: datetime | None = None, *, is_of_term: bool = False
    ) -> str:
        """Whether a right can be used now.

        Args:
            until: When its notice, or its window, ends; None for when something happens.
            since: When it begins.
            is_of_term: Whether it moves the end of the term, which a call does once.
        """
        if self.state.in_default:
            return "no more: made due"
        if is_of_term and self.state.is_called:
            return "no more: called"
        if until is None:
            return "when it happens"
        if since is not None and self.now < since:
            return "later"
        return "yes" if self.now <= until.at else "no more"


def _rows(found: Rights, figures: BondFigures, clock: _Clock) -> Iterator[_Right]:
    yield from _calls(found, figures, clock)
    yield from _puts(found, figures, clock)
    yield from _events(found, figures, clock)
    yield from _sinking(found, figures, clock)
    yield from _extension(found, figures, clock)


def _calls(found: Rights, figures: BondFigures, clock: _Clock) -> Iterator[_Right]:
    for each in found.calls:
        until = clock.until(each.last_day, each.notice_days)
        span = str(each.first_day)
        if each.last_day != each.first_day:
            span += f" to {each.last_day}"
        yield _Right(
            name="call, whole or in part" if each.in_part else "call, whole",
            whose="issuer",
            days=span,
            price=_price(each.price),
            until=until,
            now=clock.standing(until, is_of_term=True),
            command=f"call whole {figures.bond.isin} DAY",
        )


def _puts(found: Rights, figures: BondFigures, clock: _Clock) -> Iterator[_Right]:
    for number, each in enumerate(found.puts, 1):
        until = clock.until(each.closes_day + timedelta(days=1))
        yield _Right(
            name=f"put {number}",
            whose="holders",
            days=str(each.pay_day),
            price=_price(each.price),
            until=until,
            now=clock.standing(until, clock.since(each.opens_day)),
            command=f"put open {figures.bond.isin} {number}",
        )


def _events(found: Rights, figures: BondFigures, clock: _Clock) -> Iterator[_Right]:
    for each in found.events:
        act = "declare" if each.by_holders else "redeem"
        day = "" if each.by_holders else " DAY"
        yield _Right(
            name=f"on {each.code}",
            whose="holders" if each.by_holders else "issuer",
            days=f"{each.notice_days} days {'from then on' if each.by_holders else 'of notice'}",
            price=_price(each.price),
            until=None,
            now=clock.standing(None, is_of_term=not each.by_holders),
            command=f"event {act} {figures.bond.isin} {each.code}{day}",
        )


def _sinking(found: Rights, figures: BondFigures, clock: _Clock) -> Iterator[_Right]:
    for each in found.sinking:
        day = figures.bond.terms.due_day(each.period)
        until, since = clock.until(day), clock.since(day - _ANNOUNCED_BEFORE)
        yield _Right(
            name=f"sinking fund, {each.units:,} units",
            whose="by lot",
            days=str(day),
            price=_price(RATE_SCALE),
            until=until,
            now=clock.standing(until, since),
            command=f"sinking announce {figures.bond.isin} {each.period}",
        )


def _extension(found: Rights, figures: BondFigures, clock: _Clock) -> Iterator[_Right]:
    right = found.extension
    if not right.periods:
        return
    until = clock.until(figures.bond.maturity_day(), right.notice_days)
    rate = _percent(right.rate, " %") or "the floating rate"
    yield _Right(
        name=f"extension by {right.periods} {'periods' if right.periods > 1 else 'period'}, at {rate}",
        whose="issuer",
        days="once",
        price=None,
        until=until,
        now="used" if clock.state.extended_from else clock.standing(until, is_of_term=True),
        command=f"extend {figures.bond.isin}",
    )


def _standing(state: BondState) -> dict[str, object]:
    """What has become of the bond."""
    parts = [
        f"{each.share:f} % with payment {each.period} at {each.price:f} %" for each in state.partial_calls
    ]
    about: dict[str, object] = {"last period": state.last_period, "ends on": state.maturity_day}
    if state.is_called:
        about["called at"] = f"{state.price:f} % of the principal"
    if parts:
        about["called in part"] = parts
    if state.extended_from:
        about["extended from period"] = state.extended_from
    if state.in_default:
        about["made due on"] = state.due_day
    if state.versions:
        about["versions of the terms"] = state.versions
    about["units bound"] = state.bound_units
    if state.sinking_credit:
        about["sinking fund credit"] = state.sinking_credit
    if state.is_shut:
        about["books"] = "shut, while a drawing counts"
    return about


def _price(billionths: int) -> Decimal:
    return Decimal(f"{Decimal(billionths).scaleb(-7).normalize():f}")


def _percent(billionths: int, of: str) -> str | None:
    return f"{Decimal(billionths).scaleb(-7).normalize():f}{of}" if billionths else None
