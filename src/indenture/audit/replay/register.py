"""The register of one bond: units, frozen units, record dates and the checkpoints that they leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from indenture.audit.events import Event
from indenture.audit.model import Terms
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


class Register:
    """One bond.

    Attributes:
        terms: The terms in force.
        sealed: The terms as they stand in its code: the coupon may have been fixed by an offering since.
    """

    def __init__(
        self, address: str, terms: Terms, implementation: str, registered: Event, touched: Touched
    ) -> None:
        self.address = address
        self.terms = terms
        self.sealed = terms
        self.implementation = implementation
        self.registered = registered
        self.entries: defaultdict[str, Entry] = defaultdict(Entry)
        self.supply = Entry()
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

    def units_of(self, account: str) -> int:
        """Units held now: none once the last payment is marked."""
        entry = self.entries.get(account)
        if entry is None or self.terms.periods in entry.paid:
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
        return self.records >= self.terms.periods

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
            case "CouponFixed":
                self.terms = self.sealed.with_rate(event["rate"])
                self._touched.add("terms", self.address)
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

    def look_ahead(self, time: int) -> None:
        """An offering had the bond notice what is due; before the first issue it only learns when to look."""
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
        more = self.records < self.terms.periods
        self.next_time = self.terms.announceable_from(self.records + 1) if more else BOOKS_CLOSED
        for account in self.entries:
            self._touched.add("units at", self.address, account, self.records)
        self._touched.add("supply at", self.address, self.records)

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
