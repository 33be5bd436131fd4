"""What a bond pays and is worth, and what became of it, as the contracts compute it."""

from __future__ import annotations

from indenture.roles.bond_figures.fixings import BondFixings
from indenture.roles.bond_figures.payments import BondPayments
from indenture.roles.bond_figures.values import BondValues

__all__ = ["BondFigures"]


class BondFigures(BondFixings, BondValues, BondPayments):
    """A reader of one bond; it holds no key, and everything it says comes from the chain.

    Args:
        suite: The contracts.
        bond: The bond, by wrapper, ISIN or address.
    """
