"""What is told of a bond on one settlement day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

import QuantLib as ql


class Compounding(Enum):
    """How a yield is compounded."""

    COMPOUNDED = ql.Compounded
    """As often as interest is paid; of a bond without coupon as often as it accretes, or once a year."""
    SIMPLE = ql.Simple
    """Not at all."""
    SIMPLE_THEN_COMPOUNDED = ql.SimpleThenCompounded
    """Not within a period: money-market practice for the last one."""
    CONTINUOUS = ql.Continuous


@dataclass(frozen=True, slots=True)
class Measures:
    """Price, yield and risk on one settlement day; prices per 100 of the principal outstanding.

    Attributes:
        settlement: The day.
        clean: Price without accrued interest.
        accrued: Accrued interest.
        yield_to_maturity: As a fraction: 0.03 is 3 %.
        current_yield: A year's interest at the present rate by the clean price.
        macaulay: Macaulay duration, years; None where the yield is not compounded.
        modified: Modified duration, years.
        convexity: Years squared.
        dv01: Fall of the price for a rise of the yield by a basis point.
        assumed: What was assumed, in words.
    """

    settlement: date
    clean: float
    accrued: float
    yield_to_maturity: float
    current_yield: float
    macaulay: float | None
    modified: float
    convexity: float
    dv01: float
    assumed: tuple[str, ...]

    @property
    def dirty(self) -> float:
        """Price with accrued interest."""
        return self.clean + self.accrued
