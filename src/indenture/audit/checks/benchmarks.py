"""BENCH-1 to BENCH-3: definitions, publications in turn by their administrator, and the compounded index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indenture.audit.calls import Calls
from indenture.audit.checks.base import Check
from indenture.audit.events import Event, Transaction
from indenture.audit.model import Benchmark, text
from indenture.audit.model.benchmarks import OVERNIGHT
from indenture.audit.replay import World
from indenture.audit.replay.cash import ZERO

_DAY_SECONDS = 86_400
_EARLIEST_ZONE = 14 * 3600
_MOST_CORRECTABLE = 7 * _DAY_SECONDS
_BASES = (360, 365)


def _correctable(kind: int, seconds: int) -> bool:
    """An overnight rate is final before the next one; others a week after they came at the latest."""
    return bool(seconds < _DAY_SECONDS if kind == OVERNIGHT else seconds <= _MOST_CORRECTABLE)


class BenchmarkCheck(Check):
    """Each definition and each value, as benchmarks stood then."""

    KINDS = ("Benchmarks",)

    def __init__(self, world: World, calls: Calls) -> None:
        super().__init__(world)
        self._calls = calls

    @staticmethod
    def to_prefetch(transactions: Sequence[Transaction]) -> Iterator[str]:
        """Transactions that hold a value: who sent it stands only there."""
        return (tx.tx_hash for tx in transactions if tx.named("Benchmarks", "ValuePublished"))

    def _look(self, event: Event) -> None:
        if event.kind != "Benchmarks" or "code" not in event.args:
            return
        known = self.world.benchmarks.by_code.get(event["code"])
        if event.name == "BenchmarkDefined":
            self._defined(event, known)
        elif known is None:
            self._differ(event, "BENCH-1", "code", "a benchmark", text(event["code"]), "it was never defined")
        elif event.name == "ValuePublished":
            self._sender(event, known)
            self._published(event, known)
        elif event["administrator"] == ZERO:
            self._differ(event, "BENCH-1", "administrator", "an account", ZERO, "nobody could publish")

    def _defined(self, event: Event, known: Benchmark | None) -> None:
        if known is not None:
            self._differ(event, "BENCH-1", "code", "a new code", text(event["code"]), "it was defined before")
        fits = {
            "code": text(event["code"]) != "",
            "administrator": event["administrator"] != ZERO,
            "market": text(event["market"]) != "",
            "basis": event["basis"] in (_BASES if event["kind"] == OVERNIGHT else (0,)),
            "correctableFor": _correctable(event["kind"], event["correctableFor"]),
        }
        for name, ok in fits.items():
            if not ok:
                self._differ(
                    event, "BENCH-1", name, "a field that fits", event[name], "it contradicts its kind"
                )

    def _sender(self, event: Event, known: Benchmark) -> None:
        call = self._calls.get(event.tx_hash)
        if call is not None and call.to == event.address:
            who = known.administrator
            self._equal(event, "BENCH-1", "administrator", who, call.sender, "another account published it")

    def _published(self, event: Event, known: Benchmark) -> None:
        day, before = event["day"], known.published.get(event["day"])
        if not known.fits(event["value"]):
            self._differ(event, "BENCH-2", "value", "a value of its kind", event["value"], "it cannot be")
        begun = (event.time + _EARLIEST_ZONE) // _DAY_SECONDS
        if day > begun:
            self._differ(event, "BENCH-2", "day", f"<= {begun}", day, "published ahead")
        self._equal(
            event, "BENCH-2", "isCorrection", before is not None, event["isCorrection"], "of this day"
        )
        if before is not None:
            if event.time >= before.final_at:
                wanted = f"< {before.final_at}"
                self._differ(event, "BENCH-2", "time", wanted, event.time, "corrected when it was final")
            self._equal(event, "BENCH-2", "finalAt", before.final_at, event["finalAt"], "it was set before")
            self._equal(event, "BENCH-3", "index", before.index, event["index"], "not that of the day")
            return
        self._in_turn(event, known)
        final = event.time + known.correctable_for
        self._equal(event, "BENCH-2", "finalAt", final, event["finalAt"], "not by the definition")
        self._equal(
            event, "BENCH-3", "index", known.next_index(day), event["index"], "not the rates up to the day"
        )

    def _in_turn(self, event: Event, known: Benchmark) -> None:
        day, last = event["day"], known.last_day
        if day <= last or not known.follows(day, self.world.calendar.market(known.market)):
            self._differ(event, "BENCH-2", "day", f"the day after {last}", day, "published out of turn")
        if known.kind == OVERNIGHT and last and event.time < known.published[last].final_at:
            wanted = f">= {known.published[last].final_at}"
            self._differ(event, "BENCH-2", "time", wanted, event.time, "the night before was not final")
