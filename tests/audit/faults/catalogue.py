"""The faults that a crooked operator could plant, each in one contract."""

from __future__ import annotations

from tests.audit.faults.of_bonds import OF_BONDS
from tests.audit.faults.of_days import OF_DAYS, OF_RATES
from tests.audit.faults.of_markets import OF_MARKETS
from tests.audit.faults.of_members import OF_MEMBERS
from tests.audit.faults.of_money import OF_MONEY
from tests.audit.faults.of_powers import OF_POWERS

FAULTS = (*OF_MONEY, *OF_BONDS, *OF_MARKETS, *OF_MEMBERS, *OF_DAYS, *OF_RATES, *OF_POWERS)
"""All of them."""
