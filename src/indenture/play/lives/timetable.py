"""What happens to a bond, and when: from its registration to its last payment, by its terms and calendars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from indenture.dates import instant
from indenture.interest import AS_SEALED, Grid, called, extended_by, needs_fixing
from indenture.interest import Life as Course
from indenture.interest.observation import observed_day
from indenture.play.acts.amendment import EnactTerms, ProposeTerms
from indenture.play.acts.base import Act
from indenture.play.acts.benchmarks import Publish
from indenture.play.acts.bidding import Bids
from indenture.play.acts.book_lines import BookLine
from indenture.play.acts.clearing import Clear, Close
from indenture.play.acts.default import Accelerate, DeclareOverdue
from indenture.play.acts.early import Call, ExtendMaturity, RedeemOnEvent
from indenture.play.acts.fixings import Defer, Fix, Renew
from indenture.play.acts.mandate import AcceptMandate, Offer, OpenBook
from indenture.play.acts.payment import Settle
from indenture.play.acts.register import Register
from indenture.play.acts.servicing import Collect, Fund, Pay, Redeem
from indenture.play.lives.life import Life
from indenture.provisions import CouponKind, Provisions
from indenture.rounding import RATE_SCALE
from indenture.termsheet import TermSheet, load_term_sheet

if TYPE_CHECKING:
    from indenture.play.stage import Stage

BOOKRUNNER = "bookrunner"
PAYING_AGENT = "paying-agent"
ADMINISTRATOR = "administrator"

_HOUR = 3600
# Days before the issue on which the bond is registered, and its book is open.
_REGISTERED, _OFFERED = 5, 3
# A price index is fixed this many days before it is due: the month that it needs is known by then.
_INDEX_LEAD = 7


@dataclass(frozen=True, slots=True)
class Moment:
    """An act of a life, and when it happens.

    Attributes:
        line: Its line in the life's file; 0 for what happens to every bond.
    """

    at: datetime
    act: Act
    line: int = 0


class Conclude(Collect):
    """The end of a life: what is left when all are paid goes back to the payer."""

    def perform(self, stage: Stage) -> str:
        """Collects it, and says what became of the bond."""
        staged = stage.bond(self.bond)
        left = staged.bond.total_supply()
        ended = f"{left:,} units are left" if left else "repaid"
        residue = self.take(stage)
        return f"{staged.bond.isin}, {ended}" + (f"; {residue} left over goes back" if residue else "")


def moments_of(life: Life) -> list[Moment]:
    """Everything that happens to a bond, in order of time."""
    found = [*_issue(life), *_figures(life), *_payments(life)]
    found += [Moment(own.at, own.act, own.line) for own in life.acts]
    return sorted(found, key=lambda moment: moment.at)


def payment_days(life: Life, period: int) -> tuple[date, datetime]:
    """The day on which a payment is made, and the instant of its record."""
    terms, grid = life.terms, _grid(life)
    calendar = life.calendars[terms.business_days.calendar]
    day = calendar.roll(grid.due[period], terms.business_days.roll)
    record = calendar.add_business_days(day, -terms.record.business_days_before)
    return day, instant(record, terms.record.cut_off, terms.record.time_zone_offset)


def paid_periods(life: Life) -> tuple[int, ...]:
    """Periods in which something is paid in its time."""
    grid, provisions = _grid(life), life.terms.provisions
    if life.terms.coupon.kind is CouponKind.ZERO:
        return (grid.periods,)
    first, due = provisions.capitalised_until + 1, made_due_at(life)
    left_out = deferred_periods(life).union(life.unpaid)
    paid = (k for k in range(first, grid.periods + 1) if k not in left_out)
    # What is owed once the bond is made due is one claim.
    return tuple(k for k in paid if due is None or _funded_at(life, k) < due)


def deferred_periods(life: Life) -> frozenset[int]:
    """Periods whose interest the issuer defers."""
    return frozenset(own.act.period for own in life.acts if isinstance(own.act, Defer))


def _issue(life: Life) -> Iterator[Moment]:
    """Registered, offered at the issue price, and paid for on the issue day."""
    issued, bond = life.terms.issue_date, life.label
    registered, offered = (issued - timedelta(days=days) for days in (_REGISTERED, _OFFERED))
    offer = Offer(
        bond=bond,
        units=life.units,
        by=life.issuer,
        bookrunner=BOOKRUNNER,
        opens_at=_at(life, offered, 9),
        closes_at=_at(life, offered, 16),
        settles_from=_at(life, issued, 9),
        settles_by=_at(life, issued, 18),
    )
    price = life.terms.currency.money_from_base(life.terms.issue_price_base).amount
    book = tuple(BookLine(bidder=holder, quote=price, units=units) for holder, units in life.holders.items())
    yield Moment(
        _at(life, registered, 10),
        Register(bond=bond, terms=life.file, by=life.issuer, tax_account=life.tax_account),
    )
    for act in (offer, AcceptMandate(bond=bond, by=BOOKRUNNER), OpenBook(bond=bond, by=BOOKRUNNER)):
        yield Moment(_at(life, registered, 11), act)
    yield Moment(_at(life, offered, 10), Bids(bond=bond, book=book))
    yield Moment(_at(life, offered, 17), Close(bond=bond, by=BOOKRUNNER))
    yield Moment(_at(life, offered, 17), Clear(bond=bond, by=BOOKRUNNER))
    yield Moment(_at(life, issued, 10), Settle(bond=bond, by=BOOKRUNNER))


def _figures(life: Life) -> Iterator[Moment]:
    """What is published for the bond, and its periods fixed as soon as they can be."""
    for each in life.published:
        values = {each.day: each.value}
        yield Moment(each.at, Publish(benchmark=each.code, by=ADMINISTRATOR, values=values))
    if not needs_fixing(life.terms.interest_terms):
        return
    for period in range(1, _grid(life).periods + 1):
        yield Moment(_fixed_at(life, period), Fix(bond=life.label, period=period, by=PAYING_AGENT))


def _payments(life: Life) -> Iterator[Moment]:
    """Each payment is funded an hour after its record, and made on its day; then the residues go back."""
    periods = _grid(life).periods
    last = max((own.at for own in life.acts), default=_at(life, life.terms.issue_date, 12))
    for period in paid_periods(life):
        day, _ = payment_days(life, period)
        yield Moment(_funded_at(life, period), Fund(bond=life.label, period=period, by=PAYING_AGENT))
        act = (
            Redeem(bond=life.label, by=PAYING_AGENT)
            if period == periods
            else Pay(bond=life.label, period=period, by=PAYING_AGENT)
        )
        paid = _at(life, day, 10)
        yield Moment(paid, act)
        last = max(last, paid)
    yield Moment(last + timedelta(hours=2), Conclude(bond=life.label, by=PAYING_AGENT))


def _funded_at(life: Life, period: int) -> datetime:
    """An hour after the record of a payment."""
    return payment_days(life, period)[1] + timedelta(hours=1)


def _fixed_at(life: Life, period: int) -> datetime:
    """The first good moment to fix a period."""
    provisions, grid = life.terms.provisions, _grid(life)
    kind = life.terms.coupon.kind
    if kind is CouponKind.INFLATION:
        return _at(life, grid.due[period] - timedelta(days=_INDEX_LEAD), 9)
    if kind is not CouponKind.FLOATING:
        return _at(life, grid.bound(period - 1), 6)
    day = _observed(life, grid, provisions, period)
    if provisions.floating.compounded or _is_published(life, provisions.floating.benchmark, day):
        return _at(life, day, 20)
    return _at(life, day + timedelta(days=provisions.fallback_days), 6)


def _observed(life: Life, grid: Grid, provisions: Provisions, period: int) -> date:
    floating = provisions.floating
    market = life.calendars[life.benchmarks[floating.benchmark].market]
    return observed_day(grid.bound(period if floating.compounded else period - 1), floating.lag, market)


def _is_published(life: Life, code: str, day: date) -> bool:
    return any(each.code == code and each.day == day for each in life.published)


def _grid(life: Life) -> Grid:
    terms = life.terms
    renewals = sum(1 for own in life.acts if isinstance(own.act, Renew))
    extended = renewals * terms.provisions.renewal.periods
    return Grid(terms.interest_terms, life.calendars, extended=extended, life=course_of(life))


def course_of(life: Life) -> Course:
    """What the acts of a life move its bond off its terms: days only, no prices or rates."""
    terms, course = life.terms.interest_terms, AS_SEALED
    proposed: TermSheet | None = None
    for own in sorted(life.acts, key=lambda each: each.at):
        act = own.act
        if isinstance(act, Call | RedeemOnEvent):
            course = called(terms, course, act.day, RATE_SCALE)
        elif isinstance(act, ExtendMaturity):
            course = extended_by(terms, course, life.terms.rights.extension)
        elif isinstance(act, ProposeTerms):
            proposed = load_term_sheet(life.folder / act.terms)
        elif isinstance(act, EnactTerms) and proposed is not None:
            course = replace(course, last=proposed.period_count)
    return course


def made_due_at(life: Life) -> datetime | None:
    """When the bond is made due; None where it never is."""
    return next((own.at for own in life.acts if isinstance(own.act, Accelerate | DeclareOverdue)), None)


def _at(life: Life, day: date, hour: int) -> datetime:
    return instant(day, hour * _HOUR, life.terms.record.time_zone_offset)
