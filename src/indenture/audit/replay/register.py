"""The register of one bond: units, frozen units, record dates and the checkpoints that they leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from indenture.audit.events import Event
from indenture.audit.model import Benchmark, Deal, Fixing, Terms, Version, Workdays, day_number, to_date
from indenture.audit.replay.approvals import Approvals
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.documents import Documents
from indenture.audit.replay.life import Life
from indenture.audit.replay.touched import Touched

BOOKS_CLOSED = 2**40 - 1
ALL_FROZEN = 2**64 - 1
WORD_BITS = 256
DEFAULTED = 2**16 - 1
"""The last period of a bond in default: it has no schedule any more."""
FINAL = 1
"""In the place of the maturity of a bond in default: the record date to come is the last."""


@dataclass(slots=True)
class Entry:
    """What the register keeps of one account, or of the supply."""

    units: int = 0
    frozen: int = 0
    pledged: int = 0
    cursor: int = 0
    latest: int = 0
    number: int = 0
    paid: set[int] = field(default_factory=set)
    checkpoints: dict[int, tuple[int, int, int]] = field(default_factory=dict)

    def keep(self, records: int) -> bool:
        """Before a change: a checkpoint when record dates have passed since the last one."""
        if self.cursor == records:
            return False
        written = self.units != 0
        if written:
            self.checkpoints[records] = (self.units, self.cursor, self.latest)
            self.latest = records
        self.cursor = records
        return written

    def units_at(self, record: int) -> int:
        """Units at a record date that has passed."""
        if record > self.cursor:
            return self.units
        for until, (units, since, _) in self.checkpoints.items():
            if since < record <= until:
                return units
        return 0


@dataclass(frozen=True, slots=True)
class Market:
    """What amounts of bonds look up: working days by market, benchmarks by code."""

    workdays: Callable[[str], Workdays]
    benchmarks: Mapping[bytes, Benchmark]


class Register:
    """One bond.

    Attributes:
        terms: The terms in force.
        sealed: The terms as they stand in its code: the coupon may have been fixed by an offering since.
        moved: The last period where it was moved; 0 as sealed, ``DEFAULTED`` in default.
        maturity_day: Where the last period ends on a day off the schedule; else 0.
        shut: Whether nothing moves while a drawing counts.
        bound: Units that are bound, of all holders.
        fixings: The figures of periods, as the Servicing told them.
        fixed_periods: The last of them that was fixed.
        life: Events of holders, calls, default and versions.
    """

    def __init__(
        self,
        terms: Terms,
        registered: Event,
        market: Market,
        touched: Touched,
    ) -> None:
        address: str = registered["bond"]
        self.address = address
        self._market = market
        self.terms = terms
        self.sealed = terms
        self.implementation: str = registered["implementation"]
        self.registered = registered
        self.entries: defaultdict[str, Entry] = defaultdict(Entry)
        self.supply = Entry()
        self.moved = 0
        self.maturity_day = 0
        self.shut = False
        self.bound = 0
        self.life = Life(address, touched)
        self.fixings: dict[int, Fixing] = {}
        self.fixed_periods = 0
        self.records = 0
        self.announced = False
        self.paused = False
        self.closed = False
        self.next_time = 0
        self.issued = False
        self.holder_numbers = 0
        self.paid_words: defaultdict[tuple[int, int], int] = defaultdict(int)
        self.redeemed_in: int | None = None
        self.days: dict[int, tuple[int, int, int, int]] = {}
        self.passed: dict[int, int] = {}
        self.approvals = Approvals(address, touched)
        self.documents = Documents(address, touched)
        self._touched = touched
        touched.add("book", address)
        touched.add("terms", address)
        touched.add("provisions", address)
        touched.add("state", address)

    @property
    def last(self) -> int:
        """The last period, as moved so far; ``DEFAULTED`` in default."""
        return self.moved or self.terms.periods

    @property
    def in_default(self) -> bool:
        """Whether record dates are those of recoveries; until the last of them has passed."""
        return self.moved == DEFAULTED

    @property
    def ending(self) -> tuple[int, int]:
        """The last period for which interest runs, and the day of its end where it is off the schedule."""
        if self.life.due_period:
            return self.life.due_period, self.life.due_day
        return self.last, self.maturity_day

    @property
    def maturity(self) -> int:
        """The end of the last period as the bond itself knows it: in default, as it was sealed."""
        if self.maturity_day and not self.in_default:
            return self.maturity_day
        last = self.terms.periods if self.in_default else self.last
        return day_number(self.terms.due_date(last))

    def due(self, period: int) -> date:
        """The unadjusted day of a payment."""
        if period == self.moved and self.maturity_day:
            return to_date(self.maturity_day)
        return self.terms.due_date(period)

    def announceable_from(self, period: int) -> int:
        """Unix time from which the days of a payment may be fixed."""
        return self.terms.lead(self.due(period))

    @property
    def versions(self) -> tuple[Version, ...]:
        """The sealed terms, with the coupon as it was fixed, and later ones; empty where there are none."""
        later = tuple(Version(v.first, v.terms) for v in self.life.versions)
        return (Version(0, self.terms), *later) if later else ()

    def deal(self, time: int) -> Deal:
        """The bond at a moment, as the model takes it."""
        last, maturity = self.ending
        return Deal(
            terms=self.terms,
            last=last,
            maturity=to_date(maturity) if maturity else None,
            calls=tuple(self.life.calls),
            price=self.life.price,
            extended=self.life.extended,
            versions=self.versions,
            is_due=bool(self.life.due_period),
            pay_days={period: days[1] for period, days in self.days.items()},
            fixings=self.fixings,
            workdays=self._market.workdays,
            benchmarks=self._market.benchmarks,
            time=time,
        )

    def records_at(self, time: int) -> int:
        """Record dates that had passed at an instant, of those that have passed by now."""
        return next((k for k in range(self.records, 0, -1) if self.days[k][2] <= time), 0)

    def units_of(self, account: str) -> int:
        """Units held now: none once the last payment is marked."""
        entry = self.entries.get(account)
        if entry is None or (self.closed and self.records in entry.paid):
            return 0
        return entry.units

    def free_of(self, account: str) -> int:
        """Units that the holder may move."""
        entry = self.entries[account]
        return max(0, self.units_of(account) - entry.frozen - entry.pledged)

    def unbound_of(self, account: str) -> int:
        """Units that no event binds, frozen or not."""
        return self.units_of(account) - self.entries[account].pledged

    def holders(self) -> dict[str, int]:
        """Who holds how many units now."""
        held = {account: self.units_of(account) for account in self.entries}
        return {account: units for account, units in held.items() if units}

    def owed(self, period: int, holders: Iterable[str]) -> dict[str, int]:
        """Units of those holders who are owed a payment and were not served."""
        units: dict[str, int] = {}
        for holder in holders:
            entry = self.entries.get(holder)
            if entry and period <= self.records and period not in entry.paid and entry.units_at(period):
                units[holder] = entry.units_at(period)
        return units

    def serve(self, period: int, holders: Iterable[str]) -> None:
        """Marks a payment for those who are owed it, and numbers those who have no number yet."""
        for holder in self.owed(period, holders):
            entry = self._numbered(holder)
            entry.paid.add(period)
            word, bit = divmod(entry.number, WORD_BITS)
            self.paid_words[period, word] |= 1 << bit
            self._touched.add("entry", self.address, holder)
            self._touched.add("paid", self.address, holder, period)
            self._touched.add("paid word", self.address, period, word)
        self._touched.add("book", self.address)

    def _numbered(self, account: str) -> Entry:
        entry = self.entries[account]
        if entry.number == 0:
            self.holder_numbers += 1
            entry.number = self.holder_numbers
        return entry

    def apply(self, event: Event) -> None:
        """Takes one event of the bond in."""
        match event.name:
            case "Transfer":
                self._move(event["from"], event["to"], event["value"])
            case "UnitsBound":
                self._bind(event["holder"], event["bound"])
            case "Frozen":
                self.entries[event["account"]].frozen = min(event["amount"], ALL_FROZEN)
                self._touched.add("entry", self.address, event["account"])
            case "Approval" | "PermitUsed":
                self.approvals.apply(event)
            case "DocumentUpdated" | "DocumentRemoved":
                self.documents.apply(event)
            case "TermMoved" | "DefaultEntered" | "BooksShut":
                self._change_term(event)
            case _:
                self._change_book(event)
        self._touched.add("book", self.address)

    def _change_book(self, event: Event) -> None:
        match event.name:
            case "PaymentAnnounced":
                period = event["period"]
                names = ("recordDay", "payDay", "recordTime", "payTime")
                self.days[period] = (event[names[0]], event[names[1]], event[names[2]], event[names[3]])
                self.announced, self.next_time = True, event["recordTime"]
                self._touched.add("days", self.address, period)
            case "RecordPassed":
                self._pass(event)
            case "PauseSet":
                self.paused = event["paused"]
            case "CouponFixed":
                self.terms = self.sealed.with_rate(event["rate"])
                self._touched.add("terms", self.address)
            case "BondRedeemed":
                self.redeemed_in = event.block

    def _change_term(self, event: Event) -> None:
        self.look_ahead(event.time)
        match event.name:
            case "TermMoved":
                following = self.records + 1
                # The next payment is announced anew, if it is the one whose days are moved.
                if following in (self.last, event["last"]):
                    self.announced = False
                    self.days.pop(following, None)
                    self._touched.add("days", self.address, following)
                self.moved, self.maturity_day = event["last"], event["maturityDay"]
                if not self.announced:
                    self.next_time = self.announceable_from(following)
            case "DefaultEntered":
                self.moved, self.maturity_day, self.next_time = DEFAULTED, 0, BOOKS_CLOSED
                self.announced = self.closed = self.shut = False
            case "BooksShut":
                self.shut = event["shut"]
        self.touch_term()

    def touch_term(self) -> None:
        """The end of the term, or what is paid at it, is another now."""
        for kind in ("last", "figures", "prices", "today", "state"):
            self._touched.add(kind, self.address)

    def look_ahead(self, time: int) -> None:
        """Had to notice what is due: before the first issue the bond only learns when to look."""
        if self.next_time == 0 and time < self.announceable_from(1):
            self.next_time = self.announceable_from(1)
            self._touched.add("book", self.address)

    def is_stopped(self, time: int) -> bool:
        """Whether nobody could be issued to: paused, or days that are due are not published."""
        return self.paused or self.shut or time >= (self.next_time or self.announceable_from(1))

    def is_over(self, time: int) -> bool:
        """Whether its books are closed at an instant, noticed or not: what was never issued never does."""
        if self.closed or self.in_default or time < self.announceable_from(self.last):
            return self.closed
        if self.last in self.days:
            return time >= self.days[self.last][2]
        workdays = self._market.workdays(self.terms.market)
        return time >= self.terms.payment_days(self.due(self.last), workdays)[2]

    def _pass(self, event: Event) -> None:
        self.records = event["period"]
        self.passed[self.records] = event.block
        self.announced = False
        if self.in_default and self.maturity_day == FINAL:
            self.moved, self.maturity_day = self.records, 0
        self.closed = self.records == self.last
        self.shut = self.shut and not self.closed
        is_over = self.closed or self.in_default
        self.next_time = BOOKS_CLOSED if is_over else self.announceable_from(self.records + 1)
        for account in self.entries:
            self._touched.add("units at", self.address, account, self.records)
        self._touched.add("supply at", self.address, self.records)
        self._touched.add("today", self.address)

    def _move(self, sender: str, receiver: str, units: int) -> None:
        if sender == ZERO or receiver == ZERO:
            if self.supply.keep(self.records):
                self._touched.add("checkpoint", self.address, ZERO, self.records)
            self.supply.units += units if sender == ZERO else -units
        if not self.issued:
            # The first issue makes the bond look ahead, without a word while its first payment is far off.
            self.issued = True
            if self.next_time == 0:
                self.next_time = self.announceable_from(1)
        if receiver == ZERO:
            if not self.closed:
                self._change(sender, -units)
            return  # else the mark of the last payment burns the units; the entry keeps what was redeemed
        if sender == ZERO:
            self._numbered(receiver)
        else:
            self._change(sender, -units)
        self._change(receiver, units)

    def _bind(self, account: str, bound: int) -> None:
        entry = self.entries[account]
        self.bound += bound - entry.pledged
        entry.pledged = bound
        self._touched.add("entry", self.address, account)
        self._touched.add("bound", self.address)

    def _change(self, account: str, units: int) -> None:
        entry = self.entries[account]
        if entry.keep(self.records):
            self._touched.add("checkpoint", self.address, account, self.records)
        entry.units += units
        self._touched.add("entry", self.address, account)
