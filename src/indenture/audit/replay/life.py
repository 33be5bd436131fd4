"""What happens to a bond before it is repaid: calls, events of holders, default, versions of its terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from indenture.audit.events import Event
from indenture.audit.model import PartialCall, Terms
from indenture.audit.replay.touched import Touched

PUT, TENDER, EXCHANGE, DRAWING, RESOLUTION, ACCELERATION = range(6)
KINDS = ("put", "tender", "exchange", "drawing", "resolution", "acceleration")
"""Kinds of events in the order in which the contract numbers them."""

SATISFIED = 2**16 - 1
"""In the place of a drawing, where what was cancelled covers a sinking fund."""


@dataclass(slots=True)
class Drawing:
    """A drawing that has begun.

    Attributes:
        units: Units among which it is drawn.
        row: Where the units of each holder begin, and how many they are, in the order of the counts.
        drawn: Holders from whom it has been drawn.
        seed: Where the sample starts; None before it is chosen.
        counted: Units in the row so far.
        passed: Those of them from which it has been drawn.
        counted_in: Block in which the row was complete; 0 before.
    """

    units: int
    row: dict[str, tuple[int, int]] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    seed: int | None = None
    counted: int = 0
    passed: int = 0
    counted_in: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether it has been drawn from all."""
        return self.seed is not None and self.passed == self.units


@dataclass(slots=True)
class Action:
    """An event of holders.

    Attributes:
        raw: The struct of the contract, as it was opened.
        code: The stated event that opened it, or zeros.
        elections: Units by holder that are elected, or drawn, now.
        elected: Units in all, those that were settled too.
        settled: Those of them that were settled.
        decided: Whether it was funded, or carried.
        drawing: Of a drawing that has begun.
        amendment: What was proposed: source, terms and first period.
    """

    number: int
    raw: Any
    code: bytes
    elections: dict[str, int] = field(default_factory=dict)
    elected: int = 0
    settled: int = 0
    decided: bool = False
    drawing: Drawing | None = None
    proposed: Terms | None = None

    @property
    def kind(self) -> int:
        """Its kind, as the contract numbers it."""
        return int(self.raw.kind)

    @property
    def is_promised(self) -> bool:
        """Whether the terms promise the money for what it takes."""
        return self.kind in (PUT, DRAWING)

    @property
    def view(self) -> Any:
        """The struct as it stands now."""
        changed = {"elected": self.elected, "settled": self.settled, "isDecided": self.decided}
        return self.raw._replace(**changed)

    def taken(self, units: int) -> int:
        """Units that are taken of an election: all, or its part of what a tender takes at most."""
        most = int(self.raw.most)
        if self.kind != TENDER or not most or self.elected <= most:
            return units
        return units * most // self.elected

    def exchanged(self, units: int) -> int:
        """New units for old ones."""
        return int(units // self.raw.oldUnits * self.raw.newUnits)


def _begun(action: Action) -> Drawing:
    if action.drawing is None:
        raise ValueError("the drawing was not begun")
    return action.drawing


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """Terms that were enacted."""

    source: str
    first: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Claim:
    """What a unit is owed after a recovery, base units times 1e18."""

    principal: int = 0
    interest: int = 0
    day: int = 0
    closed: bool = False


class Life:
    """The life of one bond.

    Attributes:
        price: Of the principal at the last payment, where it was called; 0 for par.
        extended: First period of an extension, and its rate.
        due_period: The period in which it was made due; 0 while it was not.
        records_at_due: Record dates that had passed by then.
        opened: The event that a right, a sinking fund or a default opened, by what it is.
        credit: Units cancelled that count towards the sinking fund.
    """

    def __init__(self, address: str, touched: Touched) -> None:
        self.actions: dict[int, Action] = {}
        self.calls: list[PartialCall] = []
        self.versions: list[TermsVersion] = []
        self.price = 0
        self.extended = (0, 0)
        self.due_period = 0
        self.due_day = 0
        self.records_at_due = 0
        self.opened: dict[tuple[object, ...], int] = {}
        self.credit = 0
        self.claim = Claim()
        self._address = address
        self._touched = touched

    def is_open(self, right: tuple[object, ...]) -> bool:
        """Whether a right has opened its event."""
        return right in self.opened

    def pledged(self, holder: str) -> int:
        """Units that events bind of a holder."""
        return sum(action.elections.get(holder, 0) for action in self.actions.values())

    # --- term

    def call(self, price: int) -> None:
        """The last payment is at this price."""
        self.price = price
        self._touched.add("state", self._address)

    def call_in_part(self, event: Event) -> None:
        """Takes ``BondCalledInPart`` in."""
        self.calls.append(PartialCall(event["period"], event["share"], event["price"]))
        self._touched.add("partial call", self._address, len(self.calls) - 1)
        self._touched.add("state", self._address)

    def extend(self, first: int, rate: int) -> None:
        """Takes ``MaturityExtended`` in."""
        self.extended = (first, rate)
        self._touched.add("state", self._address)

    def cancel(self, event: Event) -> None:
        """Takes ``UnitsCancelled`` in."""
        self._set_credit(event["credit"])

    # --- events of holders

    def open(self, event: Event, right: tuple[object, ...] | None) -> None:
        """Takes ``ActionOpened`` in; ``right`` is what opened it, where that can be opened once."""
        action = Action(event["number"], event["action"], event["code"])
        self.actions[action.number] = action
        if right is not None:
            self.opened[right] = action.number
            self._touched.add("opened", self._address, *right)
        if action.kind == DRAWING and action.raw.period:
            self._set_credit(0)  # less than was wanted: all of it counts
        self._touch(action)
        self._touched.add("state", self._address)

    def satisfy(self, event: Event) -> None:
        """Takes ``SinkingSatisfied`` in."""
        right = ("sinking", event["period"])
        self.opened[right] = SATISFIED
        self._touched.add("opened", self._address, *right)
        self._set_credit(self.credit - event["units"])

    def elect(self, event: Event) -> None:
        """Takes ``UnitsElected``, ``ElectionWithdrawn``, ``ElectionReleased`` or ``ElectionAnnulled`` in."""
        action, holder = self.actions[event["action"]], event["holder"]
        if event.name == "UnitsElected":
            action.elected += event["units"]
        else:
            action.elected -= event["units"]
        action.elections[holder] = event.args.get("elected", 0)
        self._touch(action, holder)

    def begin(self, event: Event) -> None:
        """Takes ``DrawingBegun`` in."""
        action = self.actions[event["action"]]
        action.drawing = Drawing(event["units"])
        self._touch(action)

    def count(self, event: Event, units: Mapping[str, int]) -> None:
        """Takes ``HoldersCounted`` in; ``units`` are those of each holder that are not bound."""
        action = self.actions[event["action"]]
        drawing = _begun(action)
        for holder in event["holders"]:
            if holder not in drawing.row:
                drawing.row[holder] = (drawing.counted, units[holder])
                drawing.counted += units[holder]
        if drawing.counted == drawing.units:
            drawing.counted_in = event.block
        self._touch(action, *event["holders"])

    def seed(self, event: Event) -> None:
        """Takes ``DrawingSeeded`` in."""
        action = self.actions[event["action"]]
        _begun(action).seed = event["seed"]
        self._touch(action)

    def draw(self, event: Event) -> None:
        """Takes ``UnitsDrawn`` in."""
        action = self.actions[event["action"]]
        for holder, units in zip(event["holders"], event["drawn"], strict=False):
            if units:
                action.elections[holder] = units
                action.elected += units
        drawing = _begun(action)
        for holder in event["holders"]:
            if holder not in drawing.drawn:
                drawing.drawn.add(holder)
                drawing.passed += drawing.row.get(holder, (0, 0))[1]
        self._touch(action, *event["holders"])

    def complete_drawing(self, event: Event) -> None:
        """Takes ``DrawingCompleted`` in: who draws late gives the payer his days of grace from here on."""
        action = self.actions[event["action"]]
        action.raw = action.raw._replace(closesAt=max(action.raw.closesAt, event.time))
        self._touch(action)

    def decide(self, number: int, records: int | None = None) -> None:
        """An event was carried; or funded, when so many record dates had passed."""
        action = self.actions[number]
        action.decided = True
        if records is not None:
            action.raw = action.raw._replace(redemption=records)
        self._touch(action)

    def settle(self, event: Event) -> None:
        """Takes ``ActionSettled`` in."""
        action = self.actions[event["action"]]
        for holder in dict.fromkeys(event["holders"]):
            action.settled += action.elections.pop(holder, 0)
        self._touch(action, *event["holders"])

    # --- versions

    def enact(self, event: Event) -> None:
        """Takes ``TermsEnacted`` in."""
        action = self.actions[event["action"]]
        if action.proposed is None:
            raise ValueError("nothing was proposed")
        self.versions.append(TermsVersion(event["source"], event["from"], action.proposed))
        self.decide(action.number)
        self._touched.add("version", self._address, len(self.versions))
        for kind in ("state", "figures", "prices", "today", "last"):
            self._touched.add(kind, self._address)

    # --- default

    def make_due(self, event: Event, records: int) -> None:
        """Takes ``BondMadeDue`` in."""
        if event["action"]:
            self.decide(event["action"])
        self.due_period, self.due_day = event["period"], event["day"]
        self.records_at_due = records
        for kind in ("state", "figures", "prices", "today", "last", "claim"):
            self._touched.add(kind, self._address)

    def set_claim(self, claim: Claim) -> None:
        """What a unit is owed now."""
        self.claim = claim
        self._touched.add("claim", self._address)

    def touch_all(self) -> Iterable[tuple[object, ...]]:
        """Every key of this book, for a comparison with all of it."""
        yield "state", self._address
        yield "bound", self._address
        yield "claim", self._address
        yield "statuses", self._address
        yield from (("partial call", self._address, i) for i in range(len(self.calls) + 1))
        yield "credit", self._address
        yield from (("opened", self._address, *right) for right in self.opened)
        yield from (("version", self._address, i) for i in range(len(self.versions) + 2))
        yield from (("action", self._address, n) for n in range(1, len(self.actions) + 2))

    def _set_credit(self, credit: int) -> None:
        self.credit = credit
        self._touched.add("credit", self._address)

    def _touch(self, action: Action, *holders: str) -> None:
        self._touched.add("action", self._address, action.number)
        for holder in holders:
            self._touched.add("elected", self._address, action.number, holder)
