"""What acts on members came to."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.results.transactions import TxResult


@dataclass(frozen=True, slots=True)
class StandingResult(TxResult):
    """A member that was suspended, reinstated or reclassified, with all its accounts.

    Attributes:
        accounts: How many accounts followed.
        further: Transactions after the first, for members with many accounts.
    """

    accounts: int
    further: tuple[TxResult, ...]
