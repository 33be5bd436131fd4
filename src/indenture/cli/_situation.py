"""A bond as it stands: its terms, its calendar, what is announced and fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indenture.calendars import Calendar, load_calendar
from indenture.cli._flows import Days, calendar_days
from indenture.dates import civil_day
from indenture.errors import InputError, TermSheetError
from indenture.identifiers import validate_isin
from indenture.interest import AS_SEALED, Fixing, Grid, Life, Market, PartialCall, Series, Version
from indenture.schedule import due_day
from indenture.termsheet import TermSheet, load_term_sheet

if TYPE_CHECKING:
    from indenture.chain import BlockLike
    from indenture.cli._session import Session
    from indenture.contracts import Bond, Suite
    from indenture.contracts.bond_terms import BondTerms

#: A roll and a record day reach so many days beyond the due days, at most.
_MARGIN_YEARS = 1
#: Fields by which the sheet of an offering is known.
_OF_OFFERINGS = {"form", "offered", "quotes"}


@dataclass(frozen=True, slots=True)
class Situation:
    """A bond as it stands.

    Attributes:
        title: What it was asked for by.
        sheet: Its terms.
        calendar: Its calendar, as far as it is published.
        announced: Days that are announced, by payment; empty for a term sheet.
        fixings: What is fixed, in order of the periods; empty for a term sheet.
        life: What has moved it off its terms; of a term sheet nothing, unless it is assumed.
        market: What is published; None for nothing.
        is_registered: Whether it was read from a chain.
    """

    title: str
    sheet: TermSheet
    calendar: Calendar
    announced: Mapping[int, Days] = field(default_factory=dict)
    fixings: tuple[Fixing, ...] = ()
    life: Life = AS_SEALED
    market: Market | None = None
    is_registered: bool = False

    def grid(self, renewals: int = 0) -> Grid:
        """Its days.

        Args:
            renewals: Cycles by which it is renewed further.
        """
        terms = self.sheet.interest_terms
        return Grid(
            terms,
            self.calendars,
            extended=renewals * terms.provisions.renewal.periods,
            announced=self.payment_days,
            life=self.life,
        )

    def with_life(self, life: Life) -> Situation:
        """The same, were its term to be moved; days that are announced beyond stand no longer."""
        announced = {
            period: each for period, each in self.announced.items() if not life.last or period < life.last
        }
        return replace(self, life=life, announced=announced)

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """All calendars that are known, by code."""
        others = {} if self.market is None else self.market.calendars
        return {**others, self.calendar.code: self.calendar}

    @property
    def payment_days(self) -> Mapping[int, date]:
        """Payment days that are announced, by payment."""
        return {k: each.payment_day for k, each in self.announced.items() if each.payment_day}

    def known(self, fixings: Sequence[Fixing]) -> dict[str, Any]:
        """What ``analytics`` is told of the bond beside its terms."""
        return {
            "calendars": self.calendars,
            "market": self.market,
            "fixings": fixings,
            "life": self.life,
            "announced": self.payment_days,
        }

    def days(self, period: int, calendar: Calendar | None = None) -> Days:
        """The days of a payment: as announced, else by the calendar, as it is published now unless given."""
        found = self.announced.get(period)
        day = due_day(self.life.schedule_of(self.sheet.schedule), period)
        return found or calendar_days(self.sheet, calendar or self.calendar, day)


def situation_of(session: Session, bond: str) -> Situation:
    """A bond by its term sheet or its ISIN.

    Args:
        session: Its node is asked only for an ISIN.
        bond: A file, known by its suffix, or an ISIN.
    """
    path = Path(bond)
    if path.is_dir():
        raise InputError(f"{bond} is a folder, and no term sheet", hint="Name a YAML file in it.")
    if path.suffix or path.is_file():
        sheet = _read(bond)
        return Situation(bond, sheet, _of_package(sheet.business_days.calendar))
    return _registered(session, validate_isin(bond))


def _read(path: str) -> TermSheet:
    try:
        return load_term_sheet(path)
    except TermSheetError as error:
        if not _OF_OFFERINGS.issubset(each.field for each in (error, *error.others)):
            raise
        raise InputError(
            f"{path} is the sheet of an offering, and no term sheet", hint="Name the sheet of its bond."
        ) from None


def _of_package(code: str) -> Calendar:
    """A calendar of the package; a market that it does not have has no published year."""
    try:
        return load_calendar(code)
    except InputError:
        return Calendar(code, {})


def _registered(session: Session, isin: str) -> Situation:
    from indenture.cli._terms import sheet_of

    suite, found = session.suite, session.bond(isin)
    terms, stamp = found.terms, session.chain.block_stamp()
    life = life_of(suite, found, block=stamp)
    schedule = life.schedule_of(terms.schedule)
    last = schedule.periods
    announced: dict[int, Days] = {}
    for period in range(1, last + 1):
        days = found.payment_days(period, block=stamp)
        if days is None:
            break
        announced[period] = Days(days.pay_day, days.record_day, days.record_time)
    fixed = suite.servicing.fixed_periods(found.address, block=stamp)
    fixings = suite.servicing.fixings(found.address, range(1, fixed + 1), block=stamp)
    first, end = terms.issue_day.year, schedule.maturity_day.year + _MARGIN_YEARS
    return Situation(
        title=isin,
        sheet=sheet_of(terms, suite.currency_at(terms.currency)),
        calendar=_published(session, terms.calendar, range(first, end + 1)),
        announced=announced,
        fixings=tuple(each for each in fixings if each is not None),
        life=life,
        market=_market(session, terms, life, stamp.time, range(first, end + 1)),
        is_registered=True,
    )


def life_of(suite: Suite, bond: Bond, *, block: BlockLike = None) -> Life:
    """What has moved a registered bond off its sealed terms."""
    book, servicing = bond.book(block=block), suite.servicing
    state = servicing.state_of(bond.address, block=block)
    is_moved = book.last and not state.due_period
    starts = servicing.versions(bond.address, range(1, state.versions + 1), block=block)
    return Life(
        last=book.last if is_moved else 0,
        ends=book.maturity_day if is_moved else None,
        price=state.price,
        calls=tuple(
            PartialCall(each.period, each.share, each.price)
            for each in servicing.partial_calls(bond.address, state.calls, block=block)
        ),
        extended_from=state.extended_from,
        extended_rate=state.extended_rate,
        versions=tuple(
            Version(servicing.terms_at(bond.address, number, block=block).interest_terms, each.from_period)
            for number, each in enumerate(starts, 1)
        ),
        due_period=state.due_period,
        due_day=state.due_day,
    )


def _market(session: Session, terms: BondTerms, life: Life, now: datetime, years: range) -> Market | None:
    """What is published of the benchmarks that the terms follow, as far as it counts; None for nothing."""
    suite = session.suite
    codes: set[str] = set()
    for provisions in (terms.provisions, *(version.terms.provisions for version in life.versions)):
        codes |= {
            provisions.floating.benchmark,
            provisions.inflation.benchmark,
            provisions.renewal.benchmark,
            *(test.benchmark for test in provisions.tests),
        } - {""}
    found = [state for state in suite.benchmarks.benchmarks(sorted(codes)) if state is not None]
    if not found:
        return None
    published = {
        state.benchmark.code: Series(
            state.benchmark,
            {
                each.day: each.value
                for each in suite.benchmarks.history(state.benchmark.code)
                if each.final_at <= now
            },
        )
        for state in found
    }
    markets = {state.benchmark.market for state in found} - {""}
    calendars = {code: _published(session, code, years) for code in markets}
    return Market(published, calendars, civil_day(now, terms.utc_offset))


def _published(session: Session, code: str, years: range) -> Calendar:
    """A calendar as it is published on the chain."""
    contract, stamp = session.suite.calendar, session.chain.block_stamp()
    found = {year: contract.year(code, year, block=stamp) for year in years}
    return Calendar.from_bitmaps(code, {year: each.bitmap for year, each in found.items() if each.version})
