"""Benchmarks as defined, and their values as published and corrected."""

from __future__ import annotations

from indenture.audit.events import Event
from indenture.audit.model import Benchmark, Publication, text
from indenture.audit.replay.touched import Touched


class BenchmarkBook:
    """Every benchmark by its code."""

    def __init__(self, touched: Touched) -> None:
        self.by_code: dict[bytes, Benchmark] = {}
        self._touched = touched

    def apply(self, event: Event) -> None:
        """Takes one event in; one about a benchmark that was never defined is reported by BENCH-1."""
        if "code" not in event.args:
            return
        code = event["code"]
        self._touched.add("benchmark", code)
        if event.name == "BenchmarkDefined":
            self.by_code[code] = Benchmark(
                kind=event["kind"],
                administrator=event["administrator"],
                market=text(event["market"]),
                basis=event["basis"],
                correctable_for=event["correctableFor"],
            )
        elif code not in self.by_code:
            return
        elif event.name == "AdministratorSet":
            self.by_code[code].administrator = event["administrator"]
        elif event.name == "ValuePublished":
            self._publish(self.by_code[code], event)

    def _publish(self, benchmark: Benchmark, event: Event) -> None:
        day = event["day"]
        if not event["isCorrection"]:
            benchmark.last_day = day
        benchmark.published[day] = Publication(event["value"], event["finalAt"], event["index"])
        self._touched.add("publication", event["code"], day)
