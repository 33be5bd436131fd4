"""Tax withheld from interest."""

from __future__ import annotations

from dataclasses import dataclass

from indenture.errors import InvalidAmount
from indenture.provisions import Provisions
from indenture.rounding import RATE_SCALE


@dataclass(frozen=True, slots=True)
class Withheld:
    """Interest of a holding, divided.

    Attributes:
        tax: What goes to the tax account, base units.
        net: What goes to the holder, base units.
    """

    tax: int
    net: int

    @property
    def gross(self) -> int:
        """All of it."""
        return self.tax + self.net


def withholding_rate(provisions: Provisions, classes: int) -> int:
    """The rate for a holder: of the first entry that has one of his classes.

    Args:
        provisions: The terms.
        classes: Bit mask of what the holder is now, as of his verdicts; 0 for an account that is nothing.

    Returns:
        Billionths of the interest; those of the last entry, which is for all, where no entry has his class.
    """
    rates = provisions.withholdings
    last = rates[-1].rate if rates else 0
    return next((each.rate for each in rates if each.classes & classes), last)


def withhold(interest: int, rate: int) -> Withheld:
    """Divides the interest of a holding; the tax is rounded down.

    Args:
        interest: Base units, as rounded for the holding.
        rate: Billionths of it.

    Raises:
        InvalidAmount: The interest is negative, or the rate is not between 0 and all of it.
    """
    if interest < 0 or not 0 <= rate <= RATE_SCALE:
        raise InvalidAmount(f"cannot withhold {rate} billionths of {interest}")
    tax = interest * rate // RATE_SCALE
    return Withheld(tax, interest - tax)
