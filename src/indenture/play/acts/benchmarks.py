"""What rates and amounts are made from: values that an administrator publishes for all bonds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from indenture._fields import reader
from indenture.errors import InputError
from indenture.interest import BenchmarkKind
from indenture.money import to_decimal
from indenture.play.acts.base import Act, One, Rehearsal, Sends
from indenture.play.fields import Day, Text, counted
from indenture.roles import BenchmarkAdministrator

if TYPE_CHECKING:
    from indenture.play.stage import Stage

_KINDS = {kind.name.lower(): kind for kind in BenchmarkKind}
_LONGEST_CODE = 8
#: Billionths in a whole, and in a percent.
_WHOLE = 10**9
_PERCENT = 10**7
_ZERO_OR_MORE = Field(ge=0)


def _read_kind(value: Any) -> BenchmarkKind:
    if value not in _KINDS:
        raise InputError(f"{value!r} is not known", hint=f"Known: {', '.join(_KINDS)}.")
    return _KINDS[value]


#: What the values of a benchmark are: ``rate``, ``overnight``, ``level`` or ``figure``.
KindField = Annotated[BenchmarkKind, reader(_read_kind)]
#: A value as people write it: percent of a rate, else the level or figure itself.
Value = Annotated[Decimal, reader(to_decimal)]


class DefineBenchmark(Act):
    """The depository defines a benchmark, and who alone publishes its values.

    Attributes:
        code: Its code, as term sheets name it.
        kind: What its values are.
        calendar: Market on whose working days it is published.
        administrator: Who publishes.
        basis: Days of a year that overnight rates count by.
        correctable_for: Seconds in which a value may still be corrected; it counts after them.
    """

    word: ClassVar[str] = "define_benchmark"
    code: Annotated[Text, Field(max_length=_LONGEST_CODE)]
    kind: KindField
    calendar: Text
    administrator: One
    basis: Annotated[int, _ZERO_OR_MORE] = 0
    correctable_for: Annotated[int, _ZERO_OR_MORE] = 0

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the code is new, and the basis is one of an overnight rate."""
        if self.code in scene.benchmarks:
            yield "code", f"{self.code!r} is defined twice", ""
        if (self.basis != 0) != (self.kind is BenchmarkKind.OVERNIGHT):
            yield "basis", "is of an overnight rate, which needs it", "Write basis: 360, or leave it out."
        scene.benchmarks[self.code] = self.kind

    def perform(self, stage: Stage) -> str:
        """Defines it."""
        stage.depository.register_benchmark(
            self.code,
            self.kind,
            stage.address(stage.one(self.administrator)),
            market=self.calendar,
            basis=self.basis,
            correctable_for=timedelta(seconds=self.correctable_for),
        )
        return f"{self.code}, {self.kind.name.lower()}, by {self.administrator}"


class Publish(Act):
    """The administrator of a benchmark publishes values of it.

    Attributes:
        benchmark: Code of the benchmark.
        by: Its administrator.
        values: Percent of a rate, else the level or figure itself, by day.
    """

    word: ClassVar[str] = "publish"
    benchmark: Text
    by: Sends
    values: Annotated[dict[Day, Value], Field(min_length=1)]

    def check(self, scene: Rehearsal) -> Iterator[tuple[str, str, str]]:
        """Whether the benchmark is defined, and its values are whole billionths."""
        if self.benchmark not in scene.benchmarks:
            known = ", ".join(scene.benchmarks) or "none"
            yield "benchmark", f"{self.benchmark!r} is not defined by now", f"Defined: {known}."
            return
        for day, value in self.values.items():
            if billionths(scene.benchmarks[self.benchmark], value) % 1:
                yield f"values.{day}", f"{value} is no whole number of billionths", "Use fewer decimals."

    def perform(self, stage: Stage) -> str:
        """Publishes them in the order of their days."""
        administrator = BenchmarkAdministrator(stage.suite, stage.sender(stage.one(self.by)))
        administrator.publish_many(self.benchmark, self.values)
        last, value = max(self.values.items())
        count = f"{counted(len(self.values), 'value')} up to " if len(self.values) > 1 else ""
        return f"{self.benchmark} {count}{value} of {last}"


def billionths(kind: BenchmarkKind, value: Decimal) -> Decimal:
    """A value as on chain; with a fraction where it has too many decimals."""
    return value * (_PERCENT if kind in (BenchmarkKind.RATE, BenchmarkKind.OVERNIGHT) else _WHOLE)
