"""What can be missing or refused when interest is computed.

InputError
└── InterestError
    ├── PeriodUnknown         the bond has no such period
    ├── PeriodOutOfOrder      the period before it is not fixed, or it is fixed already
    ├── PeriodNotBegun        too early to observe what its rate follows
    ├── PeriodNotFixed        its rate is observed, and nobody has fixed it yet
    ├── ValueNotPublished     a value of a benchmark is not there, and no fallback applies (yet)
    ├── BenchmarkUnknown      no series of this code was given
    ├── DeferralRefused       interest of this period cannot be deferred
    ├── EarlyRedemptionRefused  the term cannot end on this day
    ├── AccrualRefused        the bond earns nothing on this day, or records do not fit it
    └── PublicationRefused    a benchmark cannot take this value
"""

from __future__ import annotations

from datetime import date

from indenture.errors import InputError


class InterestError(InputError):
    """Interest cannot be computed from what is known."""


class PeriodUnknown(InterestError):
    """The bond has no such period.

    Attributes:
        period: The number asked for.
        periods: Number of periods of the bond.
    """

    def __init__(self, period: int, periods: int) -> None:
        super().__init__(f"there is no period {period}", hint=f"The periods of this bond are 1 to {periods}.")
        self.period = period
        self.periods = periods


class PeriodOutOfOrder(InterestError):
    """Periods are fixed in their order, each once.

    Attributes:
        period: The period to fix.
        previous: The last one that is fixed; 0 for none.
    """

    def __init__(self, period: int, previous: int) -> None:
        super().__init__(
            f"period {period} cannot be fixed: the last one that is fixed is {previous}",
            hint=f"The next one is period {previous + 1}.",
        )
        self.period = period
        self.previous = previous


class PeriodNotBegun(InterestError):
    """Too early to fix a period.

    Attributes:
        period: The period.
        begins: The first day on which it can be fixed.
    """

    def __init__(self, period: int, begins: date) -> None:
        super().__init__(
            f"period {period} cannot be fixed before {begins}", hint=f"Fix it on {begins} or later."
        )
        self.period = period
        self.begins = begins


class PeriodNotFixed(InterestError):
    """The rate of a period is observed, and nobody has fixed it yet.

    Attributes:
        period: The period.
    """

    def __init__(self, period: int) -> None:
        super().__init__(
            f"period {period} is not fixed yet", hint="Anyone may fix it once its values are published."
        )
        self.period = period


class ValueNotPublished(InterestError):
    """A value of a benchmark is not there.

    Attributes:
        benchmark: Its code.
        day: The day whose value is missing.
        fallback_from: The day from which a fallback applies; None where there is none.
    """

    def __init__(self, benchmark: str, day: date, fallback_from: date | None = None) -> None:
        super().__init__(
            f"{benchmark}: no value for {day} is published",
            hint=f"A fallback applies from {fallback_from} on."
            if fallback_from
            else "Its administrator has to publish it.",
        )
        self.benchmark = benchmark
        self.day = day
        self.fallback_from = fallback_from


class BenchmarkUnknown(InterestError):
    """No series of this code was given.

    Attributes:
        benchmark: Its code.
    """

    def __init__(self, benchmark: str) -> None:
        super().__init__(
            f"the benchmark {benchmark!r} is not known", hint="Give its published series under this code."
        )
        self.benchmark = benchmark


class DeferralRefused(InterestError):
    """Interest of a period cannot be deferred.

    Attributes:
        period: The period.
    """

    def __init__(self, period: int, reason: str) -> None:
        super().__init__(f"interest of period {period} cannot be deferred: {reason}")
        self.period = period


class EarlyRedemptionRefused(InterestError):
    """A bond cannot be redeemed on a day, as a whole or in part.

    Attributes:
        day: The day, unadjusted.
    """

    def __init__(self, day: date, reason: str) -> None:
        super().__init__(f"the bond cannot be redeemed on {day}: {reason}")
        self.day = day


class AccrualRefused(InterestError):
    """Interest accrued on a day cannot be told.

    Attributes:
        day: The day.
    """

    def __init__(self, day: date, reason: str, *, hint: str = "") -> None:
        super().__init__(f"interest accrued on {day} cannot be told: {reason}", hint=hint)
        self.day = day


class PublicationRefused(InterestError):
    """A benchmark cannot take a value.

    Attributes:
        benchmark: Its code.
        day: The day the value is for.
    """

    def __init__(self, benchmark: str, day: date, reason: str, *, hint: str = "") -> None:
        super().__init__(f"{benchmark}: the value for {day} cannot be taken: {reason}", hint=hint)
        self.benchmark = benchmark
        self.day = day
