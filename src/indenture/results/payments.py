"""What acts on a bond's payments came to."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.money import Money
from indenture.results.transactions import BatchResult, TxResult


@dataclass(frozen=True, slots=True)
class FundResult(TxResult):
    """A payment that was escrowed.

    Attributes:
        interest: Interest of all units.
        principal: Principal of all units: an instalment, or what is left at the end.
        units: Units outstanding at the record date.
        penalty: Interest for being late.
    """

    interest: Money
    principal: Money
    units: int
    penalty: Money

    @property
    def total(self) -> Money:
        """What was taken from the payer."""
        return self.interest + self.principal + self.penalty


@dataclass(frozen=True, slots=True)
class KeptAmount:
    """Money that could not be sent, and is kept in the holder's name."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class PayResult(BatchResult):
    """Holders that were served; ``count`` is their number.

    Attributes:
        amount: What is due to them: sent, withheld or kept.
        tax: What of it was withheld.
        kept: What of it is kept by name.
        completed: Whether all holders of record are served now.
        residue: What was left over by rounding, kept for the payer; None until completed.
    """

    amount: Money
    tax: Money
    kept: tuple[KeptAmount, ...]
    completed: bool
    residue: Money | None


@dataclass(frozen=True, slots=True)
class ClaimResult(TxResult):
    """A payment that its holder took.

    Attributes:
        amount: What was due, before tax.
        kept: What of it could not be sent, and is kept by name: the part on frozen units.
        tax: What of it was withheld.
    """

    amount: Money
    kept: Money
    tax: Money
