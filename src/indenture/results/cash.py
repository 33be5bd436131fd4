"""What acts on money came to."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.money import Money
from indenture.results.transactions import BatchResult


@dataclass(frozen=True, slots=True)
class IssueResult(BatchResult):
    """Money that was issued; ``count`` is the number of receivers.

    Attributes:
        amount: The sum.
    """

    amount: Money
