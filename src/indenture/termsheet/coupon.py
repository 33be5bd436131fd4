"""Blocks of a term sheet: interest of every kind."""

from __future__ import annotations

from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator, model_validator
from pydantic_core import PydanticCustomError

from indenture._fields import (
    IsoDate,
    TenderedRate,
    enumerated,
    labelled,
    read_benchmark,
    read_boolean,
    reader,
    scaled,
    whole,
)
from indenture.daycount import DayCount
from indenture.provisions import CouponKind, Fallback

from .blocks import Block
from .frequency import FREQUENCY_LABELS, Frequency
from .timetable import Stub

if TYPE_CHECKING:
    from collections.abc import Collection

_PERCENT_DECIMALS = 7  # of a percent, to the billionth
_LEVEL_DECIMALS = 9
_MAX_INT32 = 2**31 - 1
_MAX_UINT32 = 2**32 - 1
_MAX_INT64 = 2**63 - 1
#: A period is then never fixed before notice for the one before it has ended.
_MAX_LAG = 10

_ONE_TARGET = {"hint": "Say the highest figure that meets the target, or the lowest."}
#: Rate of a kind that has none of its own.
NO_RATE = Decimal(0)

#: Percent a year, not negative, in whole billionths; the highest uint32 has another meaning on chain.
UnsignedPercent = Annotated[Decimal, scaled(_PERCENT_DECIMALS, 0, _MAX_UINT32 - 1, " %")]
#: Percent a year of either sign.
SignedPercent = Annotated[Decimal, scaled(_PERCENT_DECIMALS, -_MAX_INT32, _MAX_INT32, " %")]
#: A published value.
Level = Annotated[Decimal, scaled(_LEVEL_DECIMALS, -_MAX_INT64, _MAX_INT64)]
#: A published value above zero.
PositiveLevel = Annotated[Decimal, scaled(_LEVEL_DECIMALS, 1, _MAX_INT64)]
BenchmarkCode = Annotated[str, reader(read_benchmark)]
#: Business days between a day and the one whose value it uses.
Lag = Annotated[int, whole(0, _MAX_LAG)]
FrequencyField = Annotated[Frequency, labelled(Frequency.from_label, FREQUENCY_LABELS)]
Flag = Annotated[bool, reader(read_boolean)]


class Observation(IntEnum):
    """How a floating rate is observed."""

    TERM = 0
    """Once, before the period."""
    COMPOUNDED = 1
    """Overnight rates over the period, compounded in arrears."""


class AccretionMethod(IntEnum):
    """How a bond without coupon grows to its face."""

    STRAIGHT = 0
    COMPOUND = 1


class RateStep(Block):
    """A rate from a day on.

    Attributes:
        start: First day of a period; written ``from`` in the sheet.
        rate: Percent a year.
    """

    start: Annotated[IsoDate, Field(alias="from")]
    rate: UnsignedPercent


class FloatingTerms(Block):
    """A rate that follows a benchmark.

    Attributes:
        benchmark: Code of the benchmark.
        observation: Once before the period, or compounded over it.
        lag: Business days of the benchmark's market between observation and period.
        spread: Percent a year, added.
        floor: Lowest rate, percent a year.
        cap: Highest rate, percent a year; None for none.
        places: Decimal places of a percent to which the benchmark's rate is rounded.
        fallback: What applies when no value is published in time.
        fallback_rate: Percent a year, all in, where the fallback finds none before it.
    """

    benchmark: BenchmarkCode
    observation: Annotated[Observation, enumerated(Observation)] = Observation.TERM
    lag: Lag
    spread: SignedPercent = Decimal(0)
    floor: UnsignedPercent = Decimal(0)
    cap: UnsignedPercent | None = None
    places: Annotated[int, whole(0, 7)]
    fallback: Annotated[Fallback, enumerated(Fallback)]
    fallback_rate: UnsignedPercent


class InflationTerms(Block):
    """Principal and interest that follow a price index.

    Attributes:
        benchmark: Code of the index.
        lag_months: Months between a day and the month whose index it uses.
        interpolated: Whether days of a month are interpolated to the next month's index.
        base: Reference index of the issue date.
        places: Decimal places of the index ratio.
        floored: Whether principal is never repaid below the face.
    """

    benchmark: BenchmarkCode
    lag_months: Annotated[int, whole(1, 24)]
    interpolated: Flag = False
    base: PositiveLevel
    places: Annotated[int, whole(0, 9)]
    floored: Flag = False


class KpiTerms(Block):
    """A verified figure that moves the rate when it is missed.

    Attributes:
        figure: Code under which it is published.
        day: Day for which it is published.
        start: First day of the first period at the moved rate; written ``from`` in the sheet.
        at_most: Highest figure that meets the target; or
        at_least: lowest figure that does.
        step: Percent a year that a miss adds; may be negative.
    """

    figure: BenchmarkCode
    day: IsoDate
    start: Annotated[IsoDate, Field(alias="from")]
    at_most: Level | None = None
    at_least: Level | None = None
    step: SignedPercent

    @model_validator(mode="after")
    def _one_target(self) -> KpiTerms:
        if (self.at_most is None) == (self.at_least is None):
            raise PydanticCustomError("input", "needs exactly one of at_most and at_least", _ONE_TARGET)
        return self

    @property
    def target(self) -> Decimal:
        """The highest or lowest figure that meets it."""
        return self.at_least if self.at_most is None else self.at_most  # type: ignore[return-value]  # one is there


class AccretionTerms(Block):
    """How a bond without coupon grows from its issue price to its face.

    Attributes:
        method: In a straight line, or by compounding.
        yield_rate: Percent a year of the compounding; written ``yield`` in the sheet.
        compounding: How often it compounds.
    """

    method: Annotated[AccretionMethod, enumerated(AccretionMethod)]
    yield_rate: Annotated[UnsignedPercent | None, Field(alias="yield")] = None
    compounding: FrequencyField | None = None


_RATED = frozenset({CouponKind.FIXED, CouponKind.STEP, CouponKind.INFLATION, CouponKind.KPI})
_PERIODIC = frozenset(CouponKind) - {CouponKind.ZERO}
_CHECKED = Field(validate_default=True)
#: Default of a field that the kind decides about: it never outlives the reading.
_ABSENT: Any = object()


def _of(kinds: Collection[CouponKind], empty: object = None, *, required: bool = True) -> WrapValidator:
    """A field that coupons of some kinds must have, or may, and no others; others have the empty value."""

    def run(value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        kind: CouponKind | None = info.data.get("kind")
        if value is _ABSENT:
            if required and kind in kinds:
                raise PydanticCustomError("missing", "is missing")
            return empty
        if kind is not None and kind not in kinds:
            reason = f"has no meaning for a coupon of kind {kind_label(kind)}"
            raise PydanticCustomError("input", "{reason}", {"reason": reason, "hint": "Leave it out."})
        return handler(value)

    return WrapValidator(run)


def kind_label(kind: CouponKind) -> str:
    """The name of a kind as term sheets write it."""
    return kind.name.lower()


class CouponTerms(Block):
    """Interest.

    Attributes:
        kind: Where the rate of a period comes from.
        rate: Percent a year, of a step coupon until its first step, of others before what moves it; None
            where a tender is to fix it, written ``tender`` in the sheet; zero for kinds without a rate.
        frequency: How often it is paid; None for a bond without coupon.
        day_count: How a stretch's fraction of a year is counted.
        end_of_month: Whether regular periods end on the last day of a month.
        first_coupon_date: End of the first period, from which all others are counted.
        stub: Which period is shorter or longer than regular.
        steps: Rates from later days on.
        floating: The benchmark that it follows.
        inflation: The price index that it follows.
        kpi: Figures that move it when they are missed.
        accretion: How a bond without coupon grows to its face.
    """

    kind: Annotated[CouponKind, enumerated(CouponKind)] = CouponKind.FIXED
    rate: Annotated[TenderedRate, _of(_RATED, NO_RATE), _CHECKED] = _ABSENT
    frequency: Annotated[FrequencyField | None, _of(_PERIODIC), _CHECKED] = _ABSENT
    day_count: Annotated[DayCount, labelled(DayCount.from_label, [member.label for member in DayCount])]
    end_of_month: Annotated[Flag, _of(_PERIODIC, required=False)] = False
    first_coupon_date: Annotated[IsoDate | None, _of(_PERIODIC, required=False)] = None
    stub: Annotated[Annotated[Stub, enumerated(Stub)] | None, _of(_PERIODIC, required=False)] = None
    steps: Annotated[tuple[RateStep, ...], _of([CouponKind.STEP], ()), _CHECKED] = _ABSENT
    floating: Annotated[FloatingTerms | None, _of([CouponKind.FLOATING]), _CHECKED] = _ABSENT
    inflation: Annotated[InflationTerms | None, _of([CouponKind.INFLATION]), _CHECKED] = _ABSENT
    kpi: Annotated[tuple[KpiTerms, ...], _of([CouponKind.KPI], ()), _CHECKED] = _ABSENT
    accretion: Annotated[AccretionTerms | None, _of([CouponKind.ZERO]), _CHECKED] = _ABSENT

    @property
    def rate_label(self) -> str:
        """The rate in words: ``3.25 %``, ``SHIBOR3M + 0.6 %``, or ``rate by tender``."""
        if self.kind is CouponKind.ZERO:
            return "no coupon"
        if self.floating is not None:
            spread = self.floating.spread
            sign = "-" if spread < 0 else "+"
            return f"{self.floating.benchmark} {sign} {abs(spread)} %" if spread else self.floating.benchmark
        rate = "rate by tender" if self.rate is None else f"{self.rate} %"
        if self.inflation is not None:
            return f"{rate}, indexed by {self.inflation.benchmark}"
        return f"{rate}, with steps" if self.steps or self.kpi else rate

    @property
    def label(self) -> str:
        """Rate and frequency in words, such as ``3.25 % semi-annual``."""
        if self.frequency is None:
            return self.rate_label
        return f"{self.rate_label}{', ' if ',' in self.rate_label else ' '}{self.frequency.label}"
