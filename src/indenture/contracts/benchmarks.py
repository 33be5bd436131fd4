"""Reference rates, price indices and verified figures; values are billionths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from indenture.chain import BlockLike, ContractCall
from indenture.contracts._base import NOBODY, SuiteContract, bytes_of, text_of, topic_of
from indenture.contracts.calendar import market_bytes
from indenture.dates import from_day_number, from_timestamp, to_day_number
from indenture.interest import Benchmark, BenchmarkKind


@dataclass(frozen=True, slots=True)
class BenchmarkState:
    """A benchmark, as the chain has it.

    Attributes:
        benchmark: What was defined.
        administrator: Who alone may publish its values.
        last_day: Latest day that is published; None for none.
    """

    benchmark: Benchmark
    administrator: str
    last_day: date | None


@dataclass(frozen=True, slots=True)
class PublicationState:
    """A value of a day.

    Attributes:
        day: The day that it is for.
        value: Billionths; 2.5 % a year is 25,000,000.
        final_at: Instant from which it counts, as it cannot be corrected any more.
        index: Compounded index at the start of the day, 1e18 on the first; 0 where it is no overnight rate.
    """

    day: date
    value: int
    final_at: datetime
    index: int


class Benchmarks(SuiteContract):
    """Published values, for all bonds."""

    NAME = "Benchmarks"

    def benchmark(self, code: str, *, block: BlockLike = None) -> BenchmarkState | None:
        """What is known of a benchmark; None when there is none."""
        return self.benchmarks([code], block=block)[0]

    def benchmarks(self, codes: Sequence[str], *, block: BlockLike = None) -> list[BenchmarkState | None]:
        """What is known of several benchmarks, on the same state."""
        calls = [self.call("benchmarkOf", benchmark_bytes(code)) for code in codes]
        found = self.chain.call_many(calls, block)
        return [_benchmark(code, raw) for code, raw in zip(codes, found, strict=True)]

    def codes(self, *, to: int | None = None) -> tuple[str, ...]:
        """Codes of every benchmark, in the order of their definition."""
        return tuple(text_of(event["code"]) for event in self.events("BenchmarkDefined", to=to))

    def publication(self, code: str, day: date, *, block: BlockLike = None) -> PublicationState | None:
        """The publication of a day; None when there is none."""
        return self.publications(code, [day], block=block)[0]

    def publications(
        self, code: str, days: Sequence[date], *, block: BlockLike = None
    ) -> list[PublicationState | None]:
        """The publications of several days, on the same state."""
        word = benchmark_bytes(code)
        calls = [self.call("publicationOf", word, to_day_number(day)) for day in days]
        found = self.chain.call_many(calls, block)
        return [
            PublicationState(day, raw.value, from_timestamp(raw.finalAt), raw.index) if raw.finalAt else None
            for day, raw in zip(days, found, strict=True)
        ]

    def history(self, code: str, *, to: int | None = None) -> list[PublicationState]:
        """Every value of a benchmark as it stands, corrections included, by day."""
        latest = {
            event["day"]: PublicationState(
                from_day_number(event["day"]),
                event["value"],
                from_timestamp(event["finalAt"]),
                event["index"],
            )
            for event in self.events("ValuePublished", indexed=[topic_of(benchmark_bytes(code))], to=to)
        }
        return [latest[day] for day in sorted(latest)]

    def value_on(self, code: str, day: date, *, block: BlockLike = None) -> int | None:
        """The value of a day, if it counts; else None."""
        raw = self.read("valueOn", benchmark_bytes(code), to_day_number(day), block=block)
        return int(raw.value) if raw.isFound else None

    def last_value(
        self, code: str, day: date, most: int, *, block: BlockLike = None
    ) -> tuple[date, int] | None:
        """Day and value of the last that counts, on a day or so many days (of an index, months) before."""
        raw = self.read("lastValue", benchmark_bytes(code), to_day_number(day), most, block=block)
        return (from_day_number(raw.found), int(raw.value)) if raw.isFound else None

    def index_on(self, code: str, day: date, *, block: BlockLike = None) -> tuple[int, bool] | None:
        """The compounded index at the start of a day, and whether every night before it has its own rate."""
        raw = self.read("indexOn", benchmark_bytes(code), to_day_number(day), block=block)
        return (int(raw.index), bool(raw.isComplete)) if raw.isFound else None

    def register(self, benchmark: Benchmark, administrator: str) -> ContractCall:
        """Defines a benchmark."""
        return self.call(
            "register",
            benchmark_bytes(benchmark.code),
            int(benchmark.kind),
            administrator,
            market_bytes(benchmark.market),
            benchmark.basis,
            benchmark.correctable_for,
        )

    def set_administrator(self, code: str, administrator: str) -> ContractCall:
        """Gives the publication to another account."""
        return self.call("setAdministrator", benchmark_bytes(code), administrator)

    def publish(self, code: str, day: date, value: int) -> ContractCall:
        """Publishes the value of a day, or corrects it while that is possible."""
        return self.call("publish", benchmark_bytes(code), to_day_number(day), value)


def benchmark_bytes(code: str) -> bytes:
    """The code of a benchmark as on chain."""
    return bytes_of(code, 8, "benchmark code")


def _benchmark(code: str, raw: Any) -> BenchmarkState | None:
    if raw.administrator == NOBODY:
        return None
    return BenchmarkState(
        benchmark=Benchmark(
            code=code,
            kind=BenchmarkKind(raw.kind),
            market=text_of(raw.market),
            basis=raw.basis,
            correctable_for=raw.correctableFor,
        ),
        administrator=raw.administrator,
        last_day=from_day_number(raw.lastDay) if raw.lastDay else None,
    )
