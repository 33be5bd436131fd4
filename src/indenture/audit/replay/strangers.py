"""What came through contracts that are not the suite's: who caused it is not in sight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from indenture.audit.events import Event

CONSTRUCTOR = "a constructor"
"""Stands for a contract that did not yet exist when it called."""


@dataclass(slots=True)
class Passed:
    """What one contract passed on.

    Attributes:
        first: Block of the first transaction.
        transactions: How many there were.
        others: Events of other accounts, which do not name the contract, by name.
    """

    first: int
    transactions: int = 0
    others: Counter[str] = field(default_factory=Counter)


class Strangers:
    """Contracts, by address, that were called and had the suite do something."""

    def __init__(self) -> None:
        self.passed: dict[str, Passed] = {}

    def take(self, contract: str, block: int, events: Iterable[Event]) -> None:
        """Takes in the events of a transaction that called a contract of which nothing is known."""
        found = self.passed.setdefault(contract, Passed(block))
        found.transactions += 1
        found.others.update(event.name for event in events if not _names(event, contract))


def _names(event: Event, account: str) -> bool:
    return any(
        account in value if isinstance(value, tuple | list) else account == value
        for value in event.args.values()
    )
