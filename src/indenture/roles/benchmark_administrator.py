"""The administrator of a benchmark: publishes its values, and corrects them while that is possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from indenture.chain import ContractCall, Receipt
from indenture.contracts import BenchmarkState, PublicationState, Suite
from indenture.contracts.calendar import market_bytes
from indenture.dates import to_day_number
from indenture.errors import BenchmarkRefused, InputError
from indenture.figures import BenchmarkInfo, PublishedValue
from indenture.interest import BenchmarkKind
from indenture.results import BatchResult, PublicationResult
from indenture.roles._checks import now
from indenture.roles._client import Client
from indenture.roles._sending import Progress
from indenture.roles._values import billionths_of, factor, value_of

#: Gas that a publication never needs more than, for nights that build on each other and cannot be tried.
_PUBLICATION_GAS = 500_000
#: Values that are sent before somebody is told how far it is.
_PART = 64
#: UTC+14, in which a day begins first.
_EARLIEST_ZONE = timedelta(hours=14)

Value = Decimal | int | str


class BenchmarkAdministrator(Client):
    """A client of an account that publishes benchmarks.

    Values are percent a year for rates (2.5 is 2.5 %), and the numbers themselves for price indices and
    figures.

    Args:
        suite: The contracts.
        sender: The administrator's account.
    """

    def benchmarks(self) -> tuple[BenchmarkInfo, ...]:
        """Every benchmark that this account publishes."""
        return tuple(each for each in all_benchmarks(self.suite) if each.administrator == self.sender.address)

    def publish(self, code: str, day: date, value: Value) -> PublicationResult:
        """Publishes the value of a day.

        Raises:
            BenchmarkRefused: There is no such benchmark, another account publishes it, the day has not begun,
                is published, or is out of order, or the value cannot be one.
        """
        return self.publish_many(code, {day: value})

    def correct(self, code: str, day: date, value: Value) -> PublicationResult:
        """Corrects the value of a day, while it does not count yet.

        Raises:
            BenchmarkRefused: The day has no value, or it counts already.
        """
        state = self._own(code)
        found = self.suite.benchmarks.publication(code, day)
        if found is None:
            raise self._refused(
                "BenchmarkDayRefused", code, f"{code} has no value of {day} to correct", "Publish it."
            )
        if now(self.suite.chain) >= found.final_at:
            raise self._refused(
                "BenchmarkPublished",
                code,
                f"{code} of {day} counts since {found.final_at:%Y-%m-%d %H:%M} UTC and stays as it is",
                "What counts is never changed: bonds may be fixed by it.",
            )
        number = billionths_of(state.benchmark.kind, value)
        receipt = self.sender.transact(self.suite.benchmarks.publish(code, day, number))
        return self._result(state, [receipt], [day], [])

    def publish_many(
        self, code: str, values: Mapping[date, Value], *, progress: Progress | None = None
    ) -> PublicationResult:
        """Publishes the values of many days, in their order; all are checked before the first is sent.

        Days that have the same value already are passed over, so that it can be done again after a fault.

        Args:
            code: The benchmark.
            values: Values by day.
            progress: Called with a step, how many values are published, and how many there are.

        Raises:
            BenchmarkRefused: As ``publish``.
            InputError: Overnight rates that can be corrected go out one by one: each must count before the
                next.
        """
        state = self._own(code)
        numbers = {day: billionths_of(state.benchmark.kind, values[day]) for day in sorted(values)}
        known = self.suite.benchmarks.publications(code, list(numbers))
        there = [found.day for found in known if found is not None]
        self._check_same(code, numbers, known)
        fresh = [day for day in numbers if day not in there]
        self._check_days(state, fresh)
        calls = [self.suite.benchmarks.publish(code, day, numbers[day]) for day in fresh]
        receipts = self._send(state, calls, progress)
        return self._result(state, receipts, fresh, there)

    # Helpers

    def _own(self, code: str) -> BenchmarkState:
        state = self.suite.benchmarks.benchmark(code)
        if state is None:
            raise self._refused(
                "BenchmarkUnknown",
                code,
                f"there is no benchmark {code}",
                "The depository registers it first.",
            )
        if state.administrator != self.sender.address:
            raise self._refused(
                "BenchmarkCallerRefused",
                code,
                f"{self.sender.address} may not publish {code}, {state.administrator} does",
                "Use the administrator's account, or have the depository name another.",
            )
        return state

    def _check_same(
        self, code: str, numbers: Mapping[date, int], known: Sequence[PublicationState | None]
    ) -> None:
        for found in known:
            if found is not None and found.value != numbers[found.day]:
                raise self._refused(
                    "BenchmarkPublished",
                    code,
                    f"{code} of {found.day} is published with another value",
                    f"Until {found.final_at:%Y-%m-%d %H:%M} UTC it can be corrected (correct).",
                )

    def _check_days(self, state: BenchmarkState, days: Sequence[date]) -> None:
        if not days:
            return
        benchmark, time = state.benchmark, now(self.suite.chain)
        if days[-1] > (time + _EARLIEST_ZONE).date():
            raise self._refused(
                "BenchmarkDayAhead",
                benchmark.code,
                f"{days[-1]} has begun nowhere, so {benchmark.code} has no value of it",
                f"The chain's time is {time:%Y-%m-%d %H:%M} UTC.",
            )
        if state.last_day is not None and days[0] < state.last_day:
            self._refuse_day(state, days[0], "days go up", "A day that was left out stays so.")
        if benchmark.kind is BenchmarkKind.LEVEL:
            for day in days:
                if day.day != 1:
                    self._refuse_day(
                        state, day, "a price index is for the first of a month", "Name the month by that day."
                    )
        if benchmark.kind is BenchmarkKind.OVERNIGHT:
            self._check_nights(state, days)

    def _check_nights(self, state: BenchmarkState, days: Sequence[date]) -> None:
        """Each business day of the market in order, and none before the one before it counts."""
        benchmark, calendar = state.benchmark, self.suite.calendar
        if benchmark.correctable_for and len(days) > 1:
            raise InputError(
                f"{len(days)} rates of {benchmark.code} cannot go out at once: the next one is taken when "
                f"the last counts, {timedelta(seconds=benchmark.correctable_for)} after it is published",
                hint="Publish them day by day.",
            )
        word = market_bytes(benchmark.market)
        calls = [calendar.call("isBusinessDay", word, to_day_number(day)) for day in days]
        for day, is_open in zip(days, self.suite.chain.call_many(calls), strict=True):
            if not is_open:
                self._refuse_day(
                    state, day, f"{benchmark.market} is closed", "Overnight rates are of business days."
                )
        nights = [state.last_day, *days] if state.last_day else list(days)
        pairs = list(pairwise(nights))
        calls = [
            calendar.call("businessDaysBetween", word, to_day_number(last) + 1, to_day_number(day))
            for last, day in pairs
        ]
        for (_, day), missing in zip(pairs, self.suite.chain.call_many(calls), strict=True):
            if missing:
                self._refuse_day(
                    state, day, f"{missing} business days before it have no rate", "Publish them first."
                )
        if state.last_day is not None:
            self._check_counts(state, state.last_day, days[0])

    def _check_counts(self, state: BenchmarkState, last: date, day: date) -> None:
        latest = self.suite.benchmarks.publication(state.benchmark.code, last)
        if latest is not None and now(self.suite.chain) < latest.final_at:
            self._refuse_day(
                state,
                day,
                f"the rate of {last} can still be corrected",
                f"It counts from {latest.final_at:%Y-%m-%d %H:%M} UTC on: publish the next then.",
            )

    def _send(
        self, state: BenchmarkState, calls: Sequence[ContractCall], progress: Progress | None
    ) -> list[Receipt]:
        done: list[Receipt] = []
        if progress:
            progress("publish values", 0, len(calls))
        # Nights build on each other: only the first can be tried.
        builds = state.benchmark.kind is BenchmarkKind.OVERNIGHT
        start = 0
        while start < len(calls):
            size = 1 if builds and not start else _PART
            part = calls[start : start + size]
            untried = builds and start > 0
            done += self.sender.send_many(
                part, gas=_PUBLICATION_GAS if untried else None, preflight=not untried
            )
            start += len(part)
            if progress:
                progress("publish values", start, len(calls))
        return done

    def _result(
        self, state: BenchmarkState, receipts: Sequence[Receipt], days: Sequence[date], there: Sequence[date]
    ) -> PublicationResult:
        found = self.suite.benchmarks.publications(state.benchmark.code, days)
        done = BatchResult.of(len(days), receipts)
        return PublicationResult(
            count=done.count,
            transactions=done.transactions,
            values=tuple(_shown(state, each) for each in found if each is not None),
            there=tuple(there),
        )

    def _refuse_day(self, state: BenchmarkState, day: date, why: str, hint: str) -> None:
        code = state.benchmark.code
        raise self._refused("BenchmarkDayRefused", code, f"{code} cannot be published for {day}: {why}", hint)

    def _refused(self, name: str, code: str, message: str, hint: str) -> BenchmarkRefused:
        return BenchmarkRefused(
            name, {"code": code}, message=message, hint=hint, contract=self.suite.benchmarks.address
        )


def benchmark_info(suite: Suite, code: str) -> BenchmarkInfo:
    """What is known of a benchmark.

    Raises:
        InputError: There is none with this code.
    """
    return _info(_existing(suite, code))


def all_benchmarks(suite: Suite) -> tuple[BenchmarkInfo, ...]:
    """Every benchmark of the depository, in the order of their definition."""
    found = suite.benchmarks.benchmarks(suite.benchmarks.codes())
    return tuple(_info(each) for each in found if each is not None)


def published_values(
    suite: Suite, code: str, start: date | None = None, end: date | None = None
) -> tuple[PublishedValue, ...]:
    """The values of a benchmark by day, as they stand; ``PublishedValue.final_at`` says which count.

    Args:
        suite: The contracts.
        code: The benchmark.
        start: First day; None for the first that is published.
        end: Last day; None for the latest.

    Raises:
        InputError: There is no such benchmark.
    """
    state = _existing(suite, code)
    return tuple(
        _shown(state, each)
        for each in suite.benchmarks.history(code)
        if (start is None or each.day >= start) and (end is None or each.day <= end)
    )


def _existing(suite: Suite, code: str) -> BenchmarkState:
    state = suite.benchmarks.benchmark(code)
    if state is None:
        known = ", ".join(suite.benchmarks.codes()) or "none"
        raise InputError(f"there is no benchmark {code}", hint=f"Registered are: {known}.")
    return state


def _info(state: BenchmarkState) -> BenchmarkInfo:
    benchmark = state.benchmark
    return BenchmarkInfo(
        code=benchmark.code,
        kind=benchmark.kind,
        administrator=state.administrator,
        market=benchmark.market,
        basis=benchmark.basis,
        correctable_for=timedelta(seconds=benchmark.correctable_for),
        last_day=state.last_day,
    )


def _shown(state: BenchmarkState, found: PublicationState) -> PublishedValue:
    return PublishedValue(
        benchmark=state.benchmark.code,
        day=found.day,
        value=value_of(state.benchmark.kind, found.value),
        final_at=found.final_at,
        index=factor(found.index) if found.index else None,
    )
