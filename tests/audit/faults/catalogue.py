"""The faults that a crooked operator could plant, each in one contract."""

from __future__ import annotations

from tests.audit.faults.of_bonds import OF_BONDS
from tests.audit.faults.of_markets import OF_MARKETS
from tests.audit.faults.of_money import OF_MONEY

FAULTS = (*OF_MONEY, *OF_BONDS, *OF_MARKETS)
"""All of them."""
