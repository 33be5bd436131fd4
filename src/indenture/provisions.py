"""What the terms of a bond may provide for beyond a fixed coupon and one redemption, as sealed on chain.

Rates are billionths a year (1 % is 10,000,000), factors 1e18 = the face, published values of benchmarks
billionths. The order of every enum, and the names of every field in snake case, are those of the contracts'
``Provisions.sol``, ``ScheduleLib.sol`` and ``TermsLib.sol``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

#: A cap that caps nothing.
NO_CAP = 2**32 - 1
#: Scale of pool factors: the face.
FACTOR_SCALE = 10**18
#: All classes of members.
ALL_CLASSES = 0xFFFFFF


class PeriodUnit(IntEnum):
    """Unit of a schedule's step; a week is 7 days, a year 12 months."""

    DAY = 0
    MONTH = 1


class CouponKind(IntEnum):
    """Where the rate of a period comes from."""

    FIXED = 0
    STEP = 1
    ZERO = 2
    FLOATING = 3
    INFLATION = 4
    KPI = 5


class Rounding(IntEnum):
    """How interest becomes whole base units."""

    HOLDING_DOWN = 0
    UNIT_DOWN = 1
    UNIT_HALF_UP = 2


class Fallback(IntEnum):
    """What a floating rate becomes when no fixing is published in time."""

    LAST_VALUE = 0
    PREVIOUS_RATE = 1
    FIXED_RATE = 2


@dataclass(frozen=True, slots=True)
class Schedule:
    """The grid of due days, all unadjusted.

    Attributes:
        issue_day: First day that bears interest.
        maturity_day: End of the last period.
        anchor_day: A regular due day, from which all others are counted.
        anchor_period: Number of the period that ends on it; 0 when it is the issue day.
        periods: Number of interest periods.
        step: Days or months of a regular period.
        unit: Unit of the step.
        end_of_month: Whether every regular day is the last of its month.
    """

    issue_day: date
    maturity_day: date
    anchor_day: date
    anchor_period: int
    periods: int
    step: int
    unit: PeriodUnit = PeriodUnit.MONTH
    end_of_month: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A rate from a period on."""

    period: int
    rate: int


@dataclass(frozen=True, slots=True)
class Instalment:
    """A share of the face, in billionths, that is repaid with a payment."""

    period: int
    share: int


@dataclass(frozen=True, slots=True)
class KpiTest:
    """A verified figure that moves the rate when it is missed.

    Attributes:
        benchmark: Code of the published figure.
        day: Day for which the figure is published.
        period: First period at the moved rate.
        at_most: Whether the figure must not be above the target; else not below it.
        target: In billionths.
        step: What a miss adds to the rate, billionths a year; may be negative.
    """

    benchmark: str
    day: date
    period: int
    at_most: bool
    target: int
    step: int


@dataclass(frozen=True, slots=True)
class Floating:
    """A rate that follows a benchmark.

    Attributes:
        benchmark: Its code; empty when there is none.
        compounded: Compounded in arrears from an overnight rate; else a term rate fixed in advance.
        lag: Business days of the benchmark's market between fixing and period.
        spread: Added, billionths a year; may be negative.
        floor: Lowest rate, billionths a year.
        cap: Highest rate, billionths a year; ``NO_CAP`` for none.
        places: Decimal places of a percent to which the benchmark's rate is rounded, half up.
        fallback: What applies when nothing is published.
        fallback_rate: Billionths a year, all in.
    """

    benchmark: str = ""
    compounded: bool = False
    lag: int = 0
    spread: int = 0
    floor: int = 0
    cap: int = 0
    places: int = 0
    fallback: Fallback = Fallback.LAST_VALUE
    fallback_rate: int = 0


@dataclass(frozen=True, slots=True)
class Inflation:
    """Principal and interest that follow a price index.

    Attributes:
        benchmark: Code of the index; empty when there is none.
        lag_months: Months between a day and the month whose index it uses.
        interpolated: Whether days of a month are interpolated to the next month's index.
        floored: Whether principal is never repaid below the face.
        places: Decimal places of the index ratio, rounded half up.
        base: Reference index of the issue day, billionths.
    """

    benchmark: str = ""
    lag_months: int = 0
    interpolated: bool = False
    floored: bool = False
    places: int = 0
    base: int = 0


@dataclass(frozen=True, slots=True)
class Accretion:
    """How a bond without coupon grows from its issue price to its face.

    Attributes:
        issue_price: Base units of the currency for one unit.
        yield_rate: Billionths a year; 0 for a straight line.
        months_per_compounding: Months of a compounding cell; 0 for a straight line.
    """

    issue_price: int = 0
    yield_rate: int = 0
    months_per_compounding: int = 0


@dataclass(frozen=True, slots=True)
class Renewal:
    """The issuer's right to renew a bond at the end of each cycle, at a new rate.

    Attributes:
        periods: Interest periods of a cycle; 0 when there is no such right.
        notice_days: Civil days before the end of the cycle until which he may.
        benchmark: Code of the rate that the new one is made from.
        lag: Business days of its market between fixing and cycle.
        spread: Initial spread, billionths a year.
        step_up: What a renewal adds, billionths a year.
    """

    periods: int = 0
    notice_days: int = 0
    benchmark: str = ""
    lag: int = 0
    spread: int = 0
    step_up: int = 0


@dataclass(frozen=True, slots=True)
class Deferral:
    """The issuer's right to defer interest.

    Attributes:
        notice_days: Civil days before the due day until which he may; 0 when there is no such right.
        bears_interest: Whether arrears bear interest at the rate of the period.
    """

    notice_days: int = 0
    bears_interest: bool = False


@dataclass(frozen=True, slots=True)
class Withholding:
    """Tax on the interest of holders of some classes.

    Attributes:
        classes: Bit mask of classes.
        rate: Billionths of the interest.
    """

    classes: int
    rate: int


@dataclass(frozen=True, slots=True)
class Provisions:
    """All of them; the default provides for nothing.

    Attributes:
        capitalised_until: Last period whose interest is added to the principal; 0 for none.
        fallback_days: Civil days after the day observed from which a fallback applies.
        tax_account: Account that receives what is withheld; empty when nothing is.
    """

    steps: tuple[Step, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    tests: tuple[KpiTest, ...] = ()
    floating: Floating = field(default_factory=Floating)
    inflation: Inflation = field(default_factory=Inflation)
    accretion: Accretion = field(default_factory=Accretion)
    renewal: Renewal = field(default_factory=Renewal)
    deferral: Deferral = field(default_factory=Deferral)
    capitalised_until: int = 0
    fallback_days: int = 0
    tax_account: str = ""
    withholdings: tuple[Withholding, ...] = ()
