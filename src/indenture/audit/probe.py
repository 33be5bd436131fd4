"""One question to the chain, with the answer that follows from the events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from indenture.audit.findings import IMPOSSIBLE
from indenture.audit.model import Each
from indenture.ledger.suite import Target

# Denominators have 128 bits: one that has more is cut to these.
_CUT = 1 << 125


@dataclass(frozen=True, slots=True)
class Probe:
    """A view with its arguments, and the answer that follows from the events."""

    target: Target
    function: str
    args: tuple[Any, ...]
    expected: Any

    @property
    def key(self) -> str:
        """The view as a report names it."""
        return f"{self.function}({', '.join(_argument(a) for a in self.args)})"


@dataclass(frozen=True, slots=True)
class Ratio:
    """An exact fraction, however the chain writes it: an answer of numerator and denominator."""

    value: Fraction

    def matches(self, found: Any) -> bool:
        """Whether the answer is this fraction."""
        numerator, denominator = found
        return denominator > 0 and Fraction(numerator, denominator) == self.value

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class UnitPayment:
    """What one unit is paid, as the two fractions of the contract's struct."""

    each: Each

    def matches(self, found: Any) -> bool:
        """Whether the answer holds these fractions."""
        interest = _near(self.each.interest, found.interestNumerator, found.interestDenominator)
        principal = (found.principalNumerator, found.principalDenominator)
        return interest and Ratio(self.each.principal).matches(principal)

    def __str__(self) -> str:
        return f"(interest {self.each.interest}, principal {self.each.principal})"


def _near(exact: Fraction, numerator: int, denominator: int) -> bool:
    """Whether it is the fraction; that of several periods may not fit, and is then cut in the last bits."""
    if Ratio(exact).matches((numerator, denominator)):
        return True
    short = exact - Fraction(numerator, denominator) if denominator else exact
    return denominator >= _CUT and 0 < short <= exact / _CUT


class Refused:
    """A view that has to refuse: what it is asked for is not known."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __str__(self) -> str:
        return f"refused: {self.reason}"


def fits(expected: Any, found: Any) -> bool:
    """Whether an answer is what was expected."""
    if isinstance(expected, Ratio | UnitPayment):
        return expected.matches(found)
    if isinstance(expected, tuple):
        return len(expected) == len(found) and all(map(fits, expected, found))
    return bool(expected == found)


def _argument(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)


def expected_of(answer: Callable[..., Any], *args: Any) -> Any:
    """What a view should say: what a function of the model gives, or a refusal where it has no answer."""
    try:
        return answer(*args)
    except IMPOSSIBLE as fault:
        return Refused(str(fault))
