"""How often interest is paid, and other spans of whole days, weeks, months or years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from indenture.errors import InvalidDate
from indenture.provisions import PeriodUnit

_NAMES = {12: "annual", 6: "semi-annual", 3: "quarterly", 1: "monthly"}
_SPAN = re.compile(r"(\d{1,5}) (day|week|month|year)s?", re.ASCII)
_UNITS = {
    "day": (PeriodUnit.DAY, 1),
    "week": (PeriodUnit.DAY, 7),
    "month": (PeriodUnit.MONTH, 1),
    "year": (PeriodUnit.MONTH, 12),
}
#: Days that are named in weeks; more are usually counted in days.
_WEEKS = (7, 14)
_MAX_STEP = 12_000

#: How term sheets write it.
FREQUENCY_LABELS = [*_NAMES.values(), "every 3 months", "every 28 days", "every 2 weeks", "every 2 years"]


@dataclass(frozen=True, slots=True)
class Frequency:
    """Length of a regular interest period.

    Attributes:
        step: Days or months of it; a week is 7 days, a year 12 months.
        unit: Which of the two.
    """

    step: int
    unit: PeriodUnit = PeriodUnit.MONTH

    ANNUAL: ClassVar[Frequency]
    SEMI_ANNUAL: ClassVar[Frequency]
    QUARTERLY: ClassVar[Frequency]
    MONTHLY: ClassVar[Frequency]

    @property
    def label(self) -> str:
        """The name as term sheets write it, such as ``semi-annual`` or ``every 28 days``."""
        named = self.unit is PeriodUnit.MONTH and self.step in _NAMES
        return _NAMES[self.step] if named else f"every {self.span_label}"

    @property
    def span_label(self) -> str:
        """Its length in words: ``3 years``, ``18 months``, ``2 weeks``, ``28 days``."""
        if self.unit is PeriodUnit.MONTH:
            name = "month" if self.step % 12 else "year"
        else:
            name = "week" if self.step in _WEEKS else "day"
        count = self.step // _UNITS[name][1]
        return f"{count} {name}{'' if count == 1 else 's'}"

    @property
    def per_year(self) -> Fraction:
        """Payments in a year of twelve months, or of 365 days."""
        return Fraction(12 if self.unit is PeriodUnit.MONTH else 365, self.step)

    @classmethod
    def from_label(cls, label: str) -> Frequency:
        """Reads a name as term sheets write it.

        Raises:
            KeyError: No frequency has this name.
            InvalidDate: The span is of no length, or too long.
        """
        if label.startswith("every "):
            return cls.from_span(label.removeprefix("every "))
        return {name: cls(months) for months, name in _NAMES.items()}[label]

    @classmethod
    def from_span(cls, label: str) -> Frequency:
        """Reads a span such as ``3 years``.

        Raises:
            KeyError: It is no such span.
            InvalidDate: It is of no length, or too long.
        """
        match = _SPAN.fullmatch(label)
        if not match:
            raise KeyError(label)
        unit, size = _UNITS[match[2]]
        step = int(match[1]) * size
        if not 1 <= step <= _MAX_STEP:
            raise InvalidDate(
                f"{label!r} is not between 1 and {_MAX_STEP} {unit.name.lower()}s",
                hint="Write it as every 28 days, or every 3 months.",
            )
        return cls(step, unit)


Frequency.ANNUAL = Frequency(12)
Frequency.SEMI_ANNUAL = Frequency(6)
Frequency.QUARTERLY = Frequency(3)
Frequency.MONTHLY = Frequency(1)
