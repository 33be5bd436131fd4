"""DRAW-1: a drawing shuts the books, counts each holder once, and draws by the systematic sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from indenture.audit.calls import Calls
from indenture.audit.checks.life.base import LifeCheck, Look
from indenture.audit.events import Event, Transaction
from indenture.audit.replay import World
from indenture.audit.replay.life import DRAWING, Drawing
from indenture.audit.replay.register import Register

_REMEMBERED = 256
"""Blocks whose hash the chain still knows."""


class DrawingCheck(LifeCheck):
    """The row, holder by holder; the start, by the block after it; what it draws of each."""

    NAMES = ("BooksShut",)

    def __init__(self, world: World, calls: Calls) -> None:
        super().__init__(world)
        self._calls = calls

    @staticmethod
    def to_prefetch(transactions: Sequence[Transaction]) -> Iterator[int]:
        """Blocks whose hash may say where a sample starts: each after one in which holders were counted."""
        return (tx.block + 1 for tx in transactions if tx.named("Servicing", "HoldersCounted"))

    def _looks(self) -> dict[str, Look]:
        return {
            "DrawingBegun": self._begun,
            "HoldersCounted": self._counted,
            "DrawingSeeded": self._seeded,
            "UnitsDrawn": self._drawn,
            "DrawingCompleted": self._completed,
        }

    def _look(self, event: Event) -> None:
        super()._look(event)
        if event.name == "BooksShut" and event.kind == "Bond":
            self._shut(event)

    def _shut(self, event: Event) -> None:
        reason = "DrawingBegun" if event["shut"] else "DrawingCompleted"
        told = [e for e in self.tx.named("Servicing", reason) if e["bond"] == event.address]
        register = self.world.bonds.get(event.address)
        if not told or register is None or register.shut == event["shut"]:
            message = "books are shut for a drawing, from its first count to its last draw"
            self._differ(event, "DRAW-1", "shut", reason, "nothing", message)

    # --- the row

    def _begun(self, event: Event, register: Register) -> None:
        action = self._action(event, register, "DRAW-1")
        if action is None:
            return
        self._not_due(event, register, "DRAW-1")
        if action.kind != DRAWING or action.drawing is not None:
            message = "no drawing, or begun before"
            self._differ(event, "DRAW-1", "action", "a drawing to begin", event["action"], message)
        if event.time < action.raw.opensAt:
            wanted = f">= {action.raw.opensAt}"
            self._differ(event, "DRAW-1", "time", wanted, event.time, "drawn too early")
        free = register.supply.units - register.bound
        self._equal(event, "DRAW-1", "units", free, event["units"], "not all units that are not bound")
        if not register.shut:
            self._differ(event, "DRAW-1", "shut", "books that are shut", "open ones", "units could move")

    def _counted(self, event: Event, register: Register) -> None:
        drawing = self._running(event, register)
        if drawing is None:
            return
        # When the chain has forgotten the block that was to be the start, a count of nobody names the next.
        if drawing.counted_in and (event["holders"] or event.block <= drawing.counted_in + 1 + _REMEMBERED):
            message = "the row was complete"
            self._differ(event, "DRAW-1", "holders", "nobody", event["holders"], message)
        seen, place = set(drawing.row), drawing.counted
        for holder in event["holders"]:
            units = register.unbound_of(holder)
            if holder in seen or units <= 0:
                message = "counted twice, or without units to draw from"
                self._differ(event, "DRAW-1", "holders", "each holder once", holder, message)
            seen.add(holder)
            place += units
        self._equal(event, "DRAW-1", "counted", place, event["counted"], "not the units in the row")
        if place > drawing.units:
            message = "more units than there are"
            self._differ(event, "DRAW-1", "counted", f"<= {drawing.units}", place, message)

    # --- the sample

    def _seeded(self, event: Event, register: Register) -> None:
        drawing = self._running(event, register)
        if drawing is None:
            return
        since = drawing.counted_in
        if drawing.seed is not None or not since or not since + 1 < event.block <= since + 1 + _REMEMBERED:
            message = "chosen before, or not soon after the block in which the row was complete"
            self._differ(event, "DRAW-1", "seed", "a start to choose", event["seed"], message)
        random = self._calls.block_hash(since + 1)
        if random is not None and drawing.units:
            packed = encode(("bytes32", "address", "uint16"), (random, event["bond"], event["action"]))
            seed = int.from_bytes(keccak(packed), "big") % drawing.units
            self._equal(event, "DRAW-1", "seed", seed, event["seed"], "not from the block after the row")
        if event["seed"] >= max(1, drawing.units):
            self._differ(event, "DRAW-1", "seed", f"< {drawing.units}", event["seed"], "outside the row")

    def _drawn(self, event: Event, register: Register) -> None:
        drawing = self._running(event, register)
        if drawing is None or drawing.seed is None:
            message = "the start of the sample was not chosen"
            self._differ(event, "DRAW-1", "action", "a drawing with a start", event["action"], message)
            return
        most = min(register.life.actions[event["action"]].raw.most, drawing.units)
        wanted, seen, passed = [], set(drawing.drawn), drawing.passed
        for holder in event["holders"]:
            start, units = drawing.row.get(holder, (0, 0))
            if holder in seen or not units:
                message = "drawn from twice, or not in the row"
                self._differ(event, "DRAW-1", "holders", "each holder once", holder, message)
            seen.add(holder)
            passed += units
            wanted.append(_before(drawing, most, start + units) - _before(drawing, most, start))
        found = tuple(event["drawn"])
        self._equal(event, "DRAW-1", "drawn", tuple(wanted), found, "not what the sample draws of each")
        told = any(
            (e["bond"], e["action"]) == (event["bond"], event["action"])
            for e in self.tx.named("Servicing", "DrawingCompleted")
        )
        message = "complete when it is drawn from all, and not before"
        self._equal(event, "DRAW-1", "complete", passed == drawing.units, told, message)

    def _completed(self, event: Event, register: Register) -> None:
        drawing = self._running(event, register)
        if drawing is None:
            return
        most = min(register.life.actions[event["action"]].raw.most, drawing.units)
        self._equal(event, "DRAW-1", "drawn", most, event["drawn"], "not the units that were to be drawn")
        self._equal(event, "DRAW-1", "passed", drawing.units, drawing.passed, "not drawn from all")

    def _running(self, event: Event, register: Register) -> Drawing | None:
        action = self._action(event, register, "DRAW-1")
        if action is None:
            return None
        if action.drawing is None:
            message = "the drawing was not begun"
            self._differ(event, "DRAW-1", "action", "a drawing", event["action"], message)
        return action.drawing


def _before(drawing: Drawing, most: int, place: int) -> int:
    """How many of the drawn units lie before a place in the row."""
    return (place * most + (drawing.seed or 0)) // drawing.units
