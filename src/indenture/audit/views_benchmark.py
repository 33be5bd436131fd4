"""The views that answer for benchmarks and their values."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from indenture.audit.model import Benchmark, Publication, code_of, to_date
from indenture.audit.model.benchmarks import LONGEST_GAP, OVERNIGHT
from indenture.audit.model.dates import day_number
from indenture.audit.probe import Probe, expected_of
from indenture.audit.replay import World
from indenture.audit.replay.cash import ZERO


def _benchmark(world: World, _: int, code: bytes) -> Iterator[Probe]:
    found = world.benchmarks.by_code.get(code) or Benchmark(0, ZERO, "", 0, 0)
    expected = (
        found.administrator,
        code_of(found.market),
        found.kind,
        found.basis,
        found.correctable_for,
        found.last_day,
    )
    yield Probe(world.suite.one("Benchmarks"), "benchmarkOf", (code,), expected)


def _publication(world: World, time: int, code: bytes, day: int) -> Iterator[Probe]:
    """What was published, and what of it counts by now: on the day, before it, and compounded up to it."""
    target, on = world.suite.one("Benchmarks"), to_date(day)
    found = world.benchmarks.by_code[code]
    yield from _told(world, time, code, day)
    value = found.on(on, time)
    yield Probe(target, "valueOn", (code, day), (value is not None, value or 0))
    value, at = found.last(on, LONGEST_GAP, time) or (0, None)
    expected = (at is not None, value, 0 if at is None else day_number(at))
    yield Probe(target, "lastValue", (code, day, LONGEST_GAP), expected)
    for night in (day, day + 1) if found.kind == OVERNIGHT else ():
        index = expected_of(_index, world, time, code, night)
        yield Probe(target, "indexOn", (code, night), index)


def _told(world: World, _: int, code: bytes, day: int) -> Iterator[Probe]:
    """What was published for a day, if anything was."""
    told = world.benchmarks.by_code[code].published.get(day) or Publication(0, 0, 0)
    expected = (told.value, told.final_at, told.index)
    yield Probe(world.suite.one("Benchmarks"), "publicationOf", (code, day), expected)


def _index(world: World, time: int, code: bytes, day: int) -> tuple[bool, bool, int]:
    benchmark = world.benchmarks.by_code[code]
    index = benchmark.index(to_date(day), time, world.calendar.market(benchmark.market))
    return (False, False, 0) if index is None else (True, index.complete, index.value)


BENCHMARK_VIEWS: dict[str, Callable[..., Iterator[Probe]]] = {
    "benchmark": _benchmark,
    "publication": _publication,
    "told": _told,
}
"""Views by the kind of their key."""
