"""The register of one bond: units, frozen units, record dates and the checkpoints that they leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from indenture.audit.events import Event
from indenture.audit.model import Benchmark, Deal, Fixing, Terms, Workdays
from indenture.audit.replay.approvals import Approvals
from indenture.audit.replay.cash import ZERO
from indenture.audit.replay.documents import Documents
from indenture.audit.replay.touched import Touched

BOOKS_CLOSED = 2**40 - 1
ALL_FROZEN = 2**64 - 1
WORD_BITS = 256


@dataclass(slots=True)
class Entry:
    """What the register keeps of one account, or of the supply."""

    units: int = 0
    frozen: int = 0
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
        extended: Periods that renewals have added.
        fixings: The figures of periods, as the Servicing told them.
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
        self.extended = 0
        self.fixings: dict[int, Fixing] = {}
        self.records = 0
        self.announced = False
        self.paused = False
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

    @property
    def last(self) -> int:
        """The last period, as renewed so far."""
        return self.terms.periods + self.extended

    def deal(self, time: int) -> Deal:
        """The bond at a moment, as the model takes it."""
        return Deal(
            terms=self.terms,
            last=self.last,
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
        if entry is None or (self.closed and self.last in entry.paid):
            return 0
        return entry.units

    def free_of(self, account: str) -> int:
        """Units that the holder may move."""
        return max(0, self.units_of(account) - self.entries[account].frozen)

    def holders(self) -> dict[str, int]:
        """Who holds how many units now."""
        held = {account: self.units_of(account) for account in self.entries}
        return {account: units for account, units in held.items() if units}

    @property
    def closed(self) -> bool:
        """Whether the last record date has passed."""
        return self.records >= self.last

    def due(self, period: int, holders: Iterable[str]) -> dict[str, int]:
        """Units of those holders who are owed a payment and were not served."""
        units: dict[str, int] = {}
        for holder in holders:
            entry = self.entries.get(holder)
            if entry and period <= self.records and period not in entry.paid and entry.units_at(period):
                units[holder] = entry.units_at(period)
        return units

    def serve(self, period: int, holders: Iterable[str]) -> None:
        """Marks a payment for those who are owed it, and numbers those who have no number yet."""
        for holder in self.due(period, holders):
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
            case "CouponFixed" | "TermExtended":
                self._change_terms(event)
            case "BondRedeemed":
                self.redeemed_in = event.block
            case "Frozen":
                self.entries[event["account"]].frozen = min(event["amount"], ALL_FROZEN)
                self._touched.add("entry", self.address, event["account"])
            case "Approval" | "PermitUsed":
                self.approvals.apply(event)
            case _:
                self.documents.apply(event)
        self._touched.add("book", self.address)

    def _change_terms(self, event: Event) -> None:
        if event.name == "CouponFixed":
            self.terms = self.sealed.with_rate(event["rate"])
            self._touched.add("terms", self.address)
        else:
            self.look_ahead(event.time)
            self.extended += event["periods"]
            self._touched.add("last", self.address)

    def look_ahead(self, time: int) -> None:
        """Had to notice what is due: before the first issue the bond only learns when to look."""
        if self.next_time == 0 and time < self.terms.announceable_from(1):
            self.next_time = self.terms.announceable_from(1)
            self._touched.add("book", self.address)

    def is_stopped(self, time: int) -> bool:
        """Whether nobody could be issued to: paused, or days that are due are not published."""
        return self.paused or time >= (self.next_time or self.terms.announceable_from(1))

    def _pass(self, event: Event) -> None:
        self.records = event["period"]
        self.passed[self.records] = event.block
        self.announced = False
        more = self.records < self.last
        self.next_time = self.terms.announceable_from(self.records + 1) if more else BOOKS_CLOSED
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
                self.next_time = self.terms.announceable_from(1)
        if receiver == ZERO:
            return  # the mark of the last payment burns the units; the entry keeps what was redeemed
        if sender == ZERO:
            self._numbered(receiver)
        else:
            self._change(sender, -units)
        self._change(receiver, units)

    def _change(self, account: str, units: int) -> None:
        entry = self.entries[account]
        if entry.keep(self.records):
            self._touched.add("checkpoint", self.address, account, self.records)
        entry.units += units
        self._touched.add("entry", self.address, account)
