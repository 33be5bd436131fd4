"""What was published of benchmarks, and fixed from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from indenture.results.transactions import BatchResult

if TYPE_CHECKING:
    from indenture.figures import OpenPeriod, PeriodFixing, PublishedValue


@dataclass(frozen=True, slots=True)
class PublicationResult(BatchResult):
    """Values that were published; ``count`` is their number.

    Attributes:
        values: As the chain has them now.
        there: Days that had the same value before, and were passed over.
    """

    values: tuple[PublishedValue, ...]
    there: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class FixResult(BatchResult):
    """Periods that were fixed; ``count`` is their number.

    Attributes:
        fixings: Their figures, in the order in which they were fixed.
        waiting: For each bond that still has a period to fix, what it waits for.
    """

    fixings: tuple[PeriodFixing, ...]
    waiting: tuple[OpenPeriod, ...]
