"""Zero curves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import expm1, log1p

import QuantLib as ql

from indenture.errors import InputError

from .engine import to_ql


@dataclass(frozen=True, slots=True)
class Curve:
    """Zero rates by date, compounded yearly, ACT/365F; flat before the first date.

    Between two dates the continuous equivalents of their rates are interpolated linearly, as QuantLib does.

    Attributes:
        points: Dates in their order, and rates as fractions: 0.025 is 2.5 %.
    """

    points: tuple[tuple[date, float], ...]

    def __post_init__(self) -> None:
        days = [day for day, _ in self.points]
        if not days or any(after <= day for day, after in pairwise(days)):
            raise InputError(
                "a curve needs dates in their order", hint="Give (date, rate) pairs, dates rising."
            )

    @classmethod
    def flat(cls, rate: float, last: date) -> Curve:
        """The same rate to a last date."""
        return cls(((last, rate),))

    def from_day(self, settlement: date, last: date) -> ql.YieldTermStructure:
        """QuantLib's curve from a settlement day to the last payment.

        Raises:
            InputError: The curve ends before it.
        """
        if last > self.points[-1][0]:
            raise InputError(
                f"the curve ends on {self.points[-1][0]}, before the last payment on {last}",
                hint="Give a rate for that day or later.",
            )
        points = [(settlement, self.rate_on(settlement))]
        points += [(day, rate) for day, rate in self.points if day > settlement]
        days, rates = zip(*points, strict=True)
        return ql.ZeroCurve(
            [to_ql(day) for day in days],
            list(rates),
            ql.Actual365Fixed(),
            ql.NullCalendar(),
            ql.Linear(),
            ql.Compounded,
            ql.Annual,
        )

    def rate_on(self, day: date) -> float:
        """The zero rate of a day within the curve, or before it."""
        before = [point for point in self.points if point[0] <= day]
        after = [point for point in self.points if point[0] > day]
        if not before:
            return self.points[0][1]
        if not after:
            return self.points[-1][1]
        (start, low), (end, high) = before[-1], after[0]
        part = (day - start).days / (end - start).days
        return expm1(log1p(low) * (1 - part) + log1p(high) * part)
